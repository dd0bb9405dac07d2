//! What istioctl says, as findings.

use mesh_common::mesh::Known;

use super::*;
use crate::{
    check::Status,
    facts::only_live,
    made::{facts, run},
};

mod recorded;

/// Facts in which istioctl 1.28.1 said this.
fn told_facts(precheck: Result<Analysis, NoAnswer>, analyze: Result<Analysis, NoAnswer>) -> Facts {
    let mut facts = facts();
    facts.istioctl = Known::Known(Word::Asked(Box::new(Said {
        name: "istioctl 1.28.1".into(),
        another: false,
        precheck,
        analyze,
    })));
    facts
}

fn message(code: &str, level: Level, origin: Option<&str>) -> Message {
    Message {
        code: code.into(),
        level,
        message: "words".into(),
        origin: origin.map(str::to_owned),
        reference: None,
        documentation_url: None,
        cluster: None,
    }
}

#[expect(clippy::unnecessary_wraps, reason = "it stands for an answer")]
fn messages(messages: Vec<Message>) -> Result<Analysis, NoAnswer> {
    Ok(Analysis {
        messages,
        doubt: None,
    })
}

#[test]
fn messages_are_findings_of_istios_own_codes() {
    let facts = told_facts(
        messages(vec![]),
        messages(vec![
            message("IST0102", Level::Info, Some("Namespace default")),
            message(
                "IST0101",
                Level::Error,
                Some("VirtualService staging/broken"),
            ),
            message("IST9999", Level::Other("Fatal".into()), None),
            Message {
                reference: Some("a.yaml:3".into()),
                cluster: Some("west".into()),
                documentation_url: Some("https://istio.io/x/ist0141/?ref=istioctl-analyze".into()),
                ..message("IST0141", Level::Error, Some("Cluster"))
            },
        ]),
    );
    let clean = run(CHECKS, PRECHECK, &facts);
    assert_eq!(
        (clean.status, clean.summary.as_str()),
        (Status::Ok, "istioctl 1.28.1 found nothing")
    );
    let verdict = run(CHECKS, ANALYZE, &facts);
    assert_eq!(verdict.status, Status::Error);
    assert_eq!(
        verdict.summary,
        "istioctl 1.28.1: 1 error, 2 warnings, 1 note"
    );
    let seen: Vec<_> = verdict
        .findings
        .iter()
        .map(|f| {
            (
                f.severity,
                &*f.code,
                f.object.as_str(),
                f.evidence.join("; "),
            )
        })
        .collect();
    assert_eq!(
        seen,
        [
            (
                Severity::Error,
                "IST0101",
                "virtualservice/broken -n staging",
                String::new()
            ),
            (
                Severity::Warning,
                "IST9999",
                "the cluster",
                "level: Fatal".into()
            ),
            (
                Severity::Warning,
                "IST0141",
                "the cluster",
                "in cluster west; at a.yaml:3".into()
            ),
            (
                Severity::Info,
                "IST0102",
                "namespace/default",
                String::new()
            ),
        ]
    );
    let hint = verdict.findings[2].hint.as_deref();
    assert_eq!(hint, Some("see https://istio.io/x/ist0141/"));
}

#[test]
fn what_istioctl_says_is_not_believed_to_be_harmless() {
    let evil = "\u{1b}[2J\u{202e}x";
    let facts = told_facts(
        messages(vec![Message {
            code: format!("IST{evil}"),
            message: format!("{evil} {}", "long ".repeat(1000)),
            reference: Some(evil.into()),
            documentation_url: Some(evil.into()),
            ..message("", Level::Error, Some(&format!("Pod a/{evil}")))
        }]),
        messages(vec![]),
    );
    let verdict = run(CHECKS, PRECHECK, &facts);
    let found = &verdict.findings[0];
    let all = format!("{found:?}");
    assert!(
        !all.contains("\\u{1b}") && !all.contains("\\u{202e}"),
        "{all}"
    );
    assert!(found.message.chars().count() <= MESSAGE_MAX, "{all}");
    for origin in ["", " ", "Pod", "a b c", "Pod ", "x/y"] {
        assert_eq!(object(origin), origin);
    }
}

#[test]
fn no_answer_is_never_ok() {
    let refused = || Err(NoAnswer::Forbidden("may not list secrets: x".into()));
    let hung = || Err(NoAnswer::Failed("stopped after 60 s".into()));
    let facts = told_facts(hung(), refused());
    let precheck = run(CHECKS, PRECHECK, &facts);
    assert_eq!(precheck.status, Status::Unknown);
    assert_eq!(precheck.summary, "istioctl 1.28.1: stopped after 60 s");
    let analyze = run(CHECKS, ANALYZE, &facts);
    assert_eq!(analyze.status, Status::Skipped);
    assert!(
        analyze.summary.contains("may not list secrets"),
        "{}",
        analyze.summary
    );
    // Something was said, and more may have been.
    for (level, status) in [
        (Level::Info, Status::Unknown),
        (Level::Error, Status::Error),
    ] {
        let doubted = Ok(Analysis {
            messages: vec![message("IST0001", level, None)],
            doubt: Some("exit 2, which nothing in its answer explains: panic".into()),
        });
        let verdict = run(CHECKS, PRECHECK, &told_facts(doubted, hung()));
        assert_eq!(verdict.status, status);
        assert!(verdict.summary.contains("exit 2"), "{}", verdict.summary);
        assert_eq!(verdict.findings.len(), 1);
    }
}

#[test]
fn a_missing_istioctl_says_how_to_get_it_once() {
    let mut facts = facts();
    facts.istioctl = Known::Known(Word::Missing {
        why: "no istioctl was found; istioctl 1.28.1 is needed".into(),
        seen: vec!["1.26.1  PATH  /usr/bin/istioctl".into()],
        hint: "install it:\nkubectl mesh-istioctl install 1.28.1".into(),
    });
    let first = run(CHECKS, PRECHECK, &facts);
    assert_eq!(first.status, Status::Unknown);
    assert_eq!(
        first.summary,
        "no istioctl was found; istioctl 1.28.1 is needed"
    );
    let found = &first.findings[0];
    assert_eq!(found.evidence, ["1.26.1  PATH  /usr/bin/istioctl"]);
    let hint = found.hint.as_deref().unwrap();
    assert!(
        hint.ends_with("\nkubectl mesh-istioctl install 1.28.1"),
        "{hint}"
    );
    let second = run(CHECKS, ANALYZE, &facts);
    assert_eq!((second.status, second.findings.len()), (Status::Unknown, 0));
}

#[test]
fn nobody_is_asked_without_a_target_or_a_cluster() {
    let mut facts = facts();
    facts.istioctl = Known::Known(Word::NoTarget);
    for code in [PRECHECK, ANALYZE] {
        assert_eq!(run(CHECKS, code, &facts).status, Status::NotEvaluated);
    }
    facts.istioctl = only_live("istioctl");
    for code in [PRECHECK, ANALYZE] {
        let verdict = run(CHECKS, code, &facts);
        assert_eq!(verdict.status, Status::NotEvaluated);
        assert!(verdict.summary.contains("rehearsal"), "{}", verdict.summary);
    }
}

#[test]
fn another_minor_is_said() {
    let mut facts = told_facts(messages(vec![]), messages(vec![]));
    if let Known::Known(Word::Asked(said)) = &mut facts.istioctl {
        said.another = true;
    }
    assert_eq!(
        run(CHECKS, ANALYZE, &facts).summary,
        "istioctl 1.28.1 (of another minor than the target) found nothing"
    );
}
