//! Policies as ztunnel gets them: `pilot/pkg/serviceregistry/kube/controller/ambient/{authorization,policies}.go`
//! at 1.22.8, 1.25.5, 1.28.1, 1.29.0, and istio/ztunnel `src/rbac.rs`.
//!
//! ALLOW rules with an HTTP field are left out. Of others the field is left out, and an entry with nothing left
//! matches nothing: a DENY rule of HTTP fields only does nothing at all, other than on a sidecar's TCP port.

use crate::matcher::{Any, Ranges, Strings, parse_port, parse_range};
use crate::policy::{Action, AuthorizationPolicy, Condition, DryRun, Operation, Rule, Source};
use crate::version::Version;

use super::condition::{AmbientTest, Clause, Failure};
use super::{Builder, Cond, Context, Origin, RuleRef, Slot, Test};

/// istiod leaves dry runs out (`policies.go` at 1.25.2, not at 1.25.1) or, from 1.29 on, passes them on if told to.
fn filters_dry_runs(version: Version) -> bool {
    version >= Version::new(25, 2)
}

/// The set of a policy, or why it has none.
pub(super) fn slot(policy: &AuthorizationPolicy, context: &Context) -> Result<Slot, &'static str> {
    let shadow = match policy.dry_run {
        DryRun::Yes if context.mesh.ambient_dry_run && context.version >= Version::new(29, 0) => {
            true
        }
        DryRun::Yes if filters_dry_runs(context.version) => {
            return Err("a dry run is not passed to ztunnel, and nothing shows");
        }
        // Before that, ztunnel enforced a dry run.
        DryRun::Yes | DryRun::No | DryRun::Invalid(_) => false,
    };
    match policy.spec.action {
        Action::Allow if shadow => Ok(Slot::AllowShadow),
        Action::Allow => Ok(Slot::Allow),
        Action::Deny if shadow => Ok(Slot::DenyShadow),
        Action::Deny => Ok(Slot::Deny),
        Action::Audit => Err("ztunnel has no AUDIT"),
        Action::Custom => Err("ztunnel has no CUSTOM"),
    }
}

/// One rule on its way.
struct Scope<'b, 'c> {
    builder: &'b mut Builder<'c>,
    policy: &'b AuthorizationPolicy,
    rule: &'b RuleRef,
}

/// The clauses of a rule: `to`, `from`, and one for each `when`.
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
    let mut clauses = Vec::new();
    if !rule.to.is_empty() {
        let empty = Operation::default();
        let entries = rule
            .to
            .iter()
            .map(|to| scope.operation(to.operation.as_ref().unwrap_or(&empty)));
        clauses.push(with_something_left(entries.collect::<Result<_, _>>()?));
    }
    if !rule.from.is_empty() {
        let empty = Source::default();
        let entries = rule
            .from
            .iter()
            .map(|from| scope.source(from.source.as_ref().unwrap_or(&empty)));
        clauses.push(with_something_left(entries.collect::<Result<_, _>>()?));
    }
    for condition in &rule.when {
        clauses.push(with_something_left(vec![scope.condition(condition)?]));
    }
    Ok(clauses)
}

/// ztunnel passes over entries in which nothing is set.
fn with_something_left(mut entries: Clause) -> Clause {
    entries.retain(|entry| !entry.is_empty());
    entries
}

impl Scope<'_, '_> {
    fn push(
        &mut self,
        into: &mut Vec<Cond>,
        field: &str,
        not: bool,
        values: &[String],
        test: Option<Test>,
    ) {
        if let Some(test) = test {
            let origin = Origin {
                field: field.to_owned(),
                not,
                values: values.to_vec(),
            };
            let origin = self.builder.origin(origin);
            into.push(Cond { test, not, origin });
        }
    }

    /// An HTTP field: ztunnel cannot see it.
    fn http(&mut self, field: &str, values: &[String]) -> Result<(), Failure> {
        if values.is_empty() {
            return Ok(());
        }
        let why = "ztunnel sees no HTTP";
        if self.policy.spec.action == Action::Allow {
            return Err(Failure::Skip(format!("{field}: {why}")));
        }
        self.builder.drop_field(self.rule, field, why);
        Ok(())
    }

    fn operation(&mut self, operation: &Operation) -> Result<Vec<Cond>, Failure> {
        for (field, values) in [
            ("hosts", &operation.hosts),
            ("notHosts", &operation.not_hosts),
            ("methods", &operation.methods),
            ("notMethods", &operation.not_methods),
            ("paths", &operation.paths),
            ("notPaths", &operation.not_paths),
        ] {
            self.http(field, values)?;
        }
        let mut conditions = Vec::new();
        for (field, not, values) in [
            ("ports", false, &operation.ports),
            ("notPorts", true, &operation.not_ports),
        ] {
            self.push(&mut conditions, field, not, values, ports(values));
        }
        Ok(conditions)
    }

    fn source(&mut self, source: &Source) -> Result<Vec<Cond>, Failure> {
        for (field, values) in [
            ("remoteIpBlocks", &source.remote_ip_blocks),
            ("notRemoteIpBlocks", &source.not_remote_ip_blocks),
            ("requestPrincipals", &source.request_principals),
            ("notRequestPrincipals", &source.not_request_principals),
        ] {
            self.http(field, values)?;
        }
        let version = self.builder.context.version;
        if [&source.service_accounts, &source.not_service_accounts]
            .iter()
            .any(|list| !list.is_empty())
            && !version.has_service_accounts()
        {
            return Err(Failure::Unclear(format!(
                "serviceAccounts: Istio {version} does not have it"
            )));
        }
        // No version up to 1.30.3 passes these on.
        for (field, values) in [
            ("trustDomains", &source.trust_domains),
            ("notTrustDomains", &source.not_trust_domains),
        ] {
            if !values.is_empty() {
                self.builder
                    .drop_field(self.rule, field, "istiod does not pass it to ztunnel");
            }
        }
        let mut conditions = Vec::new();
        for (field, not, values, test) in [
            (
                "ipBlocks",
                false,
                &source.ip_blocks,
                addresses(&source.ip_blocks, Test::SourceIp),
            ),
            (
                "notIpBlocks",
                true,
                &source.not_ip_blocks,
                addresses(&source.not_ip_blocks, Test::SourceIp),
            ),
            (
                "namespaces",
                false,
                &source.namespaces,
                texts(&source.namespaces, AmbientTest::Namespace),
            ),
            (
                "notNamespaces",
                true,
                &source.not_namespaces,
                texts(&source.not_namespaces, AmbientTest::Namespace),
            ),
            (
                "serviceAccounts",
                false,
                &source.service_accounts,
                self.accounts(&source.service_accounts),
            ),
            (
                "notServiceAccounts",
                true,
                &source.not_service_accounts,
                self.accounts(&source.not_service_accounts),
            ),
            (
                "principals",
                false,
                &source.principals,
                texts(&source.principals, AmbientTest::Principal),
            ),
            (
                "notPrincipals",
                true,
                &source.not_principals,
                texts(&source.not_principals, AmbientTest::Principal),
            ),
        ] {
            self.push(&mut conditions, field, not, values, test);
        }
        Ok(conditions)
    }

    fn condition(&mut self, condition: &Condition) -> Result<Vec<Cond>, Failure> {
        let field = format!("when {}", condition.key);
        let mut conditions = Vec::new();
        for (not, values) in [(false, &condition.values), (true, &condition.not_values)] {
            let test = match condition.key.as_str() {
                "source.namespace" => texts(values, AmbientTest::Namespace),
                "source.principal" => texts(values, AmbientTest::Principal),
                "source.ip" => addresses(values, Test::SourceIp),
                "destination.ip" => addresses(values, Test::DestinationIp),
                "destination.port" => ports(values),
                // Any other key counts as HTTP's, even without values.
                _ => {
                    self.http(&field, std::slice::from_ref(&condition.key))?;
                    continue;
                }
            };
            self.push(&mut conditions, &field, not, values, test);
        }
        Ok(conditions)
    }

    fn accounts(&self, values: &[String]) -> Option<Test> {
        let namespace = self.policy.namespace.as_str();
        let accounts: Vec<(String, String)> = values
            .iter()
            .map(|value| value.split_once('/').unwrap_or((namespace, value)))
            .map(|(namespace, account)| (namespace.to_owned(), account.to_owned()))
            .collect();
        (!accounts.is_empty()).then_some(Test::Ambient(AmbientTest::ServiceAccount(accounts)))
    }
}

/// Values that cannot be read are passed over; a field of none but such is not set.
fn ports(values: &[String]) -> Option<Test> {
    let ports: Vec<u16> = values
        .iter()
        .filter_map(|value| parse_port(value))
        .collect();
    (!ports.is_empty()).then_some(Test::DestinationPort(ports))
}

fn addresses(values: &[String], test: fn(Ranges) -> Test) -> Option<Test> {
    let ranges: Vec<_> = values
        .iter()
        .filter_map(|value| parse_range(value))
        .collect();
    (!ranges.is_empty()).then(|| test(Ranges::new(&ranges)))
}

fn texts(values: &[String], test: fn(Strings) -> AmbientTest) -> Option<Test> {
    let strings = || Strings::new(values.iter().map(String::as_str), Any::Filled, false);
    (!values.is_empty()).then(|| Test::Ambient(test(strings())))
}
