//! `kubectl mesh-backup verify FILE`.

mod analyze;
mod complete;
mod contents;
mod digest;
mod junit;
mod rehearsal;
mod row;

use std::{
    fs::File,
    io::{BufWriter, Write as _},
    path::{Path, PathBuf},
};

use clap::ValueEnum;
use mesh_common::{
    Ctx, Error, Outcome, Result,
    istioctl::IstioctlArgs,
    journal::local::{Note, Notes, What},
    mesh::archive::Whole,
    output::{self, OutputArgs},
};
use tempfile::TempDir;

use self::{
    contents::Contents,
    row::{ARCHIVE, Row, SCHEMAS, Status, Verified},
};
use crate::{
    age_key::{KeyArgs, Keys},
    list::latest,
    opened::Opened,
    private,
    restore::place::Bounds,
};

/// The heading that the flags of all plugins stand under.
const HEADING: &str = "Output options";

/// Prove that a file can bring a mesh back
///
/// Its digest, every checksum in it, every object, the kinds that a mesh is made
/// of, what the istioctl of its istiod says, and a rehearsal of its restore by
/// server-side dry-run on the cluster: nothing is written there. What cannot be
/// checked is unknown, and never called in order. The result is noted in the
/// journal of this machine.
///
/// Examples:
///   kubectl mesh-backup verify
///   kubectl mesh-backup verify mesh.tar.zst --offline
///   kubectl mesh-backup verify mesh.tar.zst --expect-digest sha256:6d51...
///
/// Exit codes: 0 in order; 1 it cannot be read; 2 something failed; 3 something
/// is unknown; 64 usage; 130 interrupted.
#[derive(Debug, clap::Args)]
#[command(verbatim_doc_comment)]
pub(crate) struct Verify {
    /// File to verify [default: the newest backup of this cluster on this machine]
    file: Option<PathBuf>,

    /// Use no cluster: no rehearsal
    #[arg(long)]
    offline: bool,

    /// Digest that the file had when it was made [default: the one in the
    /// journal of this machine]
    #[arg(long, value_name = "sha256:HEX")]
    expect_digest: Option<String>,

    #[command(flatten)]
    istioctl: IstioctlArgs,

    #[command(flatten)]
    keys: KeyArgs,

    #[command(flatten)]
    output: Output,
}

/// How the result is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
enum Format {
    /// Every check, for a person
    #[default]
    Table,
    /// JSON, the public contract
    Json,
    /// The same document as YAML
    Yaml,
    /// Markdown, for a ticket
    Markdown,
    #[value(help = "JUnit XML, for CI")]
    Junit,
    /// The code of each check that is not OK, for a script
    Name,
}

#[derive(Debug, Clone, Copy, clap::Args)]
struct Output {
    /// How to print the result
    #[arg(short, long, value_enum, default_value_t, value_name = "FORMAT", help_heading = HEADING)]
    output: Format,

    /// Show every finding
    #[arg(long, help_heading = HEADING)]
    full: bool,
}

impl Verify {
    /// Checks, and says what came of it.
    pub(crate) async fn run(self, ctx: &Ctx) -> Result<Outcome> {
        let Self {
            file,
            offline,
            expect_digest,
            istioctl,
            keys,
            output,
        } = self;
        let expected = expect_digest.as_deref().map(digest::typed).transpose()?;
        let file = match file {
            Some(file) => file,
            None => latest(ctx).await?,
        };
        let rehearse = !offline && ctx.rehearsal().is_none();
        // Asked before anything long is done.
        if rehearse {
            ctx.connection()?;
        }
        let opened = Opened::with(&file, Keys::new(ctx, &keys));
        let mut contents = Contents::default();
        let verified = match opened.visit(|entry| contents.see(&entry)) {
            Ok(whole) => {
                let rows = Checks {
                    ctx,
                    opened: &opened,
                    whole: &whole,
                    istioctl: &istioctl,
                    rehearse,
                }
                .rows(contents, expected.as_deref(), &file)
                .await?;
                let verified = Verified {
                    file: opened.name(),
                    sha256: Some(whole.sha256.clone()),
                    pairs: pairs(&opened, &whole),
                    rows,
                    full: output.full,
                };
                note(ctx, &file, &whole, verified.outcome(), !rehearse);
                verified
            }
            Err(e) if is_about_content(&e) => Verified {
                file: opened.name(),
                sha256: None,
                pairs: vec![("File".into(), opened.name())],
                rows: vec![Row::new(ARCHIVE, Status::Failed, e.to_string())],
                full: output.full,
            },
            Err(e) => return Err(e),
        };
        print(ctx, output, &verified)?;
        Ok(verified.outcome())
    }
}

/// What is wrong with an archive, told from what keeps it from being opened.
fn is_about_content(e: &Error) -> bool {
    e.to_string().starts_with("cannot use ")
}

fn pairs(opened: &Opened, whole: &Whole) -> Vec<(String, String)> {
    let manifest = &whole.manifest;
    let unknown = || "unknown".to_owned();
    let cluster = manifest.cluster_uid.clone().unwrap_or_else(unknown);
    let versions = match manifest.istio_versions.join(", ") {
        none if none.is_empty() => unknown(),
        versions => versions,
    };
    [
        ("File", opened.name()),
        ("Captured", manifest.capture_time.to_string()),
        ("Cluster uid", cluster),
        (
            "Istio",
            format!("{versions} in {}", manifest.istio_namespace),
        ),
    ]
    .map(|(name, value)| (name.to_owned(), value))
    .into()
}

struct Checks<'a> {
    ctx: &'a Ctx,
    opened: &'a Opened,
    whole: &'a Whole,
    istioctl: &'a IstioctlArgs,
    rehearse: bool,
}

impl Checks<'_> {
    async fn rows(
        &self,
        mut contents: Contents,
        expected: Option<&str>,
        file: &Path,
    ) -> Result<Vec<Row>> {
        let whole = self.whole;
        let noted = digest::noted(file);
        let mut rows = vec![
            digest::judge(&whole.sha256, expected, noted.as_deref()),
            Row::new(
                ARCHIVE,
                Status::Ok,
                format!(
                    "{} entries, each as the index has it, each object where its name says",
                    whole.index.files.len()
                ),
            ),
            complete::kinds(&whole.index, &contents),
            complete::control_plane(&whole.manifest, &contents),
        ];
        let (dir, objects) = self.second(&mut contents)?;
        rows.push(Row::of(
            SCHEMAS,
            format!("{} custom resources fit their CRDs in it", contents.fitting),
            std::mem::take(&mut contents.misfits),
        ));
        rows.push(
            analyze::ask(
                self.ctx,
                self.istioctl,
                &whole.manifest.istio_versions,
                &whole.manifest.istio_namespace,
                &objects,
            )
            .await,
        );
        drop(dir);
        rows.push(if self.rehearse {
            let istio_namespace = whole.manifest.istio_namespace.clone();
            let mut mesh_namespaces = contents.mesh_namespaces;
            mesh_namespaces.insert(istio_namespace.clone());
            let bounds = Bounds {
                istio_namespace,
                mesh_namespaces,
                istiod: true,
                secrets: true,
            };
            rehearsal::run(self.ctx, self.opened, contents.schemas, bounds).await?
        } else {
            Row::new(row::REHEARSAL, Status::NotEvaluated, "no cluster was asked")
        });
        Ok(rows)
    }

    /// Reads the archive once more: what istioctl is to read goes into a private directory.
    fn second(&self, contents: &mut Contents) -> Result<(TempDir, PathBuf)> {
        let dir = private::directory("kubectl-mesh-verify-")?;
        let objects = dir.path().join("objects.yaml");
        private::file(&objects, b"")?;
        let lost = |e| Error::user("cannot write a temporary file").caused_by(e);
        let file = File::options().append(true).open(&objects).map_err(lost)?;
        let mut file = BufWriter::new(file);
        let again = self
            .opened
            .visit(|entry| contents.judge(&entry, &mut file))?;
        file.flush().map_err(lost)?;
        if again.sha256 == self.whole.sha256 {
            Ok((dir, objects))
        } else {
            Err(Error::user(format!(
                "{} was changed while it was read",
                self.opened.name()
            )))
        }
    }
}

/// A journal that cannot be written keeps nobody from the result.
fn note(ctx: &Ctx, file: &Path, whole: &Whole, outcome: Outcome, offline: bool) {
    let mut note = Note::new(What::BackupVerify, outcome)
        .about(Some(file), &whole.sha256)
        .of(
            whole.manifest.cluster_uid.as_deref(),
            whole.manifest.capture_time,
        );
    note.offline = offline;
    if let Err(e) = Notes::of_this_process().and_then(|notes| notes.add(&note)) {
        ctx.printer.note(format!("not noted: {e}"));
    }
}

fn print(ctx: &Ctx, output: Output, verified: &Verified) -> Result<()> {
    let format = match output.output {
        Format::Junit => return ctx.printer.raw(&junit::document(verified)),
        Format::Table => output::Format::Table,
        Format::Json => output::Format::Json,
        Format::Yaml => output::Format::Yaml,
        Format::Markdown => output::Format::Markdown,
        Format::Name => output::Format::Name,
    };
    let args = OutputArgs {
        output: format,
        full: output.full,
    };
    ctx.printer.print(&args, verified)
}
