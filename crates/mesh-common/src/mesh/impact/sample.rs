//! The sample mesh, held against what its README says of it.

use super::*;
use crate::mesh::{fold::sample, model::label, tags::tags};

fn names<T>(list: &[T], item: impl Fn(&T) -> &Item) -> Vec<String> {
    list.iter().map(|i| item(i).short()).collect()
}

/// Stays as `reason (what they get): workloads/pods in namespaces`.
fn stays(impact: &Impact) -> Vec<String> {
    let namespaces = |s: &Stay| s.namespaces.iter().cloned().collect::<Vec<_>>().join(" ");
    let line = |s: &Stay| {
        format!(
            "{} ({}): {}/{} in {}",
            s.reason,
            s.next,
            s.workloads,
            s.pods,
            namespaces(s)
        )
    };
    impact.stays.iter().map(line).collect()
}

fn promote(mesh: &Mesh) -> Impact {
    let before = mesh.wiring().unwrap();
    let after = before.move_tag("stable", "1-28-1", true).unwrap();
    Impact::between(mesh, &before, &after).unwrap()
}

#[test]
fn promoting_stable_to_1_28() {
    let impact = promote(&sample::mesh());
    // `partners` follows canary by its own label; `public` follows its namespace.
    assert_eq!(
        names(&impact.rolls_now, |r| &r.gateway),
        ["edge/gateway/public"]
    );
    assert!(impact.unmanaged.is_empty() && impact.unknown.is_empty() && impact.gaps.is_empty());
    assert_eq!(
        names(&impact.changes, |c| &c.workload),
        [
            "payments/deployment/cards",
            "payments/deployment/checkout",
            "payments/statefulset/ledger",
            "platform/daemonset/node-cache",
            "edge/deployment/edge-gateway",
            "payments/deployment/fraud",
            "platform/deployment/flags",
            "batch/deployment/scheduler",
            "payments/deployment/fraud-v2",
            "batch/cronjob/settlement",
        ]
    );
    for change in &impact.changes {
        assert_eq!(change.before.short(), "1-26-1");
        assert_eq!(change.after.short(), "1-28-1");
        assert_eq!(change.reason, "namespace label istio.io/rev=stable");
        assert!(
            change
                .running
                .iter()
                .all(|r| r.short() == "1-26-1 (1.26.1)")
        );
    }
}

#[test]
fn what_promoting_stable_leaves_and_finds_broken() {
    let impact = promote(&sample::mesh());
    let broken: Vec<_> = impact
        .breaks
        .iter()
        .map(|b| (b.item.short(), b.already))
        .collect();
    assert_eq!(
        broken,
        [
            ("legacy/deployment/latecomer".to_owned(), true),
            ("legacy/deployment/monolith".into(), true),
            ("mixed/deployment/twolabels".into(), true),
            ("legacy/deployment/soap-bridge".into(), true),
            ("data/gateway/waypoint".into(), true),
        ]
    );
    let hard: Vec<_> = impact
        .hard
        .iter()
        .map(|h| {
            (
                h.workload.name.as_str(),
                h.why.iter().map(|w| w.kind).collect::<Vec<_>>(),
            )
        })
        .collect();
    assert_eq!(
        hard,
        [
            ("cards", vec![HardKind::Budget]),
            ("ledger", vec![HardKind::OnDelete]),
            ("scheduler", vec![HardKind::SingleReplica]),
            ("fraud-v2", vec![HardKind::SingleReplica]),
            ("settlement", vec![HardKind::NextRun]),
        ]
    );
    assert_eq!(
        stays(&impact),
        [
            "1-28-1 by namespace label istio.io/rev=canary (1-28-1): 9/20 in orders staging",
            "1-26-1 by namespace label istio.io/rev=1-26-1 (1-26-1): 4/10 in users",
            "namespace label istio-injection=disabled (none): 2/4 in monitoring",
            "pod label sidecar.istio.io/inject=false (none): 4/4 in istio-system payments",
            "the namespace is in ambient mode (none): 2/4 in data",
            "1-26-1 by pod label istio.io/rev=1-26-1 (1-26-1): 1/1 in tools",
            "1-28-1 by pod label istio.io/rev=canary (1-28-1): 1/1 in tools",
            "made by istiod for a Gateway, not injected (none): 1/1 in edge",
            "no label on the namespace or the pod asks for it (none): 1/1 in tools",
            "a Job that has ended (1-28-1): 1/0 in batch",
        ]
    );
    assert_eq!(
        names(&impact.behind, |b| &b.workload),
        ["staging/deployment/catalog-old"]
    );
    assert_eq!(
        impact.totals,
        Totals {
            gateways_rolling: 1,
            gateway_pods: 1,
            namespaces: 4,
            workloads: 10,
            pods: 20,
            breaks: 0,
            broken_already: 5,
            stays: 26,
            stays_pods: 46,
            ..Totals::default()
        }
    );
}

#[test]
fn putting_legacy_on_canary_mends_it() {
    let mesh = sample::mesh();
    let before = mesh.wiring().unwrap();
    let after = before.label_namespace("legacy", "canary").unwrap();
    let impact = Impact::between(&mesh, &before, &after).unwrap();
    assert_eq!(
        names(&impact.changes, |c| &c.workload),
        [
            "legacy/deployment/latecomer",
            "legacy/deployment/monolith",
            "legacy/deployment/soap-bridge"
        ]
    );
    assert!(impact.rolls_now.is_empty());
    assert_eq!(impact.totals.breaks, 0);
}

#[test]
fn its_tags() {
    let table = tags(&sample::mesh()).unwrap();
    let rows: Vec<_> = table
        .rows
        .iter()
        .map(|r| {
            format!(
                "{} -> {} {}/{} {} {} {} {}",
                r.tag.as_deref().unwrap_or("-"),
                r.revisions.join(","),
                r.ready.get().unwrap(),
                r.wanted.get().unwrap(),
                r.namespaces.get().unwrap().join(","),
                r.workloads.get().unwrap(),
                r.pods.get().unwrap(),
                r.old_pods.get().unwrap()
            )
        })
        .collect();
    assert_eq!(
        rows,
        [
            "canary -> 1-28-1 1/1 orders,staging 10 21 2",
            "stable -> 1-26-1 1/1 batch,edge,mixed,payments,platform 11 20 0",
            "- -> 1-26-1 1/1 users 5 11 0",
        ]
    );
    let dangling = table.dangling.get().unwrap().iter();
    let dangling: Vec<_> = dangling.map(|d| d.namespace.as_str()).collect();
    assert_eq!(dangling, ["legacy", "mixed"]);
    assert!(table.overlaps.is_empty() && table.gaps.is_empty());
}

/// What every pod of the sample mesh says of itself is what the real API server and istiods did with it. Where nothing
/// was moved since, the forecast must say the same.
#[test]
fn the_forecast_is_what_the_real_injectors_did() {
    let mesh = sample::mesh();
    let wiring = mesh.wiring().unwrap();
    let mut compared = 0;
    for forecast in forecast(&mesh, &wiring).unwrap() {
        let namespace = forecast.workload.namespace.as_str();
        // Legacy lost its default tag since, catalog-old has not followed canary, and the proxies of
        // gateways and of the old ingress chart are in their templates.
        let moved = namespace == "legacy"
            || forecast.workload.name == "catalog-old"
            || matches!(
                forecast.workload.name.as_str(),
                "istio-ingressgateway" | "public-istio" | "partners-istio"
            );
        if moved || forecast.pods == 0 {
            continue;
        }
        let ran: BTreeSet<_> = forecast
            .running
            .iter()
            .map(|r| r.revision.as_deref())
            .collect();
        assert_eq!(
            ran,
            BTreeSet::from([forecast.next.revision()]),
            "{}: {}",
            forecast.workload.short(),
            forecast.reason
        );
        compared += forecast.pods;
    }
    assert!(compared > 60, "{compared}");
    assert_eq!(wiring.namespaces["mixed"].labels[label::REV], "stable");
}
