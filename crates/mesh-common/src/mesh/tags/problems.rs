//! What can be wrong with a tag, a revision's injector, and the validators.

use std::collections::BTreeSet;

use serde::Serialize;

use super::View;
use crate::mesh::{
    Injector, IstiodService, Known, Labels, Validator, Webhook, WebhookTarget,
    skew::minor,
    wiring::{DEFAULT, DEFAULT_VALIDATOR},
};

/// Something wrong with a tag or with the mesh's webhooks.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Problem {
    /// What it is.
    pub kind: ProblemKind,
    /// Whether something does not work because of it; else it is worth knowing.
    pub broken: bool,
    /// In words, with the objects' names.
    pub text: String,
    /// The object that is wrong, as kubectl takes it, where it is a webhook configuration. The text names it too.
    #[serde(skip)]
    pub object: Option<String>,
}

/// What is wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum ProblemKind {
    /// A tag with a webhook and without the Service that 1.28 and later make.
    WebhookOnly,
    /// A tag with a Service only: an older istioctl removed the webhook, or it serves ambient.
    ServiceOnly,
    /// Webhook and Service, or two webhooks, point to different revisions.
    TwoRevisions,
    /// Two webhook configurations make it.
    TwoWebhooks,
    /// It has the name of a revision.
    ShadowsRevision,
    /// Its revision has no istiod.
    NoIstiod,
    /// Its revision has no ready istiod.
    NotReady,
    /// Its revision has no injector of its own.
    NoInjector,
    /// It has no CA bundle: the API server cannot call it.
    CaMissing,
    /// Its CA bundle is no PEM certificate.
    CaNotPem,
    /// Its CA bundle is not the one of its revision's own injector.
    CaDiffers,
    /// It calls a Service that does not exist, or nothing at all.
    TargetMissing,
    /// The Service it calls has no ready endpoints.
    TargetNotReady,
    /// It calls another revision than its label names.
    TargetElsewhere,
    /// The un-revisioned injector was switched off by a default tag.
    Deactivated,
    /// More than one validator checks objects without a revision label.
    TwoDefaultValidators,
    /// The default validator belongs to another revision than the default tag.
    ValidatorElsewhere,
}

fn problem(kind: ProblemKind, broken: bool, text: String) -> Problem {
    Problem {
        kind,
        broken,
        text,
        object: None,
    }
}

/// Says of which webhook configuration (`mutating` or `validating`) these are.
fn about(problems: &mut [Problem], kind: &str, name: &str) {
    for problem in problems {
        problem.object = Some(format!("{kind}webhookconfiguration/{name}"));
    }
}

/// What is wrong with one tag (or with a revision by its own name).
pub(super) fn of_row(
    view: &View<'_>,
    tag: Option<&str>,
    revisions: &BTreeSet<&str>,
    injectors: &[&Injector],
    services: &[&IstiodService],
) -> Vec<Problem> {
    let mut problems = Vec::new();
    if let Some(tag) = tag {
        of_tag(view, tag, revisions, injectors, services, &mut problems);
    }
    of_istiods(view, revisions, &mut problems);
    for injector in injectors {
        of_injector(view, injector, &mut problems);
    }
    problems.sort();
    problems.dedup();
    problems
}

/// What is wrong with an injector, a tag's or a revision's own.
pub(super) fn of_injector(view: &View<'_>, injector: &Injector, problems: &mut Vec<Problem>) {
    let before = problems.len();
    if injector.is_deactivated() {
        let text = format!(
            "{} was switched off by a default tag; only restoring the object undoes it",
            injector.name
        );
        problems.push(problem(ProblemKind::Deactivated, false, text));
    }
    of_webhooks(view, &injector.name, &injector.webhooks, problems);
    if injector.tag.is_some() {
        against_its_revision(view, injector, problems);
    }
    about(&mut problems[before..], "mutating", &injector.name);
}

fn of_tag(
    view: &View<'_>,
    tag: &str,
    revisions: &BTreeSet<&str>,
    injectors: &[&Injector],
    services: &[&IstiodService],
    problems: &mut Vec<Problem>,
) {
    let names: Vec<_> = revisions.iter().copied().collect();
    if names.len() > 1 {
        let webhook: Vec<_> = view.wiring.tag_by_webhook(tag).into_iter().collect();
        let service: Vec<_> = view.wiring.tag_by_service(tag).into_iter().collect();
        let text = format!(
            "two revisions own it: by webhook {}, by Service {}",
            or_none(&webhook),
            or_none(&service)
        );
        problems.push(problem(ProblemKind::TwoRevisions, true, text));
    }
    if injectors.len() > 1 {
        let configs: Vec<_> = injectors.iter().map(|i| i.name.as_str()).collect();
        let text = format!(
            "several webhook configurations make it: {}",
            configs.join(", ")
        );
        problems.push(problem(ProblemKind::TwoWebhooks, true, text));
    }
    if injectors.is_empty() {
        let service = services.first().map_or("", |s| s.name.as_str());
        let text = format!(
            "only Service {service} is left of it: it injects nobody (an istioctl before 1.28 leaves it behind)"
        );
        problems.push(problem(ProblemKind::ServiceOnly, true, text));
    } else if services.is_empty() && view.services_known {
        let newer = |revision: &&str| {
            let istiods = view.istiods.as_ref().ok().and_then(|i| i.get(*revision));
            istiods.is_some_and(|i| i.versions.iter().any(|v| minor(v) >= Some((1, 28))))
        };
        if names.iter().any(newer) {
            let text = format!(
                "it has no Service istiod-revision-tag-{tag}: an istioctl before 1.28 made it"
            );
            problems.push(problem(ProblemKind::WebhookOnly, false, text));
        }
    }
    if tag != DEFAULT && view.wiring.revisions().contains(tag) {
        let text = format!("a revision is named {tag} too: both answer the same label");
        problems.push(problem(ProblemKind::ShadowsRevision, true, text));
    }
}

fn or_none(names: &[&str]) -> String {
    match names {
        [] => "none".into(),
        names => names.join(" and "),
    }
}

fn of_istiods(view: &View<'_>, revisions: &BTreeSet<&str>, problems: &mut Vec<Problem>) {
    for revision in revisions {
        if view.wiring.own_injector(revision).is_none() {
            let text = format!("revision {revision} has no injector of its own");
            problems.push(problem(ProblemKind::NoInjector, false, text));
        }
        let Ok(istiods) = &view.istiods else {
            continue;
        };
        match istiods.get(*revision) {
            None => {
                let text = format!("revision {revision} has no istiod");
                problems.push(problem(ProblemKind::NoIstiod, true, text));
            }
            Some(istiod) if istiod.ready == 0 => {
                let text = format!(
                    "no istiod of revision {revision} is ready (0 of {})",
                    istiod.wanted
                );
                problems.push(problem(ProblemKind::NotReady, true, text));
            }
            Some(_) => {}
        }
    }
}

/// Targets and CA bundles of a webhook configuration.
fn of_webhooks(view: &View<'_>, name: &str, webhooks: &[Webhook], problems: &mut Vec<Problem>) {
    for webhook in webhooks {
        match &webhook.ca_bundle {
            // An external address may be signed by a public authority.
            None if matches!(webhook.target, WebhookTarget::Url(_)) => {}
            None => problems.push(problem(
                ProblemKind::CaMissing,
                true,
                format!("{name} has no CA bundle: the API server cannot call it"),
            )),
            Some(_) if !webhook.ca_bundle_is_pem => problems.push(problem(
                ProblemKind::CaNotPem,
                true,
                format!("the CA bundle of {name} is no PEM certificate"),
            )),
            Some(_) => {}
        }
        match &webhook.target {
            WebhookTarget::Missing => problems.push(problem(
                ProblemKind::TargetMissing,
                true,
                format!("{name} calls nobody: it names neither Service nor address"),
            )),
            WebhookTarget::Service {
                namespace,
                name: to,
                ..
            } if view.services_known && *namespace == view.wiring.istio_namespace => {
                let service = view.wiring.services.iter().find(|s| s.name == *to);
                match service.map(|s| &s.ready_endpoints) {
                    None => problems.push(problem(
                        ProblemKind::TargetMissing,
                        true,
                        format!("{name} calls Service {to}, which does not exist"),
                    )),
                    Some(Known::Known(0)) => problems.push(problem(
                        ProblemKind::TargetNotReady,
                        true,
                        format!("{name} calls Service {to}, which has no ready endpoint"),
                    )),
                    Some(_) => {}
                }
            }
            WebhookTarget::Service { .. } | WebhookTarget::Url(_) => {}
        }
    }
}

/// A tag's webhook beside its revision's own.
fn against_its_revision(view: &View<'_>, injector: &Injector, problems: &mut Vec<Problem>) {
    for webhook in &injector.webhooks {
        let answers = crate::mesh::inject::answering(injector, webhook, &view.wiring.services);
        if answers != injector.revision {
            let text = format!(
                "{} is labelled with revision {} and calls {answers}",
                injector.name, injector.revision
            );
            problems.push(problem(ProblemKind::TargetElsewhere, true, text));
        }
    }
    let Some(own) = view.wiring.own_injector(&injector.revision) else {
        return;
    };
    let bundle = |i: &Injector| i.webhooks.first().and_then(|w| w.ca_bundle.clone());
    let bundles: BTreeSet<_> = injector.webhooks.iter().map(|w| &w.ca_bundle).collect();
    let differs = bundles.into_iter().any(|b| *b != bundle(own));
    if differs && bundle(injector).is_some() {
        let text = format!(
            "the CA bundle of {} is not that of {}",
            injector.name, own.name
        );
        problems.push(problem(ProblemKind::CaDiffers, true, text));
    }
}

/// What is wrong with the validators: they fail closed, so a dead one stops every change of Istio's objects.
pub(super) fn of_mesh(view: &View<'_>) -> Vec<Problem> {
    let mut problems = Vec::new();
    let validators = &view.wiring.validators;
    for validator in validators {
        let before = problems.len();
        of_webhooks(view, &validator.name, &validator.webhooks, &mut problems);
        about(&mut problems[before..], "validating", &validator.name);
    }
    let of_default: Vec<_> = validators.iter().filter(|v| takes_unlabelled(v)).collect();
    if of_default.len() > 1 {
        let names: Vec<_> = of_default.iter().map(|v| v.name.as_str()).collect();
        let revisions: BTreeSet<_> = of_default.iter().map(|v| &v.revision).collect();
        let text = format!(
            "several validators check objects without a revision label: {}",
            names.join(", ")
        );
        let kind = ProblemKind::TwoDefaultValidators;
        problems.push(problem(kind, revisions.len() > 1, text));
    }
    let owners = view.wiring.tag_by_webhook(DEFAULT);
    let named = validators.iter().find(|v| v.name == DEFAULT_VALIDATOR);
    if let Some(revision) = named.and_then(|v| v.revision.as_deref())
        && !owners.is_empty()
        && !owners.contains(revision)
    {
        let text = format!(
            "{DEFAULT_VALIDATOR} belongs to {revision}, the tag {DEFAULT} to {}",
            owners.into_iter().collect::<Vec<_>>().join(" and ")
        );
        problems.push(problem(ProblemKind::ValidatorElsewhere, true, text));
        if let Some(last) = problems.last_mut() {
            about(std::slice::from_mut(last), "validating", DEFAULT_VALIDATOR);
        }
    }
    problems.sort();
    problems.dedup();
    problems
}

/// Whether a validator checks objects that carry no label at all.
fn takes_unlabelled(validator: &Validator) -> bool {
    let none = Labels::new();
    let mut webhooks = validator.webhooks.iter();
    webhooks.any(|w| w.object_selector.matches(&none))
}
