//! Images of objects: what a change may touch, before, as planned and after; and what "the same" means.

use std::fmt;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use crate::mesh::label;

mod compare;

use compare::{comparable, same_essence};
pub use compare::{differences, essence, same};

/// The kinds that operations of the suite write. A record that names another kind is not one of ours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Kind {
    /// `admissionregistration.k8s.io/v1`.
    MutatingWebhookConfiguration,
    /// `admissionregistration.k8s.io/v1`.
    ValidatingWebhookConfiguration,
    /// Core v1, namespaced.
    Service,
    /// Core v1. Only the labels `istio.io/rev` and `istio-injection` are ever part of an image.
    Namespace,
    /// `security.istio.io/v1`, namespaced.
    AuthorizationPolicy,
    /// `telemetry.istio.io/v1`, namespaced; served since Istio 1.22.
    Telemetry,
    /// The same of `telemetry.istio.io/v1alpha1`, where v1 is not served.
    TelemetryAlpha,
}

impl Kind {
    /// The group's API path: `/api/v1`, `/apis/admissionregistration.k8s.io/v1`.
    pub fn api(self) -> &'static str {
        match self {
            Self::MutatingWebhookConfiguration | Self::ValidatingWebhookConfiguration => {
                "/apis/admissionregistration.k8s.io/v1"
            }
            Self::Service | Self::Namespace => "/api/v1",
            Self::AuthorizationPolicy => "/apis/security.istio.io/v1",
            Self::Telemetry => "/apis/telemetry.istio.io/v1",
            Self::TelemetryAlpha => "/apis/telemetry.istio.io/v1alpha1",
        }
    }

    /// The resource's plural, as in a URL.
    pub fn plural(self) -> &'static str {
        match self {
            Self::MutatingWebhookConfiguration => "mutatingwebhookconfigurations",
            Self::ValidatingWebhookConfiguration => "validatingwebhookconfigurations",
            Self::Service => "services",
            Self::Namespace => "namespaces",
            Self::AuthorizationPolicy => "authorizationpolicies",
            Self::Telemetry | Self::TelemetryAlpha => "telemetries",
        }
    }

    /// The API group, empty for core.
    pub fn group(self) -> &'static str {
        match self {
            Self::MutatingWebhookConfiguration | Self::ValidatingWebhookConfiguration => {
                "admissionregistration.k8s.io"
            }
            Self::Service | Self::Namespace => "",
            Self::AuthorizationPolicy => "security.istio.io",
            Self::Telemetry | Self::TelemetryAlpha => "telemetry.istio.io",
        }
    }

    /// `apiVersion` of an object.
    pub fn api_version(self) -> &'static str {
        match self {
            Self::MutatingWebhookConfiguration | Self::ValidatingWebhookConfiguration => {
                "admissionregistration.k8s.io/v1"
            }
            Self::Service | Self::Namespace => "v1",
            Self::AuthorizationPolicy => "security.istio.io/v1",
            Self::Telemetry => "telemetry.istio.io/v1",
            Self::TelemetryAlpha => "telemetry.istio.io/v1alpha1",
        }
    }

    /// Its name in a manifest.
    pub fn name(self) -> &'static str {
        match self {
            Self::MutatingWebhookConfiguration => "MutatingWebhookConfiguration",
            Self::ValidatingWebhookConfiguration => "ValidatingWebhookConfiguration",
            Self::Service => "Service",
            Self::Namespace => "Namespace",
            Self::AuthorizationPolicy => "AuthorizationPolicy",
            Self::Telemetry | Self::TelemetryAlpha => "Telemetry",
        }
    }

    /// Whether it is a Telemetry, of whichever version.
    pub fn is_telemetry(self) -> bool {
        matches!(self, Self::Telemetry | Self::TelemetryAlpha)
    }
}

/// Which object.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Key {
    /// Its kind.
    pub kind: Kind,
    /// Its namespace, for Services, policies and telemetries.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub namespace: Option<String>,
    /// Its name.
    pub name: String,
}

impl Key {
    /// A cluster-wide object.
    pub fn cluster(kind: Kind, name: impl Into<String>) -> Self {
        Self {
            kind,
            namespace: None,
            name: name.into(),
        }
    }

    /// A Service.
    pub fn service(namespace: impl Into<String>, name: impl Into<String>) -> Self {
        Self {
            kind: Kind::Service,
            namespace: Some(namespace.into()),
            name: name.into(),
        }
    }

    /// An `AuthorizationPolicy`.
    pub fn policy(namespace: impl Into<String>, name: impl Into<String>) -> Self {
        Self {
            kind: Kind::AuthorizationPolicy,
            namespace: Some(namespace.into()),
            name: name.into(),
        }
    }

    /// The object's URL path.
    pub fn path(&self) -> String {
        format!("{}/{}", self.collection(), self.name)
    }

    /// The URL path of its collection.
    pub fn collection(&self) -> String {
        match &self.namespace {
            Some(ns) => format!("{}/namespaces/{ns}/{}", self.kind.api(), self.kind.plural()),
            None => format!("{}/{}", self.kind.api(), self.kind.plural()),
        }
    }
}

impl fmt::Display for Key {
    /// As kubectl takes it: `mutatingwebhookconfiguration/istio-revision-tag-stable`,
    /// `service/istiod-revision-tag-stable -n istio-system`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.kind.name().to_lowercase(), self.name)?;
        match &self.namespace {
            Some(ns) => write!(f, " -n {ns}"),
            None => Ok(()),
        }
    }
}

/// One object that an operation may change.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Image {
    /// Which object.
    #[serde(flatten)]
    pub key: Key,
    /// As it was, server-set metadata left out; none when it did not exist.
    pub before: Option<Value>,
    /// As it is meant to be; none when it is to be gone.
    pub planned: Option<Value>,
    /// As it was read back, once the operation came that far. `Some(None)` when it was gone.
    #[serde(default, skip_serializing_if = "Option::is_none", with = "nested")]
    pub after: Option<Option<Value>>,
}

/// JSON has one null; `after` needs to tell "not read back" (absent) from "gone" (null).
mod nested {
    use serde::{Deserialize, Deserializer, Serialize, Serializer};
    use serde_json::Value;

    #[allow(
        clippy::ref_option,
        clippy::option_option,
        reason = "serde's signature"
    )]
    pub(super) fn serialize<S: Serializer>(
        value: &Option<Option<Value>>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        value
            .as_ref()
            .and_then(Option::as_ref)
            .serialize(serializer)
    }

    #[allow(clippy::option_option, reason = "serde's signature")]
    pub(super) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Option<Option<Value>>, D::Error> {
        Option::<Value>::deserialize(deserializer).map(Some)
    }
}

/// What stands between an object now and its before-image.
#[derive(Debug, Clone, PartialEq)]
pub enum Standing {
    /// It is as it was before: nothing to bring back.
    AsBefore,
    /// It is as the operation left it (or planned it): safe to bring back.
    AsAfter,
    /// Somebody else changed it since; where.
    Foreign(Vec<Difference>),
}

/// One place where two objects differ.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Difference {
    /// `metadata.labels["istio.io/rev"]`, `webhooks[0].clientConfig.service.name`.
    pub path: String,
    /// What was expected there; `absent` when nothing.
    pub expected: String,
    /// What is there.
    pub found: String,
}

impl Image {
    /// Compares an object three ways: before, after (or planned, where a killed command left no
    /// after-image) and now.
    pub fn standing(&self, now: Option<&Value>) -> Standing {
        let before = self.before.as_ref();
        if same(before, now) {
            return Standing::AsBefore;
        }
        let (left, ours) = match &self.after {
            Some(after) => (after.as_ref(), same(after.as_ref(), now)),
            None => (
                self.planned.as_ref(),
                same_essence(self.key.kind, self.planned.as_ref(), now),
            ),
        };
        if ours {
            return Standing::AsAfter;
        }
        Standing::Foreign(differences(
            left.map(comparable).as_ref(),
            now.map(comparable).as_ref(),
        ))
    }

    /// Whether the object is what was planned, as far as the plan says.
    pub fn is_as_planned(&self, now: Option<&Value>) -> bool {
        same_essence(self.key.kind, self.planned.as_ref(), now)
    }

    /// Whether the plan changes the object at all.
    pub fn changes(&self) -> bool {
        !same_essence(self.key.kind, self.planned.as_ref(), self.before.as_ref())
    }

    /// `created`, `removed` or `changed`, for the plan.
    pub fn verb(&self) -> &'static str {
        match (&self.before, &self.planned) {
            (None, _) => "create",
            (_, None) => "delete",
            _ => "change",
        }
    }
}

/// Takes the status out of an object, and the metadata that only the API server sets.
pub fn set_server_fields_aside(object: &mut Value) {
    let Some(map) = object.as_object_mut() else {
        return;
    };
    map.remove("status");
    if let Some(metadata) = map.get_mut("metadata").and_then(Value::as_object_mut) {
        for field in [
            "uid",
            "creationTimestamp",
            "deletionTimestamp",
            "deletionGracePeriodSeconds",
            "generation",
            "resourceVersion",
            "managedFields",
            "selfLink",
        ] {
            metadata.remove(field);
        }
    }
}

/// The object without what only the server sets: what an image holds.
#[must_use]
pub fn without_server_fields(kind: Kind, object: &Value) -> Value {
    if kind == Kind::Namespace {
        return namespace_image(object);
    }
    let mut object = object.clone();
    set_server_fields_aside(&mut object);
    if let Some(map) = object.as_object_mut() {
        map.insert("apiVersion".into(), kind.api_version().into());
        map.insert("kind".into(), kind.name().into());
    }
    object
}

/// A namespace's image: its name and the two labels that say who injects.
fn namespace_image(object: &Value) -> Value {
    let labels: Map<String, Value> = [label::REV, label::INJECTION]
        .into_iter()
        .filter_map(|key| {
            Some((
                key.to_owned(),
                object["metadata"]["labels"].get(key)?.clone(),
            ))
        })
        .collect();
    json!({
        "apiVersion": "v1",
        "kind": "Namespace",
        "metadata": { "name": object["metadata"]["name"], "labels": labels },
    })
}

#[cfg(test)]
mod tests;
