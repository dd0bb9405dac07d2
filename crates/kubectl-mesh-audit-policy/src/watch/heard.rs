//! What the logs of proxies told so far: requests by caller, and lines that tell nothing.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;

use super::{
    ears::{self, Left, Silence},
    proxies,
};
use crate::{
    logs::Skip,
    replay::{Alone, Said},
};

/// Callers that are kept apart: whoever calls from many addresses shall not fill memory or the journal.
const CALLERS: usize = 1_000;
/// What the others are called.
const OTHERS: &str = "callers beyond the first 1000";

/// Requests, by what the policy would do to them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Count {
    pub(super) allowed: u64,
    pub(super) denied: u64,
    pub(super) unknown: u64,
}

impl Count {
    pub(super) fn all(self) -> u64 {
        self.allowed
            .saturating_add(self.denied)
            .saturating_add(self.unknown)
    }

    pub(super) fn plus(self, other: Self) -> Self {
        Self {
            allowed: self.allowed.saturating_add(other.allowed),
            denied: self.denied.saturating_add(other.denied),
            unknown: self.unknown.saturating_add(other.unknown),
        }
    }

    fn of(said: Said) -> Self {
        let mut one = Self::default();
        match said {
            Said::Allowed => one.allowed = 1,
            Said::Denied => one.denied = 1,
            Said::Unknown => one.unknown = 1,
        }
        one
    }
}

/// What the log of one proxy told.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Log {
    pub(super) namespace: String,
    pub(super) name: String,
    pub(super) workload: String,
    pub(super) callers: BTreeMap<String, Count>,
    /// Denied, and refused when it was recorded: a filter before that of the copy may have refused it.
    pub(super) refused: u64,
    /// Denials of this very policy that the proxy said in its `rbac` debug lines. That there are none proves nothing.
    pub(super) said: u64,
    /// Requests whose caller is the pod that held the address.
    pub(super) derived: u64,
    /// Lines that may have been requests.
    pub(super) lost: u64,
    /// Why it is not read, if it is not.
    pub(super) silent: Option<String>,
    /// When its last line was written.
    last: Option<Timestamp>,
}

impl Log {
    pub(super) fn sum(&self) -> Count {
        let all = self.callers.values().copied();
        all.fold(Count::default(), Count::plus)
    }
}

/// What all of them told.
#[derive(Debug, Default)]
pub(super) struct Heard {
    /// By uid of the pod.
    pub(super) logs: BTreeMap<String, Log>,
    names: BTreeSet<String>,
    /// Since that was last asked for: by workload and caller.
    fresh: BTreeMap<(String, String), Count>,
    /// Whether it is heard of pods as they come and go, or why not; none before that is known.
    pub(super) pods: Option<Result<(), String>>,
}

impl Heard {
    /// A proxy whose log is read from now on.
    pub(super) fn begins(&mut self, pod: &proxies::Pod, read: bool) {
        let log = self.logs.entry(pod.uid.clone()).or_insert_with(|| Log {
            namespace: pod.namespace.clone(),
            name: pod.name.clone(),
            workload: pod.workload.clone(),
            ..Log::default()
        });
        if !read {
            log.silent = Some(format!("no more than {} logs are read at once", ears::MOST));
        }
    }

    /// Lines of a proxy; those of requests that began before the watch do not count.
    pub(super) fn lines(&mut self, uid: &str, lines: &[u8], alone: &mut Alone, began: Timestamp) {
        let Some(log) = self.logs.get_mut(uid) else {
            return;
        };
        log.silent = None;
        for line in lines.split(|byte| *byte == b'\n').filter(|l| !l.is_empty()) {
            log.last = ears::written(line).or(log.last);
            let request = match alone.hear(&log.namespace, &log.name, line) {
                Ok(request) => request,
                Err(Skip::Other) => {
                    log.said += u64::from(alone.would_deny(line));
                    continue;
                }
                Err(skip) => {
                    log.lost += u64::from(skip.is_unknown() && skip != Skip::TooLong);
                    continue;
                }
            };
            let early = |at| at < began.as_millisecond();
            if request.time.is_some_and(early) {
                continue;
            }
            let mut caller = request.caller;
            if !self.names.contains(&caller) {
                if self.names.len() >= CALLERS {
                    OTHERS.clone_into(&mut caller);
                }
                self.names.insert(caller.clone());
            }
            let one = Count::of(request.said);
            log.refused += u64::from(request.refused && request.said == Said::Denied);
            log.derived += u64::from(request.derived);
            let key = (log.workload.clone(), caller.clone());
            for count in [
                log.callers.entry(caller).or_default(),
                self.fresh.entry(key).or_default(),
            ] {
                *count = count.plus(one);
            }
        }
    }

    /// Lines that were too long to be read.
    pub(super) fn too_long(&mut self, uid: &str, lines: u64) {
        if let Some(log) = self.logs.get_mut(uid) {
            log.lost = log.lost.saturating_add(lines);
        }
    }

    /// Nothing more comes of a log. Gives back where it may be taken up, if it may.
    pub(super) fn silent(&mut self, uid: &str, silence: Silence) -> Option<Left> {
        let log = self.logs.get_mut(uid)?;
        match silence {
            Silence::Ended => Some(Left(log.last)),
            Silence::Failed(why) => {
                log.silent = Some(why);
                Some(Left(log.last))
            }
            Silence::Forbidden(why) => {
                log.silent = Some(why);
                None
            }
        }
    }

    /// What is new since this was last asked: workload, caller, requests.
    pub(super) fn take_fresh(&mut self) -> BTreeMap<(String, String), Count> {
        std::mem::take(&mut self.fresh)
    }

    /// Whether a log that is read has fewer requests than these.
    pub(super) fn lacks(&self, counted: &BTreeMap<String, u64>) -> bool {
        let lacks = |(uid, counted): (&String, &u64)| {
            let log = self.logs.get(uid).filter(|log| log.silent.is_none());
            log.is_some_and(|log| log.sum().all() < *counted)
        };
        counted.iter().any(lacks)
    }

    /// All callers of all proxies.
    pub(super) fn callers(&self) -> BTreeMap<&str, Count> {
        let mut all: BTreeMap<&str, Count> = BTreeMap::new();
        for (caller, count) in self.logs.values().flat_map(|log| &log.callers) {
            let sum = all.entry(caller).or_default();
            *sum = sum.plus(*count);
        }
        all
    }
}
