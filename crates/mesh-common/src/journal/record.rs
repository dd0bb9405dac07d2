//! What a record says.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::Image;

/// Namespaces that a title spells out.
const NAMED: usize = 3;

/// What an operation did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Action {
    /// A tag was moved to another revision.
    Promote,
    /// A tag was made.
    Create,
    /// A tag was removed.
    Remove,
    /// Namespaces were moved to a tag or revision.
    Move,
    /// An earlier operation was undone.
    Rollback,
    /// Objects were brought back from a backup.
    Restore,
    /// Copies of policies were made, to be watched.
    Convert,
    /// A policy that was watched was enforced.
    Enforce,
    /// Access logs of a policy's workloads were switched on while it is watched.
    AccessLog,
}

impl Action {
    /// As a person says it, and as it stands in record ids.
    pub fn word(self) -> &'static str {
        match self {
            Self::Promote => "promote",
            Self::Create => "create",
            Self::Remove => "remove",
            Self::Move => "move",
            Self::Rollback => "rollback",
            Self::Restore => "restore",
            Self::Convert => "convert",
            Self::Enforce => "enforce",
            Self::AccessLog => "access-log",
        }
    }
}

/// How far an operation came.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum State {
    /// Announced; it may have written some, all or none of its objects.
    Started,
    /// Every object read back as planned.
    Done,
    /// It ended, and something is not as planned.
    Partial,
    /// It ended, and no object had changed.
    Nothing,
    /// A later operation brought its objects back.
    RolledBack,
}

/// One operation.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Record {
    /// `kubectl-mesh/v1alpha1`.
    pub api_version: String,
    /// `Operation`.
    pub kind: String,
    /// Sorts by time: `20261121-061502-promote-stable-4f2a`.
    pub id: String,
    /// What was done.
    pub action: Action,
    /// The tag, where it is about one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tag: Option<String>,
    /// The revision before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<String>,
    /// The revision (or, for namespaces, tag) after.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<String>,
    /// The policies, as `NAMESPACE/NAME`, where it is about such.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub policies: Vec<String>,
    /// For a rollback: the record that it undoes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub undoes: Option<String>,
    /// uid of the namespace kube-system.
    pub cluster_uid: String,
    /// The Istio namespace it was made for.
    pub istio_namespace: String,
    /// Who: the API server's name for the user, as far as it can be asked.
    pub user: String,
    /// The suite's version.
    pub version: String,
    /// The istioctl that did it, if one did: path and version.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub istioctl: Option<String>,
    /// When it was announced.
    pub started: Timestamp,
    /// Until when a child of it may still write, should its parent be killed.
    pub child_deadline: Timestamp,
    /// When it ended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub finished: Option<Timestamp>,
    /// How far it came.
    pub state: State,
    /// `GATE=REASON` of each gate that was passed by word.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub waivers: Vec<String>,
    /// One line per gate, as it stood at confirmation.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub gates: Vec<String>,
    /// What it came to, in words.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub outcome: String,
    /// Every object it may change, where a record can hold them.
    pub images: Vec<Image>,
    /// Where they are otherwise: of operations of mesh-backup.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub files: Option<Files>,
}

/// The objects of an operation that are too many for a record: two archives on the machine it was typed on.
/// They are called after the record's id, so that a planted record cannot name other files.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Files {
    /// The machine, as it calls itself.
    #[serde(default)]
    pub host: String,
    /// The folder, for a person who looks for them.
    #[serde(default)]
    pub folder: String,
    /// SHA-256 of the archive of everything that may change, as it was.
    pub before: String,
    /// SHA-256 of the archive of everything as it is meant to be.
    pub planned: String,
    /// SHA-256 of the archive of everything as it was read back, once the operation came that far.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<String>,
    /// Objects that are written.
    pub writes: usize,
    /// Objects that are deleted: in `before` and not in `planned`.
    #[serde(default)]
    pub deletes: usize,
    /// The backup it was made from: SHA-256 of the file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub backup: Option<String>,
    /// Whether the archives are encrypted: an identity opens them.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub encrypted: bool,
    /// Secrets whose values are in no archive, since nobody said to whom it may be encrypted.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub secrets: Vec<Withheld>,
}

/// A Secret that an operation writes or deletes, and of which it keeps no value: no hash of one either.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Withheld {
    /// Where it is.
    pub namespace: String,
    /// What it is called.
    pub name: String,
    /// As which it was written, once it was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub written: Option<Version>,
}

/// Which object, and in which state: both by the API server's own words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Version {
    /// `metadata.uid`.
    pub uid: String,
    /// `metadata.resourceVersion`.
    pub resource_version: String,
}

impl Version {
    /// Of an object as served.
    pub fn of(object: &serde_json::Value) -> Option<Self> {
        let text = |field: &str| object["metadata"][field].as_str().map(str::to_owned);
        Some(Self {
            uid: text("uid")?,
            resource_version: text("resourceVersion")?,
        })
    }
}

impl Record {
    /// Whether it was announced and never ended.
    pub fn is_unfinished(&self) -> bool {
        self.state == State::Started
    }

    /// What records sort by, oldest first. An id only knows the second, and what follows it is no time.
    pub fn made(&self) -> (Timestamp, &str) {
        (self.started, &self.id)
    }

    /// `promote stable 1-26-1 -> 1-28-1`, `move shop, web, api and 4 more -> stable`.
    pub fn title(&self) -> String {
        let mut title = self.action.word().to_owned();
        title.push(' ');
        match (&self.tag, &self.files) {
            (Some(tag), _) => title.push_str(tag),
            (None, Some(files)) => title.push_str(&files.objects()),
            (None, None) if self.is_of_policies() => title.push_str(&named(&self.policies)),
            (None, None) => title.push_str(&self.namespaces()),
        }
        let way = match (&self.from, &self.to) {
            (Some(from), Some(to)) => format!(" {from} -> {to}"),
            (None, Some(to)) => format!(" -> {to}"),
            (Some(from), None) => format!(" (was {from})"),
            (None, None) => String::new(),
        };
        title.push_str(&way);
        crate::output::clean(&title, 200)
    }

    /// Whether it is one of mesh-audit-policy, a rollback of such included.
    pub fn is_of_policies(&self) -> bool {
        !self.policies.is_empty()
    }

    /// The namespaces of a move, or of its undoing.
    fn namespaces(&self) -> String {
        if self.images.is_empty() {
            return "no namespace".to_owned();
        }
        let names: Vec<&str> = self.images.iter().map(|i| i.key.name.as_str()).collect();
        named(&names)
    }

    /// An id that sorts by time. `salt` keeps two of the same second apart.
    pub fn make_id(action: Action, subject: &str, at: Timestamp, salt: u32) -> String {
        let time = at.strftime("%Y%m%d-%H%M%S");
        let subject: String = subject.chars().take(40).collect();
        format!("{time}-{}-{subject}-{:04x}", action.word(), salt & 0xffff)
    }
}

/// The first few, and how many more.
fn named<T: AsRef<str>>(names: &[T]) -> String {
    let shown = if names.len() <= NAMED + 1 {
        names.len()
    } else {
        NAMED
    };
    let first: Vec<&str> = names.iter().take(shown).map(AsRef::as_ref).collect();
    let first = first.join(", ");
    match names.len() - shown {
        0 => first,
        more => format!("{first} and {more} more"),
    }
}

impl Files {
    /// `1 object`, `47 objects`.
    fn objects(&self) -> String {
        match self.writes + self.deletes {
            1 => "1 object".to_owned(),
            n => format!("{n} objects"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_sort_by_time_and_fit_a_name() {
        let a: Timestamp = "2026-11-21T06:15:02Z".parse().unwrap();
        let b: Timestamp = "2026-11-21T06:15:03Z".parse().unwrap();
        let first = Record::make_id(Action::Promote, "stable", a, 0xffff);
        let second = Record::make_id(Action::Create, &"x".repeat(63), b, 1);
        assert_eq!(first, "20261121-061502-promote-stable-ffff");
        assert!(first < second && second.len() < 200);
    }

    #[test]
    fn a_restore_says_how_many_objects_and_an_old_record_has_no_files() {
        let mut json = serde_json::json!({
            "apiVersion": "kubectl-mesh/v1alpha1", "kind": "Operation", "id": "x", "action": "restore",
            "clusterUid": "0", "istioNamespace": "istio-system", "user": "jane",
            "version": "0", "started": "2026-11-21T06:15:02Z", "childDeadline": "2026-11-21T06:15:02Z",
            "state": "done", "images": [],
        });
        let old: Record = serde_json::from_value(json.clone()).unwrap();
        assert_eq!(old.files, None);
        json["files"] =
            serde_json::json!({ "before": "a", "planned": "b", "writes": 46, "deletes": 1 });
        let record: Record = serde_json::from_value(json).unwrap();
        assert_eq!(record.title(), "restore 47 objects");
    }

    #[test]
    fn a_move_says_which_namespaces() {
        let title = |n: usize| {
            let images: Vec<_> = (1..=n)
                .map(|n| {
                    serde_json::json!({ "kind": "Namespace", "name": format!("ns-{n}"),
                        "before": null, "planned": null, "after": null })
                })
                .collect();
            let record: Record = serde_json::from_value(serde_json::json!({
                "apiVersion": "kubectl-mesh/v1alpha1", "kind": "Operation", "id": "x", "action": "move",
                "to": "stable", "clusterUid": "0", "istioNamespace": "istio-system", "user": "jane",
                "version": "0", "started": "2026-11-21T06:15:02Z", "childDeadline": "2026-11-21T06:15:02Z",
                "state": "done", "images": images,
            }))
            .unwrap();
            record.title()
        };
        assert_eq!(title(1), "move ns-1 -> stable");
        assert_eq!(title(4), "move ns-1, ns-2, ns-3, ns-4 -> stable");
        assert_eq!(title(9), "move ns-1, ns-2, ns-3 and 6 more -> stable");
    }
}
