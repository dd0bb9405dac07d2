//! Istio versions as istioctl, istiod and image tags write them.

use std::fmt;

use serde::{Serialize, Serializer};

/// No version, tag or image reference is longer; what is longer is not one.
const MAX_LEN: usize = 1024;

/// First identifiers that make a suffix a pre-release of Istio itself rather than a vendor's build of a release.
const PRE_RELEASES: &[&str] = &["alpha", "beta", "rc", "dev", "pre", "snapshot", "nightly"];

/// A version of Istio, with what a vendor added set aside.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Version {
    /// Major, minor, patch, and the pre-release if Istio itself made one. No build metadata.
    pub semver: semver::Version,
    /// What a vendor or an image flavour appended: `distroless`, `solo`, `asm.4`.
    pub vendor: Option<String>,
    /// The commit in istiod's `/version` text.
    pub commit: Option<String>,
    /// As it was written.
    pub raw: String,
}

impl Version {
    /// What stands for the version wanted where none is.
    pub(super) fn none() -> Self {
        Self {
            semver: semver::Version::new(0, 0, 0),
            vendor: None,
            commit: None,
            raw: String::new(),
        }
    }

    /// Reads a version, an image tag, a whole image reference, or the text of istiod's `/version`
    /// (`<version>-<commit>-<status>`, `pkg/version/version.go`).
    ///
    /// `None` for anything that does not name one patch release or pre-release: `latest`, `1.28` (a moving tag), a digest.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        if text.len() > MAX_LEN || !text.is_ascii() {
            return None;
        }
        let name = text.split_once('@').map_or(text, |(name, _)| name);
        let last = name.rsplit('/').next().unwrap_or(name);
        let tag = last.rsplit(':').next().unwrap_or(last);
        let tag = tag.strip_prefix('v').unwrap_or(tag);

        let core_len = tag
            .find(|c: char| !c.is_ascii_digit() && c != '.')
            .unwrap_or(tag.len());
        let (core, rest) = tag.split_at(core_len);
        let mut numbers = core.split('.').map(number);
        let (major, minor) = (numbers.next()??, numbers.next()??);
        let patch = match numbers.next() {
            Some(patch) => Some(patch?),
            None => None,
        };
        if numbers.next().is_some() {
            return None;
        }
        let suffix = Suffix::parse(rest)?;
        let pre = match suffix.pre {
            Some(pre) => semver::Prerelease::new(pre).ok()?,
            None => semver::Prerelease::EMPTY,
        };
        // Master builds are called 1.31-alpha.<commit>; a plain 1.31 says nothing about the patch.
        let patch = match patch {
            Some(patch) => patch,
            None if pre.is_empty() => return None,
            None => 0,
        };
        Some(Self {
            semver: semver::Version {
                major,
                minor,
                patch,
                pre,
                build: semver::BuildMetadata::EMPTY,
            },
            vendor: suffix.vendor,
            commit: suffix.commit,
            raw: text.to_owned(),
        })
    }

    /// The same release to the patch, pre-release included; vendor and commit set aside.
    pub fn same_release(&self, other: &Self) -> bool {
        self.semver == other.semver
    }

    /// The same major and minor.
    pub fn same_minor(&self, other: &Self) -> bool {
        (self.semver.major, self.semver.minor) == (other.semver.major, other.semver.minor)
    }

    /// The release without a vendor's suffix, as Istio names it: `1.28.1`.
    pub fn release(&self) -> String {
        self.semver.to_string()
    }
}

impl fmt::Display for Version {
    /// The release and the vendor's suffix: `1.28.1-distroless`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.semver)?;
        match &self.vendor {
            Some(vendor) => write!(f, "-{vendor}"),
            None => Ok(()),
        }
    }
}

impl Serialize for Version {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// What follows the numbers.
#[derive(Default)]
struct Suffix<'a> {
    pre: Option<&'a str>,
    vendor: Option<String>,
    commit: Option<String>,
}

impl<'a> Suffix<'a> {
    fn parse(rest: &'a str) -> Option<Self> {
        if rest.is_empty() {
            return Some(Self::default());
        }
        let body = rest.strip_prefix(['-', '+'])?;
        let mut parts: Vec<&str> = body.split(['-', '+']).collect();
        if parts.iter().any(|part| !is_identifier(part)) {
            return None;
        }
        let mut suffix = Self::default();
        if is_pre_release(parts[0]) {
            suffix.pre = Some(parts.remove(0));
        }
        if let [.., commit, "Clean" | "Modified"] = parts[..]
            && (is_commit(commit) || commit == "unknown")
        {
            suffix.commit = is_commit(commit).then(|| commit.to_owned());
            parts.truncate(parts.len() - 2);
        } else if let [.., commit] = parts[..]
            && commit.len() == 40
            && is_commit(commit)
        {
            suffix.commit = Some(commit.to_owned());
            parts.pop();
        }
        suffix.vendor = (!parts.is_empty()).then(|| parts.join("-"));
        Some(suffix)
    }
}

fn number(text: &str) -> Option<u64> {
    let fine = !text.is_empty() && text.len() <= 9 && (text == "0" || !text.starts_with('0'));
    if fine { text.parse().ok() } else { None }
}

/// What may stand between two dashes: Docker's tag alphabet, dotted parts not empty.
fn is_identifier(part: &str) -> bool {
    part.split('.')
        .all(|id| !id.is_empty() && id.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_'))
}

fn is_pre_release(part: &str) -> bool {
    let word = part.split('.').next().unwrap_or(part);
    let word = word.trim_end_matches(|c: char| c.is_ascii_digit());
    PRE_RELEASES.contains(&word)
}

fn is_commit(part: &str) -> bool {
    (7..=40).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_hexdigit())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::Version;
    use crate::istioctl::Parity;

    fn v(text: &str) -> Version {
        Version::parse(text).unwrap_or_else(|| panic!("{text} is a version"))
    }

    #[test]
    fn reads_what_istio_and_vendors_write() {
        const SHA: &str = "6268e25f089a4b0f726082053cf630490c235cdc";
        let status = format!("1.28.1-{SHA}-Clean");
        let master = format!("1.28-alpha.{SHA}");
        let master_core = format!("1.28.0-alpha.{SHA}");
        let both = format!("1.31.0-rc.1-solo-{SHA}-Modified");
        for (text, release, vendor, commit) in [
            ("1.28.1", "1.28.1", None, None),
            (" v1.28.1\n", "1.28.1", None, None),
            ("1.28.1-distroless", "1.28.1", Some("distroless"), None),
            ("1.28.1-solo-fips", "1.28.1", Some("solo-fips"), None),
            ("1.20.8-asm.4", "1.20.8", Some("asm.4"), None),
            ("1.28.1+tetrate_v0", "1.28.1", Some("tetrate_v0"), None),
            (&status, "1.28.1", None, Some(SHA)),
            ("1.28.1-unknown-Modified", "1.28.1", None, None),
            ("1.31.0-rc.1", "1.31.0-rc.1", None, None),
            (
                "1.31.0-beta.0-distroless",
                "1.31.0-beta.0",
                Some("distroless"),
                None,
            ),
            (&master, &master_core, None, None),
            ("1.31-dev", "1.31.0-dev", None, None),
            (&both, "1.31.0-rc.1", Some("solo"), Some(SHA)),
            (
                "registry:5000/istio/pilot:1.28.1-distroless",
                "1.28.1",
                Some("distroless"),
                None,
            ),
            (
                "registry.local/istio/proxyv2:1.26.1@sha256:0123abcd",
                "1.26.1",
                None,
                None,
            ),
            ("65536.65536.65536", "65536.65536.65536", None, None),
        ] {
            let version = v(text);
            assert_eq!(version.release(), release, "{text}");
            assert_eq!(version.vendor.as_deref(), vendor, "{text}");
            assert_eq!(version.commit.as_deref(), commit, "{text}");
            assert_eq!(version.raw, text.trim());
        }
    }

    #[test]
    fn refuses_what_names_no_single_release() {
        let long = "1.28.1-".to_owned() + &"a".repeat(10_000);
        for text in [
            "",
            "latest",
            "unknown",
            "1",
            "1.28",
            "1.28-distroless",
            "1.28.1.2",
            "1.28.",
            "1..1",
            "01.28.1",
            "1.28.1-",
            "1.28.1--solo",
            "1.28.1 solo",
            "1.28.1-\u{1b}[31m",
            "istio/pilot",
            "registry:5000/istio/pilot",
            "istio/pilot@sha256:0123",
            "1.28.1-sölo",
            "99999999999999999999.1.1",
            "-1.28.1",
            "1.28.1solo",
            &long,
        ] {
            assert_eq!(Version::parse(text), None, "{text:?}");
        }
    }

    #[test]
    fn parity_sets_vendors_aside_and_keeps_pre_releases() {
        for (found, wanted, exact, minor) in [
            ("1.28.1", "1.28.1-distroless", true, true),
            (
                "1.28.1-solo",
                "1.28.1-6268e25f089a4b0f726082053cf630490c235cdc-Clean",
                true,
                true,
            ),
            ("1.28.2", "1.28.1", false, true),
            ("1.29.0", "1.28.1", false, false),
            ("2.28.1", "1.28.1", false, false),
            ("1.31.0-rc.1", "1.31.0", false, true),
            ("1.31.0-rc.1", "1.31.0-rc.1-distroless", true, true),
        ] {
            assert_eq!(
                Parity::Exact.fits(&v(found), &v(wanted)),
                exact,
                "{found} {wanted}"
            );
            assert_eq!(
                Parity::Minor.fits(&v(found), &v(wanted)),
                minor,
                "{found} {wanted}"
            );
            assert!(Parity::Off.fits(&v(found), &v(wanted)));
        }
        assert!(Parity::Off.needs_waiver() && !Parity::Minor.needs_waiver());
    }

    proptest! {
        #[test]
        fn never_panics(text in "\\PC*") {
            let _ = Version::parse(&text);
        }

        #[test]
        fn never_panics_near_versions(text in "v?[0-9.]{0,12}[-+:/@.a-f0-9]{0,30}(Clean|alpha)?") {
            let _ = Version::parse(&text);
        }

        #[test]
        fn what_is_shown_reads_back(
            major in 0u64..99, minor in 0u64..99, patch in 0u64..99,
            pre in proptest::option::of("(alpha|beta|rc)\\.[1-9][0-9]?"),
            vendor in proptest::option::of("[g-z]{1,8}(-[g-z0-9]{1,4})?"),
        ) {
            let mut text = format!("{major}.{minor}.{patch}");
            for part in [&pre, &vendor].into_iter().flatten() {
                text = format!("{text}-{part}");
            }
            let version = Version::parse(&text);
            prop_assert!(version.is_some());
            let version = version.unwrap();
            prop_assert_eq!(version.to_string(), text);
            let image = format!("registry:5000/istio/pilot:{version}@sha256:00ff");
            let again = Version::parse(&image).unwrap();
            prop_assert_eq!((again.semver, again.vendor), (version.semver, version.vendor));
        }
    }
}
