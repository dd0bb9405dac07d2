//! What can be typed.

use std::{path::PathBuf, time::Duration};

use clap::{Parser, Subcommand};
use mesh_common::{
    Ctx, Outcome, Result,
    check::FailOn,
    error::{Error, Kind},
    istioctl::IstioctlArgs,
};

use crate::{
    baseline::Baseline,
    facts::Target,
    observe::observe,
    output::Output,
    report::Precheck,
    support::Support,
    wait::{Wall, patience, until_healed},
};

/// Check whether this mesh may be upgraded, and what must be done first
///
/// Without --to the way to the newest supported release is shown, hop by hop,
/// and the first hop is checked. Nothing is changed.
///
/// Examples:
///   kubectl mesh-precheck
///   kubectl mesh-precheck --to 1.28.1
///   kubectl mesh-precheck --from examples/shop-ready.tar.zst -o markdown
///   kubectl mesh-precheck --wait 5m --baseline accepted.yaml -o junit
///   kubectl mesh-precheck -o rbac | kubectl apply -f -
///
/// Exit codes: 0 nothing at or above the threshold; 1 nothing checked, the
/// tool could not do its job; 2 a finding reached the threshold; 3 something
/// is not known; 64 usage; 130 interrupted.
#[derive(Debug, Parser)]
#[command(verbatim_doc_comment)]
pub(crate) struct Cli {
    #[command(subcommand)]
    verb: Option<Verb>,

    #[command(flatten)]
    run: Run,
}

#[derive(Debug, Subcommand)]
enum Verb {
    Run(Run),
}

/// Check whether this mesh may be upgraded (the default)
///
/// The same as without the word: kubectl mesh-precheck --to 1.28.1.
///
/// Examples:
///   kubectl mesh-precheck run
///   kubectl mesh-precheck run --to 1.28.1 -o short
///   kubectl mesh-precheck run --wait 5m --baseline accepted.yaml -o junit
///
/// Exit codes: 0 nothing at or above the threshold; 1 nothing checked, the
/// tool could not do its job; 2 a finding reached the threshold; 3 something
/// is not known; 64 usage; 130 interrupted.
#[derive(Debug, clap::Args)]
#[command(verbatim_doc_comment)]
pub(crate) struct Run {
    /// The release to go to: 1.28.1, or 1.28
    #[arg(long, value_name = "VERSION")]
    to: Option<String>,

    /// What makes the exit code 2
    #[arg(long, value_enum, default_value_t, value_name = "LEVEL")]
    fail_on: FailOn,

    /// Another table of releases and their support, as istio.io's
    /// supportStatus.yml
    #[arg(long, value_name = "FILE")]
    support_table: Option<PathBuf>,

    /// Findings that were accepted: a YAML list of code, object (* at its
    /// end for any), reason and until (a day)
    #[arg(long, value_name = "FILE")]
    baseline: Option<PathBuf>,

    /// Look again for this long while something may heal by itself: 5m
    #[arg(long, value_name = "DURATION", value_parser = patience)]
    wait: Option<Duration>,

    #[command(flatten)]
    output: Output,

    #[command(flatten)]
    istioctl: IstioctlArgs,
}

/// Runs what was typed.
pub(crate) async fn run(ctx: &Ctx, cli: Cli) -> Result<Outcome> {
    let Cli { verb, run } = cli;
    match verb {
        None => run.run(ctx).await,
        Some(Verb::Run(_)) if run.is_typed() => Err(Error::new(
            Kind::Usage,
            "the options of run stand after it, or it is left out",
        )
        .hint("kubectl mesh-precheck --help")),
        Some(Verb::Run(run)) => run.run(ctx).await,
    }
}

impl Run {
    /// Whether an option was typed that counts for this one only.
    fn is_typed(&self) -> bool {
        self.to.is_some()
            || self.fail_on != FailOn::default()
            || self.support_table.is_some()
            || self.baseline.is_some()
            || self.wait.is_some()
            || self.output.is_typed()
    }

    async fn run(self, ctx: &Ctx) -> Result<Outcome> {
        let Self {
            to,
            fail_on,
            support_table,
            baseline,
            wait,
            output,
            istioctl,
        } = self;
        if output.is_rbac() {
            Output::roles(ctx)?;
            return Ok(Outcome::Done);
        }
        if wait.is_some() && ctx.rehearsal().is_some() {
            return Err(Error::new(Kind::Usage, "an archive does not heal")
                .hint("leave out --wait, or --from to look at the cluster"));
        }
        let to = to.as_deref().map(target).transpose()?;
        let support = Support::read(support_table.as_deref())?;
        let baseline = baseline.as_deref().map(Baseline::read).transpose()?;
        let look = async || {
            let facts = observe(ctx, to.clone(), support.clone(), &istioctl).await?;
            Ok(Precheck::run(&facts, fail_on, baseline.as_ref()))
        };
        let tell = |text: &str| ctx.printer.note(text);
        let precheck = match wait {
            None => look().await?,
            Some(wait) => until_healed(wait, &Wall::start(), tell, look).await?,
        };
        output.print(ctx, &precheck)?;
        Ok(precheck.outcome())
    }
}

fn target(text: &str) -> Result<Target> {
    Target::parse(text).ok_or_else(|| {
        Error::new(
            Kind::Usage,
            format!(
                "{} is no release of Istio",
                mesh_common::output::clean(text, 60)
            ),
        )
        .hint("give it as 1.28.1 or 1.28")
    })
}
