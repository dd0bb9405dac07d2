//! Everything is read here, once, and nothing is judged.

mod config;
mod seen;

use std::sync::Arc;

use mesh_common::{Ctx, Result, error::Error, mesh::live::Needs};

pub(crate) use config::{Filter, Patch, RawHit};
pub(crate) use seen::{Rollout, Seen, Template, Watcher};

use crate::{
    facts::{Facts, Target, Upgrade},
    rules::Rules,
    support::Support,
};

/// Every list of the mesh: nearly all of it is looked at by some check.
const NEEDS: Needs = Needs::PROMOTE;

/// Reads the mesh, from the cluster or from an archive, and what is asked beside it.
///
/// # Errors
/// Nothing of it can be read.
pub(crate) async fn observe(ctx: &Ctx, to: Option<Target>, support: Support) -> Result<Facts> {
    let rules = Rules::all().map_err(|e| Error::internal(e.to_string()))?;
    let rules = Arc::new(rules);
    let watcher = Arc::new(Watcher::new(Arc::clone(&rules)));
    let (mesh, customs) = ctx.mesh_with(NEEDS, watcher.clone()).await?;
    let upgrade = Upgrade::of(&mesh, to, &support);
    Ok(Facts {
        mesh,
        seen: watcher.into_seen(),
        customs,
        rules,
        upgrade,
        support,
    })
}
