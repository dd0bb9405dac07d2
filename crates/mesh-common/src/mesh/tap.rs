//! Objects seen whole on their way into a mesh: for what a command looks for in kinds of which the mesh keeps little.

use std::{collections::BTreeMap, sync::Arc};

use futures::{StreamExt, stream};
use kube::Client;
use serde_json::Value;

use super::{
    Gap, Why,
    kinds::{self, Kind},
    live::{self, Needs},
    wire::{Lean, List, Scope, list_path},
};
use crate::cluster::{Connection, is_absent, list_pages};

/// Lists of other kinds on the wire at once, beside those of the mesh.
const AT_ONCE: usize = 4;

/// Sees objects one at a time, from several threads.
pub trait Tap: Send + Sync {
    /// Whether it wants the objects of this kind: `services`, `virtualservices.networking.istio.io`.
    fn wants(&self, what: &str) -> bool;

    /// One object of this kind (`VirtualService`), as served, but for the sets of fields in its `managedFields`; the items of a list come without `apiVersion` and `kind` of
    /// their own. A list that the API server forgets half-way begins again: an object may be seen twice.
    fn see(&self, what: &str, kind: &str, object: &Value);
}

/// What became of the kinds of Istio and Gateway API beyond those that a mesh is made of.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Customs {
    /// Number of objects of each kind that was read, by `virtualservices.networking.istio.io`.
    pub read: BTreeMap<String, usize>,
    /// What could not be read, and why.
    pub gaps: Vec<Gap>,
}

/// Reads every other kind, live.
pub(super) async fn live(
    conn: &Connection,
    client: &Client,
    needs: Needs,
    tap: &Arc<dyn Tap>,
) -> Customs {
    let (found, undiscovered) = kinds::custom(conn, client, live::is_optional).await;
    let done: Vec<List> = needs.lists().into_iter().map(|(list, _)| list).collect();
    let rest = found.into_iter().filter(|kind| {
        let list = List::of_resource(&kind.group, &kind.resource);
        list.is_none_or(|list| !done.contains(&list)) && tap.wants(&kind.what())
    });
    let mut customs = Customs {
        read: BTreeMap::new(),
        gaps: undiscovered
            .into_iter()
            .map(|unread| Gap {
                what: unread.what,
                why: unread.why,
                detail: unread.detail,
            })
            .collect(),
    };
    let mut lists = stream::iter(rest)
        .map(|kind| async move { (kind.what(), list(conn, client, &kind, tap).await) })
        .buffer_unordered(AT_ONCE);
    while let Some((what, listed)) = lists.next().await {
        match listed {
            Ok(objects) => {
                customs.read.insert(what, objects);
            }
            Err(gap) => customs.gaps.push(gap),
        }
    }
    customs.gaps.sort_by(|a, b| a.what.cmp(&b.what));
    customs
}

async fn list(
    conn: &Connection,
    client: &Client,
    kind: &Kind,
    tap: &Arc<dyn Tap>,
) -> Result<usize, Gap> {
    let what = kind.what();
    let namespace = match kind.scope {
        Scope::IstioNamespace => Some(conn.istio_namespace.as_str()),
        Scope::Cluster | Scope::All => None,
    };
    for version in &kind.versions {
        let path = list_path(&kind.group, version, &kind.resource, namespace);
        let (tap, name, of) = (Arc::clone(tap), what.clone(), kind.name.clone());
        let see = move |(): &mut (), Lean(object): Lean| tap.see(&name, &of, &object);
        match list_pages(client, &path, &kind.query, || (), see).await {
            Ok(listed) => return Ok(listed.items),
            Err(e) if is_absent(&e) => {}
            Err(e) => return Err(live::gap_of(&e, conn, &what, &what, namespace).0),
        }
    }
    Err(Gap {
        detail: format!("{what} are not served: their CRD is not installed"),
        what,
        why: Why::NotServed,
    })
}
