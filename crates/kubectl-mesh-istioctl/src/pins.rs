//! `.mesh.toml`: the versions that a team agreed on, with the sums of their archives.
//!
//! ```toml
//! [istioctl."1.28.1"]
//! linux-amd64 = "<SHA-256 of istioctl-1.28.1-linux-amd64.tar.gz>"
//! ```

use std::{
    fs,
    io::{self, Read as _, Write as _},
    path::{Path, PathBuf},
};

use mesh_common::{
    Error, Result,
    istioctl::{Version, store::is_sum},
    output::clean,
};
use toml_edit::{DocumentMut, Item, Table, value};

use crate::release::Platform;

/// Its name.
pub(crate) const FILE: &str = ".mesh.toml";

/// The table of ours in it.
const TABLE: &str = "istioctl";

/// Largest one.
const FILE_MAX: u64 = 1024 * 1024;

/// How far up it is looked for.
const PARENTS_MAX: usize = 64;

/// A file of pins.
#[derive(Debug)]
pub(crate) struct Pins {
    /// Where it is.
    pub(crate) path: PathBuf,
    document: DocumentMut,
}

impl Pins {
    /// The one of this directory, else of the nearest above it. None where there is none.
    ///
    /// # Errors
    /// It cannot be read: what it pins would be set aside in silence.
    pub(crate) fn nearest() -> Result<Option<Self>> {
        let here = std::env::current_dir()
            .map_err(|e| Error::user("the current directory is gone").caused_by(e))?;
        for dir in here.ancestors().take(PARENTS_MAX) {
            let path = dir.join(FILE);
            if path.is_file() {
                return Self::read(path).map(Some);
            }
        }
        Ok(None)
    }

    /// The one at this path; an empty one where there is none.
    pub(crate) fn read(path: PathBuf) -> Result<Self> {
        let wrong = |why: &str| {
            let path = clean(&path.display().to_string(), 300);
            Error::user(format!("cannot read {path}: {}", clean(why, 300)))
        };
        let mut text = String::new();
        match fs::File::open(&path) {
            Ok(file) => {
                let read = file.take(FILE_MAX + 1).read_to_string(&mut text);
                read.map_err(|e| wrong(&e.to_string()))?;
            }
            Err(e) if e.kind() == io::ErrorKind::NotFound => {}
            Err(e) => return Err(wrong(&e.to_string())),
        }
        if text.len() as u64 > FILE_MAX {
            return Err(wrong("it has more than 1 MiB"));
        }
        let document: DocumentMut = text
            .parse()
            .map_err(|e: toml_edit::TomlError| wrong(e.message()))?;
        let pins = Self { path, document };
        pins.valid().map_err(|why| {
            let path = clean(&pins.path.display().to_string(), 300);
            Error::user(format!("cannot read {path}: {why}"))
                .hint("take the lines of that version out, and pin it again with kubectl mesh-istioctl pin")
        })?;
        Ok(pins)
    }

    /// Every sum in it is one.
    fn valid(&self) -> Result<(), String> {
        let Some(item) = self.document.get(TABLE) else {
            return Ok(());
        };
        let versions = item
            .as_table_like()
            .ok_or_else(|| format!("{TABLE} is no table"))?;
        for (version, sums) in versions.iter() {
            let shown = clean(version, 60);
            let sums = sums
                .as_table_like()
                .ok_or_else(|| format!("{TABLE}.\"{shown}\" is no table of sums"))?;
            for (platform, sum) in sums.iter() {
                if !sum.as_str().is_some_and(is_sum) {
                    let platform = clean(platform, 60);
                    return Err(format!("{platform} of {shown} is no SHA-256"));
                }
            }
        }
        Ok(())
    }

    /// The sum pinned for the archive of a version.
    pub(crate) fn sum(&self, version: &Version, platform: Platform) -> Option<String> {
        let sums = self.document.get(TABLE)?.as_table_like()?;
        let sums = sums.get(&version.to_string())?.as_table_like()?;
        let sum = sums.get(&platform.to_string())?.as_str()?;
        Some(sum.to_ascii_lowercase())
    }

    /// Whether a version is pinned, for any machine.
    pub(crate) fn has(&self, version: &Version) -> bool {
        self.document
            .get(TABLE)
            .and_then(Item::as_table_like)
            .is_some_and(|versions| versions.contains_key(&version.to_string()))
    }

    /// Pins a version in place of what was pinned of it. The rest of the file stays as it is.
    pub(crate) fn set(&mut self, version: &Version, sums: &[(Platform, String)]) -> Result<()> {
        let mut table = Table::new();
        for (platform, sum) in sums {
            table.insert(&platform.to_string(), value(sum));
        }
        let mut all = Table::new();
        // `[istioctl]` alone on a line would say nothing.
        all.set_implicit(true);
        self.document
            .entry(TABLE)
            .or_insert(Item::Table(all))
            .as_table_like_mut()
            .ok_or_else(|| Error::internal("the pins are no table"))?
            .insert(&version.to_string(), Item::Table(table));
        Ok(())
    }

    /// Writes it beside and renames it.
    pub(crate) fn write(&self) -> Result<()> {
        let dir = self.path.parent().unwrap_or(Path::new("."));
        let written = || -> io::Result<()> {
            let mut builder = tempfile::Builder::new();
            builder.prefix(".mesh-");
            // As any file that is made here: it is to be committed.
            #[cfg(unix)]
            builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o644));
            let mut file = builder.tempfile_in(dir)?;
            file.write_all(self.document.to_string().as_bytes())?;
            file.as_file().sync_all()?;
            file.persist(&self.path)?;
            Ok(())
        };
        written().map_err(|e| {
            let path = clean(&self.path.display().to_string(), 300);
            Error::user(format!("cannot write {path}")).caused_by(e)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn version(text: &str) -> Version {
        Version::parse(text).unwrap()
    }

    fn at(text: &str) -> (tempfile::TempDir, Result<Pins>) {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join(FILE);
        fs::write(&path, text).unwrap();
        (dir, Pins::read(path))
    }

    #[test]
    fn what_is_pinned_reads_back_and_the_rest_stays() {
        let [linux, .., mac, _] = Platform::ALL;
        let (_dir, pins) = at("# ours\n[other]\nx = 1 # why\n");
        let mut pins = pins.unwrap();
        let (one, two) = (version("1.26.1"), version("1.28.1"));
        pins.set(&one, &[(linux, "a".repeat(64))]).unwrap();
        pins.set(&two, &[(linux, "b".repeat(64)), (mac, "c".repeat(64))])
            .unwrap();
        pins.set(&one, &[(linux, "d".repeat(64))]).unwrap();
        pins.write().unwrap();
        let again = Pins::read(pins.path.clone()).unwrap();
        assert_eq!(again.sum(&one, linux), Some("d".repeat(64)));
        assert_eq!(again.sum(&one, mac), None);
        assert_eq!(again.sum(&two, mac), Some("c".repeat(64)));
        assert!(again.has(&two) && !again.has(&version("1.27.0")));
        let text = fs::read_to_string(&pins.path).unwrap();
        assert!(text.starts_with("# ours\n[other]\nx = 1 # why\n"), "{text}");
        assert!(
            text.contains("\n[istioctl.\"1.28.1\"]\nlinux-amd64 = \""),
            "{text}"
        );
    }

    #[test]
    fn what_cannot_be_read_is_an_error_and_not_no_pin() {
        let short = format!(
            "[istioctl.\"1.28.1\"]\nlinux-amd64 = \"{}\"",
            "a".repeat(63)
        );
        for (text, says) in [
            ("istioctl = 3", "no table"),
            ("[istioctl]\n\"1.28.1\" = \"x\"", "no table of sums"),
            (&short, "no SHA-256"),
            ("[istioctl", "cannot read"),
        ] {
            let (_dir, pins) = at(text);
            let said = pins.unwrap_err().to_string();
            assert!(said.contains(says), "{text}: {said}");
        }
    }

    #[test]
    fn none_is_an_empty_one() {
        let dir = tempfile::tempdir().unwrap();
        let pins = Pins::read(dir.path().join(FILE)).unwrap();
        assert!(!pins.has(&version("1.28.1")));
    }
}
