//! `kubectl mesh-backup show FILE`.

use std::path::PathBuf;

use mesh_common::{
    Ctx, Outcome, Result,
    mesh::archive::Summary,
    output::{Doc, Mark, OutputArgs, Report, document},
};
use serde_json::Value;

use crate::{
    age_key::{KeyArgs, Keys},
    opened::Opened,
    report::{self, Contents},
};

/// Show what is in a file
///
/// All of it is read, and checked against the index in it: a file that is
/// truncated or was changed is refused.
///
/// Examples:
///   kubectl mesh-backup show mesh.tar.zst
///   kubectl mesh-backup show mesh.tar.zst -o json
///
/// Exit codes: 0 shown, and whole; 1 it cannot be read, or is not whole; 64
/// usage.
#[derive(Debug, clap::Args)]
#[command(verbatim_doc_comment)]
pub(crate) struct Show {
    /// File to read
    file: PathBuf,

    #[command(flatten)]
    keys: KeyArgs,

    #[command(flatten)]
    output: OutputArgs,
}

impl Show {
    /// Reads the archive and says what is in it.
    pub(crate) fn run(self, ctx: &Ctx) -> Result<Outcome> {
        let Self { file, keys, output } = self;
        let file = Opened::with(file, Keys::new(ctx, &keys));
        let shown = Shown {
            file: file.name(),
            summary: file.summary()?,
        };
        ctx.printer.print(&output, &shown)?;
        Ok(Outcome::Done)
    }
}

struct Shown {
    file: String,
    summary: Summary,
}

impl Report for Shown {
    fn doc(&self, _wide: bool) -> Doc {
        let contents = Contents(&self.summary);
        let mut doc = Doc::new();
        doc.pairs(contents.pairs(&self.file));
        doc.table(contents.kinds());
        doc.heading("By namespace");
        doc.table(contents.namespaces());
        if !self.summary.unread.is_empty() {
            doc.heading("Not in it");
            doc.marked(
                self.summary
                    .unread
                    .iter()
                    .map(|u| (Mark::Unknown, u.what.clone(), u.detail.clone())),
            );
        }
        doc
    }

    fn json(&self) -> serde_json::Result<Value> {
        document("MeshBackup", report::body(&self.file, &self.summary))
    }

    fn names(&self) -> Vec<String> {
        self.summary.objects.keys().cloned().collect()
    }
}
