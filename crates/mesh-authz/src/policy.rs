//! `AuthorizationPolicy` objects as plain data. What is not known is an error that names it.

use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Deserializer};
use serde_json::Value;

/// The annotation that makes a policy a dry run.
pub const DRY_RUN: &str = "istio.io/dry-run";

/// Why an object is not an `AuthorizationPolicy` that we can judge.
#[derive(Debug, thiserror::Error)]
pub enum ParseError {
    /// The object is of another kind.
    #[error(
        "{kind} of {api_version} is not an AuthorizationPolicy of security.istio.io/v1 or v1beta1"
    )]
    Kind {
        /// Its kind.
        kind: String,
        /// Its apiVersion.
        api_version: String,
    },
    /// The object has no name.
    #[error("an AuthorizationPolicy without a name")]
    Name,
    /// The object has a part that is not known, or of another shape.
    #[error("AuthorizationPolicy {namespace}/{name}")]
    Shape {
        /// Its namespace.
        namespace: String,
        /// Its name.
        name: String,
        /// What is not known.
        #[source]
        source: serde_json::Error,
    },
}

/// What a policy does to the requests that it matches.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum Action {
    /// Let pass what matches; with any such policy, nothing else passes.
    #[default]
    Allow,
    /// Refuse what matches.
    Deny,
    /// Mark what matches.
    Audit,
    /// Ask an external provider about what matches.
    Custom,
}

impl fmt::Display for Action {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Allow => "ALLOW",
            Self::Deny => "DENY",
            Self::Audit => "AUDIT",
            Self::Custom => "CUSTOM",
        })
    }
}

/// What the dry-run annotation says.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum DryRun {
    /// Nothing, or false: the policy is enforced.
    #[default]
    No,
    /// True: the policy is only evaluated.
    Yes,
    /// No boolean. Istio's API refuses it; a policy that got past enforces.
    Invalid(String),
}

/// One policy.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct AuthorizationPolicy {
    /// Its namespace.
    pub namespace: String,
    /// Its name.
    pub name: String,
    /// Whether it is a dry run.
    pub dry_run: DryRun,
    /// Whether the annotation of a dry run stands there at all, whatever it says.
    pub annotated: bool,
    /// What it says.
    pub spec: Spec,
}

/// The spec of a policy.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct Spec {
    /// The workloads, by labels.
    pub selector: Option<Selector>,
    /// What it is attached to, in the form of 1.20.
    pub target_ref: Option<TargetRef>,
    /// What it is attached to.
    #[serde(deserialize_with = "nullable")]
    pub target_refs: Vec<TargetRef>,
    /// What it does.
    #[serde(deserialize_with = "nullable")]
    pub action: Action,
    /// The provider of a CUSTOM policy.
    pub provider: Option<Provider>,
    /// The rules; `None` inside stands for a rule that is null.
    #[serde(deserialize_with = "nullable")]
    pub rules: Vec<Option<Rule>>,
}

/// Workloads by their labels.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct Selector {
    /// The labels that a workload must have.
    #[serde(deserialize_with = "nullable")]
    pub match_labels: BTreeMap<String, String>,
}

/// An object that a policy is attached to.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct TargetRef {
    /// Its group; empty for the core group.
    #[serde(deserialize_with = "nullable")]
    pub group: String,
    /// Its kind.
    #[serde(deserialize_with = "nullable")]
    pub kind: String,
    /// Its name.
    #[serde(deserialize_with = "nullable")]
    pub name: String,
    /// Its namespace; empty for the policy's.
    #[serde(deserialize_with = "nullable")]
    pub namespace: String,
}

/// The provider of a CUSTOM policy.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Provider {
    /// Its name in the mesh config.
    #[serde(deserialize_with = "nullable")]
    pub name: String,
}

/// One rule: any of `from`, any of `to`, and all of `when`.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Rule {
    /// Who asks; nothing means anybody.
    #[serde(deserialize_with = "nullable")]
    pub from: Vec<From>,
    /// For what; nothing means anything.
    #[serde(deserialize_with = "nullable")]
    pub to: Vec<To>,
    /// Further conditions.
    #[serde(deserialize_with = "nullable")]
    pub when: Vec<Condition>,
}

/// One entry of `from`.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct From {
    /// The source.
    pub source: Option<Source>,
}

/// One entry of `to`.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct To {
    /// The operation.
    pub operation: Option<Operation>,
}

macro_rules! lists {
    ($(#[$meta:meta])* $name:ident { $($(#[$field_meta:meta])* $field:ident),* $(,)? }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
        #[serde(rename_all = "camelCase", deny_unknown_fields, default)]
        pub struct $name {
            $($(#[$field_meta])* #[serde(deserialize_with = "nullable")] pub $field: Vec<String>,)*
        }
    };
}

lists! {
    /// Who asks. All that is set must hold; of each list any value.
    Source {
        /// Identities of peers.
        principals,
        /// Not these identities.
        not_principals,
        /// Issuers and subjects of tokens.
        request_principals,
        /// Not these.
        not_request_principals,
        /// Namespaces of peers.
        namespaces,
        /// Not these namespaces.
        not_namespaces,
        /// Service accounts of peers, since 1.25.
        service_accounts,
        /// Not these service accounts.
        not_service_accounts,
        /// Trust domains of peers, since 1.30.2.
        trust_domains,
        /// Not these trust domains.
        not_trust_domains,
        /// Addresses of peers.
        ip_blocks,
        /// Not these addresses.
        not_ip_blocks,
        /// Addresses of clients as the proxy derives them.
        remote_ip_blocks,
        /// Not these addresses.
        not_remote_ip_blocks,
    }
}

lists! {
    /// What is asked for. All that is set must hold; of each list any value.
    Operation {
        /// Hosts.
        hosts,
        /// Not these hosts.
        not_hosts,
        /// Ports of the workload.
        ports,
        /// Not these ports.
        not_ports,
        /// Methods.
        methods,
        /// Not these methods.
        not_methods,
        /// Paths.
        paths,
        /// Not these paths.
        not_paths,
    }
}

/// One entry of `when`.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct Condition {
    /// The attribute.
    #[serde(deserialize_with = "nullable")]
    pub key: String,
    /// Any of these values.
    #[serde(deserialize_with = "nullable")]
    pub values: Vec<String>,
    /// None of these values.
    #[serde(deserialize_with = "nullable")]
    pub not_values: Vec<String>,
}

/// The API server drops a null where none is allowed.
fn nullable<'de, T, D>(deserializer: D) -> Result<T, D::Error>
where
    T: Default + Deserialize<'de>,
    D: Deserializer<'de>,
{
    Ok(Option::deserialize(deserializer)?.unwrap_or_default())
}

impl AuthorizationPolicy {
    /// Reads an object as the API server gives it.
    pub fn from_value(object: &Value) -> Result<Self, ParseError> {
        let text = |pointer: &str| {
            object
                .pointer(pointer)
                .and_then(Value::as_str)
                .unwrap_or_default()
        };
        let (kind, api_version) = (text("/kind"), text("/apiVersion"));
        if kind != "AuthorizationPolicy"
            || !matches!(
                api_version,
                "security.istio.io/v1" | "security.istio.io/v1beta1"
            )
        {
            return Err(ParseError::Kind {
                kind: kind.to_owned(),
                api_version: api_version.to_owned(),
            });
        }
        let (namespace, name) = (text("/metadata/namespace"), text("/metadata/name"));
        if name.is_empty() {
            return Err(ParseError::Name);
        }
        let namespace = if namespace.is_empty() {
            "default"
        } else {
            namespace
        };
        let spec = object.get("spec").unwrap_or(&Value::Null);
        let spec = Option::<Spec>::deserialize(spec).map_err(|source| ParseError::Shape {
            namespace: namespace.to_owned(),
            name: name.to_owned(),
            source,
        })?;
        let annotation = object
            .pointer("/metadata/annotations")
            .and_then(|annotations| annotations.get(DRY_RUN))
            .and_then(Value::as_str);
        Ok(Self {
            namespace: namespace.to_owned(),
            name: name.to_owned(),
            dry_run: annotation.map_or(DryRun::No, DryRun::of),
            annotated: annotation.is_some(),
            spec: spec.unwrap_or_default(),
        })
    }

    /// What the policy is attached to; the older form counts only without the newer one.
    #[must_use]
    pub fn target_refs(&self) -> &[TargetRef] {
        if self.spec.target_refs.is_empty() {
            self.spec.target_ref.as_slice()
        } else {
            &self.spec.target_refs
        }
    }
}

impl DryRun {
    /// Reads the annotation's value as Go's `strconv.ParseBool` does.
    #[must_use]
    pub fn of(value: &str) -> Self {
        match value {
            "1" | "t" | "T" | "true" | "TRUE" | "True" => Self::Yes,
            "0" | "f" | "F" | "false" | "FALSE" | "False" => Self::No,
            other => Self::Invalid(other.to_owned()),
        }
    }
}

#[cfg(test)]
mod tests;
