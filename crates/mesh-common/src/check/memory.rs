//! `memory`: istiod asks for what an upgrade needs. What it really uses is a question to metrics, not built yet.

use super::{Cpu, Facts, Gate, Memory, id, judge::Judge, words};
use crate::mesh::{Istiod, Node};

pub(super) fn gate(facts: &Facts<'_>) -> Gate {
    let mut judge = Judge::default();
    let target = &facts.target;
    let istiods = match facts.istiods(target) {
        Ok(istiods) => istiods,
        Err(gap) => {
            judge.gap(gap);
            return judge.done(id::MEMORY, "");
        }
    };
    if istiods.is_empty() {
        judge.close(format!("there is no istiod of {target}"));
    }
    let mut open = Vec::new();
    for istiod in istiods {
        open.push(requests(facts, &mut judge, istiod));
        limits(&mut judge, istiod);
        room(facts, &mut judge, istiod);
    }
    judge.note("working set: not evaluated (not built yet)");
    judge.done(id::MEMORY, open.join("; "))
}

fn requests(facts: &Facts<'_>, judge: &mut Judge, istiod: &Istiod) -> String {
    let (cpu, memory) = (facts.policy.cpu_request, facts.policy.memory_request);
    let resources = &istiod.resources;
    let is = format!(
        "requests {} CPU and {} memory",
        resources
            .cpu_request
            .map_or_else(|| "no".into(), |c| Cpu(c).to_string()),
        resources
            .memory_request
            .map_or_else(|| "no".into(), |m| Memory(m).to_string())
    );
    if resources.cpu_request < Some(cpu.0) || resources.memory_request < Some(memory.0) {
        judge.close(format!("{} {is}, {cpu} and {memory} wanted", istiod.name));
        judge.hint(words::command(
            "kubectl set resources -n {} deployment/{} -c discovery --requests=cpu={},memory={}",
            &[
                &istiod.namespace,
                &istiod.name,
                &cpu.to_string(),
                &memory.to_string(),
            ],
        ));
    }
    format!("{is}, {cpu} and {memory} wanted")
}

fn limits(judge: &mut Judge, istiod: &Istiod) {
    let resources = &istiod.resources;
    match resources.memory_limit {
        None => judge.note(format!(
            "{} has no memory limit: GOMEMLIMIT is all that the node has, so the node's room counts",
            istiod.name
        )),
        Some(limit) => {
            judge.note(format!("{} is killed at {}", istiod.name, Memory(limit)));
            if Some(limit) < resources.memory_request {
                judge.close(format!("{} has a memory limit below its request", istiod.name));
            }
        }
    }
    if let Some(limit) = resources.cpu_limit {
        judge.note(format!(
            "{} is throttled at {} CPU",
            istiod.name,
            Cpu(limit)
        ));
    }
}

/// Whether a node could hold it at all. What else asks for room there is not counted.
fn room(facts: &Facts<'_>, judge: &mut Judge, istiod: &Istiod) {
    let nodes = match facts.mesh.nodes.items() {
        Ok(nodes) => nodes,
        Err(gap) => {
            return judge.note(format!("room on the nodes is not known: {}", gap.detail));
        }
    };
    let Some(request) = istiod.resources.memory_request else {
        return;
    };
    let ready: Vec<&Node> = nodes.iter().filter(|n| n.ready).collect();
    let fits = ready
        .iter()
        .filter(|n| n.memory.is_some_and(|m| m >= request))
        .count();
    let unknown = ready.iter().filter(|n| n.memory.is_none()).count();
    if fits == 0 && unknown == 0 {
        judge.close(format!("no ready node has {} to allocate", Memory(request)));
    } else {
        judge.note(format!(
            "{fits} of {} ready nodes could hold {} (what else runs there is not counted)",
            ready.len(),
            Memory(request)
        ));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::{
        Verdict,
        made::{Change, Made, changed, forbidden},
    };
    use crate::mesh::Resources;

    const GI: u64 = 1 << 30;

    #[test]
    fn istiod_asks_for_enough() {
        let cases: Vec<(&str, Change, Verdict, &str)> = vec![
            (
                "as wanted",
                changed(|_| {}),
                Verdict::Open,
                "requests 500m CPU and 2Gi memory, 500m and 2Gi wanted",
            ),
            (
                "too little",
                changed(|m| m.target().resources.memory_request = Some(GI / 2)),
                Verdict::Closed,
                "requests 500m CPU and 512Mi memory, 500m and 2Gi wanted",
            ),
            (
                "nothing",
                changed(|m| m.target().resources = Resources::default()),
                Verdict::Closed,
                "requests no CPU and no memory",
            ),
            (
                "a limit below the request",
                changed(|m| m.target().resources.memory_limit = Some(GI)),
                Verdict::Closed,
                "limit below its request",
            ),
            (
                "a limit",
                changed(|m| m.target().resources.memory_limit = Some(4 * GI)),
                Verdict::Open,
                "2Gi memory",
            ),
            (
                "small nodes",
                changed(|m| m.nodes().iter_mut().for_each(|n| n.memory = Some(GI))),
                Verdict::Closed,
                "no ready node has 2Gi to allocate",
            ),
            (
                "nodes forbidden",
                changed(|m| m.mesh.nodes = forbidden("nodes")),
                Verdict::Open,
                "2Gi memory",
            ),
            (
                "no istiod",
                changed(|m| m.istiods().clear()),
                Verdict::Closed,
                "no istiod of 1-28-1",
            ),
            (
                "istiods forbidden",
                changed(|m| m.mesh.istiods = forbidden("deployments")),
                Verdict::Unknown,
                "deployments could not be read",
            ),
        ];
        for (name, change, verdict, summary) in cases {
            for mut made in [Made::live(), Made::rehearsal()] {
                change(&mut made);
                let gate = gate(&made.facts());
                assert_eq!(gate.verdict, verdict, "{name}: {}", gate.summary);
                assert!(gate.summary.contains(summary), "{name}: {}", gate.summary);
                let says = |text: &str| gate.evidence.iter().any(|e| e.contains(text));
                let is_read = name != "istiods forbidden";
                assert_eq!(says("working set: not evaluated"), is_read, "{name}");
                if name == "as wanted" {
                    assert!(says("no memory limit: GOMEMLIMIT"), "{name}");
                }
                if name == "nodes forbidden" {
                    assert!(says("room on the nodes is not known"), "{name}");
                }
            }
        }
    }
}
