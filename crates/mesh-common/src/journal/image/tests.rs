//! Tests of images and of what "the same" means.

use super::*;

fn webhook(rev: &str, service: &str, extra_label: Option<&str>) -> Value {
    let mut object = json!({
        "apiVersion": "admissionregistration.k8s.io/v1",
        "kind": "MutatingWebhookConfiguration",
        "metadata": {
            "name": "istio-revision-tag-stable",
            "uid": "u", "resourceVersion": "7", "generation": 3,
            "creationTimestamp": "2026-11-21T04:04:47Z",
            "labels": { "istio.io/rev": rev, "istio.io/tag": "stable" },
        },
        "webhooks": [{
            "name": "rev.namespace.sidecar-injector.istio.io",
            "clientConfig": { "caBundle": "YQ==",
                "service": { "name": service, "namespace": "istio-system", "path": "/inject", "port": 443 } },
            "failurePolicy": "Fail",
        }],
    });
    if let Some(label) = extra_label {
        object["metadata"]["labels"][label] = "x".into();
    }
    object
}

#[allow(clippy::option_option, reason = "absent and gone are two things here")]
fn image(after: Option<Option<Value>>) -> Image {
    Image {
        key: Key::cluster(
            Kind::MutatingWebhookConfiguration,
            "istio-revision-tag-stable",
        ),
        before: Some(webhook("1-26-1", "istiod-1-26-1", None)),
        planned: Some(webhook("1-28-1", "istiod-1-28-1", None)),
        after,
    }
}

#[test]
fn standing_is_judged_three_ways() {
    let now_before = webhook("1-26-1", "istiod-1-26-1", None);
    let now_after = webhook("1-28-1", "istiod-1-28-1", None);
    let labelled = webhook("1-28-1", "istiod-1-28-1", Some("app.kubernetes.io/name"));
    let foreign = webhook("1-29-0", "istiod-1-29-0", None);
    let with_after = image(Some(Some(now_after.clone())));
    let killed = image(None);
    let gone = image(Some(None));
    let cases = [
        ("untouched", &with_after, Some(&now_before), "before"),
        ("as we left it", &with_after, Some(&now_after), "after"),
        (
            "somebody labelled it",
            &with_after,
            Some(&labelled),
            "foreign",
        ),
        (
            "somebody moved it on",
            &with_after,
            Some(&foreign),
            "foreign",
        ),
        ("somebody deleted it", &with_after, None, "foreign"),
        (
            "killed before the write",
            &killed,
            Some(&now_before),
            "before",
        ),
        (
            "killed after it: more labels than planned are istioctl's",
            &killed,
            Some(&labelled),
            "after",
        ),
        (
            "killed, and somebody else moved it",
            &killed,
            Some(&foreign),
            "foreign",
        ),
        ("removed and still gone", &gone, None, "after"),
        (
            "removed and somebody made it again",
            &gone,
            Some(&foreign),
            "foreign",
        ),
    ];
    for (name, image, now, want) in cases {
        let got = match image.standing(now) {
            Standing::AsBefore => "before",
            Standing::AsAfter => "after",
            Standing::Foreign(_) => "foreign",
        };
        assert_eq!(got, want, "{name}");
    }
}

#[test]
fn a_rotated_ca_is_nobodys_change() {
    let mut now = webhook("1-28-1", "istiod-1-28-1", None);
    let image = image(Some(Some(now.clone())));
    now["webhooks"][0]["clientConfig"]["caBundle"] = "Yg==".into();
    now["metadata"]["resourceVersion"] = "99".into();
    assert_eq!(image.standing(Some(&now)), Standing::AsAfter);
}

#[test]
fn a_foreign_change_says_where() {
    let image = image(Some(Some(webhook("1-28-1", "istiod-1-28-1", None))));
    let Standing::Foreign(where_) = image.standing(Some(&webhook("1-28-1", "other", None))) else {
        panic!("must be foreign");
    };
    assert_eq!(where_[0].path, "webhooks[0].clientConfig.service.name");
    assert_eq!(
        (&*where_[0].expected, &*where_[0].found),
        ("istiod-1-28-1", "other")
    );
}

#[test]
fn after_survives_json() {
    for after in [None, Some(None), Some(Some(json!({"kind": "Service"})))] {
        let image = image(after);
        let text = serde_json::to_string(&image).unwrap();
        assert_eq!(
            serde_json::from_str::<Image>(&text).unwrap(),
            image,
            "{text}"
        );
    }
}

#[test]
fn namespaces_keep_two_labels_only() {
    let ns = json!({"kind": "Namespace", "metadata": {"name": "payments", "uid": "u",
        "labels": {"istio.io/rev": "stable", "team": "payments"}}});
    let image = without_server_fields(Kind::Namespace, &ns);
    assert_eq!(
        image["metadata"]["labels"],
        json!({"istio.io/rev": "stable"})
    );
}
