//! CRDs of this cluster against those of the target.

use mesh_common::{check::Finding, mesh::Crd};

use super::changes::window;
use crate::{
    check::{More, Verdict, count, finding},
    facts::Facts,
    route::short,
    rules::crds::{CrdProblem, Crds},
};

pub(super) const STORED: &str = "MESH2506";
pub(super) const GATEWAY_API: &str = "MESH2507";

const GATEWAY_GROUP: &str = ".gateway.networking.k8s.io";

/// Whether the target can read what is stored, and whether there is a way back from what it will store.
pub(super) fn stored(facts: &Facts) -> Verdict {
    look(
        facts,
        STORED,
        "Istio",
        |crd| !crd.name.ends_with(GATEWAY_GROUP),
        Crds::check,
    )
}

/// Whether the Gateway API here is one that the target takes.
pub(super) fn gateway_api(facts: &Facts) -> Verdict {
    let crds = match facts.mesh.crds.items() {
        Ok(crds) => crds,
        Err(gap) => return Verdict::gap(gap),
    };
    if !crds.iter().any(|c| c.name.ends_with(GATEWAY_GROUP)) {
        return Verdict::ok("Gateway API is not installed here");
    }
    look(
        facts,
        GATEWAY_API,
        "Gateway API",
        |crd| crd.name.ends_with(GATEWAY_GROUP),
        |table, crd, from, to| {
            let mut problems = table.check(crd, from, to);
            problems.extend(table.too_old(&crd.name, crd.bundle.as_deref(), to));
            problems
        },
    )
}

fn look(
    facts: &Facts,
    code: &'static str,
    what: &str,
    ours: impl Fn(&Crd) -> bool,
    problems: impl Fn(&Crds, &Crd, (u64, u64), (u64, u64)) -> Vec<CrdProblem>,
) -> Verdict {
    let (from, to) = match window(facts) {
        Ok(window) => window,
        Err(verdict) => return verdict,
    };
    let crds = match facts.mesh.crds.items() {
        Ok(crds) => crds,
        Err(gap) => return Verdict::gap(gap),
    };
    let table = match Crds::load() {
        Ok(table) => table,
        Err(e) => return Verdict::unknown(e.to_string()),
    };
    let mine: Vec<&Crd> = crds.iter().filter(|c| ours(c)).collect();
    let mut found: Vec<Finding> = Vec::new();
    for crd in &mine {
        let each = problems(&table, crd, from, to).into_iter();
        found.extend(each.map(|p| describe(code, crd, &p)));
    }
    found.sort_by_key(|f| std::cmp::Reverse(f.severity));
    let of = |n| format!("{} of {what}", count(n, "CRD"));
    let ok = match mine.len() {
        0 => of(0),
        n => format!("{} fit {}", of(n), short(to)),
    };
    Verdict::of(found, ok, |all| {
        format!("{} on {}", count(all.len(), "remark"), of(mine.len()))
    })
}

fn describe(code: &'static str, crd: &Crd, problem: &CrdProblem) -> Finding {
    let object = format!("crd/{}", crd.name);
    let found = finding(code, problem.severity(), &object, problem.to_string())
        .hint(problem.hint(&crd.name));
    match problem {
        CrdProblem::StoredGone { .. } => found
            .field("status.storedVersions")
            .seen(crd.stored.join(", ")),
        CrdProblem::NotServed { .. } => found
            .field("spec.versions")
            .seen(format!("served: {}", crd.served.join(", "))),
        CrdProblem::NoDowngrade { .. } => found
            .field("spec.versions")
            .seen(format!("stored now: {}", crd.stored.join(", "))),
        CrdProblem::TooOld { .. } => {
            found.field("metadata.annotations[gateway.networking.k8s.io/bundle-version]")
        }
        CrdProblem::Gone | CrdProblem::Unknown => found,
    }
}
