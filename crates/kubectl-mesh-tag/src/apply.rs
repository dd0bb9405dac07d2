//! From a confirmed plan to a verified outcome: Lease, read again, record, istioctl, read back, a dry-run
//! pod, outcome. Every exit leaves a record that says how far it came, or nothing at all.

use std::time::Duration;

use crate::{objects, session::Live};
use jiff::{SignedDuration, Timestamp};
use mesh_common::{
    Ctx, Outcome,
    error::{Error, Kind, Result},
    istioctl::{Istioctl, Target},
    journal::{
        Action, Guard, Image, Operation, Record, State,
        operation::{holder, who_am_i},
    },
    output::Doc,
};

mod outcome;

pub(crate) use outcome::judge;
use outcome::{Reading, conclude, prove, said};

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
        policies: Vec::new(),
        files: None,
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
