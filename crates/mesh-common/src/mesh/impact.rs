//! What a change of the wiring does to everybody: who rolls now, who changes at the next restart, who stays, what breaks.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::{
    Gap, Mesh, Wiring, Workload, WorkloadKind,
    forecast::{Forecast, Item, Running, forecast},
    gateways::GatewayRevision,
    inject::Injected,
};
use crate::output::Doc;

mod gateway;
mod hard;
mod remedy;
#[cfg(test)]
mod sample;
mod screen;
mod state;
#[cfg(test)]
mod tests;

pub use hard::{Hard, HardKind, Hardship, Restart, hardships, restart};
use remedy::remedy;
use state::{has_ended, is_broken, stay_reason};

/// The difference between two wirings of a mesh, for everybody in it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Impact {
    /// What ends without an injector, or with two, or without an istiod. First those this change breaks.
    pub breaks: Vec<Break>,
    /// Gateway API gateways and waypoints whose Deployment istiod rewrites at once.
    pub rolls_now: Vec<Roll>,
    /// Gateways that change hands too, and whose pods istiod does not make.
    pub unmanaged: Vec<Roll>,
    /// Workloads whose next pods get another proxy.
    pub changes: Vec<Change>,
    /// Those of `changes` and `breaks` that have to restart, and where that is not just a restart.
    pub hard: Vec<Hard>,
    /// Workloads for which it is not known who would inject them.
    pub unknown: Vec<Unknown>,
    /// Everybody else, by reason.
    pub stays: Vec<Stay>,
    /// Workloads that stay, and already run something else than they would get.
    pub behind: Vec<Behind>,
    /// Sums.
    pub totals: Totals,
    /// What could not be looked at, and so is in none of the lists.
    pub gaps: Vec<Gap>,
}

/// A workload whose next pods get another proxy.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Change {
    /// The workload.
    pub workload: Item,
    /// Its living pods.
    pub pods: u32,
    /// Those of them that do not run it yet.
    pub pods_to_change: u32,
    /// What its next pod would get now.
    pub before: Injected,
    /// What its next pod would get afterwards.
    pub after: Injected,
    /// What decides afterwards, in words.
    pub reason: String,
    /// What its pods run.
    pub running: Vec<Running>,
    /// How new pods come about.
    pub restart: Restart,
}

impl Change {
    /// Whether every pod of it runs what it will get: it changes, and nothing has to restart.
    pub fn runs_already(&self) -> bool {
        self.pods > 0 && self.pods_to_change == 0
    }
}

/// Something that ends without an injector, with two, or without an istiod.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Break {
    /// The workload or gateway.
    pub item: Item,
    /// Its living pods.
    pub pods: u32,
    /// What it would get now.
    pub before: String,
    /// What it would get afterwards.
    pub after: String,
    /// Why, in words.
    pub reason: String,
    /// What its pods run.
    pub running: Vec<Running>,
    /// Whether it is broken now already, so that the change is not to blame.
    pub already: bool,
    /// What to do about it.
    pub remedy: String,
    /// The command that does it, where there is one.
    pub command: Option<String>,
}

/// A gateway that goes to another revision.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Roll {
    /// The Gateway.
    pub gateway: Item,
    /// Its class.
    pub class: String,
    /// Whether it is a waypoint.
    pub waypoint: bool,
    /// Who makes it now.
    pub before: GatewayRevision,
    /// Who makes it afterwards.
    pub after: GatewayRevision,
    /// The Deployment istiod made for it.
    pub deployment: Option<Item>,
    /// That Deployment's living pods.
    pub pods: u32,
    /// What they run.
    pub running: Vec<Running>,
    /// What makes rolling it risky.
    pub hard: Vec<Hardship>,
}

/// A workload for which it is not known who would inject it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Unknown {
    /// The workload or gateway.
    pub item: Item,
    /// Its living pods.
    pub pods: u32,
    /// What it would get now.
    pub before: String,
    /// What it would get afterwards.
    pub after: String,
    /// Why it is not known.
    pub reason: String,
}

/// Workloads that stay as they are, for one reason.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Stay {
    /// Why, in words: `injected by 1-26-1: namespace label istio.io/rev=1-26-1`, `ambient namespace`.
    pub reason: String,
    /// What they would get now and afterwards.
    pub next: String,
    /// How many workloads.
    pub workloads: u32,
    /// How many living pods.
    pub pods: u32,
    /// The namespaces they are in.
    pub namespaces: BTreeSet<String>,
}

/// A workload that the change leaves alone, and that runs something else than its next pod would.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Behind {
    /// The workload.
    pub workload: Item,
    /// Pods that do.
    pub pods: u32,
    /// What its pods run.
    pub running: Vec<Running>,
    /// What its next pod would get.
    pub next: String,
    /// Why, in words.
    pub reason: String,
}

/// Sums over an [`Impact`].
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Totals {
    /// Gateways that roll at once.
    pub gateways_rolling: usize,
    /// Pods of those gateways.
    pub gateway_pods: u32,
    /// Namespaces with a workload in `changes`.
    pub namespaces: usize,
    /// Workloads in `changes`.
    pub workloads: usize,
    /// Living pods of `changes` that do not run it yet.
    pub pods: u32,
    /// Workloads and gateways that this change breaks.
    pub breaks: usize,
    /// Workloads and gateways that are broken already.
    pub broken_already: usize,
    /// Workloads in `changes` whose pods all run what they will get: nothing has to restart.
    pub running_already: usize,
    /// Their living pods.
    pub pods_running_already: u32,
    /// Workloads and gateways in `unknown`.
    pub unknown: usize,
    /// Workloads in `stays`.
    pub stays: u32,
    /// Living pods of `stays`.
    pub stays_pods: u32,
}

impl Impact {
    /// What becomes of everybody when `before` turns into `after`.
    ///
    /// # Errors
    /// The workloads are not known. Other gaps are listed in the impact itself.
    pub fn between(mesh: &Mesh, before: &Wiring, after: &Wiring) -> Result<Self, Gap> {
        let now = forecast(mesh, before)?;
        let then = forecast(mesh, after)?;
        let workloads = mesh.workloads.items().map_err(Clone::clone)?;
        let mut impact = Self::default();
        if let Some(gap) = mesh.configs.gap() {
            // Claims still hold; istiod's own policy is then taken to be the charts' default.
            impact.gaps.push(gap.clone());
        }
        impact.add_gateways(mesh, before, after);
        let told = impact.gateways_told();
        let mut stays: BTreeMap<(String, String), Stay> = BTreeMap::new();
        for ((workload, now), then) in workloads.iter().zip(now).zip(then) {
            let of_gateway = workload.gateway.as_deref();
            if of_gateway.is_some_and(|g| told.contains(&(workload.namespace.clone(), g.into()))) {
                continue;
            }
            impact.sort_in(workload, now, then, &mut stays);
        }
        impact.stays = stays.into_values().collect();
        impact.order();
        impact.sum();
        Ok(impact)
    }

    /// Leaves out what is wrong already and elsewhere: a change of these namespaces neither causes nor mends it.
    pub fn only_in(&mut self, namespaces: &BTreeSet<&str>) {
        self.breaks
            .retain(|b| !b.already || namespaces.contains(b.item.namespace.as_str()));
        self.behind
            .retain(|b| namespaces.contains(b.workload.namespace.as_str()));
        self.sum();
    }

    /// All of it on a screen, in the order in which it hurts.
    pub fn show(&self, doc: &mut Doc) {
        screen::impact(doc, self);
    }

    /// Whether the change does nothing to anybody.
    pub fn is_nothing(&self) -> bool {
        self.rolls_now.is_empty()
            && self.unmanaged.is_empty()
            && self.changes.is_empty()
            && self.breaks.iter().all(|b| b.already)
    }

    fn sort_in(
        &mut self,
        workload: &Workload,
        now: Forecast,
        then: Forecast,
        stays: &mut BTreeMap<(String, String), Stay>,
    ) {
        let unknown = |i: &Injected| matches!(i, Injected::Unknown { .. });
        if unknown(&now.next) || unknown(&then.next) {
            let reason = if unknown(&then.next) {
                then.reason
            } else {
                now.reason
            };
            self.unknown.push(Unknown {
                item: then.workload,
                pods: then.pods,
                before: now.next.short(),
                after: then.next.short(),
                reason,
            });
            return;
        }
        if is_broken(&now.next, &then.next) && !has_ended(workload) {
            let already = is_broken(&now.next, &now.next) && now.next.same_as(&then.next);
            if !already {
                self.hard.extend(Hard::of(workload));
            }
            let (remedy, command) = remedy(&then.next, &then.workload);
            self.breaks.push(Break {
                remedy,
                command,
                already,
                item: then.workload,
                pods: then.pods,
                before: now.next.short(),
                after: then.next.short(),
                reason: then.reason,
                running: then.running,
            });
            return;
        }
        if !now.next.same_as(&then.next) && !has_ended(workload) {
            // Nobody has to restart what runs it already.
            if then.pods == 0 || then.behind > 0 {
                self.hard.extend(Hard::of(workload));
            }
            self.changes.push(Change {
                workload: then.workload,
                pods: then.pods,
                pods_to_change: then.behind,
                before: now.next,
                after: then.next,
                reason: then.reason,
                running: then.running,
                restart: restart(workload),
            });
            return;
        }
        let reason = stay_reason(workload, &then);
        let key = (then.next.short(), reason.clone());
        let stay = stays.entry(key).or_insert_with(|| Stay {
            reason,
            next: then.next.short(),
            workloads: 0,
            pods: 0,
            namespaces: BTreeSet::new(),
        });
        stay.workloads += 1;
        stay.pods += then.pods;
        stay.namespaces.insert(then.workload.namespace.clone());
        if then.behind > 0 {
            self.behind.push(Behind {
                workload: then.workload,
                pods: then.behind,
                running: then.running,
                next: then.next.short(),
                reason: then.reason,
            });
        }
    }

    fn order(&mut self) {
        self.breaks
            .sort_by(|a, b| (a.already, b.pods, &a.item).cmp(&(b.already, a.pods, &b.item)));
        self.rolls_now
            .sort_by(|a, b| (b.pods, &a.gateway).cmp(&(a.pods, &b.gateway)));
        self.unmanaged
            .sort_by(|a, b| (b.pods, &a.gateway).cmp(&(a.pods, &b.gateway)));
        self.changes.sort_by(|a, b| {
            (b.pods_to_change, b.pods, &a.workload).cmp(&(a.pods_to_change, a.pods, &b.workload))
        });
        self.hard
            .sort_by(|a, b| (b.pods, &a.workload).cmp(&(a.pods, &b.workload)));
        self.unknown
            .sort_by(|a, b| (b.pods, &a.item).cmp(&(a.pods, &b.item)));
        self.stays
            .sort_by(|a, b| (b.pods, &a.reason).cmp(&(a.pods, &b.reason)));
        self.behind
            .sort_by(|a, b| (b.pods, &a.workload).cmp(&(a.pods, &b.workload)));
    }

    fn sum(&mut self) {
        let namespaces: BTreeSet<_> = self.changes.iter().map(|c| &c.workload.namespace).collect();
        let running = || self.changes.iter().filter(|c| c.runs_already());
        self.totals = Totals {
            gateways_rolling: self.rolls_now.len(),
            gateway_pods: self.rolls_now.iter().map(|r| r.pods).sum(),
            namespaces: namespaces.len(),
            workloads: self.changes.len(),
            pods: self.changes.iter().map(|c| c.pods_to_change).sum(),
            breaks: self.breaks.iter().filter(|b| !b.already).count(),
            broken_already: self.breaks.iter().filter(|b| b.already).count(),
            running_already: running().count(),
            pods_running_already: running().map(|c| c.pods).sum(),
            unknown: self.unknown.len(),
            stays: self.stays.iter().map(|s| s.workloads).sum(),
            stays_pods: self.stays.iter().map(|s| s.pods).sum(),
        };
    }
}
