//! Judging a request. Nothing is allocated here.

use crate::compile::{Compiled, CustomSet, RuleSet};
use crate::request::Request;
use crate::truth::{Field, Fields, Truth};

mod fit;
mod index;

pub(crate) use fit::View;
pub(crate) use index::Index;

/// What happens to a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// It passes.
    Allow,
    /// It is refused.
    Deny,
    /// It hangs on these fields.
    Unknown(Fields),
}

/// A rule of the compiled policies: see [`Compiled::rule`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RuleId(pub u32);

/// The rule that a proxy reports.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum By {
    /// This rule.
    Rule(RuleId),
    /// No rule matches.
    NoRule,
    /// It hangs on these fields which rule it is, or whether there is one.
    Unclear(Fields),
}

/// Whether any rule of a set matches.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Matched {
    /// Whether one does.
    pub matched: Truth,
    /// The first that does, in the proxy's order.
    pub by: By,
    /// Whether the proxy gets that far.
    pub reached: Truth,
}

/// What CUSTOM policies do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Custom {
    /// Whether a rule matches, so that the provider is asked.
    pub matched: Truth,
    /// The first that does.
    pub by: By,
    /// No provider can be asked: what matches is refused.
    pub misconfigured: bool,
}

/// What policies in dry run would have done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shadow {
    /// The verdict of this set alone.
    pub verdict: Verdict,
    /// The rule behind it.
    pub by: By,
    /// Whether the proxy gets that far.
    pub reached: Truth,
}

/// The whole of what is known about a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Decision {
    /// What happens. Providers of CUSTOM policies are taken to allow.
    pub verdict: Verdict,
    /// The rule behind it.
    pub by: By,
    /// CUSTOM policies, if some apply.
    pub custom: Option<Custom>,
    /// AUDIT policies, if some apply.
    pub audit: Option<Matched>,
    /// DENY policies in dry run, if some apply.
    pub shadow_deny: Option<Shadow>,
    /// ALLOW policies in dry run, if some apply.
    pub shadow_allow: Option<Shadow>,
}

/// A stage that may refuse: whether it does, and by which rule.
#[derive(Debug, Clone, Copy)]
struct Stage {
    denies: Truth,
    by: By,
}

impl Compiled {
    /// Judges a request.
    #[must_use]
    pub fn evaluate(&self, request: &Request<'_>) -> Decision {
        if self.unclear {
            return unclear();
        }
        let view = View::new(self, request);
        let mut stages = [Stage {
            denies: Truth::False,
            by: By::NoRule,
        }; 3];
        let custom = self.custom(&view);
        if let Some((custom, refusing)) = custom {
            stages[0] = Stage {
                denies: refusing,
                by: custom.by,
            };
        }
        let past_custom = !stages[0].denies;
        let audit = self.audit.as_ref().map(|set| {
            let (matched, by) = set.first(&view);
            Matched {
                matched,
                by,
                reached: past_custom,
            }
        });
        if let Some(set) = &self.deny {
            let (denies, by) = set.first(&view);
            stages[1] = Stage { denies, by };
        }
        let past_deny = and(past_custom, !stages[1].denies);
        let mut allowed_by = By::NoRule;
        if let Some(set) = &self.allow {
            let (allows, by) = set.first(&view);
            allowed_by = by;
            let by = if let Truth::Unknown(fields) = allows {
                By::Unclear(fields)
            } else {
                By::NoRule
            };
            stages[2] = Stage {
                denies: !allows,
                by,
            };
        }
        let shadow = |set: &Option<RuleSet>, on_match: Verdict, else_: Verdict, reached: Truth| {
            set.as_ref().map(|set| {
                let (matched, by) = set.first(&view);
                let verdict = match matched {
                    Truth::True => on_match,
                    Truth::False => else_,
                    Truth::Unknown(fields) => Verdict::Unknown(fields),
                };
                Shadow {
                    verdict,
                    by,
                    reached,
                }
            })
        };
        let shadow_deny = shadow(
            &self.deny_shadow,
            Verdict::Deny,
            Verdict::Allow,
            past_custom,
        );
        let shadow_allow = shadow(&self.allow_shadow, Verdict::Allow, Verdict::Deny, past_deny);
        let (verdict, by) = conclude(&stages, allowed_by);
        Decision {
            verdict,
            by,
            custom: custom.map(|(custom, _)| custom),
            audit,
            shadow_deny,
            shadow_allow,
        }
    }

    /// What CUSTOM policies do, and whether they refuse by themselves.
    fn custom(&self, view: &View<'_, '_>) -> Option<(Custom, Truth)> {
        if self.custom.is_empty() {
            return None;
        }
        let mut total = Custom {
            matched: Truth::False,
            by: By::NoRule,
            misconfigured: false,
        };
        let mut refusing = Truth::False;
        for CustomSet {
            rules,
            misconfigured,
        } in &self.custom
        {
            let (matched, by) = rules.first(view);
            total.by = first_by(total.matched, total.by, matched, by);
            total.matched = or(total.matched, matched);
            if *misconfigured {
                total.misconfigured = true;
                refusing = or(refusing, matched);
            }
        }
        Some((total, refusing))
    }
}

/// What a later stage reports if an earlier one did not.
fn first_by(earlier: Truth, earlier_by: By, later: Truth, later_by: By) -> By {
    match (earlier, later) {
        (Truth::True, _) => earlier_by,
        (Truth::False, _) => later_by,
        (Truth::Unknown(fields), Truth::Unknown(more)) => By::Unclear(fields.union(more)),
        (Truth::Unknown(fields), _) => By::Unclear(fields),
    }
}

fn and(a: Truth, b: Truth) -> Truth {
    Truth::all([a, b].into_iter())
}

fn or(a: Truth, b: Truth) -> Truth {
    Truth::any([a, b].into_iter())
}

fn conclude(stages: &[Stage], allowed_by: By) -> (Verdict, By) {
    let mut before = Truth::False;
    let mut by = By::NoRule;
    for stage in stages {
        by = first_by(before, by, stage.denies, stage.by);
        before = or(before, stage.denies);
    }
    match before {
        Truth::True => (Verdict::Deny, by),
        Truth::False => (Verdict::Allow, allowed_by),
        Truth::Unknown(fields) => (Verdict::Unknown(fields), By::Unclear(fields)),
    }
}

fn unclear() -> Decision {
    let fields = Fields::from(Field::Configuration);
    Decision {
        verdict: Verdict::Unknown(fields),
        by: By::Unclear(fields),
        custom: None,
        audit: None,
        shadow_deny: None,
        shadow_allow: None,
    }
}
