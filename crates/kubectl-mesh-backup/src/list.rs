//! `kubectl mesh-backup list [DIR]`.

use std::{
    path::{Path, PathBuf},
    time::Duration,
};

use jiff::Timestamp;
use mesh_common::{
    Ctx, Error, Outcome, Result,
    journal::local::{Note, Notes, What as Done},
    mesh::{
        archive::{self, Plain},
        live::{self, Needs},
    },
    output::{Doc, OutputArgs, Report, Table, clean, document},
};
use serde::Serialize;
use serde_json::Value;

use crate::{
    found::{self, Found, What},
    place,
    report::bytes,
};

/// How long the cluster may take to say who it is. The list is of files.
const PATIENCE: Duration = Duration::from_secs(5);

/// Files are read through, newest first, until so many bytes were read; of the others only the beginning is.
const READ: u64 = 64 << 20;

/// List the backups in a folder, newest first
///
/// Without DIR those of this cluster, below $XDG_DATA_HOME/kubectl-mesh/backups,
/// and those of all clusters where this one cannot be asked. Of an encrypted
/// backup only what the header beside it says is shown. Small files are read
/// through and checked against their index; a verification says more.
///
/// Examples:
///   kubectl mesh-backup list
///   kubectl mesh-backup list -A -o wide
///   kubectl mesh-backup list /mnt/backups
///
/// Exit codes: 0 listed; 1 the folder cannot be read; 64 usage.
#[derive(Debug, clap::Args)]
#[command(verbatim_doc_comment)]
pub(crate) struct List {
    /// Folder to look into
    dir: Option<PathBuf>,

    /// Those of all clusters
    #[arg(short = 'A', long, conflicts_with = "dir")]
    all_clusters: bool,

    #[command(flatten)]
    output: OutputArgs,
}

impl List {
    /// Looks into the folders.
    pub(crate) async fn run(self, ctx: &Ctx) -> Result<Outcome> {
        let folders = match &self.dir {
            Some(dir) => vec![dir.clone()],
            None => self.folders(ctx).await?,
        };
        let mut found = Vec::new();
        for folder in &folders {
            found.extend(found::in_folder(folder).map_err(|e| {
                let shown = clean(&folder.display().to_string(), 300);
                Error::user(format!("cannot read the folder {shown}")).caused_by(e)
            })?);
        }
        found::sort(&mut found);
        let notes = Notes::of_this_process().map_or_else(|_| Vec::new(), |notes| notes.all());
        let mut left = READ;
        let rows = found
            .into_iter()
            .map(|one| Row::of(one, &notes, &mut left))
            .collect();
        ctx.printer.print(&self.output, &Listed { rows })?;
        Ok(Outcome::Done)
    }

    async fn folders(&self, ctx: &Ctx) -> Result<Vec<PathBuf>> {
        let root = place::root()?;
        if self.all_clusters {
            return Ok(place::of_all(&root));
        }
        match cluster(ctx).await {
            Ok(uid) => Ok(place::of_cluster(&root, &uid)),
            Err(why) => {
                ctx.printer
                    .note(format!("backups of all clusters are listed: {why}"));
                Ok(place::of_all(&root))
            }
        }
    }
}

/// The newest backup of this cluster on this machine.
///
/// # Errors
/// The cluster does not say who it is, and no backup of it is where those without a name are put.
pub(crate) async fn latest(ctx: &Ctx) -> Result<PathBuf> {
    let root = place::root()?;
    let uid = cluster(ctx).await.map_err(|why| {
        Error::user(format!(
            "which backup is the newest of this cluster is not known: {why}"
        ))
        .hint("name the file")
    })?;
    let folders = place::of_cluster(&root, &uid).into_iter();
    let mut found: Vec<Found> = folders
        .filter_map(|folder| found::in_folder(&folder).ok())
        .flatten()
        .filter(|one| one.cluster() == Some(&uid))
        .collect();
    found::sort(&mut found);
    found.into_iter().next().map(|one| one.path).ok_or_else(|| {
        Error::user("this machine has no backup of this cluster")
            .hint("make one, or name the file")
            .hint("kubectl mesh-backup create")
    })
}

/// uid of this cluster, or why it is not known.
async fn cluster(ctx: &Ctx) -> Result<String, String> {
    let asked = async {
        let client = ctx.client()?;
        live::read(ctx.connection()?, &client, Needs::default()).await
    };
    match tokio::time::timeout(PATIENCE, asked).await {
        Ok(Ok(mesh)) => mesh
            .cluster_uid
            .get()
            .cloned()
            .ok_or_else(|| "this one does not say who it is".to_owned()),
        Ok(Err(e)) => Err(e.to_string()),
        Err(_) => Err("this one does not answer".to_owned()),
    }
}

/// A backup in the list.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Row {
    file: String,
    #[serde(skip)]
    name: String,
    size: u64,
    captured: Option<Timestamp>,
    cluster_uid: Option<String>,
    kubernetes_version: Option<String>,
    istio_versions: Vec<String>,
    objects: Option<usize>,
    encrypted: bool,
    /// None where that was not looked at.
    whole: Option<bool>,
    /// Why it is not whole.
    problem: Option<String>,
    sha256: Option<String>,
    /// When it was last verified, its restore rehearsed.
    verified: Option<Timestamp>,
    /// When it was last verified without a cluster.
    verified_offline: Option<Timestamp>,
}

impl Row {
    fn of(found: Found, notes: &[Note], left: &mut u64) -> Self {
        let mut row = Self {
            file: found.path.display().to_string(),
            name: name(&found.path),
            size: found.size,
            captured: found.time(),
            cluster_uid: found.cluster().map(str::to_owned),
            kubernetes_version: None,
            istio_versions: Vec::new(),
            objects: None,
            encrypted: false,
            whole: None,
            problem: None,
            sha256: None,
            verified: None,
            verified_offline: None,
        };
        match found.what {
            What::Plain(manifest) => {
                row.kubernetes_version = manifest.kubernetes_version;
                row.istio_versions = manifest.istio_versions;
                if let Some(rest) = left.checked_sub(found.size) {
                    *left = rest;
                    row.read(&found.path);
                }
            }
            What::Locked(header) => {
                row.encrypted = true;
                row.sha256 = header.map(|h| h.sha256);
            }
            What::Broken(why) => {
                row.whole = Some(false);
                row.problem = Some(why);
            }
        }
        if let Some(sha256) = row.sha256.as_deref() {
            row.verified = verified(notes, sha256, false);
            row.verified_offline = verified(notes, sha256, true);
        }
        row
    }

    fn read(&mut self, path: &Path) {
        match archive::summary(path, &Plain) {
            Ok(summary) => {
                let counts = summary.objects.values().flat_map(|n| n.values());
                self.objects = Some(counts.map(|c| c.objects).sum());
                self.whole = Some(true);
                self.sha256 = Some(summary.sha256);
            }
            Err(e) => {
                let said = e.to_string();
                let why = said.split_once(": ").map_or(said.as_str(), |(_, why)| why);
                self.whole = Some(false);
                self.problem = Some(why.to_owned());
            }
        }
    }

    fn whole(&self) -> String {
        match (self.whole, &self.problem) {
            (Some(false), Some(why)) => format!("no: {why}"),
            (Some(false), None) => "no".into(),
            (Some(true), _) => "yes".into(),
            (None, _) => "?".into(),
        }
    }
}

fn name(path: &Path) -> String {
    path.file_name()
        .map(|name| name.to_string_lossy().into_owned())
        .unwrap_or_default()
}

fn verified(notes: &[Note], sha256: &str, offline: bool) -> Option<Timestamp> {
    let mut newest = notes.iter().filter(|n| {
        n.what == Done::BackupVerify
            && n.outcome == Outcome::Done
            && n.offline == offline
            && n.sha256.as_deref() == Some(sha256)
    });
    newest.next().map(|n| n.time)
}

struct Listed {
    rows: Vec<Row>,
}

impl Report for Listed {
    fn doc(&self, _wide: bool) -> Doc {
        let mut table = Table::new(&[
            "Name",
            "Captured",
            "Cluster",
            "Istio",
            "Objects",
            "Size",
            "Encrypted",
            "Whole",
            "Verified",
        ])
        .wide(&["Kubernetes", "SHA-256", "File"])
        .empty("no backups");
        let time = |time: Option<Timestamp>| {
            time.map_or(String::new(), |t| {
                t.strftime("%Y-%m-%d %H:%M:%SZ").to_string()
            })
        };
        for row in &self.rows {
            table.row([
                row.name.clone(),
                time(row.captured),
                short(row.cluster_uid.as_deref()),
                row.istio_versions.join(", "),
                row.objects.map_or(String::new(), |n| n.to_string()),
                bytes(row.size),
                if row.encrypted { "yes" } else { "no" }.to_owned(),
                row.whole(),
                match (row.verified, row.verified_offline) {
                    (None, Some(at)) => format!("{} offline", time(Some(at))),
                    (at, _) => time(at),
                },
                row.kubernetes_version.clone().unwrap_or_default(),
                row.sha256.clone().unwrap_or_default(),
                row.file.clone(),
            ]);
        }
        let mut doc = Doc::new();
        doc.table(table);
        doc
    }

    fn json(&self) -> serde_json::Result<Value> {
        #[derive(Serialize)]
        struct Body<'a> {
            items: &'a [Row],
        }
        document("MeshBackupList", Body { items: &self.rows })
    }

    fn names(&self) -> Vec<String> {
        self.rows.iter().map(|row| row.file.clone()).collect()
    }
}

/// The first group of a uid tells the clusters of one list apart.
fn short(uid: Option<&str>) -> String {
    let uid = uid.unwrap_or_default();
    uid.split('-').next().unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::found::tests::backup;

    fn listed(dir: &Path, notes: &[Note]) -> Listed {
        let mut left = READ;
        let found = found::in_folder(dir).unwrap().into_iter();
        Listed {
            rows: found.map(|one| Row::of(one, notes, &mut left)).collect(),
        }
    }

    #[test]
    fn a_row_says_what_a_file_is() {
        let dir = tempfile::tempdir().unwrap();
        let at = |name: &str| dir.path().join(name);
        backup(&at("a.tar.zst"), "51bb425c-1", "2026-11-01T00:00:00Z");
        let sha256 = archive::summary(&at("a.tar.zst"), &Plain).unwrap().sha256;
        let mut changed = std::fs::read(at("a.tar.zst")).unwrap();
        let last = changed.len() - 1;
        changed[last] ^= 1;
        std::fs::write(at("b.tar.zst"), changed).unwrap();
        std::fs::write(at("c.tar.zst"), "age-encryption.org/v1\n").unwrap();
        let note = Note::new(Done::BackupVerify, Outcome::Done).about(None, &sha256);
        let rows = listed(dir.path(), std::slice::from_ref(&note)).rows;
        assert_eq!(rows[0].objects, Some(0));
        assert_eq!(
            (rows[0].whole(), rows[0].verified),
            ("yes".into(), Some(note.time))
        );
        assert_eq!(rows[0].istio_versions, ["1.28.1"]);
        assert!(rows[1].whole().starts_with("no: "), "{}", rows[1].whole());
        assert_eq!((rows[1].verified, rows[2].encrypted), (None, true));
        assert_eq!(rows[2].whole(), "?");
        let offline = Note {
            offline: true,
            ..note.clone()
        };
        let row = &listed(dir.path(), std::slice::from_ref(&offline)).rows[0];
        assert_eq!(
            (row.verified, row.verified_offline),
            (None, Some(note.time))
        );
        let failed = Note {
            outcome: Outcome::Unknown,
            ..note
        };
        assert_eq!(listed(dir.path(), &[failed]).rows[0].verified, None);
    }

    #[test]
    fn large_files_are_not_read_through() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("a.tar.zst");
        backup(&path, "uid", "2026-11-01T00:00:00Z");
        let found = found::in_folder(dir.path()).unwrap().remove(0);
        let row = Row::of(found, &[], &mut 10);
        assert_eq!((row.whole, row.objects, row.sha256), (None, None, None));
        assert_eq!(row.cluster_uid.as_deref(), Some("uid"));
    }
}
