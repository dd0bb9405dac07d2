//! What a watch proves: pure.

use jiff::Timestamp;
use mesh_common::{Outcome, output::count};

use super::{counters::Tally, named::Named, proxies};
use crate::watched::{Caller, Signal};

/// What all callers together are called: counters tell none apart.
pub(crate) const NOBODY: &str = "callers that counters do not name";

/// What was seen, and why it may not be all.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Judged {
    allowed: u64,
    denied: u64,
    /// Why the numbers may not be all there is, one line each.
    pub(super) unclear: Vec<String>,
    /// Why no counter at all is of this policy.
    shared: bool,
    proxies: usize,
    /// Who called.
    pub(super) named: Named,
}

impl Judged {
    pub(super) fn of(
        workloads: &[proxies::Watched],
        beside: &[String],
        tally: &Tally,
        failed: Option<String>,
        named: Named,
    ) -> Self {
        let mut unclear: Vec<String> = Vec::new();
        unclear.extend(failed);
        let told = named.unclear.is_empty() && named.sum().unknown == 0;
        if !told {
            unclear.extend(beside.iter().map(|line| {
                format!("{line} is in dry run too: counters are of both, and only a log that has every request and its caller tells them apart")
            }));
        }
        let rows = tally.by_workload();
        for workload in workloads {
            match rows.get(workload.name.as_str()) {
                None => unclear.push(format!("{}: no pod with a proxy was found", workload.name)),
                Some((counted, _)) if counted.all() == 0 => unclear.push(format!(
                    "{}: no request showed up, so zero denials prove nothing",
                    workload.name
                )),
                Some(_) => {}
            }
        }
        let silent = tally.proxies.values().filter(|proxy| proxy.gaps);
        unclear.extend(silent.map(|proxy| {
            let why = proxy.unread.as_deref().unwrap_or("now and then");
            format!("{} could not be asked: {why}", proxy.pod)
        }));
        let without = tally
            .proxies
            .values()
            .filter(|p| !p.evaluates && p.unread.is_none());
        unclear.extend(without.map(|proxy| {
            format!(
                "{} has no counter of a dry run: the copy is not in it",
                proxy.pod
            )
        }));
        let sum = tally.sum();
        Self {
            allowed: sum.allowed,
            denied: sum.denied,
            unclear,
            shared: !beside.is_empty(),
            proxies: tally.proxies.len(),
            named,
        }
    }

    /// Requests that would be denied, as far as that is known of this policy.
    fn denied(&self) -> u64 {
        let counted = if self.shared { 0 } else { self.denied };
        self.named.sum().denied.max(counted)
    }

    /// The proof that a denial would have been seen: on every workload a request was.
    pub(super) fn signal(&self) -> Option<Signal> {
        let requests = |n: u64| count(usize::try_from(n).unwrap_or(usize::MAX), "request");
        let counted = self.allowed.saturating_add(self.denied);
        let proxies = count(self.proxies, "proxy");
        let how = if self.shared {
            format!(
                "{} in the access logs of {proxies}, which have all that was counted, on every workload",
                requests(self.named.requests)
            )
        } else {
            format!(
                "{} showed up in the counters of {proxies}, on every workload",
                requests(counted)
            )
        };
        self.unclear.is_empty().then(|| Signal {
            how,
            at: Timestamp::now(),
        })
    }

    /// Who called, and those whom nothing names.
    pub(super) fn callers(&self) -> Vec<Caller> {
        self.named.callers()
    }

    pub(super) fn outcome(&self) -> Outcome {
        if self.denied() > 0 {
            Outcome::Refused
        } else if self.unclear.is_empty() {
            Outcome::Done
        } else {
            Outcome::Unknown
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::watch::{
        counters::{Counted, Reading},
        heard::Heard,
        requests::Requests,
    };

    /// Allowed and denied, or why that is not known; none where there is no counter.
    type Said = Result<Option<(u64, u64)>, &'static str>;

    fn tally(readings: &[(&str, Said)]) -> Tally {
        let mut tally = Tally::default();
        for (pod, said) in readings {
            tally.take(Reading {
                uid: (*pod).into(),
                workload: "payments/deployment/cards".into(),
                pod: (*pod).into(),
                new: true,
                said: said
                    .map(|c| c.map(|(allowed, denied)| Counted { allowed, denied }))
                    .map_err(str::to_owned),
                requests: Requests::default(),
                counts_since: None,
            });
        }
        tally
    }

    fn judged(
        workloads: &[proxies::Watched],
        beside: &[String],
        tally: &Tally,
        failed: Option<&str>,
    ) -> Judged {
        let shared = !beside.is_empty();
        let named = Named::of(tally, &Heard::default(), &BTreeMap::new(), shared);
        Judged::of(workloads, beside, tally, failed.map(str::to_owned), named)
    }

    #[test]
    fn zero_is_zero_only_where_every_proxy_answered_and_a_request_showed_up() {
        let workloads = [proxies::Watched::named("payments/deployment/cards")];
        let beside = ["cards: payments/other".to_owned()];
        let none: [String; 0] = [];
        for (name, readings, beside, failed, want, lines) in [
            (
                "all seen",
                vec![("a", Ok(Some((4, 0))))],
                &none[..],
                None,
                Outcome::Done,
                0,
            ),
            (
                "denied",
                vec![("a", Ok(Some((4, 1))))],
                &none[..],
                None,
                Outcome::Refused,
                0,
            ),
            (
                "nobody called",
                vec![("a", Ok(Some((0, 0))))],
                &none[..],
                None,
                Outcome::Unknown,
                1,
            ),
            ("no pod", vec![], &none[..], None, Outcome::Unknown, 1),
            (
                "one is silent",
                vec![("a", Ok(Some((4, 0)))), ("b", Err("HTTP 503"))],
                &none[..],
                None,
                Outcome::Unknown,
                1,
            ),
            (
                "not in one",
                vec![("a", Ok(Some((4, 0)))), ("b", Ok(None))],
                &none[..],
                None,
                Outcome::Unknown,
                1,
            ),
            (
                "two policies",
                vec![("a", Ok(Some((4, 1))))],
                &beside[..],
                None,
                Outcome::Unknown,
                1,
            ),
            (
                "the end failed",
                vec![("a", Ok(Some((4, 0))))],
                &none[..],
                Some("no API server"),
                Outcome::Unknown,
                1,
            ),
        ] {
            let tally = tally(&readings);
            let judged = judged(&workloads, beside, &tally, failed);
            assert_eq!(judged.outcome(), want, "{name}");
            assert_eq!(judged.unclear.len(), lines, "{name}: {:?}", judged.unclear);
            assert_eq!(judged.signal().is_some(), lines == 0, "{name}");
        }
        // Counters of two policies are of neither.
        let tally = tally(&[("a", Ok(Some((4, 1))))]);
        let callers = judged(&workloads, &beside, &tally, None).callers();
        assert_eq!(
            (callers[0].allowed, callers[0].denied, callers[0].unknown),
            (0, 0, 5)
        );
    }
}
