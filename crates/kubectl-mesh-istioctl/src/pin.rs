//! `kubectl mesh-istioctl pin VERSION`.

use mesh_common::{
    Ctx, Error, Outcome, Result,
    complete::Values,
    istioctl::{Store, Version},
    output::{Doc, OutputArgs, Report, Table, document},
};
use serde::Serialize;
use serde_json::Value;

use crate::{
    install::{FromArgs, sums},
    pins::{FILE, Pins},
    release::{self, Platform},
};

/// Write a version and its sums to .mesh.toml, for a team to commit
///
/// The sums are those that the release publishes, for every system it is
/// built for. Below the directory of that file, install takes no archive
/// with another sum. Other lines of the file stay as they are; several
/// versions may be pinned. To unpin one, take its lines out.
///
/// Examples:
///   kubectl mesh-istioctl pin 1.28.1
///   kubectl mesh-istioctl pin 1.28.1 --from-file ./downloads
///   kubectl mesh-istioctl pin 1.28.1 --mirror $MIRROR
///
/// Exit codes: 0 pinned; 1 nothing written; 2 refused: what is installed has
/// another sum, nothing written; 64 usage.
#[derive(Debug, clap::Args)]
#[command(verbatim_doc_comment)]
pub(crate) struct Pin {
    /// Version to pin, to the patch
    #[arg(value_parser = release::version, add = Values::Installed)]
    version: Version,

    #[command(flatten)]
    from: FromArgs,

    #[command(flatten)]
    output: OutputArgs,
}

impl Pin {
    /// Reads the sums and writes them into the file of this directory.
    pub(crate) async fn run(self, ctx: &Ctx) -> Result<Outcome> {
        let Self {
            version,
            from,
            output,
        } = self;
        let here = Platform::here()?;
        let sums = sums(&from, &version, &ctx.printer).await?;
        if sums.is_empty() {
            return Err(Error::user(format!(
                "there is no sum of istioctl {version} there: nothing was written"
            ))
            .hint("is that a version that was released?"));
        }
        let there = Store::of_this_process()?.get(&version);
        let own = sums.iter().find(|(platform, _)| *platform == here);
        if let (Some(there), Some((_, sum))) = (there, own)
            && there.archive.as_ref().is_some_and(|archive| archive != sum)
        {
            return Err(Error::refused(format!(
                "istioctl {version} was installed from another archive: nothing was written"
            ))
            .hint(format!("published: {sum}"))
            .hint(format!("installed: {}", there.archive.unwrap_or_default())));
        }
        let dir = std::env::current_dir()
            .map_err(|e| Error::user("the current directory is gone").caused_by(e))?;
        let mut pins = Pins::read(dir.join(FILE))?;
        pins.set(&version, &sums)?;
        pins.write()?;
        let report = Pinned {
            version: version.to_string(),
            path: FILE.to_owned(),
            sha256: sums
                .into_iter()
                .map(|(platform, sum)| Sum {
                    platform: platform.to_string(),
                    sha256: sum,
                })
                .collect(),
        };
        ctx.printer.print(&output, &report)?;
        Ok(Outcome::Done)
    }
}

#[derive(Serialize)]
struct Pinned {
    version: String,
    path: String,
    sha256: Vec<Sum>,
}

#[derive(Serialize)]
struct Sum {
    platform: String,
    sha256: String,
}

impl Report for Pinned {
    fn doc(&self, _wide: bool) -> Doc {
        let mut doc = Doc::new();
        doc.pairs([("Pinned", &self.version), ("File", &self.path)]);
        let mut table = Table::new(&["System", "SHA-256 of its archive"]);
        for sum in &self.sha256 {
            table.row([&sum.platform, &sum.sha256]);
        }
        doc.table(table);
        doc.text("Commit it:");
        doc.command(format!("git add {FILE}"));
        doc
    }

    fn json(&self) -> serde_json::Result<Value> {
        document("IstioctlPin", self)
    }

    fn names(&self) -> Vec<String> {
        vec![self.version.clone()]
    }
}
