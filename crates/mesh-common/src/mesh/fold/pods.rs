//! Pods, folded into counts per controller and proxy while they stream by.

use std::collections::{BTreeMap, HashMap, hash_map::Entry};

use super::image::{image_name, image_tag};
use crate::mesh::{
    IstiodPod, Known, Labels, PodGroup, Proxy, Requested, Requests, WorkloadKind,
    wire::{Pod, meta::OwnerRef},
};

/// Names kept per group.
const EXAMPLES: usize = 3;
/// Labels the injector adds (`sidecar.yaml` of the charts): a new pod does not bring them.
const ADDED: [&str; 4] = [
    "security.istio.io/tlsMode",
    "service.istio.io/canonical-name",
    "service.istio.io/canonical-revision",
    "networking.istio.io/tunnel",
];

/// Who made a pod, before it is known whether that in turn is owned.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct Maker {
    pub(super) namespace: String,
    pub(super) kind: WorkloadKind,
    pub(super) name: String,
}

/// All pods of one [`Maker`].
#[derive(Debug, Default)]
pub(super) struct Folded {
    pub(super) groups: Vec<PodGroup>,
    pub(super) finished: u32,
    pub(super) terminating: u32,
    /// What a living pod requests; the largest one.
    pub(super) requests: Option<Requests>,
    /// The Deployment that the `ReplicaSet`'s name says it belongs to.
    pub(super) deployment: Option<String>,
    /// What a new pod looks like where nothing but a pod tells.
    pub(super) sample: Sample,
}

/// A pod as a template would have it.
#[derive(Debug, Default)]
pub(super) struct Sample {
    pub(super) labels: Labels,
    pub(super) inject: Option<String>,
    pub(super) templates: Option<String>,
    pub(super) host_network: bool,
}

/// All pods.
#[derive(Debug, Default)]
pub(super) struct Pods {
    folded: HashMap<Maker, Folded>,
    istiod: Vec<IstiodPod>,
    /// By node.
    requested: BTreeMap<String, Requested>,
}

/// All pods, read.
pub(super) struct Parts {
    pub(super) folded: HashMap<Maker, Folded>,
    pub(super) istiod: Vec<IstiodPod>,
    pub(super) requested: BTreeMap<String, Requested>,
}

impl Pods {
    pub(super) fn absorb(&mut self, other: Self) {
        if self.folded.is_empty() {
            self.folded = other.folded;
        } else {
            self.folded.extend(other.folded);
        }
        self.istiod.extend(other.istiod);
        self.requested.extend(other.requested);
    }

    pub(super) fn into_parts(mut self) -> Parts {
        self.istiod.sort_by(|a, b| a.name.cmp(&b.name));
        Parts {
            folded: self.folded,
            istiod: self.istiod,
            requested: self.requested,
        }
    }

    /// Counts one pod. `local`: it is in the Istio namespace, where istiods live.
    pub(super) fn pod(&mut self, mut pod: Pod, local: bool) {
        if local && !pod.status.finished && pod.spec.containers.discovery.is_some() {
            self.istiod.push(istiod(&pod));
        }
        let requests = pod.spec.requests();
        if !pod.status.finished
            && let Some(node) = &pod.spec.node_name
        {
            match self.requested.get_mut(node) {
                Some(there) => there.add(requests),
                None => self
                    .requested
                    .entry(node.clone())
                    .or_default()
                    .add(requests),
            }
        }
        let proxy = proxy(&mut pod);
        let (maker, deployment) = maker(&mut pod);
        let folded = match self.folded.entry(maker) {
            Entry::Occupied(there) => there.into_mut(),
            Entry::Vacant(free) => free.insert(Folded {
                deployment,
                sample: sample(&mut pod),
                ..Folded::default()
            }),
        };
        if pod.status.finished {
            folded.finished += 1;
        } else if pod.metadata.deleted {
            folded.terminating += 1;
        } else {
            let most = folded.requests.unwrap_or_default();
            folded.requests = Some(most.max(requests));
            count(&mut folded.groups, proxy, pod);
        }
    }
}

fn count(groups: &mut Vec<PodGroup>, proxy: Option<Proxy>, pod: Pod) {
    let at = groups.iter().position(|g| g.proxy == proxy);
    let at = at.unwrap_or_else(|| {
        groups.push(PodGroup {
            proxy,
            pods: 0,
            ready: 0,
            oldest: None,
            newest: None,
            examples: Vec::new(),
            ambient: 0,
        });
        groups.len() - 1
    });
    let group = &mut groups[at];
    group.pods += 1;
    group.ready += u32::from(pod.status.ready);
    group.ambient += u32::from(pod.metadata.annotations.redirected);
    if let Some(started) = pod.status.start_time {
        group.oldest = Some(group.oldest.map_or(started, |t| t.min(started)));
        group.newest = Some(group.newest.map_or(started, |t| t.max(started)));
    }
    let name = pod.metadata.name;
    let place = group.examples.partition_point(|e| *e < name);
    if place < EXAMPLES {
        group.examples.insert(place, name);
        group.examples.truncate(EXAMPLES);
    }
}

/// The proxy of a pod. ztunnel's own container is called `istio-proxy` too, but it serves the node and
/// not this pod.
fn proxy(pod: &mut Pod) -> Option<Proxy> {
    let spec = &mut pod.spec;
    let (container, native) = match spec.containers.proxy.take() {
        Some(container) => (container, false),
        None => (
            spec.init_containers.proxy.take().filter(|c| c.always)?,
            true,
        ),
    };
    if image_name(&container.image) == "ztunnel"
        || pod
            .metadata
            .labels
            .get("app")
            .is_some_and(|a| a == "ztunnel")
    {
        return None;
    }
    let said = &mut pod.metadata.annotations;
    let revision = said.revision.take().or(said.status_revision.take());
    Some(Proxy {
        revision: revision.filter(|r| !r.is_empty()),
        version: image_tag(&container.image).map(str::to_owned),
        image: container.image,
        native,
        custom_image: said.proxy_image,
    })
}

fn istiod(pod: &Pod) -> IstiodPod {
    let image = pod
        .spec
        .containers
        .discovery
        .as_ref()
        .map(|c| c.image.clone())
        .unwrap_or_default();
    let status = pod.status.discovery.as_ref();
    IstiodPod {
        name: pod.metadata.name.clone(),
        node: pod.spec.node_name.clone(),
        ip: pod.status.ip.clone(),
        version: image_tag(&image).map(str::to_owned),
        image,
        ready: pod.status.ready && !pod.metadata.deleted,
        terminating: pod.metadata.deleted,
        started: pod.status.start_time,
        restarts: status.map_or(0, |s| s.restarts),
        last_end: status.and_then(|s| s.last_end.clone()),
        replica_set: pod
            .metadata
            .controller
            .as_ref()
            .filter(|o| o.kind == "ReplicaSet")
            .map(|o| o.name.clone()),
        reported: Known::not_read("istiod versions"),
    }
}

fn maker(pod: &mut Pod) -> (Maker, Option<String>) {
    let namespace = std::mem::take(&mut pod.metadata.namespace);
    let labels = &pod.metadata.labels;
    let Some(OwnerRef {
        api_version,
        kind,
        name,
        ..
    }) = pod.metadata.controller.take()
    else {
        let maker = Maker {
            namespace,
            kind: WorkloadKind::Pod,
            name: pod.metadata.name.clone(),
        };
        return (maker, None);
    };
    let group = crate::mesh::wire::group_of(&api_version);
    let mut deployment = None;
    let (kind, name) = match (group, kind.as_str()) {
        ("apps", "ReplicaSet") => {
            // A Rollout's ReplicaSets are not a Deployment's; they carry a hash label of their own.
            let rollout = labels
                .get("rollouts-pod-template-hash")
                .and_then(|hash| without_hash(&name, hash));
            if let Some(rollout) = rollout {
                (WorkloadKind::Other("rollout".into()), rollout)
            } else {
                deployment = labels
                    .get("pod-template-hash")
                    .and_then(|hash| without_hash(&name, hash));
                (WorkloadKind::ReplicaSet, name)
            }
        }
        ("apps", "StatefulSet") => (WorkloadKind::StatefulSet, name),
        ("apps", "DaemonSet") => (WorkloadKind::DaemonSet, name),
        ("batch", "Job") => (WorkloadKind::Job, name),
        _ => (WorkloadKind::Other(kind.to_lowercase()), name),
    };
    let maker = Maker {
        namespace,
        kind,
        name,
    };
    (maker, deployment)
}

/// `checkout` of `checkout-558967d557` and its hash (`kubernetes/pkg/controller/deployment/sync.go` names them so).
pub(super) fn without_hash(name: &str, hash: &str) -> Option<String> {
    let base = name.strip_suffix(hash)?.strip_suffix('-')?;
    (!hash.is_empty() && !base.is_empty()).then(|| base.to_owned())
}

fn sample(pod: &mut Pod) -> Sample {
    let mut labels = std::mem::take(&mut pod.metadata.labels);
    if pod.metadata.annotations.injected {
        for added in ADDED {
            labels.remove(added);
        }
    }
    Sample {
        labels,
        inject: pod.metadata.annotations.inject.take(),
        templates: pod.metadata.annotations.templates.take(),
        host_network: pod.spec.host_network,
    }
}
