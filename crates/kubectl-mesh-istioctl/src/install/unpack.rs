//! One file out of an archive, and no other.

use std::{
    fs::File,
    io::{self, Read, Write},
};

use flate2::read::GzDecoder;
use mesh_common::istioctl::store::{binary_name, hex};
use sha2::{Digest as _, Sha256};

/// Largest istioctl that is unpacked: those of 1.20 to 1.30 have 80 to 110 MB.
const BINARY_MAX: u64 = 512 * 1024 * 1024;

/// Most entries that are looked at.
const ENTRIES_MAX: usize = 64;

/// Why there is no istioctl.
#[derive(Debug)]
pub(super) enum Wrong {
    /// The archive is not what it should be.
    Archive(String),
    /// It cannot be written here.
    Writing(io::Error),
}

/// Writes the istioctl in an archive to `out`; returns its SHA-256.
pub(super) fn unpack(name: &str, archive: File, out: &mut File) -> Result<String, Wrong> {
    let extension = std::path::Path::new(name).extension();
    if extension.is_some_and(|e| e.eq_ignore_ascii_case("zip")) {
        zip(archive, out)
    } else {
        tar(archive, out)
    }
}

fn tar(archive: File, out: &mut File) -> Result<String, Wrong> {
    let mut archive = tar::Archive::new(GzDecoder::new(archive));
    let entries = archive.entries().map_err(|e| damaged(&e))?;
    for entry in entries.take(ENTRIES_MAX) {
        let mut entry = entry.map_err(|e| damaged(&e))?;
        let path = entry.path_bytes().into_owned();
        let path = path.strip_prefix(b"./").unwrap_or(&path);
        if path != binary_name().as_bytes() {
            continue;
        }
        // A link would be to a file of this machine.
        if !entry.header().entry_type().is_file() {
            return Err(Wrong::Archive("its istioctl is no plain file".into()));
        }
        return copy(&mut entry, out);
    }
    Err(none())
}

fn zip(archive: File, out: &mut File) -> Result<String, Wrong> {
    let mut archive =
        zip::ZipArchive::new(archive).map_err(|e| Wrong::Archive(format!("it is damaged: {e}")))?;
    let names = ["istioctl.exe", "istioctl"];
    let Some(name) = names
        .into_iter()
        .find(|name| archive.index_for_name(name).is_some())
    else {
        return Err(none());
    };
    let mut entry = archive
        .by_name(name)
        .map_err(|e| Wrong::Archive(format!("it is damaged: {e}")))?;
    copy(&mut entry, out)
}

fn none() -> Wrong {
    Wrong::Archive("there is no istioctl in it".into())
}

fn damaged(e: &io::Error) -> Wrong {
    Wrong::Archive(match e.kind() {
        io::ErrorKind::UnexpectedEof => "it is truncated".into(),
        _ => format!("it is damaged: {e}"),
    })
}

fn copy(from: &mut impl Read, out: &mut File) -> Result<String, Wrong> {
    let mut hasher = Sha256::new();
    let mut buffer = vec![0; 256 * 1024];
    let mut size = 0;
    loop {
        let n = from.read(&mut buffer).map_err(|e| damaged(&e))?;
        if n == 0 {
            return Ok(hex(&hasher.finalize()));
        }
        size += n as u64;
        if size > BINARY_MAX {
            return Err(Wrong::Archive(format!(
                "the istioctl in it has more than {} MiB",
                BINARY_MAX >> 20
            )));
        }
        hasher.update(&buffer[..n]);
        out.write_all(&buffer[..n]).map_err(Wrong::Writing)?;
    }
}

#[cfg(test)]
mod tests {
    use std::io::{Seek, SeekFrom};

    use flate2::{Compression, write::GzEncoder};

    use super::*;

    const BODY: &[u8] = b"an istioctl";

    fn file(bytes: &[u8]) -> File {
        let mut file = tempfile::tempfile().unwrap();
        file.write_all(bytes).unwrap();
        file.seek(SeekFrom::Start(0)).unwrap();
        file
    }

    fn tar_gz(entries: &[(&str, tar::EntryType, &[u8])]) -> Vec<u8> {
        let mut tar = tar::Builder::new(GzEncoder::new(Vec::new(), Compression::fast()));
        for (name, kind, body) in entries {
            let mut header = tar::Header::new_gnu();
            header.set_entry_type(*kind);
            header.set_size(body.len() as u64);
            header.set_mode(0o755);
            if *kind == tar::EntryType::Symlink {
                header.set_link_name("/etc/passwd").unwrap();
            }
            header.set_path(name).unwrap();
            header.set_cksum();
            tar.append(&header, *body).unwrap();
        }
        tar.into_inner().unwrap().finish().unwrap()
    }

    fn said(name: &str, bytes: &[u8]) -> Result<String, String> {
        let mut out = tempfile::tempfile().unwrap();
        let sum = unpack(name, file(bytes), &mut out).map_err(|e| match e {
            Wrong::Archive(why) => why,
            Wrong::Writing(e) => panic!("{e}"),
        })?;
        let mut body = String::new();
        out.seek(SeekFrom::Start(0)).unwrap();
        out.read_to_string(&mut body).unwrap();
        assert_eq!(sum, hex(&Sha256::digest(body.as_bytes())));
        Ok(body)
    }

    #[test]
    fn the_one_file() {
        use tar::EntryType::Regular;
        let body = Ok("an istioctl".to_owned());
        let name = binary_name();
        let other = ("LICENSE", Regular, &b"x"[..]);
        assert_eq!(said("a.tar.gz", &tar_gz(&[(name, Regular, BODY)])), body);
        let dotted = format!("./{name}");
        let two = tar_gz(&[other, (&dotted, Regular, BODY)]);
        assert_eq!(said("a.tar.gz", &two), body);
    }

    #[test]
    fn what_is_no_release_archive() {
        use tar::EntryType::{Directory, Regular, Symlink};
        let name = binary_name();
        for (entries, says) in [
            (vec![], "no istioctl in it"),
            (vec![("bin/istioctl", Regular, BODY)], "no istioctl in it"),
            (vec![(name, Symlink, &b""[..])], "no plain file"),
            (vec![(name, Directory, &b""[..])], "no plain file"),
        ] {
            let why = said("a.tar.gz", &tar_gz(&entries)).unwrap_err();
            assert!(why.contains(says), "{why}");
        }
        let whole = tar_gz(&[(name, Regular, &vec![7; 100_000])]);
        for (bytes, says) in [
            (&whole[..whole.len() / 2], "truncated"),
            (&whole[..20], "truncated"),
            (&b""[..], "truncated"),
            (&b"plain text, no gzip at all"[..], "damaged"),
        ] {
            let why = said("a.tar.gz", bytes).unwrap_err();
            assert!(why.contains(says), "{why}");
        }
    }

    #[test]
    fn zips() {
        let mut zip = zip::ZipWriter::new(io::Cursor::new(Vec::new()));
        let options = zip::write::SimpleFileOptions::default();
        zip.start_file("istioctl.exe", options).unwrap();
        zip.write_all(BODY).unwrap();
        let whole = zip.finish().unwrap().into_inner();
        assert_eq!(said("a.zip", &whole), Ok("an istioctl".to_owned()));
        let why = said("a.zip", &whole[..whole.len() / 2]).unwrap_err();
        assert!(why.contains("damaged"), "{why}");
    }
}
