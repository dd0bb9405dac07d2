//! The helpers that kubectl asks: one link per plugin, in a directory on PATH.
//!
//! kubectl (`pkg/cmd/plugin/plugin_completion.go`) completes `kubectl mesh-tag` by running `kubectl_complete-mesh_tag`. krew links
//! one file per plugin and cannot link a second, so the user does, by `completion install`. The link points to what is on PATH
//! and not to where that points: an upgrade by krew changes the latter.

use std::{
    collections::BTreeMap,
    env, fs, io,
    path::{Path, PathBuf, absolute},
};

use serde::Serialize;

use super::HELPER;
use crate::{
    check::words::command,
    error::{Error, Result},
    output::{Doc, Mark, clean},
};

mod own;
mod screen;

use own::Standing;

/// Every plugin of the suite, built or planned: no other program's file is linked.
const SUITE: [&str; 12] = [
    "audit_policy",
    "backup",
    "baseline",
    "drift",
    "istioctl",
    "journal",
    "manifest",
    "precheck",
    "restart",
    "retire",
    "tag",
    "verify",
];

/// Where helpers go, and where plugins are looked for.
#[derive(Debug, Clone)]
pub(super) struct Place {
    /// The directory of the helpers.
    dir: PathBuf,
    /// Whether it was typed.
    named: bool,
    /// Directories on PATH, in their order.
    path: Vec<PathBuf>,
    /// krew's own.
    krew: Option<PathBuf>,
    /// Where the program itself is.
    beside: Option<PathBuf>,
    /// The user's shell, for what to paste.
    shell: Option<String>,
}

/// What was done, or would be.
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is told by itself on the screen"
)]
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Done {
    /// Whether nothing was really done.
    dry_run: bool,
    /// Whether helpers were to be removed.
    #[serde(skip)]
    removing: bool,
    /// The directory.
    directory: PathBuf,
    /// Whether kubectl finds what is in it.
    on_path: bool,
    /// Each helper.
    pub(super) helpers: Vec<Helper>,
    /// Helpers elsewhere on PATH.
    elsewhere: Vec<PathBuf>,
    /// Whether the directory was typed.
    #[serde(skip)]
    named: bool,
    #[serde(skip)]
    shell: Option<String>,
}

/// One helper.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Helper {
    /// Its file.
    pub(super) path: PathBuf,
    /// What it starts.
    target: PathBuf,
    /// What became of it.
    change: Change,
}

/// What became of a helper.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
enum Change {
    /// It was not there.
    Linked,
    /// It pointed elsewhere.
    Relinked,
    /// It is as it should be.
    Unchanged,
    /// It is gone.
    Removed,
    /// It has the name of a helper and is none of ours.
    Foreign,
}

impl Place {
    /// What this process's environment says.
    pub(super) fn process(dir: Option<PathBuf>) -> Result<Self> {
        let home = env::home_dir();
        let named = dir.is_some();
        let dir = match dir {
            Some(dir) => absolute(&dir).map_err(|e| cannot("find", &dir, &e))?,
            None => home
                .as_ref()
                .map(|home| home.join(".local").join("bin"))
                .ok_or_else(|| {
                    Error::user("there is no home directory to put helpers in")
                        .hint("name a directory on your PATH with --dir DIR")
                })?,
        };
        let krew = env::var_os("KREW_ROOT")
            .filter(|root| !root.is_empty())
            .map(PathBuf::from)
            .or_else(|| home.map(|home| home.join(".krew")));
        let path = env::var_os("PATH").unwrap_or_default();
        let path = env::split_paths(&path).filter(|dir| dir.is_absolute());
        let program = env::args_os().next().map(PathBuf::from);
        let program = program.filter(|p| p.components().count() > 1);
        let program = program.or_else(|| env::current_exe().ok());
        Ok(Self {
            dir,
            named,
            path: path.collect(),
            krew: krew.map(|root| root.join("bin")),
            beside: program
                .and_then(|p| absolute(p).ok())
                .and_then(|p| p.parent().map(Path::to_owned)),
            shell: env::var("SHELL")
                .ok()
                .and_then(|s| Path::new(&s).file_stem()?.to_str().map(str::to_owned)),
        })
    }

    /// The plugins that are installed, by the rest of their name: the first on PATH, as kubectl takes it.
    fn plugins(&self) -> BTreeMap<&'static str, PathBuf> {
        let places = self.path.iter().chain(&self.krew).chain(&self.beside);
        let mut found = BTreeMap::new();
        for dir in places {
            for name in SUITE {
                let file = dir.join(format!("kubectl-mesh_{name}{}", env::consts::EXE_SUFFIX));
                if !found.contains_key(name) && own::is_program(&file) {
                    found.insert(name, file);
                }
            }
        }
        found
    }

    fn is_on_path(&self) -> bool {
        self.path.iter().any(|dir| same(dir, &self.dir))
    }

    /// Helpers of ours in other directories of PATH.
    fn elsewhere(&self) -> Vec<PathBuf> {
        let others = self.path.iter().filter(|dir| !same(dir, &self.dir));
        let mut all: Vec<PathBuf> = others
            .flat_map(|dir| helpers_in(dir))
            .filter(|(path, name)| matches!(own::standing(path, name), Ok(Standing::Ours(_))))
            .map(|(path, _)| path)
            .collect();
        all.sort();
        all.dedup();
        all
    }

    fn done(&self, helpers: Vec<Helper>, removing: bool, dry_run: bool) -> Done {
        Done {
            dry_run,
            removing,
            directory: self.dir.clone(),
            on_path: self.is_on_path(),
            helpers,
            elsewhere: if removing {
                self.elsewhere()
            } else {
                Vec::new()
            },
            named: self.named,
            shell: self.shell.clone(),
        }
    }
}

/// Makes the helpers of every plugin there is, or none.
///
/// # Errors
/// There is no plugin; the directory is krew's; something else has the name of a helper; a link cannot be made.
pub(super) fn install(place: &Place, dry_run: bool) -> Result<Done> {
    let dir = &place.dir;
    if place.krew.as_ref().is_some_and(|krew| same(krew, dir)) {
        return Err(Error::refused(format!(
            "{} belongs to krew, which does not remove what it did not put there",
            shown(dir)
        ))
        .hint("leave out --dir, or name another directory on your PATH"));
    }
    let plugins = place.plugins();
    if plugins.is_empty() {
        return Err(Error::user(
            "no plugin of the suite is on PATH, in krew's directory or beside this program",
        ));
    }
    let mut helpers = Vec::new();
    for (name, plugin) in plugins {
        let path = dir.join(own::file(name));
        let target = own::target(&plugin, dir);
        let change = match own::standing(&path, name).map_err(|e| cannot("look at", &path, &e))? {
            Standing::Nothing => Change::Linked,
            Standing::Ours(now) if now == target => Change::Unchanged,
            Standing::Ours(_) => Change::Relinked,
            Standing::Foreign => {
                return Err(Error::refused(format!(
                    "{} is there and is no helper of this suite",
                    shown(&path)
                ))
                .hint("move it away, or choose another directory with --dir DIR"));
            }
        };
        helpers.push(Helper {
            path,
            target,
            change,
        });
    }
    if !dry_run {
        fs::create_dir_all(dir).map_err(|e| cannot("make", dir, &e))?;
        for helper in helpers.iter().filter(|h| h.change != Change::Unchanged) {
            own::make(&helper.path, &helper.target)
                .map_err(|e| cannot("make", &helper.path, &e))?;
        }
    }
    Ok(place.done(helpers, false, dry_run))
}

/// Removes the helpers in the directory, whatever became of their plugins.
///
/// # Errors
/// The directory cannot be read, or a link not removed.
pub(super) fn uninstall(place: &Place, dry_run: bool) -> Result<Done> {
    let mut helpers = Vec::new();
    for (path, name) in helpers_in(&place.dir) {
        let standing = own::standing(&path, &name).map_err(|e| cannot("look at", &path, &e))?;
        let (target, change) = match standing {
            Standing::Ours(target) => (target, Change::Removed),
            Standing::Foreign => (PathBuf::new(), Change::Foreign),
            Standing::Nothing => continue,
        };
        if change == Change::Removed && !dry_run {
            fs::remove_file(&path).map_err(|e| cannot("remove", &path, &e))?;
        }
        helpers.push(Helper {
            path,
            target,
            change,
        });
    }
    Ok(place.done(helpers, true, dry_run))
}

/// Files in a directory that have the name of a helper, and the plugin's: those of plugins that this version does not know, too.
fn helpers_in(dir: &Path) -> Vec<(PathBuf, String)> {
    let entries = fs::read_dir(dir).into_iter().flatten().flatten();
    let mut found: Vec<_> = entries
        .filter_map(|entry| {
            let file = entry.file_name().into_string().ok()?;
            let rest = file.strip_prefix(HELPER)?.strip_prefix("mesh_")?;
            let name = rest.strip_suffix(own::SUFFIX)?.to_owned();
            Some((entry.path(), name))
        })
        .collect();
    found.sort();
    found
}

/// Whether two names are of one directory.
fn same(a: &Path, b: &Path) -> bool {
    a == b
        || matches!(
            (a.canonicalize(), b.canonicalize()),
            (Ok(a), Ok(b)) if a == b
        )
}

fn shown(path: &Path) -> String {
    clean(&path.display().to_string(), 300)
}

fn cannot(what: &str, path: &Path, e: &io::Error) -> Error {
    Error::user(format!("cannot {what} {}: {e}", shown(path)))
}

#[cfg(test)]
mod tests;
