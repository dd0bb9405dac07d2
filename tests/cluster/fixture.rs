//! The fixture itself: what the other tests rest on.

use std::time::Instant;

use mesh_testkit::{Lab, Mesh, Mode, Recorder};
use serde_json::{Value, json};

fn pod(namespace: &str, labels: &Value) -> Value {
    json!({
        "apiVersion": "v1", "kind": "Pod",
        "metadata": {"name": "probe", "namespace": namespace, "labels": labels},
        "spec": {"containers": [{"name": "app", "image": "registry.example.com/app:1"}]},
    })
}

#[test]
fn the_sample_mesh_is_there_as_recorded() {
    let Some(lab) = Lab::get() else { return };
    let api = lab.api();
    // 78 recorded, and a second istiod for each of two revisions.
    assert_eq!(api.list("Pod", "").len(), 80);
    assert_eq!(api.list("MutatingWebhookConfiguration", "").len(), 4);
    let pod = api
        .get("Pod", "payments", "checkout-558967d557-gv585")
        .expect("is in the sample");
    let owner = api
        .get("ReplicaSet", "payments", "checkout-558967d557")
        .expect("is in the sample");
    assert_eq!(
        pod["metadata"]["ownerReferences"][0]["uid"],
        owner["metadata"]["uid"]
    );
    assert_eq!(pod["status"]["phase"], "Running");
    let root = api
        .get("ConfigMap", "payments", "istio-ca-root-cert")
        .expect("is in the sample");
    assert_eq!(root["data"]["root-cert.pem"], lab.ca_pem());
}

#[test]
fn every_loaded_object_is_one_the_api_server_would_take() {
    let Some(lab) = Lab::get() else { return };
    let mesh = Mesh::sample().unwrap();
    let mut refused = Vec::new();
    for object in mesh.objects() {
        let kind = object["kind"].as_str().unwrap();
        let name = object["metadata"]["name"].as_str().unwrap();
        let namespace = object["metadata"]["namespace"].as_str().unwrap_or_default();
        let group = object["apiVersion"]
            .as_str()
            .unwrap()
            .rsplit_once('/')
            .map_or("", |(g, _)| g);
        let kind = if group.is_empty() {
            kind.to_owned()
        } else {
            format!("{kind}.{group}")
        };
        let stored = lab.api().get(&kind, namespace, name).expect("is loaded");
        if let Err(e) = lab.api().replace_dry_run(&stored) {
            refused.push(format!("{kind} {namespace}/{name}: {e}"));
        }
    }
    assert_eq!(refused, Vec::<String>::new());
}

#[test]
fn ages_are_shifted_together() {
    let Some(mut lab) = Lab::get() else { return };
    let old = |lab: &Lab| -> jiff::SignedDuration {
        let rs = lab
            .api()
            .get("ReplicaSet", "istio-system", "istiod-1-28-1-6f54cc4b5f")
            .unwrap();
        let created: jiff::Timestamp = rs["metadata"]["creationTimestamp"]
            .as_str()
            .unwrap()
            .parse()
            .unwrap();
        jiff::Timestamp::now().duration_since(created)
    };
    assert!(old(&lab).as_hours() >= 72, "{:?}", old(&lab));
    lab.load(
        &Mesh::sample()
            .unwrap()
            .age(std::time::Duration::from_secs(3600)),
    );
    assert_eq!(old(&lab).as_hours(), 1);
    lab.reset();
    assert!(old(&lab).as_hours() >= 72);
}

#[test]
fn a_reset_takes_everything_back() {
    let Some(mut lab) = Lab::get() else { return };
    let api = lab.api().clone();
    let before = api.get("Namespace", "", "payments").unwrap();
    api.label(
        "Namespace",
        "",
        "payments",
        &[("istio.io/rev", Some("canary"))],
    )
    .unwrap();
    api.delete(
        "MutatingWebhookConfiguration",
        "",
        "istio-revision-tag-stable",
    )
    .unwrap();
    api.delete("Deployment", "istio-system", "istiod-1-28-1")
        .unwrap();
    api.create(&json!({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "extra"}}))
        .unwrap();
    let made = json!({
        "apiVersion": "v1", "kind": "ConfigMap",
        "metadata": {"name": "made", "namespace": "extra"},
    });
    api.create(&made).unwrap();
    let start = Instant::now();
    lab.reset();
    let took = start.elapsed();
    let after = api.get("Namespace", "", "payments").unwrap();
    assert_eq!(after["metadata"]["labels"], before["metadata"]["labels"]);
    assert_eq!(after["metadata"]["uid"], before["metadata"]["uid"]);
    assert!(
        api.get(
            "MutatingWebhookConfiguration",
            "",
            "istio-revision-tag-stable"
        )
        .is_some()
    );
    assert!(
        api.get("Deployment", "istio-system", "istiod-1-28-1")
            .is_some()
    );
    assert!(api.get("Namespace", "", "extra").is_none());
    assert!(took.as_millis() < 1000, "a reset took {took:?}");
}

#[test]
fn pods_are_injected_by_the_revision_their_webhook_names() {
    let Some(lab) = Lab::get() else { return };
    let api = lab.api();
    for (namespace, revision, image) in [
        (
            "payments",
            "1-26-1",
            "registry.example.com/istio/proxyv2:1.26.1",
        ),
        (
            "orders",
            "1-28-1",
            "registry.example.com/istio/proxyv2:1.28.1",
        ),
    ] {
        lab.injector().clear();
        let made = api
            .create_dry_run(&pod(namespace, &json!({"app": "probe"})))
            .unwrap();
        assert_eq!(made["metadata"]["annotations"]["istio.io/rev"], revision);
        let proxy = &made["spec"]["containers"][1];
        assert_eq!(
            (proxy["name"].as_str(), proxy["image"].as_str()),
            (Some("istio-proxy"), Some(image))
        );
        let calls = lab.injector().calls();
        assert_eq!(calls.len(), 1);
        assert_eq!(calls[0].revision, revision);
        assert_eq!(calls[0].labels["app"], "probe");
        assert!(calls[0].dry_run && calls[0].path == "/inject");
    }
    let plain = api.create_dry_run(&pod("monitoring", &json!({}))).unwrap();
    assert_eq!(plain["spec"]["containers"].as_array().unwrap().len(), 1);
}

#[test]
fn an_injector_can_be_dead_broken_or_another() {
    let Some(lab) = Lab::get() else { return };
    let create = || lab.api().create_dry_run(&pod("payments", &json!({})));
    lab.injector().set("1-26-1", Mode::Dead);
    let refused = create().unwrap_err();
    assert!(
        refused.message.contains("failed calling webhook"),
        "{refused}"
    );
    lab.injector().set("1-26-1", Mode::Fails(500));
    assert!(create().is_err());
    lab.injector().set("1-26-1", Mode::Claims("1-99-9".into()));
    assert_eq!(
        create().unwrap()["metadata"]["annotations"]["istio.io/rev"],
        "1-99-9"
    );
    lab.injector().set("1-26-1", Mode::Passes);
    assert_eq!(create().unwrap()["metadata"]["annotations"], Value::Null);
    lab.injector().set("1-26-1", Mode::Works);
    assert_eq!(
        create().unwrap()["metadata"]["annotations"]["istio.io/rev"],
        "1-26-1"
    );
}

#[test]
fn webhooks_are_as_the_reset_left_them_at_once() {
    let Some(mut lab) = Lab::get() else { return };
    let api = lab.api().clone();
    for _ in 0..20 {
        let mut tag = api
            .get(
                "MutatingWebhookConfiguration",
                "",
                "istio-revision-tag-stable",
            )
            .unwrap();
        for hook in tag["webhooks"].as_array_mut().unwrap() {
            hook["clientConfig"]["service"]["name"] = "istiod-1-28-1".into();
        }
        api.replace(&tag).unwrap();
        let probe = || api.create_dry_run(&pod("payments", &json!({}))).unwrap();
        let deadline = Instant::now() + std::time::Duration::from_secs(5);
        while probe()["metadata"]["annotations"]["istio.io/rev"] != "1-28-1" {
            assert!(
                Instant::now() < deadline,
                "the API server has not seen the webhook change"
            );
        }
        lab.reset();
        let made = api.create_dry_run(&pod("payments", &json!({}))).unwrap();
        assert_eq!(made["metadata"]["annotations"]["istio.io/rev"], "1-26-1");
    }
}

#[test]
fn the_audit_log_tells_writes_from_reads_and_dry_runs() {
    let Some(lab) = Lab::get() else { return };
    let admin = std::fs::read_to_string(lab.kubeconfig()).unwrap();
    let admin = mesh_testkit::Api::of_kubeconfig(&admin).unwrap();
    let mark = lab.audit_mark();
    admin.list("Pod", "payments");
    admin.create_dry_run(&pod("payments", &json!({}))).unwrap();
    assert_eq!(lab.audit_writes_since(mark), vec![]);
    let seen = lab.audit_since(mark);
    assert_eq!(seen.len(), 2, "{seen:?}");
    assert_eq!(
        (seen[0].verb.as_str(), seen[0].user.as_str()),
        ("list", "admin")
    );
    assert_eq!(seen[0].uri, "/api/v1/namespaces/payments/pods");
    assert!(seen[1].is_dry_run());
    admin
        .label("Namespace", "", "payments", &[("x", Some("y"))])
        .unwrap();
    let writes = lab.audit_writes_since(mark);
    assert_eq!(writes.len(), 1);
    assert_eq!(
        (
            writes[0].verb.as_str(),
            writes[0].resource.as_str(),
            writes[0].name.as_str(),
            writes[0].code
        ),
        ("patch", "namespaces", "payments", Some(200))
    );
}

#[test]
fn a_user_may_do_what_the_rules_say_and_nothing_else() {
    let Some(lab) = Lab::get() else { return };
    let rules = [json!({"apiGroups": [""], "resources": ["pods"], "verbs": ["get", "list"]})];
    let reader = lab.user_kubeconfig("reader@example.com", &["team-a", "team-b"], &rules);
    let reader =
        mesh_testkit::Api::of_kubeconfig(&std::fs::read_to_string(reader).unwrap()).unwrap();
    assert!(!reader.list("Pod", "payments").is_empty());
    let refused = reader.create(&pod("payments", &json!({}))).unwrap_err();
    assert_eq!(refused.code, 403);
    assert!(refused.message.contains("reader@example.com"), "{refused}");
}

#[test]
fn istiod_tells_its_version_through_a_port_forward() {
    let Some(lab) = Lab::get() else { return };
    let pods = lab.api().list("Pod", "istio-system");
    let mut seen = Vec::new();
    for pod in pods
        .iter()
        .filter(|p| p["metadata"]["labels"]["app"] == "istiod")
    {
        let name = pod["metadata"]["name"].as_str().unwrap();
        seen.push(
            lab.forward_get("istio-system", name, 15014, "/version")
                .unwrap(),
        );
    }
    seen.sort();
    let version = |v: &str, sha: &str| format!("{v}-{sha}-Clean");
    let old = version("1.26.1", "2ce3ad897b984a045d9d5f80a8c1bb8eefdf88f5");
    let new = version("1.28.1", "6268e25f089a4b0f726082053cf630490c235cdc");
    assert_eq!(seen, [old.clone(), old, new.clone(), new]);
}

#[test]
fn a_recorded_state_of_the_webhooks_replaces_the_samples() {
    let Some(mut lab) = Lab::get() else { return };
    let hook = lab
        .api()
        .get(
            "MutatingWebhookConfiguration",
            "",
            "istio-sidecar-injector-1-26-1",
        )
        .unwrap();
    lab.load(&Mesh::recorded(&hook.to_string()).unwrap());
    let api = lab.api().clone();
    assert_eq!(api.list("MutatingWebhookConfiguration", "").len(), 1);
    assert_eq!(api.list("Pod", "payments").len(), 0);
    assert!(api.get("Namespace", "", "users").is_none());
    assert_eq!(api.list("Deployment", "istio-system").len(), 3);
    lab.reset();
    assert_eq!(api.list("MutatingWebhookConfiguration", "").len(), 4);
    assert_eq!(api.list("Pod", "payments").len(), 13);
}

#[test]
fn a_recorder_names_the_webhook_that_was_called() {
    use base64::{Engine as _, engine::general_purpose::STANDARD};
    let Some(lab) = Lab::get() else { return };
    let recorder = Recorder::start().unwrap();
    let hook = json!({
        "apiVersion": "admissionregistration.k8s.io/v1", "kind": "MutatingWebhookConfiguration",
        "metadata": {"name": "recorded"},
        "webhooks": [{
            "name": "one.example.com", "admissionReviewVersions": ["v1"], "sideEffects": "None",
            "clientConfig": {
                "url": format!("{}/one.example.com", recorder.url_base),
                "caBundle": STANDARD.encode(&recorder.ca_pem),
            },
            "namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": "tools"}},
            "rules": [{"apiGroups": [""], "apiVersions": ["v1"], "operations": ["CREATE"], "resources": ["pods"]}],
        }],
    });
    lab.api().create(&hook).unwrap();
    // The API server's own cache of webhooks follows a moment later.
    let deadline = Instant::now() + std::time::Duration::from_secs(5);
    let calls = loop {
        lab.api()
            .create_dry_run(&pod("tools", &json!({"app": "x"})))
            .unwrap();
        let calls = recorder.calls();
        if !calls.is_empty() || Instant::now() > deadline {
            break calls;
        }
    };
    assert_eq!(calls[0].webhook, "one.example.com");
    assert_eq!(
        (calls[0].namespace.as_str(), calls[0].name.as_str()),
        ("tools", "probe")
    );
}

#[test]
fn a_container_logs_what_the_test_says() {
    let Some(lab) = Lab::get() else { return };
    let (namespace, pod) = ("payments", "checkout-558967d557-gv585");
    lab.set_logs(namespace, pod, "istio-proxy", &["one", "two"]);
    let path = format!("/api/v1/namespaces/{namespace}/pods/{pod}/log?container=istio-proxy");
    assert_eq!(lab.api().raw(&path).unwrap(), "one\ntwo\n");
}

#[test]
fn no_service_address_has_to_be_repaired() {
    let Some(lab) = Lab::get() else { return };
    let services = lab.api().list("Service", "");
    let addressed = services
        .iter()
        .filter(|s| s["spec"]["clusterIP"] != "None")
        .count();
    assert_eq!(lab.api().list("IPAddress", "").len(), addressed);
    let events = lab.api().list("Event", "");
    assert!(
        !events
            .iter()
            .any(|e| e["reason"] == "ClusterIPNotAllocated"),
        "{events:#?}"
    );
}
