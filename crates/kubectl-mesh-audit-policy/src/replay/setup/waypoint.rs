//! Waypoints: what a line of one is judged against is told by the service whose address was connected to.
//!
//! istiod makes a chain of filters for each service and port, policies in it, and chooses it by the address that the client
//! meant (`pilot/pkg/networking/core/listener_waypoint.go buildWaypointInternal`, 1.28.1); Envoy logs that same address as
//! `%DOWNSTREAM_LOCAL_ADDRESS%`. The cluster of a line is where routes sent the request then: it may be another service.

use std::collections::BTreeMap;

use mesh_common::{
    Ctx, Result,
    mesh::{Known, Why},
    output::clean,
};

use super::{Header, Subject, unless_broken};
use crate::{
    compile::{self, Kind, Protocol},
    scene::{Enforcer, Scene, Services, Target},
};

/// Asked for only where there is a waypoint.
pub(super) async fn services(ctx: &Ctx, scene: &Scene) -> Result<Services> {
    let targets = scene.targets().unwrap_or_default();
    if targets.iter().any(|t| t.enforcer == Enforcer::Waypoint) {
        return Services::read(ctx, scene).await;
    }
    Ok(Services {
        known: Known::not_read("services"),
        whole: false,
    })
}

/// Adds the services behind a waypoint, the last subject so far. An archive holds none of applications: a line for one of
/// them stays unknown.
pub(super) fn behind(
    target: &Target<'_>,
    scene: &Scene,
    services: &Services,
    subjects: &mut Vec<Subject>,
    header: &mut Header,
) {
    let Some(of) = subjects.len().checked_sub(1) else {
        return;
    };
    let mut found = BTreeMap::new();
    let namespaces = scene.mesh.namespaces.read();
    match (services.known.read(), namespaces) {
        (Ok(all), Ok(namespaces)) => {
            let name = target.workload.gateway.as_deref().unwrap_or_default();
            let own = (target.workload.namespace.as_str(), name);
            for service in all {
                let by = service.waypoint(namespaces);
                if by.as_ref().map(|(a, b)| (a.as_str(), b.as_str())) != Some(own) {
                    continue;
                }
                let behind = compile::Service {
                    namespace: service.namespace.clone(),
                    name: service.name.clone(),
                    entry: false,
                };
                found.extend(service.addresses.iter().map(|ip| (*ip, subjects.len())));
                subjects.push(one(target, scene, behind));
            }
        }
        (Err(gap), _) | (_, Err(gap)) if gap.why != Why::NotRead => {
            header.unsure(clean(&gap.detail, 300));
        }
        _ => {}
    }
    if let Some(waypoint) = subjects.get_mut(of) {
        waypoint.services = Some(found);
    }
}

fn shown(target: &Target<'_>) -> String {
    let namespace = &target.workload.namespace;
    clean(&format!("{namespace}/{}", target.short()), 300)
}

fn one(target: &Target<'_>, scene: &Scene, service: compile::Service) -> Subject {
    let label = format!(
        "Service {}/{} at {}",
        service.namespace,
        service.name,
        shown(target)
    );
    let namespaces = [
        target.workload.namespace.as_str(),
        &service.namespace.clone(),
    ];
    let context = target.context(Protocol::Http).map(|mut context| {
        context.workload.kind = Kind::Waypoint {
            service: Some(service),
        };
        context
    });
    let context = unless_broken(context, &scene.broken, &namespaces);
    let mut subject = Subject::new(clean(&label, 300), false, context);
    subject.by_waypoint = true;
    subject
}

#[cfg(test)]
mod tests;
