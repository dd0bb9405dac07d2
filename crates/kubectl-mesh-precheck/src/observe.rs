//! Everything is read here, once, and nothing is judged.

mod ca;
mod helm;
mod install;

use mesh_common::{
    Ctx, Result,
    mesh::{
        Mesh,
        live::{self, Needs},
    },
};

use crate::{
    facts::{Facts, Installed, Target, Upgrade, only_live},
    support::Support,
};

/// Every list of the mesh: nearly all of it is looked at by some check.
const NEEDS: Needs = Needs::PROMOTE;

/// Reads the mesh, from the cluster or from an archive, and what is asked beside it.
///
/// # Errors
/// Nothing of it can be read.
pub(crate) async fn observe(ctx: &Ctx, to: Option<Target>, support: Support) -> Result<Facts> {
    let mut mesh = ctx.mesh(NEEDS).await?;
    let (ca, installed) = if ctx.rehearsal().is_some() {
        let installed = Installed {
            releases: only_live("Helm releases"),
            operators: only_live("IstioOperators"),
        };
        (only_live("the CA's Secret"), installed)
    } else {
        let (conn, client) = (ctx.connection()?, ctx.client()?);
        let say = async {
            match untold(&mesh) {
                true => Some(live::versions(conn, &client, &mesh).await),
                false => None,
            }
        };
        let (told, ca, installed) = futures::join!(
            say,
            ca::read(conn, &client),
            install::read(conn, &client, &mesh)
        );
        if let Some(told) = told {
            mesh.tell(told);
        }
        (ca, installed)
    };
    let upgrade = Upgrade::of(&mesh, to, &support);
    Ok(Facts {
        mesh,
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
