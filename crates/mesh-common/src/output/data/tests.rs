use proptest::prelude::*;
use serde_json::json;

use super::*;

#[test]
fn documents_carry_kind_and_verdict() {
    let doc = verdict("Promotion", Outcome::Refused, json!({"tag": "stable"})).unwrap();
    assert_eq!(
        doc,
        json!({
            "apiVersion": "kubectl-mesh/v1alpha1", "kind": "Promotion",
            "outcome": "refused", "tag": "stable",
        })
    );
    assert!(document("Tag", ["no", "object"]).is_err());
}

#[test]
fn json_and_yaml_show_nothing_that_a_terminal_obeys() {
    let value = json!({"a": "x\u{9b}31m\u{202e}\u{e0041}\x1b[2J\n", "b": {"k\u{200b}": 1}});
    for text in [json(&value).unwrap(), yaml(&value).unwrap()] {
        assert!(!text.chars().any(|c| c != '\n' && is_unsafe(c)), "{text:?}");
        assert_eq!(serde_saphyr::from_str::<Value>(&text).unwrap(), value);
    }
    assert_eq!(
        serde_json::from_str::<Value>(&json(&value).unwrap()).unwrap(),
        value
    );
}

#[test]
fn yaml_quotes_what_would_read_as_something_else() {
    let value = json!({"a": [
        "yes", "No", "on", "null", "~", "", "0644", "0o14", "0x1F", "1.20", "1e3", "1_000", ".inf",
        "12:30:45", "2026-11-21", "=", "<<", "- x", "a: b", "#x", "a #b", "*x", "&x", "!x", "|",
        "%a", "@a", "`", "---", " x ", "a\tb", "{a}", "[a]", "\"q\"", "'q'",
    ], "yes": true, "1.20": null, "n": [1, 2.5, u64::MAX]});
    let text = yaml(&value).unwrap();
    assert_eq!(serde_saphyr::from_str::<Value>(&text).unwrap(), value);
    for plain in [
        "- yes\n",
        "- No\n",
        "- 0644\n",
        "- 1.20\n",
        "- 12:30:45\n",
        "\nyes:",
    ] {
        assert!(!text.contains(plain), "{plain:?} is not quoted in\n{text}");
    }
    let text = yaml(&json!({"mesh": "a: 1\nb: |\n  x\n", "tail": "a\n\n"})).unwrap();
    assert_eq!(text, "mesh: |\n  a: 1\n  b: |\n    x\ntail: \"a\\n\\n\"\n");
}

fn any_json() -> impl Strategy<Value = Value> {
    let text = prop_oneof![
        any::<String>(),
        "[ -~\\n\\t]{0,30}",
        "[-+0-9.:eExo_ynNY~#!&*?|>%@ \\n'\"]{0,8}",
    ];
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        text.clone().prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 24, 4, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::btree_map(text.clone(), inner, 0..4)
                .prop_map(|m| Value::Object(m.into_iter().collect())),
        ]
    })
}

proptest! {
    #[test]
    fn yaml_reads_back_equal_to_json(value in any_json()) {
        let text = yaml(&value).unwrap();
        prop_assert_eq!(serde_saphyr::from_str::<Value>(&text).unwrap(), value.clone(), "{}", text);
        prop_assert_eq!(serde_json::from_str::<Value>(&json(&value).unwrap()).unwrap(), value);
    }
}
