//! The mesh as plain data. Nothing here does I/O or looks at a clock.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use serde::Serialize;

use super::{Known, Labels, Owner, Raw, Selector};

/// Everything a command observed, once.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Mesh {
    /// Where it was read from.
    pub source: Source,
    /// When it was read: now, or the capture time of an archive. Decisions know no other clock.
    pub now: Timestamp,
    /// uid of the namespace `kube-system`: which cluster this is.
    pub cluster_uid: Known<String>,
    /// The API server's version, as `v1.34.4`.
    pub kubernetes: Known<String>,
    /// The namespace istiod lives in.
    pub istio_namespace: String,
    /// All namespaces by name.
    pub namespaces: Known<BTreeMap<String, Namespace>>,
    /// Istio's injecting webhook configurations, sorted by name.
    pub injectors: Known<Vec<Injector>>,
    /// Istio's validating webhook configurations, sorted by name.
    pub validators: Known<Vec<Validator>>,
    /// Services of istiod in the Istio namespace, those of tags among them, sorted by name.
    pub services: Known<Vec<IstiodService>>,
    /// istiod Deployments of the Istio namespace with their pods, sorted by revision and name.
    pub istiods: Known<Vec<Istiod>>,
    /// What each revision is configured with, by revision.
    pub configs: Known<BTreeMap<String, RevisionConfig>>,
    /// Digest (`sha256:…`) of the root in the Istio namespace's `istio-ca-root-cert`, if there is one.
    pub root_cert: Known<Option<String>>,
    /// All workloads, pods folded in, sorted by namespace, kind and name.
    pub workloads: Known<Vec<Workload>>,
    /// Istio's Gateway API gateways and waypoints, sorted.
    pub gateways: Known<Vec<Gateway>>,
    /// `extensionProviders` that a Telemetry, an `AuthorizationPolicy` or `defaultProviders` names.
    pub providers_in_use: Known<BTreeSet<String>>,
    /// istio-cni and ztunnel `DaemonSets`, in whatever namespace.
    pub node_agents: Known<Vec<NodeAgent>>,
    /// Istio's and Gateway API's CRDs.
    pub crds: Known<Vec<Crd>>,
    /// Nodes with the Istio images they hold.
    pub nodes: Known<Vec<Node>>,
    /// The objects that are kept whole, from the same reads as everything above. In no document: they are the API
    /// server's, and some are not Istio's.
    #[serde(skip)]
    pub raw: Known<Raw>,
}

/// Where a mesh was read from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase", tag = "type")]
pub enum Source {
    /// The API server.
    #[serde(rename_all = "camelCase")]
    Live {
        /// The API server's address.
        server: String,
        /// The kubeconfig context, if one was used.
        context: Option<String>,
    },
    /// A mesh-backup archive: a rehearsal.
    #[serde(rename_all = "camelCase")]
    Archive {
        /// The file as it was typed.
        file: String,
    },
}

impl Source {
    /// Whether this is a rehearsal: nothing can be written and live gates are not evaluated.
    pub fn is_rehearsal(&self) -> bool {
        matches!(self, Self::Archive { .. })
    }
}

/// A namespace.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Namespace {
    /// Its name.
    pub name: String,
    /// Its uid.
    pub uid: String,
    /// All its labels.
    pub labels: Labels,
    /// Whether it is being deleted.
    pub terminating: bool,
    /// Who owns the object.
    pub owner: Owner,
}

impl Namespace {
    /// Whether the namespace is in ambient mode (`istio.io/dataplane-mode=ambient`).
    pub fn is_ambient(&self) -> bool {
        self.labels
            .get(label::DATAPLANE_MODE)
            .is_some_and(|v| v == "ambient")
    }

    /// The revision or tag it is labelled with.
    pub fn rev(&self) -> Option<&str> {
        self.labels
            .get(label::REV)
            .map(String::as_str)
            .filter(|v| !v.is_empty())
    }
}

/// Label and annotation names of Istio.
pub mod label {
    /// Revision or tag (`istio.io/api/label`).
    pub const REV: &str = "istio.io/rev";
    /// On a webhook or Service: the tag it makes.
    pub const TAG: &str = "istio.io/tag";
    /// The older switch of a namespace.
    pub const INJECTION: &str = "istio-injection";
    /// The switch of a pod (label; older: annotation).
    pub const INJECT: &str = "sidecar.istio.io/inject";
    /// Ambient or none, on namespaces and pods.
    pub const DATAPLANE_MODE: &str = "istio.io/dataplane-mode";
    /// On Deployments istiod makes for a Gateway.
    pub const GATEWAY_MANAGED: &str = "gateway.istio.io/managed";
    /// On Deployments and pods of a Gateway: the Gateway's name.
    pub const GATEWAY_NAME: &str = "gateway.networking.k8s.io/gateway-name";
}

/// A `MutatingWebhookConfiguration` of Istio that injects.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Injector {
    /// Name of the configuration.
    pub name: String,
    /// Label `istio.io/rev`: the revision behind it; `default` for an un-revisioned install.
    pub revision: String,
    /// Label `istio.io/tag`: the tag it makes, if it is a tag.
    pub tag: Option<String>,
    /// Its webhooks in their order.
    pub webhooks: Vec<Webhook>,
    /// Who owns the object.
    pub owner: Owner,
    /// When it was made.
    pub created: Option<Timestamp>,
    /// The resourceVersion that was read.
    pub resource_version: String,
}

impl Injector {
    /// Whether istioctl switched it off when a default tag took its place: every selector demands
    /// `istio.io/deactivated: never-match` (`istioctl/pkg/util/common.go`, `NeverMatch`).
    pub fn is_deactivated(&self) -> bool {
        !self.webhooks.is_empty()
            && self.webhooks.iter().all(|w| {
                w.namespace_selector
                    .match_labels
                    .contains_key("istio.io/deactivated")
            })
    }
}

/// One webhook of an [`Injector`] or [`Validator`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Webhook {
    /// Its name in the configuration.
    pub name: String,
    /// Whom the API server calls.
    pub target: WebhookTarget,
    /// Digest (`sha256:…`) of the CA bundle; none when it is empty.
    pub ca_bundle: Option<String>,
    /// Whether the CA bundle parses as at least one PEM certificate block.
    pub ca_bundle_is_pem: bool,
    /// Which namespaces.
    pub namespace_selector: Selector,
    /// Which objects.
    pub object_selector: Selector,
    /// `Fail` or `Ignore`.
    pub failure_policy: String,
    /// Number of `matchConditions`: CEL that we do not evaluate, so a claim is unknown.
    pub match_conditions: usize,
    /// Whether its rules cover the creation of pods.
    pub on_pod_create: bool,
}

/// Whom a webhook calls.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum WebhookTarget {
    /// A Service of the cluster.
    #[serde(rename_all = "camelCase")]
    Service {
        /// Its namespace.
        namespace: String,
        /// Its name.
        name: String,
        /// The path, as `/inject`.
        path: String,
        /// The Service's port.
        port: u16,
    },
    /// An address outside (external control planes).
    Url(String),
    /// Neither: the object is broken.
    Missing,
}

impl WebhookTarget {
    /// Namespace and name of the Service, if it is one.
    pub fn service(&self) -> Option<(&str, &str)> {
        match self {
            Self::Service {
                namespace, name, ..
            } => Some((namespace, name)),
            Self::Url(_) | Self::Missing => None,
        }
    }
}

/// A `ValidatingWebhookConfiguration` of Istio.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Validator {
    /// Name of the configuration; `istiod-default-validator` belongs to the default tag.
    pub name: String,
    /// Label `istio.io/rev`.
    pub revision: Option<String>,
    /// Label `istio.io/tag`.
    pub tag: Option<String>,
    /// Its webhooks in their order.
    pub webhooks: Vec<Webhook>,
    /// Who owns the object.
    pub owner: Owner,
    /// The resourceVersion that was read.
    pub resource_version: String,
}

/// A Service of istiod in the Istio namespace.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct IstiodService {
    /// Its namespace.
    pub namespace: String,
    /// Its name.
    pub name: String,
    /// Label `istio.io/rev`.
    pub revision: Option<String>,
    /// Label `istio.io/tag`: istioctl 1.28 and later make `istiod-revision-tag-<tag>`.
    pub tag: Option<String>,
    /// Its pod selector.
    pub selector: Labels,
    /// Ready endpoints behind it; unknown when `EndpointSlices` could not be read.
    pub ready_endpoints: Known<usize>,
    /// Who owns the object.
    pub owner: Owner,
    /// When it was made.
    pub created: Option<Timestamp>,
    /// The resourceVersion that was read.
    pub resource_version: String,
}

/// An istiod Deployment.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Istiod {
    /// Its namespace.
    pub namespace: String,
    /// Its name.
    pub name: String,
    /// Its revision; `default` when it has none.
    pub revision: String,
    /// Image of the container `discovery`.
    pub image: String,
    /// Version by the image's tag, as typed there (`1.28.1-distroless`); none for a bare digest.
    pub version: Option<String>,
    /// `spec.replicas`.
    pub replicas: u32,
    /// `status.readyReplicas`.
    pub ready: u32,
    /// Its pods, sorted by name.
    pub pods: Vec<IstiodPod>,
    /// The `ReplicaSet` that the Deployment wants now.
    pub replica_set: Known<Option<ReplicaSet>>,
    /// Requests and limits of `discovery`.
    pub resources: Resources,
    /// Plain environment of `discovery` (`valueFrom` entries left out).
    pub env: BTreeMap<String, String>,
    /// Arguments of `discovery`.
    pub args: Vec<String>,
    /// Whether pods are kept apart: pod anti-affinity or topology spread constraints.
    pub spread: bool,
    /// `HorizontalPodAutoscalers` that scale it.
    pub hpa: Known<Option<Hpa>>,
    /// `PodDisruptionBudgets` that select its pods.
    pub pdbs: Known<Vec<Pdb>>,
    /// Who owns the object.
    pub owner: Owner,
    /// Number of nodes its ready pods run on.
    pub nodes: usize,
}

/// A pod of istiod.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct IstiodPod {
    /// Its name.
    pub name: String,
    /// The node.
    pub node: Option<String>,
    /// Its address.
    pub ip: Option<String>,
    /// Image of `discovery` as the pod asks for it.
    pub image: String,
    /// Version by the image's tag.
    pub version: Option<String>,
    /// Condition Ready, and not terminating.
    pub ready: bool,
    /// Whether it is being deleted.
    pub terminating: bool,
    /// `status.startTime`.
    pub started: Option<Timestamp>,
    /// Restarts of `discovery`.
    pub restarts: u32,
    /// How `discovery` ended last time, if it did.
    pub last_end: Option<Termination>,
    /// Name of the controlling `ReplicaSet`.
    pub replica_set: Option<String>,
    /// The version in what `GET /version` on port 15014 answered (`1.28.1`), where it was asked.
    pub reported: Known<String>,
}

/// How a container ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Termination {
    /// `OOMKilled`, `Error`, `Completed` …
    pub reason: String,
    /// When.
    pub finished: Option<Timestamp>,
}

/// The `ReplicaSet` a Deployment wants now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ReplicaSet {
    /// Its name.
    pub name: String,
    /// When it was made: since then this exact pod template runs.
    pub created: Option<Timestamp>,
}

/// Requests and limits of a container. CPU in millicores, memory in bytes; none where not set.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Resources {
    /// CPU request in millicores.
    pub cpu_request: Option<u64>,
    /// CPU limit in millicores.
    pub cpu_limit: Option<u64>,
    /// Memory request in bytes.
    pub memory_request: Option<u64>,
    /// Memory limit in bytes.
    pub memory_limit: Option<u64>,
}

/// A `HorizontalPodAutoscaler`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Hpa {
    /// Its name.
    pub name: String,
    /// `minReplicas` (1 when absent).
    pub min: u32,
    /// `maxReplicas`.
    pub max: u32,
    /// Target average CPU utilisation in percent, if it scales by CPU.
    pub cpu_percent: Option<u32>,
}

/// A `PodDisruptionBudget`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Pdb {
    /// Its name.
    pub name: String,
    /// `minAvailable` as written.
    pub min_available: Option<String>,
    /// `maxUnavailable` as written.
    pub max_unavailable: Option<String>,
    /// `status.disruptionsAllowed`; none before the controller has looked.
    pub disruptions_allowed: Option<u32>,
}

/// What one revision is configured with.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct RevisionConfig {
    /// The mesh `ConfigMap`'s name (`istio` or `istio-<revision>`).
    pub config_map: String,
    /// Its `mesh` document. Null when the `ConfigMap` is absent.
    pub mesh: serde_json::Value,
    /// Its `meshNetworks` document.
    pub networks: serde_json::Value,
    /// The injector `ConfigMap`'s `values` document. Null when absent.
    pub values: serde_json::Value,
    /// `neverInjectSelector` of the injector `ConfigMap`'s `config` document.
    pub never_inject: Vec<Selector>,
    /// `alwaysInjectSelector` of the same.
    pub always_inject: Vec<Selector>,
    /// `policy` of the same: `enabled` (the default) or `disabled`.
    pub policy: String,
    /// What could not be parsed, one line each.
    pub problems: Vec<String>,
}

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

/// A Gateway API Gateway of Istio.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Gateway {
    /// Its namespace.
    pub namespace: String,
    /// Its name.
    pub name: String,
    /// `gatewayClassName`.
    pub class: String,
    /// Whether it is a waypoint (class controller `istio.io/mesh-controller`).
    pub waypoint: bool,
    /// Its own label `istio.io/rev`.
    pub rev: Option<String>,
    /// Whether istiod makes the Deployment for it (no hostname in `spec.addresses`).
    pub managed: bool,
}

/// An istio-cni or ztunnel `DaemonSet`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct NodeAgent {
    /// What it is: `istio-cni` or `ztunnel`.
    pub component: String,
    /// Its namespace.
    pub namespace: String,
    /// Its name.
    pub name: String,
    /// Image of its first container.
    pub image: String,
    /// Version by the image's tag.
    pub version: Option<String>,
    /// Pods wanted.
    pub desired: u32,
    /// Pods ready.
    pub ready: u32,
    /// Who owns the object.
    pub owner: Owner,
}

/// A CRD of Istio or Gateway API.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Crd {
    /// `<plural>.<group>`.
    pub name: String,
    /// Versions that are served.
    pub served: Vec<String>,
    /// The version objects are stored in now.
    pub storage: Option<String>,
    /// `status.storedVersions`: versions that objects may still be stored in.
    pub stored: Vec<String>,
}

/// A node, as far as an upgrade cares.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Node {
    /// Its name.
    pub name: String,
    /// Kubelet version.
    pub kubelet: String,
    /// Istio's images in `status.images` (a list the kubelet cuts at 50 by default).
    pub istio_images: Vec<String>,
    /// Number of images in `status.images`; 50 or more means that the list was cut.
    pub image_count: usize,
    /// Allocatable memory in bytes.
    pub memory: Option<u64>,
    /// Condition Ready.
    pub ready: bool,
}
