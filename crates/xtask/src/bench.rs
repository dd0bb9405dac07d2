//! `cargo xtask bench`: how fast the plugins start, how large they are, and what reading a large mesh costs beside the
//! bare pages of the same lists.

use std::{
    path::{Path, PathBuf},
    process::{Command, ExitCode},
};

use mesh_testkit::{Peers, envoy::ENV as ENVOY, netns, peers::ENV as PEERS};

use crate::{
    Result,
    demo::{binaries, code},
    envoy, peers,
    run::{cargo, root},
};

mod backup;
mod beside;
pub(crate) mod measure;
pub(crate) mod pager;
mod replay;
mod report;
mod scale;
mod scaled;
mod start;
mod store;

use report::{Row, Table};

/// How it is to be done.
#[derive(Debug, Clone, clap::Args)]
pub(crate) struct BenchArgs {
    /// Cargo profile of the binaries: release as it is shipped, thin for a quick look
    #[arg(long, default_value = "release")]
    profile: String,

    /// Runs of each start-up measurement
    #[arg(long, default_value_t = 50)]
    runs: usize,

    /// Rounds of the measurements at scale
    #[arg(long, default_value_t = 7)]
    rounds: usize,

    /// Only the measurements at scale
    #[arg(long)]
    scale_only: bool,

    /// Only the replay of a large log, which needs no cluster
    #[arg(long, conflicts_with = "scale_only")]
    replay_only: bool,

    /// Write the result to docs/bench.md
    #[arg(long)]
    write: bool,

    /// Run this on the large mesh, instead of measuring: `-- sh`
    #[arg(last = true)]
    command: Vec<String>,
}

impl BenchArgs {
    fn args(&self) -> Vec<String> {
        let mut args = vec![
            format!("--profile={}", self.profile),
            format!("--runs={}", self.runs),
            format!("--rounds={}", self.rounds),
        ];
        if self.scale_only {
            args.push("--scale-only".into());
        }
        if self.replay_only {
            args.push("--replay-only".into());
        }
        if self.write {
            args.push("--write".into());
        }
        if !self.command.is_empty() {
            args.push("--".into());
            args.extend_from_slice(&self.command);
        }
        args
    }
}

/// Builds what is measured and goes into the namespace.
pub(crate) fn enter(args: &BenchArgs) -> Result<ExitCode> {
    let peers = peers::ensure()?;
    // The pager is measured, too, so it is built the same way.
    let what: &[&str] = if args.replay_only {
        &["-p", "kubectl-mesh-audit-policy", "-p", "xtask"]
    } else {
        &["--workspace"]
    };
    let build = ["build", "--bins", "--profile", &args.profile];
    cargo(&[&build, what].concat())?;
    let dir = match args.profile.as_str() {
        "dev" => "debug",
        other => other,
    };
    let xtask = target()?.join(dir).join("xtask");
    let tmp = tempfile::Builder::new().prefix("mesh-bench-").tempdir()?;
    let mut inside = netns::command(xtask)?;
    match envoy::ensure() {
        Ok(envoy) => {
            inside.env(ENVOY, envoy);
        }
        Err(e) => eprintln!("not beside Envoy: {e}"),
    }
    let status = inside
        .arg("bench-inside")
        .args(args.args())
        .env(PEERS, peers)
        .env("TMPDIR", tmp.path())
        .status()?;
    Ok(code(status))
}

/// Inside: measures, prints, and writes it down.
pub(crate) fn inside(args: &BenchArgs) -> Result<ExitCode> {
    let peers = Peers::from_env().ok_or("this is the inside of `cargo xtask bench`")?;
    let bins = binaries()?;
    if let Some((program, rest)) = args.command.split_first() {
        let rest: Vec<&str> = rest.iter().map(String::as_str).collect();
        let large = scaled::Large::start(&bins, &peers)?;
        return Ok(code(large.command(Path::new(program), &rest).status()?));
    }
    let mut tables = Vec::new();
    if args.replay_only {
        tables.push(replay::table(&bins, &target()?)?);
        return finish(args, &tables);
    }
    if !args.scale_only {
        tables.push(sizes(&bins)?);
        tables.push(start::table(&bins, &peers, args.runs)?);
        tables.push(store::table(args.runs)?);
        tables.push(replay::table(&bins, &target()?)?);
    }
    tables.extend(scaled::tables(&bins, &peers, args.rounds)?);
    finish(args, &tables)
}

/// Prints the tables, and writes them down. What was not measured this time stays as it was.
fn finish(args: &BenchArgs, tables: &[Table]) -> Result<ExitCode> {
    eprintln!("\n{}", report::markdown(&args.profile, tables, ""));
    if args.write {
        let file = root().join("docs/bench.md");
        let before = std::fs::read_to_string(&file).unwrap_or_default();
        let all = !args.scale_only && !args.replay_only;
        let kept = if all { "" } else { &before };
        std::fs::write(file, report::markdown(&args.profile, tables, kept))?;
    }
    Ok(ExitCode::SUCCESS)
}

/// cargo's target directory: above the directory of this binary.
fn target() -> Result<PathBuf> {
    let exe = std::env::current_exe()?;
    let dir = exe.ancestors().nth(2).map(Path::to_path_buf);
    Ok(dir.ok_or("this binary is not where cargo puts one")?)
}

/// The plugins that are built, by the names of their binaries.
fn plugins(bins: &Path) -> Result<Vec<String>> {
    let mut names = Vec::new();
    for entry in std::fs::read_dir(bins)? {
        let name = entry?.file_name().to_string_lossy().into_owned();
        if name.starts_with("kubectl-mesh_") && !name.contains('.') {
            names.push(name);
        }
    }
    names.sort();
    Ok(names)
}

fn sizes(bins: &Path) -> Result<Table> {
    let mut table = Table::new("Size", &["binary", "MiB", "target"]);
    for name in plugins(bins)? {
        let bytes = std::fs::metadata(bins.join(&name))?.len();
        table.row(Row::new(
            [name, report::mib(bytes), "≤ 8".into()],
            bytes <= 8 * 1024 * 1024,
        ));
    }
    Ok(table)
}

fn command(program: &Path, args: &[&str]) -> Command {
    let mut command = Command::new(program);
    command.args(args);
    command
}
