//! Where an archive and its sum come from: a mirror, or a file or directory of this machine.

use std::{
    fs::File,
    io::{self, Read as _, Seek as _, SeekFrom, Write as _},
    path::{Path, PathBuf},
};

use http::Uri;
use mesh_common::{
    Error, Result,
    cluster::web::shown,
    istioctl::{Version, store::hex},
    output::{Printer, clean},
};
use sha2::{Digest as _, Sha256};

use super::{
    FromArgs, cannot_write,
    download::{Download, Failed},
    mirror,
    url::{below, failed},
};
use crate::release::{self, Platform};

/// Largest archive: those of 1.20 to 1.30 have 22 to 35 MB.
const ARCHIVE_MAX: u64 = 256 * 1024 * 1024;

/// Largest sum file.
const SUM_MAX: u64 = 16 * 1024;

/// Where a release is read from.
pub(super) enum Source<'a> {
    Mirror {
        /// Of the version.
        base: Uri,
        download: Box<Download<'a>>,
    },
    Local {
        /// As it was typed.
        path: PathBuf,
        version: String,
    },
}

impl<'a> Source<'a> {
    pub(super) fn of(from: &FromArgs, version: &Version, printer: &'a Printer) -> Result<Self> {
        if let Some(path) = &from.from_file {
            if !path.exists() {
                return Err(Error::user(format!(
                    "cannot read {}: there is no such file",
                    clean(&path.display().to_string(), 300)
                )));
            }
            return Ok(Self::Local {
                path: path.clone(),
                version: version.to_string(),
            });
        }
        let base = mirror(from)?;
        Ok(Self::Mirror {
            download: Box::new(Download::new(&base, printer)),
            base: below(&base, &version.to_string())?,
        })
    }

    /// Where that is, for a screen.
    pub(super) fn shown(&self) -> String {
        match self {
            Self::Mirror { base, .. } => shown(base),
            Self::Local { path, .. } => clean(&path.display().to_string(), 300),
        }
    }

    /// The sum that is published for an archive; none where there is none.
    pub(super) async fn sum(&mut self, name: &str) -> Result<Option<String>> {
        let file = format!("{name}.sha256");
        let (text, at, own) = match self {
            Self::Mirror { base, download } => {
                let url = below(base, &file)?;
                let mut into = tempfile::tempfile().map_err(|e| cannot_write(&e))?;
                match download.fetch(&url, &mut into, SUM_MAX, &file).await {
                    Ok(_) => {}
                    Err(Failed::NotFound) => return Ok(None),
                    Err(Failed::Error(e)) => return Err(e),
                }
                let text = text_of(&mut into).map_err(|e| failed(&url, &e.to_string()))?;
                (text, shown(&url), None)
            }
            Self::Local { path, version } => {
                let Some(archive) = local(path, version, name) else {
                    return Ok(None);
                };
                let sum = with_suffix(&archive, ".sha256");
                let mut file = match File::open(&sum) {
                    Ok(file) => file,
                    Err(e) if e.kind() == io::ErrorKind::NotFound => return Ok(None),
                    Err(e) => return Err(cannot_read(&sum, &e)),
                };
                let text = text_of(&mut file).map_err(|e| cannot_read(&sum, &e))?;
                let own = archive.file_name().and_then(|n| n.to_str());
                (text, sum.display().to_string(), own.map(str::to_owned))
            }
        };
        let names: Vec<&str> = [Some(name), own.as_deref()].into_iter().flatten().collect();
        release::sum(&text, &names).map(Some).map_err(|why| {
            Error::refused(format!("{} {why}; nothing was installed", clean(&at, 300)))
        })
    }

    /// Writes the archive to a file; returns its sum.
    pub(super) async fn archive(&mut self, name: &str, into: &mut File) -> Result<String> {
        match self {
            Self::Mirror { base, download } => {
                let url = below(base, name)?;
                match download.fetch(&url, into, ARCHIVE_MAX, name).await {
                    Ok(fetched) => Ok(fetched.sha256),
                    Err(Failed::NotFound) => Err(absent(&url)),
                    Err(Failed::Error(e)) => Err(e),
                }
            }
            Self::Local { path, version } => {
                let archive = local(path, version, name).ok_or_else(|| {
                    Error::user(format!(
                        "there is no {name} in {}",
                        clean(&path.display().to_string(), 300)
                    ))
                })?;
                copy(&archive, into)
            }
        }
    }
}

/// The sums that a mirror or a directory publishes for a version, of all machines that it has.
pub(crate) async fn sums(
    from: &FromArgs,
    version: &Version,
    printer: &Printer,
) -> Result<Vec<(Platform, String)>> {
    let mut source = Source::of(from, version, printer)?;
    let mut sums = Vec::new();
    for platform in Platform::ALL {
        if let Some(sum) = source.sum(&platform.archive(version)).await? {
            sums.push((platform, sum));
        }
    }
    Ok(sums)
}

fn absent(url: &Uri) -> Error {
    failed(url, "there is no such file (404)")
        .hint("is that a version that was released? is it below the mirror as VERSION/ARCHIVE?")
}

/// The archive: the file itself, or in the directory, or in that of the version below it, as a mirror has it.
fn local(path: &Path, version: &str, name: &str) -> Option<PathBuf> {
    if !path.is_dir() {
        return Some(path.to_owned());
    }
    [path.join(name), path.join(version).join(name)]
        .into_iter()
        .find(|file| file.exists() || with_suffix(file, ".sha256").exists())
}

fn with_suffix(path: &Path, suffix: &str) -> PathBuf {
    let mut path = path.as_os_str().to_owned();
    path.push(suffix);
    path.into()
}

fn text_of(file: &mut File) -> io::Result<String> {
    file.seek(SeekFrom::Start(0))?;
    let mut bytes = Vec::new();
    file.take(SUM_MAX).read_to_end(&mut bytes)?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

/// Copied, so that what is checked is what is unpacked.
fn copy(from: &Path, into: &mut File) -> Result<String> {
    let mut file = File::open(from).map_err(|e| cannot_read(from, &e))?;
    let mut hasher = Sha256::new();
    let mut buffer = vec![0; 256 * 1024];
    let mut size = 0;
    loop {
        let n = file.read(&mut buffer).map_err(|e| cannot_read(from, &e))?;
        if n == 0 {
            return Ok(hex(&hasher.finalize()));
        }
        size += n as u64;
        if size > ARCHIVE_MAX {
            let path = clean(&from.display().to_string(), 300);
            let most = ARCHIVE_MAX >> 20;
            return Err(Error::user(format!("{path} has more than {most} MiB")));
        }
        hasher.update(&buffer[..n]);
        into.write_all(&buffer[..n]).map_err(|e| cannot_write(&e))?;
    }
}

fn cannot_read(path: &Path, e: &io::Error) -> Error {
    let why = match e.kind() {
        io::ErrorKind::NotFound => "there is no such file".to_owned(),
        io::ErrorKind::IsADirectory => "it is a directory".to_owned(),
        _ => clean(&e.to_string(), 200),
    };
    Error::user(format!(
        "cannot read {}: {why}",
        clean(&path.display().to_string(), 300)
    ))
}
