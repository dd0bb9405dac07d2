//! Enforcing a policy when something goes wrong: killed between its writes, two at once, somebody else's edit, no rights.

use mesh_common::journal::State;
use mesh_testkit::{ChaosProxy, Lab, LabGuard, Plugin, When};
use serde_json::json;

use crate::{
    audit_policy::{COPY, KIND, NAME, PROMOTE, WAIVED, lockdown, make_copy, plugin, policy},
    kit::records,
    rights,
};

fn through(proxy: &ChaosProxy) -> Plugin {
    Plugin::new("kubectl-mesh_audit_policy", proxy.kubeconfig())
}

fn promote() -> String {
    format!("{PROMOTE} {WAIVED}")
}

/// A copy of a policy that is not there yet.
fn watched(lab: &LabGuard) {
    make_copy(&plugin(lab));
}

/// The time of a killed command's Lease is over.
fn expire_lease(lab: &LabGuard) {
    if lab
        .api()
        .get("Lease", "istio-system", "kubectl-mesh")
        .is_some()
    {
        lab.api()
            .delete("Lease", "istio-system", "kubectl-mesh")
            .unwrap();
    }
}

#[test]
fn killed_after_any_write_it_is_found_and_finished_or_taken_back() {
    let Some(mut lab) = Lab::get() else { return };
    let mut points = 0;
    // Lease, record, Lease, policy, copy, record, Lease: more than it has.
    for n in 1..=10 {
        let mut killed = false;
        for way in [
            format!("resume --yes {WAIVED}"),
            "rollback payments-lockdown -n payments --yes".to_owned(),
        ] {
            lab.reset();
            watched(&lab);
            let before = policy(lab.api(), COPY).unwrap();
            let proxy = ChaosProxy::start(lab.kubeconfig());
            proxy.kill_after(When::write(n));
            let sandbox = through(&proxy);
            let running = sandbox.spawn(&promote());
            proxy.victim(running.pid());
            let ran = running.finish();
            killed = ran.signal == Some(9);
            if !killed {
                ran.assert_code(0);
                break;
            }
            expire_lease(&lab);
            let plugin = plugin(&lab);
            let unfinished = records(lab.api()).iter().any(|r| r.state == State::Started);
            if !unfinished {
                // Killed before the record, or after its last word: one or the other, whole.
                let (is, copy) = (policy(lab.api(), NAME), policy(lab.api(), COPY));
                assert_ne!(is.is_some(), copy.is_some(), "write {n}");
                continue;
            }
            // Nothing new is begun before the old is settled, by neither plugin.
            plugin
                .run("convert cards-only-from-checkout -n payments --apply --yes")
                .assert_code(2)
                .says("kubectl mesh-audit-policy resume");
            Plugin::tag(lab.kubeconfig())
                .run("promote stable --to 1-28-1 --yes")
                .assert_code(2)
                .says("kubectl mesh-audit-policy resume")
                .says(
                    "kubectl mesh-audit-policy rollback payments-lockdown -n payments --to-record",
                );
            let ran = plugin.run(&way);
            assert_eq!(ran.code, Some(0), "write {n}, {way}: {ran:?}");
            let all = records(lab.api());
            assert!(
                all.iter().all(|r| r.state != State::Started),
                "write {n}, {way}: {all:?}"
            );
            if way.starts_with("resume") {
                assert_eq!(policy(lab.api(), NAME).unwrap()["spec"], lockdown()["spec"]);
                assert!(policy(lab.api(), COPY).is_none(), "write {n}");
            } else {
                assert!(policy(lab.api(), NAME).is_none(), "write {n}");
                let back = policy(lab.api(), COPY).unwrap();
                assert_eq!(back["spec"], before["spec"], "write {n}");
                let annotations = |o: &serde_json::Value| o["metadata"]["annotations"].clone();
                assert_eq!(annotations(&back), annotations(&before), "write {n}");
            }
        }
        if !killed {
            break;
        }
        points += 1;
    }
    assert!(points >= 5, "only {points} points were tried");
}

#[test]
fn of_two_at_the_same_moment_one_wins() {
    let Some(lab) = Lab::get() else { return };
    watched(&lab);
    let proxy = ChaosProxy::start(lab.kubeconfig());
    let gate = proxy.hold(When::request("POST", "/leases"));
    let (a, b) = (through(&proxy), through(&proxy));
    let running = [a.spawn(&promote()), b.spawn(&promote())];
    gate.reaches(2);
    gate.release();
    let ended = running.map(mesh_testkit::Running::finish);
    let mut codes: Vec<_> = ended.iter().filter_map(|r| r.code).collect();
    codes.sort_unstable();
    assert_eq!(codes, [0, 2], "{ended:?}");
    assert!(policy(lab.api(), NAME).is_some());
    assert!(policy(lab.api(), COPY).is_none());
    assert_eq!(
        records(lab.api()).len(),
        2,
        "one of the copy, one of the winner"
    );
}

#[test]
fn an_edit_between_the_plan_and_the_lease_is_refused_and_one_before_the_write_is_not_written_over()
{
    let Some(mut lab) = Lab::get() else { return };
    for (at, path) in [("POST", "/leases"), ("POST", "/authorizationpolicies")] {
        lab.reset();
        let mut weak = lockdown();
        weak["spec"]["rules"] = json!([{"from": [{"source": {"namespaces": ["legacy"]}}]}]);
        watched(&lab);
        let proxy = ChaosProxy::start(lab.kubeconfig());
        let gate = proxy.hold(When::request(at, path));
        let sandbox = through(&proxy);
        let running = sandbox.spawn(&promote());
        gate.reached();
        // Somebody makes a policy of that name meanwhile.
        lab.api().create(&weak).unwrap();
        gate.release();
        let ran = running.finish();
        if path == "/leases" {
            ran.assert_code(2).says("was made meanwhile");
        } else {
            ran.assert_code(1).says("Nothing was changed");
        }
        assert_eq!(
            policy(lab.api(), NAME).unwrap()["spec"],
            weak["spec"],
            "{path}"
        );
        assert!(policy(lab.api(), COPY).is_some(), "{path}");
        assert!(records(lab.api()).iter().all(|r| r.state != State::Started));
    }
}

#[test]
fn who_may_not_write_is_told_which_right_is_missing() {
    let Some(lab) = Lab::get() else { return };
    watched(&lab);
    let reader = rights::user(&lab, "policy-reader", &["mesh-audit-policy"]);
    rights::may_get(&reader, "/api/v1/namespaces/istio-system/configmaps");
    rights::may_get(&reader, "/apis/security.istio.io/v1/authorizationpolicies");
    let mark = lab.audit_mark();
    let plugin = Plugin::new("kubectl-mesh_audit_policy", &reader);
    plugin.run("list -n payments").assert_code(0);
    plugin
        .run("convert cards-only-from-checkout -n payments")
        .assert_code(0);
    plugin
        .run(&promote())
        .assert_code(2)
        .says("missing: create authorizationpolicies.security.istio.io in payments")
        .says("missing: create configmaps in istio-system");
    assert_eq!(lab.audit_writes_since(mark), vec![]);
    // With the writer's role it is enough.
    let writer = rights::user(
        &lab,
        "policy-writer",
        &["mesh-audit-policy", "mesh-audit-policy-writer"],
    );
    rights::may_get(&writer, "/api/v1/namespaces/istio-system/configmaps");
    rights::may_get(&writer, "/apis/security.istio.io/v1/authorizationpolicies");
    rights::may_get(
        &writer,
        "/apis/security.istio.io/v1/namespaces/payments/authorizationpolicies/checkout-callers",
    );
    let plugin = Plugin::new("kubectl-mesh_audit_policy", &writer);
    // Nor may it forward ports: whom the policy refuses is then not known, and that is said.
    plugin
        .run(&format!(
            "promote payments-lockdown -n payments --yes --watch-after 5s {WAIVED}"
        ))
        .assert_code(4)
        .says("Done and read back")
        .says("? unknown")
        .says("pods/portforward")
        .says("kubectl logs statefulset/ledger -n payments -c istio-proxy --since 5m");
    assert!(policy(lab.api(), NAME).is_some());
    let last = records(lab.api()).pop().unwrap();
    assert_eq!(last.state, State::Done);
    plugin
        .run("rollback payments-lockdown -n payments --yes")
        .assert_code(0);
}

#[test]
fn a_planted_record_touches_no_other_policy() {
    let Some(lab) = Lab::get() else { return };
    watched(&lab);
    plugin(&lab).run(&promote()).assert_code(0);
    let mut planted = records(lab.api()).pop().unwrap();
    planted.id = "20990101-000000-enforce-payments-lockdown-0001".into();
    planted.started = "2099-01-01T00:00:00Z".parse().unwrap();
    for image in &mut planted.images {
        if image.key.name == NAME {
            image.key.name = "allow-nothing".into();
        }
    }
    lab.api().create(&crate::kit::encode(&planted)).unwrap();
    let mark = lab.audit_mark();
    plugin(&lab)
        .run("rollback payments-lockdown -n payments --yes")
        .assert_code(2)
        .says("neither a policy that the record is about");
    assert_eq!(lab.audit_writes_since(mark), vec![]);
    assert!(lab.api().get(KIND, "payments", "allow-nothing").is_some());
}
