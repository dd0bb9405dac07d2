//! What an object of an archive is called.

use std::fmt;

use mesh_common::{mesh::archive::Object, output::clean};
use serde::Serialize;
use serde_json::Value;

/// Which object.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub(crate) struct Id {
    /// `pods`, `deployments.apps`.
    #[serde(rename = "resource")]
    pub(crate) what: String,
    /// Its namespace; none for kinds without one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) namespace: Option<String>,
    /// Its name.
    pub(crate) name: String,
    /// Its kind.
    pub(crate) kind: String,
}

impl Id {
    /// The object says itself what it is called; its path only says where it stands.
    pub(crate) fn of(entry: &Object<'_>, object: &Value) -> Self {
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let namespace = object["metadata"]["namespace"].as_str();
        Self {
            what: entry.what(),
            kind: text(&object["kind"]),
            namespace: namespace.filter(|n| !n.is_empty()).map(str::to_owned),
            name: text(&object["metadata"]["name"]),
        }
    }
}

impl fmt::Display for Id {
    /// As kubectl takes it: `deployments.apps/istiod -n istio-system`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", clean(&self.what, 200), clean(&self.name, 300))?;
        match &self.namespace {
            Some(namespace) => write!(f, " -n {}", clean(namespace, 200)),
            None => Ok(()),
        }
    }
}
