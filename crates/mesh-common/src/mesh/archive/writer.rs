//! Writes an archive: streamed, to a file beside the wanted one that takes its place when it is whole.

mod stream;

use std::{
    collections::HashSet,
    fs,
    io::{self, Write},
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
};

use flate2::write::GzEncoder;
use jiff::Timestamp;
use sha2::{Digest, Sha256};
use tempfile::TempPath;

use self::stream::{Encoder, Output};
use super::Plain;
use super::format::{File, INDEX, Index, MANIFEST, Manifest, ReadList, Unread, is_plain};
use crate::{
    error::{Error, Result},
    mesh::digest::hex,
    output::clean,
};

pub use self::stream::{Lock, Locked, Out};

/// How an archive is compressed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Compression {
    /// zstd.
    Zstd,
    /// gzip.
    Gzip,
}

impl Compression {
    /// By the name of the file: `.tar.gz`, `.tgz` and `.gz` are gzip, everything else is zstd.
    pub fn of(path: &Path) -> Self {
        match path.extension().and_then(|e| e.to_str()) {
            Some("gz" | "tgz") => Self::Gzip,
            _ => Self::Zstd,
        }
    }
}

/// Where an archive goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Target {
    /// A file.
    File {
        /// Its path.
        path: PathBuf,
        /// Whether it may take the place of one that is there.
        overwrite: bool,
    },
    /// Standard output.
    Stdout,
}

impl Target {
    /// What was typed: `-` is standard output.
    pub fn typed(path: &Path, overwrite: bool) -> Self {
        if path.as_os_str() == "-" {
            Self::Stdout
        } else {
            Self::File {
                path: path.to_owned(),
                overwrite,
            }
        }
    }

    /// By the name of the file.
    pub fn compression(&self) -> Compression {
        match self {
            Self::File { path, .. } => Compression::of(path),
            Self::Stdout => Compression::Zstd,
        }
    }

    /// As it was typed, safe to print.
    pub fn name(&self) -> String {
        match self {
            Self::File { path, .. } => clean(&path.display().to_string(), 300),
            Self::Stdout => "-".into(),
        }
    }
}

/// An archive being written. Dropped before [`Writer::finish`], it leaves nothing behind.
pub struct Writer {
    tar: tar::Builder<Encoder>,
    target: Target,
    time: u64,
    index: Index,
    seen: HashSet<String>,
    beside: Beside,
}

/// The name a file has until it is whole.
type Beside = Arc<Mutex<Option<TempPath>>>;

/// Takes the unfinished file away when it is dropped, whoever still holds the [`Writer`]: a thread may be
/// writing into it when Ctrl-C ends the command.
#[derive(Debug)]
pub struct Cleanup(Beside);

impl Drop for Cleanup {
    fn drop(&mut self) {
        drop(take(&self.0));
    }
}

fn take(beside: &Beside) -> Option<TempPath> {
    beside.lock().unwrap_or_else(PoisonError::into_inner).take()
}

/// What was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written {
    /// The index.
    pub index: Index,
    /// Bytes of the file.
    pub size: u64,
    /// SHA-256 of the file in hexadecimal.
    pub sha256: String,
}

impl std::fmt::Debug for Writer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Writer")
            .field("target", &self.target)
            .finish_non_exhaustive()
    }
}

impl Writer {
    /// Begins an archive with its manifest.
    ///
    /// # Errors
    ///
    /// A file that is there and may not be replaced, and what cannot be written.
    pub fn create(target: Target, manifest: &Manifest) -> Result<Self> {
        Self::locked(target, manifest, &Plain)
    }

    /// The same, of an archive that is encrypted as a whole: not a byte of it is ever on the disk as it is.
    ///
    /// # Errors
    ///
    /// As [`create`](Self::create), and no key to encrypt to.
    pub fn locked(target: Target, manifest: &Manifest, lock: &dyn Lock) -> Result<Self> {
        let (output, beside) = match &target {
            Target::File { path, overwrite } => {
                if !overwrite && fs::symlink_metadata(path).is_ok() {
                    return Err(taken(&target));
                }
                let dir = directory(path);
                let file = tempfile::Builder::new()
                    .prefix(".mesh-backup-")
                    .tempfile_in(dir)
                    .map_err(|e| {
                        let dir = clean(&dir.display().to_string(), 300);
                        Error::user(format!("cannot write into {dir}")).caused_by(e)
                    })?;
                let (file, beside) = file.into_parts();
                (Output::File(file), Some(beside))
            }
            Target::Stdout => (Output::Stdout(io::stdout()), None),
        };
        let out = Out {
            output,
            size: 0,
            digest: Sha256::new(),
        };
        let locked = lock.lock(out).map_err(|e| failed(&target, e))?;
        let encoder = match target.compression() {
            Compression::Zstd => zstd::Encoder::new(locked, 3).and_then(|mut zstd| {
                zstd.include_checksum(true)?;
                Ok(Encoder::Zstd(zstd))
            }),
            Compression::Gzip => Ok(Encoder::Gzip(GzEncoder::new(
                locked,
                flate2::Compression::default(),
            ))),
        };
        let encoder = encoder.map_err(|e| failed(&target, e))?;
        let mut writer = Self {
            tar: tar::Builder::new(encoder),
            time: seconds(manifest.capture_time),
            index: Index::default(),
            seen: HashSet::new(),
            beside: Arc::new(Mutex::new(beside)),
            target,
        };
        let json = document(manifest)?;
        writer.file(MANIFEST.to_owned(), &json)?;
        Ok(writer)
    }

    /// Something to hold while others may hold the writer: see [`Cleanup`].
    pub fn cleanup(&self) -> Cleanup {
        Cleanup(Arc::clone(&self.beside))
    }

    /// Adds an entry. One whose path is there already is left out: a list that had to be read again brings
    /// the same objects twice. Says whether it was added.
    ///
    /// # Errors
    ///
    /// What cannot be written.
    pub fn file(&mut self, path: String, content: &[u8]) -> Result<bool> {
        if self.seen.contains(&path) {
            return Ok(false);
        }
        self.append(&path, content)?;
        self.index.files.push(File {
            path: path.clone(),
            size: content.len() as u64,
            sha256: hex(&Sha256::digest(content)),
        });
        self.seen.insert(path);
        Ok(true)
    }

    /// Notes a list that was read to its end.
    pub fn complete(&mut self, list: ReadList) {
        self.index.lists.push(list);
    }

    /// Whether no list was read at all.
    pub fn is_bare(&self) -> bool {
        self.index.lists.is_empty()
    }

    /// Notes something that could not be read; the same of it once.
    pub fn unread(&mut self, unread: Unread) {
        if !self.index.unread.contains(&unread) {
            self.index.unread.push(unread);
        }
    }

    /// Ends the archive with its index, makes it durable and gives it its name.
    ///
    /// # Errors
    ///
    /// What cannot be written, and a file that came to be there meanwhile.
    pub fn finish(mut self) -> Result<Written> {
        let json = document(&self.index)?;
        self.append(INDEX, &json)?;
        let target = self.target;
        let out = self
            .tar
            .into_inner()
            .and_then(Encoder::finish)
            .map_err(|e| failed(&target, e))?;
        let written = Written {
            index: self.index,
            size: out.size,
            sha256: hex(&out.digest.finalize()),
        };
        keep(out.output, take(&self.beside), &target)?;
        Ok(written)
    }

    fn append(&mut self, path: &str, content: &[u8]) -> Result<()> {
        if !is_plain(path) {
            return Err(Error::internal(format!(
                "{} is no path for an archive",
                clean(path, 300)
            )));
        }
        let mut header = tar::Header::new_ustar();
        header.set_entry_type(tar::EntryType::Regular);
        header.set_mode(0o600);
        header.set_mtime(self.time);
        header.set_size(content.len() as u64);
        header
            .set_path(path)
            .and_then(|()| {
                header.set_cksum();
                self.tar.append(&header, content)
            })
            .map_err(|e| failed(&self.target, e))?;
        Ok(())
    }
}

fn document(value: &impl serde::Serialize) -> Result<Vec<u8>> {
    let mut json = serde_json::to_vec_pretty(value)
        .map_err(|e| Error::internal("cannot write the archive's own documents").caused_by(e))?;
    json.push(b'\n');
    Ok(json)
}

fn seconds(time: Timestamp) -> u64 {
    u64::try_from(time.as_second()).unwrap_or_default()
}

fn directory(path: &Path) -> &Path {
    match path.parent() {
        Some(dir) if !dir.as_os_str().is_empty() => dir,
        _ => Path::new("."),
    }
}

fn taken(target: &Target) -> Error {
    Error::refused(format!("{} is there already", target.name()))
        .hint("choose another name, or add --overwrite")
}

fn failed(target: &Target, e: io::Error) -> Error {
    if matches!(target, Target::Stdout) {
        return Error::from(e);
    }
    Error::user(format!("cannot write {}", target.name())).caused_by(e)
}

/// Durable first, then by its name, then the name durable too.
fn keep(output: Output, beside: Option<TempPath>, target: &Target) -> Result<()> {
    match (output, target) {
        (Output::File(file), Target::File { path, overwrite }) => {
            let beside =
                beside.ok_or_else(|| Error::internal("the unfinished archive was taken away"))?;
            file.sync_all().map_err(|e| failed(target, e))?;
            let kept = if *overwrite {
                beside.persist(path)
            } else {
                beside.persist_noclobber(path)
            };
            kept.map_err(|e| {
                if e.error.kind() == io::ErrorKind::AlreadyExists {
                    taken(target)
                } else {
                    failed(target, e.error)
                }
            })?;
            sync_directory(directory(path)).map_err(|e| failed(target, e))
        }
        (Output::Stdout(mut stdout), _) => stdout.flush().map_err(|e| failed(target, e)),
        (Output::File(_), Target::Stdout) => Ok(()),
    }
}

#[cfg(unix)]
fn sync_directory(dir: &Path) -> io::Result<()> {
    fs::File::open(dir)?.sync_all()
}

/// Windows has no such thing.
#[cfg(not(unix))]
fn sync_directory(_: &Path) -> io::Result<()> {
    Ok(())
}
