//! Running the tests: everything is built first, then run where no packet can leave the machine.

use std::{
    path::{Path, PathBuf},
    process::{Command, ExitCode},
};

use mesh_testkit::{envoy::ENV as ENVOY, netns, peers::ENV as PEERS, skip};

use crate::{Result, envoy, package, peers};

/// Tells the packaging tests where the archives are.
const PACKAGE: &str = "MESH_PACKAGE";

/// Which archives are tested, and by what.
#[derive(Debug, clap::Args)]
pub(crate) struct KrewArgs {
    /// A directory of `cargo xtask package` [default: the tests' own binaries, packed now]
    #[arg(long, value_name = "DIR")]
    package: Option<PathBuf>,

    /// Passed on to the test binary: a filter, `--nocapture`
    #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
    args: Vec<String>,
}

/// All tests.
pub(crate) fn test(args: &[String]) -> Result<ExitCode> {
    let peers = peers_or_skip()?;
    cargo(&["build", "--workspace", "--bins"])?;
    cargo(&["test", "--workspace", "--no-run"])?;
    let package = package::as_tested()?;
    let mut all = vec!["test", "--workspace", "--no-fail-fast"];
    all.extend(args.iter().map(String::as_str));
    inside(peers.as_deref(), Some(&package), &all)
}

/// The packaging tests.
pub(crate) fn krew(args: &KrewArgs) -> Result<ExitCode> {
    let peers = peers_or_skip()?;
    let krew = ["test", "--package", "mesh-testkit", "--test", "krew"];
    cargo(&[&krew[..], &["--no-run"]].concat())?;
    let package = match &args.package {
        Some(typed) => typed.canonicalize().map_err(|e| {
            let typed = typed.display();
            format!("{typed}: {e}; cargo xtask package makes one")
        })?,
        None => package::as_tested()?,
    };
    let mut all = krew.to_vec();
    all.push("--");
    all.extend(args.args.iter().map(String::as_str));
    inside(peers.as_deref(), Some(&package), &all)
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
    inside(peers.as_deref(), None, &all)
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

fn inside(peers: Option<&Path>, package: Option<&Path>, args: &[&str]) -> Result<ExitCode> {
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
    match envoy::ensure() {
        Ok(envoy) => {
            command.env(ENVOY, envoy);
        }
        Err(e) if skip::required() => return Err(e),
        Err(e) => loud(&format!("tests with a real Envoy: {e}")),
    }
    if let Some(package) = package {
        command.env(PACKAGE, package);
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

pub(crate) fn cargo_path() -> PathBuf {
    std::env::var_os("CARGO").map_or_else(|| "cargo".into(), PathBuf::from)
}

fn loud(what: &str) {
    eprintln!("\n########## SKIPPED: {what}\n");
}

/// The root of the workspace.
pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}
