//! Lists the rule files, so that adding a release is adding a file.

use std::{
    env,
    error::Error,
    fmt::Write as _,
    fs,
    path::{Path, PathBuf},
};

#[path = "../plugin-build.rs"]
mod plugin;

fn main() -> Result<(), Box<dyn Error>> {
    plugin::main();
    let root = PathBuf::from(env::var("CARGO_MANIFEST_DIR")?);
    let out = PathBuf::from(env::var("OUT_DIR")?);
    println!("cargo::rerun-if-changed=build.rs");

    let mut code = list("FILES", &root.join("rules"))?;
    code.push_str(&list("EXAMPLES", &root.join("rules/tests"))?);
    fs::write(out.join("rules.rs"), code)?;
    Ok(())
}

/// A static array of (minor of the release, text) of the files of a folder, oldest first.
fn list(name: &str, folder: &Path) -> Result<String, Box<dyn Error>> {
    println!("cargo::rerun-if-changed={}", folder.display());
    let mut files = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.extension().is_none_or(|extension| extension != "yaml") {
            continue;
        }
        let minor = path.file_name().and_then(|n| n.to_str()).and_then(minor);
        files.push((
            minor.ok_or_else(|| {
                format!("{}: named neither 1.N.yaml nor always.yaml", path.display())
            })?,
            path,
        ));
    }
    files.sort();

    // The examples are for tests only, and a binary should not carry them.
    let gate = if name == "EXAMPLES" {
        "#[cfg(test)]\n"
    } else {
        ""
    };
    let mut code = format!("{gate}pub(super) static {name}: &[(u64, &str)] = &[\n");
    for (minor, path) in files {
        println!("cargo::rerun-if-changed={}", path.display());
        let path = path.to_str().ok_or("a path that is not UTF-8")?;
        writeln!(code, "    ({minor}, include_str!({path:?})),")?;
    }
    code.push_str("];\n");
    Ok(code)
}

/// The minor of a file's release, 0 for what holds at any upgrade.
fn minor(name: &str) -> Option<u64> {
    if name == "always.yaml" {
        return Some(0);
    }
    name.strip_prefix("1.")?.strip_suffix(".yaml")?.parse().ok()
}
