//! What a restart would hurt.

mod gateways;
mod templates;

use mesh_common::{
    check::{Finding, Severity},
    mesh::{
        Workload,
        impact::{HardKind, hardships},
    },
};

use crate::{
    check::{Category, Check, More, Verdict, count, finding},
    facts::Facts,
};

const SINGLE: &str = "MESH2601";
const BUDGET: &str = "MESH2602";
const HARD: &str = "MESH2603";

const fn check(
    code: &'static str,
    title: &'static str,
    heals: bool,
    run: fn(&Facts) -> Verdict,
) -> Check {
    Check {
        code,
        title,
        category: Category::Workloads,
        fatal: false,
        heals,
        run,
    }
}

pub(super) const CHECKS: &[Check] = &[
    check(SINGLE, "replicas", false, single),
    check(BUDGET, "disruption budgets", false, budgets),
    check(HARD, "hard to restart", false, hard),
    check(
        templates::HOST,
        "host network",
        false,
        templates::host_network,
    ),
    check(templates::IMAGE, "proxy images", false, templates::images),
    check(
        templates::PROBES,
        "readiness probes",
        false,
        templates::probes,
    ),
    check(templates::HOLD, "start order", false, templates::hold),
    check(gateways::ROLL, "gateways by tag", false, gateways::roll),
    check(
        templates::FLIGHT,
        "rollouts in flight",
        true,
        templates::flight,
    ),
];

/// Workloads whose pods have a proxy: those that a restart is for.
fn meshed(facts: &Facts) -> Result<Vec<&Workload>, Verdict> {
    let all = facts.mesh.workloads.read().map_err(Verdict::gap)?;
    let has_proxy = |w: &&Workload| w.pods.iter().any(|g| g.pods > 0 && g.proxy.is_some());
    Ok(all.iter().filter(has_proxy).collect())
}

/// `deployment/web -n shop`.
fn object(workload: &Workload) -> String {
    format!("{} -n {}", workload.short(), workload.namespace)
}

/// Findings for the hardships of these kinds.
fn hardness(
    facts: &Facts,
    code: &'static str,
    kinds: &[HardKind],
) -> Result<Vec<Finding>, Verdict> {
    let mut found = Vec::new();
    for workload in meshed(facts)? {
        for hardship in hardships(workload) {
            if !kinds.contains(&hardship.kind) {
                continue;
            }
            let severity = match hardship.kind {
                HardKind::NextRun | HardKind::ForeignOwner => Severity::Info,
                _ => Severity::Warning,
            };
            found.push(
                finding(code, severity, object(workload), hardship.why)
                    .seen(count(workload.pod_count() as usize, "pod"))
                    .hint(hardship.remedy),
            );
        }
    }
    Ok(found)
}

fn verdict(
    found: Result<Vec<Finding>, Verdict>,
    ok: &str,
    what: impl FnOnce(usize) -> String,
) -> Verdict {
    match found {
        Ok(found) => Verdict::of(found, ok, |all| what(all.len())),
        Err(verdict) => verdict,
    }
}

fn single(facts: &Facts) -> Verdict {
    verdict(
        hardness(facts, SINGLE, &[HardKind::SingleReplica]),
        "every workload with a proxy has two replicas or more",
        |n| {
            format!(
                "{} with one replica: a restart that goes wrong is an outage",
                count(n, "workload")
            )
        },
    )
}

/// Budgets that block an eviction, and workloads without one: a rollout does not ask them, a drain does.
fn budgets(facts: &Facts) -> Verdict {
    let blocked = hardness(facts, BUDGET, &[HardKind::Budget, HardKind::BudgetUnknown]);
    let mut found = match blocked {
        Ok(found) => found,
        Err(verdict) => return verdict,
    };
    let blocking = found.len();
    let Ok(meshed) = meshed(facts) else {
        return verdict(Ok(found), "", |_| String::new());
    };
    let unknown = meshed.iter().find_map(|w| w.pdbs.gap());
    if let Some(gap) = unknown {
        return Verdict::gap(gap);
    }
    let bare = meshed
        .iter()
        .filter(|w| w.replicas.is_some_and(|n| n > 1) && w.pdbs.get().is_some_and(Vec::is_empty));
    for workload in bare {
        found.push(
            finding(
                BUDGET,
                Severity::Info,
                object(workload),
                "no budget: a node drain during the upgrade may take all its pods at once",
            )
            .hint("give it a PodDisruptionBudget that keeps one pod"),
        );
    }
    let bare = found.len() - blocking;
    Verdict::of(
        found,
        "every workload with a proxy has a budget that lets one pod go",
        |_| {
            format!(
                "{} that block, {} without one",
                count(blocking, "budget"),
                count(bare, "workload")
            )
        },
    )
}

fn hard(facts: &Facts) -> Verdict {
    let kinds = [
        HardKind::Ownerless,
        HardKind::OnDelete,
        HardKind::Partition,
        HardKind::Recreate,
        HardKind::NextRun,
        HardKind::ForeignOwner,
    ];
    let found = hardness(facts, HARD, &kinds).map(|mut found| {
        found.extend(templates::never(facts, HARD));
        found
    });
    verdict(
        found,
        "a rollout restart reaches every workload with a proxy",
        |n| {
            format!(
                "a rollout restart is not enough for {}",
                count(n, "workload")
            )
        },
    )
}

#[cfg(test)]
mod tests;
