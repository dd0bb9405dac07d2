//! The calls that need no cluster, on real binaries where there are any.

use std::path::PathBuf;
use std::process::{Command, Stdio};

use mesh_common::istioctl::{IstioctlArgs, Parity, Places, search};

use crate::recordings::{Case, cases};

/// `$MESH_E2E_ISTIOCTL_DIR/<version>/istioctl`.
fn binary(case: &Case) -> Option<PathBuf> {
    let dir = std::env::var_os("MESH_E2E_ISTIOCTL_DIR")?;
    let path = PathBuf::from(dir)
        .join(case.version.release())
        .join("istioctl");
    path.exists().then_some(path)
}

/// Takes out the Go release: a distributor's build of the same istioctl has another.
fn without_go(text: &str) -> String {
    let mut parts = text.split("go1.");
    let mut out = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        out.push_str("GO");
        out.push_str(part.trim_start_matches(|c: char| c.is_ascii_digit() || c == '.'));
    }
    out
}

#[test]
fn offline_calls_answer_as_recorded() {
    let offline = ["version-client-", "unknown-", "tag-set-no-revision-flag"];
    for case in offline.into_iter().flat_map(cases) {
        let Some(binary) = binary(&case) else {
            continue;
        };
        let output = Command::new(binary)
            .args(&case.args)
            .env("KUBECONFIG", "/nonexistent")
            .stdin(Stdio::null())
            .output()
            .expect("runs");
        assert_eq!(output.status.code(), case.exit, "{case}");
        assert_eq!(
            without_go(&String::from_utf8_lossy(&output.stdout)),
            without_go(&case.stdout),
            "{case}"
        );
        assert_eq!(
            String::from_utf8_lossy(&output.stderr),
            case.stderr,
            "{case}"
        );
    }
}

/// What it cannot read is left out, and nothing but stderr tells: the exit code is 0 each time.
#[test]
fn offline_analysis_answers_as_recorded() {
    for case in cases("offline-analyze-") {
        let Some(binary) = binary(&case) else {
            continue;
        };
        let output = Command::new(binary)
            .args(&case.args)
            .current_dir(case.dir())
            .env("KUBECONFIG", "/nonexistent")
            .stdin(Stdio::null())
            .output()
            .expect("runs");
        assert_eq!(output.status.code(), case.exit, "{case}");
        // Log lines before the answer have times.
        let answer = |text: &str| {
            text.find("[\n")
                .or(text.find("[]"))
                .map(|at| text[at..].to_owned())
        };
        let stdout = String::from_utf8_lossy(&output.stdout);
        assert_eq!(answer(&stdout), answer(&case.stdout), "{case}");
        let stderr = String::from_utf8_lossy(&output.stderr);
        assert_eq!(stderr, case.stderr, "{case}");
    }
}

#[tokio::test]
async fn a_real_one_is_found_and_matches() {
    for case in cases("version-client-json") {
        let Some(binary) = binary(&case) else {
            continue;
        };
        let args = IstioctlArgs {
            istioctl: Some(binary),
            parity: Parity::Exact,
        };
        let seen = search(&args, &Places::default(), &case.version)
            .await
            .expect("asked");
        assert!(seen.chosen().is_some(), "{:?}", seen.candidates);
    }
}
