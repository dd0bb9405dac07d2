//! What a real API server's cluster offers, asked as kubectl asks.

use mesh_testkit::{Lab, LabGuard, Peers, Plugin, skip::skip};
use serde_json::json;

use crate::typed::sandbox;

/// The candidates by `kubectl __complete`, which is what every shell's script runs.
#[track_caller]
fn kubectl(sandbox: &Plugin, words: &[&str]) -> String {
    let out = sandbox
        .command("kubectl")
        .arg("__complete")
        .args(words)
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&out.stderr);
    assert!(out.status.success(), "{words:?}: {said}");
    // What kubectl itself says there is for debugging; shells do not show it.
    let ours = said
        .lines()
        .find(|l| !l.starts_with("[Debug]") && !l.starts_with("Completion ended"));
    assert_eq!(ours, None, "{words:?}");
    String::from_utf8(out.stdout).unwrap()
}

/// A sandbox for this cluster with the helpers in it.
fn at(kubeconfig: &std::path::Path) -> Plugin {
    let sandbox = sandbox(&kubeconfig.display().to_string());
    sandbox.run("completion install").assert_code(0);
    sandbox
}

fn lab() -> Option<LabGuard> {
    if Peers::from_env().is_none() {
        skip("cluster tests run by `cargo xtask e2e`");
        return None;
    }
    Lab::get()
}

#[test]
fn every_kind_of_value() {
    let Some(lab) = lab() else { return };
    let sandbox = at(lab.kubeconfig());
    let mark = lab.audit_mark();
    for (words, want) in [
        (
            &["mesh-tag", "promote", ""][..],
            "canary\t1-28-1 (2 namespaces)\nstable\t1-26-1 (5 namespaces)\n:36\n",
        ),
        (
            &["mesh-tag", "status", "st"],
            "stable\t1-26-1 (5 namespaces)\n:36\n",
        ),
        (
            &["mesh-tag", "promote", "stable", "--to", ""],
            "1-28-1\t1.28.1, 2 of 2 ready, tag canary\n1-26-1\t1.26.1, 2 of 2 ready, tag stable\n:36\n",
        ),
        (
            &["mesh-tag", "move", "staging", "--to", "1"],
            "1-28-1\trevision, 1.28.1, 2 of 2 ready, tag canary\n1-26-1\trevision, 1.26.1, 2 of 2 ready, tag stable\n:36\n",
        ),
        (
            &["mesh-tag", "move", "payments", "p"],
            "platform\ton stable\n:36\n",
        ),
        (
            &["mesh-tag", "move", "leg"],
            "legacy\tistio-injection=enabled\n:36\n",
        ),
        (
            &["mesh-tag", "list", "-i", ""],
            "istio-system\tistiod 1-26-1, 1-28-1\n:36\n",
        ),
        (
            &["mesh-tag", "list", "-n", "mon"],
            "monitoring\tistio-injection=disabled\n:36\n",
        ),
        (&["mesh-tag", "create", ""], ":4\n"),
        // Another Istio namespace has other revisions.
        (
            &["mesh-tag", "-i", "default", "promote", "--to", ""],
            "1-26-1\ttag stable\n1-28-1\ttag canary\n:36\n",
        ),
    ] {
        let got = kubectl(&sandbox, words);
        let (mut got, mut want): (Vec<_>, Vec<_>) = (got.lines().collect(), want.lines().collect());
        if !words.contains(&"--to") {
            got.sort_unstable();
            want.sort_unstable();
        }
        assert_eq!(got, want, "{words:?}");
    }
    let asked = lab.audit_since(mark);
    assert!(!asked.is_empty());
    for event in &asked {
        // Lists of one page, nothing whole, nothing of the workloads.
        assert_eq!(event.verb, "list", "{event:?}");
        assert!(event.uri.contains("limit=500"), "{event:?}");
        assert!(!event.uri.contains("/pods"), "{event:?}");
    }
    assert_eq!(lab.audit_writes_since(mark), vec![]);
}

#[test]
fn records_of_earlier_operations() {
    let Some(lab) = lab() else { return };
    let sandbox = at(lab.kubeconfig());
    let record = |id: &str, labels: serde_json::Value| {
        lab.api()
            .create(&json!({"apiVersion": "v1", "kind": "ConfigMap",
                "metadata": {"name": format!("kubectl-mesh-op-{id}"), "namespace": "istio-system", "labels": labels}}))
            .unwrap();
    };
    let ours = "app.kubernetes.io/managed-by";
    record(
        "20261120-080000-promote-stable-0001",
        json!({ours: "kubectl-mesh", "kubectl-mesh/action": "promote", "kubectl-mesh/tag": "stable", "kubectl-mesh/state": "done"}),
    );
    record(
        "20261121-080000-remove-blue-0002",
        json!({ours: "kubectl-mesh", "kubectl-mesh/action": "remove", "kubectl-mesh/tag": "blue", "kubectl-mesh/state": "done"}),
    );
    record(
        "20261121-090000-move-shop-0003",
        json!({ours: "kubectl-mesh", "kubectl-mesh/action": "move", "kubectl-mesh/state": "started"}),
    );
    for (words, want) in [
        (
            &["mesh-tag", "rollback", "stable", "--to-record", ""][..],
            "20261120-080000-promote-stable-0001\tpromote stable, done\n:36\n",
        ),
        (
            &["mesh-tag", "rollback", "b"],
            "blue\tnot there now; last: remove, done\n:36\n",
        ),
        (
            &["mesh-tag", "move", "--undo", "--to-record", ""],
            "20261121-090000-move-shop-0003\tmove, started\n:36\n",
        ),
        (
            &["mesh-tag", "resume", "--record", ""],
            "20261121-090000-move-shop-0003\tmove, started\n:36\n",
        ),
    ] {
        assert_eq!(kubectl(&sandbox, words), want, "{words:?}");
    }
}

#[test]
fn the_cluster_and_the_person_are_those_already_typed() {
    let Some(lab) = lab() else { return };
    let sandbox = at("/nonexistent".as_ref());
    let admin = lab.kubeconfig().display().to_string();
    assert_eq!(kubectl(&sandbox, &["mesh-tag", "promote", "st"]), ":4\n");
    let tags = kubectl(
        &sandbox,
        &["mesh-tag", "--kubeconfig", &admin, "promote", "st"],
    );
    assert_eq!(tags, "stable\t1-26-1 (5 namespaces)\n:36\n");
    let as_nobody = [
        "mesh-tag",
        "--kubeconfig",
        &admin,
        "--as=nobody",
        "promote",
        "st",
    ];
    assert_eq!(kubectl(&sandbox, &as_nobody), ":4\n");
}

#[test]
fn what_may_not_be_counted_is_not_counted() {
    let Some(lab) = lab() else { return };
    let rules = [json!({
        "apiGroups": ["admissionregistration.k8s.io"],
        "resources": ["mutatingwebhookconfigurations"],
        "verbs": ["list"],
    })];
    let sandbox = at(&lab.user_kubeconfig("tags@example.com", &[], &rules));
    assert_eq!(
        kubectl(&sandbox, &["mesh-tag", "promote", ""]),
        "canary\t1-28-1\nstable\t1-26-1\n:36\n"
    );
    let to = kubectl(&sandbox, &["mesh-tag", "promote", "stable", "--to", ""]);
    assert_eq!(to, "1-26-1\ttag stable\n1-28-1\ttag canary\n:36\n");
}

#[test]
fn without_a_cluster() {
    if Peers::from_env().is_none() {
        skip("needs the kubectl that cargo xtask builds");
        return;
    }
    let sandbox = at("/nonexistent".as_ref());
    let from = "examples/shop-ready.tar.zst";
    for (words, want) in [
        (
            &["mesh-tag", "pro"][..],
            "promote\tMove a tag to another revision\n:36\n",
        ),
        (
            &["mesh-tag", "promote", "--from", from, "c"],
            "canary\t1-28-1 (2 namespaces)\n:36\n",
        ),
        (&["mesh-tag", "promote", "--from", ""], ":0\n"),
        (&["mesh-backup", "show", "examples/"], ":0\n"),
        (
            &["mesh-tag", "promote", "stable", "--waive", "mem"],
            "memory=\tistiod's requests and limits\n:38\n",
        ),
        (
            &["mesh-tag", "list", "-o", "js"],
            "json\tJSON, the public contract\n:36\n",
        ),
        (
            &["mesh-tag", "completion", "zs"],
            "zsh\tPrint the script that completes kubectl-mesh_tag in zsh\n:36\n",
        ),
    ] {
        assert_eq!(kubectl(&sandbox, words), want, "{words:?}");
    }
}
