//! What became of a change: read back, proven by a dry-run pod, said.

use std::time::Duration;

use mesh_common::{
    Outcome,
    error::{Error, Kind, Result},
    istioctl,
    journal::{self, Image, Operation, State},
    mesh::{Raw, probe::Probe, raw},
    output::{Doc, clean},
};
use serde_json::Value;

use super::{Change, Done};
use crate::session::Live;

/// What istioctl said, and what the cluster said after it.
pub(super) struct Reading {
    pub(super) after: Vec<Option<Value>>,
    pub(super) wrong: Vec<String>,
    pub(super) said: String,
    pub(super) interrupted: bool,
}

/// Settles the record by what was read back: as planned, untouched, or neither.
pub(super) async fn conclude(
    live: &Live<'_>,
    operation: Operation<'_>,
    change: &Change<'_>,
    reading: Reading,
) -> Result<Done> {
    let Reading {
        after,
        wrong,
        said,
        interrupted,
    } = reading;
    let record = operation.record().id.clone();
    let way_back = crate::session::way_back(operation.record());
    let ended = |outcome| {
        if interrupted {
            Outcome::Interrupted
        } else {
            outcome
        }
    };
    let mut screen = Doc::new();
    if wrong.is_empty() {
        let (outcome, state, words) = match prove(live, change).await {
            Ok(words) => (Outcome::Done, State::Done, words),
            Err(words) => (Outcome::Changed, State::Partial, words),
        };
        operation.finish(state, &words, Some(after)).await?;
        screen.heading(match outcome {
            Outcome::Done => "Done and read back",
            _ => "Changed, not verified",
        });
        screen.text(words);
        return Ok(Done {
            outcome: ended(outcome),
            record,
            screen,
        });
    }
    let same = journal::image::same;
    let images = &operation.record().images;
    let touched = images
        .iter()
        .zip(&after)
        .any(|(i, now)| !same(i.before.as_ref(), now.as_ref()));
    if !touched {
        operation
            .finish(
                State::Nothing,
                &format!("nothing was changed. {said}"),
                Some(after),
            )
            .await?;
        if interrupted {
            return Err(Error::new(
                Kind::Interrupted,
                "interrupted; nothing was changed",
            ));
        }
        return Err(
            Error::new(Kind::Istioctl, format!("nothing was changed. {said}"))
                .hint("The objects were read back and are as they were, whatever istioctl says. This was run:")
                .hint(format!("istioctl {}", change.argv.join(" "))),
        );
    }
    let outcome = format!("{said}; not as planned: {}", wrong.join("; "));
    operation
        .finish(State::Partial, &outcome, Some(after))
        .await?;
    screen.heading("Changed, and not as planned");
    screen.text(said);
    screen.list(&wrong);
    screen.text("Finish it, or take it back:");
    screen.command(format!("kubectl mesh-tag resume --record {record}"));
    screen.command(way_back);
    Ok(Done {
        outcome: ended(Outcome::Changed),
        record,
        screen,
    })
}

/// What istioctl said, in one line.
pub(super) fn said(ran: &Result<istioctl::Output>, deadline: Duration) -> String {
    let output = match ran {
        Err(e) => return e.to_string(),
        Ok(output) => output,
    };
    if output.timed_out {
        return format!("istioctl was stopped after {} s", deadline.as_secs());
    }
    if output.cancelled {
        return "istioctl was interrupted".into();
    }
    let (stdout, stderr) = (&output.stdout.text, &output.stderr.text);
    let text = clean(
        if stderr.trim().is_empty() {
            stdout
        } else {
            stderr
        },
        300,
    );
    match output.code {
        Some(0) => format!("istioctl said: {text}"),
        Some(code) => format!("istioctl failed ({code}): {text}"),
        None => format!("istioctl was killed: {text}"),
    }
}

/// Reads the operation's objects until they are as planned or patience is over: the objects, and what is
/// wrong with them.
pub(crate) async fn judge(
    live: &Live<'_>,
    operation: &Operation<'_>,
    patience: Duration,
) -> Result<(Vec<Option<Value>>, Vec<String>)> {
    let settled = |images: &[Image], now: &[Option<Value>]| {
        images
            .iter()
            .zip(now)
            .all(|(image, now)| image.is_as_planned(now.as_ref()))
    };
    let after = operation.read_back(patience, settled).await?;
    let raw = Raw::read(&live.client, live.connection).await?;
    let mut wrong = Vec::new();
    for (image, now) in operation.record().images.iter().zip(&after) {
        if !image.is_as_planned(now.as_ref()) {
            let left = match now {
                None => "is not there".to_owned(),
                Some(_) if journal::image::same(image.before.as_ref(), now.as_ref()) => {
                    "is as it was".to_owned()
                }
                Some(_) => "is neither as it was nor as planned".to_owned(),
            };
            wrong.push(format!("{} {left}", image.key));
        } else if let Some(now) = now {
            wrong.extend(foreign_ca(&raw, image, now));
        }
    }
    Ok((after, wrong))
}

/// Why the caBundle of a webhook is not the one of its revision's own, if so.
fn foreign_ca(raw: &Raw, image: &Image, now: &Value) -> Option<String> {
    let revision = raw::rev(now)?;
    let own = raw.ca_of(revision)?;
    let differs = now["webhooks"]
        .as_array()?
        .iter()
        .any(|w| w["clientConfig"]["caBundle"].as_str() != Some(own));
    differs.then(|| {
        format!(
            "{} has another caBundle than the injector of {revision}",
            image.key
        )
    })
}

/// A dry-run pod in a namespace that uses the tag: the words, good or bad.
pub(super) async fn prove(live: &Live<'_>, change: &Change<'_>) -> Result<String, String> {
    let Some(to) = &change.to else {
        return Ok(format!("Tag {} is gone.", change.tag));
    };
    let done = format!("Tag {} points to {to}.", change.tag);
    if change.witnesses.is_empty() {
        return Ok(format!(
            "{done} No namespace uses it yet, so no pod was tried."
        ));
    }
    let names: Vec<&str> = change.witnesses.iter().map(String::as_str).collect();
    let mut answer = Probe::NoNamespace;
    // The API server's webhook informer lags behind the write by a moment.
    for pause in [0, 100, 200, 400, 800, 1600] {
        tokio::time::sleep(Duration::from_millis(pause)).await;
        answer = mesh_common::mesh::probe::injected(&live.client, &names, &[]).await;
        if matches!(&answer, Probe::Injected { revision, .. } if revision == to) {
            break;
        }
        if matches!(answer, Probe::Refused { .. }) {
            break;
        }
    }
    match answer {
        Probe::Injected {
            namespace,
            revision,
        } if revision == *to => Ok(format!(
            "{done} A dry-run pod in namespace {namespace} is injected by {revision}."
        )),
        Probe::Injected {
            namespace,
            revision,
        } => Err(format!(
            "{done} But a dry-run pod in namespace {namespace} is injected by {revision}."
        )),
        Probe::NotInjected { namespace } => Err(format!(
            "{done} But a dry-run pod in namespace {namespace} is not injected."
        )),
        Probe::InjectorFailed { namespace, message } => Err(format!(
            "{done} But its injector does not answer for namespace {namespace}: {message}"
        )),
        Probe::Refused { namespace, message } => Ok(format!(
            "{done} It was read back; a dry-run pod in namespace {namespace} was refused by something else: {message}"
        )),
        Probe::NoNamespace => Ok(done),
    }
}
