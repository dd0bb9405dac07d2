//! What every workload runs now, and what its next pod would run.

use std::collections::BTreeMap;

use serde::Serialize;

use super::{
    Gap, Mesh, RevisionConfig, Wiring, Workload,
    inject::{Cause, Claim, Injected, Resolver, Subject},
    skew,
};

/// An object in the impact of a change.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Item {
    /// Its namespace.
    pub namespace: String,
    /// Its resource as kubectl takes it: `deployment`, `gateway`.
    pub kind: String,
    /// Its name.
    pub name: String,
}

impl Item {
    /// The item of a workload.
    pub fn of(workload: &Workload) -> Self {
        Self {
            namespace: workload.namespace.clone(),
            kind: workload.kind.resource().to_owned(),
            name: workload.name.clone(),
        }
    }

    /// `payments/deployment/checkout`.
    pub fn short(&self) -> String {
        format!("{}/{}/{}", self.namespace, self.kind, self.name)
    }
}

/// Living pods of one workload that run the same proxy.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Running {
    /// The revision that injected them; none when they have no proxy or do not say.
    pub revision: Option<String>,
    /// Version of the proxy; none when they have no proxy or its image has no version.
    pub version: Option<String>,
    /// Whether they have a proxy at all.
    pub proxy: bool,
    /// Whether an annotation chose the proxy's image.
    pub custom_image: bool,
    /// How many pods.
    pub pods: u32,
}

impl Running {
    /// For a table: `1-26-1 (1.26.1)`, `no proxy`.
    pub fn short(&self) -> String {
        match (&self.revision, &self.version) {
            _ if !self.proxy => "no proxy".into(),
            (Some(revision), Some(version)) => format!("{revision} ({version})"),
            (Some(revision), None) => revision.clone(),
            (None, Some(version)) => version.clone(),
            (None, None) => "a proxy that does not say".into(),
        }
    }
}

/// What a workload runs, and what a restart would bring.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Forecast {
    /// The workload.
    pub workload: Item,
    /// Its living pods.
    pub pods: u32,
    /// What they run, most pods first.
    pub running: Vec<Running>,
    /// Whom the API server would call for its next pod.
    pub claim: Claim,
    /// What its next pod would get.
    pub next: Injected,
    /// Why, in words.
    pub reason: String,
    /// Pods that run something else than the next one would: another revision, another version of the proxy, a
    /// proxy where there would be none or the other way round. Zero while `next` is not known.
    pub behind: u32,
}

/// A forecast for each workload, in the order of the mesh.
///
/// # Errors
/// The workloads are not known.
pub fn forecast(mesh: &Mesh, wiring: &Wiring) -> Result<Vec<Forecast>, Gap> {
    let resolver = Resolver {
        injectors: &wiring.injectors,
        services: &wiring.services,
        configs: mesh.configs.get(),
    };
    let versions = injected_versions(mesh);
    let workloads = mesh.workloads.items().map_err(Clone::clone)?;
    Ok(workloads
        .iter()
        .map(|w| one(w, wiring, &resolver, &versions))
        .collect())
}

fn one(
    workload: &Workload,
    wiring: &Wiring,
    resolver: &Resolver<'_>,
    versions: &BTreeMap<String, String>,
) -> Forecast {
    let running = running(workload);
    let (claim, next) = if let Some(namespace) = wiring.namespaces.get(&workload.namespace) {
        resolver.resolve(&Subject {
            namespace,
            labels: &workload.labels,
            inject_annotation: workload.inject_annotation.as_deref(),
            host_network: workload.host_network,
        })
    } else {
        let reason = format!("namespace {} was not read", workload.namespace);
        let claim = Claim::Unknown {
            possible: Vec::new(),
            reason: reason.clone(),
        };
        (claim, Injected::Unknown { reason })
    };
    let behind = running
        .iter()
        .filter(|r| is_behind(r, workload, &next, versions))
        .map(|r| r.pods)
        .sum();
    Forecast {
        workload: Item::of(workload),
        pods: workload.pod_count(),
        running,
        reason: reason(&claim, &next),
        claim,
        next,
        behind,
    }
}

/// What decided, in words.
pub(super) fn reason(claim: &Claim, next: &Injected) -> String {
    match next {
        Injected::No { reason, .. } | Injected::Unknown { reason } => reason.clone(),
        Injected::By { .. } | Injected::Twice { .. } => {
            let said = claim.claimants().iter().map(|c| match claim {
                Claim::One(_) => c.reason.clone(),
                _ => format!("{} by {}", c.config, c.reason),
            });
            said.collect::<Vec<_>>().join("; ")
        }
    }
}

/// What the living pods of a workload run, most pods first.
pub fn running(workload: &Workload) -> Vec<Running> {
    let mut running: Vec<Running> = Vec::new();
    for group in workload.pods.iter().filter(|g| g.pods > 0) {
        let proxy = group.proxy.as_ref();
        let entry = Running {
            revision: proxy.and_then(|p| p.revision.clone()),
            version: proxy.and_then(|p| p.version.clone()),
            proxy: proxy.is_some(),
            custom_image: proxy.is_some_and(|p| p.custom_image),
            pods: 0,
        };
        let same = |r: &Running| {
            r.revision == entry.revision
                && r.version == entry.version
                && r.proxy == entry.proxy
                && r.custom_image == entry.custom_image
        };
        match running.iter_mut().find(|r| same(r)) {
            Some(r) => r.pods += group.pods,
            None => running.push(Running {
                pods: group.pods,
                ..entry
            }),
        }
    }
    running.sort_by(|a, b| {
        b.pods
            .cmp(&a.pods)
            .then_with(|| a.revision.cmp(&b.revision))
    });
    running
}

fn is_behind(
    running: &Running,
    workload: &Workload,
    next: &Injected,
    versions: &BTreeMap<String, String>,
) -> bool {
    // The proxy of a gateway that istiod makes is in its template, as are those of some older charts: a pod that
    // opts out and has a proxy brought it along.
    let brings_its_own = workload.gateway.is_some()
        || matches!(
            next,
            Injected::No {
                cause: Cause::PodOptsOut | Cause::HostNetwork,
                ..
            }
        );
    match next {
        Injected::By { revision } => {
            if !running.proxy || running.revision.as_ref() != Some(revision) {
                return true;
            }
            match (&running.version, versions.get(revision)) {
                (Some(have), Some(want)) if !running.custom_image => {
                    !skew::same_release(have, want)
                }
                _ => false,
            }
        }
        Injected::No { .. } => running.proxy && !brings_its_own,
        Injected::Twice { .. } => true,
        Injected::Unknown { .. } => false,
    }
}

/// The proxy version each revision injects: its values' image tag, else its istiods' version where they agree.
pub fn injected_versions(mesh: &Mesh) -> BTreeMap<String, String> {
    let mut versions = BTreeMap::new();
    if let Ok(istiods) = mesh.istiods_by_revision() {
        for (revision, state) in istiods {
            if let (Some(version), 1) = (state.versions.first(), state.versions.len()) {
                versions.insert(revision, version.clone());
            }
        }
    }
    for (revision, config) in mesh.configs.get().into_iter().flatten() {
        if let Some(tag) = proxy_tag(config) {
            versions.insert(revision.clone(), tag);
        }
    }
    versions
}

/// The image tag that a revision's injector gives its proxies (`global.tag`, or the tag of a whole image name in
/// `global.proxy.image`).
fn proxy_tag(config: &RevisionConfig) -> Option<String> {
    let global = config.values.get("global")?;
    let image = global.pointer("/proxy/image").and_then(|v| v.as_str());
    // A slash makes it a whole reference (`ProxyImage` in the charts' templates).
    if let Some(image) = image.filter(|i| i.contains('/')) {
        let (_, name) = image.rsplit_once('/')?;
        return name.rsplit_once(':').map(|(_, tag)| tag.to_owned());
    }
    match global.get("tag")? {
        serde_json::Value::String(tag) if !tag.is_empty() => Some(tag.clone()),
        serde_json::Value::Number(tag) => Some(tag.to_string()),
        _ => None,
    }
}
