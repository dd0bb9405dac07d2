//! Nodes: what runs on them, how they are, and how much they take.

use jiff::Timestamp;
use serde::Deserialize;

use super::{Meta, container::Quantity, meta, nullable};

/// A Node.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Node {
    /// Metadata.
    #[serde(deserialize_with = "nullable")]
    pub metadata: Meta,
    /// Spec.
    #[serde(deserialize_with = "nullable")]
    pub spec: NodeSpec,
    /// Status.
    #[serde(deserialize_with = "nullable")]
    pub status: NodeStatus,
}

/// Spec of a Node.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct NodeSpec {
    /// Whether it is cordoned.
    #[serde(deserialize_with = "nullable")]
    pub unschedulable: bool,
    /// Taints.
    #[serde(deserialize_with = "nullable")]
    pub taints: Vec<Taint>,
}

/// A taint.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Taint {
    /// Its key.
    #[serde(deserialize_with = "nullable")]
    pub key: String,
    /// `NoSchedule`, `PreferNoSchedule` or `NoExecute`.
    #[serde(deserialize_with = "nullable")]
    pub effect: String,
}

/// Status of a Node.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct NodeStatus {
    /// Versions.
    #[serde(deserialize_with = "nullable")]
    pub node_info: NodeInfo,
    /// Images on the node.
    #[serde(deserialize_with = "nullable")]
    pub images: Vec<NodeImage>,
    /// What pods may use.
    #[serde(deserialize_with = "nullable")]
    pub allocatable: Allocatable,
    /// Conditions.
    #[serde(deserialize_with = "nullable")]
    pub conditions: Vec<Condition>,
}

/// What a Node says of itself.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct NodeInfo {
    /// The kubelet's version.
    #[serde(deserialize_with = "nullable")]
    pub kubelet_version: String,
    /// The container runtime and its version: `containerd://2.0.5`.
    #[serde(deserialize_with = "nullable")]
    pub container_runtime_version: String,
    /// `linux` or `windows`.
    #[serde(deserialize_with = "nullable")]
    pub operating_system: String,
}

/// An image on a Node.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct NodeImage {
    /// Its names, by tag and by digest.
    #[serde(deserialize_with = "nullable")]
    pub names: Vec<String>,
}

/// A condition of a Node.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Condition {
    /// `Ready`, `MemoryPressure` …
    #[serde(rename = "type", deserialize_with = "nullable")]
    pub kind: String,
    /// `True`, `False` or `Unknown`.
    #[serde(deserialize_with = "nullable")]
    pub status: String,
    /// When the kubelet said so last, by the node's clock.
    #[serde(deserialize_with = "meta::time")]
    pub last_heartbeat_time: Option<Timestamp>,
}

impl NodeStatus {
    /// A condition that is there.
    pub fn condition(&self, kind: &str) -> Option<&Condition> {
        self.conditions.iter().find(|c| c.kind == kind)
    }
}

/// What pods may use of a Node.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Allocatable {
    #[serde(deserialize_with = "nullable")]
    cpu: Quantity,
    #[serde(deserialize_with = "nullable")]
    memory: Quantity,
    #[serde(deserialize_with = "nullable")]
    pods: Quantity,
}

impl Allocatable {
    /// CPU in millicores.
    pub fn cpu(&self) -> Option<u64> {
        self.cpu.millis()
    }

    /// Memory in bytes.
    pub fn memory(&self) -> Option<u64> {
        self.memory.whole()
    }

    /// Number of pods.
    pub fn pods(&self) -> Option<u64> {
        self.pods.whole()
    }
}
