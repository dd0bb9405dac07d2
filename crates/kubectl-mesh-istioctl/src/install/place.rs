//! From the archive to its place: all at once, or not at all.

use std::{
    fs::{self, File},
    io::{Seek as _, SeekFrom, Write as _},
    path::PathBuf,
    time::Duration,
};

use mesh_common::{
    Error, Result,
    istioctl::{
        Store, Version,
        store::{ARCHIVE_SUM, SUM, binary_name},
    },
    output::clean,
};
use tempfile::TempDir;

use super::{
    cannot_write,
    unpack::{Wrong, unpack},
};

/// What an installation under way is called. No version begins like that.
const PREFIX: &str = ".install-";

/// An installation that was killed is swept away by a later one.
const STALE: Duration = Duration::from_secs(24 * 60 * 60);

/// A directory in the store, gone when this is dropped: Ctrl-C and errors leave nothing.
pub(super) struct Work {
    dir: TempDir,
}

/// A binary that is not in its place yet.
pub(super) struct Made {
    pub(super) path: PathBuf,
    pub(super) sha256: String,
}

impl Work {
    pub(super) fn begin(store: &Store) -> Result<Self> {
        fs::create_dir_all(store.dir()).map_err(|e| cannot_write(&e))?;
        sweep(store);
        let dir = tempfile::Builder::new()
            .prefix(PREFIX)
            .tempdir_in(store.dir())
            .map_err(|e| cannot_write(&e))?;
        fs::create_dir(dir.path().join("new")).map_err(|e| cannot_write(&e))?;
        Ok(Self { dir })
    }

    /// A file to write and read.
    pub(super) fn file(&self, name: &str) -> Result<File> {
        let mut options = File::options();
        options.read(true).write(true).create_new(true);
        options
            .open(self.dir.path().join(name))
            .map_err(|e| cannot_write(&e))
    }

    /// The binary out of the archive, executable and on the disk.
    pub(super) fn unpack(&self, name: &str, mut archive: File) -> Result<Made> {
        let path = self.dir.path().join("new").join(binary_name());
        let mut out = self.file(&format!("new/{}", binary_name()))?;
        archive
            .seek(SeekFrom::Start(0))
            .map_err(|e| cannot_write(&e))?;
        let sha256 = unpack(name, archive, &mut out).map_err(|e| match e {
            Wrong::Archive(why) => Error::refused(format!(
                "{name} cannot be used: {}; nothing was installed",
                clean(&why, 200)
            )),
            Wrong::Writing(e) => cannot_write(&e),
        })?;
        #[cfg(unix)]
        out.set_permissions(std::os::unix::fs::PermissionsExt::from_mode(0o755))
            .map_err(|e| cannot_write(&e))?;
        out.sync_all().map_err(|e| cannot_write(&e))?;
        Ok(Made { path, sha256 })
    }

    /// Records the sums and moves it to where it is looked for.
    pub(super) fn place(
        self,
        store: &Store,
        version: &Version,
        made: &Made,
        archive: &str,
        archive_sum: &str,
    ) -> Result<PathBuf> {
        for (file, line) in [
            (SUM, format!("{}  {}\n", made.sha256, binary_name())),
            (ARCHIVE_SUM, format!("{archive_sum}  {archive}\n")),
        ] {
            let mut file = self.file(&format!("new/{file}"))?;
            file.write_all(line.as_bytes())
                .map_err(|e| cannot_write(&e))?;
            file.sync_all().map_err(|e| cannot_write(&e))?;
        }
        let home = store.home(version);
        let old = self.dir.path().join("old");
        // What is there was found wrong. It comes back if the new one cannot take its place.
        let moved = fs::rename(&home, &old).is_ok();
        if let Err(e) = fs::rename(self.dir.path().join("new"), &home) {
            if moved {
                let _ = fs::rename(&old, &home);
            }
            return Err(cannot_write(&e));
        }
        #[cfg(unix)]
        File::open(store.dir())
            .and_then(|dir| dir.sync_all())
            .map_err(|e| cannot_write(&e))?;
        Ok(home.join(binary_name()))
    }
}

/// Takes away what killed installations left.
fn sweep(store: &Store) {
    for entry in fs::read_dir(store.dir()).into_iter().flatten().flatten() {
        let ours = entry.file_name().to_string_lossy().starts_with(PREFIX);
        let age = entry
            .metadata()
            .and_then(|m| m.modified())
            .ok()
            .and_then(|at| at.elapsed().ok());
        if ours && age.is_some_and(|age| age > STALE) {
            let _ = fs::remove_dir_all(entry.path());
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::SystemTime;

    use super::*;

    #[test]
    fn what_was_killed_long_ago_is_swept_and_nothing_else() {
        let dir = tempfile::tempdir().unwrap();
        let store = Store::at(dir.path().to_owned());
        let old = SystemTime::now() - STALE * 2;
        for (name, aged) in [
            (".install-old", true),
            (".install-now", false),
            ("1.28.1", true),
        ] {
            let path = dir.path().join(name);
            fs::create_dir(&path).unwrap();
            if aged {
                File::open(&path).unwrap().set_modified(old).unwrap();
            }
        }
        drop(Work::begin(&store).unwrap());
        let mut left: Vec<_> = fs::read_dir(dir.path())
            .unwrap()
            .map(|e| e.unwrap().file_name())
            .collect();
        left.sort();
        assert_eq!(left, [".install-now", "1.28.1"]);
    }
}
