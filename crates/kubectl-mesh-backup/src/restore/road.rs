//! The road of a write, from an announced operation to what it came to: step by step, sixteen objects at a time, each
//! step done before the next begins; then all of it read back.

use std::{sync::Mutex, time::Duration};

use futures::{StreamExt, stream};
use kube::Client;
use mesh_common::{
    Ctx, Error, Kind, Outcome, Result,
    cluster::Connection,
    journal::{Action, Operation, State, unfinished::go_on},
    mesh::archive::OWN_GROUP,
    output::{Doc, count},
};
use serde_json::Value;
use tokio::{sync::mpsc, time::Instant};

use super::{
    live::Live,
    local::{AFTER, Contents, Folder, Item, Local, manifest},
    place::Phase,
    standing::unlike,
};
use crate::opened::Opened;

mod gone;
mod one;
mod secrets;
mod wait;

use one::{Wrote, uids};

/// Writes on the wire at once.
const AT_ONCE: usize = 16;
/// How long the Lease is held beyond what is under way.
const HOLD: Duration = Duration::from_secs(30);
/// How often it is renewed.
const RENEW: Duration = Duration::from_secs(8);
/// How long objects may take to read as they were written: API server caches lag.
const READ_BACK: Duration = Duration::from_secs(10);

/// How long a command of this kind may write after it was last heard of.
pub(crate) const LEASE: Duration = HOLD;

/// What an operation works with.
pub(crate) struct Road<'a> {
    pub(crate) ctx: &'a Ctx,
    pub(crate) client: &'a Client,
    pub(crate) conn: &'a Connection,
    pub(crate) folder: &'a Folder,
    pub(crate) local: &'a Local,
    /// How long istiod's endpoints are waited for.
    pub(crate) patience: Duration,
}

/// What an operation came to.
pub(crate) struct Done {
    pub(crate) outcome: Outcome,
    pub(crate) record: String,
    pub(crate) screen: Doc,
}

/// How far the writes came.
#[derive(Debug, Default)]
struct Progress {
    written: usize,
    deleted: usize,
    already: usize,
    notes: Vec<String>,
    failed: Vec<String>,
    /// Why it went no further.
    stopped: Option<Stop>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Stop {
    /// Ctrl-C.
    Interrupted,
    /// Something in this step failed, and what follows rests on it.
    Failed(Phase),
    /// The API server does not answer.
    Silent,
}

/// One object that is on its way.
struct Write {
    item: Item,
    object: Value,
}

impl Road<'_> {
    /// Writes what an announced operation still has to write, reads all of it back, and settles the record.
    ///
    /// # Errors
    /// What was done could not be read back, or not be recorded.
    pub(crate) async fn walk(
        &self,
        mut operation: Operation<'_>,
        contents: &Contents,
    ) -> Result<Done> {
        let id = operation.record().id.clone();
        let back = operation.record().action == Action::Rollback;
        let resume = go_on(operation.record());
        let go_on = || {
            Error::new(Kind::Changed, "it was begun, and not brought to its end")
                .hint("When the API server answers again:")
                .hint(resume)
        };
        operation.extend(HOLD).await;
        let live = match Live::read(self.client, self.conn, &contents.wanted()).await {
            Ok(live) => live,
            Err(e) => {
                // Announced, and nothing written: the next command finds it.
                operation.leave().await;
                return Err(e.hint("Nothing was written yet. Go on with:").hint(resume));
            }
        };
        let mut progress = Progress::default();
        // What a restore made goes before what it changed comes back; what is pruned goes last.
        if back {
            self.delete(&mut operation, contents, &live, &mut progress)
                .await;
            if progress.stopped.is_none() {
                self.delete_secrets(contents, &live, &mut progress).await;
            }
        }
        if progress.stopped.is_none() {
            self.write(&mut operation, contents, &live, &mut progress)
                .await
                .map_err(|e| go_on().caused_by(e))?;
        }
        if !back && progress.stopped.is_none() {
            self.delete(&mut operation, contents, &live, &mut progress)
                .await;
        }
        operation.extend(HOLD).await;
        let whole = progress.stopped.is_none() && progress.failed.is_empty();
        let patience = if whole { READ_BACK } else { Duration::ZERO };
        let (now, wrong) = self
            .read_back(contents, patience)
            .await
            .map_err(|e| go_on().caused_by(e))?;
        let mut screen = Doc::new();
        let done = format!(
            "{} written, {} deleted, {} as planned already",
            count(progress.written, "object"),
            progress.deleted,
            progress.already
        );
        let outcome = match &progress.stopped {
            None if wrong.is_empty() => Outcome::Done,
            Some(Stop::Interrupted) => Outcome::Interrupted,
            _ => Outcome::Changed,
        };
        match &progress.stopped {
            None if wrong.is_empty() => {
                screen.heading("Done and read back");
                screen.text(format!("{done}."));
                screen.list(&progress.notes);
                match self.keep(&operation, contents, &now) {
                    Ok(digest) => operation.read_back_as(digest),
                    // A way back then compares with what was planned.
                    Err(e) => {
                        screen.list([format!(
                            "how it was read back could not be kept for the way back, which goes by the plan then: {e}"
                        )]);
                    }
                }
                operation.finish(State::Done, &done, None).await?;
            }
            None => {
                screen.heading("Written, and not as planned");
                screen.text(format!("{done}."));
                screen.list(wrong.iter().take(20));
                screen.list(&progress.failed);
                operation
                    .finish(State::Partial, &format!("{done}; {}", some(&wrong)), None)
                    .await?;
            }
            Some(stop) => {
                screen.heading(match stop {
                    Stop::Interrupted => "Interrupted".to_owned(),
                    Stop::Silent => "The API server does not answer any more".to_owned(),
                    Stop::Failed(phase) => {
                        format!("Stopped after {}: what follows rests on them", phase.word())
                    }
                });
                screen.text(format!("{done}; {} not as planned yet.", wrong.len()));
                screen.list(progress.failed.iter().take(20));
                screen.text("Go on with:");
                screen.command(resume);
                // Unfinished on purpose: the next command finds it.
                operation.leave().await;
            }
        }
        Ok(Done {
            outcome,
            record: id,
            screen,
        })
    }

    /// Keeps what stands there now, beside what stood there before. Gives back its digest.
    fn keep(&self, operation: &Operation<'_>, contents: &Contents, now: &Live) -> Result<String> {
        let id = &operation.record().id;
        let part = self.folder.begin(id, AFTER, &self.manifest(operation)?)?;
        contents.keep(now, part)
    }

    fn manifest(&self, operation: &Operation<'_>) -> Result<mesh_common::mesh::archive::Manifest> {
        let like = self.local.planned.summary()?.manifest;
        Ok(manifest(
            &like,
            &operation.record().cluster_uid,
            &format!("as it was read back after {}", operation.record().id),
        ))
    }

    /// Every write, in the order of the steps.
    async fn write(
        &self,
        operation: &mut Operation<'_>,
        contents: &Contents,
        live: &Live,
        progress: &mut Progress,
    ) -> Result<()> {
        let uids = Mutex::new(uids(live));
        let (tx, mut rx) = mpsc::channel::<Write>(2 * AT_ONCE);
        let file = self.local.planned.clone();
        let withheld = secrets::writes(contents);
        // The archive is read beside the network; who stops listening stops the reading.
        let reading = tokio::task::spawn_blocking(move || feed(&file, withheld, &tx));
        let mut renewed = Instant::now();
        let mut step: Option<Phase> = None;
        let mut kept: Option<Write> = None;
        let mut crds = Vec::new();
        let mut workloads = Vec::new();
        loop {
            let mut batch = Vec::new();
            while batch.len() < AT_ONCE {
                let next = match kept.take() {
                    Some(next) => Some(next),
                    None => rx.recv().await,
                };
                let Some(next) = next else { break };
                if *step.get_or_insert(next.item.phase) != next.item.phase {
                    kept = Some(next);
                    break;
                }
                batch.push(next);
            }
            let Some(phase) = step else { break };
            if self.ctx.interrupt.requested() {
                progress.stopped = Some(Stop::Interrupted);
                break;
            }
            for write in &batch {
                match phase {
                    Phase::Crds => crds.push(write.object.clone()),
                    Phase::Workloads => workloads.push(write.object.clone()),
                    _ => {}
                }
            }
            let ended = batch.len() < AT_ONCE;
            let results: Vec<_> = stream::iter(batch)
                .map(|w| self.one(w, contents, live, &uids))
                .buffered(AT_ONCE)
                .collect()
                .await;
            let mut versions = Vec::new();
            for result in results {
                match result {
                    Ok(Wrote::Already) => progress.already += 1,
                    Ok(Wrote::Written(note, version)) => {
                        progress.written += 1;
                        progress.notes.extend(note);
                        versions.extend(version);
                    }
                    Err((silent, why)) => {
                        progress.failed.push(why);
                        if silent {
                            progress.stopped = Some(Stop::Silent);
                        }
                    }
                }
            }
            self.note(operation, contents, versions, progress).await;
            if progress.stopped.is_some() {
                break;
            }
            if renewed.elapsed() > RENEW {
                operation.extend(HOLD).await;
                renewed = Instant::now();
            }
            if ended {
                if let Err(why) = self
                    .settle(operation, phase, &mut crds, &mut workloads)
                    .await
                {
                    progress.failed.push(why);
                }
                if !progress.failed.is_empty() {
                    progress.stopped = Some(Stop::Failed(phase));
                    break;
                }
                step = None;
                if kept.is_none() && rx.is_closed() && rx.is_empty() {
                    break;
                }
            }
        }
        drop(rx);
        match reading.await {
            Ok(Err(e)) if progress.stopped.is_none() => Err(e),
            _ => Ok(()),
        }
    }

    /// What a step needs before the next begins.
    async fn settle(
        &self,
        operation: &mut Operation<'_>,
        phase: Phase,
        crds: &mut Vec<Value>,
        workloads: &mut Vec<Value>,
    ) -> Result<(), String> {
        match phase {
            Phase::Crds => self.established(&std::mem::take(crds)).await,
            Phase::Workloads => self.endpoints(operation, &std::mem::take(workloads)).await,
            _ => Ok(()),
        }
    }

    /// Reads everything until it is as planned, or patience is over: what stands there, and what is not as planned.
    async fn read_back(
        &self,
        contents: &Contents,
        patience: Duration,
    ) -> Result<(Live, Vec<String>)> {
        let until = Instant::now() + patience;
        let mut pause = Duration::from_millis(100);
        loop {
            let now = Live::read(self.client, self.conn, &contents.wanted()).await?;
            let mut wrong = Vec::new();
            super::local::each(&self.local.planned, |item, planned| {
                match now.get(&item.key) {
                    None => wrong.push(format!("{} is not there", item.key)),
                    Some(now) => {
                        let before = contents.before.get(&item.key);
                        let places = unlike(&item.key, &planned, before, &now);
                        if !places.is_empty() {
                            wrong.push(format!(
                                "{} is not as planned: {}",
                                item.key,
                                some(&places)
                            ));
                        }
                    }
                }
            })?;
            let there = contents.deletes.iter().filter(|i| now.has(&i.key));
            wrong.extend(there.map(|i| format!("{} is still there", i.key)));
            wrong.extend(secrets::wrong(contents, &now));
            if wrong.is_empty() || Instant::now() >= until {
                return Ok((now, wrong));
            }
            tokio::time::sleep(pause).await;
            pause = (pause * 2).min(Duration::from_secs(1));
        }
    }
}

/// Shows every write in the order of the steps, those that are in memory alone in theirs.
fn feed(file: &Opened, mut withheld: Vec<Write>, to: &mpsc::Sender<Write>) -> Result<()> {
    let send = |write: Write| to.blocking_send(write).map_err(|_| "stopped".to_owned());
    file.visit(|object| {
        if object.group == OWN_GROUP {
            return Ok(());
        }
        let value: Value = serde_json::from_slice(object.json).map_err(|e| e.to_string())?;
        let item =
            super::local::item(object.resource, &value).ok_or("not an object of a restore")?;
        if item.phase > Phase::Config {
            withheld.drain(..).try_for_each(send)?;
        }
        send(Write {
            item,
            object: value,
        })
    })?;
    // Who stopped listening has a reason of its own.
    let _ = withheld.drain(..).try_for_each(send);
    Ok(())
}

fn some(lines: &[String]) -> String {
    match lines {
        [a, b, c, rest @ ..] if !rest.is_empty() => {
            format!("{a}; {b}; {c} and {} more", rest.len())
        }
        all => all.join("; "),
    }
}
