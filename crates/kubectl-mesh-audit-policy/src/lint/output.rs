//! How the result is printed.

use clap::ValueEnum;
use mesh_common::{
    Ctx, Error, Result,
    output::{self, Doc, OutputArgs, Report, verdict},
};
use serde_json::Value;

use super::{
    junit,
    report::{Linted, Status},
    sarif, screen,
};

/// The heading that the flags of all plugins stand under.
const HEADING: &str = "Output options";

/// How the result is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub(crate) enum Format {
    /// What was found, for a person
    #[default]
    Table,
    /// Every check, with every finding, as with --full
    Wide,
    /// Only what is not OK; nothing when all is
    Short,
    /// JSON, the public contract
    Json,
    /// The same document as YAML
    Yaml,
    /// Markdown, for a ticket
    Markdown,
    #[value(help = "JUnit XML, for CI")]
    Junit,
    #[value(help = "SARIF 2.1.0, for the lines of a pull request")]
    Sarif,
    /// The code of each check that warns or fails, for a script
    Name,
}

/// How the result is printed.
#[derive(Debug, Clone, Copy, Default, clap::Args)]
pub(crate) struct Output {
    /// How to print the result
    #[arg(short, long, value_enum, default_value_t, value_name = "FORMAT", help_heading = HEADING)]
    output: Format,

    /// Show every check and every finding
    #[arg(long, help_heading = HEADING)]
    full: bool,
}

impl Output {
    /// Prints the result.
    ///
    /// # Errors
    /// The reader went away.
    pub(crate) fn print(&self, ctx: &Ctx, linted: &Linted) -> Result<()> {
        let common = match self.output {
            Format::Table => output::Format::Table,
            Format::Wide => output::Format::Wide,
            Format::Json => output::Format::Json,
            Format::Yaml => output::Format::Yaml,
            Format::Markdown => output::Format::Markdown,
            Format::Name => output::Format::Name,
            Format::Junit => return ctx.printer.raw(&junit::document(linted)),
            Format::Sarif => {
                let mut text = serde_json::to_string_pretty(&sarif::document(linted))
                    .map_err(|e| Error::internal("cannot write SARIF").caused_by(e))?;
                text.push('\n');
                return ctx.printer.raw(&text);
            }
            Format::Short => {
                let doc = screen::brief(linted);
                return if doc.is_empty() {
                    Ok(())
                } else {
                    ctx.printer.out(&doc, self.full)
                };
            }
        };
        let args = OutputArgs {
            output: common,
            full: self.full,
        };
        let shown = Shown {
            linted,
            full: self.full,
        };
        ctx.printer.print(&args, &shown)
    }
}

/// A result, and how much of it was asked for.
struct Shown<'a> {
    linted: &'a Linted,
    full: bool,
}

impl Report for Shown<'_> {
    fn doc(&self, wide: bool) -> Doc {
        screen::table(self.linted, wide || self.full)
    }

    fn json(&self) -> serde_json::Result<Value> {
        verdict("PolicyLint", self.linted.outcome(), self.linted)
    }

    fn names(&self) -> Vec<String> {
        let bad = |status| matches!(status, Status::Error | Status::Warning);
        let rows = self.linted.checks.iter().filter(|row| bad(row.status));
        rows.map(|row| row.code.to_owned()).collect()
    }
}
