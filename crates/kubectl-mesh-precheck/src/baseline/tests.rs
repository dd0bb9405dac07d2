use mesh_common::mesh::{Gap, Known, Why};

use super::*;

/// A baseline of this text.
pub(crate) fn of(text: &str) -> Baseline {
    Baseline {
        file: "base.yaml".into(),
        entries: parse(text).unwrap(),
    }
}

const NOW: &str = "2025-11-20T12:00:00Z";

fn found(code: &'static str, severity: Severity, object: &str, field: Option<&str>) -> Finding {
    let found = finding(code, severity, object, "words");
    match field {
        Some(field) => found.field(field),
        None => found,
    }
}

/// What a verdict of these findings becomes, what was accepted, and the row of the baseline.
fn held(text: &str, verdict: Verdict) -> (Verdict, Vec<String>, Verdict) {
    let baseline = of(text);
    let mut accepting = Accepting::new(Some(&baseline), NOW.parse().unwrap());
    let verdict = accepting.verdict("MESH2101", verdict);
    let (accepted, about) = accepting.done();
    let accepted = accepted.into_iter().map(|a| a.finding.object).collect();
    (verdict, accepted, about.unwrap())
}

fn three() -> Verdict {
    Verdict::of(
        vec![
            found("MESH2601", Severity::Warning, "deployment/a -n shop", None),
            found(
                "MESH2601",
                Severity::Error,
                "deployment/b -n shop",
                Some("spec.x"),
            ),
            found("IST0101", Severity::Info, "pod/c -n tools", None),
        ],
        "",
        |_| "three".into(),
    )
}

#[test]
fn what_is_accepted_is_hidden_and_counted() {
    let entry = |code, object, rest: &str| {
        format!("- {{code: {code}, object: '{object}', reason: r, until: 2025-11-20{rest}}}\n")
    };
    let all = format!(
        "{}{}",
        entry("MESH2601", "deployment/*", ""),
        entry("IST0101", "*", "")
    );
    for (text, status, accepted, summary) in [
        ("# nothing\n".to_owned(), Status::Error, 0, "three"),
        (
            entry("MESH2601", "deployment/b -n shop", ""),
            Status::Warning,
            1,
            "1 of 3 findings accepted; three",
        ),
        (
            entry("MESH2601", "deployment/b -n shop", ", field: spec.x"),
            Status::Warning,
            1,
            "1 of 3 findings accepted; three",
        ),
        (
            entry("MESH2601", "deployment/*", ""),
            Status::Info,
            2,
            "2 of 3 findings accepted; three",
        ),
        (all, Status::Ok, 3, "3 findings accepted; three"),
        // Another field, another code, a part of a name.
        (
            entry("MESH2601", "deployment/b -n shop", ", field: spec.y"),
            Status::Error,
            0,
            "three",
        ),
        (entry("MESH2602", "*", ""), Status::Error, 0, "three"),
        (
            entry("MESH2601", "deployment/b", ""),
            Status::Error,
            0,
            "three",
        ),
    ] {
        let (verdict, objects, about) = held(&text, three());
        assert_eq!(
            (verdict.status, objects.len(), verdict.summary.as_str()),
            (status, accepted, summary),
            "{text}"
        );
        assert_eq!(verdict.findings.len(), 3 - accepted, "{text}");
        // An entry that matched nothing is told, and no fault.
        let idle = accepted == 0 && text.contains("code");
        let want = if idle { Status::Info } else { Status::Ok };
        assert_eq!(about.status, want, "{text}");
    }
}

#[test]
fn an_expired_entry_accepts_nothing_and_is_a_warning() {
    let text = "- {code: MESH2601, object: '*', reason: \"old \\e[2J\", until: 2025-11-19}";
    let (verdict, accepted, about) = held(text, three());
    assert_eq!((verdict, accepted.len()), (three(), 0));
    assert_eq!(about.status, Status::Warning);
    assert_eq!(
        about.summary,
        "1 entry of base.yaml: no finding accepted; 1 expired"
    );
    let [found] = &about.findings[..] else {
        panic!()
    };
    assert_eq!(found.object, "entry 1 of base.yaml");
    assert_eq!(found.message, "expired on 2025-11-19, and accepts nothing");
    assert_eq!(found.evidence, ["MESH2601 *", "reason: old"]);
    assert!(found.hint.is_some());
    // One that still holds beats it.
    let both = format!("{text}\n- {{code: MESH2601, object: '*', reason: new, until: 2026-01-01}}");
    assert_eq!(held(&both, three()).1.len(), 2);
}

#[test]
fn what_could_not_be_read_is_not_accepted_away() {
    let gap = Known::<()>::Unknown(Gap {
        what: "pods".into(),
        why: Why::Forbidden,
        detail: "may not list pods".into(),
    });
    let all = "- {code: MESH2601, object: '*', reason: r, until: 2026-01-01}\n\
               - {code: IST0101, object: '*', reason: r, until: 2026-01-01}";
    let (verdict, accepted, _) = held(all, three().but_for(&gap));
    assert_eq!((verdict.status, accepted.len()), (Status::Skipped, 3));
    let unknown = Verdict {
        findings: three().findings,
        ..Verdict::unknown("no istioctl")
    };
    let (verdict, _, _) = held(all, unknown);
    assert_eq!(verdict.status, Status::Unknown);
}

#[test]
fn a_wrong_entry_is_named_with_its_field() {
    let good = "- {code: A1, object: x, reason: r, until: 2026-01-01}\n";
    for (entry, why) in [
        (
            "- {object: x, reason: r, until: 2026-01-01}",
            "entry 2: code is missing",
        ),
        (
            "- {code: A1, reason: r, until: 2026-01-01}",
            "entry 2: object is missing",
        ),
        (
            "- {code: A1, object: x, until: 2026-01-01}",
            "entry 2: reason is missing",
        ),
        (
            "- {code: A1, object: x, reason: r}",
            "entry 2: until is missing",
        ),
        (
            "- {code: A1, object: x, reason: '', until: 2026-01-01}",
            "entry 2: reason is no text",
        ),
        (
            "- {code: A1, object: x, reason: [r], until: 2026-01-01}",
            "entry 2: reason is no text",
        ),
        (
            "- {code: A1, object: x, reason: r, until: soon}",
            "entry 2: until is no day such as 2026-12-31",
        ),
        (
            "- {code: A1, object: x, reason: r, until: 2026-02-30}",
            "entry 2: until is no day such as 2026-12-31",
        ),
        (
            "- {code: 'A*', object: x, reason: r, until: 2026-01-01}",
            "entry 2: code is no code such as MESH2101 or IST0101",
        ),
        (
            "- {code: A1, object: '*x', reason: r, until: 2026-01-01}",
            "entry 2: object has a * that is not at its end",
        ),
        (
            "- {code: A1, object: x, reasons: r, until: 2026-01-01}",
            "entry 2: reasons is no field of an entry",
        ),
        ("- words", "entry 2: is no mapping"),
    ] {
        assert_eq!(
            parse(&format!("{good}{entry}")),
            Err(why.to_owned()),
            "{entry}"
        );
    }
    assert_eq!(parse("a: b"), Err("it is not a list".into()));
    assert!(parse("- [").is_err());
    for empty in ["[]", "", "# later\n"] {
        assert_eq!(parse(empty), Ok(Vec::new()), "{empty:?}");
    }
}

#[test]
fn a_file_that_is_no_baseline_is_a_usage_error() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("base.yaml");
    std::fs::write(&file, "- {code: A1}").unwrap();
    let error = Baseline::read(&file).unwrap_err();
    assert_eq!(error.kind(), Kind::Usage);
    assert!(
        error
            .to_string()
            .ends_with("base.yaml is no baseline: entry 1: object is missing"),
        "{error}"
    );
    assert_eq!(
        Baseline::read(&dir.path().join("none")).unwrap_err().kind(),
        Kind::User
    );
}
