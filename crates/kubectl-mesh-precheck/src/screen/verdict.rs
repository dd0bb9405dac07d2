//! The end of the screen, where the eye is: what to do first, and what it comes to.

use mesh_common::{
    Outcome,
    check::Severity,
    output::{Below, Doc},
};

use super::hint_lines;
use crate::{
    check::{Status, count},
    report::{Precheck, Row, docs},
};

/// Checks of a kind that are named again; the others stand above.
const AGAIN: usize = 5;

/// Errors and what is not known once more, with what to do; warnings by their names; the verdict.
pub(super) fn end(doc: &mut Doc, precheck: &Precheck, full: bool) {
    let of = |wanted: fn(&Row) -> bool| -> Vec<&Row> {
        precheck.checks.iter().filter(|r| wanted(r)).collect()
    };
    let errors = of(|r| r.status == Status::Error);
    let unknown = of(|r| r.is_unknown() && r.status != Status::Error);
    let warnings = of(|r| r.status == Status::Warning);
    if !(errors.is_empty() && unknown.is_empty() && warnings.is_empty()) {
        doc.text(more(precheck, full));
    }
    for (heading, rows) in [("Do first", &errors), ("Not known", &unknown)] {
        if rows.is_empty() {
            continue;
        }
        doc.heading(heading);
        let shown = rows.iter().take(AGAIN);
        doc.checks(shown.map(|row| {
            let text = row.summary.clone();
            (row.status.mark(), row.name(), text, first_hint(row))
        }));
        if rows.len() > AGAIN {
            doc.text(format!("and {} more above", rows.len() - AGAIN));
        }
    }
    if !warnings.is_empty() {
        let names: Vec<_> = warnings.iter().map(|row| row.name()).collect();
        doc.text(format!("Read before going on: {}.", names.join(", ")));
    }
    doc.text(sum(precheck));
}

/// What to do about the gravest finding.
fn first_hint(row: &Row) -> Vec<Below> {
    let hints = row.findings.iter().filter(|f| f.hint.is_some());
    // The first of those that are equally grave.
    let gravest = hints.rev().max_by_key(|f| f.severity);
    let hint = gravest.filter(|f| f.severity > Severity::Info);
    let hint = hint.and_then(|f| f.hint.as_deref());
    hint.map_or_else(Vec::new, hint_lines)
}

/// Where there is more to read.
fn more(precheck: &Precheck, full: bool) -> String {
    let all = precheck.checks.iter().flat_map(|row| &row.findings);
    let info = all.filter(|f| f.severity == Severity::Info).count();
    let page = format!("each check is explained at {}", docs("CODE"));
    if full || info == 0 {
        format!("More: {page}")
    } else {
        let notes = count(info, "note");
        format!("More: --full shows {notes} and everything at length; {page}")
    }
}

/// The last line: what it comes to.
pub(super) fn sum(precheck: &Precheck) -> String {
    let of = |word| precheck.summary.get(word).copied().unwrap_or_default();
    let mut parts = Vec::new();
    for (word, one) in [("error", "error"), ("warning", "warning")] {
        if of(word) > 0 {
            parts.push(count(of(word), one));
        }
    }
    for (word, words) in [
        ("unknown", "unknown"),
        ("skipped", "skipped for missing rights"),
        ("inPart", "seen in part only"),
        ("ok", "ok"),
        ("notEvaluated", "not evaluated"),
    ] {
        if of(word) > 0 {
            parts.push(format!("{} {words}", of(word)));
        }
    }
    if !precheck.accepted.is_empty() {
        parts.push(format!(
            "{} accepted",
            count(precheck.accepted.len(), "finding")
        ));
    }
    let to = precheck.upgrade.to.as_ref();
    let to = to.map_or(String::new(), |target| format!(" to {}", target.name));
    let says = match precheck.outcome() {
        Outcome::Refused => format!("Not ready to upgrade{to}"),
        Outcome::Unknown => format!("Not known to be ready to upgrade{to}"),
        _ if of("warning") > 0 => format!("Ready to upgrade{to}, once the warnings are read"),
        _ if to.is_empty() => "Ready".to_owned(),
        _ => format!("Ready to upgrade{to}"),
    };
    format!("{says}: {}.", parts.join(", "))
}
