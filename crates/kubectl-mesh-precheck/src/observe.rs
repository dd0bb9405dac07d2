//! Everything is read here, once, and nothing is judged.

mod istioctl;
mod rights;
mod seen;

use std::sync::Arc;

use mesh_common::{
    Ctx, Result,
    istioctl::IstioctlArgs,
    mesh::{Known, live::Needs},
};

pub(crate) use istioctl::{Said, Word};
pub(crate) use rights::Asked;
pub(crate) use seen::{Rollout, Seen, Template, Watcher};

use crate::{
    facts::{Facts, Target, Upgrade, only_live},
    support::Support,
};

/// Every list of the mesh: nearly all of it is looked at by some check.
const NEEDS: Needs = Needs::PROMOTE;

/// Reads the mesh, from the cluster or from an archive, and what is asked beside it.
///
/// # Errors
/// Nothing of it can be read.
pub(crate) async fn observe(
    ctx: &Ctx,
    to: Option<Target>,
    support: Support,
    istioctl: &IstioctlArgs,
) -> Result<Facts> {
    let watcher = Arc::new(Watcher::default());
    let (mesh, _customs) = ctx.mesh_with(NEEDS, watcher.clone()).await?;
    let upgrade = Upgrade::of(&mesh, to, &support);
    let (rights, istioctl) = if mesh.source.is_rehearsal() {
        (only_live("rights"), only_live("istioctl"))
    } else {
        let rights = rights::ask(&ctx.client()?, &mesh).await?;
        let istiods = mesh.istiods.get().map(Vec::as_slice);
        let said = istioctl::ask(ctx, istioctl, &upgrade, istiods, &rights).await;
        (Known::Known(rights), said)
    };
    Ok(Facts {
        mesh,
        seen: watcher.into_seen(),
        rights,
        istioctl,
        upgrade,
        support,
    })
}
