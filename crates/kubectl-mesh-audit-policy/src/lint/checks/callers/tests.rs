//! One that is found and one that is left alone for each.

use mesh_common::mesh::Known;
use serde_json::{Value, json};

use super::*;
use crate::lint::made::{expect, facts, with};

fn check(code: &str) -> &'static Check {
    CHECKS.iter().find(|check| check.code == code).unwrap()
}

fn source(action: &str, source: &Value) -> Value {
    json!({"action": action, "selector": {"matchLabels": {"app": "web"}}, "rules": [{"from": [{"source": source}]}]})
}

fn table(code: &str, cases: &[(Value, &[&str])]) {
    for (spec, want) in cases {
        let facts = with(facts(), &json!({}), spec.clone());
        expect(check(code), &facts, want, &spec.to_string());
    }
}

#[test]
fn namespaces_are_there() {
    table(
        "MESH4111",
        &[
            (
                source("ALLOW", &json!({"namespaces": ["othr"]})),
                &["namespaces[0]: there is no namespace othr (there is other)"],
            ),
            (
                source(
                    "ALLOW",
                    &json!({"notPrincipals": ["cluster.local/ns/gone/sa/x"]}),
                ),
                &["no namespace gone"],
            ),
            (
                source("ALLOW", &json!({"serviceAccounts": ["gone/x"]})),
                &["no namespace gone"],
            ),
            (
                source(
                    "ALLOW",
                    &json!({"namespaces": ["other", "g*"], "principals": ["else/ns/gone/sa/x", "*"]}),
                ),
                &[],
            ),
        ],
    );
    let mut dark = with(
        facts(),
        &json!({}),
        source("ALLOW", &json!({"namespaces": ["x"]})),
    );
    dark.namespaces = Known::not_read("namespaces");
    assert_eq!(Told::of(check("MESH4111"), &dark).not_evaluated.len(), 1);
}

#[test]
fn accounts_are_there() {
    table(
        "MESH4112",
        &[
            (
                source("ALLOW", &json!({"serviceAccounts": ["wep"]})),
                &["there is no service account shop/wep (there is web)"],
            ),
            (
                source(
                    "ALLOW",
                    &json!({"principals": ["old.local/ns/other/sa/gone"]}),
                ),
                &["other/gone"],
            ),
            (
                source(
                    "ALLOW",
                    &json!({"serviceAccounts": ["web", "other/api", "gone/x"]}),
                ),
                &[],
            ),
            (
                source(
                    "ALLOW",
                    &json!({"principals": ["cluster.local/ns/shop/sa/*", "else/ns/shop/sa/x"]}),
                ),
                &[],
            ),
        ],
    );
}

#[test]
fn trust_domains_are_the_meshs() {
    table(
        "MESH4113",
        &[
            (
                source(
                    "ALLOW",
                    &json!({"principals": ["prod.example/ns/shop/sa/web"]}),
                ),
                &["prod.example is no trust domain of this mesh (trust domain cluster.local)"],
            ),
            (
                source(
                    "ALLOW",
                    &json!({"principals": ["old.local/ns/shop/sa/web", "cluster.local/ns/a/sa/b", "*/sa/web", "*"]}),
                ),
                &[],
            ),
        ],
    );
}

#[test]
fn addresses_are_those_that_connect() {
    let at = |app: &str, namespace: &str, block: &str| {
        let spec = json!({"selector": {"matchLabels": {"app": app}}, "rules": [{"from": [{"source": {"ipBlocks": [block]}}]}]});
        with(facts(), &json!({"namespace": namespace}), spec)
    };
    let mut local = at("gw", "edge", "1.2.3.0/24");
    if let Known::Known(all) = &mut local.services.known {
        for service in all {
            service.local = true;
        }
    }
    for (facts, want, case) in [
        (
            at("gw", "edge", "1.2.3.0/24"),
            &["behind a load balancer"][..],
            "a gateway",
        ),
        (local, &[], "the gateway sees clients"),
        (
            at("web", "shop", "1.2.3.0/24"),
            &["has only public addresses"],
            "a pod",
        ),
        (at("web", "shop", "10.1.0.0/16"), &[], "pods"),
    ] {
        expect(check("MESH4114"), &facts, want, case);
    }
}
