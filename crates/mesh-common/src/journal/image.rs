//! Images of objects: what a change may touch, before, as planned and after; and what "the same" means.

use std::fmt;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use crate::mesh::label;

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
}

impl Kind {
    /// The group's API path: `/api/v1`, `/apis/admissionregistration.k8s.io/v1`.
    pub fn api(self) -> &'static str {
        match self {
            Self::MutatingWebhookConfiguration | Self::ValidatingWebhookConfiguration => {
                "/apis/admissionregistration.k8s.io/v1"
            }
            Self::Service | Self::Namespace => "/api/v1",
        }
    }

    /// The resource's plural, as in a URL.
    pub fn plural(self) -> &'static str {
        match self {
            Self::MutatingWebhookConfiguration => "mutatingwebhookconfigurations",
            Self::ValidatingWebhookConfiguration => "validatingwebhookconfigurations",
            Self::Service => "services",
            Self::Namespace => "namespaces",
        }
    }

    /// The API group, empty for core.
    pub fn group(self) -> &'static str {
        match self {
            Self::MutatingWebhookConfiguration | Self::ValidatingWebhookConfiguration => {
                "admissionregistration.k8s.io"
            }
            Self::Service | Self::Namespace => "",
        }
    }

    /// `apiVersion` of an object.
    pub fn api_version(self) -> &'static str {
        match self {
            Self::MutatingWebhookConfiguration | Self::ValidatingWebhookConfiguration => {
                "admissionregistration.k8s.io/v1"
            }
            Self::Service | Self::Namespace => "v1",
        }
    }

    /// Its name in a manifest.
    pub fn name(self) -> &'static str {
        match self {
            Self::MutatingWebhookConfiguration => "MutatingWebhookConfiguration",
            Self::ValidatingWebhookConfiguration => "ValidatingWebhookConfiguration",
            Self::Service => "Service",
            Self::Namespace => "Namespace",
        }
    }
}

/// Which object.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Key {
    /// Its kind.
    pub kind: Kind,
    /// Its namespace, for Services.
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

/// The object without what only the server sets: what an image holds.
#[must_use]
pub fn without_server_fields(kind: Kind, object: &Value) -> Value {
    if kind == Kind::Namespace {
        return namespace_image(object);
    }
    let mut object = object.clone();
    if let Some(map) = object.as_object_mut() {
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

/// Whether two objects are the same: equal but for server-set metadata and what istiod itself keeps
/// writing (caBundle; failurePolicy of validators).
pub fn same(a: Option<&Value>, b: Option<&Value>) -> bool {
    match (a, b) {
        (None, None) => true,
        (Some(a), Some(b)) => comparable(a) == comparable(b),
        _ => false,
    }
}

/// What of an object is compared: no server-set metadata, no caBundle, empty maps as absent.
fn comparable(object: &Value) -> Value {
    let kind = match object["kind"].as_str() {
        Some("Namespace") => Kind::Namespace,
        Some("Service") => Kind::Service,
        Some("ValidatingWebhookConfiguration") => Kind::ValidatingWebhookConfiguration,
        _ => Kind::MutatingWebhookConfiguration,
    };
    let mut object = without_server_fields(kind, object);
    if let Some(webhooks) = object.get_mut("webhooks").and_then(Value::as_array_mut) {
        for webhook in webhooks {
            if let Some(config) = webhook
                .get_mut("clientConfig")
                .and_then(Value::as_object_mut)
            {
                config.remove("caBundle");
            }
            // istiod turns its validators from Ignore to Fail once they answer
            // (`pkg/webhooks/validation/controller`).
            if kind == Kind::ValidatingWebhookConfiguration
                && let Some(map) = webhook.as_object_mut()
            {
                map.remove("failurePolicy");
            }
        }
    }
    if let Some(metadata) = object.get_mut("metadata").and_then(Value::as_object_mut) {
        metadata.retain(|_, value| !value.as_object().is_some_and(Map::is_empty));
    }
    object
}

/// Whether two objects agree in what a plan determines.
fn same_essence(kind: Kind, a: Option<&Value>, b: Option<&Value>) -> bool {
    match (a, b) {
        (None, None) => true,
        (Some(a), Some(b)) => essence(kind, a) == essence(kind, b),
        _ => false,
    }
}

/// What a plan determines of an object: for webhooks, revision and tag labels and each webhook's name,
/// target, selectors and rules; for Services, the labels, selector and ports. Other labels and the API
/// versions of a review differ with the version of istioctl and decide nothing.
#[must_use]
pub fn essence(kind: Kind, object: &Value) -> Value {
    let labels = &object["metadata"]["labels"];
    let label_pair = json!({ "rev": labels[label::REV], "tag": labels[label::TAG] });
    match kind {
        Kind::Namespace => namespace_image(object)["metadata"].clone(),
        Kind::Service => {
            let ports: Vec<Value> = array(&object["spec"]["ports"])
                .iter()
                .map(|p| json!({ "name": p["name"], "port": p["port"], "target": p["targetPort"] }))
                .collect();
            json!({ "labels": label_pair, "selector": object["spec"]["selector"], "ports": ports })
        }
        Kind::MutatingWebhookConfiguration | Kind::ValidatingWebhookConfiguration => {
            let mut webhooks: Vec<Value> = array(&object["webhooks"])
                .iter()
                .map(|webhook| {
                    let client = &webhook["clientConfig"];
                    let service = &client["service"];
                    let rules: Vec<Value> = array(&webhook["rules"])
                        .iter()
                        .map(|r| json!([r["apiGroups"], r["operations"], r["resources"]]))
                        .collect();
                    json!({
                        "name": webhook["name"],
                        "service": [service["namespace"], service["name"], service["path"],
                            service.get("port").cloned().unwrap_or_else(|| 443.into())],
                        "url": client["url"],
                        "namespaces": selector(&webhook["namespaceSelector"]),
                        "objects": selector(&webhook["objectSelector"]),
                        "conditions": webhook["matchConditions"],
                        "rules": rules,
                    })
                })
                .collect();
            webhooks.sort_by_key(|w| w["name"].to_string());
            json!({ "labels": label_pair, "webhooks": webhooks })
        }
    }
}

/// A label selector with its expressions in an order of their own: istioctl 1.20 writes them in another.
fn selector(value: &Value) -> Value {
    let mut expressions = array(&value["matchExpressions"]).to_vec();
    expressions.sort_by_key(ToString::to_string);
    json!([
        value.get("matchLabels").cloned().unwrap_or_default(),
        expressions
    ])
}

fn array(value: &Value) -> &[Value] {
    value.as_array().map(Vec::as_slice).unwrap_or_default()
}

/// Where two objects differ, leaf by leaf, at most twenty places.
pub fn differences(expected: Option<&Value>, found: Option<&Value>) -> Vec<Difference> {
    let mut all = Vec::new();
    walk(
        "",
        expected.unwrap_or(&Value::Null),
        found.unwrap_or(&Value::Null),
        &mut all,
    );
    all.truncate(20);
    all
}

fn walk(path: &str, a: &Value, b: &Value, into: &mut Vec<Difference>) {
    match (a, b) {
        (Value::Object(x), Value::Object(y)) => {
            let keys: std::collections::BTreeSet<&String> = x.keys().chain(y.keys()).collect();
            for key in keys {
                let plain = key.chars().all(|c| c.is_alphanumeric() || c == '_');
                let step = match (path.is_empty(), plain) {
                    (true, true) => key.clone(),
                    (false, true) => format!("{path}.{key}"),
                    (_, false) => format!("{path}[\"{key}\"]"),
                };
                let null = Value::Null;
                walk(
                    &step,
                    x.get(key).unwrap_or(&null),
                    y.get(key).unwrap_or(&null),
                    into,
                );
            }
        }
        (Value::Array(x), Value::Array(y)) if x.len() == y.len() => {
            for (i, (a, b)) in x.iter().zip(y).enumerate() {
                walk(&format!("{path}[{i}]"), a, b, into);
            }
        }
        _ if a == b => {}
        _ => into.push(Difference {
            path: if path.is_empty() {
                "the object".into()
            } else {
                path.to_owned()
            },
            expected: leaf(a),
            found: leaf(b),
        }),
    }
}

fn leaf(value: &Value) -> String {
    match value {
        Value::Null => "absent".into(),
        Value::String(s) => crate::output::clean(s, 120),
        other => crate::output::clean(&other.to_string(), 120),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn webhook(rev: &str, service: &str, extra_label: Option<&str>) -> Value {
        let mut object = json!({
            "apiVersion": "admissionregistration.k8s.io/v1",
            "kind": "MutatingWebhookConfiguration",
            "metadata": {
                "name": "istio-revision-tag-stable",
                "uid": "u", "resourceVersion": "7", "generation": 3,
                "creationTimestamp": "2026-11-21T04:04:47Z",
                "labels": { "istio.io/rev": rev, "istio.io/tag": "stable" },
            },
            "webhooks": [{
                "name": "rev.namespace.sidecar-injector.istio.io",
                "clientConfig": { "caBundle": "YQ==",
                    "service": { "name": service, "namespace": "istio-system", "path": "/inject", "port": 443 } },
                "failurePolicy": "Fail",
            }],
        });
        if let Some(label) = extra_label {
            object["metadata"]["labels"][label] = "x".into();
        }
        object
    }

    #[allow(clippy::option_option, reason = "absent and gone are two things here")]
    fn image(after: Option<Option<Value>>) -> Image {
        Image {
            key: Key::cluster(
                Kind::MutatingWebhookConfiguration,
                "istio-revision-tag-stable",
            ),
            before: Some(webhook("1-26-1", "istiod-1-26-1", None)),
            planned: Some(webhook("1-28-1", "istiod-1-28-1", None)),
            after,
        }
    }

    #[test]
    fn standing_is_judged_three_ways() {
        let now_before = webhook("1-26-1", "istiod-1-26-1", None);
        let now_after = webhook("1-28-1", "istiod-1-28-1", None);
        let labelled = webhook("1-28-1", "istiod-1-28-1", Some("app.kubernetes.io/name"));
        let foreign = webhook("1-29-0", "istiod-1-29-0", None);
        let with_after = image(Some(Some(now_after.clone())));
        let killed = image(None);
        let gone = image(Some(None));
        let cases = [
            ("untouched", &with_after, Some(&now_before), "before"),
            ("as we left it", &with_after, Some(&now_after), "after"),
            (
                "somebody labelled it",
                &with_after,
                Some(&labelled),
                "foreign",
            ),
            (
                "somebody moved it on",
                &with_after,
                Some(&foreign),
                "foreign",
            ),
            ("somebody deleted it", &with_after, None, "foreign"),
            (
                "killed before the write",
                &killed,
                Some(&now_before),
                "before",
            ),
            (
                "killed after it: more labels than planned are istioctl's",
                &killed,
                Some(&labelled),
                "after",
            ),
            (
                "killed, and somebody else moved it",
                &killed,
                Some(&foreign),
                "foreign",
            ),
            ("removed and still gone", &gone, None, "after"),
            (
                "removed and somebody made it again",
                &gone,
                Some(&foreign),
                "foreign",
            ),
        ];
        for (name, image, now, want) in cases {
            let got = match image.standing(now) {
                Standing::AsBefore => "before",
                Standing::AsAfter => "after",
                Standing::Foreign(_) => "foreign",
            };
            assert_eq!(got, want, "{name}");
        }
    }

    #[test]
    fn a_rotated_ca_is_nobodys_change() {
        let mut now = webhook("1-28-1", "istiod-1-28-1", None);
        let image = image(Some(Some(now.clone())));
        now["webhooks"][0]["clientConfig"]["caBundle"] = "Yg==".into();
        now["metadata"]["resourceVersion"] = "99".into();
        assert_eq!(image.standing(Some(&now)), Standing::AsAfter);
    }

    #[test]
    fn a_foreign_change_says_where() {
        let image = image(Some(Some(webhook("1-28-1", "istiod-1-28-1", None))));
        let Standing::Foreign(where_) = image.standing(Some(&webhook("1-28-1", "other", None)))
        else {
            panic!("must be foreign");
        };
        assert_eq!(where_[0].path, "webhooks[0].clientConfig.service.name");
        assert_eq!(
            (&*where_[0].expected, &*where_[0].found),
            ("istiod-1-28-1", "other")
        );
    }

    #[test]
    fn after_survives_json() {
        for after in [None, Some(None), Some(Some(json!({"kind": "Service"})))] {
            let image = image(after);
            let text = serde_json::to_string(&image).unwrap();
            assert_eq!(
                serde_json::from_str::<Image>(&text).unwrap(),
                image,
                "{text}"
            );
        }
    }

    #[test]
    fn namespaces_keep_two_labels_only() {
        let ns = json!({"kind": "Namespace", "metadata": {"name": "payments", "uid": "u",
            "labels": {"istio.io/rev": "stable", "team": "payments"}}});
        let image = without_server_fields(Kind::Namespace, &ns);
        assert_eq!(
            image["metadata"]["labels"],
            json!({"istio.io/rev": "stable"})
        );
    }
}
