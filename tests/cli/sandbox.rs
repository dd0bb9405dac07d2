//! Where the commands run: nothing of the machine or its user gets in.

use std::{
    fs,
    os::unix::fs::PermissionsExt as _,
    path::{Path, PathBuf},
    process::{Command, Output},
};

/// The root of the workspace.
pub(crate) fn root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    here.canonicalize().expect("the workspace has a root")
}

/// A home and a PATH with nothing in them.
pub(crate) struct Sandbox {
    dir: tempfile::TempDir,
}

impl Sandbox {
    pub(crate) fn new() -> Self {
        let dir = tempfile::Builder::new().prefix("mesh-cli-").tempdir();
        let sandbox = Self {
            dir: dir.expect("a temporary directory can be made"),
        };
        for empty in ["home", "path"] {
            fs::create_dir(sandbox.dir.path().join(empty)).expect("it is empty");
        }
        sandbox
    }

    /// The home.
    pub(crate) fn home(&self) -> PathBuf {
        self.dir.path().join("home")
    }

    /// A plugin, to be given arguments.
    pub(crate) fn plugin(&self, binary: impl AsRef<Path>) -> Command {
        let mut command = Command::new(mesh_testkit::plugin("").join(binary));
        command
            .env_clear()
            .envs(self.env())
            .current_dir(root())
            .stdin(std::process::Stdio::null());
        command
    }

    /// A stand-in for kubectl: like it, runs `kubectl mesh-tag` as `kubectl-mesh_tag`, which the cluster tests do
    /// with the real one.
    pub(crate) fn kubectl(&self) -> PathBuf {
        self.script(
            "kubectl",
            &format!(
                "plugin=kubectl-$(printf %s \"$1\" | tr - _); shift\n\
                 exec env -i {} \"{}/$plugin\" \"$@\"",
                self.assignments(),
                mesh_testkit::plugin("").display()
            ),
        )
    }

    /// A stand-in for `cargo run -p PACKAGE -- ARGUMENTS`: the package is built already.
    pub(crate) fn cargo(&self) -> PathBuf {
        self.script(
            "cargo",
            &format!(
                "[ \"$1\" = run ] && [ \"$2\" = -p ] && [ \"$4\" = -- ] || exit 99\n\
                 plugin=kubectl-$(printf %s \"${{3#kubectl-}}\" | tr - _); shift 4\n\
                 exec env -i {} \"{}/$plugin\" \"$@\"",
                self.assignments(),
                mesh_testkit::plugin("").display()
            ),
        )
    }

    fn env(&self) -> [(&'static str, PathBuf); 4] {
        [
            ("HOME", self.dir.path().join("home")),
            ("PATH", self.dir.path().join("path")),
            ("LC_ALL", "C.UTF-8".into()),
            ("TZ", "UTC".into()),
        ]
    }

    fn assignments(&self) -> String {
        let all = self.env().map(|(k, v)| format!("{k}='{}'", v.display()));
        all.join(" ")
    }

    fn script(&self, name: &str, body: &str) -> PathBuf {
        let path = self.dir.path().join(name);
        fs::write(&path, format!("#!/bin/sh\n{body}\n")).expect("the sandbox can be written");
        let mode = fs::Permissions::from_mode(0o755);
        fs::set_permissions(&path, mode).expect("its owner may");
        path
    }
}

/// Runs to the end; the test fails with a word about building where there is nothing to run.
pub(crate) fn run(command: &mut Command) -> Output {
    command.output().unwrap_or_else(|e| {
        panic!(
            "{}: {e}; cargo build --workspace --bins makes it, and cargo xtask test does so",
            command.get_program().display()
        )
    })
}
