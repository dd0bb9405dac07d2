//! A policy as it stands in a cluster, in a backup or in a file.

use std::fmt;

use jiff::Timestamp;
use mesh_common::{mesh::Owner, output::clean};
use serde_json::Value;

use crate::policy::AuthorizationPolicy;

/// A policy, and the object it was read from.
#[derive(Debug, Clone)]
pub(crate) struct Found {
    /// What it says.
    pub(crate) policy: AuthorizationPolicy,
    /// The object as served or as written.
    pub(crate) object: Value,
}

/// An object that is meant to be a policy and cannot be judged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Broken {
    pub(crate) namespace: String,
    pub(crate) name: String,
    /// One line.
    pub(crate) why: String,
}

impl fmt::Display for Broken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.why)
    }
}

impl Found {
    /// Reads an object.
    pub(crate) fn of(object: Value) -> Result<Self, Broken> {
        match AuthorizationPolicy::from_value(&object) {
            Ok(policy) => Ok(Self { policy, object }),
            Err(e) => {
                let text = |key: &str| {
                    let text = object["metadata"][key].as_str().unwrap_or_default();
                    clean(text, 253)
                };
                let mut why = e.to_string();
                if let Some(source) = std::error::Error::source(&e) {
                    why = format!("{why}: {source}");
                }
                Err(Broken {
                    namespace: text("namespace"),
                    name: text("name"),
                    why: clean(&why, 300),
                })
            }
        }
    }

    /// An annotation of it.
    pub(crate) fn annotation(&self, name: &str) -> Option<&str> {
        self.object["metadata"]["annotations"][name].as_str()
    }

    /// Its uid; empty in a file.
    pub(crate) fn uid(&self) -> &str {
        self.object["metadata"]["uid"].as_str().unwrap_or_default()
    }

    /// Its resourceVersion; empty in a file.
    pub(crate) fn resource_version(&self) -> &str {
        self.object["metadata"]["resourceVersion"]
            .as_str()
            .unwrap_or_default()
    }

    /// When it was made.
    pub(crate) fn created(&self) -> Option<Timestamp> {
        self.object["metadata"]["creationTimestamp"]
            .as_str()?
            .parse()
            .ok()
    }

    /// Who would write it back.
    pub(crate) fn owner(&self) -> Owner {
        Owner::of_object(&self.object)
    }

    /// As it is shown.
    pub(crate) fn name(&self) -> String {
        clean(
            &format!("{}/{}", self.policy.namespace, self.policy.name),
            300,
        )
    }
}

/// Those that can be judged, and those that cannot.
pub(super) fn all(objects: Vec<Value>) -> (Vec<Found>, Vec<Broken>) {
    let (mut found, mut broken) = (Vec::new(), Vec::new());
    for object in objects {
        match Found::of(object) {
            Ok(one) => found.push(one),
            Err(bad) => broken.push(bad),
        }
    }
    (found, broken)
}
