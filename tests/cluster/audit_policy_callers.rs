//! Who calls, as real proxies count it: known before, seen while watching, refused after it is enforced.

use mesh_common::journal::{Action, State};
use mesh_testkit::{ChaosProxy, Envoy, Lab, Plugin, When, envoy::ORDERS};
use serde_json::{Value, json};

use crate::{
    audit_policy::{COPY, KIND, NAME, PROMOTE, leave_watch, make_copy, plugin, policy},
    audit_policy_watch::{BATCH, proxies_by, tell},
    kit::{records, without_lease},
};

/// What a terminal shows, as one line: it is wrapped there.
fn flat(printed: &str) -> String {
    printed.split_whitespace().collect::<Vec<_>>().join(" ")
}

const WEB: &str = "spiffe://cluster.local/ns/edge/sa/web";

#[test]
fn a_caller_that_metrics_know_and_nobody_saw_stops_promote_and_who_is_refused_then_is_named() {
    let Some(lab) = Lab::get() else { return };
    let Some(mut envoys) = proxies_by(&lab, Envoy::naming_callers) else {
        return;
    };
    let (api, plugin) = (lab.api(), plugin(&lab));
    // Both called before anybody watched.
    assert_eq!(envoys[0].get(ORDERS, "/ledger").unwrap(), 200);
    assert_eq!(envoys[0].get(BATCH, "/ledger").unwrap(), 200);
    make_copy(&plugin);
    tell(&mut envoys, api);
    let mut terminal = plugin.terminal();
    terminal
        .line("kubectl mesh-audit-policy watch payments-lockdown -n payments --for 2h --every 1s");
    terminal.sees("0 would pass, 0 would be denied");
    for _ in 0..2 {
        assert_eq!(envoys[0].get(ORDERS, "/ledger").unwrap(), 200);
    }
    terminal.sees("2 would pass, 0 would be denied");
    terminal.control('c');
    let (printed, ended) = terminal.ends();
    assert_eq!(ended, 130, "{printed}");
    let printed = flat(&printed);
    assert!(printed.contains("orders/orders-sa 2 0 0"), "{printed}");
    assert!(
        printed.contains("not seen for certain: batch/settlement"),
        "{printed}"
    );
    // In a namespace that calls: it may call once a month.
    assert!(printed.contains("and CronJobs"), "{printed}");

    let promote = "promote payments-lockdown -n payments --min 1s --yes";
    plugin
        .run(&format!("{promote} --watch-after 0"))
        .assert_code(2)
        .says("of the proxies' metrics since 20")
        .says("not seen")
        .says("--accept 'batch/settlement=REASON'");
    assert!(policy(api, NAME).is_none());

    // The batch job may be refused. Somebody else is, too.
    let mut terminal = plugin.terminal();
    terminal.line(&format!(
        "kubectl mesh-audit-policy {promote} --watch-after 2h --accept 'batch/settlement=shut down'"
    ));
    terminal.sees("whom it refuses: 0 so far");
    assert!(policy(api, NAME).is_some(), "it is written by then");
    tell(&mut envoys, api);
    assert_eq!(envoys[0].get(ORDERS, "/ledger").unwrap(), 200);
    assert_eq!(envoys[0].get(BATCH, "/ledger").unwrap(), 403);
    assert_eq!(envoys[0].get(WEB, "/ledger").unwrap(), 403);
    terminal.sees("whom it refuses: 2 so far");
    terminal.control('c');
    let (printed, ended) = terminal.ends();
    assert_eq!(ended, 4, "{printed}");
    let printed = flat(&printed);
    for says in [
        "2 of 3 requests refused by policies",
        "batch/settlement: 1 request, accepted",
        "edge/web: 1 request",
        "now that they rise",
        "kubectl mesh-audit-policy rollback payments-lockdown -n payments",
    ] {
        assert!(printed.contains(says), "{says}: {printed}");
    }
    // It is enforced, and the record says so.
    assert!(policy(api, NAME).is_some() && policy(api, COPY).is_none());
    let record = records(api).pop().unwrap();
    assert_eq!(
        (record.action, record.state),
        (Action::Enforce, State::Done)
    );
    plugin
        .run("rollback payments-lockdown -n payments --yes")
        .assert_code(0);
}

#[test]
fn who_is_accepted_may_be_refused_and_ctrl_c_ends_the_watch_and_not_the_policy() {
    let Some(lab) = Lab::get() else { return };
    let Some(mut envoys) = proxies_by(&lab, Envoy::naming_callers) else {
        return;
    };
    let (api, plugin) = (lab.api(), plugin(&lab));
    make_copy(&plugin);
    tell(&mut envoys, api);
    leave_watch(&plugin, api, |_| {});
    let mut terminal = plugin.terminal();
    terminal.line(
        "kubectl mesh-audit-policy promote payments-lockdown -n payments --yes --watch-after 2h \
         --accept 'batch/settlement=shut down' -o json > result.json",
    );
    terminal.sees("whom it refuses: 0 so far");
    tell(&mut envoys, api);
    assert_eq!(envoys[0].get(BATCH, "/ledger").unwrap(), 403);
    terminal.sees("whom it refuses: 1 so far");
    terminal.control('c');
    let (printed, ended) = terminal.ends();
    assert_eq!(ended, 130, "{printed}");
    let printed = flat(&printed);
    assert!(printed.contains("the policy stays enforced"), "{printed}");
    let result = std::fs::read_to_string(plugin.dir().join("result.json")).unwrap();
    let result: Value = serde_json::from_str(&result).unwrap();
    let after = &result["after"];
    assert_eq!(
        (&after["denied"], &after["rose"], &after["interrupted"]),
        (&json!(1), &json!(false), &json!(true)),
        "{after}"
    );
    assert_eq!(after["forbidden"][0]["name"], "batch/settlement");
    assert_eq!(records(api).pop().unwrap().state, State::Done);
}

type Edit = fn(&Plugin, &mesh_testkit::Api);

#[test]
fn evidence_that_changes_between_the_plan_and_the_lease_writes_nothing() {
    let Some(mut lab) = Lab::get() else { return };
    let edits: [(&str, Edit, &str); 3] = [
        (
            "another watch saw a denial",
            |plugin, api| {
                leave_watch(plugin, api, |watch| {
                    let callers = watch["callers"].as_array_mut().unwrap();
                    callers.push(json!({"name": "legacy/batch", "denied": 2}));
                });
            },
            "denials was open, is closed",
        ),
        (
            "somebody made the copy anew",
            |_, api| {
                let mut copy = policy(api, COPY).unwrap();
                api.delete(KIND, "payments", COPY).unwrap();
                for field in ["uid", "resourceVersion", "creationTimestamp", "generation"] {
                    copy["metadata"].as_object_mut().unwrap().remove(field);
                }
                api.create(&copy).unwrap();
            },
            "the last watch was of another copy",
        ),
        (
            "somebody made a second copy",
            |_, api| {
                let mut copy = policy(api, COPY).unwrap();
                copy["metadata"] = json!({
                    "name": "another-audit", "namespace": "payments",
                    "annotations": copy["metadata"]["annotations"],
                });
                api.create(&copy).unwrap();
            },
            "which one was watched is not known",
        ),
    ];
    for (name, edit, says) in edits {
        lab.reset();
        let proxy = ChaosProxy::start(lab.kubeconfig());
        let sandbox = Plugin::new("kubectl-mesh_audit_policy", proxy.kubeconfig());
        make_copy(&sandbox);
        leave_watch(&sandbox, lab.api(), |_| {});
        let gate = proxy.hold(When::request("POST", "/leases"));
        let running = sandbox.spawn(PROMOTE);
        gate.reached();
        edit(&sandbox, lab.api());
        let mark = lab.audit_mark();
        gate.release();
        running
            .finish()
            .assert_code(2)
            .says("changed between the plan and the confirmation; nothing was changed")
            .says(says);
        assert_eq!(
            without_lease(&lab.audit_writes_since(mark)),
            Vec::<String>::new(),
            "{name}"
        );
        assert!(policy(lab.api(), NAME).is_none(), "{name}");
    }
}
