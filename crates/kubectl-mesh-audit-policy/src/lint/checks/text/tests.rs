//! One that is found and one that is left alone for each.

use mesh_common::mesh::Known;
use serde_json::{Value, json};

use super::*;
use crate::lint::made::{expect, facts, with};

fn check(code: &str) -> &'static Check {
    CHECKS.iter().find(|check| check.code == code).unwrap()
}

fn table(code: &str, cases: &[(Value, &[&str])]) {
    for (spec, want) in cases {
        let facts = with(facts(), &json!({}), spec.clone());
        expect(check(code), &facts, want, &spec.to_string());
    }
}

fn operation(operation: &Value) -> Value {
    json!({"action": "DENY", "rules": [{"to": [{"operation": operation}]}]})
}

fn allow(operation: &Value) -> Value {
    json!({"rules": [{"to": [{"operation": operation}]}]})
}

#[test]
fn a_denied_path_with_two_slashes_passes() {
    let deny = || operation(&json!({"paths": ["/admin"]}));
    table(
        "MESH4004",
        &[
            (
                deny(),
                &["Info spec.rules[0].to[0].operation.paths: //admin is not matched"],
            ),
            (allow(&json!({"notPaths": ["/admin"]})), &["Info"]),
            (allow(&json!({"paths": ["/admin"]})), &[]),
            (operation(&json!({"paths": ["*.jpg"]})), &[]),
        ],
    );
    let mut merging = with(facts(), &json!({}), deny());
    if let Known::Known(all) = &mut merging.revisions {
        for settings in all.values_mut() {
            settings.normalization = Normalization::MergeSlashes;
        }
    }
    expect(check("MESH4004"), &merging, &[], "merge");
}

#[test]
fn what_istio_refuses() {
    table(
        "MESH4001",
        &[
            (
                json!({"rules": [{"from": [{"source": {"namespaces": ["shop"]}}]}]}),
                &[],
            ),
            (
                json!({"rules": [{}, {"from": [{}]}]}),
                &["spec.rules[1]: rule 1: a from without source"],
            ),
            (
                json!({"selector": {"matchLabels": {"a": "*"}}}),
                &["wildcard"],
            ),
        ],
    );
    let annotated = |value: &str| json!({"annotations": {"istio.io/dry-run": value}});
    for (value, action, want) in [
        ("true", "ALLOW", &[][..]),
        ("ja", "ALLOW", &["no boolean"]),
        ("false", "AUDIT", &["not even with false"]),
    ] {
        let facts = with(
            facts(),
            &annotated(value),
            json!({"action": action, "rules": [{}]}),
        );
        expect(check("MESH4001"), &facts, want, value);
    }
    let mut facts = facts();
    let at = crate::lint::made::subject("AuthorizationPolicy", "shop", "p");
    facts.broken.push((at, "unknown field `when2`".into()));
    expect(check("MESH4001"), &facts, &["unknown field"], "broken");
}

#[test]
fn rules_for_nothing_and_everything() {
    table(
        "MESH4002",
        &[
            (json!({}), &["Warning spec.rules: no rules: an ALLOW"]),
            (
                json!({"action": "DENY"}),
                &["Error spec.rules: no rules: this DENY matches nothing"],
            ),
            (
                json!({"action": "DENY", "rules": [{}]}),
                &["Warning spec.rules[0]: an empty rule: it denies every"],
            ),
            (json!({"rules": [{}]}), &["lets every request in"]),
            (operation(&json!({"methods": ["GET"]})), &[]),
        ],
    );
    let mut facts = with(facts(), &json!({}), json!({}));
    facts.proposed = false;
    expect(check("MESH4002"), &facts, &["Info"], "in force");
}

#[test]
fn hosts_have_ports() {
    table(
        "MESH4003",
        &[
            (
                operation(&json!({"hosts": ["a.com"]})),
                &[
                    "hosts[0]: a.com without a port: a client that names a port is not matched, and passes",
                ],
            ),
            (
                operation(&json!({"notHosts": ["a.com"]})),
                &["is not matched ()"],
            ),
            (operation(&json!({"hosts": ["a.com", "A.com:*"]})), &[]),
            (
                operation(&json!({"hosts": ["a.com:8080", "*.a.com", "b*"]})),
                &[],
            ),
        ],
    );
}

#[test]
fn paths_are_what_proxies_see() {
    table(
        "MESH4004",
        &[
            (
                allow(&json!({"paths": ["/a?b=c"]})),
                &["query and fragment"],
            ),
            (allow(&json!({"paths": ["a"]})), &["begins with a slash"]),
            (allow(&json!({"paths": ["/a/../b"]})), &["proxies see /b"]),
            (
                allow(&json!({"paths": ["/a/./b*", "*/../c"]})),
                &["proxies see /a/bx", "proxies see /c"],
            ),
            (allow(&json!({"paths": ["/%61"]})), &["proxies see /a"]),
            (
                allow(
                    &json!({"paths": ["/a//b", "/a%2Fb", "/a/*", "*.jpg", "/a/.*", "*", "/{*}"]}),
                ),
                &[],
            ),
        ],
    );
    let mut merging = with(
        facts(),
        &json!({}),
        allow(&json!({"paths": ["/a//b", "/a%2Fb"]})),
    );
    if let Known::Known(all) = &mut merging.revisions {
        for settings in all.values_mut() {
            settings.normalization = Normalization::DecodeAndMergeSlashes;
        }
    }
    expect(
        check("MESH4004"),
        &merging,
        &["proxies see /a/b", "proxies see /a/b"],
        "merge",
    );
}

#[test]
fn how_paths_are_normalised_is_not_guessed() {
    let mut facts = with(facts(), &json!({}), allow(&json!({"paths": ["/a/../b"]})));
    facts.revisions = Known::not_read("mesh config");
    let told = Told::of(check("MESH4004"), &facts);
    assert_eq!((told.hits.len(), told.not_evaluated.len()), (0, 1));
}

#[test]
fn templates_are_envoys() {
    table(
        "MESH4005",
        &[
            (
                allow(&json!({"paths": ["foo/{*}"]})),
                &["Envoy refuses the template foo/{*}"],
            ),
            (allow(&json!({"paths": ["/foo/{*}", "foo/*"]})), &[]),
        ],
    );
}

#[test]
fn stars_stand_at_an_end() {
    let source = |source: Value| json!({"rules": [{"from": [{"source": source}]}]});
    table(
        "MESH4006",
        &[
            (
                allow(&json!({"paths": ["/a/*/b"]})),
                &["/a/*/b: a star that is not"],
            ),
            (
                operation(&json!({"hosts": ["*.a.*"]})),
                &["matches only a star"],
            ),
            (
                source(json!({"principals": ["*/ns/bar/*"]})),
                &["matches only a star"],
            ),
            (
                source(json!({"principals": ["spiffe://td/ns/a/sa/b"]})),
                &["write td/ns/a/sa/b"],
            ),
            (
                json!({"rules": [{"when": [{"key": "request.headers[x]", "values": ["a*b"]}]}]}),
                &["when[0].values[0]"],
            ),
            (
                source(json!({"principals": ["*", "td/ns/a/*"], "namespaces": ["a*b"]})),
                &[],
            ),
            (
                allow(&json!({"paths": ["/a/*", "*b", "/{*}/b"], "methods": ["G*"]})),
                &[],
            ),
        ],
    );
}
