//! The workloads that policies may apply to, and what enforces them there.

use std::collections::BTreeSet;

use mesh_common::mesh::{Gateway, Istiod, Labels, Mesh, PodGroup, Workload};
use serde::Serialize;

use super::{Scene, Settings};
use crate::{
    compile::{self, Context, Kind, Protocol, RepeatedHeaders},
    normalize::Normalization,
    version::Version,
};

/// What enforces policies for the pods of a workload.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) enum Enforcer {
    /// A sidecar.
    Sidecar,
    /// The pods are a gateway.
    Gateway,
    /// The pods are a waypoint.
    Waypoint,
    /// ztunnel, on the node.
    Ztunnel,
    /// Nothing: no policy has any effect on them.
    Nothing,
}

/// Pods of one workload that the same proxy protects.
#[derive(Debug, Clone)]
pub(crate) struct Target<'a> {
    /// The workload.
    pub(crate) workload: &'a Workload,
    /// What enforces.
    pub(crate) enforcer: Enforcer,
    /// The revision that configures the proxy, where the pods say so.
    pub(crate) revision: Option<&'a str>,
    /// Labels that policies select by: those of the template, and the gateway's name.
    pub(crate) labels: Labels,
    /// What policies are compiled with, or why that is not known.
    pub(crate) compiled_with: Result<CompiledWith, String>,
}

/// What the istiod of a target compiles policies with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct CompiledWith {
    /// istiod's version.
    pub(crate) version: Version,
    pub(crate) mesh: compile::Mesh,
    pub(crate) normalization: Normalization,
}

impl Target<'_> {
    /// What policies are compiled for, on a port of this protocol.
    ///
    /// # Errors
    /// It is not known, in one line.
    pub(crate) fn context(&self, protocol: Protocol) -> Result<Context, String> {
        let with = self.compiled_with.as_ref().map_err(Clone::clone)?;
        let kind = match self.enforcer {
            Enforcer::Sidecar => Kind::Sidecar,
            Enforcer::Gateway => Kind::Gateway,
            Enforcer::Waypoint => Kind::Waypoint { service: None },
            Enforcer::Ztunnel => Kind::Ztunnel,
            Enforcer::Nothing => return Err("no proxy: nothing enforces policies there".into()),
        };
        Ok(Context {
            workload: compile::Workload {
                namespace: self.workload.namespace.clone(),
                labels: self.labels.clone(),
                kind,
                protocol,
            },
            mesh: with.mesh.clone(),
            version: with.version,
            repeated_headers: RepeatedHeaders::Unclear,
        })
    }

    /// `deployment/checkout`, as kubectl takes it.
    pub(crate) fn short(&self) -> String {
        self.workload.short()
    }
}

impl Scene {
    /// Every workload that has pods, by what enforces. One with no pod yet is taken to have a sidecar or none, as its
    /// namespace would have it: it is left out.
    ///
    /// # Errors
    /// Workloads could not be read, in one line.
    pub(crate) fn targets(&self) -> Result<Vec<Target<'_>>, String> {
        let workloads = self.mesh.workloads.read().map_err(|g| g.detail.clone())?;
        let mut targets = Vec::new();
        for workload in workloads {
            let mut done: BTreeSet<(Enforcer, Option<&str>)> = BTreeSet::new();
            for group in &workload.pods {
                for enforcer in enforcers(&self.mesh, workload, group) {
                    let revision = group.proxy.as_ref().and_then(|p| p.revision.as_deref());
                    if !done.insert((enforcer, revision)) {
                        continue;
                    }
                    targets.push(Target {
                        workload,
                        enforcer,
                        revision,
                        labels: labels(workload),
                        compiled_with: compiled_with(&self.mesh, revision),
                    });
                }
            }
        }
        Ok(targets)
    }
}

/// What ztunnel is told with, where all istiods agree.
///
/// # Errors
/// It is not known, in one line.
pub(crate) fn ztunnel_is_told_by(mesh: &Mesh) -> Result<CompiledWith, String> {
    compiled_with(mesh, None)
}

fn labels(workload: &Workload) -> Labels {
    let mut labels = workload.labels.clone();
    if let Some(gateway) = &workload.gateway {
        let name = mesh_common::mesh::label::GATEWAY_NAME.to_owned();
        labels.entry(name).or_insert_with(|| gateway.clone());
    }
    labels
}

/// A group of pods with and without ztunnel before them is two.
fn enforcers(mesh: &Mesh, workload: &Workload, group: &PodGroup) -> Vec<Enforcer> {
    if group.proxy.is_some() {
        return vec![by_proxy(mesh, workload)];
    }
    let mut found = Vec::new();
    if group.ambient > 0 {
        found.push(Enforcer::Ztunnel);
    }
    if group.ambient < group.pods {
        found.push(Enforcer::Nothing);
    }
    found
}

fn by_proxy(mesh: &Mesh, workload: &Workload) -> Enforcer {
    let is = |gateway: &&Gateway| {
        gateway.namespace == workload.namespace && Some(&gateway.name) == workload.gateway.as_ref()
    };
    let gateways = mesh.gateways.items().unwrap_or_default();
    match (&workload.gateway, gateways.iter().find(is)) {
        (Some(_), Some(gateway)) if gateway.waypoint => Enforcer::Waypoint,
        (Some(_), _) => Enforcer::Gateway,
        (None, _) if workload.injected_gateway => Enforcer::Gateway,
        (None, _) => Enforcer::Sidecar,
    }
}

/// The proxy's own revision tells which istiod compiles. ztunnel takes policies from whichever istiod it reaches: they
/// have to agree.
fn compiled_with(mesh: &Mesh, revision: Option<&str>) -> Result<CompiledWith, String> {
    let istiods = mesh.istiods.read().map_err(|gap| gap.detail.clone())?;
    let mut found: Vec<CompiledWith> = Vec::new();
    for istiod in istiods {
        if revision.is_some_and(|revision| revision != istiod.revision) {
            continue;
        }
        let with = Settings::of(mesh, &istiod.revision)?;
        for version in versions(istiod)? {
            let with = CompiledWith {
                version,
                mesh: with.mesh.clone(),
                normalization: with.normalization,
            };
            if !found.contains(&with) {
                found.push(with);
            }
        }
    }
    match (found.len(), revision) {
        (1, _) => Ok(found.remove(0)),
        (0, Some(revision)) => Err(format!("no istiod of revision {revision} was found")),
        (0, None) => Err("no istiod was found".into()),
        (_, Some(revision)) => Err(format!(
            "istiods of revision {revision} are of several versions"
        )),
        (_, None) => Err("istiods differ, and which one is asked is not known".into()),
    }
}

/// The versions of an istiod's pods; of its Deployment where it has none.
fn versions(istiod: &Istiod) -> Result<BTreeSet<Version>, String> {
    let parse = |version: Option<&str>| {
        version
            .and_then(|v| v.parse::<Version>().ok())
            .ok_or_else(|| {
                format!(
                    "the version of istiod {} is not known: its image does not tell",
                    istiod.name
                )
            })
    };
    let of_pod = |pod: &mesh_common::mesh::IstiodPod| match pod.reported.get() {
        Some(reported) => parse(Some(reported)),
        None => parse(pod.version.as_deref()),
    };
    if istiod.pods.is_empty() {
        return Ok(BTreeSet::from([parse(istiod.version.as_deref())?]));
    }
    istiod.pods.iter().map(of_pod).collect()
}
