//! `kubectl mesh-backup show FILE`.

mod object;

use std::path::PathBuf;

use mesh_common::{
    Ctx, Outcome, Result,
    mesh::archive::Summary,
    output::{Doc, Mark, OutputArgs, Report, document},
};
use serde_json::Value;

use self::object::Wanted;
use crate::{
    age_key::{KeyArgs, Keys},
    opened::Opened,
    report::{self, Contents},
};

/// Show what is in a file
///
/// Kinds and namespaces; the names of one kind; or one object as YAML, without
/// status and what programs write for themselves. A Secret's values are never
/// shown. All of the file is read, and checked against the index in it: one that
/// is truncated or was changed is refused.
///
/// Examples:
///   kubectl mesh-backup show mesh.tar.zst
///   kubectl mesh-backup show mesh.tar.zst virtualservices
///   kubectl mesh-backup show mesh.tar.zst vs/payments/checkout
///   kubectl mesh-backup show mesh.tar.zst vs checkout -n payments --all
///   kubectl mesh-backup show mesh.tar.zst -o json
///
/// Exit codes: 0 shown, and whole; 1 it cannot be read, or is not whole; 64
/// usage.
#[derive(Debug, clap::Args)]
#[command(verbatim_doc_comment)]
pub(crate) struct Show {
    /// File to read
    file: PathBuf,

    /// An object: KIND/NAMESPACE/NAME, KIND/NAME or KIND NAME; or a KIND.
    /// Plural, singular or short name, with its group or without
    #[arg(value_name = "OBJECT", num_args = 0..=2)]
    object: Vec<String>,

    /// Show the object as it was stored
    #[arg(long, requires = "object")]
    all: bool,

    #[command(flatten)]
    keys: KeyArgs,

    #[command(flatten)]
    output: OutputArgs,
}

impl Show {
    /// Reads the archive and says what is in it.
    pub(crate) fn run(self, ctx: &Ctx) -> Result<Outcome> {
        let Self {
            file,
            object,
            all,
            keys,
            output,
        } = self;
        let file = Opened::with(file, Keys::new(ctx, &keys));
        if !object.is_empty() {
            let wanted = Wanted::typed(&object, ctx.cluster.namespace.as_deref())?;
            return object::run(ctx, &file, &wanted, all, output);
        }
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
