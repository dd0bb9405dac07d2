//! Whether a record's images are what an operation on its policies could have written. Whoever may write `ConfigMaps`
//! in the Istio namespace could plant one.

use mesh_common::journal::{Action, Image, Record};
use serde_json::Value;

use crate::{
    copy,
    scene::Found,
    watch::telemetry::object::{self, Ours},
};

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
    if key.kind.is_telemetry() {
        return of_telemetry(record, image, namespace, now);
    }
    let named = record.policies.iter().any(|policy| {
        policy.split_once('/').is_some_and(|(ns, name)| {
            ns == namespace && (name == key.name || copy::name(name).is_ok_and(|c| c == key.name))
        })
    });
    if !named {
        return Some("this is neither a policy that the record is about, nor its copy");
    }
    for side in [&image.before, &image.planned].into_iter().flatten() {
        if Found::of(side.clone()).is_err() {
            return Some("an image is no AuthorizationPolicy");
        }
    }
    of_another(image, namespace, now)
}

/// A watch makes one, and a rollback of that removes it. Nothing is ever brought back.
fn of_telemetry(
    record: &Record,
    image: &Image,
    namespace: &str,
    now: Option<&Value>,
) -> Option<&'static str> {
    let named = record.policies.iter().any(|policy| {
        policy
            .split_once('/')
            .is_some_and(|(ns, name)| ns == namespace && object::name(name) == image.key.name)
    });
    if !named {
        return Some("this is not the Telemetry of a policy that the record is about");
    }
    let ((Action::AccessLog, None, Some(side)) | (Action::Rollback, Some(side), None)) =
        (record.action, &image.before, &image.planned)
    else {
        return Some("a watch makes a Telemetry, and a rollback removes it");
    };
    if now.is_some_and(|now| Ours::read(now).is_none()) {
        return Some("what stands there is none that a watch made");
    }
    object::suspicion(side).or_else(|| of_another(image, namespace, now))
}

fn of_another(image: &Image, namespace: &str, now: Option<&Value>) -> Option<&'static str> {
    let has = |object: Option<&Value>, field: &str| {
        object
            .map(|o| o["metadata"][field].clone())
            .unwrap_or_default()
    };
    for side in [&image.before, &image.planned].into_iter().flatten() {
        let meta = &side["metadata"];
        if meta["name"] != *image.key.name || meta["namespace"] != *namespace {
            return Some("an image is of another object");
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
    #[allow(clippy::too_many_lines, reason = "a table")]
    fn a_telemetry_is_made_by_a_watch_and_removed_and_never_anything_else() {
        let name = "lockdown-access-log";
        let telemetry = |name: &str| {
            json!({
                "apiVersion": "telemetry.istio.io/v1", "kind": "Telemetry",
                "metadata": {"name": name, "namespace": "payments",
                    "labels": {"app.kubernetes.io/managed-by": "kubectl-mesh"},
                    "annotations": {object::OF: "lockdown"}},
                "spec": {"selector": {"matchLabels": {"app": "ledger"}}, "accessLogging": []},
            })
        };
        let of =
            |action: &str, name: &str, before: &Value, planned: &Value, now: Option<&Value>| {
                let mut record = record(
                    &json!([{"kind": "Telemetry", "namespace": "payments", "name": name,
                "before": before, "planned": planned}]),
                );
                record.action = serde_json::from_value(json!(action)).unwrap();
                suspicions(&record, &[now.cloned()])
            };
        let (none, ours) = (Value::Null, telemetry(name));
        let mut theirs = ours.clone();
        theirs["metadata"]["labels"] = json!({});
        let mut traces = ours.clone();
        traces["spec"]["tracing"] = json!([{}]);
        let mut owned = ours.clone();
        owned["metadata"]["finalizers"] = json!(["x/y"]);
        let other = telemetry("other-access-log");
        for (what, action, name, before, planned, now, good) in [
            ("made", "accessLog", name, &none, &ours, None, true),
            (
                "made, and there",
                "accessLog",
                name,
                &none,
                &ours,
                Some(&ours),
                true,
            ),
            ("removed", "rollback", name, &ours, &none, Some(&ours), true),
            ("gone", "rollback", name, &ours, &none, None, true),
            ("brought back", "rollback", name, &none, &ours, None, false),
            (
                "replaced",
                "accessLog",
                name,
                &ours,
                &ours,
                Some(&ours),
                false,
            ),
            (
                "removed by its making",
                "accessLog",
                name,
                &ours,
                &none,
                Some(&ours),
                false,
            ),
            (
                "another policy's",
                "accessLog",
                "other-access-log",
                &none,
                &other,
                None,
                false,
            ),
            (
                "another object's image",
                "accessLog",
                name,
                &none,
                &other,
                None,
                false,
            ),
            (
                "somebody else's there",
                "accessLog",
                name,
                &none,
                &ours,
                Some(&theirs),
                false,
            ),
            (
                "somebody else's removed",
                "rollback",
                name,
                &theirs,
                &none,
                Some(&theirs),
                false,
            ),
            (
                "more than logs",
                "accessLog",
                name,
                &none,
                &traces,
                None,
                false,
            ),
            ("a finalizer", "accessLog", name, &none, &owned, None, false),
        ] {
            let found = of(action, name, before, planned, now);
            assert_eq!(found.is_empty(), good, "{what}: {found:?}");
        }
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
