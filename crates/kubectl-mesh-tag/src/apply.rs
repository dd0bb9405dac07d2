//! From a confirmed plan to a verified outcome: Lease, read again, record, istioctl, read back, a dry-run
//! pod, outcome. Every exit leaves a record that says how far it came, or nothing at all.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use mesh_common::{
    Ctx, Outcome,
    error::{Error, Kind, Result},
    istioctl::{self, Istioctl, Target},
    journal::{
        self, Action, Guard, Image, Operation, Record, State,
        operation::{holder, who_am_i},
    },
    mesh::{Raw, probe::Probe, raw},
    output::{Doc, clean},
};
use serde_json::Value;

use crate::{objects, session::Live};

/// How long objects may take to read as they were written: API server caches lag.
const READ_BACK: Duration = Duration::from_secs(10);
/// How long the dry-run pod and the outcome may take after that.
const PROOF: Duration = Duration::from_secs(10);

/// A change of a tag that istioctl carries out.
pub(crate) struct Change<'a> {
    pub(crate) action: Action,
    pub(crate) tag: &'a str,
    pub(crate) from: Option<String>,
    pub(crate) to: Option<String>,
    pub(crate) cluster_uid: String,
    pub(crate) waivers: Vec<String>,
    pub(crate) gates: Vec<String>,
    pub(crate) istioctl: &'a Istioctl,
    pub(crate) argv: Vec<String>,
    pub(crate) deadline: Duration,
    /// Namespaces labelled with the tag: a dry-run pod in one of them proves the move.
    pub(crate) witnesses: Vec<String>,
}

/// Writes the record of a change.
pub(crate) async fn announce<'a>(
    live: &'a Live<'_>,
    guard: Guard<'a>,
    change: &Change<'_>,
    id: String,
    user: String,
    images: Vec<Image>,
) -> Result<Operation<'a>> {
    let now = Timestamp::now();
    let deadline =
        SignedDuration::try_from(change.deadline).unwrap_or(SignedDuration::from_mins(1));
    let record = Record {
        api_version: "kubectl-mesh/v1alpha1".into(),
        kind: "Operation".into(),
        id,
        action: change.action,
        tag: Some(change.tag.to_owned()),
        from: change.from.clone(),
        to: change.to.clone(),
        undoes: None,
        cluster_uid: change.cluster_uid.clone(),
        istio_namespace: live.connection.istio_namespace.clone(),
        user,
        version: env!("CARGO_PKG_VERSION").into(),
        istioctl: Some(format!(
            "{} ({})",
            change.istioctl.path().display(),
            change.istioctl.version()
        )),
        started: now,
        child_deadline: now + deadline,
        finished: None,
        state: State::Started,
        waivers: change.waivers.clone(),
        gates: change.gates.clone(),
        outcome: String::new(),
        images,
    };
    guard.record(&record).await
}

/// Takes the Lease under the name of this change. Ctrl-C must be held off already.
pub(crate) async fn lease<'a>(
    live: &'a Live<'_>,
    action: Action,
    subject: &str,
    deadline: Duration,
) -> Result<(Guard<'a>, String, String)> {
    let now = Timestamp::now();
    let id = Record::make_id(action, subject, now, crate::session::salt(now));
    let fallback = live.connection.user.as_deref().unwrap_or("unknown");
    let user = who_am_i(&live.client, fallback).await;
    let holder = holder(&user, action, subject, &id);
    let guard = Guard::take(&live.client, live.connection, &holder, deadline).await?;
    Ok((guard, id, user))
}

/// What a change came to.
pub(crate) struct Done {
    pub(crate) outcome: Outcome,
    pub(crate) record: String,
    pub(crate) screen: Doc,
}

/// Runs istioctl for an announced operation, and judges by the cluster alone.
pub(crate) async fn carry_out(
    ctx: &Ctx,
    live: &Live<'_>,
    mut operation: Operation<'_>,
    change: &Change<'_>,
) -> Result<Done> {
    let way_back = crate::session::way_back(operation.record());
    let minified = match live.connection.minified() {
        Ok(minified) => minified,
        Err(e) => {
            operation
                .finish(State::Nothing, &e.to_string(), None)
                .await?;
            return Err(e);
        }
    };
    let target = Target {
        kubeconfig: minified.path(),
        istio_namespace: &live.connection.istio_namespace,
    };
    let argv: Vec<&str> = change.argv.iter().map(String::as_str).collect();
    ctx.printer.note(format!("istioctl {}", argv.join(" ")));
    let ran = change
        .istioctl
        .run(target, &argv, change.deadline, ctx.interrupt.wait())
        .await;
    let said = said(&ran, change.deadline);
    let quick = matches!(&ran, Ok(o) if o.code == Some(0)) || ran.is_err();
    let patience = if quick {
        READ_BACK
    } else {
        Duration::from_secs(2)
    };
    let interrupted = ctx.interrupt.requested();
    operation.extend(patience + PROOF).await;
    let verdict = judge(live, &operation, patience).await;
    let (after, wrong) = match verdict {
        Ok(found) => found,
        Err(e) => {
            // The record stays unfinished on purpose: nobody knows what stands there.
            return Err(Error::new(
                Kind::Changed,
                format!("{said}; what it did could not be read back"),
            )
            .caused_by(e)
            .hint("When the API server answers again:")
            .hint("kubectl mesh-tag resume")
            .hint(way_back));
        }
    };
    conclude(
        live,
        operation,
        change,
        Reading {
            after,
            wrong,
            said,
            interrupted,
        },
    )
    .await
}

/// What istioctl said, and what the cluster said after it.
struct Reading {
    after: Vec<Option<Value>>,
    wrong: Vec<String>,
    said: String,
    interrupted: bool,
}

/// Settles the record by what was read back: as planned, untouched, or neither.
async fn conclude(
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
fn said(ran: &Result<istioctl::Output>, deadline: Duration) -> String {
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

/// Finishes an operation that was left: by its record alone where every object is as planned, else by
/// running istioctl once more, which writes all of them again.
pub(crate) async fn finish_or_carry_out(
    ctx: &Ctx,
    live: &Live<'_>,
    operation: Operation<'_>,
    change: &Change<'_>,
) -> Result<Done> {
    let (after, wrong) = judge(live, &operation, Duration::ZERO).await?;
    if !wrong.is_empty() {
        return carry_out(ctx, live, operation, change).await;
    }
    let id = operation.record().id.clone();
    let (outcome, state, words) = match prove(live, change).await {
        Ok(words) => (Outcome::Done, State::Done, words),
        Err(words) => (Outcome::Changed, State::Partial, words),
    };
    operation.finish(state, &words, Some(after)).await?;
    let mut screen = Doc::new();
    screen.heading("Done and read back");
    screen.text(words);
    Ok(Done {
        outcome,
        record: id,
        screen,
    })
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
async fn prove(live: &Live<'_>, change: &Change<'_>) -> Result<String, String> {
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

/// The argv of `tag set`.
pub(crate) fn set_argv(
    plan: &objects::TagSet,
    tag: &str,
    revision: &str,
    exists: bool,
) -> Vec<String> {
    let mut argv: Vec<String> = ["tag", "set", tag, "--revision", revision]
        .map(str::to_owned)
        .to_vec();
    if exists {
        argv.push("--overwrite".into());
    }
    if plan.custom_name {
        argv.push("--webhook-name".into());
        argv.push(plan.webhook_name.clone());
    }
    argv
}
