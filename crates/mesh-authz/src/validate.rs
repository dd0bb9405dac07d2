//! What Istio's API refuses in a policy: `pkg/config/validation/validation.go` (`ValidateAuthorizationPolicy`) and
//! `pkg/config/security/security.go` at 1.28.1.
//!
//! A policy that is refused today may still be stored: the webhook may have been away, or younger than the policy.
//! Such a policy is compiled like any other.

use crate::matcher::{parse_port, parse_range};
use crate::policy::{Action, AuthorizationPolicy, Condition, DryRun, Operation, Rule, Source};
use crate::template::is_template;

/// Most service accounts that one list may hold.
const MOST_ACCOUNTS: usize = 16;

/// Most characters of a service account with its namespace.
const LONGEST_ACCOUNT: usize = 320;

/// What a policy may be attached to.
const TARGETS: [(&str, &str); 4] = [
    ("gateway.networking.k8s.io", "Gateway"),
    ("gateway.networking.k8s.io", "GatewayClass"),
    ("", "Service"),
    ("networking.istio.io", "ServiceEntry"),
];

/// Why Istio's API would refuse the policy; nothing if it would not.
#[must_use]
pub fn validate(policy: &AuthorizationPolicy) -> Vec<String> {
    let mut refusals = Refusals(Vec::new());
    let spec = &policy.spec;
    refusals.targets(policy);
    // `checkDryRunAnnotation`, the same at 1.20.8 and 1.30.2: the value counts for ALLOW and DENY only.
    match (&policy.dry_run, spec.action) {
        (DryRun::Invalid(value), Action::Allow | Action::Deny) => {
            refusals.say(format!(
                "the annotation of a dry run is no boolean: {value:?}"
            ));
        }
        (_, Action::Audit | Action::Custom) if policy.annotated => {
            refusals.say(format!(
                "{} cannot have the annotation of a dry run, not even with false",
                spec.action
            ));
        }
        _ => {}
    }
    let provider = spec
        .provider
        .as_ref()
        .is_some_and(|provider| !provider.name.is_empty());
    match spec.action {
        Action::Custom if spec.rules.is_empty() => {
            refusals.say("CUSTOM without rules never asks anybody");
        }
        Action::Custom if !provider => refusals.say("CUSTOM without the name of a provider"),
        Action::Deny if spec.rules.is_empty() => refusals.say("DENY without rules denies nothing"),
        _ => {}
    }
    if spec.provider.is_some() && spec.action != Action::Custom {
        refusals.say(format!("a provider, and the action is {}", spec.action));
    }
    for (index, rule) in spec.rules.iter().enumerate() {
        match rule {
            Some(rule) => refusals.rule(index, rule, spec.action),
            None => refusals.say(format!("rule {index} is null")),
        }
    }
    refusals.0
}

struct Refusals(Vec<String>);

impl Refusals {
    fn say(&mut self, refusal: impl Into<String>) {
        self.0.push(refusal.into());
    }

    fn targets(&mut self, policy: &AuthorizationPolicy) {
        let spec = &policy.spec;
        let forms = [
            spec.selector.is_some(),
            spec.target_ref.is_some(),
            !spec.target_refs.is_empty(),
        ];
        if forms.iter().filter(|used| **used).count() > 1 {
            self.say("more than one of selector, targetRef and targetRefs");
        }
        for target in policy.target_refs() {
            if target.name.is_empty() {
                self.say("a target without a name");
            }
            let group = if target.group == "core" {
                ""
            } else {
                &target.group
            };
            if !TARGETS.contains(&(group, &target.kind)) {
                self.say(format!("a target {}/{}", target.group, target.kind));
            }
            if !target.namespace.is_empty() {
                self.say(format!("the target {} has a namespace", target.name));
            }
        }
        for (key, value) in spec
            .selector
            .iter()
            .flat_map(|selector| &selector.match_labels)
        {
            if key.is_empty() {
                self.say("a selector with an empty label");
            }
            if key.contains('*') || value.contains('*') {
                self.say(format!("a selector with a wildcard: {key}={value}"));
            }
        }
    }

    fn rule(&mut self, index: usize, rule: &Rule, action: Action) {
        for from in &rule.from {
            match &from.source {
                Some(source) => self.source(index, source, action),
                None => self.say(format!("rule {index}: a from without source")),
            }
        }
        for to in &rule.to {
            match &to.operation {
                Some(operation) => self.operation(index, operation),
                None => self.say(format!("rule {index}: a to without operation")),
            }
        }
        for condition in &rule.when {
            self.condition(index, condition, action);
        }
    }

    fn source(&mut self, index: usize, source: &Source, action: Action) {
        let identities = [
            ("principals", &source.principals),
            ("notPrincipals", &source.not_principals),
            ("namespaces", &source.namespaces),
            ("notNamespaces", &source.not_namespaces),
        ];
        let accounts = [
            ("serviceAccounts", &source.service_accounts),
            ("notServiceAccounts", &source.not_service_accounts),
        ];
        let tokens = [
            ("requestPrincipals", &source.request_principals),
            ("notRequestPrincipals", &source.not_request_principals),
        ];
        let addresses = [
            ("ipBlocks", &source.ip_blocks),
            ("notIpBlocks", &source.not_ip_blocks),
            ("remoteIpBlocks", &source.remote_ip_blocks),
            ("notRemoteIpBlocks", &source.not_remote_ip_blocks),
        ];
        let domains = [
            ("trustDomains", &source.trust_domains),
            ("notTrustDomains", &source.not_trust_domains),
        ];
        let used =
            |lists: &[(&str, &Vec<String>)]| lists.iter().any(|(_, values)| !values.is_empty());
        if ![&identities[..], &accounts, &tokens, &addresses, &domains]
            .into_iter()
            .any(used)
        {
            self.say(format!("rule {index}: an empty source"));
        }
        if used(&accounts) && used(&identities) {
            self.say(format!(
                "rule {index}: serviceAccounts beside namespaces or principals"
            ));
        }
        for (field, values) in identities.iter().chain(&tokens).chain(&domains) {
            self.filled(index, field, values);
        }
        for (field, values) in &accounts {
            self.accounts(index, field, values);
        }
        for (field, values) in &addresses {
            self.addresses(index, field, values);
        }
        if action == Action::Custom {
            for (field, values) in identities.iter().chain(&accounts).chain(&tokens) {
                if !values.is_empty() {
                    self.say(format!("rule {index}: CUSTOM cannot have {field}"));
                }
            }
        }
    }

    fn operation(&mut self, index: usize, operation: &Operation) {
        let ports = [
            ("ports", &operation.ports),
            ("notPorts", &operation.not_ports),
        ];
        let paths = [
            ("paths", &operation.paths),
            ("notPaths", &operation.not_paths),
        ];
        let others = [
            ("hosts", &operation.hosts),
            ("notHosts", &operation.not_hosts),
            ("methods", &operation.methods),
            ("notMethods", &operation.not_methods),
        ];
        if ports
            .iter()
            .chain(&paths)
            .chain(&others)
            .all(|(_, values)| values.is_empty())
        {
            self.say(format!("rule {index}: an empty operation"));
        }
        for (field, values) in paths.iter().chain(&others) {
            self.filled(index, field, values);
        }
        for (field, values) in &ports {
            self.ports(index, field, values);
        }
        for (field, values) in &paths {
            for path in values.iter().filter(|path| !is_valid_path(path)) {
                self.say(format!(
                    "rule {index}: {field}: {path:?} is no path and no template"
                ));
            }
        }
    }

    fn condition(&mut self, index: usize, condition: &Condition, action: Action) {
        let Condition {
            key,
            values,
            not_values,
        } = condition;
        if key.is_empty() {
            self.say(format!("rule {index}: a when without key"));
            return;
        }
        if values.is_empty() && not_values.is_empty() {
            self.say(format!("rule {index}: {key} without values"));
            return;
        }
        for values in [values, not_values] {
            self.filled(index, key, values);
            match key.as_str() {
                "source.ip" | "remote.ip" | "destination.ip" => self.addresses(index, key, values),
                "destination.port" => self.ports(index, key, values),
                "source.serviceAccount" => self.accounts(index, key, values),
                _ => {}
            }
        }
        let plain = [
            "source.ip",
            "remote.ip",
            "source.namespace",
            "source.serviceAccount",
            "source.principal",
            "source.trustDomain",
            "request.auth.principal",
            "request.auth.audiences",
            "request.auth.presenter",
            "destination.ip",
            "destination.port",
            "connection.sni",
        ];
        let mapped = [
            "request.headers",
            "request.auth.claims",
            "experimental.envoy.filters.",
        ];
        if mapped.iter().any(|prefix| key.starts_with(prefix)) {
            let inner = key.strip_suffix(']').and_then(|key| key.split_once('['));
            if inner.is_none_or(|(name, inner)| name.is_empty() || inner.is_empty()) {
                self.say(format!("rule {index}: the key {key} has not the form a[b]"));
            }
        } else if !plain.contains(&key.as_str()) {
            self.say(format!("rule {index}: the key {key} is not known"));
        }
        let identity = matches!(
            key.as_str(),
            "source.namespace" | "source.serviceAccount" | "source.principal"
        );
        if action == Action::Custom && (identity || key.starts_with("request.auth.")) {
            self.say(format!("rule {index}: CUSTOM cannot have {key}"));
        }
    }

    fn filled(&mut self, index: usize, field: &str, values: &[String]) {
        if values.iter().any(String::is_empty) {
            self.say(format!("rule {index}: an empty value in {field}"));
        }
    }

    fn addresses(&mut self, index: usize, field: &str, values: &[String]) {
        for value in values {
            // Go takes an address with a zone, but no range with one.
            let bare = if value.contains('/') {
                value
            } else {
                value.split('%').next().unwrap_or(value)
            };
            if parse_range(bare).is_none() {
                self.say(format!(
                    "rule {index}: {field}: {value:?} is no address and no range"
                ));
            }
        }
    }

    fn ports(&mut self, index: usize, field: &str, values: &[String]) {
        for value in values.iter().filter(|value| parse_port(value).is_none()) {
            self.say(format!("rule {index}: {field}: {value:?} is no port"));
        }
    }

    fn accounts(&mut self, index: usize, field: &str, values: &[String]) {
        if values.len() > MOST_ACCOUNTS {
            self.say(format!(
                "rule {index}: {field}: more than {MOST_ACCOUNTS} values"
            ));
        }
        for value in values {
            let form = match value.split_once('/') {
                Some((namespace, account)) => {
                    !namespace.is_empty() && !account.is_empty() && !account.contains('/')
                }
                None => !value.is_empty(),
            };
            if !form || value.contains('*') || value.len() > LONGEST_ACCOUNT {
                self.say(format!(
                    "rule {index}: {field}: {value:?} is not ACCOUNT or NAMESPACE/ACCOUNT"
                ));
            }
        }
    }
}

/// `CheckValidPathTemplate`: braces only as whole operators, `{**}` as the last of them, and in a path with an
/// operator only characters that Envoy takes.
fn is_valid_path(path: &str) -> bool {
    let template = is_template(path);
    let mut any_seen = false;
    path.trim_matches('/')
        .split('/')
        .all(|segment| match segment {
            "{*}" => !any_seen,
            "{**}" => !std::mem::replace(&mut any_seen, true),
            other => {
                let literal =
                    |byte: u8| byte.is_ascii_alphanumeric() || b"-._~%!$&'()+,;:@=".contains(&byte);
                let braces = other.contains(['{', '}']);
                !braces && (!template || !other.is_empty() && other.bytes().all(literal))
            }
        })
}

#[cfg(test)]
mod tests;
