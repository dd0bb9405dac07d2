//! Writing the objects of a record, one after the other, and what that came to.

use std::time::Duration;

use jiff::Timestamp;
use mesh_common::{
    Outcome,
    cluster::explain,
    error::{Error, Kind, Result},
    journal::{
        Image, Operation, State, Store,
        image::same,
        operation::put_back,
        store::Stored,
        unfinished::{go_on, way_back},
    },
    output::Doc,
};
use serde_json::Value;

use super::Road;

/// How long what was written may take to be read.
const READ_BACK: Duration = Duration::from_secs(10);

/// What a change came to.
pub(crate) struct Done {
    pub(crate) outcome: Outcome,
    /// Id of the record.
    pub(crate) record: String,
    pub(crate) screen: Doc,
}

/// Writes what an announced operation still has to write, reads it back, and ends the record. `undone` is the record
/// that a rollback undoes.
///
/// # Errors
/// What stands there cannot be read, or the outcome cannot be written: the record says that it is under way.
pub(crate) async fn carry_out(
    road: &Road<'_>,
    operation: Operation<'_>,
    undone: Option<Stored>,
) -> Result<Done> {
    let Wrote {
        taken,
        failed,
        refused,
    } = write(road, &operation).await;
    let settled = |images: &[Image], now: &[Option<Value>]| wrong(images, now).is_empty();
    let patience = if failed.is_none() {
        READ_BACK
    } else {
        Duration::ZERO
    };
    let after = match operation.read_back(patience, settled).await {
        Ok(after) => after,
        Err(e) => {
            // The record stays unfinished on purpose: nobody knows what stands there.
            let record = operation.record();
            return Err(
                Error::new(Kind::Changed, "what was written could not be read back")
                    .caused_by(e)
                    .hint("When the API server answers again:")
                    .hint(go_on(record))
                    .hint(way_back(record)),
            );
        }
    };
    let images = operation.record().images.clone();
    let id = operation.record().id.clone();
    let (on, back) = (go_on(operation.record()), way_back(operation.record()));
    let wrong = wrong(&images, &after);
    let mut screen = Doc::new();
    if wrong.is_empty() {
        let words = "every object reads back as planned";
        // The record that is undone first: should we be killed between the two, resume finds this one.
        let unsettled = match undone {
            Some(undone) => settle(road, undone, &id).await.err(),
            None => None,
        };
        operation.finish(State::Done, words, Some(after)).await?;
        screen.heading("Done and read back");
        screen.list(images.iter().map(did));
        if let Some(e) = unsettled {
            screen.text(format!(
                "The record that was undone still says otherwise: {e}"
            ));
        }
        return Ok(Done {
            outcome: Outcome::Done,
            record: id,
            screen,
        });
    }
    let as_before = || {
        let mut both = images.iter().zip(&after);
        both.all(|(image, now)| same(image.before.as_ref(), now.as_ref()))
    };
    // A write without an answer may have been taken.
    let untouched = taken == 0 && (refused || as_before());
    let stopped = failed.is_none() && road.ctx.interrupt.requested();
    let outcome = match (stopped, untouched) {
        (true, _) => Outcome::Interrupted,
        (false, true) => Outcome::Failed,
        (false, false) => Outcome::Changed,
    };
    screen.heading(match (stopped, untouched) {
        (true, _) => "Interrupted",
        (false, true) => "Nothing was changed",
        (false, false) => "Not all is as planned",
    });
    screen.list(&wrong);
    screen.list(&failed);
    if !untouched || stopped {
        screen.text("Go on, or take it back:");
        screen.command(on);
        screen.command(back);
    }
    if stopped || !untouched {
        // Unfinished on purpose: what comes next finds it and goes on.
        operation.leave().await;
    } else {
        let words = failed.unwrap_or_else(|| wrong.join("; "));
        operation
            .finish(State::Nothing, &words, Some(after))
            .await?;
    }
    Ok(Done {
        outcome,
        record: id,
        screen,
    })
}

/// What was done to an object.
fn did(image: &Image) -> String {
    let did = match (&image.before, &image.planned) {
        (None, Some(_)) => "created",
        (Some(_), None) => "removed",
        (Some(_), Some(_)) => "replaced",
        (None, None) => "is still absent",
    };
    format!("{} {did}", image.key)
}

/// Objects that are not as planned.
fn wrong(images: &[Image], now: &[Option<Value>]) -> Vec<String> {
    let differs =
        |(image, now): &(&Image, &Option<Value>)| !same(image.planned.as_ref(), now.as_ref());
    let all = images.iter().zip(now).filter(differs);
    all.map(|(image, now)| match (&image.planned, now) {
        (Some(_), None) => format!("{} is not there", image.key),
        (None, _) => format!("{} is still there", image.key),
        _ => format!("{} is not as planned", image.key),
    })
    .collect()
}

/// What writing came to.
#[derive(Debug, Default)]
struct Wrote {
    /// How many objects are written, by this command or by one that was cut off.
    taken: usize,
    /// Why it stopped.
    failed: Option<String>,
    /// Whether the write that failed was refused, rather than left without an answer.
    refused: bool,
}

/// Writes each object that is not as planned, in order, and stops at the first that fails: says why.
async fn write(road: &Road<'_>, operation: &Operation<'_>) -> Wrote {
    let mut wrote = Wrote::default();
    for image in &operation.record().images {
        if road.ctx.interrupt.requested() {
            return wrote;
        }
        let now = match road.read(std::slice::from_ref(image)).await {
            Ok(mut now) => now.pop().flatten(),
            Err(e) => return wrote.stopped(e.to_string(), true),
        };
        if same(image.planned.as_ref(), now.as_ref()) {
            // An earlier command, which was cut off, came so far.
            wrote.taken += usize::from(!same(image.before.as_ref(), now.as_ref()));
            continue;
        }
        // What is written over is what was looked at: the write goes under the resourceVersion of this very read.
        if !same(image.before.as_ref(), now.as_ref()) {
            let why = format!("{} was changed by somebody else meanwhile", image.key);
            return wrote.stopped(why, true);
        }
        // To `put_back` the before side is what is to stand there.
        let goal = Image {
            before: image.planned.clone(),
            ..image.clone()
        };
        if let Err(e) = put_back(&road.client, &goal, now.as_ref(), None).await {
            let doing = format!("write {}", image.key);
            let refused = matches!(e, kube::Error::Api(_));
            return wrote.stopped(explain(&e, &doing, road.connection).to_string(), refused);
        }
        wrote.taken += 1;
    }
    wrote
}

impl Wrote {
    fn stopped(self, why: String, refused: bool) -> Self {
        Self {
            failed: Some(why),
            refused,
            ..self
        }
    }
}

/// Says in the record that was undone that it was.
async fn settle(road: &Road<'_>, mut undone: Stored, by: &str) -> Result<()> {
    undone.record.state = State::RolledBack;
    undone.record.finished = Some(Timestamp::now());
    undone.record.outcome = format!("rolled back by {by}");
    Store::new(&road.client, road.connection)
        .update(&mut undone)
        .await
}
