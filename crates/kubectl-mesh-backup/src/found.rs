//! The backups in a folder, as far as can be told without reading them through.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use jiff::Timestamp;
use mesh_common::mesh::archive::{self, Manifest};

use crate::header::Header;

/// Most files of one folder that are looked at.
const MOST: usize = 10_000;

/// What backups are called at their end.
const ENDINGS: [&str; 3] = [".tar.zst", ".tar.gz", ".tgz"];

/// A file that looks like a backup.
#[derive(Debug, Clone)]
pub(crate) struct Found {
    pub(crate) path: PathBuf,
    pub(crate) size: u64,
    pub(crate) what: What,
}

/// What a file is by its beginning.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum What {
    /// A backup that anybody can read.
    Plain(Manifest),
    /// An encrypted one, and its header where one lies beside it.
    Locked(Option<Header>),
    /// None that can be read, and why.
    Broken(String),
}

impl Found {
    /// uid of the cluster it is of.
    pub(crate) fn cluster(&self) -> Option<&str> {
        match &self.what {
            What::Plain(manifest) => manifest.cluster_uid.as_deref(),
            What::Locked(header) => header.as_ref()?.cluster_uid.as_deref(),
            What::Broken(_) => None,
        }
    }

    /// When the mesh was read.
    pub(crate) fn time(&self) -> Option<Timestamp> {
        match &self.what {
            What::Plain(manifest) => Some(manifest.capture_time),
            What::Locked(header) => header.as_ref().map(|h| h.capture_time),
            What::Broken(_) => None,
        }
    }
}

/// The backups in a folder, newest first; those of which no time is known come last. Links are not followed, and what is
/// called otherwise is passed over.
///
/// # Errors
/// The folder cannot be read.
pub(crate) fn in_folder(dir: &Path) -> io::Result<Vec<Found>> {
    let mut found: Vec<Found> = fs::read_dir(dir)?
        .flatten()
        .take(MOST)
        .filter_map(|entry| {
            let name = entry.file_name();
            let name = name.to_string_lossy();
            let fits = ENDINGS.iter().any(|end| name.ends_with(end)) && !name.starts_with('.');
            let path = entry.path();
            let about = fs::symlink_metadata(&path).ok()?;
            (fits && about.is_file()).then(|| Found {
                what: what(&path, about.len()),
                size: about.len(),
                path,
            })
        })
        .collect();
    sort(&mut found);
    Ok(found)
}

/// Newest first.
pub(crate) fn sort(found: &mut [Found]) {
    found.sort_by(|a, b| b.time().cmp(&a.time()).then_with(|| a.path.cmp(&b.path)));
}

fn what(path: &Path, size: u64) -> What {
    match archive::is_encrypted(path) {
        Ok(true) => return What::Locked(Header::beside(path, size)),
        Ok(false) => {}
        Err(e) => return What::Broken(format!("it cannot be read: {e}")),
    }
    match archive::manifest(path, &archive::Plain) {
        Ok(manifest) => What::Plain(manifest),
        Err(e) => {
            // "cannot use FILE: why": the file is named beside it.
            let said = e.to_string();
            let why = said.split_once(": ").map_or(said.as_str(), |(_, why)| why);
            What::Broken(why.to_owned())
        }
    }
}

#[cfg(test)]
pub(crate) mod tests;
