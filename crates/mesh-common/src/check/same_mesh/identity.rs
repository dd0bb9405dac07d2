//! The points on which two control planes must agree to be one mesh.

use std::collections::BTreeSet;

use serde_json::Value;

use super::defaults;
use crate::{
    check::{Facts, judge::Judge},
    mesh::RevisionConfig,
};

/// One of the two revisions.
#[derive(Debug, Clone, Copy)]
pub(super) struct Side<'a> {
    /// The revision.
    pub(super) revision: &'a str,
    /// What it is configured with.
    pub(super) config: &'a RevisionConfig,
}

/// A point: its name, and how to read it of one revision.
type Point = (
    &'static str,
    fn(&Facts<'_>, Side<'_>) -> Result<String, String>,
);

const POINTS: [Point; 11] = [
    ("trust domain", |_, s| s.mesh().map(defaults::trust_domain)),
    ("trust domain aliases", |_, s| {
        s.mesh().map(defaults::trust_domain_aliases)
    }),
    ("root namespace", |_, s| {
        s.mesh().map(defaults::root_namespace)
    }),
    ("CA root", |facts, s| ca_root(facts, s.revision)),
    ("network", |_, s| s.value("/global/network", "")),
    // What proxies are told (`injection-template.yaml`), and below what istiod takes itself to be.
    ("cluster name", |_, s| {
        s.value("/global/multiCluster/clusterName", "Kubernetes")
    }),
    ("cluster id of istiod", |facts, s| {
        cluster_id(facts, s.revision)
    }),
    ("mesh id", |_, s| s.mesh_id()),
    ("mesh id of proxies", |_, s| {
        s.mesh().map(defaults::proxies_mesh_id)
    }),
    ("outboundTrafficPolicy", |_, s| {
        s.mesh().map(defaults::outbound)
    }),
    ("pathNormalization", |_, s| {
        s.mesh().map(defaults::path_normalization)
    }),
];

/// Compares the points of two revisions and says how many there were. A difference closes the gate; what cannot be
/// compared is a doubt.
pub(super) fn compare(facts: &Facts<'_>, judge: &mut Judge, old: Side<'_>, new: Side<'_>) -> usize {
    for (name, read) in POINTS {
        match (read(facts, old), read(facts, new)) {
            (Ok(is), Ok(becomes)) if is == becomes => judge.note(format!("{name}: {}", shown(&is))),
            (Ok(is), Ok(becomes)) => judge.close(format!(
                "{name} not the same: {} ({}), {} ({})",
                shown(&is),
                old.revision,
                shown(&becomes),
                new.revision
            )),
            (Err(why), _) | (_, Err(why)) => judge.doubt(format!("{name}: {why}")),
        }
    }
    POINTS.len() + providers(facts, judge, old, new)
}

/// Providers in use are defined alike. Who uses what may not be known; if all are alike that does not matter.
fn providers(facts: &Facts<'_>, judge: &mut Judge, old: Side<'_>, new: Side<'_>) -> usize {
    let (Ok(is), Ok(becomes)) = (old.mesh(), new.mesh()) else {
        return 0;
    };
    let differs = |name: &str| {
        let (before, after) = (
            defaults::provider(is, name),
            defaults::provider(becomes, name),
        );
        (before != after).then(|| match (before, after) {
            (Some(_), None) => format!("extensionProvider {name} is missing in {}", new.revision),
            (None, _) => format!("extensionProvider {name} is missing in {}", old.revision),
            _ => format!("extensionProvider {name} is defined differently"),
        })
    };
    match facts.mesh.providers_in_use.read() {
        Ok(in_use) => {
            for difference in in_use.iter().filter_map(|name| differs(name)) {
                judge.close(format!("{difference}, and it is in use"));
            }
            in_use.len()
        }
        Err(gap) => {
            let all: BTreeSet<&str> = defaults::providers(is)
                .chain(defaults::providers(becomes))
                .collect();
            for difference in all.iter().filter_map(|name| differs(name)) {
                let why = &gap.detail;
                judge.doubt(format!(
                    "{difference}, and whether it is in use is not known ({why})"
                ));
            }
            all.len()
        }
    }
}

/// The digest of the CA bundle that a revision's own webhook has.
pub(super) fn ca_root(facts: &Facts<'_>, revision: &str) -> Result<String, String> {
    let injectors = facts
        .mesh
        .injectors
        .items()
        .map_err(crate::check::judge::unread)?;
    let own = injectors
        .iter()
        .find(|i| i.tag.is_none() && i.revision == revision);
    let own = own.ok_or_else(|| format!("{revision} has no webhook of its own"))?;
    if own
        .webhooks
        .iter()
        .any(|w| w.ca_bundle.is_some() && !w.ca_bundle_is_pem)
    {
        return Err(format!("the CA bundle of {} is no certificate", own.name));
    }
    let bundles: BTreeSet<_> = own
        .webhooks
        .iter()
        .map(|w| w.ca_bundle.as_deref())
        .collect();
    match bundles.into_iter().collect::<Vec<_>>()[..] {
        [Some(one)] => Ok(one.to_owned()),
        [] | [None] => Err(format!("{} has no CA bundle", own.name)),
        _ => Err(format!(
            "the webhooks of {} have different CA bundles",
            own.name
        )),
    }
}

fn cluster_id(facts: &Facts<'_>, revision: &str) -> Result<String, String> {
    let istiods = facts
        .istiods(revision)
        .map_err(crate::check::judge::unread)?;
    let ids: BTreeSet<&str> = istiods
        .iter()
        // `pilot/pkg/features/pilot.go`, `ClusterName`.
        .map(|i| i.env.get("CLUSTER_ID").map_or("Kubernetes", String::as_str))
        .collect();
    match ids.into_iter().collect::<Vec<_>>()[..] {
        [one] => Ok(one.to_owned()),
        [] => Err(format!("there is no istiod of {revision}")),
        _ => Err(format!("the istiods of {revision} have different ones")),
    }
}

impl<'a> Side<'a> {
    fn mesh(self) -> Result<&'a Value, String> {
        let mesh = &self.config.mesh;
        let missing = || {
            format!(
                "the mesh config of {} is missing or could not be parsed",
                self.revision
            )
        };
        if mesh.is_object() {
            Ok(mesh)
        } else {
            Err(missing())
        }
    }

    fn value(self, path: &str, default: &str) -> Result<String, String> {
        let values = &self.config.values;
        if !values.is_object() {
            let revision = self.revision;
            return Err(format!(
                "the injector values of {revision} are missing or could not be parsed"
            ));
        }
        Ok(match values.pointer(path) {
            None | Some(Value::Null) => default.to_owned(),
            Some(Value::String(text)) if text.is_empty() => default.to_owned(),
            Some(Value::String(text)) => text.clone(),
            Some(other) => other.to_string(),
        })
    }

    /// `global.meshID`, or the trust domain without one (`injection-template.yaml`, `ISTIO_META_MESH_ID`).
    fn mesh_id(self) -> Result<String, String> {
        let id = self.value("/global/meshID", "")?;
        if id.is_empty() {
            self.mesh().map(defaults::trust_domain)
        } else {
            Ok(id)
        }
    }
}

fn shown(text: &str) -> String {
    if text.is_empty() {
        "none".into()
    } else {
        crate::output::clean(text, 80)
    }
}

/// Paths of a mesh config that the gate itself compares.
pub(super) fn is_mesh_identity(path: &str, in_use: Option<&BTreeSet<String>>) -> bool {
    const POINTS: [&str; 11] = [
        "trustDomain",
        "trust_domain",
        "trustDomainAliases",
        "trust_domain_aliases",
        "rootNamespace",
        "root_namespace",
        "outboundTrafficPolicy",
        "outbound_traffic_policy",
        "pathNormalization",
        "path_normalization",
        "defaultConfig.meshId",
    ];
    let provider = path
        .strip_prefix("extensionProviders[")
        .and_then(|p| p.strip_suffix(']'));
    POINTS.contains(&path)
        || provider
            .zip(in_use)
            .is_some_and(|(name, all)| all.contains(name))
}

/// Paths of the injector's values that differ between any two revisions, or that the gate itself compares.
pub(super) fn is_expected_value(path: &str) -> bool {
    const EXPECTED: [&str; 6] = [
        "revision",
        "global.tag",
        "global.hub",
        "global.network",
        "global.meshID",
        "global.multiCluster.clusterName",
    ];
    EXPECTED.contains(&path)
}
