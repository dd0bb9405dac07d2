//! What may be known of an encrypted backup without its key: a small plain file beside it.

use std::{
    fs::File,
    io::{self, Read, Write},
    path::{Path, PathBuf},
};

use jiff::Timestamp;
use mesh_common::{Error, Result, mesh::archive::Summary};
use serde::{Deserialize, Serialize};

/// Longest header that is read.
const MAX: u64 = 64 * 1024;

const API_VERSION: &str = "kubectl-mesh/v1alpha1";
const KIND: &str = "MeshBackupHeader";

/// The header of an encrypted backup. No name of the cluster is in it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Header {
    api_version: String,
    kind: String,
    /// Of the archive inside.
    pub(crate) format_version: u32,
    pub(crate) cluster_uid: Option<String>,
    pub(crate) capture_time: Timestamp,
    /// Bytes of the encrypted file.
    pub(crate) size: u64,
    /// SHA-256 of the encrypted file in hexadecimal.
    pub(crate) sha256: String,
    /// `age`.
    encryption: String,
}

impl Header {
    /// Of an archive that was made.
    pub(crate) fn of(summary: &Summary) -> Self {
        Self {
            api_version: API_VERSION.into(),
            kind: KIND.into(),
            format_version: summary.manifest.format_version,
            cluster_uid: summary.manifest.cluster_uid.clone(),
            capture_time: summary.manifest.capture_time,
            size: summary.size,
            sha256: summary.sha256.clone(),
            encryption: "age".into(),
        }
    }

    /// The one beside a backup, if it speaks of a file of this size.
    pub(crate) fn beside(backup: &Path, size: u64) -> Option<Self> {
        let mut json = Vec::new();
        let file = File::open(path(backup)).ok()?;
        file.take(MAX).read_to_end(&mut json).ok()?;
        let header: Self = serde_json::from_slice(&json).ok()?;
        let known = header.api_version == API_VERSION && header.kind == KIND;
        (known && header.size == size).then_some(header)
    }

    /// Writes it beside a backup: whole or not at all.
    ///
    /// # Errors
    /// It cannot be written.
    pub(crate) fn write(&self, backup: &Path) -> Result<()> {
        self.put(&path(backup)).map_err(|e| {
            Error::user("the backup is made, and the header beside it cannot be written")
                .caused_by(e)
        })
    }

    fn put(&self, to: &Path) -> io::Result<()> {
        let dir = match to.parent() {
            Some(dir) if !dir.as_os_str().is_empty() => dir,
            _ => Path::new("."),
        };
        let mut json = serde_json::to_vec_pretty(self)?;
        json.push(b'\n');
        let mut file = tempfile::Builder::new()
            .prefix(".mesh-backup-")
            .tempfile_in(dir)?;
        file.write_all(&json)?;
        file.as_file().sync_all()?;
        file.persist(to).map_err(|e| e.error)?;
        Ok(())
    }
}

/// `FILE.header.json`.
pub(crate) fn path(backup: &Path) -> PathBuf {
    let mut name = backup.as_os_str().to_owned();
    name.push(".header.json");
    name.into()
}
