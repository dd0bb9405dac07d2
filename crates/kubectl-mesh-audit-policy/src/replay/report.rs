//! What is printed: what would be blocked first, then what is not known, then what the result rests on.

mod coverage;
mod html;
mod json;

use std::fmt::Write as _;

use jiff::Timestamp;
use mesh_common::{
    Outcome,
    output::{Doc, Mark, Report, Table, count, verdict},
};
use serde_json::Value;

use super::{
    part::Part,
    proposed,
    summary::{Class, Known, Row},
    tally,
};
use crate::logs::Skip;

/// Rows of each list that are shown without `--full`.
const ROWS: usize = 20;

pub(super) use html::page;

/// A whole result.
#[derive(Debug)]
pub(super) struct Replayed {
    pub(super) part: Part,
    accept_blocked: u64,
    digest: String,
}

impl Replayed {
    pub(super) fn new(mut part: Part, accept_blocked: u64) -> Self {
        let summary = std::mem::take(&mut part.summary);
        part.summary = summary.settled(&mut part.header);
        let mut replayed = Self {
            part,
            accept_blocked,
            digest: String::new(),
        };
        replayed.digest = proposed::digest(&replayed.body());
        replayed
    }

    /// SHA-256 of the result.
    pub(super) fn digest(&self) -> &str {
        &self.digest
    }

    /// What was judged, for the journal.
    pub(super) fn subjects(&self) -> Vec<String> {
        let proposals = self.part.header.proposals.iter();
        proposals
            .map(|one| format!("{}/{} {}", one.namespace, one.name, one.digest))
            .take(100)
            .collect()
    }

    /// Why the result is not certain, one line each.
    pub(super) fn doubts(&self) -> Vec<String> {
        let Part {
            header, summary, ..
        } = &self.part;
        let mut doubts = Vec::new();
        if summary.evaluated() == 0 {
            doubts.push("no request was judged: no hits are no proof".to_owned());
        }
        let unknown = summary.class(Class::Unknown);
        if unknown > 0 {
            let requests = requests(unknown);
            doubts.push(format!(
                "what would become of {requests} that pass today is not known"
            ));
        }
        if summary.lost() > 0 {
            let lines = lines(summary.lost());
            doubts.push(format!(
                "{lines} may have been requests that count, and cannot be judged"
            ));
        }
        doubts.extend(
            summary
                .broken
                .iter()
                .map(|log| format!("a log ends before its end: {log}")),
        );
        match header.whole.is {
            Some(true) => {}
            Some(false) => doubts.push(format!(
                "not every request is in the log: {}",
                header.whole.why
            )),
            None => doubts.push(format!(
                "whether every request is in the log is not known: {}",
                header.whole.why
            )),
        }
        let missing = self.part.missing();
        if let Some(first) = missing.first() {
            doubts.push(format!(
                "{} of {} are missing, the first is {first}",
                count(missing.len(), "part"),
                self.part.of
            ));
        }
        doubts
    }

    /// Requests that would be newly blocked. Access log and debug lines may tell of the same ones: the more of the two.
    fn blocked(&self) -> u64 {
        let summary = &self.part.summary;
        let checks = summary.checks.as_deref();
        let checks = checks.map_or(0, |checks| checks.class(Class::NewlyBlocked));
        summary.class(Class::NewlyBlocked).max(checks)
    }

    pub(super) fn outcome(&self) -> Outcome {
        if self.blocked() > self.accept_blocked {
            Outcome::Refused
        } else if self.doubts().is_empty() {
            Outcome::Done
        } else {
            Outcome::Unknown
        }
    }

    /// The verdict, and everything that it hangs on.
    pub(super) fn marks(&self) -> Vec<(Mark, &'static str, String)> {
        let Part {
            header, summary, ..
        } = &self.part;
        let mut marks = Vec::new();
        let blocked = self.blocked();
        if blocked > self.accept_blocked {
            marks.push((
                Mark::Bad,
                "blocked",
                format!("{} would be newly blocked", requests(blocked)),
            ));
        } else if blocked > 0 {
            marks.push((
                Mark::Warn,
                "blocked",
                format!(
                    "{} would be newly blocked, which was accepted",
                    requests(blocked)
                ),
            ));
        }
        let doubts = self.doubts().into_iter();
        marks.extend(doubts.map(|line| (Mark::Unknown, "unknown", line)));
        marks.extend(lost(summary).map(|line| (Mark::Unknown, "lines", line)));
        marks.extend(
            header
                .unclear
                .iter()
                .map(|line| (Mark::Unknown, "mesh", line.clone())),
        );
        marks.extend(
            header
                .assumptions
                .iter()
                .map(|line| (Mark::Warn, "assumed", line.clone())),
        );
        if self.outcome() == Outcome::Done {
            marks.push((
                Mark::Ok,
                "clean",
                "nothing that passes today would be blocked".into(),
            ));
        }
        marks
    }

    pub(super) fn facts(&self) -> Vec<(&'static str, String)> {
        let Part {
            header, summary, ..
        } = &self.part;
        let skipped = tally::reasons(summary).into_iter();
        let skipped: Vec<String> = skipped
            .filter(|(skip, _)| !skip.is_unknown())
            .map(|(skip, n)| format!("{n} {}", skip.words()))
            .collect();
        let passes = summary.evaluated() - summary.refused_now;
        let mut now = format!("{passes} pass, {} are refused", summary.refused_now);
        if summary.by_log > 0 {
            let _ = write!(
                now,
                "; of {} that is what the log says, since today's policies ask for more than it has",
                summary.by_log
            );
        }
        if summary.disagree > 0 {
            let _ = write!(
                now,
                "; of {} the log says the opposite: the policies were others then",
                summary.disagree
            );
        }
        let mut facts = vec![
            (
                "Lines",
                format!(
                    "{}: {} judged, {} skipped, {} unknown",
                    summary.lines,
                    summary.evaluated(),
                    summary.lines - summary.evaluated() - summary.lost(),
                    summary.lost()
                ),
            ),
            ("Skipped", skipped.join("; ")),
            ("Coverage", self.coverage()),
            ("Today", now),
            (
                "As proposed",
                format!(
                    "{} newly blocked, {} unknown, {} newly allowed",
                    summary.class(Class::NewlyBlocked),
                    summary.class(Class::Unknown),
                    summary.class(Class::NewlyAllowed),
                ),
            ),
            (
                "Callers",
                format!(
                    "of {} the identity is derived from the address",
                    requests(summary.derived)
                ),
            ),
            (
                "Debug lines",
                summary.checks.as_deref().map_or_else(String::new, |checks| {
                    format!(
                        "{} in rbac debug lines, not counted again: {} newly blocked, {} unknown",
                        requests(checks.evaluated()),
                        checks.class(Class::NewlyBlocked),
                        checks.class(Class::Unknown),
                    )
                }),
            ),
            ("Workloads", count(header.workloads, "workload")),
            ("Result", self.digest.clone()),
        ];
        facts
            .retain(|(name, text)| !text.is_empty() && (*name != "Callers" || summary.derived > 0));
        facts
    }
}

/// What a list is called.
pub(super) fn title(class: Class) -> &'static str {
    match class {
        Class::NewlyBlocked => "Newly blocked",
        Class::Unknown => "Unknown",
        Class::NewlyAllowed => "Newly allowed, or maybe",
        Class::StillBlocked => "Blocked as before",
        Class::StillAllowed => "Allowed as before",
    }
}

/// Milliseconds as a time; what no calendar has as itself.
pub(super) fn time(millis: i64) -> String {
    let seconds = Timestamp::from_second(millis.div_euclid(1000));
    seconds.map_or_else(|_| format!("{millis} ms"), |at| at.to_string())
}

fn requests(n: u64) -> String {
    count(usize::try_from(n).unwrap_or(usize::MAX), "request")
}

fn lines(n: u64) -> String {
    count(usize::try_from(n).unwrap_or(usize::MAX), "line")
}

/// How a caller is named; what is derived says so.
pub(super) fn source(row: &Row) -> String {
    match row.known {
        Known::Derived => format!("{} (derived)", row.source),
        Known::Log | Known::Address | Known::Nothing => row.source.clone(),
    }
}

impl Report for Replayed {
    fn doc(&self, wide: bool) -> Doc {
        let Part {
            header, summary, ..
        } = &self.part;
        let mut doc = Doc::new();
        let mut proposed = Table::new(&["Proposed", "Action", "Change"]).wide(&["Spec"]);
        for one in &header.proposals {
            proposed.row([
                format!("{}/{}", one.namespace, one.name),
                one.action.clone(),
                one.change.clone(),
                one.digest.clone(),
            ]);
        }
        if header.proposals.is_empty() {
            doc.text("Nothing is proposed: no policy was named or given, and none is in dry run. Requests are judged by the policies of today.");
        } else {
            doc.table(proposed);
        }
        doc.pairs(self.facts());
        let mut classes = vec![Class::NewlyBlocked, Class::Unknown, Class::NewlyAllowed];
        if wide {
            classes.extend([Class::StillBlocked, Class::StillAllowed]);
        }
        for class in classes {
            if summary.class(class) == 0 {
                continue;
            }
            doc.heading(format!(
                "{}: {}",
                title(class),
                requests(summary.class(class))
            ));
            let mut table = Table::new(&["Requests", "Source", "Method", "Path", "Workload", "By"])
                .wide(&["Example", "Host", "Caller", "Time"])
                .limit(ROWS);
            for row in summary.of(class) {
                let example = &row.example;
                table.row([
                    row.requests.to_string(),
                    source(&row),
                    row.method.clone(),
                    row.path.clone(),
                    row.workload.clone(),
                    row.by.clone(),
                    example.path.clone(),
                    example.host.clone(),
                    example.caller.clone(),
                    if example.time == i64::MAX {
                        String::new()
                    } else {
                        time(example.time)
                    },
                ]);
            }
            doc.table(table);
            let others = summary.others(class);
            if others > 0 {
                doc.text(format!(
                    "And {} in more rows than are kept.",
                    requests(others)
                ));
            }
        }
        if !summary.decided.is_empty() {
            doc.heading("What the proxies decided, as they say");
            let mut table =
                Table::new(&["Rule", "Denied", "Allowed", "Would deny", "Would allow"]).limit(ROWS);
            for (rule, decided) in &summary.decided {
                let counts = [
                    decided.denied,
                    decided.allowed,
                    decided.would_deny,
                    decided.would_allow,
                ];
                table.row(
                    [rule.clone()]
                        .into_iter()
                        .chain(counts.map(|n| n.to_string())),
                );
            }
            doc.table(table);
        }
        doc.marked(self.marks());
        doc
    }

    fn json(&self) -> serde_json::Result<Value> {
        let mut document = verdict("PolicyReplay", self.outcome(), self.body())?;
        document["digest"] = self.digest.clone().into();
        Ok(document)
    }

    fn names(&self) -> Vec<String> {
        Vec::new()
    }
}

/// Lines that are not known, by reason.
fn lost(summary: &super::summary::Summary) -> impl Iterator<Item = String> {
    let reasons = tally::reasons(summary).into_iter();
    reasons
        .filter(|(skip, _)| skip.is_unknown())
        .map(|(skip, n): (Skip, u64)| format!("{}: {}", lines(n), skip.words()))
}
