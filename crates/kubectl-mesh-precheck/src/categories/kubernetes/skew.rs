//! How far kubelets are from their API server, and from what the target supports.

use mesh_common::{check::Severity, mesh::skew::minor};

use super::{all_nodes, object, range};
use crate::{
    check::{More, Verdict, count, finding},
    facts::Facts,
    route::{Minor, short},
};

pub(super) const SKEW: &str = "MESH2104";

/// Minors that a kubelet may be behind (version-skew policy of Kubernetes); two before 1.25.
const BEHIND: u64 = 3;
const BEHIND_BEFORE_1_25: u64 = 2;

pub(super) fn kubelets(facts: &Facts) -> Verdict {
    let nodes = match all_nodes(facts) {
        Ok(nodes) => nodes,
        Err(verdict) => return verdict,
    };
    let running = match facts.mesh.kubernetes.read() {
        Ok(running) => running,
        Err(gap) => return Verdict::gap(gap),
    };
    let Some(server) = minor(running) else {
        return Verdict::unknown(format!("{running} is no version that can be read"));
    };
    let target = facts.upgrade.to.as_ref().map(|t| t.minor);
    let release = target.and_then(|t| facts.support.release(t));
    let oldest = release.and_then(|r| r.kubernetes.first().copied());
    let mut found = Vec::new();
    let mut unread = 0;
    for node in nodes {
        let Some(kubelet) = minor(&node.kubelet) else {
            unread += 1;
            continue;
        };
        let about = |severity, message: String| {
            finding(SKEW, severity, object(node), message).seen(format!("kubelet {}", node.kubelet))
        };
        if kubelet > server {
            found.push(
                about(
                    Severity::Error,
                    format!("its kubelet is newer than the API server ({running})"),
                )
                .hint("Kubernetes does not support that: upgrade the control plane first"),
            );
        } else if behind(kubelet, server) > allowed(kubelet) {
            found.push(
                about(
                    Severity::Error,
                    format!(
                        "its kubelet is {} older than the API server ({running})",
                        count(
                            usize::try_from(behind(kubelet, server)).unwrap_or(usize::MAX),
                            "minor"
                        ),
                    ),
                )
                .hint(format!(
                    "Kubernetes supports {BEHIND} at most: upgrade the nodes before Istio"
                )),
            );
        } else if let (Some(oldest), Some(release)) = (oldest, release)
            && kubelet < oldest
        {
            found.push(
                about(
                    Severity::Warning,
                    format!(
                        "its kubelet is older than what Istio {release} supports ({})",
                        range(&release.kubernetes)
                    ),
                )
                .hint("upgrade the nodes before Istio"),
            );
        }
    }
    if found.is_empty() && unread > 0 {
        return Verdict::unknown(format!(
            "{} with a kubelet whose version cannot be read",
            count(unread, "node")
        ));
    }
    let all: Vec<Minor> = nodes.iter().filter_map(|n| minor(&n.kubelet)).collect();
    Verdict::of(
        found,
        format!("kubelets {}, API server {running}", spread(&all)),
        |found| {
            format!(
                "{} of {} too far from the API server or the target; kubelets {}, API server {running}",
                found.len(),
                count(nodes.len(), "kubelet"),
                spread(&all)
            )
        },
    )
}

fn behind(kubelet: Minor, server: Minor) -> u64 {
    if kubelet.0 == server.0 {
        server.1.saturating_sub(kubelet.1)
    } else {
        u64::MAX
    }
}

fn allowed(kubelet: Minor) -> u64 {
    if kubelet < (1, 25) {
        BEHIND_BEFORE_1_25
    } else {
        BEHIND
    }
}

/// `1.33`, or `1.31 to 1.33`.
fn spread(all: &[Minor]) -> String {
    match (all.iter().min(), all.iter().max()) {
        (Some(least), Some(most)) if least != most => {
            format!("{} to {}", short(*least), short(*most))
        }
        (Some(only), _) => short(*only),
        _ => "unknown".into(),
    }
}

#[cfg(test)]
mod tests {
    use mesh_common::mesh::Known;

    use super::{super::CHECKS, *};
    use crate::{
        check::Status,
        facts::Target,
        made::{facts, nodes, run},
    };

    #[test]
    fn kubelets_are_held_against_the_server_and_the_target() {
        for (server, kubelet, to, status, word) in [
            ("v1.33.2", "v1.33.2", "1.28.1", Status::Ok, "kubelets 1.33"),
            (
                "v1.33.2",
                "v1.33.9-gke.1",
                "1.28.1",
                Status::Ok,
                "kubelets 1.33",
            ),
            ("v1.33.2", "v1.30.0", "1.28.1", Status::Ok, "1.30 to 1.33"),
            ("v1.33.2", "v1.34.0", "1.28.1", Status::Error, "newer"),
            (
                "v1.33.2",
                "v1.29.0",
                "1.28.1",
                Status::Error,
                "4 minors older",
            ),
            (
                "v1.26.0",
                "v1.24.0",
                "1.20",
                Status::Warning,
                "supports (1.25 to 1.29)",
            ),
            (
                "v1.27.0",
                "v1.24.0",
                "1.20",
                Status::Error,
                "3 minors older",
            ),
            (
                "v1.32.0",
                "v1.30.0",
                "1.30",
                Status::Warning,
                "supports (1.32 to 1.36)",
            ),
            ("v1.33.2", "v1.30.0", "1.99", Status::Ok, "1.30 to 1.33"),
            ("v1.33.2", "odd", "1.28.1", Status::Unknown, "1 node"),
            ("odd", "v1.33.2", "1.28.1", Status::Unknown, "odd"),
        ] {
            let mut facts = facts();
            facts.mesh.kubernetes = Known::Known(server.into());
            facts.upgrade.to = Target::parse(to);
            for node in nodes(&mut facts) {
                node.kubelet = server.into();
            }
            nodes(&mut facts)[0].kubelet = kubelet.into();
            let verdict = run(CHECKS, SKEW, &facts);
            let case = format!("{server} {kubelet} {to}: {verdict:?}");
            assert_eq!(verdict.status, status, "{case}");
            match verdict.findings.first() {
                None => assert!(verdict.summary.contains(word), "{case}"),
                Some(found) => {
                    assert!(found.message.contains(word), "{case}");
                    assert_eq!(found.object, "node/node-1");
                    assert_eq!(found.evidence, [format!("kubelet {kubelet}")]);
                    assert!(found.hint.is_some());
                }
            }
        }
    }
}
