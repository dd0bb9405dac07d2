//! What can be typed.

use clap::{Parser, Subcommand};
use mesh_common::{Ctx, Outcome, Result};

use crate::{create::Create, show::Show};

/// Keeps what a mesh is made of in one file, and shows what is in one
///
/// Any plugin reads such a file with --from FILE in place of a cluster.
#[derive(Debug, Parser)]
pub(crate) struct Cli {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, Subcommand)]
enum Verb {
    Create(Create),
    Show(Show),
}

/// Runs what was typed.
pub(crate) async fn run(ctx: &Ctx, cli: Cli) -> Result<Outcome> {
    match cli.verb {
        Verb::Create(create) => create.run(ctx).await,
        Verb::Show(show) => show.run(ctx),
    }
}
