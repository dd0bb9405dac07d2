//! What nobody wrote who would miss it: set aside where objects are shown, compared or restored.
//!
//! The rules are few and each names who writes the field. Defaults that the API server fills in are not among them: one
//! API server gives both sides the same, and two versions of it differ for a reason worth a line.

mod managed;

use std::collections::BTreeSet;

use mesh_common::mesh::archive::OWN_GROUP;
use serde_json::{Map, Value};

use managed::Managed;
pub(crate) use mesh_common::journal::image::set_server_fields_aside as set_aside;

/// Annotations that a program keeps for itself.
const ANNOTATIONS: &[&str] = &[
    // kubectl's copy of the whole object, as it was last applied.
    "kubectl.kubernetes.io/last-applied-configuration",
    // The Deployment controller's count of rollouts (`k8s.io/kubernetes/pkg/controller/deployment/util`).
    "deployment.kubernetes.io/revision",
    // The API server's copy of the generation of a DaemonSet (`k8s.io/kubernetes/pkg/apis/apps/v1/conversion.go`).
    "deprecated.daemonset.template.generation",
    // Who leads among the istiods, renewed every few seconds (client-go's `resourcelock`).
    "control-plane.alpha.kubernetes.io/leader",
];

/// Labels that the API server puts on every namespace, and the Job controller on a Job's pods.
const LABELS: &[&str] = &[
    "kubernetes.io/metadata.name",
    "controller-uid",
    "batch.kubernetes.io/controller-uid",
];

/// Kinds that controllers make of others, and of which nothing is ever restored.
const DERIVED: &[&str] = &[
    "pods",
    "endpoints",
    "events",
    "replicasets.apps",
    "controllerrevisions.apps",
    "endpointslices.discovery.k8s.io",
    "leases.coordination.k8s.io",
    "events.events.k8s.io",
];

/// How the names of this suite's records begin.
const RECORDS: &str = "kubectl-mesh-op-";

/// The same in words.
pub(crate) const DERIVED_WORDS: &str =
    "pods, ReplicaSets, EndpointSlices, Leases, Jobs of CronJobs";

/// What is known of a Secret without its values.
const SUMMARY: &str = "SecretSummary";

/// Whether the suite wrote a document itself: no API server has it.
fn is_own(object: &Value) -> bool {
    object["apiVersion"].as_str().is_some_and(|api| {
        api.split_once('/')
            .is_some_and(|(group, _)| group == OWN_GROUP)
    })
}

/// Whether controllers make the objects of this kind: `pods`, `replicasets.apps`.
pub(crate) fn is_derived_kind(what: &str) -> bool {
    DERIVED.contains(&what)
}

/// Whether a controller, or this suite for itself, made this object of a kind that people make too.
pub(crate) fn is_derived(object: &Value) -> bool {
    let owners = object.pointer("/metadata/ownerReferences");
    let by_cron = owners.and_then(Value::as_array).is_some_and(|owners| {
        owners
            .iter()
            .any(|o| o["kind"] == "CronJob" && o["controller"] == true)
    });
    let (by, ours) = mesh_common::journal::store::MANAGED_BY;
    // The name too: a label alone must not hide a mesh's own ConfigMap.
    let name = object["metadata"]["name"].as_str().unwrap_or_default();
    let record = object["kind"] == "ConfigMap"
        && object["metadata"]["labels"][by] == ours
        && name.starts_with(RECORDS);
    (object["kind"] == "Job" && by_cron) || record
}

/// What is set aside of the objects of two archives, or of one.
#[derive(Debug, Default)]
pub(crate) struct Noise {
    /// `--all`: only status and the server's metadata.
    all: bool,
    /// Both sides hold Secrets with their values.
    secrets: bool,
    /// Namespace, kind and name of what an autoscaler counts the replicas of.
    scaled: BTreeSet<(String, String, String)>,
}

impl Noise {
    /// With `all` nothing but status and the server's metadata is set aside.
    pub(crate) fn new(all: bool) -> Self {
        Self {
            all,
            ..Self::default()
        }
    }

    /// Where both sides hold Secrets with their values, what is known of them without is not evidence: one that was brought
    /// back is the same under another uid.
    pub(crate) fn secrets_are_compared(&mut self, yes: bool) {
        self.secrets = yes;
    }

    /// Notes what an autoscaler scales. Any object may be given.
    pub(crate) fn learn(&mut self, object: &Value) {
        if object["kind"] != "HorizontalPodAutoscaler" {
            return;
        }
        let target = &object["spec"]["scaleTargetRef"];
        let text = |value: &Value| value.as_str().map(str::to_owned);
        if let (Some(namespace), Some(kind), Some(name)) = (
            text(&object["metadata"]["namespace"]),
            text(&target["kind"]),
            text(&target["name"]),
        ) {
            self.scaled.insert((namespace, kind, name));
        }
    }

    /// Takes out of one object what does not depend on another.
    pub(crate) fn out_of(&self, object: &mut Value) {
        set_aside(object);
        if !self.all {
            lone(object);
        }
    }

    /// Takes out of two states of one object what a controller wrote, by whom their managedFields name.
    pub(crate) fn out_of_both(&self, a: &mut Value, b: &mut Value) {
        if !self.all {
            let managed = Managed::of([&*a, &*b]);
            for object in [&mut *a, &mut *b] {
                managed.out_of(object);
                if self.is_scaled(object)
                    && let Some(spec) = object.get_mut("spec").and_then(Value::as_object_mut)
                {
                    spec.remove("replicas");
                }
            }
        }
        for object in [a, b] {
            let seen = self.evidence(object);
            self.out_of(object);
            if let Some(metadata) = object.get_mut("metadata").and_then(Value::as_object_mut) {
                metadata.extend(seen);
            }
        }
    }

    /// Of a Secret whose value nobody may see, its uid and version say whether it is still the same.
    fn evidence(&self, object: &Value) -> Vec<(String, Value)> {
        if self.secrets || object["kind"] != SUMMARY || !is_own(object) {
            return Vec::new();
        }
        ["uid", "resourceVersion"]
            .into_iter()
            .filter_map(|field| Some((field.to_owned(), object["metadata"].get(field)?.clone())))
            .collect()
    }

    fn is_scaled(&self, object: &Value) -> bool {
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let metadata = &object["metadata"];
        !self.scaled.is_empty()
            && self.scaled.contains(&(
                text(&metadata["namespace"]),
                text(&object["kind"]),
                text(&metadata["name"]),
            ))
    }
}

fn lone(object: &mut Value) {
    let kind = object["kind"].as_str().unwrap_or_default().to_owned();
    let Some(fields) = object.as_object_mut() else {
        return;
    };
    if let Some(metadata) = map_at(fields, "metadata") {
        without(metadata, "annotations", ANNOTATIONS);
        without(metadata, "labels", LABELS);
        // An owner that was made anew has another uid and is the same owner.
        if let Some(owners) = metadata
            .get_mut("ownerReferences")
            .and_then(Value::as_array_mut)
        {
            for owner in owners.iter_mut().filter_map(Value::as_object_mut) {
                owner.remove("uid");
            }
        }
    }
    let Some(spec) = map_at(fields, "spec") else {
        return;
    };
    match kind.as_str() {
        // `kubernetes`, which the API server adds and the namespace controller takes away.
        "Namespace" => {
            spec.remove("finalizers");
            if spec.is_empty() {
                fields.remove("spec");
            }
            return;
        }
        // The API server makes a Job's selector of its uid (`k8s.io/kubernetes/pkg/registry/batch/job/strategy.go`).
        "Job" if spec.get("manualSelector") != Some(&Value::Bool(true)) => {
            if let Some(selector) = map_at(spec, "selector") {
                without(selector, "matchLabels", LABELS);
                if selector.is_empty() {
                    spec.remove("selector");
                }
            }
        }
        _ => {}
    }
    // Older API servers write `creationTimestamp: null` into every template.
    if let Some(template) = map_at(spec, "template").and_then(|t| map_at(t, "metadata")) {
        template.retain(|key, value| key != "creationTimestamp" || !value.is_null());
        without(template, "labels", &LABELS[1..]);
    }
}

fn map_at<'a>(fields: &'a mut Map<String, Value>, key: &str) -> Option<&'a mut Map<String, Value>> {
    fields.get_mut(key).and_then(Value::as_object_mut)
}

/// Takes keys out of a map below `fields`, and the map with them if nothing else was in it.
fn without(fields: &mut Map<String, Value>, map: &str, keys: &[&str]) {
    let Some(entries) = map_at(fields, map) else {
        return;
    };
    let before = entries.len();
    entries.retain(|key, _| !keys.contains(&key.as_str()));
    if entries.is_empty() && before > 0 {
        fields.remove(map);
    }
}

#[cfg(test)]
mod tests;
