//! The resolver against the real API server where the injection table does not reach: two webhooks for one pod, and
//! webhooks with conditions.

use std::time::{Duration, Instant};

use mesh_common::{
    cluster::ClusterArgs,
    mesh::{
        Wiring,
        inject::{Claim, Resolver, Subject},
        live::{self, Needs},
    },
};
use mesh_testkit::{Api, Lab};
use serde_json::{Value, json};

use crate::fixture::pod;

#[test]
fn the_resolver_and_the_api_server_agree_where_webhooks_overlap_or_have_conditions() {
    let Some(lab) = Lab::get() else { return };
    let api = lab.api();
    // A second webhook for the namespaces of tag stable, by the other revision, in payments only.
    copy_of_tag(api, "stable", "a-second-injector", |webhook| {
        webhook["clientConfig"]["service"]["name"] = "istiod-1-28-1".into();
        only_in(webhook, "payments");
    });
    // One more for tag canary, in orders only, for pods of one app only.
    copy_of_tag(api, "canary", "a-choosy-injector", |webhook| {
        webhook["clientConfig"]["service"]["name"] = "istiod-1-26-1".into();
        webhook["matchConditions"] = json!([{
            "name": "app", "expression": "has(object.metadata.labels) && object.metadata.labels.?app.orValue('') == 'chosen'",
        }]);
        only_in(webhook, "orders");
    });
    let called = |namespace: &str, labels: &Value| -> Vec<String> {
        lab.injector().clear();
        api.create_dry_run(&pod(namespace, labels)).unwrap();
        let mut called: Vec<String> = lab
            .injector()
            .calls()
            .into_iter()
            .map(|c| c.revision)
            .collect();
        called.sort();
        called
    };
    // Both are in force once both were called; the API server takes webhooks over in order.
    let deadline = Instant::now() + Duration::from_secs(10);
    while called("payments", &json!({})).len() < 2
        || called("orders", &json!({"app": "chosen"})).len() < 2
    {
        assert!(
            Instant::now() < deadline,
            "the webhooks never came into force"
        );
    }

    let wiring = wiring(lab.kubeconfig());
    let (mut both, mut unknown) = (0, 0);
    for namespace in wiring
        .namespaces
        .values()
        .filter(|n| !n.name.starts_with("kube-"))
    {
        for labels in [
            json!({}),
            json!({"app": "chosen"}),
            json!({"istio.io/rev": "1-28-1"}),
            json!({"istio.io/rev": "stable", "sidecar.istio.io/inject": "true"}),
            json!({"istio.io/rev": "gone"}),
            json!({"sidecar.istio.io/inject": "true"}),
            json!({"sidecar.istio.io/inject": "false"}),
        ] {
            let found = called(&namespace.name, &labels);
            let claim = Resolver {
                injectors: &wiring.injectors,
                services: &wiring.services,
                configs: None,
            }
            .claim(&Subject {
                namespace,
                labels: &serde_json::from_value(labels.clone()).unwrap(),
                inject_annotation: None,
                host_network: false,
            });
            let mut expected: Vec<String> = claim
                .claimants()
                .iter()
                .map(|c| c.revision.clone())
                .collect();
            expected.sort();
            let row = format!("{} {labels}: {claim:?}, called {found:?}", namespace.name);
            match &claim {
                Claim::Unknown { .. } => {
                    unknown += 1;
                    assert!(found.iter().all(|f| expected.contains(f)), "{row}");
                    assert!(found.len() <= expected.len(), "{row}");
                }
                Claim::Many { .. } => {
                    both += 1;
                    assert_eq!(found, expected, "{row}");
                }
                Claim::Nobody { .. } | Claim::One(_) => assert_eq!(found, expected, "{row}"),
            }
        }
    }
    assert!(both > 0 && unknown > 0, "{both} {unknown}");
}

/// A webhook configuration of a tag once more, under another name.
fn copy_of_tag(api: &Api, tag: &str, name: &str, change: impl Fn(&mut Value)) {
    let mut copy = api
        .get(
            "MutatingWebhookConfiguration",
            "",
            &format!("istio-revision-tag-{tag}"),
        )
        .unwrap();
    copy["metadata"] = json!({"name": name, "labels": {"istio.io/rev": "other"}});
    for (i, webhook) in copy["webhooks"]
        .as_array_mut()
        .into_iter()
        .flatten()
        .enumerate()
    {
        webhook["name"] = format!("{i}.{name}.example.com").into();
        change(webhook);
    }
    api.create(&copy).unwrap();
}

fn only_in(webhook: &mut Value, namespace: &str) {
    let here =
        json!({"key": "kubernetes.io/metadata.name", "operator": "In", "values": [namespace]});
    if let Some(all) = webhook["namespaceSelector"]["matchExpressions"].as_array_mut() {
        all.push(here);
    }
}

/// As a plugin reads it.
fn wiring(kubeconfig: &std::path::Path) -> Wiring {
    let args = ClusterArgs {
        kubeconfig: Some(kubeconfig.to_owned()),
        ..ClusterArgs::default()
    };
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(async {
        let connection = args.resolve().unwrap();
        let client = connection.client().unwrap();
        let mesh = live::read(&connection, &client, Needs::PROMOTE)
            .await
            .unwrap();
        mesh.wiring().unwrap()
    })
}
