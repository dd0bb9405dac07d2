//! Webhooks that would refuse what a restore writes, because nobody answers them: pure.

use std::collections::BTreeSet;

use mesh_common::mesh::{Labels, Selector};
use serde_json::Value;

use super::place::Phase;

/// A webhook in the way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Blocked {
    /// As kubectl takes it.
    pub(crate) resource: &'static str,
    /// Name of the configuration.
    pub(crate) config: String,
    /// Its place in the configuration.
    pub(crate) index: usize,
    /// Name of the webhook.
    pub(crate) webhook: String,
    /// `istio-system/istiod`.
    pub(crate) service: String,
    /// How many writes it would refuse.
    pub(crate) writes: usize,
}

impl Blocked {
    /// In one line.
    pub(crate) fn line(&self) -> String {
        let Self {
            resource,
            config,
            webhook,
            service,
            writes,
            ..
        } = self;
        format!(
            "{resource}/{config} ({webhook}): service {service} has no endpoint; it judges {writes} of the writes"
        )
    }
}

/// Something that is to be written.
#[derive(Debug, Clone)]
pub(crate) struct Write<'a> {
    pub(crate) phase: Phase,
    pub(crate) group: &'a str,
    pub(crate) version: &'a str,
    pub(crate) resource: &'a str,
    /// `CREATE`, `UPDATE`, `DELETE`.
    pub(crate) operation: &'static str,
    /// Labels of its namespace; none for what has no namespace.
    pub(crate) namespace: Option<&'a Labels>,
}

/// The Services that fail-closed webhooks call: namespace and name.
pub(crate) fn services<'a>(configs: impl Iterator<Item = &'a Value>) -> BTreeSet<(String, String)> {
    configs
        .flat_map(|c| c["webhooks"].as_array().into_iter().flatten())
        .filter(|w| is_closed(w))
        .filter_map(service)
        .collect()
}

fn is_closed(webhook: &Value) -> bool {
    // Fail is what v1 sets where nothing is said.
    webhook["failurePolicy"] != "Ignore"
}

fn service(webhook: &Value) -> Option<(String, String)> {
    let service = &webhook["clientConfig"]["service"];
    Some((
        service["namespace"].as_str()?.to_owned(),
        service["name"].as_str()?.to_owned(),
    ))
}

/// Which webhooks stand in the way. `dead` are Services without an endpoint; `revived` those of them that have one once
/// the step of workloads is done.
pub(crate) fn blocked<'a>(
    configs: impl Iterator<Item = (&'static str, &'a Value)>,
    writes: &[Write<'_>],
    dead: &BTreeSet<(String, String)>,
    revived: &BTreeSet<(String, String)>,
) -> Vec<Blocked> {
    let mut found = Vec::new();
    for (resource, config) in configs {
        let hooks = config["webhooks"].as_array().into_iter().flatten();
        for (index, hook) in hooks.enumerate().filter(|(_, w)| is_closed(w)) {
            let Some(of) = service(hook).filter(|s| dead.contains(s)) else {
                continue;
            };
            let count = writes
                .iter()
                .filter(|w| !(revived.contains(&of) && w.phase > Phase::Workloads))
                .filter(|w| judges(hook, w))
                .count();
            if count > 0 {
                found.push(Blocked {
                    resource,
                    config: text(&config["metadata"]["name"]),
                    index,
                    webhook: text(&hook["name"]),
                    service: format!("{}/{}", of.0, of.1),
                    writes: count,
                });
            }
        }
    }
    found
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

/// Whether a webhook would be asked about a write. What cannot be judged here (object selectors, conditions) is taken to
/// match.
fn judges(hook: &Value, write: &Write<'_>) -> bool {
    // No webhook is asked about webhooks.
    if write.phase == Phase::Webhooks {
        return false;
    }
    let has = |list: &Value, value: &str| {
        list.as_array()
            .into_iter()
            .flatten()
            .any(|v| v == "*" || v == value)
    };
    let rules = hook["rules"].as_array().into_iter().flatten();
    let mut rules = rules.filter(|rule| {
        let resources = &rule["resources"];
        has(&rule["apiGroups"], write.group)
            && has(&rule["apiVersions"], write.version)
            && has(&rule["operations"], write.operation)
            && (has(resources, write.resource) || has(resources, "*/*"))
    });
    if rules.next().is_none() {
        return false;
    }
    let Some(labels) = write.namespace else {
        return true;
    };
    let selector = &hook["namespaceSelector"];
    selector.is_null()
        || serde_json::from_value::<Selector>(selector.clone()).map_or(true, |s| s.matches(labels))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_fail_closed_webhook_that_nobody_answers_is_seen() {
        let config = |policy: &str, selector: &Value| {
            json!({ "metadata": { "name": "istio-validator" }, "webhooks": [{
                "name": "validation.istio.io", "failurePolicy": policy, "namespaceSelector": selector,
                "clientConfig": { "service": { "namespace": "istio-system", "name": "istiod" } },
                "rules": [{ "apiGroups": ["security.istio.io"], "apiVersions": ["*"], "resources": ["*"],
                    "operations": ["CREATE", "UPDATE"] }],
            }] })
        };
        let payments: Labels = [("team".to_owned(), "payments".to_owned())].into();
        let write = |group: &'static str, operation| Write {
            phase: Phase::Security,
            group,
            version: "v1",
            resource: "authorizationpolicies",
            operation,
            namespace: Some(&payments),
        };
        let istiod = [("istio-system".to_owned(), "istiod".to_owned())];
        let (dead, none) = (BTreeSet::from(istiod.clone()), BTreeSet::new());
        let any = json!({});
        let theirs = json!({ "matchLabels": { "team": "payments" } });
        let others = json!({ "matchLabels": { "team": "orders" } });
        let policy = write("security.istio.io", "CREATE");
        let table = [
            (
                "dead and closed",
                config("Fail", &any),
                &policy,
                &dead,
                &none,
                1,
            ),
            (
                "its namespace",
                config("Fail", &theirs),
                &policy,
                &dead,
                &none,
                1,
            ),
            (
                "another namespace",
                config("Fail", &others),
                &policy,
                &dead,
                &none,
                0,
            ),
            ("open", config("Ignore", &any), &policy, &dead, &none, 0),
            ("alive", config("Fail", &any), &policy, &none, &none, 0),
            (
                "istiod comes first",
                config("Fail", &any),
                &policy,
                &dead,
                &dead,
                0,
            ),
            (
                "another kind",
                config("Fail", &any),
                &write("", "CREATE"),
                &dead,
                &none,
                0,
            ),
            (
                "another operation",
                config("Fail", &any),
                &write("security.istio.io", "DELETE"),
                &dead,
                &none,
                0,
            ),
        ];
        for (name, config, write, dead, revived, want) in table {
            let all = std::iter::once(("validatingwebhookconfiguration", &config));
            let got = blocked(all, std::slice::from_ref(write), dead, revived);
            assert_eq!(got.len(), want, "{name}: {got:?}");
        }
        let closed = config("Fail", &any);
        assert_eq!(services(std::iter::once(&closed)), BTreeSet::from(istiod));
    }
}
