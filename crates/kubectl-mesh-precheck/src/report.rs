//! Runs the checks and puts together what they came to.

use std::collections::BTreeMap;

use mesh_common::{
    Outcome,
    check::{FailOn, Finding, report},
};
use serde::Serialize;

use crate::{
    baseline::{self, Accepted, Accepting, Baseline},
    categories,
    check::{Category, Check, Status, Verdict},
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
    /// Findings that the baseline accepts: in no check.
    pub(crate) accepted: Vec<Accepted>,
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
    /// Whether it found something, and could not see everything.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub(crate) in_part: bool,
    #[serde(skip)]
    pub(crate) heals: bool,
}

impl Precheck {
    /// Runs every check on these facts, and holds what they find against the baseline.
    pub(crate) fn run(facts: &Facts, fail_on: FailOn, baseline: Option<&Baseline>) -> Self {
        Self::of(facts, categories::every(), fail_on, baseline)
    }

    fn of<'a>(
        facts: &Facts,
        checks: impl Iterator<Item = &'a Check>,
        fail_on: FailOn,
        baseline: Option<&Baseline>,
    ) -> Self {
        let mut rows: Vec<Row> = Vec::new();
        let mut stopped: Option<(Category, &str)> = None;
        let mut accepting = Accepting::new(baseline, facts.mesh.now);
        for check in checks {
            let verdict = match stopped {
                Some((category, code)) if category == check.category => Verdict::not_run(code),
                _ => accepting.verdict(check.code, (check.run)(facts)),
            };
            if check.fatal && verdict.status == Status::Error {
                stopped = Some((check.category, check.code));
            }
            rows.push(Row::new(
                check.code,
                check.title,
                check.category,
                verdict,
                check.heals,
            ));
        }
        let (accepted, about) = accepting.done();
        if let Some(verdict) = about {
            let (code, category) = (baseline::CODE, Category::Baseline);
            rows.push(Row::new(code, baseline::TITLE, category, verdict, false));
        }
        Self {
            cluster: screen::cluster(facts),
            upgrade: facts.upgrade.clone(),
            summary: BTreeMap::new(),
            checks: rows,
            accepted,
            fail_on,
        }
        .counted()
    }

    /// The same with its counts.
    pub(crate) fn counted(mut self) -> Self {
        self.summary = BTreeMap::new();
        for row in &self.checks {
            *self.summary.entry(word(row.status)).or_default() += 1;
            if row.in_part {
                *self.summary.entry("inPart").or_default() += 1;
            }
        }
        self
    }

    /// What the command comes to: refused when something reaches the threshold, unknown when evidence is missing.
    pub(crate) fn outcome(&self) -> Outcome {
        report::outcome(&self.checks, |row| row.fails(self.fail_on), Row::is_unknown)
    }

    /// What is not OK and may heal by itself, each in a line.
    pub(crate) fn healing(&self) -> Vec<String> {
        let stops = |status| match status {
            Status::Error | Status::Unknown => true,
            Status::Warning => self.fail_on == FailOn::Warning,
            _ => false,
        };
        self.checks
            .iter()
            .filter(|row| row.heals && stops(row.status))
            .map(|row| format!("{}: {}", row.name(), row.summary))
            .collect()
    }
}

impl Row {
    pub(crate) fn new(
        code: &'static str,
        title: &'static str,
        category: Category,
        verdict: Verdict,
        heals: bool,
    ) -> Self {
        let unread = verdict.unread.is_some_and(Status::is_unknown);
        Self {
            code,
            title,
            category,
            in_part: unread && !verdict.status.is_unknown(),
            status: verdict.status,
            summary: verdict.summary,
            docs: docs(code),
            findings: verdict.findings,
            heals,
        }
    }

    /// `MESH2101 server version`.
    pub(crate) fn name(&self) -> String {
        format!("{} {}", self.code, self.title)
    }

    /// Whether evidence is missing, also beside what was found.
    pub(crate) fn is_unknown(&self) -> bool {
        self.in_part || self.status.is_unknown()
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

#[cfg(test)]
pub(crate) mod tests;
