//! What the gates are judged by, of the cluster.

use std::collections::BTreeSet;

use kube::Client;
use mesh_common::{
    Result,
    cluster::{Connection, explain, get_json},
    istioctl::Version,
    mesh::{Labels, Mesh},
    output::count,
};
use serde_json::Value;

use crate::restore::{
    hooks::{self, Blocked, Write},
    judge::Verdict,
    key::{Key, is_mesh_group},
    look::Look,
    place::Phase,
    plan::Entries,
    survey::Survey,
};

/// What of a mesh is in this cluster already.
pub(super) fn lives_here(mesh: &Mesh, look: &Look) -> Vec<String> {
    let istiods = mesh.istiods.items().unwrap_or_default();
    let mut found: Vec<String> = istiods
        .iter()
        .map(|i| format!("deployment/{} -n {}", i.name, i.namespace))
        .collect();
    let own = look.live.keys().filter(|k| is_mesh_group(&k.group)).count();
    if own > 0 {
        found.push(count(own, "resource") + " of the mesh");
    }
    found
}

/// istiods that would go back to an older version in place: name, version here, version in the archive.
pub(super) fn older(survey: &Survey, mesh: &Mesh, plan: &Entries) -> Vec<(String, String, String)> {
    let istiods = mesh.istiods.items().unwrap_or_default();
    let changes: BTreeSet<&str> = plan
        .writes()
        .filter(|e| e.phase == Phase::Workloads)
        .map(|e| e.key.name.as_str())
        .collect();
    survey
        .istiods
        .iter()
        .filter(|(name, _)| changes.contains(name.as_str()))
        .filter_map(|(name, image)| {
            let here = istiods.iter().find(|i| i.name == *name)?;
            let (now, then) = (Version::parse(&here.image), Version::parse(image));
            let goes_back = match (&now, &then) {
                (Some(now), Some(then)) => then.semver < now.semver,
                // Another image whose version nobody knows may be an older one.
                _ => here.image != *image,
            };
            let word = |v: &Option<Version>, image: &str| {
                v.as_ref()
                    .map_or_else(|| image.to_owned(), ToString::to_string)
            };
            goes_back.then(|| (name.clone(), word(&now, &here.image), word(&then, image)))
        })
        .collect()
}

/// Webhooks that would refuse what is written.
pub(super) async fn blocked(
    client: &Client,
    conn: &Connection,
    mesh: &Mesh,
    look: &Look,
    plan: &Entries,
    survey: &Survey,
) -> Result<Vec<Blocked>> {
    let none = std::collections::BTreeMap::new();
    let namespaces = mesh.namespaces.get().unwrap_or(&none);
    let empty = Labels::new();
    let of = |key: &Key, phase, operation| {
        let api = look.apis.get(&(key.group.clone(), key.kind.clone()))?;
        Some(Write {
            phase,
            group: &api.group,
            version: api.version(),
            resource: &api.resource,
            operation,
            namespace: key
                .namespace
                .as_ref()
                .map(|ns| namespaces.get(ns).map_or(&empty, |n| &n.labels)),
        })
    };
    let mut writes: Vec<Write<'_>> = plan
        .writes()
        .filter_map(|e| {
            let operation = if e.verdict == Verdict::Create {
                "CREATE"
            } else {
                "UPDATE"
            };
            of(&e.key, e.phase, operation)
        })
        .collect();
    writes.extend(
        plan.prune
            .iter()
            .filter_map(|k| of(k, Phase::Rest, "DELETE")),
    );
    let starts: BTreeSet<&str> = survey
        .istiods
        .iter()
        .map(|(name, _)| name.as_str())
        .collect();
    let comes = plan
        .writes()
        .any(|e| e.phase == Phase::Workloads && starts.contains(e.key.name.as_str()));
    in_the_way(client, conn, mesh, &writes, comes).await
}

/// Webhooks that nobody answers, and that would be asked about these writes; `comes` where istiod is waited for.
///
/// # Errors
/// What stands there, or its endpoints, cannot be read.
pub(crate) async fn in_the_way(
    client: &Client,
    conn: &Connection,
    mesh: &Mesh,
    writes: &[Write<'_>],
    comes: bool,
) -> Result<Vec<Blocked>> {
    let raw = mesh.raw()?;
    let configs = || {
        let mutating = raw
            .mutating
            .iter()
            .map(|c| ("mutatingwebhookconfiguration", c));
        mutating.chain(
            raw.validating
                .iter()
                .map(|c| ("validatingwebhookconfiguration", c)),
        )
    };
    let mut dead = BTreeSet::new();
    for (namespace, name) in hooks::services(configs().map(|(_, c)| c)) {
        if !has_endpoint(client, conn, &namespace, &name).await? {
            dead.insert((namespace, name));
        }
    }
    let revived = dead
        .iter()
        .filter(|(ns, _)| comes && *ns == conn.istio_namespace)
        .cloned()
        .collect();
    Ok(hooks::blocked(configs(), writes, &dead, &revived))
}

/// Whether somebody answers for a Service.
///
/// # Errors
/// Its endpoints cannot be read.
pub(crate) async fn has_endpoint(
    client: &Client,
    conn: &Connection,
    namespace: &str,
    name: &str,
) -> Result<bool> {
    let path = format!(
        "/apis/discovery.k8s.io/v1/namespaces/{namespace}/endpointslices?labelSelector=kubernetes.io%2Fservice-name%3D{name}"
    );
    let list: Value = get_json(client, &path).await.map_err(|e| {
        explain(
            &e,
            &format!("read the endpoints of service {namespace}/{name}"),
            conn,
        )
    })?;
    let slices = list["items"].as_array().into_iter().flatten();
    Ok(slices
        .flat_map(|s| s["endpoints"].as_array().into_iter().flatten())
        .any(|e| e["conditions"]["ready"] != false))
}
