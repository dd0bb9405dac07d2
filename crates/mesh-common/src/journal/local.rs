//! Notes of commands that change nothing in the cluster: a small file each, on this machine only.
//!
//! They lie in `$XDG_DATA_HOME/kubectl-mesh/journal`, readable by this user alone, and their names sort by time. A
//! note appears whole or not at all; one that cannot be read is left out.

use std::{
    ffi::OsStr,
    fs::{self, File},
    io::{self, Read, Write},
    path::{Path, PathBuf},
};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{
    Outcome,
    error::{Error, Result},
    home,
    output::clean,
};

/// So many notes are kept.
const KEEP: usize = 1000;

/// Longest note that is read.
const NOTE_MAX: u64 = 64 * 1024;

/// So many notes of the same nanosecond find a name.
const TRIES: usize = 100;

const API_VERSION: &str = "kubectl-mesh/v1alpha1";

/// What was done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum What {
    /// A backup was made.
    #[serde(rename = "backup.create")]
    BackupCreate,
    /// A backup was verified.
    #[serde(rename = "backup.verify")]
    BackupVerify,
    /// Policies were watched.
    #[serde(rename = "audit-policy.watch")]
    PolicyWatch,
    /// Traffic was replayed against policies.
    #[serde(rename = "audit-policy.replay")]
    PolicyReplay,
    /// Something that a newer version of the suite knows.
    #[serde(other, rename = "other")]
    Other,
}

/// A note of one command.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Note {
    /// What was done.
    pub what: What,
    /// When it ended.
    pub time: Timestamp,
    /// uid of the namespace kube-system of the cluster that it is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cluster_uid: Option<String>,
    /// The file that it is about, as an absolute path; none for standard output.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub file: Option<String>,
    /// SHA-256 of the whole file in hexadecimal.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sha256: Option<String>,
    /// Of a backup: when the mesh was read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub captured: Option<Timestamp>,
    /// What the plugin keeps with it, in a form of its own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub details: Option<Value>,
    /// Of a replay: the policies that it judged, as `NAMESPACE/NAME DIGEST-OF-SPEC`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub subjects: Vec<String>,
    /// What it came to: of a verification, [`Outcome::Done`] is all in order.
    pub outcome: Outcome,
    /// Of a verification: no cluster was asked, so its restore was not rehearsed.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub offline: bool,
}

impl Note {
    /// A note of now.
    pub fn new(what: What, outcome: Outcome) -> Self {
        Self {
            what,
            time: Timestamp::now(),
            cluster_uid: None,
            file: None,
            sha256: None,
            captured: None,
            details: None,
            subjects: Vec::new(),
            outcome,
            offline: false,
        }
    }

    /// The same, about a file with this digest. The path is kept in full.
    #[must_use]
    pub fn about(mut self, file: Option<&Path>, sha256: &str) -> Self {
        self.file = file.map(full);
        self.sha256 = Some(sha256.to_owned());
        self
    }

    /// The same, about a backup of this cluster and time.
    #[must_use]
    pub fn of(mut self, cluster_uid: Option<&str>, captured: Timestamp) -> Self {
        self.cluster_uid = cluster_uid.map(str::to_owned);
        self.captured = Some(captured);
        self
    }
}

/// A path from the root, links followed where the file is there.
fn full(path: &Path) -> String {
    let path = path
        .canonicalize()
        .or_else(|_| std::path::absolute(path))
        .unwrap_or_else(|_| path.to_owned());
    path.display().to_string()
}

/// As it stands in a file.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Document {
    api_version: String,
    kind: String,
    #[serde(flatten)]
    note: Note,
}

/// The notes of this user.
#[derive(Debug, Clone)]
pub struct Notes {
    dir: PathBuf,
}

impl Notes {
    /// Those in this directory, which need not exist.
    pub fn at(dir: impl Into<PathBuf>) -> Self {
        Self { dir: dir.into() }
    }

    /// Those of this user.
    ///
    /// # Errors
    /// Neither `XDG_DATA_HOME` nor `HOME` is set to an absolute path.
    pub fn of_this_process() -> Result<Self> {
        let data = home::data().ok_or_else(|| {
            Error::user(
                "there is no place for the local journal: neither XDG_DATA_HOME nor HOME is set",
            )
        })?;
        Ok(Self::at(data.join("journal")))
    }

    /// Adds a note, and takes the oldest away beyond the number that is kept.
    ///
    /// # Errors
    /// It cannot be written.
    pub fn add(&self, note: &Note) -> Result<()> {
        self.write(note).map_err(|e| {
            let dir = clean(&self.dir.display().to_string(), 300);
            Error::user(format!("cannot write into the local journal {dir}")).caused_by(e)
        })?;
        let names = self.names();
        for old in names.iter().take(names.len().saturating_sub(KEEP)) {
            // Somebody else may have taken it away.
            let _ = fs::remove_file(self.dir.join(old));
        }
        Ok(())
    }

    /// All that can be read, newest first.
    pub fn all(&self) -> Vec<Note> {
        let mut notes: Vec<Note> = self
            .names()
            .iter()
            .filter_map(|name| read(&self.dir.join(name)))
            .collect();
        notes.sort_by_key(|note| std::cmp::Reverse(note.time));
        notes
    }

    /// The digest that a backup had when it was made here: by its path. The newest note counts.
    pub fn digest_of(&self, file: &Path) -> Option<String> {
        let path = full(file);
        self.all()
            .into_iter()
            .find(|n| n.what == What::BackupCreate && n.file.as_deref() == Some(&path))?
            .sha256
    }

    /// When the backup with this digest was last found in order.
    pub fn verified(&self, sha256: &str) -> Option<Timestamp> {
        self.all()
            .into_iter()
            .find(|n| {
                n.what == What::BackupVerify
                    && n.outcome == Outcome::Done
                    && n.sha256.as_deref() == Some(sha256)
            })
            .map(|n| n.time)
    }

    /// What was kept with the notes of this sort about this cluster, newest first.
    pub fn details(&self, what: What, cluster_uid: &str) -> Vec<Value> {
        self.all()
            .into_iter()
            .filter(|n| n.what == what && n.cluster_uid.as_deref() == Some(cluster_uid))
            .filter_map(|n| n.details)
            .collect()
    }

    /// Names of notes, oldest first.
    fn names(&self) -> Vec<String> {
        let entries = fs::read_dir(&self.dir).into_iter().flatten().flatten();
        let mut names: Vec<String> = entries
            .filter_map(|entry| entry.file_name().into_string().ok())
            .filter(|name| {
                Path::new(name).extension() == Some(OsStr::new("json")) && !name.starts_with('.')
            })
            .collect();
        names.sort_unstable();
        names
    }

    fn write(&self, note: &Note) -> io::Result<()> {
        private_dir(&self.dir)?;
        let document = Document {
            api_version: API_VERSION.into(),
            kind: "Note".into(),
            note: note.clone(),
        };
        let mut json = serde_json::to_vec_pretty(&document)?;
        json.push(b'\n');
        // Readable by this user alone, as every file of `tempfile`.
        let mut file = tempfile::Builder::new()
            .prefix(".note-")
            .tempfile_in(&self.dir)?;
        file.write_all(&json)?;
        file.as_file().sync_all()?;
        let time = note.time.strftime("%Y%m%dT%H%M%S.%9fZ");
        for nth in 0..TRIES {
            match file.persist_noclobber(self.dir.join(format!("{time}-{nth:02}.json"))) {
                Ok(_) => return Ok(()),
                Err(e) if e.error.kind() == io::ErrorKind::AlreadyExists => file = e.file,
                Err(e) => return Err(e.error),
            }
        }
        Err(io::ErrorKind::AlreadyExists.into())
    }
}

fn read(path: &Path) -> Option<Note> {
    let mut json = Vec::new();
    let file = File::open(path).ok()?;
    file.take(NOTE_MAX).read_to_end(&mut json).ok()?;
    let document: Document = serde_json::from_slice(&json).ok()?;
    (document.api_version == API_VERSION && document.kind == "Note").then_some(document.note)
}

/// Makes a directory, and those above it, for this user alone. One that is there stays as it is.
///
/// # Errors
/// It cannot be made.
pub fn private_dir(dir: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::DirBuilderExt as _;
        builder.mode(0o700);
    }
    builder.create(dir)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(second: i64) -> Note {
        Note {
            time: Timestamp::from_second(1_800_000_000 + second).unwrap(),
            ..Note::new(What::BackupCreate, Outcome::Done)
        }
    }

    #[test]
    fn notes_are_private_and_read_newest_first() {
        let home = tempfile::tempdir().unwrap();
        let notes = Notes::at(home.path().join("a/journal"));
        assert_eq!(notes.all(), []);
        let file = home.path().join("mesh.tar.zst");
        let made = at(1).about(Some(&file), "aa").of(Some("uid"), at(0).time);
        let verified = Note {
            what: What::BackupVerify,
            ..at(2).about(Some(&file), "aa")
        };
        let broken = Note {
            what: What::BackupVerify,
            outcome: Outcome::Unknown,
            ..at(3).about(Some(&file), "bb")
        };
        // Two of one moment both stay.
        for note in [&made, &verified, &broken, &broken] {
            notes.add(note).unwrap();
        }
        assert_eq!(
            notes.all(),
            [broken.clone(), broken, verified.clone(), made]
        );
        assert_eq!(notes.digest_of(&file).as_deref(), Some("aa"));
        assert_eq!(notes.digest_of(&home.path().join("other")), None);
        assert_eq!(notes.verified("aa"), Some(verified.time));
        assert_eq!(notes.verified("bb"), None);
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
            assert_eq!(mode(&notes.dir), 0o700);
            for name in notes.names() {
                assert_eq!(mode(&notes.dir.join(name)), 0o600);
            }
        }
    }

    #[test]
    fn details_are_those_of_the_cluster() {
        let dir = tempfile::tempdir().unwrap();
        let notes = Notes::at(dir.path());
        for (second, uid) in [(1, "here"), (2, "there"), (3, "here")] {
            let note = Note {
                what: What::PolicyWatch,
                cluster_uid: Some(uid.into()),
                details: Some(second.into()),
                ..at(second)
            };
            notes.add(&note).unwrap();
        }
        notes.add(&at(4)).unwrap();
        let found = notes.details(What::PolicyWatch, "here");
        assert_eq!(found, [Value::from(3), Value::from(1)]);
    }

    #[test]
    fn what_cannot_be_read_is_left_out() {
        let dir = tempfile::tempdir().unwrap();
        let notes = Notes::at(dir.path());
        notes.add(&at(1)).unwrap();
        let text = fs::read_to_string(dir.path().join(&notes.names()[0])).unwrap();
        let newer = text.replace("backup.create", "backup.dream");
        fs::write(dir.path().join("1.json"), newer).unwrap();
        fs::write(dir.path().join("2.json"), &text[..20]).unwrap();
        fs::write(dir.path().join("3.json"), text.replace("v1alpha1", "v9")).unwrap();
        fs::write(dir.path().join("4.txt"), &text).unwrap();
        let whats: Vec<What> = notes.all().iter().map(|n| n.what).collect();
        assert_eq!(whats.len(), 2);
        assert!(whats.contains(&What::Other) && whats.contains(&What::BackupCreate));
    }

    #[test]
    fn old_notes_are_taken_away() {
        let dir = tempfile::tempdir().unwrap();
        let notes = Notes::at(dir.path());
        for old in 0..KEEP + 5 {
            fs::write(dir.path().join(format!("20200101T{old:06}.json")), "{}").unwrap();
        }
        notes.add(&at(1)).unwrap();
        assert_eq!(notes.names().len(), KEEP);
        assert_eq!(notes.all().len(), 1);
    }
}
