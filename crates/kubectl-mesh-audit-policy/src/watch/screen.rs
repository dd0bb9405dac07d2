//! What a watch shows.

use std::time::Duration;

use mesh_common::{
    error::{Error, Result},
    output::{Doc, Mark, Table, count},
    shell,
};
use serde_json::Value;

use super::{Subject, counters::Tally, judge::Judged};
use crate::watched::Watched;

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

/// After it ended.
pub(super) fn after(subject: &Subject, tally: &Tally, judged: &Judged, watched: &Watched) -> Doc {
    let mut doc = Doc::new();
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
    doc.table(table);
    match &watched.signal {
        Some(signal) => doc.marked([(Mark::Ok, "signal", signal.how.as_str())]),
        None => doc.marked(
            judged
                .unclear
                .iter()
                .map(|line| (Mark::Unknown, "unknown", line.as_str())),
        ),
    };
    doc.text("Who called is in no counter. Recorded traffic tells:");
    doc.command("kubectl mesh-audit-policy replay --since 24h");
    doc.text("What promote makes of it:");
    doc.command(shell::command(
        "kubectl mesh-audit-policy promote {} -n {} --dry-run",
        &[&subject.name, &subject.namespace],
    ));
    doc
}

/// One line of JSON.
///
/// # Errors
/// It cannot be encoded.
pub(super) fn event(event: &str, rest: &Value) -> Result<String> {
    let mut line = serde_json::json!({
        "apiVersion": "kubectl-mesh/v1alpha1",
        "kind": "PolicyWatchEvent",
        "event": event,
        "at": jiff::Timestamp::now().to_string(),
    });
    for (key, value) in rest.as_object().into_iter().flatten() {
        line[key.as_str()] = value.clone();
    }
    let text = serde_json::to_string(&line)
        .map_err(|e| Error::internal("cannot encode an event").caused_by(e))?;
    Ok(format!("{text}\n"))
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
