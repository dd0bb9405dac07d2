//! Where a policy applies, and what else is watched there.

use std::collections::BTreeSet;

use mesh_common::mesh::{NodeAgent, label};

use super::mode::Place;
use crate::{
    compile::Protocol,
    policy::{Action, DryRun},
    scene::{Enforcer, Found, Scene, Target},
    version::Version,
};

/// Where a policy applies, workloads without a proxy left out.
///
/// # Errors
/// It is not known, in one line.
pub(crate) fn of(scene: &Scene, found: &Found) -> Result<Vec<Place>, String> {
    let policy = &found.policy;
    let ztunnel = ztunnels(scene);
    let mut places = Vec::new();
    for target in scene.targets()? {
        if target.enforcer == Enforcer::Nothing || !may_reach(scene, found, &target) {
            continue;
        }
        let context = target.context(Protocol::Http);
        let applies = match &context {
            Ok(context) => policy
                .applies_to(context)
                .map_err(|why| format!("{}: {why}", name(&target)))?,
            // Whether it does is not known: it is taken to.
            Err(_) => true,
        };
        if applies {
            places.push(Place {
                name: name(&target),
                enforcer: target.enforcer,
                istiod: context.map(|c| (c.version, c.mesh.ambient_dry_run)),
                ztunnel: ztunnel.clone(),
            });
        }
    }
    places.extend(waypoints(found));
    places.extend(ambient(scene, found, &places, &ztunnel)?);
    Ok(places)
}

/// `payments/deployment/cards`.
fn name(target: &Target<'_>) -> String {
    format!("{}/{}", target.workload.namespace, target.short())
}

/// Policies of another namespace than the root's reach no further than their own.
fn may_reach(scene: &Scene, found: &Found, target: &Target<'_>) -> bool {
    target.compiled_with.is_ok()
        || found.policy.namespace == target.workload.namespace
        || found.policy.namespace == scene.mesh.istio_namespace
}

/// What a policy is attached to that is no gateway: a waypoint enforces it.
fn waypoints(found: &Found) -> impl Iterator<Item = Place> {
    let namespace = found.policy.namespace.clone();
    let refs = found.policy.target_refs().iter();
    refs.filter(|target| target.kind != "Gateway")
        .map(move |target| Place {
            name: format!(
                "the waypoint of {} {namespace}/{}",
                target.kind, target.name
            ),
            enforcer: Enforcer::Waypoint,
            istiod: Err(String::new()),
            ztunnel: Err(String::new()),
        })
}

/// Ambient namespaces that have no pod of the sort yet: the next one would be under the copy.
fn ambient(
    scene: &Scene,
    found: &Found,
    places: &[Place],
    ztunnel: &Result<BTreeSet<Version>, String>,
) -> Result<Vec<Place>, String> {
    if !found.policy.target_refs().is_empty() {
        return Ok(Vec::new());
    }
    let namespaces = scene.mesh.namespaces.read().map_err(|g| g.detail.clone())?;
    let told = crate::scene::ztunnel_is_told_by(&scene.mesh);
    let root = told.as_ref().map_or(&scene.mesh.istio_namespace, |with| {
        &with.mesh.root_namespace
    });
    let reaches = |name: &str| found.policy.namespace == name || found.policy.namespace == *root;
    let known = |name: &str| {
        let prefix = format!("{name}/");
        places
            .iter()
            .any(|p| p.enforcer == Enforcer::Ztunnel && p.name.starts_with(&prefix))
    };
    let mode = |labels: &mesh_common::mesh::Labels| {
        labels
            .get(label::DATAPLANE_MODE)
            .is_some_and(|mode| mode == "ambient")
    };
    let istiod = told
        .clone()
        .map(|with| (with.version, with.mesh.ambient_dry_run));
    Ok(namespaces
        .iter()
        .filter(|(name, namespace)| mode(&namespace.labels) && reaches(name) && !known(name))
        .map(|(name, _)| Place {
            name: format!("ambient namespace {name}"),
            enforcer: Enforcer::Ztunnel,
            istiod: istiod.clone(),
            ztunnel: ztunnel.clone(),
        })
        .collect())
}

/// Versions of ztunnel.
fn ztunnels(scene: &Scene) -> Result<BTreeSet<Version>, String> {
    let agents = scene
        .mesh
        .node_agents
        .read()
        .map_err(|g| g.detail.clone())?;
    let version = |agent: &NodeAgent| {
        if agent.ready < agent.desired {
            return Err(format!(
                "DaemonSet {}/{} is not ready on all nodes, and may be of two versions",
                agent.namespace, agent.name
            ));
        }
        let version = agent.version.as_deref().and_then(|v| v.parse().ok());
        version.ok_or_else(|| {
            format!(
                "the version of DaemonSet {}/{} is not known: its image does not tell",
                agent.namespace, agent.name
            )
        })
    };
    let ztunnels = agents.iter().filter(|a| a.component == "ztunnel");
    ztunnels.map(version).collect()
}

/// Other policies that are watched on a workload of these places, with this action: `cards: fraud-readers`.
/// Shadow counters are of a listener and an action, not of a policy.
pub(crate) fn also_watched(
    scene: &Scene,
    found: &Found,
    beside: &[&Found],
) -> Result<Vec<String>, String> {
    let action = found.policy.spec.action;
    let same = |other: &&&Found| {
        other.policy.spec.action == action
            && !(other.policy.namespace == found.policy.namespace
                && (other.policy.name == found.policy.name || is_copy_of(other, found)))
    };
    let shadows = scene.policies().map_err(|g| g.detail.clone())?;
    let shadows: Vec<&Found> = shadows
        .iter()
        .filter(|other| other.policy.dry_run == DryRun::Yes)
        .collect();
    let others: Vec<&&Found> = shadows.iter().chain(beside).filter(same).collect();
    let mut lines = BTreeSet::new();
    for target in scene.targets()? {
        let (Ok(context), true) = (
            target.context(Protocol::Http),
            target.enforcer != Enforcer::Nothing,
        ) else {
            continue;
        };
        if !found.policy.applies_to(&context)? {
            continue;
        }
        for other in &others {
            if other.policy.applies_to(&context)? {
                lines.insert(format!("{}: {}", name(&target), other.name()));
            }
        }
    }
    Ok(lines.into_iter().collect())
}

fn is_copy_of(other: &Found, found: &Found) -> bool {
    other.annotation(crate::copy::key::OF) == Some(&found.policy.name)
}

/// Workloads that an ALLOW policy turns to default deny: those that no other enforced ALLOW applies to yet.
///
/// # Errors
/// It is not known, in one line.
pub(crate) fn become_default_deny(scene: &Scene, allow: &Found) -> Result<Vec<String>, String> {
    let policies = scene.policies().map_err(|g| g.detail.clone())?;
    let enforced: Vec<&Found> = policies
        .iter()
        .filter(|p| p.policy.spec.action == Action::Allow && p.policy.dry_run != DryRun::Yes)
        .filter(|p| crate::copy::Copy::read(p).is_none())
        .collect();
    let mut names = BTreeSet::new();
    for target in scene.targets()? {
        if target.enforcer == Enforcer::Nothing || !may_reach(scene, allow, &target) {
            continue;
        }
        let context = target.context(Protocol::Http)?;
        if !allow.policy.applies_to(&context)? {
            continue;
        }
        let mut already = false;
        for policy in &enforced {
            already |= policy.policy.applies_to(&context)?;
        }
        if !already {
            names.insert(name(&target));
        }
    }
    Ok(names.into_iter().collect())
}

#[cfg(test)]
mod tests;
