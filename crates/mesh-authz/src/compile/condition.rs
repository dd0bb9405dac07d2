//! Conditions: one field of a rule, compiled.

use crate::evaluate::RuleId;
use crate::matcher::{Identities, Ranges, Strings};
use crate::template::Template;

/// One rule. It matches if every clause does.
#[derive(Debug, Clone)]
pub(crate) struct Rule {
    pub(crate) id: RuleId,
    pub(crate) clauses: Vec<Clause>,
}

/// Alternatives: a clause matches if any of them does. Each is a list of conditions that must all hold.
pub(crate) type Clause = Vec<Vec<Cond>>;

/// One condition.
#[derive(Debug, Clone)]
pub(crate) struct Cond {
    pub(crate) test: Test,
    pub(crate) not: bool,
    /// Index into the origins.
    pub(crate) origin: u32,
}

/// What a condition looks at.
#[derive(Debug, Clone)]
pub(crate) enum Test {
    Method(Strings),
    Host(Strings),
    Path(Paths),
    Header(HeaderName, Strings),
    Principal(Identities),
    /// Issuer and subject.
    RequestPrincipal(Vec<(Strings, Strings)>),
    /// Issuer and subject as one text, before 1.21.
    OldRequestPrincipal(Strings),
    Claim {
        path: Vec<String>,
        values: Strings,
        /// Istio's own filter, before 1.21, cut claims into lists in ways that we do not follow.
        old: bool,
    },
    SourceIp(Ranges),
    RemoteIp(Ranges),
    DestinationIp(Ranges),
    DestinationPort(Vec<u16>),
    Sni(Strings),
    /// Metadata of another filter: never known.
    FilterMetadata,
    /// The claims as a CUSTOM filter sees them: it runs before tokens are checked, so there are none.
    NoClaims,
    /// ztunnel's view of an identity.
    Ambient(AmbientTest),
}

/// What ztunnel compares. It takes an identity apart, where Envoy compares text.
#[derive(Debug, Clone)]
pub(crate) enum AmbientTest {
    Principal(Strings),
    Namespace(Strings),
    ServiceAccount(Vec<(String, String)>),
}

/// Paths and templates.
#[derive(Debug, Clone, Default)]
pub(crate) struct Paths {
    pub(crate) strings: Strings,
    pub(crate) templates: Vec<Template>,
}

/// A header as Envoy finds it: some names are parts of the request line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum HeaderName {
    Method,
    Path,
    Authority,
    Other(Box<[u8]>, Repeats),
}

/// What Envoy does when a header comes again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Repeats {
    /// It keeps both, and compares as [`super::RepeatedHeaders`] says.
    Kept,
    /// It keeps one field for the name and joins the values by commas as they arrive.
    Joined,
    /// It depends on what the proxy was built with.
    Unclear,
}

/// Names with a field of their own in Envoy's header map (`envoy/http/header_map.h`, `INLINE_REQ_HEADERS`).
const JOINED: [&str; 19] = [
    "connection",
    "content-length",
    "content-type",
    "expect",
    "grpc-timeout",
    "keep-alive",
    "proxy-connection",
    "te",
    "transfer-encoding",
    "upgrade",
    "user-agent",
    "via",
    "x-client-trace-id",
    "x-envoy-internal",
    "x-forwarded-client-cert",
    "x-forwarded-for",
    "x-forwarded-host",
    "x-forwarded-proto",
    "x-request-id",
];

/// Names for which an extension may register such a field.
const UNCLEAR: [&str; 8] = [
    "accept",
    "accept-encoding",
    "authorization",
    "cache-control",
    "cookie",
    "origin",
    "referer",
    "x-forwarded-port",
];

impl HeaderName {
    pub(crate) fn new(name: &str) -> Self {
        match name.to_ascii_lowercase().as_str() {
            ":method" => Self::Method,
            ":path" => Self::Path,
            // Envoy keeps `host` as `:authority`.
            ":authority" | "host" => Self::Authority,
            other => {
                let repeats = if JOINED.contains(&other) {
                    Repeats::Joined
                } else if UNCLEAR.contains(&other) || other.starts_with("x-envoy-") {
                    Repeats::Unclear
                } else {
                    Repeats::Kept
                };
                Self::Other(other.as_bytes().into(), repeats)
            }
        }
    }
}

/// Why a rule cannot be compiled.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Failure {
    /// Istio leaves the rule out.
    Skip(String),
    /// The proxy's answer is not known.
    Unclear(String),
}
