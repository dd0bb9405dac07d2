//! Custom resource definitions of a cluster against those of the target release.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt,
};

use mesh_common::{check::Severity, mesh::Crd, shell};
use semver::Version;
use serde::{Deserialize, Deserializer, de::Error as _};

use super::Minor;

const DATA: &str = include_str!("../../data/crds.yaml");

/// What holds from a release on, until the next entry.
type Since<T> = BTreeMap<Release, T>;

/// Which versions of custom resources each Istio release ships and reads.
#[derive(Debug)]
pub struct Crds {
    istio: BTreeMap<String, Since<Option<Shipped>>>,
    gateway: BTreeMap<String, GatewayCrd>,
    built_against: Since<Version>,
}

/// The data file cannot be used, which the tests of this crate exclude.
#[derive(Debug, thiserror::Error)]
#[error("data/crds.yaml: {0}")]
pub struct CrdsError(String);

/// What is the matter with a custom resource definition.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CrdProblem {
    /// Objects may be stored in versions that the target's definition does not have. The API
    /// server refuses that definition.
    StoredGone {
        /// These versions.
        versions: Vec<String>,
    },
    /// The target's istiod reads a version that the cluster does not serve.
    NotServed {
        /// This version.
        version: String,
        /// Whether the target ships a definition that serves it.
        shipped: bool,
        /// Whether the kind is one that few meshes use.
        experimental: bool,
    },
    /// After the upgrade the definition of the release before cannot be put back: objects are
    /// then stored in a version that it does not have. An older istiod runs with the newer one.
    NoDowngrade {
        /// This version.
        storage: String,
    },
    /// Nothing of the target reads it any more.
    Gone,
    /// It is in a group of Istio's, and not of any release known here.
    Unknown,
    /// It comes from a bundle of the Gateway API older than the target's istiod takes: istiod
    /// ignores its objects.
    TooOld {
        /// The bundle's version, when the definition names one.
        bundle: Option<String>,
        /// The oldest that istiod takes.
        minimum: Version,
        /// Whether the kind is one that few meshes use.
        experimental: bool,
    },
}

impl CrdProblem {
    /// How much it matters.
    pub fn severity(&self) -> Severity {
        match self {
            Self::NotServed { shipped: true, .. }
            | Self::NotServed {
                experimental: true, ..
            }
            | Self::TooOld {
                experimental: true, ..
            }
            | Self::NoDowngrade { .. } => Severity::Warning,
            Self::StoredGone { .. } | Self::NotServed { .. } | Self::TooOld { .. } => {
                Severity::Error
            }
            Self::Gone | Self::Unknown => Severity::Info,
        }
    }

    /// What to do about the definition of this name; commands stand on lines of their own.
    pub fn hint(&self, name: &str) -> String {
        let command = |template| shell::command(template, &[name]);
        match self {
            Self::StoredGone { .. } => [
                "write each object anew, then drop the old versions from status.storedVersions:".to_owned(),
                command("kubectl get {} -A -o json | kubectl replace -f -"),
                command("kubectl edit crd {} --subresource=status"),
            ]
            .join("\n"),
            Self::NotServed { shipped: true, .. } => {
                "upgrade the CRDs before istiod: the Helm chart base, or istioctl install, which does both".into()
            }
            Self::NotServed { shipped: false, .. } => {
                "install a newer bundle of Gateway API before the upgrade".into()
            }
            Self::NoDowngrade { .. } => {
                "when rolling back, keep the target's CRDs: an older istiod runs with them".into()
            }
            Self::Gone => format!("when no object is left, delete it:\n{}", command("kubectl get {} -A")),
            Self::Unknown => format!("see who installed it:\n{}", command("kubectl get crd {} -o yaml")),
            Self::TooOld { minimum, .. } => {
                format!("install Gateway API {minimum} or later before the upgrade")
            }
        }
    }
}

impl fmt::Display for CrdProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::StoredGone { versions } => write!(
                f,
                "objects may be stored as {}, which the target's CRD does not have: the API server refuses that CRD",
                versions.join(", ")
            ),
            Self::NotServed { version, .. } => write!(
                f,
                "the target's istiod reads {version}, which the cluster does not serve"
            ),
            Self::NoDowngrade { storage } => write!(
                f,
                "once objects are stored as {storage}, the CRD of the release that runs cannot be put back"
            ),
            Self::Gone => f.write_str("nothing of the target reads it"),
            Self::Unknown => f.write_str("it is of no Istio release that is known here"),
            Self::TooOld {
                bundle, minimum, ..
            } => {
                match bundle {
                    Some(bundle) => write!(f, "it is of Gateway API bundle {bundle}")?,
                    None => f.write_str("it is of a Gateway API bundle that it does not name")?,
                }
                write!(f, ", and istiod ignores those before {minimum}")
            }
        }
    }
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct Shipped {
    served: Vec<String>,
    storage: String,
    read: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct GatewayCrd {
    name: String,
    #[serde(default)]
    experimental: bool,
    read: Since<Option<String>>,
    #[serde(default)]
    minimum: Since<Version>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Data {
    crds: Vec<Group>,
    #[serde(rename = "gatewayApi")]
    gateway_api: GatewayApi,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Group {
    names: Vec<String>,
    since: Since<Option<Shipped>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct GatewayApi {
    #[serde(rename = "builtAgainst")]
    built_against: Since<Version>,
    crds: Vec<GatewayCrd>,
}

/// A release in a key, `"1.20"`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Release(Minor);

impl<'de> Deserialize<'de> for Release {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let text = String::deserialize(from)?;
        let minor = mesh_common::mesh::skew::minor(&text);
        let minor = minor.ok_or_else(|| D::Error::custom(format!("`{text}` is no release")))?;
        Ok(Self(minor))
    }
}

impl Crds {
    /// The table that is built in.
    ///
    /// # Errors
    /// When it is malformed, which the tests of this crate exclude.
    pub fn load() -> Result<Self, CrdsError> {
        let data: Data =
            serde_saphyr::from_str(DATA).map_err(|error| CrdsError(error.to_string()))?;
        let mut istio = BTreeMap::new();
        for group in data.crds {
            for name in group.names {
                istio.insert(name, group.since.clone());
            }
        }
        let gateway = data.gateway_api.crds.into_iter();
        Ok(Self {
            istio,
            gateway: gateway.map(|crd| (crd.name.clone(), crd)).collect(),
            built_against: data.gateway_api.built_against,
        })
    }

    /// What is the matter with a definition of the cluster when istiod goes from one release to
    /// another. Definitions of others than Istio and the Gateway API are no matter.
    pub fn check(&self, crd: &Crd, from: Minor, to: Minor) -> Vec<CrdProblem> {
        if let Some(gateway) = self.gateway.get(&crd.name) {
            let Some(Some(read)) = at(&gateway.read, to) else {
                return match at(&gateway.read, from) {
                    Some(Some(_)) => vec![CrdProblem::Gone],
                    _ => vec![],
                };
            };
            return not_served(crd, read, false, gateway.experimental)
                .into_iter()
                .collect();
        }
        let Some(since) = self.istio.get(&crd.name) else {
            let ours = crd.name.ends_with(".istio.io");
            return ours.then_some(CrdProblem::Unknown).into_iter().collect();
        };
        let Some(Some(target)) = at(since, to) else {
            return vec![CrdProblem::Gone];
        };
        let mut problems = Vec::new();
        let stored = crd.stored.iter();
        let gone: Vec<_> = stored
            .filter(|v| !target.served.contains(v))
            .cloned()
            .collect();
        if !gone.is_empty() {
            problems.push(CrdProblem::StoredGone { versions: gone });
        }
        problems.extend(not_served(
            crd,
            &target.read,
            target.served.contains(&target.read),
            false,
        ));
        if let Some(Some(before)) = at(since, from)
            && from < to
            && !before.served.contains(&target.storage)
        {
            problems.push(CrdProblem::NoDowngrade {
                storage: target.storage.clone(),
            });
        }
        problems
    }

    /// Definitions that a release ships and the cluster lacks.
    pub fn missing<'c>(&self, present: impl IntoIterator<Item = &'c str>, to: Minor) -> Vec<&str> {
        let present: BTreeSet<&str> = present.into_iter().collect();
        let shipped = self
            .istio
            .iter()
            .filter(|(_, since)| matches!(at(since, to), Some(Some(_))));
        shipped
            .map(|(name, _)| name.as_str())
            .filter(|name| !present.contains(name))
            .collect()
    }

    /// Whether the bundle that a definition of the Gateway API comes from (its annotation
    /// `gateway.networking.k8s.io/bundle-version`) is too old for a release's istiod.
    ///
    /// As istiod has it, a pre-release counts as the release, and what cannot be read is too old.
    pub fn too_old(&self, name: &str, bundle: Option<&str>, to: Minor) -> Option<CrdProblem> {
        let crd = self.gateway.get(name)?;
        let minimum = at(&crd.minimum, to)?;
        let have = bundle.and_then(|text| {
            let version = Version::parse(text.strip_prefix('v').unwrap_or(text)).ok()?;
            Some((version.major, version.minor, version.patch))
        });
        let enough = have >= Some((minimum.major, minimum.minor, minimum.patch));
        (!enough).then(|| CrdProblem::TooOld {
            bundle: bundle.map(str::to_owned),
            minimum: minimum.clone(),
            experimental: crd.experimental,
        })
    }

    /// The release of the Gateway API that an Istio release was built against.
    pub fn built_against(&self, minor: Minor) -> Option<&Version> {
        at(&self.built_against, minor)
    }
}

/// What holds at a release.
fn at<T>(since: &Since<T>, minor: Minor) -> Option<&T> {
    since
        .range(..=Release(minor))
        .next_back()
        .map(|(_, row)| row)
}

fn not_served(crd: &Crd, read: &str, shipped: bool, experimental: bool) -> Option<CrdProblem> {
    let served = crd.served.iter().any(|version| version == read);
    (!served).then(|| CrdProblem::NotServed {
        version: read.to_owned(),
        shipped,
        experimental,
    })
}

#[cfg(test)]
mod tests;
