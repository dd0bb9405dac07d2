//! Single objects over the API server as plain JSON, with nothing retried and nothing forced.

use http::{Method, Request};
use kube::Client;
use serde_json::Value;

use crate::cluster::is_absent;

/// Who we are in managedFields.
pub const FIELD_MANAGER: &str = "kubectl-mesh";

fn request(method: Method, path: &str, body: Option<&Value>) -> kube::Result<Request<Vec<u8>>> {
    let content = if method == Method::PATCH {
        "application/merge-patch+json"
    } else {
        "application/json"
    };
    let body = match body {
        Some(value) => serde_json::to_vec(value).map_err(kube::Error::SerdeError)?,
        None => Vec::new(),
    };
    Request::builder()
        .method(method)
        .uri(path)
        .header("Content-Type", content)
        .body(body)
        .map_err(kube::Error::HttpError)
}

/// GET; none for 404.
pub async fn get(client: &Client, path: &str) -> kube::Result<Option<Value>> {
    match client
        .request::<Value>(request(Method::GET, path, None)?)
        .await
    {
        Ok(value) => Ok(Some(value)),
        Err(e) if is_absent(&e) => Ok(None),
        Err(e) => Err(e),
    }
}

/// POST to a collection.
pub async fn create(client: &Client, collection: &str, object: &Value) -> kube::Result<Value> {
    let path = format!("{collection}?fieldManager={FIELD_MANAGER}");
    client
        .request(request(Method::POST, &path, Some(object))?)
        .await
}

/// PUT. The object's resourceVersion decides: a conflict is an error.
pub async fn replace(client: &Client, path: &str, object: &Value) -> kube::Result<Value> {
    let path = format!("{path}?fieldManager={FIELD_MANAGER}");
    client
        .request(request(Method::PUT, &path, Some(object))?)
        .await
}

/// JSON merge patch. Give `metadata.resourceVersion` in it to make it conditional.
pub async fn patch(client: &Client, path: &str, patch: &Value) -> kube::Result<Value> {
    let path = format!("{path}?fieldManager={FIELD_MANAGER}");
    client
        .request(request(Method::PATCH, &path, Some(patch))?)
        .await
}

/// DELETE, only while it is the object that was read. 404 is fine: it is gone.
pub async fn delete(client: &Client, path: &str, uid: &str, version: &str) -> kube::Result<()> {
    let options = serde_json::json!({
        "apiVersion": "v1",
        "kind": "DeleteOptions",
        "preconditions": { "uid": uid, "resourceVersion": version },
    });
    match client
        .request::<Value>(request(Method::DELETE, path, Some(&options))?)
        .await
    {
        Ok(_) => Ok(()),
        Err(e) if is_absent(&e) => Ok(()),
        Err(e) => Err(e),
    }
}
