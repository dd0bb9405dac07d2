//! One object on its way into the cluster.

use std::{
    collections::BTreeMap,
    sync::{Mutex, PoisonError},
};

use mesh_common::journal::Version;
use serde_json::Value;

use super::{Road, Write};
use crate::restore::{
    key::Key,
    live::Live,
    local::{Contents, Item, secrets::is_secret},
    object::owner_keys,
    send::{Sender, is_answer, words},
    standing::{Standing, standing},
};

impl Road<'_> {
    /// Writes one object, unless it is as planned already.
    pub(super) async fn one(
        &self,
        write: Write,
        contents: &Contents,
        live: &Live,
        uids: &Mutex<BTreeMap<Key, String>>,
    ) -> Result<Wrote, (bool, String)> {
        let Write { item, mut object } = write;
        let Item { key, api, .. } = &item;
        let now = live.get(key);
        // Before the owners of this cluster are put in: they are no difference.
        match standing(
            key,
            contents.before.get(key),
            Some(&object),
            None,
            now.as_ref(),
        ) {
            Standing::AsPlanned => return Ok(Wrote::Already),
            Standing::AsBefore => {}
            Standing::Foreign(places) => {
                let places = places.join(", ");
                return Err((
                    false,
                    format!("{key}: somebody else changed it meanwhile: {places}"),
                ));
            }
        }
        let note = owners(key, &mut object, uids);
        let failed = |e: &kube::Error| (!is_answer(e), format!("{key}: {}", words(key, e)));
        let sender = Sender {
            client: self.client.clone(),
            dry: false,
        };
        let version = api.version();
        let made = match &now {
            None => match sender.create(api, version, key, &object).await {
                // Its addresses may be of another cluster, or gone to somebody else this very moment.
                Err(kube::Error::Api(status))
                    if status.code == 422 && without_addresses(key, &mut object) =>
                {
                    let made = sender.create(api, version, key, &object).await;
                    return self
                        .made(key, made, uids)
                        .map(|_| {
                            Wrote::Written(
                                Some(format!("{key} has other addresses: {}", status.message)),
                                None,
                            )
                        })
                        .map_err(|e| failed(&e));
                }
                other => other,
            },
            Some(now) => {
                for field in ["uid", "resourceVersion"] {
                    object["metadata"][field] = now["metadata"][field].clone();
                }
                sender.replace(api, version, key, &object).await
            }
        };
        let made = self.made(key, made, uids).map_err(|e| failed(&e))?;
        let version = Version::of(&made).filter(|_| is_secret(key));
        Ok(Wrote::Written(note, version.map(|v| (key.clone(), v))))
    }

    #[allow(clippy::unused_self, reason = "one of the steps of a write")]
    fn made(
        &self,
        key: &Key,
        made: kube::Result<Value>,
        uids: &Mutex<BTreeMap<Key, String>>,
    ) -> kube::Result<Value> {
        let made = made?;
        if let Some(uid) = made["metadata"]["uid"].as_str() {
            let mut uids = uids.lock().unwrap_or_else(PoisonError::into_inner);
            uids.insert(key.clone(), uid.to_owned());
        }
        Ok(made)
    }
}

pub(super) enum Wrote {
    Already,
    /// Written, what has to be said about it, and of a Secret as which.
    Written(Option<String>, Option<(Key, Version)>),
}

pub(super) fn uids(live: &Live) -> BTreeMap<Key, String> {
    live.keys()
        .filter_map(|key| {
            Some((
                key.clone(),
                live.get(key)?["metadata"]["uid"].as_str()?.to_owned(),
            ))
        })
        .collect()
}

/// The owners of this cluster: those that were just made have their uid now; what has none is left out, or the
/// garbage collector would take the object.
fn owners(key: &Key, object: &mut Value, uids: &Mutex<BTreeMap<Key, String>>) -> Option<String> {
    let references = object
        .pointer_mut("/metadata/ownerReferences")?
        .as_array_mut()?;
    let uids = uids.lock().unwrap_or_else(PoisonError::into_inner);
    let many = references.len();
    references.retain_mut(|reference| {
        let known = owner_keys(reference, key.namespace.as_deref());
        // An owner of a kind that was not read was looked up when the plan was made.
        let read = uids
            .keys()
            .any(|k| known.iter().any(|o| o.group == k.group && o.kind == k.kind));
        match known.iter().find_map(|k| uids.get(k)) {
            Some(uid) => {
                reference["uid"] = uid.as_str().into();
                true
            }
            None => !read,
        }
    });
    (references.len() < many).then(|| format!("{key} is without an owner that it had"))
}

/// Takes the addresses out of a Service; whether there were any.
fn without_addresses(key: &Key, object: &mut Value) -> bool {
    if !key.is("", "Service") {
        return false;
    }
    let Some(spec) = object.get_mut("spec").and_then(Value::as_object_mut) else {
        return false;
    };
    let mut any = false;
    if spec.get("clusterIP").is_some_and(|ip| ip != "None") {
        any |= spec.remove("clusterIP").is_some();
        any |= spec.remove("clusterIPs").is_some();
    }
    any |= spec.remove("healthCheckNodePort").is_some();
    let ports = spec.get_mut("ports").and_then(Value::as_array_mut);
    for port in ports.into_iter().flatten().filter_map(Value::as_object_mut) {
        any |= port.remove("nodePort").is_some();
    }
    any
}
