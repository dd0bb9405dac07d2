//! How the result is printed.

use clap::ValueEnum;
use mesh_common::{
    Ctx, Error, Outcome, Result,
    check::report::{self, Checked, Written},
    output::{self, Doc},
};

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
        let how = match self.output {
            Format::Table => Written::As(output::Format::Table),
            Format::Wide => Written::As(output::Format::Wide),
            Format::Json => Written::As(output::Format::Json),
            Format::Yaml => Written::As(output::Format::Yaml),
            Format::Markdown => Written::As(output::Format::Markdown),
            Format::Name => Written::As(output::Format::Name),
            Format::Junit => Written::Junit,
            Format::Short => Written::Short,
            Format::Sarif => {
                let mut text = serde_json::to_string_pretty(&sarif::document(linted))
                    .map_err(|e| Error::internal("cannot write SARIF").caused_by(e))?;
                text.push('\n');
                return ctx.printer.raw(&text);
            }
        };
        report::print(&ctx.printer, how, self.full, linted)
    }
}

impl Checked for Linted {
    const KIND: &'static str = "PolicyLint";

    fn outcome(&self) -> Outcome {
        self.outcome()
    }

    fn table(&self, full: bool) -> Doc {
        screen::table(self, full)
    }

    fn brief(&self) -> Doc {
        screen::brief(self)
    }

    fn junit(&self) -> String {
        junit::document(self)
    }

    fn failing(&self) -> Vec<String> {
        let bad = |status| matches!(status, Status::Error | Status::Warning);
        let rows = self.checks.iter().filter(|row| bad(row.status));
        rows.map(|row| row.code.to_owned()).collect()
    }
}
