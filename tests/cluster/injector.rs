//! The stand-in injector and the recorder, called by a real API server.

use std::time::{Duration, Instant};

use mesh_testkit::{Lab, Mode, Recorder};
use serde_json::{Value, json};

use crate::fixture::pod;

#[test]
fn pods_are_injected_by_the_revision_their_webhook_names() {
    let Some(lab) = Lab::get() else { return };
    let api = lab.api();
    for (namespace, revision, image) in [
        (
            "payments",
            "1-26-1",
            "registry.example.com/istio/proxyv2:1.26.1",
        ),
        (
            "orders",
            "1-28-1",
            "registry.example.com/istio/proxyv2:1.28.1",
        ),
    ] {
        lab.injector().clear();
        let made = api
            .create_dry_run(&pod(namespace, &json!({"app": "probe"})))
            .unwrap();
        assert_eq!(made["metadata"]["annotations"]["istio.io/rev"], revision);
        let proxy = &made["spec"]["containers"][1];
        assert_eq!(
            (proxy["name"].as_str(), proxy["image"].as_str()),
            (Some("istio-proxy"), Some(image))
        );
        let calls = lab.injector().calls();
        assert_eq!(calls.len(), 1, "{calls:#?}");
        assert_eq!(calls[0].revision, revision);
        assert_eq!(calls[0].labels["app"], "probe");
        assert!(calls[0].dry_run && calls[0].path == "/inject");
    }
    let plain = api.create_dry_run(&pod("monitoring", &json!({}))).unwrap();
    assert_eq!(plain["spec"]["containers"].as_array().unwrap().len(), 1);
}

#[test]
fn an_injector_can_be_dead_broken_or_another() {
    let Some(lab) = Lab::get() else { return };
    let create = || lab.api().create_dry_run(&pod("payments", &json!({})));
    lab.injector().set("1-26-1", Mode::Dead);
    let refused = create().unwrap_err();
    assert!(
        refused.message.contains("failed calling webhook"),
        "{refused}"
    );
    lab.injector().set("1-26-1", Mode::Fails(500));
    assert!(create().is_err());
    lab.injector().set("1-26-1", Mode::Claims("1-99-9".into()));
    assert_eq!(
        create().unwrap()["metadata"]["annotations"]["istio.io/rev"],
        "1-99-9"
    );
    lab.injector().set("1-26-1", Mode::Passes);
    assert_eq!(create().unwrap()["metadata"]["annotations"], Value::Null);
    lab.injector().set("1-26-1", Mode::Works);
    assert_eq!(
        create().unwrap()["metadata"]["annotations"]["istio.io/rev"],
        "1-26-1"
    );
}

#[test]
fn webhooks_are_as_the_reset_left_them_at_once() {
    let Some(mut lab) = Lab::get() else { return };
    let api = lab.api().clone();
    for _ in 0..50 {
        let mut tag = api
            .get(
                "MutatingWebhookConfiguration",
                "",
                "istio-revision-tag-stable",
            )
            .unwrap();
        for hook in tag["webhooks"].as_array_mut().unwrap() {
            hook["clientConfig"]["service"]["name"] = "istiod-1-28-1".into();
        }
        api.replace(&tag).unwrap();
        let probe = || api.create_dry_run(&pod("payments", &json!({}))).unwrap();
        let deadline = Instant::now() + Duration::from_secs(5);
        while probe()["metadata"]["annotations"]["istio.io/rev"] != "1-28-1" {
            assert!(
                Instant::now() < deadline,
                "the API server has not seen the webhook change"
            );
        }
        lab.reset();
        let made = api.create_dry_run(&pod("payments", &json!({}))).unwrap();
        assert_eq!(made["metadata"]["annotations"]["istio.io/rev"], "1-26-1");
    }
}

#[test]
fn a_recorder_names_the_webhook_that_was_called() {
    use base64::{Engine as _, engine::general_purpose::STANDARD};
    let Some(lab) = Lab::get() else { return };
    let recorder = Recorder::start().unwrap();
    let hook = json!({
        "apiVersion": "admissionregistration.k8s.io/v1", "kind": "MutatingWebhookConfiguration",
        "metadata": {"name": "recorded"},
        "webhooks": [{
            "name": "one.example.com", "admissionReviewVersions": ["v1"], "sideEffects": "None",
            "clientConfig": {
                "url": format!("{}/one.example.com", recorder.url_base),
                "caBundle": STANDARD.encode(&recorder.ca_pem),
            },
            "namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": "tools"}},
            "rules": [{"apiGroups": [""], "apiVersions": ["v1"], "operations": ["CREATE"], "resources": ["pods"]}],
        }],
    });
    lab.api().create(&hook).unwrap();
    // The API server's own cache of webhooks follows a moment later.
    let deadline = Instant::now() + Duration::from_secs(5);
    let calls = loop {
        lab.api()
            .create_dry_run(&pod("tools", &json!({"app": "x"})))
            .unwrap();
        let calls = recorder.calls();
        if !calls.is_empty() || Instant::now() > deadline {
            break calls;
        }
    };
    assert_eq!(calls[0].webhook, "one.example.com");
    assert_eq!(
        (calls[0].namespace.as_str(), calls[0].name.as_str()),
        ("tools", "probe")
    );
}
