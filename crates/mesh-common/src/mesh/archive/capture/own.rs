//! Which objects are Istio's own, among those of kinds that everybody uses.
//!
//! The objects of the Istio namespace all are. Elsewhere it goes by what is found while the lists stream by: gateways,
//! istio-cni and ztunnel first, then what belongs to them.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;
use serde_json::Value;

use super::refs::{self, Reference, Role};
use crate::mesh::{Labels, kinds::is_saved, label, selector::Selector, wire::dotted};

/// Components by their label `app` (`manifests/charts`).
const APPS: [&str; 6] = [
    "istiod",
    "istio-reader",
    "istio-cni",
    "ztunnel",
    "istio-ingressgateway",
    "istio-egressgateway",
];

/// What is known of Istio's own while lists are read.
#[derive(Debug, Default)]
pub(super) struct Own {
    istio_namespace: String,
    /// Workloads of the Istio namespace, gateways everywhere, istio-cni and ztunnel.
    workloads: Vec<Workload>,
    /// Cluster roles that bindings of Istio's own name, and roles by namespace.
    cluster_roles: BTreeSet<String>,
    roles: BTreeSet<(String, String)>,
    /// Admission policies of Istio's own.
    policies: BTreeSet<String>,
    /// Charts by the namespace and name of the Helm release that brought them.
    pub(super) releases: BTreeMap<(String, String), BTreeSet<String>>,
    /// Secrets that gateways name.
    references: Vec<Reference>,
    /// Storage and served versions of CRDs, by `gateways.networking.istio.io`.
    pub(super) crds: BTreeMap<String, Versions>,
}

/// Versions of a CRD.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Versions {
    pub(super) storage: Option<String>,
    pub(super) served: bool,
}

/// Something that runs for the mesh.
#[derive(Debug, Default)]
struct Workload {
    kind: &'static str,
    namespace: String,
    name: String,
    /// Labels of its pods.
    labels: Labels,
    account: String,
    pulls: Vec<String>,
    config_maps: BTreeSet<String>,
}

/// The metadata of anything.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Head {
    metadata: Meta,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Meta {
    name: String,
    namespace: String,
    labels: Option<Labels>,
    annotations: Option<BTreeMap<String, String>>,
}

impl Own {
    pub(super) fn new(istio_namespace: &str) -> Self {
        Self {
            istio_namespace: istio_namespace.to_owned(),
            ..Self::default()
        }
    }

    /// Looks at an object that goes into the archive.
    pub(super) fn see(&mut self, what: &str, json: &str) {
        match what {
            "deployments.apps" => self.workload("Deployment", json),
            "statefulsets.apps" => self.workload("StatefulSet", json),
            "daemonsets.apps" => self.workload("DaemonSet", json),
            "customresourcedefinitions.apiextensions.k8s.io" => self.crd(json),
            "rolebindings.rbac.authorization.k8s.io"
            | "clusterrolebindings.rbac.authorization.k8s.io" => self.binding(json),
            "validatingadmissionpolicies.admissionregistration.k8s.io" => {
                if let Some(head) = parse::<Head>(json) {
                    self.policies.insert(head.metadata.name);
                }
            }
            _ if refs::names_secrets(what) => {
                if let Some(object) = parse::<Value>(json) {
                    self.references.extend(refs::of(what, &object));
                }
            }
            _ => {}
        }
        if self.may_be_released(what, json) {
            self.release(json);
        }
    }

    /// Whether an object of a kind that everybody uses is Istio's own.
    pub(super) fn wants(&self, what: &str, json: &str) -> bool {
        match what {
            "validatingadmissionpolicies.admissionregistration.k8s.io" => names_istio(json),
            "validatingadmissionpolicybindings.admissionregistration.k8s.io" => {
                names_istio(json)
                    || parse::<Value>(json).is_some_and(|o| {
                        let policy = o["spec"]["policyName"].as_str().unwrap_or_default();
                        self.policies.contains(policy)
                    })
            }
            _ => parse::<Value>(json).is_some_and(|o| self.belongs(what, &o)),
        }
    }

    fn belongs(&self, what: &str, object: &Value) -> bool {
        let Some(Head { metadata }) = Head::deserialize(object).ok() else {
            return false;
        };
        let labels = metadata.labels.unwrap_or_default();
        // Kubernetes makes its own roles itself.
        if labels.contains_key("kubernetes.io/bootstrapping") {
            return false;
        }
        if is_istios(&metadata.name, &labels) {
            return true;
        }
        let (namespace, name) = (metadata.namespace, metadata.name);
        let mut here = self.workloads.iter().filter(|w| w.namespace == namespace);
        match what {
            "services" => {
                let selector: Labels = labels_of(&object["spec"]["selector"]);
                !selector.is_empty() && here.any(|w| has_all(&w.labels, &selector))
            }
            "horizontalpodautoscalers.autoscaling" => {
                let target = &object["spec"]["scaleTargetRef"];
                here.any(|w| target["kind"] == w.kind && target["name"] == w.name.as_str())
            }
            "networkpolicies.networking.k8s.io" => {
                let selector = Selector::deserialize(&object["spec"]["podSelector"]);
                selector
                    .is_ok_and(|s| s != Selector::default() && here.any(|w| s.matches(&w.labels)))
            }
            "serviceaccounts" => here.any(|w| w.account == name),
            "configmaps" => here.any(|w| w.config_maps.contains(&name)),
            "rolebindings.rbac.authorization.k8s.io"
            | "clusterrolebindings.rbac.authorization.k8s.io" => self.binds(object, &namespace),
            "roles.rbac.authorization.k8s.io" => self.roles.contains(&(namespace, name)),
            "clusterroles.rbac.authorization.k8s.io" => self.cluster_roles.contains(&name),
            _ => false,
        }
    }

    /// Whether a binding is for a ServiceAccount of Istio's own.
    fn binds(&self, object: &Value, namespace: &str) -> bool {
        let subjects = object["subjects"].as_array().into_iter().flatten();
        subjects.into_iter().any(|s| {
            let name = s["name"].as_str().unwrap_or_default();
            match s["kind"].as_str() {
                Some("ServiceAccount") => {
                    let of = s["namespace"].as_str().unwrap_or(namespace);
                    of == self.istio_namespace
                        || self
                            .workloads
                            .iter()
                            .any(|w| w.namespace == of && w.account == name)
                }
                Some("Group") => {
                    name.strip_prefix("system:serviceaccounts:") == Some(&self.istio_namespace)
                }
                _ => false,
            }
        })
    }

    /// Namespaces other than Istio's where something of its own runs.
    pub(super) fn elsewhere(&self) -> BTreeSet<String> {
        self.workloads
            .iter()
            .map(|w| &w.namespace)
            .filter(|n| **n != self.istio_namespace)
            .cloned()
            .collect()
    }

    /// Every Secret that is named, and by whom. Credentials are looked for where the gateways run.
    pub(super) fn secrets(&self) -> BTreeMap<(String, String), (Role, BTreeSet<String>)> {
        let mut named: BTreeMap<(String, String), (Role, BTreeSet<String>)> = BTreeMap::new();
        let mut add = |namespace: &str, name: &str, role: Role, by: &str| {
            let key = (namespace.to_owned(), name.to_owned());
            let entry = named.entry(key).or_insert_with(|| (role, BTreeSet::new()));
            entry.0 = entry.0.min(role);
            entry.1.insert(by.to_owned());
        };
        for reference in &self.references {
            let mut places: BTreeSet<&str> = BTreeSet::new();
            if let Some(selector) = &reference.selector {
                let of = self
                    .workloads
                    .iter()
                    .filter(|w| has_all(&w.labels, selector));
                places.extend(of.map(|w| w.namespace.as_str()));
            }
            if places.is_empty() {
                places.insert(&reference.namespace);
            }
            for place in places {
                add(place, &reference.name, Role::Credential, &reference.by);
            }
        }
        for workload in &self.workloads {
            let by = format!("{} {}/{}", workload.kind, workload.namespace, workload.name);
            for pull in &workload.pulls {
                add(&workload.namespace, pull, Role::ImagePull, &by);
            }
        }
        named
    }

    fn workload(&mut self, kind: &'static str, json: &str) {
        let Some(found) = parse::<refs::Controller>(json) else {
            return;
        };
        let local = found.metadata.namespace == self.istio_namespace;
        if !(local || found.is_gateway() || found.is_agent()) {
            return;
        }
        let pods = found.spec.template;
        self.workloads.push(Workload {
            kind,
            config_maps: pods.spec.config_maps(),
            account: pods.spec.account(),
            pulls: pods.spec.pulls(),
            labels: pods.metadata.labels.unwrap_or_default(),
            namespace: found.metadata.namespace,
            name: found.metadata.name,
        });
    }

    fn binding(&mut self, json: &str) {
        let Some(object) = parse::<Value>(json) else {
            return;
        };
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let role = &object["roleRef"];
        if role["kind"] == "ClusterRole" {
            self.cluster_roles.insert(text(&role["name"]));
        } else {
            let namespace = text(&object["metadata"]["namespace"]);
            self.roles.insert((namespace, text(&role["name"])));
        }
    }

    fn crd(&mut self, json: &str) {
        #[derive(Deserialize)]
        struct Crd {
            spec: Spec,
        }
        #[derive(Deserialize)]
        struct Spec {
            group: String,
            names: Names,
            #[serde(default)]
            versions: Vec<Version>,
        }
        #[derive(Deserialize)]
        struct Names {
            plural: String,
        }
        #[derive(Deserialize)]
        struct Version {
            name: String,
            #[serde(default)]
            served: bool,
            #[serde(default)]
            storage: bool,
        }
        let Some(Crd { spec }) = parse(json) else {
            return;
        };
        let served = spec.versions.iter().any(|v| v.served);
        let storage = spec.versions.into_iter().find(|v| v.storage && v.served);
        self.crds.insert(
            dotted(&spec.group, &spec.names.plural),
            Versions {
                storage: storage.map(|v| v.name),
                served,
            },
        );
    }

    /// Whether it is worth a look whether Helm brought an object: everybody's applications are not.
    fn may_be_released(&self, what: &str, json: &str) -> bool {
        if !json.contains("meta.helm.sh/release-name") {
            return false;
        }
        match what {
            "pods" | "replicasets.apps" | "namespaces" => false,
            "customresourcedefinitions.apiextensions.k8s.io"
            | "mutatingwebhookconfigurations.admissionregistration.k8s.io"
            | "validatingwebhookconfigurations.admissionregistration.k8s.io" => names_istio(json),
            "deployments.apps"
            | "statefulsets.apps"
            | "daemonsets.apps"
            | "jobs.batch"
            | "cronjobs.batch"
            | "poddisruptionbudgets.policy" => {
                parse::<Head>(json).is_some_and(|Head { metadata: m }| {
                    m.namespace == self.istio_namespace
                        || self
                            .workloads
                            .iter()
                            .any(|w| w.namespace == m.namespace && w.name == m.name)
                })
            }
            // Custom resources come with applications, too: their release is not the mesh's.
            _ => !what
                .split_once('.')
                .is_some_and(|(_, group)| is_saved(group)),
        }
    }

    fn release(&mut self, json: &str) {
        let Some(Head { metadata }) = parse::<Head>(json) else {
            return;
        };
        let annotations = metadata.annotations.unwrap_or_default();
        let get = |key: &str| annotations.get(key).cloned();
        let Some(name) = get("meta.helm.sh/release-name") else {
            return;
        };
        let namespace = get("meta.helm.sh/release-namespace").unwrap_or(metadata.namespace);
        let charts = self.releases.entry((namespace, name)).or_default();
        charts.extend(metadata.labels.unwrap_or_default().remove("helm.sh/chart"));
    }
}

fn parse<'a, T: Deserialize<'a>>(json: &'a str) -> Option<T> {
    serde_json::from_str(json).ok()
}

/// Whether an object speaks of Istio or Gateway API anywhere.
fn names_istio(json: &str) -> bool {
    json.contains("istio") || json.contains("gateway.networking.k8s.io")
}

/// By name and labels, as Istio's charts and istiod set them.
fn is_istios(name: &str, labels: &Labels) -> bool {
    let is = |key: &str, value: &str| labels.get(key).is_some_and(|v| v == value);
    // istiod writes these into every namespace by itself: the root certificate, and the list of revoked ones.
    if is("istio.io/config", "true") {
        return false;
    }
    name.starts_with("istio")
        || name.starts_with("ztunnel")
        || is("app.kubernetes.io/part-of", "istio")
        || is("k8s-app", "istio-cni-node")
        || labels.contains_key("operator.istio.io/component")
        || labels.contains_key("install.operator.istio.io/owning-resource")
        || labels.contains_key(label::GATEWAY_MANAGED)
        || labels
            .get("app")
            .is_some_and(|app| APPS.contains(&app.as_str()))
}

fn labels_of(value: &Value) -> Labels {
    Labels::deserialize(value).unwrap_or_default()
}

fn has_all(labels: &Labels, wanted: &Labels) -> bool {
    wanted
        .iter()
        .all(|(key, value)| labels.get(key) == Some(value))
}

#[cfg(test)]
mod tests;
