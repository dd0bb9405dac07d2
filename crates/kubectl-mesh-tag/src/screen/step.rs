//! What to do next.

use mesh_common::output::Doc;

/// Something to do next: in words, and the command that does it on a line of its own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Step {
    words: String,
    command: Option<String>,
}

impl Step {
    /// Without a command.
    pub(crate) fn say(words: impl Into<String>) -> Self {
        Self {
            words: words.into(),
            command: None,
        }
    }

    /// The words end in a colon.
    pub(crate) fn run(words: impl Into<String>, command: impl Into<String>) -> Self {
        Self {
            words: words.into(),
            command: Some(command.into()),
        }
    }
}

/// What to do next.
pub(crate) fn steps(doc: &mut Doc, steps: &[Step]) {
    doc.steps(
        steps
            .iter()
            .map(|s| (s.words.as_str(), s.command.as_deref())),
    );
}
