//! Cells of the tables about tags. What is not known shows as `?`, never as a zero.

use jiff::Timestamp;
use mesh_common::mesh::{Known, tags::TagRow};

/// What stands for something that could not be read.
pub(crate) const UNKNOWN: &str = "?";

/// The tag, with a star when something is told of it below the table. A sign of its own would not fit 80 columns.
pub(crate) fn name(row: &TagRow) -> String {
    let name = row.tag.as_deref().unwrap_or("-");
    let star = if row.problems.is_empty() { "" } else { "*" };
    format!("{name}{star}")
}

/// Names in one cell.
pub(crate) fn all(names: &[String]) -> String {
    names.join(", ")
}

/// Versions of the istiods of a row; `?` where there are istiods that do not say.
pub(crate) fn versions(row: &TagRow) -> String {
    match (&row.versions, row.wanted.get()) {
        (Known::Known(versions), _) if !versions.is_empty() => versions.join(", "),
        (Known::Known(_), Some(0)) => "-".into(),
        _ => UNKNOWN.into(),
    }
}

/// `2/2`.
pub(crate) fn ready(ready: &Known<u32>, wanted: &Known<u32>) -> String {
    match (ready, wanted) {
        (Known::Known(ready), Known::Known(wanted)) => format!("{ready}/{wanted}"),
        _ => UNKNOWN.into(),
    }
}

/// How many there are.
pub(crate) fn len<T>(items: &Known<Vec<T>>) -> String {
    match items.items() {
        Ok(items) => items.len().to_string(),
        Err(_) => UNKNOWN.into(),
    }
}

/// A count; `≥3` when there may be more.
pub(crate) fn number(count: &Known<u32>, unsure: impl Into<Extra>) -> String {
    match (count, unsure.into().0) {
        (Known::Known(count), false) => count.to_string(),
        (Known::Known(count), true) => format!("≥{count}"),
        (Known::Unknown(_), _) => UNKNOWN.into(),
    }
}

/// Whether there may be more than was counted.
pub(crate) struct Extra(bool);

impl From<usize> for Extra {
    fn from(more: usize) -> Self {
        Self(more > 0)
    }
}

impl From<u32> for Extra {
    fn from(more: u32) -> Self {
        Self(more > 0)
    }
}

/// `2026-11-21 04:30 UTC`.
pub(crate) fn time(at: Timestamp) -> String {
    at.strftime("%Y-%m-%d %H:%M UTC").to_string()
}

/// How old something is, in one unit so that the table fits 80 columns.
pub(crate) fn age(created: Option<Timestamp>, now: Timestamp) -> String {
    let Some(created) = created else {
        return "-".into();
    };
    // Clocks differ: what was made in the future was made now.
    let seconds = now.duration_since(created).as_secs().max(0);
    let (minutes, hours, days) = (seconds / 60, seconds / 3600, seconds / 86400);
    match seconds {
        0..120 => format!("{seconds}s"),
        _ if minutes < 120 => format!("{minutes}m"),
        _ if hours < 48 => format!("{hours}h"),
        _ => format!("{days}d"),
    }
}
