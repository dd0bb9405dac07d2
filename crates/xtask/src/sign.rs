//! `cargo xtask sign`: one signature over the checksums, by cosign. RELEASING.md says how it is verified.

use std::{
    fs,
    io::ErrorKind,
    path::Path,
    process::{Command, ExitCode},
};

use crate::{
    Result,
    package::{SUMS, out_dir, sha256},
};

/// The signature, with what is needed to verify it.
const BUNDLE: &str = "SHA256SUMS.sigstore.json";

/// Signs the release in `target/package`. `args` are more for cosign: `--key cosign.key`.
pub(crate) fn run(args: &[String]) -> Result<ExitCode> {
    let dir = out_dir("release")?;
    sign(&dir, Path::new("cosign"), args)?;
    eprintln!("{}", dir.join(BUNDLE).display());
    Ok(ExitCode::SUCCESS)
}

fn sign(dir: &Path, cosign: &Path, args: &[String]) -> Result<()> {
    verify(dir)?;
    let status = Command::new(cosign)
        .args(["sign-blob", "--yes", "--bundle", BUNDLE])
        .args(args)
        .arg(SUMS)
        .current_dir(dir)
        .status()
        .map_err(|e| {
            let cosign = cosign.display();
            match e.kind() {
                ErrorKind::NotFound => format!(
                    "nothing is signed: {cosign} is not on PATH; RELEASING.md says what it is for"
                ),
                _ => format!("nothing is signed: {cosign}: {e}"),
            }
        })?;
    if !status.success() {
        return Err(format!("nothing is signed: cosign ended with {status}").into());
    }
    if !dir.join(BUNDLE).is_file() {
        return Err(format!("cosign ended well and left no {BUNDLE}").into());
    }
    Ok(())
}

/// No signature over sums that are not those of the files.
fn verify(dir: &Path) -> Result<()> {
    let path = dir.join(SUMS);
    let sums = fs::read_to_string(&path).map_err(|e| {
        format!(
            "{}: {e}; cargo xtask package --all makes it",
            path.display()
        )
    })?;
    if sums.is_empty() {
        return Err(format!("{}: no file in it", path.display()).into());
    }
    for line in sums.lines() {
        let (sum, name) = line
            .split_once("  ")
            .ok_or_else(|| format!("{}: not a checksum: {line}", path.display()))?;
        let bytes = fs::read(dir.join(name)).map_err(|e| format!("{name}: {e}"))?;
        if sha256(&bytes) != sum {
            return Err(format!("{name} is not what {SUMS} says").into());
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::{fs, os::unix::fs::PermissionsExt as _, path::Path};

    use super::{BUNDLE, SUMS, sign};
    use crate::package::sha256;

    /// A release of one file, and a stand-in for cosign that writes down what it was told.
    fn release(script: &str) -> tempfile::TempDir {
        let dir = tempfile::tempdir().unwrap();
        fs::write(dir.path().join("a.tar.gz"), "archive").unwrap();
        let sums = format!("{}  a.tar.gz\n", sha256(b"archive"));
        fs::write(dir.path().join(SUMS), sums).unwrap();
        let cosign = dir.path().join("cosign");
        fs::write(&cosign, format!("#!/bin/sh\n{script}\n")).unwrap();
        fs::set_permissions(&cosign, fs::Permissions::from_mode(0o755)).unwrap();
        dir
    }

    fn refused(dir: &Path, cosign: &Path) -> String {
        sign(dir, cosign, &[]).unwrap_err().to_string()
    }

    #[test]
    fn cosign_is_told_what_to_sign() {
        let dir = release("echo \"$@\" > \"$4\"");
        let cosign = dir.path().join("cosign");
        sign(dir.path(), &cosign, &["--key".into(), "k".into()]).unwrap();
        let told = fs::read_to_string(dir.path().join(BUNDLE)).unwrap();
        assert_eq!(
            told,
            "sign-blob --yes --bundle SHA256SUMS.sigstore.json --key k SHA256SUMS\n"
        );
    }

    #[test]
    fn without_cosign_it_says_that_nothing_is_signed() {
        let dir = release("");
        let why = refused(dir.path(), Path::new("no-cosign-here"));
        assert!(
            why.starts_with("nothing is signed: no-cosign-here is not on PATH"),
            "{why}"
        );
    }

    #[test]
    fn a_failed_or_lying_cosign_is_seen() {
        let dir = release("exit 3");
        let why = refused(dir.path(), &dir.path().join("cosign"));
        assert!(why.starts_with("nothing is signed: cosign ended"), "{why}");
        let dir = release("exit 0");
        let why = refused(dir.path(), &dir.path().join("cosign"));
        assert!(why.contains("left no"), "{why}");
    }

    #[test]
    fn sums_of_other_files_are_not_signed() {
        let dir = release("echo signed > \"$4\"");
        fs::write(dir.path().join("a.tar.gz"), "other").unwrap();
        let why = refused(dir.path(), &dir.path().join("cosign"));
        assert_eq!(why, "a.tar.gz is not what SHA256SUMS says");
        assert!(!dir.path().join(BUNDLE).exists());
    }
}
