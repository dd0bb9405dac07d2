//! What the API server adds to an object and nobody wrote: set aside where objects are compared, shown or restored.

use serde_json::Value;

/// Metadata that only the API server sets.
const SERVER: &[&str] = &[
    "uid",
    "creationTimestamp",
    "deletionTimestamp",
    "deletionGracePeriodSeconds",
    "generation",
    "resourceVersion",
    "managedFields",
    "selfLink",
];

/// Takes the status and the server's metadata out of an object.
pub(crate) fn set_aside(object: &mut Value) {
    let Some(fields) = object.as_object_mut() else {
        return;
    };
    fields.remove("status");
    if let Some(metadata) = fields.get_mut("metadata").and_then(Value::as_object_mut) {
        for field in SERVER {
            metadata.remove(*field);
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_a_person_wrote_stays() {
        let mut object = json!({
            "apiVersion": "v1", "kind": "Service",
            "metadata": { "name": "web", "namespace": "shop", "uid": "1", "resourceVersion": "7", "generation": 2,
                "creationTimestamp": "2026-11-21T06:00:00Z", "managedFields": [], "labels": { "app": "web" } },
            "spec": { "ports": [{ "port": 80 }] },
            "status": { "loadBalancer": {} },
        });
        set_aside(&mut object);
        assert_eq!(
            object,
            json!({
                "apiVersion": "v1", "kind": "Service",
                "metadata": { "name": "web", "namespace": "shop", "labels": { "app": "web" } },
                "spec": { "ports": [{ "port": 80 }] },
            })
        );
    }
}
