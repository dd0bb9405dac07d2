//! What decides who injects whom: namespaces, webhooks, validators.

use jiff::Timestamp;
use serde::Serialize;

use super::label;
use crate::mesh::{Labels, Owner, Selector};

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
