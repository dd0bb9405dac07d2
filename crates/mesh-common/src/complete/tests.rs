use std::{io::Read as _, net::TcpListener, path::PathBuf};

use clap::{Parser, Subcommand};

use super::*;

/// A tag tool
#[derive(Debug, Parser)]
struct Cli {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, Subcommand)]
enum Verb {
    /// Move a tag
    Promote {
        #[arg(add = Values::Tag)]
        tag: String,
        #[arg(long, add = Values::Revision)]
        to: Option<String>,
        #[arg(long, add = Values::Gate(crate::check::id::MESH))]
        waive: Vec<String>,
    },
    /// Undo it
    Rollback {
        #[arg(add = Values::Tag)]
        tag: String,
    },
    /// Label namespaces
    Move {
        #[arg(add = Values::Namespace)]
        namespaces: Vec<String>,
        #[arg(long, add = Values::TagOrRevision)]
        to: Option<String>,
    },
    /// Show a file
    Show { file: PathBuf },
}

/// So long that a test which needs it has failed.
const PATIENT: Duration = Duration::from_secs(60);

fn ask_within(limit: Duration, words: &[&str]) -> Answer {
    let command = crate::ctx::command::<Cli>("kubectl mesh-tag");
    answer(command, words.iter().map(OsString::from).collect(), limit)
}

fn ask(words: &[&str]) -> Answer {
    ask_within(PATIENT, words)
}

fn values(answer: &Answer) -> Vec<&str> {
    answer.offers.iter().map(|o| o.value.as_str()).collect()
}

fn example() -> String {
    let root = concat!(env!("CARGO_MANIFEST_DIR"), "/../..");
    format!("{root}/examples/shop-ready.tar.zst")
}

/// A kubeconfig of one context `here` with this server, and this user.
fn kubeconfig(dir: &Path, server: &str, user: &str) -> String {
    let path = dir.join("kubeconfig");
    let text = format!(
        r#"{{"apiVersion": "v1", "kind": "Config", "current-context": "here",
        "contexts": [{{"name": "here", "context": {{"cluster": "c", "user": "u"}}}}],
        "clusters": [{{"name": "c", "cluster": {{"server": "{server}"}}}}],
        "users": [{{"name": "u", "user": {user}}}]}}"#
    );
    std::fs::write(&path, text).unwrap();
    path.display().to_string()
}

#[test]
fn a_question_is_known_by_the_first_word_or_the_variable() {
    let words = |words: &[&str]| Some(Asked::Words(words.iter().map(Into::into).collect()));
    let kubectl = |words: &[&str]| Some(Asked::Kubectl(words.iter().map(Into::into).collect()));
    for (typed, variable, want) in [
        (&["/bin/kubectl-mesh_tag", "list"][..], None, None),
        (&["kubectl-mesh_tag"], None, None),
        (
            &["/x/kubectl_complete-mesh_tag", "promote", ""],
            None,
            kubectl(&["promote", ""]),
        ),
        (&["kubectl_complete-mesh_tag"], None, kubectl(&[])),
        (
            &["kubectl-mesh_tag"],
            Some("zsh"),
            Some(Asked::Script(Shell::Zsh)),
        ),
        (
            &["kubectl-mesh_tag", "--", "a", ""],
            Some("bash"),
            words(&["a", ""]),
        ),
        (
            &["kubectl-mesh_tag", "--", "a", "=b"],
            Some("powershell"),
            words(&["a", "b"]),
        ),
        (
            &["kubectl-mesh_tag", "--", "a"],
            Some("kubectl"),
            kubectl(&["a"]),
        ),
        // Somebody else's variable, or one that was left set, keeps nobody from their command.
        (&["kubectl-mesh_tag", "list"], Some("bash"), None),
        (&["kubectl-mesh_tag"], Some("1"), None),
        (&["kubectl-mesh_tag", "--", "a"], Some("elvish"), None),
        (&["kubectl-mesh_tag"], Some(""), None),
        (&[], Some("bash"), None),
    ] {
        let typed: Vec<OsString> = typed.iter().map(OsString::from).collect();
        assert_eq!(
            asked(&typed, variable.map(OsStr::new)),
            want,
            "{typed:?} {variable:?}"
        );
    }
}

#[test]
fn verbs_come_with_what_they_do_and_without_flags() {
    let all = ask(&[""]);
    assert_eq!(
        values(&all),
        [
            "promote",
            "rollback",
            "move",
            "show",
            "completion",
            "version",
            "help"
        ]
    );
    assert_eq!(all.offers[0].about, "Move a tag");
    assert_eq!(ask(&["pro"]).lines(), "promote\tMove a tag\n:36\n");
    assert_eq!(ask(&[]), all);
}

#[test]
fn flags_come_once_a_dash_is_typed() {
    for typed in ["-", "--"] {
        let flags = ask(&["promote", typed]);
        let values = values(&flags);
        for flag in ["--to", "--waive", "--context", "--from", "--help"] {
            assert!(values.contains(&flag), "{flag}: {values:?}");
        }
        assert!(values.iter().all(|v| v.starts_with("--")), "{values:?}");
    }
    let context = &ask(&["promote", "--contex"]).offers[0];
    assert!(
        context.about.starts_with("Context of the kubeconfig"),
        "{context:?}"
    );
}

#[test]
fn values_come_from_the_archive_that_was_typed() {
    let from = example();
    let tags = ask(&["promote", "--from", &from, ""]);
    assert_eq!(
        tags.lines(),
        "canary\t1-28-1 (2 namespaces)\nstable\t1-26-1 (5 namespaces)\n:36\n"
    );
    let tags = ask(&[&format!("--from={from}"), "promote", "st"]);
    assert_eq!(values(&tags), ["stable"]);
    let to = ask(&["promote", "stable", "--from", &from, "--to", ""]);
    assert_eq!(values(&to), ["1-28-1", "1-26-1"]);
    assert_eq!(to.offers[0].about, "1.28.1, 2 of 2 ready, tag canary");
    let to = ask(&["promote", "--from", &from, "--to=1-2"]);
    assert_eq!(values(&to), ["--to=1-28-1", "--to=1-26-1"]);
    let more = ask(&["move", "--from", &from, "payments", "p"]);
    assert_eq!(values(&more), ["platform"]);
    let n = ask(&["promote", "--from", &from, "-n", "pay"]);
    assert_eq!(values(&n), ["payments"]);
}

#[test]
fn kubectl_completes_what_stands_after_the_equals_sign() {
    for (word, flag) in [
        ("--to=1-28", Some("--to=")),
        ("-n=pay", Some("-n=")),
        ("--to", None),
        ("bake=x", None),
        ("", None),
    ] {
        assert_eq!(flag_of(Some(&word.into())).as_deref(), flag, "{word}");
    }
    let to = ask(&["promote", "--from", &example(), "--to=1-28"]);
    let to = to.without(Some("--to="));
    assert_eq!(values(&to), ["1-28-1"]);
}

#[test]
fn a_gate_stays_open_for_its_reason() {
    let gates = ask(&["promote", "stable", "--waive", "ba"]);
    assert_eq!(
        gates.lines(),
        "bake=\tthe canary has not run long enough\nbackup=\tno fresh backup\n:38\n"
    );
}

#[test]
fn paths_are_the_shells() {
    assert_eq!(ask(&["show", ""]).lines(), ":0\n");
    assert_eq!(ask(&["show", "exa"]).lines(), ":0\n");
    assert_eq!(ask(&["promote", "--from", ""]).lines(), ":0\n");
    assert_eq!(ask(&["promote", "--kubeconfig=x"]).lines(), ":0\n");
    assert_eq!(
        ask(&["completion", "install", "--dir", ""]).lines(),
        ":16\n"
    );
}

#[test]
fn names_of_the_kubeconfig_need_no_cluster() {
    let dir = tempfile::tempdir().unwrap();
    let file = kubeconfig(dir.path(), "https://jo:secret@10.0.0.1:6443", "{}");
    let one = |flag: &str| ask(&["promote", "--kubeconfig", &file, flag, ""]).lines();
    assert_eq!(one("--context"), "here\tcluster c, the current one\n:36\n");
    assert_eq!(one("--cluster"), "c\t10.0.0.1:6443\n:36\n");
    assert_eq!(one("--user"), "u\n:36\n");
}

#[test]
fn a_hostile_name_is_cleaned_or_not_offered() {
    let dir = tempfile::tempdir().unwrap();
    let names = [
        "good",
        "a b",
        "a\\tb",
        "a\\nb",
        "$(id)",
        "`id`",
        "a;b",
        "\\u001b[31mred",
        "\\u202eevil",
        "--yes",
        "",
        "arn:aws:eks:eu-1:12:cluster/x",
        "jo@x.eksctl.io",
    ];
    let contexts: Vec<String> = names
        .iter()
        .map(|n| {
            format!(
                r#"{{"name": "{n}", "context": {{"cluster": "x\u001b]0;t\u0007\t{n}\nz", "user": "u"}}}}"#
            )
        })
        .collect();
    let file = dir.path().join("kubeconfig");
    let text = format!(
        r#"{{"apiVersion": "v1", "kind": "Config", "contexts": [{}]}}"#,
        contexts.join(",")
    );
    std::fs::write(&file, text).unwrap();
    let file = file.display().to_string();
    let found = ask(&["promote", "--kubeconfig", &file, "--context", ""]);
    assert_eq!(
        values(&found),
        ["good", "arn:aws:eks:eu-1:12:cluster/x", "jo@x.eksctl.io"]
    );
    assert_eq!(found.offers[0].about, "cluster x good");
    for line in found.lines().lines() {
        assert!(
            line.chars().filter(|c| c.is_control()).all(|c| c == '\t'),
            "{line:?}"
        );
        assert!(line.matches('\t').count() <= 1, "{line:?}");
    }
}

#[test]
fn a_server_that_never_answers_is_given_up() {
    let dir = tempfile::tempdir().unwrap();
    // Takes connections, and no more.
    let server = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}", server.local_addr().unwrap());
    let file = kubeconfig(dir.path(), &address, "{}");
    let words = ["promote", "--kubeconfig", &file, ""];
    let short = Duration::from_millis(200);
    assert_eq!(ask_within(short, &words), Answer::nothing());
    // It was really asked.
    let (mut asked, _) = server.accept().unwrap();
    let mut line = [0; 4];
    asked.read_exact(&mut line).unwrap();
    assert_eq!(&line, b"GET ");
}

#[test]
fn what_cannot_be_read_offers_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let nowhere = {
        let gone = TcpListener::bind("127.0.0.1:0").unwrap();
        format!("http://{}", gone.local_addr().unwrap())
    };
    let file = kubeconfig(dir.path(), &nowhere, "{}");
    for before in [
        &["--kubeconfig", &file][..],
        &["--kubeconfig", &file, "--context", "nosuch"],
        &["--kubeconfig", "/nonexistent"],
        &["--kubeconfig", &example()],
        &["--from", "/nonexistent"],
        &["--from", &file],
        &["--request-timeout", "soon"],
    ] {
        for (verb, flag) in [("promote", "--to"), ("promote", "-n"), ("rollback", "-i")] {
            let words = [before, &[verb, flag, ""]].concat();
            assert_eq!(ask(&words), Answer::nothing(), "{words:?}");
            let words = [before, &[verb, ""]].concat();
            assert_eq!(ask(&words), Answer::nothing(), "{words:?}");
        }
    }
}

#[cfg(unix)]
#[test]
fn a_credential_plugin_that_needs_a_person_is_not_started() {
    for (mode, starts) in [("Always", false), ("IfAvailable", true), ("Never", true)] {
        let dir = tempfile::tempdir().unwrap();
        let seen = dir.path().join("seen");
        let script = format!(
            "echo noise >&2; [ -t 0 ] && echo terminal; echo $KUBERNETES_EXEC_INFO > {}; exit 1",
            seen.display()
        );
        let user = serde_json::json!({"exec": {
            "apiVersion": "client.authentication.k8s.io/v1",
            "command": "/bin/sh", "args": ["-c", script], "interactiveMode": mode,
        }});
        let file = kubeconfig(dir.path(), "http://127.0.0.1:1", &user.to_string());
        let words = ["promote", "--kubeconfig", &file, ""];
        assert_eq!(ask(&words), Answer::nothing(), "{mode}");
        let told = std::fs::read_to_string(&seen);
        assert_eq!(told.is_ok(), starts, "{mode}: {told:?}");
        if let Ok(told) = told {
            assert!(told.contains(r#""interactive":false"#), "{told}");
        }
    }
}

#[test]
fn long_lists_are_cut() {
    let dir = tempfile::tempdir().unwrap();
    let contexts: Vec<String> = (0..2 * MOST)
        .map(|n| {
            format!(
                r#"{{"name": "c{n}", "context": {{"cluster": "{}"}}}}"#,
                "x".repeat(500)
            )
        })
        .collect();
    let file = dir.path().join("kubeconfig");
    let text = format!(
        r#"{{"apiVersion": "v1", "kind": "Config", "contexts": [{}]}}"#,
        contexts.join(",")
    );
    std::fs::write(&file, text).unwrap();
    let file = file.display().to_string();
    let found = ask(&["promote", "--kubeconfig", &file, "--context", ""]);
    assert_eq!(found.offers.len(), MOST);
    assert!(
        found
            .offers
            .iter()
            .all(|o| o.about.chars().count() <= ABOUT)
    );
}
