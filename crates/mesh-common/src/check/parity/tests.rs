//! Tests of the gate `parity`.

#![allow(clippy::too_many_lines)] // one table each

use super::gate;
use crate::{
    check::{
        Gates, IstioctlFacts, Verdict, Waiver,
        made::{Change, Made, changed, forbidden, istioctl},
    },
    istioctl::Parity,
    mesh::Known,
};

#[test]
fn istioctl_beside_istiod() {
    let exact = |v: &str| istioctl(v, Parity::Exact);
    let cases = [
        (
            "same",
            exact("1.28.1"),
            Verdict::Open,
            "istioctl 1.28.1 and istiod 1.28.1 of 1-28-1 are the same release",
        ),
        (
            "a vendor's",
            exact("1.28.1-solo"),
            Verdict::Open,
            "istioctl 1.28.1-solo and istiod 1.28.1",
        ),
        (
            "another patch",
            exact("1.28.2"),
            Verdict::Closed,
            "istioctl is 1.28.2, istiod 1.28.1",
        ),
        (
            "another patch, minor asked",
            istioctl("1.28.2", Parity::Minor),
            Verdict::Open,
            "as --parity=minor asks",
        ),
        (
            "another minor, minor asked",
            istioctl("1.27.2", Parity::Minor),
            Verdict::Closed,
            "istioctl is 1.27.2",
        ),
        (
            "off",
            istioctl("1.26.1", Parity::Off),
            Verdict::Closed,
            "--parity=off does not compare them",
        ),
        (
            "off, and the same",
            istioctl("1.28.1", Parity::Off),
            Verdict::Open,
            "the same release",
        ),
        (
            "missing",
            IstioctlFacts::Missing,
            Verdict::Closed,
            "no istioctl was found; istiod of 1-28-1 is 1.28.1",
        ),
        (
            "none fits",
            IstioctlFacts::Mismatch {
                candidates: vec!["1.26.1  PATH  /usr/bin/istioctl".into()],
                parity: Parity::Exact,
                loosen: Some(Parity::Off),
            },
            Verdict::Closed,
            "the istioctl found does not fit: istiod of 1-28-1 is 1.28.1",
        ),
        (
            "nobody looked, on a live cluster",
            IstioctlFacts::NotEvaluated,
            Verdict::Unknown,
            "not asked",
        ),
    ];
    let made = Made::live();
    for (name, istioctl, verdict, summary) in cases {
        let mut facts = made.facts();
        facts.istioctl = istioctl;
        let gate = gate(&facts);
        assert_eq!(gate.verdict, verdict, "{name}: {}", gate.summary);
        assert!(gate.summary.contains(summary), "{name}: {}", gate.summary);
        assert!(
            gate.required
                && (gate.hint.is_none() == (verdict != Verdict::Closed)
                    || name.contains("another"))
        );
    }
}

#[test]
fn istiods_among_themselves() {
    let report = |text: &str| Known::Known(text.to_owned());
    let image = |text: &str| format!("registry.example.com/istio/pilot{text}");
    let cases: Vec<(&str, Change, Verdict, &str)> = vec![
        (
            "one says a commit",
            changed(move |m| {
                m.target().pods[0].reported =
                    report("1.28.1-6268e25f089a4b0f726082053cf630490c235cdc-Clean");
            }),
            Verdict::Open,
            "same release",
        ),
        (
            "one says another",
            changed(move |m| {
                m.target().pods[0].reported =
                    report("1.28.0-6268e25f089a4b0f726082053cf630490c235cdc-Clean");
            }),
            Verdict::Closed,
            "mixed: 1.28.0, 1.28.1",
        ),
        (
            "a rollout",
            changed(|m| m.target().pods[1].replica_set = Some("istiod-1-28-1-old".into())),
            Verdict::Closed,
            "a rollout of istiod-1-28-1 is in progress: 1 pod of an older template",
        ),
        (
            "what is going away does not count",
            changed(|m| {
                m.target().pods[1].replica_set = Some("istiod-1-28-1-old".into());
                m.target().pods[1].terminating = true;
            }),
            Verdict::Open,
            "same release",
        ),
        (
            "mixed images",
            changed(move |m| {
                m.target().pods[1].image = image(":1.28.2");
                m.target().pods[1].version = Some("1.28.2".into());
            }),
            Verdict::Closed,
            "run different images",
        ),
        (
            "a digest, and nobody asked",
            changed(move |m| {
                m.target().pods.iter_mut().for_each(|p| {
                    p.image = image("@sha256:00");
                    p.version = None;
                });
            }),
            Verdict::Unknown,
            "names no version",
        ),
        (
            "a digest, and it says",
            changed(move |m| {
                m.target().version = None;
                m.target().pods.iter_mut().for_each(|p| {
                    p.version = None;
                    p.reported = Known::Known("1.28.1".into());
                });
            }),
            Verdict::Open,
            "same release",
        ),
        (
            "latest",
            changed(|m| {
                m.target().version = Some("latest".into());
                m.target().pods.clear();
            }),
            Verdict::Unknown,
            "names no version",
        ),
        (
            "none",
            changed(|m| m.istiods().retain(|i| i.revision != "1-28-1")),
            Verdict::Unknown,
            "no istiod of 1-28-1 to match",
        ),
        (
            "forbidden",
            changed(|m| m.mesh.istiods = forbidden("deployments")),
            Verdict::Unknown,
            "user jane may not list deployments",
        ),
    ];
    for (name, change, verdict, summary) in cases {
        let mut made = Made::live();
        change(&mut made);
        let live = gate(&made.facts());
        assert_eq!(live.verdict, verdict, "{name}: {}", live.summary);
        assert!(live.summary.contains(summary), "{name}: {}", live.summary);

        let mut made = Made::rehearsal();
        change(&mut made);
        let rehearsed = gate(&made.facts());
        let want = if verdict == Verdict::Closed {
            verdict
        } else {
            Verdict::NotEvaluated
        };
        assert_eq!(rehearsed.verdict, want, "{name}: {}", rehearsed.summary);
        assert!(!rehearsed.blocks() || verdict == Verdict::Closed, "{name}");
    }
    let made = Made::rehearsal();
    assert_eq!(
        gate(&made.facts()).summary,
        "not evaluated (rehearsal): istiod of 1-28-1 is 1.28.1"
    );
}

#[test]
fn what_gets_the_right_istioctl_and_what_passes_the_gate_without_it() {
    let found = |parity, loosen| IstioctlFacts::Mismatch {
        candidates: vec![
            "1.26.1   PATH  /usr/bin/istioctl".into(),
            "unknown  PATH  /opt/istioctl: no version answer".into(),
        ],
        parity,
        loosen,
    };
    let off = Some("--parity=off --waive parity=REASON");
    let cases = [
        ("none at all", IstioctlFacts::Missing, None),
        (
            "another minor",
            found(Parity::Exact, Some(Parity::Off)),
            off,
        ),
        (
            "another patch",
            found(Parity::Exact, Some(Parity::Minor)),
            Some("--parity=minor"),
        ),
        (
            "another minor, minor asked",
            found(Parity::Minor, Some(Parity::Off)),
            off,
        ),
        ("none that says its version", found(Parity::Off, None), None),
        (
            "one to run, of another version",
            istioctl("1.26.1", Parity::Off),
            Some("--waive parity=REASON"),
        ),
    ];
    let made = Made::live();
    for (name, istioctl, pass) in cases {
        let runs = matches!(istioctl, IstioctlFacts::Chosen { .. });
        let mut facts = made.facts();
        facts.istioctl = istioctl;
        let mut gates = Gates::new(vec![gate(&facts)], Vec::new(), facts.policy);
        assert_eq!(gates.gates[0].pass.as_deref(), pass, "{name}");
        gates
            .waive(&[Waiver::new("parity", "it must be today").unwrap()])
            .unwrap();
        assert_eq!(gates.pass(), runs, "a reason runs no istioctl: {name}");
        if !runs {
            let gate = &gates.gates[0];
            assert!(
                gate.summary.ends_with("so istioctl 1.28.1 is needed"),
                "{name}"
            );
            let hint = gate.hint.as_deref().unwrap();
            assert!(
                hint.ends_with("\nkubectl mesh-istioctl install 1.28.1"),
                "{name}: {hint}"
            );
        }
        if matches!(facts.istioctl, IstioctlFacts::Mismatch { .. }) {
            let seen = &gates.gates[0].evidence;
            assert!(
                seen.iter().any(|e| e.contains("/usr/bin/istioctl")),
                "{name}: {seen:?}"
            );
            assert!(
                seen.iter().any(|e| e.contains("no version answer")),
                "{name}: {seen:?}"
            );
        }
    }
}
