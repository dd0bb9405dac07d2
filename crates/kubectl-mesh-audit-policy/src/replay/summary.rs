//! What a log came to: plain numbers and rows, which come together the same in any order.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::decided::Decided;
use crate::logs::Skip;

/// What the policies as proposed change for a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) enum Class {
    /// It passes today, and would be refused.
    NewlyBlocked,
    /// It passes today, and what would become of it is not known.
    Unknown,
    /// It is refused today, and would pass or may pass.
    NewlyAllowed,
    /// It is refused, and would be.
    StillBlocked,
    /// It passes, and would.
    StillAllowed,
}

impl Class {
    pub(crate) const ALL: [Self; 5] = [
        Self::NewlyBlocked,
        Self::Unknown,
        Self::NewlyAllowed,
        Self::StillBlocked,
        Self::StillAllowed,
    ];

    /// So many rows of it are kept: what would be blocked matters most.
    pub(super) fn most(self) -> usize {
        match self {
            Self::NewlyBlocked => 2_000,
            Self::Unknown => 1_000,
            Self::NewlyAllowed | Self::StillBlocked | Self::StillAllowed => 500,
        }
    }
}

/// So many hours are kept, the latest.
const HOURS: usize = 24 * 400;

/// Requests that are alike.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Row {
    pub(crate) class: Class,
    /// Of the key, for what is kept when parts come together.
    pub(crate) hash: u64,
    pub(crate) workload: String,
    /// Who called, as far as that is known.
    pub(crate) source: String,
    /// How the source is known.
    pub(crate) known: Known,
    pub(crate) method: String,
    pub(crate) path: String,
    /// The rule, or the fields that are missing.
    pub(crate) by: String,
    pub(crate) requests: u64,
    pub(crate) example: Example,
}

/// How a caller is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) enum Known {
    /// The log has the identity.
    Log,
    /// One pod held the address.
    Derived,
    /// The address is all that is known.
    Address,
    /// Not even that.
    Nothing,
}

/// One of the requests: the earliest.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Example {
    /// Milliseconds since 1970; the largest number where the line has no time.
    pub(crate) time: i64,
    /// Without query.
    pub(crate) path: String,
    pub(crate) host: String,
    pub(crate) caller: String,
}

/// What some lines came to.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Summary {
    pub(crate) lines: u64,
    /// By [`Skip::name`].
    pub(crate) skipped: BTreeMap<String, u64>,
    /// Requests by class.
    pub(crate) classes: BTreeMap<Class, u64>,
    /// Refused today.
    pub(crate) refused_now: u64,
    /// Refused, and then not known.
    pub(crate) refused_then_unknown: u64,
    /// Today's policies did not tell; the log did.
    pub(crate) by_log: u64,
    /// Today's policies say the opposite of the log.
    pub(crate) disagree: u64,
    /// Requests whose caller was derived from its address.
    pub(crate) derived: u64,
    /// Requests whose line has no time.
    pub(crate) timeless: u64,
    pub(crate) first: Option<i64>,
    pub(crate) last: Option<i64>,
    /// Hours since 1970 in which there are lines of requests.
    pub(crate) hours: BTreeSet<i64>,
    pub(crate) rows: Vec<Row>,
    /// Callers that were seen, by workload; no more than some thousands.
    pub(crate) callers: BTreeSet<String>,
    /// Logs that ended before their end, and why.
    pub(crate) broken: BTreeSet<String>,
    /// Requests of `rbac` debug lines. An access log may have the same ones, so they are no more requests.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) checks: Option<Box<Summary>>,
    /// What proxies decided, by rule.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub(crate) decided: BTreeMap<String, Decided>,
}

impl Summary {
    /// Both.
    pub(super) fn merge(mut self, other: Self) -> Self {
        self.lines += other.lines;
        for (skip, count) in other.skipped {
            *self.skipped.entry(skip).or_default() += count;
        }
        for (class, count) in other.classes {
            *self.classes.entry(class).or_default() += count;
        }
        self.refused_now += other.refused_now;
        self.refused_then_unknown += other.refused_then_unknown;
        self.by_log += other.by_log;
        self.disagree += other.disagree;
        self.derived += other.derived;
        self.timeless += other.timeless;
        self.first = [self.first, other.first].into_iter().flatten().min();
        self.last = self.last.max(other.last);
        self.hours.extend(other.hours);
        self.callers.extend(other.callers);
        self.broken.extend(other.broken);
        self.checks = match (self.checks.take(), other.checks) {
            (Some(a), Some(b)) => Some(Box::new(a.merge(*b))),
            (a, b) => a.or(b),
        };
        for (rule, decided) in other.decided {
            self.note_decided(rule, decided);
        }
        self.rows = rows(self.rows, other.rows);
        self.trim();
        self
    }

    pub(super) fn trim(&mut self) {
        while self.hours.len() > HOURS {
            self.hours.pop_first();
        }
    }

    pub(crate) fn class(&self, class: Class) -> u64 {
        self.classes.get(&class).copied().unwrap_or_default()
    }

    /// Requests that were judged.
    pub(crate) fn evaluated(&self) -> u64 {
        self.classes.values().sum()
    }

    pub(crate) fn skipped(&self, skip: Skip) -> u64 {
        self.skipped.get(skip.name()).copied().unwrap_or_default()
    }

    /// Lines that may have been requests that count.
    pub(crate) fn lost(&self) -> u64 {
        let unknown = Skip::ALL.iter().filter(|skip| skip.is_unknown());
        unknown.map(|skip| self.skipped(*skip)).sum()
    }

    /// Rows of a class, the most requests first. Those that read the same are one: a workload with two revisions.
    pub(crate) fn of(&self, class: Class) -> Vec<Row> {
        let rows = self.rows.iter().filter(|row| row.class == class);
        let alike = rows.cloned().map(|row| Row { hash: 0, ..row }).collect();
        let mut rows = all_rows(alike, Vec::new());
        rows.sort_by(|a, b| b.requests.cmp(&a.requests).then_with(|| a.cmp(b)));
        rows
    }

    /// Requests of a class that are in no row.
    pub(crate) fn others(&self, class: Class) -> u64 {
        let shown: u64 = self.of(class).iter().map(|row| row.requests).sum();
        self.class(class).saturating_sub(shown)
    }
}

/// The same row of both is one; of each class those with the smallest hashes stay, as in
/// [`Bounded`](super::bounded::Bounded).
fn rows(a: Vec<Row>, b: Vec<Row>) -> Vec<Row> {
    let mut left: BTreeMap<Class, usize> = BTreeMap::new();
    let mut rows = all_rows(a, b);
    rows.retain(|row| {
        let count = left.entry(row.class).or_default();
        *count += 1;
        *count <= row.class.most()
    });
    rows
}

fn all_rows(a: Vec<Row>, b: Vec<Row>) -> Vec<Row> {
    let mut by_key: BTreeMap<(Class, u64, [String; 5], Known), Row> = BTreeMap::new();
    for row in a.into_iter().chain(b) {
        let texts = [&row.workload, &row.source, &row.method, &row.path, &row.by].map(Clone::clone);
        let key = (row.class, row.hash, texts, row.known);
        match by_key.get_mut(&key) {
            Some(there) => {
                there.requests += row.requests;
                if row.example < there.example {
                    there.example = row.example;
                }
            }
            None => {
                by_key.insert(key, row);
            }
        }
    }
    by_key.into_values().collect()
}
