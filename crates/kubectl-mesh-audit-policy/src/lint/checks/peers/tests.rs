//! One that is found and one that is left alone for each.

#![allow(
    clippy::needless_pass_by_value,
    reason = "values of tables are written where they are used"
)]

use serde_json::{Value, json};

use super::*;
use crate::lint::made::{expect, facts, peer};

fn check(code: &str) -> &'static Check {
    CHECKS.iter().find(|check| check.code == code).unwrap()
}

fn mode(mode: &str) -> Value {
    json!({"mtls": {"mode": mode}})
}

fn of(app: &str, ports: Value) -> Value {
    json!({"selector": {"matchLabels": {"app": app}}, "mtls": {"mode": "STRICT"}, "portLevelMtls": ports})
}

#[test]
fn strict_shuts_out_who_has_no_proxy() {
    let check = check("MESH4201");
    for (namespace, spec, want) in [
        (
            "shop",
            mode("STRICT"),
            &[
                "Info spec.mtls.mode: STRICT is enforced by a proxy, and these workloads have none: they take plain text as before (shop/job/job)",
                "Warning spec.mtls.mode: callers without a proxy are refused: shop/job/job, in the same namespace",
            ][..],
        ),
        (
            "other",
            mode("STRICT"),
            &[
                "Info spec.mtls.mode: callers without a proxy are refused; such are in other namespaces: shop/job/job",
            ],
        ),
        ("shop", mode("PERMISSIVE"), &[]),
        ("nowhere", mode("STRICT"), &[]),
    ] {
        expect(
            check,
            &peer(facts(), namespace, "default", &spec),
            want,
            namespace,
        );
    }
}

#[test]
fn exceptions_are_for_ports_of_pods() {
    let check = check("MESH4202");
    let disable = json!({"mode": "DISABLE"});
    for (port, want) in [
        ("8080", &[][..]),
        (
            "80",
            &[
                "Error spec.portLevelMtls.80: 80 is the Service's port: what counts is the pods' port, 8080",
            ],
        ),
        (
            "9090",
            &[
                "Warning spec.portLevelMtls.9090: no Service leads to port 9090 of these pods: the exception may not count (they lead to 8080)",
            ],
        ),
    ] {
        expect(
            check,
            &peer(facts(), "shop", "web", &of("web", json!({port: disable}))),
            want,
            port,
        );
    }
}

#[test]
fn of_several_one_counts() {
    let check = check("MESH4203");
    let two = |a: &Value, b: &Value| {
        let mut facts = peer(facts(), "shop", "a", a);
        facts.peers.clear();
        peer(facts, "shop", "b", b)
    };
    expect(
        check,
        &two(&mode("STRICT"), &mode("DISABLE")),
        &[
            "Error spec: several PeerAuthentications for the namespace: the oldest one counts, and no other (a)",
        ],
        "namespace",
    );
    expect(
        check,
        &two(&of("web", json!(null)), &of("web", json!(null))),
        &["shop/deployment/web is selected by a too"],
        "workload",
    );
    expect(
        check,
        &two(&of("web", json!(null)), &of("db", json!(null))),
        &[],
        "side by side",
    );
    expect(
        check,
        &two(&of("web", json!(null)), &mode("STRICT")),
        &[],
        "two scopes",
    );
}

#[test]
fn what_istio_refuses_or_passes_over() {
    let check = check("MESH4204");
    for (namespace, spec, want) in [
        (
            "shop",
            json!({"portLevelMtls": {"80": {"mode": "DISABLE"}}}),
            &["Error spec.portLevelMtls: portLevelMtls counts only with a selector"][..],
        ),
        (
            "shop",
            mode("STRIKT"),
            &["mode \"STRIKT\" is none of Istio's"],
        ),
        (
            "shop",
            of("web", json!({"70000": {"mode": "DISABLE"}})),
            &["\"70000\" is no port"],
        ),
        (
            "istio-system",
            of("web", json!(null)),
            &["it never counts: istio-system is the root namespace"],
        ),
        ("shop", of("web", json!({"80": {"mode": "DISABLE"}})), &[]),
    ] {
        expect(
            check,
            &peer(facts(), namespace, "p", &spec),
            want,
            &spec.to_string(),
        );
    }
}

#[test]
fn a_selector_that_matches_nothing() {
    let check = check("MESH4205");
    expect(
        check,
        &peer(facts(), "shop", "p", &of("wbe", json!(null))),
        &[
            "Error spec.selector.matchLabels: the selector matches no workload: app=wbe (shop/deployment/web has app=web",
        ],
        "near",
    );
    expect(
        check,
        &peer(facts(), "shop", "p", &of("web", json!(null))),
        &[],
        "there",
    );
}
