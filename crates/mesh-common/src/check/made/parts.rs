//! Workloads, nodes and CRDs of the healthy mesh.

use std::collections::BTreeMap;

use jiff::Timestamp;

use crate::mesh::{Crd, Known, Node, Owner, PodGroup, Proxy, Update, Workload, WorkloadKind};

pub(super) fn workload(
    namespace: &str,
    name: &str,
    revision: &str,
    version: &str,
    started: Timestamp,
) -> Workload {
    Workload {
        namespace: namespace.into(),
        kind: WorkloadKind::Deployment,
        name: name.into(),
        replicas: Some(2),
        labels: BTreeMap::new(),
        inject_annotation: None,
        host_network: false,
        update: Update::Rolling,
        surge: 1,
        requests: None,
        tolerates: false,
        pdbs: Known::Known(Vec::new()),
        gateway: None,
        injected_gateway: false,
        pods: vec![PodGroup {
            proxy: Some(Proxy {
                revision: Some(revision.into()),
                image: format!("registry.example.com/istio/proxyv2:{version}"),
                version: Some(version.into()),
                native: true,
                custom_image: false,
            }),
            pods: 2,
            ready: 2,
            oldest: Some(started),
            newest: Some(started),
            examples: vec![format!("{name}-1")],
            ambient: 0,
        }],
        finished_pods: 0,
        terminating_pods: 0,
    }
}

pub(super) fn node(n: u8) -> Node {
    Node {
        name: format!("node-{n}"),
        kubelet: "v1.34.4".into(),
        istio_images: [
            "pilot:1.26.1",
            "proxyv2:1.26.1",
            "pilot:1.28.1",
            "proxyv2:1.28.1",
        ]
        .iter()
        .map(|i| format!("registry.example.com/istio/{i}"))
        .collect(),
        image_count: 20,
        cpu: Some(4_000),
        memory: Some(16 << 30),
        pods: Some(110),
        ready: true,
        heartbeat: None,
        pressures: Vec::new(),
        unschedulable: false,
        taints: Vec::new(),
        runtime: "containerd://2.0.5".into(),
        os: "linux".into(),
    }
}

pub(super) fn crds() -> Vec<Crd> {
    let crd = |name: &str, served: &[&str], stored: &[&str]| Crd {
        name: name.into(),
        served: served.iter().map(|v| (*v).to_owned()).collect(),
        storage: stored.last().map(|v| (*v).to_owned()),
        stored: stored.iter().map(|v| (*v).to_owned()).collect(),
        bundle: None,
        owner: Owner::None,
    };
    vec![
        crd(
            "virtualservices.networking.istio.io",
            &["v1", "v1alpha3", "v1beta1"],
            &["v1beta1", "v1"],
        ),
        crd(
            "authorizationpolicies.security.istio.io",
            &["v1", "v1beta1"],
            &["v1"],
        ),
        crd(
            "gateways.gateway.networking.k8s.io",
            &["v1", "v1beta1"],
            &["v1"],
        ),
    ]
}
