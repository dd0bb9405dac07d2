use proptest::prelude::*;

use super::{Analysis, Level, NoAnswer};
use crate::istioctl::{Captured, Output};

const ONE: &str = "[\n\t{\n\t\t\"code\": \"IST0101\",\n\t\t\"level\": \"Error\",\n\t\t\"message\": \"m\",\n\t\t\"origin\": \"VirtualService a/b\"\n\t}\n]\n";
const INFO: &str = r#"[{"code": "IST0136", "level": "Info", "message": "m"}]"#;
const CLEAN: &str =
    "✔ No issues found when checking the cluster. Istio is safe to install or upgrade!\n";

fn said(code: i32, stdout: &str, stderr: &str) -> Output {
    Output {
        code: Some(code),
        stdout: Captured::from(stdout),
        stderr: Captured::from(stderr),
        ..Output::default()
    }
}

fn codes(answer: Result<Analysis, NoAnswer>) -> Result<(Vec<String>, bool), NoAnswer> {
    answer.map(|a| {
        let codes = a.messages.into_iter().map(|m| m.code).collect();
        (codes, a.doubt.is_some())
    })
}

fn failed(answer: Result<Analysis, NoAnswer>) -> String {
    match answer {
        Err(NoAnswer::Failed(why)) => why,
        other => panic!("{other:?}"),
    }
}

#[test]
fn arrays_are_found_among_noise() {
    let logs =
        "2026-11-21T04:09:05Z\tinfo\tkube\t[not json]\n[sic] a log line\n{\"level\": \"info\"}\n";
    for (stdout, want) in [
        ("[]\n".to_owned(), vec![]),
        (ONE.to_owned(), vec!["IST0101"]),
        (format!("{logs}[]\n"), vec![]),
        (format!("{logs}{ONE}"), vec!["IST0101"]),
        // One per cluster, or a log line that came late.
        (format!("{ONE}{INFO}\n"), vec!["IST0101", "IST0136"]),
        (format!("{ONE}{logs}"), vec!["IST0101"]),
        (
            format!("\r\n\u{1b}[31mcolour\u{1b}[0m\n{INFO}"),
            vec!["IST0136"],
        ),
    ] {
        let answer = codes(Analysis::analyze(&said(0, &stdout, "")));
        let want = want.into_iter().map(str::to_owned).collect();
        assert_eq!(answer, Ok((want, false)), "{stdout}");
    }
}

#[test]
fn what_is_no_answer_is_unknown() {
    let cut = &ONE[..ONE.len() - 10];
    let object = r#"[{"no": "message"}]"#;
    for stdout in [
        "",
        "\n",
        "null\n",
        "{}\n",
        "[1]\n",
        cut,
        &format!("{INFO}\n{cut}"),
        object,
        &format!("{ONE}{object}"),
        &"[\n".repeat(100_000),
        &"[x\n".repeat(100_000),
        "  code: IST0101\n",
    ] {
        let shown = &stdout[..stdout.len().min(60)];
        let why = failed(Analysis::analyze(&said(
            0,
            stdout,
            "namespace \"x\" not found\n",
        )));
        assert_eq!(
            why, "exit 0, and said: namespace \"x\" not found",
            "{shown}"
        );
        let why = failed(Analysis::precheck(&said(
            1,
            stdout,
            "Error: boom\u{1b}[2J\n",
        )));
        assert_eq!(why, "exit 1, and said: Error: boom", "{shown}");
    }
}

#[test]
fn a_clean_precheck_is_empty_and_says_so() {
    for (code, stdout, stderr, clean) in [
        (0, "", CLEAN, true),
        (0, "\n", &*format!("a warning of somebody\n{CLEAN}"), true),
        (0, "", "", false),
        (1, "", CLEAN, false),
        (0, "", "✔ fine\n", false),
        (0, "surprise", CLEAN, false),
    ] {
        let answer = Analysis::precheck(&said(code, stdout, stderr));
        assert_eq!(
            answer == Ok(Analysis::default()),
            clean,
            "{code} {stdout:?} {stderr:?}"
        );
        assert_eq!(answer.is_err(), !clean, "{code} {stdout:?} {stderr:?}");
    }
}

#[test]
fn exit_codes_prove_nothing_and_raise_doubts() {
    let both = |code, stdout: &str| {
        let output = said(code, stdout, "Error: lost\n");
        (
            codes(Analysis::precheck(&output)),
            codes(Analysis::analyze(&output)),
        )
    };
    let of = |code: &str, doubt| Ok((vec![code.to_owned()], doubt));
    assert_eq!(both(0, ONE), (of("IST0101", false), of("IST0101", false)));
    assert_eq!(both(1, ONE), (of("IST0101", false), of("IST0101", true)));
    assert_eq!(both(1, INFO), (of("IST0136", true), of("IST0136", true)));
    let doubt = Analysis::precheck(&said(2, INFO, "panic: x\n"))
        .unwrap()
        .doubt;
    assert_eq!(
        doubt.as_deref(),
        Some("exit 2, which nothing in its answer explains: panic: x")
    );
}

#[test]
fn files_that_were_not_read_raise_doubts_though_it_exits_0() {
    let said = said(
        0,
        "[]\n",
        "a log line\nError(s) adding files: 1 error occurred:\n\t* objects.yaml: unknown field\n",
    );
    let answer = Analysis::analyze(&said).unwrap();
    let doubt = answer.doubt.unwrap();
    assert!(
        doubt.starts_with("it did not read everything: Error(s) adding files: 1 error occurred:"),
        "{doubt}"
    );
    assert_eq!(answer.messages, []);
}

#[test]
fn what_was_not_seen_to_its_end_is_unknown() {
    type Change = fn(&mut Output);
    let changes: [(Change, &str); 4] = [
        (
            |o| {
                o.timed_out = true;
                o.elapsed = std::time::Duration::from_millis(60_040);
            },
            "stopped after 60 s",
        ),
        (|o| o.cancelled = true, "stopped by Ctrl-C"),
        (|o| o.signal = Some(9), "ended by signal 9"),
        (
            |o| o.stdout.dropped = 1,
            "said more than the 0 MiB that are read: the rest is not known",
        ),
    ];
    for (change, why) in changes {
        let mut output = said(0, ONE, CLEAN);
        change(&mut output);
        assert_eq!(failed(Analysis::precheck(&output)), why);
        assert_eq!(failed(Analysis::analyze(&output)), why);
    }
}

#[test]
fn a_missing_right_is_told_from_other_failures() {
    for (stderr, right) in [
        (
            "Error: namespaces \"default\" is forbidden: User \"u\" cannot get resource \"namespaces\" in API group \"\" in the namespace \"default\"",
            "may not get namespaces",
        ),
        (
            "Error: x is forbidden: User \"u\" cannot list resource \"customresourcedefinitions\" in API group \"apiextensions.k8s.io\" at the cluster scope",
            "may not list customresourcedefinitions.apiextensions.k8s.io",
        ),
    ] {
        let answer = Analysis::analyze(&said(1, "", stderr));
        assert_eq!(answer, Err(NoAnswer::Forbidden(right.into())));
    }
    for stderr in [
        "pods is forbidden: User \"u\" cannot\n",
        "is forbidden: User \"u\" cannot get path \"/x\"\n",
    ] {
        failed(Analysis::analyze(&said(1, "", stderr)));
    }
}

#[test]
fn fields_and_levels_nobody_knows_are_kept_or_passed_over() {
    let text = r#"[{"code":"IST9999","level":"Fatal","message":"m","origin":null,"new":{"a":[1]},"cluster":"c"}]"#;
    let answer = Analysis::analyze(&said(0, text, "")).unwrap();
    let [message] = &answer.messages[..] else {
        panic!()
    };
    assert_eq!(message.level, Level::Other("Fatal".into()));
    assert_eq!(
        (message.origin.as_deref(), message.cluster.as_deref()),
        (None, Some("c"))
    );
}

proptest! {
    #[test]
    fn never_panics(out in "(\\PC|\n|\\[|\\{|\\]|\")*", err in "\\PC*") {
        let output = said(0, &out, &err);
        let _ = Analysis::precheck(&output);
        let _ = Analysis::analyze(&output);
    }
}
