//! Health of the API server, by its own word: `/readyz`, and the APIs that others serve through it.

use futures::future::join;
use kube::Client;
use mesh_common::{
    cluster::{Connection, ListQuery, get_text, list},
    mesh::Known,
};
use serde::Deserialize;

use super::platform::gap;

/// Health of the API server.
#[derive(Debug)]
pub(crate) struct Api {
    /// Checks of `/readyz` that fail.
    pub(crate) unready: Known<Vec<String>>,
    /// `APIService` objects that are not available.
    pub(crate) unavailable: Known<Vec<Unavailable>>,
}

/// An API that nobody serves at the moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Unavailable {
    /// `v1beta1.metrics.k8s.io`.
    pub(crate) name: String,
    /// As `MissingEndpoints`.
    pub(crate) reason: String,
    /// In words.
    pub(crate) message: String,
    /// Namespace and name of the Service behind it.
    pub(crate) service: Option<(String, String)>,
}

/// Asks for both, side by side.
pub(super) async fn read(conn: &Connection, client: &Client) -> Api {
    let (unready, unavailable) = join(unready(conn, client), unavailable(conn, client)).await;
    Api {
        unready,
        unavailable,
    }
}

async fn unready(conn: &Connection, client: &Client) -> Known<Vec<String>> {
    match get_text(client, "/readyz?verbose").await {
        Ok(text) => Known::Known(failed(&text)),
        // 500 with the same text says that a check failed.
        Err(kube::Error::Api(status)) if status.code == 500 && status.message.contains("[-]") => {
            Known::Known(failed(&status.message))
        }
        Err(e) => Known::Unknown(gap(&e, conn, "readyz", "get /readyz")),
    }
}

/// Names of the checks that fail: lines of `[-]etcd failed: reason withheld`
/// (`apiserver/pkg/server/healthz/healthz.go`).
fn failed(text: &str) -> Vec<String> {
    text.lines()
        .filter_map(|line| line.trim().strip_prefix("[-]"))
        .map(|line| line.split(' ').next().unwrap_or_default().to_owned())
        .collect()
}

async fn unavailable(conn: &Connection, client: &Client) -> Known<Vec<Unavailable>> {
    let path = "/apis/apiregistration.k8s.io/v1/apiservices";
    match list::<ApiService>(client, path, &ListQuery::default()).await {
        Ok(all) => Known::Known(
            all.into_iter()
                .filter_map(ApiService::unavailable)
                .collect(),
        ),
        Err(e) => {
            let name = "apiservices.apiregistration.k8s.io";
            Known::Unknown(gap(&e, conn, "apiservices", &format!("list {name}")))
        }
    }
}

#[derive(Deserialize)]
struct ApiService {
    #[serde(default)]
    metadata: Meta,
    #[serde(default)]
    spec: Spec,
    #[serde(default)]
    status: Status,
}

#[derive(Default, Deserialize)]
struct Meta {
    #[serde(default)]
    name: String,
}

#[derive(Default, Deserialize)]
struct Spec {
    #[serde(default)]
    service: Option<Service>,
}

#[derive(Deserialize)]
struct Service {
    #[serde(default)]
    namespace: String,
    #[serde(default)]
    name: String,
}

#[derive(Default, Deserialize)]
struct Status {
    #[serde(default)]
    conditions: Vec<Condition>,
}

#[derive(Deserialize)]
struct Condition {
    #[serde(rename = "type", default)]
    kind: String,
    #[serde(default)]
    status: String,
    #[serde(default)]
    reason: String,
    #[serde(default)]
    message: String,
}

impl ApiService {
    fn unavailable(self) -> Option<Unavailable> {
        let available = self
            .status
            .conditions
            .into_iter()
            .find(|c| c.kind == "Available")?;
        (available.status == "False").then(|| Unavailable {
            name: self.metadata.name,
            reason: available.reason,
            message: available.message,
            service: self.spec.service.map(|s| (s.namespace, s.name)),
        })
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn checks_that_fail_are_named() {
        let text = "[+]ping ok\n[-]etcd failed: reason withheld\n[+]log ok\n[-]poststarthook/rbac/bootstrap-roles failed: reason withheld\nreadyz check failed\n";
        assert_eq!(failed(text), ["etcd", "poststarthook/rbac/bootstrap-roles"]);
        assert!(failed("[+]ping ok\nreadyz check passed\n").is_empty());
        assert!(failed("ok").is_empty());
    }

    #[test]
    fn only_an_api_that_says_so_is_unavailable() {
        let read = |conditions: serde_json::Value| {
            let object = json!({
                "metadata": {"name": "v1beta1.metrics.k8s.io"},
                "spec": {"service": {"namespace": "kube-system", "name": "metrics-server", "port": 443}},
                "status": {"conditions": conditions},
            });
            serde_json::from_value::<ApiService>(object)
                .unwrap()
                .unavailable()
        };
        let found = read(json!([
            {"type": "Available", "status": "False", "reason": "MissingEndpoints", "message": "no addresses"},
        ]));
        assert_eq!(
            found,
            Some(Unavailable {
                name: "v1beta1.metrics.k8s.io".into(),
                reason: "MissingEndpoints".into(),
                message: "no addresses".into(),
                service: Some(("kube-system".into(), "metrics-server".into())),
            })
        );
        assert_eq!(read(json!([{"type": "Available", "status": "True"}])), None);
        assert_eq!(read(json!([])), None);
        let local: ApiService = serde_json::from_value(json!({"spec": {"service": null}})).unwrap();
        assert_eq!(local.unavailable(), None);
    }
}
