//! The objects behind a tag: what is there now, and what `istioctl tag set` and `tag remove` will make
//! of it, version by version. Pure.
//!
//! Why compute what istioctl will do: it writes its objects in parallel and tells nobody which
//! (`istioctl/pkg/tag/generate.go`), so the plan, the before-images and the read-back need it first. A
//! test holds every recorded `tag set` against this.

use mesh_common::{
    error::{Error, Result},
    journal::{Image, Key, Kind, image::without_server_fields},
    mesh::{Raw, label, raw::tag as tag_of},
};
use serde_json::{Value, json};

/// From this minor on istioctl makes a Service per tag, and istiod honours it (PR istio/istio#56963).
pub(crate) const SERVICE_SINCE: u64 = 28;
/// From this minor on `tag remove` removes validators with the tag's label (istio/istio#60538).
const REMOVES_VALIDATOR_SINCE: u64 = 31;
/// The selector that switches a webhook off (`istioctl/pkg/util/common.go`, `NeverMatch`).
const NEVER_MATCH: (&str, &str) = ("istio.io/deactivated", "never-match");
/// The tag that also governs `istio-injection=enabled` and the validation of unlabelled objects.
pub(crate) const DEFAULT: &str = "default";

/// What `istioctl tag set` writes, and under which name.
#[derive(Debug, Clone)]
pub(crate) struct TagSet {
    /// Name of the webhook configuration; one that is not istioctl's own choice must be given to it.
    pub(crate) webhook_name: String,
    /// Whether that name must be given by `--webhook-name`.
    pub(crate) custom_name: bool,
    /// Every object it may write.
    pub(crate) images: Vec<Image>,
}

/// What `istioctl tag set TAG --revision REVISION --overwrite` of this minor version will write.
///
/// # Errors
/// The revision has no injector of its own, or the tag is made by two webhooks already.
pub(crate) fn tag_set(
    live: &Raw,
    istio_namespace: &str,
    tag: &str,
    revision: &str,
    minor: u64,
) -> Result<TagSet> {
    let Some(canonical) = live.injector_of(revision) else {
        return Err(
            Error::user(format!("revision {revision} has no injector of its own"))
                .hint("kubectl get mutatingwebhookconfigurations -L istio.io/rev,istio.io/tag"),
        );
    };
    let own_name = webhook_name(tag, istio_namespace);
    let existing = live.webhooks_of(tag);
    let webhook_name = match existing.as_slice() {
        [] => own_name.clone(),
        [one] => one["metadata"]["name"]
            .as_str()
            .unwrap_or(&own_name)
            .to_owned(),
        many => {
            let names: Vec<_> = many
                .iter()
                .filter_map(|o| o["metadata"]["name"].as_str())
                .collect();
            return Err(Error::refused(format!(
                "tag {tag} is made by {} webhook configurations: {}",
                names.len(),
                names.join(", ")
            ))
            .hint("Two injectors would take the same pods. Delete the one that should not be:")
            .hint(format!(
                "kubectl delete mutatingwebhookconfiguration {}",
                names[names.len() - 1]
            )));
        }
    };
    let mut images = vec![image(
        live,
        Key::cluster(Kind::MutatingWebhookConfiguration, &webhook_name),
        Some(tag_webhook(
            canonical,
            &webhook_name,
            istio_namespace,
            tag,
            revision,
        )),
    )];
    if minor >= SERVICE_SINCE {
        let key = Key::service(istio_namespace, service_name(tag));
        let planned = tag_service(&key.name, istio_namespace, tag, revision);
        images.push(image(live, key, Some(planned)));
    }
    if tag == DEFAULT {
        let name = "istiod-default-validator";
        let ca = canonical["webhooks"][0]["clientConfig"]["caBundle"].clone();
        images.push(image(
            live,
            Key::cluster(Kind::ValidatingWebhookConfiguration, name),
            Some(default_validator(name, istio_namespace, revision, &ca)),
        ));
        if let Some(old) = live.injector_of(DEFAULT) {
            let name = old["metadata"]["name"]
                .as_str()
                .unwrap_or_default()
                .to_owned();
            images.push(image(
                live,
                Key::cluster(Kind::MutatingWebhookConfiguration, name),
                Some(deactivated(old)),
            ));
        }
    }
    Ok(TagSet {
        custom_name: webhook_name != own_name,
        webhook_name,
        images,
    })
}

/// What `istioctl tag remove TAG -y` of this minor version will remove.
pub(crate) fn tag_remove(live: &Raw, istio_namespace: &str, tag: &str, minor: u64) -> Vec<Image> {
    let mut images: Vec<Image> = live
        .webhooks_of(tag)
        .iter()
        .filter_map(|o| o["metadata"]["name"].as_str())
        .map(|name| {
            image(
                live,
                Key::cluster(Kind::MutatingWebhookConfiguration, name),
                None,
            )
        })
        .collect();
    if minor >= SERVICE_SINCE {
        for service in live.services.iter().filter(|o| tag_of(o) == Some(tag)) {
            let name = service["metadata"]["name"].as_str().unwrap_or_default();
            images.push(image(live, Key::service(istio_namespace, name), None));
        }
    }
    if minor >= REMOVES_VALIDATOR_SINCE {
        for validator in live.validating.iter().filter(|o| tag_of(o) == Some(tag)) {
            let name = validator["metadata"]["name"].as_str().unwrap_or_default();
            images.push(image(
                live,
                Key::cluster(Kind::ValidatingWebhookConfiguration, name),
                None,
            ));
        }
    }
    images
}

/// What a removal by this minor version leaves behind: keys of objects that still carry the tag's label.
pub(crate) fn left_behind(live: &Raw, istio_namespace: &str, tag: &str, minor: u64) -> Vec<Key> {
    let removed: Vec<Key> = tag_remove(live, istio_namespace, tag, minor)
        .into_iter()
        .map(|i| i.key)
        .collect();
    let named = |o: &Value| {
        o["metadata"]["name"]
            .as_str()
            .unwrap_or_default()
            .to_owned()
    };
    let services = live
        .services
        .iter()
        .filter(|o| tag_of(o) == Some(tag))
        .map(|o| Key::service(istio_namespace, named(o)));
    let validators = live
        .validating
        .iter()
        .filter(|o| tag_of(o) == Some(tag))
        .map(|o| Key::cluster(Kind::ValidatingWebhookConfiguration, named(o)));
    services
        .chain(validators)
        .filter(|key| !removed.contains(key))
        .collect()
}

/// The name istioctl gives a tag's webhook configuration (`-<namespace>` outside istio-system).
pub(crate) fn webhook_name(tag: &str, istio_namespace: &str) -> String {
    match istio_namespace {
        "istio-system" => format!("istio-revision-tag-{tag}"),
        other => format!("istio-revision-tag-{tag}-{other}"),
    }
}

/// The name of a tag's Service.
pub(crate) fn service_name(tag: &str) -> String {
    format!("istiod-revision-tag-{tag}")
}

/// The Service of a revision's istiod.
pub(crate) fn istiod_service(revision: &str) -> String {
    match revision {
        "" | DEFAULT => "istiod".into(),
        other => format!("istiod-{other}"),
    }
}

fn image(live: &Raw, key: Key, planned: Option<Value>) -> Image {
    let before = live.before(&key);
    Image {
        key,
        before,
        planned,
        after: None,
    }
}

/// One of a tag's webhooks (`charts/istio-control/istio-discovery/templates/revision-tags-mwc.yaml`).
fn webhook(
    canonical: &Value,
    name: &str,
    istio_namespace: &str,
    revision: &str,
    namespaces: Value,
    objects: Value,
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

fn tag_webhook(
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
    let one = |name, namespaces, objects| {
        webhook(
            canonical,
            name,
            istio_namespace,
            revision,
            namespaces,
            objects,
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

fn tag_service(name: &str, istio_namespace: &str, tag: &str, revision: &str) -> Value {
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

fn default_validator(name: &str, istio_namespace: &str, revision: &str, ca: &Value) -> Value {
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
fn deactivated(injector: &Value) -> Value {
    let mut object = without_server_fields(Kind::MutatingWebhookConfiguration, injector);
    let never = json!({ "matchLabels": { NEVER_MATCH.0: NEVER_MATCH.1 } });
    for webhook in object["webhooks"].as_array_mut().into_iter().flatten() {
        webhook["namespaceSelector"] = never.clone();
        webhook["objectSelector"] = never.clone();
    }
    object
}

/// Where an image's plan leads, in words: `service istiod-1-28-1 (was istiod-1-26-1)`.
pub(crate) fn goal(image: &Image) -> String {
    let of = |object: &Option<Value>| -> Option<String> {
        let object = object.as_ref()?;
        Some(match image.key.kind {
            Kind::Service => format!(
                "istiods of {}",
                text(&object["spec"]["selector"][label::REV])
            ),
            Kind::Namespace => {
                let labels = &object["metadata"]["labels"];
                [label::REV, label::INJECTION]
                    .into_iter()
                    .filter_map(|key| Some(format!("{key}={}", labels[key].as_str()?)))
                    .collect::<Vec<_>>()
                    .join(", ")
            }
            Kind::MutatingWebhookConfiguration | Kind::ValidatingWebhookConfiguration => {
                let webhook = &object["webhooks"][0];
                if webhook["namespaceSelector"]["matchLabels"][NEVER_MATCH.0].is_string() {
                    "switched off".to_owned()
                } else {
                    let client = &webhook["clientConfig"];
                    match client["url"].as_str() {
                        Some(url) => url.to_owned(),
                        None => format!("service {}", text(&client["service"]["name"])),
                    }
                }
            }
        })
    };
    match (of(&image.before), of(&image.planned)) {
        (_, None) => "gone".into(),
        (Some(before), Some(planned)) if before != planned => {
            format!("{} (was {})", none(&planned), none(&before))
        }
        (_, Some(planned)) => none(&planned).to_owned(),
    }
}

fn none(text: &str) -> &str {
    if text.is_empty() { "no label" } else { text }
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or("?")
}

#[cfg(test)]
mod tests;
