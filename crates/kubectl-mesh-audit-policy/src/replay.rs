//! `kubectl mesh-audit-policy replay`: what would policies, as proposed, have done to recorded traffic?

mod alone;
mod blocks;
mod bounded;
mod decided;
mod header;
mod job;
mod judge;
mod lines;
mod live;
mod logged;
mod part;
mod pods;
mod proposed;
mod records;
mod report;
mod run;
mod setup;
mod shape;
mod stage;
mod summary;
mod tally;
mod typed;

#[cfg(test)]
mod tests;

use std::{path::PathBuf, thread};

use clap::{Args, Subcommand, ValueEnum};
use mesh_common::{
    Ctx, Error, Kind, Outcome, Result,
    journal::local::{Note, Notes, What},
    output::{Format, OutputArgs},
};

pub(crate) use self::{
    alone::{Alone, Said},
    lines::Lines,
    pods::Pod,
    setup::read as read_mesh,
};
use self::{
    blocks::{Shard, Source},
    header::Header,
    part::Part,
    report::Replayed,
    setup::Typed,
    stage::Stage,
    typed::{Age, LoggedPaths, ShardArg},
};
use crate::{
    Version, files,
    logs::{self, Mapping},
};

/// What would policies, as proposed, have done to recorded traffic?
///
/// Reads access logs of sidecars and gateways, text or JSON, plain, gz or
/// zst, and judges every request twice: by the policies of today and by
/// those that are proposed. Proposed are the policies of -f, or those named,
/// or, with neither, all that are in dry run; each is judged as if it were
/// enforced. Only requests that came in count, and every line is accounted
/// for. Who called is told by the address only while one pod held it; what
/// the log does not have is unknown, and unknown is never allowed.
///
/// Without a cluster or a backup, --workload-labels, -n and --istio-version
/// say what the lines are of.
///
/// Examples:
///   kubectl mesh-audit-policy replay -f deny.yaml --log access.log.gz
///   kubectl mesh-audit-policy replay -f deny.yaml --since 24h
///   kubectl mesh-audit-policy replay no-refunds --log - -o html
///
/// Exit codes: 0 nothing newly blocked, and nothing unknown; 1 nothing
/// judged; 2 something is newly blocked; 3 nothing is known to be blocked,
/// but evidence is missing; 64 usage.
#[derive(Debug, Args)]
#[command(
    verbatim_doc_comment,
    args_conflicts_with_subcommands = true,
    subcommand_negates_reqs = true
)]
pub(crate) struct Replay {
    #[command(subcommand)]
    verb: Option<Verb>,

    /// A policy of the mesh, NAME or NAMESPACE/NAME, judged as if it were
    /// enforced
    #[arg(value_name = "POLICY")]
    policies: Vec<String>,

    /// File or folder with policies as proposed, or - for stdin; may be
    /// repeated
    #[arg(short, long = "filename", value_name = "FILE")]
    files: Vec<PathBuf>,

    /// Log to read, or - for stdin; may be repeated. Without, the proxies'
    /// own logs are read from the cluster
    #[arg(long, value_name = "FILE", required_unless_present = "since")]
    log: Vec<PathBuf>,

    /// Judge only requests of this long until now, such as 24h
    #[arg(long, value_name = "DURATION", conflicts_with = "emit_job")]
    since: Option<Age>,

    /// Workload that the lines are of: NAMESPACE/KIND/NAME. By default the
    /// pod's name or address on each line tells it
    #[arg(long, value_name = "WORKLOAD", conflicts_with = "workload_labels")]
    workload: Option<String>,

    /// Without a mesh: labels of the workload's pods, such as app=web
    #[arg(long, value_name = "LABELS", help_heading = OFFLINE)]
    workload_labels: Option<String>,

    /// Without a mesh: version of istiod
    #[arg(long, value_name = "VERSION", requires = "workload_labels", help_heading = OFFLINE)]
    istio_version: Option<Version>,

    /// Without a mesh: its trust domain [default: cluster.local]
    #[arg(long, value_name = "DOMAIN", requires = "workload_labels", help_heading = OFFLINE)]
    trust_domain: Option<String>,

    /// Without a mesh: its root namespace [default: istio-system]
    #[arg(long, value_name = "NAMESPACE", requires = "workload_labels", help_heading = OFFLINE)]
    root_namespace: Option<String>,

    /// Fields of JSON lines that are elsewhere than Istio puts them:
    /// `path=request_path,method=verb`
    #[arg(long, value_name = "FIELD=KEY")]
    map: Vec<String>,

    /// Whether logged paths are those that policies saw
    #[arg(long, value_enum, default_value_t, value_name = "HOW")]
    logged_paths: LoggedPaths,

    /// Say that the log is neither filtered nor sampled
    #[arg(long)]
    whole_log: bool,

    /// So many newly blocked requests are accepted
    #[arg(long, value_name = "N", default_value_t = 0)]
    accept_blocked: u64,

    /// Threads that judge; by default one for each processor
    #[arg(long, value_name = "N")]
    threads: Option<usize>,

    /// Judge one of several parts of the logs, such as 1/8; see -o partial
    #[arg(long, value_name = "I/N")]
    shard: Option<ShardArg>,

    #[command(flatten)]
    job: job::JobArgs,

    /// How to print the result
    #[arg(short, long, value_enum, default_value_t, value_name = "FORMAT", help_heading = OUTPUT)]
    output: Out,

    /// Show every row of long lists
    #[arg(long, help_heading = OUTPUT)]
    full: bool,
}

const OFFLINE: &str = "Without a mesh";
const OUTPUT: &str = "Output options";

#[derive(Debug, Subcommand)]
enum Verb {
    Merge(Merge),
}

/// Put the parts of a result together
///
/// Parts are what replay prints with --shard I/N -o partial. In whatever
/// order they come, the result is the same as that of one run.
///
/// Examples:
///   kubectl mesh-audit-policy replay merge part-*.json
///
/// Exit codes: 0 nothing newly blocked, and nothing unknown; 1 the parts are
/// not of one run; 2 something is newly blocked; 3 evidence is missing; 64
/// usage.
#[derive(Debug, Args)]
#[command(verbatim_doc_comment)]
struct Merge {
    /// A part
    #[arg(required = true, value_name = "FILE")]
    parts: Vec<PathBuf>,

    /// So many newly blocked requests are accepted
    #[arg(long, value_name = "N", default_value_t = 0)]
    accept_blocked: u64,

    /// How to print the result
    #[arg(short, long, value_enum, default_value_t, value_name = "FORMAT", help_heading = OUTPUT)]
    output: Out,

    /// Show every row of long lists
    #[arg(long, help_heading = OUTPUT)]
    full: bool,
}

/// How a result is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
enum Out {
    /// Aligned columns, for a person
    #[default]
    Table,
    /// The table with more columns
    Wide,
    /// JSON, the public contract
    Json,
    /// The same document as YAML
    Yaml,
    /// Markdown, for a ticket
    Markdown,
    /// One static HTML page
    Html,
    /// A part of a result, for `replay merge`
    Partial,
}

impl Out {
    fn args(self, full: bool) -> OutputArgs {
        let output = match self {
            Self::Table => Format::Table,
            Self::Wide => Format::Wide,
            Self::Yaml => Format::Yaml,
            Self::Markdown => Format::Markdown,
            Self::Json | Self::Html | Self::Partial => Format::Json,
        };
        OutputArgs { output, full }
    }
}

impl Replay {
    /// Reads policies and logs, judges, prints.
    pub(crate) async fn run(self, ctx: &Ctx) -> Result<Outcome> {
        if let Some(Verb::Merge(merge)) = &self.verb {
            return merge.run(ctx);
        }
        if self.job.emit_job {
            let namespace = ctx.cluster.namespace.as_deref();
            let files = files::read(&self.files, namespace.unwrap_or("default"))?;
            let from = ctx.from.as_ref().and_then(|path| path.to_str());
            ctx.printer
                .raw(&job::emit(&self, namespace, from, files)?)?;
            return Ok(Outcome::Done);
        }
        let sources = self.sources()?;
        if let Some(since) = self.since.filter(|_| sources.is_empty()) {
            return self.live(ctx, since).await;
        }
        let (stage, header) = self.prepare(ctx).await?;
        let shard = self.shard.map(|ShardArg(shard)| shard);
        let summary = self.judge(&stage, &sources, shard)?;
        let part = Part::new(header, shard, summary);
        finish(ctx, part, self.output, self.full, self.accept_blocked)
    }

    /// The same, of the logs that the proxies' nodes still have.
    async fn live(&self, ctx: &Ctx, since: Age) -> Result<Outcome> {
        if ctx.from.is_some() || self.workload_labels.is_some() || self.shard.is_some() {
            return Err(Error::new(
                Kind::Usage,
                "without --log the logs are read from the cluster, which --from, --workload-labels and --shard rule out",
            )
            .hint("--log FILE reads a log that was saved"));
        }
        let (stage, header) = self.prepare(ctx).await?;
        let summary = live::judge(ctx, &stage, since.seconds()).await?;
        let part = Part::new(header, None, summary);
        finish(ctx, part, self.output, self.full, self.accept_blocked)
    }

    fn sources(&self) -> Result<Vec<Source>> {
        let stdin = |paths: &[PathBuf]| paths.iter().filter(|path| path.as_os_str() == "-").count();
        if stdin(&self.log) + stdin(&self.files) > 1 {
            return Err(Error::new(
                Kind::Usage,
                "- was given twice, and there is one stdin",
            ));
        }
        let source = |path: &PathBuf| {
            if path.as_os_str() == "-" {
                Source::Stdin
            } else {
                Source::File(path.clone())
            }
        };
        Ok(self.log.iter().map(source).collect())
    }

    fn judge(
        &self,
        stage: &Stage,
        sources: &[Source],
        shard: Option<Shard>,
    ) -> Result<summary::Summary> {
        let processors = thread::available_parallelism().map_or(1, usize::from);
        let threads = self.threads.unwrap_or(processors).clamp(1, THREADS);
        run::judge(stage, sources, shard, threads)
            .map_err(|(name, e)| Error::user(format!("cannot read {name}")).caused_by(e))
    }

    /// What lines are judged against: of the mesh, or as typed.
    async fn prepare(&self, ctx: &Ctx) -> Result<(Stage, Header)> {
        let mapping = Mapping::parse(self.map.iter().map(String::as_str))
            .map_err(|why| Error::new(Kind::Usage, format!("--map: {why}")))?;
        let namespace = ctx.cluster.namespace.as_deref();
        let mut typed = Typed {
            workload: self.workload.clone(),
            format: logs::Format { mapping },
            trust_paths: self.logged_paths.trust(),
            whole: self.whole_log,
            window: None,
        };
        let files = files::read(&self.files, namespace.unwrap_or("default"))?;
        if let Some(labels) = &self.workload_labels {
            let now = jiff::Timestamp::now();
            typed.window = self.since.map(|since| since.until(now));
            return self.offline(ctx, labels, files, typed);
        }
        let seen = setup::read(ctx, None).await?;
        typed.window = self.since.map(|since| since.until(seen.now()));
        let compared = proposed::compare(Some(&seen.scene), namespace, &self.policies, files)?;
        seen.stage(compared, typed)
    }
}

/// More threads than that only take memory.
const THREADS: usize = 32;

impl Merge {
    fn run(&self, ctx: &Ctx) -> Result<Outcome> {
        let part = part::merge(&self.parts)?;
        finish(ctx, part, self.output, self.full, self.accept_blocked)
    }
}

/// Prints a result, and leaves a note of a whole one for `promote`.
fn finish(ctx: &Ctx, part: Part, output: Out, full: bool, accept_blocked: u64) -> Result<Outcome> {
    if output == Out::Partial {
        ctx.printer.print(&output.args(full), &part)?;
        return Ok(Outcome::Done);
    }
    let replayed = Replayed::new(part, accept_blocked);
    if output == Out::Html {
        ctx.printer.raw(&report::page(&replayed))?;
    } else {
        ctx.printer.print(&output.args(full), &replayed)?;
    }
    let outcome = replayed.outcome();
    if let Ok(notes) = Notes::of_this_process() {
        let mut note = Note::new(What::PolicyReplay, outcome);
        note.sha256 = Some(replayed.digest().trim_start_matches("sha256:").to_owned());
        note.subjects = replayed.subjects();
        if let Err(e) = notes.add(&note) {
            ctx.printer.note(format!("this is in no journal: {e}"));
        }
    }
    Ok(outcome)
}
