//! More istiods than were recorded: further replicas, and the un-revisioned install of 1.20.8.

use serde_json::{Value, json};

use super::uid;

/// Gives every istiod Deployment this many pods: copies of the recorded one, on other nodes and addresses, and the
/// counts of everything that counts them.
pub(super) fn scale(objects: &mut Vec<Value>, replicas: usize) {
    if replicas < 2 {
        return;
    }
    let pods: Vec<Value> = objects
        .iter()
        .filter(|o| o["kind"] == "Pod" && is_istiod(o))
        .cloned()
        .collect();
    for (i, pod) in pods.iter().enumerate() {
        for copy in 1..replicas {
            let twin = twin(pod, i, copy);
            add_endpoints(objects, pod, &twin);
            objects.push(twin);
        }
    }
    for object in objects.iter_mut().filter(|o| is_istiod(o)) {
        count(object, replicas);
    }
}

fn is_istiod(object: &Value) -> bool {
    let meta = &object["metadata"];
    meta["labels"]["app"] == "istiod" && meta["namespace"] == "istio-system"
}

fn twin(pod: &Value, istiod: usize, copy: usize) -> Value {
    let mut twin = pod.clone();
    let stem = pod["metadata"]["generateName"].as_str().unwrap_or_default();
    let name = format!("{stem}tw{copy}n{istiod}");
    twin["metadata"]["uid"] = uid(&name).into();
    twin["metadata"]["name"] = name.into();
    twin["spec"]["nodeName"] = format!("node-{}", (istiod + copy) % 3 + 1).into();
    // Out of the way of the recorded addresses, and of those kwok hands out from the start of the range.
    let ip = format!("10.244.{}.{}", 200 + istiod, copy);
    twin["status"]["podIPs"] = json!([{ "ip": ip }]);
    twin["status"]["podIP"] = ip.into();
    twin
}

fn add_endpoints(objects: &mut [Value], pod: &Value, twin: &Value) {
    for slice in objects.iter_mut().filter(|o| o["kind"] == "EndpointSlice") {
        let Some(endpoints) = slice["endpoints"].as_array_mut() else {
            continue;
        };
        let of_pod = |e: &&Value| e["targetRef"]["uid"] == pod["metadata"]["uid"];
        let Some(mut endpoint) = endpoints.iter().find(of_pod).cloned() else {
            continue;
        };
        endpoint["addresses"] = json!([twin["status"]["podIP"]]);
        endpoint["nodeName"] = twin["spec"]["nodeName"].clone();
        endpoint["targetRef"]["name"] = twin["metadata"]["name"].clone();
        endpoint["targetRef"]["uid"] = twin["metadata"]["uid"].clone();
        let zone = twin["spec"]["nodeName"]
            .as_str()
            .unwrap_or_default()
            .replace("node", "zone");
        endpoint["zone"] = zone.into();
        endpoints.push(endpoint);
    }
}

fn count(object: &mut Value, replicas: usize) {
    let (fields, spec): (&[&str], bool) = match object["kind"].as_str() {
        Some("Deployment") => (
            &[
                "replicas",
                "readyReplicas",
                "availableReplicas",
                "updatedReplicas",
            ],
            true,
        ),
        Some("ReplicaSet") if object["spec"]["replicas"] != 0 => (
            &[
                "replicas",
                "readyReplicas",
                "availableReplicas",
                "fullyLabeledReplicas",
            ],
            true,
        ),
        Some("HorizontalPodAutoscaler") => (&["currentReplicas", "desiredReplicas"], false),
        Some("PodDisruptionBudget") => (&["currentHealthy", "expectedPods"], false),
        _ => return,
    };
    for field in fields {
        object["status"][*field] = replicas.into();
    }
    if spec {
        object["spec"]["replicas"] = replicas.into();
    }
    if object["kind"] == "PodDisruptionBudget" {
        let wanted = object["status"]["desiredHealthy"].as_u64().unwrap_or(1);
        object["status"]["disruptionsAllowed"] = (replicas as u64).saturating_sub(wanted).into();
    }
}

/// The istiod of an install without a revision, 1.20.8, made from what was recorded of revision 1-26-1.
pub(super) fn unrevisioned(objects: &[Value]) -> Vec<Value> {
    objects
        .iter()
        .filter(|o| {
            let name = o["metadata"]["name"].as_str().unwrap_or_default();
            o["metadata"]["namespace"] == "istio-system" && name.contains("1-26-1")
        })
        .filter_map(|o| {
            let text = o.to_string();
            let text = text
                .replace("istiod-1-26-1", "istiod")
                .replace("istio-sidecar-injector-1-26-1", "istio-sidecar-injector")
                .replace("istio-1-26-1", "istio")
                .replace("values-1-26-1", "values")
                .replace("1-26-1", "default")
                .replace("1.26.1", "1.20.8")
                .replace("10.96.127.109", "10.96.20.8")
                .replace("10.244.0.1\"", "10.244.199.1\"");
            serde_json::from_str::<Value>(&text).ok()
        })
        .map(|mut o| {
            renew_uids(&mut o);
            o
        })
        .collect()
}

/// Copies are other objects: every uid in them, their own and those they refer to, changes the same way.
fn renew_uids(value: &mut Value) {
    match value {
        Value::Object(fields) => {
            for (key, v) in fields {
                match v.as_str() {
                    Some(old) if key == "uid" => *v = uid(&format!("unrevisioned {old}")).into(),
                    _ => renew_uids(v),
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(renew_uids),
        _ => {}
    }
}

/// kwok forwards a pod's port only where an object of the pod's name says so: istiod's monitoring port goes to the
/// pod's own address, where the stand-in listens.
pub(super) fn port_forwards(objects: &[Value]) -> Vec<Value> {
    objects
        .iter()
        .filter(|o| o["kind"] == "Pod" && is_istiod(o))
        .map(port_forward)
        .collect()
}

pub(crate) fn port_forward(pod: &Value) -> Value {
    json!({
        "apiVersion": "kwok.x-k8s.io/v1alpha1",
        "kind": "PortForward",
        "metadata": {"name": pod["metadata"]["name"], "namespace": pod["metadata"]["namespace"]},
        "spec": {"forwards": [{
            "ports": [15014],
            "target": {"port": 15014, "address": pod["status"]["podIP"]},
        }]},
    })
}
