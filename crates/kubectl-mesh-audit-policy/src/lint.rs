//! `kubectl mesh-audit-policy lint`: what the API server accepts and people regret.

mod analyze;
mod check;
mod checks;
mod cover;
mod facts;
mod fields;
mod gather;
mod junit;
mod lines;
#[cfg(test)]
mod made;
mod near;
mod output;
mod peer;
mod report;
mod sarif;
mod screen;

use std::path::PathBuf;

use mesh_common::{
    Ctx, Error, Kind, Outcome, Result,
    check::FailOn,
    istioctl::IstioctlArgs,
    mesh::{Gap, Known, Source, Why},
    output::{clean, count},
};

use crate::files;
use facts::Facts;
use gather::{Around, Files};
use output::Output;
use report::Linted;

/// Find what the API server accepts and people regret
///
/// Judges the AuthorizationPolicies and PeerAuthentications of the cluster, of
/// a backup (--from), or of files (-f) as if they were applied there. Each
/// finding has a code with a page in docs/checks. What cannot be judged is
/// said: files alone (--offline, or where no cluster is configured) tell less.
///
/// Examples:
///   kubectl mesh-audit-policy lint
///   kubectl mesh-audit-policy lint -n payments --fail-on warning
///   kubectl mesh-audit-policy lint -f policies/ --from mesh.tar.zst
///   kubectl mesh-audit-policy lint -f policies/ --offline -o sarif
///
/// Exit codes: 0 nothing at or above the threshold; 1 nothing judged, the
/// tool could not do its job; 2 a finding reached the threshold; 3 something
/// is not known; 64 usage; 130 interrupted.
#[derive(Debug, clap::Args)]
#[command(verbatim_doc_comment)]
#[allow(clippy::doc_markdown, reason = "it is the help, and no Markdown")]
pub(crate) struct Lint {
    /// File or folder of policies, or - for stdin; may be repeated
    #[arg(short, long, value_name = "FILE")]
    filename: Vec<PathBuf>,

    /// Ask no cluster: only what the files say by themselves is judged
    #[arg(long, requires = "filename")]
    offline: bool,

    /// What makes the exit code 2
    #[arg(long, value_enum, default_value_t, value_name = "LEVEL")]
    fail_on: FailOn,

    #[command(flatten)]
    output: Output,

    #[command(flatten)]
    istioctl: IstioctlArgs,
}

impl Lint {
    /// Reads, judges, prints.
    pub(crate) async fn run(self, ctx: &Ctx) -> Result<Outcome> {
        let Self {
            filename,
            offline,
            fail_on,
            output,
            istioctl,
        } = self;
        if offline && ctx.rehearsal().is_some() {
            return Err(Error::new(
                Kind::Usage,
                "--offline asks nothing beside the files, and --from names an archive to ask",
            ));
        }
        let proposed = !filename.is_empty();
        let unset = proposed && ctx.rehearsal().is_none() && ctx.cluster.names_nothing();
        let alone = offline || unset;
        let mut files = if proposed {
            Some(written(ctx, &filename, alone)?)
        } else {
            None
        };
        let around = if alone {
            None
        } else {
            Some(Around::read(ctx).await?)
        };
        let namespace = ctx.cluster.namespace.as_deref();
        let judged = judged(
            &filename,
            files.as_ref(),
            around.as_ref(),
            namespace,
            offline,
        );
        let versions = around.as_ref().map(Around::versions);
        let objects = match (&files, &around) {
            (Some(files), _) => files.objects.clone(),
            (None, Some(around)) => around.objects(namespace),
            (None, None) => Vec::new(),
        };
        let others = files.as_mut().map(|f| std::mem::take(&mut f.others));
        let mut facts = gather::facts(files, around, namespace);
        facts.said = match versions {
            Some(versions) if ctx.rehearsal().is_none() => {
                analyze::ask(ctx, &istioctl, &versions, &objects).await
            }
            Some(_) => not_asked("istioctl is not asked in a rehearsal"),
            None => not_asked("without a cluster it is not known which istioctl to ask"),
        };
        let linted = linted(&facts, judged, others.unwrap_or_default(), fail_on);
        output.print(ctx, &linted)?;
        Ok(linted.outcome())
    }
}

/// The decision: pure.
fn linted(
    facts: &Facts,
    judged: Vec<(String, String)>,
    others: Vec<String>,
    fail_on: FailOn,
) -> Linted {
    Linted::run(facts, judged, others, fail_on)
}

fn written(ctx: &Ctx, filename: &[PathBuf], alone: bool) -> Result<Files> {
    let named = ctx.cluster.namespace.clone();
    let namespace = match named {
        Some(namespace) => namespace,
        None if alone || ctx.rehearsal().is_some() => "default".into(),
        None => ctx.connection()?.namespace.clone(),
    };
    let files = Files::of(files::read(filename, &namespace)?);
    if files.is_empty() {
        return Err(Error::user(
            "no AuthorizationPolicy and no PeerAuthentication is in these files",
        ));
    }
    Ok(files)
}

fn not_asked(why: &str) -> Known<analyze::Said> {
    Known::Unknown(Gap {
        what: "istioctl analyze".into(),
        why: Why::NotRead,
        detail: why.into(),
    })
}

/// What is judged, and against what.
fn judged(
    filename: &[PathBuf],
    files: Option<&Files>,
    around: Option<&Around>,
    namespace: Option<&str>,
    offline: bool,
) -> Vec<(String, String)> {
    let mut rows = Vec::new();
    if let Some(files) = files {
        let names: Vec<String> = filename
            .iter()
            .map(|file| clean(&file.display().to_string(), 120))
            .collect();
        let text = format!("{} of {}", count(files.count(), "object"), names.join(", "));
        rows.push(("Files".to_owned(), text));
    }
    let against = match around {
        None if offline => "nothing: --offline".to_owned(),
        None => "nothing: no cluster is configured".to_owned(),
        Some(around) => match &around.scene().mesh.source {
            Source::Live { server, context } => {
                let context = context
                    .as_deref()
                    .map_or(String::new(), |c| format!("{c}, "));
                format!("{context}{server}")
            }
            Source::Archive { file } => {
                format!("{file}, taken {:.0}", around.scene().mesh.now)
            }
        },
    };
    let key = match (files, around.map(|a| a.scene().mesh.source.is_rehearsal())) {
        (Some(_), _) => "Held against",
        (None, Some(true)) => "Rehearsal",
        (None, _) => "Cluster",
    };
    rows.push((key.to_owned(), against));
    if let (None, Some(namespace)) = (files, namespace) {
        rows.push(("Namespace".to_owned(), clean(namespace, 63)));
    }
    rows
}
