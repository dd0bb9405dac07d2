//! What a caller read of the mesh, in the shape the rules look at.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// Where in a mesh something was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Place {
    /// Environment of istiod's container, or `pilot.env` of Helm values: a map of names to strings.
    Env,
    /// Arguments of istiod's container: an array of strings.
    Args,
    /// Values as the user gave them, chart defaults left out: of a Helm release, or `spec.values`
    /// of an `IstioOperator`. [`Document::kind`] is the chart (`base`, `istiod`, `cni`, `ztunnel`,
    /// `gateway`) or `IstioOperator`.
    Values,
    /// `spec` of an `IstioOperator`.
    Operator,
    /// The mesh config, as in the key `mesh` of the `ConfigMap`, or `meshConfig` of Helm values.
    MeshConfig,
    /// A proxy config: `defaultConfig` of the mesh config, or the annotation
    /// `proxy.istio.io/config` of an object.
    ProxyConfig,
    /// A whole object.
    Resource,
    /// Annotations of an object, or of a pod template: a map of keys to strings.
    Annotation,
    /// Labels of an object, or of a pod template: a map of keys to strings.
    Label,
}

impl Place {
    /// Whether documents are flat maps whose keys may contain dots.
    pub(super) fn flat(self) -> bool {
        matches!(self, Self::Env | Self::Annotation | Self::Label)
    }

    /// Whether an empty string counts as something. An annotation is there with any value.
    pub(super) fn keeps_empty(self) -> bool {
        matches!(self, Self::Annotation | Self::Label)
    }
}

/// One thing that was read.
#[derive(Debug, Clone, Copy)]
pub struct Document<'a> {
    /// Where it was read.
    pub place: Place,
    /// Kubernetes kind of the object it is part of; for [`Place::Values`] the chart.
    pub kind: &'a str,
    /// The object as kubectl takes it, `deployment/istiod-1-26-1 -n istio-system`.
    pub object: &'a str,
    /// What was read.
    pub value: &'a Value,
}

/// What a mesh is set to, for rules that matter only under some setting.
#[derive(Debug, Default, Clone)]
pub struct Context {
    /// Environment of each istiod.
    pub env: Vec<BTreeMap<String, String>>,
    /// Mesh config of each istiod.
    pub mesh: Vec<Value>,
}
