//! `backup`: a verified backup of this mesh that is not old, as far as this machine knows.

use jiff::{SignedDuration, Timestamp};

use super::{
    Facts, Gate, id,
    judge::{Judge, not_asked},
};
use crate::{
    Outcome,
    journal::local::{Note, What},
    output::clean,
};

/// What is known here of the backups of a mesh.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Backups {
    /// Those of which this machine has a note, in any order.
    Known(Vec<Backup>),
    /// Nobody looked.
    NotEvaluated,
}

/// One backup.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Backup {
    /// Its file, where it went into one.
    pub file: Option<String>,
    /// When the mesh was read.
    pub captured: Timestamp,
    /// Whether the same bytes were found in order since.
    pub proof: Proof,
}

/// How far a backup was verified.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Proof {
    /// Not at all.
    None,
    /// The file alone: no cluster was asked whether it would take what is in it.
    Offline,
    /// Its restore was rehearsed too.
    Rehearsed,
}

impl Backups {
    /// Those of one cluster, by the notes of this machine.
    pub fn of(cluster_uid: &str, notes: &[Note]) -> Self {
        let proof = |sha256: &str| {
            let found = notes.iter().filter(|n| {
                n.what == What::BackupVerify
                    && n.outcome == Outcome::Done
                    && n.sha256.as_deref() == Some(sha256)
            });
            let proofs = found.map(|n| {
                if n.offline {
                    Proof::Offline
                } else {
                    Proof::Rehearsed
                }
            });
            proofs.max().unwrap_or(Proof::None)
        };
        let backups = notes.iter().filter(|n| {
            matches!(n.what, What::BackupCreate | What::BackupVerify)
                && n.cluster_uid.as_deref() == Some(cluster_uid)
        });
        Self::Known(
            backups
                .filter_map(|n| {
                    Some(Backup {
                        file: n.file.clone(),
                        captured: n.captured?,
                        proof: proof(n.sha256.as_deref()?),
                    })
                })
                .collect(),
        )
    }
}

const HOW: &str = "kubectl mesh-backup create, then kubectl mesh-backup verify FILE";

pub(super) fn gate(facts: &Facts<'_>) -> Gate {
    let mut judge = Judge::default();
    let Backups::Known(backups) = &facts.backups else {
        return not_asked(facts, judge, id::BACKUP, "");
    };
    let most = SignedDuration::from_hours(facts.policy.backup_hours.into());
    let newest = |least: Proof| {
        let some = backups.iter().filter(|b| b.proof >= least);
        some.max_by_key(|b| b.captured)
    };
    judge.hint(HOW);
    let (Some(any), verified) = (newest(Proof::None), newest(Proof::Rehearsed)) else {
        judge.doubt(
            "this machine knows of no backup of this mesh; one made elsewhere is not known here",
        );
        return judge.done(id::BACKUP, "");
    };
    let told = |b: &Backup| {
        let file = b.file.as_deref().unwrap_or("written to standard output");
        format!(
            "{} old ({})",
            super::words::duration(facts.since(b.captured)),
            clean(file, 120)
        )
    };
    let fresh = |b: &&Backup| facts.since(b.captured) <= most;
    if let Some(b) = verified.filter(fresh) {
        return judge.done(id::BACKUP, format!("verified, {}", told(b)));
    }
    if let Some(b) = newest(Proof::Offline).filter(fresh) {
        judge.doubt(format!(
            "verified OFFLINE only, {}: whether this cluster would take it was not rehearsed",
            told(b)
        ));
        judge.hint("kubectl mesh-backup verify FILE, without --offline");
        return judge.done(id::BACKUP, "");
    }
    match verified {
        Some(b) => judge.close(format!(
            "the newest verified backup is {}, more than {} h",
            told(b),
            facts.policy.backup_hours
        )),
        None => judge.close("no backup was verified"),
    }
    if Some(any) != verified {
        let how = match any.proof {
            Proof::None => "not verified",
            Proof::Offline => "verified offline only",
            Proof::Rehearsed => "verified",
        };
        judge.note(format!("the newest of all is {}, {how}", told(any)));
    }
    judge.done(id::BACKUP, "")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::{
        Verdict,
        made::{Made, ago},
    };

    fn backup(hours: i64, verified: bool) -> Backup {
        Backup {
            file: Some(format!("{hours}.tar.zst")),
            captured: ago(hours),
            proof: if verified {
                Proof::Rehearsed
            } else {
                Proof::None
            },
        }
    }

    fn offline(hours: i64) -> Backup {
        Backup {
            proof: Proof::Offline,
            ..backup(hours, false)
        }
    }

    #[test]
    fn only_a_fresh_and_verified_one_opens() {
        let cases: [(&str, Vec<Backup>, Verdict, &str); 9] = [
            ("none", vec![], Verdict::Unknown, "knows of no backup"),
            ("fresh", vec![backup(2, true)], Verdict::Open, "2.tar.zst"),
            (
                "fresh, and one that is not verified",
                vec![backup(1, false), backup(23, true)],
                Verdict::Open,
                "23.tar.zst",
            ),
            (
                "old",
                vec![backup(25, true)],
                Verdict::Closed,
                "more than 24 h",
            ),
            (
                "old, and a fresh one that nobody verified",
                vec![backup(25, true), backup(1, false)],
                Verdict::Closed,
                "25.tar.zst",
            ),
            (
                "fresh, and verified offline only",
                vec![offline(2)],
                Verdict::Unknown,
                "OFFLINE only",
            ),
            (
                "the same beside an older one that was rehearsed",
                vec![offline(2), backup(3, true)],
                Verdict::Open,
                "3.tar.zst",
            ),
            (
                "old, and verified offline only",
                vec![offline(25)],
                Verdict::Closed,
                "no backup was verified",
            ),
            (
                "never verified",
                vec![backup(1, false)],
                Verdict::Closed,
                "no backup was verified",
            ),
        ];
        let made = Made::live();
        for (name, backups, verdict, says) in cases {
            let mut facts = made.facts();
            facts.backups = Backups::Known(backups);
            let gate = gate(&facts);
            assert_eq!(gate.verdict, verdict, "{name}: {}", gate.summary);
            assert!(gate.summary.contains(says), "{name}: {}", gate.summary);
            assert!(!gate.blocks(), "advisory, unless a policy says more");
        }
    }

    #[test]
    fn notes_of_another_cluster_and_of_other_bytes_do_not_count() {
        let time = ago(1);
        let note = |what, uid: &str, sha256: &str| Note {
            sha256: Some(sha256.into()),
            cluster_uid: Some(uid.into()),
            captured: Some(time),
            ..Note::new(what, Outcome::Done)
        };
        let failed = Note {
            outcome: Outcome::Unknown,
            ..note(What::BackupVerify, "here", "bb")
        };
        let notes = [
            note(What::BackupCreate, "here", "aa"),
            note(What::BackupVerify, "there", "cc"),
            failed,
            note(What::Other, "here", "dd"),
        ];
        let Backups::Known(found) = Backups::of("here", &notes) else {
            panic!("known");
        };
        assert_eq!(found.len(), 2);
        assert!(found.iter().all(|b| b.proof == Proof::None));
        let verified = [notes[0].clone(), note(What::BackupVerify, "here", "aa")];
        let Backups::Known(found) = Backups::of("here", &verified) else {
            panic!("known");
        };
        assert!(found.iter().all(|b| b.proof == Proof::Rehearsed));
        let mut offline = verified.clone();
        offline[1].offline = true;
        let Backups::Known(found) = Backups::of("here", &offline) else {
            panic!("known");
        };
        assert!(found.iter().all(|b| b.proof == Proof::Offline));
    }
}
