//! Workloads: what the controllers say, joined with their pods and budgets.

use std::collections::{BTreeMap, HashMap};

use super::{
    image::image_tag,
    pods::{Folded, Maker},
};
use crate::mesh::{
    Known, NodeAgent, Pdb, Selector, Update, Workload, WorkloadKind, label,
    wire::{
        Meta, scale,
        workload::{Controller, CronJob, Spec, Status, Template},
    },
};

/// What a Deployment of a Gateway was called by before `gateway.networking.k8s.io/gateway-name`.
const OLD_GATEWAY_NAME: &str = "istio.io/gateway-name";

/// Everything with a pod template, and the budgets over it.
#[derive(Debug, Default)]
pub(super) struct Workloads {
    made: HashMap<Maker, Workload>,
    /// `CronJob` of a Job, by namespace and name of the Job.
    runs: HashMap<(String, String), String>,
    /// By namespace, so that a budget is tried on its neighbours only.
    pdbs: BTreeMap<String, Vec<(Selector, Pdb)>>,
    agents: Vec<NodeAgent>,
}

impl Workloads {
    pub(super) fn absorb(&mut self, other: Self) {
        self.made.extend(other.made);
        self.runs.extend(other.runs);
        for (namespace, pdbs) in other.pdbs {
            self.pdbs.entry(namespace).or_default().extend(pdbs);
        }
        self.agents.extend(other.agents);
    }

    pub(super) fn controller(&mut self, kind: WorkloadKind, controller: Controller) {
        let Controller {
            metadata: meta,
            spec,
            status,
        } = controller;
        if kind == WorkloadKind::DaemonSet
            && let Some(component) = agent(&meta, &spec.template)
        {
            let image = spec.template.spec.containers.first_image.clone();
            let image = image.unwrap_or_default();
            self.agents.push(NodeAgent {
                component: component.into(),
                namespace: meta.namespace.clone(),
                name: meta.name.clone(),
                version: image_tag(&image).map(str::to_owned),
                image,
                desired: status.desired_number_scheduled,
                ready: status.number_ready,
                owner: meta.owner(),
            });
        }
        if kind == WorkloadKind::Job
            && let Some(owner) = meta.controller().filter(|o| o.kind == "CronJob")
        {
            let cron = owner.name.clone();
            self.runs.insert((meta.namespace, meta.name), cron);
            return;
        }
        self.add(kind, meta, spec, &status);
    }

    pub(super) fn cron_job(&mut self, cron: CronJob) {
        self.add(
            WorkloadKind::CronJob,
            cron.metadata,
            cron.job,
            &Status::default(),
        );
    }

    pub(super) fn pdb(&mut self, pdb: scale::Pdb) {
        let scale::Pdb {
            metadata,
            spec,
            status,
        } = pdb;
        // An absent selector selects nothing (`policy/v1`).
        let Some(selector) = spec.selector else {
            return;
        };
        let looked_at = status.observed_generation > 0;
        self.pdbs.entry(metadata.namespace).or_default().push((
            selector,
            Pdb {
                name: metadata.name,
                min_available: spec.min_available.map(|v| v.0),
                max_unavailable: spec.max_unavailable.map(|v| v.0),
                disruptions_allowed: status.disruptions_allowed.filter(|_| looked_at),
            },
        ));
    }

    fn add(&mut self, kind: WorkloadKind, meta: Meta, spec: Spec, status: &Status) {
        let update = update(&kind, &spec);
        let surge = surge(&kind, &update, &spec, status);
        let gateway = gateway(&meta, &spec.template);
        let template = spec.template.metadata;
        // The API server defaults replicas to 1; DaemonSets and Jobs have none.
        let replicas = match kind {
            WorkloadKind::Deployment | WorkloadKind::StatefulSet => {
                Some(spec.replicas.unwrap_or(1))
            }
            _ => None,
        };
        let maker = Maker {
            namespace: meta.namespace,
            kind,
            name: meta.name,
        };
        let templates = template.annotations.get("inject.istio.io/templates");
        let workload = Workload {
            namespace: maker.namespace.clone(),
            kind: maker.kind.clone(),
            name: maker.name.clone(),
            replicas,
            inject_annotation: template.annotations.get(label::INJECT).map(str::to_owned),
            injected_gateway: asks_for_gateway(templates),
            labels: template.labels,
            host_network: spec.template.spec.host_network,
            update,
            surge,
            requests: None,
            tolerates: !spec.template.spec.tolerations.is_empty(),
            pdbs: Known::Known(Vec::new()),
            gateway,
            pods: Vec::new(),
            finished_pods: 0,
            terminating_pods: 0,
        };
        self.made.insert(maker, workload);
    }

    /// Budgets of one namespace.
    pub(super) fn budgets(&self, namespace: &str) -> &[(Selector, Pdb)] {
        self.pdbs.get(namespace).map_or(&[], Vec::as_slice)
    }

    /// istio-cni and ztunnel, sorted.
    pub(super) fn agents(&self) -> Vec<NodeAgent> {
        let mut agents = self.agents.clone();
        agents.sort_by(|a, b| {
            (&a.component, &a.namespace, &a.name).cmp(&(&b.component, &b.namespace, &b.name))
        });
        agents
    }

    /// All workloads with their pods, sorted by namespace, kind and name.
    pub(super) fn finish(
        mut self,
        pods: HashMap<Maker, Folded>,
        pdbs: &Known<()>,
    ) -> Vec<Workload> {
        for (maker, folded) in pods {
            let maker = self.owner_of(maker, &folded);
            let workload = self
                .made
                .entry(maker.clone())
                .or_insert_with(|| alone(maker, &folded));
            join(workload, folded);
        }
        let budgets = self.pdbs;
        let mut workloads: Vec<_> = self.made.into_values().collect();
        for workload in &mut workloads {
            workload.pods.sort_by(|a, b| a.proxy.cmp(&b.proxy));
            workload.pdbs = match pdbs {
                Known::Unknown(gap) => Known::Unknown(gap.clone()),
                Known::Known(()) => {
                    let near = budgets
                        .get(&workload.namespace)
                        .map_or(&[][..], Vec::as_slice);
                    Known::Known(selecting(near, &workload.labels))
                }
            };
        }
        workloads.sort_by(|a, b| {
            (&a.namespace, &a.kind, &a.name).cmp(&(&b.namespace, &b.kind, &b.name))
        });
        workloads
    }

    /// The workload behind a pod's controller.
    fn owner_of(&self, maker: Maker, folded: &Folded) -> Maker {
        match &maker.kind {
            WorkloadKind::ReplicaSet => {
                let Some(name) = &folded.deployment else {
                    return maker;
                };
                let deployment = Maker {
                    namespace: maker.namespace.clone(),
                    kind: WorkloadKind::Deployment,
                    name: name.clone(),
                };
                if self.made.contains_key(&deployment) {
                    deployment
                } else {
                    maker
                }
            }
            WorkloadKind::Job => {
                let run = (maker.namespace, maker.name);
                match self.runs.get(&run) {
                    Some(cron) => Maker {
                        namespace: run.0,
                        kind: WorkloadKind::CronJob,
                        name: cron.clone(),
                    },
                    None => Maker {
                        namespace: run.0,
                        kind: WorkloadKind::Job,
                        name: run.1,
                    },
                }
            }
            _ => maker,
        }
    }
}

/// The budgets among these that select pods with these labels.
pub(super) fn selecting(budgets: &[(Selector, Pdb)], labels: &crate::mesh::Labels) -> Vec<Pdb> {
    let mut found: Vec<_> = budgets
        .iter()
        .filter(|(selector, _)| selector.matches(labels))
        .map(|(_, pdb)| pdb.clone())
        .collect();
    found.sort_by(|a, b| a.name.cmp(&b.name));
    found
}

/// Adds pods to a workload; several `ReplicaSets` of one Deployment may run the same proxy.
fn join(workload: &mut Workload, folded: Folded) {
    workload.finished_pods += folded.finished;
    workload.terminating_pods += folded.terminating;
    if let Some(requests) = folded.requests {
        workload.requests = Some(workload.requests.unwrap_or_default().max(requests));
    }
    for group in folded.groups {
        let Some(same) = workload.pods.iter_mut().find(|g| g.proxy == group.proxy) else {
            workload.pods.push(group);
            continue;
        };
        same.pods += group.pods;
        same.ready += group.ready;
        same.ambient += group.ambient;
        same.oldest = [same.oldest, group.oldest].into_iter().flatten().min();
        same.newest = same.newest.max(group.newest);
        same.examples.extend(group.examples);
        same.examples.sort();
        same.examples.truncate(3);
    }
}

/// A workload of which only pods are known.
fn alone(maker: Maker, folded: &Folded) -> Workload {
    let sample = &folded.sample;
    let update = match maker.kind {
        WorkloadKind::Pod => Update::Never,
        WorkloadKind::Job | WorkloadKind::CronJob => Update::NextRun,
        _ => Update::Unknown,
    };
    Workload {
        namespace: maker.namespace,
        kind: maker.kind,
        name: maker.name,
        replicas: None,
        labels: sample.labels.clone(),
        inject_annotation: sample.inject.clone(),
        host_network: sample.host_network,
        update,
        surge: 0,
        requests: None,
        tolerates: false,
        pdbs: Known::Known(Vec::new()),
        gateway: None,
        injected_gateway: asks_for_gateway(sample.templates.as_deref()),
        pods: Vec::new(),
        finished_pods: 0,
        terminating_pods: 0,
    }
}

fn update(kind: &WorkloadKind, spec: &Spec) -> Update {
    let strategy = spec.strategy.kind.as_deref();
    match (kind, strategy) {
        (WorkloadKind::Job | WorkloadKind::CronJob, _) => Update::NextRun,
        (_, Some("OnDelete")) => Update::OnDelete,
        (_, Some("Recreate")) => Update::Recreate,
        (_, Some("RollingUpdate") | None) => match spec.strategy.rolling_update.partition {
            Some(partition) if partition > 0 => Update::Partition(partition),
            _ => Update::Rolling,
        },
        (_, Some(_)) => Update::Unknown,
    }
}

/// `maxSurge` in pods (`deployment/util/deployment_util.go`, `ResolveFenceposts`: a percentage is rounded up).
fn surge(kind: &WorkloadKind, update: &Update, spec: &Spec, status: &Status) -> u32 {
    let typed = spec.strategy.rolling_update.max_surge.as_ref();
    let (of, default) = match kind {
        WorkloadKind::Deployment => (spec.replicas.unwrap_or(1), "25%"),
        WorkloadKind::DaemonSet => (status.desired_number_scheduled, "0"),
        _ => return 0,
    };
    if *update != Update::Rolling || of == 0 {
        return 0;
    }
    let text = typed.map_or(default, |v| v.0.as_str());
    match text.strip_suffix('%') {
        Some(percent) => {
            let percent: u64 = percent.parse().unwrap_or_default();
            let pods = (u64::from(of) * percent.min(100_000)).div_ceil(100);
            u32::try_from(pods).unwrap_or(u32::MAX)
        }
        None => text.parse().unwrap_or_default(),
    }
}

fn asks_for_gateway(templates: Option<&str>) -> bool {
    templates.is_some_and(|t| t.split(',').any(|t| t.trim() == "gateway"))
}

/// The Gateway that istiod made a Deployment for.
fn gateway(meta: &Meta, template: &Template) -> Option<String> {
    let label = |key: &str| {
        meta.label(key)
            .or_else(|| template.metadata.labels.get(key).map(String::as_str))
    };
    label(label::GATEWAY_MANAGED)?;
    meta.owner_references
        .iter()
        .find(|o| o.kind == "Gateway" && o.api_version.starts_with("gateway.networking.k8s.io/"))
        .map(|o| o.name.as_str())
        .or_else(|| label(label::GATEWAY_NAME))
        .or_else(|| label(OLD_GATEWAY_NAME))
        .map(str::to_owned)
}

/// Whether a `DaemonSet` is istio-cni or ztunnel, by the labels their charts set.
fn agent(meta: &Meta, template: &Template) -> Option<&'static str> {
    let has = |key: &str, value: &str| {
        meta.labels.get(key).is_some_and(|v| v == value)
            || template
                .metadata
                .labels
                .get(key)
                .is_some_and(|v| v == value)
    };
    if has("app", "ztunnel") || meta.name == "ztunnel" {
        Some("ztunnel")
    } else if has("k8s-app", "istio-cni-node") || meta.name == "istio-cni-node" {
        Some("istio-cni")
    } else {
        None
    }
}
