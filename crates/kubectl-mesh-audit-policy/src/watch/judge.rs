//! What a watch proves: pure.

use jiff::Timestamp;
use mesh_common::{Outcome, output::count};

use super::{counters::Tally, proxies};
use crate::watched::{Caller, Signal};

/// What all callers together are called: counters tell none apart.
pub(super) const NOBODY: &str = "callers that counters do not name";

/// What was seen, and why it may not be all.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Judged {
    allowed: u64,
    denied: u64,
    /// Why the numbers may not be all there is, one line each.
    pub(super) unclear: Vec<String>,
    /// Why no number at all is of this policy.
    shared: bool,
    proxies: usize,
}

impl Judged {
    pub(super) fn of(
        workloads: &[proxies::Watched],
        beside: &[String],
        tally: &Tally,
        failed: Option<String>,
    ) -> Self {
        let mut unclear: Vec<String> = Vec::new();
        unclear.extend(failed);
        unclear.extend(beside.iter().map(|line| {
            format!(
                "{line} is in dry run too: counters are of both, and only replay tells them apart"
            )
        }));
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
        let sum = tally.sum();
        Self {
            allowed: sum.allowed,
            denied: sum.denied,
            unclear,
            shared: !beside.is_empty(),
            proxies: tally.proxies.len(),
        }
    }

    /// The proof that a denial would have been counted: on every workload a request was.
    pub(super) fn signal(&self) -> Option<Signal> {
        self.unclear.is_empty().then(|| Signal {
            how: format!(
                "{} showed up in the counters of {}, on every workload",
                count(
                    usize::try_from(self.allowed.saturating_add(self.denied)).unwrap_or(usize::MAX),
                    "request"
                ),
                count(self.proxies, "proxy")
            ),
            at: Timestamp::now(),
        })
    }

    /// What was counted. Counters of two policies are of neither.
    pub(super) fn callers(&self) -> Vec<Caller> {
        let all = self.allowed.saturating_add(self.denied);
        if all == 0 {
            return Vec::new();
        }
        let (allowed, denied, unknown) = if self.shared {
            (0, 0, all)
        } else {
            (self.allowed, self.denied, 0)
        };
        vec![Caller {
            name: NOBODY.to_owned(),
            allowed,
            denied,
            unknown,
        }]
    }

    pub(super) fn outcome(&self) -> Outcome {
        if self.denied > 0 && !self.shared {
            Outcome::Refused
        } else if self.unclear.is_empty() {
            Outcome::Done
        } else {
            Outcome::Unknown
        }
    }
}
