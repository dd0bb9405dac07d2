//! What can be typed.

use clap::{Parser, Subcommand};
use mesh_common::{Ctx, Outcome, Result};

use crate::{
    create::Create, diff::Diff, list::List, restore::Restore, rollback::Rollback, show::Show,
    verify::Verify,
};

/// Keep what a mesh is made of in one file, and show what is in one
///
/// Without a name backups lie in $XDG_DATA_HOME/kubectl-mesh/backups, a folder
/// for each cluster. Any plugin reads a backup with --from FILE in place of a
/// cluster: a rehearsal, in which nothing can be written. Only restore and
/// rollback change the cluster: they plan first, and say what that breaks and
/// how to get back.
///
/// Examples:
///   kubectl mesh-backup create
///   kubectl mesh-backup list
///   kubectl mesh-backup show mesh.tar.zst
///   kubectl mesh-backup restore mesh.tar.zst --dry-run
///   kubectl mesh-tag promote stable --from mesh.tar.zst
///
/// Exit codes: 0 done; 1 nothing done, the tool could not do its job; 2
/// refused, nothing done; 3 unknown, or made and something could not be read;
/// 4 changed, and not as planned; 64 usage; 130 interrupted.
#[derive(Debug, Parser)]
#[command(verbatim_doc_comment)]
pub(crate) struct Cli {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, Subcommand)]
enum Verb {
    Create(Create),
    List(List),
    Show(Show),
    Diff(Diff),
    Verify(Verify),
    Restore(Restore),
    Rollback(Rollback),
}

/// Runs what was typed.
pub(crate) async fn run(ctx: &Ctx, cli: Cli) -> Result<Outcome> {
    match cli.verb {
        Verb::Create(create) => create.run(ctx).await,
        Verb::List(list) => list.run(ctx).await,
        Verb::Show(show) => show.run(ctx),
        Verb::Diff(diff) => diff.run(ctx).await,
        Verb::Verify(verify) => verify.run(ctx).await,
        Verb::Restore(restore) => Box::pin(restore.run(ctx)).await,
        Verb::Rollback(rollback) => rollback.run(ctx).await,
    }
}
