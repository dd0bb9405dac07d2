//! How a gate reaches its verdict: reasons to close outweigh doubts, doubts outweigh silence.

use super::{Facts, Gate, Verdict, gate::waive, id};
use crate::{mesh::Gap, output::clean};

/// Most lines of evidence a gate keeps.
const EVIDENCE_MAX: usize = 40;
/// Longest line of evidence, in characters.
const LINE_MAX: usize = 240;
/// Longest summary, in characters.
const SUMMARY_MAX: usize = 320;
/// Longest hint, in characters.
const HINT_MAX: usize = 600;
/// Reasons a summary spells out.
const REASONS_MAX: usize = 2;

/// Collects what speaks against a gate.
#[derive(Debug, Default)]
pub(super) struct Judge {
    closed: Vec<String>,
    unknown: Vec<String>,
    evidence: Vec<String>,
    hint: Option<String>,
}

impl Judge {
    /// Something speaks against it.
    pub(super) fn close(&mut self, reason: impl Into<String>) {
        self.closed.push(reason.into());
    }

    /// Something is not known.
    pub(super) fn doubt(&mut self, reason: impl Into<String>) {
        self.unknown.push(reason.into());
    }

    /// A part of the mesh could not be read.
    pub(super) fn gap(&mut self, gap: &Gap) {
        self.doubt(unread(gap));
    }

    /// Something that was seen.
    pub(super) fn note(&mut self, line: impl Into<String>) {
        self.evidence.push(line.into());
    }

    /// What to do about it; the first one counts.
    pub(super) fn hint(&mut self, hint: impl Into<String>) {
        self.hint.get_or_insert_with(|| hint.into());
    }

    /// Whether something speaks against it so far.
    pub(super) fn is_closed(&self) -> bool {
        !self.closed.is_empty()
    }

    /// The gate; `open` is its summary if nothing speaks against it.
    pub(super) fn done(self, id: &'static str, open: impl Into<String>) -> Gate {
        let Self {
            closed,
            unknown,
            mut evidence,
            hint,
        } = self;
        let (verdict, summary, left) = if !closed.is_empty() {
            let (summary, mut left) = summary_of(closed);
            left.extend(unknown.into_iter().map(|u| format!("unknown: {u}")));
            (Verdict::Closed, summary, left)
        } else if !unknown.is_empty() {
            let (summary, left) = summary_of(unknown);
            (Verdict::Unknown, summary, left)
        } else {
            (Verdict::Open, open.into(), Vec::new())
        };
        evidence.splice(0..0, left);
        let hint = match verdict {
            Verdict::Open | Verdict::NotEvaluated => None,
            Verdict::Closed | Verdict::Unknown => hint,
        };
        gate(id, verdict, &summary, evidence, hint)
    }

    /// The gate, not evaluated because this is a rehearsal. What already speaks against it still closes it.
    pub(super) fn rehearsed(self, id: &'static str, seen: &str) -> Gate {
        if self.is_closed() {
            return self.done(id, "");
        }
        let summary = if seen.is_empty() {
            "not evaluated (rehearsal)".to_owned()
        } else {
            format!("not evaluated (rehearsal): {seen}")
        };
        let mut evidence = self.evidence;
        evidence.extend(self.unknown.into_iter().map(|u| format!("unknown: {u}")));
        gate(id, Verdict::NotEvaluated, &summary, evidence, None)
    }
}

/// One line for a part of the mesh that could not be read.
pub(super) fn unread(gap: &Gap) -> String {
    format!("{} could not be read: {}", gap.what, gap.detail)
}

/// A gate for which nothing is built yet.
pub(super) fn not_built(id: &'static str) -> Gate {
    gate(
        id,
        Verdict::NotEvaluated,
        "not evaluated (not built yet)",
        Vec::new(),
        None,
    )
}

/// A gate of a question that only the live cluster answers and that nobody asked: a rehearsal stops nothing, but
/// on a live cluster that is a doubt like any other.
pub(super) fn not_asked(facts: &Facts<'_>, mut judge: Judge, id: &'static str, seen: &str) -> Gate {
    if facts.mesh.source.is_rehearsal() {
        return judge.rehearsed(id, seen);
    }
    judge.doubt("it was not asked");
    judge.done(id, "")
}

fn gate(
    id: &'static str,
    verdict: Verdict,
    summary: &str,
    mut evidence: Vec<String>,
    hint: Option<String>,
) -> Gate {
    let more = evidence.len().saturating_sub(EVIDENCE_MAX);
    evidence.truncate(EVIDENCE_MAX);
    let mut evidence: Vec<_> = evidence.iter().map(|line| clean(line, LINE_MAX)).collect();
    if more > 0 {
        evidence.push(format!("… and {more} more"));
    }
    let (title, required) = about(id);
    Gate {
        id,
        title,
        required,
        verdict,
        summary: clean(summary, SUMMARY_MAX),
        evidence,
        hint: hint.map(|h| lines(&h)),
        pass: Some(waive(id)),
        waived: None,
    }
}

/// A hint may have a command on a line of its own.
fn lines(hint: &str) -> String {
    let lines: Vec<String> = hint.lines().map(|l| clean(l, HINT_MAX)).collect();
    lines.join("\n")
}

/// Name of a gate, and whether it is required unless a policy says more. `drift` is once it is built.
fn about(id: &'static str) -> (&'static str, bool) {
    match id {
        id::SAME_MESH => ("same mesh", true),
        id::WAY_BACK => ("way back", true),
        id::HIGH_AVAILABILITY => ("high availability", false),
        id::DRIFT | id::TRAFFIC | id::MEMORY | id::IMAGE | id::BACKUP => (id, false),
        _ => (id, true),
    }
}

/// The first reasons as one line, and the reasons that it leaves out.
fn summary_of(mut reasons: Vec<String>) -> (String, Vec<String>) {
    let left = reasons.split_off(reasons.len().min(REASONS_MAX));
    let mut summary = reasons.join("; ");
    if !left.is_empty() {
        summary = format!("{summary}; and {} more", left.len());
    }
    (summary, left)
}
