//! A recorded operation as a line: what, who, when, and what came of it.

use jiff::Timestamp;
use mesh_common::{
    journal::{Record, State},
    output::{Doc, Mark},
};
use serde::Serialize;

use super::cells;
use crate::{
    history,
    session::{go_on, way_back},
};

/// An operation of the suite, without the objects.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Change {
    /// The record's id.
    pub(crate) id: String,
    /// `promote stable 1-26-1 -> 1-28-1`.
    pub(crate) title: String,
    /// How far it came.
    pub(crate) state: State,
    /// Who did it, as the API server knows them.
    pub(crate) user: String,
    /// When it was announced.
    pub(crate) started: Timestamp,
    /// When it ended.
    pub(crate) finished: Option<Timestamp>,
    /// What came of it, in words.
    pub(crate) outcome: String,
    /// What takes it back.
    pub(crate) way_back: String,
    /// What brings it to its end.
    #[serde(skip)]
    pub(crate) go_on: &'static str,
}

impl Change {
    /// What a record says.
    pub(crate) fn of(record: &Record) -> Self {
        Self {
            id: record.id.clone(),
            title: record.title(),
            state: record.state,
            user: record.user.clone(),
            started: record.started,
            finished: record.finished,
            outcome: record.outcome.clone(),
            way_back: way_back(record),
            go_on: go_on(record),
        }
    }

    /// `promote stable 1-26-1 -> 1-28-1 by jane, 2026-11-21 04:30 UTC: done`.
    pub(crate) fn line(&self) -> String {
        let Self { title, user, .. } = self;
        let (at, state) = (cells::time(self.started), history::state(self.state));
        format!("{title} by {user}, {at}: {state}")
    }
}

/// Operations that were announced and never ended: nothing else is done on this mesh before they are.
pub(crate) fn unfinished(doc: &mut Doc, changes: &[Change]) {
    let Some(first) = changes.first() else { return };
    doc.heading("Unfinished: a command was interrupted, or is still at work");
    doc.marked(changes.iter().map(|c| {
        let at = cells::time(c.started);
        (
            Mark::Bad,
            c.title.clone(),
            format!("begun {at} by {}", c.user),
        )
    }));
    doc.text("Finish it, or take it back:");
    doc.command(first.go_on);
    doc.command(&first.way_back);
}
