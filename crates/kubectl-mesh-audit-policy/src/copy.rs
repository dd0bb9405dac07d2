//! Copies of policies that are watched instead of enforced: what is in one, and what it is a copy of.

use mesh_common::{journal::Key, mesh::digest::sha256, output::clean};
use serde_json::{Map, Value, json};

use crate::{
    policy::{Action, DRY_RUN},
    scene::Found,
};

/// What a copy's name ends in.
pub(crate) const SUFFIX: &str = "-audit";

/// Longest name of an object.
const NAME_MAX: usize = 253;

/// Annotations of a copy, which say what it is a copy of.
pub(crate) mod key {
    /// The policy's name.
    pub(crate) const OF: &str = "kubectl-mesh/copy-of";
    /// uid of the policy, where there was one in the cluster.
    pub(crate) const OF_UID: &str = "kubectl-mesh/copy-of-uid";
    /// Its resourceVersion then.
    pub(crate) const OF_VERSION: &str = "kubectl-mesh/copy-of-resource-version";
    /// Digest of its spec then.
    pub(crate) const OF_DIGEST: &str = "kubectl-mesh/copy-of-digest";
    /// Digest of the spec that is watched, with the action that is meant.
    pub(crate) const WATCHED: &str = "kubectl-mesh/watched-digest";
    /// The action that is meant: DENY or ALLOW.
    pub(crate) const ACTION: &str = "kubectl-mesh/intended-action";
}

/// How a copy is watched.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Form {
    /// With the dry-run annotation.
    DryRun,
    /// With action AUDIT.
    Audit,
}

/// What a copy says of itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Copy {
    /// Name of the policy that it is a copy of.
    pub(crate) of: String,
    /// What is to be enforced.
    pub(crate) action: Action,
    /// Digest of the policy's spec when the copy was made; none where there was no such policy.
    pub(crate) origin: Option<String>,
    /// Digest of the spec that is watched.
    pub(crate) watched: String,
    /// Whether the copy still has that spec.
    pub(crate) intact: bool,
}

impl Copy {
    /// Reads what a policy says; none where it is no copy. One that does not say all of it is not intact.
    pub(crate) fn read(found: &Found) -> Option<Self> {
        let of = found.annotation(key::OF)?;
        let action = match found.annotation(key::ACTION) {
            Some("ALLOW") => Action::Allow,
            _ => Action::Deny,
        };
        let watched = found.annotation(key::WATCHED).unwrap_or_default();
        Some(Self {
            of: of.to_owned(),
            action,
            origin: found.annotation(key::OF_DIGEST).map(str::to_owned),
            watched: watched.to_owned(),
            intact: watched == digest(&found.object["spec"], action)
                && matches!(found.annotation(key::ACTION), Some("ALLOW" | "DENY")),
        })
    }
}

/// The name of a policy's copy.
///
/// # Errors
/// It would be too long, in one line.
pub(crate) fn name(of: &str) -> Result<String, String> {
    let name = format!("{of}{SUFFIX}");
    if name.len() <= NAME_MAX {
        return Ok(name);
    }
    Err(format!(
        "its copy {}… would have a name of {} characters, and {NAME_MAX} are the most",
        clean(&name, 60),
        name.len()
    ))
}

/// The copy of a policy. `standing` is the policy of that name in the cluster: the same one, or the one that a file
/// is to take the place of. Labels and annotations are not copied: whoever owns the policy would take the copy for
/// its own, and prune it.
///
/// # Errors
/// It cannot be made, in one line.
pub(crate) fn make(found: &Found, standing: Option<&Found>, form: Form) -> Result<Value, String> {
    let action = found.policy.spec.action;
    let mut annotations = Map::new();
    let mut put = |key: &str, value: &str| {
        if !value.is_empty() {
            annotations.insert(key.to_owned(), value.into());
        }
    };
    put(key::OF, &found.policy.name);
    put(key::ACTION, &action.to_string());
    put(key::WATCHED, &digest(&found.object["spec"], action));
    if let Some(standing) = standing {
        put(key::OF_UID, standing.uid());
        put(key::OF_VERSION, standing.resource_version());
        put(key::OF_DIGEST, &digest_of(standing));
    }
    let mut spec = spec(&found.object["spec"]);
    match form {
        Form::DryRun => put(DRY_RUN, "true"),
        Form::Audit => spec["action"] = "AUDIT".into(),
    }
    let (label, value) = mesh_common::journal::store::MANAGED_BY;
    Ok(json!({
        "apiVersion": "security.istio.io/v1",
        "kind": "AuthorizationPolicy",
        "metadata": {
            "name": name(&found.policy.name)?,
            "namespace": found.policy.namespace,
            "labels": { label: value },
            "annotations": annotations,
        },
        "spec": spec,
    }))
}

/// The policy that enforces what a copy watched, over the one that stands there.
pub(crate) fn enforced(copy: &Found, is: &Copy, standing: Option<&Found>) -> Value {
    let mut spec = spec(&copy.object["spec"]);
    spec["action"] = is.action.to_string().into();
    let mut object = standing.map_or_else(
        || {
            json!({
                "apiVersion": "security.istio.io/v1",
                "kind": "AuthorizationPolicy",
                "metadata": { "name": is.of, "namespace": copy.policy.namespace },
            })
        },
        |standing| {
            let kind = mesh_common::journal::Kind::AuthorizationPolicy;
            mesh_common::journal::image::without_server_fields(kind, &standing.object)
        },
    );
    if let Some(metadata) = object["metadata"].as_object_mut()
        && let Some(annotations) = metadata.get_mut("annotations")
        && let Some(annotations) = annotations.as_object_mut()
    {
        annotations.remove(DRY_RUN);
        if annotations.is_empty() {
            metadata.remove("annotations");
        }
    }
    object["spec"] = spec;
    object
}

/// Where a policy lies.
pub(crate) fn key_of(found: &Found) -> Key {
    Key::policy(&found.policy.namespace, &found.policy.name)
}

/// Digest of the spec of a policy as it stands.
pub(crate) fn digest_of(found: &Found) -> String {
    digest(&found.object["spec"], found.policy.spec.action)
}

/// Digest of a spec with this action: the same for the policy, for its copy and for what will be enforced.
pub(crate) fn digest(spec: &Value, action: Action) -> String {
    let mut spec = self::spec(spec);
    spec["action"] = action.to_string().into();
    let mut text = String::new();
    canonical(&spec, &mut text);
    sha256(text.as_bytes())
}

fn spec(spec: &Value) -> Value {
    if spec.is_object() {
        spec.clone()
    } else {
        json!({})
    }
}

/// JSON with its keys in order, and without nulls, which the API server drops.
fn canonical(value: &Value, out: &mut String) {
    match value {
        Value::Object(fields) => {
            let mut fields: Vec<_> = fields.iter().filter(|(_, v)| !v.is_null()).collect();
            fields.sort_by_key(|(name, _)| name.as_str());
            out.push('{');
            for (name, value) in fields {
                out.push_str(&Value::from(name.as_str()).to_string());
                out.push(':');
                canonical(value, out);
                out.push(',');
            }
            out.push('}');
        }
        Value::Array(items) => {
            out.push('[');
            for item in items {
                canonical(item, out);
                out.push(',');
            }
            out.push(']');
        }
        other => out.push_str(&other.to_string()),
    }
}

#[cfg(test)]
mod tests;
