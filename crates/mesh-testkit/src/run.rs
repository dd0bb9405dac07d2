//! Running a built plugin with nothing of the developer's around it: own HOME, PATH, kubeconfig, temporary files.
//!
//! PATH is one directory: the real kubectl, the plugins, and the stand-in istioctl under the names of two versions.

use std::{
    collections::BTreeMap,
    ffi::{OsStr, OsString},
    fmt,
    io::Read,
    os::unix::fs::symlink,
    path::{Path, PathBuf},
    process::{Child, Command, ExitStatus, Stdio},
    sync::mpsc,
    thread,
    time::{Duration, Instant},
};

use rustix::process::{Pid, Signal, kill_process};
use serde_json::Value;

use crate::{Peers, plugin, standin};

mod terminal;

pub use terminal::Terminal;

/// How long one command may take. A test that needs longer is waiting for something that does not come.
const DEADLINE: Duration = Duration::from_secs(120);

/// The names the stand-in goes by.
const ISTIOCTLS: [&str; 2] = ["istioctl-1.26.1", "istioctl-1.28.1"];

/// The plugins that can be typed.
const PLUGINS: [&str; 5] = [
    "kubectl-mesh_audit_policy",
    "kubectl-mesh_tag",
    "kubectl-mesh_backup",
    "kubectl-mesh_istioctl",
    "kubectl-mesh_precheck",
];

/// A sandbox to run plugins in. Its directory goes when it is dropped, and stand-ins that still run with it.
pub struct Plugin {
    name: String,
    env: BTreeMap<OsString, OsString>,
    dir: tempfile::TempDir,
}

/// How a command ended.
#[derive(Clone, PartialEq, Eq)]
pub struct Ran {
    /// What was typed, for a failed assertion.
    pub line: String,
    /// The exit code; `None` when a signal ended it.
    pub code: Option<i32>,
    /// The signal that ended it.
    pub signal: Option<i32>,
    /// Standard output.
    pub stdout: String,
    /// Standard error.
    pub stderr: String,
}

/// A command under way. Killed when dropped without [`Running::finish`].
pub struct Running {
    line: String,
    pid: u32,
    ended: mpsc::Receiver<ExitStatus>,
    stdout: mpsc::Receiver<String>,
    stderr: mpsc::Receiver<String>,
    done: bool,
}

impl Plugin {
    /// A sandbox for `kubectl-mesh_tag` and so on, with this kubeconfig.
    #[track_caller]
    pub fn new(name: &str, kubeconfig: &Path) -> Self {
        Self::try_new(name, kubeconfig).unwrap_or_else(|e| panic!("no sandbox for {name}: {e}"))
    }

    fn try_new(name: &str, kubeconfig: &Path) -> crate::Result<Self> {
        let dir = tempfile::Builder::new().prefix("mesh-run-").tempdir()?;
        let bin = dir.path().join("bin");
        standin::install(&plugin("istioctl-standin"), &bin, &ISTIOCTLS)?;
        for name in PLUGINS {
            symlink(plugin(name), bin.join(name))?;
        }
        if let Some(peers) = Peers::from_env() {
            symlink(peers.bin("kubectl"), bin.join("kubectl"))?;
        }
        let mut env = BTreeMap::new();
        for (name, part) in [
            ("HOME", "home"),
            ("TMPDIR", "tmp"),
            ("XDG_CONFIG_HOME", "home/.config"),
            ("XDG_CACHE_HOME", "home/.cache"),
            ("XDG_DATA_HOME", "home/.local/share"),
            ("XDG_STATE_HOME", "home/.local/state"),
        ] {
            let path = dir.path().join(part);
            std::fs::create_dir_all(&path)?;
            env.insert(name.into(), path.into());
        }
        env.insert("PATH".into(), bin.into());
        env.insert("KUBECONFIG".into(), kubeconfig.into());
        env.insert("MESH_STANDIN_LOG".into(), log(dir.path()).into());
        env.insert("LC_ALL".into(), "C.UTF-8".into());
        env.insert("NO_COLOR".into(), "1".into());
        Ok(Self {
            name: name.to_owned(),
            env,
            dir,
        })
    }

    /// `kubectl-mesh_tag` with this kubeconfig.
    #[track_caller]
    pub fn tag(kubeconfig: &Path) -> Self {
        Self::new("kubectl-mesh_tag", kubeconfig)
    }

    /// Sets a variable.
    #[must_use]
    pub fn env(mut self, name: &str, value: impl Into<OsString>) -> Self {
        self.env.insert(name.into(), value.into());
        self
    }

    /// Makes the stand-in istioctl go wrong ([`standin::fault`]).
    #[must_use]
    pub fn fault(self, fault: &str) -> Self {
        self.env("MESH_STANDIN_FAULT", fault)
    }

    /// The directory that is PATH.
    pub fn bin(&self) -> PathBuf {
        self.dir.path().join("bin")
    }

    /// A directory of its own for a test's files.
    pub fn dir(&self) -> &Path {
        self.dir.path()
    }

    /// Runs to the end; stdin is closed. Arguments are split at blanks.
    #[track_caller]
    pub fn run(&self, line: &str) -> Ran {
        self.spawn(line).finish()
    }

    /// Runs to the end, with arguments that hold blanks.
    #[track_caller]
    pub fn run_args(&self, args: &[&str]) -> Ran {
        self.spawn_args(args).finish()
    }

    /// Starts it; stdin is closed.
    #[track_caller]
    pub fn spawn(&self, line: &str) -> Running {
        self.spawn_args(&line.split_whitespace().collect::<Vec<_>>())
    }

    #[track_caller]
    fn spawn_args(&self, args: &[&str]) -> Running {
        let mut command = self.command(self.bin().join(&self.name));
        command
            .args(args)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        let mut child = command
            .spawn()
            .unwrap_or_else(|e| panic!("{}: {e}", self.name));
        let stdout = drain(child.stdout.take());
        let stderr = drain(child.stderr.take());
        let pid = child.id();
        Running {
            line: format!("{} {}", self.name, args.join(" ")),
            pid,
            ended: wait(child),
            stdout,
            stderr,
            done: false,
        }
    }

    /// A terminal with bash in it, to type commands and answers.
    #[track_caller]
    pub fn terminal(&self) -> Terminal {
        // Its own PATH has no bash in it.
        let path = std::env::var_os("PATH").unwrap_or_default();
        let bash = std::env::split_paths(&path)
            .map(|dir| dir.join("bash"))
            .find(|bash| bash.is_file())
            .expect("the tests need bash");
        Terminal::open(self.command(bash))
    }

    /// A command with this sandbox's environment and nothing else.
    pub fn command(&self, program: impl AsRef<OsStr>) -> Command {
        let mut command = Command::new(program);
        command
            .env_clear()
            .envs(&self.env)
            .current_dir(self.dir.path());
        command
    }

    /// The events of the stand-in so far ([`standin`]): `start`, `waiting`, `applied`, `end`.
    pub fn istioctl_log(&self) -> Vec<Value> {
        let text = std::fs::read_to_string(log(self.dir.path())).unwrap_or_default();
        let whole = text.split_inclusive('\n').filter(|l| l.ends_with('\n'));
        whole
            .filter_map(|line| serde_json::from_str(line).ok())
            .collect()
    }

    /// Runs of the stand-in that changed something, or set out to: their arguments.
    pub fn istioctl_mutations(&self) -> Vec<Vec<String>> {
        self.istioctl_log()
            .iter()
            .filter(|e| e["event"] == "start")
            .filter_map(|e| serde_json::from_value::<Vec<String>>(e["argv"].clone()).ok())
            .filter(|argv| argv.first().is_some_and(|a| a == "tag") && argv[1] != "list")
            .collect()
    }

    /// Waits for an event of the stand-in.
    #[track_caller]
    pub fn istioctl_reaches(&self, event: &str) -> Value {
        let deadline = Instant::now() + DEADLINE;
        loop {
            if let Some(found) = self
                .istioctl_log()
                .into_iter()
                .find(|e| e["event"] == event)
            {
                return found;
            }
            assert!(
                Instant::now() < deadline,
                "istioctl never came to {event}: {:?}",
                self.istioctl_log()
            );
            thread::sleep(Duration::from_millis(5));
        }
    }
}

impl Drop for Plugin {
    fn drop(&mut self) {
        for event in self.istioctl_log() {
            let Some(pid) = event["pid"].as_u64().filter(|_| event["event"] == "start") else {
                continue;
            };
            // Only one that was started from this very directory: the number may be another's by now.
            let line = std::fs::read(format!("/proc/{pid}/cmdline")).unwrap_or_default();
            let line = String::from_utf8_lossy(&line).into_owned();
            if line.starts_with(&*self.bin().to_string_lossy()) {
                signal(u32::try_from(pid).unwrap_or_default(), Signal::KILL);
            }
        }
    }
}

impl Running {
    /// Its process id.
    pub fn pid(&self) -> u32 {
        self.pid
    }

    /// Ctrl-C.
    pub fn interrupt(&self) {
        signal(self.pid, Signal::INT);
    }

    /// `kill -9`.
    pub fn kill(&self) {
        signal(self.pid, Signal::KILL);
    }

    /// Waits for its end; kills it and fails the test if that does not come.
    #[track_caller]
    pub fn finish(mut self) -> Ran {
        let ended = self.ended.recv_timeout(DEADLINE);
        if ended.is_err() {
            self.kill();
        }
        self.done = true;
        let text = |from: &mpsc::Receiver<String>| from.recv_timeout(DEADLINE).unwrap_or_default();
        let status = ended.as_ref().ok();
        let ran = Ran {
            line: std::mem::take(&mut self.line),
            code: status.and_then(std::process::ExitStatus::code),
            signal: status.and_then(std::os::unix::process::ExitStatusExt::signal),
            stdout: text(&self.stdout),
            stderr: text(&self.stderr),
        };
        assert!(ended.is_ok(), "no end after {DEADLINE:?}, killed: {ran:?}");
        ran
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        if !self.done {
            self.kill();
        }
    }
}

impl Ran {
    /// Fails unless it ended with this code.
    #[track_caller]
    pub fn assert_code(&self, code: i32) -> &Self {
        assert_eq!(self.code, Some(code), "{self:?}");
        self
    }

    /// Fails unless stdout or stderr holds this text.
    #[track_caller]
    pub fn says(&self, text: &str) -> &Self {
        let says = self.stdout.contains(text) || self.stderr.contains(text);
        assert!(says, "does not say {text:?}: {self:?}");
        self
    }

    /// Fails if stdout or stderr holds this text.
    #[track_caller]
    pub fn never_says(&self, text: &str) -> &Self {
        let says = self.stdout.contains(text) || self.stderr.contains(text);
        assert!(!says, "says {text:?}: {self:?}");
        self
    }

    /// Standard output as JSON.
    #[track_caller]
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.stdout).unwrap_or_else(|e| panic!("no JSON: {e}: {self:?}"))
    }
}

impl fmt::Debug for Ran {
    /// As a person would have seen it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let ended = match (self.code, self.signal) {
            (Some(code), _) => format!("exit {code}"),
            (None, Some(signal)) => format!("signal {signal}"),
            (None, None) => "no end".to_owned(),
        };
        write!(
            f,
            "`{}` ({ended})\n--- stdout\n{}\n--- stderr\n{}\n---",
            self.line, self.stdout, self.stderr
        )
    }
}

fn log(dir: &Path) -> PathBuf {
    dir.join("istioctl.log")
}

fn signal(pid: u32, signal: Signal) {
    if let Some(pid) = Pid::from_raw(pid.cast_signed()) {
        // One that has ended needs no signal.
        let _gone = kill_process(pid, signal);
    }
}

/// Reads a stream to its end, whatever is in it.
fn drain(stream: Option<impl Read + Send + 'static>) -> mpsc::Receiver<String> {
    let (tx, rx) = mpsc::channel();
    thread::spawn(move || {
        let mut bytes = Vec::new();
        if let Some(mut stream) = stream {
            drop(stream.read_to_end(&mut bytes));
        }
        drop(tx.send(String::from_utf8_lossy(&bytes).into_owned()));
    });
    rx
}

fn wait(mut child: Child) -> mpsc::Receiver<ExitStatus> {
    let (tx, rx) = mpsc::channel();
    thread::spawn(move || {
        if let Ok(status) = child.wait() {
            let _ = tx.send(status);
        }
    });
    rx
}
