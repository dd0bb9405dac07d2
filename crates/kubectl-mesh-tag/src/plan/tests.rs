//! What a plan says: one shape for programs, headings that agree with their rows, commands that can be pasted.

use mesh_common::{
    mesh::Mesh,
    output::{Format, Printer},
};

use super::*;
use crate::{
    execute::restarts,
    list::fixture::{sample, shown},
};

/// The impact of moving `stable`, there or back.
fn impact(mesh: &Mesh, from: &str, to: &str) -> Impact {
    let wiring = mesh.wiring().unwrap();
    let at = |revision| wiring.move_tag("stable", revision, true).unwrap();
    Impact::between(mesh, &at(from), &at(to)).unwrap()
}

fn plan(action: Action, impact: Impact) -> Plan {
    let image = |key: Key| Image {
        key,
        before: Some(serde_json::json!({})),
        planned: None,
        after: None,
    };
    Plan {
        action,
        tag: "stable".into(),
        from: vec!["1-26-1".into()],
        to: Some("1-28-1".into()),
        inferred: None,
        versions: Versions::new(),
        istioctl: None,
        images: vec![
            image(Key::cluster(
                mesh_common::journal::Kind::MutatingWebhookConfiguration,
                "istio-revision-tag-stable",
            )),
            image(Key::service("istio-system", "istiod-revision-tag-stable")),
        ],
        gates: Gates::none(),
        findings: Vec::new(),
        impact,
        way_back: WayBack::default(),
        notes: Vec::new(),
        header: Doc::new(),
        outcome: Outcome::Done,
    }
}

fn screen_of(impact: &Impact, width: Option<usize>) -> String {
    let printer = Printer::for_test(width, false, false);
    let mut doc = Doc::new();
    impact.show(&mut doc);
    printer.out(&doc, true).unwrap();
    printer.captured().0
}

#[test]
fn plans_of_every_verb_have_one_shape_with_gates_and_findings_once() {
    let impact = impact(&sample(), "1-26-1", "1-28-1");
    let keys =
        |value: &Value| -> Vec<String> { value.as_object().unwrap().keys().cloned().collect() };
    let first = plan(Action::Promote, impact.clone()).json().unwrap();
    for action in [
        Action::Create,
        Action::Remove,
        Action::Move,
        Action::Rollback,
    ] {
        let plan = plan(action, impact.clone());
        let json = plan.json().unwrap();
        assert_eq!(keys(&json), keys(&first), "{action:?}");
        assert!(json["gates"].is_array() && json["findings"].is_array());
        assert!(json["record"].is_null());
        let done = CarriedOut {
            plan: &plan,
            outcome: Outcome::Changed,
            record: "20261121-x",
            screen: Doc::new(),
        };
        let json = done.json().unwrap();
        assert_eq!(keys(&json), keys(&first), "{action:?} done");
        assert_eq!(json["record"], "20261121-x");
        assert_eq!(json["outcome"], "changed");
    }
}

#[test]
fn names_are_those_that_kubectl_prints() {
    let plan = plan(Action::Promote, Impact::default());
    let names = shown(&plan, &Printer::for_test(None, false, false), Format::Name);
    assert_eq!(
        names,
        "mutatingwebhookconfiguration.admissionregistration.k8s.io/istio-revision-tag-stable\n\
         service/istiod-revision-tag-stable\n"
    );
}

#[test]
fn the_line_above_the_question_says_what_a_long_plan_says() {
    let mesh = sample();
    assert_eq!(
        plan(Action::Promote, impact(&mesh, "1-26-1", "1-28-1"))
            .summary()
            .unwrap(),
        "Writes 2 objects: 1 gateway (1 pod) rolls now, 10 workloads (20 pods) change at their next \
         restart, nothing new breaks."
    );
    assert_eq!(
        plan(Action::Promote, Impact::default()).summary().unwrap(),
        "Writes 2 objects: no gateway rolls, no workload changes at its next restart, nothing new breaks."
    );
}

#[test]
fn taking_back_what_nobody_restarted_for_says_that_no_restart_is_needed() {
    // The pods of the sample run 1-26-1; the tag is at 1-28-1 and goes back.
    let impact = impact(&sample(), "1-28-1", "1-26-1");
    let text = screen_of(&impact, None);
    assert!(
        text.contains("\nNeed no restart: 9 workloads, 20 pods, in 4 namespaces\n"),
        "{text}"
    );
    assert!(
        text.contains("NAMESPACE  WORKLOAD                 PODS  WOULD GET  WILL GET  RESTART\n"),
        "{text}"
    );
    // What is listed as changing has as many pods as its heading says.
    let (_, changes) = text.split_once("Changes at next restart: ").unwrap();
    let (changes, _) = changes.split_once("\n\n").unwrap();
    let mut lines = changes.lines();
    let heading = lines.next().unwrap();
    assert_eq!(heading, "1 workload, 0 pods, in 1 namespace");
    let rows: Vec<Vec<&str>> = lines
        .skip(1)
        .map(|l| l.split_whitespace().collect())
        .collect();
    assert_eq!(
        rows,
        [[
            "batch",
            "cronjob/settlement",
            "0",
            "1-28-1",
            "1-26-1",
            "at",
            "its",
            "next",
            "run"
        ]]
    );
    assert!(impact.hard.iter().all(|h| h.pods == 0), "{:?}", impact.hard);
}

#[test]
fn what_to_do_next_restarts_nothing_that_is_listed_as_hard() {
    let mut impact = impact(&sample(), "1-26-1", "1-28-1");
    // Nothing is known of budgets in this mesh, which makes all of them hard.
    impact.hard.retain(|h| h.workload.name != "checkout");
    let hard: Vec<_> = impact.hard.iter().map(|h| h.workload.clone()).collect();
    assert!(
        hard.contains(&impact.changes[0].workload),
        "the first one is: {hard:?}"
    );
    let printed = |impact: &Impact| {
        let printer = Printer::for_test(Some(40), false, false);
        let mut doc = Doc::new();
        screen::steps(&mut doc, &[restarts(impact).unwrap()]);
        printer.out(&doc, false).unwrap();
        printer.captured().0
    };
    let text = printed(&impact);
    // On a line of its own, and not wrapped at 40 columns.
    assert!(
        text.ends_with("\n    kubectl -n payments rollout restart deployment/checkout\n"),
        "{text}"
    );
    impact.changes.retain(|c| hard.contains(&c.workload));
    let text = printed(&impact);
    assert!(!text.contains("rollout restart"), "{text}");
    assert!(
        text.replace("\n  ", " ")
            .contains("none by a plain restart"),
        "{text}"
    );
}
