//! The API server for tests: plain functions on JSON, as one user.

use http::{Method, Request};
use kube::{
    Client, Config,
    config::{KubeConfigOptions, Kubeconfig},
};
use serde_json::{Value, json};

use crate::{
    Result,
    kinds::{Kind, names},
    runtime,
};

/// A client whose calls wait for their answer.
///
/// Kinds are named as they are in a manifest (`Pod`); where two share a name the group goes with it
/// (`Gateway.networking.istio.io`; a bare `Gateway` is the Gateway API's). The namespace of a cluster-wide kind is `""`.
#[derive(Clone)]
pub struct Api {
    client: Client,
}

/// The API server said no.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// The HTTP status; 0 when there was no answer at all.
    pub code: u16,
    /// The machine-readable reason: `NotFound`, `Forbidden`, `Conflict`…
    pub reason: String,
    /// The text for people.
    pub message: String,
}

impl std::fmt::Display for Refusal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {}: {}", self.code, self.reason, self.message)
    }
}

impl std::error::Error for Refusal {}

impl From<kube::Error> for Refusal {
    fn from(error: kube::Error) -> Self {
        match error {
            kube::Error::Api(s) => Self {
                code: s.code,
                reason: s.reason,
                message: s.message,
            },
            other => Self {
                code: 0,
                reason: String::new(),
                message: other.to_string(),
            },
        }
    }
}

impl Api {
    /// A client of the current context of this kubeconfig.
    pub fn of_kubeconfig(yaml: &str) -> Result<Self> {
        let kubeconfig = Kubeconfig::from_yaml(yaml)?;
        let client = runtime::run(async move {
            let options = KubeConfigOptions::default();
            let mut config = Config::from_custom_kubeconfig(kubeconfig, &options).await?;
            // A proxy of the machine's environment leads nowhere from here.
            config.proxy_url = None;
            Ok::<_, Box<dyn std::error::Error + Send + Sync>>(Client::try_from(config)?)
        })?;
        Ok(Self { client })
    }

    /// The client itself, for async code run by the caller's own runtime.
    pub fn client(&self) -> Client {
        self.client.clone()
    }

    /// One object, or `None` if there is none.
    #[track_caller]
    pub fn get(&self, kind: &str, namespace: &str, name: &str) -> Option<Value> {
        match self.call(Method::GET, path(kind, namespace, Some(name)), None, "") {
            Ok(object) => Some(object),
            Err(e) if e.code == 404 => None,
            Err(e) => panic!("get {kind} {namespace}/{name}: {e}"),
        }
    }

    /// All of a kind, in one namespace or (`""`) in all.
    #[track_caller]
    pub fn list(&self, kind: &str, namespace: &str) -> Vec<Value> {
        let mut list = self
            .call(Method::GET, path(kind, namespace, None), None, "")
            .unwrap_or_else(|e| panic!("list {kind}: {e}"));
        serde_json::from_value(list["items"].take()).unwrap_or_default()
    }

    /// Creates an object.
    pub fn create(&self, object: &Value) -> Result<Value, Refusal> {
        self.call(
            Method::POST,
            collection(object),
            Some(object),
            "application/json",
        )
    }

    /// Creates an object with `dryRun=All`: admission, webhooks and validation run, nothing is stored.
    pub fn create_dry_run(&self, object: &Value) -> Result<Value, Refusal> {
        let path = format!("{}?dryRun=All", collection(object));
        self.call(Method::POST, path, Some(object), "application/json")
    }

    /// Replaces an object; without a resourceVersion in it, whatever is there.
    pub fn replace(&self, object: &Value) -> Result<Value, Refusal> {
        self.call(
            Method::PUT,
            item(object, ""),
            Some(object),
            "application/json",
        )
    }

    /// Replaces an object with `dryRun=All`.
    pub fn replace_dry_run(&self, object: &Value) -> Result<Value, Refusal> {
        self.call(
            Method::PUT,
            item(object, "?dryRun=All"),
            Some(object),
            "application/json",
        )
    }

    /// Server-side apply as this field manager, forced.
    pub fn apply(&self, manager: &str, object: &Value) -> Result<Value, Refusal> {
        let query = format!("?fieldManager={manager}&force=true");
        self.call(
            Method::PATCH,
            item(object, &query),
            Some(object),
            "application/apply-patch+yaml",
        )
    }

    /// A JSON merge patch.
    pub fn patch(
        &self,
        kind: &str,
        namespace: &str,
        name: &str,
        patch: &Value,
    ) -> Result<Value, Refusal> {
        let path = path(kind, namespace, Some(name));
        self.call(
            Method::PATCH,
            path,
            Some(patch),
            "application/merge-patch+json",
        )
    }

    /// A JSON merge patch of the status; `status` is what goes under `.status`.
    pub fn patch_status(
        &self,
        kind: &str,
        namespace: &str,
        name: &str,
        status: &Value,
    ) -> Result<Value, Refusal> {
        let path = format!("{}/status", path(kind, namespace, Some(name)));
        let patch = json!({ "status": status });
        self.call(
            Method::PATCH,
            path,
            Some(&patch),
            "application/merge-patch+json",
        )
    }

    /// Deletes an object at once; a missing one is a 404.
    pub fn delete(&self, kind: &str, namespace: &str, name: &str) -> Result<(), Refusal> {
        let path = path(kind, namespace, Some(name));
        let options = json!({
            "apiVersion": "v1", "kind": "DeleteOptions",
            "gracePeriodSeconds": 0, "propagationPolicy": "Background",
        });
        self.call(Method::DELETE, path, Some(&options), "application/json")
            .map(drop)
    }

    /// Sets labels on an object; `None` takes one away.
    pub fn label(
        &self,
        kind: &str,
        namespace: &str,
        name: &str,
        labels: &[(&str, Option<&str>)],
    ) -> Result<Value, Refusal> {
        let labels: serde_json::Map<String, Value> = labels
            .iter()
            .map(|&(k, v)| (k.to_owned(), v.into()))
            .collect();
        self.patch(
            kind,
            namespace,
            name,
            &json!({"metadata": {"labels": labels}}),
        )
    }

    /// Asks whether somebody may do something.
    pub(crate) fn review(&self, review: &Value) -> Result<Value, Refusal> {
        let path = "/apis/authorization.k8s.io/v1/subjectaccessreviews".to_owned();
        self.call(Method::POST, path, Some(review), "application/json")
    }

    /// GET of any path: `/version`, `/api/v1/namespaces/x/pods/y/log`.
    pub fn raw(&self, path: &str) -> Result<String, Refusal> {
        let request = Request::get(path)
            .body(Vec::new())
            .map_err(|e| invalid(&e))?;
        let client = self.client.clone();
        runtime::run(async move { client.request_text(request).await.map_err(Refusal::from) })
    }

    fn call(
        &self,
        method: Method,
        path: String,
        body: Option<&Value>,
        content_type: &str,
    ) -> Result<Value, Refusal> {
        let mut request = Request::builder().method(method).uri(path);
        if body.is_some() {
            request = request.header("content-type", content_type);
        }
        let body = body.map(|b| b.to_string().into_bytes()).unwrap_or_default();
        let request = request.body(body).map_err(|e| invalid(&e))?;
        let client = self.client.clone();
        runtime::run(async move { client.request(request).await.map_err(Refusal::from) })
    }
}

impl std::fmt::Debug for Api {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Api").finish_non_exhaustive()
    }
}

/// Lists on the background thread itself, for the listeners there.
pub(crate) async fn list(client: &Client, kind: &str, namespace: &str) -> Result<Vec<Value>> {
    items(client, Kind::find(kind)?.path(namespace, None)).await
}

/// The pod at this address. Asked for alone: a listener that reads ten thousand pods for each connection does not
/// answer in time.
pub(crate) async fn pod_at(client: &Client, ip: &str) -> Result<Option<Value>> {
    let pods = Kind::find("Pod")?.path("", None);
    let found = items(client, format!("{pods}?fieldSelector=status.podIP%3D{ip}")).await?;
    Ok(found.into_iter().next())
}

async fn items(client: &Client, path: String) -> Result<Vec<Value>> {
    let request = Request::get(path).body(Vec::new())?;
    let mut list: Value = client.request(request).await?;
    Ok(serde_json::from_value(list["items"].take()).unwrap_or_default())
}

#[track_caller]
fn path(kind: &str, namespace: &str, name: Option<&str>) -> String {
    Kind::find(kind)
        .unwrap_or_else(|e| panic!("{e}"))
        .path(namespace, name)
}

#[track_caller]
fn collection(object: &Value) -> String {
    at_own_version(object, None)
}

#[track_caller]
fn item(object: &Value, query: &str) -> String {
    let (_, name) = names(object);
    format!("{}{query}", at_own_version(object, Some(name)))
}

/// The path of an object at the version it is written in, which need not be the one in the table.
#[track_caller]
fn at_own_version(object: &Value, name: Option<&str>) -> String {
    let kind = Kind::of(object).unwrap_or_else(|e| panic!("{e}"));
    let own = object["apiVersion"].as_str().unwrap_or(kind.api_version);
    kind.path(names(object).0, name)
        .replacen(kind.api_version, own, 1)
}

fn invalid(error: &http::Error) -> Refusal {
    Refusal {
        code: 0,
        reason: "BadRequest".into(),
        message: error.to_string(),
    }
}
