use super::*;

/// A row of this status and one finding for each that has any.
pub(crate) fn row(code: &'static str, status: Status, heals: bool) -> Row {
    let verdict = Verdict {
        status,
        ..Verdict::ok(word(status))
    };
    Row::new(code, "title", Category::Kubernetes, verdict, heals)
}

/// A report of these rows.
pub(crate) fn made(checks: Vec<Row>) -> Precheck {
    Precheck {
        cluster: vec![("Cluster".into(), "prod".into())],
        upgrade: Upgrade {
            from: Some((1, 26)),
            to: None,
            route: Vec::new(),
        },
        summary: BTreeMap::new(),
        checks,
        accepted: Vec::new(),
        fail_on: FailOn::Error,
    }
    .counted()
}

#[test]
fn the_gravest_row_decides_and_refused_beats_unknown() {
    use Status::{Error, Info, NotEvaluated, NotRun, Ok, Skipped, Unknown, Warning};
    let (done, refused, unknown) = (Outcome::Done, Outcome::Refused, Outcome::Unknown);
    for (statuses, error, warning, never) in [
        (&[Ok, Info, NotEvaluated, NotRun][..], done, done, done),
        (&[Ok, Warning], done, refused, done),
        (&[Warning, Unknown], unknown, refused, refused),
        (&[Ok, Skipped], unknown, unknown, refused),
        (&[Error, Unknown], refused, refused, refused),
        (&[], done, done, done),
    ] {
        for (fail_on, want) in [
            (FailOn::Error, error),
            (FailOn::Warning, warning),
            (FailOn::Unknown, never),
        ] {
            let rows = statuses.iter().map(|s| row("MESH2101", *s, false));
            let mut precheck = made(rows.collect());
            precheck.fail_on = fail_on;
            assert_eq!(precheck.outcome(), want, "{statuses:?} {fail_on:?}");
        }
    }
}

#[test]
fn a_fatal_error_stops_its_category_unless_it_was_accepted() {
    const CHECKS: &[Check] = &[
        Check {
            code: "MESH2998",
            title: "first",
            category: Category::Kubernetes,
            fatal: true,
            heals: false,
            run: |_| {
                let found = crate::check::finding(
                    "MESH2998",
                    mesh_common::check::Severity::Error,
                    "node/a",
                    "down",
                );
                Verdict::of(vec![found], "", |_| "down".into())
            },
        },
        Check {
            code: "MESH2999",
            title: "second",
            category: Category::Kubernetes,
            fatal: false,
            heals: false,
            run: |_| Verdict::ok("fine"),
        },
    ];
    let facts = crate::made::facts();
    let statuses = |baseline: Option<&Baseline>| {
        let precheck = Precheck::of(&facts, CHECKS.iter(), FailOn::Error, baseline);
        let all = precheck.checks.iter().map(|r| (r.code, r.status));
        (all.collect::<Vec<_>>(), precheck.accepted.len())
    };
    assert_eq!(
        statuses(None),
        (
            vec![("MESH2998", Status::Error), ("MESH2999", Status::NotRun)],
            0
        )
    );
    let baseline =
        baseline::tests::of("- {code: MESH2998, object: node/a, reason: known, until: 2030-01-01}");
    assert_eq!(
        statuses(Some(&baseline)),
        (
            vec![
                ("MESH2998", Status::Ok),
                ("MESH2999", Status::Ok),
                ("MESH2901", Status::Ok)
            ],
            1
        )
    );
}

#[test]
fn warnings_are_waited_for_where_they_fail() {
    let mut precheck = made(vec![
        row("MESH2101", Status::Warning, true),
        row("MESH2102", Status::Skipped, true),
        row("MESH2103", Status::Error, false),
    ]);
    assert_eq!(precheck.healing(), Vec::<String>::new());
    precheck.fail_on = FailOn::Warning;
    assert_eq!(precheck.healing(), ["MESH2101 title: warning"]);
}

#[test]
fn short_is_what_is_not_ok_and_nothing_when_all_is() {
    let fine = [
        Status::Ok,
        Status::Info,
        Status::NotEvaluated,
        Status::NotRun,
    ];
    let rows = |statuses: &[Status]| {
        let rows = statuses.iter().map(|s| row("MESH2101", *s, false));
        made(rows.collect())
    };
    assert!(screen::brief(&rows(&fine)).is_empty());
    for status in [
        Status::Warning,
        Status::Error,
        Status::Unknown,
        Status::Skipped,
    ] {
        let printer = mesh_common::output::Printer::for_test(None, false, false);
        let doc = screen::brief(&rows(&[Status::Ok, status]));
        printer.out(&doc, false).unwrap();
        let (out, _) = printer.captured();
        assert_eq!(out.matches("MESH2101 title").count(), 1, "{out}");
    }
}

#[test]
fn what_was_accepted_is_counted_and_stands_in_the_document() {
    let baseline = baseline::tests::of(
        "- {code: MESH2101, object: '*', reason: \"tried on staging\", until: 2030-01-01}",
    );
    let mut facts = crate::made::facts();
    facts.mesh.kubernetes = mesh_common::mesh::Known::Known("v1.20.0".into());
    let precheck = Precheck::run(&facts, FailOn::Error, Some(&baseline));
    let version = &precheck.checks[0];
    assert_eq!((version.code, version.status), ("MESH2101", Status::Ok));
    let json = serde_json::to_value(&precheck).unwrap();
    let accepted = &json["accepted"][0];
    for (field, want) in [
        ("check", "MESH2101"),
        ("code", "MESH2101"),
        ("severity", "error"),
        ("object", "the API server"),
        ("reason", "tried on staging"),
        ("until", "2030-01-01"),
    ] {
        assert_eq!(accepted[field], want, "{accepted}");
    }
    let printer = mesh_common::output::Printer::for_test(None, false, false);
    printer.out(&screen::table(&precheck, true), true).unwrap();
    let (out, _) = printer.captured();
    assert!(out.contains("1 finding accepted"), "{out}");
    assert!(
        out.contains("(until 2030-01-01: tried on staging)"),
        "{out}"
    );
}

#[test]
fn a_warning_that_could_not_see_everything_is_not_known_to_be_all() {
    let verdict = Verdict {
        status: Status::Warning,
        unread: Some(Status::Skipped),
        ..Verdict::ok("one object; SKIPPED: may not list the others")
    };
    let row = Row::new("MESH2501", "title", Category::Configuration, verdict, false);
    for (fail_on, outcome) in [
        (FailOn::Error, Outcome::Unknown),
        (FailOn::Warning, Outcome::Refused),
        (FailOn::Unknown, Outcome::Refused),
    ] {
        let mut precheck = made(vec![row.clone()]);
        precheck.fail_on = fail_on;
        assert_eq!(precheck.outcome(), outcome);
        assert_eq!(precheck.summary["inPart"], 1);
    }
}
