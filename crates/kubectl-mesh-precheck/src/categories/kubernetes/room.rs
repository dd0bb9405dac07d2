//! Free room on the nodes, and whether a second istiod finds a place in it.

use mesh_common::{
    check::{Cpu, Memory, Severity},
    mesh::{Istiod, Known, Node, Requests, Workload, WorkloadKind, skew::minor},
};

use super::all_nodes;
use crate::{
    check::{More, Verdict, count, finding},
    facts::Facts,
};

pub(super) const ROOM: &str = "MESH2106";

/// What the chart requests for istiod where nothing else is set (`istio-discovery/values.yaml`, `resources`).
const DEFAULT: Requests = Requests {
    cpu: 500,
    memory: 2 << 30,
};

/// The nodes that take new pods, and what is free there. Node selectors, affinity and volumes are not looked at.
#[derive(Debug)]
pub(super) struct Room {
    open: Vec<Place>,
    /// Nodes that take none: not ready, cordoned, under pressure, Windows.
    closed: usize,
}

#[derive(Debug)]
struct Place {
    free: Requests,
    pods: u64,
    /// Whether a taint keeps pods away that do not tolerate any.
    tainted: bool,
}

impl Place {
    fn of(node: &Node, requested: mesh_common::mesh::Requested) -> Option<Self> {
        Some(Self {
            free: Requests {
                cpu: node.cpu?.saturating_sub(requested.cpu),
                memory: node.memory?.saturating_sub(requested.memory),
            },
            pods: node.pods?.saturating_sub(requested.pods),
            tainted: !node.taints.is_empty(),
        })
    }

    /// How many such pods fit.
    fn slots(&self, pod: Requests) -> u64 {
        let of = |free: u64, one: u64| free.checked_div(one).unwrap_or(u64::MAX);
        self.pods
            .min(of(self.free.cpu, pod.cpu))
            .min(of(self.free.memory, pod.memory))
    }
}

impl Room {
    pub(super) fn of(facts: &Facts) -> Result<Self, Verdict> {
        let nodes = all_nodes(facts)?;
        let requested = facts.mesh.requested.read().map_err(Verdict::gap)?;
        let (open, closed): (Vec<_>, Vec<_>) = nodes.iter().partition(|n| {
            n.ready && !n.unschedulable && n.pressures.is_empty() && n.os != "windows"
        });
        let places: Vec<_> = open
            .iter()
            .filter_map(|n| Place::of(n, requested.get(&n.name).copied().unwrap_or_default()))
            .collect();
        if places.len() < open.len() {
            return Err(Verdict::unknown(format!(
                "{} without a word on how much it takes",
                count(open.len() - places.len(), "node")
            )));
        }
        Ok(Self {
            open: places,
            closed: closed.len(),
        })
    }

    fn open(&self, tolerates: bool) -> impl Iterator<Item = &Place> {
        self.open.iter().filter(move |f| tolerates || !f.tainted)
    }

    /// How many pods of this size fit on all nodes together.
    pub(super) fn fits(&self, pod: Requests, tolerates: bool) -> u64 {
        let slots = self.open(tolerates).map(|f| f.slots(pod));
        slots.fold(0, u64::saturating_add)
    }

    /// On how many nodes at least one such pod fits.
    fn nodes(&self, pod: Requests, tolerates: bool) -> usize {
        self.open(tolerates).filter(|f| f.slots(pod) > 0).count()
    }

    /// What is free on the nodes without taints, together.
    pub(super) fn sum(&self) -> Requests {
        let each = self.open(false).map(|f| f.free);
        each.fold(Requests::default(), |a, b| a + b)
    }

    /// `3 nodes, 1 of them tainted; 2 take no pods`.
    pub(super) fn words(&self) -> String {
        let tainted = self.open.iter().filter(|f| f.tainted).count();
        let mut text = format!("{} looked at", count(self.open.len(), "node"));
        for (n, what) in [(tainted, "tainted"), (self.closed, "closed to new pods")] {
            if n > 0 {
                text = format!("{text}, {n} {what}");
            }
        }
        text
    }
}

/// `500m CPU and 2Gi`.
pub(super) fn size(requests: Requests) -> String {
    format!("{} CPU and {}", Cpu(requests.cpu), Memory(requests.memory))
}

/// Whether as many istiods as run now find a place beside them: what a canary takes, and an upgrade in place, whose surge
/// is 100 % by default.
pub(super) fn second_istiod(facts: &Facts) -> Verdict {
    let istiods = match facts.mesh.istiods.items() {
        Ok(istiods) => istiods,
        Err(gap) => return Verdict::gap(gap),
    };
    let target = facts.upgrade.to.as_ref().map(|t| t.minor);
    let room = match Room::of(facts) {
        Ok(room) => room,
        Err(verdict) => return verdict,
    };
    let of_target = |i: &&Istiod| i.version.as_deref().and_then(minor) == target;
    if target.is_some()
        && let Some(there) = istiods.iter().find(of_target)
    {
        return Verdict::ok(format!("{} of the target runs already", there.name));
    }
    let sized = istiods.iter().map(|i| (i, replicas(i), pod(facts, i)));
    let Some((istiod, replicas, pod)) = sized.max_by_key(|(_, n, pod)| {
        let all = pod.times(u64::from(*n));
        (all.memory, all.cpu)
    }) else {
        return Verdict::not_evaluated("no istiod runs here whose size could be taken");
    };
    let tolerates = workload(facts, istiod).is_some_and(|w| w.tolerates);
    let fits = room.fits(pod, tolerates);
    let needs = format!("{} of {}", count(replicas as usize, "istiod"), size(pod));
    if fits >= u64::from(replicas) {
        let nodes = room.nodes(pod, tolerates);
        let apart = if istiod.spread && nodes < replicas as usize {
            ", not each on a node of its own"
        } else {
            ""
        };
        return Verdict::ok(format!(
            "{needs} more fit{apart}; {} would take one",
            count(nodes, "node")
        ));
    }
    let (severity, how) = match (fits, scaler(facts)) {
        (0, None) => (Severity::Error, "no room for another istiod of this size"),
        (0, Some(_)) => (
            Severity::Warning,
            "no room for another istiod of this size until a node is added",
        ),
        _ => (
            Severity::Warning,
            "not enough room for as many istiods again",
        ),
    };
    let mut found = finding(
        ROOM,
        severity,
        format!("deployment/{} -n {}", istiod.name, istiod.namespace),
        how,
    )
    .seen(format!("needed: {needs}; room for {fits}"))
    .seen(room.words())
    .hint(
        "add a node or free room first; what would not fit stays Pending\nkubectl describe nodes",
    );
    if let Some(name) = scaler(facts) {
        found = found.seen(format!("{name} may add nodes"));
    }
    Verdict::of(vec![found], "", |_| {
        format!(
            "{needs} more do not fit: room for {fits} on {}",
            room.words()
        )
    })
}

/// Replicas of a canary of the same size: what is wanted now, an autoscaler's least included.
fn replicas(istiod: &Istiod) -> u32 {
    let least = match &istiod.hpa {
        Known::Known(Some(hpa)) => hpa.min,
        _ => 1,
    };
    istiod.replicas.max(least).max(1)
}

/// What one pod of it requests: as it runs with all its containers, the chart's default for what is not set.
fn pod(facts: &Facts, istiod: &Istiod) -> Requests {
    let set = istiod.resources.requests();
    let or = |set: u64, default: u64| if set == 0 { default } else { set };
    let own = Requests {
        cpu: or(set.cpu, DEFAULT.cpu),
        memory: or(set.memory, DEFAULT.memory),
    };
    let running = workload(facts, istiod).and_then(|w| w.requests);
    own.max(running.unwrap_or_default())
}

fn workload<'a>(facts: &'a Facts, istiod: &Istiod) -> Option<&'a Workload> {
    facts.mesh.workloads.get()?.iter().find(|w| {
        w.kind == WorkloadKind::Deployment
            && w.namespace == istiod.namespace
            && w.name == istiod.name
    })
}

/// What adds nodes here, as far as it runs in the cluster.
fn scaler(facts: &Facts) -> Option<String> {
    let workloads = facts.mesh.workloads.get()?;
    let is_one = |w: &&Workload| {
        w.kind == WorkloadKind::Deployment
            && (w.name.contains("cluster-autoscaler") || w.name == "karpenter")
    };
    Some(workloads.iter().find(is_one)?.short())
}

#[cfg(test)]
mod tests;
