//! Istio's webhook configurations and the Services that they call.

use std::collections::{BTreeMap, BTreeSet};

use base64::{Engine, engine::general_purpose::STANDARD};

use super::istiods::DEFAULT;
use crate::mesh::{
    Injector, IstiodService, Known, Validator, Webhook, WebhookTarget,
    digest::sha256,
    label,
    wire::{Meta, config, webhook},
};

/// Webhook configurations of Istio.
#[derive(Debug, Default)]
pub(super) struct Webhooks {
    injectors: Vec<Injector>,
    validators: Vec<Validator>,
}

impl Webhooks {
    pub(super) fn absorb(&mut self, other: Self) {
        self.injectors.extend(other.injectors);
        self.validators.extend(other.validators);
    }

    /// Takes a `MutatingWebhookConfiguration` if it is Istio's.
    ///
    /// Labels come first, as istioctl and istiod look for them (`istio.io/rev` and `istio.io/tag`,
    /// `istioctl/pkg/tag/util.go`); then what every injector has in common whoever renamed it: the label
    /// `app: sidecar-injector`, webhooks named `….sidecar-injector.istio.io`, or any name of `istio.io`
    /// with the injector's path.
    pub(super) fn mutating(&mut self, config: webhook::Configuration) {
        let meta = config.metadata;
        let labelled = meta.labels.contains_key(label::REV)
            || meta.labels.contains_key(label::TAG)
            || meta.label("app") == Some("sidecar-injector");
        let injects = |w: &webhook::Webhook| {
            let config = &w.client_config;
            let path = config.service.as_ref().map(|s| s.path.as_str());
            w.name.ends_with(".sidecar-injector.istio.io")
                || w.name == "sidecar-injector.istio.io"
                || (w.name.ends_with("istio.io")
                    && path
                        .or(config.url.as_deref())
                        .is_some_and(|p| p.contains("/inject")))
        };
        if !labelled && !config.webhooks.iter().any(injects) {
            return;
        }
        self.injectors.push(Injector {
            revision: meta.label(label::REV).unwrap_or(DEFAULT).to_owned(),
            tag: meta.label(label::TAG).map(str::to_owned),
            webhooks: config.webhooks.into_iter().map(webhook_of).collect(),
            owner: meta.owner(),
            created: meta.creation_timestamp,
            name: meta.name,
            resource_version: meta.resource_version,
        });
    }

    /// Takes a `ValidatingWebhookConfiguration` if it is Istio's.
    pub(super) fn validating(&mut self, config: webhook::Configuration) {
        let meta = config.metadata;
        let istios = meta.labels.contains_key(label::REV)
            || meta.labels.contains_key(label::TAG)
            || meta.label("app") == Some("istiod")
            || meta.name == "istiod-default-validator"
            || config
                .webhooks
                .iter()
                .any(|w| w.name.ends_with("validation.istio.io"));
        if !istios {
            return;
        }
        self.validators.push(Validator {
            revision: meta.label(label::REV).map(str::to_owned),
            tag: meta.label(label::TAG).map(str::to_owned),
            webhooks: config.webhooks.into_iter().map(webhook_of).collect(),
            owner: meta.owner(),
            name: meta.name,
            resource_version: meta.resource_version,
        });
    }

    /// Names of the Services in this namespace that any of them calls.
    pub(super) fn services_of(&self, namespace: &str) -> BTreeSet<String> {
        let all = self.injectors.iter().flat_map(|i| &i.webhooks);
        all.chain(self.validators.iter().flat_map(|v| &v.webhooks))
            .filter_map(|w| w.target.service())
            .filter(|(ns, _)| *ns == namespace)
            .map(|(_, name)| name.to_owned())
            .collect()
    }

    /// Injectors, sorted by name.
    pub(super) fn injectors(&self) -> Vec<Injector> {
        let mut sorted = self.injectors.clone();
        sorted.sort_by(|a, b| a.name.cmp(&b.name));
        sorted
    }

    /// Validators, sorted by name.
    pub(super) fn validators(&self) -> Vec<Validator> {
        let mut sorted = self.validators.clone();
        sorted.sort_by(|a, b| a.name.cmp(&b.name));
        sorted
    }
}

fn webhook_of(w: webhook::Webhook) -> Webhook {
    let bundle = bundle(&w.client_config.ca_bundle);
    Webhook {
        on_pod_create: w.rules.iter().any(webhook::Rule::on_pod_create),
        name: w.name,
        target: match (w.client_config.service, w.client_config.url) {
            (Some(service), _) => WebhookTarget::Service {
                namespace: service.namespace,
                name: service.name,
                path: service.path,
                port: service.port.unwrap_or(443),
            },
            (None, Some(url)) => WebhookTarget::Url(url),
            (None, None) => WebhookTarget::Missing,
        },
        ca_bundle: (!bundle.trim_ascii().is_empty()).then(|| digest(&bundle)),
        ca_bundle_is_pem: has_certificate(&bundle),
        namespace_selector: w.namespace_selector,
        object_selector: w.object_selector,
        failure_policy: w.failure_policy.unwrap_or_else(|| "Fail".into()),
        match_conditions: w.match_conditions.len(),
    }
}

/// The bundle itself; what is no base64 stays as it is, and then is no PEM either.
fn bundle(encoded: &str) -> Vec<u8> {
    STANDARD
        .decode(encoded)
        .unwrap_or_else(|_| encoded.as_bytes().to_vec())
}

/// Digest of a certificate bundle. White space around it is not part of it: istiod writes the same root
/// with and without a last newline.
pub(super) fn digest(bundle: &[u8]) -> String {
    sha256(bundle.trim_ascii())
}

/// Whether there is at least one PEM block `CERTIFICATE` with something in it.
fn has_certificate(bundle: &[u8]) -> bool {
    let Ok(text) = std::str::from_utf8(bundle) else {
        return false;
    };
    text.split("-----BEGIN CERTIFICATE-----")
        .skip(1)
        .any(|rest| {
            rest.split_once("-----END CERTIFICATE-----")
                .is_some_and(|(body, _)| {
                    let body: String = body.split_ascii_whitespace().collect();
                    // A certificate is a DER SEQUENCE.
                    STANDARD
                        .decode(body)
                        .is_ok_and(|der| der.first() == Some(&0x30))
                })
        })
}

/// Services of the Istio namespace and the endpoints behind them.
#[derive(Debug, Default)]
pub(super) struct Services {
    services: Vec<config::Service>,
    /// Ready endpoints by Service; a pod counts once however many slices (IPv4, IPv6) name it.
    ready: BTreeMap<String, BTreeSet<String>>,
}

impl Services {
    pub(super) fn absorb(&mut self, other: Self) {
        self.services.extend(other.services);
        for (service, ready) in other.ready {
            self.ready.entry(service).or_default().extend(ready);
        }
    }

    pub(super) fn service(&mut self, service: config::Service) {
        self.services.push(service);
    }

    pub(super) fn endpoints(&mut self, slice: config::EndpointSlice) {
        let Some(service) = slice.metadata.label("kubernetes.io/service-name") else {
            return;
        };
        let ready = self.ready.entry(service.to_owned()).or_default();
        for endpoint in slice.endpoints {
            if endpoint.conditions.ready.unwrap_or(true) {
                let address = endpoint.addresses.into_iter().next();
                let who = Some(endpoint.target_ref.name).filter(|n| !n.is_empty());
                ready.extend(who.or(address));
            }
        }
    }

    /// Services of istiod: labelled so, made for a tag, or called by one of Istio's webhooks.
    pub(super) fn finish(
        self,
        called: &BTreeSet<String>,
        endpoints: &Known<()>,
    ) -> Vec<IstiodService> {
        let Self { services, ready } = self;
        let mut found: Vec<_> = services
            .into_iter()
            .filter(|s| is_istiod(&s.metadata) || called.contains(&s.metadata.name))
            .map(|s| IstiodService {
                ready_endpoints: match endpoints {
                    Known::Known(()) => {
                        Known::Known(ready.get(&s.metadata.name).map_or(0, BTreeSet::len))
                    }
                    Known::Unknown(gap) => Known::Unknown(gap.clone()),
                },
                revision: s.metadata.label(label::REV).map(str::to_owned),
                tag: s.metadata.label(label::TAG).map(str::to_owned),
                owner: s.metadata.owner(),
                created: s.metadata.creation_timestamp,
                namespace: s.metadata.namespace,
                name: s.metadata.name,
                selector: s.spec.selector,
                resource_version: s.metadata.resource_version,
            })
            .collect();
        found.sort_by(|a, b| a.name.cmp(&b.name));
        found
    }
}

fn is_istiod(meta: &Meta) -> bool {
    meta.label("app") == Some("istiod")
        || meta.label("istio") == Some("pilot")
        || meta.labels.contains_key(label::TAG)
        || meta.name == "istiod"
        || meta.name.starts_with("istiod-")
}
