//! What the tests of writes share: everything that decides who injects whom, before and after.

use std::collections::{BTreeMap, BTreeSet};

use mesh_common::journal::{Record, image};
use mesh_testkit::{Api, AuditEvent};
use serde_json::Value;

/// Kinds whose objects are compared whole.
const COMPARED: [&str; 4] = [
    "MutatingWebhookConfiguration",
    "ValidatingWebhookConfiguration",
    "Service",
    "Namespace",
];

/// Kinds of which only the names are compared: nothing may be left behind.
const NAMED: [&str; 4] = ["ConfigMap", "Secret", "Lease", "Deployment"];

/// ConfigMaps that a plugin leaves on purpose.
const RECORD: &str = "kubectl-mesh-op-";

/// The objects of a cluster that a tag operation could touch.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct World {
    objects: BTreeMap<String, Value>,
    names: BTreeSet<String>,
}

impl World {
    /// As it is now.
    pub(crate) fn of(api: &Api) -> Self {
        let mut world = Self {
            objects: BTreeMap::new(),
            names: BTreeSet::new(),
        };
        for kind in COMPARED {
            for mut object in api.list(kind, "") {
                // Items of a list do not say what they are.
                object["kind"] = kind.into();
                world.objects.insert(key(kind, &object), object);
            }
        }
        for kind in NAMED {
            let objects = api.list(kind, "istio-system");
            let names = objects.iter().map(|o| key(kind, o));
            world.names.extend(names.filter(|n| !n.contains(RECORD)));
        }
        world
    }

    /// Where it differs from an earlier one; caBundles and what only the server sets are left out.
    pub(crate) fn differences(&self, before: &Self) -> Vec<String> {
        let mut lines = Vec::new();
        let keys: BTreeSet<&String> = self.objects.keys().chain(before.objects.keys()).collect();
        for key in keys {
            match (before.objects.get(key), self.objects.get(key)) {
                (Some(_), None) => lines.push(format!("{key} is gone")),
                (None, Some(_)) => lines.push(format!("{key} is new")),
                (old, new) if !image::same(old, new) => {
                    lines.push(format!("{key} changed: {:?}", image::differences(old, new)));
                }
                (Some(old), Some(new)) => {
                    // For namespaces the images are two labels; here all of them count.
                    for field in ["labels", "annotations"] {
                        if old["metadata"][field] != new["metadata"][field] {
                            lines.push(format!("{key} has other {field}"));
                        }
                    }
                }
                (None, None) => {}
            }
        }
        for name in self.names.symmetric_difference(&before.names) {
            let word = if before.names.contains(name) {
                "gone"
            } else {
                "new"
            };
            lines.push(format!("{name} is {word}"));
        }
        lines
    }

    /// Fails unless everything is as it was, and nothing is left but records.
    #[track_caller]
    pub(crate) fn assert_as(&self, before: &Self) {
        assert_eq!(self.differences(before), Vec::<String>::new());
    }
}

fn key(kind: &str, object: &Value) -> String {
    let text = |field: &str| object["metadata"][field].as_str().unwrap_or_default();
    format!("{kind} {}/{}", text("namespace"), text("name"))
}

/// The records in the cluster, oldest first.
pub(crate) fn records(api: &Api) -> Vec<Record> {
    let mut records: Vec<Record> = api
        .list("ConfigMap", "istio-system")
        .iter()
        .filter(|o| text(&o["metadata"]["name"]).starts_with(RECORD))
        .map(decode)
        .collect();
    records.sort_by(|a, b| a.made().cmp(&b.made()));
    records
}

fn decode(config_map: &Value) -> Record {
    use base64::{Engine as _, engine::general_purpose::STANDARD};
    let packed = text(&config_map["binaryData"]["record.json.gz"]);
    let packed = STANDARD.decode(packed).expect("base64");
    let unpacked = flate2::read::GzDecoder::new(packed.as_slice());
    serde_json::from_reader(unpacked).expect("a record")
}

/// A record as the ConfigMap that holds it.
pub(crate) fn encode(record: &Record) -> Value {
    use base64::{Engine as _, engine::general_purpose::STANDARD};
    use std::io::Write as _;
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    let bytes = serde_json::to_vec(record).expect("a record");
    packed.write_all(&bytes).expect("memory");
    serde_json::json!({
        "apiVersion": "v1", "kind": "ConfigMap",
        "metadata": {
            "name": format!("{RECORD}{}", record.id), "namespace": "istio-system",
            "labels": {"app.kubernetes.io/managed-by": "kubectl-mesh"},
        },
        "binaryData": {"record.json.gz": STANDARD.encode(packed.finish().expect("memory"))},
    })
}

/// The revision a tag's webhooks call, which all of them have to agree on.
#[track_caller]
pub(crate) fn tag_revision(api: &Api, tag: &str) -> String {
    let name = format!("istio-revision-tag-{tag}");
    let hook = api
        .get("MutatingWebhookConfiguration", "", &name)
        .unwrap_or_else(|| panic!("no {name}"));
    let services: BTreeSet<String> = hook["webhooks"]
        .as_array()
        .into_iter()
        .flatten()
        .map(|w| text(&w["clientConfig"]["service"]["name"]))
        .collect();
    let label = text(&hook["metadata"]["labels"]["istio.io/rev"]);
    assert_eq!(services, BTreeSet::from([format!("istiod-{label}")]));
    label
}

/// The writes but for the Lease's, as `create services istiod-revision-tag-stable`.
pub(crate) fn without_lease(writes: &[AuditEvent]) -> Vec<String> {
    writes
        .iter()
        .filter(|e| e.resource != "leases")
        .map(|e| format!("{} {} {}", e.verb, e.resource, e.name))
        .collect()
}

/// A string of an object, or nothing.
pub(crate) fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}
