//! Where backups lie that were given no name: a folder for each cluster.

use std::{
    fs,
    path::{Path, PathBuf},
};

use jiff::Timestamp;
use mesh_common::{Error, Result, home, journal::local::private_dir, output::clean};

/// Longest part of a folder's name that a context gives.
const CONTEXT_MAX: usize = 40;

/// Longest uid. Kubernetes' have 36 characters.
const UID_MAX: usize = 64;

/// `$XDG_DATA_HOME/kubectl-mesh/backups`.
///
/// # Errors
/// Neither `XDG_DATA_HOME` nor `HOME` is set.
pub(crate) fn root() -> Result<PathBuf> {
    home::data()
        .map(|data| data.join("backups"))
        .ok_or_else(|| {
            Error::user("there is no place for backups: neither XDG_DATA_HOME nor HOME is set")
                .hint("kubectl mesh-backup create mesh.tar.zst")
        })
}

/// The folders of a cluster, whatever its context was called when each was made.
pub(crate) fn of_cluster(root: &Path, uid: &str) -> Vec<PathBuf> {
    let entries = fs::read_dir(root).into_iter().flatten().flatten();
    let mut found: Vec<PathBuf> = entries
        .filter(|entry| {
            let name = entry.file_name();
            let name = name.to_string_lossy();
            name == uid || name.strip_suffix(uid).is_some_and(|n| n.ends_with('-'))
        })
        .map(|entry| entry.path())
        .filter(|path| path.is_dir())
        .collect();
    found.sort();
    found
}

/// The folders of all clusters.
pub(crate) fn of_all(root: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(root).into_iter().flatten().flatten();
    let mut found: Vec<PathBuf> = entries
        .map(|entry| entry.path())
        .filter(|path| path.is_dir())
        .collect();
    found.sort();
    found
}

/// A new file in the folder of a cluster, which is made where it is not there; only this user may look into it.
///
/// # Errors
/// A uid that is none, and a folder that cannot be made.
pub(crate) fn new_file(
    root: &Path,
    uid: Option<&str>,
    context: Option<&str>,
    now: Timestamp,
) -> Result<PathBuf> {
    let uid = uid.filter(|uid| is_uid(uid)).ok_or_else(|| {
        Error::user(
            "the cluster does not say who it is: the uid of the namespace kube-system is not known",
        )
        .hint("kubectl mesh-backup create mesh.tar.zst")
    })?;
    let dir = match of_cluster(root, uid).pop() {
        Some(dir) => dir,
        None => root.join(folder(uid, context)),
    };
    private_dir(&dir).map_err(|e| {
        let shown = clean(&dir.display().to_string(), 300);
        Error::user(format!("cannot make the folder {shown}")).caused_by(e)
    })?;
    Ok(dir.join(format!("{}.tar.zst", now.strftime("%Y%m%dT%H%M%S.%3fZ"))))
}

/// `prod-eu-51bb425c-…`: the uid decides, and the context is for the eye.
fn folder(uid: &str, context: Option<&str>) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    let context: String = context
        .unwrap_or_default()
        .chars()
        .map(|c| if plain(c) { c } else { '-' })
        .take(CONTEXT_MAX)
        .collect();
    match context.trim_matches('-') {
        "" => uid.to_owned(),
        context => format!("{context}-{uid}"),
    }
}

/// Whether a text can be the uid of an object, and part of a path.
fn is_uid(text: &str) -> bool {
    !text.is_empty()
        && text.len() <= UID_MAX
        && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cluster_keeps_its_folder_whatever_it_is_called() {
        let root = tempfile::tempdir().unwrap();
        let now: Timestamp = "2026-11-21T18:45:12Z".parse().unwrap();
        let file = |uid: &str, context: &str| new_file(root.path(), Some(uid), Some(context), now);
        let first = file("51bb-1", "prod/eu\u{1b}[2J").unwrap();
        assert!(
            first.ends_with("prod-eu--2J-51bb-1/20261121T184512.000Z.tar.zst"),
            "{first:?}"
        );
        assert_eq!(file("51bb-1", "renamed").unwrap(), first);
        let other = file("51bb-2", "../..").unwrap();
        assert!(
            other.ends_with("51bb-2/20261121T184512.000Z.tar.zst"),
            "{other:?}"
        );
        assert_eq!(of_cluster(root.path(), "51bb-1").len(), 1);
        assert_eq!(of_all(root.path()).len(), 2);
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            let mode = fs::metadata(first.parent().unwrap())
                .unwrap()
                .permissions()
                .mode();
            assert_eq!(mode & 0o777, 0o700);
        }
    }

    #[test]
    fn what_is_no_uid_makes_no_path() {
        let root = tempfile::tempdir().unwrap();
        let now = Timestamp::UNIX_EPOCH;
        for uid in ["", "..", "a/b", "a b", &"a".repeat(65)] {
            assert!(
                new_file(root.path(), Some(uid), None, now).is_err(),
                "{uid}"
            );
        }
        assert!(new_file(root.path(), None, Some("prod"), now).is_err());
        assert_eq!(fs::read_dir(root.path()).unwrap().count(), 0);
    }
}
