//! The objects that make a tag, each with what it says.

use jiff::Timestamp;
use mesh_common::mesh::{
    IstiodService, Known, Mesh, Owner, Webhook, WebhookTarget,
    tags::TagRow,
    wiring::{DEFAULT, DEFAULT_VALIDATOR},
};
use serde::Serialize;

/// An object of a tag.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Made {
    /// What it is to the tag: `Webhook`, `Service`, `Validator`.
    pub(crate) role: &'static str,
    /// `mutatingwebhookconfiguration/istio-revision-tag-stable`, as kubectl takes it.
    pub(crate) object: String,
    /// The revision its label names.
    pub(crate) revision: Option<String>,
    /// Whom it leads to: `Service istiod-1-26-1`, `2 ready endpoints`.
    pub(crate) leads_to: String,
    /// Who owns it.
    pub(crate) owner: Owner,
    /// When it was made, where that is read.
    pub(crate) created: Option<Timestamp>,
}

/// The objects of this tag, its validators where it is the default.
pub(super) fn of(mesh: &Mesh, row: &TagRow) -> Vec<Made> {
    let tag = row.tag.as_deref().unwrap_or_default();
    let mut made = Vec::new();
    for i in mesh.injectors.items().unwrap_or_default() {
        if i.tag.as_deref() == Some(tag) {
            made.push(Made {
                role: "Webhook",
                object: format!("mutatingwebhookconfiguration/{}", i.name),
                revision: Some(i.revision.clone()),
                leads_to: targets(&i.webhooks),
                owner: i.owner.clone(),
                created: i.created,
            });
        }
    }
    for s in mesh.services.items().unwrap_or_default() {
        if s.tag.as_deref() == Some(tag) {
            made.push(Made {
                role: "Service",
                object: format!("service/{}", s.name),
                revision: s.revision.clone(),
                leads_to: endpoints(s),
                owner: s.owner.clone(),
                created: s.created,
            });
        }
    }
    for v in mesh.validators.items().unwrap_or_default() {
        let of_tag = v.tag.as_deref() == Some(tag);
        if of_tag || (tag == DEFAULT && v.name == DEFAULT_VALIDATOR) {
            made.push(Made {
                role: "Validator",
                object: format!("validatingwebhookconfiguration/{}", v.name),
                revision: v.revision.clone(),
                leads_to: targets(&v.webhooks),
                owner: v.owner.clone(),
                created: None,
            });
        }
    }
    made
}

/// Whom webhooks call, once each.
fn targets(webhooks: &[Webhook]) -> String {
    let mut all: Vec<String> = webhooks
        .iter()
        .map(|w| match &w.target {
            WebhookTarget::Service { name, .. } => format!("Service {name}"),
            WebhookTarget::Url(url) => url.clone(),
            WebhookTarget::Missing => "nobody".into(),
        })
        .collect();
    all.sort();
    all.dedup();
    if all.is_empty() {
        return "nobody: it has no webhooks".into();
    }
    all.join(", ")
}

fn endpoints(service: &IstiodService) -> String {
    match &service.ready_endpoints {
        Known::Known(n) => crate::screen::count(*n, "ready endpoint"),
        Known::Unknown(_) => "? ready endpoints".into(),
    }
}
