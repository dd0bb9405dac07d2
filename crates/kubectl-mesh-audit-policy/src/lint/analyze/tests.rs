//! What istioctl says becomes findings, and where it says nothing it is unknown. The answers are recorded ones where there is a
//! recording; a script gives them.

use std::{fs, path::Path, process::Command};

use mesh_common::{ctx::GlobalArgs, output::Printer};
use serde_json::json;
use tempfile::TempDir;

use super::*;
use crate::lint::made::{expect, facts, with};

fn message(code: &str, level: Level, origin: &str) -> Message {
    Message {
        code: code.into(),
        level,
        message: "words".into(),
        origin: Some(origin.into()),
        reference: None,
        documentation_url: None,
        cluster: None,
    }
}

#[test]
fn what_istioctl_says_is_as_grave_as_it_calls_it() {
    let of = |messages: Vec<Message>| {
        let mut facts = with(facts(), &json!({}), json!({}));
        facts.said = Known::Known(Said {
            name: "istioctl 1.28.1".into(),
            answer: Analysis {
                messages,
                doubt: None,
            },
        });
        facts
    };
    let grave = message("IST0106", Level::Error, "AuthorizationPolicy shop/p");
    expect(
        &CHECKS[0],
        &of(vec![grave]),
        &["Error : words (istioctl 1.28.1 IST0106)"],
        "error",
    );
    expect(&CHECKS[0], &of(vec![]), &[], "clean");
    let blind = BLIND.map(|code| message(code, Level::Error, "AuthorizationPolicy shop/p"));
    expect(&CHECKS[0], &of(blind.into()), &[], "blind");
    let odd = of(vec![message("IST9999", Level::Other("Fatal".into()), "x")]);
    assert_eq!(Told::of(&CHECKS[0], &odd).unknown.len(), 1);
}

/// A script that answers as istioctl of this version, and what it was asked.
struct Script(TempDir);

impl Script {
    fn new(version: &str, analyze: &str) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let body = format!(
            "#!/bin/sh\n\
             case \"$1\" in\n\
             version) echo '{{\"clientVersion\": {{\"version\": \"{version}\", \"tag\": \"\"}}}}' ;;\n\
             analyze) echo \"$@\" > \"$0.asked\"; cp \"$6\" \"$0.objects\"; {analyze} ;;\n\
             esac\n"
        );
        // Through a child: a file that this process had open for writing could be busy when it is run.
        let write = "cat > \"$1\" <<'SCRIPT'\n".to_owned() + &body + "SCRIPT\nchmod 755 \"$1\"";
        let made = Command::new("sh")
            .args(["-c", &write, "sh"])
            .arg(dir.path().join("istioctl"))
            .status();
        assert!(made.unwrap().success());
        Self(dir)
    }

    /// One that says what was recorded of a call.
    fn recorded(version: &str, case: &str) -> Self {
        let dir = Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("../../tests/data/istioctl-recordings")
            .join(version)
            .join(case);
        let exit = fs::read_to_string(dir.join("exit")).unwrap();
        let dir = dir.display();
        let say = format!(
            "cat '{dir}/stdout'; cat '{dir}/stderr' >&2; exit {}",
            exit.trim()
        );
        Self::new(version, &say)
    }

    fn file(&self, suffix: &str) -> String {
        fs::read_to_string(self.0.path().join(format!("istioctl.{suffix}"))).unwrap()
    }

    fn asked(&self, versions: &[&str]) -> Known<Said> {
        asked(Some(self.0.path().join("istioctl")), versions)
    }
}

fn asked(istioctl: Option<std::path::PathBuf>, versions: &[&str]) -> Known<Said> {
    let mut args = GlobalArgs::default();
    args.cluster.istio_namespace = "istio-system".into();
    let printer = Printer::for_test(None, false, false);
    let ctx = Ctx::with_printer("kubectl mesh-audit-policy", args, printer);
    let args = IstioctlArgs {
        istioctl,
        ..IstioctlArgs::default()
    };
    let versions: Vec<String> = versions.iter().map(|v| (*v).to_owned()).collect();
    let object = json!({
        "kind": "AuthorizationPolicy", "status": {"x": 1},
        "metadata": {"name": "p", "namespace": "shop", "managedFields": []},
    });
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build();
    runtime
        .unwrap()
        .block_on(ask(&ctx, &args, &versions, &[object]))
}

/// What MESH4301 comes to: how many findings, and what is unknown.
fn told(said: Known<Said>) -> (usize, Vec<String>) {
    let mut facts = with(facts(), &json!({}), json!({}));
    facts.said = said;
    let told = Told::of(&CHECKS[0], &facts);
    assert!(told.not_evaluated.is_empty(), "{:?}", told.not_evaluated);
    (told.hits.len(), told.unknown)
}

/// Exit 0 with errors in the answer, log lines before it, `[]`, no JSON at all, exit 1: each as it was recorded.
#[test]
fn recorded_answers_are_findings_or_unknown_and_never_ok_by_their_exit_code() {
    for version in ["1.20.8", "1.26.1", "1.28.1"] {
        // Three of the four messages are IST0101, which is not for istioctl to say here.
        for (case, hits, unknown) in [
            ("analyze-json-errors", 1, None),
            ("analyze-json-clean-namespace", 0, None),
            (
                "analyze-json-unknown-namespace",
                0,
                Some("exit 0, and said: "),
            ),
            (
                "analyze-json-unreachable-cluster",
                0,
                Some("exit 1, and said: Error: Get "),
            ),
            ("analyze-log-errors", 0, Some("exit 79, and said: ")),
        ] {
            let script = Script::recorded(version, case);
            let (found, why) = told(script.asked(&[version]));
            assert_eq!(found, hits, "{version} {case}");
            let why = why.join("\n");
            match unknown {
                None => assert_eq!(why, "", "{version} {case}"),
                Some(words) => {
                    assert!(
                        why.starts_with(&format!("istioctl {version}: {words}")),
                        "{case}: {why}"
                    );
                }
            }
        }
    }
}

/// What a real one said of files: errors, nothing, and nothing because it could not read them, each with exit 0.
#[test]
fn what_it_said_of_files_is_told_with_its_doubts() {
    let of = |case: &str| told(Script::recorded("1.28.1", case).asked(&["1.28.1"]));
    assert_eq!(of("offline-analyze-clean"), (0, vec![]));
    assert_eq!(of("offline-analyze-findings"), (3, vec![]));
    let (found, why) = of("offline-analyze-unread");
    assert_eq!(found, 0);
    let start = "istioctl 1.28.1: it did not read everything: Error(s) adding files: 1 error";
    assert!(why[0].starts_with(start), "{why:?}");
}

#[test]
fn it_is_asked_of_no_cluster_about_what_was_written() {
    let script = Script::recorded("1.28.1", "analyze-json-clean-namespace");
    script.asked(&["1.26.1", "1.28.1"]);
    let argv = script.file("asked");
    assert!(
        argv.starts_with("analyze --use-kube=false -A -o json /"),
        "{argv}"
    );
    let kubeconfig = argv.split("--kubeconfig").nth(1).unwrap();
    assert!(kubeconfig.contains("kubectl-mesh-analyze-"), "{argv}");
    let objects = script.file("objects");
    assert_eq!(
        objects,
        "{\"kind\":\"AuthorizationPolicy\",\"metadata\":{\"name\":\"p\",\"namespace\":\"shop\"}}\n---\n"
    );
}

#[test]
fn what_cannot_be_asked_is_unknown_and_says_why() {
    const ONE: &str = r#"echo '[{"code":"IST0106","level":"Error","message":"m"}]'"#;
    for (what, version, analyze, versions, hits, want) in [
        (
            "another version",
            "1.26.1",
            ONE,
            &["1.28.1"][..],
            0,
            "none of the 1 istioctl found is 1.28.1",
        ),
        (
            "no version is known",
            "1.28.1",
            ONE,
            &[],
            0,
            "the version of istiod is not known",
        ),
        (
            "a version that is none",
            "1.28.1",
            ONE,
            &["custom"],
            0,
            "the version of istiod is not known",
        ),
        (
            "garbage",
            "1.28.1",
            "echo 'no JSON'",
            &["1.28.1"],
            0,
            "istioctl 1.28.1: exit 0, and said: no JSON",
        ),
        (
            "nothing",
            "1.28.1",
            "true",
            &["1.28.1"],
            0,
            "istioctl 1.28.1: exit 0, and said: nothing",
        ),
        (
            "a crash",
            "1.28.1",
            "kill -9 $$",
            &["1.28.1"],
            0,
            "istioctl 1.28.1: ended by signal 9",
        ),
        (
            "exit 2",
            "1.28.1",
            "echo 'panic: x' >&2; exit 2",
            &["1.28.1"],
            0,
            "istioctl 1.28.1: exit 2, and said: panic: x",
        ),
        // What was found stands, and that there may be more is said.
        (
            "findings and exit 79",
            "1.28.1",
            &format!("{ONE}; echo 'Error: found' >&2; exit 79"),
            &["1.28.1"],
            1,
            "istioctl 1.28.1: exit 79, which nothing in its answer explains: Error: found",
        ),
        (
            "a file that it did not read",
            "1.28.1",
            "echo '[]'; echo 'Error(s) adding files: no such kind' >&2",
            &["1.28.1"],
            0,
            "istioctl 1.28.1: it did not read everything: Error(s) adding files: no such kind",
        ),
    ] {
        let (found, why) = told(Script::new(version, analyze).asked(versions));
        assert_eq!(found, hits, "{what}");
        assert!(
            why.len() == 1 && why[0].starts_with(want),
            "{what}: {why:?}"
        );
    }
    let (_, why) = told(asked(Some("/nonexistent/istioctl".into()), &["1.28.1"]));
    assert!(why[0].contains("does not exist"), "{why:?}");
    assert!(
        why[0].contains("kubectl mesh-istioctl install 1.28.1"),
        "{why:?}"
    );
}
