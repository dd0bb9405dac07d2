//! What the cluster says beside its objects: its own health, its clock, and how its CNI is set up.

use futures::future::join;
use mesh_common::{
    Ctx, Result,
    cluster::{Connection, explain},
    mesh::{Gap, Known, Why},
};

use super::{
    api::{self, Api},
    cilium::Cilium,
    clock::{self, Clock},
};
use crate::facts::only_live;

/// What the cluster says beside its objects.
#[derive(Debug)]
pub(crate) struct Platform {
    /// Health of the API server and of what stands behind it.
    pub(crate) api: Api,
    /// The API server's clock beside ours.
    pub(crate) clock: Known<Clock>,
    /// Settings of Cilium; none where it does not run.
    pub(crate) cilium: Known<Option<Cilium>>,
}

impl Platform {
    /// Asks the API server of itself. What Cilium says is asked once its `DaemonSet` is known.
    ///
    /// # Errors
    /// There is no cluster to ask.
    pub(super) async fn read(ctx: &Ctx) -> Result<Self> {
        if ctx.rehearsal().is_some() {
            return Ok(Self::nobody());
        }
        let (conn, client) = (ctx.connection()?, ctx.client()?);
        let (api, clock) = join(api::read(conn, &client), clock::read(conn, &client)).await;
        Ok(Self {
            api,
            clock,
            cilium: only_live("Cilium's settings"),
        })
    }

    /// Where nobody can be asked.
    pub(crate) fn nobody() -> Self {
        Self {
            api: Api {
                unready: only_live("the API server's health"),
                unavailable: only_live("what APIs are available"),
            },
            clock: only_live("the API server's clock"),
            cilium: only_live("Cilium's settings"),
        }
    }
}

/// What could not be read: `what` as kubectl names it, `doing` as in "cannot list apiservices".
pub(super) fn gap(e: &kube::Error, conn: &Connection, what: &str, doing: &str) -> Gap {
    let why = Why::of(e);
    Gap {
        what: what.into(),
        why,
        detail: match why {
            Why::Forbidden => format!("may not {doing}"),
            _ => explain(e, doing, conn).to_string(),
        },
    }
}
