//! Everything is read here, once, and nothing is judged.

mod ca;
mod config;
mod helm;
mod install;
mod seen;

use std::sync::Arc;

use mesh_common::{
    Ctx, Result,
    error::Error,
    mesh::{
        Known, Mesh, Why,
        live::{self, Needs},
    },
};

pub(crate) use config::{Filter, Patch, RawHit};
pub(crate) use seen::{Rollout, Seen, Template, Watcher};

use crate::{
    facts::{Facts, Installed, Target, Upgrade, only_live},
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
    let (mut mesh, customs) = ctx.mesh_with(NEEDS, watcher.clone()).await?;
    let mut seen = watcher.into_seen();
    let (ca, releases) = if ctx.rehearsal().is_some() {
        (only_live("the CA's Secret"), only_live("Helm releases"))
    } else {
        let (conn, client) = (ctx.connection()?, ctx.client()?);
        let say = async {
            if untold(&mesh) {
                Some(live::versions(conn, &client, &mesh).await)
            } else {
                None
            }
        };
        let (told, ca, releases) = futures::join!(
            say,
            ca::read(conn, &client),
            install::read(conn, &client, &mesh)
        );
        if let Some(told) = told {
            mesh.tell(told);
        }
        (ca, releases)
    };
    let unread = customs
        .gaps
        .iter()
        .find(|g| g.what.starts_with("istiooperators.") && g.why != Why::NotServed);
    let operators = match unread {
        Some(gap) => Known::Unknown(gap.clone()),
        None => Known::Known(std::mem::take(&mut seen.config.operators)),
    };
    let installed = Installed {
        releases,
        operators,
    };
    let upgrade = Upgrade::of(&mesh, to, &support);
    Ok(Facts {
        mesh,
        seen,
        customs,
        rules,
        upgrade,
        support,
        ca,
        installed,
    })
}

/// Whether an istiod's image does not say its version, a bare digest: only then istiods are asked, which takes a
/// port-forward each.
fn untold(mesh: &Mesh) -> bool {
    let istiods = mesh.istiods.get().into_iter().flatten();
    istiods
        .flat_map(mesh_common::check::istiod_versions)
        .any(|v| v.is_none())
}

#[cfg(test)]
mod tests;
