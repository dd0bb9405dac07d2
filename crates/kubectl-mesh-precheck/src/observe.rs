//! Everything is read here, once, and nothing is judged.

mod api;
mod ca;
mod cilium;
mod clock;
mod config;
mod helm;
mod install;
mod istioctl;
mod platform;
mod rights;
mod seen;
mod services;

use std::sync::Arc;

use futures::{join, try_join};
use mesh_common::{
    Ctx, Result,
    error::Error,
    istioctl::IstioctlArgs,
    mesh::{
        Known, Mesh, Why,
        live::{self, Needs},
    },
};

#[cfg(test)]
pub(crate) use api::Api;
pub(crate) use api::Unavailable;
pub(crate) use cilium::{CONFIG as CILIUM_CONFIG, Cilium, is_agent as is_cilium};
#[cfg(test)]
pub(crate) use clock::Clock;
pub(crate) use config::{Filter, Patch, RawHit};
pub(crate) use istioctl::{Said, Word};
pub(crate) use platform::Platform;
pub(crate) use rights::Asked;
#[cfg(test)]
pub(crate) use seen::Rollout;
pub(crate) use seen::{Seen, Template, Watcher};

use crate::{
    facts::{CaSecret, Facts, HelmRelease, Installed, Target, Upgrade, only_live},
    rules::Rules,
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
    let rules = Rules::all().map_err(|e| Error::internal(e.to_string()))?;
    let rules = Arc::new(rules);
    let watcher = Arc::new(Watcher::new(Arc::clone(&rules)));
    // What stops the mesh from being read is said at once, whatever else is still being asked.
    let ((mut mesh, customs), mut platform, early) = try_join!(
        ctx.mesh_with(NEEDS, watcher.clone()),
        Platform::read(ctx),
        Early::read(ctx)
    )?;
    if early.is_some() && untold(&mesh) {
        let told = live::versions(ctx.connection()?, &ctx.client()?, &mesh).await;
        mesh.tell(told);
    }
    let upgrade = Upgrade::of(&mesh, to, &support);
    let services = services::read(ctx, services::needed(&rules, &upgrade), &watcher);
    let (beside, services) = match early {
        Some(early) => {
            let (conn, client) = (ctx.connection()?, ctx.client()?);
            let (cilium, beside, services) = join!(
                cilium::read(conn, &client, &mesh),
                Beside::live(early, ctx, &mesh, &upgrade, istioctl),
                services
            );
            platform.cilium = cilium;
            (beside?, services?)
        }
        None => (Beside::rehearsal(), services.await?),
    };
    let mut seen = watcher.take();
    let unread = customs
        .gaps
        .iter()
        .find(|g| g.what.starts_with("istiooperators.") && g.why != Why::NotServed);
    let operators = match unread {
        Some(gap) => Known::Unknown(gap.clone()),
        None => Known::Known(std::mem::take(&mut seen.config.operators)),
    };
    Ok(Facts {
        mesh,
        seen,
        customs,
        services,
        rules,
        rights: beside.rights,
        istioctl: beside.istioctl,
        platform,
        upgrade,
        support,
        ca: beside.ca,
        installed: Installed {
            releases: beside.releases,
            operators,
        },
    })
}

/// What is asked of a live cluster while the mesh is read: nothing of it is needed for that.
struct Early {
    ca: Known<Option<CaSecret>>,
    rights: rights::Answers,
}

impl Early {
    /// Asks all of it side by side; none in a rehearsal.
    async fn read(ctx: &Ctx) -> Result<Option<Self>> {
        if ctx.rehearsal().is_some() {
            return Ok(None);
        }
        let (conn, client) = (ctx.connection()?, ctx.client()?);
        let (ca, rights) = join!(
            ca::read(conn, &client),
            rights::ask(&client, &conn.istio_namespace)
        );
        let rights = rights?;
        Ok(Some(Self { ca, rights }))
    }
}

/// What is asked beside the mesh, of a live cluster only.
struct Beside {
    ca: Known<Option<CaSecret>>,
    releases: Known<Vec<HelmRelease>>,
    rights: Known<Vec<Asked>>,
    istioctl: Known<Word>,
}

impl Beside {
    /// Asks side by side for what the mesh tells to ask for.
    async fn live(
        early: Early,
        ctx: &Ctx,
        mesh: &Mesh,
        upgrade: &Upgrade,
        istioctl: &IstioctlArgs,
    ) -> Result<Self> {
        let (conn, client) = (ctx.connection()?, ctx.client()?);
        let Early { ca, rights } = early;
        let word = async {
            let rights = rights.with(&client, mesh).await;
            let istiods = mesh.istiods.get().map(Vec::as_slice);
            let said = istioctl::ask(ctx, istioctl, upgrade, istiods, &rights).await;
            (Known::Known(rights), said)
        };
        let (releases, (rights, istioctl)) = join!(install::read(conn, &client, mesh), word);
        Ok(Self {
            ca,
            releases,
            rights,
            istioctl,
        })
    }

    /// Nobody was asked.
    fn rehearsal() -> Self {
        Self {
            ca: only_live("the CA's Secret"),
            releases: only_live("Helm releases"),
            rights: only_live("rights"),
            istioctl: only_live("istioctl"),
        }
    }
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
