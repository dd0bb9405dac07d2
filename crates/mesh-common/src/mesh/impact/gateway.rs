//! Gateways in the impact of a change: they roll at once, unlike everything that waits for a restart.

use std::collections::BTreeSet;

use super::{Break, Impact, Roll, Unknown, hardships};
use crate::mesh::{
    Gateway, Mesh, Wiring, Workload,
    forecast::{self, Item},
    gateways::{self, IstiodsByRevision},
};

impl Impact {
    /// Namespace and name of the gateways that a list tells of already.
    pub(super) fn gateways_told(&self) -> BTreeSet<(String, String)> {
        let rolls = self.rolls_now.iter().chain(&self.unmanaged);
        let items = rolls
            .map(|r| &r.gateway)
            .chain(self.breaks.iter().map(|b| &b.item))
            .chain(self.unknown.iter().map(|u| &u.item));
        items
            .filter(|i| i.kind == "gateway")
            .map(|i| (i.namespace.clone(), i.name.clone()))
            .collect()
    }

    pub(super) fn add_gateways(&mut self, mesh: &Mesh, before: &Wiring, after: &Wiring) {
        let (gateways, istiods) = match (mesh.gateways.items(), mesh.istiods_by_revision()) {
            (Ok(gateways), Ok(istiods)) => (gateways, istiods),
            (gateways, istiods) => {
                // Without Gateways there is nothing to miss, whatever is known of the istiods.
                if gateways.is_ok_and(<[Gateway]>::is_empty) {
                    return;
                }
                self.gaps.extend(gateways.err().cloned());
                self.gaps.extend(istiods.err());
                return;
            }
        };
        for gateway in gateways {
            self.add_gateway(mesh, &istiods, gateway, before, after);
        }
    }

    fn add_gateway(
        &mut self,
        mesh: &Mesh,
        istiods: &IstiodsByRevision,
        gateway: &Gateway,
        before: &Wiring,
        after: &Wiring,
    ) {
        let roll = roll(mesh, istiods, gateway, before, after);
        let (now, then) = (&roll.before, &roll.after);
        if !now.unsure.is_empty() || !then.unsure.is_empty() {
            self.unknown.push(Unknown {
                item: roll.gateway,
                pods: roll.pods,
                before: now.short(),
                after: then.short(),
                reason: then.reason.clone(),
            });
            return;
        }
        let same = now.revisions == then.revisions;
        if then.revisions.len() != 1 {
            self.breaks.push(Break {
                pods: roll.pods,
                before: now.short(),
                after: then.short(),
                reason: then.reason.clone(),
                running: roll.running.clone(),
                already: same,
                remedy: if then.revisions.is_empty() {
                    "label the Gateway istio.io/rev with a revision or tag that exists".into()
                } else {
                    "two istiods would write its Deployment in turns: make its tag point to one revision"
                        .into()
                },
                command: None,
                item: roll.gateway,
            });
        } else if !same && gateway.managed {
            self.rolls_now.push(roll);
        } else if !same {
            self.unmanaged.push(roll);
        }
    }
}

/// The gateway under both wirings, with the Deployment made for it.
fn roll(
    mesh: &Mesh,
    istiods: &IstiodsByRevision,
    gateway: &Gateway,
    before: &Wiring,
    after: &Wiring,
) -> Roll {
    let deployment = mesh.workloads.get().and_then(|w| {
        w.iter().find(|w| {
            w.namespace == gateway.namespace && w.gateway.as_deref() == Some(&gateway.name)
        })
    });
    Roll {
        gateway: Item {
            namespace: gateway.namespace.clone(),
            kind: "gateway".into(),
            name: gateway.name.clone(),
        },
        class: gateway.class.clone(),
        waypoint: gateway.waypoint,
        before: gateways::resolve(before, istiods, gateway),
        after: gateways::resolve(after, istiods, gateway),
        deployment: deployment.map(Item::of),
        pods: deployment.map_or(0, Workload::pod_count),
        running: deployment.map(forecast::running).unwrap_or_default(),
        hard: deployment.map(hardships).unwrap_or_default(),
    }
}
