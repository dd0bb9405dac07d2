//! What a binary must be before it is packed: it says what is in it, and not where it was made.

use std::{
    collections::BTreeSet,
    io::Read as _,
    path::{Path, PathBuf},
};

use serde::Deserialize;

use super::{
    build::{Source, cargo_home},
    crates::Contents,
};
use crate::{Result, cache};

/// What cargo-auditable writes.
#[derive(Deserialize)]
struct Audit {
    packages: Vec<Audited>,
}

#[derive(Deserialize)]
struct Audited {
    name: String,
    version: String,
    /// Absent: it is in the binary.
    kind: Option<String>,
}

/// Holds the list in the binary against ours. cargo-auditable goes by the resolver, so it may name more, never less.
pub(crate) fn audit_data(binary: &[u8], contents: &Contents) -> Result<()> {
    let packed = auditable_extract::raw_auditable_data(binary);
    let packed = packed.map_err(|e| format!("no list of crates in the binary: {e}"))?;
    let mut text = String::new();
    flate2::read::ZlibDecoder::new(packed).read_to_string(&mut text)?;
    let audit: Audit = serde_json::from_str(&text)?;
    let named: BTreeSet<(&str, &str)> = audit
        .packages
        .iter()
        .filter(|p| p.kind.as_deref().is_none_or(|kind| kind == "runtime"))
        .map(|p| (p.name.as_str(), p.version.as_str()))
        .collect();
    let missing: Vec<String> = contents
        .sorted()
        .into_iter()
        .filter(|c| !named.contains(&(c.name.as_str(), c.version.as_str())))
        .map(|c| format!("{} {}", c.name, c.version))
        .collect();
    if missing.is_empty() {
        Ok(())
    } else {
        Err(format!("the list in the binary lacks {}", missing.join(", ")).into())
    }
}

/// Directories of this machine that no binary may know.
pub(crate) fn private(source: &Source) -> Result<Vec<PathBuf>> {
    let mut dirs = vec![
        source.dir.clone(),
        source.target.clone(),
        cargo_home()?,
        cache::root()?,
    ];
    let rustup = std::env::var_os("RUSTUP_HOME").map(PathBuf::from);
    let home = std::env::home_dir();
    dirs.extend(rustup.or_else(|| home.as_ref().map(|h| h.join(".rustup"))));
    // `/` and the like would be found in anything.
    dirs.extend(home.filter(|h| h.components().count() > 1));
    Ok(dirs)
}

/// Fails with what it found.
pub(crate) fn no_paths(binary: &[u8], private: &[PathBuf]) -> Result<()> {
    for dir in private {
        // With its slash: "/root" alone is in the name of many a thing.
        let needle = format!("{}/", dir.display());
        if let Some(at) = find(binary, needle.as_bytes()) {
            let rest = &binary[at..binary.len().min(at + 120)];
            let line = rest.split(|b| !b.is_ascii_graphic()).next();
            let line = String::from_utf8_lossy(line.unwrap_or_default()).into_owned();
            return Err(format!("the binary knows a path of this machine: {line}").into());
        }
    }
    Ok(())
}

fn find(text: &[u8], needle: &[u8]) -> Option<usize> {
    let (first, _) = needle.split_first()?;
    let mut from = 0;
    while let Some(at) = text[from..].iter().position(|b| b == first) {
        if text[from + at..].starts_with(needle) {
            return Some(from + at);
        }
        from += at + 1;
    }
    None
}

/// Files of two directories that are not the same.
pub(crate) fn differences(one: &Path, other: &Path) -> Result<Vec<String>> {
    let mut names = BTreeSet::new();
    for dir in [one, other] {
        for entry in std::fs::read_dir(dir)? {
            let entry = entry?;
            if entry.file_type()?.is_file() {
                names.insert(entry.file_name());
            }
        }
    }
    let same = |name: &std::ffi::OsString| {
        let read = |dir: &Path| std::fs::read(dir.join(name)).ok();
        read(one) == read(other)
    };
    let different = names.iter().filter(|name| !same(name));
    Ok(different.map(|n| n.display().to_string()).collect())
}

#[cfg(test)]
mod tests {
    use super::{audit_data, differences, no_paths};
    use crate::package::crates::tests::contents;

    #[test]
    fn a_path_of_the_machine_is_found() {
        let private = ["/home/me".into(), "/srv".into()];
        assert!(no_paths(b"\0/homes/\0/home/men/\0/srvs\0", &private).is_ok());
        let found = no_paths(b"\0\0/home/me/src/main.rs\0more", &private).unwrap_err();
        assert!(found.to_string().ends_with(": /home/me/src/main.rs"));
        assert!(no_paths(b"///srv/", &private).is_err());
    }

    #[test]
    fn a_binary_without_a_list_is_refused() {
        let me = std::fs::read(std::env::current_exe().unwrap()).unwrap();
        let why = audit_data(&me, &contents()).unwrap_err().to_string();
        assert!(why.starts_with("no list of crates in the binary"), "{why}");
    }

    #[test]
    fn a_file_that_differs_or_lacks_is_named() {
        let dirs = [tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap()];
        for (dir, text) in dirs.iter().zip(["1", "2"]) {
            std::fs::write(dir.path().join("same"), "").unwrap();
            std::fs::write(dir.path().join("other"), text).unwrap();
        }
        std::fs::write(dirs[1].path().join("lacks"), "").unwrap();
        let found = differences(dirs[0].path(), dirs[1].path()).unwrap();
        assert_eq!(found, ["lacks", "other"]);
    }
}
