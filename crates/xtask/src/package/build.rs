//! Builds of which two give the same bytes, wherever the sources lie.

use std::{
    collections::BTreeSet,
    fs,
    io::{BufRead as _, BufReader},
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use serde::Deserialize;

use super::{
    Release,
    target::{PLUGINS, Plugin, Target},
    tools::Tools,
};
use crate::{Result, run::root};

/// The profile of the tests, whose binaries are packed as they are: quick, and good for nothing but tests.
pub(crate) const DEV: &str = "dev";

/// Sources, and where their builds go.
#[derive(Debug)]
pub(crate) struct Source {
    pub(crate) dir: PathBuf,
    pub(crate) target: PathBuf,
}

/// What one build of all plugins gave.
#[derive(Debug)]
pub(crate) struct Built {
    executables: Vec<(Plugin, PathBuf)>,
    /// Packages, by cargo's ids, of which something was compiled for the target.
    pub(crate) compiled: BTreeSet<String>,
}

impl Built {
    pub(crate) fn executable(&self, plugin: Plugin) -> Result<&Path> {
        let found = self.executables.iter().find(|(of, _)| *of == plugin);
        let (_, path) = found.ok_or_else(|| format!("{} was not built", plugin.package()))?;
        Ok(path)
    }
}

impl Source {
    /// This very checkout.
    pub(crate) fn here() -> Result<Self> {
        let dir = root().canonicalize()?;
        let typed = std::env::var_os("CARGO_TARGET_DIR").map(PathBuf::from);
        let target = typed.unwrap_or_else(|| dir.join("target"));
        Ok(Self { dir, target })
    }

    /// A copy of all its files that git knows or would know, in `to`.
    pub(crate) fn copy(&self, to: &Path) -> Result<Self> {
        let output = Command::new("git")
            .args([
                "ls-files",
                "-z",
                "--cached",
                "--others",
                "--exclude-standard",
            ])
            .current_dir(&self.dir)
            .output()
            .map_err(|e| format!("git: {e}"))?;
        if !output.status.success() {
            return Err("a second build needs the files that git knows".into());
        }
        let dir = to.join("sources");
        for name in output.stdout.split(|&b| b == 0) {
            let name = std::str::from_utf8(name)?;
            let from = self.dir.join(name);
            // One that was deleted and is not committed yet is still in the index.
            if name.is_empty() || !from.is_file() {
                continue;
            }
            let file = dir.join(name);
            fs::create_dir_all(file.parent().ok_or("a file is in a directory")?)?;
            fs::copy(&from, &file).map_err(|e| format!("{}: {e}", from.display()))?;
        }
        Ok(Self {
            dir,
            target: to.join("builds"),
        })
    }
}

/// Builds every plugin for a target.
pub(crate) fn build(
    source: &Source,
    target: &Target,
    profile: &str,
    release: &Release,
    tools: Option<&Tools>,
) -> Result<Built> {
    let mut cargo = match tools {
        Some(tools) => optimised(source, target, profile, release, tools)?,
        None => as_tested(),
    };
    cargo
        .arg("--message-format=json-render-diagnostics")
        .arg("--target-dir")
        .arg(&source.target)
        .current_dir(&source.dir)
        .stdout(Stdio::piped());
    let mut child = cargo.spawn().map_err(|e| format!("cargo: {e}"))?;
    let out = child.stdout.take().ok_or("its output is piped")?;
    // With a target of its own, what build scripts and macros need lies elsewhere.
    let within = tools.map_or_else(
        || source.target.clone(),
        |_| source.target.join(&target.triple),
    );
    let mut built = Built {
        executables: Vec::new(),
        compiled: BTreeSet::new(),
    };
    for line in BufReader::new(out).lines() {
        if let Ok(artifact) = serde_json::from_str(&line?) {
            built.take(artifact, &within);
        }
    }
    let status = child.wait()?;
    if !status.success() {
        return Err(format!("cargo ended with {status}").into());
    }
    Ok(built)
}

/// A line of cargo's; those without these fields are about something else.
#[derive(Deserialize)]
struct Artifact {
    package_id: String,
    target: ArtifactTarget,
    filenames: Vec<PathBuf>,
    executable: Option<PathBuf>,
}

#[derive(Deserialize)]
struct ArtifactTarget {
    name: String,
}

impl Built {
    fn take(&mut self, artifact: Artifact, within: &Path) {
        if artifact.filenames.iter().any(|f| f.starts_with(within)) {
            self.compiled.insert(artifact.package_id);
        }
        let plugin = PLUGINS.iter().find(|p| p.binary() == artifact.target.name);
        if let (Some(plugin), Some(executable)) = (plugin, artifact.executable) {
            self.executables.push((*plugin, executable));
        }
    }
}

/// What `cargo xtask test` built already, at no cost.
fn as_tested() -> Command {
    let mut cargo = Command::new("cargo");
    cargo.args(["build", "--workspace", "--bins"]);
    cargo
}

fn optimised(
    source: &Source,
    target: &Target,
    profile: &str,
    release: &Release,
    tools: &Tools,
) -> Result<Command> {
    // The paths of all crates have to be known before the first is compiled.
    let fetched = Command::new("cargo")
        .args(["fetch", "--quiet", "--locked", "--target", &target.triple])
        .current_dir(&source.dir)
        .status()?;
    if !fetched.success() {
        return Err(format!("cargo fetch: {fetched}").into());
    }
    let mut cargo = tools.cargo(target)?;
    cargo.args(["--locked", "--profile", profile, "--target", &target.triple]);
    for plugin in PLUGINS {
        cargo.args(["--package", &plugin.package()]);
    }
    cargo
        .env("CARGO_ENCODED_RUSTFLAGS", remap(source)?.join("\u{1f}"))
        .env_remove("RUSTFLAGS")
        .env("KUBECTL_MESH_COMMIT", &release.commit)
        .env("SOURCE_DATE_EPOCH", release.epoch.to_string())
        // A cache of half-built crates gives the same code in another order.
        .env("CARGO_INCREMENTAL", "0");
    Ok(cargo)
}

/// Where things lie on this machine is nobody's business, and differs from the next one's.
fn remap(source: &Source) -> Result<Vec<String>> {
    let mut flags = vec![flag(&source.dir, "/kubectl-mesh")];
    flags.push(flag(&source.target, "/build"));
    // The directories below are named after the registry.
    let registries = cargo_home()?.join("registry/src");
    let mut names: Vec<PathBuf> = fs::read_dir(&registries)
        .map_err(|e| format!("{}: {e}", registries.display()))?
        .map(|entry| entry.map(|e| e.path()))
        .collect::<Result<_, _>>()?;
    names.sort();
    flags.extend(names.iter().map(|dir| flag(dir, "/crates")));
    Ok(flags)
}

fn flag(from: &Path, to: &str) -> String {
    format!("--remap-path-prefix={}={to}", from.display())
}

pub(crate) fn cargo_home() -> Result<PathBuf> {
    let typed = std::env::var_os("CARGO_HOME").map(PathBuf::from);
    let home = || std::env::home_dir().map(|home| home.join(".cargo"));
    Ok(typed
        .or_else(home)
        .ok_or("neither CARGO_HOME nor HOME is set")?)
}
