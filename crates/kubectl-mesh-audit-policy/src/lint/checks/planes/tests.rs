//! One that is found and one that is left alone for each.

#![allow(
    clippy::needless_pass_by_value,
    reason = "values of tables are written where they are used"
)]

use mesh_common::mesh::Known;
use serde_json::{Value, json};

use super::*;
use crate::lint::made::{expect, facts, policy, standing, with};

fn check(code: &str) -> &'static Check {
    CHECKS.iter().find(|check| check.code == code).unwrap()
}

fn of(app: &str, action: &str, rule: Value) -> Value {
    json!({"action": action, "selector": {"matchLabels": {"app": app}}, "rules": [rule]})
}

fn at_version(mut facts: Facts, version: Version) -> Facts {
    if let Known::Known(spots) = &mut facts.spots {
        for spot in spots {
            spot.context.as_mut().unwrap().version = version;
        }
    }
    facts
}

#[test]
fn what_the_compiler_leaves_out() {
    let check = check("MESH4131");
    let when = |key: &str| json!({"when": [{"key": key, "values": ["a"]}]});
    for (spec, want) in [
        (
            of("web", "ALLOW", when("destination.labels[x]")),
            &[
                "Istio 1.28.1 does not know the key destination.labels[x]: this rule is left out (shop/deployment/web)",
            ][..],
        ),
        (
            of(
                "web",
                "DENY",
                json!({"from": [{"source": {"trustDomains": ["a"]}}]}),
            ),
            &["what proxies make of it is not known"],
        ),
        (
            of(
                "web",
                "DENY",
                json!({"to": [{"operation": {"ports": ["x"]}}]}),
            ),
            &["left out, and the rule matches more"],
        ),
        (of("web", "DENY", when("source.namespace")), &[]),
        (
            of(
                "web",
                "DENY",
                json!({"to": [{"operation": {"paths": ["foo/{*}"]}}]}),
            ),
            &[],
        ),
    ] {
        expect(
            check,
            &with(facts(), &json!({}), spec.clone()),
            want,
            &spec.to_string(),
        );
    }
}

#[test]
fn what_ztunnel_leaves_out() {
    let check = check("MESH4132");
    let amb = json!({"namespace": "amb"});
    let get = json!({"to": [{"operation": {"methods": ["GET"]}}]});
    for (spec, want) in [
        (
            of("cart", "ALLOW", get.clone()),
            &[
                "Warning spec.rules[0]: methods: ztunnel sees no HTTP: this rule lets nothing in there (amb/deployment/cart)",
            ][..],
        ),
        (
            of("cart", "DENY", get),
            &["Error spec.rules[0]: methods: ztunnel sees no HTTP: the field is left out"],
        ),
        (
            of("cart", "AUDIT", json!({})),
            &["ztunnel has no AUDIT: the policy has no effect there"],
        ),
        (
            of(
                "cart",
                "DENY",
                json!({"to": [{"operation": {"ports": ["80"]}}]}),
            ),
            &[],
        ),
    ] {
        expect(
            check,
            &with(facts(), &amb, spec.clone()),
            want,
            &spec.to_string(),
        );
    }
}

#[test]
fn dry_runs_that_are_none() {
    let check = check("MESH4133");
    let meta = |namespace: &str| json!({"namespace": namespace, "annotations": {"istio.io/dry-run": "true"}});
    let cart = || with(facts(), &meta("amb"), of("cart", "DENY", json!({})));
    expect(
        check,
        &cart(),
        &["Warning metadata.annotations.istio.io/dry-run: a dry run that shows nothing there"],
        "1.28",
    );
    expect(
        check,
        &at_version(cart(), Version::new(24, 6)),
        &["Error metadata.annotations.istio.io/dry-run: a dry run, and ztunnel enforces it"],
        "1.24",
    );
    expect(
        check,
        &with(facts(), &meta("shop"), of("web", "DENY", json!({}))),
        &[],
        "a sidecar",
    );
    let told_to = |ztunnel: Option<Version>| {
        let mut facts = at_version(cart(), Version::new(30, 2));
        if let Known::Known(spots) = &mut facts.spots {
            for spot in spots {
                spot.context.as_mut().unwrap().mesh.ambient_dry_run = true;
            }
        }
        facts.ztunnels = Known::Known(vec![ztunnel]);
        facts
    };
    let old = told_to(Some(Version::new(28, 1)));
    expect(check, &old, &["and ztunnel enforces it"], "an old ztunnel");
    expect(
        check,
        &told_to(Some(Version::new(29, 0))),
        &[],
        "a ztunnel that knows",
    );
    let unknown = Told::of(check, &told_to(None));
    assert_eq!((unknown.hits.len(), unknown.unknown.len()), (0, 1));
    let custom = with(facts(), &meta("shop"), of("web", "CUSTOM", json!({})));
    expect(
        check,
        &at_version(custom, Version::new(30, 2)),
        &["a dry run of CUSTOM"],
        "CUSTOM",
    );
}

#[test]
fn audit_is_read_by_somebody_or_nobody() {
    let check = check("MESH4134");
    let mut audited = with(facts(), &json!({}), of("web", "AUDIT", json!({})));
    expect(
        check,
        &audited,
        &["nothing in Istio shows the marks"],
        "nobody",
    );
    audited.audit_is_read = Known::Known(true);
    expect(check, &audited, &[], "a Telemetry");
    expect(
        check,
        &with(facts(), &json!({}), of("web", "DENY", json!({}))),
        &[],
        "DENY",
    );
}

#[test]
fn providers_are_there_and_one() {
    let check = check("MESH4135");
    let custom = |provider: &str| {
        let mut spec = of("web", "CUSTOM", json!({}));
        spec["provider"] = json!({"name": provider});
        spec
    };
    let of = |provider: &str| with(facts(), &json!({}), custom(provider));
    expect(check, &of("ext"), &[], "there");
    expect(
        check,
        &of("oauth"),
        &[
            "revision default has no external authorizer oauth: every request that a rule matches is refused (it has ext)",
        ],
        "not there",
    );
    let other = policy(&json!({"name": "q"}), custom("other"));
    expect(
        check,
        &standing(of("ext"), other),
        &["another CUSTOM policy with another provider"],
        "two",
    );
}
