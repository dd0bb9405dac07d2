//! `promote` and `rollback` on the main road: what they write, what they say, what they leave.

use mesh_common::journal::State;
use mesh_testkit::{Lab, Plugin};
use serde_json::json;

use crate::{
    fixture::pod,
    kit::{World, records, tag_revision, without_lease},
};

pub(crate) const PROMOTE: &str = "promote stable --to 1-28-1 --yes";

#[test]
fn a_first_promotion_moves_the_tag_and_leaves_a_record() {
    let Some(lab) = Lab::get() else { return };
    let (api, mark) = (lab.api(), lab.audit_mark());
    let ran = Plugin::tag(lab.kubeconfig()).run(PROMOTE);
    ran.assert_code(0)
        .says("Done and read back")
        .says("kubectl mesh-tag rollback stable");
    assert_eq!(tag_revision(api, "stable"), "1-28-1");
    let service = api
        .get("Service", "istio-system", "istiod-revision-tag-stable")
        .expect("istioctl 1.28 makes one");
    assert_eq!(service["spec"]["selector"]["istio.io/rev"], "1-28-1");
    let made = api.create_dry_run(&pod("payments", &json!({}))).unwrap();
    assert_eq!(made["metadata"]["annotations"]["istio.io/rev"], "1-28-1");

    let records = records(api);
    let [record] = &records[..] else {
        panic!("{records:?}")
    };
    assert_eq!(record.state, State::Done);
    assert_eq!(
        (record.from.as_deref(), record.to.as_deref()),
        (Some("1-26-1"), Some("1-28-1"))
    );
    assert!(api.get("Lease", "istio-system", "kubectl-mesh").is_none());
    let config_map = format!("kubectl-mesh-op-{}", record.id);
    let mut writes = without_lease(&lab.audit_writes_since(mark));
    // istioctl writes side by side.
    writes[1..3].sort();
    assert_eq!(
        writes,
        [
            format!("create configmaps {config_map}"),
            "patch mutatingwebhookconfigurations istio-revision-tag-stable".into(),
            "patch services istiod-revision-tag-stable".into(),
            format!("update configmaps {config_map}"),
        ]
    );
}

#[test]
fn typed_at_a_prompt_it_moves_the_tag_and_brings_every_object_back() {
    let Some(lab) = Lab::get() else { return };
    let api = lab.api();
    let before = World::of(api);
    let sandbox = Plugin::tag(lab.kubeconfig());
    let mut terminal = sandbox.terminal();

    terminal.line("kubectl mesh-tag promote stable");
    let plan = terminal.sees("[y/N]");
    assert!(
        plan.contains("from 1-26-1 (1.26.1) to 1-28-1 (1.28.1)"),
        "{plan}"
    );
    assert!(plan.contains("kubectl mesh-tag rollback stable"), "{plan}");
    terminal.line("y");
    let (printed, code) = terminal.ends();
    assert_eq!(code, 0, "{printed}");
    assert_eq!(tag_revision(api, "stable"), "1-28-1");

    terminal.line("kubectl mesh-tag rollback stable");
    terminal.sees("[y/N]");
    terminal.line("y");
    let (printed, code) = terminal.ends();
    assert_eq!(code, 0, "{printed}");
    World::of(api).assert_as(&before);
    let states: Vec<State> = records(api).iter().map(|r| r.state).collect();
    assert_eq!(states, [State::RolledBack, State::Done]);
    let made = api.create_dry_run(&pod("payments", &json!({}))).unwrap();
    assert_eq!(made["metadata"]["annotations"]["istio.io/rev"], "1-26-1");
}

#[test]
fn anything_but_yes_at_the_prompt_writes_nothing() {
    let Some(lab) = Lab::get() else { return };
    let sandbox = Plugin::tag(lab.kubeconfig());
    let mark = lab.audit_mark();
    let mut terminal = sandbox.terminal();
    for answer in ["", "n"] {
        terminal.line("kubectl mesh-tag promote stable");
        terminal.sees("[y/N]");
        terminal.line(answer);
        let (printed, code) = terminal.ends();
        assert_eq!(code, 2, "{printed}");
    }
    terminal.line("kubectl mesh-tag promote stable");
    terminal.sees("[y/N]");
    terminal.control('c');
    let (printed, code) = terminal.ends();
    assert_eq!(code, 130, "{printed}");
    assert_eq!(lab.audit_writes_since(mark), vec![]);
}

#[test]
fn a_repeated_promotion_does_nothing() {
    let Some(lab) = Lab::get() else { return };
    let sandbox = Plugin::tag(lab.kubeconfig());
    sandbox.run(PROMOTE).assert_code(0);
    let (after, mark) = (World::of(lab.api()), lab.audit_mark());
    sandbox.run(PROMOTE).assert_code(0).says("nothing to do");
    assert_eq!(lab.audit_writes_since(mark), vec![]);
    World::of(lab.api()).assert_as(&after);
    assert_eq!(records(lab.api()).len(), 1);
}

#[test]
fn a_repeated_rollback_has_nothing_to_take_back() {
    let Some(lab) = Lab::get() else { return };
    let sandbox = Plugin::tag(lab.kubeconfig());
    let before = World::of(lab.api());
    sandbox
        .run("rollback stable --yes")
        .assert_code(1)
        .says("no operation");
    sandbox.run(PROMOTE).assert_code(0);
    sandbox.run("rollback stable --yes").assert_code(0);
    World::of(lab.api()).assert_as(&before);
    let mark = lab.audit_mark();
    sandbox
        .run("rollback stable --yes")
        .assert_code(1)
        .says("no operation");
    assert_eq!(lab.audit_writes_since(mark), vec![]);
    // And forward once more, from where it began.
    sandbox.run(PROMOTE).assert_code(0);
    sandbox.run("rollback stable --yes").assert_code(0);
    World::of(lab.api()).assert_as(&before);
}

#[test]
fn what_cannot_be_meant_is_refused_with_nothing_written() {
    let Some(lab) = Lab::get() else { return };
    let sandbox = Plugin::tag(lab.kubeconfig());
    let mark = lab.audit_mark();
    for (line, code, says) in [
        (
            "promote stable --to 9-9-9 --yes",
            1,
            "there is no revision 9-9-9",
        ),
        ("promote stable --to canary --yes", 1, "canary is a tag"),
        (
            "promote nosuchtag --to 1-28-1 --yes",
            1,
            "there is no tag nosuchtag",
        ),
        // Which revision was not typed, and nobody is there to see it.
        ("promote stable --yes", 2, "--to"),
        ("promote stable --to 1-28-1", 2, "--yes"),
    ] {
        sandbox.run(line).assert_code(code).says(says);
    }
    assert_eq!(lab.audit_writes_since(mark), vec![]);
    assert_eq!(sandbox.istioctl_mutations(), Vec::<Vec<String>>::new());
}

#[test]
fn a_dry_run_shows_the_plan_and_writes_nothing() {
    let Some(lab) = Lab::get() else { return };
    let sandbox = Plugin::tag(lab.kubeconfig());
    let mark = lab.audit_mark();
    for line in [
        "promote stable --dry-run",
        "promote stable --to 1-28-1 --dry-run=server",
        "promote stable --to 1-28-1 -o yaml",
    ] {
        sandbox
            .run(line)
            .assert_code(0)
            .says("istio-revision-tag-stable");
    }
    assert_eq!(lab.audit_writes_since(mark), vec![]);
    assert_eq!(sandbox.istioctl_mutations(), Vec::<Vec<String>>::new());
    // As JSON the same plan is for a program: all of stdout is one document.
    let plan = sandbox
        .run("promote stable --to 1-28-1 --dry-run -o json")
        .json();
    assert_eq!(plan["apiVersion"], "kubectl-mesh/v1alpha1");
}

#[test]
fn what_yaml_was_printed_for_git_is_what_a_promotion_does() {
    let Some(lab) = Lab::get() else { return };
    let sandbox = Plugin::tag(lab.kubeconfig());
    let printed = sandbox.run("promote stable --to 1-28-1 -o yaml");
    let file = sandbox.dir().join("tag.yaml");
    std::fs::write(&file, &printed.stdout).unwrap();
    let applied = sandbox
        .command("kubectl")
        .args(["apply", "--server-side", "--force-conflicts", "-f"])
        .arg(&file)
        .output()
        .unwrap();
    assert!(applied.status.success(), "{applied:?}");
    sandbox.run(PROMOTE).assert_code(0).says("nothing to do");
}
