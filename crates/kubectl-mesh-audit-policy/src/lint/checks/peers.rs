//! `PeerAuthentication`: the other way to shut callers out, or to let them in.

use std::collections::BTreeSet;

use mesh_common::check::{
    Severity::{Error, Info, Warning},
    words::some,
};

use crate::{
    lint::{
        check::{Check, Told},
        facts::{Facts, Spot},
        near,
        peer::{Mode, Peer, Scope, effective, scope, winner},
    },
    scene::Enforcer,
};

pub(crate) const CHECKS: &[Check] = &[
    Check {
        code: "MESH4201",
        title: "STRICT and callers in plain text",
        run: strict,
    },
    Check {
        code: "MESH4202",
        title: "ports of PeerAuthentications",
        run: ports,
    },
    Check {
        code: "MESH4203",
        title: "several PeerAuthentications",
        run: several,
    },
    Check {
        code: "MESH4204",
        title: "PeerAuthentications that do not count",
        run: refused,
    },
    Check {
        code: "MESH4205",
        title: "PeerAuthentications for nothing",
        run: nothing,
    },
];

/// Names of control planes and of Kubernetes: what runs there is no caller of workloads.
const SYSTEM: [&str; 3] = ["kube-system", "kube-public", "kube-node-lease"];

/// The root namespace, where the revisions agree on it.
fn root<'a>(facts: &'a Facts, told: &mut Told) -> Option<&'a str> {
    told.need(&facts.revisions)?;
    let roots = facts.roots();
    if roots.len() > 1 {
        told.unknown("revisions have different root namespaces");
        return None;
    }
    roots.into_iter().next()
}

/// What a judged object needs to be seen in its place.
fn around<'a>(facts: &'a Facts, told: &mut Told) -> Option<(&'a str, &'a [Peer], &'a [Spot])> {
    if facts.peers.is_empty() {
        return None;
    }
    let root = root(facts, told);
    let spots = told.need(&facts.spots);
    let standing = told.need(&facts.standing_peers);
    Some((root?, standing?, spots?))
}

/// Whether a workload takes its mode from this object in this place.
fn is(a: &Peer, b: &Peer) -> bool {
    (&a.at.namespace, &a.at.name) == (&b.at.namespace, &b.at.name)
}

fn strict(facts: &Facts, told: &mut Told) {
    let Some((root, standing, spots)) = around(facts, told) else {
        return;
    };
    for peer in &facts.peers {
        if peer.mode != Some(Mode::Strict) {
            continue;
        }
        let of = scope(peer, root);
        let governed: Vec<&Spot> = spots
            .iter()
            .filter(|spot| winner(standing, spot, root, of).is_some_and(|p| is(p, peer)))
            .filter(|spot| effective(standing, spot, root).mode == Mode::Strict)
            .collect();
        let bare: Vec<String> = governed
            .iter()
            .filter(|spot| spot.enforcer == Enforcer::Nothing && spot.namespace != root)
            .map(|spot| spot.shown())
            .collect();
        if !bare.is_empty() {
            told.hit(Info, &peer.at, "spec.mtls.mode", "STRICT is enforced by a proxy, and these workloads have none: they take plain text as before")
                .all_seen(&bare)
                .hint("inject a sidecar there, or put the namespace into the ambient mesh");
        }
        if !governed
            .iter()
            .any(|spot| spot.enforcer != Enforcer::Nothing)
        {
            continue;
        }
        let homes: BTreeSet<&str> = governed
            .iter()
            .map(|spot| spot.namespace.as_str())
            .collect();
        let callers = spots
            .iter()
            .filter(|spot| spot.enforcer == Enforcer::Nothing);
        let callers =
            callers.filter(|s| s.namespace != root && !SYSTEM.contains(&s.namespace.as_str()));
        let (near, far): (BTreeSet<String>, BTreeSet<String>) =
            callers.fold(Default::default(), |(mut near, mut far), spot| {
                if homes.contains(spot.namespace.as_str()) {
                    near.insert(spot.shown());
                } else {
                    far.insert(spot.shown());
                }
                (near, far)
            });
        if !near.is_empty() {
            let all: Vec<&String> = near.iter().chain(&far).collect();
            told.hit(
                Warning,
                &peer.at,
                "spec.mtls.mode",
                format!(
                    "callers without a proxy are refused: {}, in the same namespace",
                    some(&near.iter().collect::<Vec<_>>(), 5)
                ),
            )
            .all_seen(all)
            .hint("a port that they have to reach takes PERMISSIVE in portLevelMtls");
        } else if !far.is_empty() {
            told.hit(
                Info,
                &peer.at,
                "spec.mtls.mode",
                format!(
                    "callers without a proxy are refused; such are in other namespaces: {}",
                    some(&far.iter().collect::<Vec<_>>(), 5)
                ),
            )
            .all_seen(&far)
            .hint("whether they call these workloads is not known here: replay an access log");
        }
    }
}

fn ports(facts: &Facts, told: &mut Told) {
    if facts.peers.iter().all(|peer| peer.ports.is_empty()) {
        return;
    }
    let (Some(spots), Some(_)) = (told.need(&facts.spots), told.need(&facts.services.known)) else {
        return;
    };
    if !facts.services.whole {
        told.not_evaluated("Services of applications are in no archive");
        return;
    }
    for peer in facts.peers.iter().filter(|peer| !peer.selector.is_empty()) {
        let here = spots
            .iter()
            .filter(|s| s.namespace == peer.at.namespace && s.has(&peer.selector));
        let here: Vec<&Spot> = here.collect();
        let all = here.iter().flat_map(|spot| facts.services_of(spot));
        let all: Vec<_> = all.flat_map(|service| &service.ports).collect();
        // Without workloads MESH4205 speaks; a named port may be any.
        if here.is_empty() || all.iter().any(|port| port.target.is_none()) {
            continue;
        }
        let targets: BTreeSet<u16> = all.iter().filter_map(|port| port.target).collect();
        for number in peer.ports.keys().filter(|number| !targets.contains(number)) {
            let field = format!("spec.portLevelMtls.{number}");
            let meant = all
                .iter()
                .find(|port| port.number == *number)
                .and_then(|port| port.target);
            if let Some(target) = meant {
                told.hit(
                    Error,
                    &peer.at,
                    &field,
                    format!(
                        "{number} is the Service's port: what counts is the pods' port, {target}"
                    ),
                )
                .hint(format!("write {target}"));
            } else {
                let seen: Vec<String> = targets.iter().map(u16::to_string).collect();
                let seen = if seen.is_empty() {
                    "none selects these pods".to_owned()
                } else {
                    format!("they lead to {}", some(&seen, 10))
                };
                told.hit(Warning, &peer.at, &field, format!("no Service leads to port {number} of these pods: the exception may not count"))
                    .seen(seen)
                    .hint("Istio applies it to ports that a Service of the pods leads to");
            }
        }
    }
}

fn several(facts: &Facts, told: &mut Told) {
    if facts.peers.is_empty() {
        return;
    }
    let Some(standing) = told.need(&facts.standing_peers) else {
        return;
    };
    let root = root(facts, told);
    for peer in &facts.peers {
        let Some(root) = root else { return };
        let of = scope(peer, root);
        let rivals = standing.iter().filter(|other| {
            !is(other, peer) && scope(other, root) == of && other.at.namespace == peer.at.namespace
        });
        match of {
            Scope::Mesh | Scope::Namespace => {
                let rivals: Vec<String> = rivals.map(|p| p.at.name.clone()).collect();
                if !rivals.is_empty() {
                    let what = if of == Scope::Mesh {
                        "the mesh"
                    } else {
                        "the namespace"
                    };
                    told.hit(Error, &peer.at, "spec", format!("several PeerAuthentications for {what}: the oldest one counts, and no other"))
                        .all_seen(&rivals)
                        .hint("keep one; the others do nothing");
                }
            }
            Scope::Workload => {
                let Some(spots) = told.need(&facts.spots) else {
                    return;
                };
                let mut lost = BTreeSet::new();
                let rivals: Vec<&Peer> = rivals.collect();
                for spot in spots
                    .iter()
                    .filter(|s| s.namespace == peer.at.namespace && s.has(&peer.selector))
                {
                    for rival in rivals.iter().filter(|rival| spot.has(&rival.selector)) {
                        lost.insert(format!(
                            "{} is selected by {} too",
                            spot.shown(),
                            rival.at.name
                        ));
                    }
                }
                if !lost.is_empty() {
                    told.hit(Error, &peer.at, "spec.selector", "several PeerAuthentications for one workload: the oldest one counts, and no other")
                        .all_seen(&lost)
                        .hint("make one of them of all that they say");
                }
            }
            Scope::Never => {}
        }
    }
}

fn refused(facts: &Facts, told: &mut Told) {
    for peer in &facts.peers {
        for (field, why) in &peer.refused {
            told.hit(Error, &peer.at, field, why.as_str())
                .hint("istiod's webhook refuses it");
        }
    }
    if facts.peers.iter().all(|peer| peer.selector.is_empty()) {
        return;
    }
    let Some(root) = root(facts, told) else {
        return;
    };
    for peer in facts
        .peers
        .iter()
        .filter(|peer| scope(peer, root) == Scope::Never)
    {
        told.hit(Error, &peer.at, "spec.selector", format!("it never counts: {root} is the root namespace, and a selector counts in the workload's own namespace only"))
            .hint("put it into the namespace of the workloads");
    }
}

fn nothing(facts: &Facts, told: &mut Told) {
    if facts.peers.iter().all(|peer| peer.selector.is_empty()) {
        return;
    }
    let Some(spots) = told.need(&facts.spots) else {
        return;
    };
    for peer in facts.peers.iter().filter(|peer| !peer.selector.is_empty()) {
        let namespace = peer.at.namespace.as_str();
        if facts.roots().contains(namespace)
            || spots
                .iter()
                .any(|s| s.namespace == namespace && s.has(&peer.selector))
        {
            continue;
        }
        let wanted: Vec<String> = peer
            .selector
            .iter()
            .map(|(k, v)| format!("{k}={v}"))
            .collect();
        let near = near::selector(&peer.selector, namespace, spots);
        let severity = if near.is_empty() { Warning } else { Error };
        let message = format!("the selector matches no workload: {}", wanted.join(", "));
        told.hit(severity, &peer.at, "spec.selector.matchLabels", message)
            .all_seen(near)
            .hint("correct the labels, or take it away");
    }
}

#[cfg(test)]
mod tests;
