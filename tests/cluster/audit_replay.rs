//! `kubectl mesh-audit-policy replay` on the logs of live proxies: derived callers, what would be blocked, rights.

use std::{fs, path::Path};

use mesh_testkit::{Lab, LabGuard, Plugin};
use serde_json::{Value, json};

const REPLAY: &str = "replay -f deny.yaml --since 24h --workload payments/deployment/checkout";

/// Pods of an app, by name and address.
fn pods(lab: &LabGuard, namespace: &str, app: &str) -> Vec<(String, String)> {
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let pods = lab.api().list("Pod", namespace);
    let of_app = pods
        .iter()
        .filter(|pod| pod["metadata"]["labels"]["app"] == app);
    of_app
        .map(|pod| {
            (
                text(&pod["metadata"]["name"]),
                text(&pod["status"]["podIP"]),
            )
        })
        .collect()
}

fn line(path: &str, to: &str, from: &str) -> String {
    let at = jiff::Timestamp::now() - jiff::SignedDuration::from_mins(5);
    format!(
        r#"[{at:.3}] "POST {path} HTTP/1.1" 200 - via_upstream - "-" 0 3 0 0 "-" "ua" "id" "checkout.payments:8080" "127.0.0.1:8080" inbound|8080|| 127.0.0.6:43568 {to}:8080 {from}:57287 outbound_.8080_._.checkout.payments.svc.cluster.local default"#
    )
}

/// A plugin that has the proposed policy beside it: refunds from nobody of orders.
fn plugin(kubeconfig: &Path) -> Plugin {
    let plugin = Plugin::new("kubectl-mesh_audit_policy", kubeconfig);
    let policy = json!({
        "apiVersion": "security.istio.io/v1", "kind": "AuthorizationPolicy",
        "metadata": {"name": "no-refunds", "namespace": "payments"},
        "spec": {
            "action": "DENY", "selector": {"matchLabels": {"app": "checkout"}},
            "rules": [{
                "from": [{"source": {"namespaces": ["orders"]}}],
                "to": [{"operation": {"paths": ["/refunds"]}}],
            }],
        },
    });
    fs::write(plugin.dir().join("deny.yaml"), policy.to_string()).unwrap();
    plugin
}

fn set_logs(lab: &LabGuard) -> usize {
    let (checkout, orders) = (
        pods(lab, "payments", "checkout"),
        pods(lab, "orders", "orders-api"),
    );
    let (_, caller) = orders.first().unwrap();
    for (name, ip) in &checkout {
        let (refund, pay) = (line("/refunds", ip, caller), line("/pay/7", ip, caller));
        lab.set_logs(
            "payments",
            name,
            "istio-proxy",
            &["2026 info ready", &refund, &pay],
        );
    }
    checkout.len()
}

#[test]
fn the_logs_of_live_proxies_are_judged() {
    let Some(lab) = Lab::get() else { return };
    let pods = set_logs(&lab);
    let mark = lab.audit_mark();
    let ran = plugin(lab.kubeconfig()).run(&format!("{REPLAY} -o json"));
    ran.assert_code(2);
    let result = ran.json();
    assert_eq!(result["newlyBlocked"], pods, "{result}");
    assert_eq!(result["lines"]["evaluated"], 2 * pods, "{result}");
    assert_eq!(result["lines"]["read"], 3 * pods, "{result}");
    let row = &result["rows"]["newlyBlocked"][0];
    assert_eq!(row["source"], "orders/deployment/orders-api", "{result}");
    assert_eq!(row["sourceKnownBy"], "derived");
    assert_eq!(row["by"], "payments/no-refunds/0");
    assert_eq!(lab.audit_writes_since(mark), vec![]);
}

#[test]
fn without_the_right_to_read_logs_replay_says_what_remains() {
    let Some(lab) = Lab::get() else { return };
    set_logs(&lab);
    let reads = json!({"apiGroups": ["*"], "resources": ["*"], "verbs": ["list"]});
    let user = lab.user_kubeconfig("no-logs", &[], &[reads]);
    plugin(&user)
        .run(REPLAY)
        .assert_code(1)
        .says("that takes the right to get pods/log")
        .says("replay --log FILE");
}
