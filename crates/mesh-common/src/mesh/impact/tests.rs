use super::*;
use crate::mesh::{
    Known, Pdb, Update, WorkloadKind,
    made::{Made, gap, pods},
};

const OLD: Option<(&str, &str)> = Some(("1-26-1", "1.26.1"));
const NEW: Option<(&str, &str)> = Some(("1-28-1", "1.28.1"));

/// The telling parts of the sample mesh.
fn shop() -> Mesh {
    let rev = "istio.io/rev";
    Made::shop()
        .namespace("payments", &[(rev, "stable")])
        .namespace("orders", &[(rev, "canary")])
        .namespace("users", &[(rev, "1-26-1")])
        .namespace("staging", &[(rev, "canary")])
        .namespace("batch", &[(rev, "stable")])
        .namespace("edge", &[(rev, "stable")])
        .namespace("mixed", &[(rev, "stable"), ("istio-injection", "enabled")])
        .namespace("legacy", &[("istio-injection", "enabled")])
        .namespace("monitoring", &[("istio-injection", "disabled")])
        .namespace("data", &[("istio.io/dataplane-mode", "ambient")])
        .workload("payments", "checkout", |w| w.pods = vec![pods(3, OLD)])
        .workload("payments", "ledger", |w| {
            w.kind = WorkloadKind::StatefulSet;
            w.update = Update::OnDelete;
            w.pods = vec![pods(2, OLD), pods(1, NEW)];
        })
        .workload("payments", "cards", |w| {
            w.pdbs = Known::Known(vec![Pdb {
                name: "cards".into(),
                min_available: None,
                max_unavailable: Some("0".into()),
                disruptions_allowed: Some(0),
            }]);
            w.pods = vec![pods(3, OLD)];
        })
        .workload("payments", "vm-agent", |w| {
            w.host_network = true;
            w.pods = vec![pods(1, None)];
        })
        .workload("orders", "shipping", |w| w.pods = vec![pods(2, NEW)])
        .workload("users", "accounts", |w| w.pods = vec![pods(3, OLD)])
        .workload("staging", "catalog-old", |w| w.pods = vec![pods(2, OLD)])
        .workload("batch", "settlement", |w| {
            w.kind = WorkloadKind::CronJob;
            w.update = Update::NextRun;
            w.replicas = None;
        })
        .workload("mixed", "twolabels", |w| w.pods = vec![pods(2, None)])
        .workload("legacy", "monolith", |w| w.pods = vec![pods(2, OLD)])
        .workload("monitoring", "metrics", |w| w.pods = vec![pods(1, None)])
        .workload("data", "search", |w| w.pods = vec![pods(2, None)])
        .gateway("edge", "public", None, "1-26-1")
        .gateway("edge", "partners", Some("canary"), "1-28-1")
        .0
}

fn promote(mesh: &Mesh, tag: &str, to: &str, service: bool) -> Impact {
    let before = mesh.wiring().unwrap();
    let after = before.move_tag(tag, to, service).unwrap();
    Impact::between(mesh, &before, &after).unwrap()
}

fn names<T>(list: &[T], item: impl Fn(&T) -> &Item) -> Vec<String> {
    list.iter().map(|i| item(i).short()).collect()
}

#[test]
fn promoting_stable() {
    let impact = promote(&shop(), "stable", "1-28-1", true);
    assert_eq!(
        names(&impact.rolls_now, |r| &r.gateway),
        ["edge/gateway/public"]
    );
    let roll = &impact.rolls_now[0];
    assert_eq!(
        (roll.before.short(), roll.after.short()),
        ("1-26-1".into(), "1-28-1".into())
    );
    assert_eq!(
        roll.after.reason,
        "namespace label istio.io/rev=stable, a tag of 1-28-1"
    );
    assert_eq!(
        roll.deployment.as_ref().unwrap().short(),
        "edge/deployment/public-istio"
    );

    assert_eq!(
        names(&impact.changes, |c| &c.workload),
        [
            "payments/deployment/cards",
            "payments/deployment/checkout",
            "payments/statefulset/ledger",
            "batch/cronjob/settlement",
        ]
    );
    let ledger = &impact.changes[2];
    assert_eq!((ledger.pods, ledger.pods_to_change), (3, 2));
    assert_eq!(ledger.before.short(), "1-26-1");
    assert_eq!(ledger.after.short(), "1-28-1");
    assert_eq!(ledger.running[0].short(), "1-26-1 (1.26.1)");
    assert_eq!(ledger.restart.how, "when its pods are deleted");
    assert_eq!(
        impact.changes[1].restart.command.as_deref(),
        Some("kubectl -n payments rollout restart deployment/checkout")
    );

    let hard: Vec<_> = impact
        .hard
        .iter()
        .map(|h| (h.workload.short(), h.why[0].kind))
        .collect();
    assert_eq!(
        hard,
        [
            ("payments/deployment/cards".to_owned(), HardKind::Budget),
            ("payments/statefulset/ledger".to_owned(), HardKind::OnDelete),
            ("batch/cronjob/settlement".to_owned(), HardKind::NextRun),
        ]
    );

    let broken: Vec<_> = impact
        .breaks
        .iter()
        .map(|b| (b.item.short(), b.already))
        .collect();
    assert_eq!(
        broken,
        [
            ("legacy/deployment/monolith".to_owned(), true),
            ("mixed/deployment/twolabels".to_owned(), true),
        ]
    );
    let stays: Vec<_> = impact
        .stays
        .iter()
        .map(|s| (s.reason.as_str(), s.workloads, s.pods))
        .collect();
    assert_eq!(
        stays,
        [
            ("1-28-1 by namespace label istio.io/rev=canary", 2, 4),
            ("1-26-1 by namespace label istio.io/rev=1-26-1", 1, 3),
            ("the namespace is in ambient mode", 1, 2),
            ("made by istiod for a Gateway, not injected", 1, 1),
            ("namespace label istio-injection=disabled", 1, 1),
            ("the pod uses the host's network", 1, 1),
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
            namespaces: 2,
            workloads: 4,
            pods: 8,
            breaks: 0,
            broken_already: 2,
            stays: 7,
            stays_pods: 12,
            ..Totals::default()
        }
    );
    assert!(!impact.is_nothing());
    assert!(impact.gaps.is_empty());
}

#[test]
fn as_json() {
    let mesh = shop();
    let json = serde_json::to_value(promote(&mesh, "stable", "1-28-1", true)).unwrap();
    assert_eq!(json["totals"]["gatewaysRolling"], 1);
    assert_eq!(json["rollsNow"][0]["gateway"]["name"], "public");
    let change = &json["changes"][0];
    assert_eq!(
        change["before"],
        serde_json::json!({"injected": "by", "revision": "1-26-1"})
    );
    assert_eq!(change["podsToChange"], 3);
    let wiring = mesh.wiring().unwrap();
    let forecasts = serde_json::to_value(forecast(&mesh, &wiring).unwrap()).unwrap();
    assert_eq!(forecasts[0]["claim"]["claim"], "one");
    assert_eq!(forecasts[0]["claim"]["tag"], "stable");
}

#[test]
fn moving_to_where_it_points_does_nothing() {
    let impact = promote(&shop(), "stable", "1-26-1", false);
    assert!(impact.is_nothing());
    assert_eq!(impact.totals.broken_already, 2);
}

#[test]
fn removing_a_tag_breaks_who_uses_it() {
    let mesh = shop();
    let before = mesh.wiring().unwrap();
    let impact = Impact::between(&mesh, &before, &before.remove_tag("canary", true)).unwrap();
    let broken: Vec<_> = impact
        .breaks
        .iter()
        .filter(|b| !b.already)
        .map(|b| (b.item.short(), b.reason.as_str()))
        .collect();
    assert_eq!(
        broken,
        [
            (
                "orders/deployment/shipping".to_owned(),
                "namespace label istio.io/rev=canary: there is no such revision or tag"
            ),
            (
                "staging/deployment/catalog-old".to_owned(),
                "namespace label istio.io/rev=canary: there is no such revision or tag"
            ),
            (
                "edge/gateway/partners".to_owned(),
                "its label istio.io/rev=canary, no istiod has this revision or tag"
            ),
        ]
    );
}

#[test]
fn an_older_istioctl_leaves_a_gateway_with_two_owners() {
    let impact = promote(&shop(), "canary", "1-26-1", false);
    assert!(impact.rolls_now.is_empty());
    let gateway = impact
        .breaks
        .iter()
        .find(|b| b.item.kind == "gateway")
        .unwrap();
    assert_eq!(gateway.after, "1-26-1 and 1-28-1");
    assert!(!gateway.already);
    // The Service says nothing to a 1.26 istiod: pointing it there alone would not be enough for it.
    let moved = promote(&shop(), "canary", "1-26-1", true);
    assert_eq!(moved.rolls_now[0].after.short(), "1-26-1");
}

#[test]
fn a_second_injector_breaks() {
    let mesh = shop();
    let before = mesh.wiring().unwrap();
    let mut twin = before.injectors[0].clone();
    twin.name = "other-hook".into();
    twin.tag = None;
    let after = before.restore([crate::mesh::wiring::Image::Injector(
        "other-hook".into(),
        Some(twin),
    )]);
    let impact = Impact::between(&mesh, &before, &after).unwrap();
    assert_eq!(impact.breaks[0].item.short(), "orders/deployment/shipping");
    assert_eq!(impact.breaks[0].after, "1-28-1 and 1-28-1");
    assert!(!impact.breaks[0].already);
}

#[test]
fn a_default_tag_takes_unlabelled_gateways_and_mends_the_rest() {
    let mesh = Made(shop())
        .namespace("web", &[])
        .gateway("web", "open", None, "1-26-1")
        .0;
    let before = mesh.wiring().unwrap();
    let after = before.move_tag("default", "1-28-1", true).unwrap();
    let impact = Impact::between(&mesh, &before, &after).unwrap();
    assert_eq!(
        names(&impact.rolls_now, |r| &r.gateway),
        ["web/gateway/open"]
    );
    assert_eq!(impact.rolls_now[0].before.short(), "none");
    assert_eq!(
        names(&impact.changes, |c| &c.workload),
        ["legacy/deployment/monolith", "mixed/deployment/twolabels"]
    );
}

#[test]
fn what_is_not_known_is_listed() {
    let mut mesh = shop();
    mesh.gateways = Known::Unknown(gap("gateways"));
    mesh.configs = Known::Unknown(gap("configmaps"));
    let before = mesh.wiring().unwrap();
    let mut after = before.move_tag("stable", "1-28-1", true).unwrap();
    let stable = after
        .injectors
        .iter_mut()
        .find(|i| i.tag.as_deref() == Some("stable"));
    for webhook in &mut stable.unwrap().webhooks {
        webhook.match_conditions = 1;
    }
    let impact = Impact::between(&mesh, &before, &after).unwrap();
    assert!(impact.changes.is_empty());
    assert_eq!(impact.totals.unknown, 4);
    let gaps: Vec<_> = impact.gaps.iter().map(|g| g.what.as_str()).collect();
    assert_eq!(gaps, ["configmaps", "gateways"]);
    mesh.workloads = Known::Unknown(gap("pods"));
    assert_eq!(
        Impact::between(&mesh, &before, &after).unwrap_err().what,
        "pods"
    );
}

#[test]
fn an_istiod_of_unknown_version_leaves_service_tags_open() {
    let mut mesh = shop();
    let mut before = mesh.wiring().unwrap();
    before
        .injectors
        .retain(|i| i.tag.as_deref() != Some("canary"));
    if let Known::Known(istiods) = &mut mesh.istiods {
        istiods[1].version = None;
    }
    // Without any version the minor is not known.
    let impact = Impact::between(&mesh, &before, &before).unwrap();
    let gateway = impact
        .unknown
        .iter()
        .find(|u| u.item.kind == "gateway")
        .unwrap();
    assert_eq!(gateway.item.name, "partners");
}

type Hardening<'a> = (&'a str, &'a dyn Fn(&mut Workload), &'a [HardKind]);

#[test]
fn hardships_by_kind_and_strategy() {
    let kinds = |edit: &dyn Fn(&mut Workload)| {
        let mesh = Made::new().workload("shop", "x", edit).0;
        let workload = mesh.workloads.get().unwrap()[0].clone();
        hardships(&workload)
            .into_iter()
            .map(|h| h.kind)
            .collect::<Vec<_>>()
    };
    let cases: Vec<Hardening<'_>> = vec![
        ("rolling", &|_| {}, &[]),
        ("job", &|w| w.kind = WorkloadKind::Job, &[HardKind::NextRun]),
        (
            "bare pod",
            &|w| w.kind = WorkloadKind::Pod,
            &[HardKind::Ownerless],
        ),
        (
            "rollout",
            &|w| w.kind = WorkloadKind::Other("Rollout".into()),
            &[HardKind::ForeignOwner],
        ),
        (
            "partition",
            &|w| w.update = Update::Partition(2),
            &[HardKind::Partition],
        ),
        ("partition 0", &|w| w.update = Update::Partition(0), &[]),
        (
            "recreate",
            &|w| w.update = Update::Recreate,
            &[HardKind::Recreate],
        ),
        (
            "single",
            &|w| w.replicas = Some(1),
            &[HardKind::SingleReplica],
        ),
        (
            "budget unknown",
            &|w| w.pdbs = Known::not_read("pdb"),
            &[HardKind::BudgetUnknown],
        ),
    ];
    for (name, edit, want) in cases {
        assert_eq!(kinds(edit), want, "{name}");
    }
}
