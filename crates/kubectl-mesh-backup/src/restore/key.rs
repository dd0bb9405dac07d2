//! What an object is called, where it is served, and whose kinds a restore knows.

use std::fmt;

use serde::Serialize;
use serde_json::Value;

/// Which object.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub(crate) struct Key {
    /// API group; empty for core.
    pub(crate) group: String,
    /// Kind.
    pub(crate) kind: String,
    /// Namespace, where it has one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) namespace: Option<String>,
    /// Name.
    pub(crate) name: String,
}

impl Key {
    /// What an object says of itself; none where that is no name. Names of an archive end in URLs.
    pub(crate) fn of(object: &Value) -> Option<Self> {
        let text = |value: &Value| value.as_str().map(str::to_owned);
        let (group, _) = api_of(object)?;
        let namespace = text(&object["metadata"]["namespace"]).filter(|n| !n.is_empty());
        let key = Self {
            group: group.to_owned(),
            kind: text(&object["kind"])?,
            name: text(&object["metadata"]["name"])?,
            namespace,
        };
        let named = is_name(&key.kind)
            && is_name(&key.name)
            && key.namespace.as_deref().is_none_or(is_name);
        named.then_some(key)
    }

    /// A key by its parts.
    pub(crate) fn new(group: &str, kind: &str, namespace: Option<&str>, name: &str) -> Self {
        Self {
            group: group.into(),
            kind: kind.into(),
            namespace: namespace.map(str::to_owned),
            name: name.into(),
        }
    }

    /// Whether it is of this kind of Kubernetes' own.
    pub(crate) fn is(&self, group: &str, kind: &str) -> bool {
        self.group == group && self.kind == kind
    }
}

impl fmt::Display for Key {
    /// As kubectl takes it: `deployment/istiod -n istio-system`, `gateway.networking.istio.io/edge -n edge`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kind = self.kind.to_lowercase();
        if is_mesh_group(&self.group) {
            write!(f, "{kind}.{}/{}", self.group, self.name)?;
        } else {
            write!(f, "{kind}/{}", self.name)?;
        }
        match &self.namespace {
            Some(ns) => write!(f, " -n {ns}"),
            None => Ok(()),
        }
    }
}

/// Group and version of an object; the group is empty for core.
pub(crate) fn api_of(object: &Value) -> Option<(&str, &str)> {
    let api = object["apiVersion"].as_str()?;
    Some(api.split_once('/').unwrap_or(("", api)))
}

/// What Kubernetes takes for a name of some kind: roles have colons, nothing has slashes.
fn is_name(text: &str) -> bool {
    (1..=253).contains(&text.len())
        && text != "."
        && text != ".."
        && text
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b"-._:".contains(&b))
}

/// A kind as it is served.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Api {
    pub(crate) group: String,
    /// Every version that is served, the preferred one first.
    pub(crate) versions: Vec<String>,
    pub(crate) resource: String,
    pub(crate) kind: String,
    pub(crate) namespaced: bool,
}

impl Api {
    /// The URL path of the list; of one namespace where one is given.
    pub(crate) fn collection(&self, version: &str, namespace: Option<&str>) -> String {
        let root = if self.group.is_empty() {
            format!("/api/{version}")
        } else {
            format!("/apis/{}/{version}", self.group)
        };
        match namespace {
            Some(ns) => format!("{root}/namespaces/{ns}/{}", self.resource),
            None => format!("{root}/{}", self.resource),
        }
    }

    /// The URL path of an object. Its names were looked at by [`Key::of`].
    pub(crate) fn path(&self, version: &str, key: &Key) -> String {
        let collection = self.collection(version, key.namespace.as_deref());
        format!("{collection}/{}", key.name.replace(':', "%3A"))
    }

    /// `pods`, `deployments.apps`.
    pub(crate) fn what(&self) -> String {
        if self.group.is_empty() {
            self.resource.clone()
        } else {
            format!("{}.{}", self.resource, self.group)
        }
    }

    /// The version that is asked for in lists.
    pub(crate) fn version(&self) -> &str {
        self.versions.first().map_or("v1", String::as_str)
    }

    /// The kind that a CRD makes.
    pub(crate) fn of_crd(crd: &Value) -> Option<Self> {
        let spec = &crd["spec"];
        let text = |value: &Value| value.as_str().map(str::to_owned);
        let mut versions: Vec<(bool, String)> = spec["versions"]
            .as_array()?
            .iter()
            .filter(|v| v["served"] == true)
            .filter_map(|v| Some((v["storage"] == true, text(&v["name"])?)))
            .collect();
        // The stored one first: nothing is lost by reading in it.
        versions.sort_by_key(|(storage, _)| !storage);
        Some(Self {
            group: text(&spec["group"])?,
            versions: versions.into_iter().map(|(_, name)| name).collect(),
            resource: text(&spec["names"]["plural"])?,
            kind: text(&spec["names"]["kind"])?,
            namespaced: spec["scope"] == "Namespaced",
        })
    }

    /// A kind of Kubernetes' own that a restore writes.
    pub(crate) fn builtin(group: &str, kind: &str) -> Option<Self> {
        BUILTIN
            .iter()
            .find(|(g, _, _, k, _)| *g == group && *k == kind)
            .map(|(group, version, resource, kind, namespaced)| Self {
                group: (*group).into(),
                versions: vec![(*version).into()],
                resource: (*resource).into(),
                kind: (*kind).into(),
                namespaced: *namespaced,
            })
    }
}

/// Group of webhook configurations.
pub(crate) const ADMISSION: &str = "admissionregistration.k8s.io";
/// Group of roles.
pub(crate) const RBAC: &str = "rbac.authorization.k8s.io";
/// Group of CRDs.
pub(crate) const EXTENSIONS: &str = "apiextensions.k8s.io";

/// Group, version, plural, kind, whether it has a namespace.
const BUILTIN: &[(&str, &str, &str, &str, bool)] = &[
    ("", "v1", "namespaces", "Namespace", false),
    ("", "v1", "services", "Service", true),
    ("", "v1", "configmaps", "ConfigMap", true),
    ("", "v1", "secrets", "Secret", true),
    ("", "v1", "serviceaccounts", "ServiceAccount", true),
    ("", "v1", "resourcequotas", "ResourceQuota", true),
    ("", "v1", "limitranges", "LimitRange", true),
    ("apps", "v1", "deployments", "Deployment", true),
    ("apps", "v1", "daemonsets", "DaemonSet", true),
    ("apps", "v1", "statefulsets", "StatefulSet", true),
    (
        "policy",
        "v1",
        "poddisruptionbudgets",
        "PodDisruptionBudget",
        true,
    ),
    (
        "autoscaling",
        "v2",
        "horizontalpodautoscalers",
        "HorizontalPodAutoscaler",
        true,
    ),
    (
        "networking.k8s.io",
        "v1",
        "networkpolicies",
        "NetworkPolicy",
        true,
    ),
    (RBAC, "v1", "roles", "Role", true),
    (RBAC, "v1", "rolebindings", "RoleBinding", true),
    (RBAC, "v1", "clusterroles", "ClusterRole", false),
    (
        RBAC,
        "v1",
        "clusterrolebindings",
        "ClusterRoleBinding",
        false,
    ),
    (
        EXTENSIONS,
        "v1",
        "customresourcedefinitions",
        "CustomResourceDefinition",
        false,
    ),
    (
        ADMISSION,
        "v1",
        "mutatingwebhookconfigurations",
        "MutatingWebhookConfiguration",
        false,
    ),
    (
        ADMISSION,
        "v1",
        "validatingwebhookconfigurations",
        "ValidatingWebhookConfiguration",
        false,
    ),
    (
        ADMISSION,
        "v1",
        "validatingadmissionpolicies",
        "ValidatingAdmissionPolicy",
        false,
    ),
    (
        ADMISSION,
        "v1",
        "validatingadmissionpolicybindings",
        "ValidatingAdmissionPolicyBinding",
        false,
    ),
];

/// Groups whose kinds are the mesh's.
pub(crate) fn is_mesh_group(group: &str) -> bool {
    group.ends_with(".istio.io")
        || matches!(
            group,
            "gateway.networking.k8s.io"
                | "inference.networking.k8s.io"
                | "inference.networking.x-k8s.io"
                | "gateway.networking.x-k8s.io"
                | "sailoperator.io"
        )
}

/// Labels and annotations of a namespace by which the mesh goes.
pub(crate) fn is_mesh_label(key: &str) -> bool {
    key == "istio-injection"
        || key.contains("istio.io/")
        || key.starts_with("gateway.networking.k8s.io/")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn names_of_an_archive_that_are_none_are_no_objects() {
        let object = |kind: &str, namespace: &str, name: &str| {
            json!({ "apiVersion": "security.istio.io/v1", "kind": kind,
                "metadata": { "name": name, "namespace": namespace } })
        };
        let good = Key::of(&object("AuthorizationPolicy", "payments", "deny")).unwrap();
        assert_eq!(
            good.to_string(),
            "authorizationpolicy.security.istio.io/deny -n payments"
        );
        for (kind, namespace, name) in [
            ("A/B", "payments", "deny"),
            ("A", "pay/ments", "deny"),
            ("A", "payments", "../secrets/x"),
            ("A", "payments", ".."),
            ("A", "payments", "a?b=c"),
            ("A", "payments", "a%2fb"),
            ("A", "payments", ""),
        ] {
            assert_eq!(Key::of(&object(kind, namespace, name)), None, "{name}");
        }
    }

    #[test]
    fn a_crd_says_where_its_kind_is() {
        let crd = json!({ "spec": {
            "group": "networking.istio.io", "scope": "Namespaced",
            "names": { "plural": "sidecars", "kind": "Sidecar" },
            "versions": [
                { "name": "v1alpha3", "served": true, "storage": false },
                { "name": "v1", "served": true, "storage": true },
                { "name": "v0", "served": false, "storage": false },
            ],
        }});
        let api = Api::of_crd(&crd).unwrap();
        assert_eq!(api.versions, ["v1", "v1alpha3"]);
        let key = Key::new("networking.istio.io", "Sidecar", Some("a"), "b:c");
        assert_eq!(
            api.path("v1", &key),
            "/apis/networking.istio.io/v1/namespaces/a/sidecars/b%3Ac"
        );
    }
}
