//! What a CRD knows: which fields it would drop without a word, and whether one may take the place of another.

use serde_json::Value;

/// Fields that are named where many would be dropped.
const NAMED: usize = 5;

/// The schema of one version of a CRD; none where the CRD keeps whatever it is given.
pub(crate) fn of<'a>(crd: &'a Value, version: &str) -> Option<&'a Value> {
    if crd["spec"]["preserveUnknownFields"] == true {
        return None;
    }
    let versions = crd["spec"]["versions"].as_array()?;
    let found = versions.iter().find(|v| v["name"] == version)?;
    Some(&found["schema"]["openAPIV3Schema"]).filter(|s| s.is_object())
}

/// The version that is stored.
fn storage(crd: &Value) -> Option<&str> {
    let versions = crd["spec"]["versions"].as_array()?;
    versions.iter().find(|v| v["storage"] == true)?["name"].as_str()
}

/// Fields of an object that the schema does not know, so that the API server would drop them.
pub(crate) fn unknown(schema: &Value, object: &Value) -> Vec<String> {
    let mut found = Vec::new();
    if let Some(fields) = object.as_object() {
        for (name, value) in fields {
            if matches!(name.as_str(), "apiVersion" | "kind" | "metadata" | "status") {
                continue;
            }
            field(schema, name, name, value, &mut found);
        }
    }
    found.truncate(NAMED);
    found
}

fn field(schema: &Value, name: &str, path: &str, value: &Value, found: &mut Vec<String>) {
    match child(schema, name) {
        Child::Known(schema) => walk(schema, path, value, found),
        Child::Anything => {}
        Child::Dropped => found.push(path.to_owned()),
    }
}

fn walk(schema: &Value, path: &str, value: &Value, found: &mut Vec<String>) {
    match value {
        Value::Object(fields) => {
            for (name, value) in fields {
                field(schema, name, &format!("{path}.{name}"), value, found);
            }
        }
        Value::Array(items) => {
            for (n, item) in items.iter().enumerate() {
                walk(&schema["items"], &format!("{path}[{n}]"), item, found);
            }
        }
        _ => {}
    }
}

/// What a schema says of a field.
pub(crate) enum Child<'a> {
    /// It has a schema of its own.
    Known(&'a Value),
    /// Whatever it is, it is kept.
    Anything,
    /// It is not known, so it is dropped.
    Dropped,
}

/// What a schema says of a field (apiextensions-apiserver `pkg/apiserver/schema/pruning`).
pub(crate) fn child<'a>(schema: &'a Value, name: &str) -> Child<'a> {
    if let Some(known) = schema["properties"].get(name) {
        return Child::Known(known);
    }
    if schema["x-kubernetes-preserve-unknown-fields"] == true {
        return Child::Anything;
    }
    match &schema["additionalProperties"] {
        Value::Object(_) => Child::Known(&schema["additionalProperties"]),
        Value::Bool(true) => Child::Anything,
        // No schema at all: what is below a field that keeps everything.
        _ if schema.is_null() => Child::Anything,
        _ => Child::Dropped,
    }
}

/// Why a CRD of an archive may not take the place of the one that is there. `stored` are the objects of the
/// kind, as they are now.
pub(crate) fn may_replace<'a>(
    live: &Value,
    archived: &Value,
    stored: impl Iterator<Item = &'a Value>,
) -> Result<(), String> {
    for (field, what) in [("group", "group"), ("scope", "scope"), ("names", "names")] {
        let (now, then) = (&live["spec"][field], &archived["spec"][field]);
        let differs = match field {
            "names" => now["kind"] != then["kind"] || now["plural"] != then["plural"],
            _ => now != then,
        };
        if differs {
            return Err(format!("its {what} cannot be changed in place"));
        }
    }
    let names = |crd: &Value| -> Vec<String> {
        let versions = crd["spec"]["versions"].as_array();
        versions
            .into_iter()
            .flatten()
            .filter_map(|v| v["name"].as_str().map(str::to_owned))
            .collect()
    };
    let archived_versions = names(archived);
    let stored_versions = live["status"]["storedVersions"].as_array();
    for version in stored_versions
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
    {
        if !archived_versions.iter().any(|v| v == version) {
            return Err(format!(
                "it drops version {version}, which objects are stored in"
            ));
        }
    }
    let Some(version) = storage(archived) else {
        return Err("it has no version to store objects in".into());
    };
    let Some(schema) = of(archived, version) else {
        return Ok(());
    };
    for object in stored {
        let lost = unknown(schema, object);
        if let Some(first) = lost.first() {
            let name = object["metadata"]["name"].as_str().unwrap_or_default();
            let place = match object["metadata"]["namespace"].as_str() {
                Some(ns) => format!("{ns}/{name}"),
                None => name.to_owned(),
            };
            return Err(format!("it does not know {first}, which {place} has"));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn crd(versions: &[(&str, bool)], spec: &Value) -> Value {
        let versions: Vec<Value> = versions
            .iter()
            .map(|(name, storage)| {
                json!({ "name": name, "served": true, "storage": storage, "schema": { "openAPIV3Schema": {
                    "type": "object", "properties": { "spec": { "type": "object", "properties": spec } } } } })
            })
            .collect();
        json!({
            "spec": { "group": "networking.istio.io", "scope": "Namespaced",
                "names": { "kind": "Sidecar", "plural": "sidecars" }, "versions": versions },
            "status": { "storedVersions": ["v1"] },
        })
    }

    fn sidecar(spec: &Value) -> Value {
        json!({ "apiVersion": "networking.istio.io/v1", "kind": "Sidecar",
            "metadata": { "name": "x", "namespace": "shop" }, "spec": spec, "status": { "any": 1 } })
    }

    #[test]
    fn fields_that_would_be_dropped_without_a_word() {
        let crd = crd(
            &[("v1", true)],
            &json!({
                "egress": { "type": "array", "items": { "properties": { "hosts": { "type": "array" } } } },
                "labels": { "additionalProperties": { "type": "string" } },
                "any": { "type": "object", "x-kubernetes-preserve-unknown-fields": true },
            }),
        );
        let schema = of(&crd, "v1").unwrap();
        for (spec, want) in [
            (json!({ "egress": [{ "hosts": ["a"] }] }), vec![]),
            (
                json!({ "egress": [{ "hosts": [] }, { "port": 1 }] }),
                vec!["spec.egress[1].port"],
            ),
            (json!({ "labels": { "a.b/c": "x" } }), vec![]),
            (json!({ "any": { "deep": { "er": [{ "x": 1 }] } } }), vec![]),
            (json!({ "newer": { "a": 1 } }), vec!["spec.newer"]),
        ] {
            assert_eq!(unknown(schema, &sidecar(&spec)), want, "{spec}");
        }
        let mut keeps = crd.clone();
        keeps["spec"]["preserveUnknownFields"] = true.into();
        assert!(of(&keeps, "v1").is_none());
    }

    #[test]
    fn a_crd_is_replaced_only_if_nothing_is_lost() {
        let hosts = json!({ "hosts": { "type": "array" } });
        let more = json!({ "hosts": { "type": "array" }, "tls": { "type": "object", "properties": { "mode": {} } } });
        let live = crd(&[("v1", true), ("v1beta1", false)], &more);
        let plain = sidecar(&json!({ "hosts": ["a"] }));
        let newer = sidecar(&json!({ "hosts": ["a"], "tls": { "mode": "SIMPLE" } }));
        let same = crd(&[("v1", true)], &more);
        let older = crd(&[("v1", true)], &hosts);
        let other_version = crd(&[("v1beta1", true)], &more);
        let mut scope = same.clone();
        scope["spec"]["scope"] = "Cluster".into();
        let mut two = live.clone();
        two["status"]["storedVersions"] = json!(["v1", "v1beta1"]);
        let table: [(&str, &Value, &Value, &Value, Option<&str>); 6] = [
            ("equal", &live, &same, &newer, None),
            (
                "older, and nobody uses what it lacks",
                &live,
                &older,
                &plain,
                None,
            ),
            (
                "older, and somebody does",
                &live,
                &older,
                &newer,
                Some("it does not know spec.tls, which shop/x has"),
            ),
            (
                "the stored version goes",
                &live,
                &other_version,
                &plain,
                Some("it drops version v1, which objects are stored in"),
            ),
            (
                "one of two stored versions goes",
                &two,
                &same,
                &plain,
                Some("it drops version v1beta1, which objects are stored in"),
            ),
            (
                "another scope",
                &live,
                &scope,
                &plain,
                Some("its scope cannot be changed in place"),
            ),
        ];
        for (name, live, archived, stored, want) in table {
            let got = may_replace(live, archived, std::iter::once(stored)).err();
            assert_eq!(got.as_deref(), want, "{name}");
        }
    }
}
