//! Everything the checks look at: plain data, observed once.

use std::{collections::BTreeMap, sync::Arc};

use mesh_common::{
    check::istiod_versions,
    istioctl::Version,
    mesh::{Customs, Known, Mesh, skew::minor},
};
use serde::Serialize;
use serde_json::Value;

use crate::{
    observe::{Asked, Platform, Seen, Word},
    route::{self, Minor, route, short},
    rules::Rules,
    support::Support,
    x509::Certificate,
};

/// What was observed.
pub(crate) struct Facts {
    /// The mesh.
    pub(crate) mesh: Mesh,
    /// What was looked for in objects of which the mesh keeps little.
    pub(crate) seen: Seen,
    /// Which kinds of Istio and Gateway API were read, and which could not be.
    pub(crate) customs: Customs,
    /// Whether Services outside the Istio namespace were seen too, where a release on the way changed what one means.
    pub(crate) services: Known<()>,
    /// What every release changed.
    pub(crate) rules: Arc<Rules>,
    /// What this user may do of all that the runbook needs.
    pub(crate) rights: Known<Vec<Asked>>,
    /// What istioctl itself says.
    pub(crate) istioctl: Known<Word>,
    /// What the cluster says beside its objects.
    pub(crate) platform: Platform,
    /// From where to where.
    pub(crate) upgrade: Upgrade,
    /// Releases and their support.
    pub(crate) support: Support,
    /// The Secret that istiod signs with; none where there is none.
    pub(crate) ca: Known<Option<CaSecret>>,
    /// What tools wrote down of what they installed.
    pub(crate) installed: Installed,
}

/// The public part of the Secret that istiod signs with: `cacerts`, or `istio-ca-secret` of a CA of its own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct CaSecret {
    /// Its name.
    pub(crate) name: String,
    /// The certificate that istiod signs with, and what stands behind it in the same file.
    pub(crate) signing: Vec<Option<Certificate>>,
    /// The roots beside it. A self-signed CA has none: it is its own.
    pub(crate) roots: Vec<Option<Certificate>>,
    /// Certificates between the two.
    pub(crate) chain: Vec<Option<Certificate>>,
    /// Whether cert-manager renews it (`cert-manager.io/certificate-name`).
    pub(crate) renewed: bool,
}

/// What tools wrote down of what they installed.
pub(crate) struct Installed {
    /// The newest record of every Helm release in the Istio namespace and where node agents are.
    pub(crate) releases: Known<Vec<HelmRelease>>,
    /// `IstioOperators` of any namespace.
    pub(crate) operators: Known<Vec<IstioOperator>>,
}

/// The newest record of a Helm release.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct HelmRelease {
    pub(crate) namespace: String,
    pub(crate) name: String,
    /// Number of the record.
    pub(crate) revision: u64,
    /// `deployed`, `failed`, `pending-upgrade` …
    pub(crate) status: String,
    /// Name of the chart.
    pub(crate) chart: String,
    /// Version of the chart.
    pub(crate) version: String,
    /// `appVersion` of the chart, where it says one.
    pub(crate) app_version: Option<String>,
    /// The values that the user gave. They may hold anything: never to be printed.
    pub(crate) values: Value,
}

impl HelmRelease {
    /// The version of what the chart brings: its `appVersion`, else its own.
    pub(crate) fn brings(&self) -> &str {
        self.app_version.as_deref().unwrap_or(&self.version)
    }
}

/// An `IstioOperator` object: what `istioctl install` wrote down, or what an operator in the cluster acts on.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct IstioOperator {
    /// As kubectl takes it.
    pub(crate) object: String,
    pub(crate) name: String,
    /// `spec.revision`.
    pub(crate) revision: Option<String>,
    /// Its spec. Never to be printed.
    pub(crate) spec: Value,
}

/// The upgrade that is asked about.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Upgrade {
    /// The oldest minor of an istiod here; none where no istiod tells its version.
    #[serde(serialize_with = "minor_words")]
    pub(crate) from: Option<Minor>,
    /// What is checked against; none where `--to` was not given and nothing tells where to go.
    pub(crate) to: Option<Target>,
    /// All releases on the way to the newest one, one hop after the other.
    #[serde(serialize_with = "route_words")]
    pub(crate) route: Vec<Minor>,
}

/// A release to go to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Target {
    /// Its minor.
    #[serde(skip)]
    pub(crate) minor: Minor,
    /// As it is called: `1.28.1`, or `1.28` where no patch is known.
    pub(crate) name: String,
    /// The version to the patch, where it is known.
    #[serde(skip)]
    pub(crate) version: Option<Version>,
    /// Whether `--to` named it.
    pub(crate) typed: bool,
}

impl Target {
    /// `1.28.1` or `1.28`.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let text = text.strip_prefix('v').unwrap_or(text);
        let parts: Vec<&str> = text.split('.').collect();
        let minor = minor(text)?;
        let version = match parts.len() {
            2 if parts[1].chars().all(|c| c.is_ascii_digit()) => None,
            3.. => Some(Version::parse(text)?),
            _ => return None,
        };
        Some(Self {
            minor,
            name: text.to_owned(),
            version,
            typed: true,
        })
    }
}

impl Upgrade {
    /// The upgrade of this mesh: to what was typed, else the first hop on the way to the newest supported release.
    pub(crate) fn of(mesh: &Mesh, typed: Option<Target>, support: &Support) -> Self {
        let running = running(mesh);
        let from = running.keys().next().copied();
        let newest = typed
            .as_ref()
            .map(|t| t.minor)
            .or_else(|| support.newest(mesh.now));
        let hops = match (from, newest) {
            (Some(from), Some(newest)) => route(from, newest),
            _ => Vec::new(),
        };
        let to = typed.or_else(|| {
            let minor = *hops.first()?;
            let version = running.get(&minor).cloned();
            Some(Target {
                minor,
                name: version
                    .as_ref()
                    .map_or_else(|| short(minor), Version::release),
                version,
                typed: false,
            })
        });
        Self {
            from,
            to,
            route: hops,
        }
    }

    /// `1.26 → 1.28 → 1.30`.
    pub(crate) fn way(&self) -> Option<String> {
        let from = self.from?;
        Some(route::words(from, &self.route))
    }
}

/// The minors that istiods here run, with the newest patch of each.
fn running(mesh: &Mesh) -> BTreeMap<Minor, Version> {
    let mut all: BTreeMap<Minor, Version> = BTreeMap::new();
    for version in mesh
        .istiods
        .get()
        .into_iter()
        .flatten()
        .flat_map(istiod_versions)
        .flatten()
    {
        let minor = (version.semver.major, version.semver.minor);
        let newest = all.entry(minor).or_insert_with(|| version.clone());
        if version.semver > newest.semver {
            *newest = version;
        }
    }
    all
}

#[expect(clippy::ref_option, reason = "as serde calls it")]
fn minor_words<S: serde::Serializer>(minor: &Option<Minor>, s: S) -> Result<S::Ok, S::Error> {
    minor.map(short).serialize(s)
}

fn route_words<S: serde::Serializer>(route: &[Minor], s: S) -> Result<S::Ok, S::Error> {
    s.collect_seq(route.iter().copied().map(short))
}

/// What only a live cluster can tell: in a rehearsal nobody was asked.
pub(crate) fn only_live<T>(what: &str) -> Known<T> {
    Known::Unknown(mesh_common::mesh::Gap {
        what: what.into(),
        why: mesh_common::mesh::Why::NotInArchive,
        detail: what.into(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_target_is_a_minor_or_a_version() {
        let parse = |t: &str| Target::parse(t).map(|t| (t.minor, t.name, t.version.is_some()));
        assert_eq!(parse("1.28"), Some(((1, 28), "1.28".into(), false)));
        assert_eq!(parse("v1.28.1"), Some(((1, 28), "1.28.1".into(), true)));
        for text in ["", "1", "latest", "1.x", "1.28.", "1.28-rc"] {
            assert_eq!(parse(text), None, "{text}");
        }
    }
}
