//! What policies are compiled for, and what is said of them on the way.

use std::collections::BTreeMap;

use crate::version::Version;

/// What a proxy is, since policies select and compile differently for each.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Kind {
    /// A sidecar, or any pod that is none of the others.
    #[default]
    Sidecar,
    /// A gateway.
    Gateway,
    /// A waypoint, seen for one service that it serves.
    Waypoint {
        /// The service; `None` for the waypoint itself.
        service: Option<Service>,
    },
    /// The workload is in the ambient mesh: ztunnel decides.
    Ztunnel,
}

/// A service behind a waypoint.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Service {
    /// Its namespace.
    pub namespace: String,
    /// Its name.
    pub name: String,
    /// True for a `ServiceEntry`.
    pub entry: bool,
}

/// How a port is declared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Protocol {
    /// HTTP of any sort.
    #[default]
    Http,
    /// Anything else.
    Tcp,
}

/// The workload that policies are compiled for.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Workload {
    /// Its namespace.
    pub namespace: String,
    /// The labels of its pods.
    pub labels: BTreeMap<String, String>,
    /// What enforces.
    pub kind: Kind,
    /// The protocol of the port.
    pub protocol: Protocol,
}

/// An external authorizer of the mesh config.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Provider {
    /// Its name.
    pub name: String,
    /// What it speaks; tracing and the like are not listed.
    pub kind: ProviderKind,
}

/// What an external authorizer speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ProviderKind {
    /// HTTP: of no use on TCP ports.
    Http,
    /// gRPC.
    Grpc,
    /// Istio takes it for invalid.
    Invalid,
}

/// What of the mesh config counts for policies.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(
    clippy::struct_excessive_bools,
    reason = "they are switches of istiod, each of its own"
)]
pub struct Mesh {
    /// The root namespace.
    pub root_namespace: String,
    /// The trust domain.
    pub trust_domain: String,
    /// Its aliases.
    pub trust_domain_aliases: Vec<String>,
    /// The external authorizers.
    pub providers: Vec<Provider>,
    /// `ENABLE_SELECTOR_BASED_K8S_GATEWAY_POLICY`.
    pub selects_gateways: bool,
    /// `PILOT_ENABLE_MULTIPLE_CUSTOM_AUTHZ_PROVIDERS`, since 1.30.
    pub several_providers: bool,
    /// `AMBIENT_ENABLE_DRY_RUN_AUTHORIZATION_POLICY`, since 1.29.
    pub ambient_dry_run: bool,
}

impl Default for Mesh {
    fn default() -> Self {
        Self {
            root_namespace: "istio-system".to_owned(),
            trust_domain: "cluster.local".to_owned(),
            trust_domain_aliases: Vec::new(),
            providers: Vec::new(),
            selects_gateways: true,
            several_providers: false,
            ambient_dry_run: false,
        }
    }
}

/// How a proxy compares a header that was sent several times.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum RepeatedHeaders {
    /// Each value by itself: a proxy with the fix for CVE-2026-26308.
    Separate,
    /// All values, joined by commas: a proxy without it.
    Joined,
    /// Not known: a verdict holds only if both agree.
    #[default]
    Unclear,
}

/// All that policies are compiled for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Context {
    /// The workload and its port.
    pub workload: Workload,
    /// The mesh.
    pub mesh: Mesh,
    /// The version of istiod.
    pub version: Version,
    /// What the proxy does with repeated headers.
    pub repeated_headers: RepeatedHeaders,
}

/// A rule of a policy.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct RuleRef {
    /// The policy's namespace.
    pub namespace: String,
    /// The policy's name.
    pub name: String,
    /// The rule's index, from 0.
    pub index: usize,
}

impl std::fmt::Display for RuleRef {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}/{}/{}", self.namespace, self.name, self.index)
    }
}

/// Something that a reader of the policy would not expect.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Note {
    /// The rule does not exist for this port.
    RuleSkipped {
        /// The rule.
        rule: RuleRef,
        /// Why.
        why: String,
    },
    /// A field of the rule does not count, so that it matches more.
    FieldDropped {
        /// The rule.
        rule: RuleRef,
        /// The field.
        field: String,
        /// Why.
        why: String,
    },
    /// The policy has no effect here.
    PolicyIgnored {
        /// The policy's namespace.
        namespace: String,
        /// The policy's name.
        name: String,
        /// Why.
        why: String,
    },
    /// What the proxy then runs is not known, and no verdict is.
    Unclear {
        /// The policy's namespace.
        namespace: String,
        /// The policy's name.
        name: String,
        /// Why.
        why: String,
    },
}
