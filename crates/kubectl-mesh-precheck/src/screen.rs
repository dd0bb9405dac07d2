//! What a person reads: one line per check, and right below it what was found and what to do.

mod verdict;

use std::fmt::Write as _;

use mesh_common::{
    check::{Finding, Severity},
    mesh::{Known, Source},
    output::{Below, Doc, Mark},
    shell,
};

use crate::{
    baseline::Accepted,
    check::{Category, Status},
    facts::Facts,
    report::{Precheck, Row},
};

use verdict::sum;

/// Findings shown per check; `--full` shows all.
const SHOWN: usize = 4;

/// Objects named where a finding is about several.
const NAMED: usize = 3;

/// Pieces of evidence shown per finding.
const EVIDENCE: usize = 1;

/// Where we are, for the head of the screen.
pub(crate) fn cluster(facts: &Facts) -> Vec<(String, String)> {
    let mesh = &facts.mesh;
    let mut rows = Vec::new();
    let kubernetes = mesh.kubernetes.get().map_or("", String::as_str);
    match &mesh.source {
        Source::Live { server, context } => {
            let context = context
                .as_deref()
                .map_or(String::new(), |c| format!("{c}, "));
            rows.push((
                "Cluster".into(),
                format!("{context}{server}, Kubernetes {kubernetes}"),
            ));
        }
        Source::Archive { file } => rows.push((
            "Rehearsal".into(),
            format!("{file}, taken {:.0}, Kubernetes {kubernetes}", mesh.now),
        )),
    }
    let istiods = match &mesh.istiods {
        Known::Known(all) if all.is_empty() => "no istiod".to_owned(),
        Known::Known(all) => {
            let each = all.iter().map(|i| {
                let version = i.version.as_deref().unwrap_or("unknown version");
                format!("{} ({version})", i.revision)
            });
            each.collect::<Vec<_>>().join(", ")
        }
        Known::Unknown(gap) => format!("unknown: {}", gap.detail),
    };
    rows.push((
        "Mesh".into(),
        format!("{}: {istiods}", mesh.istio_namespace),
    ));
    let upgrade = &facts.upgrade;
    if let Some(way) = upgrade.way().filter(|_| !upgrade.route.is_empty()) {
        rows.push(("Route".into(), way));
    }
    let checked = match &upgrade.to {
        Some(target) if target.typed => target.name.clone(),
        Some(target) => format!("{}, the first hop; --to checks another", target.name),
        None => "no target: give one with --to".into(),
    };
    rows.push(("Checked".into(), checked));
    rows
}

/// The whole screen.
pub(crate) fn table(precheck: &Precheck, full: bool) -> Doc {
    let mut doc = Doc::new();
    doc.pairs(precheck.cluster.clone());
    let mut rows = precheck.checks.iter().peekable();
    while let Some(first) = rows.next() {
        let mut here = vec![first];
        while let Some(row) = rows.next_if(|row| row.category == first.category) {
            here.push(row);
        }
        category(&mut doc, first.category, &here, full);
    }
    if full && !precheck.accepted.is_empty() {
        doc.heading("Accepted");
        doc.list(precheck.accepted.iter().map(accepted));
    }
    verdict::end(&mut doc, precheck, full);
    doc
}

fn accepted(one: &Accepted) -> String {
    let (found, until, reason) = (&one.finding, one.until, &one.reason);
    let (code, object, message) = (&found.code, &found.object, &found.message);
    format!("{code} {object}: {message} (until {until}: {reason})")
}

/// Only what is not OK; empty where all is.
pub(crate) fn brief(precheck: &Precheck) -> Doc {
    let mut doc = Doc::new();
    let rows: Vec<_> = precheck
        .checks
        .iter()
        .filter(|row| row.is_unknown() || matches!(row.status, Status::Warning | Status::Error))
        .collect();
    if rows.is_empty() {
        return doc;
    }
    doc.checks(rows.iter().map(|row| {
        (
            row.status.mark(),
            row.name(),
            row.summary.clone(),
            Vec::new(),
        )
    }));
    doc.text(sum(precheck));
    doc
}

fn category(doc: &mut Doc, category: Category, rows: &[&Row], full: bool) {
    doc.heading(category.title());
    doc.checks(folded(rows, full));
}

/// A line per check; those beside each other that were not evaluated for one reason are one.
fn folded(rows: &[&Row], full: bool) -> Vec<(Mark, String, String, Vec<Below>)> {
    let same = |a: &&Row, b: &&Row| {
        !full && a.status == Status::NotEvaluated && b.status == a.status && a.summary == b.summary
    };
    rows.chunk_by(same)
        .filter_map(|group| {
            let (first, last) = (group.first()?, group.last()?);
            let name = match group.len() {
                1 => first.name(),
                2 => format!("{}, {}", first.code, last.code),
                _ => format!("{} to {}", first.code, last.code),
            };
            Some((
                first.status.mark(),
                name,
                first.summary.clone(),
                below(first, full),
            ))
        })
        .collect()
}

/// The findings of a check and what to do: those that say the same stand together. What is only to be known shows with
/// `--full`.
fn below(row: &Row, full: bool) -> Vec<Below> {
    let groups = groups(row, full);
    let shown = if full || groups.len() <= SHOWN + 1 {
        groups.len()
    } else {
        SHOWN
    };
    let mut out = Vec::new();
    for (n, group) in groups[..shown].iter().enumerate() {
        out.push(Below::Item(words(row, group, full)));
        let hint = group[0].hint.as_ref();
        let next = groups[..shown].get(n + 1).map(|g| g[0].hint.as_ref());
        if next != Some(hint) {
            out.extend(hint.into_iter().flat_map(|h| hint_lines(h)));
        }
    }
    let more: usize = groups[shown..].iter().map(Vec::len).sum();
    if more > 0 {
        out.push(Below::Item(format!("… and {more} more (--full shows all)")));
    }
    out
}

/// Findings that say the same of several objects, together.
fn groups(row: &Row, full: bool) -> Vec<Vec<&Finding>> {
    let mut groups: Vec<Vec<&Finding>> = Vec::new();
    let told = |f: &&Finding| full || f.severity > Severity::Info;
    for found in row.findings.iter().filter(told) {
        let same = |g: &&mut Vec<&Finding>| {
            let first = g[0];
            !full && first.code == found.code && first.message == found.message
        };
        match groups.iter_mut().find(same) {
            Some(group) => group.push(found),
            None => groups.push(vec![found]),
        }
    }
    groups
}

fn words(row: &Row, group: &[&Finding], full: bool) -> String {
    let first = group[0];
    let mut text = String::new();
    if first.code != row.code {
        text.push_str(&first.code);
        text.push(' ');
    }
    let named: Vec<_> = group
        .iter()
        .take(NAMED)
        .map(|f| f.object.as_str())
        .collect();
    text.push_str(&named.join(", "));
    if group.len() > NAMED {
        let _ = write!(text, " and {} more", group.len() - NAMED);
    }
    let field = first.field.as_ref().filter(|_| group.len() == 1);
    if let Some(field) = field.filter(|f| full || !is_said(first, f)) {
        text.push_str(", ");
        text.push_str(field);
    }
    // What the line above says in these words is not said again.
    if full || !row.summary.starts_with(&first.message) {
        text.push_str(": ");
        text.push_str(if full {
            &first.message
        } else {
            sentence(&first.message)
        });
    }
    let most = if full { usize::MAX } else { EVIDENCE };
    let mut seen: Vec<_> = first.evidence.iter().map(String::as_str).collect();
    seen.truncate(most);
    if group.len() == 1 && !seen.is_empty() {
        text.push_str(" (");
        text.push_str(&seen.join("; "));
        text.push(')');
    }
    text
}

/// Whether the finding names the field anyway: in its words, or in front of the value that was seen.
fn is_said(found: &Finding, field: &str) -> bool {
    let seen = found.evidence.first();
    let key = field.strip_suffix(']').and_then(|f| f.split_once('['));
    seen.is_some_and(|s| s.starts_with(&format!("{field}:")))
        || key.is_some_and(|(_, key)| found.message.contains(key))
}

/// The first sentence, without its stop where more would follow.
fn sentence(text: &str) -> &str {
    let more = |at: usize| text[at + 2..].starts_with(|c: char| c.is_uppercase());
    let end = text.match_indices(". ").find(|(at, _)| more(*at));
    end.map_or(text.trim_end_matches('.'), |(at, _)| &text[..at])
}

fn hint_lines(hint: &str) -> Vec<Below> {
    hint.lines()
        .map(|line| {
            if shell::is_command(line) {
                Below::Command(line.to_owned())
            } else {
                Below::Words(line.to_owned())
            }
        })
        .collect()
}

#[cfg(test)]
mod tests;
