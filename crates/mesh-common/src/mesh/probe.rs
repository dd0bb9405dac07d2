//! Asks the API server, by a server-side dry-run, who would inject a pod: the webhook is really called,
//! nothing is stored. An injector that is switched off is asked itself, by the API server's pod proxy.

use base64::{Engine as _, engine::general_purpose::STANDARD};
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
    let namespace = namespace.to_owned();
    let answer = match post(&path, &pod(labels)) {
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

/// Where an istiod listens for reviews of pods.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listener {
    /// The Istio namespace.
    pub namespace: String,
    /// The istiod's pod.
    pub pod: String,
    /// The pod's port, 15017 as installed.
    pub port: u16,
    /// The path of the webhook, `/inject`.
    pub path: String,
}

/// Shows istiods themselves a pod of `namespace`, as the API server would if their webhook were not switched
/// off: the first that answers tells. Nothing is stored. Needs `create` on `pods/proxy`; the API server does not
/// verify the certificate there.
pub async fn asked_itself(client: &Client, listeners: &[Listener], namespace: &str) -> Probe {
    let mut last = Probe::NoNamespace;
    for listener in listeners.iter().take(3) {
        last = ask(client, listener, namespace).await;
        if !matches!(last, Probe::InjectorFailed { .. }) {
            break;
        }
    }
    last
}

async fn ask(client: &Client, listener: &Listener, namespace: &str) -> Probe {
    let Listener {
        namespace: istio_namespace,
        pod,
        port,
        path,
    } = listener;
    let path = format!("/api/v1/namespaces/{istio_namespace}/pods/https:{pod}:{port}/proxy{path}");
    let namespace = namespace.to_owned();
    let answer = match post(&path, &review(&namespace)) {
        Ok(request) => client.request::<Value>(request).await,
        Err(message) => return Probe::Refused { namespace, message },
    };
    match answer {
        Ok(answer) => match patched_revision(&answer) {
            Some(revision) => Probe::Injected {
                namespace,
                revision,
            },
            None => Probe::NotInjected { namespace },
        },
        // The API server's own no; everything else is of the way to istiod, or istiod's.
        Err(kube::Error::Api(status)) if matches!(status.code, 401 | 403 | 404 | 429) => {
            Probe::Refused {
                namespace,
                message: clean(&status.message, 300),
            }
        }
        Err(kube::Error::Api(status)) => Probe::InjectorFailed {
            namespace,
            message: clean(&status.message, 300),
        },
        Err(e) => Probe::Refused {
            namespace,
            message: clean(&e.to_string(), 300),
        },
    }
}

/// A POST of this object, or why there can be none.
fn post(path: &str, body: &Value) -> Result<Request<Vec<u8>>, String> {
    let body = serde_json::to_vec(body).map_err(|e| e.to_string())?;
    Request::post(path)
        .header("Content-Type", "application/json")
        .body(body)
        .map_err(|e| e.to_string())
}

/// An `AdmissionReview` of a pod that is to be created.
fn review(namespace: &str) -> Value {
    let mut pod = pod(&[(label::INJECT, "true")]);
    // There, so that a patch adds to it key by key.
    pod["metadata"]["annotations"] = json!({});
    pod["metadata"]["namespace"] = namespace.into();
    json!({
        "apiVersion": "admission.k8s.io/v1",
        "kind": "AdmissionReview",
        "request": {
            "uid": "kubectl-mesh-probe",
            "kind": { "group": "", "version": "v1", "kind": "Pod" },
            "resource": { "group": "", "version": "v1", "resource": "pods" },
            "namespace": namespace,
            "operation": "CREATE",
            "userInfo": { "username": "kubectl-mesh" },
            "object": pod,
            "dryRun": true,
        },
    })
}

/// The revision that an answered review writes into the pod.
fn patched_revision(answer: &Value) -> Option<String> {
    let response = &answer["response"];
    if response["allowed"] != true {
        return None;
    }
    let patch = STANDARD.decode(response["patch"].as_str()?).ok()?;
    let patch: Value = serde_json::from_slice(&patch).ok()?;
    let mut annotations = serde_json::Map::new();
    for operation in patch.as_array()? {
        let (path, value) = (operation["path"].as_str()?, &operation["value"]);
        match path.strip_prefix("/metadata/annotations") {
            Some("") => annotations.extend(value.as_object().cloned().unwrap_or_default()),
            Some(key) => {
                // RFC 6901: a slash in a key is ~1, a tilde ~0.
                let key = key.trim_start_matches('/').replace("~1", "/");
                annotations.insert(key.replace("~0", "~"), value.clone());
            }
            None => {}
        }
    }
    revision_of(&json!({ "metadata": { "annotations": annotations } }))
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

    #[test]
    fn an_istiod_that_is_asked_itself_answers_by_a_patch() {
        let answer = |allowed: bool, patch: &Value| json!({ "response": { "allowed": allowed, "patch": STANDARD.encode(patch.to_string()) } });
        let status = "{\"revision\":\"default\"}";
        let by_key = json!([
            { "op": "add", "path": "/spec/initContainers", "value": [] },
            { "op": "add", "path": "/metadata/annotations/istio.io~1rev", "value": "default" },
            { "op": "add", "path": "/metadata/annotations/sidecar.istio.io~1status", "value": status },
        ]);
        let whole = json!([
            { "op": "add", "path": "/metadata/annotations", "value": {
                "istio.io/rev": "1-28-1", "sidecar.istio.io/status": status,
            } },
        ]);
        let cases = [
            (answer(true, &by_key), Some("default")),
            (answer(true, &whole), Some("1-28-1")),
            (answer(false, &by_key), None),
            (answer(true, &json!([])), None),
            (answer(true, &json!("no patch")), None),
            (json!({ "response": { "allowed": true } }), None),
            (json!({}), None),
        ];
        for (answer, want) in cases {
            assert_eq!(patched_revision(&answer).as_deref(), want, "{answer}");
        }
    }
}
