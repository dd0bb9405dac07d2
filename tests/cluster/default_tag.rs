//! The tag `default` beside an istiod without a revision: making it switches that one's injector off, which istioctl
//! cannot take back. The way back can, from wherever the command was cut off.

use mesh_common::journal::State;
use mesh_testkit::{Api, ChaosProxy, Lab, LabGuard, Mesh, Mode, Plugin, When};
use serde_json::{Value, json};

use crate::{
    fixture::pod,
    kit::{World, records, tag_revision, text, without_lease},
};

const CREATE: &str = "create default --to 1-28-1 --yes --istioctl-timeout 2";

/// Two revisions and an istiod 1.20.8 without one, which injects the namespace `legacy`.
fn load(lab: &mut LabGuard) {
    let state = Mesh::recorded_state("unrevisioned-and-two-revisions").unwrap();
    lab.load(&state);
}

/// Who injects a pod of `legacy` (`istio-injection=enabled`) now.
fn injects_legacy(api: &Api) -> Value {
    let made = api.create_dry_run(&pod("legacy", &json!({}))).unwrap();
    made["metadata"]["annotations"]["istio.io/rev"].clone()
}

fn is_switched_off(api: &Api) -> bool {
    let own = api.get("MutatingWebhookConfiguration", "", "istio-sidecar-injector");
    let own = own.expect("nobody deletes it");
    let webhook = &own["webhooks"][0]["namespaceSelector"]["matchLabels"];
    text(&webhook["istio.io/deactivated"]) == "never-match"
}

#[test]
fn the_injector_it_switches_off_is_switched_on_again_by_the_way_back() {
    let Some(mut lab) = Lab::get() else { return };
    load(&mut lab);
    let (api, before) = (lab.api(), World::of(lab.api()));
    assert_eq!(injects_legacy(api), "default");
    let sandbox = Plugin::tag(lab.kubeconfig());
    sandbox
        .run(CREATE)
        .assert_code(0)
        .says("switched off")
        .says("kubectl mesh-tag rollback default");
    assert_eq!(tag_revision(api, "default"), "1-28-1");
    assert!(is_switched_off(api));
    assert_eq!(injects_legacy(api), "1-28-1");

    let ran = sandbox.run("rollback default --yes");
    ran.assert_code(0).says("shown to istiod default itself");
    World::of(api).assert_as(&before);
    assert_eq!(injects_legacy(api), "default");
}

#[test]
fn it_is_not_taken_back_onto_an_istiod_that_does_not_answer() {
    let Some(mut lab) = Lab::get() else { return };
    load(&mut lab);
    let sandbox = Plugin::tag(lab.kubeconfig());
    sandbox.run(CREATE).assert_code(0);
    let (after, mark) = (World::of(lab.api()), lab.audit_mark());
    for (mode, why) in [
        (Mode::Dead, "does not answer"),
        (Mode::Fails(500), "does not answer"),
        (Mode::Claims("1-28-1".into()), "was injected by 1-28-1"),
        (Mode::Passes, "got no proxy"),
    ] {
        lab.injector().set("default", mode);
        sandbox
            .run("rollback default --yes")
            .assert_code(2)
            .says(why);
    }
    let writes = lab.audit_writes_since(mark);
    // The question itself is a write to the API server's eyes.
    let other: Vec<String> = without_lease(&writes)
        .into_iter()
        .filter(|w| !w.starts_with("create pods"))
        .collect();
    assert_eq!(other, Vec::<String>::new());
    World::of(lab.api()).assert_as(&after);
}

#[test]
fn every_half_of_it_can_be_finished_or_taken_back() {
    let Some(mut lab) = Lab::get() else { return };
    load(&mut lab);
    let before = World::of(lab.api());
    let kinds = [
        "MutatingWebhookConfiguration",
        "Service",
        "ValidatingWebhookConfiguration",
    ];
    // Each alone and each two of the three; the old injector is off in all of them.
    let subsets = (1..7).map(|bits: u8| {
        let of = kinds
            .iter()
            .enumerate()
            .filter(|(i, _)| bits & (1 << i) != 0);
        of.map(|(_, kind)| *kind).collect::<Vec<_>>().join(",")
    });
    for only in subsets {
        for way in ["resume", "rollback"] {
            load(&mut lab);
            let broken = Plugin::tag(lab.kubeconfig()).fault(&format!("only:{only}"));
            broken.run(CREATE).assert_code(4);
            let sandbox = Plugin::tag(lab.kubeconfig());
            if way == "rollback" {
                sandbox.run("rollback default --yes").assert_code(0);
                World::of(lab.api()).assert_as(&before);
            } else {
                let id = records(lab.api()).pop().expect("a record").id;
                sandbox
                    .run(&format!("resume --record {id} --yes"))
                    .assert_code(0);
                assert_eq!(tag_revision(lab.api(), "default"), "1-28-1", "{only}");
                assert_eq!(injects_legacy(lab.api()), "1-28-1", "{only}");
            }
        }
    }
}

#[test]
fn killed_after_any_write_of_it_the_old_injector_comes_back() {
    let Some(mut lab) = Lab::get() else { return };
    load(&mut lab);
    let before = World::of(lab.api());
    let mut points = 0;
    for n in 1..=12 {
        load(&mut lab);
        let proxy = ChaosProxy::start(lab.kubeconfig());
        let sandbox = Plugin::tag(proxy.kubeconfig());
        proxy.kill_after(When::write(n));
        let running = sandbox.spawn(CREATE);
        proxy.victim(running.pid());
        if running.finish().signal.is_none() {
            break;
        }
        points += 1;
        if lab
            .api()
            .get("Lease", "istio-system", "kubectl-mesh")
            .is_some()
        {
            lab.api()
                .delete("Lease", "istio-system", "kubectl-mesh")
                .unwrap();
        }
        let of = records(lab.api());
        match of.last().map(|r| r.state) {
            None => {}
            Some(State::Started | State::Done | State::Partial) => {
                let sandbox = Plugin::tag(lab.kubeconfig());
                sandbox.run("rollback default --yes").assert_code(0);
            }
            other => panic!("write {n}: {other:?}"),
        }
        World::of(lab.api()).assert_as(&before);
    }
    assert!(points >= 6, "only {points} points were tried");
}
