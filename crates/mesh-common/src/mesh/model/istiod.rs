//! istiods: what they are, what runs for them, how they are set up.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::Serialize;

use crate::mesh::{Known, Labels, Owner, Selector};

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
    /// What the user gave the chart (`original-values` of the `ConfigMap` `values[-<revision>]`, charts of 1.26 and
    /// later). Null when absent.
    pub original_values: serde_json::Value,
    /// `neverInjectSelector` of the injector `ConfigMap`'s `config` document.
    pub never_inject: Vec<Selector>,
    /// `alwaysInjectSelector` of the same.
    pub always_inject: Vec<Selector>,
    /// `policy` of the same: `enabled` (the default) or `disabled`.
    pub policy: String,
    /// What could not be parsed, one line each.
    pub problems: Vec<String>,
}
