//! istioctl's JSON answers, found behind the log lines it may print first.

use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::{Version, first_lines};
use crate::error::{Error, Kind, Result};

/// How many lines may look like the start of JSON before the real one.
const MAX_STARTS: usize = 32;

/// The JSON document in `stdout`: from the first line that starts with `[` or `{` and parses to the end.
///
/// Log lines stand before it (1.28.1 `analyze`; every `version` whose port-forward fails, see the recordings).
pub(crate) fn json_after_logs<T: DeserializeOwned>(stdout: &str) -> Option<T> {
    let mut offset = 0;
    let mut starts = 0;
    for line in stdout.split_inclusive('\n') {
        if line.starts_with(['[', '{']) {
            starts += 1;
            if let Ok(value) = serde_json::from_str(&stdout[offset..]) {
                return Some(value);
            }
            if starts == MAX_STARTS {
                return None;
            }
        }
        offset += line.len();
    }
    None
}

/// An answer nobody has recorded: quoted, never guessed at.
pub(crate) fn unreadable(asked: &str, version: &str, stdout: &str, stderr: &str) -> Error {
    let said = if stdout.trim().is_empty() {
        stderr
    } else {
        stdout
    };
    Error::new(
        Kind::Istioctl,
        format!(
            "istioctl {version} answered `{asked}` with something unknown: {}",
            first_lines(said)
        ),
    )
}

/// `istioctl version -o json`: the same shape from 1.20 to 1.30 (`istioctl/pkg/version/version.go`).
#[derive(Clone, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "camelCase")]
pub struct VersionReport {
    /// istioctl itself.
    pub client_version: BuildInfo,
    /// One entry per ready istiod pod that answered. `None` when istioctl reached none, and it exits 0 all the same.
    pub mesh_version: Option<Vec<IstiodVersion>>,
    /// Connected proxies. `None` when any istiod failed to answer.
    pub data_plane_version: Option<Vec<ProxyVersion>>,
}

/// What a build says of itself (`pkg/version/version.go`).
#[derive(Clone, Debug, Default, Deserialize, PartialEq, Eq)]
#[serde(default)]
pub struct BuildInfo {
    /// `1.28.1`.
    pub version: String,
    /// The git commit.
    pub revision: String,
    /// `Clean` or `Modified`.
    pub status: String,
    /// The git or image tag.
    pub tag: String,
}

/// One istiod in [`VersionReport::mesh_version`].
#[derive(Clone, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "PascalCase")]
pub struct IstiodVersion {
    /// The pod's label `istio`: `istiod` or `pilot`.
    #[serde(default)]
    pub component: String,
    /// The pod's label `istio.io/rev`.
    #[serde(default)]
    pub revision: String,
    /// What it runs.
    pub info: BuildInfo,
}

/// One proxy in [`VersionReport::data_plane_version`].
#[derive(Clone, Debug, Deserialize, PartialEq, Eq)]
pub struct ProxyVersion {
    /// `<pod>.<namespace>`.
    #[serde(rename = "ID")]
    pub id: String,
    /// May be empty, and is `65536.65536.65536` for istioctl's own connection.
    #[serde(rename = "IstioVersion", default)]
    pub istio_version: String,
    /// `sidecar`, `gateway`, `waypoint`, `ztunnel`.
    #[serde(rename = "Type", default)]
    pub kind: String,
}

impl VersionReport {
    /// Reads stdout of `version -o json`; stderr is only quoted when stdout cannot be read.
    pub fn parse(stdout: &str, stderr: &str) -> Result<Self> {
        json_after_logs(stdout)
            .ok_or_else(|| unreadable("version -o json", "(version unknown)", stdout, stderr))
    }

    /// istioctl's own version, from `version` or else `tag`.
    pub fn client(&self) -> Option<Version> {
        Version::parse(&self.client_version.version)
            .or_else(|| Version::parse(&self.client_version.tag))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{VersionReport, json_after_logs};

    #[test]
    fn json_is_found_behind_log_lines() {
        let logs = "2026-11-21T04:09:05Z\terror\tport forward failed\n[not json]\n{\"a\": 1}\n";
        assert_eq!(
            json_after_logs::<serde_json::Value>(logs),
            Some(serde_json::json!({"a": 1}))
        );
        assert_eq!(json_after_logs::<serde_json::Value>("no json\n"), None);
        assert_eq!(
            json_after_logs::<serde_json::Value>("{\"a\": 1} trailing"),
            None
        );
        assert_eq!(
            json_after_logs::<serde_json::Value>(&"[\n".repeat(100_000)),
            None
        );
    }

    #[test]
    fn an_unknown_answer_is_quoted_without_escapes() {
        let error = VersionReport::parse("\u{1b}[31mboom\n", "").unwrap_err();
        assert!(error.to_string().contains("boom"));
        assert!(!error.to_string().contains('\u{1b}'));
    }

    proptest! {
        #[test]
        fn never_panics(text in "(\\PC|\n|\\[|\\{)*") {
            let _ = VersionReport::parse(&text, "");
        }
    }
}
