use serde_json::json;

use super::*;

#[test]
fn whom_a_policy_names() {
    for (rule, want) in [
        (
            json!({"from": [{"source": {"principals": ["cluster.local/ns/batch/sa/settlement"]}}]}),
            true,
        ),
        (
            json!({"from": [{"source": {"notPrincipals": ["other/ns/batch/sa/settlement"]}}]}),
            true,
        ),
        (
            json!({"from": [{"source": {"principals": ["*/ns/batch/sa/settlement"]}}]}),
            true,
        ),
        (
            json!({"from": [{"source": {"principals": ["*/sa/settlement"]}}]}),
            true,
        ),
        (
            json!({"from": [{"source": {"principals": ["cluster.local/ns/batch/*"]}}]}),
            true,
        ),
        (
            json!({"from": [{"source": {"principals": ["cluster.local/ns/batch/sa/other"]}}]}),
            false,
        ),
        // Everybody is nobody in particular.
        (json!({"from": [{"source": {"principals": ["*"]}}]}), false),
        (
            json!({"from": [{"source": {"principals": ["cluster.local/*"]}}]}),
            false,
        ),
        (json!({"from": [{"source": {"namespaces": ["*"]}}]}), false),
        (
            json!({"from": [{"source": {"namespaces": ["bat*"]}}]}),
            true,
        ),
        (
            json!({"from": [{"source": {"notNamespaces": ["batch"]}}]}),
            true,
        ),
        (
            json!({"from": [{"source": {"serviceAccounts": ["batch/settlement"]}}]}),
            true,
        ),
        (
            json!({"from": [{"source": {"serviceAccounts": ["settlement"]}}]}),
            false,
        ),
        (
            json!({"when": [{"key": "source.namespace", "notValues": ["batch"]}]}),
            true,
        ),
        (
            json!({"when": [{"key": "source.principal", "values": ["td/ns/batch/sa/settlement"]}]}),
            true,
        ),
        (
            json!({"when": [{"key": "request.headers[x]", "values": ["batch"]}]}),
            false,
        ),
        (json!({"to": [{"operation": {"methods": ["GET"]}}]}), false),
    ] {
        let policy = AuthorizationPolicy::from_value(&json!({
            "apiVersion": "security.istio.io/v1", "kind": "AuthorizationPolicy",
            "metadata": {"name": "p", "namespace": "payments"},
            "spec": {"action": "DENY", "rules": [rule]},
        }))
        .unwrap();
        assert_eq!(names(&policy, "batch", "settlement"), want, "{rule}");
    }
}

#[test]
fn cron_jobs_count_where_their_namespace_calls_or_the_policy_names_them() {
    let seen = Seen::default();
    assert!(seen.wants(CRON_JOBS) && !seen.wants("pods"));
    let job = |namespace: &str, name: &str, account: &str, suspend: bool| {
        let pod = json!({"spec": {"template": {"spec": {"serviceAccountName": account}}}});
        let spec = json!({"suspend": suspend, "jobTemplate": pod});
        let meta = json!({"namespace": namespace, "name": name});
        seen.see(
            CRON_JOBS,
            "CronJob",
            &json!({"metadata": meta, "spec": spec}),
        );
    };
    job("batch", "settlement", "settlement", false);
    job("orders", "cleanup", "", false);
    job("orders", "old", "old", true);
    job("users", "digest", "digest", false);
    seen.see(
        CRON_JOBS,
        "CronJob",
        &json!({"metadata": {"name": "no-namespace"}}),
    );
    let policy = AuthorizationPolicy::from_value(&json!({
        "apiVersion": "security.istio.io/v1", "kind": "AuthorizationPolicy",
        "metadata": {"name": "p", "namespace": "payments"},
        "spec": {"rules": [{"from": [{"source": {"namespaces": ["batch"]}}]}]},
    }))
    .unwrap();
    let rare = seen.of(&policy);
    let callers = [
        "orders/orders-sa",
        "callers without identity",
        "td/ns/users/sa/accounts",
    ];
    let beside = rare.beside(&callers.map(str::to_owned).into());
    let beside: Vec<&str> = beside.iter().map(String::as_str).collect();
    assert_eq!(beside, ["batch/settlement", "orders/default"]);
}
