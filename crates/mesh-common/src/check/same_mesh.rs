//! `same mesh`: source and target are two control planes of one mesh. What makes a mesh must be equal; every other
//! difference is a finding.

mod defaults;
mod diff;
mod identity;
mod others;

use super::{Facts, Finding, Gate, Severity, id, judge::Judge, words};
use identity::Side;

#[cfg(test)]
mod tests;

pub(super) fn gate(facts: &Facts<'_>) -> (Gate, Vec<Finding>) {
    let mut judge = Judge::default();
    let mut findings = Vec::new();
    let target = facts.target.as_str();
    let with: Vec<&str> = match &facts.source {
        Some(source) => vec![source],
        None => facts.beside.iter().map(String::as_str).collect(),
    };
    let with: Vec<&str> = with.into_iter().filter(|r| *r != target).collect();
    if with.is_empty() {
        let open = if facts.source.is_some() {
            format!("the tag points at {target} already")
        } else {
            format!("first promotion: nobody it concerns is on another revision than {target}")
        };
        return (judge.done(id::SAME_MESH, open), findings);
    }
    let configs = match facts.mesh.configs.read() {
        Ok(configs) => configs,
        Err(gap) => {
            judge.gap(gap);
            return (judge.done(id::SAME_MESH, ""), findings);
        }
    };
    let side = |revision| {
        let config = configs.get(revision);
        config
            .map(|config| Side { revision, config })
            .ok_or(revision)
    };
    let mut points = 0;
    for source in &with {
        match (side(source), side(target)) {
            (Ok(old), Ok(new)) => {
                points += identity::compare(facts, &mut judge, old, new);
                findings.extend(others::findings(facts, old, new));
            }
            (old, new) => {
                for revision in [old.err(), new.err()].into_iter().flatten() {
                    judge.doubt(format!("the configuration of {revision} was not found"));
                }
            }
        }
    }
    findings.extend(others::root_cert(facts, target));
    judge.hint(words::command(
        "kubectl get configmaps -n {} -l istio.io/rev={} -o yaml",
        &[&facts.mesh.istio_namespace, target],
    ));
    let to_read = findings
        .iter()
        .filter(|f| f.severity > Severity::Info)
        .count();
    let to_read = match to_read {
        0 => String::new(),
        n => format!("; {} to read", words::count(n, "difference")),
    };
    let open = format!(
        "{} and {target} agree on all {points} points (trust domain, CA root, network, ids, policies){to_read}",
        words::some(&with, 3)
    );
    (judge.done(id::SAME_MESH, open), findings)
}
