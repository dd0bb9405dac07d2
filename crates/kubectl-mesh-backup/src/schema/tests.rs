use serde_json::json;

use super::*;

fn crd(schema: &Value) -> Schemas {
    let mut schemas = Schemas::default();
    schemas.learn(&json!({
        "kind": "CustomResourceDefinition",
        "spec": { "group": "x.io", "names": { "plural": "things" }, "versions": [
            { "name": "v1", "served": true, "schema": { "openAPIV3Schema": schema } },
            { "name": "v1beta1", "served": false, "schema": { "openAPIV3Schema": {} } },
            { "name": "v2", "served": true },
        ] },
    }));
    schemas
}

fn problems(schema: &Value, spec: &Value) -> Vec<String> {
    let object = json!({ "apiVersion": "x.io/v1", "kind": "Thing", "metadata": { "name": "a" }, "spec": spec });
    let whole = json!({ "type": "object", "properties": { "spec": schema }, "required": ["metadata", "spec"] });
    match crd(&whole).judge("things.x.io", "v1", &object) {
        Fit::Structure => Vec::new(),
        Fit::Problems(problems) => problems,
        Fit::NoSchema(why) => vec![why],
    }
}

#[test]
#[expect(clippy::too_many_lines, reason = "one table")]
fn structure() {
    let of = |schema: Value| json!({ "type": "object", "properties": { "f": schema } });
    let table: &[(Value, Value, &[&str])] = &[
        (json!({ "type": "string" }), json!("a"), &[]),
        (
            json!({ "type": "string" }),
            json!(1),
            &["spec.f: must be of type string"],
        ),
        (json!({ "type": "integer" }), json!(1.0), &[]),
        (
            json!({ "type": "integer" }),
            json!(1.5),
            &["spec.f: must be of type integer"],
        ),
        (
            json!({ "type": "string" }),
            json!(null),
            &["spec.f: must not be null"],
        ),
        (
            json!({ "type": "string", "nullable": true }),
            json!(null),
            &[],
        ),
        (
            json!({ "x-kubernetes-int-or-string": true }),
            json!("80%"),
            &[],
        ),
        (
            json!({ "x-kubernetes-int-or-string": true }),
            json!([]),
            &["spec.f: must be an integer or a string"],
        ),
        (
            json!({ "enum": ["A", "B"] }),
            json!("C"),
            &["spec.f: \"C\" is none of \"A\", \"B\""],
        ),
        (
            json!({ "type": "string", "pattern": "^a+$" }),
            json!("b"),
            &["spec.f: does not match ^a+$"],
        ),
        (
            json!({ "type": "string", "pattern": "(?=" }),
            json!("b"),
            &[],
        ),
        (
            json!({ "type": "string", "minLength": 1, "maxLength": 2 }),
            json!("äöü"),
            &["spec.f: must have at most 2 characters"],
        ),
        (
            json!({ "type": "array", "minItems": 1 }),
            json!([]),
            &["spec.f: must have at least 1 items"],
        ),
        (
            json!({ "type": "integer", "minimum": 1 }),
            json!(0),
            &["spec.f: 0 is below 1"],
        ),
        (
            json!({ "type": "integer", "maximum": 1, "exclusiveMaximum": true }),
            json!(1),
            &["spec.f: 1 is above 1"],
        ),
        (
            json!({ "type": "array", "items": { "type": "object", "required": ["name"], "properties": { "name": { "type": "string" } } } }),
            json!([{ "name": "a" }, {}, { "name": "b", "other": 1 }]),
            &[
                "spec.f[1].name: is required",
                "spec.f[2].other: is no field of it",
            ],
        ),
        (
            json!({ "type": "object", "x-kubernetes-preserve-unknown-fields": true }),
            json!({ "a": 1 }),
            &[],
        ),
        (
            json!({ "type": "object", "additionalProperties": { "type": "string" } }),
            json!({ "a": 1 }),
            &["spec.f.a: must be of type string"],
        ),
        (
            json!({ "type": "object", "properties": { "a": {}, "b": {} }, "oneOf": [{ "required": ["a"] }, { "required": ["b"] }] }),
            json!({ "a": 1, "b": 1 }),
            &["spec.f: fits several forms of which it may have one"],
        ),
        (
            json!({ "anyOf": [{ "type": "string" }, { "type": "integer" }] }),
            json!(true),
            &["spec.f: fits none of the forms it may have"],
        ),
        (
            json!({ "not": { "enum": ["x"] } }),
            json!("x"),
            &["spec.f: has a form that it must not have"],
        ),
        (
            json!({ "allOf": [{ "minLength": 2 }] }),
            json!("x"),
            &["spec.f: must have at least 2 characters"],
        ),
    ];
    for (schema, value, want) in table {
        let said = problems(&of(schema.clone()), &json!({ "f": value }));
        assert_eq!(&said, want, "{schema} of {value}");
    }
}

#[test]
fn what_there_is_no_schema_for() {
    let schemas = crd(&json!({}));
    let judge = |what, version| schemas.judge(what, version, &json!({}));
    assert_eq!(
        judge("others.x.io", "v1"),
        Fit::NoSchema("the archive holds no CRD of it".into())
    );
    assert_eq!(
        judge("things.x.io", "v2"),
        Fit::NoSchema("the archive's CRD has no schema".into())
    );
    for version in ["v1beta1", "v3"] {
        let Fit::Problems(problems) = judge("things.x.io", version) else {
            panic!("{version} is not served");
        };
        assert_eq!(
            problems,
            [format!(
                "the archive's own CRD does not serve {version}, only v1, v2"
            )]
        );
    }
}

#[test]
fn what_is_told_is_bounded_and_clean() {
    let schema = json!({ "type": "object", "additionalProperties": { "enum": ["x"] } });
    let fields: Map<String, Value> = (0..1000)
        .map(|n| (format!("\u{1b}[2J{n}"), "y".repeat(10_000).into()))
        .collect();
    let said = problems(&schema, &fields.into());
    assert!(said.len() <= MOST, "{}", said.len());
    assert!(said.iter().all(|s| !s.contains('\u{1b}') && s.len() < 1000));
}
