//! What runs the containers, where Kubernetes' own documents have something to say about it.

use std::collections::BTreeMap;

use mesh_common::{
    check::{Finding, Severity},
    mesh::{Node, skew::minor},
};

use super::{all_nodes, object};
use crate::{
    check::{More, Verdict, count, finding},
    facts::Facts,
};

pub(super) const RUNTIME: &str = "MESH2105";

/// Versions named per runtime.
const NAMED: usize = 3;

pub(super) fn runtimes(facts: &Facts) -> Verdict {
    let nodes = match all_nodes(facts) {
        Ok(nodes) => nodes,
        Err(verdict) => return verdict,
    };
    if nodes.iter().all(|n| n.runtime.is_empty()) {
        return Verdict::unknown("no node says what runs its containers");
    }
    let found: Vec<_> = nodes.iter().filter_map(judge).collect();
    let here = words(nodes);
    Verdict::of(found, here.clone(), |found| {
        format!("{here}; {} to look at", count(found.len(), "node"))
    })
}

fn judge(node: &Node) -> Option<Finding> {
    let (name, version) = node.runtime.split_once("://")?;
    let kubelet = minor(&node.kubelet)?;
    let about = |severity, message: &str, hint: &str| {
        finding(RUNTIME, severity, object(node), message)
            .seen(node.runtime.clone())
            .seen(format!("kubelet {}", node.kubelet))
            .hint(hint)
    };
    match (name, minor(version)) {
        // Kubernetes 1.24 took dockershim out of the kubelet.
        ("docker", _) if kubelet < (1, 24) => Some(about(
            Severity::Warning,
            "it runs Docker by dockershim, which Kubernetes 1.24 removed",
            "move the node to containerd or CRI-O",
        )),
        ("docker", _) => Some(about(
            Severity::Info,
            "it runs Docker by cri-dockerd",
            "for ambient istio-cni must be told where Docker has its network namespaces: cni.cniNetnsDir",
        )),
        // Kubernetes 1.26 speaks CRI v1 only, and containerd has that since 1.6.
        ("containerd", Some(version)) if version < (1, 6) && kubelet >= (1, 26) => Some(about(
            Severity::Warning,
            "its containerd is older than 1.6, the first that Kubernetes 1.26 and later can talk to",
            "upgrade containerd on the node",
        )),
        ("containerd", Some(version)) if version < (2, 0) && kubelet >= (1, 36) => Some(about(
            Severity::Info,
            "its containerd is 1.x, which Kubernetes has announced to support up to 1.35",
            "upgrade containerd on the node before the next upgrade of Kubernetes",
        )),
        ("cri-o", Some(version)) if version != kubelet => Some(about(
            Severity::Info,
            "its CRI-O is of another minor than its kubelet",
            "CRI-O goes with the Kubernetes of the same minor",
        )),
        _ => None,
    }
}

/// `containerd 1.7.22, 2.0.5 on 5 nodes; cri-o 1.33.0 on 1 node`.
fn words(nodes: &[Node]) -> String {
    let mut all: BTreeMap<&str, (Vec<&str>, usize)> = BTreeMap::new();
    for node in nodes {
        let (name, version) = match node.runtime.split_once("://") {
            Some(parts) => parts,
            None if node.runtime.is_empty() => ("unknown", ""),
            None => (node.runtime.as_str(), ""),
        };
        let (versions, nodes) = all.entry(name).or_default();
        if !version.is_empty() && !versions.contains(&version) {
            versions.push(version);
        }
        *nodes += 1;
    }
    let each = all.into_iter().map(|(name, (mut versions, nodes))| {
        versions.sort_unstable();
        let more = versions.len().saturating_sub(NAMED);
        versions.truncate(NAMED);
        let mut text = format!("{name} {}", versions.join(", "));
        if more > 0 {
            text = format!("{text} and {more} more");
        }
        format!("{} on {}", text.trim_end(), count(nodes, "node"))
    });
    mesh_common::output::clean(&each.collect::<Vec<_>>().join("; "), 200)
}

#[cfg(test)]
mod tests {
    use super::{super::CHECKS, *};
    use crate::{
        check::Status,
        made::{facts, nodes, run},
    };

    #[test]
    fn only_what_kubernetes_says_is_said() {
        for (runtime, kubelet, severity, word) in [
            ("containerd://2.0.5", "v1.33.2", None, ""),
            ("containerd://1.7.22", "v1.35.0", None, ""),
            (
                "containerd://1.7.22",
                "v1.36.0",
                Some(Severity::Info),
                "1.x",
            ),
            (
                "containerd://1.5.9",
                "v1.26.0",
                Some(Severity::Warning),
                "1.6",
            ),
            ("containerd://1.5.9", "v1.25.0", None, ""),
            (
                "docker://20.10.1",
                "v1.23.0",
                Some(Severity::Warning),
                "dockershim",
            ),
            (
                "docker://24.0.7",
                "v1.33.0",
                Some(Severity::Info),
                "cri-dockerd",
            ),
            ("cri-o://1.33.1", "v1.33.2", None, ""),
            (
                "cri-o://1.32.1",
                "v1.33.2",
                Some(Severity::Info),
                "another minor",
            ),
            ("youki://0.1", "v1.33.2", None, ""),
            ("odd", "v1.33.2", None, ""),
            ("containerd://odd", "odd", None, ""),
        ] {
            let mut facts = facts();
            nodes(&mut facts)[0].runtime = runtime.into();
            nodes(&mut facts)[0].kubelet = kubelet.into();
            let verdict = run(CHECKS, RUNTIME, &facts);
            let case = format!("{runtime} {kubelet}: {verdict:?}");
            let found = verdict.findings.first();
            assert_eq!(found.map(|f| f.severity), severity, "{case}");
            if let Some(found) = found {
                assert!(found.message.contains(word), "{case}");
                assert_eq!(found.object, "node/node-1");
                assert_eq!(found.evidence[0], runtime);
                assert!(found.hint.is_some());
            }
        }
    }

    #[test]
    fn what_runs_is_summed_up() {
        let mut facts = facts();
        assert_eq!(
            run(CHECKS, RUNTIME, &facts).summary,
            "containerd 2.0.5 on 3 nodes"
        );
        nodes(&mut facts)[0].runtime = "containerd://1.7.22".into();
        nodes(&mut facts)[1].runtime = "cri-o://1.33.0".into();
        let verdict = run(CHECKS, RUNTIME, &facts);
        assert_eq!(
            (verdict.status, verdict.summary.as_str()),
            (
                Status::Ok,
                "containerd 1.7.22, 2.0.5 on 2 nodes; cri-o 1.33.0 on 1 node"
            )
        );
        for node in nodes(&mut facts) {
            node.runtime.clear();
        }
        assert_eq!(run(CHECKS, RUNTIME, &facts).status, Status::Unknown);
    }
}
