//! What "the same" means, and where two objects differ.

use serde_json::{Map, Value, json};

use super::{Difference, Kind, namespace_image, without_server_fields};
use crate::mesh::label;

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
pub(super) fn comparable(object: &Value) -> Value {
    let kind = match object["kind"].as_str() {
        Some("Namespace") => Kind::Namespace,
        Some("Service") => Kind::Service,
        Some("ValidatingWebhookConfiguration") => Kind::ValidatingWebhookConfiguration,
        Some("AuthorizationPolicy") => Kind::AuthorizationPolicy,
        Some("Telemetry") => Kind::Telemetry,
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
pub(super) fn same_essence(kind: Kind, a: Option<&Value>, b: Option<&Value>) -> bool {
    match (a, b) {
        (None, None) => true,
        (Some(a), Some(b)) => essence(kind, a) == essence(kind, b),
        _ => false,
    }
}

/// What a plan determines of an object: for webhooks, revision and tag labels and each webhook's name,
/// target, selectors and rules; for Services, the labels, selector and ports; of a policy or a
/// Telemetry all of it. Other labels and
/// the API versions of a review differ with the version of istioctl and decide nothing.
#[must_use]
pub fn essence(kind: Kind, object: &Value) -> Value {
    let labels = &object["metadata"]["labels"];
    let label_pair = json!({ "rev": labels[label::REV], "tag": labels[label::TAG] });
    match kind {
        Kind::Namespace => namespace_image(object)["metadata"].clone(),
        Kind::AuthorizationPolicy | Kind::Telemetry | Kind::TelemetryAlpha => comparable(object),
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
