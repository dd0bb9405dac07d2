//! `kubectl mesh-audit-policy`: the practice page's example, payments-lockdown, watched, enforced and taken back.

use mesh_common::journal::{Action, State};
use mesh_testkit::{Api, Lab, LabGuard, Plugin};
use serde_json::{Value, json};

use crate::kit::{records, text, without_lease};

pub(crate) const KIND: &str = "AuthorizationPolicy";
pub(crate) const NAME: &str = "payments-lockdown";
pub(crate) const COPY: &str = "payments-lockdown-audit";

/// Nobody waits for callers afterwards.
pub(crate) const PROMOTE: &str = "promote payments-lockdown -n payments --watch-after 0 --yes";

/// What passes every gate that is about a watch.
pub(crate) const WAIVED: &str = "--waive watched=night-shift --waive signal=night-shift --waive callers=night-shift \
     --waive denials=night-shift --waive unknown=night-shift";

pub(crate) fn lockdown() -> Value {
    json!({
        "apiVersion": "security.istio.io/v1", "kind": KIND,
        "metadata": {"name": NAME, "namespace": "payments"},
        "spec": {
            "action": "DENY", "selector": {"matchLabels": {"app": "ledger"}},
            "rules": [{"from": [{"source": {"notPrincipals": ["cluster.local/ns/orders/sa/orders-sa"]}}]}],
        },
    })
}

pub(crate) fn plugin(lab: &LabGuard) -> Plugin {
    Plugin::new("kubectl-mesh_audit_policy", lab.kubeconfig())
}

pub(crate) fn policy(api: &Api, name: &str) -> Option<Value> {
    api.get(KIND, "payments", name)
}

/// The state of a policy, as list has it.
fn state(plugin: &Plugin, name: &str) -> String {
    let ran = plugin.run("list -n payments -o json");
    let listed = ran.json();
    let row = listed["policies"]
        .as_array()
        .unwrap()
        .iter()
        .find(|p| p["name"] == name);
    row.map_or_else(String::new, |row| text(&row["state"]))
}

/// A watch that went well, as `watch` leaves it in the journal of whoever typed it.
pub(crate) fn leave_watch(plugin: &Plugin, api: &Api, edit: impl FnOnce(&mut Value)) {
    let dir = plugin.dir().join("home/.local/share/kubectl-mesh/journal");
    std::fs::create_dir_all(&dir).unwrap();
    let copy = policy(api, COPY).unwrap();
    let cluster = api.get("Namespace", "", "kube-system").unwrap();
    let mut note = json!({
        "apiVersion": "kubectl-mesh/v1alpha1", "kind": "Note", "what": "audit-policy.watch",
        "time": "2026-01-01T01:00:00Z", "clusterUid": cluster["metadata"]["uid"], "outcome": "done",
        "details": {
            "namespace": "payments", "name": NAME, "copyUid": copy["metadata"]["uid"],
            "digest": copy["metadata"]["annotations"]["kubectl-mesh/watched-digest"],
            "began": "2026-01-01T00:00:00Z", "ended": "2026-01-01T01:00:00Z",
            "signal": {"how": "a request of ours was counted", "at": "2026-01-01T00:00:05Z"},
            "callers": [{"name": "orders/orders-sa", "allowed": 300}],
            "expected": {"from": "backup of yesterday", "callers": ["orders/orders-sa"]},
        },
    });
    edit(&mut note["details"]);
    std::fs::write(
        dir.join("20260101T010000.000000000Z-00.json"),
        note.to_string(),
    )
    .unwrap();
}

/// Makes the copy of payments-lockdown that is watched.
pub(crate) fn make_copy(plugin: &Plugin) {
    let file = plugin.dir().join("lockdown.yaml");
    std::fs::write(&file, lockdown().to_string()).unwrap();
    plugin
        .run(&format!(
            "convert -f {} -n payments --apply --yes",
            file.display()
        ))
        .assert_code(0);
}

#[test]
fn a_new_policy_is_copied_watched_enforced_and_taken_back() {
    let Some(lab) = Lab::get() else { return };
    let (api, plugin) = (lab.api(), plugin(&lab));
    let file = plugin.dir().join("lockdown.yaml");
    std::fs::write(&file, lockdown().to_string()).unwrap();
    let mark = lab.audit_mark();
    let convert = format!("convert -f {} -n payments --apply", file.display());
    // Piped, and nobody confirmed.
    plugin.run(&convert).assert_code(2).says("--yes");
    plugin
        .run(&format!("{convert} --dry-run"))
        .assert_code(0)
        .says(COPY);
    plugin
        .run(&format!("{convert} --dry-run=server"))
        .assert_code(0)
        .says("would be accepted");
    assert_eq!(lab.audit_writes_since(mark), vec![]);
    plugin
        .run(&format!("{convert} --yes"))
        .assert_code(0)
        .says("Done and read back")
        .says("kubectl mesh-audit-policy rollback payments-lockdown -n payments");
    let copy = policy(api, COPY).unwrap();
    assert_eq!(copy["metadata"]["annotations"]["istio.io/dry-run"], "true");
    assert_eq!(copy["spec"], lockdown()["spec"]);
    assert!(policy(api, NAME).is_none());
    assert_eq!(state(&plugin, COPY), "waiting");
    // The same once more is nothing to do.
    let mark = lab.audit_mark();
    plugin
        .run(&format!("{convert} --yes"))
        .assert_code(0)
        .says("Nothing to make");
    // No evidence is no evidence.
    plugin
        .run(PROMOTE)
        .assert_code(3)
        .says("? watched")
        .says("no watch of it is known on this machine");
    assert_eq!(lab.audit_writes_since(mark), vec![]);
    // A watch in which somebody would have been denied, and one that went well.
    leave_watch(&plugin, api, |watch| {
        watch["callers"][0] = json!({"name": "legacy/batch", "denied": 2});
        watch["expected"]["callers"] = json!([]);
    });
    plugin
        .run(PROMOTE)
        .assert_code(2)
        .says("legacy/batch: 2 requests would be denied");
    leave_watch(&plugin, api, |_| {});
    let mark = lab.audit_mark();
    plugin
        .run(PROMOTE)
        .assert_code(0)
        .says("✓ denials")
        .says("Done and read back");
    assert_eq!(policy(api, NAME).unwrap()["spec"], lockdown()["spec"]);
    assert!(policy(api, COPY).is_none());
    let record = records(api).pop().unwrap();
    assert_eq!(
        (record.action, record.state),
        (Action::Enforce, State::Done)
    );
    let config_map = format!("kubectl-mesh-op-{}", record.id);
    assert_eq!(
        without_lease(&lab.audit_writes_since(mark)),
        [
            format!("create configmaps {config_map}"),
            format!("create authorizationpolicies {NAME}"),
            format!("delete authorizationpolicies {COPY}"),
            format!("update configmaps {config_map}"),
        ]
    );
    plugin
        .run("rollback payments-lockdown -n payments --yes")
        .assert_code(0);
    assert!(policy(api, NAME).is_none());
    let back = policy(api, COPY).unwrap();
    assert_eq!(
        back["metadata"]["annotations"],
        copy["metadata"]["annotations"]
    );
    assert_eq!(back["spec"], copy["spec"]);
    // One more step back.
    plugin
        .run("rollback payments-lockdown -n payments --yes")
        .assert_code(0);
    assert!(policy(api, COPY).is_none());
    plugin
        .run("rollback payments-lockdown -n payments --yes")
        .assert_code(1)
        .says("no operation on payments/payments-lockdown to take back");
}

#[test]
fn a_policy_that_enforces_is_never_weakened() {
    let Some(lab) = Lab::get() else { return };
    let (api, plugin) = (lab.api(), plugin(&lab));
    let before = api.create(&lockdown()).unwrap();
    plugin
        .run("convert payments-lockdown -n payments --apply --yes")
        .assert_code(0)
        .says("still enforces");
    assert_eq!(policy(api, NAME).unwrap(), before);
    assert_eq!(state(&plugin, COPY), "shadow");
    // It is enforced already: only the copy goes, and no gate is asked.
    plugin.run(PROMOTE).assert_code(0);
    assert_eq!(policy(api, NAME).unwrap(), before);
    assert!(policy(api, COPY).is_none());
    plugin
        .run(PROMOTE)
        .assert_code(2)
        .says("is not being watched");
}

#[test]
fn what_was_changed_since_is_not_what_was_watched() {
    let Some(lab) = Lab::get() else { return };
    let (api, plugin) = (lab.api(), plugin(&lab));
    api.create(&lockdown()).unwrap();
    plugin
        .run("convert payments-lockdown -n payments --apply --yes")
        .assert_code(0);
    let mut edited = policy(api, NAME).unwrap();
    edited["spec"]["rules"][0]["from"][0]["source"]["notPrincipals"] =
        json!(["cluster.local/ns/shop/sa/shop"]);
    api.replace(&edited).unwrap();
    assert_eq!(state(&plugin, COPY), "orphaned");
    let mark = lab.audit_mark();
    plugin
        .run(&format!("{PROMOTE} {WAIVED}"))
        .assert_code(2)
        .says("the policy was changed since it was copied")
        .says("cluster.local/ns/shop/sa/shop becomes cluster.local/ns/orders/sa/orders-sa");
    assert_eq!(lab.audit_writes_since(mark), vec![]);
    // A copy that was edited passes by no reason.
    let mut copy = policy(api, COPY).unwrap();
    copy["spec"]["rules"] = json!([{}]);
    api.replace(&copy).unwrap();
    let mark = lab.audit_mark();
    plugin
        .run(&format!("{PROMOTE} {WAIVED} --waive unchanged=why-not"))
        .assert_code(2)
        .says("the copy was edited");
    // And another copy is not made over it.
    plugin
        .run("convert payments-lockdown -n payments --apply --yes")
        .assert_code(2)
        .says("is there already, and is another copy");
    assert_eq!(lab.audit_writes_since(mark), vec![]);
}

#[test]
fn anothers_edit_after_it_was_enforced_stops_the_way_back() {
    let Some(lab) = Lab::get() else { return };
    let (api, plugin) = (lab.api(), plugin(&lab));
    make_copy(&plugin);
    plugin.run(&format!("{PROMOTE} {WAIVED}")).assert_code(0);
    let record = records(api).pop().unwrap();
    assert_eq!(record.waivers.len(), 5, "{:?}", record.waivers);
    let mut edited = policy(api, NAME).unwrap();
    edited["spec"]["rules"] = json!([{}]);
    api.replace(&edited).unwrap();
    let mark = lab.audit_mark();
    plugin
        .run("rollback payments-lockdown -n payments --yes")
        .assert_code(2)
        .says("somebody else changed 1 policy")
        .says("spec.rules");
    assert_eq!(lab.audit_writes_since(mark), vec![]);
}

#[test]
fn what_an_owner_would_write_back_is_refused_with_its_name() {
    let Some(lab) = Lab::get() else { return };
    let (api, plugin) = (lab.api(), plugin(&lab));
    let mut owned = lockdown();
    owned["metadata"]["labels"] = json!({"argocd.argoproj.io/instance": "payments-app"});
    owned["spec"]["rules"] = json!([{"from": [{"source": {"namespaces": ["legacy"]}}]}]);
    api.create(&owned).unwrap();
    let file = plugin.dir().join("lockdown.yaml");
    std::fs::write(&file, lockdown().to_string()).unwrap();
    plugin
        .run(&format!(
            "convert -f {} -n payments --apply --yes",
            file.display()
        ))
        .assert_code(0)
        .says("another spec under this name");
    assert_eq!(
        policy(api, COPY).unwrap()["metadata"]["labels"]["argocd.argoproj.io/instance"],
        Value::Null
    );
    let mark = lab.audit_mark();
    plugin
        .run(&format!("{PROMOTE} {WAIVED}"))
        .assert_code(2)
        .says("Argo CD payments-app")
        .says("-o yaml");
    let ran = plugin.run("promote payments-lockdown -n payments -o yaml");
    ran.assert_code(0)
        .says("orders-sa")
        .never_says("resourceVersion");
    assert_eq!(lab.audit_writes_since(mark), vec![]);
}

#[test]
fn what_convert_prints_is_what_kubectl_applies() {
    let Some(lab) = Lab::get() else { return };
    let (api, plugin) = (lab.api(), plugin(&lab));
    api.create(&lockdown()).unwrap();
    let mark = lab.audit_mark();
    let ran = plugin.run("convert payments-lockdown -n payments");
    ran.assert_code(0);
    assert_eq!(lab.audit_writes_since(mark), vec![]);
    let file = plugin.dir().join("copies.yaml");
    std::fs::write(&file, &ran.stdout).unwrap();
    let mut kubectl = plugin.command("kubectl");
    let done = kubectl.arg("apply").arg("-f").arg(&file).output().unwrap();
    assert!(done.status.success(), "{done:?}");
    assert_eq!(state(&plugin, COPY), "shadow");
    // The copy that kubectl made is the very same.
    plugin
        .run("convert payments-lockdown -n payments --apply --yes")
        .assert_code(0)
        .says("Nothing to make");
}
