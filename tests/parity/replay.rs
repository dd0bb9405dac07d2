//! The stand-in replays: same arguments, same stdout, stderr and exit code.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use mesh_common::istioctl::{
    Claim, Istioctl, IstioctlArgs, Parity, Places, TagSet, Target, Version, offline, search,
};
use mesh_testkit::standin;

use crate::recordings::{Case, cases};

/// The stand-in under the name of each version.
struct Bin {
    dir: tempfile::TempDir,
}

impl Bin {
    fn new(names: &[&str]) -> Self {
        let dir = tempfile::tempdir().expect("a directory");
        let binary = Path::new(env!("CARGO_BIN_EXE_istioctl-standin"));
        standin::install(binary, dir.path(), names).expect("installed");
        Self { dir }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    fn places(&self) -> Places {
        Places {
            env: None,
            store: None,
            path: Some(self.dir.path().into()),
        }
    }

    /// A script that sets variables and becomes the stand-in. Written by a child, so that no writer of ours keeps it busy.
    fn wrapper(&self, vars: &str) -> PathBuf {
        let path = self.path("wrapper");
        let made = Command::new("sh")
            .arg("-c")
            .arg("printf '#!/bin/sh\\n%s exec \"%s\" \"$@\"\\n' \"$2\" \"$3\" > \"$1\" && chmod 755 \"$1\"")
            .arg("sh")
            .args([&path, &PathBuf::from(vars), &self.path("istioctl-1.28.1")])
            .status();
        assert!(made.is_ok_and(|status| status.success()));
        path
    }
}

async fn named(path: &Path) -> Istioctl {
    let args = IstioctlArgs {
        istioctl: Some(path.to_owned()),
        parity: Parity::Exact,
    };
    let wanted = Version::parse("1.28.1").expect("a version");
    let seen = search(&args, &Places::default(), &wanted)
        .await
        .expect("asked");
    seen.into_found().expect("fits").binary
}

fn standin(bin: &Bin, case: &Case) -> Command {
    let mut command = Command::new(bin.path(&format!("istioctl-{}", case.version)));
    command
        .args(&case.args)
        .args([
            "--kubeconfig",
            "/nonexistent",
            "--istioNamespace=istio-system",
        ])
        .env_remove("KUBECONFIG")
        .env("MESH_STANDIN_CASE", &case.name)
        // Says it all and needs no cluster; what it changes there is for the cluster tests.
        .env("MESH_STANDIN_FAULT", "nothing")
        .stdin(Stdio::null());
    command
}

#[test]
fn every_recorded_call_is_replayed() {
    let bin = Bin::new(&["istioctl-1.20.8", "istioctl-1.26.1", "istioctl-1.28.1"]);
    let mut replayed = 0;
    for case in ["tag-", "version-", "unknown-"].into_iter().flat_map(cases) {
        if case.exit.is_none() {
            continue;
        }
        let output = standin(&bin, &case).output().expect("runs");
        assert_eq!(
            String::from_utf8_lossy(&output.stderr),
            case.stderr,
            "{case}"
        );
        assert_eq!(
            String::from_utf8_lossy(&output.stdout),
            case.stdout,
            "{case}"
        );
        assert_eq!(output.status.code(), case.exit, "{case}");
        replayed += 1;
    }
    assert!(replayed > 250, "{replayed} calls");
}

#[test]
fn a_recorded_hang_hangs() {
    use std::io::{BufRead, BufReader};
    let bin = Bin::new(&["istioctl-1.28.1"]);
    for case in cases("version-json-unreachable-cluster")
        .into_iter()
        .filter(|case| case.exit.is_none())
    {
        let mut child = standin(&bin, &case)
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("runs");
        let mut lines = BufReader::new(child.stdout.take().expect("piped")).lines();
        for recorded in case.stdout.lines() {
            assert_eq!(lines.next().expect("a line").expect("text"), recorded);
        }
        assert_eq!(child.try_wait().expect("asked"), None, "still there");
        child.kill().expect("killed");
        child.wait().expect("reaped");
    }
}

#[tokio::test]
async fn the_stand_in_is_found_by_its_name() {
    let bin = Bin::new(&[
        "istioctl",
        "istioctl-1.20.8",
        "istioctl-1.26.1",
        "istioctl-1.27.3-solo",
    ]);
    for (wanted, name) in [
        ("1.28.1", "istioctl"),
        ("1.26.1-distroless", "istioctl-1.26.1"),
        ("1.20.8", "istioctl-1.20.8"),
        ("1.27.3", "istioctl-1.27.3-solo"),
    ] {
        let wanted = Version::parse(wanted).expect("a version");
        let seen = search(&IstioctlArgs::default(), &bin.places(), &wanted)
            .await
            .expect("searched");
        let found = seen
            .into_found()
            .unwrap_or_else(|e| panic!("{wanted}: {e}"));
        assert_eq!(found.binary.path(), bin.path(name));
    }
    let wanted = Version::parse("1.28.2").expect("a version");
    let seen = search(&IstioctlArgs::default(), &bin.places(), &wanted)
        .await
        .expect("searched");
    assert!(seen.chosen().is_none());
    assert_eq!(seen.candidates.len(), 4);
}

#[tokio::test]
async fn a_run_hands_over_the_connection_and_nothing_else() {
    let bin = Bin::new(&["istioctl-1.28.1"]);
    let log = bin.path("log");
    let path = bin.wrapper(&format!("MESH_STANDIN_LOG='{}'", log.display()));
    let kubeconfig = bin.path("kubeconfig");
    let text = "{apiVersion: v1, kind: Config, current-context: only, contexts: [{name: only, context: {cluster: c, user: u}}], clusters: [{name: c, cluster: {server: 'https://127.0.0.1:1'}}], users: [{name: u, user: {}}]}";
    std::fs::write(&kubeconfig, text).expect("written");
    let target = Target {
        kubeconfig: &kubeconfig,
        istio_namespace: "mesh-system",
    };
    let istioctl = named(&path).await;
    let output = istioctl
        .run(
            target,
            &["tag", "list", "-o", "json"],
            Duration::from_secs(60),
            std::future::pending(),
        )
        .await
        .expect("runs");
    assert_eq!(output.code, Some(0), "{}", output.stderr.text);
    assert_eq!(output.argv, ["tag", "list", "-o", "json"]);

    let log = std::fs::read_to_string(log).expect("a log");
    let events: Vec<serde_json::Value> = log
        .lines()
        .map(|line| serde_json::from_str(line).expect("JSON"))
        .collect();
    let call = events
        .iter()
        .rfind(|event| event["event"] == "start")
        .expect("a call");
    assert_eq!(call["context"], "only");
    assert_eq!(call["server"], "https://127.0.0.1:1");
    assert_eq!(call["istioNamespace"], "mesh-system");
    assert_eq!(
        call["env"]["KUBECONFIG"],
        kubeconfig.to_string_lossy().as_ref()
    );
    let config = call["env"]["ISTIOCONFIG"].as_str().expect("set");
    assert!(
        !Path::new(config).exists(),
        "the empty defaults file is gone"
    );
    assert!(
        call["env"]
            .as_object()
            .expect("a map")
            .keys()
            .all(|key| !key.starts_with("ISTIOCTL_"))
    );
}

#[tokio::test]
async fn garbage_is_bounded_and_claims_nothing() {
    let bin = Bin::new(&["istioctl-1.28.1"]);
    let istioctl = named(&bin.wrapper("MESH_STANDIN_FAULT=garbage")).await;
    let set = TagSet::new("stable", "1-28-1").expect("names").overwrite();
    let target = Target {
        kubeconfig: Path::new("/nonexistent"),
        istio_namespace: "istio-system",
    };
    let output = istioctl
        .run(
            target,
            &set.argv(),
            Duration::from_secs(60),
            std::future::pending(),
        )
        .await
        .expect("runs");
    assert!(output.stdout.dropped > 0 && output.stderr.dropped > 0);
    let Claim::Unclear { said } = set.claim(&output) else {
        panic!("noise claims nothing");
    };
    assert!(
        said.len() < 2000 && !said.contains(char::is_control),
        "{said:?}"
    );
}

/// What `lint` asks, through the stand-in, of each recorded set of objects.
#[tokio::test]
async fn offline_analysis_of_recorded_objects_is_told_with_its_doubts() {
    let bin = Bin::new(&["istioctl-1.28.1"]);
    let args = IstioctlArgs {
        istioctl: Some(bin.path("istioctl-1.28.1")),
        parity: Parity::Exact,
    };
    let global = mesh_common::ctx::GlobalArgs::default();
    let printer = mesh_common::output::Printer::for_test(None, false, false);
    let ctx = mesh_common::Ctx::with_printer("kubectl mesh-audit-policy", global, printer);
    let versions = ["1.28.1".to_owned()];
    for (name, codes, doubt) in [
        ("clean", &[][..], None),
        ("findings", &["IST0106", "IST0106", "IST0133"], None),
        (
            "unread",
            &[],
            Some("it did not read everything: Error(s) adding files"),
        ),
    ] {
        let case = cases(&format!("offline-analyze-{name}")).remove(0);
        // The name of the file is not what it is known by.
        let file = bin.path("of-somebody.yaml");
        std::fs::copy(case.dir().join("objects.yaml"), &file).expect("copied");
        let (who, answer) = offline::analyze(&ctx, &args, &versions, "istio-system", &file)
            .await
            .expect("answered");
        assert_eq!(who, "istioctl 1.28.1");
        let said: Vec<_> = answer.messages.iter().map(|m| m.code.as_str()).collect();
        assert_eq!(said, codes, "{case}");
        match (doubt, answer.doubt) {
            (None, None) => {}
            (Some(want), Some(got)) => assert!(got.starts_with(want), "{case}: {got}"),
            other => panic!("{case}: {other:?}"),
        }
    }
    // Of other objects nothing was recorded: no answer, and not an empty one.
    let file = bin.path("of-nobody.yaml");
    std::fs::write(&file, "kind: AuthorizationPolicy\n").expect("written");
    let answer = offline::analyze(&ctx, &args, &versions, "istio-system", &file).await;
    assert!(
        matches!(answer, Err(offline::Silent::Failed(..))),
        "{answer:?}"
    );
}

#[test]
fn what_was_not_recorded_is_said() {
    let bin = Bin::new(&["istioctl"]);
    for (args, code, start) in [
        (&["analyze"][..], 70, "istioctl stand-in: no recording of"),
        (
            &["tag", "set", "prod", "--revision", "1-28-1"],
            1,
            "Error: no kubeconfig",
        ),
    ] {
        let output = Command::new(bin.path("istioctl"))
            .args(args)
            .env_remove("KUBECONFIG")
            .output()
            .expect("runs");
        assert_eq!(output.status.code(), Some(code));
        assert!(String::from_utf8_lossy(&output.stderr).starts_with(start));
    }
}
