//! What `cargo xtask package` made, and a version that never was, to upgrade from.

use std::{
    fs,
    io::Write as _,
    path::{Path, PathBuf},
};

use flate2::{Compression, read::GzDecoder, write::GzEncoder};
use mesh_testkit::{netns, peers, skip::skip};
use sha2::{Digest as _, Sha256};

/// The directory, told by `cargo xtask`.
const ENV: &str = "MESH_PACKAGE";

/// A file that only the version before has.
pub(crate) const MARK: &str = "BEFORE";

/// A directory with archives and manifests.
pub(crate) struct Package {
    dir: PathBuf,
    /// Where it was made for this test: gone with it.
    _made: Option<tempfile::TempDir>,
}

/// krew's manifest of one plugin.
pub(crate) struct Manifest {
    text: String,
}

impl Package {
    #[track_caller]
    pub(crate) fn get() -> Option<Self> {
        let dir = std::env::var_os(ENV).map(PathBuf::from);
        let dir = dir.filter(|_| netns::inside() && std::env::var_os(peers::ENV).is_some());
        if dir.is_none() {
            skip(
                "packaging tests run by `cargo xtask krew`, which packs the plugins and builds krew",
            );
        }
        Some(Self {
            dir: dir?,
            _made: None,
        })
    }

    pub(crate) fn dir(&self) -> &Path {
        &self.dir
    }

    /// The plugins that there is a manifest of, by name.
    pub(crate) fn plugins(&self) -> Vec<String> {
        let manifests = fs::read_dir(self.dir.join("krew")).unwrap();
        let mut names: Vec<_> = manifests
            .map(|e| e.unwrap().path().file_stem().unwrap().display().to_string())
            .collect();
        names.sort();
        names
    }

    pub(crate) fn manifest(&self, plugin: &str) -> Manifest {
        let path = self.dir.join("krew").join(format!("{plugin}.yaml"));
        let text = fs::read_to_string(&path);
        Manifest {
            text: text.unwrap_or_else(|e| panic!("{}: {e}", path.display())),
        }
    }

    /// The same plugin as another version: its archive for this machine with one file more.
    pub(crate) fn previous(&self, plugin: &str, version: &str) -> Self {
        let made = tempfile::tempdir().unwrap();
        let now = self.manifest(plugin);
        let mut text = now.text.replace(&now.version(), version);
        for (archive, sum) in now.archives().iter().zip(now.sums()) {
            // krew installs that of its own machine only, where this test runs, too.
            if !archive.ends_with(".tar.gz") {
                continue;
            }
            let packed = with_mark(&fs::read(self.dir.join(archive)).unwrap());
            text = text.replace(&sum, &sha256(&packed));
            let name = archive.replace(&now.version(), version);
            fs::write(made.path().join(name), packed).unwrap();
        }
        fs::create_dir(made.path().join("krew")).unwrap();
        let manifest = made.path().join("krew").join(format!("{plugin}.yaml"));
        fs::write(manifest, text).unwrap();
        Self {
            dir: made.path().to_owned(),
            _made: Some(made),
        }
    }
}

impl Manifest {
    /// The whole of it, with this server in place of the one it names.
    pub(crate) fn served_by(&self, url: &str) -> String {
        let lines = self.text.lines().map(|line| match uri(line) {
            Some(uri) => {
                let name = uri.rsplit('/').next().unwrap();
                line.replace(uri, &format!("{url}/{name}"))
            }
            None => line.to_owned(),
        });
        lines.collect::<Vec<_>>().join("\n") + "\n"
    }

    /// With its v.
    pub(crate) fn version(&self) -> String {
        self.values("  version: ").remove(0)
    }

    pub(crate) fn archives(&self) -> Vec<String> {
        let uris = self.text.lines().filter_map(uri);
        uris.map(|uri| uri.rsplit('/').next().unwrap().to_owned())
            .collect()
    }

    pub(crate) fn sums(&self) -> Vec<String> {
        let sums = self.values("      sha256: ");
        sums.iter()
            .map(|s| s.trim_matches('"').to_owned())
            .collect()
    }

    /// System and machine of each archive.
    pub(crate) fn platforms(&self) -> Vec<(String, String)> {
        let systems = self.values("          os: ");
        systems
            .into_iter()
            .zip(self.values("          arch: "))
            .collect()
    }

    /// The lines that krew shows after an installation.
    pub(crate) fn caveats(&self) -> Vec<String> {
        let (_, from) = self.text.split_once("\n  caveats: |\n").unwrap();
        let (caveats, _) = from.split_once("\n  platforms:").unwrap();
        let lines = caveats.lines().map(|l| l.trim().to_owned());
        lines.filter(|l| !l.is_empty()).collect()
    }

    fn values(&self, key: &str) -> Vec<String> {
        let found = self.text.lines().filter_map(|l| l.strip_prefix(key));
        found.map(str::to_owned).collect()
    }
}

fn uri(line: &str) -> Option<&str> {
    line.strip_prefix("      uri: ")
}

pub(crate) fn sha256(bytes: &[u8]) -> String {
    let digest = Sha256::digest(bytes);
    digest
        .iter()
        .fold(String::new(), |text, b| format!("{text}{b:02x}"))
}

fn with_mark(archive: &[u8]) -> Vec<u8> {
    let mut tar = tar::Archive::new(GzDecoder::new(archive));
    let mut other = tar::Builder::new(Vec::new());
    for entry in tar.entries().unwrap() {
        let entry = entry.unwrap();
        other.append(&entry.header().clone(), entry).unwrap();
    }
    let mut header = tar::Header::new_ustar();
    header.set_mode(0o644);
    header.set_size(0);
    other
        .append_data(&mut header, MARK, std::io::empty())
        .unwrap();
    let mut gzip = GzEncoder::new(Vec::new(), Compression::fast());
    gzip.write_all(&other.into_inner().unwrap()).unwrap();
    gzip.finish().unwrap()
}

/// What a program runs on, by its header: `linux/amd64`.
pub(crate) fn platform(program: &[u8]) -> Option<String> {
    let half = |at: usize| {
        Some(u16::from_le_bytes([
            *program.get(at)?,
            *program.get(at + 1)?,
        ]))
    };
    if program.starts_with(b"\x7fELF") {
        // e_machine: EM_X86_64, EM_AARCH64.
        return match half(18)? {
            62 => Some("linux/amd64".into()),
            183 => Some("linux/arm64".into()),
            _ => None,
        };
    }
    if program.starts_with(b"MZ") {
        let header = usize::from(half(60)?);
        // Machine: IMAGE_FILE_MACHINE_AMD64, IMAGE_FILE_MACHINE_ARM64.
        return match (program.get(header..header + 4)?, half(header + 4)?) {
            (b"PE\0\0", 0x8664) => Some("windows/amd64".into()),
            (b"PE\0\0", 0xaa64) => Some("windows/arm64".into()),
            _ => None,
        };
    }
    // Mach-O of 64 bits: cputype with the bit for 64.
    match (program.get(..4)?, half(4)?) {
        (b"\xcf\xfa\xed\xfe", 7) => Some("darwin/amd64".into()),
        (b"\xcf\xfa\xed\xfe", 12) => Some("darwin/arm64".into()),
        _ => None,
    }
}
