//! Tables for `policy`.

use serde_json::json;

use super::*;

fn policy(spec: &Value) -> Value {
    json!({
        "apiVersion": "security.istio.io/v1", "kind": "AuthorizationPolicy",
        "metadata": {"name": "p", "namespace": "foo", "uid": "1"},
        "spec": spec, "status": {"conditions": []},
    })
}

#[test]
fn what_is_not_known_is_an_error_that_names_it() {
    for (spec, named) in [
        (json!({"aktion": "DENY"}), "aktion"),
        (json!({"action": "WARN"}), "WARN"),
        (json!({"rules": [{"form": []}]}), "form"),
        (
            json!({"rules": [{"to": [{"operation": {"verbs": ["GET"]}}]}]}),
            "verbs",
        ),
        (
            json!({"rules": [{"from": [{"source": {"ipblocks": []}}]}]}),
            "ipblocks",
        ),
        (
            json!({"rules": [{"to": [{"operation": {"ports": [80]}}]}]}),
            "80",
        ),
        (
            json!({"selector": {"matchExpressions": []}}),
            "matchExpressions",
        ),
    ] {
        let error = AuthorizationPolicy::from_value(&policy(&spec)).unwrap_err();
        assert_eq!(error.to_string(), "AuthorizationPolicy foo/p");
        let source = std::error::Error::source(&error).unwrap().to_string();
        assert!(source.contains(named), "{source}");
    }
    let mut other = policy(&json!({}));
    other["apiVersion"] = json!("security.istio.io/v1alpha1");
    assert!(matches!(
        AuthorizationPolicy::from_value(&other),
        Err(ParseError::Kind { .. })
    ));
}

#[test]
fn nothing_and_null_are_read_alike() {
    let empty = AuthorizationPolicy::from_value(&policy(&Value::Null)).unwrap();
    assert_eq!(empty.spec, Spec::default());
    let null = json!({"action": null, "rules": null, "selector": null, "targetRefs": null});
    assert_eq!(
        AuthorizationPolicy::from_value(&policy(&null)).unwrap(),
        empty
    );
    let rules =
        json!({"rules": [null, {}, {"from": null, "to": [{}], "when": [{"key": "source.ip"}]}]});
    let rules = AuthorizationPolicy::from_value(&policy(&rules))
        .unwrap()
        .spec
        .rules;
    assert_eq!(rules.len(), 3);
    assert_eq!(
        (rules[0].is_none(), &rules[1]),
        (true, &Some(Rule::default()))
    );
}

#[test]
fn the_older_target_counts_only_without_the_newer_ones() {
    let spec = json!({"targetRef": {"kind": "Gateway", "name": "a"}, "targetRefs": [{"kind": "Gateway", "name": "b"}]});
    let both = AuthorizationPolicy::from_value(&policy(&spec)).unwrap();
    assert_eq!(both.target_refs()[0].name, "b");
    let spec = json!({"targetRef": {"kind": "Gateway", "name": "a"}});
    let one = AuthorizationPolicy::from_value(&policy(&spec)).unwrap();
    assert_eq!(one.target_refs()[0].name, "a");
}
