//! How the result is printed.

use clap::ValueEnum;
use mesh_common::{
    Ctx, Outcome, Result,
    check::report::{self, Checked, Written},
    output::{self, Doc},
};

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
        let how = match self.output {
            Format::Table | Format::Rbac => Written::As(output::Format::Table),
            Format::Wide => Written::As(output::Format::Wide),
            Format::Json => Written::As(output::Format::Json),
            Format::Yaml => Written::As(output::Format::Yaml),
            Format::Markdown => Written::As(output::Format::Markdown),
            Format::Name => Written::As(output::Format::Name),
            Format::Junit => Written::Junit,
            Format::Short => Written::Short,
        };
        report::print(&ctx.printer, how, self.full, precheck)
    }
}

impl Checked for Precheck {
    const KIND: &'static str = "Precheck";

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
