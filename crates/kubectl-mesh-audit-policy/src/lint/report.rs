//! What all checks came to, and the exit code of it.

use std::collections::BTreeMap;

use mesh_common::{
    Outcome,
    check::{FailOn, Severity, report, words::some},
    output::{Mark, count},
};
use serde::Serialize;

use super::{
    check::{Check, Hit, Told},
    checks,
    facts::Facts,
};

/// What a check came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) enum Status {
    /// Looked at, and nothing found.
    Ok,
    /// Something to know.
    Info,
    /// Read it.
    Warning,
    /// It is wrong.
    Error,
    /// Evidence is missing. Never OK.
    Unknown,
    /// A file alone or an archive cannot tell. Stops nothing.
    NotEvaluated,
}

impl Status {
    pub(crate) fn mark(self) -> Mark {
        match self {
            Self::Ok | Self::Info => Mark::Ok,
            Self::Warning => Mark::Warn,
            Self::Error => Mark::Bad,
            Self::Unknown => Mark::Unknown,
            Self::NotEvaluated => Mark::Skip,
        }
    }

    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Info => "info",
            Self::Warning => "warning",
            Self::Error => "error",
            Self::Unknown => "unknown",
            Self::NotEvaluated => "notEvaluated",
        }
    }

    fn of(severity: Severity) -> Self {
        match severity {
            Severity::Info => Self::Info,
            Severity::Warning => Self::Warning,
            Severity::Error => Self::Error,
        }
    }
}

/// What one check came to.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Row {
    pub(crate) code: &'static str,
    pub(crate) title: &'static str,
    pub(crate) status: Status,
    /// One line.
    pub(crate) summary: String,
    /// The page that explains it.
    pub(crate) docs: String,
    pub(crate) findings: Vec<Hit>,
    /// Evidence that is missing, also beside what was found.
    pub(crate) unknown: Vec<String>,
    /// What a file alone or an archive cannot tell.
    pub(crate) not_evaluated: Vec<String>,
}

/// What is printed.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Linted {
    /// Where the policies and the mesh are from.
    pub(crate) judged: Vec<(String, String)>,
    /// How many checks came to what.
    pub(crate) summary: BTreeMap<&'static str, usize>,
    pub(crate) checks: Vec<Row>,
    /// Objects in the files that are of no kind that is judged.
    pub(crate) others: Vec<String>,
    #[serde(skip)]
    pub(crate) fail_on: FailOn,
}

impl Linted {
    /// Runs every check.
    pub(crate) fn run(
        facts: &Facts,
        judged: Vec<(String, String)>,
        others: Vec<String>,
        fail_on: FailOn,
    ) -> Self {
        let checks: Vec<Row> = checks::every()
            .map(|check| Row::run(check, facts))
            .collect();
        let mut summary = BTreeMap::new();
        for row in &checks {
            *summary.entry(row.status.word()).or_default() += 1;
        }
        Self {
            judged,
            summary,
            checks,
            others,
            fail_on,
        }
    }

    /// Refused when a finding reaches the threshold, else unknown when evidence is missing.
    pub(crate) fn outcome(&self) -> Outcome {
        report::outcome(&self.checks, |row| row.fails(self.fail_on), Row::is_unknown)
    }

    /// The findings of all checks.
    pub(crate) fn findings(&self) -> impl Iterator<Item = &Hit> {
        self.checks.iter().flat_map(|row| &row.findings)
    }
}

impl Row {
    fn run(check: &Check, facts: &Facts) -> Self {
        let told = Told::of(check, facts);
        let gravest = told.hits.iter().map(|h| h.finding.severity).max();
        let gravest = gravest.map(Status::of);
        let status = match gravest {
            Some(found) if found != Status::Info => found,
            _ if !told.unknown.is_empty() => Status::Unknown,
            Some(found) => found,
            None if !told.not_evaluated.is_empty() => Status::NotEvaluated,
            None => Status::Ok,
        };
        Self {
            code: check.code,
            title: check.title,
            status,
            summary: summary(&told),
            docs: docs(check.code),
            findings: told.hits,
            unknown: told.unknown,
            not_evaluated: told.not_evaluated,
        }
    }

    /// `MESH4001 refused by Istio`.
    pub(crate) fn name(&self) -> String {
        format!("{} {}", self.code, self.title)
    }

    /// Whether evidence is missing, also beside what was found.
    pub(crate) fn is_unknown(&self) -> bool {
        !self.unknown.is_empty()
    }

    /// Whether it makes the exit code 2.
    pub(crate) fn fails(&self, fail_on: FailOn) -> bool {
        match self.status {
            Status::Error => true,
            Status::Warning if fail_on == FailOn::Warning => true,
            _ => fail_on == FailOn::Unknown && self.is_unknown(),
        }
    }
}

fn summary(told: &Told) -> String {
    let of = |severity: Severity| {
        let all = told.hits.iter();
        all.filter(|h| h.finding.severity == severity).count()
    };
    let mut parts = Vec::new();
    for (severity, noun) in [
        (Severity::Error, "error"),
        (Severity::Warning, "warning"),
        (Severity::Info, "note"),
    ] {
        match of(severity) {
            0 => {}
            n => parts.push(count(n, noun)),
        }
    }
    if parts.is_empty() && told.unknown.is_empty() && told.not_evaluated.is_empty() {
        return "nothing found".into();
    }
    if !told.unknown.is_empty() {
        parts.push(format!("unknown: {}", some(&told.unknown, 2)));
    } else if parts.is_empty() {
        parts.push(format!("not evaluated: {}", some(&told.not_evaluated, 2)));
    }
    parts.join(", ")
}

/// The page of a check, of this very version.
pub(crate) fn docs(code: &str) -> String {
    format!(
        "{}/blob/v{}/docs/checks/{code}.md",
        env!("CARGO_PKG_REPOSITORY"),
        env!("CARGO_PKG_VERSION")
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lint::made;

    const FOUND: Check = Check {
        code: "MESH4998",
        title: "found",
        run: |_, told| {
            let at = made::subject("AuthorizationPolicy", "a", "b");
            told.hit(Severity::Warning, &at, "", "words").hint("do");
            told.unknown("may not list pods");
        },
    };
    const MISSING: Check = Check {
        code: "MESH4999",
        title: "missing",
        run: |_, told| told.unknown("may not list pods"),
    };
    const ARCHIVE: Check = Check {
        code: "MESH4997",
        title: "archive",
        run: |_, told| told.not_evaluated("not in an archive"),
    };

    #[test]
    fn what_could_not_be_read_is_not_what_is_not_there() {
        let gap = |what: &str| mesh_common::mesh::Gap {
            what: what.into(),
            why: mesh_common::mesh::Why::Forbidden,
            detail: format!("may not list {what}"),
        };
        let mut facts = made::facts();
        facts.proposed = false;
        facts.standing = mesh_common::mesh::Known::Unknown(gap("policies"));
        let linted = Linted::run(&facts, Vec::new(), Vec::new(), FailOn::Error);
        for row in &linted.checks {
            let peers = row.code.starts_with("MESH42");
            assert_eq!(row.status == Status::Unknown, !peers, "{}", row.code);
        }
        assert_eq!(linted.outcome(), Outcome::Unknown);
    }

    #[test]
    fn refused_beats_unknown_and_unknown_is_never_ok() {
        let facts = made::facts();
        let row = |check: &Check| Row::run(check, &facts);
        for (checks, error, warning, unknown) in [
            (
                &[&FOUND][..],
                Outcome::Unknown,
                Outcome::Refused,
                Outcome::Refused,
            ),
            (
                &[&MISSING],
                Outcome::Unknown,
                Outcome::Unknown,
                Outcome::Refused,
            ),
            (&[&ARCHIVE], Outcome::Done, Outcome::Done, Outcome::Done),
            (&[], Outcome::Done, Outcome::Done, Outcome::Done),
        ] {
            for (fail_on, want) in [
                (FailOn::Error, error),
                (FailOn::Warning, warning),
                (FailOn::Unknown, unknown),
            ] {
                let linted = Linted {
                    judged: Vec::new(),
                    summary: BTreeMap::new(),
                    checks: checks.iter().map(|check| row(check)).collect(),
                    others: Vec::new(),
                    fail_on,
                };
                assert_eq!(linted.outcome(), want, "{fail_on:?}");
            }
        }
        assert_eq!(row(&FOUND).status, Status::Warning);
        assert_eq!(row(&MISSING).status, Status::Unknown);
        assert_eq!(row(&ARCHIVE).status, Status::NotEvaluated);
    }
}
