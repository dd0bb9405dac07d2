use std::path::{Path, PathBuf};
use std::time::Duration;

use super::{FoundBy, Places, Search, ask_version, search};
use crate::error::Kind;
use crate::istioctl::{Istioctl, IstioctlArgs, Parity, Version};

/// A directory for PATH, a store, and scripts in them that answer like istioctl.
struct Sandbox {
    dir: tempfile::TempDir,
}

impl Sandbox {
    fn new() -> Self {
        Self {
            dir: tempfile::tempdir().expect("a directory"),
        }
    }

    fn root(&self) -> &Path {
        self.dir.path()
    }

    /// Writes a script through a child: a file this process had open for writing could be "busy" when run.
    fn script(&self, name: &str, body: &str) -> PathBuf {
        let path = self.root().join(name);
        let made = std::process::Command::new("sh")
            .arg("-c")
            .arg("mkdir -p \"$(dirname \"$1\")\" && printf '#!/bin/sh\\n%s\\n' \"$2\" > \"$1\" && chmod 755 \"$1\"")
            .args(["sh", &path.to_string_lossy(), body])
            .status();
        assert!(made.is_ok_and(|status| status.success()));
        path
    }

    fn istioctl(&self, name: &str, version: &str) -> PathBuf {
        let json = serde_json::json!({"clientVersion": {"version": version, "tag": version}});
        self.script(
            name,
            &format!("echo 'a log line'; echo '{json}'; echo \"$@\" > \"$0.asked\""),
        )
    }

    fn pin(&self, version: &str, digest: Option<&str>) -> PathBuf {
        let path = self.istioctl(&format!("store/{version}/istioctl"), version);
        let sums = std::process::Command::new("sha256sum").arg(&path).output();
        let right = String::from_utf8(sums.expect("sha256sum").stdout).expect("text");
        let digest = digest.unwrap_or(&right);
        std::fs::write(path.with_file_name("istioctl.sha256"), digest).expect("written");
        path
    }

    fn places(&self, dirs: &[&str]) -> Places {
        let dirs = dirs.iter().map(|dir| self.root().join(dir));
        Places {
            env: None,
            store: Some(self.root().join("store")),
            path: Some(std::env::join_paths(dirs).expect("a PATH")),
        }
    }
}

async fn look(places: &Places, parity: Parity, wanted: &str) -> Search {
    let args = IstioctlArgs {
        istioctl: None,
        parity,
    };
    let wanted = Version::parse(wanted).expect("a version");
    search(&args, places, &wanted).await.expect("a search")
}

fn order(search: &Search, sandbox: &Sandbox) -> Vec<String> {
    let strip = |path: &Path| {
        let path = path.strip_prefix(sandbox.root()).unwrap_or(path);
        path.to_string_lossy().into_owned()
    };
    search.candidates.iter().map(|c| strip(&c.path)).collect()
}

#[tokio::test]
async fn candidates_come_in_order_and_once() {
    let sandbox = Sandbox::new();
    sandbox.pin("1.27.0", None);
    sandbox.istioctl("a/istioctl", "1.26.1");
    sandbox.istioctl("a/istioctl-1.25.0", "1.25.0");
    sandbox.istioctl("a/istioctl-helper", "1.28.1");
    sandbox.istioctl("b/istioctl", "1.24.0");
    let link = |to: &str, at: &str| {
        std::os::unix::fs::symlink(sandbox.root().join(to), sandbox.root().join(at))
            .expect("a link");
    };
    link("b/istioctl", "b/istioctl-1.28.1");
    link("a", "a-again");
    std::fs::write(sandbox.root().join("b/istioctl-1.28.2"), "not executable").expect("written");
    let seen = look(
        &sandbox.places(&["a", "b", "a-again", "missing"]),
        Parity::Exact,
        "1.28.1",
    )
    .await;
    assert_eq!(
        order(&seen, &sandbox),
        [
            "store/1.27.0/istioctl",
            "b/istioctl-1.28.1",
            "a/istioctl",
            "b/istioctl",
            "a/istioctl-1.25.0"
        ]
    );
    assert!(seen.chosen().is_none());
    assert!(!sandbox.root().join("store/1.27.0/istioctl.asked").exists());
    let asked = std::fs::read_to_string(sandbox.root().join("b/istioctl.asked")).expect("asked");
    assert_eq!(asked.trim(), "version --remote=false -o json");
}

#[tokio::test]
async fn the_pinned_one_wins_when_its_digest_is_right() {
    let sandbox = Sandbox::new();
    sandbox.pin("1.28.1", None);
    sandbox.istioctl("a/istioctl", "1.28.1");
    let seen = look(&sandbox.places(&["a"]), Parity::Exact, "1.28.1-distroless").await;
    let found = seen.into_found().expect("found");
    assert_eq!(found.binary.found_by(), FoundBy::Store);
    assert_eq!(found.binary.version().to_string(), "1.28.1");
    assert_eq!(found.candidates.len(), 1, "nothing after it is listed");
}

#[tokio::test]
async fn a_pinned_one_with_a_wrong_or_missing_digest_is_passed_over_and_said() {
    let sandbox = Sandbox::new();
    sandbox.pin("1.28.1", Some(&"0".repeat(64)));
    sandbox.pin("1.28.1-solo", Some("garbage"));
    sandbox.istioctl("store/1.28.1-bare/istioctl", "1.28.1");
    sandbox.istioctl("a/istioctl", "1.28.1-solo");
    let seen = look(&sandbox.places(&["a"]), Parity::Exact, "1.28.1").await;
    assert_eq!(seen.chosen().map(Istioctl::found_by), Some(FoundBy::Path));
    let why: Vec<_> = seen
        .candidates
        .iter()
        .filter_map(|c| c.version.as_ref().err())
        .collect();
    assert_eq!(why.len(), 3, "{why:?}");
    assert!(why.iter().all(|why| why.contains("sha256")), "{why:?}");
    assert!(!sandbox.root().join("store/1.28.1/istioctl.asked").exists());
}

#[tokio::test]
async fn parity_decides() {
    let sandbox = Sandbox::new();
    sandbox.istioctl("a/istioctl-1.28.3", "1.28.3");
    sandbox.istioctl("a/istioctl", "1.26.1");
    let places = sandbox.places(&["a"]);
    let exact = look(&places, Parity::Exact, "1.28.1").await;
    let error = exact.into_found().expect_err("no match");
    assert_eq!(error.kind(), Kind::Refused);
    assert!(error.to_string().contains("istiod runs 1.28.1"), "{error}");
    assert!(
        error
            .hints()
            .iter()
            .any(|hint| hint.ends_with("\nkubectl mesh-istioctl install 1.28.1"))
    );
    assert!(
        error
            .hints()
            .iter()
            .any(|hint| hint.contains("--parity=minor"))
    );
    let table = error.hints()[0].clone();
    assert_eq!(table.lines().count(), 3, "{table}");
    assert!(
        table.contains("1.28.3") && table.contains("1.26.1"),
        "{table}"
    );

    let minor = look(&places, Parity::Minor, "1.28.1").await;
    assert_eq!(
        minor.chosen().map(|b| b.version().release()),
        Some("1.28.3".into())
    );
    let off = look(&places, Parity::Off, "1.20.0").await;
    assert!(off.chosen().is_some());
}

#[tokio::test]
async fn none_at_all_is_its_own_error() {
    let sandbox = Sandbox::new();
    let seen = look(&sandbox.places(&["a"]), Parity::Exact, "1.28.1").await;
    assert_eq!(seen.into_found().expect_err("none").kind(), Kind::Istioctl);
}

#[tokio::test]
async fn the_named_one_is_never_replaced() {
    let sandbox = Sandbox::new();
    sandbox.istioctl("a/istioctl", "1.28.1");
    let old = sandbox.istioctl("old", "1.26.1");
    let mut places = sandbox.places(&["a"]);
    let wanted = Version::parse("1.28.1").expect("a version");
    let named = |path: &Path| IstioctlArgs {
        istioctl: Some(path.to_owned()),
        parity: Parity::Exact,
    };

    let error = search(&named(&old), &places, &wanted)
        .await
        .expect("asked")
        .into_found();
    let error = error.expect_err("does not fit");
    assert_eq!(error.kind(), Kind::Refused);
    assert!(
        error.to_string().contains("--istioctl is 1.26.1"),
        "{error}"
    );

    places.env = Some(old.clone().into_os_string());
    let error = search(&named(&old), &places, &wanted)
        .await
        .expect("asked")
        .into_found();
    assert!(
        error
            .expect_err("no")
            .to_string()
            .contains("$MESH_ISTIOCTL is 1.26.1")
    );

    std::fs::write(sandbox.root().join("plain"), "x").expect("written");
    for (name, why) in [
        ("gone", "does not exist"),
        ("plain", "is not executable"),
        ("a", "is a directory"),
    ] {
        let error = search(&named(&sandbox.root().join(name)), &places, &wanted).await;
        let error = error.expect_err("an error");
        assert_eq!(error.kind(), Kind::Istioctl);
        assert!(error.to_string().contains(why), "{error}");
    }
}

#[tokio::test]
async fn a_candidate_that_cannot_answer_says_why() {
    let sandbox = Sandbox::new();
    let quick = Duration::from_millis(300);
    let long = Duration::from_secs(60);
    for (body, deadline, why) in [
        ("exec sleep 1000", quick, "did not answer"),
        ("echo hello; exit 3", long, "exit 3: hello"),
        ("echo '{}'", long, "no version answer"),
        (
            "echo '{\"clientVersion\": {\"version\": \"unknown\"}}'",
            long,
            "no version answer",
        ),
        ("kill -9 $$", long, "signal 9"),
        (
            "head -c 10000000 /dev/zero | tr '\\0' '['",
            long,
            "no version answer",
        ),
    ] {
        let path = sandbox.script("x", body);
        let error = ask_version(&path, deadline).await.expect_err(body);
        assert!(error.contains(why), "{body}: {error}");
        assert!(error.len() < 1000);
    }
    let path = sandbox.root().join("binary");
    let made = std::process::Command::new("sh")
        .arg("-c")
        .arg("printf '\\177ELFnonsense' > \"$1\" && chmod 755 \"$1\"")
        .args(["sh", &path.to_string_lossy()])
        .status();
    assert!(made.is_ok());
    let error = ask_version(&path, long).await.expect_err("no program");
    assert!(error.contains("cannot be run"), "{error}");
}

#[tokio::test]
async fn relative_directories_of_path_are_left_out() {
    let places = Places {
        env: None,
        store: None,
        path: Some(".:bin:".into()),
    };
    let wanted = Version::parse("1.28.1").expect("a version");
    assert!(places.candidates(Parity::Off, &wanted, 10).is_empty());
}
