//! Everything is read here, once, and nothing is judged.

mod seen;

use std::sync::Arc;

use mesh_common::{Ctx, Result, mesh::live::Needs};

pub(crate) use seen::{Rollout, Seen, Template, Watcher};

use crate::{
    facts::{Facts, Target, Upgrade},
    support::Support,
};

/// Every list of the mesh: nearly all of it is looked at by some check.
const NEEDS: Needs = Needs::PROMOTE;

/// Reads the mesh, from the cluster or from an archive, and what is asked beside it.
///
/// # Errors
/// Nothing of it can be read.
pub(crate) async fn observe(ctx: &Ctx, to: Option<Target>, support: Support) -> Result<Facts> {
    let watcher = Arc::new(Watcher::default());
    let (mesh, _customs) = ctx.mesh_with(NEEDS, watcher.clone()).await?;
    let upgrade = Upgrade::of(&mesh, to, &support);
    Ok(Facts {
        mesh,
        seen: watcher.into_seen(),
        upgrade,
        support,
    })
}
