//! What can be typed.

use clap::{Args, Parser, Subcommand};
use mesh_common::{
    Ctx, Outcome, Result, check::id, complete::Values, istioctl::IstioctlArgs, output::OutputArgs,
};

pub(crate) use mesh_common::decide::DryRun;

use crate::{create, history, list, promote, relabel, remove, resume, rollback, status};

/// Move Istio revision tags: gates before, read-back after, a proven way back
///
/// A tag such as stable names the istiod revision that injects the
/// namespaces labelled with it. Moving the tag changes nobody's sidecar until
/// its pod restarts, and redeploys Gateway API gateways at once. Every verb
/// that writes says first what it will do, what that breaks, and how to get
/// back; list, status, history and version write nothing.
///
/// Examples:
///   kubectl mesh-tag list
///   kubectl mesh-tag promote stable --dry-run
///   kubectl mesh-tag promote stable
///   kubectl mesh-tag rollback stable
///
/// Exit codes: 0 done or clean; 1 nothing done, the tool could not do its
/// job; 2 refused, nothing done; 3 unknown, evidence is missing; 4 changed,
/// and not as planned or not verified; 64 usage; 130 interrupted.
#[derive(Debug, Parser)]
#[command(
    subcommand_required = true,
    arg_required_else_help = true,
    verbatim_doc_comment
)]
pub(crate) struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    List(list::ListArgs),
    Status(status::StatusArgs),
    Move(relabel::MoveArgs),
    Promote(promote::PromoteArgs),
    Rollback(rollback::RollbackArgs),
    Resume(resume::ResumeArgs),
    History(history::HistoryArgs),
    Create(create::CreateArgs),
    Remove(remove::RemoveArgs),
}

/// Runs what was typed.
pub(crate) async fn run(ctx: &Ctx, cli: Cli) -> Result<Outcome> {
    match cli.command {
        Command::List(args) => list::run(ctx, &args).await,
        Command::Status(args) => status::run(ctx, &args).await,
        Command::Move(args) => relabel::run(ctx, &args).await,
        Command::Promote(args) => promote::run(ctx, &args).await,
        Command::Rollback(args) => rollback::run(ctx, &args).await,
        Command::Resume(args) => resume::run(ctx, &args).await,
        Command::History(args) => history::run(ctx, &args).await,
        Command::Create(args) => create::run(ctx, &args).await,
        Command::Remove(args) => remove::run(ctx, &args).await,
    }
}

/// What every verb that writes takes.
#[derive(Debug, Args)]
#[command(next_help_heading = "Safety options")]
pub(crate) struct WriteArgs {
    /// Stop before the first write: after the plan, or after a dry-run on the API server
    #[arg(long, value_enum, value_name = "HOW", num_args = 0..=1, require_equals = true, default_missing_value = "client")]
    pub(crate) dry_run: Option<DryRun>,

    /// Pass a required gate that is closed or unknown; the reason goes into the record. Repeatable
    #[arg(long, value_name = "GATE=REASON", add = Values::Gate(id::MESH))]
    pub(crate) waive: Vec<String>,
}

/// What every verb that runs istioctl takes.
#[derive(Debug, Args)]
#[command(next_help_heading = "istioctl options")]
pub(crate) struct ChildArgs {
    #[command(flatten)]
    pub(crate) istioctl: IstioctlArgs,

    /// How long istioctl may take before it is stopped
    #[arg(long, value_name = "SECONDS", default_value_t = 60, value_parser = clap::value_parser!(u64).range(1..=3600))]
    pub(crate) istioctl_timeout: u64,
}

impl ChildArgs {
    /// The deadline of a child.
    pub(crate) fn deadline(&self) -> std::time::Duration {
        std::time::Duration::from_secs(self.istioctl_timeout)
    }
}

/// Flags that only print.
pub(crate) type Output = OutputArgs;
