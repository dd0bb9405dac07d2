//! The way back, planned: pure. Records are not trusted, so each image is held against what the operation
//! could have written before anything is done with it.

use mesh_common::{
    error::{Error, Kind as ErrorKind, Result},
    journal::{Action, Difference, Image, Key, Kind, Record, Standing, image::essence},
    mesh::{Raw, label, raw::rev},
    output::clean,
};
use serde::Serialize;
use serde_json::Value;

use crate::objects::{self, DEFAULT};

/// Namespaces a record may name: more than any mesh has, and a bound for planted records.
const MAX_IMAGES: usize = 5_000;

/// What is to be done with each object of a record.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Restore {
    /// One per image of the record, in its order.
    pub(crate) steps: Vec<Step>,
    /// Whether somebody else changed an object since, and where.
    pub(crate) foreign: Vec<Foreign>,
    /// What about the record is not as an operation of ours would have written it.
    pub(crate) suspect: Vec<String>,
}

/// One object of the way back.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Step {
    /// The image of the record.
    pub(crate) image: Image,
    /// Whether there is anything to do.
    pub(crate) needed: bool,
}

/// An object that somebody else changed since.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct Foreign {
    /// As kubectl takes it.
    pub(crate) object: String,
    /// Where it differs from how the operation left it.
    pub(crate) differences: Vec<Difference>,
}

impl Restore {
    /// Compares every object three ways. `now` are the objects in the order of the record's images.
    pub(crate) fn plan(record: &Record, raw: &Raw, now: &[Option<Value>]) -> Self {
        let mut plan = Self {
            steps: Vec::new(),
            foreign: Vec::new(),
            suspect: Vec::new(),
        };
        for (image, now) in record.images.iter().zip(now) {
            let needed = match image.standing(now.as_ref()) {
                Standing::AsBefore => false,
                Standing::AsAfter => true,
                Standing::Foreign(differences) => {
                    plan.foreign.push(Foreign {
                        object: image.key.to_string(),
                        differences,
                    });
                    true
                }
            };
            plan.suspect
                .extend(suspicion(record, image, raw, now.as_ref()));
            plan.steps.push(Step {
                image: image.clone(),
                needed,
            });
        }
        plan
    }

    /// Images whose plan is the before-image: what the way back will write.
    pub(crate) fn images(&self, now: &[Option<Value>]) -> Vec<Image> {
        self.steps
            .iter()
            .zip(now)
            .filter(|(step, _)| step.needed)
            .map(|(step, now)| Image {
                key: step.image.key.clone(),
                before: now.as_ref().map(|o| {
                    mesh_common::journal::image::without_server_fields(step.image.key.kind, o)
                }),
                planned: step.image.before.clone(),
                after: None,
            })
            .collect()
    }

    /// Whether every object is as it was before the operation.
    pub(crate) fn is_nothing(&self) -> bool {
        self.steps.iter().all(|s| !s.needed)
    }
}

/// Whether a record can be of this mesh at all.
///
/// # Errors
/// Another cluster, another Istio namespace, or more than an operation writes.
pub(crate) fn belongs_here(
    record: &Record,
    cluster_uid: &str,
    istio_namespace: &str,
) -> Result<()> {
    let id = clean(&record.id, 100);
    if record.cluster_uid != cluster_uid {
        return Err(Error::new(
            ErrorKind::Refused,
            format!(
                "record {id} is of another cluster (kube-system uid {}, here {cluster_uid})",
                clean(&record.cluster_uid, 60)
            ),
        )
        .hint("Choose the cluster the operation was done on with --context."));
    }
    if record.istio_namespace != istio_namespace {
        return Err(Error::refused(format!(
            "record {id} is of the Istio namespace {}",
            clean(&record.istio_namespace, 63)
        ))
        .hint("Name it with --istio-namespace."));
    }
    if record.images.len() > MAX_IMAGES {
        return Err(Error::refused(format!(
            "record {id} names {} objects",
            record.images.len()
        )));
    }
    Ok(())
}

/// Why an image is not one that the operation could have made, if so.
fn suspicion(record: &Record, image: &Image, raw: &Raw, now: Option<&Value>) -> Option<String> {
    let Key {
        kind,
        namespace,
        name,
    } = &image.key;
    let says = |why: &str| Some(format!("{}: {why}", image.key));
    for side in [&image.before, &image.planned].into_iter().flatten() {
        if side["metadata"]["name"] != **name || side["kind"] != kind.name() {
            return says("an image names another object");
        }
        if side["metadata"]["namespace"].as_str() != namespace.as_deref() {
            return says("an image is of another namespace");
        }
    }
    let tag = record.tag.as_deref().unwrap_or_default();
    match (record.action, kind) {
        (Action::Move, Kind::Namespace) => return None,
        (Action::Move, _) => return says("moving namespaces writes no such object"),
        (_, Kind::Namespace) => return says("a tag operation writes no namespaces"),
        (_, Kind::Service) => {
            if *name != objects::service_name(tag)
                || namespace.as_deref() != Some(&record.istio_namespace)
            {
                return says("this is not the tag's Service");
            }
        }
        (_, Kind::ValidatingWebhookConfiguration) => {
            if tag != DEFAULT || name != "istiod-default-validator" {
                return says("only the tag default has a validator, istiod-default-validator");
            }
        }
        (_, Kind::MutatingWebhookConfiguration) => {
            let carries_tag = |o: &Value| mesh_common::mesh::raw::tag(o) == Some(tag);
            let of_tag = *name == objects::webhook_name(tag, &record.istio_namespace)
                || now.is_some_and(carries_tag);
            let old_default = tag == DEFAULT
                && now.or(image.before.as_ref()).is_some_and(|o| {
                    rev(o) == Some(DEFAULT) && mesh_common::mesh::raw::tag(o).is_none()
                });
            if !of_tag && !old_default {
                return says("this is not the tag's webhook configuration");
            }
        }
    }
    let before = image.before.as_ref()?;
    // A planted owner or finalizer would hand the object to somebody else, or to the garbage collector.
    for field in ["ownerReferences", "finalizers"] {
        let now = now
            .map(|o| o["metadata"][field].clone())
            .unwrap_or_default();
        if before["metadata"][field] != now {
            return says(&format!("its image has other {field} than the object"));
        }
    }
    if *kind == Kind::Service {
        let revision = text(&before["metadata"]["labels"][label::REV]);
        return (before["spec"]["selector"] != istiod_selector(revision)).then(|| {
            format!(
                "{}: its image selects something else than istiod",
                image.key
            )
        });
    }
    let planned = as_istioctl_writes(record, image, raw, before);
    match planned {
        Some(want) if essence(*kind, &want) == essence(*kind, before) => None,
        Some(_) => says("its image is not what istioctl or Istio's charts write"),
        None => says("its image names a revision that has no injector"),
    }
}

/// The object that istioctl would write for the revision the image names.
fn as_istioctl_writes(record: &Record, image: &Image, raw: &Raw, before: &Value) -> Option<Value> {
    let tag = record.tag.as_deref().unwrap_or_default();
    let revision = rev(before)?;
    if image.key.kind == Kind::MutatingWebhookConfiguration
        && mesh_common::mesh::raw::tag(before).is_none()
    {
        // The un-revisioned injector as its chart writes it: the default tag's webhooks, without the tag.
        let own = raw.injector_of(DEFAULT)?;
        let mut want = before.clone();
        let targets = |o: &Value| {
            o["webhooks"]
                .as_array()
                .into_iter()
                .flatten()
                .map(|w| w["clientConfig"]["service"].clone())
                .collect::<Vec<_>>()
        };
        if targets(&want) != targets(own) {
            want["webhooks"] = Value::Null;
        }
        return Some(want);
    }
    let minor = objects::SERVICE_SINCE;
    let plan = objects::tag_set(raw, &record.istio_namespace, tag, revision, minor).ok()?;
    let mut same_kind = plan
        .images
        .into_iter()
        .filter(|i| i.key.kind == image.key.kind);
    let mut want = same_kind.next()?.planned?;
    want["metadata"]["name"] = image.key.name.as_str().into();
    Some(want)
}

fn istiod_selector(revision: &str) -> Value {
    serde_json::json!({ "app": "istiod", label::REV: revision })
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}
