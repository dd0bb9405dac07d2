//! What is asked of entries and documents before anything is believed. Every answer is one line for a person.

use std::{collections::HashMap, io::Read};

use serde::Deserialize;

use super::super::format::{FORMAT, Index, Manifest, Place, is_plain, object_path};
use crate::{
    mesh::{digest::hex, wire::group_of},
    output::clean,
};

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
pub(in super::super) fn manifest_of(json: &[u8]) -> Result<Manifest, String> {
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

/// Which kind each resource has, and which resource each kind: by the objects seen so far.
#[derive(Debug, Default)]
pub(super) struct Kinds {
    of_resource: HashMap<String, String>,
    of_kind: HashMap<(String, String), String>,
}

/// What an object says of itself.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Said {
    api_version: String,
    kind: String,
    metadata: Name,
}

#[derive(Deserialize)]
struct Name {
    name: String,
    namespace: Option<String>,
}

impl Kinds {
    /// Whether an object stands where one of its name does. There is one place for each, so that no object is in an archive
    /// under two paths either.
    pub(super) fn fits(&mut self, place: &Place<'_>, json: &[u8]) -> Result<(), String> {
        let Said {
            api_version,
            kind,
            metadata: Name { name, namespace },
        } = serde_json::from_slice(json).map_err(|e| {
            if e.is_data() {
                format!("{} does not say what it is", place.path)
            } else {
                format!("{} is not JSON", place.path)
            }
        })?;
        let namespace = namespace.filter(|n| !n.is_empty());
        let group = group_of(&api_version);
        let own = object_path(group, place.resource, namespace.as_deref(), &name);
        let what = place.what();
        let other_kind = *self
            .of_resource
            .entry(what.clone())
            .or_insert_with(|| kind.clone())
            != kind;
        let other_resource = *self
            .of_kind
            .entry((group.to_owned(), kind.clone()))
            .or_insert_with(|| what.clone())
            != what;
        if own == place.path && !other_kind && !other_resource {
            return Ok(());
        }
        let namespace = namespace.map(|n| format!(" in {n}")).unwrap_or_default();
        let said = clean(&format!("{kind} {name}{namespace} of {api_version}"), 300);
        Err(format!("{} holds another object: {said}", place.path))
    }
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
