//! Gateways that follow a tag: istiod writes their Deployment the moment it moves.

use mesh_common::{
    check::Severity,
    mesh::gateways::{resolve, wants},
};

use super::verdict;
use crate::{
    check::{More, Verdict, count, finding},
    facts::Facts,
};

pub(super) const ROLL: &str = "MESH2608";

/// Gateway API gateways and waypoints that a tag move rolls at once (`pkg/revisions/tag_watcher.go`, `IsMine`).
pub(super) fn roll(facts: &Facts) -> Verdict {
    let mesh = &facts.mesh;
    let (wiring, istiods) = match (mesh.wiring(), mesh.istiods_by_revision()) {
        (Ok(wiring), Ok(istiods)) => (wiring, istiods),
        (Err(gap), _) | (_, Err(gap)) => return Verdict::gap(&gap),
    };
    let gateways = match mesh.gateways.items() {
        Ok(gateways) => gateways,
        Err(gap) => return Verdict::gap(gap),
    };
    let tags = wiring.tags();
    let found: Vec<_> = gateways
        .iter()
        .filter(|g| g.managed)
        .filter_map(|gateway| {
            let tag = wants(&wiring, gateway);
            if !tags.contains(tag) {
                return None;
            }
            let now = resolve(&wiring, &istiods, gateway);
            // A tag that leads to the target already will not be moved by this upgrade.
            let there = now.one().and_then(|r| istiods.get(r)?.minor());
            let target = facts.upgrade.to.as_ref().map(|t| t.minor);
            if there.is_some() && there >= target && target.is_some() {
                return None;
            }
            let kind = if gateway.waypoint { "waypoint" } else { "gateway" };
            let message = format!(
                "this {kind} follows tag {tag}: its pods are replaced the moment the tag moves"
            );
            let object = format!("gateway/{} -n {}", gateway.name, gateway.namespace);
            Some(
                finding(ROLL, Severity::Warning, object, message)
                    .seen(format!("made by {}: {}", now.short(), now.reason))
                    .hint("label it istio.io/rev=REVISION to take it out of the move, or move the tag in a quiet hour"),
            )
        })
        .collect();
    let n = gateways.len();
    verdict(
        Ok(found),
        &if n == 0 {
            "no Gateway API gateways".to_owned()
        } else {
            format!(
                "none of {} follows a tag that is to move",
                count(n, "gateway")
            )
        },
        |n| format!("{} replaced the moment a tag moves", count(n, "gateway")),
    )
}
