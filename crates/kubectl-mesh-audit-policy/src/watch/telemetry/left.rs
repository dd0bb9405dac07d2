//! Taking a Telemetry away: at the end of its watch, or when another command finds what a killed one left.

use std::time::Duration;

use jiff::Timestamp;
use mesh_common::{
    Ctx, Outcome,
    error::{Error, Kind, Result},
    journal::{Action, Image, Record, State, Store, store::Stored, unfinished},
    output::{Doc, clean},
    shell,
};
use serde_json::Value;
use tokio::time::Instant;

use super::{super::Subject, object::Ours};
use crate::{
    road::{Job, Road},
    rollback::{back, checked},
    scene::{Scene, TELEMETRIES},
};

/// How long the way back is tried: another operation may hold the Lease, the API server may be away.
const PATIENCE: Duration = Duration::from_secs(60);
/// Between two tries.
const PAUSE: Duration = Duration::from_secs(1);
/// Leftovers that are named.
const NAMED: usize = 3;

/// Those that stand in the mesh.
fn standing(scene: &Scene) -> Vec<Ours> {
    let objects = scene.objects(TELEMETRIES).unwrap_or_default();
    objects.iter().filter_map(Ours::read).collect()
}

/// Says what stands there of watches, and how it goes. Nothing is done: one may be at work.
pub(crate) fn say(ctx: &Ctx, scene: &Scene) {
    say_but(ctx, scene, None);
}

/// The record of one whose watch is over.
pub(crate) fn over<'r>(road: &'r Road<'_>, scene: &Scene) -> Option<&'r Record> {
    let now = Timestamp::now();
    let mut standing = standing(scene).into_iter().filter(|ours| ours.is_over(now));
    let of = |ours: Ours| find(road, &ours);
    standing.find_map(of)
}

pub(super) fn say_but(ctx: &Ctx, scene: &Scene, but: Option<&Ours>) {
    let now = Timestamp::now();
    let others: Vec<Ours> = standing(scene)
        .into_iter()
        .filter(|o| Some(o) != but)
        .collect();
    for ours in others.iter().take(NAMED) {
        let why = match ours.expires {
            Some(at) if at > now => format!(
                "logs every request for a watch that lasts until {} at most. If that watch was killed:",
                at.strftime("%Y-%m-%d %H:%M UTC")
            ),
            _ => "was left by a watch that is over, and still logs every request. To remove it:"
                .to_owned(),
        };
        ctx.printer.note(format!("{} {why}", ours.title()));
        ctx.printer.note(format!("  {}", ours.take_away()));
    }
    if others.len() > NAMED {
        ctx.printer
            .note(format!("and {} more", others.len() - NAMED));
    }
}

/// Whether an object is the Telemetry of this policy.
pub(super) fn is_of(object: &Value, subject: &Subject) -> bool {
    Ours::read(object).is_some_and(|o| o.namespace == subject.namespace && o.policy == subject.name)
}

/// What an earlier watch of this policy left.
///
/// # Errors
/// That watch may still be at work.
pub(super) fn of_policy(scene: &Scene, subject: &Subject, now: Timestamp) -> Result<Option<Ours>> {
    let own = |o: &Ours| o.namespace == subject.namespace && o.policy == subject.name;
    let Some(ours) = standing(scene).into_iter().find(own) else {
        return Ok(None);
    };
    match ours.expires.filter(|at| *at > now) {
        Some(at) => Err(Error::refused(format!(
            "{} logs every request already, for a watch that lasts until {} at most; nothing was changed",
            ours.title(),
            at.strftime("%Y-%m-%d %H:%M UTC")
        ))
        .hint("Wait for its end, or watch without --enable-access-log beside it. If it was killed:")
        .hint(ours.take_away())),
        None => Ok(Some(ours)),
    }
}

/// Whether a record is of the making of this Telemetry, and nobody took it back.
fn made(record: &Record, ours: &Ours) -> bool {
    record.action == Action::AccessLog
        && matches!(record.state, State::Started | State::Done | State::Partial)
        && record.images.iter().any(|image| {
            image.key.name == ours.name && image.key.namespace.as_deref() == Some(&ours.namespace)
        })
}

fn find<'r>(road: &'r Road<'_>, ours: &Ours) -> Option<&'r Record> {
    let records = road.records.iter().rev().map(|stored| &stored.record);
    records.into_iter().find(|record| made(record, ours))
}

/// The record of its making: what is removed is what that says.
///
/// # Errors
/// There is none.
pub(super) fn record_of(road: &Road<'_>, ours: &Ours) -> Result<String> {
    find(road, ours)
        .map(|record| record.id.clone())
        .ok_or_else(|| {
            Error::refused(format!(
            "{} was left by a watch that is over, and no record tells of it; nothing was changed",
            ours.title()
        ))
        .hint("Look at it, and remove it:")
        .hint(shell::command(
            "kubectl delete telemetries.telemetry.istio.io {} -n {}",
            &[&ours.name, &ours.namespace],
        ))
        })
}

/// The command that takes a record of ours back.
pub(super) fn command(road: &Road<'_>, id: &str) -> String {
    let known = road.records.iter().find(|s| s.record.id == id);
    known.map_or_else(
        || format!("kubectl mesh-audit-policy rollback NAME --to-record {id}"),
        |s| unfinished::way_back(&s.record),
    )
}

enum Tried {
    Done(Doc),
    /// Trying again is of no use.
    Stop(Error),
    /// It may go later.
    Again(Error),
}

/// Removes what a record made, and says so; and tries for a while where others are in the way.
///
/// # Errors
/// It is still there, or nobody can tell.
pub(super) async fn remove(road: &Road<'_>, id: &str, uid: Option<&str>) -> Result<Doc> {
    let until = Instant::now() + PATIENCE;
    loop {
        let why = match once(road, id, uid).await {
            Tried::Done(screen) => return Ok(screen),
            Tried::Stop(e) => return Err(e),
            Tried::Again(e) => e,
        };
        if Instant::now() >= until || road.ctx.interrupt.requested() {
            return Err(why);
        }
        road.ctx.printer.progress(&format!(
            "the access log is switched off as soon as that goes: {}",
            clean(&why.to_string(), 200)
        ));
        tokio::select! {
            () = tokio::time::sleep(PAUSE) => {}
            () = road.ctx.interrupt.wait() => {}
        }
    }
}

async fn once(road: &Road<'_>, id: &str, uid: Option<&str>) -> Tried {
    let store = Store::new(&road.client, road.connection);
    let records = match store.list().await {
        Ok((records, _)) => records,
        Err(e) => return Tried::Again(e),
    };
    let Some(mut stored) = records.into_iter().find(|s| s.record.id == id) else {
        return Tried::Stop(Error::refused(format!(
            "the record {} is gone",
            clean(id, 100)
        )));
    };
    let now = match checked(road, &stored.record).await {
        Ok(now) => now,
        Err(e) if e.kind() == Kind::Refused => return Tried::Stop(e),
        Err(e) => return Tried::Again(e),
    };
    let images = back(&stored.record, &now);
    if images.is_empty() {
        if let Err(e) = settle(&store, &mut stored).await {
            return Tried::Again(e);
        }
        let mut screen = Doc::new();
        screen
            .text("The access log was switched off by somebody else meanwhile, or never came on.");
        return Tried::Done(screen);
    }
    // The same name and the same words, and another object: somebody else's by now.
    let differs = |o: &Value| uid.is_some_and(|uid| o["metadata"]["uid"] != *uid);
    if now.iter().flatten().any(differs) {
        return Tried::Stop(Error::refused("another object has its name now"));
    }
    let gone = road.go(Job::back(&stored, images)).await;
    match gone {
        Ok(done) if done.outcome == Outcome::Done => {
            let mut screen = done.screen;
            screen.pairs([("Record", done.record.as_str())]);
            Tried::Done(screen)
        }
        Ok(done) => {
            road.ctx.printer.err_doc(&done.screen);
            Tried::Stop(Error::new(
                Kind::Changed,
                "removing it did not go as planned",
            ))
        }
        Err(e) if e.kind() == Kind::Changed => Tried::Stop(e),
        Err(e) => Tried::Again(e),
    }
}

/// After a making of which nobody knows what it came to: whatever of it stands is removed.
pub(super) async fn undo(road: &Road<'_>, images: &[Image], why: Error) -> Error {
    road.ctx.interrupt.heard();
    let listed = Store::new(&road.client, road.connection).list().await;
    let is = |s: &Stored| {
        let mut keys = s.record.images.iter().map(|image| &image.key);
        s.record.action == Action::AccessLog
            && s.record.is_unfinished()
            && keys.any(|key| images.iter().any(|image| image.key == *key))
    };
    let Ok((records, _)) = listed else { return why };
    let Some(stored) = records.iter().rev().find(|s| is(s)) else {
        return why;
    };
    match remove(road, &stored.record.id, None).await {
        Ok(_) => why.hint("What it may have made was removed again."),
        Err(e) => why
            .hint(format!("What it may have made could not be removed: {e}"))
            .hint(unfinished::way_back(&stored.record)),
    }
}

/// Nothing of it stands: its record learns of it, and no rollback stumbles over it.
pub(crate) async fn settle(store: &Store<'_>, stored: &mut Stored) -> Result<()> {
    let record = &mut stored.record;
    let state = match record.state {
        State::Started => State::Nothing,
        State::Done | State::Partial => State::RolledBack,
        State::Nothing | State::RolledBack => return Ok(()),
    };
    record.state = state;
    record.finished = Some(Timestamp::now());
    record.outcome = "its Telemetry was not there any more".into();
    store.update(stored).await
}
