//! Two operations never change a mesh at once: the Lease, and records that were never finished.

use std::time::Duration;

use mesh_common::{
    Error, Kind, Result,
    journal::{
        Action, Guard, Record, Store,
        lease::Lease,
        operation::{busy, holder, who_am_i},
        store::Stored,
    },
    shell,
};

use super::Place;
use crate::restore::road::LEASE;

/// Refuses while an earlier operation is unfinished: says which, and the two ways out.
///
/// # Errors
/// There is one, or the records cannot be read.
pub(crate) async fn refuse_unfinished(place: Place<'_>) -> Result<()> {
    let (records, _) = Store::new(place.client, place.conn).list().await?;
    let Some(stored) = records.iter().find(|s| s.record.is_unfinished()) else {
        return Ok(());
    };
    let record = &stored.record;
    Err(Error::refused(format!(
        "{} of {} was never finished; nothing was changed",
        record.title(),
        record.started
    ))
    .hint("Finish it, or take it back, first:")
    .hint(go_on(record))
    .hint(way_back(record)))
}

/// The command that finishes a record.
pub(crate) fn go_on(record: &Record) -> &'static str {
    if record.files.is_some() {
        "kubectl mesh-backup restore --resume"
    } else {
        "kubectl mesh-tag resume"
    }
}

/// The command that takes a record back.
pub(crate) fn way_back(record: &Record) -> String {
    match (&record.files, &record.tag) {
        (Some(_), _) => shell::command("kubectl mesh-backup rollback {}", &[&record.id]),
        (None, Some(tag)) => shell::command(
            "kubectl mesh-tag rollback {} --to-record {}",
            &[tag, &record.id],
        ),
        (None, None) => {
            shell::command("kubectl mesh-tag move --undo --to-record {}", &[&record.id])
        }
    }
}

/// Takes the Lease under the name of an operation. Ctrl-C must be held off already.
pub(crate) async fn lease<'a>(
    place: Place<'a>,
    action: Action,
    id: &str,
) -> Result<(Guard<'a>, String)> {
    let fallback = place.conn.user.as_deref().unwrap_or("unknown");
    let user = who_am_i(place.client, fallback).await;
    let name = holder(&user, action, "mesh", id);
    let guard = Guard::take(place.client, place.conn, &name, LEASE).await?;
    Ok((guard, user))
}

/// The same for a record that a killed command left: while that one's Lease runs, it may still write.
pub(crate) async fn lease_after<'a>(
    place: Place<'a>,
    left: &Stored,
    action: Action,
    id: &str,
) -> Result<(Guard<'a>, String)> {
    for _ in 0..3 {
        let Some(held) = Lease::holder(place.client, place.conn).await? else {
            return lease(place, action, id).await;
        };
        if !held.holder.contains(&left.record.id) {
            return Err(busy(&held));
        }
        place.ctx.printer.urgent(format!(
            "waiting {} s: until then the interrupted command may still write",
            held.remaining.as_secs() + 1
        ));
        tokio::select! {
            () = tokio::time::sleep(held.remaining + Duration::from_millis(500)) => {}
            () = place.ctx.interrupt.wait() => {
                return Err(Error::new(Kind::Interrupted, "interrupted; nothing was changed"));
            }
        }
    }
    Err(Error::refused(
        "the Lease of the interrupted command does not run out",
    ))
}
