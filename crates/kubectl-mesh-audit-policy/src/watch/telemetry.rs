//! `watch --enable-access-log`: a Telemetry that logs every request of the watched workloads, and that goes when the
//! watch does.
//!
//! Making it and removing it are two operations of their own, each under the Lease and with a record: nobody is held up
//! while a watch lasts, and what a killed watch leaves is found by the record and by the object's label.

use std::{collections::BTreeSet, time::Duration};

use futures::FutureExt as _;
use jiff::Timestamp;
use mesh_common::{
    Ctx, Outcome,
    ctx::Hold,
    decide::{Asked, Next, decide},
    error::{Error, Kind, Result},
    journal::{Action, Kind as Object, api},
    output::{Doc, Format, OutputArgs, clean},
    shell,
};
use serde_json::{Value, json};

use super::{Events, Subject, counters::Of, proxies, screen::words};
use crate::{
    decide::WriteArgs,
    road::{Job, Road, try_on_server, would_be_accepted},
    scene::{Scene, TELEMETRIES},
};

mod again;
mod cost;
mod effect;
mod facts;
mod left;
mod logging;
pub(crate) mod object;
mod plan;
mod select;
mod settings;
mod taken;

use again::Before;
pub(crate) use left::{over, say, settle};
use plan::{Decision, Facts, Plan};
use taken::Taken;

/// What a watch takes of it.
#[derive(Debug, Clone, clap::Args)]
pub(crate) struct LogArgs {
    /// Log every request of these workloads while it lasts: a Telemetry is made, and removed at the end
    #[arg(long)]
    enable_access_log: bool,

    #[command(flatten)]
    write: WriteArgs,
}

/// How a watch goes on.
pub(super) enum Begun<'a> {
    /// Not at all: a dry-run.
    Stop(Outcome),
    /// Nothing was made.
    Plain,
    /// With a Telemetry.
    Logging(Box<Log<'a>>),
}

/// A Telemetry that was made for this watch.
pub(super) struct Log<'a> {
    road: Road<'a>,
    /// The record of its making.
    record: String,
    /// uid of the object; none where its making was cut short.
    uid: Option<String>,
    title: String,
    piped: bool,
    _hold: Hold,
}

impl LogArgs {
    /// Makes it, where that was asked for and is confirmed.
    ///
    /// # Errors
    /// A gate is shut, nobody confirms, a right is missing, or it cannot be made: then nothing is left of it.
    pub(super) async fn begin<'a>(
        &self,
        ctx: &'a Ctx,
        scene: &Scene,
        subject: &Subject,
        lasts: Duration,
    ) -> Result<Begun<'a>> {
        if !self.enable_access_log {
            if self.write.dry_run.is_some() {
                return Err(Error::new(
                    Kind::Usage,
                    "--dry-run goes with --enable-access-log: without it nothing is written",
                ));
            }
            say(ctx, scene);
            return Ok(Begun::Plain);
        }
        let road = Road::open(ctx, &scene.mesh, "log requests").await?;
        road.refuse_unfinished(None).await?;
        let now = Timestamp::now();
        let old = left::of_policy(scene, subject, now)?;
        left::say_but(ctx, scene, old.as_ref());
        let old = match &old {
            Some(ours) => Some(left::record_of(&road, ours)?),
            None => None,
        };
        let revisions = facts::revisions(scene);
        let telemetries = scene
            .objects(TELEMETRIES)
            .map_err(|gap| clean(&gap.detail, 300));
        let telemetries: Result<Vec<Value>, String> = telemetries.map(|all| {
            let stays = |object: &&Value| old.is_none() || !left::is_of(object, subject);
            all.iter().filter(stays).cloned().collect()
        });
        let facts = Facts {
            policy: &subject.copy.policy,
            name: &subject.name,
            places: facts::places(scene, &subject.copy.policy),
            others: revisions
                .iter()
                .map(|r| r.name.as_str())
                .collect::<BTreeSet<_>>(),
            revisions: facts::of(&revisions, scene, subject),
            telemetries: telemetries
                .as_ref()
                .map(Vec::as_slice)
                .map_err(Clone::clone),
            kind: served(&road).await?,
            now,
            lasts,
        };
        let before = Before::of(
            facts.kind,
            &facts.namespaces(),
            facts.telemetries.clone().unwrap_or_default(),
        );
        let mut plan = match facts.decide() {
            Decision::Plan(plan) => *plan,
            Decision::Already(by) => {
                ctx.printer.note(format!(
                    "Every request of these workloads is logged already: {by}. Nothing is written."
                ));
                return Ok(match self.write.dry_run {
                    Some(_) => Begun::Stop(Outcome::Done),
                    None => Begun::Plain,
                });
            }
        };
        let now = Timestamp::now();
        plan.cost = Some(cost::cost(&counted(&road, subject).await, now, lasts));
        self.make(road, subject, plan, old, before).await
    }

    async fn make<'a>(
        &self,
        road: Road<'a>,
        subject: &Subject,
        mut plan: Plan,
        old: Option<String>,
        before: Before,
    ) -> Result<Begun<'a>> {
        let ctx = road.ctx;
        let images: Vec<_> = plan.image.clone().into_iter().collect();
        if self.write.dry_run.is_none() {
            let doing = format!("log the requests of {}", clean(&subject.name, 253));
            road.require(&doing, &images).await.map_err(|e| {
                e.hint("What remains without it: the counters. Watch without --enable-access-log:")
                    .hint(shell::command(
                        "kubectl mesh-audit-policy watch {} -n {}",
                        &[&subject.name, &subject.namespace],
                    ))
            })?;
        }
        if let (Some(image), None, None) = (&plan.image, &old, self.write.dry_run) {
            // Before anybody is asked: an API server that drops a field would log for a whole namespace.
            if let Err(why) = would_be_accepted(&road, image).await {
                return Err(Error::refused(format!(
                    "{} would not be accepted: {why}; nothing was changed",
                    image.key
                )));
            }
        }
        plan.header = road.header();
        plan.replaces = old.is_some();
        let piped = !ctx.printer.stdout_is_terminal();
        let output = OutputArgs {
            output: if piped { Format::Json } else { Format::Table },
            ..OutputArgs::default()
        };
        let mut gates = plan.gates.clone();
        let next = decide(
            ctx,
            Asked {
                plan: &plan,
                dry_run: self.write.dry_run,
                output: &output,
                questions: &[plan.question(&road.place())],
                inferred: None,
            },
            &mut gates,
        )?;
        match next {
            Next::Stop(outcome) => return Ok(Begun::Stop(outcome)),
            Next::TryOnServer => {
                let outcome = try_on_server(&road, &images, &output).await?;
                return Ok(Begun::Stop(outcome));
            }
            Next::Go => {}
        }
        let hold = ctx.interrupt.hold();
        if let Some(record) = old {
            left::remove(&road, &record, None).await?;
        }
        let taken = Taken::read(&road, subject).await;
        let title = images
            .first()
            .map(|i| i.key.to_string())
            .unwrap_or_default();
        let job = Job {
            action: Action::AccessLog,
            policies: vec![plan.policy()],
            images: images.clone(),
            waivers: Vec::new(),
            gates: plan.gate_lines(),
            undoes: None,
            again: Some(before.holds(&road).boxed()),
        };
        let done = match road.go(job).await {
            Ok(done) => done,
            // The record is there, and what came of the write is not known: it goes again.
            Err(e) if e.kind() == Kind::Changed => return Err(left::undo(&road, &images, e).await),
            Err(e) => return Err(e),
        };
        let mut log = Log {
            record: done.record,
            uid: None,
            title,
            piped,
            _hold: hold,
            road,
        };
        if done.outcome != Outcome::Done {
            log.show(&done.screen)?;
            // Whatever of it stands goes again.
            let outcome = done.outcome;
            return log.end(Ok(outcome)).await.map(Begun::Stop);
        }
        let made = log.road.read(&images).await;
        let object = made.ok().and_then(|mut now| now.pop().flatten());
        log.uid = object.and_then(|o| o["metadata"]["uid"].as_str().map(str::to_owned));
        log.show(&done.screen)?;
        log.tell(true)?;
        taken.wait(&log.road).await;
        Ok(Begun::Logging(Box::new(log)))
    }
}

impl Log<'_> {
    /// Removes it, whatever the watch came to: that is what comes back, unless the Telemetry stays.
    ///
    /// # Errors
    /// The watch failed, or what was made is still there.
    pub(super) async fn end(self, came_to: Result<Outcome>) -> Result<Outcome> {
        // Ctrl-C ended the watch: it does not end the way back.
        self.road.ctx.interrupt.heard();
        self.road.ctx.printer.progress("");
        let removed = left::remove(&self.road, &self.record, self.uid.as_deref()).await;
        match removed {
            Ok(screen) => {
                self.show(&screen)?;
                self.tell(false)?;
                came_to
            }
            Err(e) => {
                let mut error = Error::new(
                    Kind::Changed,
                    format!("{} is still there, and logs every request", self.title),
                );
                if let Err(first) = &came_to {
                    error = error.hint(format!("the watch itself failed: {first}"));
                }
                Err(error
                    .hint(format!("why: {e}"))
                    .hint("Remove it:")
                    .hint(left::command(&self.road, &self.record)))
            }
        }
    }

    /// For a person: what was done. A program has lines of its own on stdout.
    fn show(&self, screen: &Doc) -> Result<()> {
        let printer = &self.road.ctx.printer;
        if self.piped {
            printer.err_doc(screen);
            Ok(())
        } else {
            printer.out(screen, false)
        }
    }

    fn tell(&self, on: bool) -> Result<()> {
        let body = json!({ "on": on, "object": self.title, "record": self.record });
        Events::of(&self.road.ctx.printer).say("accessLog", &body)
    }
}

/// The version of Telemetry that the API server serves, the newer one of both.
async fn served(road: &Road<'_>) -> Result<Object> {
    let group = api::get(&road.client, "/apis/telemetry.istio.io").await;
    let group = group.map_err(|e| {
        mesh_common::cluster::explain(&e, "ask which Telemetry is served", road.connection)
    })?;
    let versions = group.unwrap_or_default();
    let has = |kind: &Object| {
        let versions = versions["versions"].as_array().into_iter().flatten();
        let mut names = versions.filter_map(|v| v["groupVersion"].as_str());
        names.any(|name| name == kind.api_version())
    };
    [Object::Telemetry, Object::TelemetryAlpha]
        .into_iter()
        .find(has)
        .ok_or_else(|| {
            Error::refused(
                "the API server serves no Telemetry that is known here; nothing was changed",
            )
        })
}

/// What its proxies counted since each of them started, or why that is not known.
async fn counted(road: &Road<'_>, subject: &Subject) -> Result<Vec<cost::Counted>, String> {
    let read = async {
        let (pods, _) = proxies::pods(road.connection, &road.client, &subject.workloads).await?;
        let (of, never) = (Of::DryRun(subject.is.action), Timestamp::MAX);
        proxies::ask(road.connection, &road.client, &pods, of, never).await
    };
    let readings = read.await.map_err(|e| clean(&e.to_string(), 300))?;
    let counted = readings.iter().map(|reading| {
        let callers = reading.requests.callers.values();
        let all = callers
            .map(|asked| asked.all())
            .fold(0, u64::saturating_add);
        cost::Counted {
            requests: reading.said.is_ok().then_some(all),
            since: reading.counts_since,
        }
    });
    Ok(counted.collect())
}
