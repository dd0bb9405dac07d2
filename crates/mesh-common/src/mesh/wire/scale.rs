//! What bounds and moves the number of pods: disruption budgets and autoscalers.

use std::fmt;

use serde::{Deserialize, Deserializer, de::Visitor};

use super::{Meta, nullable};
use crate::mesh::Selector;

/// A `PodDisruptionBudget`.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Pdb {
    /// Metadata.
    #[serde(deserialize_with = "nullable")]
    pub metadata: Meta,
    /// Spec.
    #[serde(deserialize_with = "nullable")]
    pub spec: PdbSpec,
    /// Status.
    #[serde(deserialize_with = "nullable")]
    pub status: PdbStatus,
}

/// Spec of a [`Pdb`].
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct PdbSpec {
    /// `minAvailable`.
    pub min_available: Option<IntOrString>,
    /// `maxUnavailable`.
    pub max_unavailable: Option<IntOrString>,
    /// Which pods: absent selects none, empty all (`policy/v1`).
    pub selector: Option<Selector>,
}

/// Status of a [`Pdb`].
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct PdbStatus {
    /// How many pods may go now.
    pub disruptions_allowed: Option<u32>,
    /// 0 until the controller has looked.
    #[serde(deserialize_with = "nullable")]
    pub observed_generation: i64,
}

/// A number or a percentage, as written.
#[derive(Debug)]
pub struct IntOrString(pub String);

impl<'de> Deserialize<'de> for IntOrString {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Either;
        impl Visitor<'_> for Either {
            type Value = IntOrString;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a number or a string")
            }

            fn visit_i64<E>(self, number: i64) -> Result<IntOrString, E> {
                Ok(IntOrString(number.to_string()))
            }

            fn visit_u64<E>(self, number: u64) -> Result<IntOrString, E> {
                Ok(IntOrString(number.to_string()))
            }

            fn visit_str<E>(self, text: &str) -> Result<IntOrString, E> {
                Ok(IntOrString(text.to_owned()))
            }
        }
        deserializer.deserialize_any(Either)
    }
}

/// A `HorizontalPodAutoscaler`.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Hpa {
    /// Metadata.
    #[serde(deserialize_with = "nullable")]
    pub metadata: Meta,
    /// Spec.
    #[serde(deserialize_with = "nullable")]
    pub spec: HpaSpec,
}

/// Spec of a [`Hpa`].
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct HpaSpec {
    /// What it scales.
    #[serde(deserialize_with = "nullable")]
    pub scale_target_ref: Target,
    /// Least replicas.
    pub min_replicas: Option<u32>,
    /// Most replicas.
    #[serde(deserialize_with = "nullable")]
    pub max_replicas: u32,
    /// By what.
    #[serde(deserialize_with = "nullable")]
    pub metrics: Vec<Metric>,
}

/// What an autoscaler scales.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Target {
    /// Kind.
    #[serde(deserialize_with = "nullable")]
    pub kind: String,
    /// Name.
    #[serde(deserialize_with = "nullable")]
    pub name: String,
}

/// One metric; only `resource: cpu` is looked at.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Metric {
    /// A resource of the whole pod.
    #[serde(deserialize_with = "nullable")]
    pub resource: MetricResource,
}

/// A resource an autoscaler scales by.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct MetricResource {
    /// `cpu` or `memory`.
    #[serde(deserialize_with = "nullable")]
    pub name: String,
    /// The target.
    #[serde(deserialize_with = "nullable")]
    pub target: MetricTarget,
}

/// The target of a metric.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct MetricTarget {
    /// Average utilisation in percent of the requests.
    pub average_utilization: Option<u32>,
}

impl HpaSpec {
    /// Target average CPU utilisation in percent, if it scales by that.
    pub fn cpu_percent(&self) -> Option<u32> {
        self.metrics
            .iter()
            .find(|m| m.resource.name == "cpu")
            .and_then(|m| m.resource.target.average_utilization)
    }
}
