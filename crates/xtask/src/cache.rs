//! What is built or fetched once and kept beside the repository's own files.

use std::{
    fs,
    path::{Path, PathBuf},
};

use crate::Result;

/// What is built or installed once and kept.
pub(crate) fn root() -> Result<PathBuf> {
    let xdg = std::env::var_os("XDG_CACHE_HOME")
        .map(PathBuf::from)
        .filter(|p| p.is_absolute());
    let home = || std::env::var_os("HOME").map(|h| PathBuf::from(h).join(".cache"));
    let dir = xdg
        .or_else(home)
        .ok_or("neither XDG_CACHE_HOME nor HOME is set")?;
    Ok(dir.join("kubectl-mesh"))
}

/// Makes a directory of the cache, unless it is there: beside it, and put in its place when it is whole.
pub(crate) fn keep(
    dir: &Path,
    is_there: impl Fn() -> bool,
    make: impl FnOnce(&Path) -> Result<()>,
) -> Result<()> {
    if is_there() {
        return Ok(());
    }
    let parent = dir.parent().ok_or("a cache directory has a parent")?;
    fs::create_dir_all(parent)?;
    let making = tempfile::Builder::new()
        .prefix(".making-")
        .tempdir_in(parent)?;
    make(making.path())?;
    let made = making.keep();
    match fs::rename(&made, dir) {
        Ok(()) => Ok(()),
        // Somebody else made the same meanwhile.
        Err(_) if is_there() => Ok(fs::remove_dir_all(&made)?),
        Err(e) => Err(format!("{}: {e}", dir.display()).into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_made_is_whole_or_not_there() {
        let root = tempfile::tempdir().expect("a directory");
        let dir = root.path().join("tools/one");
        let is_there = || dir.join("file").is_file();
        let failed = keep(&dir, is_there, |making| {
            fs::write(making.join("file"), "half")?;
            Err("broke off".into())
        });
        assert!(failed.is_err() && !dir.exists());
        // Somebody else is faster: theirs stays, and nothing is left over.
        keep(&dir, is_there, |making| {
            fs::create_dir_all(&dir)?;
            fs::write(dir.join("file"), "theirs")?;
            Ok(fs::write(making.join("file"), "ours")?)
        })
        .expect("kept");
        keep(&dir, is_there, |_| Err("it is there".into())).expect("kept");
        assert_eq!(fs::read_to_string(dir.join("file")).expect("it"), "theirs");
        let beside = fs::read_dir(root.path().join("tools")).expect("listed");
        assert_eq!(beside.count(), 1);
    }
}
