//! Everything of Istio that is in a cluster, as a person wrote it.

use std::{
    collections::BTreeMap,
    time::{Duration, Instant},
};

use mesh_testkit::Api;
use serde_json::Value;

use crate::kit::text;

pub(super) fn list(api: &Api, path: &str) -> Vec<Value> {
    let Ok(text) = api.raw(path) else {
        return Vec::new();
    };
    let mut list: Value = serde_json::from_str(&text).unwrap();
    serde_json::from_value(list["items"].take()).unwrap_or_default()
}

fn is_mesh_group(group: &str) -> bool {
    group.ends_with(".istio.io") || group == "gateway.networking.k8s.io"
}

/// Lists of everything that is Istio's, by path.
pub(super) fn paths(api: &Api) -> Vec<String> {
    let mut paths: Vec<String> = ["configmaps", "services", "serviceaccounts"]
        .map(|r| format!("/api/v1/namespaces/istio-system/{r}"))
        .into();
    for path in [
        "apps/v1/namespaces/istio-system/deployments",
        "apps/v1/namespaces/istio-system/daemonsets",
        "policy/v1/namespaces/istio-system/poddisruptionbudgets",
        "autoscaling/v2/namespaces/istio-system/horizontalpodautoscalers",
        "rbac.authorization.k8s.io/v1/namespaces/istio-system/roles",
        "rbac.authorization.k8s.io/v1/namespaces/istio-system/rolebindings",
        "rbac.authorization.k8s.io/v1/clusterroles",
        "rbac.authorization.k8s.io/v1/clusterrolebindings",
        "admissionregistration.k8s.io/v1/mutatingwebhookconfigurations",
        "admissionregistration.k8s.io/v1/validatingwebhookconfigurations",
        "apiextensions.k8s.io/v1/customresourcedefinitions",
    ] {
        paths.push(format!("/apis/{path}"));
    }
    paths.push("/api/v1/namespaces".into());
    for crd in crds(api) {
        let spec = &crd["spec"];
        let versions = spec["versions"].as_array().unwrap();
        let version = versions.iter().find(|v| v["storage"] == true).unwrap();
        paths.push(format!(
            "/apis/{}/{}/{}",
            text(&spec["group"]),
            text(&version["name"]),
            text(&spec["names"]["plural"])
        ));
    }
    paths
}

pub(super) fn crds(api: &Api) -> Vec<Value> {
    let mut crds = list(
        api,
        "/apis/apiextensions.k8s.io/v1/customresourcedefinitions",
    );
    crds.retain(|c| c["spec"]["group"].as_str().is_some_and(is_mesh_group));
    crds
}

/// Whether an object is one that a restore answers for.
fn is_meant(path: &str, object: &Value) -> bool {
    let name = text(&object["metadata"]["name"]);
    let labels = &object["metadata"]["labels"];
    if path.ends_with("/configmaps") {
        // The cluster's own, records, and who leads among istiods.
        return name != "kube-root-ca.crt"
            && !name.starts_with("kubectl-mesh-op-")
            && !name.ends_with("-leader")
            && !name.ends_with("-election");
    }
    if path.ends_with("/serviceaccounts") {
        return name != "default";
    }
    if path.ends_with("clusterroles") || path.ends_with("clusterrolebindings") {
        return name.contains("istio");
    }
    if path.ends_with("customresourcedefinitions") {
        return object["spec"]["group"].as_str().is_some_and(is_mesh_group);
    }
    if path.ends_with("webhookconfigurations") {
        return labels["istio.io/rev"].is_string() || labels["app"].is_string();
    }
    // istiod makes these of Gateways.
    labels["gateway.istio.io/managed"].is_null()
}

/// Everything of Istio as a person wrote it, by place and name.
pub(super) fn world(api: &Api, paths: &[String]) -> BTreeMap<String, Value> {
    let mut world = BTreeMap::new();
    for path in paths {
        for mut object in list(api, path).into_iter().filter(|o| is_meant(path, o)) {
            let key = format!(
                "{path} {}/{}",
                text(&object["metadata"]["namespace"]),
                text(&object["metadata"]["name"])
            );
            object.as_object_mut().unwrap().remove("status");
            for hook in object
                .pointer_mut("/webhooks")
                .and_then(Value::as_array_mut)
                .into_iter()
                .flatten()
            {
                // istiod's: the root that is live, and Fail once it answers.
                hook["clientConfig"]["caBundle"] = Value::Null;
                if path.ends_with("validatingwebhookconfigurations") {
                    hook["failurePolicy"] = Value::Null;
                }
            }
            if path.ends_with("/namespaces") {
                object.as_object_mut().unwrap().remove("spec");
            }
            let metadata = object["metadata"].as_object_mut().unwrap();
            for field in [
                "uid",
                "creationTimestamp",
                "generation",
                "resourceVersion",
                "managedFields",
                "selfLink",
            ] {
                metadata.remove(field);
            }
            if let Some(annotations) = metadata
                .get_mut("annotations")
                .and_then(Value::as_object_mut)
            {
                annotations.remove("deployment.kubernetes.io/revision");
                annotations.remove("deprecated.daemonset.template.generation");
            }
            metadata.retain(|_, v| !v.as_object().is_some_and(serde_json::Map::is_empty));
            world.insert(key, object);
        }
    }
    world
}

#[track_caller]
pub(super) fn assert_same(after: &BTreeMap<String, Value>, before: &BTreeMap<String, Value>) {
    let mut lines = Vec::new();
    for (key, old) in before {
        match after.get(key) {
            None => lines.push(format!("{key} is gone")),
            Some(new) if new != old => lines.push(format!(
                "{key}: {:?}",
                mesh_common::journal::image::differences(Some(old), Some(new))
            )),
            Some(_) => {}
        }
    }
    lines.extend(
        after
            .keys()
            .filter(|k| !before.contains_key(*k))
            .map(|k| format!("{k} is new")),
    );
    assert!(
        lines.is_empty(),
        "{} differences:\n{}",
        lines.len(),
        lines.join("\n")
    );
}

#[track_caller]
pub(super) fn eventually(what: &str, done: impl Fn() -> bool) {
    let until = Instant::now() + Duration::from_secs(240);
    while !done() {
        assert!(Instant::now() < until, "never came: {what}");
        std::thread::sleep(Duration::from_millis(100));
    }
}
