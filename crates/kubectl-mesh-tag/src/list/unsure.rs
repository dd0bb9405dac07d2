//! Workloads of which it is not known who injects them: webhooks with `matchConditions`.

use std::collections::BTreeSet;

use mesh_common::mesh::{
    Mesh,
    forecast::{Item, forecast},
    inject::{Claim, Injected},
    tags::TagRow,
};
use serde::Serialize;

/// A workload that a tag may or may not have in its care.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Unsure {
    /// The workload.
    pub(crate) workload: Item,
    /// Its living pods.
    pub(crate) pods: u32,
    /// Tags that might inject it.
    pub(crate) tags: BTreeSet<String>,
    /// Revisions that might, by their own name.
    pub(crate) revisions: BTreeSet<String>,
    /// Why it is not known.
    pub(crate) reason: String,
}

impl Unsure {
    /// Whether it could be one of this row's.
    pub(crate) fn concerns(&self, row: &TagRow) -> bool {
        match &row.tag {
            Some(tag) => self.tags.contains(tag),
            None => row.revisions.iter().any(|r| self.revisions.contains(r)),
        }
    }
}

/// All of them. None where the workloads or what decides are not known: those are gaps already.
pub(crate) fn found(mesh: &Mesh) -> Vec<Unsure> {
    let conditional = |i: &mesh_common::mesh::Injector| {
        i.webhooks
            .iter()
            .any(|w| w.match_conditions > 0 && w.on_pod_create)
    };
    if !mesh
        .injectors
        .get()
        .is_some_and(|all| all.iter().any(conditional))
    {
        return Vec::new();
    }
    let forecasts = mesh
        .wiring()
        .and_then(|wiring| forecast(mesh, &wiring))
        .unwrap_or_default();
    let mut unsure = Vec::new();
    for forecast in forecasts {
        let (Claim::Unknown { possible, .. }, Injected::Unknown { reason }) =
            (&forecast.claim, &forecast.next)
        else {
            continue;
        };
        unsure.push(Unsure {
            tags: possible.iter().filter_map(|c| c.tag.clone()).collect(),
            revisions: possible
                .iter()
                .filter(|c| c.tag.is_none())
                .map(|c| c.revision.clone())
                .collect(),
            reason: reason.clone(),
            pods: forecast.pods,
            workload: forecast.workload,
        });
    }
    unsure
}
