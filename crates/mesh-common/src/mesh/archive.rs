//! A mesh-backup archive: what a mesh was made of, as served, at one moment.
//!
//! A tar compressed by zstd (or gzip), streamed both ways. Its entries are regular files in plain `ustar`
//! headers, in this order:
//!
//! 1. `manifest.json`: what this is ([`Manifest`]);
//! 2. `objects/<group>/<resource>/<namespace>/<name>.json`: one object each, as served, with the `apiVersion`
//!    and `kind` that lists leave out. The core group is `core`, the resource is the plural, objects without
//!    a namespace are under `_cluster`. Names are escaped ([`object_path`]) so that any file system takes them;
//!    what an object is called stands inside it;
//! 3. `index.json`: every other path with its size and SHA-256, the lists that were read to their end, and
//!    what could not be read and why ([`Index`]). An archive without it is truncated.
//!
//! Secrets are in it only where it is encrypted as a whole. A reader trusts nothing: see [`read`].

mod capture;
mod format;
mod reader;
mod writer;

#[cfg(test)]
mod tests;

use std::path::Path;

use super::{Customs, Known, Mesh, Source, Tap};
use crate::error::Result;

pub use capture::{Captured, Options, Progress, Watch, capture, capture_locked};
pub use format::{
    FORMAT, File, ISTIO, Index, Manifest, OWN_GROUP, OWN_VERSION, RELEASES, ReadList, SUMMARIES,
    Unread, object_path,
};
pub use reader::{Count, Limits, Object, Plain, Summary, Unlock, Whole};
pub use writer::{Cleanup, Compression, Lock, Locked, Out, Target, Writer, Written};

/// Reads a mesh from an archive. `now` is the archive's capture time.
///
/// # Errors
///
/// One line for each way in which a file is not a whole, unchanged archive of a format we know: no index
/// (truncated), a digest, size or path that the index does not have, an entry twice, an entry that is no
/// regular file or that leads out of the archive, more data than [`Limits`] admits, a newer format.
pub fn read(path: &Path) -> Result<Mesh> {
    observe(path, None).map(|(mesh, _)| mesh)
}

/// The same, and every other kind of Istio and Gateway API in it: the tap sees the objects it wants.
///
/// # Errors
///
/// As [`read`].
pub fn read_with(path: &Path, tap: &dyn Tap) -> Result<(Mesh, Customs)> {
    observe(path, Some(tap))
}

/// The manifest of an archive, without reading on: nothing of it is proven.
///
/// # Errors
///
/// What is no archive of a format we know, and what keeps it locked.
pub fn manifest(path: &Path, unlock: &dyn Unlock) -> Result<Manifest> {
    reader::manifest(path, &Limits::default(), unlock)
}

/// What an [`Unlock`] says when it has no key that fits, in words that follow "cannot read FILE: ".
pub fn refusal(why: impl Into<String>) -> std::io::Error {
    reader::refusal(why)
}

/// Whether a file is encrypted, by its first bytes.
///
/// # Errors
///
/// It cannot be read.
pub fn is_encrypted(path: &Path) -> std::io::Result<bool> {
    reader::is_encrypted(path)
}

fn observe(path: &Path, tap: Option<&dyn Tap>) -> Result<(Mesh, Customs)> {
    reader::mesh(path, &Limits::default(), tap).map(|(mut mesh, customs)| {
        if let Known::Known(istiods) = &mut mesh.istiods {
            for pod in istiods.iter_mut().flat_map(|i| &mut i.pods) {
                pod.reported = Known::Unknown(format::absent("istiod versions"));
            }
        }
        mesh.source = Source::Archive {
            file: path.display().to_string(),
        };
        (mesh, customs)
    })
}

/// What an archive holds, without making a mesh of it. All of it is read and checked.
///
/// # Errors
///
/// As [`read`], and what keeps it locked.
pub fn summary(path: &Path, unlock: &dyn Unlock) -> Result<Summary> {
    reader::summary(path, &Limits::default(), unlock)
}

/// Shows every object of an archive, in its order, one at a time. Nothing that was seen is proven before this
/// has returned: the index, which says what the archive must hold, is its last entry.
///
/// # Errors
///
/// As [`read`], what keeps it locked, and what `each` says of an object.
pub fn visit(
    path: &Path,
    unlock: &dyn Unlock,
    each: impl FnMut(Object<'_>) -> Result<(), String>,
) -> Result<Whole> {
    reader::visit(path, &Limits::default(), unlock, each)
}

/// Reads an archive that is in memory, and shows nothing of it.
///
/// # Errors
///
/// One line for why it is not a whole, unchanged archive.
pub fn check(bytes: Vec<u8>, limits: &Limits) -> Result<Whole, String> {
    reader::check(bytes, limits)
}

/// Reads a manifest.
///
/// # Errors
///
/// One line for why it is none of a format that we know.
pub fn manifest_of(json: &[u8]) -> Result<Manifest, String> {
    reader::manifest_of(json)
}
