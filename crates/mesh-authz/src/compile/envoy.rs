//! One rule as Envoy gets it: `pilot/pkg/security/authz/model/{model,generator}.go`.
//!
//! What Istio cannot express on a port leaves out the whole rule of an ALLOW policy, and only the value or field of
//! any other (`rule.checkError`): ALLOW gets narrower, DENY wider.

use crate::matcher::{Any, Identities, Strings, parse_port, parse_range};
use crate::policy::{Action, AuthorizationPolicy, Condition, Operation, Rule, Source};

use super::condition::{Clause, Failure};
use super::values::{nested, ranges, request_principal, trust_domains};
use super::{Builder, Cond, HeaderName, Origin, Protocol, RuleRef, Test, trust};

/// A field or key of a rule, as Istio groups them.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Attribute {
    Method,
    Host,
    Path,
    Port,
    SourceIp,
    RemoteIp,
    Namespace,
    Principal,
    ServiceAccount,
    TrustDomain,
    RequestPrincipal,
    Claim(Vec<String>),
    Header(String),
    DestinationIp,
    Sni,
    FilterMetadata,
    /// A key of a shape that Istio cannot read.
    Malformed,
}

impl Attribute {
    fn is_http(&self) -> bool {
        matches!(
            self,
            Self::Method
                | Self::Host
                | Self::Path
                | Self::RequestPrincipal
                | Self::Claim(_)
                | Self::Header(_)
        )
    }

    /// True if the key belongs to what is asked for, false if it belongs to who asks.
    fn is_permission(&self) -> bool {
        matches!(
            self,
            Self::Method
                | Self::Host
                | Self::Path
                | Self::Port
                | Self::DestinationIp
                | Self::Sni
                | Self::FilterMetadata
        )
    }

    /// A value that Istio cannot read drops the whole field, not only the value.
    fn is_taken_whole(&self) -> bool {
        matches!(
            self,
            Self::RequestPrincipal | Self::Claim(_) | Self::FilterMetadata
        )
    }
}

/// One rule on its way.
pub(super) struct Scope<'b, 'c> {
    pub(super) builder: &'b mut Builder<'c>,
    pub(super) policy: &'b AuthorizationPolicy,
    rule: &'b RuleRef,
}

/// The clauses of a rule: what is asked for, and who asks.
pub(super) fn clauses(
    builder: &mut Builder<'_>,
    policy: &AuthorizationPolicy,
    reference: &RuleRef,
    rule: &Rule,
) -> Result<Vec<Clause>, Failure> {
    let mut scope = Scope {
        builder,
        policy,
        rule: reference,
    };
    let (mut permission, mut principal) = (Vec::new(), Vec::new());
    for condition in &rule.when {
        let Some((attribute, is_permission)) = scope.attribute(condition)? else {
            continue;
        };
        let name = format!("when {}", condition.key);
        let into = if is_permission {
            &mut permission
        } else {
            &mut principal
        };
        scope.field(
            into,
            &attribute,
            &name,
            &name,
            &condition.values,
            &condition.not_values,
        )?;
    }
    let mut principals: Clause = Vec::with_capacity(rule.from.len().max(1));
    for from in &rule.from {
        let mut conditions = principal.clone();
        if let Some(source) = &from.source {
            scope.source(&mut conditions, source)?;
        }
        principals.push(conditions);
    }
    if rule.from.is_empty() {
        principals.push(principal);
    }
    let mut permissions: Clause = Vec::with_capacity(rule.to.len().max(1));
    for to in &rule.to {
        let mut conditions = permission.clone();
        if let Some(operation) = &to.operation {
            scope.operation(&mut conditions, operation)?;
        }
        permissions.push(conditions);
    }
    if rule.to.is_empty() {
        permissions.push(permission);
    }
    Ok(vec![permissions, principals])
}

impl Scope<'_, '_> {
    /// What a `when` looks at, and whether it belongs to what is asked for. An unknown key leaves out the rule.
    fn attribute(&self, condition: &Condition) -> Result<Option<(Attribute, bool)>, Failure> {
        let version = self.builder.context.version;
        let key = condition.key.as_str();
        let bracketed = |rest: &str| {
            rest.strip_prefix('[')
                .and_then(|rest| rest.strip_suffix(']'))
                .map(str::to_owned)
        };
        let attribute = match key {
            "destination.ip" => Attribute::DestinationIp,
            "destination.port" => Attribute::Port,
            "connection.sni" => Attribute::Sni,
            "source.ip" => Attribute::SourceIp,
            "remote.ip" => Attribute::RemoteIp,
            "source.namespace" => Attribute::Namespace,
            "source.principal" => Attribute::Principal,
            "source.serviceAccount" if version.has_service_accounts() => Attribute::ServiceAccount,
            "source.trustDomain" if version.has_trust_domains() => Attribute::TrustDomain,
            "request.auth.principal" => Attribute::RequestPrincipal,
            "request.auth.audiences" => Attribute::Claim(vec!["aud".to_owned()]),
            "request.auth.presenter" => Attribute::Claim(vec!["azp".to_owned()]),
            _ => {
                if let Some(rest) = key.strip_prefix("experimental.envoy.filters.") {
                    let known = rest.contains('[');
                    let attribute = if known {
                        Attribute::FilterMetadata
                    } else {
                        Attribute::Malformed
                    };
                    return Ok(Some((attribute, true)));
                } else if let Some(rest) = key.strip_prefix("request.headers") {
                    bracketed(rest).map_or(Attribute::Malformed, Attribute::Header)
                } else if let Some(rest) = key.strip_prefix("request.auth.claims") {
                    nested(rest).map_or(Attribute::Malformed, Attribute::Claim)
                } else {
                    return Err(Failure::Skip(format!(
                        "Istio {version} does not know the key {key}"
                    )));
                }
            }
        };
        let is_permission = attribute.is_permission();
        Ok(Some((attribute, is_permission)))
    }

    fn source(&mut self, into: &mut Vec<Cond>, source: &Source) -> Result<(), Failure> {
        let version = self.builder.context.version;
        let set =
            |values: &[String], not_values: &[String]| !values.is_empty() || !not_values.is_empty();
        let lacks =
            |field: &str| Failure::Unclear(format!("{field}: Istio {version} does not have it"));
        if set(&source.service_accounts, &source.not_service_accounts)
            && !version.has_service_accounts()
        {
            return Err(lacks("serviceAccounts"));
        }
        if set(&source.trust_domains, &source.not_trust_domains) && !version.has_trust_domains() {
            return Err(lacks("trustDomains"));
        }
        for (attribute, name, not_name, values, not_values) in [
            (
                Attribute::SourceIp,
                "ipBlocks",
                "notIpBlocks",
                &source.ip_blocks,
                &source.not_ip_blocks,
            ),
            (
                Attribute::RemoteIp,
                "remoteIpBlocks",
                "notRemoteIpBlocks",
                &source.remote_ip_blocks,
                &source.not_remote_ip_blocks,
            ),
            (
                Attribute::Namespace,
                "namespaces",
                "notNamespaces",
                &source.namespaces,
                &source.not_namespaces,
            ),
            (
                Attribute::ServiceAccount,
                "serviceAccounts",
                "notServiceAccounts",
                &source.service_accounts,
                &source.not_service_accounts,
            ),
            (
                Attribute::RequestPrincipal,
                "requestPrincipals",
                "notRequestPrincipals",
                &source.request_principals,
                &source.not_request_principals,
            ),
            (
                Attribute::Principal,
                "principals",
                "notPrincipals",
                &source.principals,
                &source.not_principals,
            ),
            (
                Attribute::TrustDomain,
                "trustDomains",
                "notTrustDomains",
                &source.trust_domains,
                &source.not_trust_domains,
            ),
        ] {
            self.field(into, &attribute, name, not_name, values, not_values)?;
        }
        Ok(())
    }

    fn operation(&mut self, into: &mut Vec<Cond>, operation: &Operation) -> Result<(), Failure> {
        for (attribute, name, not_name, values, not_values) in [
            (
                Attribute::Port,
                "ports",
                "notPorts",
                &operation.ports,
                &operation.not_ports,
            ),
            (
                Attribute::Method,
                "methods",
                "notMethods",
                &operation.methods,
                &operation.not_methods,
            ),
            (
                Attribute::Path,
                "paths",
                "notPaths",
                &operation.paths,
                &operation.not_paths,
            ),
            (
                Attribute::Host,
                "hosts",
                "notHosts",
                &operation.hosts,
                &operation.not_hosts,
            ),
        ] {
            self.field(into, &attribute, name, not_name, values, not_values)?;
        }
        Ok(())
    }

    /// Adds a field's values and not-values, as far as Istio takes them.
    fn field(
        &mut self,
        into: &mut Vec<Cond>,
        attribute: &Attribute,
        name: &str,
        not_name: &str,
        values: &[String],
        not_values: &[String],
    ) -> Result<(), Failure> {
        for (not, name, values) in [(false, name, values), (true, not_name, not_values)] {
            if values.is_empty() {
                continue;
            }
            let context = self.builder.context;
            let unfit = if *attribute == Attribute::Malformed {
                Some("the key has not the form that Istio reads".to_owned())
            } else if attribute.is_http() && context.workload.protocol == Protocol::Tcp {
                Some("the port is TCP and the field is HTTP's".to_owned())
            } else {
                None
            };
            if let Some(why) = unfit {
                self.unfit(name, &why)?;
                continue;
            }
            let expanded = match attribute {
                Attribute::Principal => trust::expand(values, &context.mesh),
                Attribute::TrustDomain => trust::expand_domains(values, &context.mesh),
                _ => values.to_vec(),
            };
            let kept = self.readable(attribute, name, &expanded)?;
            if kept.is_empty() {
                continue;
            }
            let test = self.test(attribute, &kept)?;
            let origin = self.builder.origin(Origin {
                field: name.to_owned(),
                not,
                values: values.to_vec(),
            });
            into.push(Cond { test, not, origin });
        }
        Ok(())
    }

    /// What does not count narrows an ALLOW policy and widens any other.
    fn unfit(&mut self, field: &str, why: &str) -> Result<(), Failure> {
        if self.policy.spec.action == Action::Allow {
            return Err(Failure::Skip(format!("{field}: {why}")));
        }
        self.builder.drop_field(self.rule, field, why);
        Ok(())
    }

    /// The values that Istio can read.
    fn readable(
        &mut self,
        attribute: &Attribute,
        name: &str,
        values: &[String],
    ) -> Result<Vec<String>, Failure> {
        let mut kept = Vec::with_capacity(values.len());
        for value in values {
            let readable = match attribute {
                Attribute::Port => parse_port(value).is_some(),
                Attribute::SourceIp | Attribute::RemoteIp | Attribute::DestinationIp => {
                    if value.contains('%') {
                        return Err(Failure::Unclear(format!("{name}: {value} has a zone")));
                    }
                    parse_range(value).is_some()
                }
                _ => true,
            };
            if readable {
                kept.push(value.clone());
            } else {
                self.unfit(name, &format!("{value:?} is none"))?;
                if attribute.is_taken_whole() {
                    return Ok(Vec::new());
                }
            }
        }
        Ok(kept)
    }

    fn test(&self, attribute: &Attribute, values: &[String]) -> Result<Test, Failure> {
        let context = self.builder.context;
        let version = context.version;
        let texts = || values.iter().map(String::as_str);
        let custom = self.policy.spec.action == Action::Custom;
        Ok(match attribute {
            Attribute::Method => Test::Method(Strings::new(texts(), Any::Present, false)),
            Attribute::Host => Test::Host(Strings::new(texts(), Any::Present, true)),
            Attribute::Path => Test::Path(self.paths(values)?),
            Attribute::Header(name) if name.is_empty() => {
                return Err(Failure::Unclear("a header without a name".to_owned()));
            }
            Attribute::Header(name) => Test::Header(
                HeaderName::new(name),
                Strings::new(texts(), Any::Present, false),
            ),
            Attribute::Port => Test::DestinationPort(texts().filter_map(parse_port).collect()),
            Attribute::SourceIp => Test::SourceIp(ranges(values)),
            Attribute::RemoteIp => Test::RemoteIp(ranges(values)),
            Attribute::DestinationIp => Test::DestinationIp(ranges(values)),
            Attribute::Sni => Test::Sni(Strings::new(texts(), Any::Filled, false)),
            Attribute::FilterMetadata | Attribute::Malformed => Test::FilterMetadata,
            Attribute::Claim(_) | Attribute::RequestPrincipal if custom => Test::NoClaims,
            Attribute::Claim(path) => Test::Claim {
                path: path.clone(),
                values: Strings::new(texts(), Any::Filled, false),
                old: !version.has_envoy_claims(),
            },
            Attribute::RequestPrincipal if version.has_envoy_claims() => {
                Test::RequestPrincipal(texts().map(request_principal).collect())
            }
            Attribute::RequestPrincipal => {
                Test::OldRequestPrincipal(Strings::new(texts(), Any::Filled, false))
            }
            Attribute::Principal => Test::Principal(self.principals(values)?),
            Attribute::Namespace => {
                let patterns = values.iter().map(|value| self.namespace(value));
                Test::Principal(Identities::new(
                    Strings::default(),
                    patterns.collect::<Result<_, _>>()?,
                ))
            }
            Attribute::ServiceAccount => {
                let patterns = values.iter().map(|value| self.service_account(value));
                Test::Principal(Identities::new(
                    Strings::default(),
                    patterns.collect::<Result<_, _>>()?,
                ))
            }
            Attribute::TrustDomain => Test::Principal(trust_domains(values)),
        })
    }
}
