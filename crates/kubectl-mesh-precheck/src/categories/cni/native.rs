//! Native sidecars: whether the target makes proxies init containers, and which nodes hold it back.

use mesh_common::{
    check::{Finding, Severity},
    mesh::{Workload, label, skew::minor},
};

use crate::{
    check::{More, Verdict, count, finding},
    facts::Facts,
    route::{Minor, short},
};

pub(super) const NATIVE: &str = "MESH2405";

/// The environment of istiod that decides.
const ENV: &str = "ENABLE_NATIVE_SIDECARS";
/// The first release whose default is `auto` (`pilot/pkg/features/pilot.go`); before it is false.
const AUTO: Minor = (1, 27);
/// The first kubelet that `auto` takes, on every node (`pkg/kube/inject/webhook.go`, `DetectNativeSidecar`).
const KUBELET: Minor = (1, 33);

pub(super) fn sidecars(facts: &Facts) -> Verdict {
    let Some(target) = &facts.upgrade.to else {
        return Verdict::not_evaluated("no target to hold it against");
    };
    let istiods = match facts.mesh.istiods.items() {
        Ok(istiods) => istiods,
        Err(gap) => return Verdict::gap(gap),
    };
    let workloads = match facts.mesh.workloads.items() {
        Ok(workloads) => workloads,
        Err(gap) => return Verdict::gap(gap),
    };
    let (mut native, mut classic) = (0, 0);
    for group in workloads
        .iter()
        .filter(|w| has_sidecars(w))
        .flat_map(|w| &w.pods)
    {
        match &group.proxy {
            Some(proxy) if proxy.native => native += group.pods as usize,
            Some(_) => classic += group.pods as usize,
            None => {}
        }
    }
    let now = format!("{} native now, {classic} not", count(native, "sidecar"));
    // Of several revisions the newest is the one whose settings are taken along.
    let newest = istiods
        .iter()
        .max_by_key(|i| i.version.as_deref().and_then(minor));
    if let Some(istiod) = newest
        && let Some(set) = istiod.env.get(ENV).filter(|v| v.as_str() != "auto")
    {
        let set = mesh_common::output::clean(set, 40);
        return Verdict::ok(format!(
            "{ENV}={set} is set for {}, and decides; {now}",
            istiod.name
        ));
    }
    if target.minor < AUTO {
        return Verdict::ok(format!(
            "Istio {} makes none by itself; {now}",
            short(target.minor)
        ));
    }
    let nodes = match facts.mesh.nodes.items() {
        Ok(nodes) => nodes,
        Err(gap) => return Verdict::gap(gap),
    };
    // A kubelet whose version cannot be read holds it back, too.
    let old: Vec<_> = nodes
        .iter()
        .filter(|n| minor(&n.kubelet).is_none_or(|v| v < KUBELET))
        .collect();
    if old.is_empty() {
        return Verdict::of(
            (classic > 0)
                .then(|| will_change(classic, target.minor))
                .into_iter()
                .collect(),
            format!("every kubelet is {} or newer; {now}", short(KUBELET)),
            |_| {
                format!(
                    "Istio {} makes proxies native sidecars (every kubelet is {} or newer): {} when they restart",
                    short(target.minor),
                    short(KUBELET),
                    count(classic, "pod")
                )
            },
        );
    }
    if old.len() == nodes.len() {
        return Verdict::ok(format!(
            "Istio {} makes none before every kubelet is {} or newer; {now}",
            short(target.minor),
            short(KUBELET)
        ));
    }
    let found: Vec<_> = old
        .iter()
        .map(|node| {
            finding(
                NATIVE,
                Severity::Warning,
                format!("node/{}", node.name),
                format!(
                    "its kubelet holds native sidecars back: once it is gone, pods that restart get them with Istio {}",
                    short(target.minor)
                ),
            )
            .seen(format!("kubelet {}", node.kubelet))
            .hint(format!(
                "upgrade all nodes first, or decide by {ENV}=true or false in istiod's environment"
            ))
        })
        .collect();
    Verdict::of(found, "", |found| {
        format!(
            "{} of {} older than {}: native sidecars begin the moment they are gone; {now}",
            found.len(),
            count(nodes.len(), "kubelet"),
            short(KUBELET)
        )
    })
}

/// Whether its proxies are sidecars, and no gateway's.
fn has_sidecars(workload: &Workload) -> bool {
    let off = |switch: Option<&str>| switch == Some("false");
    !workload.injected_gateway
        && workload.gateway.is_none()
        && !off(workload.labels.get(label::INJECT).map(String::as_str))
        && !off(workload.inject_annotation.as_deref())
}

fn will_change(pods: usize, target: Minor) -> Finding {
    finding(
        NATIVE,
        Severity::Info,
        "the mesh",
        format!("Istio {} makes proxies native sidecars when pods restart", short(target)),
    )
    .seen(format!("{} with a proxy beside the containers", count(pods, "pod")))
    .hint(format!(
        "what looks for istio-proxy among the containers finds it among the init containers; {ENV}=false in istiod's environment keeps it as it is"
    ))
}
