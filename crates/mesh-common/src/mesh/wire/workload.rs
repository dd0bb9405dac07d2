//! Everything with a pod template: Deployments, `StatefulSets`, `DaemonSets`, Jobs, `CronJobs`.

use jiff::Timestamp;
use serde::{Deserialize, Deserializer, de::IgnoredAny};

use super::{
    Containers, Meta,
    meta::{self, Annotations},
    nullable,
    scale::IntOrString,
};
use crate::mesh::Labels;

/// A Deployment, `StatefulSet`, `DaemonSet` or Job: they differ in fields that the others lack.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Controller {
    /// Metadata.
    #[serde(deserialize_with = "nullable")]
    pub metadata: Meta,
    /// Spec.
    #[serde(deserialize_with = "nullable")]
    pub spec: Spec,
    /// Status.
    #[serde(deserialize_with = "nullable")]
    pub status: Status,
}

/// Spec of a [`Controller`].
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Spec {
    /// Desired replicas.
    pub replicas: Option<u32>,
    /// `strategy` of a Deployment, `updateStrategy` of the others.
    #[serde(alias = "updateStrategy", deserialize_with = "nullable")]
    pub strategy: Strategy,
    /// What new pods look like.
    #[serde(deserialize_with = "nullable")]
    pub template: Template,
}

/// How a change reaches the pods.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Strategy {
    /// `RollingUpdate`, `Recreate` or `OnDelete`.
    #[serde(rename = "type")]
    pub kind: Option<String>,
    /// Details of `RollingUpdate`.
    #[serde(deserialize_with = "nullable")]
    pub rolling_update: RollingUpdate,
}

/// Details of `RollingUpdate`.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct RollingUpdate {
    /// Deployments and `DaemonSets`: pods beyond the desired ones, as a number or in percent.
    pub max_surge: Option<IntOrString>,
    /// `StatefulSets`: ordinals below it are held back.
    pub partition: Option<u32>,
}

/// A pod template.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Template {
    /// Metadata of new pods.
    #[serde(deserialize_with = "nullable")]
    pub metadata: TemplateMeta,
    /// Spec of new pods.
    #[serde(deserialize_with = "nullable")]
    pub spec: TemplateSpec,
}

/// Metadata of new pods.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct TemplateMeta {
    /// Labels.
    #[serde(deserialize_with = "nullable")]
    pub labels: Labels,
    /// Those annotations that we use.
    #[serde(deserialize_with = "nullable")]
    pub annotations: Annotations,
}

/// Spec of new pods.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct TemplateSpec {
    /// Whether they use the host's network.
    #[serde(deserialize_with = "nullable")]
    pub host_network: bool,
    /// Containers.
    #[serde(deserialize_with = "nullable")]
    pub containers: Containers,
    /// Affinity.
    #[serde(deserialize_with = "nullable")]
    pub affinity: Affinity,
    /// Topology spread constraints; only their number matters.
    #[serde(deserialize_with = "nullable")]
    pub topology_spread_constraints: Vec<IgnoredAny>,
    /// Tolerations; only whether there are any matters.
    #[serde(deserialize_with = "nullable")]
    pub tolerations: Vec<IgnoredAny>,
}

impl TemplateSpec {
    /// Whether pods are kept apart.
    pub fn is_spread(&self) -> bool {
        let apart = &self.affinity.pod_anti_affinity;
        !self.topology_spread_constraints.is_empty()
            || !apart.required.is_empty()
            || !apart.preferred.is_empty()
    }
}

/// Affinity, as far as it keeps pods apart.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Affinity {
    /// Anti-affinity between pods.
    #[serde(deserialize_with = "nullable")]
    pub pod_anti_affinity: AntiAffinity,
}

/// Anti-affinity between pods.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct AntiAffinity {
    /// Must be kept.
    #[serde(
        rename = "requiredDuringSchedulingIgnoredDuringExecution",
        deserialize_with = "nullable"
    )]
    pub required: Vec<IgnoredAny>,
    /// Should be kept.
    #[serde(
        rename = "preferredDuringSchedulingIgnoredDuringExecution",
        deserialize_with = "nullable"
    )]
    pub preferred: Vec<IgnoredAny>,
}

/// Status of a [`Controller`].
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Status {
    /// Deployments and `StatefulSets`.
    #[serde(deserialize_with = "nullable")]
    pub ready_replicas: u32,
    /// `DaemonSets`: pods wanted.
    #[serde(deserialize_with = "nullable")]
    pub desired_number_scheduled: u32,
    /// `DaemonSets`: pods ready.
    #[serde(deserialize_with = "nullable")]
    pub number_ready: u32,
}

/// A `CronJob`.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct CronJob {
    /// Metadata.
    #[serde(deserialize_with = "nullable")]
    pub metadata: Meta,
    /// The template of its Jobs.
    #[serde(rename = "spec", deserialize_with = "job_template")]
    pub job: Spec,
}

fn job_template<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Spec, D::Error> {
    #[derive(Default, Deserialize)]
    #[serde(rename_all = "camelCase", default)]
    struct CronSpec {
        #[serde(deserialize_with = "nullable")]
        job_template: JobTemplate,
    }
    #[derive(Default, Deserialize)]
    #[serde(default)]
    struct JobTemplate {
        #[serde(deserialize_with = "nullable")]
        spec: Spec,
    }
    let spec = Option::<CronSpec>::deserialize(deserializer)?.unwrap_or_default();
    Ok(spec.job_template.spec)
}

/// A `ReplicaSet` of the Istio namespace: whose it is, and since when.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct ReplicaSet {
    /// Metadata.
    #[serde(deserialize_with = "nullable")]
    pub metadata: Meta,
}

impl ReplicaSet {
    /// When it was made.
    pub fn created(&self) -> Option<Timestamp> {
        self.metadata.creation_timestamp
    }
}

/// A Namespace.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Namespace {
    /// Metadata.
    #[serde(deserialize_with = "nullable")]
    pub metadata: Meta,
    /// Whether its phase is Terminating.
    #[serde(rename = "status", deserialize_with = "terminating")]
    pub terminating: bool,
}

fn terminating<'de, D: Deserializer<'de>>(deserializer: D) -> Result<bool, D::Error> {
    #[derive(Default, Deserialize)]
    #[serde(default)]
    struct Status {
        #[serde(deserialize_with = "is_terminating")]
        phase: bool,
    }
    fn is_terminating<'de, D: Deserializer<'de>>(deserializer: D) -> Result<bool, D::Error> {
        meta::is(deserializer, "Terminating")
    }
    Ok(Option::<Status>::deserialize(deserializer)?.is_some_and(|s| s.phase))
}
