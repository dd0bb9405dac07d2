//! What Istio publishes of istioctl: which archives, how they are called, and the sums beside them.

use std::fmt;

use mesh_common::{
    Error, Result,
    istioctl::{Version, store::is_sum},
    output::clean,
};

/// Where releases are, when nobody says otherwise.
pub(crate) const RELEASES: &str = "https://github.com/istio/istio/releases/download";

/// A system and machine that istioctl is published for, as its release spells it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Platform(&'static str);

impl Platform {
    /// All of them.
    pub(crate) const ALL: [Self; 6] = [
        Self("linux-amd64"),
        Self("linux-arm64"),
        Self("linux-armv7"),
        Self("osx"),
        Self("osx-arm64"),
        Self("win"),
    ];

    /// This machine.
    ///
    /// # Errors
    /// Nothing is published for it.
    pub(crate) fn here() -> Result<Self> {
        let (os, arch) = (std::env::consts::OS, std::env::consts::ARCH);
        Self::of(os, arch)
            .ok_or_else(|| Error::user(format!("Istio publishes no istioctl for {os} on {arch}")))
    }

    fn of(os: &str, arch: &str) -> Option<Self> {
        Some(Self(match (os, arch) {
            ("linux", "x86_64") => "linux-amd64",
            ("linux", "aarch64") => "linux-arm64",
            ("linux", "arm") => "linux-armv7",
            ("macos", "x86_64") => "osx",
            ("macos", "aarch64") => "osx-arm64",
            ("windows", "x86_64") => "win",
            _ => return None,
        }))
    }

    /// The archive of a version.
    pub(crate) fn archive(self, version: &Version) -> String {
        let kind = if self.0 == "win" { "zip" } else { "tar.gz" };
        format!("istioctl-{version}-{self}.{kind}")
    }
}

impl fmt::Display for Platform {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

/// A version as it is typed: a release, `1.28.1`, with a pre-release or a vendor's suffix where its archives have one.
pub(crate) fn version(text: &str) -> Result<Version, String> {
    // It becomes part of a path and of a URL. Read back, what was made of it is what was typed.
    Version::parse(text)
        .filter(|v| v.to_string() == text.strip_prefix('v').unwrap_or(text) && v.commit.is_none())
        .ok_or_else(|| "a version is needed, to the patch, such as 1.28.1".to_owned())
}

/// The sum in a sum file, which is for this archive.
///
/// # Errors
/// What the file is instead, in a few words.
pub(crate) fn sum(text: &str, archive: &[&str]) -> Result<String, String> {
    if looks_like_html(text.as_bytes()) {
        return Err("is a web page, not a sum: a login page or a proxy answers".into());
    }
    let mut words = text.split_whitespace();
    let digest = words.next().unwrap_or_default();
    if !is_sum(digest) {
        return Err("holds no SHA-256".into());
    }
    let named = words.next().map(|name| {
        let name = name.trim_start_matches('*');
        name.rsplit('/').next().unwrap_or(name)
    });
    match named {
        Some(name) if !archive.contains(&name) => {
            Err(format!("is for another file, {}", clean(name, 120)))
        }
        _ => Ok(digest.to_ascii_lowercase()),
    }
}

/// Whether bytes are the beginning of a web page.
pub(crate) fn looks_like_html(bytes: &[u8]) -> bool {
    let text: Vec<u8> = bytes
        .iter()
        .copied()
        .skip_while(|b| b.is_ascii_whitespace() || [0xef, 0xbb, 0xbf].contains(b))
        .take(9)
        .collect();
    let text = text.to_ascii_lowercase();
    [&b"<!doctype"[..], b"<html", b"<head", b"<?xml", b"<!--"]
        .iter()
        .any(|start| text.starts_with(start))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn archives_of_every_machine() {
        for (os, arch, name) in [
            (
                "linux",
                "x86_64",
                Some("istioctl-1.28.1-linux-amd64.tar.gz"),
            ),
            (
                "linux",
                "aarch64",
                Some("istioctl-1.28.1-linux-arm64.tar.gz"),
            ),
            ("linux", "arm", Some("istioctl-1.28.1-linux-armv7.tar.gz")),
            ("macos", "x86_64", Some("istioctl-1.28.1-osx.tar.gz")),
            ("macos", "aarch64", Some("istioctl-1.28.1-osx-arm64.tar.gz")),
            ("windows", "x86_64", Some("istioctl-1.28.1-win.zip")),
            ("linux", "riscv64", None),
            ("freebsd", "x86_64", None),
        ] {
            let platform = Platform::of(os, arch);
            let version = version("1.28.1").unwrap();
            assert_eq!(platform.map(|p| p.archive(&version)).as_deref(), name);
            assert!(platform.is_none_or(|p| Platform::ALL.contains(&p)));
        }
    }

    #[test]
    fn versions() {
        for (text, want) in [
            ("1.28.1", Some("1.28.1")),
            ("v1.28.1", Some("1.28.1")),
            ("1.31.0-rc.1", Some("1.31.0-rc.1")),
            ("1.28.1-solo", Some("1.28.1-solo")),
            ("1.28", None),
            ("latest", None),
            ("", None),
            ("../1.28.1", None),
            ("a/b:1.28.1", None),
            ("1.28.1/..", None),
            ("1.28.1@x", None),
            (
                "1.28.1-6268e25f089a4b0f726082053cf630490c235cdc-Clean",
                None,
            ),
            (" 1.28.1", None),
        ] {
            let got = version(text).ok().map(|v| v.to_string());
            assert_eq!(got.as_deref(), want, "{text}");
        }
    }

    #[test]
    fn sums() {
        let digest = "ab".repeat(32);
        let name = "istioctl-1.28.1-linux-amd64.tar.gz";
        for (text, want) in [
            (digest.clone(), Ok(digest.clone())),
            (digest.to_uppercase(), Ok(digest.clone())),
            (format!("{digest}  {name}\n"), Ok(digest.clone())),
            (format!("{digest} *./{name}\n"), Ok(digest.clone())),
            (
                format!("{digest}  istioctl-1.28.1-osx.tar.gz"),
                Err("is for another file, istioctl-1.28.1-osx.tar.gz"),
            ),
            (String::new(), Err("holds no SHA-256")),
            ("Not Found".into(), Err("holds no SHA-256")),
            (digest[1..].into(), Err("holds no SHA-256")),
            (
                "\n <!DOCTYPE html><title>Log in</title>".into(),
                Err("is a web page, not a sum: a login page or a proxy answers"),
            ),
        ] {
            assert_eq!(sum(&text, &[name]), want.map_err(str::to_owned), "{text}");
        }
    }
}
