//! The lists a mesh is made from: where each is served and what reads it.

/// How much of a kind is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    /// The kind has no namespace.
    Cluster,
    /// Objects of all namespaces.
    All,
    /// Objects of the Istio namespace only.
    IstioNamespace,
}

/// Where a list is served.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Api {
    /// API group; empty for core.
    pub group: &'static str,
    /// Versions this projection reads, the best first. All have the fields we use in the same place.
    pub versions: &'static [&'static str],
    /// Plural resource name.
    pub resource: &'static str,
    /// Kind.
    pub kind: &'static str,
    /// How much of it is read.
    pub scope: Scope,
}

impl Api {
    /// The URL path of the list in this version; of one namespace where one is given.
    pub fn path(&self, version: &str, namespace: Option<&str>) -> String {
        list_path(self.group, version, self.resource, namespace)
    }

    /// The name kubectl and RBAC messages use: `pods`, `deployments.apps`.
    pub fn name(&self) -> String {
        dotted(self.group, self.resource)
    }
}

/// The URL path of a list; of one namespace where one is given.
pub(crate) fn list_path(
    group: &str,
    version: &str,
    resource: &str,
    namespace: Option<&str>,
) -> String {
    let root = if group.is_empty() {
        format!("/api/{version}")
    } else {
        format!("/apis/{group}/{version}")
    };
    match namespace {
        Some(namespace) => format!("{root}/namespaces/{namespace}/{resource}"),
        None => format!("{root}/{resource}"),
    }
}

/// `pods`, `deployments.apps`.
pub(crate) fn dotted(group: &str, resource: &str) -> String {
    if group.is_empty() {
        resource.to_owned()
    } else {
        format!("{resource}.{group}")
    }
}

macro_rules! lists {
    ($($(#[$doc:meta])* $name:ident: $group:literal $versions:expr, $resource:literal, $kind:literal, $scope:ident;)*) => {
        /// A list that the mesh is made from.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum List {
            $($(#[$doc])* $name,)*
        }

        impl List {
            /// All of them, in the order in which an archive holds them.
            pub const EVERY: &'static [Self] = &[$(Self::$name,)*];

            /// Where it is served.
            pub fn api(self) -> &'static Api {
                match self {
                    $(Self::$name => &Api {
                        group: $group,
                        versions: &$versions,
                        resource: $resource,
                        kind: $kind,
                        scope: Scope::$scope,
                    },)*
                }
            }
        }
    };
}

lists! {
    /// Namespaces.
    Namespaces: "" ["v1"], "namespaces", "Namespace", Cluster;
    /// Nodes.
    Nodes: "" ["v1"], "nodes", "Node", Cluster;
    /// Mutating webhooks.
    MutatingWebhooks: "admissionregistration.k8s.io" ["v1"], "mutatingwebhookconfigurations", "MutatingWebhookConfiguration", Cluster;
    /// Validating webhooks.
    ValidatingWebhooks: "admissionregistration.k8s.io" ["v1"], "validatingwebhookconfigurations", "ValidatingWebhookConfiguration", Cluster;
    /// CRDs.
    Crds: "apiextensions.k8s.io" ["v1"], "customresourcedefinitions", "CustomResourceDefinition", Cluster;
    /// Services of the Istio namespace.
    Services: "" ["v1"], "services", "Service", IstioNamespace;
    /// Endpoints of the Istio namespace's Services.
    EndpointSlices: "discovery.k8s.io" ["v1"], "endpointslices", "EndpointSlice", IstioNamespace;
    /// `ConfigMaps` of the Istio namespace.
    ConfigMaps: "" ["v1"], "configmaps", "ConfigMap", IstioNamespace;
    /// `ReplicaSets` of the Istio namespace.
    ReplicaSets: "apps" ["v1"], "replicasets", "ReplicaSet", IstioNamespace;
    /// Autoscalers of the Istio namespace.
    Hpas: "autoscaling" ["v2"], "horizontalpodautoscalers", "HorizontalPodAutoscaler", IstioNamespace;
    /// Deployments.
    Deployments: "apps" ["v1"], "deployments", "Deployment", All;
    /// `StatefulSets`.
    StatefulSets: "apps" ["v1"], "statefulsets", "StatefulSet", All;
    /// `DaemonSets`.
    DaemonSets: "apps" ["v1"], "daemonsets", "DaemonSet", All;
    /// `CronJobs`.
    CronJobs: "batch" ["v1"], "cronjobs", "CronJob", All;
    /// Jobs.
    Jobs: "batch" ["v1"], "jobs", "Job", All;
    /// `PodDisruptionBudgets`.
    Pdbs: "policy" ["v1"], "poddisruptionbudgets", "PodDisruptionBudget", All;
    /// Pods.
    Pods: "" ["v1"], "pods", "Pod", All;
    /// Gateway API gateway classes.
    GatewayClasses: "gateway.networking.k8s.io" ["v1", "v1beta1"], "gatewayclasses", "GatewayClass", Cluster;
    /// Gateway API gateways.
    Gateways: "gateway.networking.k8s.io" ["v1", "v1beta1"], "gateways", "Gateway", All;
    /// Telemetries.
    Telemetries: "telemetry.istio.io" ["v1", "v1alpha1"], "telemetries", "Telemetry", All;
    /// Authorization policies.
    AuthorizationPolicies: "security.istio.io" ["v1", "v1beta1"], "authorizationpolicies", "AuthorizationPolicy", All;
}

impl List {
    /// The list an object of this group and kind belongs to.
    pub fn of_kind(api_version: &str, kind: &str) -> Option<Self> {
        let group = group_of(api_version);
        Self::EVERY
            .iter()
            .copied()
            .find(|l| l.api().group == group && l.api().kind == kind)
    }

    /// The list of this group and plural resource.
    pub fn of_resource(group: &str, resource: &str) -> Option<Self> {
        Self::EVERY
            .iter()
            .copied()
            .find(|l| l.api().group == group && l.api().resource == resource)
    }
}

/// The group of an `apiVersion`; empty for core.
pub(crate) fn group_of(api_version: &str) -> &str {
    api_version.split_once('/').map_or("", |(group, _)| group)
}
