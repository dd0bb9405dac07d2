use super::*;
use mesh_common::check::FailOn;

use crate::{
    check::{Verdict, finding},
    made,
    report::tests::{made, row},
};
use mesh_common::output::Printer;

fn shown(precheck: &Precheck, full: bool) -> String {
    let printer = Printer::for_test(None, false, false);
    printer.out(&table(precheck, full), full).unwrap();
    printer.captured().0
}

fn with(findings: Vec<Finding>, found: &str) -> Precheck {
    let verdict = Verdict::of(findings, "", |_| found.into());
    made(vec![Row::new(
        "MESH2101",
        "title",
        Category::Kubernetes,
        verdict,
        false,
    )])
}

#[test]
fn the_last_line_is_the_verdict_and_the_gravest_counts_first() {
    let facts = made::facts();
    let all = shown(&Precheck::run(&facts, FailOn::Error, None), false);
    let last = all.lines().last().unwrap();
    // What it was installed with is known to nobody.
    let want = "Not known to be ready to upgrade to 1.28.1: 2 warnings, 1 unknown, ";
    assert!(last.starts_with(want), "{all}");
    for (status, want) in [
        (Status::Error, "Not ready to upgrade: 1 error, 1 ok."),
        (
            Status::Warning,
            "Ready to upgrade, once the warnings are read: 1 warning, 1 ok.",
        ),
        (
            Status::Unknown,
            "Not known to be ready to upgrade: 1 unknown, 1 ok.",
        ),
        (
            Status::Skipped,
            "Not known to be ready to upgrade: 1 skipped for missing rights, 1 ok.",
        ),
        (Status::NotEvaluated, "Ready: 1 ok, 1 not evaluated."),
    ] {
        let rows = vec![
            row("MESH2101", Status::Ok, false),
            row("MESH2102", status, false),
        ];
        let text = shown(&made(rows), false);
        assert_eq!(text.lines().last(), Some(want), "{text}");
    }
}

#[test]
fn what_to_do_first_is_the_hint_of_the_gravest_finding() {
    use mesh_common::check::Severity::{Error, Info, Warning};
    let made = |severity, hint: &str| Finding {
        hint: Some(hint.into()),
        ..finding("MESH2101", severity, "node/a", hint)
    };
    let found = vec![
        made(Info, "know"),
        made(Warning, "read"),
        made(Error, "mend it\nkubectl get nodes"),
        made(Error, "second"),
    ];
    let text = shown(&with(found, "broken"), false);
    let first = text.split("Do first\n").nth(1).unwrap();
    assert_eq!(
        first.lines().take(3).collect::<Vec<_>>(),
        [
            "× MESH2101 title  broken",
            "      mend it",
            "        kubectl get nodes"
        ]
    );
}

#[test]
fn warnings_are_named_once_more_and_of_many_errors_some() {
    let rows = |status, n: usize| made((0..n).map(|_| row("MESH2101", status, false)).collect());
    let text = shown(&rows(Status::Warning, 2), false);
    let read = "Read before going on: MESH2101 title, MESH2101 title.";
    assert!(text.contains(read), "{text}");
    assert!(!text.contains("Do first"), "{text}");
    let text = shown(&rows(Status::Error, 7), false);
    let first = text.split("Do first\n").nth(1).unwrap();
    assert_eq!(first.matches("× ").count(), 5, "{text}");
    assert!(first.contains("and 2 more above"), "{text}");
}

#[test]
fn a_finding_does_not_say_again_what_its_check_said() {
    let one = || vec![finding("MESH2101", Severity::Error, "node/a", "it is down")];
    let item = |found: &str, full| {
        let text = shown(&with(one(), found), full);
        let line = text.lines().find(|l| l.contains("• ")).map(str::trim);
        line.unwrap().to_owned()
    };
    assert_eq!(item("it is down", false), "• node/a");
    assert_eq!(item("it is down; and 1 more", false), "• node/a");
    assert_eq!(item("1 node is down", false), "• node/a: it is down");
    assert_eq!(item("it is down", true), "• node/a: it is down");
}

#[test]
fn a_finding_is_one_sentence_unless_all_is_asked_for() {
    for (text, want) in [
        (
            "pods of 1.28.1 are new. They stay. Always.",
            "pods of 1.28.1 are new",
        ),
        ("one sentence.", "one sentence"),
        ("none", "none"),
        ("e.g. this", "e.g. this"),
        ("", ""),
    ] {
        assert_eq!(sentence(text), want);
    }
    let found = |message: &str| vec![finding("MESH2101", Severity::Error, "node/a", message)];
    let precheck = with(found("it is down. It was not."), "1 node");
    assert!(!shown(&precheck, false).contains("It was not"));
    assert!(shown(&precheck, true).contains("it is down. It was not."));
}

#[test]
fn checks_that_were_not_evaluated_for_one_reason_are_one_line() {
    let rows = || {
        let of = |code| row(code, Status::NotEvaluated, false);
        made(vec![
            of("MESH2101"),
            of("MESH2102"),
            of("MESH2103"),
            row("MESH2104", Status::Ok, false),
            of("MESH2105"),
        ])
    };
    let lines = |full| {
        let text = shown(&rows(), full);
        let lines = text.lines().filter(|l| l.starts_with('–'));
        lines
            .map(|l| l.split_whitespace().collect::<Vec<_>>().join(" "))
            .collect::<Vec<_>>()
    };
    assert_eq!(
        lines(false),
        [
            "– MESH2101 to MESH2103 notEvaluated",
            "– MESH2105 title notEvaluated"
        ]
    );
    assert_eq!(lines(true).len(), 4);
}

#[test]
fn a_field_that_the_finding_names_anyway_is_not_named_twice() {
    let of = |field: &str, message: &str, seen: &str| Finding {
        field: Some(field.into()),
        evidence: vec![seen.into(), "more".into()],
        ..finding("MESH2101", Severity::Error, "node/a", message)
    };
    for (field, message, seen, want) in [
        (
            "A_B",
            "gone",
            "A_B: (unset)",
            "• node/a: gone (A_B: (unset))",
        ),
        (
            "metadata.labels[istio.io/rev]",
            "label istio.io/rev=x leads nowhere",
            "2 pods",
            "• node/a: label istio.io/rev=x leads nowhere (2 pods)",
        ),
        ("spec.x", "gone", "5", "• node/a, spec.x: gone (5)"),
    ] {
        let precheck = || with(vec![of(field, message, seen)], "1");
        let item = |text: &str| {
            let line = text.lines().find(|l| l.contains("• ")).map(str::trim);
            line.unwrap().to_owned()
        };
        assert_eq!(item(&shown(&precheck(), false)), want);
        let full = item(&shown(&precheck(), true));
        assert!(full.starts_with(&format!("• node/a, {field}: ")), "{full}");
        assert!(full.ends_with("; more)"), "{full}");
    }
}
