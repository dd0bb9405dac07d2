//! Who injects a pod: the API server's choice of webhooks, then istiod's own.
//!
//! The API server calls every webhook whose namespaceSelector and objectSelector hold; istiod then may
//! still leave the pod alone (`pkg/kube/inject/inject.go`, `injectRequired`). Both are mirrored here.

use std::{borrow::Cow, collections::BTreeMap};

use serde::Serialize;

use super::{
    Injector, IstiodService, Labels, Namespace, Operator, Requirement, RevisionConfig, Webhook,
    model::label,
};

mod bare;
mod istiod;
#[cfg(test)]
mod tests;

pub use istiod::IGNORED_NAMESPACES;

/// The label the API server puts on every namespace.
const METADATA_NAME: &str = "kubernetes.io/metadata.name";

/// A pod that is about to be created.
#[derive(Debug, Clone, Copy)]
pub struct Subject<'a> {
    /// Its namespace.
    pub namespace: &'a Namespace,
    /// Its labels as they come in.
    pub labels: &'a Labels,
    /// Its annotation `sidecar.istio.io/inject`.
    pub inject_annotation: Option<&'a str>,
    /// Whether it uses the host's network.
    pub host_network: bool,
}

/// A webhook that would be called for a pod.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Claimant {
    /// Name of the `MutatingWebhookConfiguration`.
    pub config: String,
    /// Name of the webhook in it.
    pub webhook: String,
    /// The revision that answers: that of the Service it calls, else what the configuration's label says.
    pub revision: String,
    /// The tag the configuration makes, if it is a tag.
    pub tag: Option<String>,
    /// The selector that decided, in words: `namespace label istio.io/rev=stable`.
    pub reason: String,
}

/// Whom the API server would call for a pod.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase", tag = "claim")]
pub enum Claim {
    /// No webhook.
    #[serde(rename_all = "camelCase")]
    Nobody {
        /// Why, to group by.
        cause: Cause,
        /// Why, in words.
        reason: String,
    },
    /// One webhook.
    One(Claimant),
    /// Several: the pod would be injected more than once.
    #[serde(rename_all = "camelCase")]
    Many {
        /// All of them, in the order they would be called.
        claimants: Vec<Claimant>,
    },
    /// It depends on `matchConditions`, which are not evaluated.
    #[serde(rename_all = "camelCase")]
    Unknown {
        /// Webhooks that might be called.
        possible: Vec<Claimant>,
        /// Why it is not known.
        reason: String,
    },
}

impl Claim {
    /// Everybody who would or might be called.
    pub fn claimants(&self) -> &[Claimant] {
        match self {
            Self::Nobody { .. } => &[],
            Self::One(claimant) => std::slice::from_ref(claimant),
            Self::Many { claimants } => claimants,
            Self::Unknown { possible, .. } => possible,
        }
    }
}

/// Why a pod is not injected.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Cause {
    /// Nothing asks for it.
    NotAsked,
    /// The namespace is in ambient mode and nothing asks for a sidecar.
    Ambient,
    /// The pod opts out.
    PodOptsOut,
    /// The namespace opts out (`istio-injection` with another value than `enabled`).
    NamespaceOptsOut,
    /// The pod uses the host's network.
    HostNetwork,
    /// A namespace that istiod leaves alone.
    SystemNamespace,
    /// istiod's injection policy or `neverInjectSelector`.
    Policy,
    /// It asks for a revision or tag that no injector answers.
    UnknownRevision,
    /// Both labels at once: `istio-injection=enabled` shuts out `istio.io/rev`, and there is no default.
    BothLabels,
    /// It asks for the default injector, and there is none.
    NoDefault,
    /// There is no injector at all.
    NoInjector,
    /// An injector names it, and its other selectors refuse.
    SelectorRefuses,
}

impl Cause {
    /// Whether somebody asked for a sidecar and does not get one.
    pub fn is_fault(self) -> bool {
        match self {
            Self::UnknownRevision
            | Self::BothLabels
            | Self::NoDefault
            | Self::NoInjector
            | Self::SelectorRefuses => true,
            Self::NotAsked
            | Self::Ambient
            | Self::PodOptsOut
            | Self::NamespaceOptsOut
            | Self::HostNetwork
            | Self::SystemNamespace
            | Self::Policy => false,
        }
    }
}

/// What becomes of a pod.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase", tag = "injected")]
pub enum Injected {
    /// It gets the proxy of this revision.
    #[serde(rename_all = "camelCase")]
    By {
        /// The revision.
        revision: String,
    },
    /// It gets none.
    #[serde(rename_all = "camelCase")]
    No {
        /// Why, to group by.
        cause: Cause,
        /// Why, in words.
        reason: String,
    },
    /// More than one webhook injects it.
    #[serde(rename_all = "camelCase")]
    Twice {
        /// The revisions in the order they are called; the same one twice is possible.
        revisions: Vec<String>,
    },
    /// Not known.
    #[serde(rename_all = "camelCase")]
    Unknown {
        /// Why.
        reason: String,
    },
}

impl Injected {
    /// The one revision, if there is exactly one.
    pub fn revision(&self) -> Option<&str> {
        match self {
            Self::By { revision } => Some(revision),
            Self::No { .. } | Self::Twice { .. } | Self::Unknown { .. } => None,
        }
    }

    /// Whether both mean the same to a pod; the words do not matter.
    pub fn same_as(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::No { .. }, Self::No { .. }) => true,
            (a, b) => a == b,
        }
    }

    /// For a table: `1-28-1`, `none`, `1-26-1 and 1-28-1`, `unknown`.
    pub fn short(&self) -> String {
        match self {
            Self::By { revision } => revision.clone(),
            Self::No { .. } => "none".into(),
            Self::Twice { revisions } => revisions.join(" and "),
            Self::Unknown { .. } => "unknown".into(),
        }
    }
}

/// What the question "who injects" is answered from.
#[derive(Debug, Clone, Copy)]
pub struct Resolver<'a> {
    /// Every injector of the mesh.
    pub injectors: &'a [Injector],
    /// Services of istiod.
    pub services: &'a [IstiodService],
    /// Injection settings by revision; a revision that is missing counts as the charts' defaults.
    pub configs: Option<&'a BTreeMap<String, RevisionConfig>>,
}

/// Whom the API server would call for this pod.
pub fn claim(injectors: &[Injector], services: &[IstiodService], subject: &Subject<'_>) -> Claim {
    let namespace_labels = namespace_labels(subject.namespace);
    let mut certain = Vec::new();
    let mut conditional = Vec::new();
    for injector in injectors {
        for webhook in injector.webhooks.iter().filter(|w| w.on_pod_create) {
            if !webhook.namespace_selector.matches(&namespace_labels)
                || !webhook.object_selector.matches(subject.labels)
            {
                continue;
            }
            let claimant = Claimant {
                config: injector.name.clone(),
                webhook: webhook.name.clone(),
                revision: answering(injector, webhook, services).to_owned(),
                tag: injector.tag.clone(),
                reason: deciding(webhook, &namespace_labels, subject.labels),
            };
            if webhook.match_conditions == 0 {
                certain.push(claimant);
            } else {
                conditional.push(claimant);
            }
        }
    }
    if certain.len() < 2 && !conditional.is_empty() {
        let reason = format!(
            "webhook {} of {} has matchConditions, which are not evaluated",
            conditional[0].webhook, conditional[0].config
        );
        certain.append(&mut conditional);
        return Claim::Unknown {
            possible: certain,
            reason,
        };
    }
    match certain.len() {
        0 => {
            let (cause, reason) = bare::why(injectors, services, subject);
            Claim::Nobody { cause, reason }
        }
        1 => Claim::One(certain.remove(0)),
        _ => Claim::Many { claimants: certain },
    }
}

/// The revision that answers a webhook: the one whose pods its Service selects, else the Service's label,
/// else the configuration's own label.
pub fn answering<'a>(
    injector: &'a Injector,
    webhook: &'a Webhook,
    services: &'a [IstiodService],
) -> &'a str {
    let service = webhook.target.service().and_then(|(namespace, name)| {
        services
            .iter()
            .find(|s| s.namespace == namespace && s.name == name)
    });
    service
        .and_then(|s| s.selector.get(label::REV).or(s.revision.as_ref()))
        .unwrap_or(&injector.revision)
}

impl Resolver<'_> {
    /// Whom the API server would call for this pod.
    pub fn claim(&self, subject: &Subject<'_>) -> Claim {
        claim(self.injectors, self.services, subject)
    }

    /// Whom the API server would call, and what comes of it.
    pub fn resolve(&self, subject: &Subject<'_>) -> (Claim, Injected) {
        let claim = self.claim(subject);
        let injected = self.injected(&claim, subject);
        (claim, injected)
    }

    /// What comes of a claim once istiod has had its say.
    pub fn injected(&self, claim: &Claim, subject: &Subject<'_>) -> Injected {
        let claimants = match claim {
            Claim::Nobody { cause, reason } => {
                return Injected::No {
                    cause: *cause,
                    reason: reason.clone(),
                };
            }
            Claim::One(claimant) => std::slice::from_ref(claimant),
            Claim::Many { claimants } => claimants,
            Claim::Unknown { possible, .. } => possible,
        };
        let mut refusal = None;
        let mut revisions = Vec::new();
        for claimant in claimants {
            let config = self.configs.and_then(|c| c.get(&claimant.revision));
            match istiod::refuses(config, subject) {
                Some(why) => refusal = Some(why),
                None => revisions.push(claimant.revision.clone()),
            }
        }
        match (claim, revisions.len(), refusal) {
            (_, 0, Some((cause, reason))) => Injected::No { cause, reason },
            (Claim::Unknown { reason, .. }, _, _) => Injected::Unknown {
                reason: reason.clone(),
            },
            (_, 1, _) => Injected::By {
                revision: revisions.remove(0),
            },
            _ => Injected::Twice { revisions },
        }
    }
}

/// Labels of a namespace as the API server's matcher sees them.
fn namespace_labels(namespace: &Namespace) -> Cow<'_, Labels> {
    if namespace.labels.contains_key(METADATA_NAME) {
        return Cow::Borrowed(&namespace.labels);
    }
    let mut labels = namespace.labels.clone();
    labels.insert(METADATA_NAME.into(), namespace.name.clone());
    Cow::Owned(labels)
}

/// The requirement that made a webhook take this pod, in words.
fn deciding(webhook: &Webhook, namespace: &Labels, pod: &Labels) -> String {
    let positive = |r: &Requirement| matches!(r.operator, Operator::In | Operator::Exists);
    let words = |what: &str, labels: &Labels, requirement: &Requirement| {
        let value = labels.get(&requirement.key).map_or("", String::as_str);
        format!("{what} label {}={value}", requirement.key)
    };
    if let Some(r) = webhook.namespace_selector.requirements().find(positive) {
        return words("namespace", namespace, &r);
    }
    // A revision says more than the switch beside it.
    let mut of_pod: Vec<_> = webhook
        .object_selector
        .requirements()
        .filter(positive)
        .collect();
    of_pod.sort_by_key(|r| r.key != label::REV);
    match of_pod.first() {
        Some(r) => words("pod", pod, r),
        None => "no label says otherwise".into(),
    }
}
