//! What proxies said of policies themselves, in their `rbac` debug lines; and requests that only those lines tell.

use mesh_common::output::clean;
use serde::{Deserialize, Serialize};

use super::{header::Header, summary::Summary};
use crate::logs::{Skip, rbac::Decision};

/// Rules that are kept apart.
const RULES: usize = 1_000;
const OTHERS: &str = "other rules";

/// How often a rule decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Decided {
    /// It denied.
    pub(crate) denied: u64,
    /// It allowed.
    pub(crate) allowed: u64,
    /// In dry run, it would have denied.
    pub(crate) would_deny: u64,
    /// In dry run, it would have allowed.
    pub(crate) would_allow: u64,
}

impl Decided {
    fn add(&mut self, other: Self) {
        self.denied += other.denied;
        self.allowed += other.allowed;
        self.would_deny += other.would_deny;
        self.would_allow += other.would_allow;
    }
}

impl Summary {
    /// A line of a proxy that says what a filter decided. That no rule matched is no decision of a rule.
    pub(super) fn decided(&mut self, decision: &Decision<'_>) {
        let Some(rule) = decision.rule else {
            return;
        };
        let name = format!("{}/{}/{}", rule.namespace, rule.policy, rule.index);
        let mut decided = Decided::default();
        *match (decision.shadow, decision.denied) {
            (false, true) => &mut decided.denied,
            (false, false) => &mut decided.allowed,
            (true, true) => &mut decided.would_deny,
            (true, false) => &mut decided.would_allow,
        } = 1;
        self.note_decided(clean(&name, 300), decided);
    }

    /// Adds to what a rule decided. Kept are the first by name, whatever comes and in whatever order.
    pub(super) fn note_decided(&mut self, rule: String, one: Decided) {
        self.decided.entry(rule).or_default().add(one);
        if self.decided.len() > RULES {
            let mut last = self.decided.keys().rev().filter(|rule| *rule != OTHERS);
            let last = last.next().cloned();
            if let Some(one) = last.and_then(|rule| self.decided.remove(&rule)) {
                self.decided.entry(OTHERS.into()).or_default().add(one);
            }
        }
    }

    /// Where no line of an access log was judged, requests are those of the debug lines.
    pub(super) fn settled(mut self, header: &mut Header) -> Self {
        let alone = self.evaluated() == 0;
        let Some(checks) = self
            .checks
            .take_if(|checks| alone && checks.evaluated() > 0)
        else {
            return self;
        };
        header.assumptions.push(
            "requests are those of rbac debug lines; one that filters change on its way counts once for each".into(),
        );
        let mut settled = *checks;
        self.skipped.remove(Skip::Check.name());
        settled.lines = self.lines;
        settled.skipped = self.skipped;
        settled.broken = self.broken;
        settled.decided = self.decided;
        settled
    }
}
