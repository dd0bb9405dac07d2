//! Ports: what they speak, and whether they are there.

use std::collections::BTreeSet;

use mesh_common::check::{
    Severity::{Error, Warning},
    words::some,
};

use super::{each, reach::reached};
use crate::{
    lint::{
        check::{Check, Told},
        facts::{Facts, Judged, Reach, Spot},
        fields::{About, List, lists, of_operation},
    },
    parse_port,
    policy::{Action, Rule},
    scene::{Enforcer, Port, Speaks},
};

mod beyond;

pub(crate) const CHECKS: &[Check] = &[
    Check {
        code: "MESH4121",
        title: "HTTP fields on TCP ports",
        run: on_tcp,
    },
    Check {
        code: "MESH4122",
        title: "ports that no Service has",
        run: unserved,
    },
];

/// The ports that a rule names; none where one of its operations names none.
fn ports(rule: &Rule) -> Option<BTreeSet<u16>> {
    let mut all = BTreeSet::new();
    let of_when = rule.when.iter().filter(|c| c.key == "destination.port");
    let mut narrowed = false;
    for condition in of_when.filter(|c| !c.values.is_empty()) {
        narrowed = true;
        all.extend(condition.values.iter().filter_map(|v| parse_port(v)));
    }
    if narrowed {
        return Some(all);
    }
    if rule.to.is_empty() {
        return None;
    }
    for to in &rule.to {
        let ports = to.operation.as_ref().map_or(&[][..], |o| &o.ports);
        if ports.is_empty() {
            return None;
        }
        all.extend(ports.iter().filter_map(|v| parse_port(v)));
    }
    Some(all)
}

/// Ports that a rule says are not meant, in each of its operations.
fn not_ports(rule: &Rule) -> BTreeSet<u16> {
    let mut all: Option<BTreeSet<u16>> = None;
    for (n, to) in rule.to.iter().enumerate() {
        let lists = to
            .operation
            .as_ref()
            .map(|o| of_operation(o, &n.to_string()));
        let lists = lists.unwrap_or_default();
        let not = lists.iter().filter(|l| l.about == About::Port && l.not);
        let not: BTreeSet<u16> = not
            .flat_map(|l| l.values)
            .filter_map(|v| parse_port(v))
            .collect();
        all = Some(match all {
            None => not,
            Some(all) => all.intersection(&not).copied().collect(),
        });
    }
    all.unwrap_or_default()
}

/// The TCP ports of a workload's Services that a rule reaches.
fn tcp_ports(facts: &Facts, spot: &Spot, rule: &Rule) -> Vec<String> {
    let (named, not) = (ports(rule), not_ports(rule));
    let mut found = Vec::new();
    for service in facts.services_of(spot) {
        for port in service.ports.iter().filter(|p| p.speaks == Speaks::Tcp) {
            let reached = match (port.target, &named) {
                (Some(target), Some(named)) => named.contains(&target),
                (Some(target), None) => !not.contains(&target),
                // Which port of the pods it is, only they tell.
                (None, Some(_)) => false,
                (None, None) => not.is_empty(),
            };
            if reached {
                let target = port.target.unwrap_or(port.number);
                found.push(format!(
                    "port {target} of {} (Service {})",
                    spot.shown(),
                    service.name
                ));
            }
        }
    }
    found
}

fn on_tcp(facts: &Facts, told: &mut Told) {
    let http = |rule: &Rule| lists(0, rule).iter().any(List::is_http);
    let any = facts
        .policies
        .iter()
        .flat_map(|judged| &judged.policy.spec.rules);
    if !any.flatten().any(http) {
        return;
    }
    let reaches = if facts.spots.get().is_some() {
        reached(facts, told)
    } else {
        Vec::new()
    };
    for judged in &facts.policies {
        let rules = judged.policy.spec.rules.iter().enumerate();
        for (n, rule) in rules.filter_map(|(n, rule)| Some((n, rule.as_ref()?))) {
            if !http(rule) {
                continue;
            }
            let reach = reaches.iter().find(|(of, _)| std::ptr::eq(*of, judged));
            match (reach, facts.services.known.items()) {
                (Some((_, reach)), Ok(_)) => of_services(facts, told, judged, reach, n, rule),
                _ => by_itself(told, judged, n, rule),
            }
        }
    }
    if let Some(gap) = facts.spots.gap().or_else(|| facts.services.known.gap()) {
        told.gap(gap);
    } else if !facts.services.whole {
        told.not_evaluated("Services of applications are in no archive");
    }
}

fn of_services(
    facts: &Facts,
    told: &mut Told,
    judged: &Judged,
    reach: &Reach<'_>,
    n: usize,
    rule: &Rule,
) {
    let envoys = reach
        .spots
        .iter()
        .filter(|s| s.enforcer == Enforcer::Sidecar);
    let mut ports: BTreeSet<String> = envoys
        .flat_map(|spot| tcp_ports(facts, spot, rule))
        .collect();
    ports.extend(beyond::tcp_ports(facts, told, judged, reach, rule));
    let ports: Vec<String> = ports.into_iter().collect();
    if !ports.is_empty() {
        finding(told, judged, n, rule, &ports);
    }
}

/// Istio itself warns of this one, whatever the Services are (`ValidateAuthorizationPolicy`).
fn by_itself(told: &mut Told, judged: &Judged, n: usize, rule: &Rule) {
    let open = ports(rule).is_none() && not_ports(rule).is_empty();
    let only_http = lists(n, rule).iter().all(List::is_http);
    if judged.policy.spec.action == Action::Deny && open && only_http {
        told.hit(Warning, &judged.at, &format!("spec.rules[{n}]"), "only HTTP fields: on a TCP port they do not count, and this rule denies everything there")
            .hint("name the ports that are meant in to.operation.ports");
    }
}

fn finding(told: &mut Told, judged: &Judged, n: usize, rule: &Rule, ports: &[String]) {
    let all = lists(n, rule);
    let fields: BTreeSet<&str> = all.iter().filter(|l| l.is_http()).map(|l| l.name).collect();
    let fields = fields.into_iter().collect::<Vec<_>>().join(", ");
    let field = format!("spec.rules[{n}]");
    let severity = match judged.policy.spec.action {
        Action::Allow => Warning,
        _ => Error,
    };
    let message = match judged.policy.spec.action {
        Action::Allow => {
            format!("{fields}: HTTP's, and the port is TCP: this rule lets nothing in there")
        }
        action => {
            let does = if action == Action::Deny {
                "denies"
            } else {
                "matches"
            };
            let rest = if all.iter().all(List::is_http) {
                "everything"
            } else {
                "more than it says"
            };
            format!(
                "{fields}: HTTP's, and the port is TCP: they do not count, and this rule {does} {rest} there"
            )
        }
    };
    told.hit(severity, &judged.at, &field, message)
        .all_seen(ports)
        .hint("name the HTTP ports in to.operation.ports; or, if it speaks HTTP, name the Service's port http-… or set appProtocol; at a gateway the Gateway's protocol says it");
}

fn unserved(facts: &Facts, told: &mut Told) {
    let is = |about, not: bool| about == About::Port && !not;
    if !each(facts).any(|(_, list)| is(list.about, list.not)) {
        return;
    }
    let reaches = reached(facts, told);
    if facts.spots.get().is_none() || told.need(&facts.services.known).is_none() {
        return;
    }
    if !facts.services.whole {
        told.not_evaluated("Services of applications are in no archive");
        return;
    }
    for (judged, list) in each(facts).filter(|(_, list)| is(list.about, list.not)) {
        let reach = reaches.iter().find(|(of, _)| std::ptr::eq(*of, judged));
        beyond::unserved(facts, told, judged, &list);
        // A waypoint's port is the Service's, and what else stands behind it is not read.
        let spots = reach.map_or(&[][..], |(_, reach)| &reach.spots);
        if spots.iter().any(|spot| spot.enforcer == Enforcer::Waypoint) {
            told.not_evaluated("ServiceEntries and workloads behind waypoints are not read");
            continue;
        }
        let ports: Vec<&Port> = spots
            .iter()
            .flat_map(|spot| facts.services_of(spot))
            .flat_map(|service| &service.ports)
            .collect();
        // Without a Service, or with a named port, which ports the pods listen on is not known.
        if ports.is_empty() || ports.iter().any(|port| port.target.is_none()) {
            continue;
        }
        let targets: BTreeSet<u16> = ports.iter().filter_map(|port| port.target).collect();
        for (n, value) in list.values.iter().enumerate() {
            let Some(number) = parse_port(value) else {
                continue;
            };
            if targets.contains(&number) {
                continue;
            }
            let field = format!("{}[{n}]", list.path);
            let meant = ports
                .iter()
                .find(|port| port.number == number)
                .and_then(|port| port.target);
            let seen: Vec<String> = targets.iter().map(u16::to_string).collect();
            if let Some(target) = meant {
                told.hit(
                    Error,
                    &judged.at,
                    &field,
                    format!("{number} is the Service's port: proxies see the pods' port, {target}"),
                )
                .hint(format!("write {target:?}", target = target.to_string()));
            } else {
                told.hit(
                    Warning,
                    &judged.at,
                    &field,
                    format!("no Service of these workloads leads to port {number}"),
                )
                .seen(format!("they lead to {}", some(&seen, 10)))
                .hint("the port is that of the pods, not that of a Service");
            }
        }
    }
}

#[cfg(test)]
mod tests;
