//! Tells the crate which commit it is built from, for `--version`.
//!
//! `KUBECTL_MESH_COMMIT` says so where there is no repository, as in a source archive; without both
//! the commit is `unknown`. Nothing else of the machine gets in, so builds of a commit stay equal.

use std::path::{Path, PathBuf};
use std::process::Command;

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-env-changed=KUBECTL_MESH_COMMIT");
    let typed = std::env::var("KUBECTL_MESH_COMMIT")
        .ok()
        .filter(|c| !c.is_empty());
    let commit = typed
        .or_else(from_git)
        .unwrap_or_else(|| "unknown".to_owned());
    println!("cargo::rustc-env=MESH_COMMIT={commit}");
}

fn from_git() -> Option<String> {
    // A source archive unpacked inside somebody else's repository has no commit of its own.
    let manifest = PathBuf::from(std::env::var_os("CARGO_MANIFEST_DIR")?);
    let root = manifest.parent()?.parent()?.canonicalize().ok()?;
    let top = git(&root, &["rev-parse", "--show-toplevel"])?;
    if Path::new(&top).canonicalize().ok()? != root {
        return None;
    }
    // HEAD names a branch, and changes on checkout; the branch's file changes on commit.
    watch(&root, "HEAD");
    if let Some(branch) = git(&root, &["symbolic-ref", "--quiet", "HEAD"]) {
        watch(&root, &branch);
    }
    git(&root, &["rev-parse", "--short=12", "HEAD"])
}

/// Only files that are there: cargo takes a missing one as changed and would build each time anew.
fn watch(root: &Path, name: &str) {
    let path = git(root, &["rev-parse", "--git-path", name]).map(|p| root.join(p));
    if let Some(path) = path.filter(|p| p.is_file()) {
        println!("cargo::rerun-if-changed={}", path.display());
    }
}

fn git(root: &Path, args: &[&str]) -> Option<String> {
    let output = Command::new("git")
        .arg("-C")
        .arg(root)
        .args(args)
        .output()
        .ok()?;
    let text = String::from_utf8(output.stdout).ok()?.trim().to_owned();
    (output.status.success() && !text.is_empty()).then_some(text)
}
