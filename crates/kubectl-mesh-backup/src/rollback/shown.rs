//! The way back on a screen, and as a document.

use mesh_common::{
    journal::Record,
    output::{self, Doc, Report, Table, count},
};

use super::{Back, gates::Judged};
use crate::restore::{key::Key, local::Item, place::Phase, screen::gates};

/// Rows of a long list that are shown without `--full`.
const ROWS: usize = 10;

/// What is to be brought back.
pub(super) struct Shown<'a> {
    pub(super) header: Doc,
    pub(super) record: &'a Record,
    pub(super) back: &'a Back,
    pub(super) judged: &'a Judged,
}

impl Report for Shown<'_> {
    fn doc(&self, _wide: bool) -> Doc {
        let Back {
            writes,
            deletes,
            stays,
            secrets,
            ..
        } = self.back;
        let mut doc = self.header.clone();
        doc.heading(format!(
            "Take back {}: {} brought back, {} deleted",
            self.record.title(),
            count(writes.len(), "object"),
            deletes.len() + secrets.len()
        ));
        let mut table = Table::new(&["DOES", "OBJECT"]).limit(ROWS);
        let mut gone: Vec<&Item> = deletes.iter().collect();
        gone.sort_by_key(|i| std::cmp::Reverse(i.phase));
        for item in gone {
            table.row(["DELETE".to_owned(), item.key.to_string()]);
        }
        for secret in secrets {
            table.row(["DELETE".to_owned(), secret.key.to_string()]);
        }
        for item in writes {
            table.row(["bring back".to_owned(), item.key.to_string()]);
        }
        doc.table(table);
        let mut notes: Vec<String> = stays
            .iter()
            .map(|key| format!("{key} stays: deleting it would delete whatever is in it by now"))
            .collect();
        if deletes.iter().any(|i| i.phase == Phase::Crds) {
            notes.push("a CRD goes only if no object of its kind is left".into());
        }
        if !notes.is_empty() {
            doc.heading("Know this");
            doc.list(&notes);
        }
        lost(&mut doc, self.back);
        gates(&mut doc, &self.judged.gates);
        match &self.judged.impact {
            Some(impact) => impact.show(&mut doc),
            None => {
                doc.heading("Injection: nobody's changes");
            }
        }
        doc.heading("Way back");
        doc.text("Restore the backup again.");
        doc
    }

    fn json(&self) -> serde_json::Result<serde_json::Value> {
        let keys = |items: &[Item]| items.iter().map(|i| i.key.clone()).collect::<Vec<_>>();
        output::verdict(
            "RestoreRollback",
            self.judged.gates.outcome(),
            serde_json::json!({
                "undoes": self.record.id,
                "bringsBack": keys(&self.back.writes),
                "deletes": self.deletes(),
                "stays": self.back.stays,
                "gates": self.judged.gates.gates,
                "impact": self.judged.impact,
                "notUndone": self.back.lost.iter().map(|l| &l.key).collect::<Vec<_>>(),
            }),
        )
    }

    fn names(&self) -> Vec<String> {
        let all = self.back.writes.iter().chain(&self.back.deletes);
        all.map(|i| i.key.to_string()).collect()
    }
}

impl Shown<'_> {
    fn deletes(&self) -> Vec<Key> {
        let secrets = self.back.secrets.iter().map(|s| s.key.clone());
        let items = self.back.deletes.iter().map(|i| i.key.clone());
        items.chain(secrets).collect()
    }
}

/// Secrets that stay as they are, and what can be done about each.
pub(super) fn lost(doc: &mut Doc, back: &Back) {
    if back.lost.is_empty() {
        return;
    }
    doc.heading(format!("NOT undone: {}", count(back.lost.len(), "Secret")));
    for lost in &back.lost {
        doc.text(format!("{}: {}.", lost.key, lost.why));
        if let Some(command) = &lost.command {
            doc.command(command);
        }
    }
}
