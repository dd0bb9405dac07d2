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

/// An API that nobody serves.
const BROKEN_API: &str = "v1alpha1.broken.example.com";

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

#[test]
fn every_list_is_asked_for_once() {
    let Some(lab) = Lab::get() else { return };
    let mark = lab.audit_mark();
    Precheck::of(lab.kubeconfig()).report(&[]);
    let mut lists: BTreeMap<String, usize> = BTreeMap::new();
    for event in lab.audit_since(mark) {
        if event.agent.starts_with("kubectl-mesh") && event.verb == "list" {
            let path = event.uri.split('?').next().unwrap().to_owned();
            // Further pages of a list are not asked for again.
            if !event.uri.contains("continue=") {
                *lists.entry(path).or_default() += 1;
            }
        }
    }
    assert!(lists.len() > 25, "{lists:?}");
    lists.retain(|_, times| *times > 1);
    assert!(lists.is_empty(), "{lists:?}");
}

#[test]
fn an_archive_says_what_the_cluster_says_of_all_that_it_holds() {
    let Some(lab) = Lab::get() else { return };
    let precheck = Precheck::of(lab.kubeconfig());
    let (live, _) = precheck.report(&[]);
    let file = precheck.plugin.dir().join("mesh.tar.zst");
    let file = file.to_str().unwrap();
    Plugin::new("kubectl-mesh_backup", lab.kubeconfig())
        .run_args(&["create", file])
        .assert_code(0);
    let (archived, code) = precheck.report(&["--from", file]);
    assert_eq!(code, Some(0), "{archived:#}");
    let (live_statuses, from_archive) = (statuses(&live), statuses(&archived));
    for (code, status) in &from_archive {
        if status != "notEvaluated" {
            assert_eq!(status, &live_statuses[code], "{}", row(&archived, code));
            assert_eq!(findings(&archived, code), findings(&live, code), "{code}");
        }
    }
    let judged = from_archive
        .values()
        .filter(|s| *s != "notEvaluated")
        .count();
    assert!(judged > 25, "{from_archive:?}");
}

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

#[test]
fn a_user_who_may_only_look_is_told_what_is_missing() {
    let Some(lab) = Lab::get() else { return };
    // What the ClusterRole `view` of Kubernetes lets one see, in the groups that it knows.
    let read = ["get", "list", "watch"];
    let core = [
        "pods",
        "services",
        "configmaps",
        "namespaces",
        "serviceaccounts",
    ];
    let apps = ["deployments", "replicasets", "statefulsets", "daemonsets"];
    let rules = [
        json!({"apiGroups": [""], "resources": core, "verbs": read}),
        json!({"apiGroups": ["apps"], "resources": apps, "verbs": read}),
        json!({"apiGroups": ["batch"], "resources": ["jobs", "cronjobs"], "verbs": read}),
        json!({"apiGroups": ["autoscaling"], "resources": ["horizontalpodautoscalers"], "verbs": read}),
        json!({"apiGroups": ["policy"], "resources": ["poddisruptionbudgets"], "verbs": read}),
        json!({"apiGroups": ["discovery.k8s.io"], "resources": ["endpointslices"], "verbs": read}),
    ];
    let viewer = lab.user_kubeconfig("viewer", &[], &rules);
    let (report, code) = Precheck::of(&viewer).report(&[]);
    assert_eq!(code, Some(3), "{report:#}");
    assert_eq!(report["outcome"], "unknown");
    let all = statuses(&report);
    for (code, right) in [
        ("MESH2103", "may not list nodes"),
        ("MESH2307", "may not list mutatingwebhookconfigurations"),
        ("MESH2309", "may not get secrets"),
        ("MESH2310", "may not list secrets in istio-system"),
        ("MESH2503", "may not list envoyfilters.networking.istio.io"),
        ("MESH2506", "may not list customresourcedefinitions"),
    ] {
        let row = row(&report, code);
        assert_eq!(all[code], "skipped", "{code}: {row}");
        let summary = row["summary"].as_str().unwrap();
        assert!(summary.contains("SKIPPED"), "{code}: {summary}");
        assert!(summary.contains(right), "{code}: {summary}");
    }
    // What may be read is judged, and no right that is missing goes unsaid.
    assert_eq!(all["MESH2101"], "ok");
    assert_eq!(all["MESH2603"], "warning");
    let changes = row(&report, "MESH2501");
    assert_eq!(changes["inPart"], true, "{changes}");
    let summary = changes["summary"].as_str().unwrap();
    assert!(summary.contains("SKIPPED: may not list"), "{summary}");
    assert!(!findings(&report, "MESH2203").is_empty());
    assert!(!all.values().any(|status| status == "error"), "{all:?}");
}

#[test]
fn without_its_istioctl_the_category_is_unknown_and_says_how_to_get_it() {
    let Some(lab) = Lab::get() else { return };
    let precheck = Precheck::of(lab.kubeconfig());
    let line = [
        "--to",
        "1.28.9",
        "--support-table",
        &precheck.table,
        "-o",
        "json",
    ];
    let ran = precheck.plugin.run_args(&line);
    ran.assert_code(3);
    let report = ran.json();
    for code in ["MESH2701", "MESH2702"] {
        let row = row(&report, code);
        assert_eq!(row["status"], "unknown", "{row}");
    }
    let first = row(&report, "MESH2701").to_string();
    assert!(
        first.contains("kubectl mesh-istioctl install 1.28.9"),
        "{first}"
    );
}
