//! What of an archive is brought back, and in which order.

use mesh_common::mesh::archive;
use serde::Serialize;
use serde_json::Value;

use super::key::{ADMISSION, EXTENSIONS, Key, RBAC, is_mesh_group};

/// The steps of a restore, in their order. Each is done before the next begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) enum Phase {
    /// Nothing of Istio can be written before its kinds are there.
    Crds,
    /// Namespaces and their labels.
    Namespaces,
    /// Roles and service accounts.
    Access,
    /// What workloads read, are reached and limited by.
    Config,
    /// istiod, CNI, ztunnel, gateways.
    Workloads,
    /// Who may talk to whom, before anything is routed.
    Security,
    /// What routes point to.
    Destinations,
    /// Gateways and routes.
    Routes,
    /// Every other kind of the mesh.
    Rest,
    /// Last: from here on new pods are changed, and writes are judged.
    Webhooks,
}

impl Phase {
    /// All of them, in their order.
    pub(crate) const ALL: [Self; 10] = [
        Self::Crds,
        Self::Namespaces,
        Self::Access,
        Self::Config,
        Self::Workloads,
        Self::Security,
        Self::Destinations,
        Self::Routes,
        Self::Rest,
        Self::Webhooks,
    ];

    /// For a progress line.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Crds => "CRDs",
            Self::Namespaces => "namespaces",
            Self::Access => "roles and service accounts",
            Self::Config => "configuration",
            Self::Workloads => "workloads",
            Self::Security => "policies",
            Self::Destinations => "destinations",
            Self::Routes => "gateways and routes",
            Self::Rest => "other resources of the mesh",
            Self::Webhooks => "webhooks",
        }
    }

    /// The step of a kind.
    pub(crate) fn of(key: &Key) -> Option<Self> {
        if key.group == EXTENSIONS {
            return Some(Self::Crds);
        }
        if is_mesh_group(&key.group) {
            return Some(match key.kind.as_str() {
                "RequestAuthentication" | "PeerAuthentication" | "AuthorizationPolicy" => {
                    Self::Security
                }
                "GatewayClass" | "ServiceEntry" | "WorkloadEntry" | "WorkloadGroup"
                | "DestinationRule" | "ReferenceGrant" | "InferencePool" | "BackendTLSPolicy" => {
                    Self::Destinations
                }
                kind if kind == "Gateway"
                    || kind == "VirtualService"
                    || kind.ends_with("Route") =>
                {
                    Self::Routes
                }
                _ => Self::Rest,
            });
        }
        Some(match (key.group.as_str(), key.kind.as_str()) {
            ("", "Namespace") => Self::Namespaces,
            ("", "ServiceAccount") | (RBAC, _) => Self::Access,
            ("apps", _) => Self::Workloads,
            (ADMISSION, _) => Self::Webhooks,
            ("", "Service" | "ConfigMap" | "Secret" | "ResourceQuota" | "LimitRange")
            | ("policy", "PodDisruptionBudget")
            | ("autoscaling", "HorizontalPodAutoscaler")
            | ("networking.k8s.io", "NetworkPolicy") => Self::Config,
            _ => return None,
        })
    }
}

/// What is typed and known before an object is looked at.
#[derive(Debug, Clone, Default)]
pub(crate) struct Bounds {
    /// Where istiod lives, by the archive.
    pub(crate) istio_namespace: String,
    /// Namespaces with a workload of the mesh in them, the Istio namespace among them.
    pub(crate) mesh_namespaces: std::collections::BTreeSet<String>,
    /// `--istiod`.
    pub(crate) istiod: bool,
    /// `--include-secrets`.
    pub(crate) secrets: bool,
}

/// Which step brings an object back, or why none does.
pub(crate) fn place(key: &Key, object: &Value, bounds: &Bounds) -> Result<Phase, &'static str> {
    if let Some(why) = never(key) {
        return Err(why);
    }
    if key.is("", "Secret") {
        if let Some(why) = never_of_secrets(key, object) {
            return Err(why);
        }
        if !bounds.secrets {
            return Err("Secrets: only with --include-secrets");
        }
    }
    let phase = Phase::of(key).ok_or("a kind that no restore writes")?;
    let labels = &object["metadata"]["labels"];
    let by_gateway = owners(object).any(|o| o["kind"] == "Gateway")
        || labels["gateway.istio.io/managed"].is_string();
    if by_gateway && !is_mesh_group(&key.group) {
        return Err("istiod makes it from its Gateway");
    }
    let in_mesh = || {
        key.namespace
            .as_ref()
            .is_some_and(|ns| bounds.mesh_namespaces.contains(ns))
    };
    match phase {
        Phase::Crds if !object["spec"]["group"].as_str().is_some_and(is_mesh_group) => {
            Err("not the mesh's")
        }
        Phase::Webhooks if !is_mesh_webhook(object, &bounds.istio_namespace) => {
            Err("not the mesh's")
        }
        Phase::Workloads if !is_mesh_workload(key, object, &bounds.istio_namespace) => {
            Err("an application's: in the archive for rehearsals")
        }
        Phase::Workloads if !bounds.istiod => Err("istiod and other workloads: only with --istiod"),
        Phase::Config
            if matches!(
                key.kind.as_str(),
                "PodDisruptionBudget" | "HorizontalPodAutoscaler"
            ) && !in_mesh() =>
        {
            Err("an application's: in the archive for rehearsals")
        }
        _ => Ok(phase),
    }
}

/// Kinds and names that are never brought back.
fn never(key: &Key) -> Option<&'static str> {
    match (key.group.as_str(), key.kind.as_str(), key.name.as_str()) {
        (archive::OWN_GROUP, _, _) => {
            Some("no objects: what is known of Secrets and Helm releases")
        }
        ("", "Pod" | "Event" | "Endpoints", _)
        | ("apps", "ReplicaSet" | "ControllerRevision", _)
        | ("discovery.k8s.io" | "coordination.k8s.io" | "events.k8s.io", _, _)
        | ("batch", "Job", _) => Some("never restored: the cluster makes these anew"),
        ("", "Node" | "PersistentVolume" | "PersistentVolumeClaim", _)
        | ("", "ConfigMap", "kube-root-ca.crt")
        | ("", "ServiceAccount", "default") => Some("never restored: the cluster's own"),
        ("", "ConfigMap", name) if name.starts_with("kubectl-mesh-op-") => {
            Some("never restored: records of earlier operations")
        }
        // Leases of older istiods, kept in ConfigMaps.
        ("", "ConfigMap", name)
            if name == "istio-leader"
                || name.ends_with("-leader")
                || name.ends_with("-election") =>
        {
            Some("never restored: the cluster makes these anew")
        }
        (RBAC, _, name) if name.starts_with("system:") => Some("never restored: the cluster's own"),
        ("batch", "CronJob", _) => Some("an application's: in the archive for rehearsals"),
        _ => None,
    }
}

/// Secrets that somebody makes anew, and that would be wrong as they were.
fn never_of_secrets(key: &Key, object: &Value) -> Option<&'static str> {
    match object["type"].as_str().unwrap_or_default() {
        "kubernetes.io/service-account-token" | "bootstrap.kubernetes.io/token" => {
            Some("never restored: the cluster makes these anew")
        }
        "helm.sh/release.v1" => Some("never restored: Helm's own records"),
        _ if key.name.starts_with("sh.helm.release.") => Some("never restored: Helm's own records"),
        _ => None,
    }
}

/// Whether a key is that of the CA that istiod signs with.
pub(crate) fn is_ca(key: &Key, istio_namespace: &str) -> bool {
    key.is("", "Secret")
        && key.namespace.as_deref() == Some(istio_namespace)
        && matches!(key.name.as_str(), "cacerts" | "istio-ca-secret")
}

/// The references of an object to its owners.
pub(crate) fn owners(object: &Value) -> impl Iterator<Item = &Value> {
    object["metadata"]["ownerReferences"]
        .as_array()
        .into_iter()
        .flatten()
}

/// istiod, its gateways, CNI, ztunnel, and whatever else runs beside istiod.
pub(crate) fn is_mesh_workload(key: &Key, object: &Value, istio_namespace: &str) -> bool {
    let labels = &object["metadata"]["labels"];
    let template = &object["spec"]["template"]["metadata"];
    let is = |of: &Value, label: &str, value: &str| of[label] == value;
    key.namespace.as_deref() == Some(istio_namespace)
        || [labels, &template["labels"]].into_iter().any(|l| {
            is(l, "app", "istiod")
                || is(l, "app", "ztunnel")
                || is(l, "k8s-app", "istio-cni-node")
                || l["istio"].as_str().is_some_and(|v| v.ends_with("gateway"))
        })
        || template["annotations"]["inject.istio.io/templates"]
            .as_str()
            .is_some_and(|t| t.contains("gateway"))
}

/// Whether an admission object is Istio's: by its label, or because it calls a Service beside istiod.
fn is_mesh_webhook(object: &Value, istio_namespace: &str) -> bool {
    let labels = &object["metadata"]["labels"];
    let name = object["metadata"]["name"].as_str().unwrap_or_default();
    labels["istio.io/rev"].is_string()
        || labels["istio.io/tag"].is_string()
        || labels["app"] == "istiod"
        || labels["app"] == "sidecar-injector"
        || object["webhooks"]
            .as_array()
            .into_iter()
            .flatten()
            .any(|w| w["clientConfig"]["service"]["namespace"] == istio_namespace)
        || (object["webhooks"].is_null()
            && (name.contains("istio") || name.contains("gateway-api")))
}

#[cfg(test)]
mod tests;
