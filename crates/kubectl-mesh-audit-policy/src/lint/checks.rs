//! The checks, in the order of their codes.

mod callers;
mod identity;
mod peers;
mod planes;
mod ports;
mod reach;
mod rules;
mod text;

use super::{
    check::Check,
    facts::{Facts, Judged},
    fields::{List, lists},
};

/// Every check there is.
pub(crate) fn every() -> impl Iterator<Item = &'static Check> {
    [
        text::CHECKS,
        rules::CHECKS,
        reach::CHECKS,
        callers::CHECKS,
        identity::CHECKS,
        ports::CHECKS,
        planes::CHECKS,
        peers::CHECKS,
        super::analyze::CHECKS,
    ]
    .into_iter()
    .flatten()
}

/// Every list of values of every rule that is judged.
fn each(facts: &Facts) -> impl Iterator<Item = (&Judged, List<'_>)> {
    facts.policies.iter().flat_map(|judged| {
        let rules = judged.policy.spec.rules.iter().enumerate();
        let rules = rules.filter_map(|(n, rule)| Some((n, rule.as_ref()?)));
        rules.flat_map(move |(n, rule)| lists(n, rule).into_iter().map(move |list| (judged, list)))
    })
}
