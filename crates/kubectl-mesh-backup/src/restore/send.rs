//! Single objects to the API server: strictly validated, nothing retried, nothing forced.

use http::{Method, Request};
use kube::Client;
use mesh_common::{journal::api::FIELD_MANAGER, output::clean};
use serde_json::Value;

use super::key::{Api, Key};

/// Sends objects, for real or as a dry-run.
#[derive(Clone)]
pub(crate) struct Sender {
    pub(crate) client: Client,
    pub(crate) dry: bool,
}

impl Sender {
    /// POST. A field that the API server does not know is an error, not a loss.
    pub(crate) async fn create(
        &self,
        api: &Api,
        version: &str,
        key: &Key,
        object: &Value,
    ) -> kube::Result<Value> {
        let path = api.collection(version, key.namespace.as_deref());
        self.send(Method::POST, &path, object).await
    }

    /// PUT under the resourceVersion and uid in the object.
    pub(crate) async fn replace(
        &self,
        api: &Api,
        version: &str,
        key: &Key,
        object: &Value,
    ) -> kube::Result<Value> {
        self.send(Method::PUT, &api.path(version, key), object)
            .await
    }

    async fn send(&self, method: Method, path: &str, object: &Value) -> kube::Result<Value> {
        let dry = if self.dry { "&dryRun=All" } else { "" };
        let uri = format!("{path}?fieldManager={FIELD_MANAGER}&fieldValidation=Strict{dry}");
        let body = serde_json::to_vec(object).map_err(kube::Error::SerdeError)?;
        let request = Request::builder()
            .method(method)
            .uri(uri)
            .header("Content-Type", "application/json")
            .body(body)
            .map_err(kube::Error::HttpError)?;
        self.client.request(request).await
    }
}

/// Why the API server did not take it, in its own words. Of a Secret only where it was wrong is told: a message, and be it
/// that of a webhook, may quote its value.
pub(crate) fn words(key: &Key, e: &kube::Error) -> String {
    match e {
        kube::Error::Api(status) if key.is("", "Secret") => {
            let causes = status.details.iter().flat_map(|d| &d.causes);
            let at: Vec<_> = causes.map(|c| clean(&c.field, 100)).collect();
            let at = if at.is_empty() {
                String::new()
            } else {
                format!(" at {}", at.join(", "))
            };
            format!(
                "refused ({} {}){at}; more is not shown, since it may quote a value",
                status.code,
                clean(&status.reason, 60)
            )
        }
        kube::Error::Api(status) => clean(&status.message, 300),
        kube::Error::SerdeError(_) if key.is("", "Secret") => "the answer is no Secret".into(),
        other => clean(&other.to_string(), 300),
    }
}

/// Whether it answered at all.
pub(crate) fn is_answer(e: &kube::Error) -> bool {
    matches!(e, kube::Error::Api(status) if status.code < 500 || status.reason != "Failed to parse error data")
}
