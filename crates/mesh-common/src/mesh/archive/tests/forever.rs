//! The archive that the first release made is read forever.

use super::*;

/// `tests/data/archives/format-1.tar.zst`.
fn file(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../tests/data/archives")
        .join(name)
}

/// What is in it: a mesh of one istiod and one route, by hand.
fn objects() -> Vec<(&'static str, &'static str, Value)> {
    let istio = |kind: &str, name: &str| {
        json!({ "kind": kind, "metadata": { "name": name, "namespace": "istio-system",
            "labels": { "app": "istiod", "istio.io/rev": "default" } } })
    };
    let mut deployment = istio("Deployment", "istiod");
    deployment["spec"] = json!({ "replicas": 2, "selector": { "matchLabels": { "app": "istiod" } },
        "template": { "metadata": { "labels": { "app": "istiod", "istio.io/rev": "default" } },
            "spec": { "containers": [{ "name": "discovery", "image": "docker.io/istio/pilot:1.28.1" }] } } });
    let mut service = istio("Service", "istiod");
    service["spec"] = json!({ "selector": { "app": "istiod" }, "ports": [{ "name": "https-webhook", "port": 443, "protocol": "TCP" }] });
    let mut config = istio("ConfigMap", "istio");
    config["data"] = json!({ "mesh": "accessLogFile: /dev/stdout\nenableTracing: false\ntrustDomain: cluster.local\n", "meshNetworks": "networks: {}" });
    let hooks = |kind: &str, name: &str, hook: &str, path: &str, policy: &str| {
        json!({ "kind": kind, "metadata": { "name": name, "labels": { "app": "sidecar-injector", "istio.io/rev": "default" } },
            "webhooks": [{ "name": hook, "failurePolicy": policy, "sideEffects": "None", "admissionReviewVersions": ["v1"],
                "clientConfig": { "service": { "name": "istiod", "namespace": "istio-system", "path": path } } }] })
    };
    let namespace = |name: &str, labels: Value| json!({ "kind": "Namespace", "metadata": { "name": name, "labels": labels } });
    vec![
        ("", "namespaces", namespace("istio-system", json!({}))),
        (
            "",
            "namespaces",
            namespace("shop", json!({ "istio-injection": "enabled" })),
        ),
        (
            "admissionregistration.k8s.io",
            "mutatingwebhookconfigurations",
            hooks(
                "MutatingWebhookConfiguration",
                "istio-sidecar-injector",
                "namespace.sidecar-injector.istio.io",
                "/inject",
                "Fail",
            ),
        ),
        (
            "admissionregistration.k8s.io",
            "validatingwebhookconfigurations",
            hooks(
                "ValidatingWebhookConfiguration",
                "istio-validator-istio-system",
                "rev.validation.istio.io",
                "/validate",
                "Ignore",
            ),
        ),
        (
            "apiextensions.k8s.io",
            "customresourcedefinitions",
            json!({ "kind": "CustomResourceDefinition", "metadata": { "name": "virtualservices.networking.istio.io" },
                "spec": { "group": "networking.istio.io", "scope": "Namespaced",
                    "names": { "kind": "VirtualService", "plural": "virtualservices", "singular": "virtualservice", "shortNames": ["vs"] },
                    "versions": [{ "name": "v1", "served": true, "storage": true, "schema": { "openAPIV3Schema": { "type": "object",
                        "properties": { "spec": { "type": "object", "x-kubernetes-preserve-unknown-fields": true,
                            "properties": { "hosts": { "type": "array", "items": { "type": "string" } } } } } } } }] } }),
        ),
        ("", "services", service),
        ("", "configmaps", config),
        ("apps", "deployments", deployment),
        (
            "networking.istio.io",
            "virtualservices",
            json!({ "kind": "VirtualService", "metadata": { "name": "Checkout..2", "namespace": "shop" },
                "spec": { "hosts": ["checkout"], "http": [{ "route": [{ "destination": { "host": "checkout" } }] }] } }),
        ),
    ]
}

/// The same mesh, later.
fn changed() -> Vec<(&'static str, &'static str, Value)> {
    let mut objects = objects();
    for (_, resource, object) in &mut objects {
        match *resource {
            "configmaps" => {
                object["data"]["mesh"] =
                    "accessLogFile: /dev/stdout\nenableTracing: true\ntrustDomain: cluster.local\n"
                        .into();
            }
            "deployments" => {
                object["spec"]["template"]["spec"]["containers"][0]["image"] =
                    "docker.io/istio/pilot:1.28.2".into();
            }
            "virtualservices" => object["metadata"]["name"] = "orders".into(),
            "validatingwebhookconfigurations" => {
                // As istiod leaves it once it answers.
                object["webhooks"][0]["failurePolicy"] = "Fail".into();
                object["webhooks"][0]["clientConfig"]["caBundle"] = "c3RhbmQtaW4=".into();
                object["metadata"]["managedFields"] = json!([{ "manager": "pilot-discovery", "operation": "Update",
                    "fieldsV1": { "f:webhooks": { "k:{\"name\":\"rev.validation.istio.io\"}": {
                        "f:failurePolicy": {}, "f:clientConfig": { "f:caBundle": {} } } } } }]);
            }
            _ => {}
        }
    }
    objects
}

fn write(name: &str, at: &str, objects: Vec<(&str, &str, Value)>) {
    let manifest = Manifest {
        capture_time: at.parse().unwrap(),
        istio_versions: vec!["1.28.1".into()],
        ..manifest()
    };
    fs::create_dir_all(file("")).unwrap();
    let mut writer = Writer::create(Target::typed(&file(name), false), &manifest).unwrap();
    let mut counts = std::collections::BTreeMap::<_, usize>::new();
    for (group, resource, mut object) in objects {
        object["apiVersion"] = match group {
            "" => "v1".into(),
            group => format!("{group}/v1").into(),
        };
        let metadata = &object["metadata"];
        let path = object_path(
            group,
            resource,
            metadata["namespace"].as_str(),
            metadata["name"].as_str().unwrap(),
        );
        writer.file(path, object.to_string().as_bytes()).unwrap();
        *counts.entry((group, resource)).or_default() += 1;
    }
    counts.insert(("autoscaling", "horizontalpodautoscalers"), 0);
    for ((group, resource), objects) in counts {
        let what = crate::mesh::wire::dotted(group, resource);
        let list = json!({ "what": what, "version": "v1", "objects": objects });
        writer.complete(serde_json::from_value(list).unwrap());
    }
    writer.unread(Unread {
        what: "nodes".into(),
        why: Why::Forbidden,
        detail: "may not list nodes".into(),
    });
    writer.finish().unwrap();
}

/// How the two were made, once. They are never made again: that is what they are for.
#[test]
#[ignore = "it writes the files that the others read"]
fn make() {
    write("format-1.tar.zst", "2026-11-21T06:00:00Z", objects());
    write("format-1-later.tar.zst", "2026-11-22T06:00:00Z", changed());
}

#[test]
fn an_archive_of_the_first_release_is_read_as_it_was() {
    let path = file("format-1.tar.zst");
    let mut seen = Vec::new();
    let whole = visit(&path, &Plain, |object| {
        seen.push((
            object.group.to_owned(),
            object.resource.to_owned(),
            serde_json::from_slice::<Value>(object.json).unwrap(),
        ));
        Ok(())
    })
    .unwrap();
    assert_eq!(whole.manifest.format_version, 1);
    assert_eq!(whole.manifest.istio_versions, ["1.28.1"]);
    assert_eq!(whole.manifest.notes, ["a note"]);
    assert_eq!(
        whole.manifest.capture_time,
        "2026-11-21T06:00:00Z".parse().unwrap()
    );
    // Its digest is here too: nobody makes it anew unseen.
    assert_eq!(whole.sha256, DIGEST);
    let want: Vec<_> = objects()
        .into_iter()
        .map(|(group, resource, mut object)| {
            object["apiVersion"] = match group {
                "" => "v1".into(),
                group => format!("{group}/v1").into(),
            };
            (group.to_owned(), resource.to_owned(), object)
        })
        .collect();
    assert_eq!(seen, want);
    assert_eq!(whole.index.files.len(), want.len() + 1);
    assert_eq!(whole.index.unread.len(), 1);
    assert_eq!(whole.index.unread[0].why, Why::Forbidden);
    let mesh = read(&path).unwrap();
    // It says nothing of pods, so nobody knows which istiods run.
    assert!(mesh.istiods.get().is_none());
    assert_eq!(mesh.namespaces.get().unwrap().len(), 2);
}

const DIGEST: &str = "959e83286f123855b07fa615244d9561adcb99cec110c1563fd5698d36951ddc";
