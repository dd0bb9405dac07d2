//! What verification needs of an archive, gathered while it streams by.

use std::{
    collections::{BTreeMap, BTreeSet},
    io::{self, Write},
};

use mesh_common::mesh::archive::Object;
use serde_json::Value;

use super::row::{Finding, Status};
use crate::{
    object::Id,
    restore::{
        key::Key,
        place::{Bounds, is_mesh_workload, place},
    },
    schema::{Fit, Schemas},
};

/// Findings of schemas that are gathered.
const MOST: usize = 1000;

/// Kinds that istioctl's analysers look at, beside all of Istio and Gateway API. Never Secrets.
const ANALYZED: &[&str] = &[
    "namespaces",
    "services",
    "configmaps",
    "deployments.apps",
    "mutatingwebhookconfigurations.admissionregistration.k8s.io",
    "validatingwebhookconfigurations.admissionregistration.k8s.io",
];

/// An istiod by its Deployment.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Istiod {
    pub(super) namespace: String,
    pub(super) name: String,
    /// `default` where the label is missing.
    pub(super) revision: String,
}

/// What is gathered.
#[derive(Default)]
pub(super) struct Contents {
    /// Objects by kind and namespace, as the paths have it.
    pub(super) counts: BTreeMap<String, BTreeMap<String, usize>>,
    pub(super) istiods: Vec<Istiod>,
    /// Namespace and name of Services and `ConfigMaps`.
    pub(super) services: BTreeSet<(String, String)>,
    pub(super) config_maps: BTreeSet<(String, String)>,
    /// Revisions that a mutating webhook calls.
    pub(super) webhooks: BTreeSet<String>,
    pub(super) crds: BTreeSet<String>,
    /// Where workloads of the mesh are.
    pub(super) mesh_namespaces: BTreeSet<String>,
    pub(super) schemas: Schemas,
    /// Custom resources that do not fit the archive's own CRD.
    pub(super) misfits: Vec<Finding>,
    pub(super) fitting: usize,
}

/// Whether a group is one of custom resources that a mesh backup is made for.
pub(super) fn is_custom(group: &str) -> bool {
    group.ends_with(".istio.io")
        || group == "gateway.networking.k8s.io"
        || group == "inference.networking.k8s.io"
        || group == "sailoperator.io"
}

impl Contents {
    /// The first time: everything but what depends on CRDs, which may come later in the file.
    pub(super) fn see(&mut self, entry: &Object<'_>) -> Result<(), String> {
        let what = entry.what();
        let object: Value = serde_json::from_slice(entry.json)
            .map_err(|_| format!("an object of {what} is not JSON"))?;
        *self
            .counts
            .entry(what.clone())
            .or_default()
            .entry(entry.namespace.unwrap_or_default().to_owned())
            .or_default() += 1;
        let id = Id::of(entry, &object);
        let place = || (id.namespace.clone().unwrap_or_default(), id.name.clone());
        match what.as_str() {
            "services" => {
                self.services.insert(place());
            }
            "configmaps" => {
                self.config_maps.insert(place());
            }
            "customresourcedefinitions.apiextensions.k8s.io" => {
                self.crds.insert(id.name);
                self.schemas.learn(&object);
            }
            "mutatingwebhookconfigurations.admissionregistration.k8s.io" => {
                if let Some(revision) = object["metadata"]["labels"]["istio.io/rev"].as_str() {
                    self.webhooks.insert(revision.to_owned());
                }
            }
            "deployments.apps" | "daemonsets.apps" | "statefulsets.apps" => {
                if let Some(key) = Key::of(&object)
                    && is_mesh_workload(&key, &object, "")
                {
                    self.mesh_namespaces.extend(key.namespace);
                }
                let labels = &object["metadata"]["labels"];
                if labels["app"] == "istiod" && what == "deployments.apps" {
                    let (namespace, name) = place();
                    let revision = labels["istio.io/rev"].as_str().unwrap_or("default");
                    self.istiods.push(Istiod {
                        namespace,
                        name,
                        revision: revision.to_owned(),
                    });
                }
            }
            _ => {}
        }
        Ok(())
    }

    /// The second time: custom resources by their CRDs, and what istioctl is to read.
    pub(super) fn judge(
        &mut self,
        entry: &Object<'_>,
        file: &mut impl Write,
    ) -> Result<(), String> {
        let what = entry.what();
        let custom = is_custom(entry.group);
        if custom {
            let object: Value = serde_json::from_slice(entry.json)
                .map_err(|_| format!("an object of {what} is not JSON"))?;
            let api = object["apiVersion"].as_str().unwrap_or_default();
            let version = api.rsplit('/').next().unwrap_or_default();
            if let Fit::Problems(problems) = self.schemas.judge(&what, version, &object) {
                if self.misfits.len() < MOST {
                    let id = Id::of(entry, &object).to_string();
                    self.misfits
                        .push(Finding::new(Status::Failed, id, problems.join("; ")));
                }
            } else {
                self.fitting += 1;
            }
        }
        if custom || ANALYZED.contains(&what.as_str()) {
            put(file, entry.json).map_err(|e| format!("istioctl's file cannot be written: {e}"))?;
        }
        Ok(())
    }
}

/// JSON is YAML.
fn put(file: &mut impl Write, json: &[u8]) -> io::Result<()> {
    file.write_all(b"---\n")?;
    file.write_all(json)?;
    file.write_all(b"\n")
}

/// Whether a restore with `--istiod` would write this object, so that it can be rehearsed.
pub(super) fn is_restored(object: &Value, bounds: &Bounds) -> bool {
    Key::of(object).is_some_and(|key| place(&key, object, bounds).is_ok())
}
