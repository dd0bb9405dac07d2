//! What is released, and for which machines.

use std::{path::Path, process::Command};

use crate::Result;

/// A plugin that is released.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Plugin {
    /// As krew and kubectl call it: `mesh-tag`.
    pub(crate) name: &'static str,
}

/// Every plugin that is released: one line each, and a template in `krew/`.
pub(crate) const PLUGINS: &[Plugin] = &[
    Plugin { name: "mesh-tag" },
    Plugin {
        name: "mesh-audit-policy",
    },
    Plugin {
        name: "mesh-backup",
    },
    Plugin {
        name: "mesh-istioctl",
    },
    Plugin {
        name: "mesh-precheck",
    },
];

impl Plugin {
    /// The crate, which archives are named after: `kubectl-mesh-tag`.
    pub(crate) fn package(self) -> String {
        format!("kubectl-{}", self.name)
    }

    /// The binary: an underscore is how kubectl finds `kubectl mesh-tag`.
    pub(crate) fn binary(self) -> String {
        format!("kubectl-{}", self.name.replace('-', "_"))
    }
}

/// A machine that archives are made for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Target {
    /// As rustc calls it.
    pub(crate) triple: String,
    /// As krew calls it.
    pub(crate) os: &'static str,
    /// As krew calls it.
    pub(crate) arch: &'static str,
    /// Linked by zig, and not by what this machine has.
    pub(crate) cross: bool,
}

/// What `--all` makes. darwin needs Apple's SDK, so it is made on a Mac: RELEASING.md.
const RELEASED: &[&str] = &[
    "x86_64-unknown-linux-musl",
    "aarch64-unknown-linux-musl",
    "x86_64-pc-windows-gnu",
];

impl Target {
    pub(crate) fn released() -> Result<Vec<Self>> {
        RELEASED.iter().map(|triple| Self::cross(triple)).collect()
    }

    /// By its triple, linked by zig.
    pub(crate) fn cross(triple: &str) -> Result<Self> {
        Self::new(triple, true)
    }

    /// This machine, with its own linker and C library.
    pub(crate) fn host() -> Result<Self> {
        let output = Command::new("rustc").arg("-vV").output();
        let output = output.map_err(|e| format!("rustc: {e}"))?;
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        let triple = text.lines().find_map(|l| l.strip_prefix("host: "));
        Self::new(triple.ok_or("rustc does not say what its host is")?, false)
    }

    fn new(triple: &str, cross: bool) -> Result<Self> {
        let arch = match triple.split('-').next() {
            Some("x86_64") => "amd64",
            Some("aarch64") => "arm64",
            _ => return Err(format!("{triple}: krew has no such machine").into()),
        };
        let os = [
            ("-linux-", "linux"),
            ("-windows-", "windows"),
            ("-darwin", "darwin"),
        ];
        let os = os.iter().find(|(part, _)| triple.contains(part));
        let (_, os) = os.ok_or_else(|| format!("{triple}: krew has no such system"))?;
        Ok(Self {
            triple: triple.to_owned(),
            os,
            arch,
            cross,
        })
    }

    /// `linux/amd64`, for the developer.
    pub(crate) fn label(&self) -> String {
        format!("{}/{}", self.os, self.arch)
    }

    /// The name of a plugin's binary there.
    pub(crate) fn executable(&self, plugin: Plugin) -> String {
        executable(self.os, plugin)
    }

    /// The name of a plugin's archive for it, without what follows the last part.
    pub(crate) fn stem(&self, plugin: Plugin, version: &str) -> String {
        format!("{}-v{version}-{}-{}", plugin.package(), self.os, self.arch)
    }

    /// The name of a plugin's archive for it.
    pub(crate) fn archive(&self, plugin: Plugin, version: &str) -> String {
        let kind = if self.os == "windows" {
            "zip"
        } else {
            "tar.gz"
        };
        format!("{}.{kind}", self.stem(plugin, version))
    }

    /// Whether rustc has the standard library for it.
    pub(crate) fn installed(&self) -> bool {
        let mut rustc = Command::new("rustc");
        rustc.args(["--print", "target-libdir", "--target", &self.triple]);
        let output = rustc.output().ok().filter(|o| o.status.success());
        output.is_some_and(|o| Path::new(String::from_utf8_lossy(&o.stdout).trim()).is_dir())
    }
}

/// The name of a plugin's binary on a system.
pub(crate) fn executable(os: &str, plugin: Plugin) -> String {
    let suffix = if os == "windows" { ".exe" } else { "" };
    format!("{}{suffix}", plugin.binary())
}

#[cfg(test)]
mod tests {
    use std::{collections::BTreeSet, fs};

    use super::{PLUGINS, Target};
    use crate::run::root;

    #[test]
    fn every_plugin_crate_is_released_and_has_a_template() {
        let crates = fs::read_dir(root().join("crates")).unwrap();
        let crates: BTreeSet<String> = crates
            .map(|e| e.unwrap().file_name().to_string_lossy().into_owned())
            .filter(|name| name.starts_with("kubectl-"))
            // A crate without a binary is no plugin yet.
            .filter(|name| {
                root()
                    .join("crates")
                    .join(name)
                    .join("src/main.rs")
                    .exists()
            })
            .collect();
        let released: BTreeSet<String> = PLUGINS.iter().map(|p| p.package()).collect();
        assert_eq!(crates, released);
        let templates = fs::read_dir(root().join("krew")).unwrap();
        let templates: BTreeSet<String> = templates
            .map(|e| e.unwrap().file_name().to_string_lossy().into_owned())
            .collect();
        let wanted = PLUGINS.iter().map(|p| format!("{}.yaml", p.name)).collect();
        assert_eq!(templates, wanted);
    }

    #[test]
    fn names() {
        let plugin = PLUGINS[0];
        let windows = Target::cross("x86_64-pc-windows-gnu").unwrap();
        assert_eq!(
            windows.archive(plugin, "1.2.3"),
            "kubectl-mesh-tag-v1.2.3-windows-amd64.zip"
        );
        assert_eq!(windows.executable(plugin), "kubectl-mesh_tag.exe");
        let arm = Target::cross("aarch64-unknown-linux-musl").unwrap();
        assert_eq!(
            arm.archive(plugin, "1.2.3"),
            "kubectl-mesh-tag-v1.2.3-linux-arm64.tar.gz"
        );
        assert_eq!(arm.executable(plugin), "kubectl-mesh_tag");
        let mac = Target::cross("aarch64-apple-darwin").unwrap();
        assert_eq!(mac.label(), "darwin/arm64");
        assert!(Target::cross("riscv64gc-unknown-linux-gnu").is_err());
        assert!(Target::cross("x86_64-unknown-freebsd").is_err());
    }
}
