//! Callers without an identity, and workloads at which nobody has one.

use mesh_common::check::Severity::{Error, Info, Warning};

use super::reach::reached;
use crate::{
    lint::{
        check::{Check, Told},
        facts::{Facts, Spot, enforces},
        fields::{About, List, of_condition, of_source},
        peer::{Effective, effective},
    },
    policy::{Action, Rule},
    scene::Enforcer,
};

pub(crate) const CHECKS: &[Check] = &[
    Check {
        code: "MESH4115",
        title: "callers without identity",
        run: nameless,
    },
    Check {
        code: "MESH4116",
        title: "identities without mTLS",
        run: without_mtls,
    },
];

/// What `PeerAuthentication` makes of a workload's ports; none where it is not known.
pub(super) fn mode(facts: &Facts, spot: &Spot) -> Option<Effective> {
    let peers = facts.standing_peers.items().ok()?;
    let root = &spot.context.as_ref().ok()?.mesh.root_namespace;
    Some(effective(peers, spot, root))
}

/// Whether no caller without an identity gets there. A gateway's listeners are as its Gateway says.
fn is_strict(facts: &Facts, spot: &Spot) -> bool {
    matches!(spot.enforcer, Enforcer::Sidecar | Enforcer::Ztunnel)
        && mode(facts, spot).is_some_and(|mode| mode.is_strict())
}

/// Sources that only say who must not ask: a caller without identity is never one of those.
fn open_sources(index: usize, rule: &Rule) -> Vec<List<'_>> {
    let conditions = rule.when.iter().enumerate();
    let when: Vec<List<'_>> = conditions
        .flat_map(|(n, c)| of_condition(c, &format!("spec.rules[{index}].when[{n}]")))
        .filter(|list| list.about.is_identity())
        .collect();
    // A `when` holds for every source.
    if when.iter().any(|list| !list.not) {
        return Vec::new();
    }
    let mut open: Vec<List<'_>> = Vec::new();
    for (n, from) in rule.from.iter().enumerate() {
        let Some(source) = &from.source else { continue };
        let at = format!("spec.rules[{index}].from[{n}].source");
        let lists = of_source(source, &at);
        let identity = |list: &&List<'_>| list.about.is_identity();
        // A token is an identity too: a caller that shows one is known.
        let known = |list: &&List<'_>| {
            !list.not && (identity(list) || list.about == About::RequestPrincipal)
        };
        if lists.iter().any(|list| known(&list)) {
            continue;
        }
        open.extend(
            lists
                .into_iter()
                .filter(|list| list.about.is_identity() && list.not),
        );
    }
    open.extend(when.into_iter().filter(|_| rule.from.is_empty()));
    open
}

fn nameless(facts: &Facts, told: &mut Told) {
    let mut reaches = None;
    for (k, judged) in facts.policies.iter().enumerate() {
        let policy = &judged.policy;
        let rules = policy.spec.rules.iter().enumerate();
        for (n, rule) in rules.filter_map(|(n, rule)| Some((n, rule.as_ref()?))) {
            for list in open_sources(n, rule) {
                let reaches = reaches.get_or_insert_with(|| reached(facts, told));
                let spots = reaches.get(k).map_or(&[][..], |(_, reach)| &reach.spots);
                if told.need(&facts.standing_peers).is_some()
                    && !spots.is_empty()
                    && spots.iter().all(|s| is_strict(facts, s))
                {
                    continue;
                }
                let (severity, message) = match policy.spec.action {
                    Action::Deny => (
                        Warning,
                        format!(
                            "a caller in plain text has no identity and always matches {}: it is denied, be it a health check of a load balancer, Prometheus or a pod outside the mesh",
                            list.name
                        ),
                    ),
                    Action::Allow => (
                        Error,
                        format!(
                            "a caller in plain text has no identity and always matches {}: it is let in",
                            list.name
                        ),
                    ),
                    Action::Audit | Action::Custom => continue,
                };
                let severity = if enforces(policy) { severity } else { Info };
                let plain: Vec<String> = spots
                    .iter()
                    .filter(|spot| !is_strict(facts, spot))
                    .filter_map(|spot| Some((spot, mode(facts, spot)?)))
                    .map(|(spot, mode)| {
                        format!("{} takes plain text ({})", spot.shown(), mode.mode.word())
                    })
                    .collect();
                told.hit(severity, &judged.at, &list.path, message)
                    .all_seen(plain)
                    .hint(match policy.spec.action {
                        Action::Allow => "name in principals or namespaces who may, or make the workloads STRICT",
                        _ => "make the workloads STRICT where no plain text is meant to come, or leave the port of health checks and metrics out by notPorts",
                    });
            }
        }
    }
}

fn without_mtls(facts: &Facts, told: &mut Told) {
    for (judged, reach) in reached(facts, told) {
        let policy = &judged.policy;
        let rules = policy.spec.rules.iter().enumerate();
        let lists: Vec<_> = rules
            .filter_map(|(n, rule)| Some((n, rule.as_ref()?)))
            .flat_map(|(n, rule)| crate::lint::fields::lists(n, rule))
            .filter(|list| list.about.is_identity() && !list.not)
            .collect();
        if lists.is_empty() || told.need(&facts.standing_peers).is_none() {
            continue;
        }
        // A gateway's callers come from outside: TLS there is the Gateway's.
        let spots = reach
            .spots
            .iter()
            .filter(|s| s.enforcer == Enforcer::Sidecar);
        let (mut off, mut lax) = (Vec::new(), Vec::new());
        for spot in spots {
            match mode(facts, spot) {
                Some(mode) if mode.is_off() => off.push(spot.shown()),
                Some(mode) if !mode.is_strict() => lax.push(spot.shown()),
                _ => {}
            }
        }
        for list in lists {
            if !off.is_empty() {
                told.hit(
                    Error,
                    &judged.at,
                    &list.path,
                    format!(
                        "{} never matches where mTLS is off: no caller has an identity there",
                        list.name
                    ),
                )
                .all_seen(&off)
                .hint(
                    "a PeerAuthentication makes mTLS DISABLE there: make it PERMISSIVE or STRICT",
                );
            }
            if !lax.is_empty() && policy.spec.action == Action::Deny && enforces(policy) {
                told.hit(Warning, &judged.at, &list.path, format!("this DENY is by {}: the same caller in plain text has no identity and passes", list.name))
                    .all_seen(&lax)
                    .hint("make these workloads STRICT, or deny who is not in an ALLOW");
            }
        }
    }
}

#[cfg(test)]
mod tests;
