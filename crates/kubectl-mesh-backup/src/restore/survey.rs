//! The first look through an archive: what is in it, and what of it is meant.

use std::collections::{BTreeMap, BTreeSet};

use mesh_common::{
    Result,
    mesh::archive::{Object, Whole},
};
use serde_json::Value;

use super::{
    key::{Api, Key},
    look::{Typed, root_of},
    place::{Bounds, is_ca, is_mesh_workload, place},
};
use crate::{only::Only, opened::Opened};

/// Resources that are only counted: nothing of them is looked at.
const COUNTED: [&str; 7] = [
    "pods",
    "replicasets.apps",
    "endpointslices.discovery.k8s.io",
    "nodes",
    "jobs.batch",
    "leases.coordination.k8s.io",
    "events",
];

/// What was found.
#[derive(Debug)]
pub(crate) struct Survey {
    /// The archive as a whole: from here on its digest is known.
    pub(crate) whole: Whole,
    /// What decides what is brought back.
    pub(crate) bounds: Bounds,
    /// CRDs of the mesh in it, by group and kind.
    pub(crate) crds: BTreeMap<(String, String), Value>,
    /// Everything that is meant and can be placed.
    pub(crate) keys: BTreeSet<Key>,
    /// Objects that are not brought back: by reason, then by resource.
    pub(crate) left: BTreeMap<&'static str, BTreeMap<String, usize>>,
    /// Objects whose names are none.
    pub(crate) nameless: usize,
    /// The root certificates that proxies trusted: `istio-ca-root-cert` of the Istio namespace.
    pub(crate) root: Option<String>,
    /// istiods: name of the Deployment and image.
    pub(crate) istiods: Vec<(String, String)>,
    /// Secrets in it.
    pub(crate) secrets: usize,
    /// The root certificate beside the CA's key, where that comes back too.
    pub(crate) ca: Option<String>,
}

/// One object of an archive, parsed; none of what is only counted.
pub(crate) fn parse(object: &Object<'_>) -> Result<Option<Value>, String> {
    if COUNTED.contains(&object.what().as_str()) {
        return Ok(None);
    }
    serde_json::from_slice(object.json)
        .map(Some)
        .map_err(|e| format!("an object of {} is not JSON: {e}", object.what()))
}

impl Survey {
    /// Looks through the archive twice: where workloads of the mesh are decides what is meant.
    ///
    /// # Errors
    /// What keeps the archive from being read.
    pub(crate) fn make(file: &Opened, typed: &Typed, istiod: bool) -> Result<Self> {
        let mut namespaces = BTreeSet::new();
        let mut crds = BTreeMap::new();
        let mut istiods = Vec::new();
        let mut roots = BTreeMap::new();
        let mut workloads = Vec::new();
        let mut secrets = 0;
        let mut authorities: BTreeMap<Key, Option<String>> = BTreeMap::new();
        let whole = file.visit(|object| {
            let what = object.what();
            secrets += usize::from(what == "secrets");
            let interesting = matches!(
                what.as_str(),
                "deployments.apps"
                    | "daemonsets.apps"
                    | "statefulsets.apps"
                    | "configmaps"
                    | "secrets"
                    | "customresourcedefinitions.apiextensions.k8s.io"
            );
            if !interesting {
                return Ok(());
            }
            let Some(value) = parse(&object)? else {
                return Ok(());
            };
            let Some(key) = Key::of(&value) else {
                return Ok(());
            };
            match key.kind.as_str() {
                "CustomResourceDefinition" => {
                    if let Some(api) =
                        Api::of_crd(&value).filter(|a| super::key::is_mesh_group(&a.group))
                    {
                        crds.insert((api.group, api.kind), value);
                    }
                }
                "ConfigMap" if key.name == "istio-ca-root-cert" => {
                    if let Some(pem) = value["data"]["root-cert.pem"].as_str() {
                        roots.insert(key.namespace.unwrap_or_default(), pem.to_owned());
                    }
                }
                "Secret" if matches!(key.name.as_str(), "cacerts" | "istio-ca-secret") => {
                    let root = root_of(&key.name, &value);
                    authorities.insert(key, root);
                }
                "Deployment" | "DaemonSet" | "StatefulSet" => {
                    if value["metadata"]["labels"]["app"] == "istiod" {
                        let image =
                            value["spec"]["template"]["spec"]["containers"][0]["image"].as_str();
                        istiods.push((key.name.clone(), image.unwrap_or_default().to_owned()));
                    }
                    let own = is_mesh_workload(&key, &value, "");
                    workloads.extend(key.namespace.filter(|_| own));
                }
                _ => {}
            }
            Ok(())
        })?;
        let istio_namespace = whole.manifest.istio_namespace.clone();
        namespaces.extend(workloads);
        namespaces.insert(istio_namespace.clone());
        let root = roots.remove(&istio_namespace);
        let mut survey = Self {
            whole,
            bounds: Bounds {
                istio_namespace,
                mesh_namespaces: namespaces,
                istiod,
                secrets: typed.secrets,
            },
            crds,
            keys: BTreeSet::new(),
            left: BTreeMap::new(),
            nameless: 0,
            root,
            istiods,
            secrets,
            ca: None,
        };
        survey.sort(file, &typed.only)?;
        // istiod prefers cacerts, which sorts first.
        authorities.retain(|key, _| {
            is_ca(key, &survey.bounds.istio_namespace) && survey.keys.contains(key)
        });
        survey.ca = authorities.into_values().flatten().next();
        Ok(survey)
    }

    fn sort(&mut self, file: &Opened, only: &Only) -> Result<()> {
        let (mut keys, mut left, mut nameless) = (BTreeSet::new(), BTreeMap::new(), 0);
        let mut leave = |why: &'static str, what: String| {
            let kinds: &mut BTreeMap<String, usize> = left.entry(why).or_default();
            *kinds.entry(what).or_default() += 1;
        };
        let mut namespaces = Vec::new();
        let bounds = &self.bounds;
        file.visit(|object| {
            let Some(value) = parse(&object)? else {
                if only.is_everything() {
                    leave(
                        "never restored: the cluster makes these anew",
                        object.what(),
                    );
                }
                return Ok(());
            };
            let Some(key) = Key::of(&value) else {
                nameless += 1;
                return Ok(());
            };
            if !only.matches(
                &object.what(),
                &key.kind,
                key.namespace.as_deref(),
                &key.name,
            ) {
                return Ok(());
            }
            match place(&key, &value, bounds) {
                Ok(_) if key.is("", "Namespace") => {
                    let labelled = value["metadata"]["labels"]
                        .as_object()
                        .is_some_and(|l| l.keys().any(|k| super::key::is_mesh_label(k)));
                    namespaces.push((key, labelled));
                }
                Ok(_) => {
                    keys.insert(key);
                }
                Err(why) => leave(why, object.what()),
            }
            Ok(())
        })?;
        let used: BTreeSet<String> = keys.iter().filter_map(|k| k.namespace.clone()).collect();
        for (key, labelled) in namespaces {
            // A namespace with nothing of the mesh in it is not the mesh's to bring back.
            if labelled || used.contains(&key.name) || !only.is_everything() {
                keys.insert(key);
            } else {
                leave("nothing of the mesh is in it", "namespaces".into());
            }
        }
        (self.keys, self.left, self.nameless) = (keys, left, nameless);
        Ok(())
    }

    /// Where the kinds of everything meant are served: Kubernetes' own, and by CRD, once those that are absent are made.
    pub(crate) fn apis(
        &self,
        live_crds: &BTreeMap<(String, String), Value>,
    ) -> BTreeMap<(String, String), Api> {
        let mut apis = BTreeMap::new();
        for key in &self.keys {
            let of = (key.group.clone(), key.kind.clone());
            if apis.contains_key(&of) {
                continue;
            }
            let made = || {
                let crd = self.crds.get(&of)?;
                let key = Key::of(crd)?;
                self.keys.contains(&key).then_some(crd)
            };
            let api = Api::builtin(&key.group, &key.kind)
                .or_else(|| Api::of_crd(live_crds.get(&of).or_else(made)?));
            if let Some(api) = api {
                apis.insert(of, api);
            }
        }
        apis
    }
}
