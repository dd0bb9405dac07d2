//! `kubectl mesh-backup create [FILE]`.

use std::{
    io,
    path::{Path, PathBuf},
};

use jiff::Timestamp;
use mesh_common::{
    Ctx, Error, Kind, Outcome, Result,
    journal::local::{Note, Notes, What},
    mesh::{
        archive::{self, Captured, Lock, Options, Plain, Progress, Target, Watch},
        live::{self, Needs},
    },
    output::{Doc, Format, Mark, OutputArgs, Report, clean, verdict},
};
use serde::Serialize;
use serde_json::Value;

use crate::{
    age_key::Recipients,
    header::Header,
    keep, place,
    report::{self, Contents, bytes},
};

/// Save everything the mesh needs to a file
///
/// CRDs and custom resources, webhooks, workloads, the Istio namespace, cluster
/// RBAC, gateways wherever they are and what belongs to them. Of Secrets only
/// names, keys and the fingerprints of certificates are saved, unless they are
/// asked for, and then the whole file is encrypted. What could not be read is
/// named, on the screen and in the file.
///
/// Without FILE it goes to a new file in the folder of this cluster, below
/// $XDG_DATA_HOME/kubectl-mesh/backups.
///
/// Examples:
///   kubectl mesh-backup create
///   kubectl mesh-backup create --keep 14
///   kubectl mesh-backup create mesh.tar.zst --note "before 1.28"
///   kubectl mesh-backup create --include-secrets --encrypt-to age1...
///   kubectl mesh-backup create - > mesh.tar.zst
///
/// Exit codes: 0 made, whole; 1 nothing made; 2 refused, nothing made; 3 made,
/// but something could not be read; 64 usage; 130 interrupted.
#[derive(Debug, clap::Args)]
#[command(verbatim_doc_comment)]
pub(crate) struct Create {
    /// File to write: zstd, or gzip if it ends in .tar.gz or .tgz; - is standard output
    file: Option<PathBuf>,

    /// Replace a file that is there
    #[arg(long)]
    overwrite: bool,

    /// Exit 0 even if something could not be read
    #[arg(long)]
    allow_partial: bool,

    /// Keep only the newest N backups of this cluster in the folder of the file
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    keep: Option<u32>,

    /// Save the mesh's own Secrets too: the CA, the ways to other clusters, gateways' certificates
    #[arg(long)]
    include_secrets: bool,

    /// Encrypt to a public key of age or SSH; may be repeated [default with Secrets: a passphrase]
    #[arg(long, value_name = "KEY")]
    encrypt_to: Vec<String>,

    /// A note for the manifest; may be repeated
    #[arg(long, value_name = "TEXT")]
    note: Vec<String>,

    #[command(flatten)]
    output: OutputArgs,
}

impl Create {
    /// Makes the archive and says what is in it.
    pub(crate) async fn run(self, ctx: &Ctx) -> Result<Outcome> {
        ctx.must_be_live("make a backup")?;
        self.check_stdout(ctx)?;
        let lock = self.lock(ctx)?;
        let path = match &self.file {
            Some(path) => path.clone(),
            None => in_folder(ctx).await?,
        };
        let target = Target::typed(&path, self.overwrite);
        let file = (target != Target::Stdout).then_some(path.as_path());
        let captured = self.capture(ctx, target.clone(), lock.as_ref()).await?;
        let outcome = if captured.missing().next().is_some() && !self.allow_partial {
            Outcome::Unknown
        } else {
            Outcome::Done
        };
        let encrypted = lock.is_some();
        if let (Some(file), true) = (file, encrypted) {
            Header::of(&captured.summary).write(file)?;
        }
        remember(ctx, file, &captured, outcome);
        let removed = match (file, self.keep) {
            (Some(file), Some(keep)) if outcome == Outcome::Done => prune(file, &captured, keep)?,
            (Some(_), Some(_)) => {
                ctx.printer
                    .note("older backups were kept: something is missing in this one");
                Vec::new()
            }
            _ => Vec::new(),
        };
        let created = Created {
            connection: ctx.connection()?.pairs(),
            captured,
            outcome,
            encrypted,
            secrets: self.include_secrets,
            removed,
        };
        if file.is_none() {
            let doc = created.doc(self.output.output == Format::Wide);
            ctx.printer.err_doc_with(&doc, self.output.full);
        } else {
            ctx.printer.print(&self.output, &created)?;
        }
        Ok(outcome)
    }

    fn check_stdout(&self, ctx: &Ctx) -> Result<()> {
        if self.file.as_deref() != Some(Path::new("-")) {
            return Ok(());
        }
        if ctx.printer.stdout_is_terminal() {
            return Err(Error::refused("an archive is not written to a terminal")
                .hint(format!("{} create mesh.tar.zst", ctx.name)));
        }
        if !matches!(self.output.output, Format::Table | Format::Wide) {
            return Err(Error::new(
                Kind::Usage,
                "standard output cannot take the archive and a document both",
            )
            .hint("leave out -o, or write the archive to a file"));
        }
        if self.keep.is_some() {
            return Err(Error::new(
                Kind::Usage,
                "--keep removes files beside the new one, and standard output has none",
            ));
        }
        Ok(())
    }

    /// Before anything is read: nobody waits for a question that comes last.
    fn lock(&self, ctx: &Ctx) -> Result<Option<Recipients>> {
        if !self.encrypt_to.is_empty() {
            return Recipients::keys(&self.encrypt_to).map(Some);
        }
        if !self.include_secrets {
            return Ok(None);
        }
        if !(ctx.printer.stdin_is_terminal() && ctx.printer.stderr_is_terminal()) {
            let file = self
                .file
                .as_ref()
                .map(|f| clean(&f.display().to_string(), 300));
            let file = file.map_or(String::new(), |f| mesh_common::shell::command(" {}", &[&f]));
            return Err(Error::refused(
                "Secrets are never written into a file that is not encrypted, and without a terminal no passphrase \
                 can be asked for; nothing was made",
            )
            .hint(format!(
                "{} create{file} --include-secrets --encrypt-to age1...",
                ctx.name
            )));
        }
        Recipients::passphrase(ctx).map(Some)
    }

    async fn capture(
        &self,
        ctx: &Ctx,
        target: Target,
        lock: Option<&Recipients>,
    ) -> Result<Captured> {
        let printer = ctx.printer.clone();
        let options = Options {
            notes: self.note.clone(),
            secrets: self.include_secrets,
            watch: Watch::new(move |progress| printer.progress(&said(progress))),
            ..Options::default()
        };
        let lock = lock.map_or(&Plain as &dyn Lock, |lock| lock);
        let captured =
            archive::capture_locked(ctx.connection()?, &ctx.client()?, target, options, lock).await;
        ctx.printer.progress("");
        captured
    }
}

/// A new file in the folder of this cluster, which says who it is first.
async fn in_folder(ctx: &Ctx) -> Result<PathBuf> {
    let connection = ctx.connection()?;
    let mesh = live::read(connection, &ctx.client()?, Needs::default()).await?;
    let uid = mesh.cluster_uid.get().map(String::as_str);
    let context = connection.context.as_deref();
    place::new_file(&place::root()?, uid, context, Timestamp::now())
}

fn said(progress: &Progress) -> String {
    let Progress {
        kinds,
        of,
        objects,
        bytes: read,
        what,
    } = progress;
    format!(
        "{kinds} of {of} kinds, {objects} objects, {}: {what}",
        bytes(*read)
    )
}

/// Leaves a note on this machine. A backup is no worse without one.
fn remember(ctx: &Ctx, file: Option<&Path>, captured: &Captured, outcome: Outcome) {
    let summary = &captured.summary;
    let note = Note::new(What::BackupCreate, outcome)
        .about(file, &summary.sha256)
        .of(
            summary.manifest.cluster_uid.as_deref(),
            summary.manifest.capture_time,
        );
    if let Err(e) = Notes::of_this_process().and_then(|notes| notes.add(&note)) {
        ctx.printer.note(format!("not in the local journal: {e}"));
    }
}

/// Removes what there is too much of.
fn prune(file: &Path, captured: &Captured, keep: u32) -> Result<Vec<PathBuf>> {
    let Some(cluster) = &captured.summary.manifest.cluster_uid else {
        return Ok(Vec::new());
    };
    let keep = usize::try_from(keep).unwrap_or(usize::MAX);
    keep::prune(file, cluster, keep).map_err(|e: io::Error| {
        Error::user("the backup is made, and older ones could not be removed").caused_by(e)
    })
}

/// An archive that was made.
struct Created {
    connection: Vec<(String, String)>,
    captured: Captured,
    outcome: Outcome,
    encrypted: bool,
    secrets: bool,
    removed: Vec<PathBuf>,
}

impl Created {
    fn secrets(&self) -> &'static str {
        match (self.secrets, self.captured.ca) {
            (false, _) => "names, keys and fingerprints of certificates",
            (true, true) => "whole, the CA too",
            (true, false) => "whole, but there is no CA among them",
        }
    }

    /// What a restore of this file could not do.
    fn without_ca(&self) -> Option<&'static str> {
        (!self.captured.ca).then_some(
            "The CA is not in it. Where its Secret is lost too, istiod makes a new one, and proxies that hold \
             certificates of the old one refuse the new: a restore cannot bring that back. --include-secrets saves \
             it, encrypted.",
        )
    }
}

impl Report for Created {
    fn doc(&self, _wide: bool) -> Doc {
        let summary = &self.captured.summary;
        let contents = Contents(summary);
        let mut doc = Doc::new();
        doc.pairs(self.connection.clone());
        let mut pairs = contents.pairs(&self.captured.file);
        pairs.push(("Secrets".into(), self.secrets().into()));
        if self.encrypted {
            pairs.push(("Encrypted".into(), "by age, as a whole".into()));
        }
        for old in &self.removed {
            pairs.push(("Removed".into(), old.display().to_string()));
        }
        doc.pairs(pairs);
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
        if let Some(text) = self.without_ca() {
            doc.text(text);
        }
        doc
    }

    fn json(&self) -> serde_json::Result<Value> {
        #[derive(Serialize)]
        #[serde(rename_all = "camelCase")]
        struct Document<T: Serialize> {
            #[serde(flatten)]
            contents: T,
            encrypted: bool,
            /// Whether Secrets are in it, and the CA among them.
            secrets: bool,
            ca: bool,
            removed: Vec<String>,
        }
        let body = Document {
            contents: report::body(&self.captured.file, &self.captured.summary),
            encrypted: self.encrypted,
            secrets: self.secrets,
            ca: self.captured.ca,
            removed: self
                .removed
                .iter()
                .map(|p| p.display().to_string())
                .collect(),
        };
        verdict("MeshBackup", self.outcome, body)
    }

    fn names(&self) -> Vec<String> {
        vec![self.captured.file.clone()]
    }
}
