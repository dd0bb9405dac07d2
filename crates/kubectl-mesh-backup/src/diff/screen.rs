//! A comparison as it is printed.

use std::collections::BTreeMap;

use mesh_common::{
    Ctx, Outcome,
    mesh::archive::Whole,
    output::{Doc, Mark, Report, Table, verdict},
};
use serde::Serialize;
use serde_json::{Value, json};

use super::{
    coverage::Gap,
    told::{Entry, State, Told},
};
use crate::noise;

/// Objects whose fields are shown without `--full`.
const OBJECTS: usize = 20;
/// Fields of one object, and names in a list, without `--full`.
const ROWS: usize = 20;
/// Longest value in a table.
const VALUE: usize = 100;

/// A comparison.
pub(super) struct Comparison {
    pub(super) a: (String, Whole),
    pub(super) b: (String, Whole),
    pub(super) entries: Vec<Entry>,
    pub(super) gaps: Vec<Gap>,
    /// Objects that one side has and the other cannot know of.
    pub(super) unknown: usize,
    pub(super) all: bool,
    pub(super) full: bool,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
struct Counts {
    changed: usize,
    added: usize,
    removed: usize,
}

impl Counts {
    fn count(&mut self, state: State) {
        match state {
            State::Changed => self.changed += 1,
            State::Added => self.added += 1,
            State::Removed => self.removed += 1,
        }
    }
}

impl Comparison {
    /// Different is 2; where nothing differs and something is unknown, 3.
    pub(super) fn outcome(&self) -> Outcome {
        if !self.entries.is_empty() {
            Outcome::Refused
        } else if self.gaps.is_empty() && self.unknown == 0 {
            Outcome::Done
        } else {
            Outcome::Unknown
        }
    }

    /// What is unknown, where the differences go elsewhere.
    pub(super) fn note(&self, ctx: &Ctx) {
        for gap in &self.gaps {
            ctx.printer.note(format!(
                "unknown: {}: {}: {}",
                gap.what, gap.side, gap.detail
            ));
        }
        if self.unknown > 0 {
            ctx.printer.note(self.strangers());
        }
    }

    fn strangers(&self) -> String {
        match self.unknown {
            1 => "1 object is in one of the two, and the other cannot know of it.".into(),
            n => format!("{n} objects are in one of the two, and the other cannot know of them."),
        }
    }

    fn kinds(&self) -> BTreeMap<&str, Counts> {
        let mut kinds: BTreeMap<&str, Counts> = BTreeMap::new();
        for entry in &self.entries {
            kinds.entry(&entry.id.what).or_default().count(entry.state);
        }
        kinds
    }

    fn verdict(&self) -> String {
        let mut counts = Counts::default();
        for entry in &self.entries {
            counts.count(entry.state);
        }
        match self.outcome() {
            Outcome::Done => "nothing differs".into(),
            Outcome::Unknown => "nothing differs of what is known".into(),
            _ => format!(
                "{} changed, {} added, {} removed",
                counts.changed, counts.added, counts.removed
            ),
        }
    }

    fn of(&self, state: State) -> impl Iterator<Item = &Entry> {
        self.entries.iter().filter(move |e| e.state == state)
    }

    fn names(&self, state: State) -> Table {
        let mut table = Table::new(&["Kind", "Namespace", "Name"]).limit(ROWS);
        for entry in self.of(state) {
            let id = &entry.id;
            table.row([
                id.what.as_str(),
                id.namespace.as_deref().unwrap_or("-"),
                &id.name,
            ]);
        }
        table
    }
}

impl Report for Comparison {
    fn doc(&self, _wide: bool) -> Doc {
        let mut doc = Doc::new();
        let side = |(name, whole): &(String, Whole)| {
            format!("{name}, captured {}", whole.manifest.capture_time)
        };
        doc.pairs([
            ("A", side(&self.a)),
            ("B", side(&self.b)),
            ("Verdict", self.verdict()),
        ]);
        let clusters = (
            &self.a.1.manifest.cluster_uid,
            &self.b.1.manifest.cluster_uid,
        );
        match clusters {
            (Some(a), Some(b)) if a == b => {}
            (Some(_), Some(_)) => {
                doc.text("The two are of different clusters.");
            }
            _ => {
                doc.text("Whether the two are of one cluster is not known.");
            }
        }
        if !self.entries.is_empty() {
            let mut table = Table::new(&["Kind", "Changed", "Added", "Removed"]);
            for (kind, counts) in self.kinds() {
                table.row([
                    kind.to_owned(),
                    counts.changed.to_string(),
                    counts.added.to_string(),
                    counts.removed.to_string(),
                ]);
            }
            doc.table(table);
        }
        let most = if self.full { usize::MAX } else { OBJECTS };
        for entry in self.of(State::Changed).take(most) {
            doc.heading(entry.id.to_string());
            doc.table(fields(entry));
            if entry.cut {
                doc.text("More of its fields differ; -o patch has all of them.");
            }
        }
        let more = self.of(State::Changed).count().saturating_sub(most);
        if more > 0 {
            doc.text(format!(
                "{more} more objects changed (--full shows all, or -o patch)."
            ));
        }
        for (state, heading) in [(State::Removed, "Only in A"), (State::Added, "Only in B")] {
            if self.of(state).next().is_some() {
                doc.heading(heading);
                doc.table(self.names(state));
            }
        }
        if !self.gaps.is_empty() {
            doc.heading("Unknown");
            doc.marked(self.gaps.iter().map(|gap| {
                (
                    Mark::Unknown,
                    gap.what.clone(),
                    format!("{}: {}", gap.side, gap.detail),
                )
            }));
        }
        if self.unknown > 0 {
            doc.text(self.strangers());
        }
        if !self.all {
            doc.text(format!(
                "Left out: {}, and what controllers write into other objects (--all compares them too); status and the \
                 server's metadata always.",
                noise::DERIVED_WORDS
            ));
        }
        doc
    }

    fn json(&self) -> serde_json::Result<Value> {
        let side = |(name, whole): &(String, Whole)| {
            json!({
                "file": name,
                "captureTime": whole.manifest.capture_time.to_string(),
                "clusterUid": whole.manifest.cluster_uid,
                "sha256": whole.sha256,
            })
        };
        let body = json!({
            "a": side(&self.a),
            "b": side(&self.b),
            "kinds": self.kinds(),
            "objects": self.entries,
            "unknown": self.gaps,
            "unknownObjects": self.unknown,
        });
        verdict("MeshBackupDiff", self.outcome(), body)
    }

    fn names(&self) -> Vec<String> {
        self.entries.iter().map(|e| e.id.to_string()).collect()
    }
}

/// One row per field, and per line of a long text.
fn fields(entry: &Entry) -> Table {
    let mut table = Table::new(&["Field", "A", "B"]).limit(ROWS);
    for told in &entry.changes {
        if told.lines.is_empty() {
            let (was, is) = beside(told);
            let path = match told.change {
                "moved" => format!("{} (order)", told.path),
                _ => told.path.clone(),
            };
            table.row([path, was, is]);
        }
        for line in &told.lines {
            let (was, is) = around(
                line.was.as_deref().unwrap_or_default(),
                line.is.as_deref().unwrap_or_default(),
            );
            table.row([format!("{} line {}", told.path, line.number), was, is]);
        }
        if told.cut && !told.lines.is_empty() {
            table.row([format!("{} …", told.path), String::new(), String::new()]);
        }
    }
    table
}

fn beside(told: &Told) -> (String, String) {
    let text = |value: &Option<Value>| match value {
        None => String::new(),
        Some(Value::String(text)) => format!("\"{text}\""),
        Some(other) => other.to_string(),
    };
    around(&text(&told.was), &text(&told.is))
}

/// Two texts, cut to where they differ.
fn around(was: &str, is: &str) -> (String, String) {
    let short = |text: &str| text.chars().count() <= VALUE;
    if (short(was) && short(is)) || was.is_empty() || is.is_empty() {
        return (cut(was), cut(is));
    }
    let same = was
        .chars()
        .zip(is.chars())
        .take_while(|(a, b)| a == b)
        .count();
    // Some of what is the same, to see where it is.
    let from = same.saturating_sub(VALUE / 4);
    let part = |text: &str| {
        let mark = if from > 0 { "…" } else { "" };
        let rest: String = text.chars().skip(from).collect();
        format!("{mark}{}", cut(&rest))
    };
    (part(was), part(is))
}

fn cut(text: &str) -> String {
    if text.chars().count() <= VALUE {
        return text.to_owned();
    }
    let head: String = text.chars().take(VALUE - 1).collect();
    format!("{head}…")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_values_are_shown_where_they_differ() {
        let same = "x".repeat(300);
        let (was, is) = around(&format!("{same}one and more"), &format!("{same}two"));
        assert_eq!(was, format!("…{}one and more", "x".repeat(25)));
        assert_eq!(is, format!("…{}two", "x".repeat(25)));
        let (was, is) = around("", &same);
        assert_eq!((was.as_str(), is.chars().count()), ("", VALUE));
        assert_eq!(around("a", "b"), ("a".to_owned(), "b".to_owned()));
        let (was, _) = around(&"ä".repeat(200), &same);
        assert_eq!(was.chars().count(), VALUE);
    }
}
