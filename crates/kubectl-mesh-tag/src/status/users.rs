//! Who uses a tag: namespaces with the workloads in its care, and gateways with who makes them.

use std::collections::{BTreeMap, BTreeSet};

use mesh_common::mesh::{
    Gap, Known, Mesh,
    forecast::{Forecast, forecast},
    gateways,
    inject::{Claim, Injected},
    tags::{Dangling, TagRow},
};
use serde::Serialize;

/// Everybody in the care of a tag.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Users {
    /// Namespaces that are labelled with it or hold workloads that it injects, most pods first.
    pub(crate) namespaces: Known<Vec<Namespace>>,
    /// Gateway API gateways that ask for it.
    pub(crate) gateways: Known<Vec<Gateway>>,
}

/// A namespace that uses the tag.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Namespace {
    /// Its name.
    pub(crate) name: String,
    /// Whether its own label asks for the tag; else pods in it do.
    pub(crate) labelled: bool,
    /// Why the label asks in vain, where it does.
    pub(crate) trouble: Option<String>,
    /// Workloads that the tag injects.
    pub(crate) workloads: Known<u32>,
    /// Their living pods.
    pub(crate) pods: Known<u32>,
    /// Those of them that run something else than they would get now.
    pub(crate) old: Known<u32>,
}

/// A gateway that asks for the tag.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Gateway {
    /// Its namespace.
    pub(crate) namespace: String,
    /// Its name.
    pub(crate) name: String,
    /// Whether it is a waypoint.
    pub(crate) waypoint: bool,
    /// Whether istiod makes its Deployment, and so rolls it when the tag moves.
    pub(crate) managed: bool,
    /// Whose istiod that is: `1-26-1`, `none`, `1-26-1 and 1-28-1`, `unknown`.
    pub(crate) made_by: String,
    /// Why.
    pub(crate) reason: String,
}

/// Who uses the tag of this row.
pub(super) fn of(mesh: &Mesh, row: &TagRow, dangling: &[Dangling]) -> Users {
    let tag = row.tag.as_deref().unwrap_or_default();
    Users {
        namespaces: match namespaces(mesh, tag, row, dangling) {
            Ok(found) => Known::Known(found),
            Err(gap) => Known::Unknown(gap),
        },
        gateways: match gateways_of(mesh, tag) {
            Ok(found) => Known::Known(found),
            Err(gap) => Known::Unknown(gap),
        },
    }
}

fn namespaces(
    mesh: &Mesh,
    tag: &str,
    row: &TagRow,
    dangling: &[Dangling],
) -> Result<Vec<Namespace>, Gap> {
    let labelled: BTreeSet<&str> = row
        .namespaces
        .read()
        .map_err(Clone::clone)?
        .iter()
        .map(String::as_str)
        .collect();
    let forecasts = mesh.wiring().and_then(|wiring| forecast(mesh, &wiring));
    let mut sums: BTreeMap<&str, (u32, u32, u32)> =
        labelled.iter().map(|name| (*name, (0, 0, 0))).collect();
    for f in forecasts.iter().flatten().filter(|f| injects(tag, f)) {
        let sum = sums.entry(&f.workload.namespace).or_default();
        *sum = (sum.0 + 1, sum.1 + f.pods, sum.2 + f.behind);
    }
    let known = |n: u32| match &forecasts {
        Ok(_) => Known::Known(n),
        Err(gap) => Known::Unknown(gap.clone()),
    };
    let mut all: Vec<_> = sums.iter().collect();
    all.sort_by_key(|(name, sum)| (std::cmp::Reverse(sum.1), **name));
    let one = |(name, sum): (&&str, &(u32, u32, u32))| Namespace {
        name: (*name).to_owned(),
        labelled: labelled.contains(*name),
        trouble: dangling
            .iter()
            .find(|d| d.namespace == **name && labelled.contains(*name))
            .map(|d| d.reason.clone()),
        workloads: known(sum.0),
        pods: known(sum.1),
        old: known(sum.2),
    };
    Ok(all.into_iter().map(one).collect())
}

/// Whether the tag injects the workload's next pods; the same as counts in the list.
fn injects(tag: &str, forecast: &Forecast) -> bool {
    !matches!(forecast.next, Injected::No { .. })
        && !matches!(forecast.claim, Claim::Unknown { .. })
        && forecast
            .claim
            .claimants()
            .iter()
            .any(|c| c.tag.as_deref() == Some(tag))
}

fn gateways_of(mesh: &Mesh, tag: &str) -> Result<Vec<Gateway>, Gap> {
    let all = mesh.gateways.items().map_err(Clone::clone)?;
    let wiring = mesh.wiring()?;
    let istiods = mesh.istiods_by_revision()?;
    let asking = all.iter().filter(|g| gateways::wants(&wiring, g) == tag);
    Ok(asking
        .map(|g| {
            let by = gateways::resolve(&wiring, &istiods, g);
            Gateway {
                namespace: g.namespace.clone(),
                name: g.name.clone(),
                waypoint: g.waypoint,
                managed: g.managed,
                made_by: by.short(),
                reason: by.reason,
            }
        })
        .collect())
}
