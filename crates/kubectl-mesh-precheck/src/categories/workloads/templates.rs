//! What the templates of workloads say.

use mesh_common::{
    check::{Finding, Severity},
    mesh::{Workload, skew::minor},
    shell,
};

use super::{meshed, object, verdict};
use crate::{
    check::{More, Verdict, count, finding},
    facts::Facts,
    observe::Template,
};

pub(super) const HOST: &str = "MESH2604";
pub(super) const IMAGE: &str = "MESH2605";
pub(super) const PROBES: &str = "MESH2606";
pub(super) const HOLD: &str = "MESH2607";
pub(super) const FLIGHT: &str = "MESH2609";

/// From this kubelet on a target of 1.27 or later makes native sidecars (`pkg/kube/inject/inject.go`, `DetectNativeSidecar`).
const NATIVE: ((u64, u64), (u64, u64)) = ((1, 27), (1, 33));

fn template<'a>(facts: &'a Facts, workload: &Workload) -> Option<&'a Template> {
    let key = (workload.namespace.clone(), workload.short());
    facts.seen.templates.get(&key)
}

/// Workloads with a proxy, each with its template where it has one.
fn each(facts: &Facts) -> Result<impl Iterator<Item = (&Workload, &Template)>, Verdict> {
    let meshed = meshed(facts)?;
    Ok(meshed
        .into_iter()
        .filter_map(|w| Some((w, template(facts, w)?))))
}

/// Pods that end and are not started again, outside of Jobs.
pub(super) fn never(facts: &Facts, code: &'static str) -> Vec<Finding> {
    let Ok(all) = each(facts) else {
        return Vec::new();
    };
    all.filter(|(w, t)| t.never_restarts && w.kind.resource() == "job")
        .map(|(w, _)| {
            finding(
                code,
                Severity::Warning,
                object(w),
                "restartPolicy Never: a pod whose proxy is replaced or killed is not started again",
            )
            .field("spec.template.spec.restartPolicy")
            .hint("let it finish before its nodes or its istiod change")
        })
        .collect()
}

/// Pods on the host's network in namespaces that are injected: istiod never injects those.
pub(super) fn host_network(facts: &Facts) -> Verdict {
    let mesh = &facts.mesh;
    let wiring = match mesh.wiring() {
        Ok(wiring) => wiring,
        Err(gap) => return Verdict::gap(&gap),
    };
    let workloads = match mesh.workloads.read() {
        Ok(workloads) => workloads,
        Err(gap) => return Verdict::gap(gap),
    };
    let injected = |namespace: &str| {
        wiring.namespaces.get(namespace).is_some_and(|n| {
            n.rev().is_some()
                || n.labels
                    .get("istio-injection")
                    .is_some_and(|v| v == "enabled")
        })
    };
    let found = workloads
        .iter()
        .filter(|w| w.host_network && w.pod_count() > 0 && injected(&w.namespace))
        .map(|w| {
            finding(
                HOST,
                Severity::Info,
                object(w),
                "uses the host's network in a namespace that is injected: it has no proxy, before and after",
            )
            .field("spec.template.spec.hostNetwork")
        })
        .collect();
    verdict(
        Ok(found),
        "no workload of an injected namespace uses the host's network",
        |n| {
            format!(
                "{} on the host's network, never injected",
                count(n, "workload")
            )
        },
    )
}

/// Proxies whose image the workload chose itself: they stay where they are.
pub(super) fn images(facts: &Facts) -> Verdict {
    let found = meshed(facts).map(|meshed| {
        let custom = meshed.into_iter().filter(|w| {
            let of_pods = w
                .pods
                .iter()
                .any(|g| g.proxy.as_ref().is_some_and(|p| p.custom_image));
            of_pods || template(facts, w).is_some_and(|t| t.proxy_image.is_some())
        });
        custom
            .map(|w| {
                let proxies = w.pods.iter().filter_map(|g| g.proxy.as_ref());
                let image = template(facts, w)
                    .and_then(|t| t.proxy_image.clone())
                    .or_else(|| proxies.map(|p| p.image.clone()).next())
                    .unwrap_or_default();
                finding(
                    IMAGE,
                    Severity::Warning,
                    object(w),
                    "chooses its proxy's image itself: a restart under the target keeps this one",
                )
                .field("spec.template.metadata.annotations.sidecar.istio.io/proxyImage")
                .seen(image)
                .hint(
                    "take the annotation off, or set it to the target's image, before the restart",
                )
            })
            .collect()
    });
    verdict(found, "every proxy's image comes from its istiod", |n| {
        format!("{} with a proxy image of their own", count(n, "workload"))
    })
}

/// Without a probe a pod counts as ready as soon as it runs, and the next old one goes.
pub(super) fn probes(facts: &Facts) -> Verdict {
    let found = each(facts).map(|all| {
        all.filter(|(w, t)| t.has_app && !t.unprobed.is_empty() && !is_run(w))
            .map(|(w, t)| {
                finding(
                    PROBES,
                    Severity::Warning,
                    object(w),
                    "no readiness probe: a restart goes on while its new pods cannot serve yet",
                )
                .field("spec.template.spec.containers[*].readinessProbe")
                .seen(format!("without one: {}", t.unprobed.join(", ")))
                .hint("add a readinessProbe, or restart it alone and watch it")
            })
            .collect()
    });
    verdict(
        found,
        "every container beside a proxy has a readiness probe",
        |n| {
            format!(
                "{} with containers that have no readiness probe",
                count(n, "workload")
            )
        },
    )
}

fn is_run(workload: &Workload) -> bool {
    matches!(workload.kind.resource(), "job" | "cronjob")
}

/// Applications that start before their proxy lose their first connections, at every restart.
pub(super) fn hold(facts: &Facts) -> Verdict {
    if native(facts) {
        return Verdict::ok("native sidecars start before the application by themselves");
    }
    let configs = match facts.mesh.configs.read() {
        Ok(configs) => configs,
        Err(gap) => return Verdict::gap(gap),
    };
    let of_mesh = |revision: &str| {
        configs.get(revision).is_some_and(|c| {
            let in_mesh = &c.mesh["defaultConfig"]["holdApplicationUntilProxyStarts"];
            let in_values = &c.values["global"]["proxy"]["holdApplicationUntilProxyStarts"];
            in_mesh
                .as_bool()
                .or_else(|| in_values.as_bool())
                .unwrap_or(false)
        })
    };
    let found = meshed(facts).map(|meshed| {
        let free = meshed.iter().filter(|w| {
            let holds = template(facts, w).and_then(|t| t.holds);
            let mut revisions = w
                .pods
                .iter()
                .filter_map(|g| g.proxy.as_ref()?.revision.as_deref());
            let sidecar = !w.injected_gateway && w.gateway.is_none();
            let classic = w
                .pods
                .iter()
                .any(|g| g.proxy.as_ref().is_some_and(|p| !p.native));
            sidecar && classic && !holds.unwrap_or_else(|| revisions.all(of_mesh))
        });
        let n = free.count();
        if n == 0 {
            return Vec::new();
        }
        vec![
            finding(
                HOLD,
                Severity::Info,
                format!("{} with a sidecar", count(n, "workload")),
                "the application does not wait for its proxy: connections of the first seconds after a restart may fail",
            )
            .field("meshConfig.defaultConfig.holdApplicationUntilProxyStarts")
            .hint("set it to true in the mesh config of the target, or by the annotation proxy.istio.io/config"),
        ]
    });
    verdict(found, "applications wait for their proxy", |_| {
        "applications do not wait for their proxy".into()
    })
}

fn native(facts: &Facts) -> bool {
    let target = facts.upgrade.to.as_ref().map(|t| t.minor);
    let kubelets = facts.mesh.nodes.get();
    target.is_some_and(|t| t >= NATIVE.0)
        && kubelets.is_some_and(|nodes| {
            !nodes.is_empty()
                && nodes
                    .iter()
                    .all(|n| minor(&n.kubelet).is_some_and(|k| k >= NATIVE.1))
        })
}

/// A rollout under way would be mixed with the upgrade: which of the two broke it nobody could say.
pub(super) fn flight(facts: &Facts) -> Verdict {
    if let Some(gap) = facts.mesh.workloads.gap() {
        return Verdict::gap(gap);
    }
    let found = facts
        .seen
        .templates
        .iter()
        .filter_map(|((namespace, name), t)| Some((namespace, name, t.rollout.as_ref()?)))
        .filter(|(_, _, rollout)| rollout.in_flight())
        .map(|(namespace, name, rollout)| {
            let message = if rollout.paused {
                "its rollout is paused"
            } else {
                "its rollout is under way, or does not get on"
            };
            finding(
                FLIGHT,
                Severity::Warning,
                format!("{name} -n {namespace}"),
                message,
            )
            .seen(format!(
                "{} wanted, {} of the newest template, {} available",
                rollout.wanted, rollout.updated, rollout.available
            ))
            .hint(shell::command(
                "kubectl -n {} rollout status {}",
                &[namespace, name],
            ))
        })
        .collect();
    verdict(Ok(found), "no rollout is under way", |n| {
        format!("{} under way: a deploy freeze is wise", count(n, "rollout"))
    })
}
