//! What a person sees before the answer is typed, what can be pasted from a screen, and how often a list is read.

use std::{collections::BTreeMap, fs};

use mesh_testkit::{Lab, Plugin};
use serde_json::{Value, json};

use crate::{kit::World, promote::PROMOTE};

const SUMMARY: &str = "Writes 2 objects: 1 gateway";

#[test]
fn a_plan_that_goes_into_a_file_is_seen_before_the_question_and_summed_up_above_it() {
    let Some(lab) = Lab::get() else { return };
    let (before, mark) = (World::of(lab.api()), lab.audit_mark());
    let sandbox = Plugin::tag(lab.kubeconfig());
    let mut terminal = sandbox.terminal();
    terminal.line("kubectl mesh-tag promote stable > plan.txt");
    let seen = terminal.sees("[y/N]");
    let title = "Move tag stable from 1-26-1 (1.26.1) to 1-28-1 (1.28.1)";
    for text in [title, "Rolls now: 1 gateway", "Way back"] {
        assert!(seen.contains(text), "no {text:?} in {seen}");
    }
    // The summary is the last thing above the question.
    let (_, below) = seen
        .split_once("    kubectl mesh-tag rollback stable")
        .unwrap();
    assert!(below.contains(SUMMARY), "{below}");
    let after_summary = below.split_once("nothing new breaks.").unwrap().1;
    assert!(
        after_summary
            .lines()
            .all(|l| l.trim().is_empty() || l.contains("Move tag stable")),
        "{after_summary}"
    );
    terminal.line("n");
    let (printed, code) = terminal.ends();
    assert_eq!(code, 2, "{printed}");
    let file = fs::read_to_string(sandbox.dir().join("plan.txt")).unwrap();
    assert!(file.contains(title) && !file.contains(SUMMARY), "{file}");
    assert_eq!(lab.audit_writes_since(mark), vec![]);
    World::of(lab.api()).assert_as(&before);
}

#[test]
fn a_plan_on_the_terminal_is_shown_once() {
    let Some(lab) = Lab::get() else { return };
    let sandbox = Plugin::tag(lab.kubeconfig());
    let mut terminal = sandbox.terminal();
    terminal.line("kubectl mesh-tag promote stable");
    let seen = terminal.sees("[y/N]");
    assert_eq!(seen.matches("Rolls now: 1 gateway").count(), 1, "{seen}");
    assert_eq!(seen.matches(SUMMARY).count(), 1, "{seen}");
    terminal.line("n");
    assert_eq!(terminal.ends().1, 2);
}

#[test]
fn a_closed_parity_gate_says_what_is_where_and_a_reason_alone_does_not_pass_it() {
    let Some(lab) = Lab::get() else { return };
    let (before, mark) = (World::of(lab.api()), lab.audit_mark());
    let sandbox = Plugin::tag(lab.kubeconfig());
    fs::remove_file(sandbox.bin().join("istioctl-1.28.1")).unwrap();
    for waived in ["", " --waive parity=because"] {
        let line = format!("{PROMOTE}{waived}");
        sandbox
            .run(&line)
            .assert_code(2)
            .says("the istioctl found does not fit: istiod of 1-28-1 is 1.28.1, so istioctl 1.28.1 is needed")
            .says("bin/istioctl-1.26.1")
            .says("    kubectl mesh-istioctl install 1.28.1")
            .says("--parity=off --waive parity=REASON");
    }
    // Nobody types a reason in vain.
    let mut terminal = sandbox.terminal();
    terminal.line("kubectl mesh-tag promote stable");
    let (printed, code) = terminal.ends();
    assert_eq!(code, 2, "{printed}");
    assert!(!printed.contains("Reason to pass"), "{printed}");
    sandbox
        .run("promote stable --to 1-28-1 --dry-run --parity=off --waive parity=because")
        .assert_code(0)
        .says("(waived: because)");
    fs::remove_file(sandbox.bin().join("istioctl-1.26.1")).unwrap();
    sandbox
        .run("promote stable --to 1-28-1 --yes --parity=off --waive parity=because")
        .assert_code(2)
        .says("no istioctl was found");
    assert_eq!(lab.audit_writes_since(mark), vec![]);
    World::of(lab.api()).assert_as(&before);
}

#[test]
fn commands_to_paste_reach_the_context_that_was_typed() {
    let Some(lab) = Lab::get() else { return };
    let sandbox = Plugin::tag(lab.kubeconfig());
    sandbox
        .run("promote stable --to 1-28-1 --dry-run --context lab")
        .assert_code(0)
        .says("    kubectl mesh-tag rollback stable --context lab\n");
    sandbox
        .run("promote nope --context lab")
        .assert_code(1)
        .says("    kubectl mesh-tag create nope --to REVISION --context lab\n");
    sandbox
        .run("list --context lab")
        .assert_code(0)
        .says("    kubectl mesh-tag move legacy mixed --to stable --context lab\n");
}

#[test]
fn a_refusal_for_a_program_has_its_verdict_in_the_document() {
    let Some(lab) = Lab::get() else { return };
    let sandbox = Plugin::tag(lab.kubeconfig());
    let refused = sandbox.run("remove stable --yes -o json");
    refused.assert_code(2);
    let plan = refused.json();
    assert_eq!(plan["outcome"], "refused");
    let unused = plan["gates"].as_array().unwrap().iter();
    let unused = unused.filter(|g| g["id"] == "unused").collect::<Vec<_>>();
    assert_eq!(unused[0]["verdict"], "closed");
    assert_eq!(unused[0]["pass"], "--waive unused=REASON");

    let done = sandbox.run(&format!("{PROMOTE} -o json"));
    done.assert_code(0);
    let done = done.json();
    assert_eq!(done["outcome"], "done");
    assert!(done["record"].as_str().unwrap().contains("promote-stable"));
    let keys = |v: &Value| v.as_object().unwrap().keys().cloned().collect::<Vec<_>>();
    assert_eq!(keys(&done), keys(&plan));
    let yaml = sandbox.run("rollback stable --yes -o yaml");
    yaml.assert_code(0).says("\noutcome: done\n");
}

#[test]
fn status_shows_what_it_can_without_a_right_to_services() {
    let Some(lab) = Lab::get() else { return };
    let all = |groups: &[&str]| json!({"apiGroups": groups, "resources": ["*"], "verbs": ["get", "list"]});
    let core = json!({"apiGroups": [""], "verbs": ["get", "list"],
        "resources": ["namespaces", "pods", "configmaps", "nodes"]});
    let rules = [
        core,
        all(&[
            "apps",
            "batch",
            "admissionregistration.k8s.io",
            "apiextensions.k8s.io",
            "autoscaling",
            "policy",
            "discovery.k8s.io",
            "gateway.networking.k8s.io",
            "security.istio.io",
            "telemetry.istio.io",
        ]),
    ];
    let sandbox = Plugin::tag(&lab.user_kubeconfig("no-services", &[], &rules));
    let ran = sandbox.run("status stable");
    ran.assert_code(3)
        .says("Tag stable points to 1-26-1")
        .says("istio-revision-tag-stable, for 1-26-1")
        .says("? services")
        .says("Promotion to 1-28-1, the revision behind tag canary");
    let json = sandbox.run("status stable -o json").json();
    assert_eq!(json["outcome"], "unknown");
    assert_eq!(json["promotion"]["candidate"], "unknown");
}

#[test]
fn a_plan_reads_each_list_once() {
    let Some(lab) = Lab::get() else { return };
    let sandbox = Plugin::tag(lab.kubeconfig());
    for line in [
        "promote stable --to 1-28-1 --dry-run",
        "move staging --to stable --dry-run",
        "create green --to 1-28-1 --dry-run",
        "status stable",
    ] {
        let mark = lab.audit_mark();
        sandbox.run(line).assert_code(0);
        let mut lists = BTreeMap::<String, Vec<String>>::new();
        for event in lab.audit_since(mark) {
            // Records are ConfigMaps too, and another selection of them.
            let records = event.uri.contains("managed-by");
            if event.verb == "list" && !records && !event.uri.contains("continue=") {
                lists.entry(event.resource).or_default().push(event.uri);
            }
        }
        assert!(lists.len() > 10, "{line}: {lists:?}");
        lists.retain(|_, uris| uris.len() > 1);
        assert_eq!(lists, BTreeMap::new(), "{line}: read more than once");
    }
}
