//! Runs the checks and puts together what they came to.

use std::collections::BTreeMap;

use mesh_common::{
    Outcome,
    check::{Finding, Severity},
    output::{Doc, Report, verdict},
};
use serde::Serialize;
use serde_json::Value;

use crate::{
    categories,
    check::{Category, Check, Status, Verdict},
    cli::FailOn,
    facts::{Facts, Upgrade},
    screen,
};

/// What all checks came to.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Precheck {
    /// The cluster, as a person knows it.
    pub(crate) cluster: Vec<(String, String)>,
    /// From where to where.
    pub(crate) upgrade: Upgrade,
    /// How many checks came to what.
    pub(crate) summary: BTreeMap<&'static str, usize>,
    /// The checks in their order.
    pub(crate) checks: Vec<Row>,
    #[serde(skip)]
    pub(crate) fail_on: FailOn,
}

/// One check and what it came to.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Row {
    pub(crate) code: &'static str,
    pub(crate) title: &'static str,
    pub(crate) category: Category,
    pub(crate) status: Status,
    pub(crate) summary: String,
    /// The page that explains it.
    pub(crate) docs: String,
    pub(crate) findings: Vec<Finding>,
    #[serde(skip)]
    pub(crate) heals: bool,
}

impl Precheck {
    /// Runs every check on these facts.
    pub(crate) fn run(facts: &Facts, fail_on: FailOn) -> Self {
        Self::of(facts, categories::every(), fail_on)
    }

    fn of<'a>(facts: &Facts, checks: impl Iterator<Item = &'a Check>, fail_on: FailOn) -> Self {
        let mut rows: Vec<Row> = Vec::new();
        let mut stopped: Option<(Category, &str)> = None;
        for check in checks {
            let verdict = match stopped {
                Some((category, code)) if category == check.category => Verdict {
                    status: Status::NotRun,
                    summary: format!("not looked at: {code} stops here"),
                    findings: Vec::new(),
                },
                _ => (check.run)(facts),
            };
            if check.fatal && verdict.status == Status::Error {
                stopped = Some((check.category, check.code));
            }
            rows.push(Row {
                code: check.code,
                title: check.title,
                category: check.category,
                status: verdict.status,
                summary: verdict.summary,
                docs: docs(check.code),
                findings: verdict.findings,
                heals: check.heals,
            });
        }
        Self {
            cluster: screen::cluster(facts),
            upgrade: facts.upgrade.clone(),
            summary: BTreeMap::new(),
            checks: rows,
            fail_on,
        }
        .counted()
    }

    /// The same with its counts.
    pub(crate) fn counted(mut self) -> Self {
        self.summary = BTreeMap::new();
        for row in &self.checks {
            *self.summary.entry(word(row.status)).or_default() += 1;
        }
        self
    }

    /// What the command comes to: refused when something reaches the threshold, unknown when evidence is missing.
    pub(crate) fn outcome(&self) -> Outcome {
        let any = |is: fn(Status) -> bool| self.checks.iter().any(|row| is(row.status));
        let errors = any(|s| s == Status::Error);
        let warnings = any(|s| s == Status::Warning);
        let unknown = any(Status::is_unknown);
        let refused = match self.fail_on {
            FailOn::Error => errors,
            FailOn::Warning => errors || warnings,
            FailOn::Unknown => errors || unknown,
        };
        if refused {
            Outcome::Refused
        } else if unknown {
            Outcome::Unknown
        } else {
            Outcome::Done
        }
    }

    /// Whether something that may heal by itself is not OK.
    pub(crate) fn may_heal(&self) -> bool {
        self.checks
            .iter()
            .any(|row| row.heals && (row.status == Status::Error || row.status == Status::Unknown))
    }
}

/// The word for a status in counts.
pub(crate) fn word(status: Status) -> &'static str {
    match status {
        Status::Ok | Status::Info => "ok",
        Status::Warning => "warning",
        Status::Error => "error",
        Status::Unknown => "unknown",
        Status::Skipped => "skipped",
        Status::NotEvaluated | Status::NotRun => "notEvaluated",
    }
}

/// The page of a check, of this very version.
pub(crate) fn docs(code: &str) -> String {
    format!(
        "{}/blob/v{}/docs/checks/{code}.md",
        env!("CARGO_PKG_REPOSITORY"),
        env!("CARGO_PKG_VERSION")
    )
}

impl Report for Precheck {
    fn doc(&self, wide: bool) -> Doc {
        screen::table(self, wide)
    }

    fn json(&self) -> serde_json::Result<Value> {
        verdict("Precheck", self.outcome(), self)
    }

    fn names(&self) -> Vec<String> {
        self.checks
            .iter()
            .filter(|row| row.status == Status::Error || row.status == Status::Warning)
            .map(|row| row.code.to_owned())
            .collect()
    }
}

/// Findings of a row that a person must read.
pub(crate) fn graver(findings: &[Finding]) -> impl Iterator<Item = &Finding> {
    findings.iter().filter(|f| f.severity > Severity::Info)
}
