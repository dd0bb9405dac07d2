//! The rule language, the window of releases, and what hits show.

use proptest::prelude::*;
use serde_json::{Value, json};

use super::super::{Context, Document, Minor, Place, Rules};

/// Fields and shown values that rules, all of release 1.25, find.
fn found(rules: &str, place: Place, kind: &str, value: &Value, context: &Context) -> Vec<String> {
    let rules = Rules::of((1, 24), (1, 25), &[(25, rules)]).unwrap();
    let document = Document {
        place,
        kind,
        object: "object",
        value,
    };
    rules
        .check(&document, context)
        .map(|hit| format!("{}={}", hit.field, hit.value))
        .collect()
}

fn rule(rest: &str) -> String {
    format!("- {{id: a, change: removed, severity: error, why: w, do: d, source: s, {rest}}}")
}

#[test]
fn rules_find_fields() {
    let service = json!({"spec": {"ports": [
        {"name": "a", "port": 1, "tls": {"mode": "SIMPLE"}},
        {"name": "b", "port": 2, "tls": {"mode": "SIMPLE", "ca": "x"}},
        {"name": "c", "port": 3},
    ]}});
    let on = |rest: &str| {
        let rule = rule(&format!("where: resource, kind: Service, {rest}"));
        found(
            &rule,
            Place::Resource,
            "Service",
            &service,
            &Context::default(),
        )
    };
    assert_eq!(on("what: spec.ports.*.port, not: ['2']").len(), 2);
    assert_eq!(on("what: spec.ports"), ["spec.ports=(3 items)"]);
    assert_eq!(
        on("at: spec.ports.*, what: tls.mode, is: SIMPLE, none: [{what: tls.ca}]"),
        ["spec.ports[0].tls.mode=SIMPLE"]
    );
    assert_eq!(
        on("at: spec.ports.*, what: tls.ca, absent: true, all: [{what: tls}]"),
        ["spec.ports[0].tls.ca=(unset)"]
    );
    assert_eq!(on("what: spec.other, absent: true"), ["spec.other=(unset)"]);
    assert_eq!(on("what: spec.**, is: SIMPLE").len(), 2);
    assert_eq!(
        on("what: [spec.none, 'spec.ports.*.name'], starts: b"),
        ["spec.ports[1].name=b"]
    );
    let other = rule("where: resource, kind: Pod, what: spec");
    assert!(
        found(
            &other,
            Place::Resource,
            "Service",
            &service,
            &Context::default()
        )
        .is_empty()
    );
}

#[test]
fn rules_heed_the_mesh() {
    let on = |rest: &str, env: &[(&str, &str)], mesh: Value| {
        let rule = rule(&format!("where: meshConfig, what: a, {rest}"));
        let env = env
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect();
        let context = Context {
            env: vec![env],
            mesh: vec![mesh],
        };
        !found(&rule, Place::MeshConfig, "", &json!({"a": 1}), &context).is_empty()
    };
    let unless = "unless: [{env: X}]";
    assert!(on(unless, &[], json!({})));
    assert!(!on(unless, &[("X", "y")], json!({})));
    let unless = "unless: [{env: X, is: 'true'}]";
    assert!(on(unless, &[("X", "y")], json!({})));
    assert!(!on(unless, &[("X", "1")], json!({})));
    let with = "with: [{mesh: b.c, not: x}]";
    assert!(!on(with, &[], json!({})));
    assert!(!on(with, &[], json!({"b": {"c": "x"}})));
    assert!(on(with, &[], json!({"b": {"c": "y"}})));
}

#[test]
fn a_flat_place_takes_a_name_as_it_is() {
    let rule = rule("where: annotation, what: a.b/c.d");
    let value = json!({"a.b/c.d": "", "a": {"b/c": {"d": 1}}});
    assert_eq!(
        found(&rule, Place::Annotation, "Pod", &value, &Context::default()),
        ["a.b/c.d=(set)"]
    );
}

#[test]
fn rules_apply_after_the_oldest_istiod_up_to_the_target() {
    let text = rule("where: env, what: A");
    let files = [(0, text.as_str()), (20, &text), (21, &text), (22, &text)];
    let cases: [(Minor, Minor, &[&str]); 6] = [
        (
            (1, 19),
            (1, 22),
            &["always/a", "1.20/a", "1.21/a", "1.22/a"],
        ),
        ((1, 20), (1, 22), &["always/a", "1.21/a", "1.22/a"]),
        ((1, 20), (1, 21), &["always/a", "1.21/a"]),
        ((1, 21), (1, 21), &["always/a"]),
        ((1, 22), (1, 20), &["always/a"]),
        ((0, 9), (2, 0), &["always/a", "1.20/a", "1.21/a", "1.22/a"]),
    ];
    for (from, to, want) in cases {
        let rules = Rules::of(from, to, &files).unwrap();
        let ids: Vec<&str> = rules.iter().map(|rule| rule.id.as_str()).collect();
        assert_eq!(ids, want, "{from:?} {to:?}");
    }
}

#[test]
fn a_malformed_file_is_named() {
    let cases = [
        ("nonsense", "rules/1.25.yaml: "),
        ("- {id: a}", "rules/1.25.yaml: "),
        (&rule("where: env, what: A, wat: B"), "rules/1.25.yaml: "),
        (&rule("where: nowhere, what: A"), "rules/1.25.yaml: "),
        (
            &rule("where: meshConfig, what: a..b"),
            "rules/1.25.yaml: rule a: `a..b` is no path",
        ),
        (
            &rule("where: env, what: A, absent: true, is: b"),
            "rules/1.25.yaml: rule a: absent: ",
        ),
        (
            &rule("where: resource, what: spec"),
            "rules/1.25.yaml: rule a: kind: ",
        ),
        (
            &rule("where: env, what: A, with: [{is: b}]"),
            "rules/1.25.yaml: rule a: with, unless: ",
        ),
        (
            &rule("where: env, what: []"),
            "rules/1.25.yaml: rule a: what: ",
        ),
        (
            "- {id: A b, change: removed, severity: error, where: env, what: A, why: w, do: d, source: s}",
            "rules/1.25.yaml: rule A b: id: ",
        ),
        (
            "- {id: a, change: removed, severity: error, where: env, what: A, why: w, do: d, source: ' '}",
            "rules/1.25.yaml: rule a: source: ",
        ),
    ];
    for (text, want) in cases {
        let error = Rules::of((1, 24), (1, 25), &[(25, text)]).unwrap_err();
        assert!(error.to_string().starts_with(want), "{text}: {error}");
    }
}

#[test]
fn a_hint_names_the_object() {
    let text = "- {id: a, change: removed, severity: error, where: env, what: A, why: w, do: 'kubectl get {object}', source: s}";
    let rules = Rules::of((1, 24), (1, 25), &[(25, text)]).unwrap();
    let document = Document {
        place: Place::Env,
        kind: "Deployment",
        object: "deployment/istiod -n istio-system",
        value: &json!({"A": "b"}),
    };
    let context = Context::default();
    let hit = rules.check(&document, &context).next().unwrap();
    assert_eq!(hit.hint(), "kubectl get deployment/istiod -n istio-system");
}

fn any_value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        ".{0,90}".prop_map(Value::from),
        // Values that rules look for, so that more of them get further.
        prop_oneof!["false", "true", "SIMPLE", "NONE", "ExternalName", "\\*\\.a"]
            .prop_map(Value::from),
    ];
    let key = prop_oneof![
        "spec|tls|mode|http|hosts|ports|targetPort|metadata|labels|name|extensionProviders|global",
        ".{0,9}",
    ];
    leaf.prop_recursive(6, 64, 6, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
            prop::collection::btree_map(key.clone(), inner, 0..6)
                .prop_map(|map| Value::Object(map.into_iter().collect())),
        ]
    })
}

proptest! {
    #[test]
    fn no_document_is_too_odd(value in any_value(), mesh in any_value()) {
        let rules = Rules::all().unwrap();
        let context = Context { env: vec![[].into()], mesh: vec![mesh] };
        let places = [
            Place::Env, Place::Args, Place::Values, Place::Operator, Place::MeshConfig,
            Place::ProxyConfig, Place::Resource, Place::Annotation, Place::Label,
        ];
        for place in places {
            let kinds: Vec<&str> = rules.kinds(place).chain(["Unheard"]).collect();
            for kind in kinds {
                let document = Document { place, kind, object: "o", value: &value };
                for hit in rules.check(&document, &context) {
                    prop_assert!(!hit.field.is_empty());
                    prop_assert!(hit.value.chars().count() <= 80);
                    prop_assert!(!hit.value.contains(char::is_control));
                }
            }
        }
    }

    #[test]
    fn a_secret_is_never_shown(secret in "[a-zA-Z0-9]{20}[!@ :/][a-zA-Z0-9]{4}") {
        let rules = rule("where: values, what: '**'");
        let value = json!({"a": {"b": secret, "c": [secret]}, "d": secret});
        for hit in found(&rules, Place::Values, "istiod", &value, &Context::default()) {
            prop_assert!(!hit.contains(&secret), "{hit}");
        }
    }
}
