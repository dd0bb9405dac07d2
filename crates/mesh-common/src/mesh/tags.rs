//! How tags and revisions stand: where each tag points, who uses it, and what is wrong with it.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use serde::Serialize;

use super::{
    Gap, Known, Mesh, Owner, Wiring,
    forecast::{Forecast, Item, Running, forecast},
    gateways::{self, IstiodsByRevision},
    inject::{Claim, Injected},
    model::label,
    wiring::DEFAULT,
};

mod overlap;
mod parity;
mod problems;
#[cfg(test)]
mod tests;

pub use overlap::{Overlap, overlaps};
pub use parity::istioctl_tag_list;
pub use problems::{Problem, ProblemKind};

/// All tags, and the revisions that no tag covers.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct TagTable {
    /// By tag; after them revisions without a tag, or used past their tags.
    pub rows: Vec<TagRow>,
    /// Labels that two injectors would take at once.
    pub overlaps: Vec<Overlap>,
    /// Namespaces that ask for an injector that does not exist.
    pub dangling: Known<Vec<Dangling>>,
    /// What is wrong with no tag in particular.
    pub problems: Vec<Problem>,
    /// What could not be looked at.
    pub gaps: Vec<Gap>,
}

/// A tag, or a revision used by its own name.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct TagRow {
    /// The tag; none for a revision.
    pub tag: Option<String>,
    /// Where it points. More than one is a problem.
    pub revisions: Vec<String>,
    /// Versions of the istiods there.
    pub versions: Known<Vec<String>>,
    /// Ready istiods there.
    pub ready: Known<u32>,
    /// Wanted istiods there.
    pub wanted: Known<u32>,
    /// Namespaces labelled with it; for `default` also those with `istio-injection=enabled`.
    pub namespaces: Known<Vec<String>>,
    /// Workloads whose next pods it injects.
    pub workloads: Known<u32>,
    /// Living pods of those.
    pub pods: Known<u32>,
    /// Workloads in its care with living pods that run something else than it would inject now.
    pub old: Known<Vec<OldProxies>>,
    /// Living pods of `old`.
    pub old_pods: Known<u32>,
    /// Gateway API gateways and waypoints that ask for it.
    pub gateways: Known<Vec<Item>>,
    /// The webhook configurations that make it.
    pub webhooks: Vec<String>,
    /// The Services that make it.
    pub services: Vec<String>,
    /// Who owns its webhook configuration, else its Service.
    pub owner: Owner,
    /// When its webhook configuration was made, else its Service.
    pub created: Option<Timestamp>,
    /// What is wrong with it.
    pub problems: Vec<Problem>,
}

/// Pods in the care of a tag that run something else than it would inject now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct OldProxies {
    /// The workload.
    pub workload: Item,
    /// How many pods.
    pub pods: u32,
    /// What its pods run.
    pub running: Vec<Running>,
}

/// A namespace that asks for an injector that does not exist.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Dangling {
    /// Its name.
    pub namespace: String,
    /// What it asks for and why it does not get it, in words.
    pub reason: String,
    /// Workloads in it.
    pub workloads: Known<u32>,
    /// Living pods in it.
    pub pods: Known<u32>,
}

/// A revision, whoever points to it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Revision {
    /// Its name; `default` for an un-revisioned install.
    pub name: String,
    /// Versions of its istiods.
    pub versions: Known<Vec<String>>,
    /// Ready istiods.
    pub ready: Known<u32>,
    /// Wanted istiods.
    pub wanted: Known<u32>,
    /// Tags that point to it, by webhook or Service.
    pub tags: Vec<String>,
    /// Its own injector.
    pub injector: Option<String>,
    /// Whether that injector was switched off by a default tag.
    pub deactivated: bool,
    /// Its own Service.
    pub service: Option<String>,
}

/// What the views of tags are made from, with the parts that are not known left empty and named.
struct View<'a> {
    mesh: &'a Mesh,
    wiring: Wiring,
    services_known: bool,
    istiods: Result<IstiodsByRevision, Gap>,
    forecasts: Result<Vec<Forecast>, Gap>,
    gaps: Vec<Gap>,
}

impl<'a> View<'a> {
    fn new(mesh: &'a Mesh) -> Result<Self, Gap> {
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
        let forecasts = match namespaces {
            Ok(_) => forecast(mesh, &wiring).inspect_err(&mut note),
            Err(gap) => Err(gap.clone()),
        };
        Ok(Self {
            mesh,
            services_known: services.is_ok(),
            wiring,
            istiods,
            forecasts,
            gaps,
        })
    }

    /// `(versions, ready, wanted)` of the istiods of these revisions.
    fn istiods_of(
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
        let asks = |labels: &super::Labels| {
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

    fn row(&self, tag: Option<&str>, revisions: &BTreeSet<&str>) -> TagRow {
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

    fn dangling(&self) -> Known<Vec<Dangling>> {
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

impl<T> From<Result<T, Gap>> for Known<T> {
    fn from(result: Result<T, Gap>) -> Self {
        match result {
            Ok(value) => Self::Known(value),
            Err(gap) => Self::Unknown(gap),
        }
    }
}

/// All tags and untagged revisions, who uses them and what is wrong.
///
/// # Errors
/// The injecting webhooks are not known. Other gaps are named in the table.
pub fn tags(mesh: &Mesh) -> Result<TagTable, Gap> {
    let view = View::new(mesh)?;
    let mut rows = Vec::new();
    let mut covered = BTreeSet::new();
    for tag in view.wiring.tags() {
        let mut revisions = view.wiring.tag_by_webhook(tag);
        revisions.extend(view.wiring.tag_by_service(tag));
        covered.extend(revisions.iter().copied());
        rows.push(view.row(Some(tag), &revisions));
    }
    let mut names = view.wiring.revisions();
    names.extend(view.istiods.iter().flatten().map(|(r, _)| r.as_str()));
    for revision in names {
        let row = view.row(None, &BTreeSet::from([revision]));
        let used = row.namespaces.get().is_none_or(|n| !n.is_empty())
            || row.workloads.get().is_none_or(|w| *w > 0);
        if !covered.contains(revision) || used {
            rows.push(row);
        }
    }
    Ok(TagTable {
        rows,
        overlaps: overlap::found(&view.wiring, view.forecasts.as_deref().unwrap_or_default()),
        dangling: view.dangling(),
        problems: problems::of_mesh(&view),
        gaps: view.gaps,
    })
}

/// Every revision that has an istiod, an injector or a Service.
///
/// # Errors
/// The injecting webhooks are not known.
pub fn revisions(mesh: &Mesh) -> Result<Vec<Revision>, Gap> {
    let view = View::new(mesh)?;
    let mut names = view.wiring.revisions();
    names.extend(view.istiods.iter().flatten().map(|(r, _)| r.as_str()));
    let points = |tag: &str, revision: &str| {
        view.wiring.tag_by_webhook(tag).contains(revision)
            || view.wiring.tag_by_service(tag).contains(revision)
    };
    let one = |name: &str| {
        let (versions, ready, wanted) = view.istiods_of(&BTreeSet::from([name]));
        let injector = view.wiring.own_injector(name);
        let service = view
            .wiring
            .services
            .iter()
            .find(|s| s.tag.is_none() && s.revision.as_deref() == Some(name));
        let tags = view.wiring.tags().into_iter();
        Revision {
            name: name.to_owned(),
            versions,
            ready,
            wanted,
            tags: tags
                .filter(|t| points(t, name))
                .map(str::to_owned)
                .collect(),
            injector: injector.map(|i| i.name.clone()),
            deactivated: injector.is_some_and(super::Injector::is_deactivated),
            service: service.map(|s| s.name.clone()),
        }
    };
    Ok(names.into_iter().map(one).collect())
}
