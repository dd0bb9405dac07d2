//! Findings and gates: what stands between a plan and the cluster.
//!
//! A gate is open, closed, unknown or not evaluated, and unknown is never open. Each gate is one pure function
//! over [`Facts`]; [`promote_gates`] and [`rollback_gates`] put them in the order a person reads them.

mod backup;
mod bake;
mod facts;
mod finding;
mod gate;
mod high_availability;
mod image;
mod judge;
mod memory;
mod overlap;
mod parity;
mod policy;
mod quantity;
mod ready;
pub mod report;
mod same_mesh;
mod serves;
mod skew;
mod unused;
mod waiver;
mod way_back;
pub mod words;

#[cfg(test)]
mod made;
#[cfg(test)]
mod tests;

pub use backup::{Backup, Backups, Proof};
pub use facts::{
    Facts, IstioctlFacts, OverlapFacts, ProxySkew, Serving, SkewFacts, istiod_versions,
};
pub use finding::{Finding, Severity};
pub use gate::{Gate, Gates, Verdict, id};
pub use policy::{Loosened, Policy};
pub use quantity::{Cpu, Memory};
pub use report::FailOn;
pub use waiver::{Cve, Waiver};

use crate::mesh::{Known, Mesh};
use judge::not_built;

/// The gates of moving a tag to another revision, in the order they are read.
pub fn promote_gates(facts: &Facts<'_>) -> Gates {
    let (same_mesh, mut findings) = same_mesh::gate(facts);
    let (bake, young) = bake::gate(facts);
    findings.extend(young);
    findings.extend(overlap::findings(facts));
    let gates = vec![
        parity::gate(facts),
        ready::gate(facts),
        serves::gate(facts),
        same_mesh,
        overlap::gate(facts),
        skew::gate(facts),
        way_back::gate(facts),
        bake,
        not_built(id::DRIFT),
        not_built(id::TRAFFIC),
        high_availability::gate(facts),
        memory::gate(facts),
        image::gate(facts),
        backup::gate(facts),
    ];
    Gates::new(gates, findings, facts.policy)
}

/// Whether these two revisions are control planes of one mesh: the gate `same mesh` alone, and the differences that
/// leave them one.
pub fn same_mesh(mesh: &Mesh, source: &str, target: &str) -> (Gate, Vec<Finding>) {
    let policy = Policy::default();
    same_mesh::gate(&Facts {
        mesh,
        policy: &policy,
        tag: String::new(),
        source: Some(source.to_owned()),
        beside: Vec::new(),
        target: target.to_owned(),
        istioctl: IstioctlFacts::NotEvaluated,
        serving: Serving::NotEvaluated,
        overlap: Known::not_read("overlaps"),
        skew: Known::not_read("proxies"),
        without_before_image: Vec::new(),
        removal: None,
        backups: Backups::NotEvaluated,
        cve: None,
    })
}

/// The gates of moving namespaces to a tag or revision: nobody's istioctl is needed, and no tag moves.
pub fn move_gates(facts: &Facts<'_>) -> Gates {
    let gates = vec![
        ready::gate_of_way_back(facts),
        serves::gate(facts),
        overlap::gate(facts),
        skew::gate(facts),
    ];
    Gates::new(gates, overlap::findings(facts), facts.policy)
}

/// The gates of taking such a move back: one injector per pod.
pub fn undo_move_gates(facts: &Facts<'_>) -> Gates {
    Gates::new(
        vec![overlap::gate(facts)],
        overlap::findings(facts),
        facts.policy,
    )
}

/// The gates of the way back: of the state that it restores, and, where it deletes the tag, of those who use it.
pub fn rollback_gates(facts: &Facts<'_>) -> Gates {
    let mut gates = vec![
        ready::gate_of_way_back(facts),
        serves::gate_of_way_back(facts),
        overlap::gate(facts),
    ];
    if let Some(users) = &facts.removal {
        gates.push(unused::gate(&facts.tag, users));
    }
    Gates::new(gates, overlap::findings(facts), facts.policy)
}
