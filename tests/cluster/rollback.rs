//! The way back: exact, and stopped where it would undo somebody else's work or cannot be trusted.

use mesh_common::journal::{Record, State};
use mesh_testkit::{Lab, Mode, Plugin};
use serde_json::{Value, json};

use crate::{
    kit::{World, encode, records},
    promote::PROMOTE,
};

const TAG: &str = "istio-revision-tag-stable";

#[test]
fn anothers_edit_between_promotion_and_rollback_stops_it() {
    let Some(lab) = Lab::get() else { return };
    let (api, sandbox) = (lab.api(), Plugin::tag(lab.kubeconfig()));
    sandbox.run(PROMOTE).assert_code(0);
    api.label(
        "MutatingWebhookConfiguration",
        "",
        TAG,
        &[("team", Some("mesh"))],
    )
    .unwrap();
    let (after, mark) = (World::of(api), lab.audit_mark());
    sandbox
        .run("rollback stable --yes")
        .assert_code(2)
        .says("somebody else changed")
        .says("team");
    assert_eq!(lab.audit_writes_since(mark), vec![]);
    World::of(api).assert_as(&after);
}

#[test]
fn a_ca_rotated_in_between_is_nobodys_edit_and_the_new_one_is_put_in() {
    let Some(lab) = Lab::get() else { return };
    let (api, sandbox) = (lab.api(), Plugin::tag(lab.kubeconfig()));
    let before = World::of(api);
    sandbox.run(PROMOTE).assert_code(0);
    // istiod's own injectors and the tags get another bundle: the same certificate, and one more.
    let names = [
        "istio-sidecar-injector-1-26-1",
        "istio-sidecar-injector-1-28-1",
        TAG,
    ];
    let mut rotated = String::new();
    for name in names {
        let mut object = api.get("MutatingWebhookConfiguration", "", name).unwrap();
        for webhook in object["webhooks"].as_array_mut().unwrap() {
            let old = webhook["clientConfig"]["caBundle"]
                .as_str()
                .unwrap()
                .to_owned();
            rotated = twice(&old);
            webhook["clientConfig"]["caBundle"] = rotated.as_str().into();
        }
        api.replace(&object).unwrap();
    }
    sandbox.run("rollback stable --yes").assert_code(0);
    World::of(api).assert_as(&before);
    let back = api.get("MutatingWebhookConfiguration", "", TAG).unwrap();
    for webhook in back["webhooks"].as_array().unwrap() {
        assert_eq!(webhook["clientConfig"]["caBundle"], rotated.as_str());
    }
}

/// A PEM bundle twice over, in base64.
fn twice(bundle: &str) -> String {
    use base64::{Engine as _, engine::general_purpose::STANDARD};
    let pem = STANDARD.decode(bundle).expect("a caBundle is base64");
    STANDARD.encode([pem.as_slice(), b"\n", pem.as_slice()].concat())
}

#[test]
fn a_rollback_onto_a_dead_istiod_is_refused() {
    let Some(mut lab) = Lab::get() else { return };
    Plugin::tag(lab.kubeconfig()).run(PROMOTE).assert_code(0);
    lab.injector().set("1-26-1", Mode::Dead);
    let (after, mark) = (World::of(lab.api()), lab.audit_mark());
    let sandbox = Plugin::tag(lab.kubeconfig());
    sandbox
        .run("rollback stable --yes")
        .assert_code(2)
        .says("serves");
    assert_eq!(lab.audit_writes_since(mark), vec![]);
    World::of(lab.api()).assert_as(&after);
    // And so is one onto an istiod that is not there.
    lab.reset();
    Plugin::tag(lab.kubeconfig()).run(PROMOTE).assert_code(0);
    lab.api()
        .delete("Deployment", "istio-system", "istiod-1-26-1")
        .unwrap();
    let mark = lab.audit_mark();
    Plugin::tag(lab.kubeconfig())
        .run("rollback stable --yes")
        .assert_code(2)
        .says("ready");
    assert_eq!(lab.audit_writes_since(mark), vec![]);
}

/// What is planted in a record.
type Plant = fn(&mut Record);

#[test]
fn a_planted_record_is_refused_whatever_it_plants() {
    let Some(mut lab) = Lab::get() else { return };
    // A real one to plant from.
    Plugin::tag(lab.kubeconfig()).run(PROMOTE).assert_code(0);
    let real = records(lab.api()).remove(0);
    let plants: [(&str, Plant); 7] = [
        ("another object", |r| {
            let image = &mut r.images[0];
            image.key.name = "istio-sidecar-injector-1-28-1".into();
            for side in [&mut image.before, &mut image.planned] {
                side.as_mut().unwrap()["metadata"]["name"] = "istio-sidecar-injector-1-28-1".into();
            }
        }),
        ("an address outside", |r| {
            let before = r.images[0].before.as_mut().unwrap();
            for webhook in before["webhooks"].as_array_mut().unwrap() {
                webhook["clientConfig"] = json!({"url": "https://evil.example/inject"});
            }
        }),
        ("another Service", |r| {
            let before = r.images[0].before.as_mut().unwrap();
            before["webhooks"][0]["clientConfig"]["service"]["namespace"] = "default".into();
        }),
        ("wider selectors", |r| {
            let before = r.images[0].before.as_mut().unwrap();
            before["webhooks"][0]["namespaceSelector"] = json!({});
        }),
        ("an owner for the garbage collector", |r| {
            let before = r.images[0].before.as_mut().unwrap();
            before["metadata"]["ownerReferences"] = json!([{"apiVersion": "v1", "kind": "ConfigMap",
                "name": "x", "uid": "00000000-0000-0000-0000-000000000000"}]);
        }),
        ("another cluster", |r| r.cluster_uid = "00000000".into()),
        ("a Service that reaches out", |r| {
            let image = r
                .images
                .iter_mut()
                .find(|i| i.key.namespace.is_some())
                .unwrap();
            let mut planned: Value = image.planned.clone().unwrap();
            planned["spec"]["externalIPs"] = json!(["203.0.113.7"]);
            image.before = Some(planned);
        }),
    ];
    for (what, plant) in plants {
        lab.reset();
        let mut record = real.clone();
        record.id = format!("{}-planted", record.id);
        plant(&mut record);
        for state in [State::Done, State::Started] {
            lab.reset();
            record.state = state;
            lab.api().create(&encode(&record)).unwrap();
            let (before, mark) = (World::of(lab.api()), lab.audit_mark());
            let sandbox = Plugin::tag(lab.kubeconfig());
            let ran = sandbox.run("rollback stable --yes");
            assert_eq!(ran.code, Some(2), "{what}: {ran:?}");
            if state == State::Started {
                let ran = sandbox.run("resume --yes");
                assert_eq!(ran.code, Some(2), "{what}: {ran:?}");
            }
            assert_eq!(lab.audit_writes_since(mark), vec![], "{what}");
            World::of(lab.api()).assert_as(&before);
        }
    }
}
