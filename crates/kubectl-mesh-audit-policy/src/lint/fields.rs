//! The lists of values in a rule, each with its path: fields and `when` keys that say the same are the same here.

use crate::policy::{Condition, Operation, Rule, Source};

/// What values are about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum About {
    Principal,
    Namespace,
    Account,
    TrustDomain,
    RequestPrincipal,
    SourceIp,
    RemoteIp,
    Host,
    Method,
    Path,
    Port,
    /// Another key of a `when`.
    Key,
}

impl About {
    /// Whether it looks at the identity of the peer: a caller in plain text has none.
    pub(crate) fn is_identity(self) -> bool {
        matches!(
            self,
            Self::Principal | Self::Namespace | Self::Account | Self::TrustDomain
        )
    }

    fn of_key(key: &str) -> Self {
        match key {
            "source.principal" => Self::Principal,
            "source.namespace" => Self::Namespace,
            "source.serviceAccount" => Self::Account,
            "source.trustDomain" => Self::TrustDomain,
            "request.auth.principal" => Self::RequestPrincipal,
            "source.ip" => Self::SourceIp,
            "remote.ip" => Self::RemoteIp,
            "destination.port" => Self::Port,
            _ => Self::Key,
        }
    }
}

/// One list of values.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct List<'a> {
    pub(crate) about: About,
    /// True if the values are those that must not match.
    pub(crate) not: bool,
    /// `notPaths`; the key of a `when`.
    pub(crate) name: &'a str,
    /// `spec.rules[0].to[0].operation.notPaths`.
    pub(crate) path: String,
    pub(crate) values: &'a [String],
}

impl List<'_> {
    /// Whether only HTTP has it (`isHTTP` of the fields that Istio's compiler knows).
    pub(crate) fn is_http(&self) -> bool {
        match self.about {
            About::Host | About::Method | About::Path | About::RequestPrincipal => true,
            About::Key => self.name.starts_with("request."),
            _ => false,
        }
    }
}

/// All that are set, in the order in which they stand.
pub(crate) fn lists(index: usize, rule: &Rule) -> Vec<List<'_>> {
    let at = format!("spec.rules[{index}]");
    let mut all = Vec::new();
    for (n, from) in rule.from.iter().enumerate() {
        if let Some(source) = &from.source {
            all.extend(of_source(source, &format!("{at}.from[{n}].source")));
        }
    }
    for (n, to) in rule.to.iter().enumerate() {
        if let Some(operation) = &to.operation {
            all.extend(of_operation(operation, &format!("{at}.to[{n}].operation")));
        }
    }
    for (n, condition) in rule.when.iter().enumerate() {
        all.extend(of_condition(condition, &format!("{at}.when[{n}]")));
    }
    all
}

fn set<'a>(
    rows: impl IntoIterator<Item = (About, bool, &'static str, &'a Vec<String>)>,
    at: &str,
) -> Vec<List<'a>> {
    let rows = rows.into_iter().filter(|(.., values)| !values.is_empty());
    rows.map(|(about, not, name, values)| List {
        about,
        not,
        name,
        path: format!("{at}.{name}"),
        values,
    })
    .collect()
}

/// Those of one source.
pub(crate) fn of_source<'a>(source: &'a Source, at: &str) -> Vec<List<'a>> {
    use About::{Account, Namespace, Principal, RemoteIp, RequestPrincipal, SourceIp, TrustDomain};
    let s = source;
    set(
        [
            (Principal, false, "principals", &s.principals),
            (Principal, true, "notPrincipals", &s.not_principals),
            (
                RequestPrincipal,
                false,
                "requestPrincipals",
                &s.request_principals,
            ),
            (
                RequestPrincipal,
                true,
                "notRequestPrincipals",
                &s.not_request_principals,
            ),
            (Namespace, false, "namespaces", &s.namespaces),
            (Namespace, true, "notNamespaces", &s.not_namespaces),
            (Account, false, "serviceAccounts", &s.service_accounts),
            (Account, true, "notServiceAccounts", &s.not_service_accounts),
            (TrustDomain, false, "trustDomains", &s.trust_domains),
            (TrustDomain, true, "notTrustDomains", &s.not_trust_domains),
            (SourceIp, false, "ipBlocks", &s.ip_blocks),
            (SourceIp, true, "notIpBlocks", &s.not_ip_blocks),
            (RemoteIp, false, "remoteIpBlocks", &s.remote_ip_blocks),
            (RemoteIp, true, "notRemoteIpBlocks", &s.not_remote_ip_blocks),
        ],
        at,
    )
}

/// Those of one operation.
pub(crate) fn of_operation<'a>(operation: &'a Operation, at: &str) -> Vec<List<'a>> {
    use About::{Host, Method, Path, Port};
    let o = operation;
    set(
        [
            (Host, false, "hosts", &o.hosts),
            (Host, true, "notHosts", &o.not_hosts),
            (Port, false, "ports", &o.ports),
            (Port, true, "notPorts", &o.not_ports),
            (Method, false, "methods", &o.methods),
            (Method, true, "notMethods", &o.not_methods),
            (Path, false, "paths", &o.paths),
            (Path, true, "notPaths", &o.not_paths),
        ],
        at,
    )
}

/// Those of one `when`.
pub(crate) fn of_condition<'a>(condition: &'a Condition, at: &str) -> Vec<List<'a>> {
    let about = About::of_key(&condition.key);
    [
        (false, "values", &condition.values),
        (true, "notValues", &condition.not_values),
    ]
    .into_iter()
    .filter(|(.., values)| !values.is_empty())
    .map(|(not, name, values)| List {
        about,
        not,
        name: &condition.key,
        path: format!("{at}.{name}"),
        values,
    })
    .collect()
}
