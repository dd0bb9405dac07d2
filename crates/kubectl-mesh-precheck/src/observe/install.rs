//! What Helm wrote down of what it installed.

use std::collections::BTreeSet;

use futures::{StreamExt, stream};
use kube::Client;
use mesh_common::{
    cluster::{Connection, ListQuery, list_pages},
    mesh::{Gap, Known, Mesh},
};

use super::{
    helm::{Newest, Record},
    platform::gap,
};
use crate::facts::HelmRelease;

/// Records of releases that are not history. One record holds a whole chart, and Helm keeps ten of each release.
const RELEASES: &str = "owner=helm,status!=superseded";

/// Records per page: each may have a megabyte.
const PAGE: u32 = 20;

/// Namespaces asked at once.
const AT_ONCE: usize = 4;

/// Reads the releases.
pub(super) async fn read(
    conn: &Connection,
    client: &Client,
    mesh: &Mesh,
) -> Known<Vec<HelmRelease>> {
    let read: Vec<Result<Vec<HelmRelease>, Gap>> = stream::iter(namespaces(mesh))
        .map(|namespace| async move {
            let path = format!("/api/v1/namespaces/{namespace}/secrets");
            let query = ListQuery {
                label_selector: Some(RELEASES.into()),
                limit: PAGE,
                ..ListQuery::default()
            };
            let listed =
                list_pages::<Record, _, _>(client, &path, &query, Newest::default, Newest::add)
                    .await;
            let doing = format!("list secrets in {namespace}");
            listed
                .map_err(|e| gap(&e, conn, "secrets", &doing))
                .and_then(|l| l.value.releases(&namespace))
        })
        .buffered(AT_ONCE)
        .collect()
        .await;
    let read: Result<Vec<Vec<HelmRelease>>, Gap> = read.into_iter().collect();
    Known::from(read.map(|all| all.into_iter().flatten().collect()))
}

/// Where the parts of a mesh are installed: the Istio namespace, and where its node agents are.
fn namespaces(mesh: &Mesh) -> BTreeSet<String> {
    let agents = mesh.node_agents.get().into_iter().flatten();
    agents
        .map(|a| a.namespace.clone())
        .chain([mesh.istio_namespace.clone()])
        .collect()
}
