//! Gates and findings on a screen.

use mesh_common::{
    check::{Finding, Gates, Severity},
    output::{Doc, Mark},
    shell,
};

use super::{EVIDENCE, ROWS};

/// The gates, and below them what was seen and what to do where one stops the command.
pub(crate) fn gates(doc: &mut Doc, gates: &Gates) {
    doc.heading("Gates");
    doc.marked(gates.marked());
    for gate in gates.blocking() {
        if !gate.evidence.is_empty() {
            let more = gate.evidence.len().saturating_sub(EVIDENCE);
            let mut seen = gate.evidence[..gate.evidence.len() - more].to_vec();
            if more > 0 {
                seen.push(format!("… and {more} more: -o json shows all"));
            }
            doc.text(format!("{}, seen:", gate.title));
            doc.verbatim(seen.join("\n"));
        }
        let Some(hint) = gate.hint.as_ref().filter(|h| !h.starts_with("--waive")) else {
            continue;
        };
        let (words, command) = match hint.split_once('\n') {
            Some((words, command)) => (format!("{}: {words}", gate.title), Some(command)),
            None if shell::is_command(hint) => {
                (format!("for {}:", gate.title), Some(hint.as_str()))
            }
            None => (format!("{}: {hint}", gate.title), None),
        };
        doc.steps([(words, command)]);
    }
}

/// Findings that stop nothing.
pub(crate) fn findings(doc: &mut Doc, findings: &[Finding]) {
    if findings.is_empty() {
        return;
    }
    doc.heading(format!("Findings: {}", findings.len()));
    doc.marked(findings.iter().take(ROWS).map(|f| {
        let mark = match f.severity {
            Severity::Info => Mark::Skip,
            Severity::Warning => Mark::Warn,
            Severity::Error => Mark::Bad,
        };
        let evidence = f
            .evidence
            .iter()
            .take(3)
            .cloned()
            .collect::<Vec<_>>()
            .join("; ");
        let words = if evidence.is_empty() {
            format!("{}: {}", f.object, f.message)
        } else {
            format!("{}: {} ({evidence})", f.object, f.message)
        };
        (mark, f.code.clone().into_owned(), words)
    }));
    if findings.len() > ROWS {
        doc.text(format!(
            "and {} more: -o json shows all",
            findings.len() - ROWS
        ));
    }
}
