//! Somebody with an empty home, and archives to give them.

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Output, Stdio},
};

use flate2::{Compression, write::GzEncoder};
use sha2::{Digest as _, Sha256};

/// The archive of this machine.
pub(crate) fn name(version: &str) -> String {
    let machine = match (std::env::consts::OS, std::env::consts::ARCH) {
        ("linux", "x86_64") => "linux-amd64",
        ("linux", "aarch64") => "linux-arm64",
        ("macos", "x86_64") => "osx",
        ("macos", "aarch64") => "osx-arm64",
        other => panic!("no tests for {other:?}"),
    };
    format!("istioctl-{version}-{machine}.tar.gz")
}

/// A release archive whose istioctl says that it is this version. It has many bytes, so that it comes in more than one piece.
pub(crate) fn archive(version: &str) -> Vec<u8> {
    let json = format!(r#"{{"clientVersion":{{"version":"{version}","tag":"{version}"}}}}"#);
    let mut body = format!("#!/bin/sh\necho '{json}'\nexit 0\n").into_bytes();
    let mut noise = 1_u32;
    body.extend((0..400_000).map(|_| {
        noise = noise.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        noise.to_be_bytes()[0]
    }));
    let mut tar = tar::Builder::new(GzEncoder::new(Vec::new(), Compression::fast()));
    let mut header = tar::Header::new_gnu();
    header.set_size(body.len() as u64);
    header.set_mode(0o755);
    header.set_cksum();
    tar.append_data(&mut header, "istioctl", &body[..])
        .expect("it fits");
    let tar = tar.into_inner().expect("it is in memory");
    tar.finish().expect("it is in memory")
}

pub(crate) fn sha256(bytes: &[u8]) -> String {
    mesh_common::istioctl::store::hex(&Sha256::digest(bytes))
}

/// A home, and a directory to work in.
pub(crate) struct User {
    dir: tempfile::TempDir,
}

/// How a command ended.
#[derive(Debug)]
pub(crate) struct Ran {
    pub(crate) code: Option<i32>,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl User {
    pub(crate) fn new() -> Self {
        let user = Self {
            dir: tempfile::tempdir().expect("a directory"),
        };
        fs::create_dir(user.work()).expect("it is empty");
        user
    }

    pub(crate) fn work(&self) -> PathBuf {
        self.dir.path().join("work")
    }

    pub(crate) fn store(&self) -> PathBuf {
        self.dir.path().join("data/kubectl-mesh/istioctl")
    }

    /// What lies in the store, hidden files too.
    pub(crate) fn stored(&self) -> Vec<String> {
        let entries = fs::read_dir(self.store()).into_iter().flatten().flatten();
        let mut names: Vec<_> = entries
            .map(|e| e.file_name().to_string_lossy().into_owned())
            .collect();
        names.sort();
        names
    }

    pub(crate) fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_kubectl-mesh_istioctl"));
        command
            .args(args)
            .env_clear()
            .env("HOME", self.dir.path())
            .env("XDG_DATA_HOME", self.dir.path().join("data"))
            .env("TMPDIR", self.dir.path())
            .env("LC_ALL", "C.UTF-8")
            // The scripts in the archives are run by sh.
            .env("PATH", "/usr/bin:/bin")
            .current_dir(self.work())
            .stdin(Stdio::null());
        command
    }

    pub(crate) fn run(&self, args: &[&str]) -> Ran {
        Ran::of(&self.command(args).output().expect("it is built"))
    }

    pub(crate) fn install(&self, mirror: &str) -> Ran {
        self.run(&["install", "1.28.1", "--mirror", mirror])
    }
}

impl Ran {
    pub(crate) fn of(output: &Output) -> Self {
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        Self {
            code: output.status.code(),
            out: text(&output.stdout),
            err: text(&output.stderr),
        }
    }

    #[track_caller]
    pub(crate) fn ok(self) -> String {
        assert_eq!(self.code, Some(0), "{self:?}");
        self.out
    }

    /// It failed with this code, one line of error that says this, and nothing was left behind.
    #[track_caller]
    pub(crate) fn failed(&self, user: &User, code: i32, says: &str) {
        assert_eq!(self.code, Some(code), "{self:?}");
        let first = self.err.lines().next().unwrap_or_default();
        assert!(
            first.starts_with("error: ") && first.contains(says),
            "{self:?}"
        );
        assert_eq!(self.err.matches("error:").count(), 1, "{self:?}");
        assert_eq!(self.out, "", "{self:?}");
        assert!(user.stored().is_empty(), "left behind: {:?}", user.stored());
    }
}

/// A directory with an archive and its sum, as somebody carries it into a closed network.
pub(crate) fn carry(dir: &Path, version: &str, archive: &[u8]) {
    let name = name(version);
    fs::write(dir.join(&name), archive).expect("it can be written");
    let line = format!("{}  {name}\n", sha256(archive));
    fs::write(dir.join(format!("{name}.sha256")), line).expect("it can be written");
}
