//! One that is found and one that is left alone for each.

use serde_json::{Value, json};

use super::*;
use crate::lint::made::{expect, facts, peer, with};

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
fn who_has_no_identity_is_not_in_any_list() {
    let code = "MESH4115";
    table(
        code,
        &[
            (
                source(
                    "DENY",
                    &json!({"notPrincipals": ["cluster.local/ns/shop/sa/web"]}),
                ),
                &[
                    "Warning spec.rules[0].from[0].source.notPrincipals: a caller in plain text has no identity and always matches notPrincipals: it is denied",
                ],
            ),
            (
                source("ALLOW", &json!({"notNamespaces": ["other"]})),
                &["Error spec.rules[0].from[0].source.notNamespaces"],
            ),
            (
                source(
                    "ALLOW",
                    &json!({"notNamespaces": ["other"], "principals": ["*"]}),
                ),
                &[],
            ),
            (source("DENY", &json!({"notRequestPrincipals": ["*"]})), &[]),
            (source("DENY", &json!({"principals": ["a"]})), &[]),
            (
                json!({"action": "DENY", "rules": [{"when": [{"key": "source.namespace", "notValues": ["shop"]}]}]}),
                &["when[0].notValues"],
            ),
            (
                json!({"action": "DENY", "rules": [{"from": [{"source": {"notNamespaces": ["x"]}}], "when": [{"key": "source.principal", "values": ["*"]}]}]}),
                &[],
            ),
        ],
    );
    let spec = source("DENY", &json!({"notPrincipals": ["a"]}));
    let strict = peer(
        with(facts(), &json!({}), spec.clone()),
        "shop",
        "default",
        &json!({"mtls": {"mode": "STRICT"}}),
    );
    expect(check(code), &strict, &[], "strict");
    let lax = peer(
        with(facts(), &json!({}), spec),
        "shop",
        "default",
        &json!({"mtls": {"mode": "PERMISSIVE"}}),
    );
    expect(
        check(code),
        &lax,
        &["shop/deployment/web takes plain text (PERMISSIVE)"],
        "permissive",
    );
    let spec = json!({"action": "DENY", "selector": {"matchLabels": {"app": "gw"}}, "rules": [{"from": [{"source": {"notPrincipals": ["a"]}}]}]});
    let gateway = with(facts(), &json!({"namespace": "edge"}), spec);
    let gateway = peer(
        gateway,
        "istio-system",
        "default",
        &json!({"mtls": {"mode": "STRICT"}}),
    );
    expect(
        check(code),
        &gateway,
        &["edge/deployment/gw takes plain text"],
        "clients of a gateway",
    );
}

#[test]
fn identities_take_mtls() {
    let mode = |mode: &str, spec: Value| {
        peer(
            with(facts(), &json!({}), spec),
            "shop",
            "default",
            &json!({"mtls": {"mode": mode}}),
        )
    };
    let named = |action: &str| {
        source(
            action,
            &json!({"principals": ["cluster.local/ns/other/sa/api"]}),
        )
    };
    for (facts, want, case) in [
        (
            mode("DISABLE", named("ALLOW")),
            &[
                "Error spec.rules[0].from[0].source.principals: principals never matches where mTLS is off",
            ][..],
            "off",
        ),
        (
            mode("PERMISSIVE", named("ALLOW")),
            &[],
            "an ALLOW keeps plain text out",
        ),
        (
            mode("PERMISSIVE", named("DENY")),
            &["the same caller in plain text has no identity and passes (shop/deployment/web)"],
            "a DENY does not",
        ),
        (mode("STRICT", named("DENY")), &[], "strict"),
        (
            mode(
                "DISABLE",
                source("ALLOW", &json!({"ipBlocks": ["10.0.0.0/8"]})),
            ),
            &[],
            "no identity is asked for",
        ),
    ] {
        expect(check("MESH4116"), &facts, want, case);
    }
}
