//! Secrets are never shown: of a value only its length is, and whether it is another than before.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

/// Fields of a Secret whose values nobody sees.
const FIELDS: &[&str] = &["data", "stringData"];

/// Where kubectl keeps a copy of the whole object.
const COPIES: &str = "kubectl.kubernetes.io/last-applied-configuration";

/// Whether it is a Secret by its kind, or by where it stands.
pub(crate) fn is_secret(what: &str, object: &Value) -> bool {
    what == "secrets" || object["kind"] == "Secret"
}

/// Puts lengths in place of a Secret's values.
pub(crate) fn redact(secret: &mut Value) {
    redacted(secret, &BTreeSet::new());
}

/// The same in two states of one Secret: a value that is another in the second says so.
pub(crate) fn redact_both(was: &mut Value, is: &mut Value) {
    let mut other = BTreeSet::new();
    for field in FIELDS {
        for (key, value) in is[*field].as_object().into_iter().flatten() {
            if was[*field].get(key).is_some_and(|old| old != value) {
                other.insert((*field, key.clone()));
            }
        }
    }
    redacted(was, &BTreeSet::new());
    redacted(is, &other);
}

fn redacted(secret: &mut Value, other: &BTreeSet<(&str, String)>) {
    let Some(fields) = secret.as_object_mut() else {
        return;
    };
    let annotations = fields
        .get_mut("metadata")
        .and_then(|m| m.get_mut("annotations"))
        .and_then(Value::as_object_mut);
    if let Some(copy) = annotations.and_then(|a| a.get_mut(COPIES)) {
        *copy = "<a copy of the object>".into();
    }
    for field in FIELDS {
        match fields.get_mut(*field) {
            None => {}
            Some(Value::Object(values)) => lengths(values, field, other),
            // No Secret has it like this; whatever it is, it is not shown.
            Some(odd) => *odd = "<not a map>".into(),
        }
    }
}

fn lengths(values: &mut Map<String, Value>, field: &str, other: &BTreeSet<(&str, String)>) {
    for (key, value) in values {
        let bytes = match &*value {
            Value::String(text) if field == "data" => decoded(text),
            Value::String(text) => text.len(),
            odd => odd.to_string().len(),
        };
        let another = if other.contains(&(field, key.clone())) {
            ", another value"
        } else {
            ""
        };
        *value = format!("<{bytes} bytes{another}>").into();
    }
}

/// Bytes that a text in base64 stands for.
fn decoded(text: &str) -> usize {
    let padding = text.bytes().rev().take_while(|b| *b == b'=').count();
    (text.len() / 4 * 3).saturating_sub(padding.min(2))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_value_is_its_length() {
        let mut secret = json!({ "kind": "Secret", "metadata": { "annotations": { COPIES: "{\"data\":\"aHVudGVyMg==\"}", "a": "b" } },
            "data": { "password": "aHVudGVyMg==", "empty": "", "odd": 7 }, "stringData": { "x": "hunter2" }, "type": "Opaque" });
        redact(&mut secret);
        assert_eq!(
            secret,
            json!({ "kind": "Secret", "metadata": { "annotations": { COPIES: "<a copy of the object>", "a": "b" } },
                "data": { "password": "<7 bytes>", "empty": "<0 bytes>", "odd": "<1 bytes>" },
                "stringData": { "x": "<7 bytes>" }, "type": "Opaque" })
        );
        let mut odd = json!({ "kind": "Secret", "data": "aHVudGVyMg==" });
        redact(&mut odd);
        assert!(!odd.to_string().contains("aHVu"), "{odd}");
    }

    #[test]
    fn another_value_of_the_same_length_is_seen() {
        let of = |value: &str| json!({ "kind": "Secret", "data": { "a": value, "b": "AAAA" } });
        let (mut was, mut is) = (of("aHVudGVyMg=="), of("aHVudGVyMw=="));
        redact_both(&mut was, &mut is);
        assert_eq!(was["data"], json!({ "a": "<7 bytes>", "b": "<3 bytes>" }));
        assert_eq!(
            is["data"],
            json!({ "a": "<7 bytes, another value>", "b": "<3 bytes>" })
        );
    }

    #[test]
    fn a_secret_is_known_by_its_place_too() {
        assert!(is_secret("secrets", &json!({ "kind": "ConfigMap" })));
        assert!(is_secret("configmaps", &json!({ "kind": "Secret" })));
        assert!(!is_secret("configmaps", &json!({ "kind": "ConfigMap" })));
    }
}
