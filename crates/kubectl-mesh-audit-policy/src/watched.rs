//! What a watch of a policy came to: what `watch` leaves in the local journal, and `promote` and `list` read there.

use std::collections::BTreeSet;

use jiff::Timestamp;
use mesh_common::{
    Outcome, Result,
    journal::local::{Note, Notes, What},
};
use serde::{Deserialize, Serialize};

/// A watch that ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Watched {
    /// The policy's namespace.
    pub(crate) namespace: String,
    /// The policy's name, not its copy's.
    pub(crate) name: String,
    /// uid of the copy; none where recorded traffic was replayed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) copy_uid: Option<String>,
    /// Digest of the spec that was watched, with the action that is meant.
    pub(crate) digest: String,
    /// When it began.
    pub(crate) began: Timestamp,
    /// When it ended.
    pub(crate) ended: Timestamp,
    /// What showed that a denial would have been seen; none where nothing did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) signal: Option<Signal>,
    /// Who was seen, and what would have become of them.
    #[serde(default)]
    pub(crate) callers: Vec<Caller>,
    /// Who was expected: those that a backup or the metrics know. None where nobody could tell.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) expected: Option<Expected>,
    /// Requests of which nobody can tell what would have become.
    #[serde(default)]
    pub(crate) unknown: u64,
}

/// The proof that the watch would have seen a denial.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Signal {
    /// How: `a request of ours showed up in the counters of cards-7d`.
    pub(crate) how: String,
    /// When.
    pub(crate) at: Timestamp,
}

/// A caller that was seen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Caller {
    /// `orders/orders-sa`, or what it is called where it has no identity.
    pub(crate) name: String,
    /// Its requests that would be allowed.
    #[serde(default)]
    pub(crate) allowed: u64,
    /// Its requests that would be denied.
    #[serde(default)]
    pub(crate) denied: u64,
    /// Its requests of which that is not known.
    #[serde(default)]
    pub(crate) unknown: u64,
}

impl Caller {
    /// One of whom nothing is known yet.
    pub(crate) fn of(name: &str) -> Self {
        Self {
            name: name.to_owned(),
            allowed: 0,
            denied: 0,
            unknown: 0,
        }
    }

    /// Whether anything is known of its requests, or of how many nothing is.
    pub(crate) fn is_judged(&self) -> bool {
        self.allowed > 0 || self.denied > 0 || self.unknown > 0
    }
}

/// Callers that are known from elsewhere.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Expected {
    /// Where from: `backup of 2026-11-20`, `Prometheus, 7 days`.
    pub(crate) from: String,
    /// Their names, as in [`Caller::name`].
    pub(crate) callers: BTreeSet<String>,
    /// Of them, those of whom a request was certainly judged, by whatever name it stands among the callers.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub(crate) seen: BTreeSet<String>,
}

impl Watched {
    /// Requests of which something is known.
    pub(crate) fn judged(&self) -> u64 {
        let of = |caller: &Caller| caller.allowed.saturating_add(caller.denied);
        self.callers.iter().map(of).fold(0, u64::saturating_add)
    }

    /// Requests that would be denied.
    pub(crate) fn denied(&self) -> u64 {
        let denied = self.callers.iter().map(|caller| caller.denied);
        denied.fold(0, u64::saturating_add)
    }

    /// Requests of which nothing is known, of callers and of nobody.
    pub(crate) fn unclear(&self) -> u64 {
        let of = self.callers.iter().map(|caller| caller.unknown);
        of.fold(self.unknown, u64::saturating_add)
    }

    /// Those that are known to call, and of whom no request was certainly judged.
    pub(crate) fn unseen<'a>(&self, expected: &'a Expected) -> Vec<&'a str> {
        let judged = |name: &str| {
            let mut callers = self.callers.iter();
            callers.any(|caller| caller.name == name && caller.is_judged())
        };
        let names = expected.callers.iter().map(String::as_str);
        names
            .filter(|name| !expected.seen.contains(*name) && !judged(name))
            .collect()
    }

    /// Leaves it in the local journal.
    ///
    /// # Errors
    /// It cannot be written.
    pub(crate) fn keep(&self, notes: &Notes, cluster_uid: &str, outcome: Outcome) -> Result<()> {
        let details = serde_json::to_value(self)
            .map_err(|e| mesh_common::Error::internal("cannot encode the watch").caused_by(e))?;
        notes.add(&Note {
            cluster_uid: Some(cluster_uid.to_owned()),
            details: Some(details),
            ..Note::new(What::PolicyWatch, outcome)
        })
    }
}

/// The watches of a cluster that this machine knows of, newest first.
#[derive(Debug, Clone, Default)]
pub(crate) struct Watches(Vec<Watched>);

impl Watches {
    /// Those of this user's journal. One that cannot be read is none.
    pub(crate) fn of(cluster_uid: Option<&str>) -> Self {
        let notes = Notes::of_this_process().ok();
        let found = notes.zip(cluster_uid).map(|(notes, uid)| {
            let all = notes.details(What::PolicyWatch, uid).into_iter();
            all.filter_map(|v| serde_json::from_value(v).ok()).collect()
        });
        Self(found.unwrap_or_default())
    }

    /// The newest of this policy, of whatever it said then.
    pub(crate) fn newest(&self, namespace: &str, name: &str) -> Option<&Watched> {
        let is = |w: &&Watched| w.namespace == namespace && w.name == name;
        self.0.iter().find(is)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_watch_comes_back_as_it_was_kept_and_its_sums_do_not_overflow() {
        let dir = tempfile::tempdir().unwrap();
        let notes = Notes::at(dir.path());
        let caller = |name: &str, denied| Caller {
            name: name.into(),
            allowed: 5,
            denied,
            unknown: 1,
        };
        let watched = Watched {
            namespace: "payments".into(),
            name: "lockdown".into(),
            copy_uid: Some("u".into()),
            digest: "sha256:0".into(),
            began: "2026-11-21T06:00:00Z".parse().unwrap(),
            ended: "2026-11-21T07:00:00Z".parse().unwrap(),
            signal: None,
            callers: vec![caller("orders/orders-sa", 0), caller("web/web", u64::MAX)],
            expected: None,
            unknown: 3,
        };
        watched.keep(&notes, "here", Outcome::Done).unwrap();
        let details = notes.details(What::PolicyWatch, "here");
        let back: Watched = serde_json::from_value(details[0].clone()).unwrap();
        assert_eq!(back, watched);
        assert_eq!((back.denied(), back.judged()), (u64::MAX, u64::MAX));
        assert_eq!(back.unclear(), 5);
        let all = Watches(vec![back]);
        assert!(all.newest("payments", "lockdown").is_some());
        assert!(all.newest("payments", "other").is_none());
    }
}
