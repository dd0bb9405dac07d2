//! `mesh-backup create` and `list` on a real API server: what is saved, what is not, and what is said of it.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Write as _,
    fs,
    path::Path,
};

use mesh_common::mesh::archive::{self, Plain, Whole};
use mesh_testkit::{Api, Lab, LabGuard, Plugin};
use serde_json::{Value, json};

mod docs;
mod secrets;

/// In every value of a Secret here; it must be nowhere in an archive.
pub(crate) const MARKER: &str = "value-that-nobody-may-see";
/// The same in base64, as the API server has it.
pub(crate) const ENCODED: &str = "dmFsdWUtdGhhdC1ub2JvZHktbWF5LXNlZQ==";

/// The key pair of RFC 8032, 7.1, test 1, as OpenSSH writes it, without the lines around it.
pub(crate) const PRIVATE: &str = "b3BlbnNzaC1rZXktdjEAAAAABG5vbmUAAAAEbm9uZQAAAAAAAAABAAAAMwAAAAtzc2gtZWQyNTUxOQAAACDXWpgBgrEKt9VL/tPJZAc6DuFy89qmIyWvAhpo9wdRGgAAAIgAAAAHAAAABwAAAAtzc2gtZWQyNTUxOQAAACDXWpgBgrEKt9VL/tPJZAc6DuFy89qmIyWvAhpo9wdRGgAAAECdYbGd7/1aYLqESvSS7CzEREnFaXsyaRlwO6wDHK5/YNdamAGCsQq31Uv+08lkBzoO4XLz2qYjJa8CGmj3B1EaAAAAAAECAwQF";
pub(crate) const PUBLIC: &str =
    "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAINdamAGCsQq31Uv+08lkBzoO4XLz2qYjJa8CGmj3B1Ea";

/// A key pair that opens nothing but what these tests make.
pub(crate) const IDENTITY: &str =
    "AGE-SECRET-KEY-186GYFWP73JV9U589CVQTA806JGVS6LSDPECETFNG4LKJ6NRGJM2Q5N5RUN";
pub(crate) const RECIPIENT: &str = "age1v5u8xthup9ns3kp99s2unumgtae0wehke2cmnc2gg6wnp65ud4cqw9j93z";

type Objects = BTreeMap<String, BTreeMap<String, Value>>;

fn plugin(lab: &LabGuard) -> Plugin {
    Plugin::new("kubectl-mesh_backup", lab.kubeconfig())
}

/// Everything in an archive, by kind and `namespace/name`.
fn objects(path: &Path) -> (Objects, Whole) {
    let mut objects = Objects::new();
    let whole = archive::visit(path, &Plain, |object| {
        let value: Value = serde_json::from_slice(object.json).unwrap();
        let text = |key: &str| value["metadata"][key].as_str().unwrap_or("-").to_owned();
        let name = format!("{}/{}", text("namespace"), text("name"));
        objects
            .entry(object.what())
            .or_default()
            .insert(name, value);
        Ok(())
    })
    .unwrap();
    (objects, whole)
}

fn secret(namespace: &str, name: &str, labels: &Value) -> Value {
    json!({
        "apiVersion": "v1", "kind": "Secret",
        "metadata": {"name": name, "namespace": namespace, "labels": labels,
            "annotations": {"example.com/copy": MARKER}},
        "data": {"tls.key": ENCODED, "release": ENCODED},
    })
}

/// A mesh with one of everything that the sample lacks.
fn furnish(api: &Api) {
    let names = |name: &str, namespace: &str| json!({"name": name, "namespace": namespace});
    for object in [
        secret(
            "istio-system",
            "istio-remote-secret-west",
            &json!({"istio/multiCluster": "true"}),
        ),
        secret(
            "istio-system",
            "sh.helm.release.v1.istiod.v3",
            &json!({"owner": "helm", "name": "istiod", "version": "3", "status": "deployed"}),
        ),
        secret("edge", "shop-cert", &json!({})),
        secret("edge", "not-the-meshs", &json!({})),
        json!({"apiVersion": "networking.istio.io/v1", "kind": "Gateway", "metadata": names("tls", "edge"), "spec": {
            "selector": {"app": "edge-gateway"},
            "servers": [{"port": {"number": 443, "name": "https", "protocol": "HTTPS"}, "hosts": ["*"],
                "tls": {"mode": "SIMPLE", "credentialName": "shop-cert"}}]}}),
        json!({"apiVersion": "networking.k8s.io/v1", "kind": "NetworkPolicy",
            "metadata": names("istiod", "istio-system"), "spec": {"podSelector": {}}}),
        json!({"apiVersion": "v1", "kind": "ResourceQuota", "metadata": names("istiod", "istio-system"),
            "spec": {"hard": {"services": "50"}}}),
        json!({"apiVersion": "v1", "kind": "LimitRange", "metadata": names("istiod", "istio-system"),
            "spec": {"limits": []}}),
        json!({"apiVersion": "admissionregistration.k8s.io/v1", "kind": "ValidatingAdmissionPolicy",
            "metadata": {"name": "stable-channel"}, "spec": {"failurePolicy": "Ignore",
                "matchConstraints": {"resourceRules": [{"apiGroups": ["networking.istio.io"], "apiVersions": ["*"],
                    "operations": ["CREATE"], "resources": ["*"]}]},
                "validations": [{"expression": "true"}]}}),
        json!({"apiVersion": "admissionregistration.k8s.io/v1", "kind": "ValidatingAdmissionPolicyBinding",
            "metadata": {"name": "everywhere"},
            "spec": {"policyName": "stable-channel", "validationActions": ["Warn"]}}),
    ] {
        api.apply("a-test", &object).unwrap();
    }
}

#[test]
#[expect(clippy::too_many_lines, reason = "one mesh, looked at kind by kind")]
fn everything_the_mesh_needs_is_saved_and_no_value_of_a_secret() {
    let Some(lab) = Lab::get() else { return };
    let api = lab.api();
    furnish(api);
    let plugin = plugin(&lab);
    let file = plugin.dir().join("mesh.tar.zst");
    plugin
        .run(&format!("create {}", file.display()))
        .assert_code(0)
        .says("names, keys and fingerprints of certificates")
        .says("The CA is not in it");
    let (saved, whole) = objects(&file);
    for (what, by) in &saved {
        for (name, object) in by {
            let text = object.to_string();
            assert!(
                !text.contains(MARKER) && !text.contains(ENCODED),
                "{what} {name}"
            );
        }
    }
    let index = serde_json::to_string(&whole.index).unwrap();
    assert!(!index.contains(MARKER) && !index.contains(ENCODED));

    // All that is there of the mesh's own kinds, and of the Istio namespace.
    let names = |objects: Vec<Value>| -> BTreeSet<String> {
        let text = |o: &Value, key: &str| o["metadata"][key].as_str().unwrap_or("-").to_owned();
        objects
            .iter()
            .map(|o| format!("{}/{}", text(o, "namespace"), text(o, "name")))
            .collect()
    };
    let has = |what: &str| -> BTreeSet<String> { saved[what].keys().cloned().collect() };
    for (kind, what, namespace) in [
        ("VirtualService", "virtualservices.networking.istio.io", ""),
        (
            "AuthorizationPolicy",
            "authorizationpolicies.security.istio.io",
            "",
        ),
        ("HTTPRoute", "httproutes.gateway.networking.k8s.io", ""),
        (
            "CustomResourceDefinition",
            "customresourcedefinitions.apiextensions.k8s.io",
            "",
        ),
        (
            "MutatingWebhookConfiguration",
            "mutatingwebhookconfigurations.admissionregistration.k8s.io",
            "",
        ),
        ("Namespace", "namespaces", ""),
        ("Node", "nodes", ""),
        ("Pod", "pods", ""),
        ("Deployment", "deployments.apps", ""),
        ("PodDisruptionBudget", "poddisruptionbudgets.policy", ""),
        ("ServiceAccount", "serviceaccounts", "istio-system"),
        ("Role", "roles.rbac.authorization.k8s.io", "istio-system"),
        (
            "RoleBinding",
            "rolebindings.rbac.authorization.k8s.io",
            "istio-system",
        ),
        ("Service", "services", "istio-system"),
        ("ConfigMap", "configmaps", "istio-system"),
    ] {
        let there = names(api.list(kind, namespace));
        assert!(!there.is_empty(), "{kind}");
        let missing: Vec<_> = there.difference(&has(what)).cloned().collect();
        assert_eq!(missing, Vec::<String>::new(), "{kind}");
    }
    for (what, name) in [
        ("services", "edge/edge-gateway"),
        ("services", "edge/public-istio"),
        ("serviceaccounts", "edge/edge-gateway"),
        ("horizontalpodautoscalers.autoscaling", "edge/edge-gateway"),
        (
            "clusterroles.rbac.authorization.k8s.io",
            "-/istiod-clusterrole-1-28-1-istio-system",
        ),
        (
            "clusterrolebindings.rbac.authorization.k8s.io",
            "-/istio-reader-clusterrole-1-26-1-istio-system",
        ),
        ("networkpolicies.networking.k8s.io", "istio-system/istiod"),
        ("resourcequotas", "istio-system/istiod"),
        ("limitranges", "istio-system/istiod"),
        (
            "validatingadmissionpolicies.admissionregistration.k8s.io",
            "-/stable-channel",
        ),
        (
            "validatingadmissionpolicybindings.admissionregistration.k8s.io",
            "-/everywhere",
        ),
    ] {
        assert!(has(what).contains(name), "{what} {name}");
    }
    // What is others' is theirs.
    assert!(!has("services").contains("payments/checkout"));
    assert!(!has("clusterroles.rbac.authorization.k8s.io").contains("-/cluster-admin"));
    assert!(!saved.contains_key("secrets"));

    let summaries = &saved["secretsummaries.kubectl-mesh"];
    let roles: BTreeMap<&str, &str> = summaries
        .iter()
        .map(|(name, s)| (name.as_str(), s["role"].as_str().unwrap()))
        .collect();
    assert_eq!(
        roles,
        BTreeMap::from([
            ("edge/shop-cert", "credential"),
            ("istio-system/cacerts", "ca"),
            ("istio-system/istio-ca-secret", "ca"),
            ("istio-system/istio-remote-secret-west", "remote"),
        ])
    );
    let ca = &summaries["istio-system/istio-ca-secret"];
    assert_eq!(ca["state"], "read");
    assert_eq!(ca["certificates"][0]["sha256"].as_str().unwrap().len(), 64);
    assert_eq!(
        summaries["edge/shop-cert"]["keys"],
        json!(["release", "tls.key"])
    );
    let istiod = &saved["helmreleases.kubectl-mesh"]["istio-system/istiod"];
    assert_eq!(
        (&istiod["revision"], &istiod["status"]),
        (&json!(3), &json!("deployed"))
    );
}

#[test]
fn objects_are_saved_in_the_version_they_are_stored_in() {
    let Some(lab) = Lab::get() else { return };
    let plugin = plugin(&lab);
    let file = plugin.dir().join("mesh.tar.zst");
    plugin
        .run(&format!("create {}", file.display()))
        .assert_code(0);
    let (saved, whole) = objects(&file);
    let mut seen = 0;
    for crd in saved["customresourcedefinitions.apiextensions.k8s.io"].values() {
        let spec = &crd["spec"];
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        let what = format!(
            "{}.{}",
            text(&spec["names"]["plural"]),
            text(&spec["group"])
        );
        let storage = spec["versions"]
            .as_array()
            .unwrap()
            .iter()
            .find(|v| v["storage"] == true)
            .unwrap();
        let Some(list) = whole.index.lists.iter().find(|l| l.what == what) else {
            continue;
        };
        seen += 1;
        assert_eq!(list.version, text(&storage["name"]), "{what}");
    }
    assert!(seen > 10, "{seen}");
}

#[test]
fn every_list_is_asked_for_once() {
    let Some(lab) = Lab::get() else { return };
    furnish(lab.api());
    let plugin = plugin(&lab);
    let file = plugin.dir().join("mesh.tar.zst");
    let mark = lab.audit_mark();
    plugin
        .run(&format!("create {}", file.display()))
        .assert_code(0);
    let mut lists: BTreeMap<String, usize> = BTreeMap::new();
    for event in lab.audit_since(mark) {
        if event.agent.starts_with("kubectl-mesh") && event.verb == "list" {
            assert!(
                !event.uri.contains("continue="),
                "the sample fits on a page"
            );
            let uri = event.uri.replace("limit=500", "");
            *lists.entry(uri).or_default() += 1;
        }
    }
    assert!(lists.len() > 40, "{lists:?}");
    lists.retain(|_, times| *times > 1);
    assert!(lists.is_empty(), "{lists:?}");
    assert_eq!(lab.audit_writes_since(mark), vec![]);
    // Of a list of Secrets nothing but metadata is asked for, and that of labelled ones only.
    let secrets: Vec<String> = lab
        .audit_since(mark)
        .into_iter()
        .filter(|e| e.resource == "secrets" && e.verb == "list")
        .map(|e| e.uri)
        .collect();
    assert!(
        secrets.iter().all(|uri| uri.contains("labelSelector=")),
        "{secrets:?}"
    );
}

#[test]
fn what_may_not_be_read_is_named_and_is_not_all_right() {
    let Some(lab) = Lab::get() else { return };
    furnish(lab.api());
    let rules = [
        json!({"apiGroups": [""], "verbs": ["list"], "resources": ["namespaces", "pods", "services"]}),
        json!({"apiGroups": ["apiextensions.k8s.io"], "verbs": ["list"], "resources": ["*"]}),
        json!({"apiGroups": ["apps"], "verbs": ["list"], "resources": ["*"]}),
    ];
    let kubeconfig = lab.user_kubeconfig("half-blind-saver", &[], &rules);
    let plugin = Plugin::new("kubectl-mesh_backup", &kubeconfig);
    let file = plugin.dir().join("mesh.tar.zst");
    plugin
        .run(&format!("create {}", file.display()))
        .assert_code(3)
        .says("may not list virtualservices.networking.istio.io")
        .says("may not get secrets in istio-system")
        .says("may not list nodes");
    let (_, whole) = objects(&file);
    let unread: BTreeSet<&str> = whole.index.unread.iter().map(|u| u.what.as_str()).collect();
    for what in [
        "nodes",
        "secrets",
        "virtualservices.networking.istio.io",
        "roles.rbac.authorization.k8s.io",
        "clusterroles.rbac.authorization.k8s.io",
    ] {
        assert!(unread.contains(what), "{what}: {unread:?}");
    }
    plugin
        .run(&format!(
            "create {} --overwrite --allow-partial",
            file.display()
        ))
        .assert_code(0)
        .says("may not list nodes");
}

#[test]
fn without_a_name_backups_lie_in_the_folder_of_their_cluster() {
    let Some(lab) = Lab::get() else { return };
    let plugin = plugin(&lab);
    plugin.run("list").assert_code(0).says("no backups");
    for _ in 0..3 {
        plugin.run("create --keep 2").assert_code(0);
    }
    let listed = plugin.run("list -o json");
    listed.assert_code(0);
    let rows = listed.json();
    let rows = rows["items"].as_array().unwrap();
    assert_eq!(rows.len(), 2);
    let uid = lab.api().get("Namespace", "", "kube-system").unwrap()["metadata"]["uid"].clone();
    for row in rows {
        use std::os::unix::fs::PermissionsExt as _;
        assert_eq!((&row["clusterUid"], &row["whole"]), (&uid, &json!(true)));
        let file = Path::new(row["file"].as_str().unwrap());
        assert!(file.starts_with(plugin.dir().join("home/.local/share/kubectl-mesh/backups")));
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!((mode(file), mode(file.parent().unwrap())), (0o600, 0o700));
    }
    assert!(
        rows[0]["captured"].as_str() > rows[1]["captured"].as_str(),
        "newest first"
    );
    // The journal has all three, with their digests.
    let journal = plugin.dir().join("home/.local/share/kubectl-mesh/journal");
    let notes = mesh_common::journal::local::Notes::at(journal).all();
    assert_eq!(notes.len(), 3);
    assert_eq!(notes[0].sha256.as_deref(), rows[0]["sha256"].as_str());
}
