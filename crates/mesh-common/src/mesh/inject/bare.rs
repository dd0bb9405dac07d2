//! Why no webhook takes a pod: the explanation nearest to what a person would change.

use super::{Cause, Injector, IstiodService, Subject, label, namespace_labels};

/// The nearest reason why none of these injectors claims this pod.
pub(super) fn why(
    injectors: &[Injector],
    services: &[IstiodService],
    subject: &Subject<'_>,
) -> (Cause, String) {
    let namespace = &subject.namespace.labels;
    let injection = namespace.get(label::INJECTION).map(String::as_str);
    let rev = namespace.get(label::REV).map(String::as_str);
    let pod_rev = subject.labels.get(label::REV).map(String::as_str);
    let switch = subject.labels.get(label::INJECT).map(String::as_str);

    if let Some(value) = injection
        && value != "enabled"
    {
        let reason = format!("namespace label {}={value}", label::INJECTION);
        return (Cause::NamespaceOptsOut, reason);
    }
    if switch == Some("false") {
        let reason = format!("pod label {}=false", label::INJECT);
        return (Cause::PodOptsOut, reason);
    }
    if injection.is_some() {
        let asked = format!("namespace label {}=enabled", label::INJECTION);
        if let Some(reason) = refusal(injectors, subject, "default") {
            return (Cause::SelectorRefuses, format!("{asked}: {reason}"));
        }
        return match rev {
            Some(rev) => (
                Cause::BothLabels,
                format!(
                    "both namespace labels: {}=enabled shuts out {}={rev}, and there is no default injector{}",
                    label::INJECTION,
                    label::REV,
                    switched_off(injectors)
                ),
            ),
            None => (
                no_injector(injectors, Cause::NoDefault),
                format!(
                    "{asked}, and there is no default injector{}",
                    switched_off(injectors)
                ),
            ),
        };
    }
    if let Some(rev) = rev {
        return unanswered(injectors, services, subject, rev, "namespace");
    }
    if let Some(rev) = pod_rev {
        return unanswered(injectors, services, subject, rev, "pod");
    }
    if switch == Some("true") {
        let reason = format!(
            "pod label {}=true, and there is no default injector{}",
            label::INJECT,
            switched_off(injectors)
        );
        return (no_injector(injectors, Cause::NoDefault), reason);
    }
    if subject.namespace.is_ambient() {
        return (Cause::Ambient, "the namespace is in ambient mode".into());
    }
    (
        Cause::NotAsked,
        "no label on the namespace or the pod asks for it".into(),
    )
}

fn no_injector(injectors: &[Injector], otherwise: Cause) -> Cause {
    if injectors.is_empty() {
        Cause::NoInjector
    } else {
        otherwise
    }
}

/// A label `istio.io/rev` that nobody answers.
fn unanswered(
    injectors: &[Injector],
    services: &[IstiodService],
    subject: &Subject<'_>,
    rev: &str,
    whose: &str,
) -> (Cause, String) {
    let asked = format!("{whose} label {}={rev}", label::REV);
    if rev.is_empty() {
        let reason = format!("{asked} is empty and selects no injector");
        return (Cause::UnknownRevision, reason);
    }
    if let Some(reason) = refusal(injectors, subject, rev) {
        return (Cause::SelectorRefuses, format!("{asked}: {reason}"));
    }
    let reason = if services.iter().any(|s| s.tag.as_deref() == Some(rev)) {
        format!("{asked}: only a Service makes this tag, and a Service injects nobody")
    } else if services
        .iter()
        .any(|s| s.tag.is_none() && s.revision.as_deref() == Some(rev))
    {
        format!("{asked}: this revision has no injector")
    } else {
        format!("{asked}: there is no such revision or tag")
    };
    (no_injector(injectors, Cause::UnknownRevision), reason)
}

/// An injector of this name is there, and does not take the pod: what its webhooks object to.
fn refusal(injectors: &[Injector], subject: &Subject<'_>, name: &str) -> Option<String> {
    let injector = injectors.iter().find(|i| {
        !i.is_deactivated()
            && match &i.tag {
                Some(tag) => tag == name,
                None => i.revision == name,
            }
    })?;
    let labels = namespace_labels(subject.namespace);
    // The webhook that comes closest is the one for namespaces, listed first by the charts.
    let refused = injector
        .webhooks
        .iter()
        .filter(|w| w.on_pod_create)
        .find_map(|w| {
            w.object_selector
                .refusal(subject.labels)
                .filter(|_| w.namespace_selector.matches(&labels))
                .map(|r| format!("injector {} wants pods with {r}", injector.name))
        })
        .or_else(|| {
            injector
                .webhooks
                .iter()
                .filter(|w| w.on_pod_create)
                .find_map(|w| w.namespace_selector.refusal(&labels))
                .map(|r| format!("injector {} wants namespaces with {r}", injector.name))
        });
    refused.or_else(|| {
        Some(format!(
            "injector {} has no webhook for new pods",
            injector.name
        ))
    })
}

/// A hint that the default injector is there and switched off.
fn switched_off(injectors: &[Injector]) -> String {
    injectors
        .iter()
        .find(|i| i.tag.is_none() && i.is_deactivated())
        .map(|i| format!(" ({} was switched off by a default tag)", i.name))
        .unwrap_or_default()
}
