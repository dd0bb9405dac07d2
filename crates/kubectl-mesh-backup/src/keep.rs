//! `--keep N`: older backups of the same cluster are removed from the folder of a new one.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use crate::{
    found::{self, Found},
    header,
};

/// Removes all but the newest `keep` backups of this cluster, the new one among them, and says which. A backup of another
/// cluster, and a file of which the cluster cannot be told, stays.
///
/// # Errors
/// The folder cannot be read, or a file not removed.
pub(crate) fn prune(new: &Path, cluster: &str, keep: usize) -> io::Result<Vec<PathBuf>> {
    let dir = match new.parent() {
        Some(dir) if !dir.as_os_str().is_empty() => dir,
        _ => Path::new("."),
    };
    let mut removed = Vec::new();
    for old in surplus(found::in_folder(dir)?, new, cluster, keep) {
        fs::remove_file(&old.path)?;
        match fs::remove_file(header::path(&old.path)) {
            Err(e) if e.kind() != io::ErrorKind::NotFound => return Err(e),
            _ => removed.push(old.path),
        }
    }
    Ok(removed)
}

/// What there is too much of. The new one stays even where a clock says that it is old.
fn surplus(found: Vec<Found>, new: &Path, cluster: &str, keep: usize) -> Vec<Found> {
    let name = new.file_name();
    found
        .into_iter()
        .filter(|f| f.cluster() == Some(cluster) && f.time().is_some())
        .filter(|f| f.path.file_name() != name)
        .skip(keep.saturating_sub(1))
        .collect()
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;
    use crate::found::tests::backup;

    #[test]
    fn only_older_backups_of_the_same_cluster_go() {
        let dir = tempfile::tempdir().unwrap();
        let at = |name: &str| dir.path().join(name);
        for (name, uid, time) in [
            ("a.tar.zst", "one", "2026-11-01T00:00:00Z"),
            ("b.tar.gz", "one", "2026-11-02T00:00:00Z"),
            ("c.tgz", "one", "2026-11-03T00:00:00Z"),
            ("other.tar.zst", "two", "2020-11-03T00:00:00Z"),
            ("new.tar.zst", "one", "2026-11-04T00:00:00Z"),
        ] {
            backup(&at(name), uid, time);
        }
        fs::write(at("foreign.tar.gz"), "no archive").unwrap();
        fs::copy(at("a.tar.zst"), at("mine")).unwrap();
        fs::write(header::path(&at("a.tar.zst")), "{}").unwrap();
        #[cfg(unix)]
        std::os::unix::fs::symlink(at("a.tar.zst"), at("link.tar.zst")).unwrap();
        let names = |paths: Vec<PathBuf>| -> Vec<String> {
            let name = |p: PathBuf| p.file_name().unwrap().to_str().unwrap().to_owned();
            paths.into_iter().map(name).collect()
        };
        let new = at("new.tar.zst");
        assert_eq!(names(prune(&new, "one", 9).unwrap()), [""; 0]);
        assert_eq!(names(prune(&new, "one", 3).unwrap()), ["a.tar.zst"]);
        assert!(!header::path(&at("a.tar.zst")).exists());
        assert_eq!(names(prune(&new, "one", 1).unwrap()), ["c.tgz", "b.tar.gz"]);
        for stays in ["new.tar.zst", "other.tar.zst", "foreign.tar.gz", "mine"] {
            assert!(at(stays).exists(), "{stays}");
        }
        // The clock of the last one was ahead.
        backup(&at("later.tar.zst"), "one", "2099-11-04T00:00:00Z");
        assert_eq!(names(prune(&new, "one", 1).unwrap()), ["later.tar.zst"]);
        assert!(new.exists());
    }
}
