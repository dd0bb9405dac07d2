//! Tests of the gate `bake`.

#![allow(clippy::too_many_lines)] // one table each

use super::gate;
use crate::{
    check::{
        Cve, Verdict,
        made::{Change, Made, ago, changed, ended, forbidden, now},
    },
    mesh::{Known, ReplicaSet},
};

#[test]
fn long_enough_on_the_target() {
    let set = |created| {
        changed(move |m| {
            m.target().replica_set = Known::Known(Some(ReplicaSet {
                name: "istiod-1-28-1-abc".into(),
                created,
            }));
        })
    };
    let young = now() - jiff::SignedDuration::from_mins(112);
    let cases: Vec<(&str, Change, Verdict, &str)> = vec![
        (
            "three days",
            changed(|_| {}),
            Verdict::Open,
            "oldest canary proxy is 3 d 1 h old (orders/carts), 48 h wanted; istiod of 1-28-1 unchanged",
        ),
        (
            "too young",
            changed(move |m| m.canary().oldest = Some(young)),
            Verdict::Closed,
            "oldest canary proxy is 1 h 52 m old (orders/carts), 48 h wanted: 46 h 8 m to go",
        ),
        (
            "the old one of two may be the one that is not ready",
            changed(move |m| {
                m.canary().ready = 1;
                m.canary().newest = Some(young);
            }),
            Verdict::Closed,
            "oldest canary proxy is 1 h 52 m old",
        ),
        (
            "to the second",
            changed(|m| m.canary().oldest = Some(ago(48))),
            Verdict::Open,
            "48 h old",
        ),
        (
            "none",
            changed(|m| m.workloads().clear()),
            Verdict::Closed,
            "no proxy runs on 1-28-1 yet: a canary of 48 h is wanted",
        ),
        (
            "none ready",
            changed(|m| m.canary().ready = 0),
            Verdict::Closed,
            "none of 2 pods on 1-28-1 is ready",
        ),
        (
            "when is not known",
            changed(|m| m.canary().oldest = None),
            Verdict::Unknown,
            "when the proxies on 1-28-1 started is not known",
        ),
        (
            "one young, of another not known",
            changed(move |m| {
                let mut other = m.workloads()[0].clone();
                other.pods[0].oldest = None;
                m.workloads().push(other);
                m.canary().oldest = Some(young);
            }),
            Verdict::Unknown,
            "when others started is not known",
        ),
        (
            "pods forbidden",
            changed(|m| m.mesh.workloads = forbidden("pods")),
            Verdict::Unknown,
            "may not list pods",
        ),
        (
            "istiod changed",
            set(Some(ago(20))),
            Verdict::Closed,
            "istiod-1-28-1 was changed 20 h ago, 48 h wanted: 28 h to go",
        ),
        (
            "istiod of no known age",
            set(None),
            Verdict::Unknown,
            "since when istiod-1-28-1 runs this template is not known",
        ),
        (
            "ReplicaSets forbidden",
            changed(|m| m.target().replica_set = forbidden("replicasets")),
            Verdict::Unknown,
            "may not list replicasets",
        ),
        (
            "killed",
            changed(|m| ended(&mut m.target().pods[0], "OOMKilled", Some(ago(5)))),
            Verdict::Closed,
            "restarted 5 h ago (OOMKilled)",
        ),
        (
            "killed before",
            changed(|m| ended(&mut m.target().pods[0], "OOMKilled", Some(ago(60)))),
            Verdict::Open,
            "3 d 1 h old",
        ),
        (
            "restarted some time",
            changed(|m| m.target().pods[0].restarts = 1),
            Verdict::Unknown,
            "restarted, and when is not known",
        ),
        (
            "no istiod",
            changed(|m| m.istiods().clear()),
            Verdict::Closed,
            "there is no istiod of 1-28-1",
        ),
    ];
    for (name, change, verdict, summary) in cases {
        for mut made in [Made::live(), Made::rehearsal()] {
            change(&mut made);
            let (gate, _) = gate(&made.facts());
            assert_eq!(gate.verdict, verdict, "{name}: {}", gate.summary);
            assert!(gate.summary.contains(summary), "{name}: {}", gate.summary);
        }
    }
}

#[test]
fn a_security_fix_bakes_a_day() {
    let mut made = Made::live();
    made.canary().oldest = Some(ago(30));
    let mut facts = made.facts();
    let (closed, _) = gate(&facts);
    assert_eq!(closed.verdict, Verdict::Closed);
    assert!(
        closed
            .hint
            .unwrap()
            .contains("--cve ID=REASON (24 h wanted then)")
    );
    facts.cve = Some(Cve::parse("CVE-2026-26308=exposed since Monday").unwrap());
    let (open, _) = gate(&facts);
    assert_eq!(open.verdict, Verdict::Open);
    assert!(
        open.summary
            .contains("30 h old (orders/carts), 24 h wanted for CVE-2026-26308"),
        "{}",
        open.summary
    );
    assert!(
        open.evidence
            .iter()
            .any(|e| e == "security fix CVE-2026-26308: exposed since Monday")
    );
}

#[test]
fn a_young_istiod_is_a_finding() {
    let mut made = Made::live();
    assert!(gate(&made.facts()).1.is_empty());
    made.target().pods[1].started = Some(ago(3));
    let (gate, findings) = gate(&made.facts());
    assert_eq!(gate.verdict, Verdict::Open);
    assert_eq!(
        (&*findings[0].code, findings[0].object.as_str()),
        ("MESH1301", "pod/istiod-1-28-1-abc-2")
    );
}
