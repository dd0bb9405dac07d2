//! Whether a record's images are what an operation of ours could have written. Whoever may write ConfigMaps
//! in the Istio namespace could plant a record, so kinds, names, owners and targets are held against what
//! istioctl and Istio's charts write for a revision that is really there.

use mesh_common::{
    journal::{Action, Image, Key, Kind, Record, image::essence},
    mesh::{
        Raw, label,
        raw::{rev, tag as tag_of},
    },
};
use serde_json::{Value, json};

use crate::objects::{self, DEFAULT, DEFAULT_VALIDATOR};

/// Why an image is not one that the operation could have made, if so.
pub(super) fn suspicion(
    record: &Record,
    image: &Image,
    raw: &Raw,
    now: Option<&Value>,
) -> Option<String> {
    let says = |why: &str| Some(format!("{}: {why}", image.key));
    let sides = [&image.before, &image.planned];
    for side in sides.into_iter().flatten() {
        if let Some(why) = misnamed(&image.key, side) {
            return says(why);
        }
    }
    let Some(tag) = &record.tag else {
        return match image.key.kind {
            Kind::Namespace => sides
                .into_iter()
                .flatten()
                .find_map(namespace)
                .and_then(says),
            _ => says("moving namespaces writes no such object"),
        };
    };
    if let Some(why) = foreign_name(tag, &record.istio_namespace, image, now) {
        return says(why);
    }
    // A rollback writes its planned side, every other way back the before side.
    let written = match record.action {
        Action::Rollback => image.planned.as_ref(),
        _ => image.before.as_ref(),
    };
    let why = unlike_istio(tag, &record.istio_namespace, &image.key, raw, now, written?)?;
    says(why)
}

/// Objects of a tag that could not be brought back by a record, because they are not as istioctl or a chart
/// writes them: `mutatingwebhookconfiguration/x: …`.
pub(crate) fn unrestorable(
    tag: &str,
    istio_namespace: &str,
    images: &[Image],
    raw: &Raw,
) -> Vec<String> {
    images
        .iter()
        .filter(|image| image.changes())
        .filter_map(|image| {
            let now = raw.get(&image.key);
            let before = image.before.as_ref()?;
            let why = unlike_istio(tag, istio_namespace, &image.key, raw, now, before)?;
            Some(format!("{}: {why}", image.key))
        })
        .collect()
}

fn misnamed(key: &Key, side: &Value) -> Option<&'static str> {
    if side["metadata"]["name"] != *key.name || side["kind"] != key.kind.name() {
        return Some("an image names another object");
    }
    (side["metadata"]["namespace"].as_str() != key.namespace.as_deref())
        .then_some("an image is of another namespace")
}

/// Labels of a namespace that no label can have.
fn namespace(side: &Value) -> Option<&'static str> {
    let labels = side["metadata"]["labels"].as_object()?;
    let known = |key: &str| key == label::REV || key == label::INJECTION;
    let plain = |value: &Value| {
        value.as_str().is_some_and(|v| {
            v.len() <= 63
                && v.chars()
                    .all(|c| c.is_ascii_alphanumeric() || "-_.".contains(c))
        })
    };
    labels
        .iter()
        .any(|(key, value)| !known(key) || !plain(value))
        .then_some("an image has other labels than a move writes")
}

/// Why an object is none of this tag's.
fn foreign_name(
    tag: &str,
    istio_namespace: &str,
    image: &Image,
    now: Option<&Value>,
) -> Option<&'static str> {
    let Key {
        kind,
        namespace,
        name,
    } = &image.key;
    match kind {
        Kind::Namespace => Some("a tag operation writes no namespaces"),
        Kind::AuthorizationPolicy => Some("a tag operation writes no policies"),
        Kind::Telemetry | Kind::TelemetryAlpha => Some("a tag operation writes no Telemetry"),
        Kind::Service => (*name != objects::service_name(tag)
            || namespace.as_deref() != Some(istio_namespace))
        .then_some("this is not the tag's Service"),
        Kind::ValidatingWebhookConfiguration => (tag != DEFAULT || name != DEFAULT_VALIDATOR)
            .then_some("only the tag default has a validator, istiod-default-validator"),
        Kind::MutatingWebhookConfiguration => {
            // What stands there decides; where nothing does, what the image says it was.
            let object = now.or(image.before.as_ref()).or(image.planned.as_ref());
            let of_tag = object.is_some_and(|o| tag_of(o) == Some(tag));
            let old_default = tag == DEFAULT
                && object.is_some_and(|o| rev(o) == Some(DEFAULT) && tag_of(o).is_none());
            (!of_tag && !old_default).then_some("this is not the tag's webhook configuration")
        }
    }
}

/// Why an object is not what istioctl or Istio's charts write for a revision that is there.
fn unlike_istio(
    tag: &str,
    istio_namespace: &str,
    key: &Key,
    raw: &Raw,
    now: Option<&Value>,
    object: &Value,
) -> Option<&'static str> {
    // A planted owner or finalizer would hand the object to somebody else, or to the garbage collector.
    let now_has = |field: &str| {
        now.map(|o| o["metadata"][field].clone())
            .unwrap_or_default()
    };
    if ["ownerReferences", "finalizers"]
        .iter()
        .any(|f| object["metadata"][f] != now_has(f))
    {
        return Some("its image has other owners or finalizers than the object");
    }
    if key.kind == Kind::Service {
        let spec = &object["spec"];
        let revision = rev(object).unwrap_or_default();
        let selects = json!({ "app": "istiod", label::REV: revision });
        let reaches_out = ["externalIPs", "externalName", "loadBalancerIP"]
            .iter()
            .any(|field| !spec[field].is_null());
        let inside = spec["type"].is_null() || spec["type"] == "ClusterIP";
        return (spec["selector"] != selects || reaches_out || !inside)
            .then_some("its image is not the Service of an istiod");
    }
    let Some(revision) = rev(object) else {
        return Some("its image names no revision");
    };
    let Some(own) = raw.injector_of(revision) else {
        return Some("its image names a revision that has no injector");
    };
    let want = match (key.kind, tag_of(object)) {
        (Kind::ValidatingWebhookConfiguration, _) => {
            objects::validator_of(own, istio_namespace, revision)
        }
        (_, Some(_)) => objects::webhook_of(own, &key.name, istio_namespace, tag, revision),
        (_, None) => objects::default_injector(own, istio_namespace),
    };
    let essential = |o: &Value| {
        let mut o = o.clone();
        if let Some(webhooks) = o["webhooks"].as_array_mut() {
            // enableNamespacesByDefault adds this one; it takes what nothing else asks for.
            webhooks.retain(|w| w["name"] != "auto.sidecar-injector.istio.io");
        }
        // A validator's tag label came with 1.21; it decides nothing.
        if key.kind == Kind::ValidatingWebhookConfiguration {
            o["metadata"]["labels"][label::TAG] = Value::Null;
        }
        essence(key.kind, &o)
    };
    (essential(&want) != essential(object))
        .then_some("its image is not what istioctl or Istio's charts write")
}
