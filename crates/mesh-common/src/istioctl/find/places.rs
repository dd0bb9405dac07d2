//! Where istioctl may be: the pinned store, then PATH.

use std::collections::HashSet;
use std::ffi::OsString;
use std::path::{Path, PathBuf};

use super::{FoundBy, Lead};
use crate::home;
use crate::istioctl::{Parity, Version, store};

/// What a search reads from the environment, so that a test can give its own.
#[derive(Clone, Debug, Default)]
pub struct Places {
    /// `$MESH_ISTIOCTL`; clap has read it already, this tells it apart from the flag.
    pub env: Option<OsString>,
    /// The store of pinned versions: `<store>/<version>/istioctl` with `istioctl.sha256` beside it.
    pub store: Option<PathBuf>,
    /// `$PATH`.
    pub path: Option<OsString>,
}

impl Places {
    /// Those of this process.
    pub fn of_this_process() -> Self {
        Self {
            env: std::env::var_os("MESH_ISTIOCTL"),
            store: home::data().map(|data| data.join("istioctl")),
            path: std::env::var_os("PATH"),
        }
    }

    /// Everything to look at, in order, each file once.
    pub(super) fn candidates(&self, parity: Parity, wanted: &Version, most: usize) -> Vec<Lead> {
        let mut seen = HashSet::new();
        self.pinned(parity, wanted)
            .into_iter()
            .chain(self.on_path(parity, wanted))
            .filter(|lead| {
                // With its name: version managers link every name to one binary that looks at the name it is called by.
                let file = lead.path.canonicalize();
                let file = file.unwrap_or_else(|_| lead.path.clone());
                seen.insert((file, lead.path.file_name().map(OsString::from)))
            })
            .take(most)
            .collect()
    }

    /// The pinned versions, those whose directory fits first, the exact one before its neighbours.
    fn pinned(&self, parity: Parity, wanted: &Version) -> Vec<Lead> {
        let Some(store) = &self.store else {
            return Vec::new();
        };
        let mut pinned: Vec<(Version, PathBuf)> = entries(store)
            .filter_map(|(name, path)| Some((Version::parse(&name)?, path)))
            .map(|(version, dir)| (version, dir.join(store::binary_name())))
            .filter(|(_, path)| path.exists())
            .collect();
        pinned.sort_by(|(a, _), (b, _)| {
            let key = |v: &Version| (!v.same_release(wanted), !parity.fits(v, wanted));
            key(a)
                .cmp(&key(b))
                .then_with(|| b.semver.cmp(&a.semver))
                .then_with(|| a.vendor.cmp(&b.vendor))
        });
        pinned
            .into_iter()
            .map(|(version, path)| {
                let recorded = store::recorded(&path);
                let ruled_out = if parity.fits(&version, wanted) {
                    recorded.as_ref().err().cloned()
                } else {
                    Some(format!("pinned as {version}, not asked"))
                };
                Lead {
                    path,
                    found_by: FoundBy::Store,
                    ruled_out,
                    sha256: recorded.ok(),
                }
            })
            .collect()
    }

    /// `istioctl-<version>` with a version that fits, then `istioctl`, then the other versions (a name may be wrong, and a
    /// refusal should list them). Directories of PATH in their order; relative ones are left out, so that no file of the
    /// directory one happens to be in is ever run.
    fn on_path(&self, parity: Parity, wanted: &Version) -> Vec<Lead> {
        let dirs: Vec<PathBuf> = self
            .path
            .iter()
            .flat_map(std::env::split_paths)
            .filter(|dir| dir.is_absolute())
            .collect();
        let mut found: Vec<(u8, PathBuf)> = Vec::new();
        for dir in &dirs {
            let mut here: Vec<(u8, String)> = entries(dir)
                .filter_map(|(name, _)| Some((rank(&name, parity, wanted)?, name)))
                .collect();
            here.sort();
            let list = dir.as_os_str();
            for (rank, name) in here {
                // `which` knows what executable means here.
                let paths = which::which_in_all(&name, Some(list), dir).into_iter();
                found.extend(paths.flatten().map(|path| (rank, path)));
            }
        }
        found.sort_by_key(|(rank, _)| *rank);
        found
            .into_iter()
            .map(|(_, path)| Lead {
                path,
                found_by: FoundBy::Path,
                ruled_out: None,
                sha256: None,
            })
            .collect()
    }
}

/// The place of a file name in the order; `None` when it is not an istioctl.
fn rank(name: &str, parity: Parity, wanted: &Version) -> Option<u8> {
    let stem = name.strip_suffix(std::env::consts::EXE_SUFFIX)?;
    if stem == "istioctl" {
        return Some(2);
    }
    let version = Version::parse(stem.strip_prefix("istioctl-")?)?;
    Some(if version.same_release(wanted) {
        0
    } else if parity.fits(&version, wanted) {
        1
    } else {
        3
    })
}

/// Names and paths in a directory; an unreadable one is empty.
fn entries(dir: &Path) -> impl Iterator<Item = (String, PathBuf)> {
    std::fs::read_dir(dir)
        .into_iter()
        .flatten()
        .filter_map(|entry| {
            let entry = entry.ok()?;
            Some((entry.file_name().into_string().ok()?, entry.path()))
        })
}

/// Compares a file with the digest recorded for it, if there is one.
pub(super) async fn check_sha256(path: &Path, recorded: Option<String>) -> Result<(), String> {
    let Some(recorded) = recorded else {
        return Ok(());
    };
    let path = path.to_owned();
    tokio::task::spawn_blocking(move || store::check(&path, &recorded))
        .await
        .unwrap_or_else(|e| Err(format!("cannot be read: {e}")))
}
