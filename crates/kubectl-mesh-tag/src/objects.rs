//! The objects behind a tag: what is there now, and what `istioctl tag set` and `tag remove` will make
//! of it, version by version. Pure.
//!
//! Why compute what istioctl will do: it writes its objects in parallel and tells nobody which
//! (`istioctl/pkg/tag/generate.go`), so the plan, the before-images and the read-back need it first. A
//! test holds every recorded `tag set` against this.

use mesh_common::{
    error::{Error, Result},
    journal::{Image, Key, Kind},
    mesh::{Raw, label, raw::tag as tag_of},
    shell,
};
use serde_json::Value;

mod chart;

use chart::{deactivated, default_validator, tag_service, tag_webhook};

/// From this minor on istioctl makes a Service per tag, and istiod honours it (PR istio/istio#56963).
pub(crate) const SERVICE_SINCE: u64 = 28;
/// From this minor on `tag remove` removes validators with the tag's label (istio/istio#60538).
const REMOVES_VALIDATOR_SINCE: u64 = 31;
/// The selector that switches a webhook off (`istioctl/pkg/util/common.go`, `NeverMatch`).
const NEVER_MATCH: (&str, &str) = ("istio.io/deactivated", "never-match");
/// The validator that goes with the tag `default`.
pub(crate) const DEFAULT_VALIDATOR: &str = "istiod-default-validator";
/// The tag that also governs `istio-injection=enabled` and the validation of unlabelled objects.
pub(crate) const DEFAULT: &str = "default";

/// What `istioctl tag set` writes, and under which name.
#[derive(Debug, Clone)]
pub(crate) struct TagSet {
    /// Name of the webhook configuration; one that is not istioctl's own choice must be given to it.
    pub(crate) webhook_name: String,
    /// Whether that name must be given by `--webhook-name`.
    pub(crate) custom_name: bool,
    /// Every object it may write.
    pub(crate) images: Vec<Image>,
}

/// What `istioctl tag set TAG --revision REVISION --overwrite` of this minor version will write.
///
/// # Errors
/// The revision has no injector of its own, or the tag is made by two webhooks already.
pub(crate) fn tag_set(
    live: &Raw,
    istio_namespace: &str,
    tag: &str,
    revision: &str,
    minor: u64,
) -> Result<TagSet> {
    let Some(canonical) = live.injector_of(revision) else {
        return Err(
            Error::user(format!("revision {revision} has no injector of its own"))
                .hint("kubectl get mutatingwebhookconfigurations -L istio.io/rev,istio.io/tag"),
        );
    };
    let own_name = webhook_name(tag, istio_namespace);
    let existing = live.webhooks_of(tag);
    let webhook_name = match existing.as_slice() {
        [] => own_name.clone(),
        [one] => one["metadata"]["name"]
            .as_str()
            .unwrap_or(&own_name)
            .to_owned(),
        many => {
            let names: Vec<_> = many
                .iter()
                .filter_map(|o| o["metadata"]["name"].as_str())
                .collect();
            return Err(Error::refused(format!(
                "tag {tag} is made by {} webhook configurations: {}",
                names.len(),
                names.join(", ")
            ))
            .hint("Two injectors would take the same pods. Delete the one that should not be:")
            .hint(shell::command(
                "kubectl delete mutatingwebhookconfiguration {}",
                &[names[names.len() - 1]],
            )));
        }
    };
    let mut images = vec![image(
        live,
        Key::cluster(Kind::MutatingWebhookConfiguration, &webhook_name),
        Some(tag_webhook(
            canonical,
            &webhook_name,
            istio_namespace,
            tag,
            revision,
        )),
    )];
    if minor >= SERVICE_SINCE {
        let key = Key::service(istio_namespace, service_name(tag));
        let planned = tag_service(&key.name, istio_namespace, tag, revision);
        images.push(image(live, key, Some(planned)));
    }
    if tag == DEFAULT {
        let name = DEFAULT_VALIDATOR;
        let ca = canonical["webhooks"][0]["clientConfig"]["caBundle"].clone();
        images.push(image(
            live,
            Key::cluster(Kind::ValidatingWebhookConfiguration, name),
            Some(default_validator(name, istio_namespace, revision, &ca)),
        ));
        if let Some(old) = live.injector_of(DEFAULT) {
            let name = old["metadata"]["name"]
                .as_str()
                .unwrap_or_default()
                .to_owned();
            images.push(image(
                live,
                Key::cluster(Kind::MutatingWebhookConfiguration, name),
                Some(deactivated(old)),
            ));
        }
    }
    Ok(TagSet {
        custom_name: webhook_name != own_name,
        webhook_name,
        images,
    })
}

/// What `istioctl tag remove TAG -y` of this minor version will remove.
pub(crate) fn tag_remove(live: &Raw, istio_namespace: &str, tag: &str, minor: u64) -> Vec<Image> {
    let mut images: Vec<Image> = live
        .webhooks_of(tag)
        .iter()
        .filter_map(|o| o["metadata"]["name"].as_str())
        .map(|name| {
            image(
                live,
                Key::cluster(Kind::MutatingWebhookConfiguration, name),
                None,
            )
        })
        .collect();
    if minor >= SERVICE_SINCE {
        for service in live.services.iter().filter(|o| tag_of(o) == Some(tag)) {
            let name = service["metadata"]["name"].as_str().unwrap_or_default();
            images.push(image(live, Key::service(istio_namespace, name), None));
        }
    }
    if minor >= REMOVES_VALIDATOR_SINCE {
        for validator in live.validating.iter().filter(|o| tag_of(o) == Some(tag)) {
            let name = validator["metadata"]["name"].as_str().unwrap_or_default();
            images.push(image(
                live,
                Key::cluster(Kind::ValidatingWebhookConfiguration, name),
                None,
            ));
        }
    }
    images
}

/// What a removal by this minor version leaves behind: keys of objects that still carry the tag's label.
pub(crate) fn left_behind(live: &Raw, istio_namespace: &str, tag: &str, minor: u64) -> Vec<Key> {
    let removed: Vec<Key> = tag_remove(live, istio_namespace, tag, minor)
        .into_iter()
        .map(|i| i.key)
        .collect();
    let named = |o: &Value| {
        o["metadata"]["name"]
            .as_str()
            .unwrap_or_default()
            .to_owned()
    };
    let services = live
        .services
        .iter()
        .filter(|o| tag_of(o) == Some(tag))
        .map(|o| Key::service(istio_namespace, named(o)));
    let validators = live
        .validating
        .iter()
        .filter(|o| tag_of(o) == Some(tag))
        .map(|o| Key::cluster(Kind::ValidatingWebhookConfiguration, named(o)));
    services
        .chain(validators)
        .filter(|key| !removed.contains(key))
        .collect()
}

/// The webhook configuration that makes this tag for the revision of `own`, its own injector.
pub(crate) fn webhook_of(
    own: &Value,
    name: &str,
    istio_namespace: &str,
    tag: &str,
    revision: &str,
) -> Value {
    tag_webhook(own, name, istio_namespace, tag, revision)
}

/// The validator that goes with the tag `default` for this revision.
pub(crate) fn validator_of(own: &Value, istio_namespace: &str, revision: &str) -> Value {
    let ca = &own["webhooks"][0]["clientConfig"]["caBundle"];
    default_validator(DEFAULT_VALIDATOR, istio_namespace, revision, ca)
}

/// The un-revisioned injector as its chart writes it: the webhooks of a tag `default`, and no tag.
pub(crate) fn default_injector(own: &Value, istio_namespace: &str) -> Value {
    let name = own["metadata"]["name"].as_str().unwrap_or_default();
    let mut object = tag_webhook(own, name, istio_namespace, DEFAULT, DEFAULT);
    if let Some(labels) = object["metadata"]["labels"].as_object_mut() {
        labels.remove(label::TAG);
    }
    object
}

/// The name istioctl gives a tag's webhook configuration (`-<namespace>` outside istio-system).
pub(crate) fn webhook_name(tag: &str, istio_namespace: &str) -> String {
    match istio_namespace {
        "istio-system" => format!("istio-revision-tag-{tag}"),
        other => format!("istio-revision-tag-{tag}-{other}"),
    }
}

/// The name of a tag's Service.
pub(crate) fn service_name(tag: &str) -> String {
    format!("istiod-revision-tag-{tag}")
}

/// The Service of a revision's istiod.
pub(crate) fn istiod_service(revision: &str) -> String {
    match revision {
        "" | DEFAULT => "istiod".into(),
        other => format!("istiod-{other}"),
    }
}

fn image(live: &Raw, key: Key, planned: Option<Value>) -> Image {
    let before = live.before(&key);
    Image {
        key,
        before,
        planned,
        after: None,
    }
}

/// Where an image's plan leads, in words: `service istiod-1-28-1 (was istiod-1-26-1)`.
pub(crate) fn goal(image: &Image) -> String {
    let of = |object: &Option<Value>| -> Option<String> {
        let object = object.as_ref()?;
        Some(match image.key.kind {
            Kind::Service => format!(
                "istiods of {}",
                text(&object["spec"]["selector"][label::REV])
            ),
            // Not of this plugin.
            Kind::AuthorizationPolicy | Kind::Telemetry | Kind::TelemetryAlpha => return None,
            Kind::Namespace => {
                let labels = &object["metadata"]["labels"];
                [label::REV, label::INJECTION]
                    .into_iter()
                    .filter_map(|key| Some(format!("{key}={}", labels[key].as_str()?)))
                    .collect::<Vec<_>>()
                    .join(", ")
            }
            Kind::MutatingWebhookConfiguration | Kind::ValidatingWebhookConfiguration => {
                let webhook = &object["webhooks"][0];
                if webhook["namespaceSelector"]["matchLabels"][NEVER_MATCH.0].is_string() {
                    "switched off".to_owned()
                } else {
                    let client = &webhook["clientConfig"];
                    match client["url"].as_str() {
                        Some(url) => url.to_owned(),
                        None => format!("service {}", text(&client["service"]["name"])),
                    }
                }
            }
        })
    };
    match (of(&image.before), of(&image.planned)) {
        (_, None) => "gone".into(),
        (Some(before), Some(planned)) if before != planned => {
            format!("{} (was {})", none(&planned), none(&before))
        }
        (_, Some(planned)) => none(&planned).to_owned(),
    }
}

fn none(text: &str) -> &str {
    if text.is_empty() { "no label" } else { text }
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or("?")
}

#[cfg(test)]
mod tests;
