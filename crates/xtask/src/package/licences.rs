//! The terms of everything in a binary, in one text: most of them ask that it goes with the binary.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Write as _,
    fs,
    path::PathBuf,
};

use super::{bom::spdx, crates::Contents, target::Target};
use crate::{Result, package::crates::Crate};

/// What the files are called that crates keep their terms in.
const NAMES: &[&str] = &["licen", "copying", "copyright", "notice", "unlicense"];

/// A list of the crates, then each text once, with the crates that it came with.
pub(crate) fn text(contents: &Contents, target: &Target) -> Result<String> {
    let mut list = String::new();
    let mut texts: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    // Our own terms are in LICENSE.
    let others = contents.sorted().into_iter().filter(|c| c.source.is_some());
    for krate in others {
        let name = format!("{} {}", krate.name, krate.version);
        let terms = krate.license.as_deref().map_or_else(String::new, spdx);
        let files = files(krate)?;
        let none = if files.is_empty() {
            " (no text in the crate)"
        } else {
            ""
        };
        writeln!(list, "{name}: {terms}{none}")?;
        for file in files {
            let bytes = fs::read(&file).map_err(|e| format!("{}: {e}", file.display()))?;
            let text = String::from_utf8_lossy(&bytes).replace('\r', "");
            let text = text.trim().to_owned();
            texts.entry(text).or_default().insert(name.clone());
        }
    }
    writeln!(list, "Rust standard library: MIT OR Apache-2.0")?;
    if target.triple.ends_with("-musl") {
        writeln!(list, "musl: MIT")?;
    }
    if target.triple.ends_with("-windows-gnu") {
        writeln!(list, "mingw-w64 runtime: ZPL-2.1")?;
    }
    let mut whole = format!(
        "{} contains code of the crates below.\n\n{list}",
        contents.root.name
    );
    for (text, crates) in texts {
        let crates: Vec<String> = crates.into_iter().collect();
        write!(
            whole,
            "\n{}\n{}\n\n{text}\n",
            "-".repeat(80),
            crates.join(", ")
        )?;
    }
    Ok(whole)
}

fn files(krate: &Crate) -> Result<Vec<PathBuf>> {
    let named = krate.license_file.as_ref().map(|f| krate.dir().join(f));
    let mut files: BTreeSet<PathBuf> = named.into_iter().collect();
    for entry in fs::read_dir(krate.dir())? {
        let path = entry?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let name = name.to_lowercase();
        if path.is_file() && NAMES.iter().any(|start| name.starts_with(start)) {
            files.insert(path);
        }
    }
    Ok(files.into_iter().collect())
}
