//! `cargo xtask package`: what is released, made in `target/package`: archives, bills of materials, checksums and
//! krew's manifests. RELEASING.md says what is done with them.

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, ExitCode},
};

use mesh_common::istioctl::store::hex;
use sha2::{Digest as _, Sha256};

use crate::{Result, r#gen, run::root};

mod archive;
mod bom;
mod build;
mod check;
mod crates;
mod licences;
mod manifest;
mod target;
mod tools;

use archive::Entry;
use build::{DEV, Source};
use target::{PLUGINS, Plugin, Target};
use tools::Tools;

/// Checksums of the archives, as sha256sum reads them.
pub(crate) const SUMS: &str = "SHA256SUMS";

/// What is to be made.
#[derive(Debug, clap::Args)]
pub(crate) struct PackageArgs {
    /// Everything that is released, and not only for this machine
    #[arg(long)]
    all: bool,

    /// Only for this machine type, linked by zig; may be repeated
    #[arg(long, value_name = "TRIPLE", conflicts_with = "all")]
    target: Vec<String>,

    /// Cargo profile: release as it is shipped, thin for a quicker link, dev as the tests build
    #[arg(long, default_value = "release")]
    profile: String,

    /// Build all of it again, from a copy of the sources elsewhere, and compare; --all does
    #[arg(long)]
    twice: bool,

    /// Do not build again, even with --all
    #[arg(long, conflicts_with = "twice")]
    once: bool,

    /// An archive from another machine, for the sums and the manifests too; may be repeated
    #[arg(long, value_name = "FILE")]
    with: Vec<PathBuf>,

    /// Where a version's archives will be downloaded from, up to the version
    #[arg(
        long,
        default_value = "https://github.com/kubectl-mesh/kubectl-mesh/releases/download"
    )]
    url: String,
}

/// What is released.
#[derive(Debug, Clone)]
pub(crate) struct Release {
    pub(crate) version: String,
    /// The commit, as the binaries will say it.
    pub(crate) commit: String,
    pub(crate) rustc: String,
    /// When it was committed, in seconds.
    pub(crate) epoch: u64,
}

impl Release {
    fn of(dir: &Path) -> Result<Self> {
        let git = |args: &[&str]| said(Command::new("git").args(args).current_dir(dir));
        let mut commit = git(&["rev-parse", "--short=12", "HEAD"])?;
        if !git(&["status", "--porcelain"])?.is_empty() {
            eprintln!(
                "the checkout has changes that are not committed: good for tests, not for a release"
            );
            commit.push_str("-dirty");
        }
        let epoch = match std::env::var("SOURCE_DATE_EPOCH") {
            Ok(typed) => typed,
            Err(_) => git(&["log", "-1", "--format=%ct"])?,
        };
        let epoch = epoch
            .parse()
            .map_err(|e| format!("SOURCE_DATE_EPOCH {epoch:?}: {e}"))?;
        Ok(Self {
            version: env!("CARGO_PKG_VERSION").to_owned(),
            commit,
            rustc: said(Command::new("rustc").arg("--version"))?,
            epoch,
        })
    }
}

/// Makes it, prints what it weighs, and fails if anything is missing or differs.
pub(crate) fn run(args: &PackageArgs) -> Result<ExitCode> {
    let out = out_dir(&args.profile)?;
    fresh(&out)?;
    let work = Work {
        release: Release::of(&root())?,
        profile: &args.profile,
        source: Source::here()?,
    };
    let mut tools = match args.profile.as_str() {
        DEV => None,
        _ => Some(Tools::prepare()?),
    };
    let mut targets = args.targets()?;
    let mut not_built = Vec::new();
    targets.retain(|target| {
        let prepared = tools.as_mut().map_or(Ok(()), |t| t.prepare_for(target));
        let packed = prepared.and_then(|()| work.pack(target, tools.as_ref(), &out));
        if let Err(why) = &packed {
            not_built.push(format!("{} ({}): {why}", target.label(), target.triple));
        }
        packed.is_ok()
    });
    let different = if !args.once && (args.all || args.twice) {
        work.again(&targets, tools.as_ref(), &out)?
    } else {
        Vec::new()
    };
    for archive in &args.with {
        let name = archive.file_name().ok_or("--with needs a file")?;
        let copied = fs::copy(archive, out.join(name));
        copied.map_err(|e| format!("{}: {e}", archive.display()))?;
    }
    finish(&out, &work.release.version, &args.url)?;
    for line in &not_built {
        eprintln!("not built: {line}");
    }
    for name in &different {
        eprintln!("not the same when built again: {name}");
    }
    Ok(if not_built.is_empty() && different.is_empty() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

/// The archives of what the tests built, for the tests: made anew, in no time.
pub(crate) fn as_tested() -> Result<PathBuf> {
    let args = PackageArgs {
        all: false,
        target: Vec::new(),
        profile: DEV.to_owned(),
        twice: false,
        once: true,
        with: Vec::new(),
        url: "https://example.com/releases".to_owned(),
    };
    if run(&args)? == ExitCode::SUCCESS {
        out_dir(DEV)
    } else {
        Err("the plugins could not be packed".into())
    }
}

/// Where the archives are: those of another profile than release do not lie where a release would be looked for.
pub(crate) fn out_dir(profile: &str) -> Result<PathBuf> {
    let name = match profile {
        "release" => "package".to_owned(),
        other => format!("package-{other}"),
    };
    Ok(Source::here()?.target.join(name))
}

impl PackageArgs {
    fn targets(&self) -> Result<Vec<Target>> {
        if self.profile == DEV && (self.all || self.twice || !self.target.is_empty()) {
            return Err(
                "the dev profile is for this machine's tests: no other target, not twice".into(),
            );
        }
        if self.all {
            Target::released()
        } else if self.target.is_empty() {
            Ok(vec![Target::host()?])
        } else {
            self.target.iter().map(|t| Target::cross(t)).collect()
        }
    }
}

/// One making of archives.
struct Work<'a> {
    release: Release,
    profile: &'a str,
    source: Source,
}

impl Work<'_> {
    /// Builds for one target, looks at what came out, and packs it.
    fn pack(&self, target: &Target, tools: Option<&Tools>, out: &Path) -> Result<()> {
        eprintln!("building for {} ({})", target.label(), target.triple);
        let Release { version, epoch, .. } = &self.release;
        let built = build::build(&self.source, target, self.profile, &self.release, tools)?;
        let graph = crates::Graph::read(&self.source.dir, target)?;
        let sums = bom::Checksums::read(&self.source.dir)?;
        for plugin in PLUGINS {
            let binary = fs::read(built.executable(*plugin)?)?;
            let contents = graph.contents(*plugin, &built.compiled)?;
            // What the tests build is neither listed in itself nor free of paths.
            if tools.is_some() {
                let name = target.executable(*plugin);
                check::audit_data(&binary, &contents).map_err(|e| format!("{name}: {e}"))?;
                let private = check::private(&self.source)?;
                check::no_paths(&binary, &private).map_err(|e| format!("{name}: {e}"))?;
            }
            let size = binary.len();
            let mut entries = entries(&self.source.dir, *plugin)?;
            entries.push(Entry {
                name: target.executable(*plugin),
                executable: true,
                bytes: binary,
            });
            let licences = licences::text(&contents, target)?;
            entries.push(Entry::file(
                "THIRD-PARTY-LICENSES.txt",
                licences.into_bytes(),
            ));
            let archive = target.archive(*plugin, version);
            let packed = archive::pack(&archive, entries, *epoch)?;
            eprintln!(
                "  {archive}: {} bytes, the binary {size}; {} crates in it",
                packed.len(),
                contents.crates.len()
            );
            fs::write(out.join(archive), packed)?;
            let bill = bom::cyclonedx(&contents, &sums, &self.release, target)?;
            let stem = target.stem(*plugin, version);
            fs::write(out.join(format!("{stem}.cdx.json")), bill)?;
        }
        Ok(())
    }

    /// The same from a copy elsewhere, kept nowhere: the names of what differs.
    fn again(&self, targets: &[Target], tools: Option<&Tools>, out: &Path) -> Result<Vec<String>> {
        let elsewhere = tempfile::Builder::new().prefix("mesh-again-").tempdir()?;
        let work = Work {
            release: self.release.clone(),
            profile: self.profile,
            source: self.source.copy(elsewhere.path())?,
        };
        let again = elsewhere.path().join("package");
        fs::create_dir(&again)?;
        for target in targets {
            work.pack(target, tools, &again)?;
        }
        let different = check::differences(out, &again)?;
        if different.is_empty() {
            eprintln!("two builds, in two places: the same bytes");
        }
        Ok(different)
    }
}

/// What an archive holds beside the binary.
fn entries(dir: &Path, plugin: Plugin) -> Result<Vec<Entry>> {
    let mut entries = Vec::new();
    for name in ["LICENSE", "README.md", "CHANGELOG.md"] {
        let bytes = fs::read(dir.join(name)).map_err(|e| format!("{name}: {e}"))?;
        entries.push(Entry::file(name, bytes));
    }
    let program = plugin.binary();
    let of_program = format!("{program}.");
    for (name, text) in r#gen::completions()? {
        if name.starts_with(&of_program) {
            entries.push(Entry::file(
                format!("completions/{name}"),
                text.into_bytes(),
            ));
        }
    }
    let pages = tempfile::tempdir()?;
    for page in r#gen::man(&program, pages.path())? {
        let name = page.file_name().ok_or("a page has a name")?;
        let name = format!("man/{}", name.to_string_lossy());
        entries.push(Entry::file(name, fs::read(&page)?));
    }
    Ok(entries)
}

/// Checksums and manifests of what lies there.
fn finish(out: &Path, version: &str, url: &str) -> Result<()> {
    let mut files = Vec::new();
    for entry in fs::read_dir(out)? {
        let entry = entry?;
        if entry.file_type()?.is_file() {
            let name = entry.file_name().to_string_lossy().into_owned();
            files.push((name, sha256(&fs::read(entry.path())?)));
        }
    }
    files.sort();
    let sums = files.iter().fold(String::new(), |text, (name, sum)| {
        format!("{text}{sum}  {name}\n")
    });
    fs::write(out.join(SUMS), &sums)?;
    let manifests = out.join("krew");
    fs::create_dir(&manifests)?;
    for plugin in PLUGINS {
        let file = format!("{}.yaml", plugin.name);
        let platforms = manifest::platforms(*plugin, version, &files);
        let template = root().join("krew").join(&file);
        let text = manifest::render(&template, *plugin, version, url, &platforms)?;
        fs::write(manifests.join(file), text)?;
    }
    eprintln!("{}\n{sums}", out.display());
    Ok(())
}

pub(crate) fn sha256(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}

fn fresh(dir: &Path) -> Result<()> {
    if dir.exists() {
        fs::remove_dir_all(dir)?;
    }
    Ok(fs::create_dir_all(dir)?)
}

fn said(command: &mut Command) -> Result<String> {
    let name = command.get_program().display().to_string();
    let output = command.output().map_err(|e| format!("{name}: {e}"))?;
    if output.status.success() {
        Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned())
    } else {
        let why = String::from_utf8_lossy(&output.stderr).trim().to_owned();
        Err(format!("{name}: {why}").into())
    }
}

#[cfg(test)]
mod tests {
    use super::{PLUGINS, entries};
    use crate::run::root;

    #[test]
    fn an_archive_takes_the_files_of_its_own_plugin() {
        for plugin in PLUGINS {
            let entries = entries(&root(), *plugin).unwrap();
            let names: Vec<&str> = entries.iter().map(|e| e.name.as_str()).collect();
            let page = format!("man/{}.1", plugin.binary());
            let bash = format!("completions/{}.bash", plugin.binary());
            for own in ["LICENSE", "README.md", &page, &bash] {
                assert!(names.contains(&own), "{own}: {names:?}");
            }
            for other in PLUGINS.iter().filter(|p| p.binary() != plugin.binary()) {
                let theirs = names
                    .iter()
                    .find(|n| n.contains(&other.binary()) || n.contains(&other.package()));
                assert_eq!(theirs, None, "{names:?}");
            }
        }
    }
}
