//! Whether a record's images are what an operation on its policies could have written. Whoever may write `ConfigMaps`
//! in the Istio namespace could plant one.

use mesh_common::journal::{Image, Record};
use serde_json::Value;

use crate::{copy, scene::Found};

/// Why a record is not one of ours, one line each.
pub(crate) fn suspicions(record: &Record, now: &[Option<Value>]) -> Vec<String> {
    let mut lines = Vec::new();
    for (image, now) in record.images.iter().zip(now) {
        if let Some(why) = suspicion(record, image, now.as_ref()) {
            lines.push(format!("{}: {why}", image.key));
        }
    }
    lines
}

fn suspicion(record: &Record, image: &Image, now: Option<&Value>) -> Option<&'static str> {
    let key = &image.key;
    let namespace = key.namespace.as_deref().unwrap_or_default();
    let named = record.policies.iter().any(|policy| {
        policy.split_once('/').is_some_and(|(ns, name)| {
            ns == namespace && (name == key.name || copy::name(name).is_ok_and(|c| c == key.name))
        })
    });
    if !named {
        return Some("this is neither a policy that the record is about, nor its copy");
    }
    let has = |object: Option<&Value>, field: &str| {
        object
            .map(|o| o["metadata"][field].clone())
            .unwrap_or_default()
    };
    for side in [&image.before, &image.planned].into_iter().flatten() {
        let meta = &side["metadata"];
        if meta["name"] != *key.name || meta["namespace"] != *namespace {
            return Some("an image is of another object");
        }
        if Found::of(side.clone()).is_err() {
            return Some("an image is no AuthorizationPolicy");
        }
        // A planted owner or finalizer would hand the object to somebody else, or to the garbage collector.
        if ["ownerReferences", "finalizers"]
            .iter()
            .any(|field| meta[field] != has(now, field))
        {
            return Some("an image has other owners or finalizers than the object");
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn policy(name: &str) -> Value {
        json!({
            "apiVersion": "security.istio.io/v1", "kind": "AuthorizationPolicy",
            "metadata": {"name": name, "namespace": "payments"}, "spec": {"action": "DENY"},
        })
    }

    fn record(images: &Value) -> Record {
        serde_json::from_value(json!({
            "apiVersion": "kubectl-mesh/v1alpha1", "kind": "Operation", "id": "x", "action": "enforce",
            "policies": ["payments/lockdown"],
            "clusterUid": "0", "istioNamespace": "istio-system", "user": "jane", "version": "0",
            "started": "2026-11-21T06:15:02Z", "childDeadline": "2026-11-21T06:16:02Z", "state": "done",
            "images": images,
        }))
        .unwrap()
    }

    fn image(name: &str, before: &Value) -> Value {
        json!({"kind": "AuthorizationPolicy", "namespace": "payments", "name": name,
            "before": before, "planned": null})
    }

    #[test]
    fn only_the_policy_and_its_copy_are_ever_touched() {
        let with = |edit: fn(&mut Value)| {
            let mut object = policy("lockdown");
            edit(&mut object);
            image("lockdown", &object)
        };
        let cases = [
            ("the policy", image("lockdown", &policy("lockdown")), true),
            (
                "its copy",
                image("lockdown-audit", &policy("lockdown-audit")),
                true,
            ),
            ("another", image("allow-all", &policy("allow-all")), false),
            (
                "another's image",
                image("lockdown", &policy("allow-all")),
                false,
            ),
            (
                "another namespace",
                with(|o| o["metadata"]["namespace"] = "shop".into()),
                false,
            ),
            ("another kind", with(|o| o["kind"] = "Secret".into()), false),
            (
                "no policy",
                with(|o| o["spec"]["action"] = "MAYBE".into()),
                false,
            ),
            (
                "a finalizer",
                with(|o| o["metadata"]["finalizers"] = json!(["x/y"])),
                false,
            ),
        ];
        for (what, image, good) in cases {
            let found = suspicions(&record(&json!([image])), &[None]);
            assert_eq!(found.is_empty(), good, "{what}: {found:?}");
        }
    }
}
