//! A child process of the fixture: its log in a file, stopped by its id when the handle goes.

use std::{
    fs::File,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::OnceLock,
};

use rustix::process::{Pid, Signal, kill_process};

use crate::{Result, runtime};

/// One running peer.
#[derive(Debug)]
pub(crate) struct Peer {
    name: String,
    child: Child,
    log: PathBuf,
}

impl Peer {
    /// Starts it with its output in `<dir>/<name>.log`.
    pub(crate) fn start(binary: &Path, args: &[String], dir: &Path) -> Result<Self> {
        let name = binary
            .file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        let log = dir.join(format!("{name}.log"));
        let out = File::create(&log)?;
        let mut command = bound(binary);
        command
            .args(args)
            .current_dir(dir)
            .stdin(Stdio::null())
            .stdout(out.try_clone()?)
            .stderr(out);
        // Started by the one thread that lives as long as this process: "parent" in a parent-death signal is a thread.
        let child = runtime::run(async move { command.spawn() })
            .map_err(|e| format!("{}: {e}", binary.display()))?;
        Ok(Self { name, child, log })
    }

    /// Fails with the end of its log if it has ended.
    pub(crate) fn check(&mut self) -> Result<()> {
        match self.child.try_wait()? {
            None => Ok(()),
            Some(status) => Err(format!("{} ended: {status}\n{}", self.name, self.tail()).into()),
        }
    }

    /// The last lines of its log.
    pub(crate) fn tail(&self) -> String {
        let text = std::fs::read(&self.log).unwrap_or_default();
        let text = String::from_utf8_lossy(&text);
        let lines: Vec<&str> = text.lines().collect();
        lines[lines.len().saturating_sub(25)..].join("\n")
    }

    /// Holds it still, or lets it go on.
    pub(crate) fn pause(&self, still: bool) {
        let signal = if still { Signal::STOP } else { Signal::CONT };
        if let Some(pid) = Pid::from_raw(self.child.id().cast_signed()) {
            // One that has ended already needs no signal.
            let _gone = kill_process(pid, signal);
        }
    }

    /// Kills it and waits for its end.
    pub(crate) fn stop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

impl Drop for Peer {
    fn drop(&mut self) {
        self.stop();
    }
}

/// The command, made to die with this process where util-linux can arrange that: a test binary may be killed, and
/// what it shares in a static is never dropped.
fn bound(binary: &Path) -> Command {
    static SETPRIV: OnceLock<bool> = OnceLock::new();
    let found = SETPRIV.get_or_init(|| {
        let asked = Command::new("setpriv")
            .arg("--version")
            .stdout(Stdio::null())
            .status();
        asked.is_ok_and(|s| s.success())
    });
    if !found {
        return Command::new(binary);
    }
    let mut command = Command::new("setpriv");
    command.args(["--pdeathsig", "KILL", "--"]).arg(binary);
    command
}

/// A port nobody listens on now, asked from the kernel.
pub(crate) fn free_port() -> Result<u16> {
    Ok(std::net::TcpListener::bind(("127.0.0.1", 0))?
        .local_addr()?
        .port())
}
