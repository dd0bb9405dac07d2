//! Who set a field: `managedFields`, looked up by path.

use std::collections::BTreeSet;

use serde_json::Value;

use mesh_common::journal::api::FIELD_MANAGER;

/// A step from an object to one of its fields.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Step<'a> {
    /// A field.
    Field(&'a str),
    /// An element of a list, and its place.
    Item(&'a Value, usize),
}

/// Who set the field at this path, by the object's `managedFields`. Subresources are controllers at work.
pub(crate) fn of(object: &Value, path: &[Step<'_>]) -> BTreeSet<String> {
    let entries = object["metadata"]["managedFields"].as_array();
    entries
        .into_iter()
        .flatten()
        .filter(|e| e["subresource"].as_str().unwrap_or_default().is_empty())
        .filter(|e| owns(&e["fieldsV1"], path))
        .filter_map(|e| e["manager"].as_str().map(str::to_owned))
        .collect()
}

/// Whether something of this object is set through the subresource `scale`.
pub(crate) fn is_scaled(object: &Value) -> bool {
    let entries = object["metadata"]["managedFields"].as_array();
    entries
        .into_iter()
        .flatten()
        .any(|e| e["subresource"] == "scale")
}

/// Who set a field now and had not set it in the archive: the ones a write would overrule.
pub(crate) fn others(live: &Value, archived: &Value, path: &[Step<'_>]) -> BTreeSet<String> {
    let before = of(archived, path);
    let mut now = of(live, path);
    now.retain(|m| m != FIELD_MANAGER && !before.contains(m));
    now
}

/// Whether a set of fields (structured-merge-diff, `FieldsV1`) has the path, or a list or map above it whole.
fn owns(fields: &Value, path: &[Step<'_>]) -> bool {
    let mut at = fields;
    for step in path {
        let Some(map) = at.as_object() else {
            return false;
        };
        let next = match step {
            Step::Field(name) => map.get(&format!("f:{name}")),
            Step::Item(value, place) => map
                .iter()
                .find_map(|(key, below)| is_item(key, value, *place).then_some(below)),
        };
        let Some(next) = next else {
            return false;
        };
        // A leaf: what is below belongs to whoever has it.
        if next.as_object().is_some_and(serde_json::Map::is_empty) {
            return true;
        }
        at = next;
    }
    true
}

fn is_item(key: &str, value: &Value, place: usize) -> bool {
    let parsed = |text: &str| serde_json::from_str::<Value>(text).ok();
    if let Some(keys) = key.strip_prefix("k:").and_then(parsed) {
        return keys
            .as_object()
            .is_some_and(|keys| keys.iter().all(|(k, v)| value.get(k) == Some(v)));
    }
    if let Some(wanted) = key.strip_prefix("v:").and_then(parsed) {
        return *value == wanted;
    }
    key.strip_prefix("i:") == Some(&place.to_string())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{
        Step::{Field, Item},
        *,
    };

    #[test]
    fn who_set_what() {
        let object = |manager: &str, fields: &Value| {
            json!({ "metadata": { "managedFields": [
                { "manager": manager, "fieldsV1": fields },
                { "manager": "istiod", "subresource": "status", "fieldsV1": fields },
            ] } })
        };
        let fields = json!({
            "f:metadata": { "f:labels": { "f:team": {} } },
            "f:spec": { "f:hosts": {}, "f:ports": { "k:{\"port\":80}": { ".": {}, "f:name": {} } } },
        });
        let live = object("kubectl-edit", &fields);
        let archived = object("kubectl-create", &fields);
        let port = json!({ "port": 80, "name": "a" });
        let other = json!({ "port": 81 });
        let host = json!("x");
        let table: [(&str, Vec<Step<'_>>, bool); 6] = [
            (
                "a label",
                vec![Field("metadata"), Field("labels"), Field("team")],
                true,
            ),
            (
                "another label",
                vec![Field("metadata"), Field("labels"), Field("app")],
                false,
            ),
            (
                "below a list that is one field",
                vec![Field("spec"), Field("hosts"), Item(&host, 0)],
                true,
            ),
            (
                "a port by its key",
                vec![Field("spec"), Field("ports"), Item(&port, 0), Field("name")],
                true,
            ),
            (
                "another port",
                vec![
                    Field("spec"),
                    Field("ports"),
                    Item(&other, 1),
                    Field("name"),
                ],
                false,
            ),
            ("nobody's", vec![Field("spec"), Field("tls")], false),
        ];
        for (name, path, theirs) in table {
            let who = others(&live, &archived, &path);
            assert_eq!(who.contains("kubectl-edit"), theirs, "{name}");
            assert!(!who.contains("istiod"), "{name}: a subresource is nobody's");
            assert!(
                others(&live, &live, &path).is_empty(),
                "{name}: who had it before may be written over"
            );
        }
    }
}
