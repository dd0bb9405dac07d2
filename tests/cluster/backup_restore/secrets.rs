//! Secrets of an encrypted backup: brought back, taken back, and never seen.

use mesh_common::journal::State;
use mesh_testkit::{ChaosProxy, Lab, When};
use serde_json::{Value, json};

use super::{
    cut_off::expire_lease,
    disturb,
    sealed::{Sealed, assert_records_hide, change_credential, furnish, other, secrets},
    whole::{own_plane, wipe},
    world::{assert_same, paths, world},
};
use crate::{
    backup::{ENCODED, IDENTITY, PUBLIC, RECIPIENT},
    kit::records,
};

const FORCE: &str = "--force-conflicts";

#[test]
fn a_mesh_comes_back_with_its_ca_and_goes_again() {
    let Some(lab) = own_plane() else { return };
    let api = lab.api();
    furnish(api);
    let sealed = Sealed::make(lab.kubeconfig());
    let paths = paths(api);
    let (before, before_secrets) = (world(api, &paths), secrets(api));
    assert_eq!(before_secrets.len(), 3, "{:?}", before_secrets.keys());
    wipe(api);
    api.delete("Secret", "edge", "shop-cert").unwrap();
    assert!(secrets(api).is_empty());
    let gone = world(api, &paths);
    sealed
        .run(&format!(
            "restore {} --identity {} --istiod --yes",
            sealed.file, sealed.key
        ))
        .assert_code(2)
        .says("stay in it without --include-secrets")
        .says("3 Secrets in the archive stay there");
    let ran = sealed.restore(&["--istiod", "--yes", "--encrypt-to", PUBLIC]);
    ran.assert_code(0)
        .says("comes back")
        .says("secret/istio-ca-secret -n istio-system")
        .says("Done and read back");
    assert_same(&world(api, &paths), &before);
    assert_eq!(secrets(api), before_secrets);
    assert_records_hide(api);
    sealed
        .restore(&["--istiod", "--yes"])
        .assert_code(0)
        .says("nothing to do");
    // And back: nothing of it is left but the namespace.
    sealed
        .run(&format!(
            "rollback --yes --identity {} --waive overlap=tested --waive unused=tested",
            sealed.key
        ))
        .assert_code(0)
        .says("Done and read back");
    assert!(secrets(api).is_empty(), "{:?}", secrets(api).keys());
    let mut after = world(api, &paths);
    after.retain(|key, _| key != "/api/v1/namespaces /istio-system");
    let gone_secrets = records(api);
    assert_eq!(gone_secrets[0].state, State::RolledBack);
    assert_same(&after, &gone);
}

#[test]
fn a_credential_that_is_written_over_is_known_again_to_who_has_the_key() {
    let Some(lab) = Lab::get() else { return };
    let api = lab.api();
    furnish(api);
    let sealed = Sealed::make(lab.kubeconfig());
    let before = secrets(api);
    change_credential(api);
    let changed = secrets(api);
    let one = ["--only", "secrets/edge/shop-cert", FORCE, "--yes"];
    let planned = sealed.restore(&[&one[..], &["--dry-run", "-o", "json"]].concat());
    planned.assert_code(0);
    let object = &planned.json()["objects"][0];
    assert_eq!(object["verdict"], "change");
    assert_eq!(object["fields"], json!(["data[\"tls.key\"]"]));
    assert_eq!(
        planned.json()["cannotBeUndone"][0]["name"],
        "shop-cert",
        "nobody was named"
    );
    sealed
        .restore(&[&one[..], &["--dry-run=server"]].concat())
        .assert_code(0)
        .says("1 object would be accepted");
    let ran = sealed.restore(&[&one[..], &["--encrypt-to", PUBLIC]].concat());
    ran.assert_code(0)
        .never_says("CANNOT BE UNDONE")
        .says("--identity FILE");
    assert_eq!(secrets(api), before);
    assert_records_hide(api);
    sealed
        .run("rollback --yes")
        .assert_code(1)
        .says("add --identity FILE");
    let wrong = sealed.sandbox.dir().join("wrong").display().to_string();
    std::fs::write(&wrong, format!("{IDENTITY}\n")).unwrap();
    sealed
        .run(&format!("rollback --yes --identity {wrong}"))
        .assert_code(1)
        .says("none of the keys opens it");
    assert_eq!(secrets(api), before);
    sealed
        .run(&format!("rollback --yes --identity {}", sealed.key))
        .assert_code(0);
    assert_eq!(secrets(api), changed);
    assert_records_hide(api);
}

#[test]
fn without_a_recipient_the_plan_says_what_cannot_be_undone_and_the_way_back_what_was_not() {
    let Some(lab) = Lab::get() else { return };
    let api = lab.api();
    furnish(api);
    let sealed = Sealed::make(lab.kubeconfig());
    let before = secrets(api);
    change_credential(api);
    let west = "istio-remote-secret-west";
    api.delete("Secret", "istio-system", west).unwrap();
    let ran = sealed.restore(&["--yes", FORCE]);
    ran.assert_code(0)
        .says("CANNOT BE UNDONE: secret/shop-cert -n edge.")
        .says("It deletes secret/istio-remote-secret-west -n istio-system only while");
    assert_eq!(secrets(api), before);
    assert_records_hide(api);
    let files = records(api)[0].files.clone().unwrap();
    assert!(!files.encrypted);
    let names: Vec<_> = files
        .secrets
        .iter()
        .map(|s| (s.name.as_str(), s.written.is_some()))
        .collect();
    assert_eq!(names.len(), 2);
    assert!(names.contains(&(west, true)) && names.contains(&("shop-cert", true)));
    let back = sealed.run("rollback --yes");
    back.assert_code(0)
        .says("DELETE")
        .says("NOT undone: 1 Secret")
        .says("secret/shop-cert -n edge: it was written over")
        .says("--only secrets/edge/shop-cert");
    let after = secrets(api);
    assert!(!after.contains_key(&format!("istio-system/{west}")));
    assert_eq!(after["edge/shop-cert"], before["edge/shop-cert"]);
    let all = records(api);
    assert_eq!(all[0].state, State::RolledBack);
    assert!(
        all[0].outcome.contains("not undone: secret/shop-cert"),
        "{}",
        all[0].outcome
    );
    // One that somebody changed since stays, and the command for it is there to paste.
    sealed
        .restore(&[
            "--yes",
            FORCE,
            "--only",
            &format!("secrets/istio-system/{west}"),
        ])
        .assert_code(0);
    api.patch(
        "Secret",
        "istio-system",
        west,
        &json!({ "data": { "plain": other() } }),
    )
    .unwrap();
    sealed
        .run("rollback --yes")
        .assert_code(0)
        .says(&format!("kubectl delete secret {west} -n istio-system"));
    assert!(secrets(api).contains_key(&format!("istio-system/{west}")));
    assert_records_hide(api);
}

#[test]
fn killed_after_any_write_secrets_are_brought_to_their_end_or_taken_back() {
    let Some(mut lab) = Lab::get() else { return };
    let paths = paths(lab.api());
    let mut points = 0;
    'points: for n in 1..=20 {
        for (with_key, way) in [
            (true, "restore --resume"),
            (true, "rollback --waive overlap=tested"),
            (false, ""),
        ] {
            lab.reset();
            furnish(lab.api());
            let (before, before_secrets) = (world(lab.api(), &paths), secrets(lab.api()));
            let sealed = Sealed::make(lab.kubeconfig());
            disturb(lab.api());
            change_credential(lab.api());
            lab.api()
                .delete("Secret", "istio-system", "istio-ca-secret")
                .unwrap();
            let (disturbed, disturbed_secrets) = (world(lab.api(), &paths), secrets(lab.api()));
            let proxy = ChaosProxy::start(lab.kubeconfig());
            proxy.kill_after(When::write(n));
            let (kubeconfig, file, key) = (
                proxy.kubeconfig().display().to_string(),
                &sealed.file,
                &sealed.key,
            );
            let mut args = vec!["restore", file, "--include-secrets", "--identity", key];
            args.extend(["--yes", FORCE, "--kubeconfig", &kubeconfig]);
            let restore = args.join(" ");
            let ours = format!("{}/ours", sealed.sandbox.dir().display());
            std::fs::write(&ours, format!("{IDENTITY}\n")).unwrap();
            let line = if with_key {
                format!("{restore} --encrypt-to {RECIPIENT}")
            } else {
                restore
            };
            let running = sealed.sandbox.spawn(&line);
            proxy.victim(running.pid());
            let ran = running.finish();
            if ran.signal != Some(9) {
                ran.assert_code(0);
                break 'points;
            }
            expire_lease(lab.api());
            assert_records_hide(lab.api());
            let all = records(lab.api());
            if !all.iter().any(|r| r.state == State::Started) {
                let want = if all.is_empty() { &disturbed } else { &before };
                assert_same(&world(lab.api(), &paths), want);
                continue;
            }
            if with_key {
                sealed
                    .run(&format!("{way} --yes --identity {ours}"))
                    .assert_code(0);
                let (want, want_secrets) = if way.starts_with("rollback") {
                    (&disturbed, &disturbed_secrets)
                } else {
                    (&before, &before_secrets)
                };
                assert_same(&world(lab.api(), &paths), want);
                assert_eq!(&secrets(lab.api()), want_secrets, "write {n}, {way}");
            } else {
                // What was not written is kept nowhere: back, and once more from the backup.
                let resumed = sealed.run("restore --resume --yes");
                if resumed.code != Some(0) {
                    resumed.assert_code(2).says("kubectl mesh-backup rollback");
                    sealed
                        .run("rollback --yes --waive overlap=tested")
                        .assert_code(0);
                    assert_same(&world(lab.api(), &paths), &disturbed);
                    sealed.restore(&["--yes", FORCE]).assert_code(0);
                }
                assert_same(&world(lab.api(), &paths), &before);
                assert_eq!(secrets(lab.api()), before_secrets, "write {n}");
            }
            assert_records_hide(lab.api());
            assert!(
                records(lab.api()).iter().all(|r| r.state != State::Started),
                "write {n}, {way}"
            );
        }
        points += 1;
    }
    assert!(points >= 7, "only {points} points of a restore were tried");
}

#[test]
fn who_refuses_a_secret_may_quote_it_and_nobody_sees_that() {
    let Some(lab) = Lab::get() else { return };
    let api = lab.api();
    furnish(api);
    let sealed = Sealed::make(lab.kubeconfig());
    change_credential(api);
    let talks = json!({ "apiVersion": "admissionregistration.k8s.io/v1", "kind": "ValidatingAdmissionPolicy",
        "metadata": { "name": "talks" }, "spec": { "failurePolicy": "Fail",
            "matchConstraints": { "resourceRules": [{ "apiGroups": [""], "apiVersions": ["v1"],
                "operations": ["CREATE", "UPDATE"], "resources": ["secrets"] }] },
            "validations": [{ "expression": "false",
                "messageExpression": "'no: ' + string(object.data['tls.key'])" }] } });
    let binding = json!({ "apiVersion": "admissionregistration.k8s.io/v1", "kind": "ValidatingAdmissionPolicyBinding",
        "metadata": { "name": "talks" }, "spec": { "policyName": "talks", "validationActions": ["Deny"] } });
    api.create(&talks).unwrap();
    api.create(&binding).unwrap();
    super::world::eventually("it refuses, and quotes", || {
        let patch = json!({ "metadata": { "labels": { "x": "y" } } });
        let refused = api.patch("Secret", "edge", "shop-cert", &patch);
        refused.is_err_and(|e| e.to_string().contains("no: "))
    });
    let one = ["--only", "secrets/edge/shop-cert", FORCE, "--yes"];
    sealed
        .restore(&[&one[..], &["--dry-run=server"]].concat())
        .assert_code(2)
        .says("1 refused")
        .says("may quote a value");
    sealed
        .restore(&[&one[..], &["--encrypt-to", PUBLIC]].concat())
        .assert_code(4)
        .says("may quote a value");
    let verified = sealed.run(&format!("verify {} --identity {}", sealed.file, sealed.key));
    verified.says("secrets/shop-cert -n edge");
    assert_records_hide(api);
    let now = api.get("Secret", "edge", "shop-cert").unwrap();
    assert_eq!(now["data"]["tls.key"], Value::from(other()));
    // The API server knows its policies by a cache, which outlives a reset.
    for kind in [
        "ValidatingAdmissionPolicyBinding",
        "ValidatingAdmissionPolicy",
    ] {
        api.delete(kind, "", "talks").unwrap();
    }
    super::world::eventually("it refuses no more", || {
        let patch = json!({ "metadata": { "labels": { "x": "z" } } });
        api.patch("Secret", "edge", "shop-cert", &patch).is_ok()
    });
}

#[test]
fn what_differs_of_a_secret_is_said_and_its_values_are_not() {
    let Some(lab) = Lab::get() else { return };
    let api = lab.api();
    furnish(api);
    let sealed = Sealed::make(lab.kubeconfig());
    let diff = format!("diff {} --identity {}", sealed.file, sealed.key);
    sealed.run(&diff).assert_code(0);
    // Of the same length, at the same keys: nothing but the value tells.
    let mut value = other();
    value.truncate(ENCODED.len() - 4);
    let value = format!("{value}AAA=");
    api.patch(
        "Secret",
        "edge",
        "shop-cert",
        &json!({ "data": { "tls.key": value } }),
    )
    .unwrap();
    let ran = sealed.run(&format!("{diff} --only secrets"));
    ran.assert_code(2)
        .says("secrets/shop-cert -n edge")
        .says("another value");
    for format in ["json", "yaml", "markdown", "patch", "name"] {
        sealed
            .run(&format!("{diff} --only secrets -o {format}"))
            .assert_code(2)
            .says("shop-cert");
    }
    // Who may not read Secrets learns that this is unknown.
    let kinds = ["namespaces", "nodes", "pods", "configmaps", "services"];
    let rules = [json!({ "apiGroups": [""], "resources": kinds, "verbs": ["get", "list"] })];
    let blind = lab.user_kubeconfig("blind", &[], &rules);
    let blind = sealed.run(&format!(
        "{diff} --only secrets --kubeconfig {}",
        blind.display()
    ));
    blind.assert_code(3).says("may not get secrets");
}
