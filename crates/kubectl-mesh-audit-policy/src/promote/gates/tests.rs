use std::collections::BTreeSet;

use super::*;
use crate::watched::{Expected, Signal};

fn at(text: &str) -> Timestamp {
    format!("2026-11-21T{text}Z").parse().unwrap()
}

fn caller(name: &str, allowed: u64, denied: u64, unknown: u64) -> Caller {
    Caller {
        name: name.into(),
        allowed,
        denied,
        unknown,
    }
}

fn good() -> Watched {
    Watched {
        namespace: "payments".into(),
        name: "payments-lockdown".into(),
        copy_uid: Some("copy".into()),
        digest: "sha256:a".into(),
        began: at("06:00:00"),
        ended: at("06:30:00"),
        signal: Some(Signal {
            how: "a request of ours was counted".into(),
            at: at("06:01:00"),
        }),
        callers: vec![caller("orders/orders-sa", 100, 0, 0)],
        expected: Some(Expected {
            from: "backup of yesterday".into(),
            callers: ["orders/orders-sa".to_owned()].into(),
            seen: BTreeSet::new(),
        }),
        unknown: 0,
    }
}

fn verdicts(
    evidence: &Evidence,
    edit: impl FnOnce(&mut Facts<'_>),
) -> Vec<(&'static str, Verdict)> {
    let accepted = BTreeMap::from([("web/web-sa".to_owned(), "is meant".to_owned())]);
    let mut facts = Facts {
        now: at("06:40:00"),
        evidence,
        digest: "sha256:a",
        copy_uid: Some("copy"),
        change: Change::None,
        min: SignedDuration::from_mins(30),
        max_unknown: 0.0,
        accepted: &accepted,
        watch: "kubectl mesh-audit-policy watch payments-lockdown".into(),
    };
    edit(&mut facts);
    let gates = gates(&facts);
    gates.gates.iter().map(|g| (g.id, g.verdict)).collect()
}

fn shut_by(evidence: &Evidence) -> Vec<(&'static str, Verdict)> {
    let mut all = verdicts(evidence, |_| {});
    all.retain(|(_, verdict)| *verdict != Verdict::Open);
    all
}

type Edit = fn(&mut Watched);
/// What is said of it, how it is edited, and what is not open then.
type Case = (&'static str, Edit, &'static [(&'static str, Verdict)]);

/// Nothing of the watch counts.
const NOTHING: &[(&str, Verdict)] = &[
    ("watched", Verdict::Unknown),
    ("signal", Verdict::Unknown),
    ("callers", Verdict::Unknown),
    ("denials", Verdict::Unknown),
    ("unknown", Verdict::Unknown),
];

#[test]
fn each_gate_is_shut_by_what_it_is_about_and_by_nothing_else() {
    use Verdict::{Closed, Unknown};
    let cases: [Case; 14] = [
        ("all is well", |_| {}, &[]),
        (
            "too short",
            |w| w.ended = at("06:29:59"),
            &[("watched", Closed)],
        ),
        (
            "no proof: zero is not zero",
            |w| w.signal = None,
            &[("signal", Unknown), ("denials", Unknown)],
        ),
        (
            "nobody knows who calls",
            |w| w.expected = None,
            &[("callers", Unknown)],
        ),
        (
            "one was not seen",
            |w| {
                w.expected
                    .as_mut()
                    .unwrap()
                    .callers
                    .insert("shop/cron".into());
            },
            &[("callers", Closed)],
        ),
        (
            "one was not seen and is accepted",
            |w| {
                w.expected
                    .as_mut()
                    .unwrap()
                    .callers
                    .insert("web/web-sa".into());
            },
            &[],
        ),
        (
            "one would be denied",
            |w| w.callers.push(caller("shop/shop-sa", 0, 1, 0)),
            &[("denials", Closed)],
        ),
        (
            "one would be denied and is accepted",
            |w| w.callers.push(caller("web/web-sa", 0, 9, 0)),
            &[],
        ),
        (
            "a request of a caller is unknown",
            |w| w.callers[0].unknown = 1,
            &[("unknown", Closed)],
        ),
        (
            "a request of nobody is unknown",
            |w| w.unknown = 1,
            &[("unknown", Closed)],
        ),
        (
            "no request at all",
            |w| {
                w.callers.clear();
                w.expected.as_mut().unwrap().callers.clear();
            },
            &[("unknown", Unknown)],
        ),
        ("another spec", |w| w.digest = "sha256:b".into(), NOTHING),
        (
            "another copy",
            |w| w.copy_uid = Some("other".into()),
            NOTHING,
        ),
        ("from the future", |w| w.ended = at("23:00:00"), NOTHING),
    ];
    for (what, edit, want) in cases {
        let mut watched = good();
        edit(&mut watched);
        assert_eq!(
            shut_by(&Evidence::Watched(Box::new(watched))),
            want,
            "{what}"
        );
    }
}

#[test]
fn a_caller_of_whom_nothing_is_certain_was_not_seen() {
    let mut watched = good();
    watched.callers[0] = Caller::of("orders/orders-sa");
    watched.callers.push(caller("web/web-sa", 5, 0, 0));
    let evidence = Evidence::Watched(Box::new(watched));
    assert_eq!(shut_by(&evidence), [("callers", Verdict::Closed)]);
}

#[test]
fn absent_evidence_is_unknown_and_never_open() {
    let all = verdicts(&Evidence::Absent("no watch is known".into()), |_| {});
    for (id, verdict) in all {
        let want = if id == "unchanged" {
            Verdict::Open
        } else {
            Verdict::Unknown
        };
        assert_eq!(verdict, want, "{id}");
    }
    let all = verdicts(&Evidence::NotEvaluated, |_| {});
    assert!(all.iter().skip(1).all(|(_, v)| *v == Verdict::NotEvaluated));
}

#[test]
fn what_was_watched_must_be_what_is_enforced() {
    let evidence = Evidence::Watched(Box::new(good()));
    let of = |change: Change| verdicts(&evidence, |f| f.change = change)[0];
    assert_eq!(of(Change::None), ("unchanged", Verdict::Open));
    assert_eq!(of(Change::Original(vec![])), ("unchanged", Verdict::Closed));
    assert_eq!(
        of(Change::Copy("edited".into())),
        ("unchanged", Verdict::Closed)
    );
    // No reason makes an edited copy the one that was watched.
    let facts = Change::Copy("edited".into());
    let gate = unchanged(&Facts {
        now: at("06:40:00"),
        evidence: &evidence,
        digest: "",
        copy_uid: None,
        change: facts,
        min: SignedDuration::ZERO,
        max_unknown: 0.0,
        accepted: &BTreeMap::new(),
        watch: String::new(),
    });
    assert_eq!(gate.pass, None);
}

#[test]
fn thresholds_are_those_that_were_typed() {
    let mut watched = good();
    watched.unknown = 5;
    watched.ended = at("06:10:00");
    let evidence = Evidence::Watched(Box::new(watched));
    let with = |min, max| {
        verdicts(&evidence, |f| {
            f.min = SignedDuration::from_mins(min);
            f.max_unknown = max;
        })
    };
    assert!(with(10, 5.0).iter().all(|(_, v)| *v == Verdict::Open));
    // 5 of 105 are 4.76 %.
    assert_eq!(with(10, 4.7)[5], ("unknown", Verdict::Closed));
    assert_eq!(with(11, 5.0)[1], ("watched", Verdict::Closed));
}
