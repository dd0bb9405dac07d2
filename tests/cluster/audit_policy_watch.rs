//! The practice page's example with real requests through a real Envoy: watched, enforced and taken back.

use mesh_testkit::{
    Api, Envoy, Filter, Lab, LabGuard, Plugin,
    envoy::{ORDERS, lockdown as compiled},
};
use serde_json::{Value, json};

use crate::{
    audit_policy::{COPY, NAME, lockdown, plugin, policy},
    kit::text,
};

pub(crate) const BATCH: &str = "spiffe://cluster.local/ns/batch/sa/settlement";

/// What istiod would tell a proxy of the ledger, by the policies that stand there now.
fn filter(api: &Api) -> Filter {
    let dry_run = |p: &Value| p["metadata"]["annotations"]["istio.io/dry-run"] == "true";
    let enforced = policy(api, NAME).filter(|p| !dry_run(p));
    let watched = policy(api, COPY).filter(dry_run);
    for found in enforced.iter().chain(&watched) {
        assert_eq!(
            found["spec"],
            lockdown()["spec"],
            "only this one is written down here"
        );
    }
    Filter {
        rules: enforced.map(|_| compiled(NAME)),
        shadow: watched.map(|_| compiled(COPY)),
    }
}

/// A proxy for each pod of the ledger, and the port-forward to its counters.
fn proxies(lab: &LabGuard) -> Option<Vec<Envoy>> {
    proxies_by(lab, Envoy::start)
}

/// The same with proxies that are started so.
pub(crate) fn proxies_by(
    lab: &LabGuard,
    start: fn() -> mesh_testkit::Result<Option<Envoy>>,
) -> Option<Vec<Envoy>> {
    let pods = lab.api().list("Pod", "payments");
    let pods = pods
        .iter()
        .filter(|p| p["metadata"]["labels"]["app"] == "ledger");
    let mut envoys = Vec::new();
    for pod in pods {
        let envoy = start().unwrap()?;
        lab.api()
            .create(&json!({
                "apiVersion": "kwok.x-k8s.io/v1alpha1", "kind": "PortForward",
                "metadata": { "name": text(&pod["metadata"]["name"]), "namespace": "payments" },
                "spec": { "forwards": [{
                    "ports": [15090], "target": { "port": envoy.admin(), "address": "127.0.0.1" },
                }] },
            }))
            .unwrap();
        envoys.push(envoy);
    }
    assert!(!envoys.is_empty(), "the ledger has pods");
    Some(envoys)
}

pub(crate) fn tell(envoys: &mut [Envoy], api: &Api) {
    let filter = filter(api);
    for envoy in envoys {
        envoy.apply(&filter).unwrap();
    }
}

#[test]
fn payments_lockdown_is_watched_by_real_requests_then_enforced_and_taken_back() {
    let Some(lab) = Lab::get() else { return };
    let Some(mut envoys) = proxies(&lab) else {
        return;
    };
    let (api, plugin) = (lab.api(), plugin(&lab));
    let file = plugin.dir().join("lockdown.yaml");
    std::fs::write(&file, lockdown().to_string()).unwrap();
    plugin
        .run("watch payments-lockdown -n payments")
        .assert_code(2)
        .says("there is no copy")
        .says("convert payments-lockdown -n payments --apply");
    plugin
        .run(&format!(
            "convert -f {} -n payments --apply --yes",
            file.display()
        ))
        .assert_code(0);
    // Not told to any proxy yet: nothing is counted, and that is not zero.
    let unseen = plugin.run("watch payments-lockdown -n payments --for 1s");
    unseen.assert_code(3);
    let last: Value = serde_json::from_str(unseen.stdout.lines().last().unwrap()).unwrap();
    assert_eq!(
        (&last["event"], &last["outcome"]),
        (&json!("ended"), &json!("unknown"))
    );
    assert!(
        unseen.stdout.contains("the copy is not in it"),
        "{unseen:?}"
    );

    tell(&mut envoys, api);
    let mut terminal = plugin.terminal();
    terminal
        .line("kubectl mesh-audit-policy watch payments-lockdown -n payments --for 2h --every 1s");
    terminal.sees("0 would pass, 0 would be denied");
    // Both get through: it only watches.
    assert_eq!(envoys[0].get(ORDERS, "/ledger").unwrap(), 200);
    assert_eq!(envoys[0].get(BATCH, "/ledger").unwrap(), 200);
    terminal.sees("1 would pass, 1 would be denied");
    terminal.control('c');
    let (printed, ended) = terminal.ends();
    assert_eq!(ended, 130, "{printed}");
    assert!(
        printed.contains("2 requests showed up in the counters of"),
        "{printed}"
    );

    let promote = "promote payments-lockdown -n payments --min 1s --watch-after 0";
    plugin
        .run(&format!("{promote} --yes"))
        .assert_code(2)
        .says("callers that counters do not name");
    let accepted = "--accept 'callers that counters do not name=the batch job is shut down' --waive callers=asked-around";
    let mut terminal = plugin.terminal();
    terminal.line(&format!(
        "kubectl mesh-audit-policy {promote} {accepted} --yes"
    ));
    let (printed, ended) = terminal.ends();
    assert_eq!(ended, 0, "{printed}");
    tell(&mut envoys, api);
    assert_eq!(envoys[0].get(ORDERS, "/ledger").unwrap(), 200);
    assert_eq!(envoys[0].get(BATCH, "/ledger").unwrap(), 403);

    plugin
        .run("rollback payments-lockdown -n payments --yes")
        .assert_code(0);
    tell(&mut envoys, api);
    assert_eq!(envoys[0].get(BATCH, "/ledger").unwrap(), 200);
}

const API: &str = "spiffe://cluster.local/ns/orders/sa/orders-api";
const CHECKOUT: &str = "spiffe://cluster.local/ns/payments/sa/checkout";
const NAMED: &str = "ledger-callers";

/// A policy that lets only orders-api call the ledger, and what becomes of it in a proxy: as [`compiled`].
fn only_orders_api(name: &str) -> (Value, Value) {
    let policy = json!({
        "apiVersion": "security.istio.io/v1", "kind": "AuthorizationPolicy",
        "metadata": {"name": name, "namespace": "payments"},
        "spec": {
            "action": "DENY", "selector": {"matchLabels": {"app": "ledger"}},
            "rules": [{"from": [{"source": {"notPrincipals": ["cluster.local/ns/orders/sa/orders-api"]}}]}],
        },
    });
    let text = compiled(&format!("{name}-audit")).to_string();
    let rules = serde_json::from_str(&text.replace(ORDERS, API)).unwrap();
    (policy, rules)
}

/// A pod of an app: its name and address.
fn pod(api: &Api, namespace: &str, app: &str) -> (String, String) {
    let pods = api.list("Pod", namespace);
    let pod = pods
        .iter()
        .find(|p| p["metadata"]["labels"]["app"] == app)
        .unwrap();
    (
        text(&pod["metadata"]["name"]),
        text(&pod["status"]["podIP"]),
    )
}

/// What the ledger's proxy would write of a request from an address.
fn line(from: &str, to: &str) -> String {
    let at = jiff::Timestamp::now();
    format!(
        r#"[{at:.3}] "GET /ledger HTTP/1.1" 200 - via_upstream - "-" 0 3 0 0 "-" "ua" "id" "ledger.payments:8080" "127.0.0.1:8080" inbound|8080|| 127.0.0.6:43568 {to}:8080 {from}:57287 outbound_.8080_._.ledger.payments.svc.cluster.local default"#
    )
}

/// What the last watch left in the journal.
fn watched(plugin: &Plugin) -> Value {
    let dir = plugin.dir().join("home/.local/share/kubectl-mesh/journal");
    let files = std::fs::read_dir(dir).unwrap();
    let newest = files.map(|f| f.unwrap().path()).max().unwrap();
    let note: Value = serde_json::from_str(&std::fs::read_to_string(newest).unwrap()).unwrap();
    note["details"].clone()
}

#[test]
fn the_access_log_names_who_would_be_denied_and_tells_two_policies_apart() {
    let Some(lab) = Lab::get() else { return };
    let Some(mut envoys) = proxies(&lab) else {
        return;
    };
    let (api, plugin) = (lab.api(), plugin(&lab));
    let (ledger, to) = pod(api, "payments", "ledger");
    let (orders, checkout) = (
        pod(api, "orders", "orders-api").1,
        pod(api, "payments", "checkout").1,
    );
    for found in api.list("Pod", "payments") {
        if found["metadata"]["labels"]["app"] == "ledger" {
            let name = text(&found["metadata"]["name"]);
            lab.set_logs("payments", &name, "istio-proxy", &["2026 info ready"]);
        }
    }
    let (policy, rules) = only_orders_api(NAMED);
    let file = plugin.dir().join("named.yaml");
    std::fs::write(&file, policy.to_string()).unwrap();
    let convert = |plugin: &Plugin, file: &std::path::Path| {
        let convert = format!("convert -f {} -n payments --apply --yes", file.display());
        plugin.run(&convert).assert_code(0);
    };
    convert(&plugin, &file);
    for envoy in &mut envoys {
        let shadow = Some(rules.clone());
        envoy
            .apply(&Filter {
                rules: None,
                shadow,
            })
            .unwrap();
    }
    let log = |from: &str| lab.add_logs("payments", &ledger, "istio-proxy", &[&line(from, &to)]);
    let watch = format!("kubectl mesh-audit-policy watch {NAMED} -n payments --for 2h --every 1s");

    let mut terminal = plugin.terminal();
    terminal.line(&watch);
    terminal.sees("0 would pass, 0 would be denied");
    assert_eq!(envoys[0].get(API, "/ledger").unwrap(), 200);
    log(&orders);
    assert_eq!(envoys[0].get(CHECKOUT, "/ledger").unwrap(), 200);
    log(&checkout);
    terminal.sees("1 would pass, 1 would be denied");
    terminal.sees("payments/checkout");
    terminal.control('c');
    let (printed, ended) = terminal.ends();
    assert_eq!(ended, 130, "{printed}");
    let said = "of 2 requests the caller is derived from the address";
    assert!(printed.contains(said), "{printed}");
    let callers = json!([
        {"name": "payments/checkout", "allowed": 0, "denied": 1, "unknown": 0},
        {"name": "orders/orders-api", "allowed": 1, "denied": 0, "unknown": 0},
    ]);
    assert_eq!(watched(&plugin)["callers"], callers);

    // A log that leaves requests out names not all: who sent the other is not known, and that it would be denied is.
    let mut terminal = plugin.terminal();
    terminal.line(&watch);
    terminal.sees("0 would pass, 0 would be denied");
    assert_eq!(envoys[0].get(CHECKOUT, "/ledger").unwrap(), 200);
    assert_eq!(envoys[0].get(API, "/ledger").unwrap(), 200);
    log(&orders);
    terminal.sees("1 would pass, 1 would be denied");
    terminal.control('c');
    let (printed, ended) = terminal.ends();
    assert_eq!(ended, 130, "{printed}");
    assert!(
        printed.contains("1 of 2 requests are in its log"),
        "{printed}"
    );
    let callers = json!([
        {"name": "callers that counters do not name", "allowed": 0, "denied": 1, "unknown": 0},
        {"name": "orders/orders-api", "allowed": 1, "denied": 0, "unknown": 0},
    ]);
    assert_eq!(watched(&plugin)["callers"], callers);

    // Two policies: the counters are of both, and the log tells them apart.
    std::fs::write(&file, lockdown().to_string()).unwrap();
    convert(&plugin, &file);
    let mut both = rules.clone();
    for (name, one) in compiled(COPY)["policies"].as_object().unwrap() {
        both["policies"][name] = one.clone();
    }
    for envoy in &mut envoys {
        let shadow = Some(both.clone());
        envoy
            .apply(&Filter {
                rules: None,
                shadow,
            })
            .unwrap();
    }
    let mut terminal = plugin.terminal();
    terminal.line(&watch);
    terminal.sees("0 would pass, 0 would be denied");
    assert_eq!(envoys[0].get(API, "/ledger").unwrap(), 200);
    log(&orders);
    terminal.sees("0 would pass, 1 would be denied");
    terminal.sees("orders/orders-api");
    terminal.control('c');
    let (printed, ended) = terminal.ends();
    assert_eq!(ended, 130, "{printed}");
    let callers = json!([{"name": "orders/orders-api", "allowed": 1, "denied": 0, "unknown": 0}]);
    assert_eq!(watched(&plugin)["callers"], callers);
}

#[test]
fn without_the_right_to_read_logs_a_watch_counts_and_names_nobody() {
    let Some(lab) = Lab::get() else { return };
    let Some(mut envoys) = proxies(&lab) else {
        return;
    };
    let admin = plugin(&lab);
    let file = admin.dir().join("lockdown.yaml");
    std::fs::write(&file, lockdown().to_string()).unwrap();
    admin
        .run(&format!(
            "convert -f {} -n payments --apply --yes",
            file.display()
        ))
        .assert_code(0);
    tell(&mut envoys, lab.api());
    let rules = [
        json!({"apiGroups": ["*"], "resources": ["*"], "verbs": ["list"]}),
        json!({"apiGroups": [""], "resources": ["pods/portforward"], "verbs": ["get", "create"]}),
    ];
    let user = lab.user_kubeconfig("no-logs", &[], &rules);
    let plugin = Plugin::new("kubectl-mesh_audit_policy", &user);
    let mut terminal = plugin.terminal();
    terminal
        .line("kubectl mesh-audit-policy watch payments-lockdown -n payments --for 2h --every 1s");
    terminal.sees("0 would pass, 0 would be denied");
    assert_eq!(envoys[0].get(BATCH, "/ledger").unwrap(), 200);
    terminal.sees("0 would pass, 1 would be denied");
    terminal.control('c');
    let (printed, ended) = terminal.ends();
    assert_eq!(ended, 130, "{printed}");
    assert!(printed.contains("its log is not read"), "{printed}");
    let callers = json!([{"name": "callers that counters do not name", "allowed": 0, "denied": 1, "unknown": 0}]);
    assert_eq!(watched(&plugin)["callers"], callers);
}
