//! Nodes: whether they are ready, cordoned, or under pressure.

use mesh_common::check::Severity;

use super::{all_nodes, object};
use crate::{
    check::{More, Verdict, count, finding},
    facts::Facts,
};

pub(super) const NODES: &str = "MESH2103";

/// Whether pods that restart have somewhere to go.
pub(super) fn ready(facts: &Facts) -> Verdict {
    let nodes = match all_nodes(facts) {
        Ok(nodes) => nodes,
        Err(verdict) => return verdict,
    };
    let unready = nodes.iter().filter(|n| !n.ready).count();
    let cordoned = nodes.iter().filter(|n| n.unschedulable).count();
    let most = |n: usize| n * 2 >= nodes.len();
    let mut found = Vec::new();
    for node in nodes {
        if !node.ready {
            let severity = if most(unready) {
                Severity::Error
            } else {
                Severity::Warning
            };
            let since = node.heartbeat.map_or("no heartbeat".to_owned(), |t| {
                format!("last heartbeat {t:.0}")
            });
            found.push(
                finding(NODES, severity, object(node), "it is not Ready")
                    .seen(since)
                    .hint("pods on it do not restart: wait for it, or drain and remove it\nkubectl get nodes"),
            );
        }
        for pressure in &node.pressures {
            found.push(
                finding(
                    NODES,
                    Severity::Warning,
                    object(node),
                    "it is in trouble, takes no pods and may evict some",
                )
                .seen(format!("{pressure}=True"))
                .hint("free what is short there before you restart pods\nkubectl describe nodes"),
            );
        }
        if node.unschedulable {
            let severity = if most(cordoned) {
                Severity::Warning
            } else {
                Severity::Info
            };
            found.push(
                finding(NODES, severity, object(node), "it is cordoned")
                    .seen("spec.unschedulable: true")
                    .hint("is somebody replacing nodes? finish that first, or uncordon it"),
            );
        }
    }
    let pressed = nodes.iter().filter(|n| !n.pressures.is_empty()).count();
    Verdict::of(
        found,
        format!(
            "{} ready, none cordoned or under pressure",
            count(nodes.len(), "node")
        ),
        |_| {
            let mut parts = vec![format!(
                "{} of {} ready",
                nodes.len() - unready,
                count(nodes.len(), "node")
            )];
            for (n, what) in [(pressed, "under pressure"), (cordoned, "cordoned")] {
                if n > 0 {
                    parts.push(format!("{n} {what}"));
                }
            }
            parts.join(", ")
        },
    )
}

#[cfg(test)]
mod tests {
    use mesh_common::mesh::{Gap, Known, Node, Why};

    use super::{super::CHECKS, *};
    use crate::{
        check::Status,
        made::{facts, nodes, run},
    };

    fn changed(change: impl Fn(&mut Vec<Node>)) -> Verdict {
        let mut facts = facts();
        change(nodes(&mut facts));
        run(CHECKS, NODES, &facts)
    }

    #[test]
    fn a_few_nodes_in_trouble_are_a_warning_and_most_an_error() {
        for (what, change, status, summary) in [
            (
                "fine",
                (|_| {}) as fn(&mut Vec<Node>),
                Status::Ok,
                "3 nodes ready, none cordoned or under pressure",
            ),
            (
                "one not ready",
                |n| n[0].ready = false,
                Status::Warning,
                "2 of 3 nodes ready",
            ),
            (
                "two not ready",
                |n| n.iter_mut().take(2).for_each(|n| n.ready = false),
                Status::Error,
                "1 of 3 nodes ready",
            ),
            (
                "one cordoned",
                |n| n[0].unschedulable = true,
                Status::Info,
                "3 of 3 nodes ready, 1 cordoned",
            ),
            (
                "two cordoned",
                |n| n.iter_mut().take(2).for_each(|n| n.unschedulable = true),
                Status::Warning,
                "3 of 3 nodes ready, 2 cordoned",
            ),
            (
                "pressure",
                |n| n[1].pressures = vec!["DiskPressure".into()],
                Status::Warning,
                "3 of 3 nodes ready, 1 under pressure",
            ),
            ("none", Vec::clear, Status::NotEvaluated, "there is no node"),
        ] {
            let verdict = changed(change);
            assert_eq!(
                (verdict.status, verdict.summary.as_str()),
                (status, summary),
                "{what}"
            );
        }
    }

    #[test]
    fn findings_name_the_node_and_what_was_seen() {
        let verdict = changed(|n| {
            n[0].ready = false;
            n[0].name = "n\u{1b}[31m1".into();
            n[1].pressures = vec!["PIDPressure".into()];
        });
        let seen: Vec<_> = verdict
            .findings
            .iter()
            .map(|f| (f.object.as_str(), f.evidence[0].as_str()))
            .collect();
        assert_eq!(
            seen,
            [
                ("node/n1", "last heartbeat 2025-11-20T11:59:50Z"),
                ("node/node-2", "PIDPressure=True")
            ]
        );
        assert!(verdict.findings.iter().all(|f| f.hint.is_some()));
    }

    #[test]
    fn nodes_that_may_not_be_listed_skip_it() {
        let mut facts = facts();
        facts.mesh.nodes = Known::Unknown(Gap {
            what: "nodes".into(),
            why: Why::Forbidden,
            detail: "may not list nodes".into(),
        });
        for code in [NODES, "MESH2104", "MESH2105", "MESH2106", "MESH2107"] {
            let verdict = run(CHECKS, code, &facts);
            assert_eq!(verdict.status, Status::Skipped, "{code}");
            assert_eq!(verdict.summary, "SKIPPED: may not list nodes", "{code}");
        }
    }
}
