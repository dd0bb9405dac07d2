//! Ports where a policy is not beside the pods: those of gateways, and of Services behind waypoints.

use std::collections::BTreeSet;

use mesh_common::{
    check::Severity::{Error, Warning},
    mesh::label,
    output::clean,
};

use super::{not_ports, ports};
use crate::{
    lint::{
        check::Told,
        facts::{Facts, Fronted, Judged, Reach, Spot},
        fields::List,
    },
    parse_port,
    policy::{AuthorizationPolicy, Rule},
    scene::{Enforcer, Listener, Listens, Service, Speaks},
};

/// The TCP ports of gateways and waypoints that a rule reaches.
pub(super) fn tcp_ports(
    facts: &Facts,
    told: &mut Told,
    judged: &Judged,
    reach: &Reach<'_>,
    rule: &Rule,
) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let gateways = reach
        .spots
        .iter()
        .filter(|s| s.enforcer == Enforcer::Gateway);
    for spot in gateways {
        let Some(listeners) = told.need(&facts.listeners) else {
            break;
        };
        let tcp = listeners.iter().filter(|l| l.speaks == Speaks::Tcp);
        for listener in tcp.filter(|l| listens(l, spot)) {
            let target = bound(facts, spot, listener);
            match reaches(target, rule) {
                Some(true) => {
                    let port = target.unwrap_or(listener.port);
                    let name = clean(&listener.name, 200);
                    found.insert(format!("port {port} of {} ({name})", spot.shown()));
                }
                Some(false) => {}
                None => told.unknown(&format!(
                    "which port of {} port {} of {} is, is not known",
                    spot.shown(),
                    listener.port,
                    listener.name
                )),
            }
        }
    }
    for Fronted { service, by } in behind(facts, told, &judged.policy, reach) {
        let tcp = service.ports.iter().filter(|p| p.speaks == Speaks::Tcp);
        for port in tcp.filter(|port| reaches(Some(port.number), rule) == Some(true)) {
            found.insert(clean(
                &format!(
                    "port {} of Service {}/{} (behind waypoint {}/{})",
                    port.number, service.namespace, service.name, by.0, by.1
                ),
                300,
            ));
        }
    }
    found
}

/// Whether a rule reaches a port; none where that hangs on which one it is.
fn reaches(port: Option<u16>, rule: &Rule) -> Option<bool> {
    let not = not_ports(rule);
    match (ports(rule), port) {
        (Some(named), Some(port)) => Some(named.contains(&port)),
        (None, Some(port)) => Some(!not.contains(&port)),
        (Some(named), None) if named.is_empty() => Some(false),
        (None, None) if not.is_empty() => Some(true),
        (Some(_) | None, None) => None,
    }
}

fn listens(listener: &Listener, spot: &Spot) -> bool {
    match &listener.of {
        Listens::Labelled(labels) => spot.has(labels),
        Listens::Gateway { namespace, name } => {
            *namespace == spot.namespace && spot.labels.get(label::GATEWAY_NAME) == Some(name)
        }
    }
}

/// The port of the pods: Istio takes a gateway's port for its Service's, and, where it selects pods by labels, as it is if no
/// Service has it (`pilot/pkg/model/gateway.go resolvePorts`, 1.28.1).
fn bound(facts: &Facts, spot: &Spot, listener: &Listener) -> Option<u16> {
    let services = facts.services_of(spot);
    let ports = services.iter().flat_map(|service| &service.ports);
    let targets: BTreeSet<Option<u16>> = ports
        .filter(|port| port.number == listener.port)
        .map(|port| port.target)
        .collect();
    let mut targets = targets.into_iter();
    match (targets.next(), targets.next()) {
        (Some(target), None) => target,
        (Some(_), Some(_)) => None,
        (None, _) => {
            let all = facts.services.known.get().is_some() && facts.services.whole;
            let as_it_is = all && matches!(listener.of, Listens::Labelled(_));
            as_it_is.then_some(listener.port)
        }
    }
}

/// The Services at whose waypoint a policy applies.
fn behind<'a>(
    facts: &'a Facts,
    told: &mut Told,
    policy: &AuthorizationPolicy,
    reach: &Reach<'_>,
) -> Vec<&'a Fronted> {
    let waypoints = reach
        .spots
        .iter()
        .filter(|s| s.enforcer == Enforcer::Waypoint);
    let waypoints: BTreeSet<(&str, &str)> = waypoints
        .filter_map(|s| {
            Some((
                s.namespace.as_str(),
                s.labels.get(label::GATEWAY_NAME)?.as_str(),
            ))
        })
        .collect();
    let named = names(policy);
    if waypoints.is_empty() && named.is_empty() {
        return Vec::new();
    }
    if !waypoints.is_empty() {
        told.not_evaluated("ServiceEntries and workloads behind waypoints are not read");
    }
    let Some(all) = told.need(&facts.fronted) else {
        return Vec::new();
    };
    let is = |fronted: &&Fronted| {
        let Fronted { service, by } = fronted;
        let attached = service.namespace == policy.namespace && named.contains(&*service.name);
        attached || waypoints.contains(&(by.0.as_str(), by.1.as_str()))
    };
    all.iter().filter(is).collect()
}

/// The Services that a policy is attached to.
fn names(policy: &AuthorizationPolicy) -> BTreeSet<&str> {
    let targets = policy.target_refs().iter();
    targets
        .filter(|target| target.kind == "Service")
        .map(|target| target.name.as_str())
        .collect()
}

/// Ports that a policy names for the Services it is attached to: a waypoint sees the Service's, and not the pods'.
pub(super) fn unserved(facts: &Facts, told: &mut Told, judged: &Judged, list: &List<'_>) {
    let named = names(&judged.policy);
    if named.is_empty() {
        return;
    }
    let Some(all) = told.need(&facts.fronted) else {
        return;
    };
    let is = |s: &Service| s.namespace == judged.policy.namespace && named.contains(&*s.name);
    let services: Vec<&Service> = all.iter().map(|f| &f.service).filter(|s| is(s)).collect();
    if services.len() < named.len() || judged.policy.target_refs().len() > named.len() {
        // The rest is said by MESH4101, or is not read.
        return;
    }
    let all: Vec<_> = services.iter().flat_map(|s| &s.ports).collect();
    for (n, value) in list.values.iter().enumerate() {
        let Some(number) = parse_port(value) else {
            continue;
        };
        if all.iter().any(|port| port.number == number) {
            continue;
        }
        let field = format!("{}[{n}]", list.path);
        if let Some(port) = all.iter().find(|port| port.target == Some(number)) {
            let meant = port.number;
            told.hit(
                Error,
                &judged.at,
                &field,
                format!("{number} is the pods' port: a waypoint sees the Service's port, {meant}"),
            )
            .hint(format!("write {:?}", meant.to_string()));
        } else {
            told.hit(
                Warning,
                &judged.at,
                &field,
                format!("no Service that this is attached to has port {number}"),
            )
            .hint("at a waypoint the port is that of the Service");
        }
    }
}
