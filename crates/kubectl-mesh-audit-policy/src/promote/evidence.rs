//! Where the evidence comes from: a watch that this machine knows of, or a replay's result.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
};

use jiff::Timestamp;
use mesh_common::{
    error::{Error, Kind, Result},
    mesh::digest::sha256,
    output::clean,
};
use serde::Deserialize;
use serde_json::Value;

use super::gates::Evidence;
use crate::{
    copy,
    scene::Found,
    watched::{Caller, Expected, Signal, Watched, Watches},
};

/// Longest result that is read.
const MOST: u64 = 64 << 20;

/// Whoever is in no row of a result.
const OTHERS: &str = "callers in rows that were not kept";

/// What this machine knows of a watch.
pub(crate) fn of_watches(cluster_uid: Option<&str>, namespace: &str, name: &str) -> Evidence {
    match Watches::of(cluster_uid).newest(namespace, name) {
        Some(watched) => Evidence::Watched(Box::new(watched.clone())),
        None => Evidence::Absent("no watch of it is known on this machine".into()),
    }
}

/// The result of `replay -o json`, as far as it counts here.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Replay {
    policies: Vec<Replayed>,
    lines: Lines,
    newly_blocked: u64,
    unknown: u64,
    rows: BTreeMap<String, Vec<Row>>,
    coverage: Coverage,
}

#[derive(Debug, Deserialize)]
struct Replayed {
    namespace: String,
    name: String,
    /// Of its spec as JSON with sorted keys.
    digest: String,
}

#[derive(Debug, Deserialize)]
struct Lines {
    evaluated: u64,
    /// Lines that may have been requests, by reason.
    unknown: BTreeMap<String, u64>,
}

#[derive(Debug, Deserialize)]
struct Row {
    source: String,
    requests: u64,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Coverage {
    first: Option<Timestamp>,
    last: Option<Timestamp>,
    whole_log: Option<bool>,
    cron_jobs_not_seen: BTreeSet<String>,
}

/// Reads a replay's result, which has to be the one with this digest, as replay printed it.
///
/// # Errors
/// It cannot be read, is another one, or is not of this policy alone.
pub(crate) fn of_replay(file: &Path, digest: &str, policy: &Found) -> Result<Evidence> {
    let shown = clean(&file.display().to_string(), 300);
    let unreadable = |e: std::io::Error| Error::user(format!("cannot read {shown}")).caused_by(e);
    if fs::metadata(file).map_err(unreadable)?.len() > MOST {
        let most = MOST >> 20;
        return Err(Error::user(format!("{shown} is longer than {most} MiB")));
    }
    let bytes = fs::read(file).map_err(unreadable)?;
    let no_result = || {
        let what = format!("{shown} is no result of replay -o json that can be judged");
        Error::new(Kind::Unknown, what)
    };
    let mut body: BTreeMap<String, Value> =
        serde_json::from_slice(&bytes).map_err(|e| no_result().caused_by(e))?;
    let kind = body.remove("kind");
    if kind != Some("PolicyReplay".into()) {
        return Err(no_result());
    }
    for field in ["apiVersion", "outcome", "digest"] {
        body.remove(field);
    }
    let found = serde_json::to_vec(&body).map(|bytes| sha256(&bytes));
    let found = found.map_err(|e| no_result().caused_by(e))?;
    if found != digest {
        return Err(Error::refused(format!(
            "{shown} is not the result that was meant: its digest is {found}"
        )));
    }
    let body = Value::Object(body.into_iter().collect());
    let replay: Replay = serde_json::from_value(body).map_err(|e| no_result().caused_by(e))?;
    let name = policy.name();
    let [one] = replay.policies.as_slice() else {
        let what = format!(
            "{shown} is of {} policies: what {name} alone does is not in it",
            replay.policies.len()
        );
        return Err(Error::new(Kind::Unknown, what).hint("replay it alone"));
    };
    if one.namespace != policy.policy.namespace || one.name != policy.policy.name {
        let other = clean(&format!("{}/{}", one.namespace, one.name), 320);
        return Err(Error::refused(format!(
            "{shown} is of {other}, not of {name}"
        )));
    }
    let spec = serde_json::to_vec(&policy.object["spec"]).map(|bytes| sha256(&bytes));
    if spec.ok().as_deref() != Some(one.digest.as_str()) {
        return Err(Error::refused(format!(
            "{shown} is of another spec of {name}"
        )));
    }
    Ok(judged(&replay, policy))
}

/// What a result comes to, as a watch.
fn judged(replay: &Replay, policy: &Found) -> Evidence {
    let (Some(began), Some(ended)) = (replay.coverage.first, replay.coverage.last) else {
        return Evidence::Absent("the replay judged no request that has a time".into());
    };
    let mut callers: BTreeMap<&str, Caller> = BTreeMap::new();
    let (mut blocked, mut unknown) = (0_u64, 0_u64);
    for (class, rows) in &replay.rows {
        for row in rows {
            let caller = callers
                .entry(&row.source)
                .or_insert_with(|| Caller::of(&row.source));
            match class.as_str() {
                "newlyBlocked" => {
                    caller.denied = caller.denied.saturating_add(row.requests);
                    blocked = blocked.saturating_add(row.requests);
                }
                "unknown" => {
                    caller.unknown = caller.unknown.saturating_add(row.requests);
                    unknown = unknown.saturating_add(row.requests);
                }
                // What others refuse today is none of its doing.
                "stillBlocked" => {}
                _ => caller.allowed = caller.allowed.saturating_add(row.requests),
            }
        }
    }
    let mut callers: Vec<Caller> = callers.into_values().collect();
    if replay.newly_blocked > blocked {
        callers.push(Caller {
            denied: replay.newly_blocked - blocked,
            ..Caller::of(OTHERS)
        });
    }
    let lost = replay.lines.unknown.values().copied();
    let lost = lost.fold(0, u64::saturating_add);
    let whole = replay.coverage.whole_log == Some(true) && replay.lines.evaluated > 0;
    // An empty list is no list of everybody who calls.
    let unseen = &replay.coverage.cron_jobs_not_seen;
    Evidence::Watched(Box::new(Watched {
        namespace: policy.policy.namespace.clone(),
        name: policy.policy.name.clone(),
        copy_uid: None,
        digest: copy::digest_of(policy),
        began,
        ended,
        signal: whole.then(|| Signal {
            how: format!(
                "the whole log was judged: {} requests",
                replay.lines.evaluated
            ),
            at: ended,
        }),
        callers,
        expected: (!unseen.is_empty()).then(|| Expected {
            from: "the mesh's CronJobs".into(),
            callers: unseen.clone(),
            seen: BTreeSet::new(),
        }),
        unknown: replay.unknown.saturating_sub(unknown).saturating_add(lost),
    }))
}

#[cfg(test)]
mod tests;
