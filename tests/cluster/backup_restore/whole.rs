//! A mesh that is gone, brought back whole: where it was, and elsewhere.

use mesh_common::journal::State;
use mesh_testkit::{Api, ControlPlane, Lab, Mesh, Options, Peers};
use serde_json::json;

use super::{
    backup, saved,
    world::{assert_same, crds, eventually, paths, world},
};
use crate::kit::{records, text};

/// There is no CA in an archive without Secrets; these tests have no workload that would miss the old one.
const WAIVE_CA: &str = "--waive=ca=tested";

/// Takes away every Istio object, CRDs and the Istio namespace included, and the labels that point to it.
pub(super) fn wipe(api: &Api) {
    for kind in [
        "MutatingWebhookConfiguration",
        "ValidatingWebhookConfiguration",
    ] {
        for object in api.list(kind, "") {
            api.delete(kind, "", &text(&object["metadata"]["name"]))
                .unwrap();
        }
    }
    for crd in crds(api) {
        api.delete(
            "CustomResourceDefinition",
            "",
            &text(&crd["metadata"]["name"]),
        )
        .unwrap();
    }
    for kind in ["ClusterRole", "ClusterRoleBinding"] {
        for object in api.list(kind, "") {
            let name = text(&object["metadata"]["name"]);
            if name.contains("istio") {
                api.delete(kind, "", &name).unwrap();
            }
        }
    }
    for namespace in api.list("Namespace", "") {
        let labels = namespace["metadata"]["labels"]
            .as_object()
            .cloned()
            .unwrap_or_default();
        let ours: Vec<(&str, Option<&str>)> = labels
            .keys()
            .filter(|k| k.contains("istio"))
            .map(|k| (k.as_str(), None))
            .collect();
        if !ours.is_empty() {
            api.label(
                "Namespace",
                "",
                &text(&namespace["metadata"]["name"]),
                &ours,
            )
            .unwrap();
        }
    }
    api.delete("Namespace", "", "istio-system").unwrap();
    eventually("the Istio namespace is gone", || {
        api.get("Namespace", "", "istio-system").is_none()
    });
    eventually("the CRDs are gone", || crds(api).is_empty());
}

/// A control plane of one's own, controllers running: what is wiped there no other test misses. Nobody answers for its
/// webhooks.
pub(super) fn own_plane() -> Option<ControlPlane> {
    // The shared one first: it says loudly why there is none.
    drop(Lab::get()?);
    let (peers, mesh) = (Peers::from_env()?, Mesh::sample().unwrap());
    let options = Options {
        kwok: true,
        full: true,
        bare: false,
    };
    Some(ControlPlane::start(&peers, Some(&mesh), options).unwrap())
}

#[test]
fn a_mesh_that_was_wiped_is_brought_back_whole() {
    let Some(lab) = own_plane() else { return };
    let api = lab.api();
    let sandbox = backup(lab.kubeconfig());
    let file = saved(&sandbox);
    let paths = paths(api);
    let before = world(api, &paths);
    assert!(before.len() > 90, "{}", before.len());
    wipe(api);
    // Without a CA anywhere istiod would make a new root.
    let root = format!("restore {file} --istiod --yes");
    sandbox
        .run(&root)
        .assert_code(2)
        .says("a new root")
        .says("Secret cacerts");
    assert!(
        api.get("Namespace", "", "istio-system").is_none(),
        "nothing was changed"
    );
    sandbox
        .run(&format!("{root} {WAIVE_CA} --dry-run=server"))
        .assert_code(0)
        .says("could not be tried");
    let ran = sandbox.run(&format!("{root} {WAIVE_CA}"));
    ran.assert_code(0).says("Done and read back");
    assert_same(&world(api, &paths), &before);
    // Once more: there is nothing to do.
    sandbox.run(&root).assert_code(0).says("nothing to do");
    assert_eq!(records(api).len(), 1);
    assert_eq!(records(api)[0].state, State::Done);
}

#[test]
fn a_mesh_is_brought_into_an_empty_cluster() {
    let Some(lab) = own_plane() else { return };
    let sandbox = backup(lab.kubeconfig());
    let file = saved(&sandbox);
    let paths = paths(lab.api());
    let mut before = world(lab.api(), &paths);
    let peers = Peers::from_env().unwrap();
    let options = Options {
        kwok: true,
        full: true,
        bare: true,
    };
    let other = ControlPlane::start(&peers, None, options).unwrap();
    let api = other.api();
    // Nodes for istiod to run on, and no CRD of Istio.
    for node in lab.api().list("Node", "") {
        let mut node = node;
        node["metadata"] = json!({ "name": node["metadata"]["name"], "labels": node["metadata"]["labels"],
            "annotations": node["metadata"]["annotations"] });
        node.as_object_mut().unwrap().remove("status");
        node["apiVersion"] = "v1".into();
        node["kind"] = "Node".into();
        api.create(&node).unwrap();
        // The taint of a node that is not ready is taken away by a controller that does not run here.
        let name = text(&node["metadata"]["name"]);
        api.patch("Node", "", &name, &json!({ "spec": { "taints": null } }))
            .unwrap();
    }
    assert!(crds(api).is_empty(), "a cluster that never had a mesh");
    // One of the addresses is somebody's already.
    let taken = lab
        .api()
        .get("Service", "istio-system", "istiod-1-28-1")
        .unwrap();
    let ip = text(&taken["spec"]["clusterIP"]);
    let squatter = json!({ "apiVersion": "v1", "kind": "Service",
        "metadata": { "name": "squatter", "namespace": "default" },
        "spec": { "clusterIP": ip, "ports": [{ "port": 80 }] } });
    api.create(&squatter).unwrap();
    let there = backup(other.kubeconfig());
    let ran = there.run(&format!("restore {file} --istiod --yes {WAIVE_CA}"));
    ran.assert_code(0)
        .says("another cluster")
        .says(&format!("{ip} is service/squatter -n default's"));
    let mut after = world(api, &paths);
    let istiod = "/api/v1/namespaces/istio-system/services istio-system/istiod-1-28-1";
    for side in [&mut before, &mut after] {
        let spec = side.get_mut(istiod).unwrap()["spec"]
            .as_object_mut()
            .unwrap();
        spec.remove("clusterIP");
        spec.remove("clusterIPs");
    }
    // What has nothing of the mesh in it stays where it is, and each cluster has namespaces of its own.
    let is_own = |key: &String| key.starts_with("/api/v1/namespaces ");
    before.retain(|k, _| !is_own(k) || after.contains_key(k));
    after.retain(|k, _| !is_own(k) || before.contains_key(k));
    assert_same(&after, &before);
}
