//! Everything a plugin prints: one report, five ways to write it, one decision about the terminal.
//!
//! A command builds a [`Report`]; [`Printer::print`] writes it as a table, JSON, YAML, Markdown or
//! names. What a person reads goes through [`Doc`], which cleans every text put into it, so a caller
//! cannot forget that names and messages from a cluster are hostile.

mod clean;
mod count;
mod data;
mod doc;
mod failure;
pub mod junit;
mod markdown;
mod printer;
mod table;
mod terminal;

use clap::ValueEnum;
use serde_json::Value;

pub use clean::clean;
pub use count::count;
pub use data::{document, verdict, yaml};
pub use doc::{Below, Doc, Mark};
pub use printer::{Live, Printer};
pub use table::Table;

/// Set on each argument: a heading set on the group would catch what is declared after it too.
const HEADING: &str = "Output options";

/// How a result is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub enum Format {
    /// Aligned columns, for a person
    #[default]
    Table,
    /// The table with more columns
    Wide,
    /// JSON, the public contract
    Json,
    /// The same document as YAML
    Yaml,
    /// Markdown, for a ticket
    Markdown,
    /// One name per line, for a script
    Name,
}

/// How one command prints its result; flattened into the arguments of a verb.
#[derive(Debug, Clone, Copy, Default, clap::Args)]
pub struct OutputArgs {
    /// How to print the result
    #[arg(short, long, value_enum, default_value_t, value_name = "FORMAT", help_heading = HEADING)]
    pub output: Format,

    /// Show every row of long lists
    #[arg(long, help_heading = HEADING)]
    pub full: bool,
}

/// What every command takes, whatever it prints.
#[derive(Debug, Clone, Copy, Default, clap::Args)]
pub struct GlobalOutputArgs {
    /// When to use colour
    #[arg(long, global = true, value_enum, default_value_t, value_name = "WHEN", help_heading = HEADING)]
    pub color: Color,

    /// Print no notes on stderr; results, prompts and errors stay
    #[arg(short, long, global = true, help_heading = HEADING)]
    pub quiet: bool,
}

/// When to use colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub enum Color {
    /// On a terminal, unless `NO_COLOR`, `CLICOLOR` or `TERM` say otherwise
    #[default]
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}

impl From<Color> for anstream::ColorChoice {
    fn from(color: Color) -> Self {
        match color {
            Color::Auto => Self::Auto,
            Color::Always => Self::Always,
            Color::Never => Self::Never,
        }
    }
}

impl From<Color> for clap::ColorChoice {
    fn from(color: Color) -> Self {
        match color {
            Color::Auto => Self::Auto,
            Color::Always => Self::Always,
            Color::Never => Self::Never,
        }
    }
}

/// The result of a command, in the forms it can be printed in.
pub trait Report {
    /// What a person reads. `wide` is true under `-o wide`; columns added by [`Table::wide`] need no
    /// look at it.
    fn doc(&self, wide: bool) -> Doc;

    /// The document of `-o json` and `-o yaml`, made by [`document`] or [`verdict`].
    fn json(&self) -> serde_json::Result<Value>;

    /// The lines of `-o name`.
    fn names(&self) -> Vec<String>;

    /// One line that sums it up, right above the question whether to go on.
    fn summary(&self) -> Option<String> {
        None
    }
}

/// How a document is laid out: what the stream can show, and how much of it was asked for.
#[derive(Debug, Clone, Copy, Default)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is an independent property of the output"
)]
struct View {
    /// Columns to wrap to; `None` off a terminal, where nothing wraps.
    width: Option<usize>,
    colour: bool,
    ascii: bool,
    wide: bool,
    full: bool,
}

#[cfg(test)]
mod tests;
