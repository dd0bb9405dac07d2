//! Workloads with their pods folded in.

use jiff::Timestamp;
use serde::Serialize;

use super::{Pdb, Requests};
use crate::mesh::{Known, Labels};

/// A workload with its pods folded in.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Workload {
    /// Its namespace.
    pub namespace: String,
    /// What it is.
    pub kind: WorkloadKind,
    /// Its name.
    pub name: String,
    /// Desired replicas, where the kind has them.
    pub replicas: Option<u32>,
    /// Labels that new pods are made with (before injection).
    pub labels: Labels,
    /// Annotation `sidecar.istio.io/inject` that new pods are made with.
    pub inject_annotation: Option<String>,
    /// Whether new pods use the host's network (istiod never injects those).
    pub host_network: bool,
    /// How a change of template or a restart reaches the pods.
    pub update: Update,
    /// How many pods a rolling restart makes beyond the desired ones for a while: `maxSurge` of Deployments (25 % where
    /// it is not set) and `DaemonSets` (none where it is not set), of today's number; 0 for all else.
    pub surge: u32,
    /// What one of its living pods requests with its sidecar, the largest one; none where it has no living pod.
    pub requests: Option<Requests>,
    /// Whether new pods tolerate any taint.
    pub tolerates: bool,
    /// Budgets that select its pods; unknown when they could not be read.
    pub pdbs: Known<Vec<Pdb>>,
    /// The Gateway API gateway it was made for by istiod.
    pub gateway: Option<String>,
    /// Whether it asks for the gateway injection template (`inject.istio.io/templates`).
    pub injected_gateway: bool,
    /// Its living pods (not Succeeded, Failed or terminating), by the proxy they run.
    pub pods: Vec<PodGroup>,
    /// Pods that have ended (Jobs).
    pub finished_pods: u32,
    /// Pods that are being deleted; they serve until they are gone, and nothing waits for them to restart.
    pub terminating_pods: u32,
}

impl Workload {
    /// Number of living pods.
    pub fn pod_count(&self) -> u32 {
        self.pods.iter().map(|g| g.pods).sum()
    }

    /// `deployment/checkout`, as kubectl takes it.
    pub fn short(&self) -> String {
        format!("{}/{}", self.kind.resource(), self.name)
    }
}

/// What kind of workload.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum WorkloadKind {
    /// `apps/v1` Deployment.
    Deployment,
    /// `apps/v1` `StatefulSet`.
    StatefulSet,
    /// `apps/v1` `DaemonSet`.
    DaemonSet,
    /// `batch/v1` Job without a `CronJob`.
    Job,
    /// `batch/v1` `CronJob`; pods of its Jobs are folded in here.
    CronJob,
    /// A `ReplicaSet` that no Deployment owns.
    ReplicaSet,
    /// A pod that nobody would recreate.
    Pod,
    /// Owned by a kind that we do not read (an operator's, Argo Rollouts').
    Other(String),
}

impl WorkloadKind {
    /// The resource name kubectl takes.
    pub fn resource(&self) -> &str {
        match self {
            Self::Deployment => "deployment",
            Self::StatefulSet => "statefulset",
            Self::DaemonSet => "daemonset",
            Self::Job => "job",
            Self::CronJob => "cronjob",
            Self::ReplicaSet => "replicaset",
            Self::Pod => "pod",
            Self::Other(kind) => kind,
        }
    }
}

/// How new pods come about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Update {
    /// Rolling.
    Rolling,
    /// Rolling, but a `StatefulSet` holds back ordinals below this partition.
    Partition(u32),
    /// All at once.
    Recreate,
    /// Only when somebody deletes the pod.
    OnDelete,
    /// Each run makes its own pods (Jobs).
    NextRun,
    /// Nobody makes new pods.
    Never,
    /// The kind is not known to us.
    Unknown,
}

/// Living pods of a workload that run the same proxy.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct PodGroup {
    /// The proxy; none when they have none.
    pub proxy: Option<Proxy>,
    /// How many.
    pub pods: u32,
    /// How many of them are ready.
    pub ready: u32,
    /// Earliest `status.startTime`.
    pub oldest: Option<Timestamp>,
    /// Latest `status.startTime`.
    pub newest: Option<Timestamp>,
    /// Up to three names, sorted.
    pub examples: Vec<String>,
    /// How many have `ambient.istio.io/redirection: enabled`.
    pub ambient: u32,
}

/// The proxy of a pod, as the pod itself says.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Proxy {
    /// Annotation `istio.io/rev`, else `sidecar.istio.io/status`: the real revision, never a tag.
    pub revision: Option<String>,
    /// Image of `istio-proxy`.
    pub image: String,
    /// Version by the image's tag.
    pub version: Option<String>,
    /// A native sidecar (init container with `restartPolicy: Always`).
    pub native: bool,
    /// Whether `sidecar.istio.io/proxyImage` chose the image.
    pub custom_image: bool,
}
