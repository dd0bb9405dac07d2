//! Tests of the gate `serves`.

use super::{gate, gate_of_way_back};
use crate::{
    check::{
        Serving, Verdict,
        made::{Made, injected_by},
    },
    mesh::{Known, probe::Probe},
};

#[test]
fn a_pod_tells() {
    let namespace = || "tools".to_owned();
    let message = || "quota exceeded".to_owned();
    let cases = [
        (
            injected_by("1-28-1"),
            Verdict::Open,
            "a dry-run pod in namespace tools was injected by 1-28-1",
        ),
        (
            injected_by("1-26-1"),
            Verdict::Closed,
            "with istio.io/rev=1-28-1 in namespace tools was injected by 1-26-1",
        ),
        (
            Serving::Asked(Probe::NotInjected {
                namespace: namespace(),
            }),
            Verdict::Closed,
            "got no proxy",
        ),
        (
            Serving::Asked(Probe::InjectorFailed {
                namespace: namespace(),
                message: message(),
            }),
            Verdict::Closed,
            "the injector of 1-28-1 does not answer",
        ),
        (
            Serving::Asked(Probe::Refused {
                namespace: namespace(),
                message: message(),
            }),
            Verdict::Unknown,
            "was refused: quota exceeded",
        ),
        (
            Serving::Asked(Probe::NoNamespace),
            Verdict::Unknown,
            "no namespace without Istio labels",
        ),
        (
            Serving::Failed("timed out".into()),
            Verdict::Unknown,
            "could not be asked: timed out",
        ),
        (Serving::NotEvaluated, Verdict::Unknown, "not asked"),
    ];
    for (serving, verdict, summary) in cases {
        let made = Made::live();
        let mut facts = made.facts();
        facts.serving = serving.clone();
        let gate = gate(&facts);
        assert_eq!(gate.verdict, verdict, "{serving:?}");
        assert!(
            gate.summary.contains(summary),
            "{serving:?}: {}",
            gate.summary
        );
        assert_eq!(gate_of_way_back(&facts), gate);
        facts.removal = Some(Known::Known(Vec::new()));
        assert_eq!(gate_of_way_back(&facts).verdict, Verdict::Open);
    }
    let made = Made::rehearsal();
    let gate = gate(&made.facts());
    assert_eq!(
        (gate.verdict, gate.summary.as_str()),
        (Verdict::NotEvaluated, "not evaluated (rehearsal)")
    );
    assert!(gate.required && !gate.blocks());
}
