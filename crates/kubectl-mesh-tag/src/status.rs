//! To come.

use clap::Args;
use mesh_common::{Ctx, Outcome, Result};

/// To come
#[derive(Debug, Args)]
pub(crate) struct StatusArgs {}

pub(crate) async fn run(_ctx: &Ctx, _args: &StatusArgs) -> Result<Outcome> {
    Ok(Outcome::Done)
}
