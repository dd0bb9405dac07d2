//! Everything is read here, once, and nothing is judged.

mod api;
mod cilium;
mod clock;
mod platform;
mod seen;

use std::sync::Arc;

use futures::try_join;
use mesh_common::{Ctx, Result, mesh::live::Needs};

#[cfg(test)]
pub(crate) use api::Api;
pub(crate) use api::Unavailable;
pub(crate) use cilium::{CONFIG as CILIUM_CONFIG, Cilium, is_agent as is_cilium};
#[cfg(test)]
pub(crate) use clock::Clock;
pub(crate) use platform::Platform;
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
    // What stops the mesh from being read is said at once, whatever else is still being asked.
    let ((mesh, _customs), mut platform) =
        try_join!(ctx.mesh_with(NEEDS, watcher.clone()), Platform::read(ctx))?;
    if ctx.rehearsal().is_none() {
        platform.cilium = cilium::read(ctx.connection()?, &ctx.client()?, &mesh).await;
    }
    let upgrade = Upgrade::of(&mesh, to, &support);
    Ok(Facts {
        mesh,
        seen: watcher.into_seen(),
        platform,
        upgrade,
        support,
    })
}
