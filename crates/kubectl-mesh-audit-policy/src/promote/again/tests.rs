use std::collections::{BTreeMap, BTreeSet};

use jiff::SignedDuration;
use mesh_common::mesh::archive;
use serde_json::json;

use super::*;
use crate::{
    copy::Form,
    promote::{gates::Evidence, prepare::From},
    scene::Found,
    watched::{Caller, Expected, Signal, Watched},
};

fn at(text: &str) -> Timestamp {
    format!("2026-11-21T{text}Z").parse().unwrap()
}

fn proposed() -> Found {
    Found::of(json!({
        "apiVersion": "security.istio.io/v1", "kind": "AuthorizationPolicy",
        "metadata": {"name": "lockdown", "namespace": "payments"},
        "spec": {"action": "DENY", "rules": [{}]},
    }))
    .unwrap()
}

/// The copy as it stands in the cluster.
fn copy(uid: &str) -> Value {
    let mut copy = crate::copy::make(&proposed(), None, Form::DryRun).unwrap();
    copy["metadata"]["uid"] = uid.into();
    copy
}

fn watched() -> Watched {
    let copy = Found::of(copy("u")).unwrap();
    Watched {
        namespace: "payments".into(),
        name: "lockdown".into(),
        copy_uid: Some("u".into()),
        digest: crate::copy::Copy::read(&copy).unwrap().watched,
        began: at("06:00:00"),
        ended: at("07:00:00"),
        signal: Some(Signal {
            how: "counted".into(),
            at: at("06:10:00"),
        }),
        callers: vec![Caller {
            allowed: 9,
            ..Caller::of("orders/orders-sa")
        }],
        expected: Some(Expected {
            from: "metrics".into(),
            callers: ["orders/orders-sa".to_owned()].into(),
            seen: BTreeSet::new(),
        }),
        unknown: 0,
    }
}

fn prepared(policies: Vec<Value>, watched: Watched, waive: &[(&str, &str)]) -> Result<Prepared> {
    let file = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../../examples/shop-ready.tar.zst"
    );
    let mut mesh = archive::read(file.as_ref()).unwrap();
    mesh.now = at("07:10:00");
    let found = policies.into_iter().map(|p| Found::of(p).unwrap());
    let scene = Scene::made(mesh, found.collect());
    let accepted = BTreeMap::new();
    let ask = Ask {
        namespace: "payments",
        name: "lockdown",
        from: From::Copy,
        evidence: Evidence::Watched(Box::new(watched)),
        min: SignedDuration::from_mins(30),
        max_unknown: 0.0,
        accepted: &accepted,
    };
    let mut made = Prepared::make(&scene, &ask)?;
    for (gate, why) in waive {
        let waiver = mesh_common::check::Waiver::new(gate, why)?;
        made.gates.waive(&[waiver])?;
    }
    Ok(made)
}

#[test]
fn what_was_confirmed_is_what_is_written_or_nothing_is() {
    let confirmed = prepared(vec![copy("u")], watched(), &[]).unwrap();
    assert!(confirmed.gates.pass(), "{:?}", confirmed.gate_lines());
    let denied = |n: u64| {
        let mut watched = watched();
        watched.callers.push(Caller {
            denied: n,
            ..Caller::of("batch/settlement")
        });
        watched
    };
    let another = |edit: fn(&mut Value)| {
        let mut object = copy("u");
        edit(&mut object);
        object
    };
    for (name, policies, watch, says) in [
        ("nothing changed", vec![copy("u")], watched(), vec![]),
        (
            "a longer watch",
            vec![copy("u")],
            {
                let mut w = watched();
                w.ended = at("07:05:00");
                w
            },
            vec![],
        ),
        (
            "a newer watch saw a denial",
            vec![copy("u")],
            denied(2),
            vec!["denials was open, is closed"],
        ),
        (
            "the copy was made anew",
            vec![copy("v")],
            watched(),
            vec!["watched was open, is unknown: the last watch was of another copy"],
        ),
        (
            "the copy was edited",
            vec![another(|o| o["spec"]["rules"] = json!([]))],
            watched(),
            vec!["unchanged was open, is closed"],
        ),
        (
            "somebody took the copy over",
            vec![another(|o| {
                o["metadata"]["labels"]["argocd.argoproj.io/instance"] = "app".into();
            })],
            watched(),
            vec!["owned by"],
        ),
        (
            "somebody enforced it",
            vec![copy("u"), proposed().object],
            watched(),
            vec!["somebody else enforced it meanwhile"],
        ),
    ] {
        let again = prepared(policies, watch, &[]).unwrap();
        let lines = differences(&confirmed, &again);
        assert_eq!(lines.is_empty(), says.is_empty(), "{name}: {lines:?}");
        for says in says {
            assert!(lines.iter().any(|l| l.contains(says)), "{name}: {lines:?}");
        }
    }
    // No copy at all is an error by itself.
    assert!(prepared(vec![], watched(), &[]).is_err());
    // A reason passes what it was given for: two denials are not three.
    let passed = prepared(vec![copy("u")], denied(2), &[("denials", "is meant")]).unwrap();
    for (n, same) in [(2, true), (3, false)] {
        let again = prepared(vec![copy("u")], denied(n), &[]).unwrap();
        let lines = differences(&passed, &again);
        assert_eq!(lines.is_empty(), same, "{n}: {lines:?}");
    }
}
