//! A user's machine on which nothing was installed but kubectl, krew and git.

use std::{
    fs,
    io::Write as _,
    os::unix::fs::symlink,
    path::{Path, PathBuf},
    process::Command,
    sync::OnceLock,
};

use flate2::{Compression, write::GzEncoder};
use mesh_testkit::Peers;

use crate::package::{Package, sha256};

/// An empty home, with krew's own directory in it, and an index that is a git repository.
pub(crate) struct Home {
    dir: tempfile::TempDir,
    platform: Option<(String, String)>,
}

/// What a command said, and how it ended.
pub(crate) struct Said {
    line: String,
    success: bool,
    /// Of both streams.
    text: String,
}

impl Said {
    #[track_caller]
    pub(crate) fn ok(self) -> String {
        assert!(self.success, "{} failed: {}", self.line, self.text);
        self.text
    }

    #[track_caller]
    pub(crate) fn fails(self) -> String {
        assert!(!self.success, "{} did not fail: {}", self.line, self.text);
        self.text
    }
}

impl Home {
    pub(crate) fn new(_of: &Package) -> Self {
        let dir = tempfile::Builder::new().prefix("mesh-krew-").tempdir();
        let home = Self {
            dir: dir.unwrap(),
            platform: None,
        };
        for empty in ["home", "tools", "index/plugins", "default/plugins"] {
            fs::create_dir_all(home.path(empty)).unwrap();
        }
        let peers = Peers::from_env().expect("Package::get has looked");
        symlink(peers.bin("kubectl"), home.path("tools/kubectl")).unwrap();
        // krew does not start without its own index; ours stands for it, with nothing in it.
        fs::write(home.path("default/plugins/.keep"), "").unwrap();
        home.commit("default");
        fs::write(home.path("index/plugins/.keep"), "").unwrap();
        home.commit("index");
        home.install_krew(&peers);
        home
    }

    /// As its own instructions say: krew installs krew.
    fn install_krew(&self, peers: &Peers) {
        symlink(peers.bin("krew"), self.path("tools/kubectl-krew")).unwrap();
        let (archive, sum) = own_archive(peers);
        fs::write(self.path("krew.tar.gz"), archive).unwrap();
        let manifest = format!(
            "apiVersion: krew.googlecontainertools.github.com/v1alpha2\nkind: Plugin\n\
             metadata:\n  name: krew\nspec:\n  version: v0.5.0\n  shortDescription: krew\n  platforms:\n  \
             - selector:\n      matchExpressions:\n      - {{key: os, operator: In, values: [linux]}}\n    \
             uri: https://example.com/krew.tar.gz\n    sha256: \"{sum}\"\n    bin: krew\n"
        );
        fs::write(self.path("krew.yaml"), manifest).unwrap();
        let file = |flag: &str, name: &str| format!("--{flag}={}", self.path(name).display());
        let (manifest, archive) = (
            file("manifest", "krew.yaml"),
            file("archive", "krew.tar.gz"),
        );
        self.krew(&["install", &manifest, &archive]).ok();
        self.krew(&["update"]).ok();
        for bootstrap in ["tools/kubectl-krew", "krew.yaml", "krew.tar.gz"] {
            fs::remove_file(self.path(bootstrap)).unwrap();
        }
    }

    /// krew takes itself for one on another machine.
    pub(crate) fn pretending(mut self, os: &str, arch: &str) -> Self {
        self.platform = Some((os.to_owned(), arch.to_owned()));
        self
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    /// Puts these manifests into the index, in place of all others.
    pub(crate) fn index(&self, manifests: &[(&str, &str)]) {
        for (name, text) in manifests {
            let file = format!("index/plugins/{name}.yaml");
            fs::write(self.path(&file), text).unwrap();
        }
        self.commit("index");
    }

    pub(crate) fn index_url(&self) -> String {
        format!("file://{}", self.path("index").display())
    }

    pub(crate) fn krew(&self, args: &[&str]) -> Said {
        self.kubectl(&[&["krew"], args].concat())
    }

    pub(crate) fn kubectl(&self, args: &[&str]) -> Said {
        self.run(self.command(self.path("tools/kubectl")).args(args))
    }

    #[track_caller]
    pub(crate) fn validates(&self, manifest: &Path, args: &[&str]) {
        let peers = Peers::from_env().expect("Package::get has looked");
        let mut command = self.command(peers.bin("validate-krew-manifest"));
        self.run(command.arg("-manifest").arg(manifest).args(args))
            .ok();
    }

    /// The version in krew's own list.
    pub(crate) fn installed(&self, plugin: &str) -> String {
        let receipt = self.path(&format!("home/.krew/receipts/{plugin}.yaml"));
        let text = fs::read_to_string(&receipt);
        let text = text.unwrap_or_else(|e| panic!("{}: {e}", receipt.display()));
        let version = text.lines().find_map(|l| l.strip_prefix("  version: "));
        version.expect("a receipt has a version").to_owned()
    }

    /// A file of an installed version.
    pub(crate) fn stored(&self, plugin: &str, version: &str, file: &str) -> PathBuf {
        self.path(&format!("home/.krew/store/{plugin}/{version}/{file}"))
    }

    /// What krew links on PATH.
    pub(crate) fn links(&self) -> Vec<String> {
        let links = fs::read_dir(self.path("home/.krew/bin")).unwrap();
        let mut names: Vec<_> = links
            .map(|e| e.unwrap().file_name().display().to_string())
            .collect();
        names.sort();
        names
    }

    /// The link of one plugin, on that system.
    pub(crate) fn link(&self, plugin: &str, os: &str) -> PathBuf {
        let suffix = if os == "windows" { ".exe" } else { "" };
        let name = format!("kubectl-{}{suffix}", plugin.replace('-', "_"));
        self.path("home/.krew/bin").join(name)
    }

    /// Makes a directory of the home.
    pub(crate) fn make(&self, dir: &str) {
        fs::create_dir_all(self.path("home").join(dir)).unwrap();
    }

    /// Every path in the home but krew's copies of the indexes, with where links lead and how long files are.
    pub(crate) fn everything(&self) -> Vec<String> {
        let mut found = Vec::new();
        let mut open = vec![self.path("home")];
        while let Some(dir) = open.pop() {
            for entry in fs::read_dir(&dir).unwrap() {
                let path = entry.unwrap().path();
                let kind = fs::symlink_metadata(&path).unwrap();
                let name = path.strip_prefix(self.path("home")).unwrap();
                if name == Path::new(".krew/index") {
                    continue;
                }
                let what = if kind.is_symlink() {
                    format!("-> {}", fs::read_link(&path).unwrap().display())
                } else if kind.is_dir() {
                    open.push(path.clone());
                    "directory".to_owned()
                } else {
                    format!("{} bytes", kind.len())
                };
                found.push(format!("{} {what}", name.display()));
            }
        }
        found.sort();
        found
    }

    fn commit(&self, repository: &str) {
        let dir = self.path(repository);
        for args in [
            &["init", "--quiet"][..],
            &["add", "--all"],
            &["commit", "--quiet", "--allow-empty", "--message", "plugins"],
        ] {
            self.run(self.command("git").arg("-C").arg(&dir).args(args))
                .ok();
        }
    }

    fn command(&self, program: impl AsRef<std::ffi::OsStr>) -> Command {
        let mut command = Command::new(program);
        let home = self.path("home");
        let path = [home.join(".krew/bin"), self.path("tools")];
        let system = ["/usr/local/bin", "/usr/bin", "/bin"].map(PathBuf::from);
        let path = std::env::join_paths(path.into_iter().chain(system)).unwrap();
        command
            .env_clear()
            .env("HOME", &home)
            .env("PATH", path)
            .env("LC_ALL", "C.UTF-8")
            .env("TMPDIR", self.dir.path())
            .env("KREW_NO_UPGRADE_CHECK", "1")
            .env(
                "KREW_DEFAULT_INDEX_URI",
                format!("file://{}", self.path("default").display()),
            )
            .env("GIT_CONFIG_NOSYSTEM", "1")
            // Examples are named from the root of the repository.
            .current_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("../.."))
            .stdin(std::process::Stdio::null());
        for who in ["AUTHOR", "COMMITTER"] {
            command.env(format!("GIT_{who}_NAME"), "test");
            command.env(format!("GIT_{who}_EMAIL"), "test@example.com");
        }
        if let Some((os, arch)) = &self.platform {
            command.env("KREW_OS", os).env("KREW_ARCH", arch);
        }
        command
    }

    #[allow(clippy::unused_self, reason = "reads as what it is: run at home")]
    fn run(&self, command: &mut Command) -> Said {
        let line = format!("{command:?}");
        let output = command.output().unwrap_or_else(|e| panic!("{line}: {e}"));
        let text = [output.stdout, output.stderr].concat();
        Said {
            line,
            success: output.status.success(),
            text: String::from_utf8_lossy(&text).into_owned(),
        }
    }
}

/// krew as it would be downloaded, and its checksum.
fn own_archive(peers: &Peers) -> &'static (Vec<u8>, String) {
    static MADE: OnceLock<(Vec<u8>, String)> = OnceLock::new();
    MADE.get_or_init(|| {
        let mut tar = tar::Builder::new(Vec::new());
        tar.append_path_with_name(peers.bin("krew"), "krew")
            .unwrap();
        let mut gzip = GzEncoder::new(Vec::new(), Compression::fast());
        gzip.write_all(&tar.into_inner().unwrap()).unwrap();
        let packed = gzip.finish().unwrap();
        let sum = sha256(&packed);
        (packed, sum)
    })
}
