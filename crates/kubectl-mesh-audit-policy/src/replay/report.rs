//! What is printed: what would be blocked first, then what is not known, then what the result rests on.

use std::fmt::Write as _;

use jiff::Timestamp;
use mesh_common::{
    Outcome,
    output::{Doc, Mark, Report, Table, count, verdict},
};
use serde_json::{Value, json};

use super::{
    part::Part,
    proposed,
    summary::{Class, Known, Row},
    tally,
};
use crate::logs::Skip;

/// Rows of each list that are shown without `--full`.
const ROWS: usize = 20;

/// So many gaps are named.
const GAPS: usize = 3;

/// A whole result.
#[derive(Debug)]
pub(super) struct Replayed {
    pub(super) part: Part,
    accept_blocked: u64,
    digest: String,
}

impl Replayed {
    pub(super) fn new(part: Part, accept_blocked: u64) -> Self {
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

    pub(super) fn outcome(&self) -> Outcome {
        if self.part.summary.class(Class::NewlyBlocked) > self.accept_blocked {
            Outcome::Refused
        } else if self.doubts().is_empty() {
            Outcome::Done
        } else {
            Outcome::Unknown
        }
    }

    /// `CronJobs` that called nobody.
    fn unseen(&self) -> Vec<&str> {
        let seen = &self.part.summary.callers;
        let jobs = self.part.header.cron_jobs.iter();
        jobs.filter(|job| !seen.contains(*job))
            .map(String::as_str)
            .collect()
    }

    /// The hours with requests, and the hours that there are.
    fn hours(&self) -> (usize, i64) {
        let hours = &self.part.summary.hours;
        let span = match (hours.first(), hours.last()) {
            (Some(first), Some(last)) => last - first + 1,
            _ => 0,
        };
        (hours.len(), self.part.header.window_hours.unwrap_or(span))
    }

    /// Hours without a request between others: the first and how many.
    fn gaps(&self) -> Vec<(i64, i64)> {
        let hours = &self.part.summary.hours;
        let pairs = hours.iter().zip(hours.iter().skip(1));
        let mut gaps: Vec<(i64, i64)> = pairs
            .filter(|(a, b)| *b - *a > 1)
            .map(|(a, b)| (a + 1, b - a - 1))
            .collect();
        gaps.sort_by_key(|(from, length)| (-length, *from));
        gaps.truncate(GAPS);
        gaps
    }

    pub(super) fn coverage(&self) -> String {
        let summary = &self.part.summary;
        let (Some(first), Some(last)) = (summary.first, summary.last) else {
            return "no line has a time".into();
        };
        let (with, of) = self.hours();
        let mut text = format!(
            "{} to {}: requests in {with} h of {of} h",
            time(first),
            time(last)
        );
        for (from, length) in self.gaps() {
            let _ = write!(
                text,
                "; none for {length} h from {}",
                time(from * 3_600_000)
            );
        }
        let unseen = self.unseen();
        if let Some(first) = unseen.first() {
            let jobs = count(unseen.len(), "CronJob");
            let _ = write!(text, "; {jobs} not seen as callers, such as {first}");
        }
        if summary.timeless > 0 {
            let _ = write!(text, "; {} without a time", requests(summary.timeless));
        }
        text
    }

    /// All but the verdict and the digest.
    fn body(&self) -> Value {
        let Part {
            header, summary, ..
        } = &self.part;
        let rows = |class| summary.of(class).iter().map(row).collect::<Vec<_>>();
        let reasons = |unknown: bool| -> serde_json::Map<String, Value> {
            let reasons = tally::reasons(summary).into_iter();
            let of = reasons.filter(|(skip, _)| skip.is_unknown() == unknown);
            of.map(|(skip, n)| (skip.name().to_owned(), n.into()))
                .collect()
        };
        let class = |class| summary.class(class);
        let then_unknown = class(Class::Unknown) + summary.refused_then_unknown;
        let then_refused = class(Class::NewlyBlocked) + class(Class::StillBlocked);
        let (with, of) = self.hours();
        let gaps = self.gaps().into_iter();
        json!({
            "policies": header.proposals,
            "configuration": header.configuration,
            "workloads": header.workloads,
            "lines": {
                "read": summary.lines,
                "evaluated": summary.evaluated(),
                "skipped": reasons(false),
                "unknown": reasons(true),
            },
            "now": {
                "allowed": summary.evaluated() - summary.refused_now,
                "denied": summary.refused_now,
                "asTheLogSays": summary.by_log,
                "logSaysTheOpposite": summary.disagree,
            },
            "proposed": {
                "allowed": summary.evaluated() - then_refused - then_unknown,
                "denied": then_refused,
                "unknown": then_unknown,
            },
            "newlyBlocked": class(Class::NewlyBlocked),
            "unknown": class(Class::Unknown),
            "newlyAllowed": class(Class::NewlyAllowed),
            "callersDerived": summary.derived,
            "rows": {
                "newlyBlocked": rows(Class::NewlyBlocked),
                "unknown": rows(Class::Unknown),
                "newlyAllowed": rows(Class::NewlyAllowed),
                "stillBlocked": rows(Class::StillBlocked),
                "stillAllowed": rows(Class::StillAllowed),
            },
            "inNoRow": Class::ALL.iter().filter(|c| summary.others(**c) > 0)
                .map(|c| (name(*c).to_owned(), summary.others(*c).into()))
                .collect::<serde_json::Map<_, _>>(),
            "coverage": {
                "first": summary.first.map(time),
                "last": summary.last.map(time),
                "hoursWithRequests": with,
                "hours": of,
                "gaps": gaps.map(|(from, hours)| json!({"from": time(from * 3_600_000), "hours": hours})).collect::<Vec<_>>(),
                "withoutTime": summary.timeless,
                "wholeLog": header.whole.is,
                "cronJobsNotSeen": self.unseen(),
            },
            "assumptions": header.assumptions,
            "unclear": header.unclear,
            "doubts": self.doubts(),
        })
    }

    /// The verdict, and everything that it hangs on.
    fn marks(&self) -> Vec<(Mark, &'static str, String)> {
        let Part {
            header, summary, ..
        } = &self.part;
        let mut marks = Vec::new();
        let blocked = summary.class(Class::NewlyBlocked);
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

fn name(class: Class) -> &'static str {
    match class {
        Class::NewlyBlocked => "newlyBlocked",
        Class::Unknown => "unknown",
        Class::NewlyAllowed => "newlyAllowed",
        Class::StillBlocked => "stillBlocked",
        Class::StillAllowed => "stillAllowed",
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

fn row(row: &Row) -> Value {
    let example = &row.example;
    json!({
        "workload": row.workload,
        "source": row.source,
        "sourceKnownBy": row.known,
        "method": row.method,
        "path": row.path,
        "by": row.by,
        "requests": row.requests,
        "example": {
            "time": (example.time != i64::MAX).then(|| time(example.time)),
            "path": example.path,
            "host": example.host,
            "caller": example.caller,
        },
    })
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
