//! Running the tests: everything is built first, then run where no packet can leave the machine.

use std::{
    path::{Path, PathBuf},
    process::{Command, ExitCode},
};

use mesh_testkit::{netns, peers::ENV as PEERS, skip};

use crate::{Result, peers};

/// All tests.
pub(crate) fn test(args: &[String]) -> Result<ExitCode> {
    let peers = peers_or_skip()?;
    cargo(&["build", "--workspace", "--bins"])?;
    cargo(&["test", "--workspace", "--no-run"])?;
    let mut all = vec!["test", "--workspace", "--no-fail-fast"];
    all.extend(args.iter().map(String::as_str));
    inside(peers.as_deref(), &all)
}

/// The cluster tests, and those in shells.
pub(crate) fn e2e(args: &[String]) -> Result<ExitCode> {
    let peers = peers_or_skip()?;
    cargo(&["build", "--workspace", "--bins"])?;
    let cluster = [
        "test",
        "--package",
        "mesh-testkit",
        "--test",
        "cluster",
        "--test",
        "shells",
        "--no-fail-fast",
    ];
    cargo(&[&cluster[..], &["--no-run"]].concat())?;
    let mut all = cluster.to_vec();
    all.push("--");
    all.extend(args.iter().map(String::as_str));
    inside(peers.as_deref(), &all)
}

/// The peers, or none and a loud word about it where they cannot be built and need not be.
fn peers_or_skip() -> Result<Option<PathBuf>> {
    match peers::ensure() {
        Ok(dir) => Ok(Some(dir)),
        Err(e) if skip::required() => Err(e),
        Err(e) => {
            loud(&format!(
                "cluster tests, for the control plane could not be built: {e}"
            ));
            Ok(None)
        }
    }
}

fn inside(peers: Option<&Path>, args: &[&str]) -> Result<ExitCode> {
    // Whatever a killed test leaves behind goes with this directory.
    let tmp = tempfile::Builder::new().prefix("mesh-test-").tempdir()?;
    let mut command = match netns::command(cargo_path()) {
        Ok(command) => command,
        Err(e) if skip::required() => return Err(e),
        Err(e) => {
            loud(&format!("cluster tests: {e}"));
            Command::new(cargo_path())
        }
    };
    if let Some(peers) = peers {
        command.env(PEERS, peers);
    }
    // No network in there: cargo must not want to ask for anything.
    let status = command
        .args(args)
        .current_dir(root())
        .env("CARGO_NET_OFFLINE", "true")
        .env("TMPDIR", tmp.path())
        .status()?;
    Ok(if status.success() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

pub(crate) fn cargo(args: &[&str]) -> Result<()> {
    let status = Command::new(cargo_path())
        .args(args)
        .current_dir(root())
        .status()?;
    if status.success() {
        Ok(())
    } else {
        Err(format!("cargo {}: {status}", args.join(" ")).into())
    }
}

fn cargo_path() -> PathBuf {
    std::env::var_os("CARGO").map_or_else(|| "cargo".into(), PathBuf::from)
}

fn loud(what: &str) {
    eprintln!("\n########## SKIPPED: {what}\n");
}

/// The root of the workspace.
pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}
