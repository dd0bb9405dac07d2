//! Mutating and validating webhook configurations; both have the same shape.

use serde::Deserialize;

use super::{Meta, meta, nullable};
use crate::mesh::Selector;

/// A webhook configuration.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Configuration {
    /// Metadata.
    #[serde(deserialize_with = "nullable")]
    pub metadata: Meta,
    /// Its webhooks in their order.
    #[serde(deserialize_with = "nullable")]
    pub webhooks: Vec<Webhook>,
}

/// One webhook.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Webhook {
    /// Its name.
    #[serde(deserialize_with = "nullable")]
    pub name: String,
    /// Whom it calls.
    #[serde(deserialize_with = "nullable")]
    pub client_config: ClientConfig,
    /// Which namespaces.
    #[serde(deserialize_with = "nullable")]
    pub namespace_selector: Selector,
    /// Which objects.
    #[serde(deserialize_with = "nullable")]
    pub object_selector: Selector,
    /// `Fail` (the default of v1) or `Ignore`.
    pub failure_policy: Option<String>,
    /// CEL conditions; only their number matters.
    #[serde(deserialize_with = "nullable")]
    pub match_conditions: Vec<serde::de::IgnoredAny>,
    /// Which calls.
    #[serde(deserialize_with = "nullable")]
    pub rules: Vec<Rule>,
}

/// Whom a webhook calls.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ClientConfig {
    /// A Service.
    pub service: Option<ServiceRef>,
    /// An address.
    pub url: Option<String>,
    /// The CA bundle in base64.
    #[serde(deserialize_with = "nullable")]
    pub ca_bundle: String,
}

/// A Service that a webhook calls.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct ServiceRef {
    /// Its namespace.
    #[serde(deserialize_with = "nullable")]
    pub namespace: String,
    /// Its name.
    #[serde(deserialize_with = "nullable")]
    pub name: String,
    /// The path.
    #[serde(deserialize_with = "nullable")]
    pub path: String,
    /// The port; 443 when absent.
    pub port: Option<u16>,
}

/// Which calls a webhook gets.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Rule {
    /// API groups.
    #[serde(deserialize_with = "nullable")]
    pub api_groups: Vec<String>,
    /// API versions.
    #[serde(deserialize_with = "nullable")]
    pub api_versions: Vec<String>,
    /// Operations.
    #[serde(deserialize_with = "nullable")]
    pub operations: Vec<String>,
    /// Resources, with subresources as `pods/exec`.
    #[serde(deserialize_with = "nullable")]
    pub resources: Vec<String>,
    /// Whether it is for cluster-wide objects only.
    #[serde(rename = "scope", deserialize_with = "cluster_only")]
    pub cluster_only: bool,
}

fn cluster_only<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<bool, D::Error> {
    meta::is(deserializer, "Cluster")
}

impl Rule {
    /// Whether it covers the creation of a pod
    /// (`apiserver/pkg/admission/plugin/webhook/predicates/rules/rules.go`).
    pub fn on_pod_create(&self) -> bool {
        let has =
            |list: &[String], wanted: &[&str]| list.iter().any(|v| wanted.contains(&v.as_str()));
        !self.cluster_only
            && has(&self.api_groups, &["", "*"])
            && has(&self.api_versions, &["v1", "*"])
            && has(&self.operations, &["CREATE", "*"])
            && has(&self.resources, &["pods", "*", "*/*"])
    }
}
