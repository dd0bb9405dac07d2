//! The fixture itself: what the other tests rest on.

use std::time::Instant;

use mesh_testkit::{Lab, Mesh, mesh::data_dir};
use serde_json::{Value, json};

pub(crate) fn pod(namespace: &str, labels: &Value) -> Value {
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
    let rules = [
        json!({"apiGroups": [""], "resources": ["pods/portforward"], "verbs": ["create"]}),
        json!({"apiGroups": [""], "resources": ["pods"], "verbs": ["get", "list"]}),
    ];
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
    let api = lab.api().clone();
    let names = |kind: &str| -> Vec<String> {
        let list = api.list(kind, "");
        list.iter()
            .map(|o| o["metadata"]["name"].as_str().unwrap().to_owned())
            .collect()
    };
    let states = data_dir().join("istioctl-recordings/states");
    for entry in std::fs::read_dir(states).unwrap() {
        let path = entry.unwrap().path();
        let yaml = std::fs::read_to_string(&path).unwrap();
        lab.load(&Mesh::recorded(&yaml).unwrap());
        let hooks = names("MutatingWebhookConfiguration");
        for hook in &hooks {
            assert!(
                yaml.contains(&format!("name: {hook}\n")),
                "{hook} in {}",
                path.display()
            );
        }
        assert_eq!(api.list("Pod", "payments").len(), 0);
        assert_eq!(
            names("Namespace")
                .iter()
                .filter(|n| !n.starts_with("kube-"))
                .collect::<Vec<_>>(),
            [
                "default",
                "istio-system",
                "legacy",
                "orders",
                "payments",
                "staging"
            ]
        );
        // Every webhook's Service is there, and a pod answers for it.
        let unrevisioned = hooks.iter().any(|n| n == "istio-sidecar-injector");
        assert_eq!(
            api.get("Service", "istio-system", "istiod").is_some(),
            unrevisioned
        );
        if unrevisioned {
            let made = api.create_dry_run(&pod("legacy", &json!({}))).unwrap();
            assert_eq!(made["metadata"]["annotations"]["istio.io/rev"], "default");
            let proxy = &made["spec"]["containers"][1]["image"];
            assert_eq!(proxy, "registry.example.com/istio/proxyv2:1.20.8");
        }
    }
    lab.reset();
    assert_eq!(names("MutatingWebhookConfiguration").len(), 4);
    assert_eq!(api.list("Pod", "payments").len(), 13);
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
