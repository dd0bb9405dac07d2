//! Fields that are here and that the archive could not know: they stay.

use serde_json::Value;

use super::World;
use crate::restore::{
    key::{Api, Key},
    schema::{self, Child},
};

/// Puts back what is there and the archive could not know: fields that its CRD did not have. What it did know and did not
/// have is meant to go. Of Kubernetes' own kinds nobody knows which fields are newer, so after an upgrade all are kept.
pub(super) fn keep(
    key: &Key,
    archived: &Value,
    live: &Value,
    object: &mut Value,
    world: &World,
) -> Vec<String> {
    let mut kept = Vec::new();
    let of = (key.group.clone(), key.kind.clone());
    let version = archived["apiVersion"]
        .as_str()
        .map(|api| api.rsplit('/').next().unwrap_or(api));
    let schema = match world.archived_crds.get(&of) {
        Some(crd) => match version.and_then(|v| schema::of(crd, v)) {
            Some(schema) => Some(schema),
            // It kept whatever it was given: what is not in the archive was not there.
            None => return kept,
        },
        None if Api::builtin(&key.group, &key.kind).is_some() => {
            if world.same_kubernetes {
                return kept;
            }
            None
        }
        // A kind whose CRD is not in the archive: nothing is known of it, so nothing is taken away.
        None => None,
    };
    for (name, value) in live.as_object().into_iter().flatten() {
        if matches!(
            name.as_str(),
            "apiVersion" | "kind" | "metadata" | "status" | "data" | "binaryData"
        ) {
            continue;
        }
        add(schema, name, name, value, object, &mut kept);
    }
    kept
}

fn add(
    schema: Option<&Value>,
    name: &str,
    path: &str,
    live: &Value,
    into: &mut Value,
    kept: &mut Vec<String>,
) {
    let below = match schema.map(|s| schema::child(s, name)) {
        None => None,
        Some(Child::Known(schema)) => Some(schema),
        Some(Child::Anything) => return,
        Some(Child::Dropped) => {
            insert(name, path, live, into, kept);
            return;
        }
    };
    match (into.get_mut(name), live) {
        (None, _) if schema.is_none() => insert(name, path, live, into, kept),
        (Some(there), Value::Object(fields)) if there.is_object() => {
            for (name, value) in fields {
                add(below, name, &format!("{path}.{name}"), value, there, kept);
            }
        }
        (Some(Value::Array(there)), Value::Array(items)) if there.len() == items.len() => {
            let schema = below.map(|s| &s["items"]);
            for (n, (there, item)) in there.iter_mut().zip(items).enumerate() {
                for (name, value) in item.as_object().into_iter().flatten() {
                    if there.is_object() {
                        add(
                            schema,
                            name,
                            &format!("{path}[{n}].{name}"),
                            value,
                            there,
                            kept,
                        );
                    }
                }
            }
        }
        _ => {}
    }
}

fn insert(name: &str, path: &str, live: &Value, into: &mut Value, kept: &mut Vec<String>) {
    if let Some(fields) = into.as_object_mut()
        && !fields.contains_key(name)
    {
        fields.insert(name.into(), live.clone());
        kept.push(path.to_owned());
    }
}
