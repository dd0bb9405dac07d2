//! What differs between two documents, by path.

use std::{collections::BTreeSet, fmt};

use serde_json::Value;

use crate::output::clean;

/// Longest value that is shown, in characters.
const VALUE_MAX: usize = 80;

/// One difference.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Difference {
    /// Where: `defaultConfig.concurrency`, `extensionProviders[otel].opentelemetry.port`.
    pub(super) path: String,
    /// What it was, if it was there.
    pub(super) old: Option<Value>,
    /// What it is, if it is there.
    pub(super) new: Option<Value>,
}

impl Difference {
    /// The same within a document of this name.
    pub(super) fn under(mut self, document: &str) -> Self {
        self.path = format!("{document}.{}", self.path);
        self
    }
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let shown = |v: &Option<Value>| match v {
            None => "(not set)".to_owned(),
            Some(Value::String(text)) => clean(text, VALUE_MAX),
            Some(value) => clean(&value.to_string(), VALUE_MAX),
        };
        let path = clean(&self.path, 160);
        write!(f, "{path}: {} → {}", shown(&self.old), shown(&self.new))
    }
}

/// All differences, in the order of their paths. A path for which `skip` holds is left out with all below it. Absent,
/// null and empty are the same.
pub(super) fn differences(
    old: &Value,
    new: &Value,
    skip: impl Fn(&str) -> bool,
) -> Vec<Difference> {
    let mut out = Vec::new();
    walk(String::new(), Some(old), Some(new), &skip, &mut out);
    out
}

fn walk(
    path: String,
    old: Option<&Value>,
    new: Option<&Value>,
    skip: &dyn Fn(&str) -> bool,
    out: &mut Vec<Difference>,
) {
    let (old, new) = (old.filter(|v| !is_empty(v)), new.filter(|v| !is_empty(v)));
    if old == new || (!path.is_empty() && skip(&path)) {
        return;
    }
    match (fields(old), fields(new)) {
        (Some(a), Some(b)) => {
            let keys: BTreeSet<&str> = a.iter().chain(&b).map(|(key, _)| key.as_str()).collect();
            let find = |fields: &[(String, &'_ Value)], key: &str| {
                fields.iter().position(|(k, _)| k == key)
            };
            for key in keys {
                let below = join(&path, key);
                let (x, y) = (find(&a, key).map(|n| a[n].1), find(&b, key).map(|n| b[n].1));
                walk(below, x, y, skip, out);
            }
        }
        _ => out.push(Difference {
            path: if path.is_empty() {
                "(document)".into()
            } else {
                path
            },
            old: old.cloned(),
            new: new.cloned(),
        }),
    }
}

fn join(path: &str, key: &str) -> String {
    if path.is_empty() || key.starts_with('[') {
        format!("{path}{key}")
    } else {
        format!("{path}.{key}")
    }
}

/// The parts of an object, or of a list of objects that have a name each; an absent one has none. Other lists and
/// values are compared whole.
fn fields(value: Option<&Value>) -> Option<Vec<(String, &Value)>> {
    match value {
        None => Some(Vec::new()),
        Some(Value::Object(map)) => Some(map.iter().map(|(k, v)| (k.clone(), v)).collect()),
        Some(Value::Array(list)) if !list.is_empty() => {
            let named = |v: &Value| {
                v.get("name")
                    .and_then(Value::as_str)
                    .map(|n| format!("[{n}]"))
            };
            let names: Option<Vec<String>> = list.iter().map(named).collect();
            let names = names?;
            let unique: BTreeSet<&String> = names.iter().collect();
            (unique.len() == names.len()).then(|| names.iter().cloned().zip(list).collect())
        }
        Some(_) => None,
    }
}

fn is_empty(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text.is_empty(),
        Value::Array(list) => list.is_empty(),
        Value::Object(map) => map.is_empty(),
        Value::Bool(_) | Value::Number(_) => false,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn paths_and_values() {
        let old = json!({
            "a": { "b": 1, "same": [1, 2] }, "gone": "x", "list": [1], "empty": {}, "null": null,
            "providers": [{ "name": "otel", "port": 4317 }, { "name": "log" }],
        });
        let new = json!({
            "a": { "b": 2, "same": [1, 2] }, "list": [1, 2], "new": { "deep": true }, "skipped": { "x": 1 },
            "providers": [{ "name": "log" }, { "name": "otel", "port": 4318 }],
        });
        let found: Vec<_> = differences(&old, &new, |p| p == "skipped")
            .iter()
            .map(ToString::to_string)
            .collect();
        assert_eq!(
            found,
            [
                "a.b: 1 → 2",
                "gone: x → (not set)",
                "list: [1] → [1,2]",
                "new.deep: (not set) → true",
                "providers[otel].port: 4317 → 4318",
            ]
        );
        assert_eq!(differences(&old, &old, |_| false), []);
        assert_eq!(differences(&json!(null), &json!({}), |_| false), []);
        let found = differences(&json!("text"), &json!({ "a": 1 }), |_| false);
        assert_eq!(found[0].to_string(), "(document): text → {\"a\":1}");
    }
}
