//! A large cluster, made of the sample mesh: its pods again and again, in namespaces of their own, each with the
//! resources of Istio that a team has.

use mesh_testkit::Mesh;
use serde_json::{Value, json};

use crate::Result;

mod config;

pub(super) use config::RESOURCES;

/// Namespaces, with one Deployment each.
pub(super) const NAMESPACES: usize = 1000;
/// Pods of each Deployment.
pub(super) const PODS: usize = 10;
/// Nodes the pods say they are on. They are in no list: kwok would want to run what is on them.
const NODES: usize = 100;

/// A workload of the sample: (namespace, Deployment), and the tag its copies' namespaces are on.
const TEMPLATES: [(&str, &str, &str); 2] = [
    ("payments", "checkout", "stable"),
    ("orders", "orders-api", "canary"),
];
/// Of ten namespaces this many are on the first template.
const FIRST: usize = 7;

/// All objects of the large part, made one after the other.
pub(super) fn objects(mesh: &Mesh) -> Result<impl Iterator<Item = Value>> {
    let templates = TEMPLATES
        .iter()
        .map(|of| Template::find(mesh, *of))
        .collect::<Result<Vec<_>>>()?;
    Ok((0..NAMESPACES).flat_map(move |n| {
        let template = &templates[usize::from(n % 10 >= FIRST)];
        let mut objects = vec![template.namespace(n), template.deployment(n)];
        objects.extend((0..PODS).map(|p| template.pod(n, p)));
        let at = &template.deployment["metadata"]["creationTimestamp"];
        objects.extend(config::objects(n, &namespace(n), template.app, at));
        objects
    }))
}

struct Template {
    app: &'static str,
    tag: &'static str,
    deployment: Value,
    pod: Value,
}

impl Template {
    fn find(
        mesh: &Mesh,
        (namespace, name, tag): (&str, &'static str, &'static str),
    ) -> Result<Self> {
        let find = |kind: &str| {
            mesh.objects()
                .iter()
                .find(|o| {
                    let meta = &o["metadata"];
                    o["kind"] == kind
                        && meta["namespace"] == namespace
                        && (meta["name"] == name || meta["labels"]["app"] == name)
                })
                .cloned()
                .ok_or_else(|| format!("the sample has no {kind} {namespace}/{name}"))
        };
        let (deployment, mut pod) = (find("Deployment")?, find("Pod")?);
        as_a_kubelet_leaves_it(&mut pod);
        Ok(Self {
            app: name,
            tag,
            deployment,
            pod,
        })
    }

    fn namespace(&self, n: usize) -> Value {
        let name = namespace(n);
        json!({
            "apiVersion": "v1", "kind": "Namespace",
            "metadata": {
                "name": name,
                "creationTimestamp": self.deployment["metadata"]["creationTimestamp"],
                "labels": {"kubernetes.io/metadata.name": name, "istio.io/rev": self.tag},
            },
            "spec": {"finalizers": ["kubernetes"]}, "status": {"phase": "Active"},
        })
    }

    fn deployment(&self, n: usize) -> Value {
        let mut deployment = self.deployment.clone();
        let meta = &mut deployment["metadata"];
        meta["namespace"] = namespace(n).into();
        meta["uid"] = uid(1, n).into();
        for part in ["spec", "status"] {
            for (key, value) in deployment[part].as_object_mut().into_iter().flatten() {
                if key == "replicas" || key.ends_with("Replicas") {
                    *value = PODS.into();
                }
            }
        }
        config::deployment(&mut deployment);
        deployment
    }

    fn pod(&self, n: usize, p: usize) -> Value {
        let mut pod = self.pod.clone();
        let nth = n * PODS + p;
        let meta = &mut pod["metadata"];
        let stem = meta["generateName"].as_str().unwrap_or("pod-").to_owned();
        meta["namespace"] = namespace(n).into();
        meta["name"] = format!("{stem}{nth:05}").into();
        meta["uid"] = uid(2, nth).into();
        meta["ownerReferences"][0]["uid"] = uid(3, n).into();
        let ip = format!(
            "10.{}.{}.{}",
            64 + nth / 62_500,
            nth / 250 % 250,
            nth % 250 + 1
        );
        pod["spec"]["nodeName"] = format!("worker-{:03}", nth % NODES).into();
        pod["status"]["podIPs"] = json!([{ "ip": ip }]);
        pod["status"]["podIP"] = ip.into();
        for list in ["containerStatuses", "initContainerStatuses"] {
            for status in pod["status"][list].as_array_mut().into_iter().flatten() {
                status["containerID"] = format!("containerd://{nth:064x}").into();
            }
        }
        pod
    }
}

fn namespace(n: usize) -> String {
    format!("team-{n:04}")
}

fn uid(kind: usize, n: usize) -> String {
    format!("{kind:08x}-0000-4000-8000-{n:012x}")
}

/// What the simulated nodes of the sample leave out, and what makes a third of a real list: image digests and who
/// manages which field.
fn as_a_kubelet_leaves_it(pod: &mut Value) {
    for list in ["containerStatuses", "initContainerStatuses"] {
        for status in pod["status"][list].as_array_mut().into_iter().flatten() {
            let image = status["image"].as_str().unwrap_or_default();
            let name = image.rsplit_once(':').map_or(image, |(name, _)| name);
            status["imageID"] = format!("{name}@sha256:{:064x}", image.len()).into();
        }
    }
    let at = pod["metadata"]["creationTimestamp"].clone();
    let condition = |name: &str| format!("k:{{\"type\":\"{name}\"}}");
    let of = json!({".": {}, "f:lastProbeTime": {}, "f:lastTransitionTime": {}, "f:status": {}, "f:type": {}});
    pod["metadata"]["managedFields"] = json!([
        {
            "apiVersion": "v1", "fieldsType": "FieldsV1", "manager": "kube-controller-manager",
            "operation": "Update", "time": at,
            "fieldsV1": {
                "f:metadata": {
                    "f:generateName": {},
                    "f:labels": {".": {}, "f:app": {}, "f:pod-template-hash": {}, "f:version": {}},
                    "f:ownerReferences": {".": {}, "k:{\"uid\":\"00000003\"}": {}},
                },
                "f:spec": {
                    "f:dnsPolicy": {}, "f:enableServiceLinks": {}, "f:restartPolicy": {},
                    "f:schedulerName": {}, "f:securityContext": {}, "f:terminationGracePeriodSeconds": {},
                },
            },
        },
        {
            "apiVersion": "v1", "fieldsType": "FieldsV1", "manager": "kubelet", "operation": "Update",
            "subresource": "status", "time": at,
            "fieldsV1": {"f:status": {
                "f:conditions": {
                    condition("ContainersReady"): of, condition("Initialized"): of, condition("Ready"): of,
                },
                "f:containerStatuses": {}, "f:hostIP": {}, "f:initContainerStatuses": {}, "f:phase": {},
                "f:podIP": {}, "f:podIPs": {}, "f:startTime": {},
            }},
        },
    ]);
}
