//! What a release is built with, and this machine need not have: kept in the cache, by version, out of everybody's way.

use std::{
    ffi::OsString,
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use super::{sha256, target::Target};
use crate::{Result, cache};

/// Writes the list of crates into each binary. From 0.7.3 on it gets along with zig.
const AUDITABLE: &str = "0.7.7";

/// The cross toolchain from `PyPI`, by hashes.
const ZIG: &str = include_str!("zig.txt");

/// Says that an installation came to its end.
const READY: &str = "ready";

/// What is installed so far.
#[derive(Debug)]
pub(crate) struct Tools {
    auditable: PathBuf,
    zig: Option<Zig>,
}

#[derive(Debug)]
struct Zig {
    /// Holds cargo-zigbuild.
    bin: PathBuf,
    compiler: PathBuf,
    cache: PathBuf,
}

impl Tools {
    pub(crate) fn prepare() -> Result<Self> {
        Ok(Self {
            auditable: auditable()?,
            zig: None,
        })
    }

    /// What this target needs beside: rustc's standard library for it, and a linker.
    pub(crate) fn prepare_for(&mut self, target: &Target) -> Result<()> {
        if !target.installed() {
            eprintln!("rustup target add {}", target.triple);
            let added = Command::new("rustup")
                .args(["target", "add", &target.triple])
                .status();
            let added = added.map_err(|e| format!("rustup, which adds targets: {e}"))?;
            if !added.success() || !target.installed() {
                return Err("rustup cannot add the target here".into());
            }
        }
        if target.cross && self.zig.is_none() {
            self.zig = Some(zig()?);
        }
        Ok(())
    }

    /// `cargo auditable build`, by zig where that links.
    pub(crate) fn cargo(&self, target: &Target) -> Result<Command> {
        let mut cargo = Command::new(&self.auditable);
        cargo.arg("auditable");
        if !target.cross {
            cargo.arg("build");
            return Ok(cargo);
        }
        let zig = self.zig.as_ref().ok_or("zig was not prepared")?;
        cargo
            .arg("zigbuild")
            .env("PATH", before(&zig.bin)?)
            .env("CARGO_ZIGBUILD_ZIG_PATH", &zig.compiler)
            .env("CARGO_ZIGBUILD_CACHE_DIR", zig.cache.join("zigbuild"))
            .env("ZIG_GLOBAL_CACHE_DIR", zig.cache.join("zig"))
            .env("ZIG_LOCAL_CACHE_DIR", zig.cache.join("zig"));
        Ok(cargo)
    }
}

fn auditable() -> Result<PathBuf> {
    let dir = cache::root()?
        .join("tools")
        .join(format!("cargo-auditable-{AUDITABLE}"));
    let binary = dir.join("bin/cargo-auditable");
    if !binary.exists() {
        eprintln!(
            "installing cargo-auditable {AUDITABLE} into {}",
            dir.display()
        );
        run(Command::new("cargo")
            .args(["install", "--quiet", "--locked", "--root"])
            .arg(&dir)
            .args(["--version", &format!("={AUDITABLE}"), "cargo-auditable"]))?;
    }
    Ok(binary)
}

fn zig() -> Result<Zig> {
    let key = sha256(ZIG.as_bytes());
    let dir = cache::root()?
        .join("tools")
        .join(format!("zig-{}", &key[..12]));
    let venv = dir.join("venv");
    if !dir.join(READY).exists() {
        if dir.exists() {
            fs::remove_dir_all(&dir)?;
        }
        fs::create_dir_all(&dir)?;
        eprintln!("installing zig and cargo-zigbuild into {}", dir.display());
        let wanted = dir.join("zig.txt");
        fs::write(&wanted, ZIG)?;
        run(Command::new("python3").args(["-m", "venv"]).arg(&venv))?;
        run(Command::new(venv.join("bin/python"))
            .args(["-m", "pip", "install", "--quiet", "--no-deps"])
            .args(["--only-binary=:all:", "--require-hashes", "-r"])
            .arg(&wanted))?;
        fs::write(dir.join(READY), "")?;
    }
    Ok(Zig {
        bin: venv.join("bin"),
        compiler: site_packages(&venv)?.join("ziglang/zig"),
        cache: dir.join("cache"),
    })
}

/// `lib/python3.11/site-packages`, of whichever Python it is.
fn site_packages(venv: &Path) -> Result<PathBuf> {
    let versions = fs::read_dir(venv.join("lib"))?;
    let mut found = versions
        .flatten()
        .map(|version| version.path().join("site-packages"))
        .filter(|dir| dir.is_dir());
    let found = found.next();
    found.ok_or_else(|| format!("{}: no site-packages", venv.display()).into())
}

fn before(dir: &Path) -> Result<OsString> {
    let rest = std::env::var_os("PATH").unwrap_or_default();
    let all = [dir.to_path_buf()]
        .into_iter()
        .chain(std::env::split_paths(&rest));
    Ok(std::env::join_paths(all)?)
}

fn run(command: &mut Command) -> Result<()> {
    let name = command.get_program().display().to_string();
    let status = command.status().map_err(|e| format!("{name}: {e}"))?;
    if status.success() {
        Ok(())
    } else {
        let args: Vec<_> = command
            .get_args()
            .map(|a| a.display().to_string())
            .collect();
        Err(format!("{name} {}: {status}", args.join(" ")).into())
    }
}
