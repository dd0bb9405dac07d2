//! The mesh as plain data. Nothing here does I/O or looks at a clock.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use serde::Serialize;

use super::{Known, Owner, Raw};

mod istiod;
mod requests;
mod wired;
mod workload;

pub use istiod::{
    Hpa, Istiod, IstiodPod, IstiodService, Pdb, ReplicaSet, Resources, RevisionConfig, Termination,
};
pub use requests::{Requested, Requests};
pub use wired::{Injector, Namespace, Validator, Webhook, WebhookTarget};
pub use workload::{PodGroup, Proxy, Update, Workload, WorkloadKind};

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
    /// The same root as PEM text, to be looked into. In no document: `root_cert` says which one it is.
    #[serde(skip)]
    pub root_pem: Known<Option<String>>,
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
    /// What the pods on each node request together, by the node's name. A node without pods is not in it.
    pub requested: Known<BTreeMap<String, Requested>>,
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
    /// The release of Gateway API it is from (annotation `gateway.networking.k8s.io/bundle-version`): `v1.3.0`.
    pub bundle: Option<String>,
    /// Who owns the object.
    pub owner: Owner,
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
    /// Allocatable CPU in millicores.
    pub cpu: Option<u64>,
    /// Allocatable memory in bytes.
    pub memory: Option<u64>,
    /// Number of pods it takes.
    pub pods: Option<u64>,
    /// Condition Ready.
    pub ready: bool,
    /// `lastHeartbeatTime` of condition Ready: the node's clock, written at least every five minutes.
    pub heartbeat: Option<Timestamp>,
    /// Conditions that are True and should not be: `MemoryPressure`, `DiskPressure`, `PIDPressure`,
    /// `NetworkUnavailable`.
    pub pressures: Vec<String>,
    /// `spec.unschedulable`: it is cordoned.
    pub unschedulable: bool,
    /// Keys of its taints that keep pods away (`NoSchedule`, `NoExecute`), without those of Kubernetes' own
    /// (`node.kubernetes.io/…`).
    pub taints: Vec<String>,
    /// Container runtime and version as the node says it: `containerd://2.0.5`.
    pub runtime: String,
    /// `linux` or `windows`; empty where the node does not say.
    pub os: String,
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
    /// On namespaces and Services: the waypoint before them.
    pub const USE_WAYPOINT: &str = "istio.io/use-waypoint";
    /// Beside it: the waypoint's namespace, if another one.
    pub const USE_WAYPOINT_NAMESPACE: &str = "istio.io/use-waypoint-namespace";
}
