//! What is to be done with one object of an archive: pure.

use std::collections::BTreeSet;

use mesh_common::{mesh::Owner, output::clean};
use serde::Serialize;
use serde_json::Value;

use super::{
    key::{Api, EXTENSIONS, Key, api_of},
    managers::{self, Step},
    object::{Made, World, comparable, differing, make},
    schema,
};

/// Paths that are named where many differ.
const NAMED: usize = 20;

/// What is to be done with an object.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase", tag = "verdict")]
pub(crate) enum Verdict {
    /// It is not there.
    Create,
    /// It is there, and differs.
    #[serde(rename_all = "camelCase")]
    Change {
        /// Where.
        fields: Vec<String>,
    },
    /// It is there as it was.
    Same,
    /// Somebody owns it, and would write it back.
    #[serde(rename_all = "camelCase")]
    Owned {
        /// `Helm istiod`.
        by: String,
    },
    /// Somebody else set fields since.
    #[serde(rename_all = "camelCase")]
    Conflict {
        /// Field managers.
        managers: Vec<String>,
        /// What they set.
        fields: Vec<String>,
    },
    /// It cannot be brought back.
    #[serde(rename_all = "camelCase")]
    Impossible {
        /// Why.
        why: String,
    },
}

impl Verdict {
    /// Whether it is written.
    pub(crate) fn writes(&self) -> bool {
        matches!(self, Self::Create | Self::Change { .. })
    }
}

/// What was typed that one object needs to know.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Wishes {
    /// `--crds`.
    pub(crate) crds: bool,
    /// `--force-conflicts`.
    pub(crate) force: bool,
}

/// A verdict, and the object where one is written.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Judged {
    pub(crate) verdict: Verdict,
    pub(crate) planned: Option<Value>,
    pub(crate) notes: Vec<String>,
}

impl Judged {
    fn not(verdict: Verdict) -> Self {
        Self {
            verdict,
            planned: None,
            notes: Vec::new(),
        }
    }

    fn impossible(why: impl Into<String>) -> Self {
        Self::not(Verdict::Impossible { why: why.into() })
    }
}

/// Judges one object. `api` is where its kind is served once the CRDs are there.
pub(crate) fn judge(
    key: &Key,
    archived: &Value,
    live: Option<&Value>,
    api: Option<&Api>,
    world: &World,
    wishes: Wishes,
) -> Judged {
    let Some(api) = api else {
        return Judged::impossible("its CRD is neither here nor in the archive");
    };
    let version = api_of(archived).map(|(_, v)| v).unwrap_or_default();
    if !api.versions.iter().any(|v| v == version) {
        return Judged::impossible(format!(
            "version {version} is not served here: {} is served in {}",
            api.what(),
            api.versions.join(", ")
        ));
    }
    if api.namespaced != key.namespace.is_some() {
        return Judged::impossible("the kind here is of another scope");
    }
    if let Some(live) = live.filter(|_| key.group == EXTENSIONS && !wishes.crds) {
        let (there, then) = (comparable(key, live), comparable(key, archived));
        let differs = there["spec"] != then["spec"];
        return Judged {
            verdict: Verdict::Same,
            planned: None,
            notes: differs
                .then(|| "differs, and stays; --crds would replace it".to_owned())
                .into_iter()
                .collect(),
        };
    }
    let crd = world.crds.get(&(key.group.clone(), key.kind.clone()));
    if let Some(schema) = crd.and_then(|crd| schema::of(crd, version)) {
        let lost = schema::unknown(schema, archived);
        if !lost.is_empty() {
            return Judged::impossible(format!("the CRD here does not know {}", lost.join(", ")));
        }
    }
    if key.is("", "Secret") && !archived["stringData"].is_null() {
        return Judged::impossible("it has stringData, which no API server stores");
    }
    let Made { object, mut notes } = make(key, archived, live, world);
    let seals = object["immutable"] == true && live.is_some_and(|l| l["immutable"] != true);
    if seals {
        notes.push("becomes immutable: nothing can change it back in place".into());
    }
    let Some(live) = live else {
        if let Some(by) = kept_by(key, archived) {
            notes.push(format!("was {by}'s, which does not know of this"));
        }
        return Judged {
            verdict: Verdict::Create,
            planned: Some(object),
            notes,
        };
    };
    if !live["metadata"]["deletionTimestamp"].is_null() {
        return Judged::impossible("it is being deleted here");
    }
    let (want, have) = (comparable(key, &object), comparable(key, live));
    let differing = differing(&want, &have);
    if differing.is_empty() {
        return Judged {
            verdict: Verdict::Same,
            planned: None,
            notes: Vec::new(),
        };
    }
    // Of a namespace only labels are written, and those by whoever moves namespaces.
    if let Some(by) = kept_by(key, live).filter(|_| key.kind != "Namespace") {
        return Judged::not(Verdict::Owned { by });
    }
    let fields = || {
        differing
            .iter()
            .map(|(path, _)| path.clone())
            .take(NAMED)
            .collect::<Vec<_>>()
    };
    if let Some(field) = immutable(key, live, differing.iter().map(|(path, _)| path.as_str())) {
        return Judged::impossible(format!(
            "{field} cannot be changed in place: delete it here first, if it is meant to be as it was"
        ));
    }
    let (others, mut theirs) = set_by_others(live, archived, &differing);
    if !theirs.is_empty() && key.kind != "Namespace" {
        theirs.truncate(NAMED);
        if !wishes.force {
            return Judged::not(Verdict::Conflict {
                managers: others,
                fields: theirs,
            });
        }
        notes.push(format!(
            "writes over {}, set by {}",
            theirs.join(", "),
            others.join(", ")
        ));
    }
    Judged {
        verdict: Verdict::Change { fields: fields() },
        planned: Some(object),
        notes,
    }
}

/// Who set differing fields since, and which.
fn set_by_others(
    live: &Value,
    archived: &Value,
    differing: &[(String, Vec<Step<'_>>)],
) -> (Vec<String>, Vec<String>) {
    let mut others = BTreeSet::new();
    let mut theirs = Vec::new();
    for (path, steps) in differing {
        let who = managers::others(live, archived, steps);
        if !who.is_empty() {
            theirs.push(path.clone());
            others.extend(who);
        }
    }
    (others.into_iter().collect(), theirs)
}

/// Who would write an object back. Of Secrets that is also whoever issues certificates, or fetches values from elsewhere:
/// each names itself as controller, and cert-manager in an annotation alone.
fn kept_by(key: &Key, object: &Value) -> Option<String> {
    let owner = Owner::of_object(object);
    if owner.is_owned() {
        return Some(owner.short());
    }
    if !key.is("", "Secret") {
        return None;
    }
    let metadata = &object["metadata"];
    if let Some(certificate) = metadata["annotations"]["cert-manager.io/certificate-name"].as_str()
    {
        return Some(format!("cert-manager {}", clean(certificate, 100)));
    }
    let controller = super::place::owners(object).find(|o| o["controller"] == true)?;
    let text = |field: &str| clean(controller[field].as_str().unwrap_or_default(), 100);
    Some(format!("{} {}", text("kind"), text("name")))
}

/// A differing field that the API server never lets anybody change.
fn immutable<'a>(
    key: &Key,
    live: &Value,
    differing: impl Iterator<Item = &'a str>,
) -> Option<String> {
    let fixed: &[&str] = match (key.group.as_str(), key.kind.as_str()) {
        ("apps", "StatefulSet") => &[
            "spec.selector",
            "spec.serviceName",
            "spec.volumeClaimTemplates",
            "spec.podManagementPolicy",
        ],
        ("apps", _) => &["spec.selector"],
        (super::key::RBAC, "RoleBinding" | "ClusterRoleBinding") => &["roleRef"],
        ("", "Secret") => &["type"],
        ("gateway.networking.k8s.io", "GatewayClass") => &["spec.controllerName"],
        ("", "ConfigMap") => &[],
        _ => return None,
    };
    let sealed = live["immutable"] == true;
    let below = |path: &str, field: &str| {
        path.strip_prefix(field)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[']))
    };
    let mut differing = differing;
    differing
        .find(|path| {
            fixed.iter().any(|field| below(path, field))
                || (sealed
                    && ["data", "binaryData", "immutable"]
                        .iter()
                        .any(|f| below(path, f)))
        })
        .map(str::to_owned)
}

#[cfg(test)]
mod tests;
