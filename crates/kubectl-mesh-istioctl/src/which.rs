//! `kubectl mesh-istioctl which`.

use mesh_common::{
    Ctx, Outcome, Result,
    complete::Values,
    istioctl::{Candidate, IstioctlArgs, find},
    output::{Doc, Format, OutputArgs, Report, Table, clean, document},
};
use serde::Serialize;
use serde_json::Value;

use crate::revision::Running;

/// Print the path of the istioctl that matches a revision
///
/// It is the one that every plugin of the suite would run: --istioctl, else
/// the first that matches of those installed here and of those on PATH.
///
/// Examples:
///   kubectl mesh-istioctl which
///   kubectl mesh-istioctl which --revision 1-28-1
///   kubectl mesh-istioctl which --revision 1-28-1 -o wide
///
/// Exit codes: 0 printed; 1 there is none, or no such revision; 2 none that
/// matches, or more than one version runs; 3 the version is not known.
#[derive(Debug, clap::Args)]
#[command(verbatim_doc_comment)]
pub(crate) struct Which {
    /// Revision to match [default: the only one that runs]
    #[arg(long, value_name = "REVISION", add = Values::Revision)]
    revision: Option<String>,

    #[command(flatten)]
    istioctl: IstioctlArgs,

    #[command(flatten)]
    output: OutputArgs,
}

impl Which {
    /// Finds and prints it.
    pub(crate) async fn run(self, ctx: &Ctx) -> Result<Outcome> {
        let Self {
            revision,
            istioctl,
            output,
        } = self;
        let wanted = Running::read(ctx).await?.choose(revision.as_deref())?;
        let found = find(&istioctl, &wanted).await?;
        let path = clean(&found.binary.path().display().to_string(), 4096);
        if output.output == Format::Table {
            ctx.printer.raw(&format!("{path}\n"))?;
            return Ok(Outcome::Done);
        }
        let chosen = Chosen {
            path,
            version: found.binary.version().to_string(),
            found_by: found.binary.found_by().to_string(),
            wanted: wanted.to_string(),
            looked_at: found.candidates,
        };
        ctx.printer.print(&output, &chosen)?;
        Ok(Outcome::Done)
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Chosen {
    path: String,
    version: String,
    found_by: String,
    wanted: String,
    looked_at: Vec<Candidate>,
}

impl Report for Chosen {
    fn doc(&self, _wide: bool) -> Doc {
        let mut doc = Doc::new();
        doc.pairs([
            ("istiod", &self.wanted),
            ("istioctl", &self.version),
            ("File", &self.path),
            ("Found by", &self.found_by),
        ]);
        doc.heading("Looked at");
        let mut table = Table::new(&["Version", "Found by", "Where"]);
        for candidate in &self.looked_at {
            table.row(candidate.cells());
        }
        doc.table(table);
        doc
    }

    fn json(&self) -> serde_json::Result<Value> {
        document("IstioctlWhich", self)
    }

    fn names(&self) -> Vec<String> {
        vec![self.path.clone()]
    }
}
