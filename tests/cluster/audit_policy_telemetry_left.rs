//! What a watch with an access log leaves when it is killed, and when somebody else was at its Telemetry.

use mesh_common::journal::{Record, State};
use mesh_testkit::{Api, ChaosProxy, Lab, LabGuard, Plugin, When};
use serde_json::json;

use crate::{
    audit_policy::plugin,
    audit_policy_telemetry::{WATCH, copied, logs, telemetry},
    kit::{encode, records},
};

fn expire_lease(api: &Api) {
    if api.get("Lease", "istio-system", "kubectl-mesh").is_some() {
        api.delete("Lease", "istio-system", "kubectl-mesh").unwrap();
    }
}

#[test]
fn killed_after_any_write_the_next_command_removes_what_is_left() {
    let Some(mut lab) = Lab::get() else { return };
    let (mut points, mut left) = (0, 0);
    for n in 1..=20 {
        lab.reset();
        copied(&lab);
        let proxy = ChaosProxy::start(lab.kubeconfig());
        proxy.kill_after(When::write(n));
        let sandbox = Plugin::new("kubectl-mesh_audit_policy", proxy.kubeconfig());
        let running = sandbox.spawn(&format!("{WATCH} --for 1s --yes"));
        proxy.victim(running.pid());
        let ran = running.finish();
        if ran.signal != Some(9) {
            ran.assert_code(3);
            break;
        }
        points += 1;
        let (api, plugin) = (lab.api(), plugin(&lab));
        expire_lease(api);
        let unfinished = records(api).iter().any(|r| r.state == State::Started);
        let stands = telemetry(api).is_some();
        left += usize::from(stands);
        if unfinished {
            plugin.run("resume --yes").assert_code(0);
        } else if stands {
            // A plain watch says so, and touches nothing.
            let mark = lab.audit_mark();
            plugin
                .run("watch payments-lockdown -n payments --for 1s")
                .assert_code(3)
                .says("If that watch was killed:");
            assert_eq!(lab.audit_writes_since(mark), vec![], "write {n}");
            plugin
                .run("rollback payments-lockdown -n payments --yes")
                .assert_code(0);
        }
        assert_eq!(telemetry(api), None, "write {n}");
        let all = records(api);
        assert!(
            all.iter().all(|r| r.state != State::Started),
            "write {n}: {all:?}"
        );
        let log = |r: &Record| matches!(r.state, State::RolledBack | State::Nothing);
        assert!(logs(api).iter().all(log), "write {n}: {all:?}");
        // The copy is still watched: only the log was taken back.
        plugin
            .run("rollback payments-lockdown -n payments --dry-run")
            .assert_code(0)
            .says("convert payments/payments-lockdown");
    }
    assert!(points >= 10 && left >= 3, "{points} points, {left} left");
}

/// What a killed watch left yesterday: its object, and the record of its making.
fn left_yesterday(lab: &LabGuard) {
    let api = lab.api();
    let plugin = plugin(lab);
    plugin
        .run(&format!("{WATCH} --for 1s --yes"))
        .assert_code(3);
    let mut record = logs(api).pop().unwrap();
    let old = "20260101-000000-access-log-payments-lockdown-0001";
    record.id = old.into();
    record.started = "2026-01-01T00:00:00Z".parse().unwrap();
    record.state = State::Done;
    for image in &mut record.images {
        let object = image.planned.as_mut().unwrap();
        object["metadata"]["annotations"]["kubectl-mesh/expires"] = "2026-01-01T01:00:00Z".into();
        api.create(object).unwrap();
        image.after = Some(image.planned.clone());
    }
    // The newer ones are settled: the one that is left is found by what it says, not by its age.
    api.create(&encode(&record)).unwrap();
}

#[test]
fn what_is_left_and_over_is_removed_by_the_next_watch_and_by_resume() {
    let Some(mut lab) = Lab::get() else { return };
    for next in [format!("{WATCH} --for 1s --yes"), "resume --yes".to_owned()] {
        lab.reset();
        copied(&lab);
        left_yesterday(&lab);
        let mark = lab.audit_mark();
        let plugin = plugin(&lab);
        let told = plugin.run("watch payments-lockdown -n payments --for 1s");
        told.says("was left by a watch that is over");
        assert_eq!(lab.audit_writes_since(mark), vec![]);
        let ran = plugin.run(&next);
        let watched = next.starts_with("watch");
        ran.assert_code(if watched { 3 } else { 0 });
        assert_eq!(telemetry(lab.api()), None, "{next}");
        let telemetries = lab.audit_writes_since(mark);
        let verbs: Vec<_> = telemetries
            .iter()
            .filter(|e| e.resource == "telemetries")
            .map(|e| e.verb.as_str())
            .collect();
        let want: &[&str] = if watched {
            &["delete", "create", "delete"]
        } else {
            &["delete"]
        };
        assert_eq!(verbs, want, "{next}");
        let settled = logs(lab.api());
        assert!(settled.iter().all(|r| r.state == State::RolledBack));
    }
}

#[test]
fn what_somebody_else_made_of_it_is_not_removed() {
    let Some(lab) = Lab::get() else { return };
    copied(&lab);
    let (api, plugin) = (lab.api(), plugin(&lab));
    let mut terminal = plugin.terminal();
    terminal.line(&format!("kubectl mesh-audit-policy {WATCH} --for 2h --yes"));
    terminal.sees("would be denied");
    let mut edited = telemetry(api).unwrap();
    edited["spec"]["metrics"] = json!([{ "providers": [{ "name": "prometheus" }] }]);
    api.replace(&edited).unwrap();
    terminal.control('c');
    let (printed, ended) = terminal.ends();
    assert_eq!(ended, 4, "{printed}");
    assert!(
        printed.contains("is still there, and logs every request"),
        "{printed}"
    );
    assert!(
        printed.contains("somebody else changed the Telemetry"),
        "{printed}"
    );
    assert_eq!(telemetry(api).unwrap()["spec"], edited["spec"]);
}
