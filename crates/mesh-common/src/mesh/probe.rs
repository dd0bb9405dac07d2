//! Asks the API server, by a server-side dry-run, who would inject a pod: the webhook is really called,
//! nothing is stored.

use http::Request;
use kube::Client;
use serde::Serialize;
use serde_json::{Value, json};

use super::label;
use crate::output::clean;

/// What came of a dry-run pod.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase", tag = "result")]
pub enum Probe {
    /// Injected, by this revision.
    #[serde(rename_all = "camelCase")]
    Injected {
        /// Where it was tried.
        namespace: String,
        /// The revision that the pod then carries.
        revision: String,
    },
    /// Accepted, without a proxy.
    #[serde(rename_all = "camelCase")]
    NotInjected {
        /// Where it was tried.
        namespace: String,
    },
    /// The injecting webhook could not be called: nobody answers behind it.
    #[serde(rename_all = "camelCase")]
    InjectorFailed {
        /// Where it was tried.
        namespace: String,
        /// The API server's words.
        message: String,
    },
    /// Refused by something else: rights, quota, policy.
    #[serde(rename_all = "camelCase")]
    Refused {
        /// Where it was tried.
        namespace: String,
        /// The API server's words.
        message: String,
    },
    /// There was no namespace to try it in.
    NoNamespace,
}

/// Tries a pod with these labels in these namespaces, until one says something of the injector. Of
/// several refusals the first is kept.
pub async fn injected(client: &Client, namespaces: &[&str], labels: &[(&str, &str)]) -> Probe {
    let mut refused = Probe::NoNamespace;
    for namespace in namespaces.iter().take(3) {
        match attempt(client, namespace, labels).await {
            refusal @ Probe::Refused { .. } => {
                if refused == Probe::NoNamespace {
                    refused = refusal;
                }
            }
            answer => return answer,
        }
    }
    refused
}

async fn attempt(client: &Client, namespace: &str, labels: &[(&str, &str)]) -> Probe {
    let path = format!("/api/v1/namespaces/{namespace}/pods?dryRun=All&fieldManager=kubectl-mesh");
    let request = serde_json::to_vec(&pod(labels))
        .map_err(|e| e.to_string())
        .and_then(|body| {
            Request::post(path)
                .header("Content-Type", "application/json")
                .body(body)
                .map_err(|e| e.to_string())
        });
    let namespace = namespace.to_owned();
    let answer = match request {
        Ok(request) => client.request::<Value>(request).await,
        Err(message) => return Probe::Refused { namespace, message },
    };
    match answer {
        Ok(pod) => match revision_of(&pod) {
            Some(revision) => Probe::Injected {
                namespace,
                revision,
            },
            None => Probe::NotInjected { namespace },
        },
        Err(kube::Error::Api(status)) => {
            let message = clean(&status.message, 300);
            // `apiserver/pkg/admission/plugin/webhook/errors`: "failed calling webhook" is a webhook
            // that could not be asked; "admission webhook … denied the request" is one that said no.
            if message.contains("failed calling webhook") && message.contains("istio") {
                Probe::InjectorFailed { namespace, message }
            } else {
                Probe::Refused { namespace, message }
            }
        }
        Err(e) => Probe::Refused {
            namespace,
            message: clean(&e.to_string(), 300),
        },
    }
}

/// The revision a pod says it was injected by.
fn revision_of(pod: &Value) -> Option<String> {
    let annotations = &pod["metadata"]["annotations"];
    let status: Value =
        serde_json::from_str(annotations["sidecar.istio.io/status"].as_str()?).ok()?;
    let revision = annotations[label::REV]
        .as_str()
        .or_else(|| status["revision"].as_str());
    Some(clean(revision.unwrap_or("default"), 63))
}

/// A pod that Pod Security's strictest level lets through, so that a refusal is about something else.
fn pod(labels: &[(&str, &str)]) -> Value {
    let labels: serde_json::Map<String, Value> = labels
        .iter()
        .map(|(k, v)| ((*k).to_owned(), (*v).into()))
        .collect();
    json!({
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": { "generateName": "kubectl-mesh-probe-", "labels": labels },
        "spec": {
            "automountServiceAccountToken": false,
            "securityContext": {
                "runAsNonRoot": true,
                "runAsUser": 65532,
                "seccompProfile": { "type": "RuntimeDefault" },
            },
            "containers": [{
                "name": "probe",
                "image": "registry.k8s.io/pause:3.10",
                "resources": {
                    "requests": { "cpu": "1m", "memory": "1Mi" },
                    "limits": { "cpu": "10m", "memory": "16Mi" },
                },
                "securityContext": {
                    "allowPrivilegeEscalation": false,
                    "capabilities": { "drop": ["ALL"] },
                },
            }],
        },
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_revision_is_what_the_injector_wrote() {
        let pod = |annotations: Value| json!({ "metadata": { "annotations": annotations } });
        let cases = [
            (json!({}), None),
            // The label of the user's own making is not the injector's word.
            (json!({ "istio.io/rev": "1-28-1" }), None),
            (
                json!({ "istio.io/rev": "1-28-1", "sidecar.istio.io/status": "{\"revision\":\"1-28-1\"}" }),
                Some("1-28-1"),
            ),
            (
                json!({ "sidecar.istio.io/status": "{\"revision\":\"1-20-8\"}" }),
                Some("1-20-8"),
            ),
            (json!({ "sidecar.istio.io/status": "{}" }), Some("default")),
            (json!({ "sidecar.istio.io/status": "not json" }), None),
        ];
        for (annotations, want) in cases {
            assert_eq!(
                revision_of(&pod(annotations.clone())).as_deref(),
                want,
                "{annotations}"
            );
        }
    }
}
