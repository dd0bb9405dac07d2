//! Places for a second istiod.

use mesh_common::mesh::Requested;

use super::{super::CHECKS, *};
use crate::{
    check::Status,
    facts::Target,
    made::{facts, istiods, nodes, run, with},
};

fn check(change: impl Fn(&mut Facts)) -> Verdict {
    let mut facts = facts();
    change(&mut facts);
    run(CHECKS, ROOM, &facts)
}

/// All nodes with this much left.
fn left(facts: &mut Facts, cpu: u64, memory: u64, pods: u64) {
    facts.mesh.requested = Known::Known(
        (1..=3)
            .map(|n| {
                let requested = Requested {
                    cpu: 8_000 - cpu,
                    memory: (32 << 30) - memory,
                    pods: 110 - pods,
                };
                (format!("node-{n}"), requested)
            })
            .collect(),
    );
}

#[test]
fn a_healthy_mesh_has_room() {
    let verdict = check(|_| {});
    assert_eq!(verdict.status, Status::Ok);
    assert_eq!(
        verdict.summary,
        "2 istiods of 500m CPU and 2Gi more fit; 3 nodes would take one"
    );
}

#[test]
fn what_is_free_decides_resource_by_resource() {
    const GI: u64 = 1 << 30;
    for (what, cpu, memory, pods, status, room) in [
        ("enough", 500, 2 * GI, 1, Status::Ok, ""),
        ("CPU", 499, 8 * GI, 9, Status::Error, "room for 0"),
        ("memory", 4_000, 2 * GI - 1, 9, Status::Error, "room for 0"),
        ("pods", 4_000, 8 * GI, 0, Status::Error, "room for 0"),
    ] {
        let verdict = check(|f| left(f, cpu, memory, pods));
        assert_eq!(verdict.status, status, "{what}: {}", verdict.summary);
        if let Some(found) = verdict.findings.first() {
            assert_eq!(found.object, "deployment/istiod-1-26-1 -n istio-system");
            assert!(found.evidence[0].contains(room), "{found:?}");
            assert_eq!(found.evidence[1], "3 nodes looked at");
            assert!(found.hint.is_some());
        }
    }
}

#[test]
fn some_room_is_a_warning_and_nodes_that_take_nothing_do_not_count() {
    let verdict = check(|f| {
        left(f, 500, 2 << 30, 5);
        let nodes = nodes(f);
        nodes[0].unschedulable = true;
        nodes[1].taints = vec!["gpu".into()];
    });
    assert_eq!(verdict.status, Status::Warning);
    assert_eq!(
        verdict.findings[0].evidence,
        [
            "needed: 2 istiods of 500m CPU and 2Gi; room for 1",
            "2 nodes looked at, 1 tainted, 1 closed to new pods"
        ]
    );
    let closed = check(|f| {
        for node in nodes(f) {
            node.ready = false;
        }
    });
    assert_eq!(closed.status, Status::Error);
}

#[test]
fn a_cluster_that_adds_nodes_is_no_error() {
    let scaler = "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: aws-cluster-autoscaler, namespace: kube-system}\nspec: {replicas: 1, template: {}}";
    let mut facts = with(scaler);
    left(&mut facts, 0, 0, 0);
    let verdict = run(CHECKS, ROOM, &facts);
    assert_eq!(verdict.status, Status::Warning);
    assert!(verdict.findings[0].evidence[2].contains("aws-cluster-autoscaler may add nodes"));
}

#[test]
fn the_chart_stands_in_for_requests_that_are_not_set() {
    let verdict = check(|f| {
        let istiod = &mut istiods(f)[0];
        istiod.resources = mesh_common::mesh::Resources::default();
        istiod.replicas = 0;
        let Known::Known(workloads) = &mut f.mesh.workloads else {
            panic!()
        };
        workloads.retain(|w| w.name == "web");
    });
    assert!(
        verdict.summary.starts_with("2 istiods of 500m CPU and 2Gi"),
        "{}",
        verdict.summary
    );
}

#[test]
fn an_istiod_of_the_target_needs_no_more_room() {
    let verdict = check(|f| {
        left(f, 0, 0, 0);
        f.upgrade.to = Target::parse("1.26.4");
    });
    assert_eq!(verdict.status, Status::Ok);
    assert_eq!(verdict.summary, "istiod-1-26-1 of the target runs already");
}

#[test]
fn without_an_istiod_or_a_word_of_the_nodes_nothing_is_claimed() {
    assert_eq!(check(|f| istiods(f).clear()).status, Status::NotEvaluated);
    assert_eq!(check(|f| nodes(f).clear()).status, Status::NotEvaluated);
    let verdict = check(|f| nodes(f)[0].cpu = None);
    assert_eq!(verdict.status, Status::Unknown);
}
