//! `overlap`: afterwards every pod is claimed by one injector, or by none as before.

use super::{Facts, Finding, Gate, Severity, finding::code, id, judge::Judge, words};
use crate::output::clean;

/// Most findings about those who are claimed twice already.
const FINDINGS_MAX: usize = 20;

pub(super) fn gate(facts: &Facts<'_>) -> Gate {
    let mut judge = Judge::default();
    let overlap = match facts.overlap.read() {
        Ok(overlap) => overlap,
        Err(gap) => {
            judge.gap(gap);
            return judge.done(id::OVERLAP, "");
        }
    };
    let (twice, orphaned) = (&overlap.twice, &overlap.orphaned);
    if !twice.is_empty() {
        let n = words::count(twice.len(), "workload");
        judge.close(format!(
            "{n} would be claimed by two injectors ({})",
            words::some(twice, 2)
        ));
    }
    if !orphaned.is_empty() {
        let n = words::count(orphaned.len(), "workload");
        judge.close(format!(
            "{n} would lose the injector ({})",
            words::some(orphaned, 2)
        ));
    }
    if !overlap.unknown.is_empty() {
        let n = words::count(overlap.unknown.len(), "workload");
        judge.doubt(format!(
            "who would inject {n} is not known ({})",
            words::some(&overlap.unknown, 2)
        ));
    }
    for (what, names) in [
        ("two injectors", twice),
        ("no injector", orphaned),
        ("unknown", &overlap.unknown),
    ] {
        for name in names {
            judge.note(format!("{what}: {name}"));
        }
    }
    judge.hint("kubectl get namespaces -L istio-injection,istio.io/rev");
    let mut open = "every pod is claimed by one injector, or by none as before".to_owned();
    if !overlap.already_twice.is_empty() {
        let n = words::count(overlap.already_twice.len(), "workload");
        open = format!("nobody gains or loses an injector; {n} claimed by two already");
    }
    judge.done(id::OVERLAP, open)
}

pub(super) fn findings(facts: &Facts<'_>) -> Vec<Finding> {
    let already = facts.overlap.get().map(|o| o.already_twice.as_slice());
    already
        .unwrap_or_default()
        .iter()
        .take(FINDINGS_MAX)
        .map(|name| Finding {
            code: code::TWICE_ALREADY.into(),
            severity: Severity::Error,
            object: clean(name, 200),
            field: None,
            message: "two injectors claim it already, before any change".into(),
            evidence: Vec::new(),
            hint: Some("kubectl get namespaces -L istio-injection,istio.io/rev".into()),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use crate::check::{
        OverlapFacts, Verdict,
        made::Made,
        overlap::{findings, gate},
    };
    use crate::mesh::Known;

    #[test]
    fn one_injector_each() {
        let some = |names: &[&str]| names.iter().map(|n| (*n).to_owned()).collect::<Vec<_>>();
        let cases = [
            (
                "clean",
                Known::Known(OverlapFacts::default()),
                Verdict::Open,
                "one injector",
            ),
            (
                "twice",
                Known::Known(OverlapFacts {
                    twice: some(&["a/pod/x"]),
                    ..OverlapFacts::default()
                }),
                Verdict::Closed,
                "1 workload would be claimed by two injectors (a/pod/x)",
            ),
            (
                "orphaned",
                Known::Known(OverlapFacts {
                    orphaned: some(&["a/pod/x", "a/pod/y", "a/pod/z"]),
                    unknown: some(&["b/pod/x"]),
                    ..OverlapFacts::default()
                }),
                Verdict::Closed,
                "3 workloads would lose the injector (a/pod/x, a/pod/y and 1 more)",
            ),
            (
                "unknown",
                Known::Known(OverlapFacts {
                    unknown: some(&["a/pod/x"]),
                    ..OverlapFacts::default()
                }),
                Verdict::Unknown,
                "who would inject 1 workload is not known",
            ),
            (
                "already",
                Known::Known(OverlapFacts {
                    already_twice: some(&["a/pod/x"]),
                    ..OverlapFacts::default()
                }),
                Verdict::Open,
                "1 workload claimed by two already",
            ),
            (
                "unread",
                Known::not_read("workloads"),
                Verdict::Unknown,
                "workloads could not be read",
            ),
        ];
        for (name, overlap, verdict, summary) in cases {
            for made in [Made::live(), Made::rehearsal()] {
                let mut facts = made.facts();
                facts.overlap = overlap.clone();
                let gate = gate(&facts);
                assert_eq!(gate.verdict, verdict, "{name}");
                assert!(gate.summary.contains(summary), "{name}: {}", gate.summary);
                assert_eq!(findings(&facts).len(), usize::from(name == "already"));
            }
        }
    }
}
