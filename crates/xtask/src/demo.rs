//! A shell on a whole sample mesh: controllers, nodes, injectors, two istioctl stand-ins, and our plugins.

use std::{
    ffi::OsString,
    io::IsTerminal as _,
    path::{Path, PathBuf},
    process::{Command, ExitCode},
};

use mesh_testkit::{Lab, Mesh, Peers, netns, peers::ENV as PEERS};

use crate::{
    Result, peers,
    run::{cargo, root},
};

/// The istioctls of the two revisions in the sample mesh.
const ISTIOCTLS: &[&str] = &["istioctl-1.26.1", "istioctl-1.28.1"];

/// Builds what is needed and goes into the namespace.
pub(crate) fn enter(command: &[String]) -> Result<ExitCode> {
    // Asked now: the build below may put a new file in its place.
    let xtask = std::env::current_exe()?;
    let peers = peers::ensure()?;
    cargo(&["build", "--workspace", "--bins"])?;
    let tmp = tempfile::Builder::new().prefix("mesh-demo-").tempdir()?;
    let status = netns::command(xtask)?
        .arg("demo-inside")
        .arg("--")
        .args(command)
        .env(PEERS, peers)
        .env("TMPDIR", tmp.path())
        .status()?;
    Ok(code(status))
}

/// Inside: starts everything, runs the command, and takes everything down with it.
pub(crate) fn inside(command: &[String]) -> Result<ExitCode> {
    let peers = Peers::from_env().ok_or("this is the inside of `cargo xtask demo`")?;
    let mut lab = Lab::start(&peers, Mesh::sample()?)?;
    lab.plane_mut().start_controllers()?;
    let follower = lab.follow_gateways();

    let tools = lab.dir().join("bin");
    stand_ins(&tools)?;
    let shell = std::env::var("SHELL").unwrap_or_else(|_| "sh".into());
    let (program, args) = match command.split_first() {
        Some((program, args)) => (program.clone(), args),
        None => (shell, &[][..]),
    };
    if command.is_empty() && std::io::stderr().is_terminal() {
        eprintln!("{WELCOME}");
    }
    let status = Command::new(&program)
        .args(args)
        .env("KUBECONFIG", lab.kubeconfig())
        .env("PATH", path(&[&tools, &binaries()?, &peers.bin_dir()])?)
        .env("MESH_DEMO", "1")
        .status()
        .map_err(|e| format!("{program}: {e}"))?;
    drop(follower);
    Ok(code(status))
}

const WELCOME: &str = "\
A sample mesh, two istiods of 1.26.1 (tag stable) and two of 1.28.1 (tag canary); nothing leaves this machine.
Try:  kubectl mesh-tag list
      kubectl mesh-tag promote stable
      kubectl -n payments rollout restart deploy/checkout
exit takes it all down.";

/// `istioctl-<version>` on PATH: the stand-in goes by the name it is called by.
pub(crate) fn stand_ins(dir: &Path) -> Result<()> {
    std::fs::create_dir_all(dir)?;
    let binary = binaries()?.join("istioctl-standin");
    if !binary.exists() {
        eprintln!(
            "xtask: no stand-in istioctl here ({} is not built)",
            binary.display()
        );
        return Ok(());
    }
    for name in ISTIOCTLS {
        std::os::unix::fs::symlink(&binary, dir.join(name))?;
    }
    Ok(())
}

/// Where cargo put our plugins: beside xtask.
pub(crate) fn binaries() -> Result<PathBuf> {
    let exe = std::env::current_exe()?;
    Ok(exe.parent().map_or_else(root, Path::to_path_buf))
}

pub(crate) fn path(first: &[&Path]) -> Result<OsString> {
    let rest = std::env::var_os("PATH").unwrap_or_default();
    let first = first.iter().map(|p| p.to_path_buf());
    Ok(std::env::join_paths(
        first.chain(std::env::split_paths(&rest)),
    )?)
}

pub(crate) fn code(status: std::process::ExitStatus) -> ExitCode {
    let code = status.code().and_then(|c| u8::try_from(c).ok());
    code.map_or(ExitCode::FAILURE, ExitCode::from)
}
