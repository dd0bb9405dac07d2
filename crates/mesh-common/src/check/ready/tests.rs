//! Tests of the gate `ready`.

#![allow(clippy::too_many_lines)] // one table each

use super::{gate, gate_of_way_back};
use crate::{
    check::{
        Verdict,
        made::{Change, Made, ago, changed, ended, forbidden},
    },
    mesh::Known,
};

#[test]
fn enough_and_steady() {
    let restarted = |reason: &'static str, hours: Option<i64>| {
        changed(move |m| {
            m.target().pods[0].restarts = 1;
            ended(&mut m.target().pods[0], reason, hours.map(ago));
        })
    };
    let cases: Vec<(&str, Change, Verdict, Verdict, &str)> = vec![
        (
            "two",
            changed(|_| {}),
            Verdict::Open,
            Verdict::Open,
            "2 of 2 istiods of 1-28-1 ready; none restarted in 48 h",
        ),
        (
            "one of two",
            changed(|m| m.target().pods[1].ready = false),
            Verdict::Closed,
            Verdict::Open,
            "1 of 2 istiods of 1-28-1 ready, 2 wanted",
        ),
        (
            "one",
            changed(|m| m.target().pods.truncate(1)),
            Verdict::Closed,
            Verdict::Open,
            "1 of 1 istiod of 1-28-1 ready, 2 wanted",
        ),
        (
            "one goes away",
            changed(|m| m.target().pods[0].terminating = true),
            Verdict::Closed,
            Verdict::Open,
            "1 of 1 istiod",
        ),
        (
            "scaled to none",
            changed(|m| {
                m.target().pods.clear();
                m.target().ready = 0;
            }),
            Verdict::Closed,
            Verdict::Closed,
            "no istiod of 1-28-1 runs",
        ),
        (
            "not installed",
            changed(|m| m.istiods().clear()),
            Verdict::Closed,
            Verdict::Closed,
            "there is no istiod of 1-28-1",
        ),
        (
            "pods not seen",
            changed(|m| m.target().pods.clear()),
            Verdict::Unknown,
            Verdict::Unknown,
            "none of their pods was seen",
        ),
        (
            "killed",
            restarted("OOMKilled", Some(3)),
            Verdict::Closed,
            Verdict::Open,
            "istiod-1-28-1-abc-1 restarted 3 h ago (OOMKilled)",
        ),
        (
            "killed long ago",
            restarted("OOMKilled", Some(50)),
            Verdict::Open,
            Verdict::Open,
            "none restarted in 48 h",
        ),
        (
            "killed in the future",
            restarted("Error", Some(-1)),
            Verdict::Closed,
            Verdict::Open,
            "restarted 0 s ago (Error)",
        ),
        (
            "ended, and when is not known",
            restarted("Error", None),
            Verdict::Unknown,
            Verdict::Open,
            "restarted once, and when is not known",
        ),
        (
            "restarted, and how is not known",
            changed(|m| m.target().pods[1].restarts = 4),
            Verdict::Unknown,
            Verdict::Open,
            "restarted 4 times",
        ),
        (
            "forbidden",
            changed(|m| m.mesh.istiods = forbidden("deployments")),
            Verdict::Unknown,
            Verdict::Unknown,
            "may not list deployments",
        ),
    ];
    for (name, change, promote, back, summary) in cases {
        for mut made in [Made::live(), Made::rehearsal()] {
            change(&mut made);
            let facts = made.facts();
            let gate = gate(&facts);
            assert_eq!(gate.verdict, promote, "{name}: {}", gate.summary);
            assert!(gate.summary.contains(summary), "{name}: {}", gate.summary);
            assert_eq!(gate_of_way_back(&facts).verdict, back, "{name}");
        }
    }
}

#[test]
fn a_security_fix_looks_back_a_day_only() {
    let mut made = Made::live();
    ended(&mut made.target().pods[0], "Error", Some(ago(30)));
    let mut facts = made.facts();
    assert_eq!(gate(&facts).verdict, Verdict::Closed);
    facts.cve = Some(crate::check::Cve::parse("CVE-2026-26308=exposed").unwrap());
    assert_eq!(gate(&facts).verdict, Verdict::Open);
}

#[test]
fn the_hint_gets_more_of_them() {
    let hint = |made: &Made| gate(&made.facts()).hint.unwrap_or_default();
    let mut made = Made::live();
    made.target().pods.truncate(1);
    assert_eq!(
        hint(&made),
        "kubectl rollout status -n istio-system deployment/istiod-1-28-1"
    );
    made.target().replicas = 1;
    assert_eq!(
        hint(&made),
        "kubectl scale -n istio-system deployment/istiod-1-28-1 --replicas=2"
    );
    let Known::Known(Some(hpa)) = &mut made.target().hpa else {
        panic!("no HPA")
    };
    hpa.min = 1;
    assert_eq!(
        hint(&made),
        r#"kubectl patch hpa -n istio-system istiod-1-28-1 --type merge -p '{"spec":{"minReplicas":2}}'"#
    );
}
