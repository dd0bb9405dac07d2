//! Traffic redirection and nodes.

mod istio_cni;
mod native;
mod others;
mod security;
mod ztunnel;

use std::collections::BTreeMap;

use mesh_common::{
    check::{Finding, Severity},
    mesh::{Known, Mesh, Namespace, NodeAgent, RevisionConfig, gateways::RevisionIstiods, label},
    shell,
};
use serde_json::Value;

use crate::{
    check::{Category, Check, More, Verdict, finding},
    facts::Facts,
    route::Minor,
};

const fn check(
    code: &'static str,
    title: &'static str,
    heals: bool,
    run: fn(&Facts) -> Verdict,
) -> Check {
    Check {
        code,
        title,
        category: Category::Cni,
        fatal: false,
        heals,
        run,
    }
}

pub(super) const CHECKS: &[Check] = &[
    check(istio_cni::CNI, "istio-cni", true, istio_cni::agents),
    check(ztunnel::ZTUNNEL, "ztunnel", true, ztunnel::agents),
    check(others::OTHERS, "other CNIs", false, others::list),
    check(
        security::SECURITY,
        "Pod Security",
        false,
        security::namespaces,
    ),
    check(native::NATIVE, "native sidecars", false, native::sidecars),
];

/// The settings of an injector that say that istio-cni redirects, not an init container: those that its template reads in
/// this release (`istio-discovery/files/injection-template.yaml`).
fn cni_keys(version: Option<Minor>) -> &'static [&'static str] {
    match version {
        Some(version) if version < (1, 22) => &["istio_cni"],
        Some(version) if version >= (1, 24) => &["pilot.cni"],
        _ => &["pilot.cni", "istio_cni"],
    }
}

/// Whether one of these is enabled.
fn enabled(values: &Value, keys: &[&str]) -> bool {
    keys.iter().any(|key| {
        let part = key.split('.').fold(values, |at, step| &at[step]);
        part["enabled"] == true
    })
}

/// Whether pods that a revision of this version injects are redirected by istio-cni.
fn by_cni(config: &RevisionConfig, version: Option<Minor>) -> bool {
    enabled(&config.values, cni_keys(version))
}

/// The minor that each revision runs, as far as it is known.
fn minors(mesh: &Mesh) -> Result<BTreeMap<String, Option<Minor>>, Verdict> {
    let all = mesh
        .istiods_by_revision()
        .map_err(|gap| Verdict::gap(&gap))?;
    Ok(all
        .into_iter()
        .map(|(revision, istiods)| (revision, RevisionIstiods::minor(&istiods)))
        .collect())
}

/// What is in ambient mode.
struct Ambient {
    /// Namespaces and workloads, as kubectl takes them.
    asking: Vec<String>,
    /// Whether ambient is more than a label here: a pod is redirected, or ztunnel or istio-cni runs.
    installed: bool,
}

impl Ambient {
    /// How grave it is that a part of it is missing: where none of it was ever here, a label just does nothing.
    fn gravity(&self) -> Severity {
        if self.installed {
            Severity::Error
        } else {
            Severity::Warning
        }
    }
}

fn ambient(mesh: &Mesh) -> Result<Ambient, Verdict> {
    let agents = mesh.node_agents.items().map_err(Verdict::gap)?;
    let namespaces = mesh.namespaces.read().map_err(Verdict::gap)?;
    let workloads = mesh.workloads.items().map_err(Verdict::gap)?;
    let by_namespace = namespaces
        .values()
        .filter(|n| n.is_ambient())
        .map(|n| format!("namespace/{}", n.name));
    let of_their_own = workloads.iter().filter(|w| {
        let asked = w.labels.get(label::DATAPLANE_MODE);
        asked.is_some_and(|v| v == "ambient") || w.pods.iter().any(|g| g.ambient > 0)
    });
    let inside = |namespace: &str| namespaces.get(namespace).is_some_and(Namespace::is_ambient);
    let of_their_own = of_their_own
        .filter(|w| !inside(&w.namespace))
        .map(|w| format!("{} -n {}", w.short(), w.namespace));
    let redirected = workloads
        .iter()
        .flat_map(|w| &w.pods)
        .any(|g| g.ambient > 0);
    Ok(Ambient {
        asking: by_namespace.chain(of_their_own).collect(),
        installed: redirected || !agents.is_empty(),
    })
}

/// The `DaemonSets` of one component.
fn daemons<'a>(facts: &'a Facts, component: &str) -> Result<Vec<&'a NodeAgent>, Verdict> {
    let all = facts.mesh.node_agents.items().map_err(Verdict::gap)?;
    Ok(all.iter().filter(|a| a.component == component).collect())
}

/// `daemonset/istio-cni-node -n istio-system`.
fn object(agent: &NodeAgent) -> String {
    format!("daemonset/{} -n {}", agent.name, agent.namespace)
}

/// Whether it runs on every node that it should run on.
fn health(code: &'static str, facts: &Facts, agent: &NodeAgent) -> Vec<Finding> {
    let mut found = Vec::new();
    let pods = shell::command(
        "kubectl -n {} rollout status daemonset {}",
        &[&agent.namespace, &agent.name],
    );
    if agent.ready < agent.desired {
        let severity = if agent.ready == 0 {
            Severity::Error
        } else {
            Severity::Warning
        };
        found.push(
            finding(
                code,
                severity,
                object(agent),
                "it is not ready on every node: pods that start there are not redirected",
            )
            .seen(format!("{} of {} ready", agent.ready, agent.desired))
            .hint(format!("wait for it, or mend it first\n{pods}")),
        );
    }
    if let Known::Known(nodes) = &facts.mesh.nodes {
        let linux = nodes.iter().filter(|n| takes_daemons(n)).count();
        if (agent.desired as usize) < linux {
            found.push(
                finding(
                    code,
                    Severity::Warning,
                    object(agent),
                    "it does not run on every Linux node: pods of the mesh do not start on the others",
                )
                .seen(format!("{} wanted, {linux} Linux nodes", agent.desired))
                .hint("look at its nodeSelector, affinity and tolerations"),
            );
        }
    }
    found
}

/// Whether a `DaemonSet` may run there: not on Windows, nor on what only looks like a node (Fargate, virtual kubelets).
fn takes_daemons(node: &mesh_common::mesh::Node) -> bool {
    node.os != "windows" && !node.name.starts_with("fargate-") && !node.kubelet.contains("-vk-")
}

#[cfg(test)]
mod tests;
