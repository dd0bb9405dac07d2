//! What the sample mesh does not have: made objects.

use super::*;

#[allow(clippy::needless_pass_by_value)] // literals read better
fn pod(name: &str, owner: Value, more: Value) -> Value {
    let mut pod = json!({
        "apiVersion": "v1", "kind": "Pod",
        "metadata": {"name": name, "namespace": "a", "labels": null, "annotations": null},
        "spec": {"containers": [{"name": "app", "image": "app"}]},
        "status": {"phase": "Running", "conditions": [{"type": "Ready", "status": "True"}]},
    });
    if !owner.is_null() {
        pod["metadata"]["ownerReferences"] = json!([owner]);
    }
    merge(&mut pod, more);
    pod
}

fn merge(into: &mut Value, more: Value) {
    match (into, more) {
        (Value::Object(into), Value::Object(more)) => {
            for (key, value) in more {
                merge(into.entry(key).or_insert(Value::Null), value);
            }
        }
        (into, more) => *into = more,
    }
}

fn owner(api: &str, kind: &str, name: &str) -> Value {
    json!({"apiVersion": api, "kind": kind, "name": name, "controller": true})
}

#[test]
fn pods_find_their_workload() {
    let rs = |hash: &str| owner("apps/v1", "ReplicaSet", &format!("web-{hash}"));
    let label = |key: &str, value: &str| json!({"metadata": {"labels": {key: value}}});
    let mesh = from(vec![
        pod("bare", Value::Null, json!({})),
        pod("web-1-x", rs("1"), label("pod-template-hash", "1")),
        pod("web-2-x", rs("2"), label("rollouts-pod-template-hash", "2")),
        pod("etcd-n1", owner("v1", "Node", "n1"), json!({})),
        pod("j-1", owner("batch/v1", "Job", "gone"), json!({})),
        pod(
            "c-0",
            owner("apps.kruise.io/v1", "StatefulSet", "c"),
            json!({}),
        ),
        pod(
            "set-0",
            owner("apps/v1", "StatefulSet", "set"),
            json!({"metadata": {"deletionTimestamp": "2026-11-21T04:00:00Z"}}),
        ),
        pod(
            "set-1",
            owner("apps/v1", "StatefulSet", "set"),
            json!({"status": {"phase": "Failed"}}),
        ),
    ]);
    let found: Vec<_> = mesh
        .workloads
        .get()
        .unwrap()
        .iter()
        .map(|w| {
            (
                w.short(),
                w.pod_count(),
                w.finished_pods,
                w.terminating_pods,
            )
        })
        .collect();
    assert_eq!(
        found,
        [
            ("statefulset/set".into(), 0, 1, 1),
            ("job/gone".into(), 1, 0, 0),
            ("replicaset/web-1".into(), 1, 0, 0),
            ("pod/bare".into(), 1, 0, 0),
            ("node/n1".into(), 1, 0, 0),
            ("rollout/web".into(), 1, 0, 0),
            ("statefulset/c".into(), 1, 0, 0),
        ]
    );
}

#[test]
fn proxies_classic_native_and_ztunnel() {
    let proxy = |list: &str, more: Value| {
        let mut container =
            json!({"name": "istio-proxy", "image": "r:5000/i/proxyv2:1.28.1-distroless@sha256:00"});
        merge(&mut container, more);
        json!({
            "metadata": {"annotations": {
                "sidecar.istio.io/status": "{\"containers\":[\"istio-proxy\"],\"revision\":\"r1\"}",
                "sidecar.istio.io/proxyImage": "mine",
            }, "labels": {"app": "x", "security.istio.io/tlsMode": "istio"}},
            "spec": {list: [container]},
        })
    };
    let mesh = from(vec![
        pod("classic", Value::Null, proxy("containers", json!({}))),
        pod(
            "native",
            Value::Null,
            proxy("initContainers", json!({"restartPolicy": "Always"})),
        ),
        pod(
            "neither",
            Value::Null,
            proxy("initContainers", json!({"restartPolicy": null})),
        ),
        pod(
            "ztunnel",
            Value::Null,
            proxy("containers", json!({"image": "i/ztunnel:1.28.1"})),
        ),
        pod(
            "garbage",
            Value::Null,
            json!({"metadata": {"annotations": {"sidecar.istio.io/status": "{"}}}),
        ),
    ]);
    let workloads = mesh.workloads.get().unwrap();
    let native: Vec<_> = workloads
        .iter()
        .map(|w| (w.name.as_str(), w.pods[0].proxy.as_ref().map(|p| p.native)))
        .collect();
    assert_eq!(
        native,
        [
            ("classic", Some(false)),
            ("garbage", None),
            ("native", Some(true)),
            ("neither", None),
            ("ztunnel", None),
        ]
    );
    let classic = &workloads[0];
    let proxy = classic.pods[0].proxy.as_ref().unwrap();
    assert_eq!(proxy.revision.as_deref(), Some("r1"));
    assert_eq!(proxy.version.as_deref(), Some("1.28.1-distroless"));
    assert!(proxy.custom_image);
    assert!(
        !classic.labels.contains_key("security.istio.io/tlsMode"),
        "a new pod does not bring it"
    );
}

#[test]
fn a_default_revision_and_odd_config_maps() {
    let map = |name: &str, data: Value| {
        json!({"apiVersion": "v1", "kind": "ConfigMap",
               "metadata": {"name": name, "namespace": "istio-system"}, "data": data})
    };
    let injector = json!({
        "apiVersion": "admissionregistration.k8s.io/v1", "kind": "MutatingWebhookConfiguration",
        "metadata": {"name": "istio-sidecar-injector", "labels": {"istio.io/rev": ""}},
        "webhooks": [{"name": "namespace.sidecar-injector.istio.io",
                      "clientConfig": {"url": "https://x/inject"},
                      "matchConditions": [{"name": "a", "expression": "true"}],
                      "namespaceSelector": {"matchLabels": {"istio.io/deactivated": "never-match"}}}],
    });
    let mut bystander = injector.clone();
    bystander["metadata"] = json!({"name": "cert-manager"});
    bystander["webhooks"][0]["name"] = json!("webhook.cert-manager.io");
    let mesh = from(vec![
        injector,
        bystander,
        map("istio", json!({"mesh": "a: [", "meshNetworks": ""})),
        map("istio-empty", json!({"mesh": ""})),
        map("istio-leader", json!({})),
        map(
            "istio-sidecar-injector",
            json!({"config": "policy: disabled\nneverInjectSelector:\n- matchLabels: {a: b}\ntemplates: {x: y}",
                   "values": "{\"revision\":\"\"}"}),
        ),
    ]);
    let injectors = mesh.injectors.get().unwrap();
    assert_eq!(injectors.len(), 1);
    assert_eq!(injectors[0].revision, "default");
    assert!(injectors[0].is_deactivated());
    assert_eq!(injectors[0].webhooks[0].match_conditions, 1);
    assert!(!injectors[0].webhooks[0].on_pod_create);
    let configs = mesh.configs.get().unwrap();
    assert_eq!(configs.keys().collect::<Vec<_>>(), ["default", "empty"]);
    let default = &configs["default"];
    assert_eq!(default.problems.len(), 1);
    assert!(default.problems[0].starts_with("mesh: "), "{default:?}");
    assert_eq!(default.mesh, Value::Null);
    assert_eq!(default.policy, "disabled");
    assert_eq!(default.never_inject[0].match_labels["a"], "b");
    assert_eq!(configs["empty"].mesh, json!({}), "empty is the default");
}

#[test]
fn an_istiod_that_was_killed() {
    let istiod = |image: &str| {
        json!({"metadata": {"labels": {"app": "istiod"}},
               "spec": {"containers": [{"name": "discovery", "image": image}],
                        "topologySpreadConstraints": [{}]}})
    };
    let mut pod = pod(
        "istiod-5c-x",
        owner("apps/v1", "ReplicaSet", "istiod-5c"),
        json!({
            "metadata": {"namespace": "istio-system"},
            "spec": istiod("i/pilot:1.28.1")["spec"],
            "status": {"containerStatuses": [{"name": "discovery", "restartCount": 2, "state": {"running": {}},
                "lastState": {"terminated": {"reason": "OOMKilled", "finishedAt": "2026-11-21T04:00:00Z"}}}]},
        }),
    );
    pod["metadata"]["labels"] = json!({"pod-template-hash": "5c"});
    let set = |name: &str, generation: &str, created: &str| {
        json!({"apiVersion": "apps/v1", "kind": "ReplicaSet", "metadata": {
            "name": name, "namespace": "istio-system", "creationTimestamp": created,
            "annotations": {"deployment.kubernetes.io/revision": generation},
            "ownerReferences": [owner("apps/v1", "Deployment", "istiod")]}})
    };
    let mesh = from(vec![
        json!({"apiVersion": "apps/v1", "kind": "Deployment",
               "metadata": {"name": "istiod", "namespace": "istio-system",
                            "annotations": {"deployment.kubernetes.io/revision": "3"}},
               "spec": {"template": istiod("i/pilot:1.28.1")}}),
        pod,
        set("istiod-5c", "3", "2026-11-01T00:00:00Z"),
        set("istiod-6d", "2", "2026-11-02T00:00:00Z"),
    ]);
    let istiods: &[Istiod] = mesh.istiods.get().unwrap();
    let istiod = &istiods[0];
    assert_eq!((istiod.revision.as_str(), istiod.replicas), ("default", 1));
    assert!(istiod.spread);
    assert_eq!(
        istiod.replica_set.get().unwrap().as_ref().unwrap().name,
        "istiod-5c",
        "rolled back: not the newest"
    );
    let pod = &istiod.pods[0];
    assert_eq!(pod.restarts, 2);
    assert_eq!(pod.last_end.as_ref().unwrap().reason, "OOMKilled");
    assert_eq!(
        mesh.configs.get().unwrap()["default"].mesh,
        Value::Null,
        "no ConfigMap, and that is said"
    );
}

#[test]
fn what_a_user_gave_the_chart_makes_no_revision() {
    let map = |name: &str, data: &Value| {
        json!({
            "apiVersion": "v1", "kind": "ConfigMap",
            "metadata": { "name": name, "namespace": "istio-system" }, "data": data,
        })
    };
    let original = |text: &str| json!({ "original-values": text, "merged-values": "{}" });
    let mesh = from(vec![
        map(
            "values",
            &original("{\"pilot\": {\"env\": {\"A\": \"b\"}}}"),
        ),
        map("istio", &json!({ "mesh": "" })),
        map("values-1-28-1", &original("{")),
        map("istio-1-28-1", &json!({ "mesh": "" })),
        map("values-of-somebody", &original("{}")),
        map(
            "istio-ca-root-cert",
            &json!({ "root-cert.pem": "a root\n" }),
        ),
    ]);
    let configs = mesh.configs.get().unwrap();
    assert_eq!(configs.keys().collect::<Vec<_>>(), ["1-28-1", "default"]);
    assert_eq!(configs["default"].original_values["pilot"]["env"]["A"], "b");
    assert_eq!(configs["1-28-1"].original_values, Value::Null);
    assert_eq!(configs["1-28-1"].problems.len(), 1);
    assert!(configs["1-28-1"].problems[0].starts_with("original-values: "));
    assert_eq!(mesh.root_pem.get().unwrap().as_deref(), Some("a root\n"));
    assert!(
        mesh.root_cert
            .get()
            .unwrap()
            .as_ref()
            .unwrap()
            .starts_with("sha256:")
    );
}
