//! What a watch shows.

use std::time::Duration;

use mesh_common::{
    output::{Doc, Mark, Table, clean, count},
    shell,
};

use super::{
    Subject,
    counters::Tally,
    heard::Heard,
    judge::{Judged, NOBODY},
    named::by_weight,
};
use crate::watched::{Caller, Expected, Watched};

/// Callers that are shown in the end. The journal has all.
const ROWS: usize = 20;

/// Workloads that are shown meanwhile: callers need the room.
const FEW: usize = 8;

/// Before it begins.
pub(super) fn before(subject: &Subject, lasts: Duration) -> Doc {
    let mut doc = Doc::new();
    doc.heading(format!("Watch {}", subject.words()));
    doc.text(format!(
        "{} is evaluated and blocks nothing. Its proxies are asked for {}; Ctrl-C ends it earlier and keeps what was seen.",
        subject.copy.name(),
        words(lasts)
    ));
    doc
}

/// While it goes on.
pub(super) fn line(tally: &Tally, left: Duration, failed: Option<&str>) -> String {
    if let Some(why) = failed {
        return format!("{} left; cannot ask: {why}", words(left));
    }
    let sum = tally.sum();
    format!(
        "{} left; {}: {} would pass, {} would be denied",
        words(left),
        count(tally.proxies.len(), "proxy"),
        sum.allowed,
        sum.denied
    )
}

/// The same on a screen that can be drawn again: what is counted where, and who called.
pub(super) fn live(line: &str, tally: &Tally, heard: &Heard) -> Doc {
    let mut doc = Doc::new();
    // First: what does not fit on the screen is cut at its end.
    doc.text(line);
    doc.table(workloads(tally).limit(FEW));
    let mut called: Vec<Caller> = heard
        .callers()
        .into_iter()
        .map(|(name, count)| Caller {
            name: name.to_owned(),
            allowed: count.allowed,
            denied: count.denied,
            unknown: count.unknown,
        })
        .collect();
    if !called.is_empty() {
        by_weight(&mut called);
        doc.table(callers(&called));
    }
    doc
}

fn workloads(tally: &Tally) -> Table {
    let mut table = Table::new(&["Workload", "Proxies", "Would pass", "Would be denied"])
        .empty("no proxy was found");
    for (workload, (counted, proxies)) in tally.by_workload() {
        table.row([
            workload.to_owned(),
            proxies.to_string(),
            counted.allowed.to_string(),
            counted.denied.to_string(),
        ]);
    }
    table
}

/// After it ended.
pub(super) fn after(subject: &Subject, tally: &Tally, judged: &Judged, watched: &Watched) -> Doc {
    let mut doc = Doc::new();
    doc.table(workloads(tally));
    if !watched.callers.is_empty() {
        doc.table(callers(&watched.callers).limit(ROWS));
    }
    match &watched.signal {
        Some(signal) => doc.marked([(Mark::Ok, "signal", signal.how.as_str())]),
        None => doc.marked(
            judged
                .unclear
                .iter()
                .map(|line| (Mark::Unknown, "unknown", line.as_str())),
        ),
    };
    let named = &judged.named;
    if named.derived > 0 {
        let derived = usize::try_from(named.derived).unwrap_or(usize::MAX);
        let line = format!(
            "of {} the caller is derived from the address that it called from",
            count(derived, "request")
        );
        doc.marked([(Mark::Warn, "derived", line.as_str())]);
    }
    let nobody = watched.callers.iter().any(|caller| caller.name == NOBODY);
    if let Some(expected) = &watched.expected {
        let (mark, line) = known(expected, watched);
        doc.marked([(mark, "callers", line.as_str())]);
    }
    if !named.unclear.is_empty() && (nobody || watched.expected.is_none()) {
        let lines = named.unclear.iter();
        doc.marked(lines.map(|line| (Mark::Unknown, "callers", line.as_str())));
        doc.text("Traffic that was recorded elsewhere can be judged:");
        doc.command("kubectl mesh-audit-policy replay --help");
    }
    doc.text("What promote makes of it:");
    doc.command(shell::command(
        "kubectl mesh-audit-policy promote {} -n {} --dry-run",
        &[&subject.name, &subject.namespace],
    ));
    doc
}

/// Those that are known to call, and whether they did.
fn known(expected: &Expected, watched: &Watched) -> (Mark, String) {
    let unseen = watched.unseen(expected);
    let all = count(expected.callers.len(), "caller");
    let from = clean(&expected.from, 200);
    if unseen.is_empty() {
        return (Mark::Ok, format!("{all} of {from}: each was seen"));
    }
    let names: Vec<String> = unseen
        .iter()
        .take(FEW)
        .map(|name| clean(name, 100))
        .collect();
    let more = unseen.len().saturating_sub(FEW);
    let more = if more > 0 {
        format!(" and {more} more")
    } else {
        String::new()
    };
    let line = format!(
        "{} of {all} of {from} not seen for certain: {}{more}",
        unseen.len(),
        names.join(", ")
    );
    (Mark::Warn, line)
}

/// Who called: those that would be denied stand first.
fn callers(callers: &[Caller]) -> Table {
    let mut table = Table::new(&["Caller", "Would pass", "Would be denied", "Unknown"]);
    for caller in callers {
        if !caller.is_judged() {
            // It called: what became of it is not certain.
            table.row([caller.name.clone(), "?".into(), "?".into(), "?".into()]);
            continue;
        }
        table.row([
            caller.name.clone(),
            caller.allowed.to_string(),
            caller.denied.to_string(),
            caller.unknown.to_string(),
        ]);
    }
    table
}

pub(super) fn words(time: Duration) -> String {
    let seconds = time.as_secs();
    match (seconds / 3600, seconds / 60 % 60, seconds % 60) {
        (0, 0, s) => format!("{s} s"),
        (0, m, 0) => format!("{m} min"),
        (0, m, s) => format!("{m} min {s} s"),
        (h, m, _) => format!("{h} h {m} min"),
    }
}
