//! `kubectl mesh-backup diff [A] [B|live]`.

mod compare;
mod coverage;
mod external;
mod fields;
mod patch;
mod screen;
mod spool;
mod told;

use std::path::{Path, PathBuf};

use clap::ValueEnum;
use mesh_common::{
    Ctx, Error, Outcome, Result,
    mesh::archive::{self, Options, Target},
    output::{self, OutputArgs},
};
use tempfile::TempDir;

use crate::{
    age_key::{KeyArgs, Keys, Own, Recipients},
    list::latest,
    only::Only,
    opened::Opened,
    private,
};
use compare::{Question, Side, compare};
use external::{Directories, Program};
use patch::Patch;
use screen::Comparison;
use told::Teller;

/// The heading that the flags of all plugins stand under.
const HEADING: &str = "Output options";

/// The word for the cluster itself.
const LIVE: &str = "live";

/// Show what differs between two files, or a file and the cluster
///
/// By object and field. What controllers make of other objects, and what they
/// write into them, is left out: --all compares it too. Never compared are
/// status and the metadata that only the API server sets. Of a Secret's values
/// only that they differ is shown. What one side does not know is unknown, and
/// never called removed.
///
/// $`KUBECTL_EXTERNAL_DIFF` names a program to show the differences with, as for
/// kubectl diff; -o has precedence.
///
/// Examples:
///   kubectl mesh-backup diff
///   kubectl mesh-backup diff mesh.tar.zst
///   kubectl mesh-backup diff before.tar.zst after.tar.zst -o patch
///   kubectl mesh-backup diff mesh.tar.zst --only virtualservices/payments
///
/// Exit codes: 0 nothing differs; 1 they cannot be compared; 2 something
/// differs; 3 nothing differs of what is known, but not all is; 64 usage; 130
/// interrupted.
#[derive(Debug, clap::Args)]
#[command(verbatim_doc_comment)]
pub(crate) struct Diff {
    /// File to compare [default: the newest backup of this cluster on this machine]
    a: Option<PathBuf>,

    /// File to compare it with, or "live" for the cluster
    #[arg(default_value = LIVE)]
    b: PathBuf,

    /// Compare what controllers make and write too
    #[arg(long)]
    all: bool,

    /// Compare these objects only: KIND, KIND/NAMESPACE, KIND/NAMESPACE/NAME,
    /// KIND/NAME without namespace; may be repeated
    #[arg(long, value_name = "KIND/NS/NAME")]
    only: Vec<String>,

    #[command(flatten)]
    keys: KeyArgs,

    #[command(flatten)]
    output: Output,
}

/// How the result is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
enum Format {
    /// Every field that differs, for a person
    #[default]
    Table,
    /// JSON, the public contract
    Json,
    /// The same document as YAML
    Yaml,
    /// Markdown, for a ticket
    Markdown,
    /// A unified diff of YAML
    Patch,
    /// One name per line of what differs, for a script
    Name,
}

#[derive(Debug, Clone, Copy, clap::Args)]
struct Output {
    /// How to print the result
    #[arg(short, long, value_enum, value_name = "FORMAT", help_heading = HEADING)]
    output: Option<Format>,

    /// Show every object and every row of long lists
    #[arg(long, help_heading = HEADING)]
    full: bool,
}

/// Where the differences go.
enum Sink {
    Told(Teller),
    Patch(Patch),
    External(Directories, Program, Teller),
}

impl Sink {
    fn of(output: Output) -> Result<Self> {
        Ok(match (output.output, Program::of_environment()) {
            (Some(Format::Patch), _) => Self::Patch(Patch::new()),
            (None, Some(program)) => {
                Self::External(Directories::new()?, program, Teller::default())
            }
            _ => Self::Told(Teller::default()),
        })
    }
}

impl Diff {
    /// Compares, and prints what differs.
    pub(crate) async fn run(self, ctx: &Ctx) -> Result<Outcome> {
        let Self {
            a,
            b,
            all,
            only,
            keys,
            output,
        } = self;
        let only = Only::parse(&only)?;
        let keys = Keys::new(ctx, &keys);
        let a = match a {
            Some(file) => file,
            None => latest(ctx).await?,
        };
        let first = Opened::with(&a, keys.clone());
        let (second, name, _live) = other(ctx, &b, keys, &first).await?;
        let (a, b) = (
            Side {
                name: first.name(),
                opened: &first,
            },
            Side {
                name,
                opened: &second,
            },
        );
        let question = Question { only: &only, all };
        let mut sink = Sink::of(output)?;
        let mut differ = false;
        let compared = compare(&a, &b, &question, |pair| {
            differ = true;
            match &mut sink {
                Sink::Told(teller) => {
                    teller.add(&pair);
                    Ok(())
                }
                Sink::Patch(patch) => patch.add(&pair),
                Sink::External(directories, _, teller) => {
                    teller.add(&pair);
                    directories.add(&pair)
                }
            }
        })?;
        let comparison = |entries| Comparison {
            entries,
            a: (a.name.clone(), compared.a.clone()),
            b: (b.name.clone(), compared.b.clone()),
            gaps: compared.gaps.clone(),
            unknown: compared.unknown,
            all,
            full: output.full,
        };
        match sink {
            Sink::Told(teller) => {
                let comparison = comparison(teller.done());
                let args = OutputArgs {
                    output: format(output.output),
                    full: output.full,
                };
                ctx.printer.print(&args, &comparison)?;
                Ok(comparison.outcome())
            }
            Sink::Patch(patch) => {
                patch.each(|text| ctx.printer.raw(text))?;
                let comparison = comparison(Vec::new());
                comparison.note(ctx);
                Ok(if differ {
                    Outcome::Refused
                } else {
                    comparison.outcome()
                })
            }
            Sink::External(directories, program, teller) => {
                directories.run(ctx, &program).await?;
                let comparison = comparison(teller.done());
                comparison.note(ctx);
                Ok(comparison.outcome())
            }
        }
    }
}

fn format(typed: Option<Format>) -> output::Format {
    match typed.unwrap_or_default() {
        Format::Table | Format::Patch => output::Format::Table,
        Format::Json => output::Format::Json,
        Format::Yaml => output::Format::Yaml,
        Format::Markdown => output::Format::Markdown,
        Format::Name => output::Format::Name,
    }
}

/// The second of the two; the cluster is read into a file first, which is gone with what comes back last.
async fn other(
    ctx: &Ctx,
    b: &Path,
    keys: Keys,
    first: &Opened,
) -> Result<(Opened, String, Option<TempDir>)> {
    if b != Path::new(LIVE) {
        let opened = Opened::with(b, keys);
        let name = opened.name();
        return Ok((opened, name, None));
    }
    if let Some(file) = ctx.rehearsal() {
        return Err(Error::new(
            mesh_common::Kind::Usage,
            "a file has no cluster beside it: name the file to compare with",
        )
        .hint(format!(
            "leave out --from, and type {} after the first",
            file.display()
        )));
    }
    let connection = ctx.connection()?;
    let client = ctx.client()?;
    let dir = private::directory("kubectl-mesh-live-")?;
    let path = dir.path().join("live.tar.zst");
    let target = Target::typed(&path, false);
    if !holds_secrets(first)? {
        archive::capture(connection, &client, target, Options::default()).await?;
        return Ok((Opened::new(path), LIVE.to_owned(), Some(dir)));
    }
    // The values of Secrets are on no disk that could be read: the key of this file is in memory alone.
    let own = Own::new();
    let options = Options {
        secrets: true,
        ..Options::default()
    };
    let lock = Recipients::keys_and(&[], &own)?;
    archive::capture_locked(connection, &client, target, options, &lock).await?;
    Ok((
        Opened::with(path, keys.and(&own)),
        LIVE.to_owned(),
        Some(dir),
    ))
}

/// Whether a file has Secrets with their values, to compare with: only an encrypted one can.
fn holds_secrets(file: &Opened) -> Result<bool> {
    if !archive::is_encrypted(file.path()).unwrap_or_default() {
        return Ok(false);
    }
    let summary = file.summary()?;
    Ok(summary.objects.contains_key("secrets"))
}
