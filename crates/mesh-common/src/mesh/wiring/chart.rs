//! What istioctl writes for a tag (`manifests/charts/istio-control/istio-discovery/templates/revision-tags*.yaml`).

use super::DEFAULT;
use crate::mesh::{
    Injector, IstiodService, Known, Labels, Operator, Owner, Requirement, Selector, Validator,
    Webhook, WebhookTarget, model::label,
};

/// The chart's name for a revision's istiod Service.
pub(super) fn istiod(revision: &str) -> String {
    match revision {
        DEFAULT => "istiod".into(),
        revision => format!("istiod-{revision}"),
    }
}

/// The tag's `MutatingWebhookConfiguration`. CA bundle and an external address come from the revision's own.
pub(super) fn tag_injector(
    name: String,
    tag: &str,
    own: &Injector,
    old: Option<&Injector>,
    istio_namespace: &str,
) -> Injector {
    let model = model(own);
    let webhook = |prefix: &str, namespaces: Vec<Requirement>, pods: Vec<Requirement>| Webhook {
        name: format!("{prefix}.sidecar-injector.istio.io"),
        target: target(&own.revision, model, istio_namespace, "/inject"),
        ca_bundle: model.and_then(|w| w.ca_bundle.clone()),
        ca_bundle_is_pem: model.is_some_and(|w| w.ca_bundle_is_pem),
        namespace_selector: all(namespaces),
        object_selector: all(pods),
        failure_policy: "Fail".into(),
        match_conditions: 0,
        on_pod_create: true,
    };
    let not_out = || not_in(label::INJECT, "false");
    let mut webhooks = vec![
        webhook(
            "rev.namespace",
            vec![one_of(label::REV, tag), absent(label::INJECTION)],
            vec![not_out()],
        ),
        webhook(
            "rev.object",
            vec![absent(label::REV), absent(label::INJECTION)],
            vec![not_out(), one_of(label::REV, tag)],
        ),
    ];
    if tag == DEFAULT {
        webhooks.push(webhook(
            "namespace",
            vec![one_of(label::INJECTION, "enabled")],
            vec![not_out()],
        ));
        webhooks.push(webhook(
            "object",
            vec![absent(label::INJECTION), absent(label::REV)],
            vec![one_of(label::INJECT, "true"), absent(label::REV)],
        ));
    }
    Injector {
        name,
        revision: own.revision.clone(),
        tag: Some(tag.into()),
        webhooks,
        owner: old.map_or(Owner::None, |o| o.owner.clone()),
        created: old.and_then(|o| o.created),
        resource_version: old.map_or_else(String::new, |o| o.resource_version.clone()),
    }
}

/// `istiod-default-validator`, with the injector's CA bundle. istiod turns a new one's failure policy to `Fail` as soon as it answers, and an older
/// one keeps its own (`fixWhConfig`).
pub(super) fn default_validator(
    own: &Injector,
    old: Option<&Validator>,
    istio_namespace: &str,
) -> Validator {
    let model = model(own);
    let policy = old
        .into_iter()
        .flat_map(|v| &v.webhooks)
        .next()
        .map_or("Fail", |w| w.failure_policy.as_str());
    Validator {
        name: super::DEFAULT_VALIDATOR.into(),
        revision: Some(own.revision.clone()),
        tag: Some(DEFAULT.into()),
        webhooks: vec![Webhook {
            name: "validation.istio.io".into(),
            target: target(&own.revision, model, istio_namespace, "/validate"),
            ca_bundle: model.and_then(|w| w.ca_bundle.clone()),
            ca_bundle_is_pem: model.is_some_and(|w| w.ca_bundle_is_pem),
            namespace_selector: Selector::default(),
            object_selector: all(vec![absent(label::REV)]),
            failure_policy: policy.into(),
            match_conditions: 0,
            on_pod_create: false,
        }],
        owner: old.map_or(Owner::None, |o| o.owner.clone()),
        resource_version: old.map_or_else(String::new, |o| o.resource_version.clone()),
    }
}

/// `istiod-revision-tag-<tag>`, with the pods and so the endpoints of the revision's own Service.
pub(super) fn tag_service(
    name: String,
    tag: &str,
    revision: &str,
    own: Option<&IstiodService>,
    old: Option<&IstiodService>,
    istio_namespace: &str,
) -> IstiodService {
    let selector = match revision {
        DEFAULT => Labels::from([
            ("app".into(), "istiod".into()),
            ("istio".into(), "pilot".into()),
        ]),
        revision => Labels::from([
            ("app".into(), "istiod".into()),
            (label::REV.into(), revision.into()),
        ]),
    };
    IstiodService {
        namespace: istio_namespace.into(),
        name,
        revision: Some(revision.into()),
        tag: Some(tag.into()),
        selector,
        ready_endpoints: own.map_or_else(
            || Known::not_read("endpointslices"),
            |s| s.ready_endpoints.clone(),
        ),
        owner: old.map_or(Owner::None, |o| o.owner.clone()),
        created: old.and_then(|o| o.created),
        resource_version: old.map_or_else(String::new, |o| o.resource_version.clone()),
    }
}

/// The webhook of a revision that CA bundle and address are copied from.
fn model(own: &Injector) -> Option<&Webhook> {
    let mut webhooks = own.webhooks.iter();
    webhooks.find(|w| w.name.ends_with("sidecar-injector.istio.io"))
}

/// An external address is copied, a Service is the chart's.
fn target(
    revision: &str,
    model: Option<&Webhook>,
    istio_namespace: &str,
    path: &str,
) -> WebhookTarget {
    match model.map(|w| &w.target) {
        Some(WebhookTarget::Url(url)) => WebhookTarget::Url(url.clone()),
        _ => WebhookTarget::Service {
            namespace: istio_namespace.into(),
            name: istiod(revision),
            path: path.into(),
            port: 443,
        },
    }
}

fn all(requirements: Vec<Requirement>) -> Selector {
    Selector {
        match_labels: Labels::new(),
        match_expressions: requirements,
    }
}

fn requirement(key: &str, operator: Operator, values: Vec<String>) -> Requirement {
    Requirement {
        key: key.into(),
        operator,
        values,
    }
}

fn one_of(key: &str, value: &str) -> Requirement {
    requirement(key, Operator::In, vec![value.into()])
}

fn not_in(key: &str, value: &str) -> Requirement {
    requirement(key, Operator::NotIn, vec![value.into()])
}

fn absent(key: &str) -> Requirement {
    requirement(key, Operator::DoesNotExist, Vec::new())
}
