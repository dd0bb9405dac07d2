//! The recordings as the tests read them; on purpose not the stand-in's own reader.

use std::path::{Path, PathBuf};

use mesh_common::istioctl::{Captured, Output, Version};

/// One recorded call.
pub(crate) struct Case {
    pub(crate) version: Version,
    pub(crate) name: String,
    pub(crate) args: Vec<String>,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
    /// `None` when it had to be stopped.
    pub(crate) exit: Option<i32>,
    /// Whether it changed anything in the cluster.
    pub(crate) changes: bool,
}

pub(crate) fn dir() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/data/istioctl-recordings")
}

/// Every case of every version whose name starts so, in order; it is an error if there are none.
pub(crate) fn cases(start: &str) -> Vec<Case> {
    let mut cases = Vec::new();
    for version in names(&dir()) {
        let Some(parsed) = Version::parse(&version) else {
            continue;
        };
        for name in names(&dir().join(&version)) {
            if !name.starts_with(start) {
                continue;
            }
            let text = |file: &str| {
                let path = dir().join(&version).join(&name).join(file);
                std::fs::read_to_string(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()))
            };
            let objects = |file: &str| {
                let path = dir().join(&version).join(&name).join(file);
                std::fs::read_to_string(path).is_ok_and(|yaml| yaml.contains("kind:"))
            };
            cases.push(Case {
                version: parsed.clone(),
                args: text("args").lines().map(str::to_owned).collect(),
                stdout: text("stdout"),
                stderr: text("stderr"),
                exit: text("exit").trim().parse().ok(),
                changes: objects("before.yaml") || objects("after.yaml"),
                name,
            });
        }
    }
    assert!(!cases.is_empty(), "no recording starts with {start}");
    cases
}

fn names(dir: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(dir).unwrap_or_else(|e| panic!("{}: {e}", dir.display()));
    let mut names: Vec<String> = entries
        .map(|entry| {
            entry
                .expect("an entry")
                .file_name()
                .to_string_lossy()
                .into_owned()
        })
        .collect();
    names.sort();
    names
}

impl Case {
    /// As if we had run it.
    pub(crate) fn output(&self) -> Output {
        Output {
            argv: self.args.clone(),
            code: self.exit,
            signal: self.exit.is_none().then_some(9),
            stdout: Captured::from(self.stdout.as_str()),
            stderr: Captured::from(self.stderr.as_str()),
            timed_out: self.exit.is_none(),
            ..Output::default()
        }
    }

    /// Where it is kept, with the files that it was about.
    pub(crate) fn dir(&self) -> PathBuf {
        dir().join(self.version.release()).join(&self.name)
    }

    pub(crate) fn is(&self, line: &str) -> bool {
        self.args == line.split(' ').collect::<Vec<_>>()
    }
}

impl std::fmt::Display for Case {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}/{}", self.version, self.name)
    }
}
