//! Which callers a watch saw, and what it knows of each: pure.
//!
//! A proxy counts what a policy in dry run would do, of nobody; and what its callers asked, of each of them. Held against each
//! other the two say at least how many requests of a caller would pass: of those that were answered no more can be meant by
//! the denials than there are denials. Sums are those of the counters always; who is named is what is certain.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    counters::{Counted, Tally},
    judge::NOBODY,
    named::by_weight,
    rare::Rare,
    requests::{Asked, NO_IDENTITY},
};
use crate::watched::{Caller, Expected};

/// What a log calls whoever has no identity ends so.
const WITHOUT: &str = " without identity";

/// Adds what is certain now of callers of one proxy. What was certain once stays: it is of requests that were made.
///
/// Of `n` answered requests of a caller at most all the denials can be its own, and so can be those of the answered that were not
/// evaluated within the watch: they were under way when it began.
pub(super) fn make_certain(
    certain: &mut BTreeMap<String, Counted>,
    counted: Counted,
    since: &BTreeMap<String, Asked>,
) {
    let answered = since.values().map(|asked| asked.answered);
    let answered = answered.fold(0, u64::saturating_add);
    let not_evaluated = answered.saturating_sub(counted.all());
    for (name, asked) in since {
        let beyond = |others: u64| {
            let others = others.saturating_add(not_evaluated);
            asked.answered.saturating_sub(others)
        };
        let (allowed, denied) = (beyond(counted.denied), beyond(counted.allowed));
        if allowed > 0 || denied > 0 {
            let known = certain.entry(name.clone()).or_default();
            known.allowed = known.allowed.max(allowed);
            known.denied = known.denied.max(denied);
        }
    }
}

/// Those of whom something is certain, of all proxies together.
fn certain(tally: &Tally) -> BTreeMap<&str, Counted> {
    let mut all: BTreeMap<&str, Counted> = BTreeMap::new();
    for (name, of) in tally.proxies.values().flat_map(|proxy| &proxy.certain) {
        let sum = all.entry(name).or_default();
        *sum = sum.plus(*of);
    }
    all
}

/// One of the numbers of a caller, and of a counter.
#[derive(Clone, Copy)]
struct Part {
    caller: fn(&mut Caller) -> &mut u64,
    counted: fn(&Counted) -> u64,
}

const ALLOWED: Part = Part {
    caller: |caller| &mut caller.allowed,
    counted: |counted| counted.allowed,
};
const DENIED: Part = Part {
    caller: |caller| &mut caller.denied,
    counted: |counted| counted.denied,
};

/// Gives names to requests that nobody has named yet. `callers` are those that the logs name, and the rest of the counters.
/// One that called, and of whom nothing is certain, has no numbers.
pub(super) fn name_the_rest(tally: &Tally, shared: bool, callers: Vec<Caller>) -> Vec<Caller> {
    let (mut rest, named): (Vec<Caller>, Vec<Caller>) = callers
        .into_iter()
        .partition(|caller| caller.name == NOBODY);
    let Some(mut nobody) = rest.pop() else {
        return named;
    };
    let mut all: BTreeMap<String, Caller> = named
        .into_iter()
        .map(|caller| (caller.name.clone(), caller))
        .collect();
    let called = tally
        .proxies
        .values()
        .flat_map(|proxy| proxy.called.since.keys());
    for name in called {
        all.entry(name.clone()).or_insert_with(|| Caller::of(name));
    }
    // Counters of two policies tell nothing of one.
    let certain = if shared {
        BTreeMap::new()
    } else {
        certain(tally)
    };
    for part in [ALLOWED, DENIED] {
        let more = certain.iter().map(|(name, of)| {
            let has = all
                .get_mut(*name)
                .map_or(0, |caller| *(part.caller)(caller));
            (*name, (part.counted)(of).saturating_sub(has))
        });
        let more: Vec<(&str, u64)> = more.collect();
        let sum = more.iter().map(|(_, n)| *n).fold(0, u64::saturating_add);
        // Where that is more than nobody has a name for, the logs call some of them something else.
        let rest = (part.caller)(&mut nobody);
        let Some(left) = rest.checked_sub(sum) else {
            continue;
        };
        *rest = left;
        for (name, n) in more {
            let caller = all
                .entry(name.to_owned())
                .or_insert_with(|| Caller::of(name));
            *(part.caller)(caller) += n;
        }
    }
    let mut all: Vec<Caller> = all.into_values().collect();
    if nobody.is_judged() {
        all.push(nobody);
    }
    by_weight(&mut all);
    all
}

/// Who is known to call: whoever the metrics of these proxies name, from when they started, and rare callers beside them.
/// None where one of them does not say. `callers` are those that were seen.
pub(super) fn expected(
    tally: &Tally,
    shared: bool,
    rare: &Rare,
    callers: &[Caller],
) -> Option<Expected> {
    let mut known: BTreeSet<String> = BTreeSet::new();
    for proxy in tally.proxies.values() {
        let called = &proxy.called;
        let silent = proxy.counted.all() > 0 && called.since.is_empty() && called.before.is_empty();
        if called.nameless || !called.asked() || silent {
            return None;
        }
        known.extend(called.before.keys().chain(called.since.keys()).cloned());
    }
    // An empty list is no list of everybody who calls.
    if known.is_empty() {
        return None;
    }
    let starts = tally.proxies.values().map(|proxy| proxy.counts_since);
    let oldest = starts.collect::<Option<Vec<_>>>();
    let mut from = match oldest.and_then(|all| all.into_iter().min()) {
        Some(at) => format!("the proxies' metrics since {at:.0}"),
        None => "the proxies' metrics since they started".to_owned(),
    };
    let mut seen: BTreeSet<String> = BTreeSet::new();
    if !shared {
        seen.extend(certain(tally).into_keys().map(str::to_owned));
    }
    // A log names each of them by its address.
    if callers
        .iter()
        .any(|c| c.is_judged() && c.name.ends_with(WITHOUT))
    {
        seen.insert(NO_IDENTITY.to_owned());
    }
    let rare = rare.beside(&known);
    if !rare.is_empty() {
        from.push_str(" and CronJobs");
        known.extend(rare);
    }
    seen.retain(|name| known.contains(name));
    Some(Expected {
        from,
        callers: known,
        seen,
    })
}

/// Namespaces of callers by name.
pub(super) fn namespaces(callers: &BTreeSet<String>) -> BTreeSet<&str> {
    let own = callers
        .iter()
        .filter(|name| *name != NO_IDENTITY && *name != NOBODY);
    own.filter_map(
        |name| match name.split('/').collect::<Vec<_>>().as_slice() {
            [namespace, _] => Some(*namespace),
            _ => None,
        },
    )
    .collect()
}

#[cfg(test)]
mod tests;
