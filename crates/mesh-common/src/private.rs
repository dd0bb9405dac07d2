//! Temporary files that only this user may read, gone with whoever holds them.

use std::{
    fs::{self, OpenOptions},
    io::Write as _,
    path::Path,
};

use tempfile::TempDir;

use crate::error::{Error, Result};

/// A directory of mode 0700.
///
/// # Errors
/// It cannot be made.
pub fn directory(prefix: &str) -> Result<TempDir> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(prefix);
    // Without this the directory is as open as the umask leaves it.
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o700));
    builder
        .tempdir()
        .map_err(|e| Error::user("cannot make a temporary directory").caused_by(e))
}

/// A directory in a private one.
///
/// # Errors
/// It cannot be made.
pub fn below(dir: &Path, name: &str) -> Result<std::path::PathBuf> {
    let path = dir.join(name);
    fs::create_dir(&path)
        .map_err(|e| Error::user("cannot make a temporary directory").caused_by(e))?;
    Ok(path)
}

/// A new file of mode 0600.
///
/// # Errors
/// It is there, or cannot be written.
pub fn file(path: &Path, content: &[u8]) -> Result<()> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
        .open(path)
        .and_then(|mut file| file.write_all(content))
        .map_err(|e| Error::user("cannot write a temporary file").caused_by(e))
}
