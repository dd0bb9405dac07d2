//! What nodes take and pods request.

use super::*;
use crate::mesh::{Requested, Requests};

const MI: u64 = 1 << 20;

fn container(name: &str, cpu: &str, memory: &str) -> Value {
    json!({"name": name, "image": "x", "resources": {"requests": {"cpu": cpu, "memory": memory}}})
}

fn lasting(name: &str, cpu: &str, memory: &str) -> Value {
    let mut container = container(name, cpu, memory);
    container["restartPolicy"] = json!("Always");
    container
}

/// What the scheduler takes a pod of this spec for.
fn requests(spec: &Value) -> Requests {
    let pod: crate::mesh::wire::Pod = serde_json::from_value(json!({"spec": spec})).unwrap();
    pod.spec.requests()
}

#[test]
fn a_pod_requests_what_the_scheduler_counts() {
    let of = |cpu, memory| Requests {
        cpu,
        memory: memory * MI,
    };
    for (what, spec, want) in [
        (
            "containers together",
            json!({"containers": [container("app", "100m", "128Mi"), container("istio-proxy", "100m", "128Mi")]}),
            of(200, 256),
        ),
        (
            "the most of init containers, where that is more",
            json!({
                "initContainers": [container("a", "1", "64Mi"), container("b", "500m", "512Mi")],
                "containers": [container("app", "100m", "128Mi")],
            }),
            of(1000, 512),
        ),
        (
            "a native sidecar beside the containers",
            json!({
                "initContainers": [lasting("istio-proxy", "100m", "128Mi")],
                "containers": [container("app", "100m", "128Mi")],
            }),
            of(200, 256),
        ),
        (
            "an init container beside the sidecar that started before it",
            json!({
                "initContainers": [container("early", "350m", "0"), lasting("istio-proxy", "100m", "128Mi"), container("late", "300m", "0")],
                "containers": [container("app", "100m", "128Mi")],
            }),
            of(400, 256),
        ),
        (
            "a limit without a request",
            json!({"containers": [{"name": "app", "resources": {"limits": {"cpu": "2", "memory": "1Gi"}}}]}),
            of(2000, 1024),
        ),
        (
            "the runtime class on top",
            json!({"containers": [container("app", "100m", "128Mi")], "overhead": {"cpu": "50m", "memory": "64Mi"}}),
            of(150, 192),
        ),
        (
            "the pod as a whole, where it says",
            json!({"containers": [container("app", "100m", "128Mi")], "resources": {"requests": {"cpu": "1"}}}),
            of(1000, 128),
        ),
        (
            "nothing",
            json!({"containers": [{"name": "app", "resources": null}], "initContainers": null}),
            of(0, 0),
        ),
    ] {
        assert_eq!(requests(&spec), want, "{what}");
    }
}

#[test]
fn pods_fill_nodes_until_they_have_ended() {
    let pod = |name: &str, node: &str, phase: &str, deleted: Value| {
        json!({
            "apiVersion": "v1", "kind": "Pod",
            "metadata": {"name": name, "namespace": "a", "deletionTimestamp": deleted},
            "spec": {"nodeName": node, "containers": [container("app", "100m", "1Mi")]},
            "status": {"phase": phase},
        })
    };
    let mut unbound = pod("pending", "", "Pending", Value::Null);
    unbound["spec"]["nodeName"] = Value::Null;
    let mesh = from(vec![
        pod("running", "n1", "Running", Value::Null),
        pod("starting", "n1", "Pending", Value::Null),
        pod("going", "n1", "Running", json!("2026-11-21T04:00:00Z")),
        pod("over", "n1", "Succeeded", Value::Null),
        pod("other", "n2", "Running", Value::Null),
        unbound,
    ]);
    let requested = mesh.requested.get().unwrap();
    let want = Requested {
        cpu: 300,
        memory: 3 * MI,
        pods: 3,
    };
    assert_eq!(requested["n1"], want);
    assert_eq!(requested["n2"].pods, 1);
    assert_eq!(requested.len(), 2);
    assert_eq!(workload(&mesh, "a", "going").requests, None);
    assert!(workload(&mesh, "a", "running").requests.is_some());
}

#[test]
fn a_surge_is_counted_in_pods() {
    let surge = |kind: &str, spec: Value, desired: u32| {
        let object = json!({
            "apiVersion": "apps/v1", "kind": kind,
            "metadata": {"name": "x", "namespace": "a"},
            "spec": spec, "status": {"desiredNumberScheduled": desired},
        });
        workload(&from(vec![object]), "a", "x").surge
    };
    for (kind, spec, desired, want) in [
        ("Deployment", json!({"replicas": 10}), 0, 3),
        ("Deployment", json!({}), 0, 1),
        ("Deployment", json!({"replicas": 0}), 0, 0),
        (
            "Deployment",
            json!({"replicas": 10, "strategy": {"type": "Recreate"}}),
            0,
            0,
        ),
        (
            "Deployment",
            json!({"replicas": 10, "strategy": {"rollingUpdate": {"maxSurge": 2}}}),
            0,
            2,
        ),
        (
            "Deployment",
            json!({"replicas": 3, "strategy": {"rollingUpdate": {"maxSurge": "100%"}}}),
            0,
            3,
        ),
        (
            "Deployment",
            json!({"replicas": 3, "strategy": {"rollingUpdate": {"maxSurge": "odd%"}}}),
            0,
            0,
        ),
        ("StatefulSet", json!({"replicas": 10}), 0, 0),
        ("DaemonSet", json!({}), 10, 0),
        (
            "DaemonSet",
            json!({"updateStrategy": {"rollingUpdate": {"maxSurge": "10%"}}}),
            15,
            2,
        ),
    ] {
        assert_eq!(surge(kind, spec.clone(), desired), want, "{kind} {spec}");
    }
}

#[test]
fn a_node_says_how_it_is() {
    let mesh = from(vec![
        json!({
            "apiVersion": "v1", "kind": "Node", "metadata": {"name": "n1"},
            "spec": {"unschedulable": true, "taints": [
                {"key": "node.kubernetes.io/unschedulable", "effect": "NoSchedule"},
                {"key": "gpu", "effect": "NoSchedule"},
                {"key": "soft", "effect": "PreferNoSchedule"},
            ]},
            "status": {
                "allocatable": {"cpu": "3920m", "memory": "2Gi", "pods": "110"},
                "conditions": [
                    {"type": "Ready", "status": "True", "lastHeartbeatTime": "2026-11-21T04:00:00Z"},
                    {"type": "DiskPressure", "status": "True"},
                    {"type": "MemoryPressure", "status": "False"},
                    {"type": "KernelIsFine", "status": "True"},
                ],
                "nodeInfo": {"kubeletVersion": "v1.34.4", "containerRuntimeVersion": "containerd://2.0.5", "operatingSystem": "linux"},
            },
        }),
        json!({"apiVersion": "v1", "kind": "Node", "metadata": {"name": "n2"}, "spec": null, "status": {"conditions": null}}),
    ]);
    let nodes = mesh.nodes.get().unwrap();
    let n1 = &nodes[0];
    assert_eq!(
        (n1.cpu, n1.memory, n1.pods),
        (Some(3920), Some(2048 * MI), Some(110))
    );
    assert!(n1.ready && n1.unschedulable);
    assert_eq!(n1.heartbeat, "2026-11-21T04:00:00Z".parse().ok());
    assert_eq!(n1.pressures, ["DiskPressure"]);
    assert_eq!(n1.taints, ["gpu"]);
    assert_eq!(
        (n1.runtime.as_str(), n1.os.as_str()),
        ("containerd://2.0.5", "linux")
    );
    assert!(!nodes[1].ready && nodes[1].cpu.is_none() && nodes[1].heartbeat.is_none());
}
