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

/// The callers by name. What the logs tell of a caller stands; one that only its proxies' metrics know is taken out of those
/// whom nothing names, as far as that is certain. One that called, and of whom nothing is certain, has no numbers. No
/// counter of several policies tells anything of one.
pub(super) fn named(tally: &Tally, told: Vec<Caller>, shared: bool) -> Vec<Caller> {
    let (mut nobody, told): (Vec<_>, Vec<_>) = told.into_iter().partition(|c| c.name == NOBODY);
    let mut more: BTreeMap<&str, Caller> = BTreeMap::new();
    for proxy in tally.proxies.values() {
        for name in proxy.called.since.keys() {
            more.entry(name).or_insert_with(|| Caller::of(name));
        }
        for (name, certain) in proxy.certain.iter().filter(|_| !shared) {
            let caller = more.entry(name).or_insert_with(|| Caller::of(name));
            caller.allowed = caller.allowed.saturating_add(certain.allowed);
            caller.denied = caller.denied.saturating_add(certain.denied);
        }
    }
    more.retain(|name, _| told.iter().all(|caller| caller.name != *name));
    // Sums stay those of the counters. Where more would be taken out than is there, the log calls them something else.
    type Part = fn(&mut Caller) -> &mut u64;
    let parts: [Part; 2] = [|caller| &mut caller.allowed, |caller| &mut caller.denied];
    for part in parts {
        let sum = |of: &mut dyn Iterator<Item = &mut Caller>| {
            of.map(|caller| *part(caller)).fold(0, u64::saturating_add)
        };
        let mut taken = sum(&mut more.values_mut());
        if taken > sum(&mut nobody.iter_mut()) {
            more.values_mut().for_each(|caller| *part(caller) = 0);
            taken = 0;
        }
        for rest in &mut nobody {
            let less = taken.min(*part(rest));
            *part(rest) -= less;
            taken -= less;
        }
    }
    nobody.retain(|rest| rest.allowed > 0 || rest.denied > 0 || rest.unknown > 0);
    let mut all: Vec<Caller> = told.into_iter().chain(more.into_values()).collect();
    by_weight(&mut all);
    all.extend(nobody);
    all
}

/// Who is known to call: whoever the metrics of these proxies name, from when they started, and rare callers beside them.
/// None where one of them does not say.
pub(super) fn expected(tally: &Tally, rare: &Rare) -> Option<Expected> {
    let mut callers: BTreeSet<String> = BTreeSet::new();
    for proxy in tally.proxies.values() {
        let called = &proxy.called;
        let silent = proxy.counted.all() > 0 && called.since.is_empty() && called.before.is_empty();
        if called.nameless || !called.asked() || silent {
            return None;
        }
        callers.extend(called.before.keys().chain(called.since.keys()).cloned());
    }
    // An empty list is no list of everybody who calls.
    if callers.is_empty() {
        return None;
    }
    let starts = tally.proxies.values().map(|proxy| proxy.counts_since);
    let oldest = starts.collect::<Option<Vec<_>>>();
    let mut from = match oldest.and_then(|all| all.into_iter().min()) {
        Some(at) => format!("the proxies' metrics since {at:.0}"),
        None => "the proxies' metrics since they started".to_owned(),
    };
    let rare = rare.beside(&callers);
    if !rare.is_empty() {
        from.push_str(" and CronJobs");
        callers.extend(rare);
    }
    Some(Expected { from, callers })
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
