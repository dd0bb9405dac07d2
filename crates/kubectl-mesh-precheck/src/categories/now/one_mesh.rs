//! MESH2306: revisions that run side by side are control planes of one mesh.

use mesh_common::{
    check::{self, Finding, Severity},
    mesh::{Gap, Why},
    shell,
};

use super::{but_for, first, running, some};
use crate::{
    check::{More, Verdict, count, finding},
    facts::Facts,
};

pub(super) const CODE: &str = "MESH2306";

pub(super) fn run(facts: &Facts) -> Verdict {
    let istiods = match facts.mesh.istiods.items() {
        Ok(istiods) => istiods,
        Err(gap) => return Verdict::gap(gap),
    };
    let mut revisions: Vec<&str> = match running(facts) {
        Ok(all) => all.iter().map(|r| r.istiod.revision.as_str()).collect(),
        Err(gap) => return Verdict::gap(gap),
    };
    // The oldest first, and those of unknown version too.
    revisions.extend(istiods.iter().map(|i| i.revision.as_str()));
    let mut seen = std::collections::BTreeSet::new();
    revisions.retain(|r| seen.insert(*r));
    let Some((oldest, others)) = revisions.split_first() else {
        return Verdict::not_evaluated("there is no istiod");
    };
    if others.is_empty() {
        return Verdict::ok(format!("{oldest} is the only revision"));
    }
    if let Err(gap) = facts.mesh.configs.read() {
        return Verdict::gap(gap);
    }
    let mut findings: Vec<Finding> = Vec::new();
    let mut gaps = Vec::new();
    let mut differences = 0;
    for other in others {
        let (gate, beside) = check::same_mesh(&facts.mesh, oldest, other);
        differences += beside
            .iter()
            .filter(|f| f.severity > Severity::Info)
            .count();
        match gate.verdict {
            check::Verdict::Open | check::Verdict::NotEvaluated => {}
            check::Verdict::Unknown => gaps.push(Gap {
                what: "mesh configuration".into(),
                why: Why::Failed,
                detail: gate.summary,
            }),
            check::Verdict::Closed => findings.push(differ(facts, oldest, other, gate)),
        }
    }
    let ok = format!(
        "{} agree on trust domain, root namespace, CA, network and ids{}",
        some(&revisions),
        match differences {
            0 => String::new(),
            n => format!("; {} in their configuration", count(n, "other difference")),
        }
    );
    but_for(Verdict::of(findings, ok, first), &gaps)
}

fn differ(facts: &Facts, oldest: &str, other: &str, gate: check::Gate) -> Finding {
    let config = facts.mesh.configs.get().and_then(|c| c.get(other));
    let map = config.map_or("istio", |c| c.config_map.as_str());
    let namespace = &facts.mesh.istio_namespace;
    let message = format!("{oldest} and {other} are not one mesh: {}", gate.summary);
    // Points that agree are evidence of the gate; here only those count that do not.
    let wrong = gate.evidence.into_iter().filter(|e| e.contains(other));
    let mut found = finding(
        CODE,
        Severity::Error,
        format!("configmap/{map} -n {namespace}"),
        message,
    );
    for line in wrong {
        found = found.seen(line);
    }
    let own = config_map(facts, oldest);
    found.hint(shell::command(
        "kubectl -n {} get configmap {} {} -o yaml",
        &[namespace, &own, map],
    ))
}

fn config_map(facts: &Facts, revision: &str) -> String {
    let config = facts.mesh.configs.get().and_then(|c| c.get(revision));
    config.map_or_else(|| "istio".into(), |c| c.config_map.clone())
}
