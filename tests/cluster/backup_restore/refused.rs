//! What is not written over, dropped or restarted without a word.

use mesh_testkit::{Lab, Plugin};
use serde_json::{Value, json};

use super::{
    backup, disturb, first, namespace_of, saved,
    world::{eventually, list},
};
use crate::kit::text;

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
