//! The objects as istiod's charts render them for a tag, in the fields that decide something.

use mesh_common::{
    journal::{Kind, image::without_server_fields},
    mesh::label,
};
use serde_json::{Value, json};

use super::{DEFAULT, NEVER_MATCH, istiod_service};

/// One of a tag's webhooks (`charts/istio-control/istio-discovery/templates/revision-tags-mwc.yaml`).
fn webhook(
    canonical: &Value,
    name: &str,
    istio_namespace: &str,
    revision: &str,
    namespaces: &Value,
    objects: &Value,
) -> Value {
    let source = &canonical["webhooks"][0];
    let client = &source["clientConfig"];
    let target = match client["url"].as_str() {
        Some(url) => json!({ "url": url, "caBundle": client["caBundle"] }),
        None => json!({
            "caBundle": client["caBundle"],
            "service": {
                "name": istiod_service(revision),
                "namespace": istio_namespace,
                "path": client["service"]["path"].as_str().unwrap_or("/inject"),
                "port": 443,
            },
        }),
    };
    let mut webhook = json!({
        "name": format!("{name}.sidecar-injector.istio.io"),
        "admissionReviewVersions": ["v1"],
        "clientConfig": target,
        "failurePolicy": "Fail",
        "matchPolicy": "Equivalent",
        "namespaceSelector": { "matchExpressions": namespaces },
        "objectSelector": { "matchExpressions": objects },
        "reinvocationPolicy": source["reinvocationPolicy"].as_str().unwrap_or("Never"),
        "rules": [{
            "apiGroups": [""], "apiVersions": ["v1"], "operations": ["CREATE"],
            "resources": ["pods"], "scope": "*",
        }],
        "sideEffects": "None",
        "timeoutSeconds": 10,
    });
    if let Some(map) = webhook["clientConfig"].as_object_mut() {
        map.retain(|_, v| !v.is_null());
    }
    webhook
}

pub(super) fn tag_webhook(
    canonical: &Value,
    name: &str,
    istio_namespace: &str,
    tag: &str,
    revision: &str,
) -> Value {
    let absent = |key: &str| json!({ "key": key, "operator": "DoesNotExist" });
    let is = |key: &str, value: &str| json!({ "key": key, "operator": "In", "values": [value] });
    let not_false = || json!({ "key": label::INJECT, "operator": "NotIn", "values": ["false"] });
    let (rev, injection, inject) = (label::REV, label::INJECTION, label::INJECT);
    let one = |name, namespaces: Value, objects: Value| {
        webhook(
            canonical,
            name,
            istio_namespace,
            revision,
            &namespaces,
            &objects,
        )
    };
    let mut webhooks = vec![
        one(
            "rev.namespace",
            json!([is(rev, tag), absent(injection)]),
            json!([not_false()]),
        ),
        one(
            "rev.object",
            json!([absent(rev), absent(injection)]),
            json!([not_false(), is(rev, tag)]),
        ),
    ];
    if tag == DEFAULT {
        webhooks.push(one(
            "namespace",
            json!([is(injection, "enabled")]),
            json!([not_false()]),
        ));
        webhooks.push(one(
            "object",
            json!([absent(injection), absent(rev)]),
            json!([is(inject, "true"), absent(rev)]),
        ));
    }
    json!({
        "apiVersion": Kind::MutatingWebhookConfiguration.api_version(),
        "kind": Kind::MutatingWebhookConfiguration.name(),
        "metadata": {
            "name": name,
            "labels": { "app": "sidecar-injector", label::REV: revision, label::TAG: tag },
        },
        "webhooks": webhooks,
    })
}

pub(super) fn tag_service(name: &str, istio_namespace: &str, tag: &str, revision: &str) -> Value {
    let port = |name: &str, port: u16, target: u16| json!({ "name": name, "port": port, "protocol": "TCP", "targetPort": target });
    json!({
        "apiVersion": "v1",
        "kind": "Service",
        "metadata": {
            "name": name,
            "namespace": istio_namespace,
            "labels": { "app": "istiod", "istio": "pilot", label::REV: revision, label::TAG: tag },
        },
        "spec": {
            "ports": [
                port("grpc-xds", 15010, 15010),
                port("https-dns", 15012, 15012),
                port("https-webhook", 443, 15017),
                port("http-monitoring", 15014, 15014),
            ],
            "selector": { "app": "istiod", label::REV: revision },
        },
    })
}

pub(super) fn default_validator(
    name: &str,
    istio_namespace: &str,
    revision: &str,
    ca: &Value,
) -> Value {
    json!({
        "apiVersion": Kind::ValidatingWebhookConfiguration.api_version(),
        "kind": Kind::ValidatingWebhookConfiguration.name(),
        "metadata": {
            "name": name,
            "labels": { "app": "istiod", "istio": "istiod", label::REV: revision, label::TAG: DEFAULT },
        },
        "webhooks": [{
            "name": "validation.istio.io",
            "admissionReviewVersions": ["v1"],
            "clientConfig": {
                "caBundle": ca,
                "service": {
                    "name": istiod_service(revision),
                    "namespace": istio_namespace,
                    "path": "/validate",
                    "port": 443,
                },
            },
            "failurePolicy": "Ignore",
            "matchPolicy": "Equivalent",
            "namespaceSelector": {},
            "objectSelector": {
                "matchExpressions": [{ "key": label::REV, "operator": "DoesNotExist" }],
            },
            "rules": [{
                "apiGroups": [
                    "security.istio.io", "networking.istio.io", "telemetry.istio.io",
                    "extensions.istio.io",
                ],
                "apiVersions": ["*"],
                "operations": ["CREATE", "UPDATE"],
                "resources": ["*"],
                "scope": "*",
            }],
            "sideEffects": "None",
            "timeoutSeconds": 10,
        }],
    })
}

/// The un-revisioned injector as `tag set default` leaves it.
pub(super) fn deactivated(injector: &Value) -> Value {
    let mut object = without_server_fields(Kind::MutatingWebhookConfiguration, injector);
    let never = json!({ "matchLabels": { NEVER_MATCH.0: NEVER_MATCH.1 } });
    for webhook in object["webhooks"].as_array_mut().into_iter().flatten() {
        webhook["namespaceSelector"] = never.clone();
        webhook["objectSelector"] = never.clone();
    }
    object
}
