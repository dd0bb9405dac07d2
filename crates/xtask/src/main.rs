//! What a developer runs: `cargo xtask test`, `e2e`, `demo`, `examples`, `bench`, `gen`, `peers`, `package`,
//! `krew`, `sign`.

#![allow(
    clippy::print_stderr,
    reason = "says on the developer's terminal what is being done"
)]

use std::{path::PathBuf, process::ExitCode};

use clap::{Parser, Subcommand};

mod bench;
mod cache;
mod demo;
mod envoy;
mod examples;
mod r#gen;
mod package;
mod peers;
mod run;
mod sign;

/// Result of a step, with text for the developer.
type Result<T, E = Box<dyn std::error::Error + Send + Sync>> = std::result::Result<T, E>;

#[derive(Parser)]
#[command(name = "cargo xtask", about = "Build, test and try kubectl-mesh")]
struct Cli {
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Run every test: unit, command line, cluster, parity
    Test {
        /// Passed on to `cargo test`
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        args: Vec<String>,
    },
    /// Run the tests that need the control plane only: cluster, shells
    E2e {
        /// Passed on to the test binary: a filter, `--nocapture`
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        args: Vec<String>,
    },
    /// Open a shell on a whole sample mesh, or run one command there
    Demo {
        /// The command; without one, $SHELL
        #[arg(last = true)]
        command: Vec<String>,
    },
    /// Make the archives in `examples/` anew from the sample mesh
    Examples,
    /// The part of `examples` that runs inside the namespace
    #[command(hide = true)]
    ExamplesInside,
    /// Write the static completions in `completions/`, and man pages where asked
    Gen(r#gen::GenArgs),
    /// Measure start-up, sizes, and a mesh of 10,000 pods
    Bench(bench::BenchArgs),
    /// The part of `bench` that runs inside the namespace
    #[command(hide = true)]
    BenchInside(bench::BenchArgs),
    /// Make the archives of a release, and what goes with them, in target/package
    Package(package::PackageArgs),
    /// Run the packaging tests only
    Krew(run::KrewArgs),
    /// Sign the checksums in target/package with cosign
    Sign {
        /// Passed on to `cosign sign-blob`: `-- --key cosign.key`
        #[arg(last = true)]
        args: Vec<String>,
    },
    /// Build the control plane the tests run against, and print where it is
    Peers,
    /// The part of `demo` that runs inside the namespace
    #[command(hide = true)]
    DemoInside {
        #[arg(last = true)]
        command: Vec<String>,
    },
}

fn main() -> ExitCode {
    let done = hidden().unwrap_or_else(task);
    done.unwrap_or_else(|e| {
        eprintln!("xtask: {e}");
        ExitCode::FAILURE
    })
}

/// What `bench` starts for itself, before anything else takes time or memory.
fn hidden() -> Option<Result<ExitCode>> {
    let mut args = std::env::args_os().skip(1);
    match args.next()?.to_str()? {
        bench::measure::NAME => Some(bench::measure::inside(args)),
        bench::pager::NAME => {
            let (kubeconfig, lists) = (PathBuf::from(args.next()?), PathBuf::from(args.next()?));
            let at_once = args.next()?.to_str()?.parse().ok()?;
            Some(bench::pager::inside(&kubeconfig, &lists, at_once))
        }
        _ => None,
    }
}

fn task() -> Result<ExitCode> {
    match Cli::parse().task {
        Task::Test { args } => run::test(&args),
        Task::E2e { args } => run::e2e(&args),
        Task::Demo { command } => demo::enter(&command),
        Task::DemoInside { command } => demo::inside(&command),
        Task::Examples => examples::enter(),
        Task::ExamplesInside => examples::inside(),
        Task::Gen(args) => r#gen::run(&args),
        Task::Bench(args) => bench::enter(&args),
        Task::BenchInside(args) => bench::inside(&args),
        Task::Package(args) => package::run(&args),
        Task::Krew(args) => run::krew(&args),
        Task::Sign { args } => sign::run(&args),
        Task::Peers => peers::ensure().map(|dir| {
            eprintln!("{}", dir.display());
            ExitCode::SUCCESS
        }),
    }
}
