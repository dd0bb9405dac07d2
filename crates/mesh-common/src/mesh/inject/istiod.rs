//! Whether istiod injects a pod that it was called for (`pkg/kube/inject/inject.go`, `injectRequired`).

use super::{Cause, RevisionConfig, Subject, label};
use crate::mesh::Selector;

/// Namespaces istiod never injects into (`pkg/kube/inject/webhook.go`, `IgnoredNamespaces`).
pub const IGNORED_NAMESPACES: [&str; 4] = [
    "kube-system",
    "kube-public",
    "kube-node-lease",
    "local-path-storage",
];

/// Why istiod would leave a claimed pod alone; none when it injects (`injectRequired`).
pub(super) fn refuses(
    config: Option<&RevisionConfig>,
    subject: &Subject<'_>,
) -> Option<(Cause, String)> {
    if subject.host_network {
        return Some((
            Cause::HostNetwork,
            "the pod uses the host's network".to_owned(),
        ));
    }
    let namespace = subject.namespace.name.as_str();
    if IGNORED_NAMESPACES.contains(&namespace) {
        let reason = format!("istiod never injects into namespace {namespace}");
        return Some((Cause::SystemNamespace, reason));
    }
    // The label is the newer switch and wins over the annotation.
    let (what, switch) = match subject.labels.get(label::INJECT) {
        Some(value) => ("label", value.as_str()),
        None => ("annotation", subject.inject_annotation.unwrap_or_default()),
    };
    match switch.to_ascii_lowercase().as_str() {
        "y" | "yes" | "true" | "on" => return by_policy(config, Some(true), String::new()),
        "" => {}
        _ => {
            let reason = format!("pod {what} {}={switch}", label::INJECT);
            return Some((Cause::PodOptsOut, reason));
        }
    }
    // An empty selector in these lists selects nobody, unlike everywhere else.
    let matching = |selectors: &[Selector]| {
        selectors
            .iter()
            .find(|s| !s.is_empty() && s.matches(subject.labels))
            .cloned()
    };
    let never = config.and_then(|c| matching(&c.never_inject));
    if let Some(selector) = never {
        return by_policy(
            config,
            Some(false),
            format!("neverInjectSelector {selector}"),
        );
    }
    let always = config.and_then(|c| matching(&c.always_inject));
    by_policy(config, always.map(|_| true), String::new())
}

/// The last step: what was asked for, or the policy where nothing was.
fn by_policy(
    config: Option<&RevisionConfig>,
    asked: Option<bool>,
    why_not: String,
) -> Option<(Cause, String)> {
    let policy = config.map_or("enabled", |c| c.policy.as_str());
    let required = match policy {
        "enabled" => asked.unwrap_or(true),
        "disabled" => asked.unwrap_or(false),
        _ => false,
    };
    if required {
        return None;
    }
    let reason = if asked == Some(false) && !why_not.is_empty() {
        why_not
    } else {
        format!("istiod's injection policy is {policy}")
    };
    Some((Cause::Policy, reason))
}
