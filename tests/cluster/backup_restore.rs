//! A mesh that is lost and brought back, on a real API server: whole, in part, interrupted, refused.

use std::path::Path;

use mesh_common::journal::State;
use mesh_testkit::{Api, Lab, Plugin};
use serde_json::json;

use crate::kit::{records, text};

mod cut_off;
mod refused;
mod sealed;
mod secrets;
mod whole;
mod world;

use world::{assert_same, paths, world};

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

/// The sample mesh without any policy, route, gateway or tag.
fn ruin(api: &Api) {
    for kind in [
        "AuthorizationPolicy",
        "PeerAuthentication",
        "VirtualService",
        "DestinationRule",
        "ServiceEntry",
        "Telemetry",
        "EnvoyFilter",
        "Sidecar",
    ] {
        for object in api.list(kind, "") {
            let meta = &object["metadata"];
            api.delete(kind, &text(&meta["namespace"]), &text(&meta["name"]))
                .unwrap();
        }
    }
    for tag in ["stable", "canary"] {
        let name = format!("istio-revision-tag-{tag}");
        api.delete("MutatingWebhookConfiguration", "", &name)
            .unwrap();
    }
    for namespace in ["payments", "orders"] {
        let labels = [("istio.io/rev", None), ("istio-injection", None)];
        api.label("Namespace", "", namespace, &labels).unwrap();
    }
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
        .assert_code(2)
        .says("DELETE")
        .says("bring back");
    // The tag that goes with it is in use.
    sandbox
        .run("rollback --yes")
        .assert_code(2)
        .says("would lose the injector")
        .says("--waive overlap=REASON");
    sandbox
        .run("rollback --yes --waive overlap=tested")
        .assert_code(0)
        .says("Breaks")
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

#[test]
fn pods_and_what_controllers_make_stay_gone() {
    let Some(lab) = Lab::get() else { return };
    let api = lab.api();
    let sandbox = backup(lab.kubeconfig());
    let file = saved(&sandbox);
    let gone = [
        ("Pod", "istio-system"),
        ("ReplicaSet", "istio-system"),
        ("EndpointSlice", "payments"),
        ("Job", "batch"),
    ]
    .map(|(kind, namespace)| {
        let name = first(api, kind, namespace);
        api.delete(kind, namespace, &name).unwrap();
        (kind, namespace, name)
    });
    let mark = lab.audit_mark();
    sandbox
        .run(&format!("restore {file} --istiod --yes"))
        .assert_code(0)
        .says("nothing to do")
        .says("never restored");
    assert_eq!(lab.audit_writes_since(mark), vec![]);
    for (kind, namespace, name) in gone {
        assert!(api.get(kind, namespace, &name).is_none(), "{kind} {name}");
    }
}

#[test]
fn what_the_file_does_not_have_goes_only_when_that_is_asked_for() {
    let Some(lab) = Lab::get() else { return };
    let api = lab.api();
    let sandbox = backup(lab.kubeconfig());
    let file = saved(&sandbox);
    let paths = paths(api);
    let before = world(api, &paths);
    let made = json!({ "apiVersion": "security.istio.io/v1", "kind": "PeerAuthentication",
        "metadata": { "name": "made-since", "namespace": "payments" }, "spec": { "mtls": { "mode": "DISABLE" } } });
    api.create(&made).unwrap();
    let with = world(api, &paths);
    sandbox
        .run(&format!("restore {file} --yes"))
        .assert_code(0)
        .says("nothing to do");
    assert_same(&world(api, &paths), &with);
    sandbox
        .run(&format!("restore {file} --prune --yes"))
        .assert_code(0)
        .says("peerauthentication.security.istio.io/made-since -n payments")
        .says("is not in the archive");
    assert_same(&world(api, &paths), &before);
    sandbox.run("rollback --yes").assert_code(0);
    assert_same(&world(api, &paths), &with);
    sandbox
        .run(&format!("restore {file} --prune --only pa --yes"))
        .assert_code(64);
}

#[test]
fn an_older_istiod_does_not_take_the_place_of_a_newer_one() {
    let Some(lab) = Lab::get() else { return };
    let api = lab.api();
    let sandbox = backup(lab.kubeconfig());
    let file = saved(&sandbox);
    let mut deployment = api
        .get("Deployment", "istio-system", "istiod-1-26-1")
        .unwrap();
    let image = &mut deployment["spec"]["template"]["spec"]["containers"][0]["image"];
    *image = text(image).replace("1.26.1", "1.26.8").into();
    api.replace(&deployment).unwrap();
    let mark = lab.audit_mark();
    sandbox
        .run(&format!("restore {file} --istiod --force-conflicts --yes"))
        .assert_code(2)
        .says("1.26.8 here, 1.26.1 in the archive")
        .says("--waive downgrade=REASON");
    assert_eq!(lab.audit_writes_since(mark), vec![]);
    // Without --istiod nobody touches it.
    sandbox.run(&format!("restore {file} --yes")).assert_code(0);
}
