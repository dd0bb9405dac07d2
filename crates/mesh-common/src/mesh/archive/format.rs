//! The documents of an archive and the names of its entries.

use std::fmt::Write as _;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::mesh::{
    Gap, Why,
    digest::hex,
    wire::{List, dotted},
};

/// The format this suite writes, and the newest it reads.
pub const FORMAT: u32 = 1;

/// Name of the first entry.
pub(super) const MANIFEST: &str = "manifest.json";
/// Name of the last entry.
pub(super) const INDEX: &str = "index.json";
/// Where objects without a namespace are; no namespace can be called so.
pub(super) const CLUSTER: &str = "_cluster";

/// `manifest.json`: what an archive is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Manifest {
    /// [`FORMAT`] of whoever wrote it.
    pub format_version: u32,
    /// Version of the suite that wrote it.
    #[serde(default)]
    pub suite_version: String,
    /// When the mesh was read.
    pub capture_time: Timestamp,
    /// uid of the namespace `kube-system`.
    #[serde(default)]
    pub cluster_uid: Option<String>,
    /// Version of the API server.
    #[serde(default)]
    pub kubernetes_version: Option<String>,
    /// Namespace istiod lives in.
    pub istio_namespace: String,
    /// Versions of the istiods, by their images.
    #[serde(default)]
    pub istio_versions: Vec<String>,
    /// What a reader must know, such as that the capture time was set.
    #[serde(default)]
    pub notes: Vec<String>,
}

/// `index.json`: all of an archive, and what is not in it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Index {
    /// Every other entry in its order.
    pub files: Vec<File>,
    /// Lists that were read to their end: what is not here did not exist.
    pub lists: Vec<ReadList>,
    /// What could not be read.
    pub unread: Vec<Unread>,
}

/// One entry.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct File {
    /// Its path.
    pub path: String,
    /// Bytes.
    pub size: u64,
    /// SHA-256 in hexadecimal.
    pub sha256: String,
}

/// A list that was read to its end.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ReadList {
    /// `pods`, `deployments.apps`.
    pub what: String,
    /// The API version it was served in.
    pub version: String,
    /// The one namespace it is of; none for all of them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub namespace: Option<String>,
    /// Number of objects that are in the archive of it.
    pub objects: usize,
    /// The label selector it was asked for with: of objects that it leaves out nothing is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub selector: Option<String>,
    /// What was kept of it, where that is not all: [`ISTIO`]. Of what is not in the archive nothing follows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub selection: Option<String>,
    /// Whether the API server forgot it half-way (410 Gone) and it was read again: an object that was changed or
    /// deleted between the two is in the archive as it was first seen.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub read_again: bool,
}

impl ReadList {
    /// Whether every object of the kind, in its namespace or in all of them, is in the archive: only then is what is
    /// not in it known not to have been there.
    pub fn is_complete(&self) -> bool {
        self.selection.is_none() && self.selector.is_none()
    }
}

/// The selection of what is Istio's own.
pub const ISTIO: &str = "istio";

/// The group of documents that the suite writes itself: no API server serves it, and nothing of it is ever restored.
pub const OWN_GROUP: &str = "kubectl-mesh";
/// Their version.
pub const OWN_VERSION: &str = "v1alpha1";
/// What is known of Secrets without their values.
pub const SUMMARIES: &str = "secretsummaries";
/// Helm releases that the mesh came with.
pub const RELEASES: &str = "helmreleases";

/// Something that could not be read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Unread {
    /// `pods`, `deployments.apps`.
    pub what: String,
    /// Why.
    pub why: Why,
    /// One line for a person.
    pub detail: String,
}

/// The gap of something that an archive says nothing of.
pub(super) fn absent(what: &str) -> Gap {
    Gap {
        what: what.into(),
        why: Why::NotInArchive,
        detail: format!("the archive holds no {what}"),
    }
}

// A ustar header has 100 bytes for the last part of a path and 155 for what is before it.
const MAX_GROUP: usize = 48;
const MAX_RESOURCE: usize = 34;
const MAX_NAMESPACE: usize = 63;
const MAX_NAME: usize = 95;

/// The entry of an object.
///
/// Each part is made of `a-z 0-9 - . _` only. Every other byte, upper case too (some file systems do not tell it
/// apart), is `%XX`, as are a dot at either end and the first letter of names that Windows reserves; what is then
/// too long for a tar header is cut and ends in `%~` and sixteen digits of the SHA-256 of the whole.
pub fn object_path(group: &str, resource: &str, namespace: Option<&str>, name: &str) -> String {
    let group = if group.is_empty() { "core" } else { group };
    format!(
        "objects/{}/{}/{}/{}.json",
        escape(group, MAX_GROUP),
        escape(resource, MAX_RESOURCE),
        namespace.map_or_else(|| CLUSTER.to_owned(), namespace_part),
        escape(name, MAX_NAME),
    )
}

/// A namespace as it stands in a path.
pub(super) fn namespace_part(namespace: &str) -> String {
    escape(namespace, MAX_NAMESPACE)
}

fn escape(part: &str, max: usize) -> String {
    let stem = part.split('.').next().unwrap_or_default();
    let reserved = matches!(stem, "con" | "prn" | "aux" | "nul")
        || (stem.len() == 4
            && (stem.starts_with("com") || stem.starts_with("lpt"))
            && stem.ends_with(|c: char| c.is_ascii_digit()));
    let last = part.len().saturating_sub(1);
    let mut safe = String::with_capacity(part.len());
    for (at, byte) in part.bytes().enumerate() {
        let edge = byte == b'.' && (at == 0 || at == last);
        let plain = matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_');
        if plain && !edge && !(reserved && at == 0) {
            safe.push(char::from(byte));
        } else {
            // Writing to a String does not fail.
            let _ = write!(safe, "%{byte:02X}");
        }
    }
    if safe.len() <= max {
        return safe;
    }
    let digest = hex(&Sha256::digest(part.as_bytes())[..8]);
    // All of it is ASCII; a cut escape is dropped whole.
    safe.truncate(max - digest.len() - 2);
    if let Some(escape) = safe.rfind('%').filter(|at| *at + 3 > safe.len()) {
        safe.truncate(escape);
    }
    format!("{safe}%~{digest}")
}

/// Whether a path is one that we write: relative, no part empty or dotted, nothing odd in it.
pub(super) fn is_plain(path: &str) -> bool {
    path.split('/').all(|part| {
        !part.is_empty()
            && !part.starts_with('.')
            && part
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || b"-._%~".contains(&b))
    })
}

/// An object's place by its path.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Place<'a> {
    pub(super) path: &'a str,
    pub(super) group: &'a str,
    pub(super) resource: &'a str,
    pub(super) namespace: Option<&'a str>,
}

impl<'a> Place<'a> {
    pub(super) fn of(path: &'a str) -> Option<Self> {
        let mut parts = path.split('/');
        let (objects, group, resource, namespace, name) = (
            parts.next()?,
            parts.next()?,
            parts.next()?,
            parts.next()?,
            parts.next()?,
        );
        let whole =
            objects == "objects" && name.strip_suffix(".json").is_some() && parts.next().is_none();
        whole.then_some(Self {
            path,
            group: if group == "core" { "" } else { group },
            resource,
            namespace: Some(namespace).filter(|n| *n != CLUSTER),
        })
    }

    /// The resource as an index names it: `pods`, `deployments.apps`.
    pub(super) fn what(&self) -> String {
        dotted(self.group, self.resource)
    }

    pub(super) fn list(&self) -> Option<List> {
        List::of_resource(self.group, self.resource)
    }
}
