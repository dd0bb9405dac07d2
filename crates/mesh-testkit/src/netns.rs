//! The network namespace the fixture lives in: the API server dials pod, Service and webhook addresses for real, and
//! none of those may leave the machine.

use std::{
    ffi::OsStr,
    process::{Command, Stdio},
};

use crate::Result;

/// Set inside.
pub const ENV: &str = "MESH_NETNS";

/// Whether this process runs in such a namespace.
pub fn inside() -> bool {
    std::env::var_os(ENV).is_some()
}

/// A command that runs `program` inside a fresh namespace: loopback up, all of 10.0.0.0/8 local, nothing else reachable.
/// A process namespace comes with it, so that nothing outlives the command, however it ends.
///
/// As root, else as root of a user namespace; an error says why neither is possible here.
pub fn command(program: impl AsRef<OsStr>) -> Result<Command> {
    let mut why = String::new();
    for flags in [
        &["--mount-proc"][..],
        &[],
        &["--map-root-user", "--mount-proc"],
        &["--map-root-user"],
    ] {
        let mut probe = unshare(flags);
        probe.args(["sh", "-c", SETUP]).stdin(Stdio::null());
        match probe.output() {
            Ok(output) if output.status.success() => {
                let mut command = unshare(flags);
                // "$@" after the set-up: the program and whatever arguments the caller adds.
                command
                    .args(["sh", "-c", &format!("{SETUP} && \"$@\""), "sh"])
                    .arg(program);
                command.env(ENV, "1");
                for proxy in ["http_proxy", "https_proxy", "all_proxy", "no_proxy"] {
                    command.env_remove(proxy).env_remove(proxy.to_uppercase());
                }
                return Ok(command);
            }
            Ok(output) => why = String::from_utf8_lossy(&output.stderr).into_owned(),
            Err(e) => why = format!("unshare: {e}"),
        }
    }
    Err(format!("no network namespace can be made here: {}", why.trim()).into())
}

const SETUP: &str = "ip link set lo up && ip addr add 10.0.0.0/8 dev lo";

fn unshare(flags: &[&str]) -> Command {
    let mut command = Command::new("unshare");
    command
        .args(["--net", "--pid", "--fork", "--kill-child"])
        .args(flags)
        .arg("--");
    command
}
