//! Tables for `validate`.

use serde_json::{Value, json};

use super::*;

fn refusals(spec: &Value, dry_run: impl Into<Option<&'static str>>) -> Vec<String> {
    let annotations = match dry_run.into() {
        Some(value) => json!({"istio.io/dry-run": value}),
        None => json!({}),
    };
    let object = json!({
        "apiVersion": "security.istio.io/v1", "kind": "AuthorizationPolicy",
        "metadata": {"name": "p", "namespace": "foo", "annotations": annotations},
        "spec": spec,
    });
    validate(&AuthorizationPolicy::from_value(&object).unwrap())
}

#[test]
fn what_the_api_refuses_is_said() {
    let source = |source: Value| json!({"rules": [{"from": [{"source": source}]}]});
    let operation = |operation: Value| json!({"rules": [{"to": [{"operation": operation}]}]});
    let when =
        |key: &str, value: &str| json!({"rules": [{"when": [{"key": key, "values": [value]}]}]});
    for (spec, part) in [
        (json!({"action": "DENY"}), "denies nothing"),
        (
            json!({"action": "CUSTOM", "rules": [{}]}),
            "without the name of a provider",
        ),
        (
            json!({"provider": {"name": "x"}}),
            "a provider, and the action is ALLOW",
        ),
        (json!({"rules": [null]}), "rule 0 is null"),
        (json!({"rules": [{"from": [{}]}]}), "a from without source"),
        (
            json!({"selector": {}, "targetRefs": [{"kind": "Service", "name": "a"}]}),
            "more than one of",
        ),
        (
            json!({"selector": {"matchLabels": {"a": "b*"}}}),
            "wildcard",
        ),
        (source(json!({})), "an empty source"),
        (
            source(json!({"principals": [""]})),
            "an empty value in principals",
        ),
        (
            source(json!({"serviceAccounts": ["a"], "namespaces": ["b"]})),
            "serviceAccounts beside",
        ),
        (
            source(json!({"serviceAccounts": ["a/b/c"]})),
            "NAMESPACE/ACCOUNT",
        ),
        (source(json!({"ipBlocks": ["10.0.0.0/40"]})), "no range"),
        (operation(json!({})), "an empty operation"),
        (operation(json!({"ports": ["70000"]})), "no port"),
        (operation(json!({"paths": ["/{**}/{*}"]})), "no template"),
        (operation(json!({"paths": ["/{a}"]})), "no template"),
        (operation(json!({"paths": ["/a b/{*}"]})), "no template"),
        (when("request.headers", "x"), "the form a[b]"),
        (when("destination.labels[x]", "x"), "is not known"),
        (when("destination.port", "x"), "no port"),
        (
            json!({"action": "CUSTOM", "provider": {"name": "x"}, "rules": [{"when": [{"key": "source.principal", "values": ["x"]}]}]}),
            "CUSTOM cannot have source.principal",
        ),
    ] {
        let refusals = refusals(&spec, None);
        assert!(
            matches!(refusals.as_slice(), [one] if one.contains(part)),
            "{spec}: {refusals:?}"
        );
    }
}

/// `checkDryRunAnnotation` at 1.20.8, 1.28.1 and 1.30.2.
#[test]
fn a_dry_run_of_audit_and_custom_is_refused_whatever_it_says() {
    let audit = json!({"action": "AUDIT", "rules": [{}]});
    let custom = json!({"action": "CUSTOM", "provider": {"name": "x"}, "rules": [{}]});
    for value in ["true", "false", "yes", ""] {
        for spec in [&audit, &custom] {
            let said = refusals(spec, value);
            assert!(matches!(said.as_slice(), [one] if one.contains("not even with false")));
        }
        let boolean = matches!(value, "true" | "false");
        assert_eq!(refusals(&json!({}), value).is_empty(), boolean, "{value}");
    }
    assert_eq!(refusals(&audit, None), Vec::<String>::new());
}

#[test]
fn what_the_api_takes_is_not_refused() {
    for spec in [
        json!({}),
        json!({"rules": [{}]}),
        json!({"rules": [{"to": [{"operation": {"paths": ["foo/{*}", "/a/{*}/{**}/b/", "/a*b"]}}]}]}),
        json!({"rules": [{"when": [{"key": "request.auth.claims[a][b]", "notValues": ["x"]}]}]}),
    ] {
        assert_eq!(refusals(&spec, "true"), Vec::<String>::new(), "{spec}");
    }
}
