//! The fixture with its controllers running: it stays as loaded until somebody changes something, and rollouts happen.

use std::{
    collections::BTreeMap,
    time::{Duration, Instant},
};

use mesh_testkit::{Api, Lab, LabGuard};
use serde_json::{Value, json};

fn pods(api: &Api, namespace: &str) -> BTreeMap<String, String> {
    let list = api.list("Pod", namespace);
    list.iter()
        .map(|p| {
            let meta = &p["metadata"];
            (
                format!("{}/{}", text(&meta["namespace"]), text(&meta["name"])),
                text(&meta["uid"]),
            )
        })
        .collect()
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

/// Restarts a Deployment as `kubectl rollout restart` does, and waits for its end; the revisions of its pods after.
fn restart(lab: &LabGuard, namespace: &str, name: &str, at: &str) -> Vec<String> {
    let api = lab.api();
    let patch = json!({"spec": {"template": {"metadata": {"annotations": {
        "kubectl.kubernetes.io/restartedAt": at}}}}});
    let patched = api.patch("Deployment", namespace, name, &patch).unwrap();
    let generation = patched["metadata"]["generation"].as_i64();
    let deadline = Instant::now() + Duration::from_secs(60);
    loop {
        let d = api.get("Deployment", namespace, name).unwrap();
        let (spec, status) = (&d["spec"], &d["status"]);
        if status["observedGeneration"].as_i64() >= generation
            && status["updatedReplicas"] == spec["replicas"]
            && status["replicas"] == spec["replicas"]
            && status["availableReplicas"] == spec["replicas"]
        {
            break;
        }
        assert!(
            Instant::now() < deadline,
            "no end of the rollout: {status}\n{}",
            lab.logs()
        );
        std::thread::sleep(Duration::from_millis(20));
    }
    let list = api.list("Pod", namespace);
    list.iter()
        .filter(|p| text(&p["metadata"]["name"]).starts_with(&format!("{name}-")))
        .filter(|p| p["metadata"]["deletionTimestamp"].is_null())
        .map(|p| text(&p["metadata"]["annotations"]["istio.io/rev"]))
        .collect()
}

#[test]
fn controllers_adopt_what_was_loaded_and_roll_out_what_changes() {
    let Some(mut lab) = Lab::full() else { return };
    let api = lab.api().clone();
    let before = pods(&api, "");

    assert_eq!(restart(&lab, "payments", "checkout", "1"), ["1-26-1"; 3]);

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
    assert_eq!(restart(&lab, "payments", "checkout", "2"), ["1-28-1"; 3]);

    // By now the controllers have seen everything: only the pods of this Deployment are others.
    let mine = |(name, _): &(&String, &String)| !name.starts_with("payments/checkout-");
    let after = pods(&api, "");
    assert!(
        before.iter().filter(mine).eq(after.iter().filter(mine)),
        "{before:#?}\n{after:#?}"
    );
    assert_eq!(before.len(), after.len());

    lab.reset();
    assert_eq!(pods(&api, ""), before);
}
