//! istiods: Deployments of the Istio namespace that run `discovery`, with what belongs to them.

use std::collections::{BTreeMap, BTreeSet};

use super::{image::image_tag, pods::without_hash, workloads::selecting};
use crate::mesh::{
    Hpa, Istiod, IstiodPod, Known, Labels, Pdb, ReplicaSet, Selector, label,
    wire::{
        self,
        workload::{self, Controller},
    },
};

/// The revision of an un-revisioned install.
pub(super) const DEFAULT: &str = "default";

/// istiods and their `ReplicaSets` and autoscalers.
#[derive(Debug, Default)]
pub(super) struct Istiods {
    drafts: Vec<Draft>,
    /// By the Deployment that controls them.
    replica_sets: BTreeMap<String, Vec<(Option<String>, ReplicaSet)>>,
    /// By the Deployment they scale.
    hpas: BTreeMap<String, Hpa>,
}

#[derive(Debug)]
struct Draft {
    istiod: Istiod,
    labels: Labels,
    /// `deployment.kubernetes.io/revision`.
    generation: Option<String>,
}

/// What istiods are joined with.
#[derive(Debug)]
pub(super) struct Beside<'a> {
    pub(super) pods: &'a [IstiodPod],
    pub(super) replica_sets: &'a Known<()>,
    pub(super) hpas: &'a Known<()>,
    pub(super) pdbs: &'a Known<&'a [(Selector, Pdb)]>,
}

impl Istiods {
    pub(super) fn absorb(&mut self, other: Self) {
        self.drafts.extend(other.drafts);
        for (deployment, sets) in other.replica_sets {
            self.replica_sets
                .entry(deployment)
                .or_default()
                .extend(sets);
        }
        self.hpas.extend(other.hpas);
    }

    /// Takes a Deployment of the Istio namespace if it is an istiod: a container `discovery`, and the
    /// labels or the name that every chart and istioctl give it.
    pub(super) fn deployment(&mut self, deployment: &Controller) {
        let Some(discovery) = &deployment.spec.template.spec.containers.discovery else {
            return;
        };
        let meta = &deployment.metadata;
        let template = &deployment.spec.template.metadata;
        let label = |key: &str| {
            meta.label(key).or_else(|| {
                let value = template.labels.get(key).map(String::as_str);
                value.filter(|v| !v.is_empty())
            })
        };
        let is_istiod = label("app") == Some("istiod")
            || matches!(label("istio"), Some("pilot" | "istiod"))
            || meta.name == "istiod"
            || meta.name.starts_with("istiod-");
        if !is_istiod {
            return;
        }
        let revision = label(label::REV)
            .or_else(|| discovery.env.get("REVISION").map(String::as_str))
            .filter(|r| !r.is_empty())
            .unwrap_or(DEFAULT);
        self.drafts.push(Draft {
            labels: template.labels.clone(),
            generation: meta
                .annotations
                .get("deployment.kubernetes.io/revision")
                .map(str::to_owned),
            istiod: Istiod {
                namespace: meta.namespace.clone(),
                name: meta.name.clone(),
                revision: revision.to_owned(),
                image: discovery.image.clone(),
                version: image_tag(&discovery.image).map(str::to_owned),
                replicas: deployment.spec.replicas.unwrap_or(1),
                ready: deployment.status.ready_replicas,
                pods: Vec::new(),
                replica_set: Known::Known(None),
                resources: discovery.resources.clone(),
                env: discovery.env.clone(),
                args: discovery.args.clone(),
                spread: deployment.spec.template.spec.is_spread(),
                hpa: Known::Known(None),
                pdbs: Known::Known(Vec::new()),
                owner: meta.owner(),
                nodes: 0,
            },
        });
    }

    pub(super) fn replica_set(&mut self, set: workload::ReplicaSet) {
        let Some(owner) = set.metadata.controller().filter(|o| o.kind == "Deployment") else {
            return;
        };
        let deployment = owner.name.clone();
        let created = set.created();
        let generation = set
            .metadata
            .annotations
            .get("deployment.kubernetes.io/revision");
        let entry = (
            generation.map(str::to_owned),
            ReplicaSet {
                name: set.metadata.name,
                created,
            },
        );
        self.replica_sets.entry(deployment).or_default().push(entry);
    }

    pub(super) fn hpa(&mut self, hpa: wire::scale::Hpa) {
        let spec = hpa.spec;
        if spec.scale_target_ref.kind != "Deployment" {
            return;
        }
        let cpu_percent = spec.cpu_percent();
        self.hpas.insert(
            spec.scale_target_ref.name,
            Hpa {
                name: hpa.metadata.name,
                min: spec.min_replicas.unwrap_or(1),
                max: spec.max_replicas,
                cpu_percent,
            },
        );
    }

    /// The revisions that have an istiod.
    pub(super) fn revisions(&self) -> BTreeSet<String> {
        self.drafts
            .iter()
            .map(|d| d.istiod.revision.clone())
            .collect()
    }

    /// All istiods, sorted by revision and name.
    pub(super) fn finish(mut self, beside: &Beside<'_>) -> Vec<Istiod> {
        let drafts = std::mem::take(&mut self.drafts);
        let mut istiods: Vec<_> = drafts.into_iter().map(|d| self.join(d, beside)).collect();
        istiods.sort_by(|a, b| (&a.revision, &a.name).cmp(&(&b.revision, &b.name)));
        istiods
    }

    fn join(&self, draft: Draft, beside: &Beside<'_>) -> Istiod {
        let mut istiod = draft.istiod;
        let sets = self
            .replica_sets
            .get(&istiod.name)
            .map_or(&[][..], Vec::as_slice);
        istiod.replica_set = over(beside.replica_sets, || {
            current(sets, draft.generation.as_deref())
        });
        istiod.hpa = over(beside.hpas, || self.hpas.get(&istiod.name).cloned());
        istiod.pdbs = match beside.pdbs {
            Known::Known(budgets) => Known::Known(selecting(budgets, &draft.labels)),
            Known::Unknown(gap) => Known::Unknown(gap.clone()),
        };
        istiod.pods = beside
            .pods
            .iter()
            .filter(|pod| {
                // By the ReplicaSets where they are known, else by the name that they would have.
                pod.replica_set.as_deref().is_some_and(|set| {
                    sets.iter().any(|(_, s)| s.name == set)
                        || set
                            .rsplit_once('-')
                            .and_then(|(_, hash)| without_hash(set, hash))
                            .is_some_and(|deployment| deployment == istiod.name)
                })
            })
            .cloned()
            .collect();
        istiod.nodes = istiod
            .pods
            .iter()
            .filter(|p| p.ready)
            .filter_map(|p| p.node.as_deref())
            .collect::<BTreeSet<_>>()
            .len();
        istiod
    }
}

fn over<T>(read: &Known<()>, value: impl FnOnce() -> T) -> Known<T> {
    match read {
        Known::Known(()) => Known::Known(value()),
        Known::Unknown(gap) => Known::Unknown(gap.clone()),
    }
}

/// The `ReplicaSet` that a Deployment wants now: that of its own generation
/// (`deployment.kubernetes.io/revision`), else the newest.
fn current(sets: &[(Option<String>, ReplicaSet)], generation: Option<&str>) -> Option<ReplicaSet> {
    sets.iter()
        .find(|(g, _)| generation.is_some() && g.as_deref() == generation)
        .or_else(|| sets.iter().max_by_key(|(_, set)| set.created))
        .map(|(_, set)| set.clone())
}
