//! `watch --enable-access-log`: a Telemetry for the workloads of a policy, which comes and goes with its watch.

use mesh_common::journal::{Action, Record, State};
use mesh_testkit::{Api, ChaosProxy, Lab, LabGuard, Plugin, When};
use serde_json::{Value, json};

use crate::{
    audit_policy::{NAME, make_copy, plugin},
    kit::{records, text, without_lease},
    rights,
};

pub(crate) const TELEMETRY: &str = "payments-lockdown-access-log";
pub(crate) const WATCH: &str = "watch payments-lockdown -n payments --enable-access-log";

pub(crate) fn telemetry(api: &Api) -> Option<Value> {
    api.get("Telemetry", "payments", TELEMETRY)
}

/// A copy of payments-lockdown, to be watched.
pub(crate) fn copied(lab: &LabGuard) {
    make_copy(&plugin(lab));
}

/// The records of access logs, oldest first.
pub(crate) fn logs(api: &Api) -> Vec<Record> {
    let mut all = records(api);
    all.retain(|r| r.action == Action::AccessLog);
    all
}

/// A Telemetry of somebody else.
fn theirs(namespace: &str, name: &str, spec: &Value) -> Value {
    json!({
        "apiVersion": "telemetry.istio.io/v1", "kind": "Telemetry",
        "metadata": { "name": name, "namespace": namespace }, "spec": spec,
    })
}

#[test]
fn a_watch_makes_its_telemetry_and_removes_it() {
    let Some(lab) = Lab::get() else { return };
    copied(&lab);
    let (api, plugin) = (lab.api(), plugin(&lab));
    let mark = lab.audit_mark();
    plugin
        .run("watch payments-lockdown -n payments --dry-run")
        .assert_code(64)
        .says("--dry-run goes with --enable-access-log");
    let shown = plugin.run(&format!("{WATCH} --dry-run"));
    let plan = shown.assert_code(0).json();
    assert_eq!(plan["object"]["metadata"]["name"], TELEMETRY);
    assert_eq!(plan["expectedCost"]["bytesADay"], Value::Null);
    plugin
        .run(&format!("{WATCH} --dry-run=server"))
        .assert_code(0)
        .says("would be accepted");
    // Piped, and nobody confirmed.
    plugin.run(WATCH).assert_code(2).says("--yes");
    assert_eq!(lab.audit_writes_since(mark), vec![]);

    let mark = lab.audit_mark();
    let ran = plugin.run(&format!("{WATCH} --for 1s --yes"));
    // No proxy is there to be asked: what it saw is not known.
    ran.assert_code(3)
        .says("rule of thumb, not measured here")
        .says("connections that stay open longer than the drain time")
        .says("kubectl mesh-audit-policy rollback payments-lockdown -n payments");
    let events: Vec<Value> = ran
        .stdout
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    let names: Vec<String> = events.iter().map(|e| text(&e["event"])).collect();
    assert_eq!((&*names[0], &events[0]["on"]), ("accessLog", &json!(true)));
    let last = events.last().unwrap();
    assert_eq!(
        (text(&last["event"]), &last["on"]),
        ("accessLog".into(), &json!(false))
    );
    assert_eq!(telemetry(api), None);
    let writes = without_lease(&lab.audit_writes_since(mark));
    let telemetries: Vec<&String> = writes
        .iter()
        .filter(|w| w.contains("telemetries"))
        .collect();
    assert_eq!(
        telemetries,
        [
            &format!("create telemetries {TELEMETRY}"),
            &format!("delete telemetries {TELEMETRY}"),
        ]
    );
    let made = logs(api).pop().unwrap();
    assert_eq!(made.state, State::RolledBack);
    // mesh-default of the root namespace logs errors only: of these workloads every request is logged.
    let planned = made.images[0].planned.clone().unwrap();
    assert_eq!(
        planned["spec"],
        json!({
            "selector": { "matchLabels": { "app": "ledger" } },
            "accessLogging": [{ "match": { "mode": "SERVER" }, "providers": [{ "name": "envoy" }] }],
        })
    );
    // What comes before it is still what a rollback takes back.
    plugin
        .run(&format!("rollback {NAME} -n payments --dry-run"))
        .assert_code(0)
        .says("Undoes")
        .says("convert payments/payments-lockdown");
}

#[test]
fn on_a_terminal_it_asks_and_ctrl_c_removes_it() {
    let Some(lab) = Lab::get() else { return };
    copied(&lab);
    let (api, plugin) = (lab.api(), plugin(&lab));
    let mut terminal = plugin.terminal();
    terminal.line(&format!("kubectl mesh-audit-policy {WATCH} --for 2h"));
    for text in [
        "Expected cost",
        "What it breaks",
        "Way back",
        "Log every request of 1 workload",
    ] {
        terminal.sees(text);
    }
    assert_eq!(telemetry(api), None);
    terminal.line("y");
    terminal.sees("Done and read back");
    terminal.sees("would be denied");
    let made = telemetry(api).unwrap();
    assert_eq!(
        made["metadata"]["annotations"]["kubectl-mesh/access-log-of"],
        NAME
    );
    // A second one waits its turn, and others are told.
    plugin
        .run(&format!("{WATCH} --yes"))
        .assert_code(2)
        .says("logs every request already")
        .says("rollback payments-lockdown -n payments");
    plugin
        .run("resume --yes")
        .assert_code(0)
        .says("nothing to resume")
        .says("If that watch was killed");
    assert!(telemetry(api).is_some());
    terminal.control('c');
    let (printed, ended) = terminal.ends();
    assert_eq!(ended, 130, "{printed}");
    assert!(printed.contains("removed"), "{printed}");
    assert_eq!(telemetry(api), None);
    assert!(logs(api).iter().all(|r| r.state == State::RolledBack));
}

#[test]
fn anothers_telemetry_on_the_same_workload_refuses() {
    let Some(mut lab) = Lab::get() else { return };
    let labels =
        |app: &str| json!({ "selector": { "matchLabels": { "app": app } }, "metrics": [{}] });
    for (name, app, code) in [
        ("metrics-of-ledger", "ledger", 2),
        ("elsewhere", "cards", 0),
    ] {
        lab.reset();
        copied(&lab);
        lab.api()
            .create(&theirs("payments", name, &labels(app)))
            .unwrap();
        let mark = lab.audit_mark();
        let ran = plugin(&lab).run(&format!("{WATCH} --dry-run"));
        ran.assert_code(code);
        if code == 2 {
            ran.says("payments/metrics-of-ledger is on one of them already");
            let ran = plugin(&lab).run(&format!("{WATCH} --yes"));
            ran.assert_code(2).says("required gate not open: alone");
        }
        assert_eq!(lab.audit_writes_since(mark), vec![]);
    }
    // Its name is somebody else's.
    lab.reset();
    copied(&lab);
    let taken = theirs("payments", TELEMETRY, &labels("cards"));
    lab.api().create(&taken).unwrap();
    plugin(&lab).run(&format!("{WATCH} --yes")).assert_code(2);
    assert!(telemetry(lab.api()).is_some());
}

/// The mesh config of both revisions with a collector in it.
fn with_collector(api: &Api) {
    for revision in ["1-26-1", "1-28-1"] {
        let mut map = api
            .get("ConfigMap", "istio-system", &format!("istio-{revision}"))
            .unwrap();
        let mesh = text(&map["data"]["mesh"]);
        let more = "- name: otel\n  envoyOtelAls:\n    service: otel.monitoring.svc.cluster.local\n    port: 4317\n";
        map["data"]["mesh"] = format!("{mesh}{more}").into();
        api.replace(&map).unwrap();
    }
}

#[test]
fn what_its_parents_log_goes_on_and_what_logs_already_is_left_alone() {
    let Some(mut lab) = Lab::get() else { return };
    let errors = json!({ "expression": "response.code >= 500" });
    copied(&lab);
    with_collector(lab.api());
    let spec = json!({ "accessLogging": [
        { "providers": [{ "name": "otel" }], "filter": errors },
        { "providers": [{ "name": "envoy" }], "filter": errors },
    ] });
    lab.api()
        .create(&theirs("payments", "a-log", &spec))
        .unwrap();
    // The older one of the namespace counts, which is of metrics only.
    let older = lab.api().get("Telemetry", "payments", "payments-metrics");
    assert!(older.is_some(), "the sample mesh has it");
    lab.api()
        .delete("Telemetry", "payments", "payments-metrics")
        .unwrap();
    let plan = plugin(&lab).run(&format!("{WATCH} --dry-run"));
    let plan = plan.assert_code(0).json();
    assert_eq!(
        plan["object"]["spec"]["accessLogging"],
        json!([
            { "match": { "mode": "SERVER" }, "providers": [{ "name": "envoy" }] },
            { "match": { "mode": "SERVER" }, "providers": [{ "name": "otel" }], "filter": errors },
        ])
    );
    assert_eq!(
        plan["logs"]["kept"],
        json!(["otel, for response.code >= 500"])
    );

    lab.reset();
    copied(&lab);
    let mut all = lab
        .api()
        .get("Telemetry", "istio-system", "mesh-default")
        .unwrap();
    all["spec"] = json!({ "accessLogging": [{ "providers": [{ "name": "envoy" }] }] });
    lab.api().replace(&all).unwrap();
    let mark = lab.audit_mark();
    plugin(&lab)
        .run(&format!("{WATCH} --for 1s"))
        .assert_code(3)
        .says("is logged already: provider envoy, in Istio's text format. Nothing is written.");
    assert_eq!(lab.audit_writes_since(mark), vec![]);
}

#[test]
fn who_may_not_write_telemetries_is_told_and_what_remains() {
    let Some(lab) = Lab::get() else { return };
    copied(&lab);
    let roles = ["mesh-audit-policy", "mesh-audit-policy-watch"];
    let reader = rights::user(&lab, "log-reader", &roles);
    let seen = |kubeconfig: &std::path::Path| {
        rights::may_get(kubeconfig, "/api/v1/namespaces/istio-system/configmaps");
        rights::may_get(
            kubeconfig,
            "/apis/security.istio.io/v1/authorizationpolicies",
        );
        rights::may_get(kubeconfig, "/apis/telemetry.istio.io/v1/telemetries");
    };
    seen(&reader);
    let mark = lab.audit_mark();
    let watcher = Plugin::new("kubectl-mesh_audit_policy", &reader);
    watcher
        .run(&format!("{WATCH} --yes"))
        .assert_code(2)
        .says("missing: create telemetries.telemetry.istio.io in payments")
        .says("missing: delete telemetries.telemetry.istio.io in payments")
        .says("missing: create configmaps in istio-system")
        .says("What remains without it");
    assert_eq!(lab.audit_writes_since(mark), vec![]);
    // With its own role it is enough, and of policies nothing may be written by it.
    let roles = [
        "mesh-audit-policy",
        "mesh-audit-policy-watch",
        "mesh-audit-policy-access-log",
    ];
    let writer = rights::user(&lab, "log-writer", &roles);
    seen(&writer);
    rights::may_get(
        &writer,
        "/apis/telemetry.istio.io/v1/namespaces/payments/telemetries/payments-metrics",
    );
    let watcher = Plugin::new("kubectl-mesh_audit_policy", &writer);
    watcher
        .run(&format!("{WATCH} --for 1s --yes"))
        .assert_code(3);
    assert_eq!(telemetry(lab.api()), None);
    assert!(logs(lab.api()).iter().all(|r| r.state == State::RolledBack));
}

#[test]
fn a_telemetry_that_is_made_between_the_plan_and_the_lease_refuses() {
    let Some(lab) = Lab::get() else { return };
    copied(&lab);
    let proxy = ChaosProxy::start(lab.kubeconfig());
    let gate = proxy.hold(When::request("POST", "/leases"));
    let sandbox = Plugin::new("kubectl-mesh_audit_policy", proxy.kubeconfig());
    let running = sandbox.spawn(&format!("{WATCH} --for 1s --yes"));
    gate.reached();
    let selects = json!({ "selector": { "matchLabels": { "app": "ledger" } }, "metrics": [{}] });
    let other = theirs("payments", "theirs", &selects);
    lab.api().create(&other).unwrap();
    gate.release();
    let ran = running.finish();
    ran.assert_code(2)
        .says("Telemetry payments/theirs was made meanwhile");
    assert_eq!(telemetry(lab.api()), None);
    assert_eq!(logs(lab.api()), vec![]);
}
