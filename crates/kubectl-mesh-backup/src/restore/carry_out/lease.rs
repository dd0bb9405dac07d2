//! Two operations never change a mesh at once: the Lease, and records that were never finished.

use mesh_common::{
    Error, Result,
    journal::{
        Action, Guard, Store,
        operation::{holder, who_am_i},
        store::Stored,
        unfinished::{go_on, wait_out, way_back},
    },
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
    let who = "the interrupted command";
    wait_out(place.ctx, place.client, place.conn, Some(&left.record), who).await?;
    lease(place, action, id).await
}
