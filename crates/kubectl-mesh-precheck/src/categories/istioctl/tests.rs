//! Every recorded precheck and analysis of every version, and what each comes to.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Write as _,
    fs,
    path::{Path, PathBuf},
};

use mesh_common::istioctl::{Captured, Output};

use super::*;
use crate::{
    check::Status,
    facts::only_live,
    made::{facts, run},
};

/// What each recorded case comes to.
const RECORDED: &str = include_str!("recorded.txt");

/// Cases that do not come to the same in every version, and why.
const DIFFERENT: &[(&str, &str)] = &[
    (
        "analyze-json-mesh",
        "1.20 has IST0106 and IST0162 of objects that later schemas allow; IST0133 of EnvoyFilters and IST0171 came later",
    ),
    (
        "analyze-json-forbidden-reader",
        "1.26 alone looks at kube-system and its like",
    ),
    (
        "analyze-json-istiod-unreachable",
        "1.26 alone looks at kube-system and its like",
    ),
    (
        "analyze-json-no-istio",
        "1.26 alone looks at kube-system and its like",
    ),
    (
        "analyze-json-one-revision",
        "1.26 alone looks at kube-system and its like",
    ),
    (
        "analyze-json-two-",
        "1.26 alone looks at kube-system and its like",
    ),
    (
        "analyze-json-unreachable-cluster",
        "1.28 quotes its own timeout",
    ),
    (
        "precheck-json-unreachable-cluster",
        "1.28 quotes its own timeout",
    ),
    ("analyze-log-", "not JSON; the words name the version"),
    (
        "precheck-log-forbidden-reader",
        "not JSON; the words name the version",
    ),
    (
        "precheck-log-gateway-api-",
        "not JSON; the words name the version",
    ),
    (
        "precheck-json-from-version-",
        "1.20 knows no --from-version, so it is not asked with one",
    ),
    (
        "precheck-json-revision-from-version-",
        "1.20 knows no --from-version, so it is not asked with one",
    ),
    ("precheck-json-gateway-api-", "IST0172 came with 1.26"),
];

fn dir() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/data/istioctl-recordings")
}

fn names(dir: &Path) -> BTreeSet<String> {
    let entries = fs::read_dir(dir).unwrap();
    entries
        .map(|e| e.unwrap().file_name().into_string().unwrap())
        .collect()
}

/// One recorded call, as if we had run it.
fn output(case: &Path) -> Output {
    let text = |file| fs::read_to_string(case.join(file)).unwrap();
    Output {
        code: text("exit").trim().parse().ok(),
        signal: (text("exit").trim() == "timeout").then_some(9),
        stdout: Captured::from(text("stdout").as_str()),
        stderr: Captured::from(text("stderr").as_str()),
        ..Output::default()
    }
}

/// The verdict on an answer, as if this version had given it.
fn verdict(version: &str, answer: &Result<Analysis, NoAnswer>) -> Verdict {
    let said = Said {
        name: format!("istioctl {version}"),
        another: false,
        precheck: answer.clone(),
        analyze: answer.clone(),
    };
    judge(&said, answer)
}

/// The lines of a case: its status, then its findings.
fn lines(version: &str, case: &str) -> Vec<String> {
    let output = output(&dir().join(version).join(case));
    let answer = if case.starts_with("precheck-") {
        Analysis::precheck(&output)
    } else {
        Analysis::analyze(&output)
    };
    let verdict = verdict(version, &answer);
    let mut lines = vec![format!("{:?}", verdict.status)];
    if verdict.findings.is_empty() && verdict.status != Status::Ok {
        let why = verdict
            .summary
            .replace(&format!("istioctl {version}: "), "");
        lines[0] = format!("{:?} {why}", verdict.status);
    }
    lines.extend(verdict.findings.iter().map(|f| {
        let first: Vec<_> = f.message.split(' ').take(8).collect();
        format!(
            "{:?} {} {}: {}",
            f.severity,
            f.code,
            f.object,
            first.join(" ")
        )
    }));
    lines
}

/// All recorded cases with the versions that come to the same.
fn table() -> BTreeMap<String, BTreeMap<Vec<String>, Vec<String>>> {
    let mut table: BTreeMap<String, BTreeMap<Vec<String>, Vec<String>>> = BTreeMap::new();
    let versions = names(&dir());
    for version in versions.iter().filter(|v| v.starts_with(char::is_numeric)) {
        let cases = names(&dir().join(version));
        let ours = |c: &&String| c.starts_with("precheck-") || c.starts_with("analyze-");
        for case in cases.iter().filter(ours) {
            table
                .entry(case.clone())
                .or_default()
                .entry(lines(version, case))
                .or_default()
                .push(version.clone());
        }
    }
    table
}

#[test]
fn every_recorded_answer_comes_to_what_it_should() {
    let mut text = String::new();
    for (case, answers) in table() {
        // In the order of the versions.
        let mut answers: Vec<_> = answers.into_iter().map(|(l, v)| (v, l)).collect();
        answers.sort();
        for (versions, lines) in answers {
            let _ = writeln!(text, "{case} ({}): {}", versions.join(" "), lines[0]);
            for line in &lines[1..] {
                let _ = writeln!(text, "    {line}");
            }
        }
    }
    assert!(text == RECORDED, "{text}");
}

#[test]
fn versions_differ_only_where_there_is_a_reason() {
    let table = table();
    let mut used = BTreeSet::new();
    for (case, answers) in &table {
        let reason = DIFFERENT.iter().find(|(start, _)| case.starts_with(start));
        if answers.len() > 1 {
            let (start, _) = reason.unwrap_or_else(|| panic!("{case}: {answers:?}"));
            used.insert(*start);
        }
    }
    assert_eq!(used.len(), DIFFERENT.len(), "{used:?}");
    // The three versions were all asked.
    assert!(table.values().all(|a| a.values().flatten().count() == 3));
}

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
