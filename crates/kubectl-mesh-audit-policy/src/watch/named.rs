//! Who called, by the logs, held against how many called, by the counters: pure.
//!
//! Counters are of every request and name nobody; a log names callers and may leave requests out. A log that has as many
//! requests as its proxy counted has all of them. What only one of the two knows is said.

use std::collections::BTreeMap;

use super::{
    counters::{Counted, Tally},
    heard::{Count, Heard, Log},
    judge::NOBODY,
};
use crate::watched::Caller;

/// Who called, and why that may not be all.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Named {
    callers: BTreeMap<String, Count>,
    /// Why not every caller may be named, one line each.
    pub(super) unclear: Vec<String>,
    /// Requests whose caller is told by its address.
    pub(super) derived: u64,
    /// Requests that are in the logs.
    pub(super) requests: u64,
}

/// What is known of one proxy.
#[derive(Debug, Clone, Copy, Default)]
struct Both {
    /// What it counted; none where that is not known.
    counted: Option<Counted>,
    /// How many requests it had counted before the last of its log was waited for.
    before: u64,
    /// Whether its counters are of several policies.
    shared: bool,
    /// What its log told.
    lines: Count,
    /// Of those denied: refused anyway, maybe before they were counted.
    refused: u64,
    /// Lines of its log that may have been requests.
    lost: u64,
    /// Denials of this very policy that it said itself.
    said: u64,
}

/// What the two come to.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
struct One {
    /// Nothing was denied at all: what the log does not tell was allowed.
    all_passed: bool,
    /// Requests of callers that are not named.
    rest: Count,
    /// Why not all are named.
    why: Vec<Why>,
}

/// Why not every caller is named.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Why {
    /// Nobody can tell whether the log has every request.
    NoCounter,
    /// No line of it is one of an access log.
    NoLines,
    /// So many requests of so many are in the log.
    Some(u64, u64),
    /// The log comes to so many denials, and fewer were counted.
    Disagree(u64, u64),
    /// So many denials are of no caller that is named.
    Denials(u64),
    /// So many denials the proxy said itself, and its log does not come to them.
    Said(u64),
    /// So many lines may have been requests.
    Lost(u64),
}

impl One {
    fn of(both: Both) -> Self {
        let mut one = Self::default();
        let seen = both.lines.all();
        if both.lost > 0 {
            one.why.push(Why::Lost(both.lost));
        }
        let Some(counted) = both.counted else {
            one.why.push(Why::NoCounter);
            one.beyond(both, 0);
            return one;
        };
        let missing = both.before.saturating_sub(seen);
        if missing > 0 && seen == 0 {
            one.why.push(Why::NoLines);
        } else if missing > 0 {
            one.why.push(Why::Some(seen, both.before));
        }
        if both.shared {
            one.beyond(both, missing);
            return one;
        }
        one.rest.denied = counted.denied.saturating_sub(both.lines.denied);
        one.rest.allowed = missing.saturating_sub(one.rest.denied);
        if one.rest.denied > 0 && missing == 0 {
            one.why.push(Why::Denials(one.rest.denied));
        }
        // What was refused before it came to the copy was not counted.
        let certain = both.lines.denied.saturating_sub(both.refused);
        if certain > counted.denied {
            one.why
                .push(Why::Disagree(both.lines.denied, counted.denied));
        }
        one.all_passed = counted.denied == 0 && both.lines.denied == 0;
        one
    }

    /// Where counters do not tell what is of this policy: what the proxy said itself, beyond what its log comes to.
    fn beyond(&mut self, both: Both, missing: u64) {
        self.rest.denied = both.said.saturating_sub(both.lines.denied);
        self.rest.unknown = missing.saturating_sub(self.rest.denied);
        if self.rest.denied > 0 {
            self.why.push(Why::Said(self.rest.denied));
        }
    }
}

impl Why {
    fn words(self) -> String {
        match self {
            Self::NoCounter => "it could not always be asked what it counted, so nobody can tell whether its log has every request".into(),
            Self::NoLines => "its log has no line of an access log that can be read: who called is not known".into(),
            Self::Some(seen, of) => format!("{seen} of {of} requests are in its log: it is sampled or filtered, or they still go on; who sent the others is not known"),
            Self::Disagree(log, counted) => format!("its log comes to {log} denials, and it counted {counted}: the log does not tell what the proxy saw"),
            Self::Denials(n) => format!("{n} denials that it counted are of no caller that its log names"),
            Self::Said(n) => format!(
                "{n} denials of this policy stand in its rbac debug lines, and are of no caller that its log names"
            ),
            Self::Lost(n) => format!("{n} lines of its log may have been requests, and cannot be judged"),
        }
    }
}

impl Named {
    /// Holds one against the other. `before` is what each had counted when the end of its log was waited for.
    pub(super) fn of(
        tally: &Tally,
        heard: &Heard,
        before: &BTreeMap<String, u64>,
        shared: bool,
    ) -> Self {
        let mut named = Self::default();
        let none = Log::default();
        for (uid, proxy) in &tally.proxies {
            let log = heard.logs.get(uid).unwrap_or(&none);
            let one = One::of(Both {
                counted: (!proxy.gaps && proxy.evaluates).then_some(proxy.counted),
                before: before.get(uid).copied().unwrap_or(proxy.counted.all()),
                shared,
                lines: log.sum(),
                refused: log.refused,
                lost: log.lost,
                said: log.said,
            });
            named.derived = named.derived.saturating_add(log.derived);
            named.requests = named.requests.saturating_add(log.sum().all());
            for (caller, count) in &log.callers {
                let mut count = *count;
                if one.all_passed {
                    count.allowed = count.allowed.saturating_add(count.unknown);
                    count.unknown = 0;
                }
                named.add(caller, count);
            }
            if one.rest.all() > 0 {
                named.add(NOBODY, one.rest);
            }
            if let Some(why) = log.silent.as_deref().filter(|_| !one.why.is_empty()) {
                named
                    .unclear
                    .push(format!("{}: its log is not read: {why}", proxy.pod));
            }
            let why = one
                .why
                .iter()
                .filter(|why| log.silent.is_none() || !matches!(why, Why::NoLines));
            let lines = why.map(|why| format!("{}: {}", proxy.pod, why.words()));
            named.unclear.extend(lines);
        }
        named
    }

    fn add(&mut self, caller: &str, count: Count) {
        let sum = self.callers.entry(caller.to_owned()).or_default();
        *sum = sum.plus(count);
    }

    /// All of them together.
    pub(super) fn sum(&self) -> Count {
        let all = self.callers.values().copied();
        all.fold(Count::default(), Count::plus)
    }

    /// They, for the journal: those that would be denied first.
    pub(super) fn callers(&self) -> Vec<Caller> {
        let mut callers: Vec<Caller> = self
            .callers
            .iter()
            .map(|(name, count)| Caller {
                name: name.clone(),
                allowed: count.allowed,
                denied: count.denied,
                unknown: count.unknown,
            })
            .collect();
        by_weight(&mut callers);
        callers
    }
}

/// Those that would be denied first, then those of whom that is not known.
pub(super) fn by_weight(callers: &mut [Caller]) {
    let weight = |c: &Caller| std::cmp::Reverse((c.denied, c.unknown, c.allowed));
    callers.sort_by(|a, b| weight(a).cmp(&weight(b)).then_with(|| a.name.cmp(&b.name)));
}

#[cfg(test)]
mod tests;
