//! Where the evidence comes from: a watch that this machine knows of, or a replay's result.

use std::{fs, path::Path};

use jiff::Timestamp;
use mesh_common::{
    error::{Error, Kind, Result},
    mesh::digest::sha256,
    output::clean,
};
use serde::Deserialize;

use super::gates::Evidence;
use crate::watched::{Caller, Expected, Signal, Watched, Watches};

/// Longest result that is read.
const MOST: u64 = 64 << 20;

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
    kind: String,
    /// The policies that were replayed.
    policies: Vec<Replayed>,
    /// The first and the last request.
    from: Timestamp,
    to: Timestamp,
    callers: Vec<Caller>,
    #[serde(default)]
    expected: Option<Expected>,
    #[serde(default)]
    unknown: u64,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Replayed {
    namespace: String,
    name: String,
    digest: String,
}

/// Reads a replay's result, which has to be the one with this digest.
///
/// # Errors
/// It cannot be read, is another one, or is not of this policy alone.
pub(crate) fn of_replay(
    file: &Path,
    digest: &str,
    namespace: &str,
    name: &str,
) -> Result<Evidence> {
    let shown = clean(&file.display().to_string(), 300);
    let unreadable = |e: std::io::Error| Error::user(format!("cannot read {shown}")).caused_by(e);
    if fs::metadata(file).map_err(unreadable)?.len() > MOST {
        return Err(Error::user(format!(
            "{shown} is longer than {} MiB",
            MOST >> 20
        )));
    }
    let bytes = fs::read(file).map_err(unreadable)?;
    let found = sha256(&bytes);
    if found != digest {
        return Err(Error::refused(format!(
            "{shown} is not the result that was meant: its digest is {found}"
        )));
    }
    let replay: Replay = serde_json::from_slice(&bytes).map_err(|e| {
        Error::new(
            Kind::Unknown,
            format!("{shown} is no result of replay -o json that can be judged"),
        )
        .caused_by(e)
    })?;
    if replay.kind != "PolicyReplay" {
        return Err(Error::user(format!(
            "{shown} is no result of replay -o json"
        )));
    }
    let [one] = replay.policies.as_slice() else {
        return Err(Error::new(
            Kind::Unknown,
            format!(
                "{shown} is of {} policies: what this one alone does is not in it",
                replay.policies.len()
            ),
        )
        .hint("replay it alone"));
    };
    if one.namespace != namespace || one.name != name {
        return Err(Error::refused(format!(
            "{shown} is of {}/{}",
            clean(&one.namespace, 63),
            clean(&one.name, 253)
        )));
    }
    let judged = replay.callers.iter().any(|c| c.allowed > 0 || c.denied > 0);
    Ok(Evidence::Watched(Box::new(Watched {
        namespace: namespace.to_owned(),
        name: name.to_owned(),
        copy_uid: None,
        digest: one.digest.clone(),
        began: replay.from,
        ended: replay.to,
        // Every request of the log is judged: one that was is the proof that a denial would be said.
        signal: judged.then(|| Signal {
            how: "requests of the log were judged".into(),
            at: replay.to,
        }),
        callers: replay.callers,
        expected: replay.expected,
        unknown: replay.unknown,
    })))
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    type Edit = fn(&mut Value);

    fn result() -> Value {
        json!({
            "apiVersion": "kubectl-mesh/v1alpha1", "kind": "PolicyReplay", "outcome": "done",
            "policies": [{"namespace": "payments", "name": "lockdown", "digest": "sha256:a"}],
            "from": "2026-11-20T06:00:00Z", "to": "2026-11-21T06:00:00Z",
            "callers": [{"name": "orders/orders-sa", "allowed": 3}],
        })
    }

    #[test]
    fn a_result_counts_by_its_digest_and_for_its_policy() {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("replay.json");
        let cases: [(&str, Edit, bool); 6] = [
            ("good", |_| {}, true),
            ("another kind", |r| r["kind"] = "PolicyList".into(), false),
            (
                "another policy",
                |r| r["policies"][0]["name"] = "x".into(),
                false,
            ),
            (
                "two policies",
                |r| {
                    let one = r["policies"][0].clone();
                    r["policies"] = json!([one, one]);
                },
                false,
            ),
            ("no time", |r| r["from"] = Value::Null, false),
            ("no callers", |r| r["callers"] = Value::Null, false),
        ];
        for (what, edit, good) in cases {
            let mut result = result();
            edit(&mut result);
            let text = result.to_string();
            std::fs::write(&file, &text).unwrap();
            let digest = sha256(text.as_bytes());
            let read = of_replay(&file, &digest, "payments", "lockdown");
            assert_eq!(read.is_ok(), good, "{what}: {read:?}");
            let wrong = of_replay(&file, "sha256:0", "payments", "lockdown");
            assert_eq!(wrong.unwrap_err().kind(), Kind::Refused);
        }
    }
}
