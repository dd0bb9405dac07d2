//! What istioctl looks at before it changes a tag.

use std::collections::{BTreeMap, BTreeSet};

use http::{Method, Request};
use kube::Client;
use serde_json::Value;

use super::argv::{Call, Verb};
use super::recording::Recordings;

/// Revisions, tags and Services as they are.
#[derive(Debug, Default)]
pub(super) struct Live {
    /// Revisions with a webhook of their own, and its CA bundle.
    pub(super) webhook_revisions: BTreeMap<String, Option<String>>,
    /// The CA bundle of each revision's validator.
    pub(super) validators: BTreeMap<String, String>,
    /// Revisions with an istiod Service.
    pub(super) service_revisions: BTreeSet<String>,
    pub(super) tag_webhooks: Vec<TagWebhook>,
    /// Tags with a Service.
    pub(super) tag_services: BTreeSet<String>,
    /// Names of all Services in the Istio namespace; `None` when they may not be listed.
    pub(super) services: Option<BTreeSet<String>>,
    /// The un-revisioned install's webhook, while it selects anything.
    pub(super) default_webhook: Option<Value>,
    /// Namespaces labelled with the tag asked for.
    pub(super) namespaces: Vec<String>,
}

/// A webhook configuration that carries a tag.
#[derive(Debug)]
pub(super) struct TagWebhook {
    pub(super) name: String,
    pub(super) tag: String,
    pub(super) revision: String,
}

const WEBHOOKS: &str = "/apis/admissionregistration.k8s.io/v1/mutatingwebhookconfigurations";
const VALIDATORS: &str = "/apis/admissionregistration.k8s.io/v1/validatingwebhookconfigurations";

impl Live {
    /// The error is what istioctl prints after `Error: `.
    pub(super) async fn read(
        client: &Client,
        call: &Call,
        recordings: &Recordings,
    ) -> Result<Self, String> {
        let mut live = Self::default();
        let services = list(
            client,
            &format!("/api/v1/namespaces/{}/services", call.istio_namespace),
        )
        .await;
        let services = match services {
            Ok(services) => Some(services),
            // From 1.28 Services are asked for first, and needed; before, only the conflict test looks at them.
            Err(message) if recordings.has_tag_services() => return Err(message),
            Err(_) => None,
        };
        if let Some(services) = &services {
            live.see_services(services);
        }
        for hook in list(client, WEBHOOKS).await? {
            live.see_webhook(&hook);
        }
        match &call.verb {
            Verb::Set { tag, .. } if tag == "default" => {
                for hook in list(client, VALIDATORS).await? {
                    if let (Some(revision), None, Some(bundle)) = (
                        label(&hook, "istio.io/rev"),
                        label(&hook, "istio.io/tag"),
                        ca_bundle(&hook),
                    ) {
                        live.validators.insert(revision, bundle);
                    }
                }
            }
            Verb::Remove { tag, .. } => {
                let labelled = list(
                    client,
                    &format!("/api/v1/namespaces?labelSelector=istio.io%2Frev%3D{tag}"),
                )
                .await?;
                live.namespaces = labelled.iter().map(name).collect();
            }
            _ => {}
        }
        Ok(live)
    }

    fn see_services(&mut self, services: &[Value]) {
        for service in services {
            match (
                label(service, "istio.io/rev"),
                label(service, "istio.io/tag"),
            ) {
                (_, Some(tag)) => drop(self.tag_services.insert(tag)),
                (Some(revision), None) if label(service, "app").as_deref() == Some("istiod") => {
                    self.service_revisions.insert(revision);
                }
                _ => {}
            }
        }
        self.services = Some(services.iter().map(name).collect());
    }

    fn see_webhook(&mut self, hook: &Value) {
        match (label(hook, "istio.io/rev"), label(hook, "istio.io/tag")) {
            (Some(revision), Some(tag)) => self.tag_webhooks.push(TagWebhook {
                name: name(hook),
                tag,
                revision,
            }),
            (Some(revision), None) => {
                if revision == "default"
                    && !hook["webhooks"]
                        .to_string()
                        .contains("istio.io/deactivated")
                {
                    self.default_webhook = Some(hook.clone());
                }
                self.webhook_revisions.insert(revision, ca_bundle(hook));
            }
            _ => {}
        }
    }

    /// The CA bundle that a new object of this kind gets: its revision's own.
    pub(super) fn ca_bundle(&self, kind: &str, revision: &str) -> Option<&str> {
        let own = self
            .webhook_revisions
            .get(revision)
            .and_then(|bundle| bundle.as_deref());
        if kind == "ValidatingWebhookConfiguration" {
            self.validators.get(revision).map(String::as_str).or(own)
        } else {
            own
        }
    }
}

pub(super) fn name(object: &Value) -> String {
    object["metadata"]["name"]
        .as_str()
        .unwrap_or_default()
        .to_owned()
}

fn label(object: &Value, key: &str) -> Option<String> {
    object["metadata"]["labels"][key]
        .as_str()
        .map(str::to_owned)
}

fn ca_bundle(hook: &Value) -> Option<String> {
    hook["webhooks"][0]["clientConfig"]["caBundle"]
        .as_str()
        .map(str::to_owned)
}

async fn list(client: &Client, path: &str) -> Result<Vec<Value>, String> {
    let list = send(client, Method::GET, path, None).await?;
    Ok(list["items"].as_array().cloned().unwrap_or_default())
}

/// One request. A refusal is the API server's own message, as client-go shows it.
pub(super) async fn send(
    client: &Client,
    method: Method,
    path: &str,
    body: Option<(&str, &Value)>,
) -> Result<Value, String> {
    let mut request = Request::builder().method(method).uri(path);
    let bytes = match body {
        Some((content_type, body)) => {
            request = request.header("content-type", content_type);
            body.to_string().into_bytes()
        }
        None => Vec::new(),
    };
    let request = request.body(bytes).map_err(|e| e.to_string())?;
    client.request(request).await.map_err(|e| match e {
        kube::Error::Api(status) => status.message.clone(),
        other => other.to_string(),
    })
}
