//! Who is expected as a caller.

use serde_json::json;

use super::*;
use crate::replay::proposed::Proposal;

fn pod(namespace: &str, owner: &str, account: &str) -> Pod {
    Pod::of(&json!({
        "metadata": {"namespace": namespace, "name": format!("{owner}-0"),
            "ownerReferences": [{"kind": "StatefulSet", "name": owner, "controller": true}]},
        "spec": {"serviceAccountName": account},
    }))
}

#[test]
fn callers_are_those_that_the_rules_of_what_is_proposed_name() {
    let policy = |name: &str, source: &Value| {
        AuthorizationPolicy::from_value(&json!({
            "apiVersion": "security.istio.io/v1", "kind": "AuthorizationPolicy",
            "metadata": {"name": name, "namespace": "shop"},
            "spec": {"rules": [{"from": [{"source": source}]}]},
        }))
        .unwrap()
    };
    let pods = [
        pod("orders", "api", "api"),
        pod("orders", "worker", "worker"),
        pod("shop", "web", "web"),
        pod("shop", "job", ""),
    ];
    let api = "cluster.local/ns/orders/sa/api";
    for (source, standing, want) in [
        (
            json!({"principals": [api]}),
            json!({}),
            &["orders/statefulset/api"][..],
        ),
        (
            json!({"notPrincipals": [api]}),
            json!({}),
            &["orders/statefulset/api"],
        ),
        (
            json!({"namespaces": ["orders"]}),
            json!({}),
            &["orders/statefulset/api", "orders/statefulset/worker"],
        ),
        (
            json!({"serviceAccounts": ["web"]}),
            json!({}),
            &["shop/statefulset/web"],
        ),
        // What names everybody names nobody, and what is not proposed is of another day.
        (
            json!({"principals": ["*"]}),
            json!({"namespaces": ["orders"]}),
            &[],
        ),
    ] {
        let header = Header {
            proposals: vec![Proposal {
                namespace: "shop".into(),
                name: "p".into(),
                action: "ALLOW".into(),
                change: "new".into(),
                digest: String::new(),
            }],
            ..Header::default()
        };
        let all = [policy("p", &source), policy("other", &standing)];
        assert_eq!(named(&pods, &header, &all), want, "{source}");
    }
    let known = Header {
        cron_jobs: vec!["orders/statefulset/api".into()],
        ..Header::default()
    };
    assert!(named(&pods, &known, &[policy("p", &json!({"principals": [api]}))]).is_empty());
}
