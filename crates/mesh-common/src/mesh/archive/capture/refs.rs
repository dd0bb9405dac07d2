//! What gateways and workloads refer to: Secrets, `ConfigMaps`, `ServiceAccounts`.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;
use serde_json::Value;

use crate::mesh::{Labels, label};

/// What a Secret is to the mesh; the first is the weightier one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) enum Role {
    /// The CA of the mesh.
    Ca,
    /// The way to the API server of another cluster.
    Remote,
    /// A certificate of a gateway.
    Credential,
    /// What a registry is asked with; of no interest but its name.
    ImagePull,
}

/// A Secret that a gateway names.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Reference {
    /// The Secret's, where no workload is known to serve the gateway.
    pub(super) namespace: String,
    /// Labels of the pods that serve the gateway: the Secret is read beside them.
    pub(super) selector: Option<Labels>,
    pub(super) name: String,
    /// `Gateway edge/shop`.
    pub(super) by: String,
}

/// Whether objects of this kind name Secrets.
pub(super) fn names_secrets(what: &str) -> bool {
    matches!(
        what,
        "gateways.networking.istio.io"
            | "gateways.gateway.networking.k8s.io"
            | "listenersets.gateway.networking.k8s.io"
            | "xlistenersets.gateway.networking.x-k8s.io"
    )
}

/// The Secrets that an object names.
pub(super) fn of(what: &str, object: &Value) -> Vec<Reference> {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let namespace = text(&object["metadata"]["namespace"]);
    let (resource, group) = what.split_once('.').unwrap_or((what, ""));
    let kind = match resource {
        "gateways" => "Gateway",
        _ => "ListenerSet",
    };
    let by = format!(
        "{kind}.{group} {namespace}/{}",
        text(&object["metadata"]["name"])
    );
    let mut found = Vec::new();
    if group == "networking.istio.io" {
        let selector = Labels::deserialize(&object["spec"]["selector"]).ok();
        let selector = selector.filter(|s| !s.is_empty());
        let mut add = |credential: &Value, suffix: &str| {
            let credential = credential.as_str().unwrap_or_default();
            let (place, name) = match credential.split_once("://") {
                None | Some(("kubernetes", _)) => {
                    (None, credential.trim_start_matches("kubernetes://"))
                }
                Some(("kubernetes-gateway", rest)) => match rest.split_once('/') {
                    Some((place, name)) => (Some(place), name),
                    None => return,
                },
                // Files, and ConfigMaps.
                Some(_) => return,
            };
            if !name.is_empty() {
                found.push(Reference {
                    namespace: place.unwrap_or(&namespace).to_owned(),
                    selector: selector.clone().filter(|_| place.is_none()),
                    name: format!("{name}{suffix}"),
                    by: by.clone(),
                });
            }
        };
        for server in array(&object["spec"]["servers"]) {
            let tls = &server["tls"];
            add(&tls["credentialName"], "");
            add(&tls["caCertCredentialName"], "");
            array(&tls["credentialNames"]).for_each(|name| add(name, ""));
            let mode = tls["mode"].as_str().unwrap_or_default();
            if mode.ends_with("MUTUAL") && mode != "ISTIO_MUTUAL" {
                add(&tls["credentialName"], CA_SUFFIX);
            }
        }
    } else {
        walk(&object["spec"], &mut |reference| {
            let (kind, group) = (&reference["kind"], &reference["group"]);
            let secret = (kind.is_null() || kind == "Secret") && (group.is_null() || group == "");
            if secret && let Some(name) = reference["name"].as_str() {
                found.push(Reference {
                    namespace: reference["namespace"]
                        .as_str()
                        .unwrap_or(&namespace)
                        .to_owned(),
                    selector: None,
                    name: name.to_owned(),
                    by: by.clone(),
                });
            }
        });
    }
    found
}

/// Beside a Secret with a server's certificate there may be one with what its clients are checked by.
pub(super) const CA_SUFFIX: &str = "-cacert";

/// Every reference to a certificate, wherever a listener or its options have it.
fn walk(value: &Value, each: &mut impl FnMut(&Value)) {
    match value {
        Value::Object(fields) => {
            for (key, value) in fields {
                match key.as_str() {
                    "certificateRefs" | "caCertificateRefs" => array(value).for_each(&mut *each),
                    "clientCertificateRef" => each(value),
                    _ => walk(value, each),
                }
            }
        }
        Value::Array(items) => items.iter().for_each(|item| walk(item, each)),
        _ => {}
    }
}

fn array(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}

/// A Deployment, `StatefulSet` or `DaemonSet`.
#[derive(Debug, Deserialize)]
pub(super) struct Controller {
    pub(super) metadata: Meta,
    pub(super) spec: Spec,
}

#[derive(Debug, Deserialize)]
pub(super) struct Spec {
    pub(super) template: Template,
}

#[derive(Debug, Deserialize)]
pub(super) struct Template {
    #[serde(default)]
    pub(super) metadata: Meta,
    #[serde(default)]
    pub(super) spec: PodSpec,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Meta {
    pub(super) name: String,
    pub(super) namespace: String,
    pub(super) labels: Option<Labels>,
    annotations: Option<BTreeMap<String, String>>,
}

impl Meta {
    fn has(&self, key: &str, value: Option<&str>) -> bool {
        let found = self.labels.as_ref().and_then(|l| l.get(key));
        found.is_some_and(|v| value.is_none_or(|value| v == value))
    }
}

impl Controller {
    fn has(&self, key: &str, value: Option<&str>) -> bool {
        self.metadata.has(key, value) || self.spec.template.metadata.has(key, value)
    }

    /// Made by istiod for a Gateway, injected as one, or installed by Istio as one.
    pub(super) fn is_gateway(&self) -> bool {
        let asks = self
            .spec
            .template
            .metadata
            .annotations
            .as_ref()
            .and_then(|a| a.get("inject.istio.io/templates"))
            .is_some_and(|t| t.split(',').any(|t| t.trim() == "gateway"));
        asks || self.has(label::GATEWAY_MANAGED, None)
            || self.has(label::GATEWAY_NAME, None)
            || self.has("operator.istio.io/component", Some("IngressGateways"))
            || self.has("operator.istio.io/component", Some("EgressGateways"))
    }

    /// istio-cni or ztunnel, by the labels of their charts.
    pub(super) fn is_agent(&self) -> bool {
        self.has("app", Some("ztunnel"))
            || self.has("k8s-app", Some("istio-cni-node"))
            || ["ztunnel", "istio-cni-node"].contains(&self.metadata.name.as_str())
    }
}

/// Of a pod's spec, what it takes from other objects.
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct PodSpec {
    service_account_name: Option<String>,
    image_pull_secrets: Option<Vec<Named>>,
    volumes: Option<Vec<Volume>>,
    containers: Option<Vec<Container>>,
    init_containers: Option<Vec<Container>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Named {
    name: String,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Volume {
    config_map: Option<Named>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Container {
    env: Option<Vec<Env>>,
    env_from: Option<Vec<EnvFrom>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Env {
    value_from: Option<ValueFrom>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct ValueFrom {
    config_map_key_ref: Option<Named>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct EnvFrom {
    config_map_ref: Option<Named>,
}

impl PodSpec {
    /// The ServiceAccount it runs as.
    pub(super) fn account(&self) -> String {
        let named = self.service_account_name.clone();
        named
            .filter(|n| !n.is_empty())
            .unwrap_or_else(|| "default".into())
    }

    /// Secrets that images are pulled with.
    pub(super) fn pulls(&self) -> Vec<String> {
        let named = self.image_pull_secrets.iter().flatten();
        named
            .map(|n| n.name.clone())
            .filter(|n| !n.is_empty())
            .collect()
    }

    /// `ConfigMaps` that it mounts or takes its environment from. Those that a projection puts together are written
    /// into every namespace by whoever owns them.
    pub(super) fn config_maps(&self) -> BTreeSet<String> {
        let volumes = self.volumes.iter().flatten();
        let mounted = volumes.filter_map(|v| v.config_map.as_ref());
        let containers = self.containers.iter().flatten();
        let containers: Vec<_> = containers
            .chain(self.init_containers.iter().flatten())
            .collect();
        let whole = containers
            .iter()
            .flat_map(|c| c.env_from.iter().flatten())
            .filter_map(|e| e.config_map_ref.as_ref());
        let keys = containers
            .iter()
            .flat_map(|c| c.env.iter().flatten())
            .filter_map(|e| e.value_from.as_ref()?.config_map_key_ref.as_ref());
        mounted
            .chain(whole)
            .chain(keys)
            .map(|n| n.name.clone())
            .filter(|n| !n.is_empty() && n != "istio-ca-root-cert")
            .collect()
    }
}
