//! Cluster-wide objects: namespaces, nodes, CRDs.

use super::{Builder, image};
use crate::mesh::{
    Crd, Namespace, Node,
    wire::{Meta, config, node, workload},
};

impl Builder {
    pub(super) fn namespace(&mut self, namespace: workload::Namespace) {
        let owner = namespace.metadata.owner();
        let Meta {
            name,
            uid,
            labels,
            deleted,
            ..
        } = namespace.metadata;
        if name == "kube-system" {
            self.cluster_uid = Some(uid.clone());
        }
        self.namespaces.insert(
            name.clone(),
            Namespace {
                name,
                uid,
                labels,
                terminating: deleted || namespace.terminating,
                owner,
            },
        );
    }

    pub(super) fn node(&mut self, node: node::Node) {
        let status = node.status;
        let istio_images = status
            .images
            .iter()
            .flat_map(|i| &i.names)
            .filter(|name| image::is_istio(name))
            .cloned()
            .collect();
        let ready = status.condition("Ready");
        let pressures = status
            .conditions
            .iter()
            .filter(|c| is_trouble(&c.kind) && c.status == "True")
            .map(|c| c.kind.clone())
            .collect();
        self.nodes.push(Node {
            name: node.metadata.name,
            kubelet: status.node_info.kubelet_version.clone(),
            istio_images,
            image_count: status.images.len(),
            cpu: status.allocatable.cpu(),
            memory: status.allocatable.memory(),
            pods: status.allocatable.pods(),
            ready: ready.is_some_and(|c| c.status == "True"),
            heartbeat: ready.and_then(|c| c.last_heartbeat_time),
            pressures,
            unschedulable: node.spec.unschedulable,
            taints: node
                .spec
                .taints
                .into_iter()
                .filter(|t| t.effect == "NoSchedule" || t.effect == "NoExecute")
                .map(|t| t.key)
                // What cordoning and a failing node set themselves says nothing new.
                .filter(|key| !key.starts_with("node.kubernetes.io/"))
                .collect(),
            runtime: status.node_info.container_runtime_version.clone(),
            os: status.node_info.operating_system.clone(),
        });
    }

    pub(super) fn crd(&mut self, crd: config::Crd) {
        let group = crd.spec.group;
        let ours = group == "gateway.networking.k8s.io"
            || group == "istio.io"
            || group.ends_with(".istio.io");
        if !ours {
            return;
        }
        let versions = crd.spec.versions;
        let bundle = "gateway.networking.k8s.io/bundle-version";
        let bundle = crd.metadata.annotations.get(bundle).map(str::to_owned);
        self.crds.push(Crd {
            owner: crd.metadata.owner(),
            name: crd.metadata.name,
            storage: versions.iter().find(|v| v.storage).map(|v| v.name.clone()),
            served: versions
                .into_iter()
                .filter(|v| v.served)
                .map(|v| v.name)
                .collect(),
            stored: crd.status.stored_versions,
            bundle,
        });
    }
}

/// Conditions of Kubernetes' own that should be False; other components add theirs, whose sense we do not know.
fn is_trouble(condition: &str) -> bool {
    condition.ends_with("Pressure") || condition == "NetworkUnavailable"
}
