//! `kubectl mesh-audit-policy watch`: what a policy in dry run would have denied, as its proxies count it.

use std::{sync::Arc, time::Duration};

use jiff::SignedDuration;
use mesh_common::{
    Ctx, Outcome,
    error::{Error, Kind, Result},
    journal::local::Notes,
};

use crate::replay;

mod callers;
pub(crate) mod counters;
mod course;
mod ears;
mod events;
mod heard;
mod judge;
mod named;
pub(crate) mod proxies;
pub(crate) mod rare;
pub(crate) mod requests;
mod screen;
mod subject;
pub(crate) mod telemetry;

use course::Course;
use events::Events;
pub(crate) use judge::NOBODY;
use subject::Subject;
use telemetry::{Begun, LogArgs};

/// Watch what a policy in dry run would deny, and block nothing
///
/// NAME is the policy's own name; its copy, made by convert --apply, is what is
/// watched. The counters of every proxy that evaluates it are read through the
/// API server. Zero denials count only where a request showed up: a workload
/// that nobody called proves nothing. Counters name no caller, and are of a
/// listener. Who called is heard from the proxies' access logs, where they have
/// one: each line is judged by the copy as if it were enforced, and a log with
/// fewer requests than were counted is said to leave callers out. What was seen
/// goes into the local journal, where promote looks for it. On a terminal a
/// table shows how far it is; piped, each event is a line of JSON.
///
/// Examples:
///   kubectl mesh-audit-policy watch lockdown -n payments
///   kubectl mesh-audit-policy watch lockdown -n payments --for 12h
///   kubectl mesh-audit-policy watch lockdown -n payments | jq .
///   kubectl mesh-audit-policy watch lockdown -n payments --enable-access-log
///
/// Exit codes: 0 watched, and nothing would be denied; 1 nothing watched; 2
/// something would be denied; 3 not known; 4 the access log that was switched
/// on is still on; 130 interrupted, and what was seen is kept.
#[derive(Debug, clap::Args)]
#[command(verbatim_doc_comment)]
pub(crate) struct Watch {
    /// The policy whose copy is watched
    #[arg(value_name = "NAME")]
    name: String,

    /// How long to watch, such as 30m or 12h
    #[arg(long = "for", value_name = "DURATION", default_value = "30m")]
    lasts: SignedDuration,

    /// How often the proxies are asked
    #[arg(long, value_name = "DURATION", default_value = "10s")]
    every: SignedDuration,

    #[command(flatten)]
    log: LogArgs,
}

/// Shortest time between two readings: each is a port-forward per proxy.
const OFTEN: Duration = Duration::from_secs(1);

impl Watch {
    pub(crate) async fn run(self, ctx: &Ctx) -> Result<Outcome> {
        ctx.must_be_live("watch proxies")?;
        let (lasts, every) = (span("--for", self.lasts)?, span("--every", self.every)?);
        let every = every.max(OFTEN).min(lasts);
        let jobs = Arc::new(rare::Seen::default());
        let mesh = replay::read_mesh(ctx, Some(jobs.clone())).await?;
        let scene = &mesh.scene;
        let mut subject = Subject::find(scene, &ctx.connection()?.namespace, &self.name)?;
        subject.rare = jobs.of(&subject.copy.policy);
        let uid = scene.mesh.cluster_uid.get().cloned().unwrap_or_default();
        let log = match self.log.begin(ctx, scene, &subject, lasts).await? {
            Begun::Stop(outcome) => return Ok(outcome),
            Begun::Plain => None,
            Begun::Logging(log) => Some(log),
        };
        let seen = async {
            let alone = mesh.alone(&subject.copy.policy)?;
            let events = Events::of(&ctx.printer);
            if !events.piped() {
                ctx.printer.out(&screen::before(&subject, lasts), false)?;
            }
            let _hold = ctx.interrupt.hold();
            let mut course = Course::begin(ctx, &subject, &events, alone, lasts)?;
            course.go_on(every).await?;
            let ended = course.end().await?;
            ended.keep(&Notes::of_this_process()?, &uid)?;
            ended.show(ctx, &subject, &events)?;
            Ok(ended.outcome)
        };
        let came_to = seen.await;
        match log {
            Some(log) => log.end(came_to).await,
            None => came_to,
        }
    }
}

fn span(flag: &str, typed: SignedDuration) -> Result<Duration> {
    Duration::try_from(typed)
        .ok()
        .filter(|d| !d.is_zero())
        .ok_or_else(|| {
            Error::new(
                Kind::Usage,
                format!("{flag} takes a time such as 30m, and not {typed:#}"),
            )
        })
}
