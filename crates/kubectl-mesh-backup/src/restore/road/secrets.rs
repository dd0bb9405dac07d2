//! Secrets whose values are in no archive: written from memory, known again by what the API server called them.

use mesh_common::journal::{Operation, Version, api};

use super::{Progress, Road, Stop, Write};
use crate::restore::{
    live::Live,
    local::{
        Contents, Secret,
        secrets::{self, Does},
    },
    send::{is_answer, words},
    standing::unlike,
};

/// The writes of what is in memory alone; they belong to the step of the configuration.
pub(super) fn writes(contents: &Contents) -> Vec<Write> {
    let of = |secret: &Secret| {
        Some(Write {
            object: secret.planned.clone()?,
            item: secret.item(),
        })
    };
    contents.withheld.iter().filter_map(of).collect()
}

/// What is not as it was written, in the words of a list.
pub(super) fn wrong(contents: &Contents, now: &Live) -> Vec<String> {
    let of = |secret: &Secret| {
        let key = &secret.key;
        let Some(now) = now.get(key) else {
            return (secret.does != Does::Delete).then(|| format!("{key} is not there"));
        };
        match (&secret.planned, secret.does) {
            (_, Does::Delete) => Some(format!("{key} is still there")),
            (Some(planned), _) => {
                let places = unlike(key, planned, contents.before.get(key), &now);
                (!places.is_empty())
                    .then(|| format!("{key} is not as planned: {}", super::some(&places)))
            }
            // It was written by the command that was interrupted.
            (None, _) => (secret.written != Version::of(&now))
                .then(|| format!("{key} is not as it was written")),
        }
    };
    contents.withheld.iter().filter_map(of).collect()
}

impl Road<'_> {
    /// Notes as which Secrets were written: without it nobody could tell them from those of somebody else.
    pub(super) async fn note(
        &self,
        operation: &mut Operation<'_>,
        contents: &Contents,
        written: Vec<(crate::restore::key::Key, Version)>,
        progress: &mut Progress,
    ) {
        let notes: Vec<_> = written
            .into_iter()
            .filter_map(|(key, version)| {
                let secret = contents.withheld.iter().find(|s| s.key == key)?;
                let mut noted = secret.noted();
                noted.written = Some(version);
                Some(noted)
            })
            .collect();
        if notes.is_empty() {
            return;
        }
        if let Err(e) = operation.wrote(&notes).await {
            progress.failed.push(format!(
                "which Secrets were written could not be noted in the record: {e}"
            ));
        }
    }

    /// Deletes Secrets that are still as they were written.
    pub(super) async fn delete_secrets(
        &self,
        contents: &Contents,
        live: &Live,
        progress: &mut Progress,
    ) {
        let goes = |s: &&Secret| s.does == Does::Delete;
        for secret in contents.withheld.iter().filter(goes) {
            let key = &secret.key;
            let Some(now) = live.get(key).as_ref().and_then(Version::of) else {
                progress.already += 1;
                continue;
            };
            if secret.was.as_ref() != Some(&now) {
                progress
                    .failed
                    .push(format!("{key}: somebody else changed it meanwhile"));
                continue;
            }
            let path = secrets::api().path("v1", key);
            match api::delete(self.client, &path, &now.uid, &now.resource_version).await {
                Ok(()) => progress.deleted += 1,
                Err(e) => {
                    progress.failed.push(format!("{key}: {}", words(key, &e)));
                    if !is_answer(&e) {
                        progress.stopped = Some(Stop::Silent);
                        return;
                    }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use mesh_common::mesh::archive::{Manifest, Target, Writer, object_path};
    use serde_json::{Value, json};
    use tokio::sync::mpsc;

    use super::*;
    use crate::{
        opened::Opened,
        restore::{key::Key, road::feed},
    };

    /// Group, resource and object.
    type Made = (&'static str, &'static str, Value);

    #[test]
    fn what_is_in_memory_alone_comes_before_any_workload() {
        let dir = tempfile::tempdir().unwrap();
        let manifest: Manifest =
            serde_json::from_value(json!({ "formatVersion": 1, "suiteVersion": "0",
            "captureTime": "2026-11-21T06:00:00Z", "clusterUid": null, "kubernetesVersion": null,
            "istioNamespace": "istio-system", "istioVersions": [], "notes": [] }))
            .unwrap();
        let object = |api: &str, kind: &str| {
            json!({ "apiVersion": api, "kind": kind,
                "metadata": { "name": "x", "namespace": "istio-system" } })
        };
        let (config, istiod) = (
            ("", "configmaps", object("v1", "ConfigMap")),
            ("apps", "deployments", object("apps/v1", "Deployment")),
        );
        let cases: [(&[&Made], &[&str]); 4] = [
            (&[&config, &istiod], &["ConfigMap", "Secret", "Deployment"]),
            (&[&istiod], &["Secret", "Deployment"]),
            (&[&config], &["ConfigMap", "Secret"]),
            (&[], &["Secret"]),
        ];
        for (n, (objects, want)) in cases.into_iter().enumerate() {
            let path = dir.path().join(format!("{n}.tar.zst"));
            let target = Target::File {
                path: path.clone(),
                overwrite: false,
            };
            let mut writer = Writer::create(target, &manifest).unwrap();
            for (group, resource, object) in objects {
                let path = object_path(group, resource, Some("istio-system"), "x");
                writer.file(path, object.to_string().as_bytes()).unwrap();
            }
            writer.finish().unwrap();
            let key = Key::new("", "Secret", Some("istio-system"), "cacerts");
            let withheld = vec![Write {
                item: Secret::write(&key, None).item(),
                object: Value::Null,
            }];
            let (to, mut from) = mpsc::channel(8);
            feed(&Opened::new(path), withheld, &to).unwrap();
            drop(to);
            let kinds: Vec<String> = std::iter::from_fn(|| from.blocking_recv())
                .map(|write| write.item.key.kind)
                .collect();
            assert_eq!(kinds, want);
        }
    }
}
