//! Runs istioctl: argv only, nothing on stdin, bounded output, a deadline always, and nothing left behind.

use std::ffi::{OsStr, OsString};
use std::future::Future;
use std::path::Path;
use std::process::{ExitStatus, Stdio};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use serde::Serialize;
use tokio::io::{AsyncRead, AsyncReadExt};
use tokio::process::{Child, Command};
use tokio::task::JoinHandle;
use tokio::time::timeout;

use super::Istioctl;
use crate::error::{Error, Kind, Result};
use crate::output::clean;

/// How much of stdout and of stderr is kept where nobody asks for more; the rest is read, counted and dropped, so that the child never blocks.
pub const KEPT: usize = 1024 * 1024;

/// How long a run may take, and how much of what it says is kept.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// When it is stopped.
    pub deadline: Duration,
    /// Bytes kept of each stream.
    pub kept: usize,
}

impl From<Duration> for Limits {
    /// This deadline, and [`KEPT`].
    fn from(deadline: Duration) -> Self {
        Self {
            deadline,
            kept: KEPT,
        }
    }
}

/// How long istioctl has between SIGINT and SIGKILL.
const GRACE: Duration = Duration::from_secs(2);

/// How long a pipe may stay open after the child is gone: a wrapper script's own child can hold it.
const DRAIN: Duration = Duration::from_secs(1);

/// The one cluster a child may talk to.
#[derive(Clone, Copy, Debug)]
pub struct Target<'a> {
    /// A kubeconfig of exactly the resolved connection.
    pub kubeconfig: &'a Path,
    /// The namespace istiod lives in.
    pub istio_namespace: &'a str,
}

/// How a run ended and what it said. Hostile text: clean it before it reaches a terminal.
#[derive(Clone, Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Output {
    /// The arguments, without the connection's flags.
    pub argv: Vec<String>,
    /// The exit code; `None` when a signal ended it.
    pub code: Option<i32>,
    /// The signal that ended it.
    pub signal: Option<i32>,
    /// Standard output.
    pub stdout: Captured,
    /// Standard error.
    pub stderr: Captured,
    /// It was stopped at its deadline.
    pub timed_out: bool,
    /// It was stopped by Ctrl-C, ours or its own.
    pub cancelled: bool,
    /// From start to reaped.
    #[serde(skip)]
    pub elapsed: Duration,
}

/// One stream, bounded.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Captured {
    /// The first bytes, as many as are [kept](Limits::kept); what is not UTF-8 is replaced.
    pub text: String,
    /// How many bytes came after that.
    pub dropped: u64,
}

impl From<&str> for Captured {
    fn from(text: &str) -> Self {
        Self {
            text: text.to_owned(),
            dropped: 0,
        }
    }
}

impl Istioctl {
    /// Runs `istioctl <argv>` against one cluster and returns how it ended, whatever the exit code.
    ///
    /// `cancelled` is a future that ends on Ctrl-C (`std::future::pending()` for none). At the deadline and on Ctrl-C the
    /// child gets SIGINT, two seconds, then SIGKILL, and is reaped; it also shares our process group, so a Ctrl-C typed at
    /// a terminal reaches it by itself. Dropping the returned future kills it at once.
    ///
    /// The connection goes in as flags, which beat istioctl's own defaults. `ISTIOCTL_*` and `ISTIOCONFIG` are removed and
    /// `ISTIOCONFIG` is set to an empty file, because the defaults in `$HOME/.istioctl/config.yaml` can replace whole
    /// commands (`prefer-experimental`, `istioctl/cmd/root.go`: `ConfigAndEnvProcessing`, `GetRootCmd`). HOME stays: exec
    /// credential plugins need it.
    ///
    /// Fails only when the child cannot be started.
    pub async fn run(
        &self,
        target: Target<'_>,
        argv: &[&str],
        limits: impl Into<Limits>,
        cancelled: impl Future<Output = ()>,
    ) -> Result<Output> {
        let mut output = execute(
            &self.path,
            &full_argv(target, argv),
            Some(target.kubeconfig),
            limits,
            cancelled,
        )
        .await?;
        output.argv = argv.iter().map(|&arg| arg.to_owned()).collect();
        Ok(output)
    }
}

impl Istioctl {
    /// Runs `istioctl <argv>` against one cluster in our place: its input and output are ours, and no deadline is set. Returns the
    /// code to end with; 128 and its number after a signal, as shells have it.
    ///
    /// Ctrl-C reaches the child by itself, which shares our process group; the caller [holds](crate::ctx::Interrupt::hold)
    /// it off for us, so that the temporary kubeconfig is removed after the child. The connection's flags come before
    /// `argv`, where a `--` in it cannot make words of them.
    ///
    /// # Errors
    /// The child cannot be started.
    pub async fn pass_through(&self, target: Target<'_>, argv: &[OsString]) -> Result<u8> {
        let defaults = no_defaults()?;
        let mut command = isolated(&self.path, defaults.path(), Some(target.kubeconfig));
        let mut kubeconfig = OsString::from("--kubeconfig=");
        kubeconfig.push(target.kubeconfig);
        let namespace = format!("--istioNamespace={}", target.istio_namespace);
        command.args([kubeconfig, namespace.into()]).args(argv);
        let lost = |what: &str, e| {
            let path = clean(&self.path.to_string_lossy(), 200);
            Error::new(Kind::Istioctl, format!("{what} {path}")).caused_by(e)
        };
        let mut child = command.spawn().map_err(|e| lost("cannot run", e))?;
        let status = child.wait().await.map_err(|e| lost("lost track of", e))?;
        let code = status
            .code()
            .or_else(|| signal_of(status).map(|signal| 128 + signal));
        Ok(code.and_then(|code| u8::try_from(code).ok()).unwrap_or(1))
    }
}

/// The arguments with the connection's flags after them: cobra takes persistent flags anywhere.
fn full_argv(target: Target<'_>, argv: &[&str]) -> Vec<OsString> {
    let mut full: Vec<OsString> = argv.iter().map(OsString::from).collect();
    full.extend([
        "--kubeconfig".into(),
        target.kubeconfig.into(),
        "--istioNamespace".into(),
        target.istio_namespace.into(),
    ]);
    full
}

/// Whether a variable of ours must not reach istioctl.
fn is_istioctl_setting(name: &OsStr) -> bool {
    let name = name.to_string_lossy().to_ascii_uppercase();
    name.starts_with("ISTIOCTL_") || name == "ISTIOCONFIG" || name == "KUBECONFIG"
}

/// An empty file of defaults, with a name that viper can tell the type of; /dev/null it would refuse.
fn no_defaults() -> Result<tempfile::NamedTempFile> {
    tempfile::Builder::new()
        .prefix("kubectl-mesh-")
        .suffix(".yaml")
        .tempfile()
        .map_err(|e| Error::internal("cannot create a temporary file").caused_by(e))
}

/// The program with none of the user's settings of istioctl, and this kubeconfig or none.
fn isolated(program: &Path, defaults: &Path, kubeconfig: Option<&Path>) -> Command {
    let mut command = Command::new(program);
    for (name, _) in std::env::vars_os() {
        if is_istioctl_setting(&name) {
            command.env_remove(name);
        }
    }
    let no_kubeconfig = Path::new(if cfg!(windows) { "NUL" } else { "/dev/null" });
    command
        .env("ISTIOCONFIG", defaults)
        .env("KUBECONFIG", kubeconfig.unwrap_or(no_kubeconfig));
    command
}

/// Starts the program and sees it to its end. Without a kubeconfig it gets none at all, not the user's.
pub(crate) async fn execute(
    program: &Path,
    argv: &[OsString],
    kubeconfig: Option<&Path>,
    limits: impl Into<Limits>,
    cancelled: impl Future<Output = ()>,
) -> Result<Output> {
    let Limits { deadline, kept } = limits.into();
    let defaults = no_defaults()?;
    let mut command = isolated(program, defaults.path(), kubeconfig);
    command
        .args(argv)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .kill_on_drop(true);

    let started = Instant::now();
    let mut child = command.spawn().map_err(|e| {
        Error::new(Kind::Istioctl, format!("cannot run {}", program.display())).caused_by(e)
    })?;
    let stdout = Stream::drain(child.stdout.take(), kept);
    let stderr = Stream::drain(child.stderr.take(), kept);

    let mut output = Output::default();
    let ended = tokio::select! {
        ended = child.wait() => ended,
        () = cancelled => {
            output.cancelled = true;
            stop(&mut child).await
        }
        () = tokio::time::sleep(deadline) => {
            output.timed_out = true;
            stop(&mut child).await
        }
    };
    let status = ended.map_err(|e| {
        Error::new(
            Kind::Istioctl,
            format!("lost track of {}", program.display()),
        )
        .caused_by(e)
    })?;
    (output.stdout, output.stderr) = tokio::join!(stdout.finish(), stderr.finish());
    output.argv = argv
        .iter()
        .map(|arg| arg.to_string_lossy().into_owned())
        .collect();
    output.code = status.code();
    output.signal = signal_of(status);
    output.cancelled |= output.signal == Some(SIGINT) && !output.timed_out;
    output.elapsed = started.elapsed();
    tracing::debug!(argv = ?output.argv, code = ?output.code, signal = ?output.signal, elapsed = ?output.elapsed, "istioctl ended");
    Ok(output)
}

/// SIGINT, a grace, SIGKILL; the status of the reaped child.
async fn stop(child: &mut Child) -> std::io::Result<ExitStatus> {
    interrupt(child);
    if let Ok(ended) = timeout(GRACE, child.wait()).await {
        return ended;
    }
    child.kill().await?;
    child.wait().await
}

const SIGINT: i32 = 2;

#[cfg(unix)]
fn interrupt(child: &Child) {
    use rustix::process::{Pid, Signal, kill_process};
    let pid = child
        .id()
        .and_then(|id| i32::try_from(id).ok())
        .and_then(Pid::from_raw);
    if let Some(pid) = pid {
        // An error means it is gone already, which the wait that follows finds out.
        let _ = kill_process(pid, Signal::INT);
    }
}

#[cfg(not(unix))]
fn interrupt(_child: &Child) {}

#[cfg(unix)]
fn signal_of(status: ExitStatus) -> Option<i32> {
    std::os::unix::process::ExitStatusExt::signal(&status)
}

#[cfg(not(unix))]
fn signal_of(_status: ExitStatus) -> Option<i32> {
    None
}

/// A stream being read to its end in the background.
struct Stream {
    seen: Arc<Mutex<(Vec<u8>, u64)>>,
    task: Option<JoinHandle<()>>,
}

impl Stream {
    fn drain(pipe: Option<impl AsyncRead + Unpin + Send + 'static>, kept: usize) -> Self {
        let seen = Arc::new(Mutex::new((Vec::new(), 0)));
        let task = pipe.map(|mut pipe| {
            let seen = Arc::clone(&seen);
            tokio::spawn(async move {
                let mut buffer = vec![0; 16 * 1024];
                while let Ok(n @ 1..) = pipe.read(&mut buffer).await {
                    let mut seen = seen.lock().unwrap_or_else(PoisonError::into_inner);
                    let keep = n.min(kept - seen.0.len());
                    seen.0.extend_from_slice(&buffer[..keep]);
                    seen.1 += (n - keep) as u64;
                }
            })
        });
        Self { seen, task }
    }

    async fn finish(self) -> Captured {
        if let Some(mut task) = self.task
            && timeout(DRAIN, &mut task).await.is_err()
        {
            task.abort();
        }
        let (kept, dropped) =
            std::mem::take(&mut *self.seen.lock().unwrap_or_else(PoisonError::into_inner));
        Captured {
            text: String::from_utf8_lossy(&kept).into_owned(),
            dropped,
        }
    }
}

#[cfg(all(test, unix))]
mod tests;
