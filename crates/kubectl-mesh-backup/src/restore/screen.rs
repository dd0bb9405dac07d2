//! The plan of a restore on a screen, and as a document.

use std::collections::BTreeMap;

use mesh_common::{
    Outcome,
    check::{Gate, Gates},
    mesh::impact::Impact,
    output::{self, Doc, Report, Table, count},
    shell,
};
use serde::Serialize;
use serde_json::Value;

use super::{
    judge::Verdict,
    key::Key,
    local::secrets::is_secret,
    place::Phase,
    plan::{Entries, Entry, word},
};

/// Rows of a long list that are shown without `--full`.
const ROWS: usize = 10;
/// Kinds that are shown without `--full`.
const KINDS: usize = 30;
/// Lines of evidence of a gate that stops the command.
const EVIDENCE: usize = 5;

/// A plan as it is shown.
#[derive(Debug, Clone)]
pub(crate) struct Shown {
    pub(crate) header: Doc,
    /// About the archive, by name and value.
    pub(crate) archive: Vec<(String, String)>,
    pub(crate) title: String,
    pub(crate) plan: Entries,
    pub(crate) left: BTreeMap<&'static str, BTreeMap<String, usize>>,
    pub(crate) gates: Gates,
    pub(crate) impact: Option<Impact>,
    pub(crate) notes: Vec<String>,
    pub(crate) way_back: Vec<String>,
    /// What no way back brings to what it was: Secrets.
    pub(crate) lasting: Vec<Key>,
    /// The id of the record, after a write.
    pub(crate) record: Option<String>,
}

impl Shown {
    /// What it came to, with its record.
    pub(crate) fn document(&self, outcome: Outcome) -> serde_json::Result<Value> {
        let body = Body {
            archive: self
                .archive
                .iter()
                .map(|(k, v)| (k.to_lowercase(), v))
                .collect(),
            objects: &self.plan.objects,
            deletes: &self.plan.prune,
            not_pruned: &self.plan.not_pruned,
            left: &self.left,
            gates: &self.gates.gates,
            impact: self.impact.as_ref(),
            notes: &self.notes,
            way_back: &self.way_back,
            cannot_be_undone: &self.lasting,
            record: self.record.as_deref(),
        };
        output::verdict("RestorePlan", outcome, body)
    }

    /// `Restores 40 objects: 38 created, 2 changed`.
    pub(crate) fn counts(&self) -> String {
        let of =
            |f: fn(&Verdict) -> bool| self.plan.objects.iter().filter(|e| f(&e.verdict)).count();
        let (creates, changes) = (
            of(|v| *v == Verdict::Create),
            of(|v| matches!(v, Verdict::Change { .. })),
        );
        let mut text = format!("{creates} to create, {changes} to change");
        if !self.plan.prune.is_empty() {
            text = format!("{text}, {} to delete", self.plan.prune.len());
        }
        text
    }
}

impl Report for Shown {
    fn doc(&self, _wide: bool) -> Doc {
        let mut doc = self.header.clone();
        doc.pairs(self.archive.clone());
        doc.heading(format!("{}: {}", self.title, self.counts()));
        if !self.plan.objects.is_empty() {
            doc.table(kinds(&self.plan.objects));
        }
        telling(&mut doc, &self.plan);
        left(&mut doc, &self.left);
        gates(&mut doc, &self.gates);
        match &self.impact {
            Some(impact) => impact.show(&mut doc),
            None => {
                doc.heading("Injection: nobody's changes");
            }
        }
        let mut notes = self.notes.clone();
        notes.extend(
            self.plan
                .not_pruned
                .iter()
                .take(ROWS)
                .map(|why| format!("not pruned: {why}")),
        );
        if !notes.is_empty() {
            doc.heading("Know this");
            doc.list(&notes);
        }
        doc.heading("Way back");
        for line in &self.way_back {
            if shell::is_command(line) {
                doc.command(line);
            } else {
                doc.text(line);
            }
        }
        doc
    }

    fn json(&self) -> serde_json::Result<Value> {
        self.document(self.gates.outcome())
    }

    fn names(&self) -> Vec<String> {
        self.plan.writes().map(|e| name(&e.key)).collect()
    }

    fn summary(&self) -> Option<String> {
        let breaks = self.impact.as_ref().map_or(0, |i| i.totals.breaks);
        let breaks = match breaks {
            0 => "nothing new breaks".to_owned(),
            n => format!("{} BREAK", count(n, "item")),
        };
        let lasting = match self.lasting.len() {
            0 => String::new(),
            n => format!("; {} CANNOT BE UNDONE", count(n, "Secret")),
        };
        Some(format!(
            "{}: {}; {breaks}{lasting}.",
            self.title,
            self.counts()
        ))
    }
}

fn name(key: &Key) -> String {
    match key.group.as_str() {
        "" => format!("{}/{}", key.kind.to_lowercase(), key.name),
        group => format!("{}.{group}/{}", key.kind.to_lowercase(), key.name),
    }
}

fn kinds(entries: &[Entry]) -> Table {
    let mut by: BTreeMap<(Phase, &str, &str), [usize; 5]> = BTreeMap::new();
    for entry in entries {
        let column = match entry.verdict {
            Verdict::Create => 0,
            Verdict::Change { .. } => 1,
            Verdict::Same => 2,
            Verdict::Owned { .. } | Verdict::Conflict { .. } => 3,
            Verdict::Impossible { .. } => 4,
        };
        by.entry((entry.phase, &entry.key.kind, &entry.key.group))
            .or_default()[column] += 1;
    }
    let mut table = Table::new(&[
        "STEP",
        "KIND",
        "CREATE",
        "CHANGE",
        "SAME",
        "CONFLICT",
        "NOT RESTORABLE",
    ])
    .wide(&["GROUP"])
    .limit(KINDS);
    for ((phase, kind, group), counts) in by {
        let mut row = vec![phase.word().to_owned(), kind.to_owned()];
        row.extend(
            counts
                .iter()
                .map(|n| if *n == 0 { "-".into() } else { n.to_string() }),
        );
        row.push(group.to_owned());
        table.row(row);
    }
    table
}

/// The objects, those first that somebody has to think about.
fn telling(doc: &mut Doc, plan: &Entries) {
    let rank = |e: &Entry| match (&e.verdict, e.phase) {
        (Verdict::Owned { .. } | Verdict::Conflict { .. }, _) => 0,
        (Verdict::Impossible { .. }, _) => 1,
        (Verdict::Change { .. }, _) if is_secret(&e.key) => 2,
        (Verdict::Create, _) if is_secret(&e.key) => 4,
        (Verdict::Change { .. }, Phase::Webhooks | Phase::Security | Phase::Namespaces) => 2,
        (Verdict::Change { .. }, _) => 3,
        (Verdict::Create, Phase::Webhooks | Phase::Security) => 4,
        (Verdict::Create, Phase::Workloads | Phase::Crds) => 5,
        (Verdict::Create, _) => 6,
        (Verdict::Same, _) => 7,
    };
    let mut shown: Vec<&Entry> = plan
        .objects
        .iter()
        .filter(|e| e.verdict != Verdict::Same)
        .collect();
    // What has to be said about an object is not to be the eleventh line.
    let quiet = |e: &Entry| e.notes.is_empty() && !is_secret(&e.key);
    shown.sort_by_key(|e| (rank(e).min(2), quiet(e), rank(e), e.phase));
    if shown.is_empty() && plan.prune.is_empty() {
        return;
    }
    doc.heading("Objects");
    let mut table = Table::new(&["DOES", "OBJECT", "WHAT"]).limit(ROWS);
    for key in &plan.prune {
        table.row([
            "DELETE".to_owned(),
            key.to_string(),
            "is not in the archive".to_owned(),
        ]);
    }
    for entry in shown {
        table.row([
            word(&entry.verdict).to_owned(),
            entry.key.to_string(),
            what(entry),
        ]);
    }
    doc.table(table);
}

fn what(entry: &Entry) -> String {
    let own = match &entry.verdict {
        Verdict::Change { fields } => some(fields),
        Verdict::Owned { by } => format!("belongs to {by}"),
        Verdict::Conflict { managers, fields } => {
            format!("{} set {}", managers.join(", "), some(fields))
        }
        Verdict::Impossible { why } => why.clone(),
        Verdict::Create | Verdict::Same => String::new(),
    };
    std::iter::once(own)
        .filter(|text| !text.is_empty())
        .chain(entry.notes.iter().cloned())
        .collect::<Vec<_>>()
        .join("; ")
}

fn some(fields: &[String]) -> String {
    match fields {
        [a, b, c, rest @ ..] if !rest.is_empty() => {
            format!("{a}, {b}, {c} and {} more", rest.len())
        }
        all => all.join(", "),
    }
}

fn left(doc: &mut Doc, left: &BTreeMap<&'static str, BTreeMap<String, usize>>) {
    if left.is_empty() {
        return;
    }
    doc.heading("In the archive, and left there");
    let mut table = Table::new(&["OBJECTS", "WHY", "KINDS"]).limit(ROWS);
    for (why, kinds) in left {
        let names: Vec<String> = kinds
            .iter()
            .map(|(kind, n)| format!("{n} {kind}"))
            .collect();
        table.row([
            kinds.values().sum::<usize>().to_string(),
            (*why).to_owned(),
            names.join(", "),
        ]);
    }
    doc.table(table);
}

/// The gates, and what was seen and what to do where one stops the command.
pub(crate) fn gates(doc: &mut Doc, gates: &Gates) {
    if gates.gates.is_empty() {
        return;
    }
    doc.heading("Gates");
    doc.marked(gates.marked());
    for gate in gates.blocking() {
        if !gate.evidence.is_empty() {
            let more = gate.evidence.len().saturating_sub(EVIDENCE);
            let mut seen: Vec<String> = gate.evidence.iter().take(EVIDENCE).cloned().collect();
            if more > 0 {
                seen.push(format!("… and {more} more: -o json shows all"));
            }
            doc.text(format!("{}, seen:", gate.title));
            doc.verbatim(seen.join("\n"));
        }
        if let Some(hint) = &gate.hint {
            let (words, command) = match hint.split_once('\n') {
                Some((words, command)) => (words, Some(command)),
                None => (hint.as_str(), None),
            };
            doc.steps([(format!("{}: {words}", gate.title), command)]);
        }
    }
}

/// The public form of a plan, and of what it came to.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Body<'a> {
    archive: BTreeMap<String, &'a String>,
    objects: &'a [Entry],
    deletes: &'a [Key],
    not_pruned: &'a [String],
    left: &'a BTreeMap<&'static str, BTreeMap<String, usize>>,
    gates: &'a [Gate],
    impact: Option<&'a Impact>,
    notes: &'a [String],
    way_back: &'a [String],
    #[serde(skip_serializing_if = "<[Key]>::is_empty")]
    cannot_be_undone: &'a [Key],
    record: Option<&'a str>,
}
