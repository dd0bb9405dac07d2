//! What verification comes to, row by row.

use mesh_common::{
    Outcome,
    output::{Below, Doc, Mark, Report, clean, verdict},
};
use serde::Serialize;
use serde_json::{Value, json};

/// Findings of one row that are told without `--full`.
const TOLD: usize = 10;
/// Findings of one row that are kept.
const KEPT: usize = 200;

/// How a check ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) enum Status {
    Ok,
    Failed,
    Unknown,
    /// It was switched off.
    NotEvaluated,
}

/// What is checked. A code is never used for anything else.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Check {
    pub(super) code: &'static str,
    pub(super) title: &'static str,
}

pub(super) const DIGEST: Check = Check {
    code: "MESH3101",
    title: "digest",
};
pub(super) const ARCHIVE: Check = Check {
    code: "MESH3102",
    title: "archive",
};
pub(super) const KINDS: Check = Check {
    code: "MESH3103",
    title: "kinds",
};
pub(super) const CONTROL_PLANE: Check = Check {
    code: "MESH3104",
    title: "control plane",
};
pub(super) const SCHEMAS: Check = Check {
    code: "MESH3105",
    title: "schemas",
};
pub(super) const ANALYZE: Check = Check {
    code: "MESH3106",
    title: "istioctl analyze",
};
pub(super) const REHEARSAL: Check = Check {
    code: "MESH3107",
    title: "restore rehearsal",
};

/// One check and what it found.
#[derive(Debug, Clone)]
pub(super) struct Row {
    pub(super) check: Check,
    pub(super) status: Status,
    pub(super) summary: String,
    pub(super) findings: Vec<Finding>,
    pub(super) hint: Option<String>,
    /// Findings beyond those that are kept.
    more: usize,
}

/// One object, or one kind, and what is the matter with it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(super) struct Finding {
    pub(super) object: String,
    pub(super) status: Status,
    pub(super) message: String,
}

impl Row {
    pub(super) fn new(check: Check, status: Status, summary: impl AsRef<str>) -> Self {
        Self {
            check,
            status,
            summary: clean(summary.as_ref(), 600),
            findings: Vec::new(),
            hint: None,
            more: 0,
        }
    }

    /// A row of findings: the worst of them decides; none is OK.
    pub(super) fn of(check: Check, ok: impl AsRef<str>, findings: Vec<Finding>) -> Self {
        let has = |status| findings.iter().any(|f| f.status == status);
        let count = |status| findings.iter().filter(|f| f.status == status).count();
        let status = if has(Status::Failed) {
            Status::Failed
        } else if has(Status::Unknown) {
            Status::Unknown
        } else {
            Status::Ok
        };
        let summary = match (count(Status::Failed), count(Status::Unknown)) {
            (0, 0) => ok.as_ref().to_owned(),
            (0, unknown) => format!("{unknown} unknown"),
            (failed, 0) => format!("{failed} failed"),
            (failed, unknown) => format!("{failed} failed, {unknown} unknown"),
        };
        let mut row = Self::new(check, status, summary);
        for finding in findings {
            row.add(finding);
        }
        row
    }

    pub(super) fn add(&mut self, finding: Finding) {
        if self.findings.len() < KEPT {
            self.findings.push(finding);
        } else {
            self.more += 1;
        }
    }

    pub(super) fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }
}

impl Finding {
    pub(super) fn new(status: Status, object: impl AsRef<str>, message: impl AsRef<str>) -> Self {
        Self {
            object: clean(object.as_ref(), 300),
            status,
            message: clean(message.as_ref(), 600),
        }
    }
}

/// All of it.
#[derive(Debug, Clone)]
pub(super) struct Verified {
    pub(super) file: String,
    pub(super) sha256: Option<String>,
    pub(super) pairs: Vec<(String, String)>,
    pub(super) rows: Vec<Row>,
    pub(super) full: bool,
}

impl Verified {
    /// Failed is 2; else unknown is 3.
    pub(super) fn outcome(&self) -> Outcome {
        let has = |status| self.rows.iter().any(|row| row.status == status);
        if has(Status::Failed) {
            Outcome::Refused
        } else if has(Status::Unknown) {
            Outcome::Unknown
        } else {
            Outcome::Done
        }
    }

    fn below(&self, row: &Row) -> Vec<Below> {
        let most = if self.full { KEPT } else { TOLD };
        let mut below: Vec<Below> = row
            .findings
            .iter()
            .take(most)
            .map(|f| {
                let mark = match f.status {
                    Status::Unknown => "unknown: ",
                    _ => "",
                };
                Below::Item(format!("{}: {mark}{}", f.object, f.message))
            })
            .collect();
        let more = row.findings.len().saturating_sub(most) + row.more;
        if more > 0 {
            let how = if self.full || row.more > 0 {
                ""
            } else {
                " (--full)"
            };
            below.push(Below::Item(format!("and {more} more{how}")));
        }
        if let Some(hint) = &row.hint {
            below.extend(hint.lines().map(|line| {
                if line.starts_with("kubectl ") {
                    Below::Command(line.to_owned())
                } else {
                    Below::Words(line.to_owned())
                }
            }));
        }
        below
    }
}

impl Report for Verified {
    fn doc(&self, _wide: bool) -> Doc {
        let mut doc = Doc::new();
        doc.pairs(self.pairs.clone());
        doc.checks(self.rows.iter().map(|row| {
            let mark = match row.status {
                Status::Ok => Mark::Ok,
                Status::Failed => Mark::Bad,
                Status::Unknown => Mark::Unknown,
                Status::NotEvaluated => Mark::Skip,
            };
            let name = format!("{} {}", row.check.code, row.check.title);
            (mark, name, row.summary.clone(), self.below(row))
        }));
        doc.text(match self.outcome() {
            Outcome::Done => "In order.",
            Outcome::Unknown => "Not proven: something is unknown.",
            _ => "Not in order.",
        });
        doc
    }

    fn json(&self) -> serde_json::Result<Value> {
        let rows: Vec<Value> = self
            .rows
            .iter()
            .map(|row| {
                json!({
                    "code": row.check.code, "title": row.check.title, "status": row.status,
                    "summary": row.summary, "findings": row.findings, "moreFindings": row.more,
                    "hint": row.hint,
                })
            })
            .collect();
        let body = json!({ "file": self.file, "sha256": self.sha256, "checks": rows });
        verdict("MeshBackupVerification", self.outcome(), body)
    }

    fn names(&self) -> Vec<String> {
        self.rows
            .iter()
            .filter(|row| matches!(row.status, Status::Failed | Status::Unknown))
            .map(|row| row.check.code.to_owned())
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn verified(statuses: &[Status]) -> Verified {
        Verified {
            file: "x".into(),
            sha256: None,
            pairs: Vec::new(),
            rows: statuses.iter().map(|s| Row::new(DIGEST, *s, "")).collect(),
            full: false,
        }
    }

    #[test]
    fn the_worst_row_decides_and_unknown_is_never_ok() {
        use Status::{Failed, NotEvaluated, Ok, Unknown};
        for (statuses, want) in [
            (&[Ok, NotEvaluated][..], Outcome::Done),
            (&[Ok, Unknown], Outcome::Unknown),
            (&[Unknown, Failed, Ok], Outcome::Refused),
        ] {
            assert_eq!(verified(statuses).outcome(), want, "{statuses:?}");
        }
    }

    #[test]
    fn findings_are_bounded_and_counted() {
        let many = (0..1000)
            .map(|n| Finding::new(Status::Unknown, format!("o{n}"), "why\u{1b}[2J"))
            .collect();
        let row = Row::of(KINDS, "all", many);
        assert_eq!(
            (row.status, row.summary.as_str()),
            (Status::Unknown, "1000 unknown")
        );
        assert_eq!((row.findings.len(), row.more), (KEPT, 800));
        assert!(row.findings.iter().all(|f| f.message == "why"));
        let all = verified(&[]).below(&row);
        assert_eq!(all.len(), TOLD + 1);
        assert_eq!(all[TOLD], Below::Item("and 990 more".into()));
        assert_eq!(Row::of(KINDS, "all", Vec::new()).status, Status::Ok);
    }
}
