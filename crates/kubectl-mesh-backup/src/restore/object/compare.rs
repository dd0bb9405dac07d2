//! What of an object is compared, and where two differ.

use std::{collections::BTreeSet, fmt::Write as _};

use serde_json::{Map, Value};

use super::{list_mut, unrolled};
use crate::{
    noise,
    restore::{key::Key, managers::Step},
};

/// What of an object is compared: nothing that only the server or istiod sets, empty maps as absent.
pub(crate) fn comparable(key: &Key, object: &Value) -> Value {
    let mut object = object.clone();
    noise::set_aside(&mut object);
    unrolled(&mut object);
    object["apiVersion"] = key.group.as_str().into();
    object["kind"] = key.kind.as_str().into();
    if key.is("", "ServiceAccount")
        && let Some(fields) = object.as_object_mut()
    {
        fields.remove("secrets");
    }
    if key.is("", "Namespace")
        && let Some(fields) = object.as_object_mut()
    {
        fields.remove("spec");
    }
    for hook in list_mut(&mut object, "/webhooks") {
        if let Some(config) = hook.get_mut("clientConfig").and_then(Value::as_object_mut) {
            config.remove("caBundle");
        }
        if key.kind == "ValidatingWebhookConfiguration"
            && let Some(hook) = hook.as_object_mut()
        {
            hook.remove("failurePolicy");
        }
    }
    for owner in list_mut(&mut object, "/metadata/ownerReferences") {
        if let Some(owner) = owner.as_object_mut() {
            owner.remove("uid");
        }
    }
    if let Some(metadata) = object.get_mut("metadata").and_then(Value::as_object_mut) {
        metadata.retain(|_, v| {
            !v.as_object().is_some_and(Map::is_empty) && !v.as_array().is_some_and(Vec::is_empty)
        });
    }
    if let Some(fields) = object.as_object_mut() {
        fields.retain(|_, v| !v.is_null());
    }
    object
}

/// Where two objects differ, as paths, and the steps that lead there.
pub(crate) fn differing<'a>(a: &'a Value, b: &'a Value) -> Vec<(String, Vec<Step<'a>>)> {
    let mut found = Vec::new();
    walk(a, b, &mut Vec::new(), &mut found);
    found
}

fn walk<'a>(
    a: &'a Value,
    b: &'a Value,
    at: &mut Vec<Step<'a>>,
    found: &mut Vec<(String, Vec<Step<'a>>)>,
) {
    match (a, b) {
        (Value::Object(x), Value::Object(y)) => {
            let names: BTreeSet<&'a String> = x.keys().chain(y.keys()).collect();
            for name in names {
                at.push(Step::Field(name));
                walk(
                    a.get(name).unwrap_or(&Value::Null),
                    b.get(name).unwrap_or(&Value::Null),
                    at,
                    found,
                );
                at.pop();
            }
        }
        (Value::Array(x), Value::Array(y)) if x.len() == y.len() => {
            for (n, (x, y)) in x.iter().zip(y).enumerate() {
                at.push(Step::Item(x, n));
                walk(x, y, at, found);
                at.pop();
            }
        }
        _ if a == b => {}
        _ => found.push((path(at), at.clone())),
    }
}

fn path(steps: &[Step<'_>]) -> String {
    let mut path = String::new();
    for step in steps {
        match step {
            Step::Field(name) if name.chars().all(|c| c.is_alphanumeric() || c == '_') => {
                if !path.is_empty() {
                    path.push('.');
                }
                path.push_str(name);
            }
            // Writing to a String does not fail.
            Step::Field(name) => drop(write!(path, "[\"{name}\"]")),
            Step::Item(_, n) => drop(write!(path, "[{n}]")),
        }
    }
    path
}
