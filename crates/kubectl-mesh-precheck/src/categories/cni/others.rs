//! Other CNI plugins, and the settings of Cilium that stand in Istio's way.

use mesh_common::{
    check::Severity,
    mesh::{Known, Workload, WorkloadKind},
    output::clean,
    shell,
};

use super::{ambient, by_cni, daemons, minors};
use crate::{
    check::{More, Verdict, finding},
    facts::Facts,
    observe::{CILIUM_CONFIG, Cilium, is_cilium},
};

pub(super) const OTHERS: &str = "MESH2403";

/// What their own manifests call the `DaemonSet`, or label its pods with: name, `k8s-app` or `app`.
const PLUGINS: [(&str, &[&str]); 10] = [
    ("Calico", &["calico-node", "canal"]),
    ("AWS VPC CNI", &["aws-node"]),
    ("Azure CNI", &["azure-cns"]),
    ("kindnet", &["kindnet"]),
    ("Flannel", &["kube-flannel", "kube-flannel-ds", "flannel"]),
    ("Weave Net", &["weave-net"]),
    ("OVN-Kubernetes", &["ovnkube-node", "ovnkube"]),
    ("OpenShift SDN", &["sdn"]),
    ("Antrea", &["antrea-agent", "antrea"]),
    ("Multus", &["multus", "kube-multus-ds"]),
];

pub(super) fn list(facts: &Facts) -> Verdict {
    let workloads = match facts.mesh.workloads.items() {
        Ok(workloads) => workloads,
        Err(gap) => return Verdict::gap(gap),
    };
    let mut here: Vec<String> = workloads
        .iter()
        .filter_map(|w| Some(format!("{} ({}/{})", plugin(w)?, w.namespace, w.name)))
        .collect();
    here.dedup();
    let ok = if here.is_empty() {
        "none that is known".to_owned()
    } else {
        clean(&here.join(", "), 300)
    };
    if !workloads.iter().any(is_cilium) {
        return Verdict::of(Vec::new(), ok, |_| String::new());
    }
    let mut found = Vec::new();
    if let Known::Known(Some(cilium)) = &facts.platform.cilium {
        found.extend(conflicts(facts, cilium));
    }
    Verdict::of(found, ok, |found| match found {
        [only] => format!("Cilium: {}", only.message),
        _ => "Cilium: two settings that Istio cannot live with".into(),
    })
    .but_for(&facts.platform.cilium)
}

/// The plugin that a `DaemonSet` belongs to.
fn plugin(workload: &Workload) -> Option<&'static str> {
    if workload.kind != WorkloadKind::DaemonSet {
        return None;
    }
    if is_cilium(workload) {
        return Some("Cilium");
    }
    let label = |key: &str| workload.labels.get(key).map_or("", String::as_str);
    let called = [workload.name.as_str(), label("k8s-app"), label("app")];
    // OpenShift's is told from anybody's by its namespace.
    let plain = |name: &str| name != "sdn" || workload.namespace == "openshift-sdn";
    PLUGINS
        .iter()
        .find(|(_, names)| names.iter().any(|n| called.contains(n) && plain(n)))
        .map(|(plugin, _)| *plugin)
}

/// What Cilium's and Istio's documents say together (docs.cilium.io, `network/servicemesh/istio`; istio.io,
/// `ambient/install/platform-prerequisites`).
fn conflicts(facts: &Facts, cilium: &Cilium) -> Vec<mesh_common::check::Finding> {
    let object = format!("configmap/{CILIUM_CONFIG} -n {}", cilium.namespace);
    let look = shell::command(
        "kubectl -n {} get configmap cilium-config -o yaml",
        &[&cilium.namespace],
    );
    let written = |key: &str, value: &Option<String>| match value {
        Some(value) => format!("{key}: {value:?}"),
        None => format!("{key} is not set"),
    };
    let mut found = Vec::new();
    if cilium.bypasses() {
        found.push(
            finding(
                OTHERS,
                Severity::Warning,
                &object,
                "socket load balancing inside pods leads connections past the proxy",
            )
            .field("bpf-lb-sock-hostns-only")
            .seen(written("bpf-lb-sock-hostns-only", &cilium.host_only))
            .seen(written("kube-proxy-replacement", &cilium.kube_proxy_replacement))
            .hint(format!(
                "set socketLB.hostNamespaceOnly=true in Cilium's chart, and restart its agents\n{look}"
            )),
        );
    }
    if cilium.is_exclusive() && uses_istio_cni(facts) {
        found.push(
            finding(
                OTHERS,
                Severity::Warning,
                &object,
                "it removes the CNI configuration of others, istio-cni's too",
            )
            .field("cni-exclusive")
            .seen(written("cni-exclusive", &cilium.exclusive))
            .hint(format!(
                "set cni.exclusive=false in Cilium's chart, and restart its agents\n{look}"
            )),
        );
    }
    found
}

/// Whether istio-cni runs or should: what is not known counts as yes.
fn uses_istio_cni(facts: &Facts) -> bool {
    let runs = daemons(facts, "istio-cni").is_ok_and(|all| all.is_empty());
    let asked = facts.mesh.configs.get().is_some_and(|configs| {
        let minors = minors(&facts.mesh).unwrap_or_default();
        !configs
            .iter()
            .any(|(revision, config)| by_cni(config, minors.get(revision).copied().flatten()))
    });
    let ambient = ambient(&facts.mesh).is_ok_and(|a| a.asking.is_empty());
    !(runs && asked && ambient)
}
