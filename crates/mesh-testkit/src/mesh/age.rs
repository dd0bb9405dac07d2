//! Shifting every time in a mesh, so that a live fixture can hold a canary of three days.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp, Unit};
use serde_json::Value;

use crate::Result;

/// Moves all times by one amount, so that the youngest becomes `age` before `now`.
pub(crate) fn shift(objects: &mut [Value], now: Timestamp, age: Duration) -> Result<()> {
    let Some(youngest) = youngest(objects) else {
        return Ok(());
    };
    let by = now.duration_since(youngest) - SignedDuration::try_from(age)?;
    for object in objects {
        times(object, &mut |t| t + by);
    }
    Ok(())
}

/// The latest of all times in them.
pub(crate) fn youngest(objects: &[Value]) -> Option<Timestamp> {
    let mut youngest = None;
    for object in objects {
        times(&mut object.clone(), &mut |t| {
            youngest = youngest.max(Some(t));
            t
        });
    }
    youngest
}

/// As Kubernetes writes times: whole seconds.
pub(crate) fn seconds(t: Timestamp) -> String {
    t.round(Unit::Second).unwrap_or(t).to_string()
}

fn times(object: &mut Value, change: &mut impl FnMut(Timestamp) -> Timestamp) {
    one(&mut object["metadata"]["creationTimestamp"], change);
    if let Some(status) = object.get_mut("status") {
        walk(status, change);
    }
}

fn walk(value: &mut Value, change: &mut impl FnMut(Timestamp) -> Timestamp) {
    match value {
        Value::Object(fields) => fields.values_mut().for_each(|v| walk(v, change)),
        Value::Array(items) => items.iter_mut().for_each(|v| walk(v, change)),
        Value::String(_) => one(value, change),
        _ => {}
    }
}

fn one(value: &mut Value, change: &mut impl FnMut(Timestamp) -> Timestamp) {
    if let Some(time) = value.as_str().and_then(|t| t.parse::<Timestamp>().ok()) {
        *value = seconds(change(time)).into();
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_youngest_becomes_as_old_as_asked_and_the_rest_keep_their_distance() {
        let mut objects = [
            json!({"metadata": {"creationTimestamp": "2026-01-01T00:00:00Z"}}),
            json!({"metadata": {"creationTimestamp": "2026-01-01T01:00:00Z"},
                "status": {"phase": "Running", "containerStatuses": [
                    {"state": {"running": {"startedAt": "2026-01-01T02:00:00Z"}}}]}}),
        ];
        let now = "2026-06-03T12:00:00.5Z".parse().unwrap();
        shift(&mut objects, now, Duration::from_secs(2 * 24 * 3600)).unwrap();
        assert_eq!(
            objects[0]["metadata"]["creationTimestamp"],
            "2026-06-01T10:00:01Z"
        );
        assert_eq!(
            objects[1]["status"]["containerStatuses"][0]["state"]["running"]["startedAt"],
            "2026-06-01T12:00:01Z"
        );
        assert_eq!(objects[1]["status"]["phase"], "Running");
    }
}
