//! How the result is printed.

use clap::ValueEnum;
use mesh_common::{
    Ctx, Result,
    output::{self, Doc, OutputArgs, Report, verdict},
};
use serde_json::Value;

use crate::{check::Status, junit, report::Precheck, roles, screen};

/// The heading that the flags of all plugins stand under.
const HEADING: &str = "Output options";

/// How the result is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub(crate) enum Format {
    /// Every check, for a person
    #[default]
    Table,
    /// The table with every finding, as with --full
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
    /// The roles that the plugins need, to be applied; no cluster is read
    Rbac,
    /// The code of each check that warns or fails, for a script
    Name,
}

/// How the result is printed.
#[derive(Debug, Clone, Copy, Default, clap::Args)]
pub(crate) struct Output {
    /// How to print the result
    #[arg(short, long, value_enum, default_value_t, value_name = "FORMAT", help_heading = HEADING)]
    output: Format,

    /// Show every finding, those to be known and those accepted too
    #[arg(long, help_heading = HEADING)]
    full: bool,
}

impl Output {
    /// Whether anything was asked for.
    pub(crate) fn is_typed(&self) -> bool {
        self.full || self.output != Format::default()
    }

    /// Whether the roles are asked for, and nothing else.
    pub(crate) fn is_rbac(&self) -> bool {
        self.output == Format::Rbac
    }

    /// Prints the roles that the plugins need.
    ///
    /// # Errors
    /// No namespace can have the name that was typed.
    pub(crate) fn roles(ctx: &Ctx) -> Result<()> {
        ctx.printer
            .raw(&roles::documents(&ctx.cluster.istio_namespace)?)
    }

    /// Prints the result.
    ///
    /// # Errors
    /// The reader went away.
    pub(crate) fn print(&self, ctx: &Ctx, precheck: &Precheck) -> Result<()> {
        let common = match self.output {
            Format::Table | Format::Rbac => output::Format::Table,
            Format::Wide => output::Format::Wide,
            Format::Json => output::Format::Json,
            Format::Yaml => output::Format::Yaml,
            Format::Markdown => output::Format::Markdown,
            Format::Name => output::Format::Name,
            Format::Junit => return ctx.printer.raw(&junit::document(precheck)),
            Format::Short => {
                let doc = screen::brief(precheck);
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
            precheck,
            full: self.full,
        };
        ctx.printer.print(&args, &shown)
    }
}

/// A report, and how much of it was asked for.
struct Shown<'a> {
    precheck: &'a Precheck,
    full: bool,
}

impl Report for Shown<'_> {
    fn doc(&self, wide: bool) -> Doc {
        screen::table(self.precheck, wide || self.full)
    }

    fn json(&self) -> serde_json::Result<Value> {
        verdict("Precheck", self.precheck.outcome(), self.precheck)
    }

    fn names(&self) -> Vec<String> {
        self.precheck
            .checks
            .iter()
            .filter(|row| matches!(row.status, Status::Error | Status::Warning))
            .map(|row| row.code.to_owned())
            .collect()
    }
}
