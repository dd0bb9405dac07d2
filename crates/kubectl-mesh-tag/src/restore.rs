//! The way back, planned: pure. Records are not trusted, so each image is held against what the operation
//! could have written before anything is done with it.

use mesh_common::{
    error::{Error, Kind as ErrorKind, Result},
    journal::{Difference, Image, Record, Standing},
    mesh::Raw,
    output::clean,
};
use serde::Serialize;
use serde_json::Value;

mod trust;

pub(crate) use trust::unrestorable;

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
                .extend(trust::suspicion(record, image, raw, now.as_ref()));
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
