//! A mesh that is lost and brought back, on a real API server: whole, in part, interrupted, refused.

use std::{
    collections::BTreeMap,
    path::Path,
    time::{Duration, Instant},
};

use mesh_common::journal::State;
use mesh_testkit::{
    Api, ChaosProxy, ControlPlane, Failure, Lab, LabGuard, Mesh, Options, Peers, Plugin, Ran, When,
};
use serde_json::{Value, json};

use crate::kit::{records, text};

/// There is no CA in an archive without Secrets; these tests have no workload that would miss the old one.
const WAIVE_CA: &str = "--waive=ca=tested";

fn backup(kubeconfig: &Path) -> Plugin {
    Plugin::new("kubectl-mesh_backup", kubeconfig)
}

/// A backup of the mesh as it is, in the sandbox.
fn saved(sandbox: &Plugin) -> String {
    let file = sandbox.dir().join("mesh.tar.zst");
    let file = file.display().to_string();
    sandbox.run(&format!("create {file}")).assert_code(0);
    file
}

fn list(api: &Api, path: &str) -> Vec<Value> {
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
fn paths(api: &Api) -> Vec<String> {
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

fn crds(api: &Api) -> Vec<Value> {
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
fn world(api: &Api, paths: &[String]) -> BTreeMap<String, Value> {
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
fn assert_same(after: &BTreeMap<String, Value>, before: &BTreeMap<String, Value>) {
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
fn eventually(what: &str, done: impl Fn() -> bool) {
    let until = Instant::now() + Duration::from_secs(60);
    while !done() {
        assert!(Instant::now() < until, "never came: {what}");
        std::thread::sleep(Duration::from_millis(100));
    }
}

/// Takes away every Istio object, CRDs and the Istio namespace included, and the labels that point to it.
fn wipe(api: &Api) {
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
fn own_plane() -> Option<ControlPlane> {
    // The shared one first: it says loudly why there is none.
    drop(Lab::get()?);
    let (peers, mesh) = (Peers::from_env()?, Mesh::sample().unwrap());
    let options = Options {
        kwok: true,
        full: true,
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
    for crd in crds(api) {
        api.delete(
            "CustomResourceDefinition",
            "",
            &text(&crd["metadata"]["name"]),
        )
        .unwrap();
    }
    eventually("the CRDs are gone", || crds(api).is_empty());
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

/// The sample mesh with one policy, one route and one Service out of shape.
fn disturb(api: &Api) {
    api.delete(
        "AuthorizationPolicy",
        "payments",
        &first(api, "AuthorizationPolicy", "payments"),
    )
    .unwrap();
    let route = first(api, "VirtualService", "");
    let namespace = namespace_of(api, "VirtualService", &route);
    api.patch(
        "VirtualService",
        &namespace,
        &route,
        &json!({ "spec": { "hosts": ["wrong.example.com"] } }),
    )
    .unwrap();
    api.delete(
        "MutatingWebhookConfiguration",
        "",
        "istio-revision-tag-stable",
    )
    .unwrap();
}

fn first(api: &Api, kind: &str, namespace: &str) -> String {
    text(&api.list(kind, namespace)[0]["metadata"]["name"])
}

fn namespace_of(api: &Api, kind: &str, name: &str) -> String {
    let all = api.list(kind, "");
    let found = all.iter().find(|o| o["metadata"]["name"] == *name).unwrap();
    text(&found["metadata"]["namespace"])
}

#[test]
fn what_was_lost_comes_back_and_goes_again() {
    let Some(lab) = Lab::get() else { return };
    let api = lab.api();
    let sandbox = backup(lab.kubeconfig());
    let file = saved(&sandbox);
    let paths = paths(api);
    let before = world(api, &paths);
    disturb(api);
    let disturbed = world(api, &paths);
    // Policies before routes, webhooks last.
    let mark = lab.audit_mark();
    sandbox
        .run(&format!("restore {file} --yes --force-conflicts"))
        .assert_code(0)
        .says("Done and read back");
    assert_same(&world(api, &paths), &before);
    let order: Vec<String> = lab
        .audit_writes_since(mark)
        .iter()
        .map(|e| e.resource.clone())
        .filter(|r| !["leases", "configmaps"].contains(&r.as_str()))
        .collect();
    assert_eq!(
        order,
        [
            "authorizationpolicies",
            "virtualservices",
            "mutatingwebhookconfigurations"
        ]
    );
    // And back: what was made goes, what was changed is as wrong as it was.
    sandbox
        .run("rollback --dry-run")
        .assert_code(0)
        .says("DELETE")
        .says("bring back");
    sandbox
        .run("rollback --yes")
        .assert_code(0)
        .says("Done and read back");
    assert_same(&world(api, &paths), &disturbed);
    let states: Vec<State> = records(api).iter().map(|r| r.state).collect();
    assert_eq!(states, [State::RolledBack, State::Done]);
    sandbox
        .run("rollback --yes")
        .assert_code(1)
        .says("no restore to take back");
}

#[test]
fn what_somebody_else_changed_since_stops_the_way_back() {
    let Some(lab) = Lab::get() else { return };
    let api = lab.api();
    let sandbox = backup(lab.kubeconfig());
    let file = saved(&sandbox);
    disturb(api);
    sandbox
        .run(&format!("restore {file} --yes --force-conflicts"))
        .assert_code(0);
    let route = first(api, "VirtualService", "");
    let namespace = namespace_of(api, "VirtualService", &route);
    api.patch(
        "VirtualService",
        &namespace,
        &route,
        &json!({ "spec": { "hosts": ["later.example.com"] } }),
    )
    .unwrap();
    let mark = lab.audit_mark();
    sandbox
        .run("rollback --yes")
        .assert_code(2)
        .says("somebody else changed 1 object")
        .says("spec.hosts");
    assert_eq!(lab.audit_writes_since(mark), vec![]);
}

/// The time of a killed command's Lease is over.
fn expire_lease(api: &Api) {
    if api.get("Lease", "istio-system", "kubectl-mesh").is_some() {
        api.delete("Lease", "istio-system", "kubectl-mesh")
            .expect("the Lease can be deleted");
    }
}

fn killed_after(lab: &LabGuard, sandbox: &Plugin, file: &str, n: usize) -> Ran {
    let proxy = ChaosProxy::start(lab.kubeconfig());
    proxy.kill_after(When::write(n));
    let line = format!(
        "restore {file} --yes --force-conflicts --kubeconfig {}",
        proxy.kubeconfig().display()
    );
    let running = sandbox.spawn(&line);
    proxy.victim(running.pid());
    running.finish()
}

#[test]
fn killed_after_any_write_a_restore_is_resumed_to_no_difference_or_taken_back() {
    let Some(mut lab) = Lab::get() else { return };
    let paths = paths(lab.api());
    let mut points = 0;
    'points: for n in 1..=20 {
        for way in ["restore --resume --yes", "rollback --yes"] {
            lab.reset();
            let before = world(lab.api(), &paths);
            let sandbox = backup(lab.kubeconfig());
            let file = saved(&sandbox);
            disturb(lab.api());
            let disturbed = world(lab.api(), &paths);
            let ran = killed_after(&lab, &sandbox, &file, n);
            if ran.signal != Some(9) {
                ran.assert_code(0);
                break 'points;
            }
            expire_lease(lab.api());
            let all = records(lab.api());
            let unfinished = all.iter().any(|r| r.state == State::Started);
            if !unfinished {
                // Killed before the record, or after its last word.
                let want = if all.is_empty() { &disturbed } else { &before };
                assert_same(&world(lab.api(), &paths), want);
                continue;
            }
            sandbox
                .run(&format!("restore {file} --yes"))
                .assert_code(2)
                .says("kubectl mesh-backup restore --resume");
            Plugin::tag(lab.kubeconfig())
                .run("promote stable --to 1-28-1 --yes")
                .assert_code(2)
                .says("kubectl mesh-backup restore --resume");
            sandbox.run(way).assert_code(0);
            let want = if way.starts_with("rollback") {
                &disturbed
            } else {
                &before
            };
            assert_same(&world(lab.api(), &paths), want);
            // A way back is a record of its own; the one it undoes may be left as it was cut off, never as under way.
            assert!(
                records(lab.api()).iter().all(|r| r.state != State::Started),
                "write {n}, {way}"
            );
        }
        points += 1;
    }
    assert!(points >= 5, "only {points} points of a restore were tried");
}

#[test]
fn what_helm_owns_is_not_written_over() {
    let Some(lab) = Lab::get() else { return };
    let api = lab.api();
    let sandbox = backup(lab.kubeconfig());
    let file = saved(&sandbox);
    let route = first(api, "VirtualService", "");
    let namespace = namespace_of(api, "VirtualService", &route);
    let mut object = api.get("VirtualService", &namespace, &route).unwrap();
    object["metadata"] = json!({ "name": route, "namespace": namespace });
    object["spec"]["hosts"] = json!(["helm.example.com"]);
    api.apply("helm", &object).unwrap();
    let mark = lab.audit_mark();
    sandbox
        .run(&format!("restore {file} --yes --force-conflicts"))
        .assert_code(2)
        .says("belongs to Helm")
        .says("--waive owners=REASON");
    assert_eq!(lab.audit_writes_since(mark), vec![]);
    // A person's edit is no owner, and is shown by name.
    let mut edited = api.get("VirtualService", &namespace, &route).unwrap();
    edited["metadata"]["managedFields"] = json!([{}]);
    api.replace(&edited).unwrap();
    let mut object = object.clone();
    object["spec"]["hosts"] = json!(["bob.example.com"]);
    api.apply("kubectl-edit", &object).unwrap();
    sandbox
        .run(&format!("restore {file} --yes"))
        .assert_code(2)
        .says("kubectl-edit set")
        .says("--force-conflicts");
    sandbox
        .run(&format!("restore {file} --yes --force-conflicts"))
        .assert_code(0)
        .says("set by kubectl-edit");
}

#[test]
fn a_webhook_that_nobody_answers_is_seen_before_it_refuses() {
    let Some(lab) = Lab::get() else { return };
    let api = lab.api();
    let sandbox = backup(lab.kubeconfig());
    let file = saved(&sandbox);
    disturb(api);
    let hook = json!({ "apiVersion": "admissionregistration.k8s.io/v1", "kind": "ValidatingWebhookConfiguration",
        "metadata": { "name": "dead" }, "webhooks": [{
            "name": "dead.example.com", "failurePolicy": "Fail", "sideEffects": "None",
            "admissionReviewVersions": ["v1"],
            "clientConfig": { "service": { "namespace": "default", "name": "nobody" } },
            "rules": [{ "apiGroups": ["networking.istio.io"], "apiVersions": ["*"], "resources": ["*"],
                "operations": ["CREATE", "UPDATE"] }] }] });
    api.create(&hook).unwrap();
    let mark = lab.audit_mark();
    sandbox
        .run(&format!("restore {file} --yes --force-conflicts"))
        .assert_code(2)
        .says("service default/nobody has no endpoint")
        .says("kubectl patch validatingwebhookconfiguration dead");
    assert_eq!(lab.audit_writes_since(mark), vec![]);
}

#[test]
fn fields_of_a_newer_crd_are_kept_and_those_of_a_newer_archive_are_not_dropped() {
    let Some(lab) = Lab::get() else { return };
    let api = lab.api();
    let name = "sidecars.networking.istio.io";
    let sandbox = backup(lab.kubeconfig());
    let file = saved(&sandbox);
    let sidecar = first(api, "Sidecar", "");
    let namespace = namespace_of(api, "Sidecar", &sidecar);
    let old = api.get("CustomResourceDefinition", "", name).unwrap();
    let mut newer = old.clone();
    for version in newer["spec"]["versions"].as_array_mut().unwrap() {
        version["schema"]["openAPIV3Schema"]["properties"]["spec"]["properties"]["newerField"] =
            json!({ "type": "string" });
    }
    api.replace(&newer).unwrap();
    eventually("the newer field is kept", || {
        let patch = json!({ "spec": { "newerField": "kept" } });
        let made = api.patch("Sidecar", &namespace, &sidecar, &patch).unwrap();
        made["spec"]["newerField"] == "kept"
    });
    api.patch(
        "Sidecar",
        &namespace,
        &sidecar,
        &json!({ "spec": { "workloadSelector": { "labels": { "x": "y" } } } }),
    )
    .unwrap();
    sandbox
        .run(&format!("restore {file} --yes --force-conflicts"))
        .assert_code(0)
        .says("keeps what the archive does not know: spec.newerField");
    let now = api.get("Sidecar", &namespace, &sidecar).unwrap();
    assert_eq!(now["spec"]["newerField"], "kept");
    assert_eq!(now["spec"]["workloadSelector"]["labels"]["x"], Value::Null);
    // The CRD of the archive would drop it.
    sandbox
        .run(&format!("restore {file} --yes --crds"))
        .assert_code(2)
        .says("it does not know spec.newerField");
    // And the other way round: an archive with a field that the CRD here does not know.
    let with_field = saved_as(&sandbox, "newer.tar.zst");
    let mut back = api.get("CustomResourceDefinition", "", name).unwrap();
    back["spec"] = old["spec"].clone();
    api.replace(&back).unwrap();
    api.delete("Sidecar", &namespace, &sidecar).unwrap();
    sandbox
        .run(&format!("restore {with_field} --yes"))
        .assert_code(2)
        .says("the CRD here does not know spec.newerField");
}

fn saved_as(sandbox: &Plugin, name: &str) -> String {
    let file = sandbox.dir().join(name).display().to_string();
    sandbox.run(&format!("create {file}")).assert_code(0);
    file
}

#[test]
fn a_crd_version_that_is_not_served_an_immutable_field_and_another_ca_are_refused() {
    let Some(mut lab) = Lab::get() else { return };
    let sandbox = backup(lab.kubeconfig());
    let file = saved(&sandbox);
    // A version that is served no more.
    let api = lab.api();
    let route = first(api, "VirtualService", "");
    let namespace = namespace_of(api, "VirtualService", &route);
    let mut crd = api
        .get(
            "CustomResourceDefinition",
            "",
            "virtualservices.networking.istio.io",
        )
        .unwrap();
    let stored = list(api, "/apis/networking.istio.io/v1/virtualservices");
    assert!(!stored.is_empty());
    for version in crd["spec"]["versions"].as_array_mut().unwrap() {
        version["served"] = (version["name"] == "v1beta1").into();
        version["storage"] = (version["name"] == "v1beta1").into();
    }
    api.replace(&crd).unwrap();
    let ran = sandbox.run(&format!(
        "restore {file} --only vs/{namespace}/{route} --yes"
    ));
    ran.assert_code(2)
        .says("is not served here")
        .says("v1beta1");
    lab.reset();
    // A selector.
    let api = lab.api();
    let mut deployment = api
        .get("Deployment", "istio-system", "istiod-1-28-1")
        .unwrap();
    api.delete("Deployment", "istio-system", "istiod-1-28-1")
        .unwrap();
    for pointer in [
        "/spec/selector/matchLabels",
        "/spec/template/metadata/labels",
    ] {
        deployment.pointer_mut(pointer).unwrap()["other"] = "x".into();
    }
    let metadata = &deployment["metadata"];
    deployment["metadata"] = json!({ "name": metadata["name"], "namespace": metadata["namespace"],
        "labels": metadata["labels"] });
    api.create(&deployment).unwrap();
    sandbox
        .run(&format!(
            "restore {file} --only deploy/istio-system/istiod-1-28-1 --istiod --yes"
        ))
        .assert_code(2)
        .says("spec.selector")
        .says("cannot be changed in place");
    lab.reset();
    // Another root.
    let api = lab.api();
    let other = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
    for namespace in api.list("Namespace", "") {
        let ns = text(&namespace["metadata"]["name"]);
        if api.get("ConfigMap", &ns, "istio-ca-root-cert").is_some() {
            api.patch(
                "ConfigMap",
                &ns,
                "istio-ca-root-cert",
                &json!({ "data": { "root-cert.pem": other } }),
            )
            .unwrap();
        }
    }
    api.delete("Secret", "istio-system", "istio-ca-secret")
        .unwrap();
    sandbox
        .run(&format!("restore {file} --yes"))
        .assert_code(2)
        .says("the CA here is another than the archive's")
        .says("--waive ca=REASON");
}

/// Evenly spread places in so many steps.
fn points(steps: usize, many: usize) -> impl Iterator<Item = usize> {
    (0..many).map(move |i| 1 + i * (steps - 1) / (many - 1))
}

#[test]
fn an_api_server_that_goes_away_at_any_request_leaves_nothing_half_done_that_is_not_found() {
    let Some(mut lab) = Lab::get() else { return };
    let paths = paths(lab.api());
    let before = world(lab.api(), &paths);
    let proxy = ChaosProxy::start(lab.kubeconfig());
    let sandbox = backup(lab.kubeconfig());
    let file = saved(&sandbox);
    let line = format!(
        "restore {file} --yes --force-conflicts --kubeconfig {}",
        proxy.kubeconfig().display()
    );
    disturb(lab.api());
    sandbox.run(&line).assert_code(0);
    let requests = proxy.requests().len();
    assert!(requests > 60, "only {requests} requests");
    for n in points(requests, 20) {
        lab.reset();
        disturb(lab.api());
        let disturbed = world(lab.api(), &paths);
        let proxy = ChaosProxy::start(lab.kubeconfig());
        proxy.fail(When::since(n), Failure::Closed);
        let sandbox = backup(lab.kubeconfig());
        let ran = sandbox.run(&format!(
            "restore {file} --yes --force-conflicts --kubeconfig {}",
            proxy.kubeconfig().display()
        ));
        assert!(matches!(ran.code, Some(0..=4)), "{ran:?}");
        expire_lease(lab.api());
        if records(lab.api()).iter().any(|r| r.state == State::Started) {
            sandbox.run("restore --resume --yes").assert_code(0);
        }
        // Before the record nothing was written; after it everything is brought to its end.
        let want = if records(lab.api()).is_empty() {
            &disturbed
        } else {
            &before
        };
        assert_same(&world(lab.api(), &paths), want);
    }
}

#[test]
fn a_disk_that_is_too_small_for_the_way_back_stops_a_restore_before_its_first_change() {
    let Some(lab) = Lab::get() else { return };
    let paths = paths(lab.api());
    let sandbox = backup(lab.kubeconfig());
    let file = saved(&sandbox);
    disturb(lab.api());
    let disturbed = world(lab.api(), &paths);
    std::fs::create_dir_all(sandbox.dir().join("disk")).unwrap();
    let path = std::env::var_os("PATH").unwrap();
    // In a mount namespace of its own, so that it is gone with the command.
    let script = format!(
        "mount -t tmpfs -o size=4k tmpfs disk && XDG_DATA_HOME=$PWD/disk \"$0\" restore {file} --yes --force-conflicts 2>&1; echo \"exit $?\""
    );
    let mut unshare = sandbox.command("/usr/bin/env");
    unshare
        .args(["unshare", "--mount", "sh", "-c", &script])
        .arg(sandbox.bin().join("kubectl-mesh_backup"))
        .env("PATH", &path);
    let done = unshare.output().unwrap();
    let said = String::from_utf8_lossy(&done.stdout).into_owned();
    assert!(said.contains("No space left on device"), "{said}");
    assert!(said.ends_with("exit 1\n"), "{said}");
    assert_same(&world(lab.api(), &paths), &disturbed);
    assert!(records(lab.api()).is_empty());
    assert!(
        lab.api()
            .get("Lease", "istio-system", "kubectl-mesh")
            .is_none()
    );
}
