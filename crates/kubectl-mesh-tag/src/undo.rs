//! Carrying out a way back: Lease, read again, record, one object at a time under its resourceVersion, read
//! back, outcome. Used by `rollback`, `move --undo` and `resume`.

use std::time::Duration;

use jiff::Timestamp;
use mesh_common::{
    Ctx, Outcome,
    cluster::explain,
    error::{Error, Result},
    journal::{
        Action, Guard, Image, Key, Operation, Record, State, Store,
        operation::{self, GRACE, holder, put_back, who_am_i},
        store::Stored,
        unfinished::wait_out,
    },
    mesh::Raw,
    output::Doc,
};
use serde_json::Value;

use crate::{
    apply::Done,
    restore::Restore,
    rollback::ca_of,
    screen,
    session::{self, Live, Session},
};

/// Takes the Lease for a record that a killed command left: while that command's Lease runs, its istioctl
/// may still write, so this waits until it cannot.
///
/// # Errors
/// Somebody else holds the Lease.
pub(crate) async fn lease_after<'a>(
    ctx: &Ctx,
    live: &'a Live<'_>,
    left: Option<&Record>,
    action: Action,
    subject: &str,
    id: &str,
) -> Result<(Guard<'a>, String)> {
    let fallback = live.connection.user.as_deref().unwrap_or("unknown");
    let user = who_am_i(&live.client, fallback).await;
    let name = holder(&user, action, subject, id);
    let who = "an istioctl of the interrupted command";
    wait_out(ctx, &live.client, live.connection, left, who).await?;
    let guard = Guard::take(&live.client, live.connection, &name, GRACE).await?;
    Ok((guard, user))
}

/// Brings the objects of `stored` back.
pub(crate) async fn carry_out(
    session: &Session<'_>,
    live: &Live<'_>,
    stored: &Stored,
    planned: &[Image],
    waivers: Vec<String>,
) -> Result<Done> {
    let ctx = session.ctx;
    let record = &stored.record;
    let now = Timestamp::now();
    let subject = record.tag.as_deref().unwrap_or("namespaces");
    let id = Record::make_id(Action::Rollback, subject, now, session::salt(now));
    let _hold = ctx.interrupt.hold();
    let left = record.is_unfinished().then_some(record);
    let (guard, user) = lease_after(ctx, live, left, Action::Rollback, subject, &id).await?;
    let images = match read_again(live, record, planned).await {
        Ok(images) => images,
        Err(e) => {
            guard.give_up().await;
            return Err(e);
        }
    };
    let undo = Record {
        id: id.clone(),
        action: Action::Rollback,
        undoes: Some(record.id.clone()),
        from: record.to.clone(),
        to: record.from.clone(),
        user,
        version: env!("CARGO_PKG_VERSION").into(),
        istioctl: None,
        started: now,
        child_deadline: now,
        finished: None,
        state: State::Started,
        waivers,
        gates: Vec::new(),
        outcome: String::new(),
        images,
        ..record.clone()
    };
    let operation = guard.record(&undo).await?;
    write(ctx, live, operation, stored.clone()).await
}

/// Writes what an announced way back still has to write, and settles both records.
pub(crate) async fn write(
    ctx: &Ctx,
    live: &Live<'_>,
    mut operation: Operation<'_>,
    undone: Stored,
) -> Result<Done> {
    let id = operation.record().id.clone();
    operation.extend(Duration::from_secs(30)).await;
    let raw = Raw::read(&live.client, live.connection).await?;
    let (failed, stopped) = put_all_back(ctx, live, &operation, &raw).await?;
    let settled = |images: &[Image], now: &[Option<Value>]| {
        images.iter().zip(now).all(|(image, now)| {
            mesh_common::journal::image::same(image.planned.as_ref(), now.as_ref())
        })
    };
    let patience = if failed.is_empty() && !stopped {
        Duration::from_secs(10)
    } else {
        Duration::ZERO
    };
    let after = operation.read_back(patience, settled).await?;
    let wrong: Vec<String> = operation
        .record()
        .images
        .iter()
        .zip(&after)
        .filter(|(image, now)| {
            !mesh_common::journal::image::same(image.planned.as_ref(), now.as_ref())
        })
        .map(|(image, _)| format!("{} is not as it was", image.key))
        .collect();
    let mut screen = Doc::new();
    if wrong.is_empty() {
        let words = format!(
            "Every object is as it was before {}.",
            undone.record.title()
        );
        // The record that is undone first: should we be killed between the two, resume finds this one.
        let unsettled = settle(
            ctx,
            live,
            undone,
            State::RolledBack,
            &format!("rolled back by {id}"),
        )
        .await;
        operation.finish(State::Done, &words, Some(after)).await?;
        screen.heading("Done and read back");
        screen.text(words);
        if let Err(e) = unsettled {
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
    let outcome = if stopped {
        Outcome::Interrupted
    } else {
        Outcome::Changed
    };
    if stopped {
        // Unfinished on purpose: resume goes on with it.
        screen.heading("Interrupted");
    } else {
        screen.heading("Not all was brought back");
    }
    screen.list(&wrong);
    screen.list(&failed);
    screen.text("Go on with:");
    screen.command("kubectl mesh-tag resume");
    if stopped {
        operation.leave().await;
    } else {
        operation
            .finish(State::Partial, &wrong.join("; "), Some(after))
            .await?;
    }
    Ok(Done {
        outcome,
        record: id,
        screen,
    })
}

/// Writes each object that is not yet as it was: what failed, and whether Ctrl-C stopped it.
async fn put_all_back(
    ctx: &Ctx,
    live: &Live<'_>,
    operation: &Operation<'_>,
    raw: &Raw,
) -> Result<(Vec<String>, bool)> {
    let mut failed = Vec::new();
    let mut stopped = false;
    let objects =
        operation::read(&live.client, live.connection, &operation.record().images).await?;
    for (image, now) in operation.record().images.iter().zip(&objects) {
        if ctx.interrupt.requested() {
            stopped = true;
            break;
        }
        if image.is_as_planned(now.as_ref())
            && mesh_common::journal::image::same(image.planned.as_ref(), now.as_ref())
        {
            continue;
        }
        // To `put_back` the before side is what is to stand there.
        let goal = Image {
            before: image.planned.clone(),
            ..image.clone()
        };
        if let Err(e) = put_back(&live.client, &goal, now.as_ref(), ca_of(raw, image)).await {
            failed.push(format!(
                "{}: {}",
                image.key,
                explain(&e, "write it", live.connection)
            ));
        }
    }
    Ok((failed, stopped))
}

/// Under the Lease: the objects once more. Refuses when one changed since the plan.
async fn read_again(live: &Live<'_>, record: &Record, planned: &[Image]) -> Result<Vec<Image>> {
    let raw = Raw::read(&live.client, live.connection).await?;
    let now = operation::read(&live.client, live.connection, &record.images).await?;
    let restore = Restore::plan(record, &raw, &now);
    refuse_foreign(record, &restore)?;
    let images = restore.images(&now);
    let keys = |images: &[Image]| images.iter().map(|i| i.key.clone()).collect::<Vec<Key>>();
    if keys(&images) != keys(planned) {
        return Err(Error::refused(
            "the objects changed between the plan and the confirmation; nothing was changed",
        )
        .hint("Look at the new plan, and confirm that one."));
    }
    Ok(images)
}

/// Refuses what somebody else changed since, showing where.
///
/// # Errors
/// There is such a change.
pub(crate) fn refuse_foreign(record: &Record, restore: &Restore) -> Result<()> {
    if restore.foreign.is_empty() {
        return Ok(());
    }
    let mut error = Error::refused(format!(
        "somebody else changed {} since {}; nothing was changed",
        screen::count(restore.foreign.len(), "object"),
        record.title()
    ));
    for foreign in restore.foreign.iter().take(screen::ROWS) {
        for d in foreign.differences.iter().take(4) {
            error = error.hint(format!(
                "{}: {} was left as {}, is {}",
                foreign.object, d.path, d.expected, d.found
            ));
        }
    }
    let again = match &record.tag {
        Some(tag) => format!("kubectl mesh-tag status {tag}"),
        None => "kubectl mesh-tag list".into(),
    };
    Err(error
        .hint("Bringing back the old state would undo that change too. Look at it first:")
        .hint(again))
}

/// Refuses a record that no operation of ours could have written.
///
/// # Errors
/// It is suspect.
pub(crate) fn refuse_suspect(record: &Record, restore: &Restore) -> Result<()> {
    if restore.suspect.is_empty() {
        return Ok(());
    }
    let mut error = Error::refused(format!(
        "record {} is not what an operation on this tag would have written; nothing was changed",
        record.id
    ));
    for why in restore.suspect.iter().take(screen::ROWS) {
        error = error.hint(why.clone());
    }
    Err(error
        .hint("Whoever may write ConfigMaps in the Istio namespace could have planted it. See who wrote it:")
        .hint(format!(
            "kubectl -n {} get configmap kubectl-mesh-op-{} -o yaml --show-managed-fields",
            record.istio_namespace, record.id
        )))
}

/// Brings a record to its end.
pub(crate) async fn settle(
    ctx: &Ctx,
    live: &Live<'_>,
    mut stored: Stored,
    state: State,
    outcome: &str,
) -> Result<()> {
    stored.record.state = state;
    stored.record.finished = Some(Timestamp::now());
    outcome.clone_into(&mut stored.record.outcome);
    let result = Store::new(&live.client, live.connection)
        .update(&mut stored)
        .await;
    if let Err(e) = &result {
        ctx.printer.urgent(format!(
            "the record {} could not be updated: {e}",
            stored.record.id
        ));
    }
    result
}

/// The header of a way back or of a resumed operation: where, and what it undoes or finishes.
pub(crate) fn header(session: &Session<'_>, does: &str, record: &Record) -> Doc {
    let mut doc = session.header();
    doc.pairs([
        (does, format!("{} ({})", record.title(), record.id)),
        (
            "Done by",
            format!(
                "{} at {}",
                record.user,
                record.started.strftime("%Y-%m-%d %H:%M:%S UTC")
            ),
        ),
        ("Ended", crate::history::state(record.state).to_owned()),
    ]);
    doc
}

/// Images of what a resumed change still has to do: only for words.
pub(crate) fn pending(images: &[Image], now: &[Option<Value>]) -> Vec<String> {
    images
        .iter()
        .zip(now)
        .filter(|(image, now)| !image.is_as_planned(now.as_ref()))
        .map(|(image, _)| format!("{} {}", image.verb(), image.key))
        .collect()
}
