//! What an archive saves of the sample mesh, and what its index says of it.

use super::*;
use std::io::{self, Read};

use crate::mesh::archive::{Lock, Locked, Out, ReadList, Unlock, Unread, Whole};

/// A lock for tests: every byte is turned round.
struct Odd;

struct Turned<T>(T);

impl Lock for Odd {
    fn lock(&self, out: Out) -> io::Result<Box<dyn Locked>> {
        Ok(Box::new(Turned(out)))
    }
}

impl io::Write for Turned<Out> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let turned: Vec<u8> = bytes.iter().map(|b| !b).collect();
        self.0.write(&turned)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}

impl Locked for Turned<Out> {
    fn finish(self: Box<Self>) -> io::Result<Out> {
        Ok(self.0)
    }
}

impl Unlock for Odd {
    fn unlock(&self, file: Box<dyn Read>) -> io::Result<Box<dyn Read>> {
        Ok(Box::new(Turned(file)))
    }
}

impl Read for Turned<Box<dyn Read>> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.0.read(buffer)?;
        buffer[..read].iter_mut().for_each(|b| *b = !*b);
        Ok(read)
    }
}

/// The archive's objects by kind as `namespace/name`, each whole, and its index.
async fn saved(
    server: &Server,
    options: Options,
) -> (BTreeMap<String, BTreeMap<String, Value>>, Whole) {
    let (_dir, conn) = connection();
    let dir = TempDir::new().unwrap();
    let path = dir.path().join("shop.tar.zst");
    let target = Target::typed(&path, false);
    if options.secrets {
        let plain =
            archive::capture(&conn, &server.client(), target.clone(), options.clone()).await;
        assert_eq!(plain.unwrap_err().kind(), Kind::Refused);
    }
    let whole = options.secrets;
    let made = archive::capture_locked(&conn, &server.client(), target, options, &Odd)
        .await
        .unwrap();
    assert_eq!(made.ca, whole);
    let bytes = std::fs::read(&path).unwrap();
    assert_ne!(bytes[..4], [0x28, 0xb5, 0x2f, 0xfd], "it is locked");
    let mut objects: BTreeMap<String, BTreeMap<String, Value>> = BTreeMap::new();
    let whole = archive::visit(&path, &Odd, |object| {
        let value: Value = serde_json::from_slice(object.json).unwrap();
        let text = |key: &str| value["metadata"][key].as_str().unwrap_or("-").to_owned();
        let name = format!("{}/{}", text("namespace"), text("name"));
        objects
            .entry(object.what())
            .or_default()
            .insert(name, value);
        Ok(())
    })
    .unwrap();
    (objects, whole)
}

fn lists<'a>(whole: &'a Whole, what: &str) -> Vec<&'a ReadList> {
    whole
        .index
        .lists
        .iter()
        .filter(|l| l.what == what)
        .collect()
}

#[tokio::test]
async fn what_is_istios_own_is_saved_and_the_index_calls_it_a_selection() {
    let server = Server::default();
    let (objects, whole) = saved(&server, Options::default()).await;
    let names = |what: &str| -> Vec<&str> { objects[what].keys().map(String::as_str).collect() };
    assert_eq!(
        names("services"),
        [
            "edge/edge-gateway",
            "edge/partners-istio",
            "edge/public-istio",
            "istio-system/istio-ingressgateway",
            "istio-system/istiod-1-26-1",
            "istio-system/istiod-1-28-1",
            "istio-system/istiod-revision-tag-canary",
        ]
    );
    assert_eq!(
        names("serviceaccounts"),
        [
            "edge/edge-gateway",
            "edge/partners-istio",
            "edge/public-istio",
            "istio-system/default",
            "istio-system/istio-ingressgateway-service-account",
            "istio-system/istio-reader-service-account",
            "istio-system/istiod-1-26-1",
            "istio-system/istiod-1-28-1",
        ]
    );
    assert_eq!(names("clusterroles.rbac.authorization.k8s.io").len(), 6);
    assert_eq!(
        names("clusterrolebindings.rbac.authorization.k8s.io").len(),
        6
    );
    assert_eq!(names("roles.rbac.authorization.k8s.io").len(), 3);
    assert!(names("horizontalpodautoscalers.autoscaling").contains(&"edge/edge-gateway"));
    assert!(!names("horizontalpodautoscalers.autoscaling").contains(&"orders/carts"));
    // Kinds are named in each object, which lists leave out.
    let role = &objects["roles.rbac.authorization.k8s.io"]["istio-system/istiod-1-28-1"];
    assert_eq!(role["kind"], "Role");
    assert_eq!(role["apiVersion"], "rbac.authorization.k8s.io/v1");

    let services = lists(&whole, "services");
    let istios = services
        .iter()
        .find(|l| l.namespace.as_deref() == Some("istio-system"))
        .unwrap();
    assert_eq!((istios.objects, &istios.selection), (4, &None));
    let edge = services
        .iter()
        .find(|l| l.namespace.as_deref() == Some("edge"))
        .unwrap();
    assert_eq!(
        (edge.objects, edge.selection.as_deref()),
        (3, Some("istio"))
    );
    let roles = lists(&whole, "clusterroles.rbac.authorization.k8s.io");
    assert_eq!(roles[0].selection.as_deref(), Some("istio"));
    assert_eq!(
        lists(&whole, "configmaps")[0].selector.as_deref(),
        Some("app.kubernetes.io/managed-by!=kubectl-mesh")
    );
    let unserved: Vec<&str> = whole.index.unread.iter().map(|u| u.what.as_str()).collect();
    assert!(
        unserved.contains(&"validatingadmissionpolicies.admissionregistration.k8s.io"),
        "{unserved:?}"
    );
    let mut asked = server.asked();
    // Of Secrets once those of other clusters, once Helm's: a selector of labels has no "or".
    let secrets = asked.iter().position(|path| path.ends_with("/secrets"));
    asked.remove(secrets.unwrap());
    let all = asked.len();
    asked.sort();
    asked.dedup();
    assert_eq!(asked.len(), all, "no list is asked for twice");
}

#[tokio::test]
async fn of_secrets_no_value_is_saved_unless_asked_for() {
    let (objects, _) = saved(&Server::default(), Options::default()).await;
    assert!(!objects.contains_key("secrets"));
    let summaries = &objects["secretsummaries.kubectl-mesh"];
    let state = |name: &str| summaries[name]["state"].as_str().unwrap();
    assert_eq!(state("istio-system/istio-ca-secret"), "read");
    assert_eq!(state("istio-system/cacerts"), "absent");
    assert!(
        summaries["istio-system/istio-ca-secret"]
            .get("data")
            .is_none()
    );
    let options = Options {
        secrets: true,
        ..Options::default()
    };
    let (objects, whole) = saved(&Server::default(), options).await;
    let names: Vec<_> = objects["secrets"].keys().collect();
    assert_eq!(names, ["istio-system/istio-ca-secret"]);
    assert_eq!(
        lists(&whole, "secrets")[0].selection.as_deref(),
        Some("istio")
    );
}

#[tokio::test]
async fn secrets_that_may_not_be_read_are_named() {
    let path = "/api/v1/namespaces/istio-system/secrets";
    let server = Server::with(&[
        (path, StatusCode::FORBIDDEN),
        (&format!("{path}/istio-ca-secret"), StatusCode::FORBIDDEN),
        (&format!("{path}/cacerts"), StatusCode::FORBIDDEN),
    ]);
    let (objects, whole) = saved(&server, Options::default()).await;
    let details: Vec<&str> = whole
        .index
        .unread
        .iter()
        .filter(|u: &&Unread| u.what == "secrets")
        .map(|u| u.detail.as_str())
        .collect();
    assert_eq!(
        details,
        [
            "may not list secrets in istio-system",
            "may not get secrets in istio-system"
        ]
    );
    let summaries = &objects["secretsummaries.kubectl-mesh"];
    assert_eq!(summaries["istio-system/cacerts"]["state"], "unread");
}

#[tokio::test]
async fn a_list_that_is_forgotten_half_way_is_read_again_and_the_index_says_so() {
    let server = Server {
        gone: Some("/api/v1/pods".into()),
        ..Server::default()
    };
    let (objects, whole) = saved(&server, Options::default()).await;
    assert!(server.forgot.load(Relaxed));
    let pods = lists(&whole, "pods")[0];
    assert!(pods.read_again);
    assert_eq!(pods.objects, objects["pods"].len());
    assert_eq!(pods.objects, 78);
    assert!(lists(&whole, "pods").len() == 1 && !lists(&whole, "nodes")[0].read_again);
}
