//! The cluster under the mesh.

use mesh_common::{check::Severity, mesh::skew::minor};

use crate::{
    check::{Category, Check, More, Verdict, finding},
    facts::Facts,
    route::{Minor, short},
};

const VERSION: &str = "MESH2101";

pub(super) const CHECKS: &[Check] = &[Check {
    code: VERSION,
    title: "server version",
    category: Category::Kubernetes,
    fatal: false,
    heals: false,
    run: version,
}];

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
        "go to a release of Istio that supports this Kubernetes; see the route above"
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
}
