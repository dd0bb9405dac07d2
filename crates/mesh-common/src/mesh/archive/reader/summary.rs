//! What an archive holds, by kind and namespace.

use std::{collections::BTreeMap, path::Path};

use serde::Serialize;

use super::{Limits, Manifest, Unlock, Unread, visit};
use crate::error::Result;

/// What an archive holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Summary {
    /// The manifest.
    pub manifest: Manifest,
    /// Bytes of the file.
    pub size: u64,
    /// SHA-256 of the file in hexadecimal.
    pub sha256: String,
    /// Objects by resource (`pods`, `deployments.apps`) and namespace; empty for none.
    pub objects: BTreeMap<String, BTreeMap<String, Count>>,
    /// What could not be read when it was made.
    pub unread: Vec<Unread>,
}

/// Objects and their bytes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Count {
    /// Objects.
    pub objects: usize,
    /// Bytes as JSON.
    pub bytes: u64,
}

impl std::ops::AddAssign for Count {
    fn add_assign(&mut self, other: Self) {
        self.objects += other.objects;
        self.bytes += other.bytes;
    }
}

/// What an archive holds.
pub(in super::super) fn summary(
    path: &Path,
    limits: &Limits,
    unlock: &dyn Unlock,
) -> Result<Summary> {
    let mut objects: BTreeMap<String, BTreeMap<String, Count>> = BTreeMap::new();
    let whole = visit(path, limits, unlock, |object| {
        let namespace = object.namespace.unwrap_or_default().to_owned();
        *objects
            .entry(object.what())
            .or_default()
            .entry(namespace)
            .or_default() += Count {
            objects: 1,
            bytes: object.json.len() as u64,
        };
        Ok(())
    })?;
    Ok(Summary {
        manifest: whole.manifest,
        size: whole.size,
        sha256: whole.sha256,
        objects,
        unread: whole.index.unread,
    })
}
