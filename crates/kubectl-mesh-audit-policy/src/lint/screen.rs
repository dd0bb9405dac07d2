//! What a person reads: the checks that found something, each finding right below, and what was not judged.

use mesh_common::{
    check::{Finding, Severity},
    output::{Below, Doc, Mark, count},
    shell,
};

use super::{
    check::Hit,
    report::{Linted, Row, Status},
};

/// Findings shown per check; `--full` shows all.
const SHOWN: usize = 6;

/// Pieces of evidence shown per finding.
const EVIDENCE: usize = 3;

/// The whole screen.
pub(crate) fn table(linted: &Linted, full: bool) -> Doc {
    let mut doc = Doc::new();
    doc.pairs(linted.judged.clone());
    doc.append(brief_of(linted, full));
    if !full {
        let of = |status| linted.checks.iter().filter(|r| r.status == status).count();
        let mut parts = Vec::new();
        for (status, says) in [
            (Status::Ok, "found nothing"),
            (Status::NotEvaluated, "could not be evaluated"),
        ] {
            if of(status) > 0 {
                parts.push(format!("{} {says}", count(of(status), "check")));
            }
        }
        if !parts.is_empty() {
            doc.text(format!("{} (--full lists them).", parts.join(", ")));
        }
    }
    not_judged(&mut doc, linted);
    doc.text(verdict(linted));
    doc
}

/// Only what is not OK; nothing when all is.
pub(crate) fn brief(linted: &Linted) -> Doc {
    let bad = |row: &&Row| {
        matches!(
            row.status,
            Status::Error | Status::Warning | Status::Unknown
        )
    };
    let mut doc = Doc::new();
    let rows: Vec<_> = linted.checks.iter().filter(bad).collect();
    if !rows.is_empty() {
        doc.checks(rows.into_iter().map(|row| line(row, false)));
    }
    doc
}

fn brief_of(linted: &Linted, full: bool) -> Doc {
    let mut doc = Doc::new();
    let rows: Vec<_> = linted.checks.iter().filter(|r| is_shown(r, full)).collect();
    if !rows.is_empty() {
        doc.checks(rows.into_iter().map(|row| line(row, full)));
    }
    doc
}

fn is_shown(row: &Row, full: bool) -> bool {
    full || !matches!(row.status, Status::Ok | Status::NotEvaluated)
}

fn line(row: &Row, full: bool) -> (Mark, String, String, Vec<Below>) {
    (
        row.status.mark(),
        row.name(),
        row.summary.clone(),
        below(row, full),
    )
}

fn below(row: &Row, full: bool) -> Vec<Below> {
    let most = if full || row.findings.len() <= SHOWN + 1 {
        row.findings.len()
    } else {
        SHOWN
    };
    let mut out = Vec::new();
    for hit in row.findings.iter().take(most) {
        out.push(Below::Item(words(hit, full)));
        for hint in hit.finding.hint.iter().flat_map(|hint| hint.lines()) {
            out.push(if shell::is_command(hint) {
                Below::Command(hint.to_owned())
            } else {
                Below::Words(hint.to_owned())
            });
        }
    }
    let more = row.findings.len() - most;
    if more > 0 {
        out.push(Below::Item(format!("… and {more} more (--full shows all)")));
    }
    if full {
        let missing = row.not_evaluated.iter();
        out.extend(missing.map(|why| Below::Words(format!("not evaluated: {why}"))));
    }
    out
}

fn words(hit: &Hit, full: bool) -> String {
    let Finding {
        object,
        field,
        message,
        evidence,
        severity,
        ..
    } = &hit.finding;
    let mut text = String::new();
    if *severity == Severity::Info {
        text.push_str("note: ");
    }
    if let Some(file) = &hit.file {
        text.push_str(file);
        if let Some(line) = hit.line {
            text.push(':');
            text.push_str(&line.to_string());
        }
        text.push_str(": ");
    }
    text.push_str(object);
    if let Some(field) = field {
        text.push_str(", ");
        text.push_str(field);
    }
    text.push_str(": ");
    text.push_str(message);
    // What the message names is not said again.
    let unsaid = |seen: &&String| !message.contains(seen.as_str());
    let mut seen: Vec<&str> = evidence.iter().filter(unsaid).map(String::as_str).collect();
    let most = if full { seen.len() } else { EVIDENCE };
    let more = format!("and {} more", seen.len().saturating_sub(most));
    if seen.len() > most {
        seen.truncate(most);
        seen.push(&more);
    }
    if !seen.is_empty() {
        text.push_str(" (");
        text.push_str(&seen.join("; "));
        text.push(')');
    }
    text
}

/// What could not be judged here is said, with the codes that would need it.
fn not_judged(doc: &mut Doc, linted: &Linted) {
    let mut reasons: Vec<(&str, Vec<&str>)> = Vec::new();
    for row in &linted.checks {
        for why in &row.not_evaluated {
            match reasons.iter_mut().find(|(known, _)| known == why) {
                Some((_, codes)) => codes.push(row.code),
                None => reasons.push((why, vec![row.code])),
            }
        }
    }
    if !reasons.is_empty() {
        doc.heading("Not judged");
        let lines = reasons.iter().map(|(why, codes)| {
            let (mark, codes) = (Mark::Skip, codes.join(", "));
            (mark, (*why).to_owned(), codes)
        });
        doc.marked(lines);
    }
    if !linted.others.is_empty() {
        let others = linted.others.join(", ");
        doc.text(format!("Of other kinds, and not looked at: {others}."));
    }
}

fn verdict(linted: &Linted) -> String {
    let of = |severity: Severity| {
        let all = linted.findings();
        all.filter(|h| h.finding.severity == severity).count()
    };
    let (errors, warnings) = (of(Severity::Error), of(Severity::Warning));
    let unknown = linted.checks.iter().filter(|r| r.is_unknown()).count();
    let mut parts = vec![count(errors, "error"), count(warnings, "warning")];
    if unknown > 0 {
        parts.push(format!("{} not fully known", count(unknown, "check")));
    }
    format!("{}.", parts.join(", "))
}
