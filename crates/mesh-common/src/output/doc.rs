//! The document model: what a person reads, before anybody knows where.

use super::clean;
use super::table::Table;
use crate::shell::Reach;

/// Longest paragraph, in characters.
const TEXT_MAX: usize = 2_000;
/// Longest name, label or cell: a Kubernetes name has at most 253 characters.
const NAME_MAX: usize = 300;
/// Longest command. A command that was cut is worse than a long line, so this is never met in practice.
const COMMAND_MAX: usize = 16_000;

/// The verdict in front of a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mark {
    /// Open, clean, done.
    Ok,
    /// Worth a look.
    Warn,
    /// Closed, broken.
    Bad,
    /// Not known, which is never OK.
    Unknown,
    /// Not evaluated.
    Skip,
}

impl Mark {
    /// The sign; a word or a letter where the terminal has no UTF-8.
    pub fn symbol(self, ascii: bool) -> &'static str {
        match (self, ascii) {
            (Self::Ok, false) => "✓",
            (Self::Warn, false) => "‼",
            (Self::Bad, false) => "×",
            (Self::Skip, false) => "–",
            (Self::Ok, true) => "ok",
            (Self::Warn, true) => "!",
            (Self::Bad, true) => "x",
            (Self::Skip, true) => "-",
            (Self::Unknown, _) => "?",
        }
    }
}

/// A check and what stands below its line.
#[derive(Debug, Clone)]
pub(super) struct Row {
    pub(super) mark: Mark,
    pub(super) name: String,
    pub(super) text: String,
    pub(super) below: Vec<Below>,
}

/// A line below a check, under its text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Below {
    /// A bullet: an object and what is the matter with it.
    Item(String),
    /// Words below a bullet: what to do, where to read more.
    Words(String),
    /// A command to paste.
    Command(String),
}

impl Below {
    fn cleaned(self) -> Self {
        match self {
            Self::Item(text) => Self::Item(clean(&text, TEXT_MAX)),
            Self::Words(text) => Self::Words(clean(&text, TEXT_MAX)),
            Self::Command(line) => Self::Command(clean(&line, COMMAND_MAX)),
        }
    }
}

#[derive(Debug, Clone)]
pub(super) enum Block {
    Heading(String),
    Text(String),
    Pairs(Vec<(String, String)>),
    List(Vec<String>),
    Marked(Vec<(Mark, String, String)>),
    Command(String),
    Steps(Vec<(String, Option<String>)>),
    Checks(Vec<Row>),
    Verbatim(Vec<String>),
    Table(Table),
}

/// What a person reads: headings, paragraphs, lists, tables, commands.
///
/// Every text is cleaned and bounded as it goes in. The same document becomes terminal text or
/// Markdown.
#[derive(Debug, Clone, Default)]
pub struct Doc {
    pub(super) blocks: Vec<Block>,
}

impl Doc {
    /// An empty document.
    pub fn new() -> Self {
        Self::default()
    }

    /// True when nothing was put in.
    pub fn is_empty(&self) -> bool {
        self.blocks.is_empty()
    }

    /// A heading; what follows belongs to it.
    pub fn heading(&mut self, text: impl AsRef<str>) -> &mut Self {
        self.push(Block::Heading(clean(text.as_ref(), NAME_MAX)))
    }

    /// A paragraph, wrapped to the width on a terminal.
    pub fn text(&mut self, text: impl AsRef<str>) -> &mut Self {
        self.push(Block::Text(clean(text.as_ref(), TEXT_MAX)))
    }

    /// Names and values, aligned: `Context:  kind-prod`. The colon is added.
    pub fn pairs(
        &mut self,
        rows: impl IntoIterator<Item = (impl Into<String>, impl Into<String>)>,
    ) -> &mut Self {
        let rows = rows
            .into_iter()
            .map(|(name, value)| {
                let name = clean(&name.into(), NAME_MAX);
                (
                    name.trim_end_matches(':').to_owned(),
                    clean(&value.into(), TEXT_MAX),
                )
            })
            .collect();
        self.push(Block::Pairs(rows))
    }

    /// Bullets.
    pub fn list(&mut self, items: impl IntoIterator<Item = impl AsRef<str>>) -> &mut Self {
        let items = items
            .into_iter()
            .map(|i| clean(i.as_ref(), TEXT_MAX))
            .collect();
        self.push(Block::List(items))
    }

    /// Gates and checks: a mark, a name, what was found.
    pub fn marked(
        &mut self,
        rows: impl IntoIterator<Item = (Mark, impl Into<String>, impl Into<String>)>,
    ) -> &mut Self {
        let rows = rows
            .into_iter()
            .map(|(mark, name, text)| {
                (
                    mark,
                    clean(&name.into(), NAME_MAX),
                    clean(&text.into(), TEXT_MAX),
                )
            })
            .collect();
        self.push(Block::Marked(rows))
    }

    /// Checks in columns, each with what was found right below its line.
    pub fn checks(
        &mut self,
        rows: impl IntoIterator<Item = (Mark, impl Into<String>, impl Into<String>, Vec<Below>)>,
    ) -> &mut Self {
        let rows = rows
            .into_iter()
            .map(|(mark, name, text, below)| Row {
                mark,
                name: clean(&name.into(), NAME_MAX),
                text: clean(&text.into(), TEXT_MAX),
                below: below.into_iter().map(Below::cleaned).collect(),
            })
            .collect();
        self.push(Block::Checks(rows))
    }

    /// A command to paste: indented, never wrapped.
    pub fn command(&mut self, line: impl AsRef<str>) -> &mut Self {
        self.push(Block::Command(clean(line.as_ref(), COMMAND_MAX)))
    }

    /// Bullets, each with the command that does it on a line of its own, where there is one.
    pub fn steps(
        &mut self,
        steps: impl IntoIterator<Item = (impl Into<String>, Option<impl Into<String>>)>,
    ) -> &mut Self {
        let steps = steps
            .into_iter()
            .map(|(text, command)| {
                let command = command.map(|c| clean(&c.into(), COMMAND_MAX));
                (clean(&text.into(), TEXT_MAX), command)
            })
            .collect();
        self.push(Block::Steps(steps))
    }

    /// Puts the flags into every command that reach the cluster it is meant for.
    pub(super) fn aim(&mut self, reach: &Reach) {
        for block in &mut self.blocks {
            match block {
                Block::Command(line) => *line = reach.apply(line),
                Block::Steps(steps) => {
                    for line in steps.iter_mut().filter_map(|(_, c)| c.as_mut()) {
                        *line = reach.apply(line);
                    }
                }
                Block::Checks(rows) => {
                    for below in rows.iter_mut().flat_map(|r| &mut r.below) {
                        if let Below::Command(line) = below {
                            *line = reach.apply(line);
                        }
                    }
                }
                _ => {}
            }
        }
    }

    /// Lines to show as they are, indented and never wrapped: a diff, YAML, what another tool said.
    pub fn verbatim(&mut self, text: impl AsRef<str>) -> &mut Self {
        let lines = text
            .as_ref()
            .lines()
            .map(|l| clean(&l.replace('\t', "    "), TEXT_MAX))
            .collect();
        self.push(Block::Verbatim(lines))
    }

    /// A table. One without rows says so in a word.
    pub fn table(&mut self, table: Table) -> &mut Self {
        self.push(Block::Table(table))
    }

    /// Adds all of another document.
    pub fn append(&mut self, other: Self) -> &mut Self {
        self.blocks.extend(other.blocks);
        self
    }

    /// Lists without items and the like leave no blank lines behind.
    fn push(&mut self, block: Block) -> &mut Self {
        let empty = match &block {
            Block::Heading(text) | Block::Text(text) | Block::Command(text) => text.is_empty(),
            Block::Pairs(rows) => rows.is_empty(),
            Block::List(items) | Block::Verbatim(items) => items.is_empty(),
            Block::Marked(rows) => rows.is_empty(),
            Block::Steps(steps) => steps.is_empty(),
            Block::Checks(rows) => rows.is_empty(),
            Block::Table(_) => false,
        };
        if !empty {
            self.blocks.push(block);
        }
        self
    }
}

/// A table cell or header.
pub(super) fn cell(text: &str) -> String {
    clean(text, NAME_MAX).trim_start().to_owned()
}
