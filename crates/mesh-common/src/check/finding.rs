//! One observation worth a line: a stable code, where, what was seen, what to do.

use std::borrow::Cow;

use serde::Serialize;

/// How much a [`Finding`] matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Severity {
    /// Good to know.
    Info,
    /// Read it before going on.
    Warning,
    /// Something is wrong.
    Error,
}

/// One observation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Finding {
    /// Its stable code, `MESH1203`; or istioctl's, `IST0139`.
    pub code: Cow<'static, str>,
    /// How much it matters.
    pub severity: Severity,
    /// The object it is about, as kubectl takes it.
    pub object: String,
    /// The field of the object, where it is about one: `spec.http[0].match`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
    /// What was found, in one line.
    pub message: String,
    /// The observed values.
    pub evidence: Vec<String>,
    /// What to do: a command to paste or a flag.
    pub hint: Option<String>,
}

/// Codes of the findings of this module. A code is never reused for something else.
pub(super) mod code {
    /// A field of the mesh config differs between the revisions.
    pub(in crate::check) const MESH_CONFIG: &str = "MESH1101";
    /// A field of the injector's values differs between the revisions.
    pub(in crate::check) const INJECTOR_VALUES: &str = "MESH1102";
    /// An environment variable of istiod differs between the revisions.
    pub(in crate::check) const ISTIOD_ENV: &str = "MESH1103";
    /// The target's proxies are told to talk to something else than the target's istiod.
    pub(in crate::check) const DISCOVERY_ADDRESS: &str = "MESH1104";
    /// The injectors' CA is another than the one in `istio-ca-root-cert`.
    pub(in crate::check) const ROOT_CERT: &str = "MESH1105";
    /// The injector's policy or its selectors differ between the revisions.
    pub(in crate::check) const INJECTOR_POLICY: &str = "MESH1106";
    /// A document of a revision could not be parsed.
    pub(in crate::check) const UNPARSED: &str = "MESH1107";
    /// A workload is claimed by two injectors already.
    pub(in crate::check) const TWICE_ALREADY: &str = "MESH1201";
    /// An istiod younger than the bake time: what it replaced, and why that ended, is not known.
    pub(in crate::check) const YOUNG_ISTIOD: &str = "MESH1301";
}
