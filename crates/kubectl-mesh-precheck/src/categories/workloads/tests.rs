use mesh_common::mesh::{Gap, Known, Update, Why};

use super::{gateways::ROLL, templates::*, *};
use crate::{
    check::Status,
    made::{facts, run, with},
    observe::Rollout,
};

fn web(facts: &mut Facts) -> &mut mesh_common::mesh::Workload {
    let Known::Known(all) = &mut facts.mesh.workloads else {
        panic!("known");
    };
    all.iter_mut().find(|w| w.name == "web").unwrap()
}

fn template(facts: &mut Facts) -> &mut crate::observe::Template {
    facts
        .seen
        .templates
        .get_mut(&("shop".into(), "deployment/web".into()))
        .unwrap()
}

#[test]
fn a_healthy_workload_is_none_at_risk() {
    let facts = facts();
    for check in CHECKS {
        let verdict = (check.run)(&facts);
        assert_eq!(
            verdict.status,
            Status::Ok,
            "{}: {}",
            check.code,
            verdict.summary
        );
        assert!(verdict.findings.is_empty());
    }
}

/// What is changed, the check, what it comes to, and a piece of its first finding.
type Case = (fn(&mut Facts), &'static str, Status, &'static str);

#[test]
fn each_risk_is_found_where_it_is() {
    let cases: &[Case] = &[
        (
            |f| web(f).replicas = Some(1),
            SINGLE,
            Status::Warning,
            "one replica",
        ),
        (
            |f| web(f).update = Update::OnDelete,
            HARD,
            Status::Warning,
            "OnDelete",
        ),
        (
            |f| web(f).update = Update::Recreate,
            HARD,
            Status::Warning,
            "Recreate",
        ),
        (
            |f| web(f).update = Update::Partition(1),
            HARD,
            Status::Warning,
            "ordinals below 1",
        ),
        (
            |f| web(f).pdbs = Known::Known(Vec::new()),
            BUDGET,
            Status::Info,
            "no budget",
        ),
        (
            |f| {
                if let Known::Known(pdbs) = &mut web(f).pdbs {
                    pdbs[0].disruptions_allowed = Some(0);
                }
            },
            BUDGET,
            Status::Warning,
            "allows no disruption",
        ),
        (
            |f| web(f).host_network = true,
            HOST,
            Status::Info,
            "host's network",
        ),
        (
            |f| template(f).proxy_image = Some("example.com/proxy:1".into()),
            IMAGE,
            Status::Warning,
            "chooses its proxy's image itself",
        ),
        (
            |f| template(f).unprobed = vec!["app".into()],
            PROBES,
            Status::Warning,
            "no readiness probe",
        ),
        (
            |f| {
                template(f).rollout = Some(Rollout {
                    wanted: 2,
                    updated: 1,
                    available: 2,
                    observed: true,
                    paused: false,
                });
            },
            FLIGHT,
            Status::Warning,
            "under way",
        ),
    ];
    for (change, code, status, words) in cases {
        let mut facts = facts();
        change(&mut facts);
        let verdict = run(CHECKS, code, &facts);
        assert_eq!(verdict.status, *status, "{code}: {}", verdict.summary);
        let found = &verdict.findings[0];
        assert_eq!(found.object, "deployment/web -n shop");
        assert!(found.message.contains(words), "{}", found.message);
        for check in CHECKS.iter().filter(|c| c.code != *code) {
            assert_eq!(
                (check.run)(&facts).status,
                Status::Ok,
                "{} beside {code}",
                check.code
            );
        }
    }
}

#[test]
fn applications_that_do_not_wait_are_counted_once() {
    let mut facts = facts();
    if let Known::Known(nodes) = &mut facts.mesh.nodes {
        nodes[0].kubelet = "v1.32.0".into();
    }
    assert_eq!(
        run(CHECKS, HOLD, &facts).status,
        Status::Ok,
        "the mesh holds"
    );
    template(&mut facts).holds = Some(false);
    let verdict = run(CHECKS, HOLD, &facts);
    assert_eq!(verdict.status, Status::Info);
    assert_eq!(verdict.findings[0].object, "1 workload with a sidecar");
}

#[test]
fn a_gateway_that_follows_a_tag_rolls() {
    let facts = with(
        "apiVersion: gateway.networking.k8s.io/v1
kind: GatewayClass
metadata: {name: istio}
spec: {controllerName: istio.io/gateway-controller}
---
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: public, namespace: shop}
spec: {gatewayClassName: istio, listeners: []}
---
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: pinned, namespace: shop, labels: {istio.io/rev: 1-26-1}}
spec: {gatewayClassName: istio, listeners: []}
",
    );
    let verdict = run(CHECKS, ROLL, &facts);
    assert_eq!(verdict.status, Status::Warning);
    assert_eq!(verdict.findings.len(), 1);
    assert_eq!(verdict.findings[0].object, "gateway/public -n shop");
}

#[test]
fn what_may_not_be_read_is_skipped_with_the_right_that_is_missing() {
    let mut facts = facts();
    facts.mesh.workloads = Known::Unknown(Gap {
        what: "pods".into(),
        why: Why::Forbidden,
        detail: "may not list pods".into(),
    });
    for check in CHECKS.iter().filter(|c| ![ROLL, HOLD].contains(&c.code)) {
        let verdict = (check.run)(&facts);
        assert_eq!(verdict.status, Status::Skipped, "{}", check.code);
        assert_eq!(verdict.summary, "SKIPPED: may not list pods");
    }
}
