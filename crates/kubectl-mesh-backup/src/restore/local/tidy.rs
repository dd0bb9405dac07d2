//! The local archives of long ago go: a cluster keeps the records of its last fifty operations, and without its record no
//! archive is any use.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

/// How many operations are kept, those of all clusters that this machine has to do with together.
const KEEP: usize = 400;

/// Removes the archives of all but the newest operations. One that cannot be removed stays.
pub(super) fn tidy(dir: &Path) {
    let Ok(entries) = fs::read_dir(dir) else {
        return;
    };
    let mut operations: BTreeMap<String, Vec<PathBuf>> = BTreeMap::new();
    for path in entries.filter_map(|entry| Some(entry.ok()?.path())) {
        let Some(id) = operation(&path) else { continue };
        operations.entry(id.to_owned()).or_default().push(path);
    }
    let old = operations.len().saturating_sub(KEEP);
    for path in operations.into_values().take(old).flatten() {
        if let Err(e) = fs::remove_file(&path) {
            tracing::debug!("cannot remove {}: {e}", path.display());
        }
    }
}

/// The operation that a file is of, by its name, which begins with the time: `20261121-220258-restore-mesh-5d2c`.
fn operation(path: &Path) -> Option<&str> {
    let name = path.file_name()?.to_str()?;
    let (id, rest) = name.split_once('.')?;
    let begins = |n: usize| id.bytes().take(n).all(|b| b.is_ascii_digit());
    let dated = id.len() > 16 && begins(8) && id.as_bytes().get(8) == Some(&b'-');
    (dated && rest.contains("tar.zst")).then_some(id)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_oldest_go_with_all_their_files_and_nothing_else_does() {
        let dir = tempfile::tempdir().unwrap();
        let id = |n: usize| format!("20261121-{n:06}-restore-mesh-5d2c");
        for n in 0..KEEP + 2 {
            for part in ["before", "planned"] {
                let name = format!("{}.{part}.tar.zst", id(n));
                fs::write(dir.path().join(name), "").unwrap();
            }
        }
        let others = ["notes.txt", "mesh.tar.zst", "2026-summary.tar.zst"];
        for other in others {
            fs::write(dir.path().join(other), "").unwrap();
        }
        tidy(dir.path());
        let left = fs::read_dir(dir.path()).unwrap().count();
        assert_eq!(left, 2 * KEEP + others.len());
        for (n, there) in [(0, false), (1, false), (2, true), (KEEP + 1, true)] {
            for part in ["before", "planned"] {
                let path = dir.path().join(format!("{}.{part}.tar.zst", id(n)));
                assert_eq!(path.exists(), there, "{n} {part}");
            }
        }
    }
}
