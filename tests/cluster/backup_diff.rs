//! `mesh-backup diff` and `verify` on a real API server: exactly what changed is found, what controllers write is not, and
//! a rehearsal names what could not be brought back.

use std::time::{Duration, Instant};

use mesh_testkit::{Api, Lab, Plugin, Ran};
use serde_json::{Value, json};

const FILE: &str = "mesh.tar.zst";

/// A sandbox with a backup of the lab in it.
fn backed_up(lab: &Lab) -> Plugin {
    let sandbox = Plugin::new("kubectl-mesh_backup", lab.kubeconfig());
    sandbox.run(&format!("create {FILE}")).assert_code(0);
    sandbox
}

/// What differs, and the exit code.
fn diff(sandbox: &Plugin, more: &str) -> (Value, Option<i32>) {
    let ran = sandbox.run(&format!("diff {FILE} -o json {more}"));
    assert!(matches!(ran.code, Some(0 | 2 | 3)), "{ran:?}");
    (ran.json(), ran.code)
}

/// `kind/name: path was -> is`, for every field of every object that differs.
fn fields(diff: &Value) -> Vec<String> {
    let mut lines = Vec::new();
    for object in diff["objects"].as_array().unwrap() {
        let name = format!(
            "{}/{}",
            object["kind"].as_str().unwrap(),
            object["name"].as_str().unwrap()
        );
        let changes = object["changes"].as_array();
        if changes.is_none() {
            lines.push(format!("{name} {}", object["state"].as_str().unwrap()));
        }
        for change in changes.into_iter().flatten() {
            lines.push(format!(
                "{name}: {} {} -> {}",
                change["path"].as_str().unwrap(),
                change["was"],
                change["is"]
            ));
        }
    }
    lines
}

#[test]
fn exactly_the_field_that_changed_is_found() {
    let Some(lab) = Lab::get() else { return };
    let sandbox = backed_up(&lab);
    let (none, code) = diff(&sandbox, "");
    assert_eq!((fields(&none), code), (vec![], Some(0)), "{none:#}");
    assert_eq!(none["outcome"], "done");

    let hosts = json!({ "spec": { "hosts": ["shop.example.org"] } });
    lab.api()
        .patch("VirtualService", "edge", "shop", &hosts)
        .unwrap();
    let (one, code) = diff(&sandbox, "");
    assert_eq!(
        fields(&one),
        ["VirtualService/shop: spec.hosts[0] \"shop.example.com\" -> \"shop.example.org\""]
    );
    assert_eq!((code, &one["outcome"]), (Some(2), &json!("refused")));

    // What is not asked about does not count, and what is no object at all is no answer.
    let (other, code) = diff(&sandbox, "--only destinationrules");
    assert_eq!((fields(&other), code), (vec![], Some(0)));
    sandbox
        .run(&format!("diff {FILE} --only vs/edge/shopp"))
        .assert_code(1)
        .says("neither holds an object");

    lab.api()
        .delete("DestinationRule", "payments", "fraud")
        .unwrap();
    let (gone, _) = diff(&sandbox, "--only dr");
    assert_eq!(fields(&gone), ["DestinationRule/fraud removed"]);
    nothing_is_left(&sandbox);
}

/// The live mesh was read into a file; it is gone.
fn nothing_is_left(sandbox: &Plugin) {
    let left: Vec<_> = std::fs::read_dir(sandbox.dir().join("tmp"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    assert_eq!(left, Vec::<std::path::PathBuf>::new());
}

#[test]
fn what_istiod_writes_into_its_webhooks_is_no_difference() {
    let Some(lab) = Lab::get() else { return };
    let sandbox = backed_up(&lab);
    let api = lab.api();
    let hook = api
        .list("ValidatingWebhookConfiguration", "")
        .into_iter()
        .find(|o| {
            o["metadata"]["name"]
                .as_str()
                .unwrap()
                .starts_with("istio-validator")
        })
        .unwrap();
    let first = &hook["webhooks"][0];
    let other = match first["failurePolicy"].as_str() {
        Some("Fail") => "Ignore",
        _ => "Fail",
    };
    let write = |manager: &str, policy: &str| {
        let applied = json!({
            "apiVersion": "admissionregistration.k8s.io/v1", "kind": "ValidatingWebhookConfiguration",
            "metadata": { "name": hook["metadata"]["name"] },
            "webhooks": [{ "name": first["name"], "failurePolicy": policy, "sideEffects": "None",
                "admissionReviewVersions": ["v1"] , "clientConfig": first["clientConfig"] }],
        });
        api.apply(manager, &applied).unwrap();
    };
    write("pilot-discovery", other);
    let (none, code) = diff(&sandbox, "");
    assert_eq!((fields(&none), code), (vec![], Some(0)));
    let (all, code) = diff(&sandbox, "--all --only validatingwebhookconfigurations");
    assert_eq!(code, Some(2));
    let lines = fields(&all);
    assert_eq!(lines.len(), 1, "{lines:?}");
    assert!(lines[0].contains(".failurePolicy "), "{lines:?}");
}

#[test]
fn what_a_person_writes_into_a_webhook_is_one() {
    let Some(lab) = Lab::get() else { return };
    let sandbox = backed_up(&lab);
    let mut hook = lab
        .api()
        .list("ValidatingWebhookConfiguration", "")
        .into_iter()
        .find(|o| {
            o["metadata"]["name"]
                .as_str()
                .unwrap()
                .starts_with("istio-validator")
        })
        .unwrap();
    hook["apiVersion"] = "admissionregistration.k8s.io/v1".into();
    hook["kind"] = "ValidatingWebhookConfiguration".into();
    let policy = &mut hook["webhooks"][0]["failurePolicy"];
    *policy = if policy == "Fail" { "Ignore" } else { "Fail" }.into();
    lab.api().replace(&hook).unwrap();
    let (one, code) = diff(&sandbox, "");
    assert_eq!((fields(&one).len(), code), (1, Some(2)), "{one:#}");
}

#[test]
fn the_users_own_program_shows_what_differs() {
    let Some(lab) = Lab::get() else { return };
    let sandbox = backed_up(&lab).env("KUBECTL_EXTERNAL_DIFF", "/usr/bin/diff -r -U0 $(touch x)");
    let replicas = json!({ "spec": { "hosts": ["shop.example.org"] } });
    lab.api()
        .patch("VirtualService", "edge", "shop", &replicas)
        .unwrap();
    let ran = sandbox.run(&format!("diff {FILE}"));
    ran.assert_code(2)
        .says("-  - shop.example.com")
        .says("+  - shop.example.org");
    assert!(!sandbox.dir().join("x").exists());
    nothing_is_left(&sandbox);
}

/// One row of a verification.
fn row<'a>(report: &'a Value, code: &str) -> &'a Value {
    let mut rows = report["checks"].as_array().unwrap().iter();
    rows.find(|row| row["code"] == code).unwrap()
}

fn verify(sandbox: &Plugin) -> (Value, Ran) {
    let ran = sandbox.run(&format!("verify {FILE} -o json"));
    assert!(matches!(ran.code, Some(0 | 2 | 3)), "{ran:?}");
    (ran.json(), ran)
}

#[test]
fn a_backup_of_the_mesh_as_it_is_can_be_restored() {
    let Some(lab) = Lab::get() else { return };
    let sandbox = backed_up(&lab);
    let mark = lab.audit_mark();
    let (report, _) = verify(&sandbox);
    for code in ["MESH3102", "MESH3103", "MESH3104", "MESH3105", "MESH3107"] {
        assert_eq!(
            row(&report, code)["status"],
            "ok",
            "{:#}",
            row(&report, code)
        );
    }
    let told = row(&report, "MESH3107")["summary"].as_str().unwrap();
    assert!(told.ends_with(" the same"), "{told}");

    // What was lost would be created, what was changed would be changed, and nothing is.
    let api = lab.api();
    api.delete("DestinationRule", "payments", "fraud").unwrap();
    let hosts = json!({ "spec": { "hosts": ["shop.example.org"] } });
    api.patch("VirtualService", "edge", "shop", &hosts).unwrap();
    let before = lab.audit_mark();
    let (report, _) = verify(&sandbox);
    let rehearsal = row(&report, "MESH3107");
    assert_eq!(rehearsal["status"], "ok", "{rehearsal:#}");
    let told = rehearsal["summary"].as_str().unwrap();
    assert!(
        told.ends_with(" the same, 1 would change, 1 would be created"),
        "{told}"
    );
    let dry: Vec<_> = lab.audit_writes_since(before);
    assert!(
        dry.iter().all(mesh_testkit::AuditEvent::is_dry_run),
        "{dry:?}"
    );
    assert!(api.get("DestinationRule", "payments", "fraud").is_none());
    assert!(lab.audit_since(mark).len() > 100);
    nothing_is_left(&sandbox);
}

#[test]
fn a_version_that_is_no_longer_served_is_named() {
    let Some(lab) = Lab::get() else { return };
    let sandbox = backed_up(&lab);
    let api = lab.api();
    let mut crd = api
        .get(
            "CustomResourceDefinition",
            "",
            "telemetries.telemetry.istio.io",
        )
        .unwrap();
    for version in crd["spec"]["versions"].as_array_mut().unwrap() {
        if version["storage"] == true {
            assert_eq!(version["name"], "v1alpha1");
            version["served"] = false.into();
        }
    }
    api.replace(&crd).unwrap();
    until(api, |api| {
        api.raw("/apis/telemetry.istio.io/v1alpha1").is_err()
    });
    let (report, ran) = verify(&sandbox);
    ran.assert_code(2);
    let rehearsal = row(&report, "MESH3107");
    assert_eq!(rehearsal["status"], "failed", "{rehearsal:#}");
    let found = &rehearsal["findings"][0];
    assert_eq!(
        found["message"],
        "telemetries.telemetry.istio.io is not served in v1alpha1, only in v1"
    );
    let object = found["object"].as_str().unwrap();
    assert!(
        object.contains("telemetries.telemetry.istio.io/mesh-default -n istio-system"),
        "{object}"
    );
}

/// Waits until the API server, which tells of its kinds from a cache, has heard.
fn until(api: &Api, heard: impl Fn(&Api) -> bool) {
    let deadline = Instant::now() + Duration::from_secs(30);
    while !heard(api) {
        assert!(Instant::now() < deadline, "the API server has not heard");
        std::thread::sleep(Duration::from_millis(20));
    }
}
