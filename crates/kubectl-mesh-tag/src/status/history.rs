//! What the records say of a tag.

use crate::{list::change::Change, session::Live};

/// The last change of a tag, and what was never finished on its mesh.
#[derive(Debug, Clone, Default)]
pub(crate) struct History {
    /// Whether there are records at all: an archive holds none.
    pub(super) live: bool,
    /// The newest record of the tag.
    pub(super) last: Option<Change>,
    /// Unfinished operations of the whole mesh: any of them stops the next.
    pub(super) unfinished: Vec<Change>,
    /// Records that cannot be read, one line each.
    pub(super) unreadable: Vec<String>,
}

impl History {
    /// As the cluster has it; nothing in a rehearsal.
    pub(super) fn of(live: Option<&Live<'_>>, tag: &str) -> Self {
        let Some(live) = live else {
            return Self::default();
        };
        let of_tag = live.records.iter().rev().map(|s| &s.record);
        Self {
            live: true,
            last: of_tag
                .into_iter()
                .find(|r| r.tag.as_deref() == Some(tag))
                .map(Change::of),
            unfinished: live.unfinished().map(|s| Change::of(&s.record)).collect(),
            unreadable: live.unreadable.clone(),
        }
    }

    /// Whether every record could be read. Where there can be none, that is known.
    pub(super) fn is_known(&self) -> bool {
        self.unreadable.is_empty()
    }
}
