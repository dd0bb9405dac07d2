//! Who is named as a caller, and what identities there are.

use std::collections::BTreeSet;

use mesh_common::check::Severity::Warning;

use super::{each, reach::reached};
use crate::{
    compile::Mesh,
    lint::{
        check::{Check, Told},
        facts::{Facts, Judged},
        fields::{About, List},
        near,
    },
    parse_range,
    scene::Enforcer,
};

pub(crate) const CHECKS: &[Check] = &[
    Check {
        code: "MESH4111",
        title: "namespaces of callers",
        run: namespaces,
    },
    Check {
        code: "MESH4112",
        title: "service accounts of callers",
        run: accounts,
    },
    Check {
        code: "MESH4113",
        title: "trust domains",
        run: trust_domains,
    },
    Check {
        code: "MESH4114",
        title: "addresses of callers",
        run: addresses,
    },
];

/// `cluster.local/ns/shop/sa/web`, taken apart.
fn principal(value: &str) -> Option<(&str, &str, &str)> {
    match value.split('/').collect::<Vec<_>>().as_slice() {
        [domain, "ns", namespace, "sa", account] => Some((domain, namespace, account)),
        _ => None,
    }
}

/// Whether identities of this trust domain are this mesh's. Those of others cannot be looked up here.
fn is_ours(domain: &str, meshes: &[&Mesh]) -> bool {
    domain == "cluster.local"
        || domain == "*"
        || meshes.iter().any(|mesh| {
            domain == mesh.trust_domain || mesh.trust_domain_aliases.iter().any(|a| a == domain)
        })
}

fn meshes(facts: &Facts) -> Vec<&Mesh> {
    let revisions = facts.revisions.get().into_iter().flatten();
    revisions.map(|(_, settings)| &settings.mesh).collect()
}

/// The namespace, and the account if it is named, of a value of this mesh.
fn named<'a>(
    judged: &'a Judged,
    list: &List<'_>,
    value: &'a str,
    meshes: &[&Mesh],
) -> Option<(&'a str, Option<&'a str>)> {
    let (namespace, account) = match list.about {
        About::Namespace => (value, None),
        About::Account => match value.split_once('/') {
            Some((namespace, account)) => (namespace, Some(account)),
            None => (judged.policy.namespace.as_str(), Some(value)),
        },
        About::Principal => {
            let (domain, namespace, account) = principal(value)?;
            if !is_ours(domain, meshes) {
                return None;
            }
            (namespace, Some(account))
        }
        _ => return None,
    };
    let plain = |text: &&str| !text.contains('*');
    plain(&namespace).then_some((namespace, account.filter(plain)))
}

fn identities(facts: &Facts) -> Vec<(&Judged, List<'_>)> {
    each(facts)
        .filter(|(_, list)| list.about.is_identity())
        .collect()
}

fn namespaces(facts: &Facts, told: &mut Told) {
    let identities = identities(facts);
    if identities.is_empty() {
        return;
    }
    let meshes = meshes(facts);
    let Some(there) = told.need(&facts.namespaces) else {
        return;
    };
    for (judged, list) in identities {
        for (n, value) in list.values.iter().enumerate() {
            let Some((namespace, _)) = named(judged, &list, value, &meshes) else {
                continue;
            };
            if there.contains(namespace) {
                continue;
            }
            let near = near::names(namespace, there.iter().map(String::as_str));
            let near = near.into_iter().map(|name| format!("there is {name}"));
            told.hit(
                Warning,
                &judged.at,
                &format!("{}[{n}]", list.path),
                format!("there is no namespace {namespace}"),
            )
            .all_seen(near)
            .hint("a mesh of several clusters may have it elsewhere; else correct the name");
        }
    }
}

fn accounts(facts: &Facts, told: &mut Told) {
    let meshes = meshes(facts);
    let identities = identities(facts);
    let mut wanted = identities.iter().flat_map(|(judged, list)| {
        let meshes = &meshes;
        let values = list.values.iter().enumerate();
        values.filter_map(move |(n, value)| {
            let (namespace, account) = named(judged, list, value, meshes)?;
            Some((*judged, format!("{}[{n}]", list.path), namespace, account?))
        })
    });
    let Some(first) = wanted.next() else { return };
    let Some(there) = told.need(&facts.accounts) else {
        return;
    };
    let spaces: BTreeSet<&str> = there
        .iter()
        .map(|(namespace, _)| namespace.as_str())
        .collect();
    let all: BTreeSet<(&str, &str)> = there
        .iter()
        .map(|(ns, name)| (ns.as_str(), name.as_str()))
        .collect();
    for (judged, field, namespace, account) in std::iter::once(first).chain(wanted) {
        // A namespace without any account is none: MESH4111 says that.
        if all.contains(&(namespace, account)) || !spaces.contains(namespace) {
            continue;
        }
        let here = all
            .iter()
            .filter(|(ns, _)| *ns == namespace)
            .map(|(_, name)| *name);
        let near = near::names(account, here)
            .into_iter()
            .map(|name| format!("there is {name}"));
        told.hit(
            Warning,
            &judged.at,
            &field,
            format!("there is no service account {namespace}/{account}"),
        )
        .all_seen(near)
        .hint(format!("kubectl get serviceaccounts -n {namespace}"));
    }
}

fn trust_domains(facts: &Facts, told: &mut Told) {
    let lists: Vec<_> = each(facts)
        .filter(|(_, list)| matches!(list.about, About::Principal | About::TrustDomain))
        .collect();
    if lists.is_empty() || told.need(&facts.revisions).is_none() {
        return;
    }
    let meshes = meshes(facts);
    for (judged, list) in lists {
        for (n, value) in list.values.iter().enumerate() {
            let domain = match list.about {
                About::TrustDomain => Some(value.as_str()),
                _ => value.split_once('/').map(|(domain, _)| domain),
            };
            let Some(domain) = domain else { continue };
            if domain.contains('*') || domain == "spiffe:" || is_ours(domain, &meshes) {
                continue;
            }
            let own: Vec<&str> = meshes
                .iter()
                .map(|mesh| mesh.trust_domain.as_str())
                .collect();
            told.hit(Warning, &judged.at, &format!("{}[{n}]", list.path), format!("{domain} is no trust domain of this mesh"))
                .seen(format!("trust domain {}", own.join(", ")))
                .hint("cluster.local stands for the mesh's own; a federated mesh needs its domain in meshConfig.trustDomainAliases or caCertificates");
        }
    }
}

/// Whether all of it lies where pods and nodes usually are (RFC 1918, RFC 6598, RFC 4193, loopback).
fn is_private(value: &str) -> bool {
    const PRIVATE: [&str; 6] = [
        "10.0.0.0/8",
        "172.16.0.0/12",
        "192.168.0.0/16",
        "100.64.0.0/10",
        "127.0.0.0/8",
        "fc00::/7",
    ];
    let Some(range) = parse_range(value) else {
        return true;
    };
    PRIVATE
        .iter()
        .filter_map(|private| parse_range(private))
        .any(|private| private.contains(&range))
}

fn addresses(facts: &Facts, told: &mut Told) {
    let is = |list: &List<'_>| list.about == About::SourceIp;
    if !each(facts).any(|(_, list)| is(&list)) {
        return;
    }
    let reaches = reached(facts, told);
    for (judged, list) in each(facts).filter(|(_, list)| is(list)) {
        let reach = reaches.iter().find(|(of, _)| std::ptr::eq(*of, judged));
        let spots = reach.map_or(&[][..], |(_, reach)| &reach.spots);
        let (mut gateways, mut sidecars) = (Vec::new(), Vec::new());
        for spot in spots {
            match spot.enforcer {
                Enforcer::Gateway => {
                    let services = facts.services_of(spot);
                    if told.need(&facts.services.known).is_some()
                        && !services.iter().any(|service| service.local)
                    {
                        gateways.push(spot.shown());
                    }
                }
                Enforcer::Sidecar | Enforcer::Ztunnel => sidecars.push(spot.shown()),
                Enforcer::Waypoint | Enforcer::Nothing => {}
            }
        }
        if !gateways.is_empty() {
            told.hit(Warning, &judged.at, &list.path, format!("{} is the address that connects: behind a load balancer or kube-proxy that is not the client's", list.name))
                .all_seen(&gateways)
                .hint("use remoteIpBlocks with numTrustedProxies or the PROXY protocol, or externalTrafficPolicy: Local on the gateway's Service");
        }
        if !sidecars.is_empty() && !list.values.iter().any(|value| is_private(value)) {
            told.hit(Warning, &judged.at, &list.path, format!("{} has only public addresses: what connects to a pod in the mesh is a pod, also for clients behind a gateway", list.name))
                .all_seen(&sidecars)
                .hint("use remoteIpBlocks, which looks at X-Forwarded-For, or put the policy on the gateway");
        }
    }
}

#[cfg(test)]
mod tests;
