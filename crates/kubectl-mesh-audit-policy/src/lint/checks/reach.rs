//! What a policy applies to.

use std::collections::{BTreeMap, BTreeSet};

use mesh_common::check::{
    Severity::{self, Error, Info, Warning},
    words::some,
};

use crate::{
    lint::{
        check::{Check, Told},
        facts::{Facts, Fronted, Judged, Reach, Spot, enforces, reach},
        near,
    },
    policy::{Action, AuthorizationPolicy, DryRun, TargetRef},
    scene::{Enforcer, Service},
};

pub(crate) const CHECKS: &[Check] = &[
    Check {
        code: "MESH4101",
        title: "applies to nothing",
        run: nothing,
    },
    Check {
        code: "MESH4102",
        title: "default deny",
        run: default_deny,
    },
    Check {
        code: "MESH4103",
        title: "whole namespaces and meshes",
        run: wide,
    },
];

/// Workloads named in a line; all of them are in the evidence.
const NAMED: usize = 20;

/// Where each policy applies; what is not clear of it is unknown.
pub(super) fn reached<'a>(facts: &'a Facts, told: &mut Told) -> Vec<(&'a Judged, Reach<'a>)> {
    if facts.policies.is_empty() {
        return Vec::new();
    }
    let Some(spots) = told.need(&facts.spots) else {
        return Vec::new();
    };
    let all = facts
        .policies
        .iter()
        .map(|judged| (judged, reach(&judged.policy, spots)));
    let all: Vec<_> = all.collect();
    for (judged, reach) in &all {
        for why in &reach.unclear {
            told.unknown(&format!("{}: {why}", judged.at.shown()));
        }
    }
    all
}

fn nothing(facts: &Facts, told: &mut Told) {
    for (judged, reach) in reached(facts, told) {
        if judged.policy.target_refs().is_empty() {
            if reach.spots.is_empty() && reach.unclear.is_empty() {
                unmatched(facts, told, judged);
            }
        } else {
            for (n, target) in judged.policy.target_refs().iter().enumerate() {
                attached(facts, told, judged, n, target);
            }
        }
    }
}

fn unmatched(facts: &Facts, told: &mut Told, judged: &Judged) {
    let policy = &judged.policy;
    let spots = facts.spots.get().map_or(&[][..], Vec::as_slice);
    let root = facts.roots().contains(policy.namespace.as_str());
    let labels = policy.spec.selector.as_ref().map(|s| &s.match_labels);
    let bare: Vec<String> = spots
        .iter()
        .filter(|spot| spot.enforcer == Enforcer::Nothing)
        .filter(|spot| root || spot.namespace == policy.namespace)
        .filter(|spot| labels.is_none_or(|labels| spot.has(labels)))
        .map(Spot::shown)
        .collect();
    let field = if labels.is_some() {
        "spec.selector.matchLabels"
    } else {
        ""
    };
    if !bare.is_empty() {
        told.hit(
            Error,
            &judged.at,
            field,
            format!(
                "nothing enforces it: {} has no proxy and is not in the ambient mesh",
                some(&bare, 5)
            ),
        )
        .hint("inject a sidecar there, or put the namespace into the ambient mesh");
        return;
    }
    let Some(labels) = labels.filter(|labels| !labels.is_empty()) else {
        told.hit(
            Warning,
            &judged.at,
            "",
            format!(
                "no workload with a proxy is in namespace {}",
                policy.namespace
            ),
        )
        .hint("a policy applies in its own namespace; in the root namespace to the whole mesh");
        return;
    };
    let wanted: Vec<String> = labels.iter().map(|(k, v)| format!("{k}={v}")).collect();
    let near = near::selector(labels, &policy.namespace, spots);
    // Nearly a match is most likely a slip, and a workload stands unprotected.
    let severity = if near.is_empty() { Warning } else { Error };
    let message = format!("the selector matches no workload: {}", wanted.join(", "));
    let building = told
        .hit(severity, &judged.at, field, message)
        .all_seen(near);
    building.hint("correct the labels, or take the policy away");
}

/// What a policy is attached to has to be there.
fn attached(facts: &Facts, told: &mut Told, judged: &Judged, n: usize, target: &TargetRef) {
    let policy = &judged.policy;
    let name = (policy.namespace.clone(), target.name.clone());
    let (there, near): (bool, Vec<String>) = match target.kind.as_str() {
        "Gateway" => {
            let Some(all) = told.need(&facts.gateways) else {
                return;
            };
            let near = all.iter().filter(|(ns, _)| *ns == policy.namespace);
            let near = near::names(&target.name, near.map(|(_, name)| name.as_str()));
            (
                all.contains(&name),
                near.into_iter().map(str::to_owned).collect(),
            )
        }
        "Service" => {
            let Some(all) = told.need(&facts.services.known) else {
                return;
            };
            let is = |s: &Service| (&s.namespace, &s.name) == (&name.0, &name.1);
            if !facts.services.whole && !all.iter().any(is) {
                told.not_evaluated("Services of applications are in no archive");
                return;
            }
            let here = all.iter().filter(|s| s.namespace == policy.namespace);
            let near = near::names(&target.name, here.map(|s| s.name.as_str()));
            (
                all.iter().any(is),
                near.into_iter().map(str::to_owned).collect(),
            )
        }
        "ServiceEntry" => {
            told.not_evaluated("ServiceEntries are not read");
            return;
        }
        // Istio's API refuses other kinds: MESH4001.
        _ => return,
    };
    let unfronted = |all: &Vec<Fronted>| {
        let is = |s: &Service| (&s.namespace, &s.name) == (&name.0, &name.1);
        !all.iter().any(|fronted| is(&fronted.service))
    };
    if there && target.kind == "Service" && told.need(&facts.fronted).is_some_and(unfronted) {
        let message = format!(
            "no waypoint is before Service {}/{}: nothing enforces it",
            name.0, name.1
        );
        told.hit(Error, &judged.at, &field(policy, n), message)
            .hint("label the Service, or its namespace, istio.io/use-waypoint; or select the workloads");
    }
    if !there {
        let message = format!("there is no {} {}/{}", target.kind, name.0, name.1);
        let near = near.into_iter().map(|name| format!("there is {name}"));
        told.hit(Error, &judged.at, &field(policy, n), message)
            .all_seen(near)
            .hint("a policy is attached to what is in its own namespace");
    }
}

/// Where a target stands.
fn field(policy: &AuthorizationPolicy, n: usize) -> String {
    if policy.spec.target_refs.is_empty() {
        "spec.targetRef".to_owned()
    } else {
        format!("spec.targetRefs[{n}]")
    }
}

/// Whether any of these lets requests in at a workload, so that all others are refused there.
fn closed<'a>(
    mut policies: impl Iterator<Item = &'a AuthorizationPolicy>,
    spot: &Spot,
) -> Option<bool> {
    let allows =
        |p: &&AuthorizationPolicy| p.spec.action == Action::Allow && p.dry_run != DryRun::Yes;
    let context = spot.context.as_ref().ok()?;
    policies.try_fold(false, |found, policy| {
        Some(found || allows(&policy) && policy.applies_to(context).ok()?)
    })
}

fn default_deny(facts: &Facts, told: &mut Told) {
    for (judged, reach) in reached(facts, told) {
        let policy = &judged.policy;
        if policy.spec.action != Action::Allow || !enforces(policy) || reach.spots.is_empty() {
            continue;
        }
        if told.need(&facts.standing_is_whole).is_none() {
            continue;
        }
        let new: Vec<&Spot> = reach
            .spots
            .iter()
            .copied()
            .filter(|spot| closed(facts.others(policy), spot) == Some(false))
            .collect();
        if new.is_empty() {
            continue;
        }
        let names = Reach {
            spots: new.clone(),
            unclear: Vec::new(),
        }
        .names();
        let message = format!(
            "{} for {}: they refuse every request that no ALLOW names{}",
            if facts.proposed {
                "turns to default deny"
            } else {
                "alone makes default deny"
            },
            some(&names, NAMED),
            share(facts, &new),
        );
        let severity: Severity = if facts.proposed { Warning } else { Info };
        told.hit(severity, &judged.at, "spec.action", message)
            .all_seen(&names)
            .hint("watch a copy first that blocks nothing:\nkubectl mesh-audit-policy convert");
    }
}

/// `; that is 5 of 5 workloads of payments`.
fn share(facts: &Facts, new: &[&Spot]) -> String {
    let mut of: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for spot in new {
        of.entry(&spot.namespace).or_default().insert(&spot.name);
    }
    let all = facts.spots.get().map_or(&[][..], Vec::as_slice);
    let parts: Vec<String> = of
        .iter()
        .map(|(namespace, names)| {
            let here = all.iter().filter(|s| s.namespace == **namespace);
            let here: BTreeSet<&str> = here.map(|s| s.name.as_str()).collect();
            format!("{} of {} workloads of {namespace}", names.len(), here.len())
        })
        .collect();
    format!("; {}", some(&parts, 5))
}

fn wide(facts: &Facts, told: &mut Told) {
    for (judged, reach) in reached(facts, told) {
        let policy = &judged.policy;
        let unselective = policy
            .spec
            .selector
            .as_ref()
            .is_none_or(|s| s.match_labels.is_empty());
        let root = facts.roots().contains(policy.namespace.as_str());
        let whole = unselective && policy.target_refs().is_empty();
        if !(whole || root) || reach.spots.is_empty() {
            continue;
        }
        let names = reach.names();
        let spaces: BTreeSet<&str> = reach.spots.iter().map(|s| s.namespace.as_str()).collect();
        let what = match (root, whole) {
            (true, true) => "the root namespace and no selector: it applies to the whole mesh",
            (true, false) => "the root namespace: the selector counts in every namespace",
            _ => "no selector: it applies to the whole namespace",
        };
        let severity = match (facts.proposed && enforces(policy), root, policy.spec.action) {
            (true, true, _) | (true, false, Action::Deny | Action::Custom) => Warning,
            _ => Info,
        };
        let message = format!(
            "{what}: {} in {}",
            mesh_common::output::count(names.len(), "workload"),
            some(&spaces.into_iter().collect::<Vec<_>>(), 10),
        );
        told.hit(severity, &judged.at, "spec.selector", message)
            .all_seen(&names)
            .hint("name the workloads in spec.selector where not all are meant");
    }
}

#[cfg(test)]
mod tests;
