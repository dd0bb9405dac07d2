//! What is known of the mesh, and the rows made of it.

use std::collections::{BTreeMap, BTreeSet};

use super::{Dangling, OldProxies, TagRow, overlap, problems};
use crate::mesh::{
    Gap, Known, Labels, Mesh, Why, Wiring,
    forecast::{Forecast, Item, forecast},
    gateways::{self, IstiodsByRevision},
    inject::{Claim, Injected},
    model::label,
    wiring::DEFAULT,
};

fn not_asked() -> Gap {
    Gap {
        what: "workloads".into(),
        why: Why::NotRead,
        detail: "workloads were not looked at".into(),
    }
}

/// What the views of tags are made from, with the parts that are not known left empty and named.
pub(super) struct View<'a> {
    mesh: &'a Mesh,
    pub(super) wiring: Wiring,
    pub(super) services_known: bool,
    pub(super) istiods: Result<IstiodsByRevision, Gap>,
    pub(super) forecasts: Result<Vec<Forecast>, Gap>,
    pub(super) gaps: Vec<Gap>,
}

impl<'a> View<'a> {
    pub(super) fn new(mesh: &'a Mesh) -> Result<Self, Gap> {
        let mut view = Self::of_webhooks(mesh)?;
        view.forecasts = match &mesh.namespaces {
            Known::Known(_) => forecast(mesh, &view.wiring),
            Known::Unknown(gap) => Err(gap.clone()),
        };
        if let (Err(gap), Known::Known(_)) = (&view.forecasts, &mesh.namespaces) {
            view.gaps.push(gap.clone());
        }
        Ok(view)
    }

    /// The same without looking at workloads.
    pub(super) fn of_webhooks(mesh: &'a Mesh) -> Result<Self, Gap> {
        let injectors = mesh.injectors.items().map_err(Clone::clone)?.to_vec();
        let mut gaps = Vec::new();
        let mut note = |gap: &Gap| gaps.push(gap.clone());
        let validators = mesh.validators.items().inspect_err(|g| note(g));
        let services = mesh.services.items().inspect_err(|g| note(g));
        let namespaces = mesh.namespaces.read().inspect_err(|g| note(g));
        let wiring = Wiring {
            istio_namespace: mesh.istio_namespace.clone(),
            injectors,
            validators: validators.unwrap_or_default().to_vec(),
            services: services.unwrap_or_default().to_vec(),
            namespaces: namespaces.cloned().unwrap_or_default(),
        };
        let istiods = mesh.istiods_by_revision().inspect_err(&mut note);
        Ok(Self {
            mesh,
            services_known: services.is_ok(),
            wiring,
            istiods,
            forecasts: Err(not_asked()),
            gaps,
        })
    }

    /// `(versions, ready, wanted)` of the istiods of these revisions.
    pub(super) fn istiods_of(
        &self,
        revisions: &BTreeSet<&str>,
    ) -> (Known<Vec<String>>, Known<u32>, Known<u32>) {
        let istiods = match &self.istiods {
            Ok(istiods) => istiods,
            Err(gap) => {
                let gap = || gap.clone();
                return (
                    Known::Unknown(gap()),
                    Known::Unknown(gap()),
                    Known::Unknown(gap()),
                );
            }
        };
        let of = || revisions.iter().filter_map(|r| istiods.get(*r));
        let versions: BTreeSet<_> = of().flat_map(|i| i.versions.clone()).collect();
        (
            Known::Known(versions.into_iter().collect()),
            Known::Known(of().map(|i| i.ready).sum()),
            Known::Known(of().map(|i| i.wanted).sum()),
        )
    }

    /// Forecasts in the care of a tag, or of a revision by its own injector.
    fn in_care(&self, tag: Option<&str>, revision: &str) -> Result<Vec<&Forecast>, Gap> {
        let forecasts = self.forecasts.as_ref().map_err(Clone::clone)?;
        let cares = |f: &&Forecast| {
            !matches!(f.next, Injected::No { .. })
                && !matches!(f.claim, Claim::Unknown { .. })
                && f.claim.claimants().iter().any(|c| match tag {
                    Some(tag) => c.tag.as_deref() == Some(tag),
                    None => c.tag.is_none() && c.revision == revision,
                })
        };
        Ok(forecasts.iter().filter(cares).collect())
    }

    /// Namespaces labelled with this tag, or with the name of a revision.
    fn namespaces(&self, tag: Option<&str>, name: &str) -> Known<Vec<String>> {
        if let Some(gap) = self.mesh.namespaces.gap() {
            return Known::Unknown(gap.clone());
        }
        // A default tag takes over what an un-revisioned install of that name had.
        let default = name == DEFAULT && (tag.is_some() || !self.wiring.tags().contains(DEFAULT));
        let asks = |labels: &Labels| {
            let injection = labels.get(label::INJECTION).map(String::as_str);
            labels.get(label::REV).map(String::as_str) == Some(name)
                || (default && injection == Some("enabled"))
        };
        let namespaces = self.wiring.namespaces.values();
        Known::Known(
            namespaces
                .filter(|n| asks(&n.labels))
                .map(|n| n.name.clone())
                .collect(),
        )
    }

    fn gateways(&self, name: &str) -> Known<Vec<Item>> {
        let gateways = match self.mesh.gateways.items() {
            Ok(gateways) => gateways,
            Err(gap) => return Known::Unknown(gap.clone()),
        };
        let asking = gateways
            .iter()
            .filter(|g| gateways::wants(&self.wiring, g) == name);
        Known::Known(
            asking
                .map(|g| Item {
                    namespace: g.namespace.clone(),
                    kind: "gateway".into(),
                    name: g.name.clone(),
                })
                .collect(),
        )
    }

    pub(super) fn row(&self, tag: Option<&str>, revisions: &BTreeSet<&str>) -> TagRow {
        let first = revisions.first().copied().unwrap_or_default();
        let name = tag.unwrap_or(first);
        let injectors: Vec<_> = match tag {
            Some(tag) => {
                let all = self.wiring.injectors.iter();
                all.filter(|i| i.tag.as_deref() == Some(tag)).collect()
            }
            None => self.wiring.own_injector(first).into_iter().collect(),
        };
        let services: Vec<_> = self
            .wiring
            .services
            .iter()
            .filter(|s| match tag {
                Some(tag) => s.tag.as_deref() == Some(tag),
                None => s.tag.is_none() && s.revision.as_deref() == Some(first),
            })
            .collect();
        let (versions, ready, wanted) = self.istiods_of(revisions);
        let care = Known::from(self.in_care(tag, first));
        let old = care.clone().map(|care| {
            let mut old: Vec<_> = care
                .into_iter()
                .filter(|f| f.behind > 0)
                .map(|f| OldProxies {
                    workload: f.workload.clone(),
                    pods: f.behind,
                    running: f.running.clone(),
                })
                .collect();
            old.sort_by(|a, b| (b.pods, &a.workload).cmp(&(a.pods, &b.workload)));
            old
        });
        TagRow {
            tag: tag.map(str::to_owned),
            revisions: revisions.iter().map(|r| (*r).to_owned()).collect(),
            versions,
            ready,
            wanted,
            namespaces: self.namespaces(tag, name),
            workloads: care
                .clone()
                .map(|c| u32::try_from(c.len()).unwrap_or(u32::MAX)),
            pods: care.map(|c| c.iter().map(|f| f.pods).sum()),
            old_pods: old.clone().map(|o| o.iter().map(|o| o.pods).sum()),
            old,
            gateways: self.gateways(name),
            webhooks: injectors.iter().map(|i| i.name.clone()).collect(),
            owner: injectors
                .iter()
                .map(|i| &i.owner)
                .chain(services.iter().map(|s| &s.owner))
                .find(|o| o.is_owned())
                .cloned()
                .unwrap_or_default(),
            created: injectors
                .first()
                .map_or_else(|| services.first().and_then(|s| s.created), |i| i.created),
            problems: problems::of_row(self, tag, revisions, &injectors, &services),
            services: services.iter().map(|s| s.name.clone()).collect(),
        }
    }

    pub(super) fn dangling(&self) -> Known<Vec<Dangling>> {
        if let Some(gap) = self.mesh.namespaces.gap() {
            return Known::Unknown(gap.clone());
        }
        let mut inside: BTreeMap<&str, (u32, u32)> = BTreeMap::new();
        for forecast in self.forecasts.iter().flatten() {
            let entry = inside.entry(&forecast.workload.namespace).or_default();
            entry.0 += 1;
            entry.1 += forecast.pods;
        }
        let count = |pick: fn(&(u32, u32)) -> u32, namespace: &str| match &self.forecasts {
            Ok(_) => Known::Known(inside.get(namespace).map_or(0, pick)),
            Err(gap) => Known::Unknown(gap.clone()),
        };
        let mut dangling = Vec::new();
        for (namespace, cause_and_reason) in overlap::plain_pods(&self.wiring) {
            if let Some(reason) = cause_and_reason {
                dangling.push(Dangling {
                    workloads: count(|c| c.0, &namespace),
                    pods: count(|c| c.1, &namespace),
                    namespace,
                    reason,
                });
            }
        }
        Known::Known(dangling)
    }
}
