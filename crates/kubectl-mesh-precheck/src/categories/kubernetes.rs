//! The cluster under the mesh.

mod api;
mod clock;
mod nodes;
mod room;
mod runtime;
mod skew;
mod surge;

use mesh_common::{
    check::Severity,
    mesh::{Node, skew::minor},
};

use crate::{
    check::{Category, Check, More, Verdict, finding},
    facts::Facts,
    route::{Minor, short},
};

const VERSION: &str = "MESH2101";

const fn check(
    code: &'static str,
    title: &'static str,
    heals: bool,
    run: fn(&Facts) -> Verdict,
) -> Check {
    Check {
        code,
        title,
        category: Category::Kubernetes,
        fatal: false,
        heals,
        run,
    }
}

pub(super) const CHECKS: &[Check] = &[
    check(VERSION, "server version", false, version),
    check(api::API, "API server", true, api::healthy),
    check(nodes::NODES, "nodes", true, nodes::ready),
    check(skew::SKEW, "kubelet skew", false, skew::kubelets),
    check(
        runtime::RUNTIME,
        "container runtime",
        false,
        runtime::runtimes,
    ),
    check(
        room::ROOM,
        "room for a second istiod",
        true,
        room::second_istiod,
    ),
    check(
        surge::SURGE,
        "room for a full restart",
        true,
        surge::restart,
    ),
    check(clock::CLOCK, "clock", true, clock::clocks),
];

/// The nodes, or what a check comes to without them.
fn all_nodes(facts: &Facts) -> Result<&[Node], Verdict> {
    let nodes = facts.mesh.nodes.items().map_err(Verdict::gap)?;
    if nodes.is_empty() {
        return Err(Verdict::not_evaluated("there is no node"));
    }
    Ok(nodes)
}

/// `node/node-1`.
fn object(node: &Node) -> String {
    format!("node/{}", node.name)
}

/// Whether the target's support table has this Kubernetes.
fn version(facts: &Facts) -> Verdict {
    let running = match facts.mesh.kubernetes.read() {
        Ok(version) => version,
        Err(gap) => return Verdict::gap(gap),
    };
    let Some(target) = &facts.upgrade.to else {
        return Verdict::not_evaluated(format!("{running}; no target to hold it against"));
    };
    let Some(here) = minor(running) else {
        return Verdict::unknown(format!("{running} is no version that can be read"));
    };
    let Some(release) = facts.support.release(target.minor) else {
        return Verdict::unknown(format!(
            "{} does not have Istio {}: give a newer one with --support-table",
            facts.support.source,
            short(target.minor)
        ));
    };
    let range = range(&release.kubernetes);
    if release.kubernetes.contains(&here) {
        return Verdict::ok(format!("{running}, and Istio {release} supports {range}"));
    }
    let tested = release.tested.contains(&here);
    let (severity, how) = if tested {
        (
            Severity::Warning,
            "was tested on it, and does not support it",
        )
    } else {
        (Severity::Error, "does not support it")
    };
    let newest = release
        .kubernetes
        .last()
        .is_some_and(|newest| here > *newest);
    let hint = if newest {
        "go to a release of Istio that supports this Kubernetes"
    } else {
        "upgrade Kubernetes first, or go to an older release of Istio"
    };
    let message = format!("Kubernetes {running}: Istio {release} {how}, only {range}");
    let found = finding(VERSION, severity, "the API server", message.clone())
        .seen(format!("gitVersion: {running}"))
        .seen(format!("supported by {}: {range}", facts.support.source))
        .hint(hint);
    Verdict::of(vec![found], "", |_| message)
}

/// `1.30 to 1.34`.
fn range(all: &[Minor]) -> String {
    match (all.first(), all.last()) {
        (Some(first), Some(last)) if first != last => {
            format!("{} to {}", short(*first), short(*last))
        }
        (Some(only), _) => short(*only),
        _ => "none".into(),
    }
}

#[cfg(test)]
mod tests {
    use mesh_common::mesh::Known;

    use super::*;
    use crate::{
        check::Status,
        facts::Target,
        made::{facts, run},
    };

    #[test]
    fn a_kubernetes_is_held_against_the_target() {
        for (kubernetes, to, status) in [
            ("v1.33.2", "1.28.1", Status::Ok),
            ("v1.33.2-gke.100", "1.28", Status::Ok),
            ("v1.28.1", "1.28.1", Status::Warning),
            ("v1.20.0", "1.28.1", Status::Error),
            ("v1.36.0", "1.28.1", Status::Error),
            ("v1.33.2", "1.99", Status::Unknown),
            ("strange", "1.28.1", Status::Unknown),
        ] {
            let mut facts = facts();
            facts.mesh.kubernetes = Known::Known(kubernetes.into());
            facts.upgrade.to = Target::parse(to);
            let verdict = run(CHECKS, VERSION, &facts);
            assert_eq!(
                verdict.status, status,
                "{kubernetes} {to}: {}",
                verdict.summary
            );
        }
    }

    #[test]
    fn an_empty_cluster_has_no_faults() {
        let facts = crate::made::empty();
        let findings = CHECKS.iter().flat_map(|c| (c.run)(&facts).findings);
        assert_eq!(findings.count(), 0);
    }

    #[test]
    fn the_healthy_mesh_is_fine() {
        for check in CHECKS {
            let verdict = (check.run)(&facts());
            assert_eq!(verdict.status, Status::Ok, "{}: {verdict:?}", check.code);
        }
    }
}
