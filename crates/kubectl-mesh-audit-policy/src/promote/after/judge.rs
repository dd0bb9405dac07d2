//! Whether refusals rose: pure.

use std::collections::{BTreeMap, BTreeSet};

use mesh_common::output::{clean, count};
use serde::Serialize;

use crate::watch::{NOBODY, counters::Tally};

/// What proxies refused since the policy was written.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Refusals {
    /// Counted as passed, of all policies.
    pub(super) allowed: u64,
    /// Counted as refused, of all policies.
    pub(super) denied: u64,
    /// Of them, those of callers that may be refused.
    pub(super) meant: u64,
    /// Who was answered with 403.
    pub(super) callers: Vec<Caller>,
    /// Why the numbers may not be all, one line each.
    pub(super) unclear: Vec<String>,
}

/// A caller that was answered with 403, which a workload may answer by itself too.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(super) struct Caller {
    name: String,
    forbidden: u64,
    /// Whether it may be: `--accept`.
    accepted: bool,
    /// Whether it was before the policy, too.
    before: bool,
}

impl Caller {
    pub(super) fn line(&self) -> String {
        let n = usize::try_from(self.forbidden).unwrap_or(usize::MAX);
        let mut line = format!("{}: {}", clean(&self.name, 300), count(n, "request"));
        if self.accepted {
            line.push_str(", accepted");
        }
        if self.before {
            line.push_str(", and before the policy too");
        }
        line
    }
}

impl Refusals {
    pub(super) fn of(
        workloads: &[&str],
        tally: &Tally,
        accepted: &BTreeMap<String, String>,
        mut unclear: Vec<String>,
    ) -> Self {
        let rows = tally.by_workload();
        let found: BTreeSet<&str> = rows.keys().copied().collect();
        for name in workloads.iter().filter(|name| !found.contains(*name)) {
            // A reading that failed says so by itself.
            if unclear.is_empty() {
                unclear.push(format!(
                    "{}: no pod with a proxy was asked",
                    clean(name, 300)
                ));
            }
        }
        for proxy in tally.proxies.values() {
            let pod = clean(&proxy.pod, 300);
            if proxy.gaps {
                let why = proxy.unread.as_deref().unwrap_or("now and then");
                unclear.push(format!("{pod} could not be asked: {}", clean(why, 200)));
            } else if !proxy.evaluates {
                unclear.push(format!("{pod} counts nothing of policies: none is in it"));
            }
        }
        let mut callers: BTreeMap<&str, Caller> = BTreeMap::new();
        for proxy in tally.proxies.values() {
            for (name, asked) in &proxy.called.since {
                if asked.forbidden == 0 {
                    continue;
                }
                let caller = callers.entry(name).or_insert_with(|| Caller {
                    name: name.clone(),
                    forbidden: 0,
                    accepted: accepted.contains_key(name),
                    before: false,
                });
                caller.forbidden = caller.forbidden.saturating_add(asked.forbidden);
                let before = proxy.called.before.get(name);
                caller.before |= before.is_some_and(|before| before.forbidden > 0);
            }
        }
        let mut callers: Vec<Caller> = callers.into_values().collect();
        callers.sort_by_key(|caller| std::cmp::Reverse(caller.forbidden));
        let sum = tally.sum();
        let of = |accepted: bool| {
            let those = callers.iter().filter(move |c| c.accepted == accepted);
            those.map(|c| c.forbidden).fold(0, u64::saturating_add)
        };
        // Who is not named was accepted as such; who is named was not.
        let nameless = if accepted.contains_key(NOBODY) {
            sum.denied
                .saturating_sub(of(true))
                .saturating_sub(of(false))
        } else {
            0
        };
        Self {
            allowed: sum.allowed,
            denied: sum.denied,
            meant: of(true).saturating_add(nameless).min(sum.denied),
            callers,
            unclear,
        }
    }

    /// Whether anybody was refused who is not meant to be.
    pub(super) fn rose(&self) -> bool {
        self.denied > self.meant
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::watch::{
        counters::{Counted, Reading},
        requests::{Asked, Requests},
    };

    fn reading(counted: Result<Option<(u64, u64)>, &str>, forbidden: &[(&str, u64)]) -> Reading {
        let asked = |n: u64| Asked {
            forbidden: n,
            ..Asked::default()
        };
        Reading {
            uid: "p".into(),
            workload: "payments/statefulset/ledger".into(),
            pod: "payments/ledger-0".into(),
            new: false,
            said: counted
                .map(|c| c.map(|(allowed, denied)| Counted { allowed, denied }))
                .map_err(str::to_owned),
            requests: Requests {
                callers: forbidden
                    .iter()
                    .map(|(name, n)| ((*name).to_owned(), asked(*n)))
                    .collect(),
                nameless: false,
            },
            counts_since: None,
        }
    }

    #[test]
    fn refusals_rise_where_somebody_is_refused_who_is_not_meant_to_be() {
        let workloads = ["payments/statefulset/ledger"];
        for (name, before, after, accepted, rose, unclear) in [
            (
                "nobody",
                reading(Ok(Some((9, 4))), &[]),
                reading(Ok(Some((12, 4))), &[]),
                vec![],
                false,
                0,
            ),
            (
                "somebody",
                reading(Ok(Some((9, 4))), &[]),
                reading(Ok(Some((12, 5))), &[("a/a", 1)]),
                vec![],
                true,
                0,
            ),
            (
                "whoever is accepted",
                reading(Ok(Some((9, 4))), &[]),
                reading(Ok(Some((12, 6))), &[("a/a", 2)]),
                vec!["a/a"],
                false,
                0,
            ),
            (
                "accepted and another",
                reading(Ok(Some((9, 4))), &[]),
                reading(Ok(Some((12, 7))), &[("a/a", 2), ("b/b", 1)]),
                vec!["a/a"],
                true,
                0,
            ),
            (
                "accepted, and nobody says who",
                reading(Ok(Some((9, 4))), &[]),
                reading(Ok(Some((12, 7))), &[("a/a", 2)]),
                vec!["a/a"],
                true,
                0,
            ),
            (
                "the nameless are accepted",
                reading(Ok(Some((9, 4))), &[]),
                reading(Ok(Some((12, 7))), &[]),
                vec![NOBODY],
                false,
                0,
            ),
            (
                "and one has a name",
                reading(Ok(Some((9, 4))), &[]),
                reading(Ok(Some((12, 7))), &[("b/b", 3)]),
                vec![NOBODY],
                true,
                0,
            ),
            // The workload's own 403 is no policy's.
            (
                "the workload's own",
                reading(Ok(Some((9, 4))), &[]),
                reading(Ok(Some((12, 4))), &[("a/a", 3)]),
                vec![],
                false,
                0,
            ),
            (
                "not asked",
                reading(Ok(Some((9, 4))), &[]),
                reading(Err("HTTP 503"), &[]),
                vec![],
                false,
                1,
            ),
            (
                "no policy there",
                reading(Ok(None), &[]),
                reading(Ok(None), &[]),
                vec![],
                false,
                1,
            ),
        ] {
            let mut tally = Tally::default();
            tally.take(before);
            tally.take(after);
            let accepted = accepted
                .into_iter()
                .map(|a: &str| (a.to_owned(), "why".to_owned()))
                .collect();
            let found = Refusals::of(&workloads, &tally, &accepted, Vec::new());
            assert_eq!(found.rose(), rose, "{name}: {found:?}");
            assert_eq!(found.unclear.len(), unclear, "{name}: {found:?}");
        }
        let none = Refusals::of(&workloads, &Tally::default(), &BTreeMap::new(), Vec::new());
        assert_eq!(
            none.unclear,
            ["payments/statefulset/ledger: no pod with a proxy was asked"]
        );
    }

    #[test]
    fn who_was_refused_before_is_told_so() {
        let mut tally = Tally::default();
        tally.take(reading(Ok(Some((0, 1))), &[("a/a", 1)]));
        tally.take(reading(
            Ok(Some((0, 3))),
            &[("a/a", 2), ("b/\u{1b}[31mb", 1)],
        ));
        let accepted = BTreeMap::from([("a/a".to_owned(), "why".to_owned())]);
        let found = Refusals::of(&[], &tally, &accepted, Vec::new());
        let lines: Vec<String> = found.callers.iter().map(Caller::line).collect();
        assert_eq!(
            lines[0],
            "a/a: 1 request, accepted, and before the policy too"
        );
        assert!(!lines[1].contains('\u{1b}'), "{lines:?}");
    }
}
