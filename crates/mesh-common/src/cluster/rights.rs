//! What the current user may do, asked of the API server itself.

use futures::{StreamExt, stream};
use http::Request;
use kube::Client;
use serde::Deserialize;
use serde_json::json;

/// Questions on the wire at once: each is a small request, and one connection each is the most it takes.
const AT_ONCE: usize = 8;

/// One right to ask for.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Ask {
    /// `get`, `list`, `patch`, …
    pub verb: String,
    /// API group; empty is the core group.
    pub group: String,
    /// Plural resource name.
    pub resource: String,
    /// Subresource, such as `portforward`; empty is the resource itself.
    pub subresource: String,
    /// Namespace; none asks for all namespaces, or for a resource without one.
    pub namespace: Option<String>,
    /// Name of the one object; none asks for all.
    pub name: Option<String>,
}

impl Ask {
    /// `verb` on `resource` of `group`, in one namespace or in all.
    pub fn new(verb: &str, group: &str, resource: &str, namespace: Option<&str>) -> Self {
        Self {
            verb: verb.to_owned(),
            group: group.to_owned(),
            resource: resource.to_owned(),
            subresource: String::new(),
            namespace: namespace.map(str::to_owned),
            name: None,
        }
    }

    /// The same of a subresource.
    #[must_use]
    pub fn subresource(mut self, subresource: &str) -> Self {
        subresource.clone_into(&mut self.subresource);
        self
    }

    /// In words: `patch namespaces`, `create pods/portforward in istio-system`.
    pub fn text(&self) -> String {
        let mut text = format!("{} {}", self.verb, self.resource);
        if !self.group.is_empty() {
            text.push('.');
            text.push_str(&self.group);
        }
        if !self.subresource.is_empty() {
            text.push('/');
            text.push_str(&self.subresource);
        }
        if let Some(name) = &self.name {
            text.extend([" \"", name, "\""]);
        }
        if let Some(namespace) = &self.namespace {
            text.extend([" in ", namespace]);
        }
        text
    }
}

/// What the API server says to one [`Ask`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Yes.
    Allowed,
    /// No, and why if it says so.
    Denied(String),
    /// It could not be asked, or could not tell; why.
    Unknown(String),
}

/// One right, asked for and answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Right {
    /// The question.
    pub ask: Ask,
    /// The answer.
    pub verdict: Verdict,
}

/// Asks whether the current user has these rights, side by side; the answers come in the order of the questions.
///
/// By `SelfSubjectAccessReview`, which every authenticated user may create. A question that fails is [`Verdict::Unknown`], never a no.
pub async fn can_i(client: &Client, asks: &[Ask]) -> Vec<Right> {
    stream::iter(asks.iter().cloned())
        .map(|ask| async move {
            let verdict = review(client, &ask).await.unwrap_or_else(Verdict::Unknown);
            Right { ask, verdict }
        })
        .buffered(AT_ONCE)
        .collect()
        .await
}

async fn review(client: &Client, ask: &Ask) -> Result<Verdict, String> {
    #[derive(Deserialize)]
    struct Review {
        status: Status,
    }
    #[derive(Deserialize)]
    #[serde(rename_all = "camelCase", default)]
    #[derive(Default)]
    struct Status {
        allowed: bool,
        reason: String,
        evaluation_error: String,
    }
    let body = json!({
        "apiVersion": "authorization.k8s.io/v1",
        "kind": "SelfSubjectAccessReview",
        "spec": { "resourceAttributes": {
            "verb": ask.verb,
            "group": ask.group,
            "resource": ask.resource,
            "subresource": ask.subresource,
            "namespace": ask.namespace.as_deref().unwrap_or_default(),
            "name": ask.name.as_deref().unwrap_or_default(),
        }},
    });
    let request = Request::post("/apis/authorization.k8s.io/v1/selfsubjectaccessreviews")
        .header(http::header::CONTENT_TYPE, "application/json")
        .body(body.to_string().into_bytes())
        .map_err(|_| "the question cannot be put".to_owned())?;
    let review: Review = client
        .request(request)
        .await
        .map_err(|e| super::explain::short(&e))?;
    let Status {
        allowed,
        reason,
        evaluation_error,
    } = review.status;
    Ok(if allowed {
        Verdict::Allowed
    } else if evaluation_error.is_empty() {
        Verdict::Denied(crate::output::clean(&reason, 200))
    } else {
        // An authorizer could not be asked: a no from the others is no proof.
        Verdict::Unknown(crate::output::clean(&evaluation_error, 200))
    })
}
