//! What an API server's answer to a dry-run means.

use http::{Method, Request};
use kube::Client;
use mesh_common::{
    cluster::{Connection, explain},
    output::clean,
};
use serde_json::Value;

/// Sends an object and takes the answer.
pub(super) async fn send(
    client: &Client,
    method: &str,
    path: &str,
    object: &Value,
) -> kube::Result<Value> {
    let body = serde_json::to_vec(object).map_err(kube::Error::SerdeError)?;
    let method = Method::from_bytes(method.as_bytes()).unwrap_or(Method::POST);
    let request = Request::builder()
        .method(method)
        .uri(path)
        .header("Content-Type", "application/json")
        .body(body)
        .map_err(kube::Error::HttpError)?;
    client.request(request).await
}

/// Whether the object was refused for what it is, and not for who asks or for how the cluster is at the moment.
pub(super) fn is_refusal(e: &kube::Error) -> bool {
    let kube::Error::Api(status) = e else {
        return false;
    };
    let said = status.message.as_str();
    match status.code {
        // A webhook with side effects cannot be asked in a dry-run (`k8s.io/apiserver/pkg/admission/plugin/webhook/errors`).
        400 => !said.contains("does not support dry run"),
        413 | 422 => true,
        // RBAC words it `… is forbidden: User "…" cannot …`; whatever else is forbidden, an admission plugin or webhook says.
        403 => !said.contains("is forbidden: User \""),
        _ => false,
    }
}

/// Whether the namespace is missing that the object is to be created in.
pub(super) fn lacks_namespace(e: &kube::Error) -> bool {
    let kube::Error::Api(status) = e else {
        return false;
    };
    let named = status
        .details
        .as_ref()
        .is_some_and(|d| d.kind == "namespaces");
    status.code == 404 && (named || status.message.starts_with("namespaces \""))
}

/// An answer in words. Of a Secret only where it was wrong is told: a message may quote its value.
pub(super) fn words(e: &kube::Error, secret: bool, conn: &Connection) -> String {
    match e {
        kube::Error::Api(status) if secret => {
            let causes = status.details.iter().flat_map(|d| &d.causes);
            let fields: Vec<_> = causes.map(|c| clean(&c.field, 100)).collect();
            let at = if fields.is_empty() {
                String::new()
            } else {
                format!(" at {}", fields.join(", "))
            };
            format!("{}{at}", clean(&status.reason, 100))
        }
        kube::Error::Api(status) if !status.message.is_empty() => clean(&status.message, 500),
        other => explain(other, "ask the API server", conn).to_string(),
    }
}
