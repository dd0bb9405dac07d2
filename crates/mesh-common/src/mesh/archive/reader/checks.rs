//! What is asked of entries and documents before anything is believed. Every answer is one line for a person.

use std::{collections::HashMap, io::Read};

use serde::Deserialize;

use super::super::format::{FORMAT, Index, Manifest, is_plain};
use crate::{mesh::digest::hex, output::clean};

/// The path of an entry, if it is a regular file with a path that leads nowhere else.
pub(super) fn path_of<R: Read>(entry: &tar::Entry<'_, R>) -> Result<String, String> {
    let raw = entry.header().path_bytes();
    let path = String::from_utf8_lossy(&raw).into_owned();
    let shown = clean(&path, 300);
    let kind = entry.header().entry_type();
    if !kind.is_file() {
        let what = match kind {
            tar::EntryType::Symlink | tar::EntryType::Link => "a link",
            tar::EntryType::Char | tar::EntryType::Block => "a device",
            tar::EntryType::Directory => "a directory",
            tar::EntryType::Fifo => "a pipe",
            _ => "an extension of the tar format",
        };
        return Err(format!(
            "{shown} is {what}, and archives hold plain files only"
        ));
    }
    if path.starts_with('/') || path.contains('\\') || path.contains(':') {
        return Err(format!("{shown} is an absolute path"));
    }
    if path.split('/').any(|part| part == "..") {
        return Err(format!("{shown} leads out of the archive"));
    }
    if !is_plain(&path) {
        return Err(format!("{shown} is no path of an archive"));
    }
    Ok(path)
}

/// The manifest, if it is of a format we know.
pub(super) fn manifest_of(json: &[u8]) -> Result<Manifest, String> {
    /// What every format has, however else it looks.
    #[derive(Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct Head {
        format_version: u32,
    }
    let unreadable = |e: serde_json::Error| {
        format!(
            "its manifest cannot be read: {}",
            clean(&e.to_string(), 200)
        )
    };
    let head: Head = serde_json::from_slice(json).map_err(unreadable)?;
    if head.format_version > FORMAT {
        return Err(format!(
            "it is of format {}, and this version of the suite reads formats up to {FORMAT}",
            head.format_version
        ));
    }
    serde_json::from_slice(json).map_err(unreadable)
}

/// Whether the index speaks of exactly these entries, as they are.
pub(super) fn agree(
    index: &Index,
    mut seen: HashMap<String, (u64, [u8; 32])>,
) -> Result<(), String> {
    for file in &index.files {
        let shown = || clean(&file.path, 300);
        let Some((size, digest)) = seen.remove(&file.path) else {
            return Err(format!("{} is in its index and not in it", shown()));
        };
        if size != file.size {
            return Err(format!(
                "{} has {size} bytes, and its index says {}",
                shown(),
                file.size
            ));
        }
        if hex(&digest) != file.sha256 {
            return Err(format!("{} was changed: its digest is another", shown()));
        }
    }
    match seen.into_keys().min() {
        Some(extra) => Err(format!("{extra} is not in its index")),
        None => Ok(()),
    }
}
