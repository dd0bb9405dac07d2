use mesh_common::mesh::{Known, Validator, Webhook, WebhookTarget};

use super::{canary, expect, facts, known};
use crate::{check::Status, facts::Facts};

const CODE: &str = "MESH2307";

fn service(webhook: &mut Webhook, namespace: &str, name: &str) {
    webhook.target = WebhookTarget::Service {
        namespace: namespace.into(),
        name: name.into(),
        path: "/inject".into(),
        port: 443,
    };
}

/// The webhooks of the healthy revision's validator, changed.
fn validator(edit: impl Fn(&mut Webhook)) -> Facts {
    let mut facts = facts();
    known(&mut facts.mesh.validators)[0]
        .webhooks
        .iter_mut()
        .for_each(edit);
    facts
}

#[test]
fn every_webhook_calls_somebody() {
    expect(
        CODE,
        &facts(),
        Status::Ok,
        &["2 injectors and 1 validator, each with somebody behind it"],
    );
    let gone = validator(|w| service(w, "istio-system", "istiod-1-20-0"));
    let says = [
        "validatingwebhookconfiguration/istio-validator-1-26-1-istio-system",
        "calls Service istiod-1-20-0, which does not exist: the API server rejects every change of an Istio object",
        "rev.validation.istio.io: failurePolicy Fail",
        "kubectl get validatingwebhookconfiguration/istio-validator-1-26-1-istio-system -o yaml",
    ];
    expect(CODE, &gone, Status::Error, &says);
    // What the chart `base` leaves behind before an istiod takes it up.
    let ignored = validator(|w| {
        service(w, "istio-system", "istiod");
        w.failure_policy = "Ignore".into();
    });
    expect(CODE, &ignored, Status::Warning, &["it is passed over"]);
    let outside = validator(|w| w.target = WebhookTarget::Url("https://example.com".into()));
    expect(CODE, &outside, Status::Ok, &[]);
    let missing = validator(|w| w.target = WebhookTarget::Missing);
    expect(CODE, &missing, Status::Error, &["calls nobody"]);

    let mut unready = facts();
    for service in known(&mut unready.mesh.services) {
        service.ready_endpoints = Known::Known(0);
    }
    let says =
        ["has no ready endpoint: the API server rejects every pod that asks for a sidecar there"];
    expect(CODE, &unready, Status::Error, &says);
}

#[test]
fn a_service_of_another_namespace_is_another_control_plane_or_gone() {
    let there = validator(|w| service(w, "shop", "istiod"));
    let says = [
        "another control plane, not looked at here",
        "kubectl mesh-precheck -i shop",
    ];
    expect(CODE, &there, Status::Info, &says);
    let gone = validator(|w| service(w, "istio-old", "istiod"));
    let says = "it calls Service istiod of namespace istio-old, which does not exist";
    expect(CODE, &gone, Status::Error, &[says, "failurePolicy: Fail"]);
}

#[test]
fn injectors_that_take_the_same_pods_are_seen() {
    let mut facts = canary();
    let injectors = known(&mut facts.mesh.injectors);
    let tag = injectors[0].clone();
    let mut other = tag.clone();
    other.name = "istio-revision-tag-stable-copy".into();
    other.revision = "1-28-1".into();
    injectors.push(other);
    let says = [
        "take the same pods: 1 workload, such as shop/deployment/web",
        "namespace labels: istio.io/rev=stable",
        "kubectl get mutatingwebhookconfigurations -L istio.io/rev,istio.io/tag",
    ];
    expect(CODE, &facts, Status::Error, &says);
    for injector in known(&mut facts.mesh.injectors) {
        injector
            .webhooks
            .iter_mut()
            .for_each(|w| w.match_conditions = 1);
    }
    let says = "matchConditions are not evaluated and may keep them apart";
    expect(CODE, &facts, Status::Warning, &[says]);
}

#[test]
fn validators_of_everything_are_one() {
    let mut facts = canary();
    let own = known(&mut facts.mesh.validators)[0].clone();
    let everything = |name: &str, revision: &str| {
        let mut all = Validator {
            name: name.into(),
            revision: Some(revision.into()),
            ..own.clone()
        };
        let none = mesh_common::mesh::Selector::default();
        all.webhooks
            .iter_mut()
            .for_each(|w| w.object_selector = none.clone());
        all
    };
    let validators = known(&mut facts.mesh.validators);
    validators.push(everything("istiod-default-validator", "1-26-1"));
    expect(CODE, &facts, Status::Ok, &["3 validators"]);
    known(&mut facts.mesh.validators).push(everything("istiod-istio-system", "1-28-1"));
    let says = "several validators check objects without a revision label: istiod-default-validator, istiod-istio-system";
    expect(CODE, &facts, Status::Warning, &[says]);
}

#[test]
fn a_switched_off_injector_is_to_know() {
    let mut facts = facts();
    for webhook in &mut known(&mut facts.mesh.injectors)[1].webhooks {
        let never = [("istio.io/deactivated".to_owned(), "never-match".to_owned())];
        webhook.namespace_selector.match_labels.extend(never);
    }
    expect(
        CODE,
        &facts,
        Status::Info,
        &["was switched off by a default tag"],
    );
}
