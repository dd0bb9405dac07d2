//! Callers that come so rarely that neither a watch nor young metrics see them: `CronJobs`. Whether one of them calls what is
//! watched is written nowhere; those that may are asked for, and accepted where they do not.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Mutex, PoisonError},
};

use mesh_common::{mesh::Tap, output::clean};
use serde_json::Value;

use super::callers::namespaces;
use crate::policy::{AuthorizationPolicy, Condition, Source};

/// As the API calls them.
const CRON_JOBS: &str = "cronjobs.batch";

/// `CronJobs` as they come along while the mesh is read: namespace and name, and the service account.
#[derive(Debug, Default)]
pub(super) struct Seen(Mutex<BTreeMap<(String, String), String>>);

impl Tap for Seen {
    fn wants(&self, what: &str) -> bool {
        what == CRON_JOBS
    }

    fn see(&self, _: &str, _: &str, object: &Value) {
        let (meta, spec) = (&object["metadata"], &object["spec"]);
        let (Some(namespace), Some(name)) = (meta["namespace"].as_str(), meta["name"].as_str())
        else {
            return;
        };
        if spec["suspend"] == true {
            return;
        }
        let account = &spec["jobTemplate"]["spec"]["template"]["spec"]["serviceAccountName"];
        let account = account.as_str().filter(|account| !account.is_empty());
        let mut seen = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let account = account.unwrap_or("default").to_owned();
        seen.insert((namespace.to_owned(), name.to_owned()), account);
    }
}

impl Seen {
    /// Those that may call what a policy is about.
    pub(super) fn of(&self, policy: &AuthorizationPolicy) -> Rare {
        let seen = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let jobs = seen.iter().map(|((namespace, _), account)| Job {
            namespace: namespace.clone(),
            account: account.clone(),
            named: names(policy, namespace, account),
        });
        Rare(jobs.collect())
    }
}

/// Rare callers.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Rare(Vec<Job>);

#[derive(Debug, Clone, PartialEq, Eq)]
struct Job {
    namespace: String,
    account: String,
    /// Whether the policy names its identity.
    named: bool,
}

impl Rare {
    /// Identities of those that the policy names, and of those in namespaces that call.
    pub(super) fn beside(&self, callers: &BTreeSet<String>) -> BTreeSet<String> {
        let calling = namespaces(callers);
        let may = |job: &&Job| job.named || calling.contains(job.namespace.as_str());
        let identity = |job: &Job| clean(&format!("{}/{}", job.namespace, job.account), 300);
        self.0.iter().filter(may).map(identity).collect()
    }
}

/// Whether a policy's rules name this identity, be it to let it in or to keep it out. What names everybody names nobody.
pub(crate) fn names(policy: &AuthorizationPolicy, namespace: &str, account: &str) -> bool {
    let rules = || policy.spec.rules.iter().flatten();
    let sources = rules()
        .flat_map(|r| &r.from)
        .filter_map(|f| f.source.as_ref());
    let conditions = rules().flat_map(|r| &r.when);
    let here = Identity {
        namespace,
        account,
        policy: &policy.namespace,
    };
    sources.into_iter().any(|s| here.is_in_source(s))
        || conditions.into_iter().any(|c| here.is_in(c))
}

struct Identity<'a> {
    namespace: &'a str,
    account: &'a str,
    /// The policy's namespace: that of accounts without one.
    policy: &'a str,
}

impl Identity<'_> {
    fn is_in_source(&self, of: &Source) -> bool {
        let any = |a: &[String], b: &[String], is: &dyn Fn(&str) -> bool| {
            a.iter().chain(b).any(|value| is(value))
        };
        any(&of.principals, &of.not_principals, &|v| {
            self.is_principal(v)
        }) || any(&of.namespaces, &of.not_namespaces, &|v| {
            fits(v, self.namespace)
        }) || any(&of.service_accounts, &of.not_service_accounts, &|v| {
            self.is_account(v)
        })
    }

    fn is_in(&self, of: &Condition) -> bool {
        of.values
            .iter()
            .chain(&of.not_values)
            .any(|value| match of.key.as_str() {
                "source.principal" => self.is_principal(value),
                "source.namespace" => fits(value, self.namespace),
                "source.serviceAccount" => self.is_account(value),
                _ => false,
            })
    }

    /// The trust domain is anybody's: the same account of another one is named too.
    fn is_principal(&self, value: &str) -> bool {
        let own = format!("ns/{}/sa/{}", self.namespace, self.account);
        match value.split_once('/') {
            Some((_, rest)) if rest.len() > 1 => {
                fits(rest, &own) || (value.starts_with('*') && fits(value, &own))
            }
            _ => false,
        }
    }

    fn is_account(&self, value: &str) -> bool {
        let (namespace, account) = value.split_once('/').unwrap_or((self.policy, value));
        namespace == self.namespace && account == self.account
    }
}

/// A star first or last, as in the fields of a policy; one alone is no name.
fn fits(pattern: &str, text: &str) -> bool {
    match (pattern.strip_prefix('*'), pattern.strip_suffix('*')) {
        (Some(""), _) | (_, Some("")) => false,
        (Some(end), _) => text.ends_with(end),
        (_, Some(start)) => text.starts_with(start),
        _ => pattern == text,
    }
}

#[cfg(test)]
mod tests;
