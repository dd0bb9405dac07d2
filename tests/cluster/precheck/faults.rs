//! Each fault that a mesh can have is found under its code, and nothing else changes.

use mesh_testkit::{Lab, LabGuard};
use serde_json::{Value, json};

use super::{Precheck, TABLE, findings, row};

/// The support table without the fixture's Kubernetes.
const OTHER_TABLE: &str = r#"
- version: "1.28"
  supported: "Yes"
  releaseDate: "Nov 05, 2025"
  eolDate: "Jul 1, 2099"
  k8sVersions: ["1.32"]
- version: "1.26"
  supported: "Yes"
  releaseDate: "May 08, 2025"
  eolDate: "Jul 1, 2099"
  k8sVersions: ["1.33", "1.34"]
"#;

/// An API that nobody serves.
const BROKEN_API: &str = "v1alpha1.broken.example.com";

/// A fault, the code it must give, its status, and what its finding must hold: object, evidence and hint.
struct Fault {
    name: &'static str,
    code: &'static str,
    status: &'static str,
    holds: &'static [&'static str],
    seed: fn(&LabGuard),
    /// Another support table, for a fault that is not in the cluster.
    table: &'static str,
    /// Other checks that must see it too, each for a reason of its own.
    also: &'static [&'static str],
}

const fn fault(
    name: &'static str,
    (code, status): (&'static str, &'static str),
    holds: &'static [&'static str],
    seed: fn(&LabGuard),
) -> Fault {
    Fault {
        name,
        code,
        status,
        holds,
        seed,
        table: TABLE,
        also: &[],
    }
}

/// One for each category at least; rights and istioctl have tests of their own.
const FAULTS: &[Fault] = &[
    Fault {
        table: OTHER_TABLE,
        ..fault(
            "the target does not support this Kubernetes",
            ("MESH2101", "error"),
            &["the API server", "gitVersion: v1.34.4", "go to a release"],
            |_| {},
        )
    },
    fault(
        "an aggregated API without a server",
        ("MESH2102", "error"),
        &[BROKEN_API, "Available=False", "kubectl"],
        broken_api,
    ),
    fault(
        "a node without memory",
        ("MESH2103", "warning"),
        &["node/node-1", "MemoryPressure", "kubectl"],
        node_without_memory,
    ),
    Fault {
        // Nobody is behind the tag: the table of tags says so too.
        also: &["MESH2308"],
        ..fault(
            "a tag whose revision is gone",
            ("MESH2307", "error"),
            &["istio-revision-tag-old", "1-20-0", "kubectl"],
            dead_tag,
        )
    },
    fault(
        "a label that names no revision",
        ("MESH2308", "warning"),
        &["namespace/platform", "no-such-tag", "kubectl"],
        |lab| {
            let rev = [("istio.io/rev", Some("no-such-tag"))];
            lab.api().label("Namespace", "", "platform", &rev).unwrap();
        },
    ),
    fault(
        "pod security that refuses the init container",
        ("MESH2404", "error"),
        &[
            "namespace/orders",
            "pod-security.kubernetes.io/enforce",
            "kubectl",
        ],
        |lab| {
            let enforce = [("pod-security.kubernetes.io/enforce", Some("restricted"))];
            lab.api()
                .label("Namespace", "", "orders", &enforce)
                .unwrap();
        },
    ),
    fault(
        "a variable of istiod that the target does not know",
        ("MESH2501", "warning"),
        &[
            "deployment/istiod-1-26-1 -n istio-system",
            "source ",
            "rule 1.27/",
        ],
        |lab| {
            edit(lab, "istio-system", "istiod-1-26-1", |istiod| {
                let env =
                    json!({"name": "EXCLUDE_UNSAFE_503_FROM_DEFAULT_RETRY", "value": "false"});
                let container = &mut istiod["spec"]["template"]["spec"]["containers"][0];
                container["env"].as_array_mut().unwrap().push(env);
            });
        },
    ),
    fault(
        "an EnvoyFilter for the proxies of today",
        ("MESH2503", "warning"),
        &["envoyfilter/old-proxies -n orders", "^1.26", "add a patch"],
        old_filter,
    ),
    fault(
        "a version that nobody serves any more",
        ("MESH2506", "error"),
        &[
            "crd/virtualservices.networking.istio.io",
            "v1alpha2",
            "status.storedVersions",
        ],
        stored_version,
    ),
    Fault {
        // One replica needs no budget.
        also: &["MESH2602"],
        ..fault(
            "one replica where there were three",
            ("MESH2601", "warning"),
            &[
                "deployment/carts -n orders",
                "one replica",
                "scale it to two",
            ],
            |lab| {
                edit(lab, "orders", "carts", |carts| {
                    carts["spec"]["replicas"] = 1.into();
                });
            },
        )
    },
    fault(
        "a proxy image of its own",
        ("MESH2605", "warning"),
        &[
            "deployment/carts -n orders",
            "example.com/proxy:1",
            "annotation",
        ],
        |lab| {
            edit(lab, "orders", "carts", |carts| {
                let annotations = &mut carts["spec"]["template"]["metadata"]["annotations"];
                annotations["sidecar.istio.io/proxyImage"] = "example.com/proxy:1".into();
            });
        },
    ),
    fault(
        "no readiness probe",
        ("MESH2606", "warning"),
        &[
            "deployment/carts -n orders",
            "without one: ",
            "add a readinessProbe",
        ],
        |lab| {
            edit(lab, "orders", "carts", |carts| {
                let containers = &mut carts["spec"]["template"]["spec"]["containers"];
                for container in containers.as_array_mut().unwrap() {
                    container.as_object_mut().unwrap().remove("readinessProbe");
                }
            });
        },
    ),
    fault(
        "a rollout that does not get on",
        ("MESH2609", "warning"),
        &[
            "deployment/carts -n orders",
            "1 available",
            "kubectl -n orders rollout status",
        ],
        |lab| {
            let status = json!({"availableReplicas": 1});
            lab.api()
                .patch_status("Deployment", "orders", "carts", &status)
                .unwrap();
        },
    ),
];

fn broken_api(lab: &LabGuard) {
    let service = json!({
        "apiVersion": "apiregistration.k8s.io/v1", "kind": "APIService",
        "metadata": {"name": BROKEN_API},
        "spec": {"group": "broken.example.com", "version": "v1alpha1", "groupPriorityMinimum": 100,
                 "versionPriority": 100, "insecureSkipTLSVerify": true,
                 "service": {"name": "nobody", "namespace": "default"}},
    });
    lab.api().create(&service).unwrap();
}

fn node_without_memory(lab: &LabGuard) {
    let mut node = lab.api().get("Node", "", "node-1").unwrap();
    let conditions = node["status"]["conditions"].as_array_mut().unwrap();
    for condition in conditions.iter_mut() {
        if condition["type"] == "MemoryPressure" {
            condition["status"] = "True".into();
        }
    }
    let status = json!({"conditions": conditions});
    lab.api()
        .patch_status("Node", "", "node-1", &status)
        .unwrap();
}

/// A tag of a revision that is gone, Service and all.
fn dead_tag(lab: &LabGuard) {
    let api = lab.api();
    let stable = "istio-revision-tag-stable";
    let mut hook = api.get("MutatingWebhookConfiguration", "", stable).unwrap();
    hook["metadata"] = json!({
        "name": "istio-revision-tag-old",
        "labels": {"app": "sidecar-injector", "istio.io/rev": "1-20-0", "istio.io/tag": "old"},
    });
    let webhooks = hook["webhooks"]
        .to_string()
        .replace("\"stable\"", "\"old\"")
        .replace("istiod-1-26-1", "istiod-1-20-0");
    hook["webhooks"] = serde_json::from_str(&webhooks).unwrap();
    api.create(&hook).unwrap();
}

fn old_filter(lab: &LabGuard) {
    let filter = json!({
        "apiVersion": "networking.istio.io/v1alpha3", "kind": "EnvoyFilter",
        "metadata": {"name": "old-proxies", "namespace": "orders"},
        "spec": {"configPatches": [{
            "applyTo": "HTTP_FILTER",
            "match": {"context": "SIDECAR_INBOUND", "proxy": {"proxyVersion": "^1.26"}},
            "patch": {"operation": "INSERT_BEFORE", "value": {"name": "x"}},
        }]},
    });
    lab.api().create(&filter).unwrap();
}

fn stored_version(lab: &LabGuard) {
    let name = "virtualservices.networking.istio.io";
    let kind = "CustomResourceDefinition.apiextensions.k8s.io";
    let crd = lab.api().get(kind, "", name).unwrap();
    let mut stored = crd["status"]["storedVersions"].as_array().unwrap().clone();
    stored.insert(0, json!("v1alpha2"));
    let status = json!({"storedVersions": stored});
    lab.api().patch_status(kind, "", name, &status).unwrap();
}

/// Edits a Deployment, and says of it what its controller would once all pods are as it wants them.
fn edit(lab: &LabGuard, namespace: &str, name: &str, change: impl Fn(&mut Value)) {
    let api = lab.api();
    let mut deployment = api.get("Deployment", namespace, name).unwrap();
    change(&mut deployment);
    let replaced = api.replace(&deployment).unwrap();
    let replicas = &replaced["spec"]["replicas"];
    let status = json!({
        "observedGeneration": replaced["metadata"]["generation"], "replicas": replicas, "updatedReplicas": replicas,
        "readyReplicas": replicas, "availableReplicas": replicas,
    });
    api.patch_status("Deployment", namespace, name, &status)
        .unwrap();
}

#[test]
fn each_fault_is_found_and_nothing_else_changes() {
    let Some(mut lab) = Lab::get() else { return };
    let healthy = Precheck::of(lab.kubeconfig()).report(&[]).0;
    let mut wrong = Vec::new();
    for fault in FAULTS {
        lab.reset();
        (fault.seed)(&lab);
        let (report, code) = Precheck::with(lab.kubeconfig(), fault.table).report(&[]);
        wrong.extend(judge(fault, &healthy, &report, code));
        // The aggregator goes on serving what a reset took out of the store.
        let _ = lab.api().delete("APIService", "", BROKEN_API);
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// What is not as it should be, one line each.
fn judge(fault: &Fault, healthy: &Value, report: &Value, code: Option<i32>) -> Vec<String> {
    let mut wrong = Vec::new();
    let mut say = |text: String| wrong.push(format!("{}: {text}", fault.name));
    let before = findings(healthy, fault.code);
    let mut new = findings(report, fault.code);
    new.retain(|f| !before.contains(f));
    if !new
        .iter()
        .any(|f| fault.holds.iter().all(|text| f.contains(text)))
    {
        say(format!("{}: {new:?}", fault.code));
    }
    let status = row(report, fault.code)["status"].as_str().unwrap();
    if status != fault.status {
        say(format!("{} is {status}", fault.code));
    }
    if code != Some(if fault.status == "error" { 2 } else { 0 }) {
        say(format!("exit {code:?}"));
    }
    for row in healthy["checks"].as_array().unwrap() {
        let other = row["code"].as_str().unwrap();
        if other == fault.code {
            continue;
        }
        let changed = findings(report, other) != findings(healthy, other);
        if changed != fault.also.contains(&other) {
            say(format!("{other}: {:?}", findings(report, other)));
        }
    }
    wrong
}
