//! The store of pinned versions, `<store>/<version>/istioctl`, and whether what lies there is what was put there.
//!
//! Beside the binary are `istioctl.sha256` (its own sum), `archive.sha256` (the sum and the name of the release archive that
//! it came from) and `istioctl.stamp`: what the file system said of the binary when it was last read whole. While that
//! is unchanged the binary is not read again.

use std::io::{self, Read};
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use super::Version;
use super::find::Places;
use crate::error::{Error, Result};
use crate::output::clean;

pub use crate::mesh::digest::hex;

/// The file with the sum of the binary.
pub const SUM: &str = "istioctl.sha256";

/// The file with the sum and the name of the archive.
pub const ARCHIVE_SUM: &str = "archive.sha256";

/// Longest file with a sum in it that is read.
const SUM_MAX: u64 = 4 * 1024;

/// Most versions that are looked at.
const VERSIONS_MAX: usize = 200;

/// Where pinned versions lie.
#[derive(Debug, Clone)]
pub struct Store {
    dir: PathBuf,
}

/// One version in the store.
#[derive(Debug, Clone)]
pub struct Installed {
    /// By the name of its directory.
    pub version: Version,
    /// The binary, absolute.
    pub path: PathBuf,
    /// The sum recorded for it, or why there is none.
    pub sha256: Result<String, String>,
    /// The sum of the archive it came from.
    pub archive: Option<String>,
}

impl Store {
    /// A store in this directory, which need not exist.
    pub fn at(dir: PathBuf) -> Self {
        Self { dir }
    }

    /// That of this user.
    ///
    /// # Errors
    /// Neither `XDG_DATA_HOME` nor `HOME` is set to an absolute path.
    pub fn of_this_process() -> Result<Self> {
        Places::of_this_process()
            .store
            .map(Self::at)
            .ok_or_else(|| {
                Error::user("there is no place for istioctl: neither XDG_DATA_HOME nor HOME is set")
            })
    }

    /// Its directory.
    pub fn dir(&self) -> &Path {
        &self.dir
    }

    /// The directory of one version.
    pub fn home(&self, version: &Version) -> PathBuf {
        self.dir.join(version.to_string())
    }

    /// One version, if it is there.
    pub fn get(&self, version: &Version) -> Option<Installed> {
        let path = self.home(version).join(binary_name());
        path.exists().then(|| Installed::at(version.clone(), path))
    }

    /// What is there, newest first. An unreadable store is an empty one.
    pub fn installed(&self) -> Vec<Installed> {
        let entries = std::fs::read_dir(&self.dir).into_iter().flatten().flatten();
        let mut all: Vec<Installed> = entries
            .filter_map(|entry| {
                let version = Version::parse(entry.file_name().to_str()?)?;
                let path = entry.path().join(binary_name());
                path.exists().then(|| Installed::at(version, path))
            })
            .take(VERSIONS_MAX)
            .collect();
        all.sort_by(|a, b| {
            let (x, y) = (&a.version, &b.version);
            y.semver
                .cmp(&x.semver)
                .then_with(|| x.vendor.cmp(&y.vendor))
        });
        all
    }
}

impl Installed {
    fn at(version: Version, path: PathBuf) -> Self {
        Self {
            sha256: recorded(&path),
            archive: sum_in(&path.with_file_name(ARCHIVE_SUM)).ok(),
            version,
            path,
        }
    }

    /// Whether the binary is what was recorded; it is read only where its stamp does not tell.
    ///
    /// # Errors
    /// Why it must not be used.
    pub fn check(&self) -> Result<(), String> {
        check(&self.path, self.sha256.as_ref().map_err(Clone::clone)?)
    }

    /// The same, and all of it is read.
    ///
    /// # Errors
    /// Why it must not be used.
    pub fn verify(&self) -> Result<(), String> {
        verify(&self.path, self.sha256.as_ref().map_err(Clone::clone)?)
    }
}

/// The name of the binary on this system.
pub fn binary_name() -> &'static str {
    if cfg!(windows) {
        "istioctl.exe"
    } else {
        "istioctl"
    }
}

/// The digest recorded beside a pinned istioctl.
pub(super) fn recorded(binary: &Path) -> Result<String, String> {
    sum_in(&binary.with_file_name(SUM)).map_err(|e| match e.kind() {
        io::ErrorKind::InvalidData => "its recorded sha256 cannot be read, not used".to_owned(),
        _ => "pinned without a recorded sha256, not used".to_owned(),
    })
}

/// The sum in a file: 64 hex digits, alone or as `sha256sum` writes them.
fn sum_in(file: &Path) -> io::Result<String> {
    let mut text = String::new();
    std::fs::File::open(file)?
        .take(SUM_MAX)
        .read_to_string(&mut text)?;
    let digest = text.split_whitespace().next().unwrap_or_default();
    if is_sum(digest) {
        Ok(digest.to_ascii_lowercase())
    } else {
        Err(io::ErrorKind::InvalidData.into())
    }
}

/// Whether a text is a SHA-256 in hex.
pub fn is_sum(text: &str) -> bool {
    text.len() == 64 && text.bytes().all(|b| b.is_ascii_hexdigit())
}

/// The SHA-256 of a file, in hex.
///
/// # Errors
/// It cannot be read.
pub fn sha256_of(path: &Path) -> io::Result<String> {
    let mut file = std::fs::File::open(path)?;
    let mut hasher = Sha256::new();
    let mut buffer = vec![0; 256 * 1024];
    loop {
        match file.read(&mut buffer)? {
            0 => return Ok(hex(&hasher.finalize())),
            n => hasher.update(&buffer[..n]),
        }
    }
}

/// Compares a file with the digest recorded for it. What its stamp vouches for is not read.
pub(super) fn check(path: &Path, wanted: &str) -> Result<(), String> {
    let now = stamp::of(path, wanted);
    if now.is_some() && stamp::read(path) == now {
        return Ok(());
    }
    verify(path, wanted)
}

/// Reads all of a file, compares it, and leaves a stamp where it is right.
fn verify(path: &Path, wanted: &str) -> Result<(), String> {
    // From before it is read: a change meanwhile makes the stamp a wrong one.
    let before = stamp::of(path, wanted);
    let unreadable = |e: io::Error| format!("cannot be read: {}", clean(&e.to_string(), 200));
    let digest = sha256_of(path).map_err(unreadable)?;
    if digest != wanted {
        return Err("its sha256 is not the recorded one, not used".to_owned());
    }
    if let Some(stamp) = before {
        stamp::write(path, &stamp);
    }
    Ok(())
}

/// What the file system says of a file that was found right. It spares reading 80 to 110 MB at each start.
mod stamp {
    use std::path::Path;

    const NAME: &str = "istioctl.stamp";

    /// One line: the sum, and what changes when the file does. The time of change cannot be set back by its owner, as
    /// that of modification can.
    #[cfg(unix)]
    pub(super) fn of(path: &Path, sha256: &str) -> Option<String> {
        use std::os::unix::fs::MetadataExt;
        let m = std::fs::metadata(path).ok()?;
        Some(format!(
            "{sha256} size={} inode={}:{} mtime={}.{:09} ctime={}.{:09}\n",
            m.len(),
            m.dev(),
            m.ino(),
            m.mtime(),
            m.mtime_nsec(),
            m.ctime(),
            m.ctime_nsec()
        ))
    }

    /// Other systems do not say enough of a file.
    #[cfg(not(unix))]
    pub(super) fn of(_path: &Path, _sha256: &str) -> Option<String> {
        None
    }

    pub(super) fn read(binary: &Path) -> Option<String> {
        use std::io::Read;
        let mut text = String::new();
        let file = std::fs::File::open(binary.with_file_name(NAME)).ok()?;
        file.take(1024).read_to_string(&mut text).ok()?;
        Some(text)
    }

    /// Written beside and renamed. A store that cannot be written is read each time.
    pub(super) fn write(binary: &Path, stamp: &str) {
        let Some(dir) = binary.parent() else { return };
        let made = tempfile::NamedTempFile::new_in(dir).and_then(|mut file| {
            std::io::Write::write_all(&mut file, stamp.as_bytes())?;
            file.persist(binary.with_file_name(NAME))?;
            Ok(())
        });
        if let Err(e) = made {
            tracing::debug!("no stamp beside {}: {e}", binary.display());
        }
    }
}

#[cfg(test)]
mod tests;
