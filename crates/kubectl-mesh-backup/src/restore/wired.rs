//! Who injects whom once a restore is done.

use mesh_common::{
    Error, Kind, Result,
    mesh::{Known, Mesh, Raw, impact::Impact},
};
use serde_json::Value;

use super::key::Key;

/// What it does to everybody that these objects are put there, and those are gone; none where it touches nothing that decides about injection.
///
/// # Errors
/// It is not known who injects whom.
pub(crate) fn impact(
    mesh: &Mesh,
    puts: &[Value],
    gone: &[&Key],
    istiods: bool,
) -> Result<Option<Impact>> {
    if puts.is_empty() && gone.is_empty() {
        return Ok(None);
    }
    let unknown = |gap: &mesh_common::mesh::Gap| {
        Error::new(
            Kind::Unknown,
            format!("what this does to the workloads is unknown: {}", gap.detail),
        )
        .hint(format!("this needs get and list on {}", gap.what))
    };
    let before = mesh.wiring().map_err(|gap| unknown(&gap))?;
    let mut raw = mesh.raw()?.clone();
    for object in puts {
        put(&mut raw, object);
    }
    for key in gone {
        take(&mut raw, key);
    }
    let mut after = raw.wiring(&before, mesh)?;
    for object in puts.iter().filter(|o| o["kind"] == "Namespace") {
        let name = object["metadata"]["name"].as_str().unwrap_or_default();
        if let Some(namespace) = after.namespaces.get_mut(name) {
            namespace.labels = object["metadata"]["labels"]
                .as_object()
                .into_iter()
                .flatten()
                .filter_map(|(k, v)| Some((k.clone(), v.as_str()?.to_owned())))
                .collect();
        }
    }
    if istiods {
        // They are waited for before anything is asked of them.
        for service in &mut after.services {
            if service.ready_endpoints.get().is_none_or(|n| *n == 0) {
                service.ready_endpoints = Known::Known(1);
            }
        }
    }
    let impact = Impact::between(mesh, &before, &after).map_err(|gap| unknown(&gap))?;
    Ok(Some(impact))
}

fn put(raw: &mut Raw, object: &Value) {
    let kind = object["kind"].as_str().unwrap_or_default();
    if let Some(list) = list_of(raw, kind) {
        list.retain(|o| o["metadata"]["name"] != object["metadata"]["name"]);
        list.push(object.clone());
    }
}

fn take(raw: &mut Raw, key: &Key) {
    if let Some(list) = list_of(raw, &key.kind) {
        list.retain(|o| o["metadata"]["name"] != key.name.as_str());
    }
}

fn list_of<'a>(raw: &'a mut Raw, kind: &str) -> Option<&'a mut Vec<Value>> {
    match kind {
        "MutatingWebhookConfiguration" => Some(&mut raw.mutating),
        "ValidatingWebhookConfiguration" => Some(&mut raw.validating),
        "Service" => Some(&mut raw.services),
        _ => None,
    }
}
