//! Archives of which two builds give the same bytes: entries by name, one time, nobody's user id.

use std::io::{Cursor, Write as _};

use flate2::{Compression, GzBuilder};
use zip::{CompressionMethod, write::SimpleFileOptions};

use crate::Result;

/// A file in an archive.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Entry {
    pub(crate) name: String,
    pub(crate) executable: bool,
    pub(crate) bytes: Vec<u8>,
}

impl Entry {
    pub(crate) fn file(name: impl Into<String>, bytes: Vec<u8>) -> Self {
        Self {
            name: name.into(),
            executable: false,
            bytes,
        }
    }

    fn mode(&self) -> u32 {
        if self.executable { 0o755 } else { 0o644 }
    }
}

/// Packs as the name wants it: `.zip`, else `.tar.gz`. `epoch` is the time of every entry.
pub(crate) fn pack(name: &str, mut entries: Vec<Entry>, epoch: u64) -> Result<Vec<u8>> {
    entries.sort();
    if name.rsplit_once('.').is_some_and(|(_, end)| end == "zip") {
        zip(&entries)
    } else {
        tar_gz(&entries, epoch)
    }
}

fn tar_gz(entries: &[Entry], epoch: u64) -> Result<Vec<u8>> {
    // No name and no time in gzip's own header.
    let gzip = GzBuilder::new().write(Vec::new(), Compression::best());
    let mut tar = tar::Builder::new(gzip);
    for entry in entries {
        let mut header = tar::Header::new_ustar();
        header.set_size(u64::try_from(entry.bytes.len())?);
        header.set_mode(entry.mode());
        header.set_mtime(epoch);
        header.set_uid(0);
        header.set_gid(0);
        tar.append_data(&mut header, &entry.name, entry.bytes.as_slice())?;
    }
    Ok(tar.into_inner()?.finish()?)
}

/// zip's times are local and without a zone: every entry has the format's first day, which is its default.
fn zip(entries: &[Entry]) -> Result<Vec<u8>> {
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for entry in entries {
        let options = SimpleFileOptions::default()
            .compression_method(CompressionMethod::Deflated)
            .last_modified_time(zip::DateTime::default())
            .unix_permissions(entry.mode());
        zip.start_file(&entry.name, options)?;
        zip.write_all(&entry.bytes)?;
    }
    Ok(zip.finish()?.into_inner())
}

#[cfg(test)]
mod tests {
    use std::io::{Cursor, Read as _};

    use super::{Entry, pack};

    const EPOCH: u64 = 1_795_251_838;

    fn entries() -> Vec<Entry> {
        let program = Entry {
            name: "kubectl-mesh_tag".into(),
            executable: true,
            bytes: b"program".to_vec(),
        };
        vec![
            Entry::file("man/kubectl-mesh_tag.1", b"page".to_vec()),
            program,
            Entry::file("LICENSE", b"licence".to_vec()),
        ]
    }

    #[test]
    fn a_tar_gz_has_no_trace_of_its_maker() {
        let packed = pack("x.tar.gz", entries(), EPOCH).unwrap();
        // RFC 1952: no flags, so no name; time 0; system unknown.
        assert_eq!(packed[3..8], [0; 5]);
        assert_eq!(packed[9], 255);
        let mut tar = tar::Archive::new(flate2::read::GzDecoder::new(packed.as_slice()));
        let mut seen = Vec::new();
        for entry in tar.entries().unwrap() {
            let entry = entry.unwrap();
            let header = entry.header();
            assert_eq!((header.uid().unwrap(), header.gid().unwrap()), (0, 0));
            assert_eq!(header.mtime().unwrap(), EPOCH);
            assert_eq!(header.username_bytes(), Some(&b""[..]));
            seen.push((
                entry.path().unwrap().display().to_string(),
                header.mode().unwrap(),
            ));
        }
        let wanted = [
            ("LICENSE", 0o644),
            ("kubectl-mesh_tag", 0o755),
            ("man/kubectl-mesh_tag.1", 0o644),
        ];
        assert_eq!(seen, wanted.map(|(name, mode)| (name.to_owned(), mode)));
    }

    #[test]
    fn a_zip_holds_what_was_put_in() {
        let packed = pack("x.zip", entries(), EPOCH).unwrap();
        let mut zip = zip::ZipArchive::new(Cursor::new(packed)).unwrap();
        let mut text = String::new();
        let mut program = zip.by_name("kubectl-mesh_tag").unwrap();
        assert_eq!(program.unix_mode().map(|m| m & 0o777), Some(0o755));
        assert_eq!(program.last_modified(), Some(zip::DateTime::default()));
        program.read_to_string(&mut text).unwrap();
        assert_eq!(text, "program");
    }

    #[test]
    fn order_does_not_matter() {
        for name in ["x.tar.gz", "x.zip"] {
            let mut other = entries();
            other.reverse();
            assert_eq!(
                pack(name, entries(), EPOCH).unwrap(),
                pack(name, other, EPOCH).unwrap()
            );
        }
    }
}
