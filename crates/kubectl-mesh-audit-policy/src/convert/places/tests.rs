use mesh_common::mesh::{Known, Mesh, NodeAgent, Owner, archive};
use serde_json::{Value, json};

use super::*;
use crate::convert::mode::{Mode, choose};

/// The sample mesh, with one istiod of this version, and payments behind a ztunnel of this version.
fn ambient(istiod: &str, flag: bool, ztunnel: &str, pods: bool) -> Mesh {
    let file = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../../examples/shop-ready.tar.zst"
    );
    let mut mesh = archive::read(file.as_ref()).unwrap();
    let istiods = known(&mut mesh.istiods);
    istiods.retain(|i| i.revision == "1-28-1");
    let istiod_of = istiods.first_mut().unwrap();
    istiod_of.version = Some(istiod.to_owned());
    istiod_of.pods.clear();
    let env = "AMBIENT_ENABLE_DRY_RUN_AUTHORIZATION_POLICY".to_owned();
    istiod_of.env.insert(env, flag.to_string());
    for workload in known(&mut mesh.workloads) {
        if workload.namespace != "payments" {
            continue;
        }
        if !pods {
            workload.pods.clear();
        }
        for group in &mut workload.pods {
            group.proxy = None;
            group.ambient = group.pods;
        }
    }
    let namespaces = known(&mut mesh.namespaces);
    let payments = namespaces.get_mut("payments").unwrap();
    payments
        .labels
        .insert(label::DATAPLANE_MODE.into(), "ambient".into());
    known(&mut mesh.node_agents).push(NodeAgent {
        component: "ztunnel".into(),
        namespace: "istio-system".into(),
        name: "ztunnel".into(),
        image: format!("ztunnel:{ztunnel}"),
        version: Some(ztunnel.to_owned()),
        desired: 3,
        ready: 3,
        owner: Owner::None,
    });
    mesh
}

fn known<T>(of: &mut Known<T>) -> &mut T {
    match of {
        Known::Known(of) => of,
        Known::Unknown(gap) => panic!("{gap:?}"),
    }
}

fn deny(namespace: &str, spec: &Value) -> Found {
    let mut spec = spec.clone();
    spec["action"] = "DENY".into();
    Found::of(json!({
        "apiVersion": "security.istio.io/v1", "kind": "AuthorizationPolicy",
        "metadata": {"name": "lockdown", "namespace": namespace}, "spec": spec,
    }))
    .unwrap()
}

fn mode(scene: &Scene, found: &Found) -> Option<Mode> {
    let places = of(scene, found).unwrap();
    let choice = choose(Some(Mode::DryRun), Action::Deny, Ok(&places));
    choice.ok().map(|choice| choice.mode)
}

#[test]
fn a_policy_on_ambient_workloads_is_judged_by_istiod_and_ztunnel_together() {
    let cards = deny(
        "payments",
        &json!({"selector": {"matchLabels": {"app": "cards"}}}),
    );
    // The root namespace reaches everybody.
    let everywhere = deny("istio-system", &json!({}));
    // A waypoint enforces it, whatever ztunnel is.
    let waypoint = json!({"targetRefs": [{"kind": "Service", "group": "", "name": "cards"}]});
    let attached = deny("payments", &waypoint);
    let elsewhere = deny("orders", &json!({}));
    let cases = [
        ("1.28.1", false, "1.28.1", false),
        ("1.25.1", false, "1.25.1", false),
        ("1.29.0", true, "1.28.1", false),
        ("1.29.0", true, "1.29.0", true),
    ];
    for (istiod, flag, ztunnel, watched) in cases {
        // A namespace whose pods are still to come counts as if they were there.
        for pods in [true, false] {
            let scene = Scene::made(ambient(istiod, flag, ztunnel, pods), Vec::new());
            let case = format!("istiod {istiod} {flag}, ztunnel {ztunnel}, pods {pods}");
            assert_eq!(mode(&scene, &cards).is_some(), watched, "{case}");
            assert_eq!(mode(&scene, &everywhere).is_some(), watched, "{case}");
            assert!(mode(&scene, &attached).is_some(), "{case}");
            assert!(mode(&scene, &elsewhere).is_some(), "{case}");
        }
    }
}

#[test]
fn a_rollout_of_ztunnel_may_be_of_two_versions() {
    let mut mesh = ambient("1.29.0", true, "1.29.0", true);
    known(&mut mesh.node_agents).last_mut().unwrap().ready = 2;
    let cards = deny(
        "payments",
        &json!({"selector": {"matchLabels": {"app": "cards"}}}),
    );
    assert_eq!(mode(&Scene::made(mesh, Vec::new()), &cards), None);
}

#[test]
fn dry_runs_of_the_same_action_on_one_workload_share_their_counters() {
    let file = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../../examples/shop-ready.tar.zst"
    );
    let mesh = archive::read(file.as_ref()).unwrap();
    let select = |name: &str, action: &str, app: &str| {
        let mut object = deny(
            "payments",
            &json!({"selector": {"matchLabels": {"app": app}}}),
        )
        .object;
        object["metadata"]["name"] = name.into();
        object["metadata"]["annotations"] = json!({"istio.io/dry-run": "true"});
        object["spec"]["action"] = action.into();
        Found::of(object).unwrap()
    };
    let standing = vec![
        select("same", "DENY", "cards"),
        select("other-action", "ALLOW", "cards"),
        select("other-workload", "DENY", "ledger"),
    ];
    let scene = Scene::made(mesh, standing);
    let cards = deny(
        "payments",
        &json!({"selector": {"matchLabels": {"app": "cards"}}}),
    );
    let beside = select("made-beside-it", "DENY", "cards");
    let shared = also_watched(&scene, &cards, &[&beside]).unwrap();
    assert_eq!(shared.len(), 2, "{shared:?}");
    assert!(
        shared[0].ends_with(": payments/made-beside-it"),
        "{shared:?}"
    );
    assert!(shared[1].ends_with(": payments/same"), "{shared:?}");
}

#[test]
fn an_allow_cuts_off_what_no_other_allow_covers() {
    let file = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../../examples/shop-ready.tar.zst"
    );
    let mesh = archive::read(file.as_ref()).unwrap();
    let allow = |name: &str, app: &str| {
        let mut object = deny(
            "payments",
            &json!({"selector": {"matchLabels": {"app": app}}}),
        )
        .object;
        object["metadata"]["name"] = name.into();
        object["spec"]["action"] = "ALLOW".into();
        Found::of(object).unwrap()
    };
    let scene = Scene::made(mesh, vec![allow("covered", "cards")]);
    assert_eq!(
        become_default_deny(&scene, &allow("new", "cards")),
        Ok(vec![])
    );
    let cut = become_default_deny(&scene, &allow("new", "ledger")).unwrap();
    assert_eq!(cut.len(), 1, "{cut:?}");
    assert!(cut[0].ends_with("/ledger"), "{cut:?}");
}
