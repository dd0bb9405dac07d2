//! Users with rights of their own, and what containers log: what tests ask for while a control plane runs.

use std::{
    path::PathBuf,
    time::{Duration, Instant},
};

use serde_json::{Value, json};

use super::{ControlPlane, START, write};
use crate::pki::Leaf;

fn log_file(namespace: &str, pod: &str, container: &str) -> String {
    format!("{namespace}-{pod}-{container}.log")
}

/// As a container runtime writes them: time, stream, F for a full line.
fn records(lines: &[&str]) -> String {
    let now = jiff::Timestamp::now();
    let records = lines.iter().map(|line| format!("{now} stdout F {line}\n"));
    records.collect()
}

impl ControlPlane {
    /// A kubeconfig for a user of this name in these groups (two at most), who may do what these RBAC rules say and
    /// nothing else. Good until the next reset takes the role away.
    ///
    /// A rule is as in a `ClusterRole`: `json!({"apiGroups": [""], "resources": ["pods"], "verbs": ["list"]})`.
    #[track_caller]
    pub fn user_kubeconfig(&self, name: &str, groups: &[&str], rules: &[Value]) -> PathBuf {
        let leaf = self.ca.client(name, groups).expect("a key can be made");
        let text = kubeconfig(&self.server, self.ca.pem(), name, &leaf);
        let path = write(
            &self.dir,
            &format!("user-{}.kubeconfig", name.replace([':', '/'], "-")),
            &text,
        )
        .expect("the lab's directory can be written");
        if !rules.is_empty() {
            let role = format!("lab:{name}");
            for object in [
                json!({
                    "apiVersion": "rbac.authorization.k8s.io/v1", "kind": "ClusterRole",
                    "metadata": {"name": role}, "rules": rules,
                }),
                json!({
                    "apiVersion": "rbac.authorization.k8s.io/v1", "kind": "ClusterRoleBinding",
                    "metadata": {"name": role},
                    "roleRef": {"apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": role},
                    "subjects": [{"apiGroup": "rbac.authorization.k8s.io", "kind": "User", "name": name}],
                }),
            ] {
                let done = self.api.apply("mesh-testkit", &object);
                assert!(done.is_ok(), "a role for {name}: {done:?}");
            }
            self.wait_for_role(name, rules);
        }
        path
    }

    /// The authorizer reads roles through a cache; waits until it knows these rules.
    fn wait_for_role(&self, name: &str, rules: &[Value]) {
        let deadline = Instant::now() + START;
        for rule in rules {
            // Rules for paths that are no resources have none.
            let Some(resource) = rule["resources"][0].as_str() else {
                continue;
            };
            let (resource, subresource) = resource.split_once('/').unwrap_or((resource, ""));
            let review = json!({
                "apiVersion": "authorization.k8s.io/v1", "kind": "SubjectAccessReview",
                "spec": {"user": name, "resourceAttributes": {
                    "group": rule["apiGroups"][0], "resource": resource, "subresource": subresource,
                    "verb": rule["verbs"][0],
                    "name": rule["resourceNames"][0].as_str().unwrap_or_default(),
                }},
            });
            let allowed = || {
                let answer = self.api.review(&review);
                answer.is_ok_and(|r| r["status"]["allowed"] == true)
            };
            while !allowed() {
                assert!(
                    Instant::now() < deadline,
                    "the API server has not heard of the role of {name}: {rule}"
                );
                std::thread::sleep(Duration::from_millis(5));
            }
        }
    }

    /// What `kubectl logs` of a container shows from now on, one line per item.
    #[track_caller]
    pub fn set_logs(&self, namespace: &str, pod: &str, container: &str, lines: &[&str]) {
        let now = jiff::Timestamp::now();
        let name = log_file(namespace, pod, container);
        let file =
            write(&self.dir, &name, &records(lines)).expect("the lab's directory can be written");
        let path = format!("/api/v1/namespaces/{namespace}/pods/{pod}/log?container={container}");
        let deadline = Instant::now() + START;
        // kwok learns of the object by a watch; asked in the moment between a new version and its content, it keeps the
        // old content for that version (pkg/config/resources/cache.go). So each round makes a version of its own.
        for round in 0.. {
            let logs = json!({
                "apiVersion": "kwok.x-k8s.io/v1alpha1", "kind": "Logs",
                "metadata": {
                    "name": pod, "namespace": namespace,
                    "annotations": {"mesh-lab/round": format!("{now} {round}")},
                },
                "spec": {"logs": [{"containers": [container], "logsFile": file}]},
            });
            let done = self.api.apply("mesh-testkit", &logs);
            assert!(done.is_ok(), "logs of {namespace}/{pod}: {done:?}");
            std::thread::sleep(Duration::from_millis(20));
            let shown = self.api.raw(&path);
            if shown
                .as_ref()
                .is_ok_and(|t| t.lines().eq(lines.iter().copied()))
            {
                break;
            }
            assert!(
                Instant::now() < deadline,
                "kwok has not heard of the logs of {pod}: {shown:?}\n{}",
                self.logs()
            );
        }
    }

    /// What a container logs from now on, after what [`set_logs`](Self::set_logs) said.
    #[track_caller]
    pub fn add_logs(&self, namespace: &str, pod: &str, container: &str, lines: &[&str]) {
        use std::io::Write as _;
        let path = self.dir.path().join(log_file(namespace, pod, container));
        let file = std::fs::OpenOptions::new().append(true).open(path);
        let written = file.and_then(|mut file| file.write_all(records(lines).as_bytes()));
        assert!(written.is_ok(), "the log of {namespace}/{pod}: {written:?}");
    }
}

pub(super) fn kubeconfig(server: &str, ca_pem: &str, user: &str, leaf: &Leaf) -> String {
    use base64::{Engine as _, engine::general_purpose::STANDARD};
    json!({
        "apiVersion": "v1", "kind": "Config", "current-context": "lab",
        "clusters": [{"name": "lab", "cluster": {
            "server": server, "certificate-authority-data": STANDARD.encode(ca_pem)}}],
        "contexts": [{"name": "lab", "context": {"cluster": "lab", "user": user}}],
        "users": [{"name": user, "user": {
            "client-certificate-data": STANDARD.encode(&leaf.cert),
            "client-key-data": STANDARD.encode(&leaf.key)}}],
    })
    .to_string()
}
