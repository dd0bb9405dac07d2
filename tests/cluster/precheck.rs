//! `mesh-precheck` on a real API server: a healthy mesh is clean, and a user who may only look is told what is missing.

mod faults;

use std::collections::BTreeMap;

use mesh_testkit::{Lab, Plugin};
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
fn services_of_every_namespace_are_looked_at_where_a_release_changed_them() {
    let Some(lab) = Lab::get() else { return };
    let service = json!({
        "apiVersion": "v1", "kind": "Service", "metadata": {"name": "elsewhere", "namespace": "orders"},
        "spec": {"type": "ExternalName", "externalName": "example.com"},
    });
    lab.api().create(&service).unwrap();
    let look = || {
        let mark = lab.audit_mark();
        let (report, _) = Precheck::of(lab.kubeconfig()).report(&[]);
        let events = lab.audit_since(mark).into_iter();
        let lists = events
            .filter(|e| {
                e.agent.starts_with("kubectl-mesh") && e.uri.starts_with("/api/v1/services?")
            })
            .count();
        let mut found = findings(&report, "MESH2501");
        found.retain(|f| f.contains("rule 1.21/service-external-name"));
        (found, lists)
    };
    assert_eq!(look(), (vec![], 0));
    // Its pods say which release runs.
    let (api, here) = (lab.api(), "istio-system");
    let istiods = api.list("Pod", here).into_iter();
    for pod in istiods.filter(|pod| pod["metadata"]["labels"]["istio.io/rev"] == "1-26-1") {
        let name = pod["metadata"]["name"].as_str().unwrap();
        let mut pod = api.get("Pod", here, name).unwrap();
        pod["spec"]["containers"][0]["image"] = "docker.io/istio/pilot:1.20.8".into();
        api.replace(&pod).unwrap();
    }
    let (found, lists) = look();
    assert_eq!((found.len(), lists), (1, 1), "{found:?}");
    assert!(
        found[0].contains("service/elsewhere -n orders"),
        "{found:?}"
    );
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
