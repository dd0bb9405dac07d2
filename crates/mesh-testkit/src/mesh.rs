//! What a control plane is loaded with: the sample mesh, how old it is, how many istiods it has.

use std::{
    collections::BTreeSet,
    path::{Path, PathBuf},
    time::Duration,
};

use serde_json::{Map, Value, json};
use sha2::{Digest as _, Sha256};

use crate::{
    Result,
    kinds::{Kind, names},
};

mod age;
mod istiods;

/// Three days: older than the 48 hours a canary has to bake.
const SETTLED: Duration = Duration::from_secs(3 * 24 * 3600);

/// The content of a cluster, before it is put into one.
///
/// Objects keep the uids, owners, statuses and creation times they have here, as if etcd had been restored from a
/// backup; only times are shifted ([`Mesh::age`]) and certificates replaced by the fixture's own.
#[derive(Debug, Clone)]
pub struct Mesh {
    objects: Vec<Value>,
    istiods: usize,
    times: Times,
}

/// What becomes of the times in a mesh.
#[derive(Debug, Clone)]
enum Times {
    /// The youngest becomes this old, all others move with it.
    Aged(Duration),
    /// They stay as they are, but for the nodes, which were heard of then; this certificate stands for the fixture's own.
    Recorded {
        ca_pem: String,
        heard: jiff::Timestamp,
    },
}

/// Where kubelets listen when nobody says otherwise.
const KUBELET_PORT: u16 = 10250;

/// What is only known once a control plane starts.
pub(crate) struct Place<'a> {
    pub(crate) ca_pem: &'a str,
    pub(crate) kubelet_port: u16,
    pub(crate) now: jiff::Timestamp,
    /// When its nodes were last heard of.
    pub(crate) heard: jiff::Timestamp,
}

impl<'a> Place<'a> {
    /// A place at this moment.
    pub(crate) fn now(ca_pem: &'a str, kubelet_port: u16) -> Self {
        let now = jiff::Timestamp::now();
        Self {
            ca_pem,
            kubelet_port,
            now,
            heard: now,
        }
    }
}

impl Mesh {
    /// The sample mesh of `tests/data/sample-mesh`, two istiods per revision, all of it three days old.
    pub fn sample() -> Result<Self> {
        let dir = data_dir().join("sample-mesh");
        let mut files: Vec<PathBuf> = std::fs::read_dir(&dir)?
            .map(|entry| entry.map(|e| e.path()))
            .collect::<Result<_, _>>()?;
        files.retain(|f| f.extension().is_some_and(|e| e == "yaml"));
        files.sort();
        let mut objects = Vec::new();
        for file in files {
            let text = std::fs::read_to_string(&file)?;
            objects.extend(documents(&text).map_err(|e| format!("{}: {e}", file.display()))?);
        }
        Ok(Self {
            objects,
            istiods: 2,
            times: Times::Aged(SETTLED),
        })
    }

    /// A recorded state of the webhooks (`states/*.yaml` of the recordings): its webhook configurations and tag
    /// Services, the istiods of the sample mesh, and the namespaces the recordings had, with no pods in them.
    /// A webhook of the un-revisioned install brings its istiod 1.20.8 along.
    pub fn recorded(yaml: &str) -> Result<Self> {
        let mut mesh = Self::sample()?;
        mesh.objects.retain(|o| {
            let (namespace, name) = names(o);
            match o["kind"].as_str() {
                Some("MutatingWebhookConfiguration" | "ValidatingWebhookConfiguration") => false,
                Some("Namespace") => !name.starts_with("istio-") || name == "istio-system",
                Some("Service" | "EndpointSlice") if is_tag(o) => false,
                _ => namespace.is_empty() || namespace == "istio-system" || namespace == "default",
            }
        });
        let keep = [
            "payments",
            "orders",
            "staging",
            "legacy",
            "default",
            "istio-system",
        ];
        mesh.objects.retain(|o| {
            let (_, name) = names(o);
            o["kind"] != "Namespace" || keep.contains(&name) || name.starts_with("kube-")
        });
        mesh.namespace_labels("orders", &[("istio.io/rev", "stable")]);
        let recorded = documents(yaml)?;
        if recorded
            .iter()
            .any(|o| names(o).1 == "istio-sidecar-injector")
        {
            mesh.objects.extend(istiods::unrevisioned(&mesh.objects));
        }
        Ok(recorded.into_iter().fold(mesh, Self::with))
    }

    /// A recorded state by the name of its file, without the extension.
    pub fn recorded_state(name: &str) -> Result<Self> {
        let file = data_dir()
            .join("istioctl-recordings/states")
            .join(format!("{name}.yaml"));
        Self::recorded(&std::fs::read_to_string(file)?)
    }

    /// How many istiods each revision has; the second and further ones are copies of the recorded one.
    #[must_use]
    pub fn istiods(mut self, replicas: usize) -> Self {
        self.istiods = replicas;
        self
    }

    /// How old the youngest thing in it is: every creation time and every time in a status moves by the same amount.
    #[must_use]
    pub fn age(mut self, age: Duration) -> Self {
        self.times = Times::Aged(age);
        self
    }

    /// Every time as it was recorded, but for the nodes', which were last heard of at `heard`; and nothing that belongs to
    /// this run of the fixture: no object of kwok, no port of its kubelet, and this certificate in place of the fixture's.
    /// A control plane of it cannot call its webhooks.
    #[must_use]
    pub fn as_recorded(mut self, ca_pem: impl Into<String>, heard: jiff::Timestamp) -> Self {
        self.times = Times::Recorded {
            ca_pem: ca_pem.into(),
            heard,
        };
        self
    }

    pub(crate) fn is_as_recorded(&self) -> bool {
        matches!(self.times, Times::Recorded { .. })
    }

    /// The place as this mesh sees it: one that is as recorded was put there when its youngest part was made.
    pub(crate) fn place<'a>(&'a self, place: &Place<'a>) -> Place<'a> {
        let (ca_pem, kubelet_port, now, heard) = match &self.times {
            Times::Aged(_) => (place.ca_pem, place.kubelet_port, place.now, place.heard),
            Times::Recorded { ca_pem, heard } => {
                let youngest = age::youngest(&self.objects).unwrap_or(place.now);
                (ca_pem.as_str(), KUBELET_PORT, youngest, *heard)
            }
        };
        Place {
            ca_pem,
            kubelet_port,
            now,
            heard,
        }
    }

    /// Adds an object, or replaces the one of the same kind and name.
    #[must_use]
    pub fn with(mut self, object: Value) -> Self {
        self.objects.retain(|o| !same(o, &object));
        self.objects.push(object);
        self
    }

    /// Leaves out one object.
    #[must_use]
    pub fn without(mut self, kind: &str, namespace: &str, name: &str) -> Self {
        self.objects
            .retain(|o| o["kind"] != kind || names(o) != (namespace, name));
        self
    }

    /// The objects, as they are in the files.
    pub fn objects(&self) -> &[Value] {
        &self.objects
    }

    fn namespace_labels(&mut self, name: &str, labels: &[(&str, &str)]) {
        let own = [("kubernetes.io/metadata.name", name)];
        let all: Map<String, Value> = own
            .iter()
            .chain(labels)
            .map(|&(k, v)| (k.to_owned(), Value::from(v)))
            .collect();
        for o in &mut self.objects {
            if o["kind"] == "Namespace" && o["metadata"]["name"] == name {
                o["metadata"]["labels"] = Value::Object(all.clone());
            }
        }
    }

    /// What goes into etcd: key and value of each object.
    pub(crate) fn entries(&self, place: &Place<'_>) -> Result<Vec<(String, Vec<u8>)>> {
        let place = &self.place(place);
        let mut objects = self.objects.clone();
        istiods::scale(&mut objects, self.istiods);
        if let Times::Aged(age) = self.times {
            age::shift(&mut objects, place.now, age)?;
            objects.extend(istiods::port_forwards(&objects));
        }
        objects.extend(objects.iter().filter_map(allocation).collect::<Vec<_>>());
        objects
            .iter_mut()
            .map(|object| entry(object, place))
            .collect()
    }
}

/// The object by which the API server knows a Service's address as taken; it repairs a missing one with a warning
/// (kubernetes `pkg/registry/core/service/ipallocator/ipallocator.go`).
fn allocation(service: &Value) -> Option<Value> {
    let ip = service["spec"]["clusterIP"]
        .as_str()
        .filter(|ip| *ip != "None")?;
    let (namespace, name) = names(service);
    Some(json!({
        "apiVersion": "networking.k8s.io/v1", "kind": "IPAddress",
        "metadata": {"name": ip, "labels": {
            "ipaddress.kubernetes.io/ip-family": "IPv4",
            "ipaddress.kubernetes.io/managed-by": "ipallocator.k8s.io",
        }},
        "spec": {"parentRef": {
            "group": "", "resource": "services", "namespace": namespace, "name": name}},
    }))
}

/// Key and value of one object, with what the server would have set.
pub(crate) fn entry(object: &mut Value, place: &Place<'_>) -> Result<(String, Vec<u8>)> {
    let kind = Kind::of(object)?;
    let (namespace, name) = names(object);
    let key = kind.key(namespace, name);
    let meta = object["metadata"]
        .as_object_mut()
        .ok_or("an object without metadata")?;
    meta.remove("resourceVersion");
    meta.entry("uid").or_insert_with(|| uid(&key).into());
    meta.entry("creationTimestamp")
        .or_insert_with(|| age::seconds(place.now).into());
    match kind.name {
        "Node" => settle_node(object, place),
        "CustomResourceDefinition" => store_crd(object, place.now),
        _ => {}
    }
    certificates(object, place.ca_pem);
    Ok((key, serde_json::to_vec(object)?))
}

/// Replaces what the recordings hold in place of certificates: `root-cert.pem`, `ca.crt`, the certificate of istiod's
/// own CA (its key stays left out), and every `caBundle`.
fn certificates(object: &mut Value, ca_pem: &str) {
    use base64::{Engine as _, engine::general_purpose::STANDARD};
    for key in ["root-cert.pem", "ca.crt"] {
        if object["kind"] == "ConfigMap" && object["data"][key].is_string() {
            object["data"][key] = ca_pem.into();
        }
    }
    if object["kind"] == "Secret" && object["metadata"]["name"] == "istio-ca-secret" {
        object["data"]["ca-cert.pem"] = STANDARD.encode(ca_pem).into();
    }
    for hook in object["webhooks"].as_array_mut().into_iter().flatten() {
        hook["clientConfig"]["caBundle"] = STANDARD.encode(ca_pem).into();
    }
}

/// The kubelet of the fixture's Kubernetes: kwok's calls itself by a name that is no version.
const KUBELET: &str = "v1.34.4";

/// A node is served by this run's kwok, and was heard of just now.
fn settle_node(object: &mut Value, place: &Place<'_>) {
    let status = &mut object["status"];
    status["nodeInfo"]["kubeletVersion"] = KUBELET.into();
    status["daemonEndpoints"]["kubeletEndpoint"]["Port"] = place.kubelet_port.into();
    for condition in status["conditions"].as_array_mut().into_iter().flatten() {
        condition["lastHeartbeatTime"] = age::seconds(place.heard).into();
    }
}

/// What the API server fills in when a CRD is created (apiextensions-apiserver
/// pkg/registry/customresourcedefinition/strategy.go, `PrepareForCreate`) and its controllers soon after: with all of it
/// there they change nothing.
fn store_crd(object: &mut Value, now: jiff::Timestamp) {
    let stored: Vec<Value> = object["spec"]["versions"]
        .as_array()
        .into_iter()
        .flatten()
        .filter(|v| v["storage"] == true)
        .map(|v| v["name"].clone())
        .collect();
    let condition = |of: &str, reason: &str, message: &str| {
        json!({"type": of, "status": "True", "reason": reason, "message": message,
            "lastTransitionTime": age::seconds(now)})
    };
    let mut conditions = vec![
        condition("NamesAccepted", "NoConflicts", "no conflicts found"),
        condition(
            "Established",
            "InitialNamesAccepted",
            "the initial names have been accepted",
        ),
    ];
    if let Some(approval) = object["metadata"]["annotations"]["api-approved.kubernetes.io"].as_str()
    {
        conditions.push(condition(
            "KubernetesAPIApprovalPolicyConformant",
            "ApprovedAnnotation",
            &format!("approved in {approval}"),
        ));
    }
    object["status"] = json!({
        "storedVersions": stored, "conditions": conditions, "acceptedNames": object["spec"]["names"],
    });
}

/// The objects of a YAML file of several documents.
pub(crate) fn documents(yaml: &str) -> Result<Vec<Value>> {
    let options = serde_saphyr::options! { budget: None };
    let mut all: Vec<Value> = serde_saphyr::from_multiple_with_options(yaml, options)?;
    all.retain(Value::is_object);
    Ok(all)
}

/// A uid that is the same in every run, so that output which shows one can be compared.
fn uid(of: &str) -> String {
    let digest = Sha256::digest(of);
    let (head, _) = digest.split_at(16);
    let number = head
        .iter()
        .fold(0_u128, |n, &byte| n << 8 | u128::from(byte));
    let hex = format!("{number:032x}");
    format!(
        "{}-{}-4{}-8{}-{}",
        &hex[..8],
        &hex[8..12],
        &hex[13..16],
        &hex[17..20],
        &hex[20..]
    )
}

fn is_tag(object: &Value) -> bool {
    object["metadata"]["labels"]["istio.io/tag"].is_string()
}

fn same(a: &Value, b: &Value) -> bool {
    a["kind"] == b["kind"] && a["apiVersion"] == b["apiVersion"] && names(a) == names(b)
}

/// `tests/data` of this workspace.
pub fn data_dir() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/data")
}

/// The keys of these objects, for a load that replaces another.
pub(crate) fn keys(entries: &[(String, Vec<u8>)]) -> BTreeSet<&str> {
    entries.iter().map(|(key, _)| key.as_str()).collect()
}
