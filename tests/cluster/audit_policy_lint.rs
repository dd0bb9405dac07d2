//! `mesh-audit-policy lint` on a real API server: each fault gives its code and nothing else changes, a policy that would
//! block much is found before it is applied, and who may only look is told what is missing.

#![allow(
    clippy::needless_pass_by_value,
    reason = "tables of literals read better without a reference each"
)]

use std::collections::BTreeMap;

use mesh_testkit::{Lab, LabGuard, Plugin};
use serde_json::{Value, json};

/// The stand-in istioctl has no recording about the objects of the mesh: what gives no answer is unknown.
const ISTIOCTL: &str = "MESH4301";

struct Report(Value, Option<i32>);

impl Report {
    fn of(kubeconfig: &std::path::Path, args: &[&str]) -> Self {
        let mut line = vec!["lint", "-o", "json"];
        line.extend(args);
        let ran = Plugin::new("kubectl-mesh_audit_policy", kubeconfig).run_args(&line);
        Self(ran.json(), ran.code)
    }

    fn rows(&self) -> BTreeMap<&str, &Value> {
        let rows = self.0["checks"].as_array().unwrap().iter();
        rows.map(|row| (row["code"].as_str().unwrap(), row))
            .collect()
    }

    fn status(&self, code: &str) -> &str {
        self.rows()[code]["status"].as_str().unwrap()
    }

    fn findings(&self, code: &str) -> Vec<String> {
        let found = self.rows()[code]["findings"].as_array().unwrap();
        found.iter().map(Value::to_string).collect()
    }
}

/// A fault, the code it must give, its status, and what its finding must hold.
struct Fault {
    name: &'static str,
    code: &'static str,
    status: &'static str,
    holds: &'static [&'static str],
    objects: fn() -> Vec<Value>,
    /// Other checks that must see it too, each for a reason of its own.
    also: &'static [&'static str],
}

fn policy(spec: Value) -> Value {
    json!({
        "apiVersion": "security.istio.io/v1", "kind": "AuthorizationPolicy",
        "metadata": {"name": "seeded", "namespace": "orders"}, "spec": spec,
    })
}

fn of(app: &str, action: &str, rule: Value) -> Value {
    policy(json!({"selector": {"matchLabels": {"app": app}}, "action": action, "rules": [rule]}))
}

fn to(operation: Value) -> Value {
    json!({"to": [{"operation": operation}]})
}

fn service(app: &str, port: Value) -> Value {
    json!({
        "apiVersion": "v1", "kind": "Service", "metadata": {"name": "seeded", "namespace": "orders"},
        "spec": {"selector": {"app": app}, "ports": [port]},
    })
}

fn peer(name: &str, mode: &str) -> Value {
    json!({
        "apiVersion": "security.istio.io/v1", "kind": "PeerAuthentication",
        "metadata": {"name": name, "namespace": "orders"}, "spec": {"mtls": {"mode": mode}},
    })
}

const FAULTS: &[Fault] = &[
    Fault {
        name: "a selector with a slip",
        code: "MESH4101",
        status: "error",
        holds: &[
            "orders/seeded",
            "app=shiping",
            "orders/deployment/shipping has app=shipping",
        ],
        objects: || vec![of("shiping", "DENY", to(json!({"ports": ["8080"]})))],
        also: &[],
    },
    Fault {
        name: "a DENY by who is not meant",
        code: "MESH4115",
        status: "warning",
        holds: &[
            "notNamespaces",
            "health check",
            "orders/deployment/shipping takes plain text",
        ],
        objects: || {
            let rule = json!({"from": [{"source": {"notNamespaces": ["orders"]}}]});
            vec![of("shipping", "DENY", rule)]
        },
        also: &[],
    },
    Fault {
        name: "methods on a TCP port",
        code: "MESH4121",
        status: "error",
        holds: &[
            "methods",
            "denies everything",
            "port 5432 of orders/deployment/shipping",
        ],
        objects: || {
            vec![
                service("shipping", json!({"name": "tcp-db", "port": 5432})),
                of("shipping", "DENY", to(json!({"methods": ["GET"]}))),
            ]
        },
        also: &[],
    },
    Fault {
        name: "the port of a Service",
        code: "MESH4122",
        status: "error",
        holds: &["80 is the Service's port", "8080"],
        objects: || {
            vec![
                service(
                    "shipping",
                    json!({"name": "http", "port": 80, "targetPort": 8080}),
                ),
                of("shipping", "DENY", to(json!({"ports": ["80"]}))),
            ]
        },
        also: &[],
    },
    Fault {
        name: "a template that Envoy refuses",
        code: "MESH4005",
        status: "error",
        holds: &["foo/{*}", "Envoy refuses"],
        objects: || vec![of("shipping", "DENY", to(json!({"paths": ["foo/{*}"]})))],
        also: &[],
    },
    Fault {
        name: "a provider that is not there",
        code: "MESH4135",
        status: "error",
        holds: &["no external authorizer nobody"],
        objects: || {
            let mut custom = of("shipping", "CUSTOM", to(json!({"ports": ["8080"]})));
            custom["spec"]["provider"] = json!({"name": "nobody"});
            vec![custom]
        },
        also: &[],
    },
    Fault {
        name: "two for one namespace",
        code: "MESH4203",
        status: "error",
        holds: &["several PeerAuthentications for the namespace"],
        objects: || vec![peer("one", "PERMISSIVE"), peer("two", "PERMISSIVE")],
        also: &[],
    },
];

#[test]
fn each_fault_is_found_by_lint_and_nothing_else_changes() {
    let Some(mut lab) = Lab::get() else { return };
    let healthy = Report::of(lab.kubeconfig(), &[]);
    assert_eq!(healthy.status(ISTIOCTL), "unknown", "{:#}", healthy.0);
    let mark = lab.audit_mark();
    let mut wrong = Vec::new();
    for fault in FAULTS {
        for object in (fault.objects)() {
            lab.api().create(&object).unwrap();
        }
        let report = Report::of(lab.kubeconfig(), &[]);
        wrong.extend(judge(fault, &healthy, &report));
        for object in (fault.objects)() {
            remove(&lab, &object);
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    let writes = lab.audit_writes_since(mark);
    let ours: Vec<_> = writes
        .iter()
        .filter(|e| e.agent.starts_with("kubectl-mesh"))
        .collect();
    assert!(ours.is_empty(), "{ours:?}");
    lab.reset();
}

fn remove(lab: &LabGuard, object: &Value) {
    let text = |pointer: &str| {
        object
            .pointer(pointer)
            .unwrap()
            .as_str()
            .unwrap()
            .to_owned()
    };
    let (kind, namespace, name) = (
        text("/kind"),
        text("/metadata/namespace"),
        text("/metadata/name"),
    );
    lab.api().delete(&kind, &namespace, &name).unwrap();
}

/// What is not as it should be, one line each.
fn judge(fault: &Fault, healthy: &Report, report: &Report) -> Vec<String> {
    let mut wrong = Vec::new();
    let mut say = |text: String| wrong.push(format!("{}: {text}", fault.name));
    let before = healthy.findings(fault.code);
    let mut new = report.findings(fault.code);
    new.retain(|found| !before.contains(found));
    let fits = |found: &String| fault.holds.iter().all(|text| found.contains(text));
    if !new.iter().any(fits) {
        say(format!("{}: {new:?}", fault.code));
    }
    if report.status(fault.code) != fault.status {
        say(format!("{} is {}", fault.code, report.status(fault.code)));
    }
    // Unknown but for errors: istioctl could not be asked.
    let code = if fault.status == "error" { 2 } else { 3 };
    if report.1 != Some(code) {
        say(format!("exit {:?}", report.1));
    }
    for other in healthy.rows().keys().filter(|code| **code != fault.code) {
        let changed = report.findings(other) != healthy.findings(other);
        if changed != fault.also.contains(other) {
            say(format!("{other}: {:?}", report.findings(other)));
        }
    }
    wrong
}

#[test]
fn a_policy_that_would_block_much_of_a_namespace_is_found_before_it_is_applied() {
    let Some(lab) = Lab::get() else { return };
    let mut allow = policy(json!({"rules": [{"from": [{"source": {"namespaces": ["edge"]}}]}]}));
    allow["metadata"]["name"] = "only-from-edge".into();
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("policy.json");
    std::fs::write(&file, allow.to_string()).unwrap();
    let file = file.display().to_string();
    let report = Report::of(lab.kubeconfig(), &["-f", &file, "--fail-on", "warning"]);
    assert_eq!(report.1, Some(2), "{:#}", report.0);
    let found = report.findings("MESH4102");
    assert_eq!(found.len(), 1, "{found:?}");
    for part in [
        "5 of 5 workloads of orders",
        "orders/deployment/orders-api",
        "\"line\":1",
    ] {
        assert!(found[0].contains(part), "{part}: {found:?}");
    }
    assert_eq!(report.status("MESH4103"), "info");
    assert_eq!(report.status("MESH4001"), "ok");
}

#[test]
fn what_istioctl_says_of_the_files_is_told_and_what_it_cannot_read_is_unknown() {
    let Some(lab) = Lab::get() else { return };
    let recorded = std::path::Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../tests/data/istioctl-recordings/1.28.1");
    for (case, status, codes) in [
        ("findings", "error", &["IST0106", "IST0106", "IST0133"][..]),
        ("clean", "ok", &[]),
    ] {
        let file = recorded.join(format!("offline-analyze-{case}/objects.yaml"));
        let report = Report::of(lab.kubeconfig(), &["-f", &file.display().to_string()]);
        assert_eq!(report.status(ISTIOCTL), status, "{:#}", report.0);
        let found = report.findings(ISTIOCTL);
        assert_eq!(found.len(), codes.len(), "{found:?}");
        for (found, code) in found.iter().zip(codes) {
            assert!(
                found.contains(&format!("istioctl 1.28.1 {code}")),
                "{found}"
            );
        }
    }
}

#[test]
fn who_may_only_look_is_told_which_right_lint_lacks() {
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
    ];
    let viewer = lab.user_kubeconfig("lint-viewer", &[], &rules);
    let report = Report::of(&viewer, &[]);
    assert_eq!(report.1, Some(3), "{:#}", report.0);
    for (code, row) in report.rows() {
        let right = match code.get(..6) {
            Some("MESH42") => "may not list peerauthentications",
            _ => "may not list authorizationpolicies",
        };
        assert_eq!(report.status(code), "unknown", "{row:#}");
        let unknown = row["unknown"].to_string();
        assert!(unknown.contains(right), "{code}: {unknown}");
    }
}
