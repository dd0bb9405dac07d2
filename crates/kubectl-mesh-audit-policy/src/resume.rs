//! `kubectl mesh-audit-policy resume`: finish what an interrupted command began.

use std::collections::BTreeMap;

use jiff::SignedDuration;
use mesh_common::{
    Ctx, Outcome,
    check::Gates,
    complete::Values,
    decide::{Asked, DryRun, Next, decide, for_programs},
    error::{Error, Result},
    journal::{Action, Image, Record, image, store::Stored, unfinished},
    output::{Doc, OutputArgs, clean},
};
use serde_json::Value;

use crate::{
    copy::{self, Copy},
    decide::{WaiveArgs, WriteArgs, show_gates},
    promote,
    road::{Done, Road, carry_out},
    rollback::{Rollback, Shown, checked, finish},
    scene::{Found, Scene},
    watch::telemetry,
};

/// Finish what an interrupted command began
///
/// Finds the operation on policies that was announced and never ended, waits
/// until its command can no longer write, reads what stands there, and does the
/// rest. To take it back instead: kubectl mesh-audit-policy rollback NAME. An
/// access log that a killed watch left on is switched off: nobody watches it.
///
/// Examples:
///   kubectl mesh-audit-policy resume --dry-run
///   kubectl mesh-audit-policy resume
///
/// Exit codes: 0 finished and verified, or nothing to do; 1 nothing done; 2
/// refused, nothing done; 3 a gate is unknown, nothing done; 4 changed, and not
/// as planned; 130 interrupted.
#[derive(Debug, clap::Args)]
#[command(verbatim_doc_comment)]
pub(crate) struct Resume {
    /// The record to finish (default: the unfinished one)
    #[arg(long, value_name = "ID", add = Values::Record)]
    record: Option<String>,

    #[command(flatten)]
    write: WriteArgs,

    #[command(flatten)]
    waive: WaiveArgs,

    #[command(flatten)]
    output: OutputArgs,
}

impl Resume {
    pub(crate) async fn run(self, ctx: &Ctx) -> Result<Outcome> {
        ctx.must_be_live("resume")?;
        // What was mistyped is said before anything is read.
        self.waive.waivers()?;
        let scene = Scene::read(ctx).await?;
        let road = Road::open(ctx, &scene.mesh, "resume").await?;
        let picked = self.pick(&road)?;
        let unfinished = picked.as_ref().map(|stored| &stored.record);
        let log = unfinished.filter(|record| record.action == Action::AccessLog);
        if let Some(record) = log.or_else(|| {
            let nothing = picked.is_none() && self.record.is_none();
            nothing.then(|| telemetry::over(&road, &scene)).flatten()
        }) {
            return self.switch_off(&road, record).await;
        }
        let Some(stored) = picked else {
            telemetry::say(ctx, &scene);
            let mut doc = Doc::new();
            doc.text("No operation on policies is unfinished: nothing to resume.");
            if for_programs(&self.output) {
                ctx.printer.err_doc(&doc);
            } else {
                ctx.printer.out(&doc, false)?;
            }
            return Ok(Outcome::Done);
        };
        let record = &stored.record;
        road.refuse_unfinished(Some(&record.id)).await?;
        let now = checked(&road, record).await?;
        let rest = rest(record, &now);
        if self.write.dry_run == Some(DryRun::Server) {
            return Err(
                Error::user("there is no dry-run of what an interrupted command left")
                    .hint("kubectl mesh-audit-policy resume --dry-run"),
            );
        }
        if self.write.dry_run.is_none() {
            road.require("finish it", &rest).await?;
        }
        // A record may be planted: what it would still do is judged as if it were typed now.
        let mut gates = gates(&scene, record, &rest)?;
        self.waive.pass(&mut gates)?;
        let shown = Shown::new(&road, record, rest.clone(), "Finishes");
        let question = if rest.is_empty() {
            format!(
                "Everything is as planned. Close the record of {}?",
                record.title()
            )
        } else {
            format!("Finish {} on {}?", record.title(), road.place())
        };
        if !gates.gates.is_empty() {
            let mut doc = Doc::new();
            show_gates(&mut doc, &gates);
            ctx.printer.err_doc(&doc);
        }
        match decide(
            ctx,
            Asked {
                plan: &shown,
                dry_run: self.write.dry_run,
                output: &self.output,
                questions: &[question],
                inferred: None,
            },
            &mut gates,
        )? {
            Next::Stop(outcome) => return Ok(outcome),
            Next::TryOnServer | Next::Go => {}
        }
        let done = go(&road, &stored).await?;
        finish(ctx, &shown, &self.output, done)
    }

    /// An access log is not switched on any more for a watch that is gone.
    async fn switch_off(&self, road: &Road<'_>, record: &Record) -> Result<Outcome> {
        let policy = record.policies.first();
        let Some((namespace, name)) = policy.and_then(|p| p.split_once('/')) else {
            return Err(Error::internal("a record of a watch names no policy"));
        };
        Rollback::of_record(name, &record.id, self.write.clone(), self.output)
            .on(road, namespace)
            .await
    }

    fn pick(&self, road: &Road<'_>) -> Result<Option<Stored>> {
        let mut own = road.records.iter().filter(|s| s.record.is_of_policies());
        let Some(id) = &self.record else {
            let unfinished = road.records.iter().find(|s| s.record.is_unfinished());
            if let Some(other) = unfinished.filter(|s| !s.record.is_of_policies()) {
                return Err(Error::refused(format!(
                    "{} was never finished, and is no operation on policies",
                    other.record.title()
                ))
                .hint(unfinished::go_on(&other.record))
                .hint(unfinished::way_back(&other.record)));
            }
            return Ok(own.find(|s| s.record.is_unfinished()).cloned());
        };
        let found = own.find(|s| s.record.id == *id).ok_or_else(|| {
            Error::user(format!("there is no record {} of policies", clean(id, 100)))
        })?;
        Ok(found.record.is_unfinished().then(|| found.clone()))
    }
}

/// What is left to do, from what stands there.
fn rest(record: &Record, now: &[Option<Value>]) -> Vec<Image> {
    let both = record.images.iter().zip(now);
    both.filter(|(of, now)| !image::same(of.planned.as_ref(), now.as_ref()))
        .map(|(of, _)| of.clone())
        .collect()
}

/// The gates of what is left: only enforcing has some, and only as long as the policy is not written.
fn gates(scene: &Scene, record: &Record, rest: &[Image]) -> Result<Gates> {
    let enforces = rest.iter().find(|i| i.planned.is_some());
    let (Action::Enforce, Some(left)) = (record.action, enforces) else {
        return Ok(Gates::none());
    };
    let namespace = left.key.namespace.clone().unwrap_or_default();
    let planned = left.planned.clone().unwrap_or_default();
    let meant = Found::of(planned).map_err(|broken| {
        Error::refused(format!("what would be enforced cannot be judged: {broken}"))
    })?;
    let copy = scene.policies().unwrap_or_default().iter().find_map(|f| {
        let copy = Copy::read(f)?;
        (f.policy.namespace == namespace && copy.of == left.key.name).then_some(copy)
    });
    if copy.is_none_or(|copy| copy.watched != copy::digest_of(&meant)) {
        return Err(Error::refused(format!(
            "no copy in the cluster watched what {} would enforce; nothing was changed",
            record.title()
        ))
        .hint("take it back instead:")
        .hint(unfinished::way_back(record)));
    }
    promote::gates_of(
        scene,
        &namespace,
        &left.key.name,
        SignedDuration::from_mins(30),
        &BTreeMap::new(),
    )
}

async fn go(road: &Road<'_>, stored: &Stored) -> Result<Done> {
    let record = &stored.record;
    let _hold = road.ctx.interrupt.hold();
    let subject = record.policies.first().map_or("policies", String::as_str);
    let (guard, _) = road
        .lease(record.action, subject, &record.id, Some(record))
        .await?;
    let undone = road
        .records
        .iter()
        .find(|s| Some(&s.record.id) == record.undoes.as_ref())
        .cloned();
    if record.action == Action::Rollback && undone.is_none() {
        guard.give_up().await;
        return Err(Error::refused(format!(
            "the record that {} undoes is gone",
            record.id
        )));
    }
    let mut operation = guard.resume(stored.clone());
    operation.extend(std::time::Duration::from_secs(30)).await;
    carry_out(road, operation, undone).await
}
