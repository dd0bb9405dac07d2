//! What an object of an archive is to be in this cluster: server-set fields out, owners mapped, addresses that are
//! free, fields of a newer CRD kept, no old CA.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};

use super::{
    key::{ADMISSION, Key, is_mesh_label},
    managers::{self},
    place::owners,
};
use crate::noise;

/// Kept by the controllers of workloads, in an annotation.
const ROLLOUT: &str = "deployment.kubernetes.io/revision";

mod compare;
mod keep;

pub(crate) use compare::{comparable, differing};
use keep::keep;

/// What else is in the cluster, as far as one object needs to know.
#[derive(Debug, Default)]
pub(crate) struct World {
    /// uid of every object that is there, of the kinds that were read.
    pub(crate) uids: BTreeMap<Key, String>,
    /// Objects that this restore makes.
    pub(crate) made: BTreeSet<Key>,
    /// Addresses of Services, and whose they are.
    pub(crate) addresses: BTreeMap<String, String>,
    /// Node ports of Services, and whose they are.
    pub(crate) ports: BTreeMap<u64, String>,
    /// The root of the CA that is live, as a caBundle.
    pub(crate) ca: Option<String>,
    /// CRDs of the archive, by group and kind.
    pub(crate) archived_crds: BTreeMap<(String, String), Value>,
    /// CRDs as they will be when the restore is done, by group and kind.
    pub(crate) crds: BTreeMap<(String, String), Value>,
    /// Whether the archive is of a cluster of the same Kubernetes minor: what differs is then no new default.
    pub(crate) same_kubernetes: bool,
}

/// An object as it is to be, and what has to be said about it.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Made {
    pub(crate) object: Value,
    pub(crate) notes: Vec<String>,
}

/// What `archived` is to be here. `live` is what is there under its name.
pub(crate) fn make(key: &Key, archived: &Value, live: Option<&Value>, world: &World) -> Made {
    let mut notes = Vec::new();
    let mut object = archived.clone();
    noise::set_aside(&mut object);
    unrolled(&mut object);
    if key.is("", "Namespace") {
        return Made {
            object: namespace(&object, live),
            notes,
        };
    }
    owner_references(key, &mut object, archived, world, &mut notes);
    match (key.group.as_str(), key.kind.as_str()) {
        ("", "Service") => service(key, &mut object, live, world, &mut notes),
        ("", "ServiceAccount") => {
            // Tokens of another cluster, or of an account that is gone.
            if let Some(fields) = object.as_object_mut() {
                fields.remove("secrets");
            }
        }
        (ADMISSION, kind) => webhooks(kind, &mut object, live, world),
        ("apps", _) => {
            if let Some(live) = live.filter(|l| managers::is_scaled(l))
                && object["spec"]["replicas"] != live["spec"]["replicas"]
            {
                object["spec"]["replicas"] = live["spec"]["replicas"].clone();
                notes.push("keeps the number of replicas that its autoscaler set".into());
            }
        }
        _ => {}
    }
    if let Some(live) = live {
        // Whoever waits for the end of this object does so still.
        let finalizers = &live["metadata"]["finalizers"];
        set(&mut object, "finalizers", finalizers);
        let kept = keep(key, archived, live, &mut object, world);
        if !kept.is_empty() {
            notes.push(format!(
                "keeps what the archive does not know: {}",
                kept.join(", ")
            ));
        }
    }
    Made { object, notes }
}

/// The elements of a list, where there is one; indexing would make it.
fn list_mut<'a>(object: &'a mut Value, pointer: &str) -> impl Iterator<Item = &'a mut Value> {
    let list = object.pointer_mut(pointer).and_then(Value::as_array_mut);
    list.into_iter().flatten()
}

fn set(object: &mut Value, field: &str, value: &Value) {
    let Some(metadata) = object.get_mut("metadata").and_then(Value::as_object_mut) else {
        return;
    };
    if value.is_null() {
        metadata.remove(field);
    } else {
        metadata.insert(field.into(), value.clone());
    }
}

/// Takes out what controllers of workloads count.
fn unrolled(object: &mut Value) {
    if let Some(annotations) = object
        .pointer_mut("/metadata/annotations")
        .and_then(Value::as_object_mut)
    {
        annotations.remove(ROLLOUT);
        annotations.remove("deprecated.daemonset.template.generation");
    }
}

/// A namespace that is there keeps everything but the labels and annotations that the mesh goes by; one that is not
/// comes with all of them.
fn namespace(archived: &Value, live: Option<&Value>) -> Value {
    let Some(live) = live else {
        let mut object = json!({ "apiVersion": "v1", "kind": "Namespace",
            "metadata": { "name": archived["metadata"]["name"] } });
        for field in ["labels", "annotations"] {
            let value = archived["metadata"][field].clone();
            set(&mut object, field, &value);
        }
        return object;
    };
    let mut object = live.clone();
    noise::set_aside(&mut object);
    object["apiVersion"] = "v1".into();
    object["kind"] = "Namespace".into();
    for field in ["labels", "annotations"] {
        let mut merged: Map<String, Value> = live["metadata"][field]
            .as_object()
            .cloned()
            .unwrap_or_default();
        merged.retain(|key, _| !is_mesh_label(key));
        let theirs = archived["metadata"][field]
            .as_object()
            .into_iter()
            .flatten();
        for (key, value) in theirs.filter(|(key, _)| is_mesh_label(key)) {
            merged.insert(key.clone(), value.clone());
        }
        let value = if merged.is_empty() {
            Value::Null
        } else {
            merged.into()
        };
        set(&mut object, field, &value);
    }
    object
}

/// The owner of an object, as a reference names it: cluster-wide, or in the same namespace.
pub(crate) fn owner_keys(reference: &Value, namespace: Option<&str>) -> Vec<Key> {
    let text = |field: &str| reference[field].as_str().unwrap_or_default();
    let group = text("apiVersion").split_once('/').map_or("", |(g, _)| g);
    let of = |ns: Option<&str>| Key::new(group, text("kind"), ns, text("name"));
    let mut keys = vec![of(None)];
    keys.extend(namespace.map(|ns| of(Some(ns))));
    keys
}

/// A reference with the uid of another life would have the object collected as garbage.
fn owner_references(
    key: &Key,
    object: &mut Value,
    archived: &Value,
    world: &World,
    notes: &mut Vec<String>,
) {
    let mut mapped = Vec::new();
    for reference in owners(archived) {
        let keys = owner_keys(reference, key.namespace.as_deref());
        let uid = keys.iter().find_map(|k| world.uids.get(k));
        let mut reference = reference.clone();
        if let Some(uid) = uid {
            reference["uid"] = uid.as_str().into();
            mapped.push(reference);
        } else if keys.iter().any(|k| world.made.contains(k)) {
            // Its uid is known when it is made, right before this one.
            mapped.push(reference);
        } else {
            notes.push(format!(
                "without its owner {}/{}, which is not here",
                reference["kind"].as_str().unwrap_or_default(),
                reference["name"].as_str().unwrap_or_default(),
            ));
        }
    }
    let value = if mapped.is_empty() {
        Value::Null
    } else {
        mapped.into()
    };
    set(object, "ownerReferences", &value);
}

/// Addresses and ports: those it has here, those it had if nobody has them, none otherwise.
fn service(
    key: &Key,
    object: &mut Value,
    live: Option<&Value>,
    world: &World,
    notes: &mut Vec<String>,
) {
    let me = key.to_string();
    let Some(spec) = object.get_mut("spec").and_then(Value::as_object_mut) else {
        return;
    };
    if let Some(live) = live {
        for field in ["clusterIP", "clusterIPs", "healthCheckNodePort"] {
            match live["spec"].get(field) {
                Some(value) => spec.insert(field.into(), value.clone()),
                None => spec.remove(field),
            };
        }
    } else {
        let ips: Vec<&str> = spec
            .get("clusterIPs")
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
            .chain(spec.get("clusterIP"))
            .filter_map(Value::as_str)
            .collect();
        let taken = ips
            .iter()
            .find_map(|ip| Some((*ip, world.addresses.get(*ip)?)));
        if let Some((ip, by)) = taken.filter(|(_, by)| **by != me) {
            notes.push(format!("gets another cluster IP: {ip} is {by}'s"));
            spec.remove("clusterIP");
            spec.remove("clusterIPs");
        }
        let health = spec.get("healthCheckNodePort").and_then(Value::as_u64);
        if let Some(by) = health
            .and_then(|p| world.ports.get(&p))
            .filter(|by| **by != me)
        {
            notes.push(format!(
                "gets another health check port: {} is {by}'s",
                health.unwrap_or_default()
            ));
            spec.remove("healthCheckNodePort");
        }
    }
    let own = |port: &Value| {
        let ports = live.and_then(|l| l["spec"]["ports"].as_array());
        let found = ports
            .into_iter()
            .flatten()
            .find(|p| p["port"] == port["port"] && p.get("protocol") == port.get("protocol"));
        found.and_then(|p| p["nodePort"].as_u64())
    };
    for port in spec
        .get_mut("ports")
        .and_then(Value::as_array_mut)
        .into_iter()
        .flatten()
    {
        let Some(wanted) = port["nodePort"].as_u64() else {
            continue;
        };
        if let Some(by) = world.ports.get(&wanted).filter(|by| **by != me) {
            notes.push(format!("gets another node port: {wanted} is {by}'s"));
            let own = own(port);
            if let Some(port) = port.as_object_mut() {
                match own {
                    Some(own) => port.insert("nodePort".into(), own.into()),
                    None => port.remove("nodePort"),
                };
            }
        }
    }
}

/// caBundle is istiod's: the one that is there, else the root that is live, never the archive's. A validator begins
/// with Ignore, which istiod raises when it answers (`pkg/webhooks/validation/controller`).
fn webhooks(kind: &str, object: &mut Value, live: Option<&Value>, world: &World) {
    let there = |name: &Value| {
        let hooks = live.and_then(|l| l["webhooks"].as_array());
        hooks.into_iter().flatten().find(|w| w["name"] == *name)
    };
    for hook in list_mut(object, "/webhooks") {
        let now = there(&hook["name"]);
        let bundle = now
            .and_then(|w| w["clientConfig"]["caBundle"].as_str())
            .or(world.ca.as_deref())
            .map(str::to_owned);
        if let Some(config) = hook.get_mut("clientConfig").and_then(Value::as_object_mut) {
            match bundle {
                Some(bundle) => config.insert("caBundle".into(), bundle.into()),
                None => config.remove("caBundle"),
            };
        }
        if kind == "ValidatingWebhookConfiguration" {
            let policy = now.map_or_else(|| "Ignore".into(), |w| w["failurePolicy"].clone());
            hook["failurePolicy"] = policy;
        }
    }
}

#[cfg(test)]
mod tests;
