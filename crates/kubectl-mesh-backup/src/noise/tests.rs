use serde_json::json;

use super::*;

#[test]
fn what_a_person_wrote_stays() {
    let mut object = json!({
        "apiVersion": "v1", "kind": "Service",
        "metadata": { "name": "web", "namespace": "shop", "uid": "1", "resourceVersion": "7", "generation": 2,
            "creationTimestamp": "2026-11-21T06:00:00Z", "managedFields": [], "labels": { "app": "web" } },
        "spec": { "ports": [{ "port": 80 }] },
        "status": { "loadBalancer": {} },
    });
    set_aside(&mut object);
    assert_eq!(
        object,
        json!({
            "apiVersion": "v1", "kind": "Service",
            "metadata": { "name": "web", "namespace": "shop", "labels": { "app": "web" } },
            "spec": { "ports": [{ "port": 80 }] },
        })
    );
}

#[test]
fn what_programs_keep_for_themselves_goes() {
    let table = [
        (
            json!({ "kind": "Namespace", "metadata": { "name": "a", "labels": { "kubernetes.io/metadata.name": "a" } },
                "spec": { "finalizers": ["kubernetes"] }, "status": { "phase": "Active" } }),
            json!({ "kind": "Namespace", "metadata": { "name": "a" } }),
        ),
        (
            json!({ "kind": "ConfigMap", "metadata": { "annotations": {
                "control-plane.alpha.kubernetes.io/leader": "{}", "mine": "1" } } }),
            json!({ "kind": "ConfigMap", "metadata": { "annotations": { "mine": "1" } } }),
        ),
        (
            json!({ "kind": "Deployment", "metadata": { "annotations": { "deployment.kubernetes.io/revision": "3" },
                "ownerReferences": [{ "kind": "Gateway", "name": "g", "uid": "7" }] },
                "spec": { "replicas": 2, "template": { "metadata": { "creationTimestamp": null, "labels": { "app": "a" } } } } }),
            json!({ "kind": "Deployment", "metadata": { "ownerReferences": [{ "kind": "Gateway", "name": "g" }] },
                "spec": { "replicas": 2, "template": { "metadata": { "labels": { "app": "a" } } } } }),
        ),
        (
            json!({ "kind": "Job", "metadata": { "labels": { "controller-uid": "7" } },
                "spec": { "selector": { "matchLabels": { "batch.kubernetes.io/controller-uid": "7" } },
                    "template": { "metadata": { "labels": { "controller-uid": "7", "job": "j" } } } } }),
            json!({ "kind": "Job", "metadata": {}, "spec": { "template": { "metadata": { "labels": { "job": "j" } } } } }),
        ),
        // Empty as it was written, not as it was left.
        (
            json!({ "kind": "Service", "metadata": { "labels": {} }, "spec": {} }),
            json!({ "kind": "Service", "metadata": { "labels": {} }, "spec": {} }),
        ),
        (json!([1]), json!([1])),
        (
            json!({ "metadata": 7, "spec": [] }),
            json!({ "metadata": 7, "spec": [] }),
        ),
    ];
    for (mut object, want) in table {
        Noise::new(false).out_of(&mut object);
        assert_eq!(object, want);
    }
}

#[test]
fn all_keeps_what_programs_wrote() {
    let mut object = json!({ "kind": "Namespace", "metadata": { "labels": { "kubernetes.io/metadata.name": "a" }, "uid": "1" },
        "spec": { "finalizers": ["kubernetes"] } });
    Noise::new(true).out_of(&mut object);
    assert_eq!(
        object,
        json!({ "kind": "Namespace", "metadata": { "labels": { "kubernetes.io/metadata.name": "a" } },
            "spec": { "finalizers": ["kubernetes"] } })
    );
}

fn webhooks(bundle: &str, policy: &str, managed: &Value) -> Value {
    json!({ "kind": "ValidatingWebhookConfiguration", "metadata": { "name": "v", "managedFields": managed },
        "webhooks": [
            { "name": "rev", "failurePolicy": policy, "clientConfig": { "caBundle": bundle, "service": { "name": "istiod" } } },
            { "name": "other", "failurePolicy": policy, "clientConfig": { "caBundle": bundle } },
        ] })
}

#[test]
fn what_istiod_owns_in_its_webhooks_is_told_by_its_manager() {
    let by = |manager: &str| {
        json!([{ "manager": manager, "operation": "Update", "fieldsV1": { "f:webhooks": { "k:{\"name\":\"rev\"}": {
            "f:clientConfig": { "f:caBundle": {} }, "f:failurePolicy": {} } } } }])
    };
    let left = |all: bool, a: &Value, b: &Value| {
        let (mut a, mut b) = (webhooks("one", "Ignore", a), webhooks("two", "Fail", b));
        Noise::new(all).out_of_both(&mut a, &mut b);
        let differs = |at: usize| a["webhooks"][at] != b["webhooks"][at];
        (differs(0), differs(1))
    };
    let none = json!(null);
    assert_eq!(left(false, &none, &by("pilot-discovery")), (false, true));
    assert_eq!(left(false, &by("pilot-discovery"), &none), (false, true));
    assert_eq!(left(false, &none, &by("kubectl-edit")), (true, true));
    assert_eq!(left(false, &none, &none), (true, true));
    assert_eq!(left(true, &none, &by("pilot-discovery")), (true, true));
}

#[test]
fn replicas_of_what_is_scaled_by_itself() {
    let deployment = |replicas: u32, managed: &Value| {
        json!({ "kind": "Deployment", "metadata": { "name": "istiod", "namespace": "istio-system", "managedFields": managed },
            "spec": { "replicas": replicas } })
    };
    let by = |manager: &str, subresource: &str| json!([{ "manager": manager, "subresource": subresource, "fieldsV1": { "f:spec": { "f:replicas": {} } } }]);
    let differs = |noise: &Noise, managed: &Value| {
        let (mut a, mut b) = (deployment(2, &json!(null)), deployment(5, managed));
        noise.out_of_both(&mut a, &mut b);
        a != b
    };
    let mut noise = Noise::new(false);
    assert!(!differs(&noise, &by("kube-controller-manager", "scale")));
    assert!(differs(&noise, &by("kube-controller-manager", "")));
    assert!(differs(&noise, &by("kubectl", "scale")));
    assert!(differs(&noise, &json!(null)));
    let scaler = json!({ "kind": "HorizontalPodAutoscaler", "metadata": { "name": "x", "namespace": "istio-system" },
        "spec": { "scaleTargetRef": { "kind": "Deployment", "name": "istiod" } } });
    noise.learn(&scaler);
    assert!(!differs(&noise, &json!(null)));
    let mut all = Noise::new(true);
    all.learn(&scaler);
    assert!(differs(&all, &json!(null)));
}

#[test]
fn of_a_secret_that_nobody_sees_the_version_tells_that_it_changed() {
    let summary = |version: &str, api: &str| {
        json!({ "apiVersion": api, "kind": "SecretSummary",
            "metadata": { "name": "cacerts", "uid": "1", "resourceVersion": version }, "keys": ["ca-key.pem"] })
    };
    let differs = |noise: &Noise, api: &str| {
        let (mut a, mut b) = (summary("1", api), summary("2", api));
        noise.out_of_both(&mut a, &mut b);
        a != b
    };
    let mut noise = Noise::new(false);
    assert!(differs(&noise, "kubectl-mesh/v1alpha1"));
    assert!(!differs(&noise, "v1"));
    noise.secrets_are_compared(true);
    assert!(!differs(&noise, "kubectl-mesh/v1alpha1"));
}

#[test]
fn what_controllers_make() {
    let job = |owner: &Value| json!({ "kind": "Job", "metadata": { "ownerReferences": [owner] } });
    let map = |name: &str| {
        json!({ "kind": "ConfigMap",
            "metadata": { "name": name, "labels": { "app.kubernetes.io/managed-by": "kubectl-mesh" } } })
    };
    assert!(is_derived(&job(
        &json!({ "kind": "CronJob", "controller": true })
    )));
    assert!(!is_derived(&job(&json!({ "kind": "CronJob" }))));
    assert!(!is_derived(&json!({ "kind": "Job", "metadata": {} })));
    assert!(is_derived(&map("kubectl-mesh-op-1")) && !is_derived(&map("istio")));
    assert!(is_derived_kind("replicasets.apps") && !is_derived_kind("deployments.apps"));
}
