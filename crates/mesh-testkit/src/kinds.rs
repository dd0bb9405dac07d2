//! The kinds the fixture handles: how the API spells them in a path, and where etcd keeps them.

use serde_json::Value;

use crate::Result;

/// One kind: apiVersion, plural, scope, and its directory under `/registry/`.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Kind {
    pub(crate) name: &'static str,
    pub(crate) api_version: &'static str,
    pub(crate) plural: &'static str,
    pub(crate) namespaced: bool,
    /// Differs from the plural for custom resources and for some of the oldest kinds
    /// (kubernetes `pkg/registry/core/rest/storage_core.go`).
    stored: Option<&'static str>,
}

const fn kind(
    name: &'static str,
    api_version: &'static str,
    plural: &'static str,
    namespaced: bool,
    stored: Option<&'static str>,
) -> Kind {
    Kind {
        name,
        api_version,
        plural,
        namespaced,
        stored,
    }
}

const KINDS: &[Kind] = &[
    kind("Namespace", "v1", "namespaces", false, None),
    kind("Node", "v1", "nodes", false, Some("minions")),
    kind("Pod", "v1", "pods", true, None),
    kind("ServiceAccount", "v1", "serviceaccounts", true, None),
    kind("ConfigMap", "v1", "configmaps", true, None),
    kind("Secret", "v1", "secrets", true, None),
    kind("Service", "v1", "services", true, Some("services/specs")),
    kind(
        "IPAddress",
        "networking.k8s.io/v1",
        "ipaddresses",
        false,
        None,
    ),
    kind("Event", "v1", "events", true, None),
    kind(
        "EndpointSlice",
        "discovery.k8s.io/v1",
        "endpointslices",
        true,
        None,
    ),
    kind("Deployment", "apps/v1", "deployments", true, None),
    kind("ReplicaSet", "apps/v1", "replicasets", true, None),
    kind("StatefulSet", "apps/v1", "statefulsets", true, None),
    kind("DaemonSet", "apps/v1", "daemonsets", true, None),
    kind(
        "ControllerRevision",
        "apps/v1",
        "controllerrevisions",
        true,
        None,
    ),
    kind("Job", "batch/v1", "jobs", true, None),
    kind("CronJob", "batch/v1", "cronjobs", true, None),
    kind(
        "PodDisruptionBudget",
        "policy/v1",
        "poddisruptionbudgets",
        true,
        None,
    ),
    kind(
        "HorizontalPodAutoscaler",
        "autoscaling/v2",
        "horizontalpodautoscalers",
        true,
        None,
    ),
    kind("Lease", "coordination.k8s.io/v1", "leases", true, None),
    kind("LimitRange", "v1", "limitranges", true, None),
    kind("ResourceQuota", "v1", "resourcequotas", true, None),
    kind(
        "NetworkPolicy",
        "networking.k8s.io/v1",
        "networkpolicies",
        true,
        None,
    ),
    kind(
        "ValidatingAdmissionPolicy",
        "admissionregistration.k8s.io/v1",
        "validatingadmissionpolicies",
        false,
        None,
    ),
    kind(
        "ValidatingAdmissionPolicyBinding",
        "admissionregistration.k8s.io/v1",
        "validatingadmissionpolicybindings",
        false,
        None,
    ),
    kind(
        "ClusterRole",
        "rbac.authorization.k8s.io/v1",
        "clusterroles",
        false,
        None,
    ),
    kind(
        "ClusterRoleBinding",
        "rbac.authorization.k8s.io/v1",
        "clusterrolebindings",
        false,
        None,
    ),
    kind("Role", "rbac.authorization.k8s.io/v1", "roles", true, None),
    kind(
        "RoleBinding",
        "rbac.authorization.k8s.io/v1",
        "rolebindings",
        true,
        None,
    ),
    kind(
        "MutatingWebhookConfiguration",
        "admissionregistration.k8s.io/v1",
        "mutatingwebhookconfigurations",
        false,
        None,
    ),
    kind(
        "ValidatingWebhookConfiguration",
        "admissionregistration.k8s.io/v1",
        "validatingwebhookconfigurations",
        false,
        None,
    ),
    kind(
        "APIService",
        "apiregistration.k8s.io/v1",
        "apiservices",
        false,
        Some("apiregistration.k8s.io/apiservices"),
    ),
    kind(
        "CustomResourceDefinition",
        "apiextensions.k8s.io/v1",
        "customresourcedefinitions",
        false,
        Some("apiextensions.k8s.io/customresourcedefinitions"),
    ),
    crd("Gateway", "gateway.networking.k8s.io/v1", "gateways", true),
    crd(
        "GatewayClass",
        "gateway.networking.k8s.io/v1",
        "gatewayclasses",
        false,
    ),
    crd(
        "HTTPRoute",
        "gateway.networking.k8s.io/v1",
        "httproutes",
        true,
    ),
    crd(
        "GRPCRoute",
        "gateway.networking.k8s.io/v1",
        "grpcroutes",
        true,
    ),
    crd(
        "ReferenceGrant",
        "gateway.networking.k8s.io/v1beta1",
        "referencegrants",
        true,
    ),
    crd("Gateway", "networking.istio.io/v1", "gateways", true),
    crd(
        "VirtualService",
        "networking.istio.io/v1",
        "virtualservices",
        true,
    ),
    crd(
        "DestinationRule",
        "networking.istio.io/v1",
        "destinationrules",
        true,
    ),
    crd(
        "ServiceEntry",
        "networking.istio.io/v1",
        "serviceentries",
        true,
    ),
    crd("Sidecar", "networking.istio.io/v1", "sidecars", true),
    crd(
        "WorkloadEntry",
        "networking.istio.io/v1",
        "workloadentries",
        true,
    ),
    crd(
        "WorkloadGroup",
        "networking.istio.io/v1",
        "workloadgroups",
        true,
    ),
    crd(
        "EnvoyFilter",
        "networking.istio.io/v1alpha3",
        "envoyfilters",
        true,
    ),
    crd(
        "ProxyConfig",
        "networking.istio.io/v1beta1",
        "proxyconfigs",
        true,
    ),
    crd(
        "AuthorizationPolicy",
        "security.istio.io/v1",
        "authorizationpolicies",
        true,
    ),
    crd(
        "PeerAuthentication",
        "security.istio.io/v1",
        "peerauthentications",
        true,
    ),
    crd(
        "RequestAuthentication",
        "security.istio.io/v1",
        "requestauthentications",
        true,
    ),
    crd("Telemetry", "telemetry.istio.io/v1", "telemetries", true),
    crd(
        "WasmPlugin",
        "extensions.istio.io/v1alpha1",
        "wasmplugins",
        true,
    ),
    crd("Stage", "kwok.x-k8s.io/v1alpha1", "stages", false),
    crd(
        "PortForward",
        "kwok.x-k8s.io/v1alpha1",
        "portforwards",
        true,
    ),
    crd(
        "ClusterPortForward",
        "kwok.x-k8s.io/v1alpha1",
        "clusterportforwards",
        false,
    ),
    crd("Logs", "kwok.x-k8s.io/v1alpha1", "logs", true),
    crd(
        "ClusterLogs",
        "kwok.x-k8s.io/v1alpha1",
        "clusterlogs",
        false,
    ),
    crd("Exec", "kwok.x-k8s.io/v1alpha1", "execs", true),
    crd(
        "ClusterExec",
        "kwok.x-k8s.io/v1alpha1",
        "clusterexecs",
        false,
    ),
];

/// A custom resource: stored under its group, whatever the version.
const fn crd(
    kind_: &'static str,
    api_version: &'static str,
    plural: &'static str,
    namespaced: bool,
) -> Kind {
    kind(kind_, api_version, plural, namespaced, Some(""))
}

impl Kind {
    /// A kind by name (`Pod`), or by name and group where two share one (`Gateway.networking.istio.io`).
    /// A bare `Gateway` is the Gateway API's.
    pub(crate) fn find(name: &str) -> Result<Self> {
        let (kind, group) = name
            .split_once('.')
            .map_or((name, None), |(k, g)| (k, Some(g)));
        KINDS
            .iter()
            .find(|k| k.name == kind && group.is_none_or(|g| g == k.group()))
            .copied()
            .ok_or_else(|| format!("the fixture knows no kind {name}").into())
    }

    /// The kind of this object; any version of the group will do.
    pub(crate) fn of(object: &Value) -> Result<Self> {
        let kind = object["kind"].as_str().unwrap_or_default();
        let api_version = object["apiVersion"].as_str().unwrap_or_default();
        let group = api_version.rsplit_once('/').map_or("", |(g, _)| g);
        KINDS
            .iter()
            .find(|k| k.name == kind && k.group() == group)
            .copied()
            .ok_or_else(|| format!("the fixture knows no kind {kind} of {api_version}").into())
    }

    fn group(&self) -> &'static str {
        self.api_version.rsplit_once('/').map_or("", |(g, _)| g)
    }

    /// The path in the API: of one object, or of the collection.
    pub(crate) fn path(&self, namespace: &str, name: Option<&str>) -> String {
        let root = if self.group().is_empty() {
            "/api"
        } else {
            "/apis"
        };
        let mut path = format!("{root}/{}", self.api_version);
        if self.namespaced && !namespace.is_empty() {
            path = format!("{path}/namespaces/{namespace}");
        }
        path = format!("{path}/{}", self.plural);
        if let Some(name) = name {
            path = format!("{path}/{name}");
        }
        path
    }

    /// The key in etcd.
    pub(crate) fn key(&self, namespace: &str, name: &str) -> String {
        let dir = match self.stored {
            None => self.plural.to_owned(),
            Some("") => format!("{}/{}", self.group(), self.plural),
            Some(dir) => dir.to_owned(),
        };
        if self.namespaced {
            format!("/registry/{dir}/{namespace}/{name}")
        } else {
            format!("/registry/{dir}/{name}")
        }
    }
}

/// Namespace and name of an object.
pub(crate) fn names(object: &Value) -> (&str, &str) {
    let meta = &object["metadata"];
    (
        meta["namespace"].as_str().unwrap_or_default(),
        meta["name"].as_str().unwrap_or_default(),
    )
}
