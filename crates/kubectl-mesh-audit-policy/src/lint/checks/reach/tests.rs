//! One that is found and one that is left alone for each.

use mesh_common::mesh::Known;
use serde_json::{Value, json};

use super::*;
use crate::lint::made::{expect, facts, policy, standing, with};

fn of(app: &str) -> Value {
    json!({"selector": {"matchLabels": {"app": app}}, "rules": [{}]})
}

#[test]
fn a_policy_that_applies_to_nothing() {
    let check = &CHECKS[0];
    let gateway = |name: &str| json!({"targetRefs": [{"group": "gateway.networking.k8s.io", "kind": "Gateway", "name": name}]});
    for (meta, spec, want) in [
        (json!({}), of("web"), &[][..]),
        (
            json!({}),
            of("wbe"),
            &[
                "Error spec.selector.matchLabels: the selector matches no workload: app=wbe (shop/deployment/web has app=web",
            ],
        ),
        (json!({}), of("ledger"), &["Warning spec.selector"]),
        (
            json!({}),
            of("api"),
            &["other/deployment/api has these labels, in another namespace"],
        ),
        (
            json!({}),
            of("job"),
            &["nothing enforces it: shop/job/job has no proxy"],
        ),
        (
            json!({"namespace": "nowhere"}),
            json!({}),
            &["no workload with a proxy is in namespace nowhere"],
        ),
        (json!({"namespace": "edge"}), gateway("public"), &[]),
        (
            json!({"namespace": "edge"}),
            gateway("publik"),
            &["there is no Gateway edge/publik (there is public)"],
        ),
        (
            json!({}),
            json!({"targetRefs": [{"kind": "Service", "name": "wep"}]}),
            &["there is no Service shop/wep (there is web)"],
        ),
        (
            json!({}),
            json!({"targetRefs": [{"kind": "Service", "name": "web"}]}),
            &["no waypoint is before Service shop/web: nothing enforces it"],
        ),
    ] {
        expect(
            check,
            &with(facts(), &meta, spec.clone()),
            want,
            &spec.to_string(),
        );
    }
    let mut dark = with(facts(), &json!({}), of("wbe"));
    dark.spots = Known::not_read("workloads");
    let told = Told::of(check, &dark);
    assert_eq!((told.hits.len(), told.not_evaluated.len()), (0, 1));
}

#[test]
fn a_workload_whose_istiod_is_not_known_is_unknown_where_it_may_be_meant() {
    let dim = |app: &str| {
        let mut dim = with(facts(), &json!({}), of(app));
        if let Known::Known(spots) = &mut dim.spots {
            spots[0].context = Err("no istiod was found".into());
        }
        let told = Told::of(&CHECKS[0], &dim);
        (told.hits.len(), told.unknown.len())
    };
    assert_eq!(dim("web"), (0, 1));
    // Its labels say that it is not.
    assert_eq!((dim("ledger"), dim("db")), ((1, 0), (0, 0)));
}

#[test]
fn an_allow_that_closes_workloads() {
    let check = &CHECKS[1];
    let web = || with(facts(), &json!({}), of("web"));
    let other = |spec: Value| policy(&json!({"name": "q"}), spec);
    expect(
        check,
        &web(),
        &[
            "turns to default deny for shop/deployment/web: they refuse every request that no ALLOW names; 1 of 3 workloads of shop",
        ],
        "new",
    );
    expect(
        check,
        &standing(web(), other(json!({}))),
        &[],
        "closed before",
    );
    expect(
        check,
        &standing(web(), other(of("db"))),
        &["default deny"],
        "another is closed",
    );
    let mut there = web();
    there.proposed = false;
    expect(
        check,
        &there,
        &["Info spec.action: alone makes"],
        "in force",
    );
    let deny = json!({"action": "DENY", "rules": [{}]});
    expect(check, &with(facts(), &json!({}), deny), &[], "a DENY");
    let dry = json!({"annotations": {"istio.io/dry-run": "true"}});
    expect(check, &with(facts(), &dry, of("web")), &[], "a dry run");
}

#[test]
fn whole_namespaces_and_the_mesh() {
    let check = &CHECKS[2];
    let rules = json!([{"to": [{"operation": {"ports": ["80"]}}]}]);
    let root = json!({"namespace": "istio-system"});
    for (meta, spec, want) in [
        (
            json!({}),
            json!({"action": "DENY", "rules": rules}),
            &[
                "Warning spec.selector: no selector: it applies to the whole namespace: 2 workloads in shop",
            ][..],
        ),
        (json!({}), json!({"rules": rules}), &["Info"]),
        (json!({}), of("web"), &[]),
        (
            root.clone(),
            json!({"rules": rules}),
            &[
                "Warning spec.selector: the root namespace and no selector: it applies to the whole mesh: 5 workloads in amb, edge, other, shop",
            ],
        ),
        (
            root,
            of("web"),
            &["the selector counts in every namespace: 1 workload"],
        ),
    ] {
        expect(
            check,
            &with(facts(), &meta, spec.clone()),
            want,
            &spec.to_string(),
        );
    }
}
