//! What can be typed.

use clap::{Parser, Subcommand};
use mesh_common::{Ctx, Outcome, Result};

use crate::{
    convert::Convert, lint::Lint, list::List, promote::Promote, replay::Replay, resume::Resume,
    rollback::Rollback, watch::Watch,
};

/// See what an AuthorizationPolicy would block before it blocks it
///
/// A policy is watched without blocking, judged on traffic that was recorded,
/// and enforced only when what was watched is what will be enforced. What the
/// evidence does not carry is unknown, and unknown is never allowed.
///
/// Examples:
///   kubectl mesh-audit-policy list
///   kubectl mesh-audit-policy lint -f policies/
///   kubectl mesh-audit-policy list --from mesh.tar.zst
///   kubectl mesh-audit-policy replay -f deny.yaml --log access.log
///
/// Exit codes: 0 done; 1 nothing done, the tool could not do its job; 2
/// refused, nothing done, or findings reached the threshold; 3 unknown:
/// evidence is missing; 4 changed, and not as planned; 64 usage; 130
/// interrupted.
#[derive(Debug, Parser)]
#[command(verbatim_doc_comment)]
pub(crate) struct Cli {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, Subcommand)]
enum Verb {
    Lint(Lint),
    List(List),
    Convert(Convert),
    Watch(Watch),
    Promote(Promote),
    Rollback(Rollback),
    Resume(Resume),
    Replay(Box<Replay>),
}

/// Runs what was typed.
pub(crate) async fn run(ctx: &Ctx, cli: Cli) -> Result<Outcome> {
    match cli.verb {
        Verb::Lint(lint) => lint.run(ctx).await,
        Verb::List(list) => list.run(ctx).await,
        Verb::Convert(convert) => convert.run(ctx).await,
        Verb::Watch(watch) => Box::pin(watch.run(ctx)).await,
        Verb::Promote(promote) => promote.run(ctx).await,
        Verb::Rollback(rollback) => rollback.run(ctx).await,
        Verb::Resume(resume) => resume.run(ctx).await,
        Verb::Replay(replay) => replay.run(ctx).await,
    }
}
