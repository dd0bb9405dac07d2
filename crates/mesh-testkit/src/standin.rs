//! A stand-in istioctl: replays what real ones printed, and does to the API server what real ones did.
//!
//! Same arguments (the connection's flags set aside), same stdout, stderr and exit code, from `tests/data/istioctl-recordings`.
//! `tag set` and `tag remove` look at the live cluster, pick the recording of that situation, put the names asked for in the
//! place of the recorded ones, and apply the recorded objects with server-side apply, field manager `istio-ci`, force, in
//! parallel, as istioctl does (`pkg/kube/client.go`: `ApplyYAMLContents`). It never computes a tag list.
//!
//! `x precheck` and `analyze` answer what was recorded on the sample mesh, whatever their cluster: `$MESH_STANDIN_CASE` names
//! other recordings, one of each. `analyze --use-kube=false FILE` answers what was recorded about the same objects. A `--from-version` that was not recorded is answered as the nearest that was, which is
//! said on stderr.
//!
//! The version is in the name it is called by (`istioctl-1.26.1`), else in `$MESH_STANDIN_VERSION`, else 1.28.1. A version
//! nobody recorded answers as the nearest older one, under its own name. Other variables:
//!
//! - `MESH_STANDIN_CASE=a,b`: replay these cases where their command is the one asked for.
//! - `MESH_STANDIN_FAULT`: see [`fault`]. `MESH_STANDIN_FAULT_ON=all`: also for commands that change nothing.
//! - `MESH_STANDIN_LOG`: append one JSON line per event: `start` (argv, environment, server, context), `waiting`, `applied`
//!   (each object, as it is done), `end`.
//! - `MESH_STANDIN_DATA`: the recordings.

use std::ffi::OsStr;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use serde_json::{Value, json};

use argv::{Call, Verb};
use choose::{Changes, Decision};
use recording::{Case, Exit, Recordings};

mod apply;
mod argv;
mod choose;
pub mod fault;
mod live;
mod look;
mod recording;

/// What it answers as when nothing says otherwise.
const DEFAULT_VERSION: &str = "1.28.1";

/// The exit code for "the stand-in itself cannot": no istioctl has it.
const CANNOT: u8 = 70;

/// Puts the stand-in into a directory under these names: `istioctl`, `istioctl-1.26.1`.
pub fn install(binary: &Path, dir: &Path, names: &[&str]) -> std::io::Result<()> {
    std::fs::create_dir_all(dir)?;
    for name in names {
        std::os::unix::fs::symlink(binary, dir.join(name))?;
    }
    Ok(())
}

/// The whole program: called by `name`, with these arguments.
pub fn main(name: &OsStr, args: &[String]) -> ExitCode {
    match replay(name, args) {
        Ok(code) => ExitCode::from(code),
        Err(why) => {
            say(
                &mut std::io::stderr(),
                &format!("istioctl stand-in: {why}\n"),
            );
            ExitCode::from(CANNOT)
        }
    }
}

fn replay(name: &OsStr, args: &[String]) -> Result<u8, String> {
    let version = version_of(name);
    let data = std::env::var_os("MESH_STANDIN_DATA").map_or_else(
        || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/data/istioctl-recordings"),
        PathBuf::from,
    );
    let recordings = Recordings::open(&data, &version)?;
    let call = Call::parse(args);
    let fault =
        if call.verb == Verb::Other && env("MESH_STANDIN_FAULT_ON").as_deref() != Some("all") {
            fault::Fault::default()
        } else {
            fault::Fault::parse(&env("MESH_STANDIN_FAULT").unwrap_or_default())?
        };
    record_start(&version, args, &call);
    if fault.hang {
        hang("hang");
    }
    if fault.garbage {
        fault::garbage();
        return Ok(fault.exit.unwrap_or(0));
    }

    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|e| e.to_string())?;
    let ended = match decide(&recordings, &call, &runtime)? {
        Step::Replay(case) => Ended::said(case.stdout, case.stderr, case.exit),
        Step::Failed(message) => {
            Ended::said(String::new(), format!("Error: {message}\n"), Exit::Code(1))
        }
        Step::Change(decision, live) => {
            fault.wait_before();
            runtime.block_on(apply::carry_out(
                &recordings,
                &call,
                &decision,
                live.as_ref(),
                &fault,
            ))?
        }
    };
    if fault.hang_after_apply {
        hang("hang-after-apply");
    }
    fault.wait_after();
    say(&mut std::io::stdout(), &ended.stdout);
    say(&mut std::io::stderr(), &ended.stderr);
    let code = match (fault.exit, ended.exit) {
        (Some(code), _) | (None, Exit::Code(code)) => code,
        // It had not ended when the recorder gave up on it.
        (None, Exit::Hangs) => hang("recorded"),
    };
    record(&json!({"event": "end", "exit": code}));
    Ok(code)
}

/// What a call comes to.
struct Ended {
    stdout: String,
    stderr: String,
    exit: Exit,
}

impl Ended {
    fn said(stdout: String, stderr: String, exit: Exit) -> Self {
        Self {
            stdout,
            stderr,
            exit,
        }
    }
}

enum Step {
    /// Say what was recorded; the cluster is not needed.
    Replay(Case),
    /// Do what was recorded, on this cluster.
    Change(Decision, Option<live::Live>),
    /// The API server said no before anything was decided.
    Failed(String),
}

fn decide(
    recordings: &Recordings,
    call: &Call,
    runtime: &tokio::runtime::Runtime,
) -> Result<Step, String> {
    for name in env("MESH_STANDIN_CASE")
        .unwrap_or_default()
        .split(',')
        .filter(|name| !name.is_empty())
    {
        // A case of another version only, or of another command, is meant for another call.
        let Ok(case) = recordings.case(name) else {
            continue;
        };
        let recorded = Call::parse(&case.args);
        let same = recorded.args == call.args
            || call.verb.same_command(&recorded.verb)
            || look::same_command(&recorded.args, &call.args);
        if !same {
            continue;
        }
        let changes = Changes::recorded(&case);
        return Ok(match changes {
            Changes::Nothing => Step::Replay(case.renamed(call)),
            _ => Step::Change(
                Decision {
                    case: case.name,
                    changes,
                },
                None,
            ),
        });
    }
    if call.verb != Verb::Other {
        let live = runtime.block_on(async {
            let client = call.client().await?;
            live::Live::read(&client, call, recordings).await
        });
        return Ok(match live {
            Ok(live) => {
                let decision = choose::choose(&call.verb, &live, recordings.has_tag_services());
                Step::Change(decision, Some(live))
            }
            Err(message) => Step::Failed(message),
        });
    }
    let mut note = String::new();
    let case = recordings
        .by_args(&call.args)
        .or_else(|| recordings.by_objects(&call.args))
        .or_else(|| {
            let (args, said) = look::nearest(&call.args)?;
            note = said;
            recordings.by_args(&args)
        })
        .ok_or_else(|| {
            format!(
                "no recording of `{}` by {}",
                call.args.join(" "),
                recordings.recorded()
            )
        })?;
    let mut case = recordings.case(&case)?;
    case.stderr.insert_str(0, &note);
    Ok(Step::Replay(case))
}

fn version_of(name: &OsStr) -> String {
    let name = Path::new(name)
        .file_name()
        .unwrap_or_default()
        .to_string_lossy();
    name.strip_prefix("istioctl-")
        .filter(|version| version.starts_with(|c: char| c.is_ascii_digit()))
        .map(str::to_owned)
        .or_else(|| env("MESH_STANDIN_VERSION"))
        .unwrap_or_else(|| DEFAULT_VERSION.to_owned())
}

fn env(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

/// Never ends by itself.
fn hang(why: &str) -> ! {
    record(&json!({"event": "waiting", "for": why}));
    loop {
        std::thread::park();
    }
}

/// Writes and flushes; a reader that went away is nobody's problem here.
fn say(to: &mut impl Write, text: &str) {
    let _ = to.write_all(text.as_bytes());
    let _ = to.flush();
}

fn record_start(version: &str, args: &[String], call: &Call) {
    let interesting = |name: &str| {
        name.starts_with("ISTIO")
            || matches!(name, "KUBECONFIG" | "HOME" | "HTTPS_PROXY" | "NO_PROXY")
    };
    let vars: serde_json::Map<String, Value> = std::env::vars_os()
        .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)))
        .filter(|(name, _)| interesting(name))
        .map(|(name, value)| (name, Value::String(value)))
        .collect();
    let (context, server) = call.where_to();
    record(&json!({
        "event": "start",
        "version": version,
        "argv": args,
        "env": vars,
        "kubeconfig": call.kubeconfig,
        "istioNamespace": call.istio_namespace,
        "context": context,
        "server": server,
    }));
}

/// One line in the log, if there is one. Appended in one write, so that calls side by side do not mix.
fn record(event: &Value) {
    let Some(path) = std::env::var_os("MESH_STANDIN_LOG") else {
        return;
    };
    let mut event = event.clone();
    event["pid"] = json!(std::process::id());
    let file = std::fs::OpenOptions::new()
        .create(true)
        .append(true)
        .open(path);
    if let Ok(mut file) = file {
        let _ = file.write_all(format!("{event}\n").as_bytes());
    }
}
