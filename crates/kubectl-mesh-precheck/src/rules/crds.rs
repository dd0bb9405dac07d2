//! Custom resource definitions of a cluster against those of the target release.

use std::collections::{BTreeMap, BTreeSet};

use mesh_common::{check::Severity, mesh::Crd};
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
mod tests {
    use super::*;

    fn crd(name: &str, served: &[&str], stored: &[&str]) -> Crd {
        let words = |of: &[&str]| of.iter().map(ToString::to_string).collect();
        Crd {
            name: name.to_owned(),
            served: words(served),
            storage: stored.last().map(ToString::to_string),
            stored: words(stored),
            bundle: None,
            owner: mesh_common::mesh::Owner::None,
        }
    }

    #[test]
    fn definitions_of_istio() {
        let crds = Crds::load().unwrap();
        let vs = "virtualservices.networking.istio.io";
        let all = ["v1", "v1alpha3", "v1beta1"];
        let operator = crd(
            "istiooperators.install.istio.io",
            &["v1alpha1"],
            &["v1alpha1"],
        );
        let of_1_20 = crd(vs, &["v1alpha3", "v1beta1"], &["v1alpha3"]);
        let of_1_26 = crd(vs, &all, &["v1alpha3", "v1beta1"]);
        let ancient = crd(vs, &all, &["v1alpha2", "v1"]);
        let not_served = || CrdProblem::NotServed {
            version: "v1".to_owned(),
            shipped: true,
            experimental: false,
        };
        let no_downgrade = || CrdProblem::NoDowngrade {
            storage: "v1".to_owned(),
        };
        let gone = || CrdProblem::StoredGone {
            versions: vec!["v1alpha2".to_owned()],
        };
        let cases = [
            (&of_1_20, 20, 21, vec![]),
            (&of_1_20, 20, 24, vec![not_served()]),
            (&of_1_20, 20, 27, vec![not_served(), no_downgrade()]),
            (&of_1_26, 26, 28, vec![]),
            (&of_1_26, 26, 26, vec![]),
            (&ancient, 26, 28, vec![gone()]),
            (&operator, 23, 24, vec![CrdProblem::Gone]),
            (&operator, 20, 23, vec![]),
        ];
        for (crd, from, to, want) in cases {
            let found = crds.check(crd, (1, from), (1, to));
            assert_eq!(found, want, "{} {from} {to}", crd.name);
        }
    }

    #[test]
    fn definitions_of_others() {
        let crds = Crds::load().unwrap();
        let check = |name, served: &[&str], from, to| {
            crds.check(&crd(name, served, served), (1, from), (1, to))
        };
        let unknown = check("wonders.extensions.istio.io", &["v1"], 26, 28);
        assert_eq!(unknown, [CrdProblem::Unknown]);
        assert_eq!(check("certificates.cert-manager.io", &["v1"], 26, 28), []);
        let gateways = "gateways.gateway.networking.k8s.io";
        let not_served = CrdProblem::NotServed {
            version: "v1".to_owned(),
            shipped: false,
            experimental: false,
        };
        assert_eq!(not_served.severity(), Severity::Error);
        assert_eq!(check(gateways, &["v1beta1"], 28, 29), [not_served]);
        assert_eq!(check(gateways, &["v1", "v1beta1"], 28, 29), []);
        let tls = check("tlsroutes.gateway.networking.k8s.io", &["v1alpha2"], 29, 30);
        assert_eq!(tls.len(), 1);
        assert_eq!(tls[0].severity(), Severity::Warning);
        let sets = "xlistenersets.gateway.networking.x-k8s.io";
        assert_eq!(check(sets, &["v1alpha1"], 29, 30), [CrdProblem::Gone]);
    }

    #[test]
    fn definitions_that_are_missing() {
        let crds = Crds::load().unwrap();
        let of_1_29 = crds.missing([], (1, 29));
        assert_eq!(of_1_29.len(), 14);
        assert_eq!(crds.missing([], (1, 23)).len(), 15);
        assert_eq!(
            crds.missing(of_1_29.iter().copied(), (1, 30)),
            ["trafficextensions.extensions.istio.io"]
        );
    }

    #[test]
    fn bundles_that_are_too_old() {
        let crds = Crds::load().unwrap();
        let tls = "tlsroutes.gateway.networking.k8s.io";
        let cases = [
            (tls, Some("v1.4.0"), 29, false),
            (tls, Some("v1.4.0"), 30, true),
            (tls, Some("v1.5.0-rc.1"), 30, false),
            (tls, None, 30, true),
            (tls, Some("main"), 30, true),
            (
                "grpcroutes.gateway.networking.k8s.io",
                Some("v1.0.0"),
                21,
                false,
            ),
            (
                "grpcroutes.gateway.networking.k8s.io",
                Some("v1.0.0"),
                22,
                true,
            ),
            ("httproutes.gateway.networking.k8s.io", None, 30, false),
        ];
        for (name, bundle, to, want) in cases {
            let found = crds.too_old(name, bundle, (1, to));
            assert_eq!(found.is_some(), want, "{name} {bundle:?} {to}");
        }
        let built = |minor| crds.built_against((1, minor)).map(ToString::to_string);
        assert_eq!(built(19), None);
        assert_eq!(built(21).as_deref(), Some("1.0.0"));
        assert_eq!(built(31).as_deref(), Some("1.5.1"));
    }
}
