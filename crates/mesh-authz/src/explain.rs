//! Why a verdict is what it is, and what would have had to differ.
//!
//! For people, one request at a time: this allocates. Texts come from policies and requests, so that whoever prints
//! them cleans them. Values of headers and queries never appear: they may be secrets.

use std::fmt;

use crate::compile::{Compiled, Cond, Rule, RuleRef, RuleSet};
use crate::evaluate::{Verdict, View};
use crate::policy::Action;
use crate::request::Request;
use crate::truth::Truth;

mod evidence;

use evidence::evidence;

/// How many rules that do not match are shown as the nearest.
const NEAREST: usize = 3;

/// Why a verdict is what it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Explanation {
    /// The verdict.
    pub verdict: Verdict,
    /// What decided.
    pub reason: Reason,
    /// What would have had to differ for the opposite, the nearest first. For an unknown verdict, what would have to
    /// be known.
    pub changes: Vec<Change>,
}

/// What decided.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reason {
    /// A rule matches.
    Rule {
        /// The action of its policy.
        action: Action,
        /// The rule.
        rule: RuleRef,
        /// The conditions that hold; none if the rule matches everything.
        held: Vec<Condition>,
    },
    /// ALLOW policies apply, and none of their rules matches.
    NoAllowRule,
    /// No ALLOW policy applies, and no rule that refuses matches.
    NoPolicy,
    /// Evidence is missing.
    Missing,
    /// What the proxy runs is not known, whatever the request.
    Configuration,
}

/// A rule that would decide otherwise.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// The action of its policy.
    pub action: Action,
    /// The rule.
    pub rule: RuleRef,
    /// Whether all of the conditions would have to differ, or any.
    pub need: Need,
    /// The conditions.
    pub conditions: Vec<Condition>,
}

/// Which of the conditions count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Need {
    /// All of them would have to hold.
    AllToHold,
    /// One of them would have to fail.
    OneToFail,
    /// It would have to be known whether they hold.
    ToKnow,
}

/// One condition of a rule, and what the request had.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Condition {
    /// The field as the policy writes it.
    pub field: String,
    /// True if none of the values may match.
    pub not: bool,
    /// The policy's values.
    pub values: Vec<String>,
    /// What the request had.
    pub evidence: Evidence,
}

/// What a request had.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Evidence {
    /// This.
    Value(String),
    /// Something that is not shown.
    Hidden,
    /// Nothing.
    Absent,
    /// It is not known.
    Unknown,
}

/// A rule's conditions, with the alternative that is nearest to a match.
struct Weighed<'a> {
    rule: &'a Rule,
    truth: Truth,
    held: Vec<&'a Cond>,
    failed: Vec<&'a Cond>,
    unknown: Vec<&'a Cond>,
}

impl Compiled {
    /// Explains the verdict on a request.
    #[must_use]
    pub fn explain(&self, request: &Request<'_>) -> Explanation {
        let verdict = self.evaluate(request).verdict;
        if self.unclear {
            return Explanation {
                verdict,
                reason: Reason::Configuration,
                changes: Vec::new(),
            };
        }
        let view = View::new(self, request);
        let refusing: Vec<(Action, &RuleSet)> = self
            .custom
            .iter()
            .filter(|set| set.misconfigured)
            .map(|set| (Action::Custom, &set.rules))
            .chain(self.deny.iter().map(|set| (Action::Deny, set)))
            .collect();
        let allowing = self
            .allow
            .iter()
            .map(|set| (Action::Allow, set))
            .collect::<Vec<_>>();
        let (reason, changes) = match verdict {
            Verdict::Deny => match self.matching(&refusing, &view) {
                Some(found) => found,
                None => (Reason::NoAllowRule, self.nearest(&allowing, &view)),
            },
            Verdict::Allow => {
                let mut changes = self.nearest(&refusing, &view);
                match self.matching(&allowing, &view) {
                    Some((reason, mut ends)) => {
                        ends.append(&mut changes);
                        (reason, ends)
                    }
                    None => (Reason::NoPolicy, changes),
                }
            }
            Verdict::Unknown(_) => {
                let sets = refusing.iter().chain(&allowing);
                (
                    Reason::Missing,
                    sets.flat_map(|(action, set)| self.missing(*action, set, &view))
                        .collect(),
                )
            }
        };
        Explanation {
            verdict,
            reason,
            changes,
        }
    }

    /// The first rule that matches, and what would end the match.
    fn matching(
        &self,
        sets: &[(Action, &RuleSet)],
        view: &View<'_, '_>,
    ) -> Option<(Reason, Vec<Change>)> {
        for (action, set) in sets {
            for rule in &set.rules {
                let weighed = Weighed::new(rule, view);
                if weighed.truth != Truth::True {
                    continue;
                }
                let held = self.conditions(&weighed.held, view);
                let reference = self.rule(rule.id)?.clone();
                let change = Change {
                    action: *action,
                    rule: reference.clone(),
                    need: Need::OneToFail,
                    conditions: held.clone(),
                };
                let changes = if held.is_empty() {
                    Vec::new()
                } else {
                    vec![change]
                };
                return Some((
                    Reason::Rule {
                        action: *action,
                        rule: reference,
                        held,
                    },
                    changes,
                ));
            }
        }
        None
    }

    /// The rules that come nearest to a match, and what they lack.
    fn nearest(&self, sets: &[(Action, &RuleSet)], view: &View<'_, '_>) -> Vec<Change> {
        let mut lacking: Vec<(Action, Weighed<'_>)> = sets
            .iter()
            .flat_map(|(action, set)| {
                set.rules
                    .iter()
                    .map(|rule| (*action, Weighed::new(rule, view)))
            })
            .filter(|(_, weighed)| weighed.truth == Truth::False && !weighed.failed.is_empty())
            .collect();
        lacking.sort_by_key(|(_, weighed)| (weighed.failed.len(), weighed.unknown.len()));
        lacking
            .into_iter()
            .take(NEAREST)
            .filter_map(|(action, weighed)| {
                let conditions = weighed
                    .failed
                    .iter()
                    .chain(&weighed.unknown)
                    .copied()
                    .collect::<Vec<_>>();
                self.change(action, weighed.rule, Need::AllToHold, &conditions, view)
            })
            .collect()
    }

    /// What would have to be known of the rules that may match.
    fn missing(&self, action: Action, set: &RuleSet, view: &View<'_, '_>) -> Vec<Change> {
        let weighed = set.rules.iter().map(|rule| Weighed::new(rule, view));
        weighed
            .filter(|weighed| matches!(weighed.truth, Truth::Unknown(_)))
            .filter_map(|weighed| {
                self.change(action, weighed.rule, Need::ToKnow, &weighed.unknown, view)
            })
            .collect()
    }

    fn change(
        &self,
        action: Action,
        rule: &Rule,
        need: Need,
        conditions: &[&Cond],
        view: &View<'_, '_>,
    ) -> Option<Change> {
        let rule = self.rule(rule.id)?.clone();
        Some(Change {
            action,
            rule,
            need,
            conditions: self.conditions(conditions, view),
        })
    }

    fn conditions(&self, conditions: &[&Cond], view: &View<'_, '_>) -> Vec<Condition> {
        let mut list: Vec<Condition> = Vec::with_capacity(conditions.len());
        for cond in conditions {
            let Some(origin) = self.origins.get(cond.origin as usize) else {
                continue;
            };
            let condition = Condition {
                field: origin.field.clone(),
                not: origin.not,
                values: origin.values.clone(),
                evidence: evidence(&cond.test, view),
            };
            if !list.contains(&condition) {
                list.push(condition);
            }
        }
        list
    }
}

impl<'a> Weighed<'a> {
    /// Of each clause the alternative that matches, may match, or lacks least.
    fn new(rule: &'a Rule, view: &View<'_, '_>) -> Self {
        let mut weighed = Self {
            rule,
            truth: rule.matches(view),
            held: Vec::new(),
            failed: Vec::new(),
            unknown: Vec::new(),
        };
        for clause in &rule.clauses {
            let best = clause.iter().min_by_key(|conditions| {
                let count = |of: fn(Truth) -> bool| {
                    conditions
                        .iter()
                        .filter(|cond| of(cond.holds(view)))
                        .count()
                };
                (
                    count(|truth| truth == Truth::False),
                    count(|truth| matches!(truth, Truth::Unknown(_))),
                )
            });
            for cond in best.into_iter().flatten() {
                match cond.holds(view) {
                    Truth::True => weighed.held.push(cond),
                    Truth::False => weighed.failed.push(cond),
                    Truth::Unknown(_) => weighed.unknown.push(cond),
                }
            }
        }
        weighed
    }
}

impl fmt::Display for Condition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let none_of = if self.not && self.field.starts_with("when ") {
            "none of "
        } else {
            ""
        };
        write!(f, "{} {none_of}{} ", self.field, self.values.join(", "))?;
        match &self.evidence {
            Evidence::Value(value) => write!(f, "(it was {value})"),
            Evidence::Hidden => f.write_str("(its value is not shown)"),
            Evidence::Absent => f.write_str("(there was none)"),
            Evidence::Unknown => f.write_str("(not known)"),
        }
    }
}

impl fmt::Display for Explanation {
    /// One line for the reason, one for each change.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let join = |conditions: &[Condition], with: &str| {
            conditions
                .iter()
                .map(ToString::to_string)
                .collect::<Vec<_>>()
                .join(with)
        };
        match &self.reason {
            Reason::Rule { action, rule, held } if held.is_empty() => {
                write!(f, "{action} rule {rule} matches everything")?;
            }
            Reason::Rule { action, rule, held } => {
                write!(f, "{action} rule {rule} matches: {}", join(held, " and "))?;
            }
            Reason::NoAllowRule => f.write_str("no ALLOW rule matches")?,
            Reason::NoPolicy => f.write_str("no rule refuses it and no ALLOW policy applies")?,
            Reason::Missing => f.write_str("evidence is missing")?,
            Reason::Configuration => f.write_str("it is not known what the proxy runs")?,
        }
        for Change {
            action,
            rule,
            need,
            conditions,
        } in &self.changes
        {
            let conditions = join(
                conditions,
                if *need == Need::OneToFail {
                    " or "
                } else {
                    " and "
                },
            );
            match need {
                Need::AllToHold => {
                    write!(f, "\n{action} rule {rule} would match with: {conditions}")?;
                }
                Need::OneToFail => write!(
                    f,
                    "\n{action} rule {rule} would not match without one of: {conditions}"
                )?,
                Need::ToKnow => write!(f, "\n{action} rule {rule} hangs on: {conditions}")?,
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests;
