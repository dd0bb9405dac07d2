//! What is read beside the mesh, and what comes of a right that is missing.

use std::{
    collections::BTreeMap,
    fs,
    sync::{Arc, Mutex},
};

use base64::{Engine, engine::general_purpose::STANDARD};
use bytes::Bytes;
use http::{Request, Response};
use http_body_util::Full;
use kube::{Client, client::Body};
use mesh_common::{
    cluster::{ClusterArgs, Connection},
    mesh::{Known, NodeAgent, Owner, Why},
};
use serde_json::{Value, json};

use super::{ca, helm, install};
use crate::made::{ROOT, facts};

/// What a server answers, by path; 404 for everything else.
struct Server {
    answers: BTreeMap<String, (u16, Value)>,
    asked: Arc<Mutex<Vec<String>>>,
}

impl Server {
    fn new(answers: &[(&str, u16, Value)]) -> Self {
        let answers = answers.iter().map(|(path, code, body)| {
            let body = match code {
                200 => body.clone(),
                _ => json!({ "kind": "Status", "code": code, "message": "no", "reason": "no" }),
            };
            ((*path).to_owned(), (*code, body))
        });
        Self {
            answers: answers.collect(),
            asked: Arc::default(),
        }
    }

    fn client(&self) -> Client {
        let (answers, asked) = (self.answers.clone(), Arc::clone(&self.asked));
        let service = tower::service_fn(move |request: Request<Body>| {
            let none =
                json!({ "kind": "Status", "code": 404, "message": "no", "reason": "NotFound" });
            let answer = answers.get(request.uri().path()).cloned();
            let (code, body) = answer.unwrap_or((404, none));
            asked.lock().unwrap().push(request.uri().to_string());
            let body = Full::new(Bytes::from(body.to_string()));
            let answer = Response::builder().status(code).body(body).unwrap();
            async move { Ok::<_, std::convert::Infallible>(answer) }
        });
        Client::new(service, "default")
    }
}

fn connection() -> Connection {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("config");
    let config = "clusters: [{name: c, cluster: {server: 'https://api:6443'}}]\n\
                  contexts: [{name: prod, context: {cluster: c}}]\ncurrent-context: prod\n";
    fs::write(&file, config).unwrap();
    let args = ClusterArgs {
        kubeconfig: Some(file),
        ..ClusterArgs::default()
    };
    args.resolve().unwrap()
}

const SECRETS: &str = "/api/v1/namespaces/istio-system/secrets";
const PLUGGED: &str = "/api/v1/namespaces/istio-system/secrets/cacerts";
const OWN: &str = "/api/v1/namespaces/istio-system/secrets/istio-ca-secret";

#[tokio::test]
async fn the_ca_is_what_was_plugged_in_else_istiods_own() {
    let secret = json!({ "metadata": {}, "data": { "ca-cert.pem": STANDARD.encode(ROOT) } });
    let read = |answers: &[(&str, u16, Value)]| {
        let server = Server::new(answers);
        async move { ca::read(&connection(), &server.client()).await }
    };
    let both = [(PLUGGED, 200, secret.clone()), (OWN, 200, secret.clone())];
    for (answers, name) in [(&both[..], "cacerts"), (&both[1..], "istio-ca-secret")] {
        let Known::Known(Some(found)) = read(answers).await else {
            panic!("{name}")
        };
        assert_eq!(found.name, name);
        assert!(found.signing[0].is_some());
    }
    assert_eq!(read(&[]).await, Known::Known(None));
    for (code, why, says) in [
        (
            403,
            Why::Forbidden,
            "may not get secrets \"cacerts\" in istio-system",
        ),
        (500, Why::Failed, "get secrets"),
    ] {
        // It is not passed over for the other one: which of the two signs is not known.
        let found = read(&[(PLUGGED, code, Value::Null), (OWN, 200, secret.clone())]).await;
        let gap = found.gap().unwrap();
        assert_eq!(gap.why, why);
        assert!(gap.detail.contains(says), "{}", gap.detail);
    }
}

#[tokio::test]
async fn releases_are_read_where_parts_of_the_mesh_are() {
    let mut mesh = facts().mesh;
    mesh.node_agents = Known::Known(vec![NodeAgent {
        component: "istio-cni".into(),
        namespace: "kube-system".into(),
        name: "istio-cni-node".into(),
        image: "install-cni:1.26.1".into(),
        version: Some("1.26.1".into()),
        desired: 1,
        ready: 1,
        owner: Owner::None,
    }]);
    let release = helm::tests::encoded(&helm::tests::release("deployed"));
    let list = |name: &str| {
        json!({ "metadata": { "resourceVersion": "1" }, "items": [{
            "metadata": { "labels": { "name": name, "version": "3" } },
            "data": { "release": release },
        }] })
    };
    let elsewhere = "/api/v1/namespaces/kube-system/secrets";
    let server = Server::new(&[
        (SECRETS, 200, list("istiod")),
        (elsewhere, 200, list("cni")),
    ]);
    let read = install::read(&connection(), &server.client(), &mesh).await;
    let names: Vec<_> = read
        .get()
        .unwrap()
        .iter()
        .map(|r| (&*r.namespace, &*r.name))
        .collect();
    assert_eq!(names, [("istio-system", "istiod"), ("kube-system", "cni")]);
    let asked = server.asked.lock().unwrap().join(" ");
    assert_eq!(asked.matches("labelSelector=owner").count(), 2, "{asked}");

    let server = Server::new(&[
        (SECRETS, 200, list("istiod")),
        (elsewhere, 403, Value::Null),
    ]);
    let read = install::read(&connection(), &server.client(), &mesh).await;
    let gap = read.gap().unwrap();
    assert_eq!(gap.why, Why::Forbidden);
    assert_eq!(gap.detail, "may not list secrets in kube-system");
}
