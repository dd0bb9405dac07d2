//! To come.

use clap::Args;
use mesh_common::{Ctx, Outcome, Result};

/// To come
#[derive(Debug, Args)]
pub(crate) struct ListArgs {}

pub(crate) async fn run(_ctx: &Ctx, _args: &ListArgs) -> Result<Outcome> {
    Ok(Outcome::Done)
}
