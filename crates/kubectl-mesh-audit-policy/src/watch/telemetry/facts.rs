//! What a Telemetry is decided on, from the mesh as it was read.

use std::collections::BTreeSet;

use mesh_common::mesh::Istiod;
use serde_json::Value;

use super::{
    super::Subject,
    logging::Revision,
    select::{On, Place, is_old},
};
use crate::{
    compile::Protocol,
    policy::AuthorizationPolicy,
    scene::{Enforcer, Scene, Settings, Target},
    version::Version,
};

/// Merges another `ConfigMap` into the mesh config (`pilot/pkg/bootstrap/mesh.go`).
const SHARED: &str = "SHARED_MESH_CONFIG";

/// The pods of the policy's namespace, those to come too.
pub(super) fn places(scene: &Scene, policy: &AuthorizationPolicy) -> Vec<Place> {
    let here = |target: &Target<'_>| target.workload.namespace == policy.namespace;
    let targets = scene.targets().unwrap_or_default();
    let mut places: Vec<Place> = Vec::new();
    for target in targets.iter().filter(|target| here(target)) {
        let place = place(target, policy);
        if !places.contains(&place) {
            places.push(place);
        }
    }
    let on = On::policy(policy);
    let workloads = scene.mesh.workloads.items().unwrap_or_default().iter();
    for idle in workloads.filter(|w| w.namespace == policy.namespace && w.pods.is_empty()) {
        let mut place = Place {
            name: format!("{}/{}", idle.namespace, idle.short()),
            labels: idle.labels.clone(),
            enforcer: Enforcer::Sidecar,
            minor: None,
            selects_gateways: true,
            applies: false,
            runs: false,
        };
        place.applies = on.attaches(&place);
        places.push(place);
    }
    places
}

fn place(target: &Target<'_>, policy: &AuthorizationPolicy) -> Place {
    let with = target.compiled_with.as_ref().ok();
    // What cannot be known was refused when the watch looked for its workloads.
    let context = target.context(Protocol::Http);
    let applies = context.is_ok_and(|context| policy.applies_to(&context).unwrap_or(false));
    Place {
        name: format!("{}/{}", target.workload.namespace, target.short()),
        labels: target.labels.clone(),
        enforcer: target.enforcer,
        minor: with.map(|with| with.version.minor),
        selects_gateways: with.is_none_or(|with| with.mesh.selects_gateways),
        applies,
        runs: true,
    }
}

/// The istiods whose revisions count: of the proxies, or all where a proxy does not say.
pub(super) fn of(all: &[Revision], scene: &Scene, subject: &Subject) -> Vec<Revision> {
    let policy = &subject.copy.policy;
    let targets = scene.targets().unwrap_or_default();
    let mut names = BTreeSet::new();
    for target in &targets {
        let applies = target.enforcer != Enforcer::Nothing
            && target.workload.namespace == policy.namespace
            && place(target, policy).applies;
        if !applies {
            continue;
        }
        match target.revision {
            Some(revision) => {
                names.insert(revision);
            }
            None => return all.to_vec(),
        }
    }
    let counts = |revision: &&Revision| names.contains(revision.name.as_str());
    all.iter().filter(counts).cloned().collect()
}

/// Every revision of the mesh.
pub(super) fn revisions(scene: &Scene) -> Vec<Revision> {
    let istiods = scene.mesh.istiods.items().unwrap_or_default();
    let mut all: Vec<Revision> = Vec::new();
    for istiod in istiods {
        if all.iter().any(|known| known.name == istiod.revision) {
            continue;
        }
        let settings = Settings::of(&scene.mesh, &istiod.revision);
        let version = istiod.version.as_deref();
        let version = version.and_then(|v| v.parse::<Version>().ok());
        all.push(Revision {
            name: istiod.revision.clone(),
            mesh: mesh(scene, istiod),
            root_namespace: settings.map_or_else(
                |_| scene.mesh.istio_namespace.clone(),
                |settings| settings.mesh.root_namespace,
            ),
            is_old: version.is_some_and(|version| is_old(version.minor)),
        });
    }
    all
}

/// The mesh config of an istiod, as it reads it.
fn mesh(scene: &Scene, istiod: &Istiod) -> Result<Value, String> {
    if let Some(name) = istiod.env.get(SHARED).filter(|name| !name.is_empty()) {
        return Err(format!(
            "istiod {} merges ConfigMap {name} into its mesh config ({SHARED})",
            istiod.name
        ));
    }
    let configs = scene
        .mesh
        .configs
        .read()
        .map_err(|gap| gap.detail.clone())?;
    let config = configs.get(&istiod.revision).ok_or_else(|| {
        format!(
            "the mesh config of revision {} is not known",
            istiod.revision
        )
    })?;
    match config.problems.first() {
        Some(problem) => Err(format!("ConfigMap {}: {problem}", config.config_map)),
        None if config.mesh.is_null() => {
            Err(format!("ConfigMap {} is not there", config.config_map))
        }
        None => Ok(config.mesh.clone()),
    }
}
