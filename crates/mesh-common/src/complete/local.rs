//! What needs no cluster: the kubeconfig, the gates, an archive.

use std::path::Path;

use super::{Offer, request::Request, seen::Seen};
use crate::{check::id, cluster::Names, istioctl::Store, mesh::archive};

fn names(request: &Request) -> Names {
    let names = request.args().map(|args| args.cluster.names());
    names.and_then(Result::ok).unwrap_or_default()
}

pub(super) fn contexts(request: &Request) -> Vec<Offer> {
    let names = names(request);
    let about = |name: &str, cluster: &str| {
        let current = names.current.as_deref() == Some(name);
        let now = if current { ", the current one" } else { "" };
        format!("cluster {cluster}{now}")
    };
    let all = names.contexts.iter();
    all.map(|(name, cluster)| Offer::new(name, about(name, cluster)))
        .collect()
}

pub(super) fn clusters(request: &Request) -> Vec<Offer> {
    let all = names(request).clusters.into_iter();
    all.map(|(name, server)| Offer::new(name, server)).collect()
}

pub(super) fn users(request: &Request) -> Vec<Offer> {
    let all = names(request).users.into_iter();
    all.map(|name| Offer::new(name, "")).collect()
}

/// `--waive GATE=REASON`: the gate, and the shell stays there for the reason.
pub(super) fn gates(ids: &[&str]) -> Vec<Offer> {
    ids.iter()
        .map(|gate| Offer::new(format!("{gate}="), about(gate)))
        .collect()
}

/// What is in the store.
pub(super) fn installed() -> Vec<Offer> {
    let all = Store::of_this_process().map(|store| store.installed());
    let all = all.unwrap_or_default().into_iter();
    all.map(|one| Offer::new(one.version.to_string(), ""))
        .collect()
}

/// What it would mean to pass it.
fn about(gate: &str) -> &'static str {
    match gate {
        id::PARITY => "istioctl is another version than istiod",
        id::READY => "the target's istiods are not ready and steady",
        id::SERVES => "the target's injector does not answer",
        id::SAME_MESH => "the revisions are not one mesh",
        id::OVERLAP => "more than one injector for a pod",
        id::SKEW => "proxies and istiods too far apart",
        id::WAY_BACK => "it could not be undone",
        id::BAKE => "the canary has not run long enough",
        id::DRIFT => "proxies have not what istiod sent",
        id::TRAFFIC => "the canary's traffic is worse",
        id::HIGH_AVAILABILITY => "too few replicas, HPA, PDB, spread",
        id::MEMORY => "istiod's requests and limits",
        id::IMAGE => "the old images are gone from the nodes",
        id::BACKUP => "no fresh backup",
        id::UNUSED => "the tag is in use",
        id::CA => "the backup has another CA than the cluster",
        id::CLUSTER => "the backup is of another cluster",
        id::OWNERS => "what would change has an owner",
        id::CONFLICTS => "somebody else wrote the fields",
        id::RESTORABLE => "some objects cannot be restored",
        id::WEBHOOKS => "a webhook that nobody answers is in the way",
        id::DOWNGRADE => "an older istiod over a newer one",
        id::WATCHED => "not watched for long enough",
        id::SIGNAL => "nothing proves that a denial would show",
        id::CALLERS => "a known caller was not seen",
        id::DENIALS => "somebody would be denied",
        id::UNKNOWN => "too many requests could not be judged",
        id::UNCHANGED => "not what was watched",
        _ => "",
    }
}

/// What an archive holds. None where it cannot be read.
pub(super) fn archive(file: &Path) -> Option<Seen> {
    let mesh = archive::read(file).ok()?;
    let mut seen = Seen::default();
    for injector in mesh.injectors.items().unwrap_or_default() {
        seen.add_wiring(&injector.revision, injector.tag.as_deref());
    }
    for service in mesh.services.items().unwrap_or_default() {
        if let Some(revision) = &service.revision {
            seen.add_wiring(revision, service.tag.as_deref());
        }
    }
    for istiod in mesh.istiods.items().unwrap_or_default() {
        let version = istiod.version.as_deref();
        let (ready, wanted) = (istiod.ready, istiod.replicas);
        seen.add_istiod(&istiod.namespace, &istiod.revision, version, ready, wanted);
    }
    for (name, namespace) in mesh.namespaces.read().ok().into_iter().flatten() {
        seen.add_namespace(name, &namespace.labels);
    }
    Some(seen)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_gate_has_its_words() {
        let ids: Vec<&str> = id::all().collect();
        for offer in gates(&ids) {
            assert!(!offer.about.is_empty(), "{offer:?}");
        }
    }
}
