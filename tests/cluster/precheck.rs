//! `mesh-precheck` on a real API server: a healthy mesh is clean, each seeded fault is found under its code and nothing
//! else changes, and a user who may only look is told what is missing.

use std::collections::BTreeMap;

use mesh_testkit::{Lab, LabGuard, Plugin};
use serde_json::{Value, json};

/// A support table of this test's own, which knows the fixture's Kubernetes and does not age.
const TABLE: &str = r#"
- version: "1.28"
  supported: "Yes"
  releaseDate: "Nov 05, 2025"
  eolDate: "Jul 1, 2099"
  k8sVersions: ["1.33", "1.34"]
- version: "1.26"
  supported: "Yes"
  releaseDate: "May 08, 2025"
  eolDate: "Jul 1, 2099"
  k8sVersions: ["1.33", "1.34"]
"#;

/// The same without the fixture's Kubernetes.
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

/// What every check came to, by its code.
type Statuses = BTreeMap<String, String>;

struct Precheck {
    plugin: Plugin,
    table: String,
}

impl Precheck {
    fn of(kubeconfig: &std::path::Path) -> Self {
        Self::with(kubeconfig, TABLE)
    }

    fn with(kubeconfig: &std::path::Path, table: &str) -> Self {
        let plugin = Plugin::new("kubectl-mesh_precheck", kubeconfig);
        let file = plugin.dir().join("support.yaml");
        std::fs::write(&file, table).unwrap();
        Self {
            table: file.display().to_string(),
            plugin,
        }
    }

    /// The report, and the exit code.
    fn report(&self, args: &[&str]) -> (Value, Option<i32>) {
        let mut line = vec![
            "--to",
            "1.28.1",
            "--support-table",
            &self.table,
            "-o",
            "json",
        ];
        line.extend(args);
        let ran = self.plugin.run_args(&line);
        (ran.json(), ran.code)
    }
}

fn statuses(report: &Value) -> Statuses {
    let rows = report["checks"].as_array().unwrap().iter();
    rows.map(|row| {
        let text = |key: &str| row[key].as_str().unwrap().to_owned();
        (text("code"), text("status"))
    })
    .collect()
}

fn row<'a>(report: &'a Value, code: &str) -> &'a Value {
    let mut rows = report["checks"].as_array().unwrap().iter();
    rows.find(|row| row["code"] == code).unwrap()
}

/// The findings of a check, each as one text.
fn findings(report: &Value, code: &str) -> Vec<String> {
    let all = row(report, code)["findings"].as_array().unwrap().iter();
    all.map(Value::to_string).collect()
}

#[test]
fn a_healthy_mesh_is_ready() {
    let Some(lab) = Lab::get() else { return };
    let mark = lab.audit_mark();
    let precheck = Precheck::of(lab.kubeconfig());
    let (report, code) = precheck.report(&[]);
    let bad: Vec<_> = report["checks"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|row| !["ok", "info", "warning"].contains(&row["status"].as_str().unwrap()))
        .map(|row| format!("{} {} {}", row["code"], row["status"], row["summary"]))
        .collect();
    assert_eq!(bad, Vec::<String>::new());
    assert_eq!(code, Some(0));
    assert_eq!(report["outcome"], "done");
    let writes = lab.audit_writes_since(mark);
    let asked = ["selfsubjectaccessreviews", "selfsubjectrulesreviews"];
    let others: Vec<_> = writes
        .iter()
        .filter(|e| !asked.contains(&e.resource.as_str()))
        .collect();
    assert!(others.is_empty(), "{others:?}");
}

/// A fault, the code it must give, its severity, and what its finding must hold: object, evidence and hint.
struct Fault {
    name: &'static str,
    code: &'static str,
    status: &'static str,
    holds: &'static [&'static str],
    seed: fn(&LabGuard),
    /// Another support table, for a fault that is not in the cluster.
    table: Option<&'static str>,
}

const fn fault(
    name: &'static str,
    code: &'static str,
    status: &'static str,
    holds: &'static [&'static str],
    seed: fn(&LabGuard),
) -> Fault {
    Fault {
        name,
        code,
        status,
        holds,
        seed,
        table: None,
    }
}

/// Twelve faults and more, one for each category at least; rights have a test of their own.
const FAULTS: &[Fault] = &[
    Fault {
        table: Some(OTHER_TABLE),
        ..fault(
            "the target does not support this Kubernetes",
            "MESH2101",
            "error",
            &["the API server", "gitVersion: v1.34.4", "go to a release"],
            |_| {},
        )
    },
    fault(
        "an aggregated API without a server",
        "MESH2102",
        "error",
        &["v1alpha1.broken.example.com", "Available", "kubectl"],
        |lab| {
            let service = json!({
                "apiVersion": "apiregistration.k8s.io/v1", "kind": "APIService",
                "metadata": {"name": "v1alpha1.broken.example.com"},
                "spec": {"group": "broken.example.com", "version": "v1alpha1", "groupPriorityMinimum": 100,
                         "versionPriority": 100, "insecureSkipTLSVerify": true,
                         "service": {"name": "nobody", "namespace": "default"}},
            });
            lab.api().create(&service).unwrap();
        },
    ),
    fault(
        "a node that takes no pods",
        "MESH2103",
        "warning",
        &["node/", "unschedulable", "uncordon"],
        |lab| {
            let node = lab.api().list("Node", "")[0]["metadata"]["name"].clone();
            let patch = json!({"spec": {"unschedulable": true}});
            lab.api()
                .patch("Node", "", node.as_str().unwrap(), &patch)
                .unwrap();
        },
    ),
    fault(
        "a tag whose revision is gone",
        "MESH2308",
        "error",
        &[
            "istio-revision-tag-old",
            "1-20-0",
            "kubectl mesh-tag remove old",
        ],
        |lab| {
            let api = lab.api();
            let mut hook = api
                .get(
                    "MutatingWebhookConfiguration",
                    "",
                    "istio-revision-tag-stable",
                )
                .unwrap();
            let meta = json!({
                "name": "istio-revision-tag-old",
                "labels": {"app": "sidecar-injector", "istio.io/rev": "1-20-0", "istio.io/tag": "old"},
            });
            hook["metadata"] = meta;
            for webhook in hook["webhooks"].as_array_mut().unwrap() {
                let selectors = webhook.to_string().replace("\"stable\"", "\"old\"");
                *webhook = serde_json::from_str(&selectors).unwrap();
            }
            api.create(&hook).unwrap();
        },
    ),
    fault(
        "a label that names no revision",
        "MESH2308",
        "warning",
        &["namespace/platform", "no-such-tag", "kubectl"],
        |lab| {
            let rev = [("istio.io/rev", Some("no-such-tag"))];
            lab.api().label("Namespace", "", "platform", &rev).unwrap();
        },
    ),
    fault(
        "pod security that refuses the init container",
        "MESH2404",
        "error",
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
        "MESH2501",
        "warning",
        &[
            "deployment/istiod-1-26-1 -n istio-system",
            "source ",
            "rule 1.2",
        ],
        |lab| env(lab, "PILOT_ENABLE_IP_AUTOALLOCATE", "false"),
    ),
    fault(
        "an EnvoyFilter for the proxies of today",
        "MESH2503",
        "warning",
        &["envoyfilter/old-proxies -n orders", "^1.26", "add a patch"],
        |lab| {
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
        },
    ),
    fault(
        "a version that nobody serves any more",
        "MESH2506",
        "error",
        &[
            "crd/virtualservices.networking.istio.io",
            "v1alpha2",
            "status.storedVersions",
        ],
        |lab| {
            let name = "virtualservices.networking.istio.io";
            let kind = "CustomResourceDefinition.apiextensions.k8s.io";
            let crd = lab.api().get(kind, "", name).unwrap();
            let mut stored = crd["status"]["storedVersions"].as_array().unwrap().clone();
            stored.insert(0, json!("v1alpha2"));
            let status = json!({"storedVersions": stored});
            lab.api().patch_status(kind, "", name, &status).unwrap();
        },
    ),
    fault(
        "one replica where there were two",
        "MESH2601",
        "warning",
        &[
            "deployment/carts -n orders",
            "one replica",
            "scale it to two",
        ],
        |lab| {
            let patch = json!({"spec": {"replicas": 1}});
            lab.api()
                .patch("Deployment", "orders", "carts", &patch)
                .unwrap();
        },
    ),
    fault(
        "a proxy image of its own",
        "MESH2605",
        "warning",
        &[
            "deployment/carts -n orders",
            "example.com/proxy:1",
            "annotation",
        ],
        |lab| {
            let annotation = json!({"sidecar.istio.io/proxyImage": "example.com/proxy:1"});
            let patch = json!({"spec": {"template": {"metadata": {"annotations": annotation}}}});
            lab.api()
                .patch("Deployment", "orders", "carts", &patch)
                .unwrap();
        },
    ),
    fault(
        "no readiness probe",
        "MESH2606",
        "warning",
        &[
            "deployment/carts -n orders",
            "without one: ",
            "add a readinessProbe",
        ],
        |lab| {
            let mut carts = lab.api().get("Deployment", "orders", "carts").unwrap();
            let containers = &mut carts["spec"]["template"]["spec"]["containers"];
            for container in containers.as_array_mut().unwrap() {
                container.as_object_mut().unwrap().remove("readinessProbe");
            }
            lab.api().replace(&carts).unwrap();
        },
    ),
];

/// Gives the old revision's istiod a variable.
fn env(lab: &LabGuard, name: &str, value: &str) {
    let api = lab.api();
    let mut istiod = api
        .get("Deployment", "istio-system", "istiod-1-26-1")
        .unwrap();
    let container = &mut istiod["spec"]["template"]["spec"]["containers"][0];
    container["env"]
        .as_array_mut()
        .unwrap()
        .push(json!({"name": name, "value": value}));
    api.replace(&istiod).unwrap();
}

#[test]
fn each_fault_is_found_and_nothing_else_changes() {
    let Some(mut lab) = Lab::get() else { return };
    let healthy = Precheck::of(lab.kubeconfig()).report(&[]).0;
    let mut wrong = Vec::new();
    for fault in FAULTS {
        lab.reset();
        (fault.seed)(&lab);
        let table = fault.table.unwrap_or(TABLE);
        let (report, code) = Precheck::with(lab.kubeconfig(), table).report(&[]);
        let new: Vec<String> = {
            let before = findings(&healthy, fault.code);
            let mut now = findings(&report, fault.code);
            now.retain(|f| !before.contains(f));
            now
        };
        let found = new
            .iter()
            .find(|f| fault.holds.iter().all(|text| f.contains(text)));
        if found.is_none() {
            wrong.push(format!("{}: {}: {new:?}", fault.name, fault.code));
        }
        let status = row(&report, fault.code)["status"].as_str().unwrap();
        if status != fault.status {
            wrong.push(format!("{}: {} is {status}", fault.name, fault.code));
        }
        let want = i32::from(fault.status == "error") * 2;
        if code != Some(want) {
            wrong.push(format!("{}: exit {code:?}", fault.name));
        }
        for row in healthy["checks"].as_array().unwrap() {
            let other = row["code"].as_str().unwrap();
            if other == fault.code {
                continue;
            }
            if findings(&report, other) != findings(&healthy, other) {
                let now = findings(&report, other);
                wrong.push(format!("{}: also {other}: {now:?}", fault.name));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
