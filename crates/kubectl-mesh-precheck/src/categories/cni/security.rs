//! Pod Security against the init container that redirects traffic where istio-cni does not.

use std::collections::BTreeMap;

use mesh_common::{
    check::Severity,
    mesh::{
        Namespace, Workload,
        inject::{Injected, Resolver, Subject},
    },
    shell,
};

use super::{by_cni, minors};
use crate::{
    check::{More, Verdict, count, finding},
    facts::Facts,
};

pub(super) const SECURITY: &str = "MESH2404";

/// Where Pod Security admission reads the level that it enforces.
const ENFORCE: &str = "pod-security.kubernetes.io/enforce";

/// Neither level allows `NET_ADMIN` or `NET_RAW` (kubernetes.io, `concepts/security/pod-security-standards`).
const REFUSING: [&str; 2] = ["baseline", "restricted"];

pub(super) fn namespaces(facts: &Facts) -> Verdict {
    judge(facts).unwrap_or_else(|verdict| verdict)
}

fn judge(facts: &Facts) -> Result<Verdict, Verdict> {
    let mesh = &facts.mesh;
    let namespaces = mesh.namespaces.read().map_err(Verdict::gap)?;
    let enforcing: Vec<(&Namespace, &str)> = namespaces
        .values()
        .filter_map(|n| {
            let level = n.labels.get(ENFORCE)?.as_str();
            REFUSING.contains(&level).then_some((n, level))
        })
        .collect();
    if enforcing.is_empty() {
        return Ok(Verdict::ok("no namespace enforces baseline or restricted"));
    }
    let injectors = mesh.injectors.items().map_err(Verdict::gap)?;
    let services = mesh.services.items().map_err(Verdict::gap)?;
    let configs = mesh.configs.read().map_err(Verdict::gap)?;
    let workloads = mesh.workloads.items().map_err(Verdict::gap)?;
    let minors = minors(mesh)?;
    let resolver = Resolver {
        injectors,
        services,
        configs: Some(configs),
    };
    // Whether pods of this revision get the init container; what is not known of it counts as the chart's default.
    let by_init = |revision: &str| {
        let version = minors.get(revision).copied().flatten();
        configs.get(revision).is_none_or(|c| !by_cni(c, version))
    };
    let mut found = Vec::new();
    for (namespace, level) in &enforcing {
        let mut refused: BTreeMap<String, Vec<&Workload>> = BTreeMap::new();
        let mut unknown = None;
        // A gateway that is injected has no init container.
        let here = workloads.iter().filter(|w| {
            w.namespace == namespace.name && !w.injected_gateway && w.gateway.is_none()
        });
        for workload in here {
            let subject = Subject {
                namespace,
                labels: &workload.labels,
                inject_annotation: workload.inject_annotation.as_deref(),
                host_network: workload.host_network,
            };
            let revisions = match resolver.resolve(&subject).1 {
                Injected::By { revision } => vec![revision],
                Injected::Twice { revisions } => revisions,
                Injected::Unknown { reason } => {
                    unknown = Some(reason);
                    continue;
                }
                Injected::No { .. } => continue,
            };
            if let Some(revision) = revisions.into_iter().find(|r| by_init(r)) {
                refused.entry(revision).or_default().push(workload);
            }
        }
        let object = format!("namespace/{}", namespace.name);
        for (revision, workloads) in &refused {
            found.push(
                finding(
                    SECURITY,
                    Severity::Error,
                    &object,
                    format!("Pod Security refuses new pods here: {level} allows no NET_ADMIN and NET_RAW, which the init container istio-init asks for"),
                )
                .field(ENFORCE)
                .seen(format!(
                    "{}, as {}",
                    count(workloads.len(), "injected workload"),
                    workloads[0].short()
                ))
                .seen(format!("revision {revision} without istio-cni"))
                .hint(format!(
                    "use istio-cni (pilot.cni.enabled), or enforce privileged here before anything restarts\n{}",
                    shell::command(
                        "kubectl label namespace {} pod-security.kubernetes.io/enforce=privileged --overwrite",
                        &[&namespace.name]
                    )
                )),
            );
        }
        if refused.is_empty()
            && let Some(reason) = unknown
        {
            return Err(Verdict::unknown(mesh_common::output::clean(
                &format!("namespace {}: {reason}", namespace.name),
                200,
            )));
        }
    }
    Ok(Verdict::of(
        found,
        format!(
            "{} with baseline or restricted, none with injected pods that need more",
            count(enforcing.len(), "namespace")
        ),
        |found| {
            format!(
                "{} would refuse injected pods when they restart",
                count(found.len(), "namespace")
            )
        },
    ))
}
