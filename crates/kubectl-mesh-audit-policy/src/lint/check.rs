//! A check is data and one pure function over [`Facts`]; what it comes to is [`Told`].

use mesh_common::{
    check::{Finding, Severity},
    mesh::{Gap, Known, Why},
    output::clean,
};
use serde::Serialize;

use super::facts::{Facts, Subject};

/// One check.
pub(crate) struct Check {
    /// Its stable code, never reused for something else. `docs/checks/<code>.md` explains it.
    pub(crate) code: &'static str,
    /// What is checked, in a few words.
    pub(crate) title: &'static str,
    /// The check.
    pub(crate) run: fn(&Facts, &mut Told),
}

/// A finding, and where it is written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Hit {
    #[serde(flatten)]
    pub(crate) finding: Finding,
    /// The rule's index, from 0.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) rule: Option<usize>,
    /// The file, where the object is from one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) file: Option<String>,
    /// Its line there.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) line: Option<u64>,
}

/// What a check came to.
#[derive(Debug, Default)]
pub(crate) struct Told {
    code: &'static str,
    pub(crate) hits: Vec<Hit>,
    /// Evidence that is missing: never OK.
    pub(crate) unknown: Vec<String>,
    /// What cannot be told without a cluster, or from an archive.
    pub(crate) not_evaluated: Vec<String>,
}

impl Told {
    /// Runs a check.
    pub(crate) fn of(check: &Check, facts: &Facts) -> Self {
        let mut told = Self {
            code: check.code,
            ..Self::default()
        };
        for gap in facts.unread(check.code) {
            told.gap(gap);
        }
        (check.run)(facts, &mut told);
        told
    }

    /// A part of the facts, or a note that it is missing. A kind that is not served has no objects.
    pub(crate) fn need<'a, T>(&mut self, part: &'a Known<T>) -> Option<&'a T> {
        match part {
            Known::Known(value) => Some(value),
            Known::Unknown(gap) => {
                self.gap(gap);
                None
            }
        }
    }

    /// What is missing.
    pub(crate) fn gap(&mut self, gap: &Gap) {
        let detail = clean(&gap.detail, 300);
        match gap.why {
            Why::NotServed => {}
            Why::NotRead | Why::NotInArchive => push(&mut self.not_evaluated, detail),
            Why::Forbidden | Why::Failed => push(&mut self.unknown, detail),
        }
    }

    /// Evidence that is missing, in words.
    pub(crate) fn unknown(&mut self, why: &str) {
        push(&mut self.unknown, clean(why, 300));
    }

    /// What an archive or a file alone cannot tell, in words.
    pub(crate) fn not_evaluated(&mut self, why: &str) {
        push(&mut self.not_evaluated, clean(why, 300));
    }

    /// A finding about a field of an object: `spec.rules[0].to[0].operation.hosts`, empty for the object itself.
    pub(crate) fn hit(
        &mut self,
        severity: Severity,
        subject: &Subject,
        field: &str,
        message: impl Into<String>,
    ) -> Building<'_> {
        let finding = Finding {
            code: self.code.into(),
            severity,
            object: subject.shown(),
            field: (!field.is_empty()).then(|| clean(field, 300)),
            message: clean(&message.into(), 1_000),
            evidence: Vec::new(),
            hint: None,
        };
        self.hits.push(Hit {
            finding,
            rule: rule_of(field),
            file: subject.file.clone(),
            line: subject.line(field),
        });
        Building(self.hits.last_mut())
    }
}

/// The finding that was just made.
pub(crate) struct Building<'a>(Option<&'a mut Hit>);

impl Building<'_> {
    /// An observed value.
    pub(crate) fn seen(self, evidence: impl AsRef<str>) -> Self {
        let Self(Some(hit)) = self else { return self };
        hit.finding.evidence.push(clean(evidence.as_ref(), 300));
        Self(Some(hit))
    }

    /// Observed values.
    pub(crate) fn all_seen<S: AsRef<str>>(self, evidence: impl IntoIterator<Item = S>) -> Self {
        evidence.into_iter().fold(self, Self::seen)
    }

    /// What to do.
    pub(crate) fn hint(self, hint: impl AsRef<str>) {
        if let Self(Some(hit)) = self {
            let lines: Vec<_> = hint.as_ref().lines().map(|line| clean(line, 600)).collect();
            let hint = lines.join("\n");
            hit.finding.hint = (!hint.is_empty()).then_some(hint);
        }
    }
}

fn push(lines: &mut Vec<String>, line: String) {
    if !lines.contains(&line) {
        lines.push(line);
    }
}

fn rule_of(field: &str) -> Option<usize> {
    let rest = field.strip_prefix("spec.rules[")?;
    rest.split(']').next()?.parse().ok()
}
