//! `kubectl mesh-backup create FILE`.

use std::path::PathBuf;

use mesh_common::{
    Ctx, Error, Outcome, Result,
    mesh::archive::{self, Captured, Options, Target},
    output::{Doc, Format, Mark, OutputArgs, Report, verdict},
};
use serde_json::Value;

use crate::report::{self, Contents};

/// Read the mesh and write it to a file
///
/// Everything that a plugin reads of a mesh, and all custom resources of Istio
/// and Gateway API, as the API server has them. Secrets are left out. What
/// could not be read is named, on the screen and in the file.
///
/// Examples:
///   kubectl mesh-backup create mesh.tar.zst
///   kubectl mesh-backup create mesh.tar.zst --note "before 1.28"
///   kubectl mesh-backup create - > mesh.tar.zst
///
/// Exit codes: 0 made, whole; 1 nothing made; 2 refused, nothing made; 3 made,
/// but something could not be read; 64 usage; 130 interrupted.
#[derive(Debug, clap::Args)]
#[command(verbatim_doc_comment)]
pub(crate) struct Create {
    /// File to write: zstd, or gzip if it ends in .tar.gz or .tgz; - is standard output
    file: PathBuf,

    /// Replace a file that is there
    #[arg(long)]
    overwrite: bool,

    /// Exit 0 even if something could not be read
    #[arg(long)]
    allow_partial: bool,

    /// A note for the manifest; may be repeated
    #[arg(long, value_name = "TEXT")]
    note: Vec<String>,

    #[command(flatten)]
    output: OutputArgs,
}

impl Create {
    /// Makes the archive and says what is in it.
    pub(crate) async fn run(self, ctx: &Ctx) -> Result<Outcome> {
        let Self {
            file,
            overwrite,
            allow_partial,
            note,
            output,
        } = self;
        ctx.must_be_live("make a backup")?;
        let target = Target::typed(&file, overwrite);
        if target == Target::Stdout {
            if ctx.printer.stdout_is_terminal() {
                return Err(Error::refused("an archive is not written to a terminal")
                    .hint(format!("{} create mesh.tar.zst", ctx.name)));
            }
            if !matches!(output.output, Format::Table | Format::Wide) {
                return Err(Error::new(
                    mesh_common::Kind::Usage,
                    "standard output cannot take the archive and a document both",
                )
                .hint("leave out -o, or write the archive to a file"));
            }
        }
        let connection = ctx.connection()?;
        let client = ctx.client()?;
        let options = Options {
            capture_time: None,
            notes: note,
            ..Options::default()
        };
        let to_stdout = target == Target::Stdout;
        let captured = archive::capture(connection, &client, target, options).await?;
        let outcome = if captured.missing().next().is_some() && !allow_partial {
            Outcome::Unknown
        } else {
            Outcome::Done
        };
        let created = Created {
            connection: connection.pairs(),
            captured,
            outcome,
        };
        if to_stdout {
            let doc = created.doc(output.output == Format::Wide);
            ctx.printer.err_doc_with(&doc, output.full);
        } else {
            ctx.printer.print(&output, &created)?;
        }
        Ok(outcome)
    }
}

/// An archive that was made.
struct Created {
    connection: Vec<(String, String)>,
    captured: Captured,
    outcome: Outcome,
}

impl Report for Created {
    fn doc(&self, _wide: bool) -> Doc {
        let summary = &self.captured.summary;
        let contents = Contents(summary);
        let mut doc = Doc::new();
        doc.pairs(self.connection.clone());
        doc.pairs(contents.pairs(&self.captured.file));
        doc.table(contents.kinds());
        let missing: Vec<_> = self.captured.missing().collect();
        if !missing.is_empty() {
            doc.heading("Not in it");
            doc.marked(
                missing
                    .iter()
                    .map(|u| (Mark::Unknown, u.what.clone(), u.detail.clone())),
            );
            doc.text(
                "What a plugin concludes from this file will be unknown where it needs these. Read with more rights, \
                 or pass --allow-partial to accept it.",
            );
        }
        doc
    }

    fn json(&self) -> serde_json::Result<Value> {
        verdict(
            "MeshBackup",
            self.outcome,
            report::body(&self.captured.file, &self.captured.summary),
        )
    }

    fn names(&self) -> Vec<String> {
        vec![self.captured.file.clone()]
    }
}
