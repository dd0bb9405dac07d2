//! Does to the API server what the recorded istioctl did.

use http::Method;
use kube::Client;
use serde_json::{Value, json};

use super::argv::{Call, Verb};
use super::choose::{Changes, Decision};
use super::fault::Fault;
use super::live::{Live, name, send};
use super::recording::{Case, Exit, Recordings, substitute};
use super::{Ended, record};

const APPLY: &str = "application/apply-patch+yaml";

/// One write.
struct Write {
    kind: String,
    name: String,
    method: Method,
    path: String,
    body: Option<(&'static str, Value)>,
}

/// Carries out a decision and returns what is to be said. An error is the stand-in's own.
pub(super) async fn carry_out(
    recordings: &Recordings,
    call: &Call,
    decision: &Decision,
    live: Option<&Live>,
    fault: &Fault,
) -> Result<Ended, String> {
    let case = recordings.case(&decision.case)?.renamed(call);
    let mut ended = Ended::said(in_use(&case, live), case.stderr, case.exit);
    if decision.changes == Changes::Nothing || fault.nothing {
        return Ok(ended);
    }
    let client = call.client().await?;
    let read;
    let live = if let Some(live) = live {
        live
    } else {
        read = Live::read(&client, call, recordings).await?;
        &read
    };
    let writes = match &decision.changes {
        Changes::Nothing => Vec::new(),
        Changes::Apply { template } => {
            // Before the tag is applied, by an ordinary update, and never undone (`DeactivateIstioInjectionWebhook`).
            if let Some(deactivated) = deactivated_default(call, live)
                && let Err(message) = carry(&client, deactivated).await
            {
                return Ok(failed(&message));
            }
            objects(&recordings.case(template)?, call, live)
        }
        Changes::Delete { template } => {
            deletions(&client, &recordings.case(template)?, call).await?
        }
    };
    let writes: Vec<Write> = writes
        .into_iter()
        .filter(|write| {
            fault
                .only
                .as_ref()
                .is_none_or(|kinds| kinds.contains(&write.kind))
        })
        .collect();
    if let Some(most) = fault.crash_after {
        for write in writes.into_iter().take(most) {
            carry(&client, write).await?;
        }
        std::process::abort();
    }
    if let Err(message) = side_by_side(&client, writes).await {
        let patch = if recordings.words_patch() {
            "patch: "
        } else {
            ""
        };
        return Ok(match call.verb {
            Verb::Set { .. } => failed(&format!(
                "failed to apply tag webhook MutatingWebhookConfiguration to cluster: failed to apply tag manifests to cluster: {patch}{message}"
            )),
            _ => failed(&format!(
                "failed to delete Istio revision tag MutatingConfigurationWebhook: {message}"
            )),
        });
    }
    if fault.only.is_some() && fault.exit.is_none() {
        ended = failed(
            "failed to apply tag webhook MutatingWebhookConfiguration to cluster: failed to apply tag manifests to cluster: patch: etcdserver: request timed out",
        );
    }
    Ok(ended)
}

fn failed(message: &str) -> Ended {
    Ended::said(String::new(), format!("Error: {message}\n"), Exit::Code(1))
}

/// The question `tag remove` asks, with the namespaces of this cluster.
fn in_use(case: &Case, live: Option<&Live>) -> String {
    match live {
        Some(live) if case.name == "tag-remove-in-use-no-yes" => {
            let names = [
                (
                    "2 namespace(s)".to_owned(),
                    format!("{} namespace(s)", live.namespaces.len()),
                ),
                ("orders payments".to_owned(), live.namespaces.join(" ")),
            ];
            substitute(&case.stdout, &names)
        }
        _ => case.stdout.clone(),
    }
}

async fn carry(client: &Client, write: Write) -> Result<(), String> {
    let body = write
        .body
        .as_ref()
        .map(|(content_type, body)| (*content_type, body));
    let done = send(client, write.method.clone(), &write.path, body).await;
    record(&json!({
        "event": "applied",
        "method": write.method.as_str(),
        "kind": write.kind,
        "name": write.name,
        "error": done.as_ref().err(),
    }));
    done.map(drop)
}

/// All at once, as istioctl does; the first refusal in the order of the list is the one it tells of.
async fn side_by_side(client: &Client, writes: Vec<Write>) -> Result<(), String> {
    let running: Vec<_> = writes
        .into_iter()
        .map(|write| {
            let client = client.clone();
            tokio::spawn(async move { carry(&client, write).await })
        })
        .collect();
    let mut first = Ok(());
    for one in running {
        let done = one.await.map_err(|e| e.to_string()).and_then(|done| done);
        first = first.and(done);
    }
    first
}

/// The objects of a recording, for these names and this cluster. The Service first: a user who may write neither is told of it.
fn objects(case: &Case, call: &Call, live: &Live) -> Vec<Write> {
    let Verb::Set {
        tag,
        revision,
        webhook_name,
        ..
    } = &call.verb
    else {
        return Vec::new();
    };
    let mut names = case.names(call);
    names.push(("istio-system".to_owned(), call.istio_namespace.clone()));
    let mut writes: Vec<Write> = case
        .after
        .iter()
        .filter(|object| object["metadata"]["labels"]["istio.io/tag"].is_string())
        .map(|object| {
            let mut object = renamed(object, &names);
            if let (Some(webhook_name), "MutatingWebhookConfiguration") =
                (webhook_name, kind(&object))
            {
                object["metadata"]["name"] = json!(webhook_name);
            }
            strip(&mut object);
            if let Some(bundle) = live.ca_bundle(kind(&object), revision) {
                let hooks = object.get_mut("webhooks").and_then(Value::as_array_mut);
                for hook in hooks.into_iter().flatten() {
                    hook["clientConfig"]["caBundle"] = json!(bundle);
                }
            }
            Write {
                kind: kind(&object).to_owned(),
                name: name(&object),
                method: Method::PATCH,
                path: format!("{}?fieldManager=istio-ci&force=true", path(&object)),
                body: Some((APPLY, object)),
            }
        })
        .collect();
    debug_assert!(!tag.is_empty());
    writes.sort_by_key(|write| write.kind != "Service");
    writes
}

/// The un-revisioned install's webhook made to match nothing, when `tag set default` takes its place.
fn deactivated_default(call: &Call, live: &Live) -> Option<Write> {
    let Verb::Set { tag, revision, .. } = &call.verb else {
        return None;
    };
    if tag != "default" || revision == "default" {
        return None;
    }
    let mut hook = live.default_webhook.clone()?;
    let never = json!({"matchLabels": {"istio.io/deactivated": "never-match"}});
    for one in hook["webhooks"].as_array_mut()? {
        one["namespaceSelector"] = never.clone();
        one["objectSelector"] = never.clone();
    }
    // A list leaves these out of its items.
    hook["apiVersion"] = json!("admissionregistration.k8s.io/v1");
    hook["kind"] = json!("MutatingWebhookConfiguration");
    Some(Write {
        kind: "MutatingWebhookConfiguration".to_owned(),
        name: name(&hook),
        method: Method::PUT,
        path: format!("{}?fieldManager=istioctl", path(&hook)),
        body: Some(("application/json", hook)),
    })
}

/// Everything with the tag's label, of the kinds this recording deleted: 1.28.1 webhooks and Services, older ones webhooks.
async fn deletions(client: &Client, case: &Case, call: &Call) -> Result<Vec<Write>, String> {
    let Verb::Remove { tag, .. } = &call.verb else {
        return Ok(Vec::new());
    };
    let names = [("istio-system".to_owned(), call.istio_namespace.clone())];
    let mut writes = Vec::new();
    for object in &case.before {
        let object = renamed(object, &names);
        let (collection, _) = path(&object)
            .rsplit_once('/')
            .map(|(a, b)| (a.to_owned(), b.to_owned()))
            .unwrap_or_default();
        let labelled = send(
            client,
            Method::GET,
            &format!("{collection}?labelSelector=istio.io%2Ftag%3D{tag}"),
            None,
        )
        .await?;
        for found in labelled["items"].as_array().into_iter().flatten() {
            writes.push(Write {
                kind: kind(&object).to_owned(),
                name: name(found),
                method: Method::DELETE,
                path: format!("{collection}/{}", name(found)),
                body: None,
            });
        }
    }
    Ok(writes)
}

fn kind(object: &Value) -> &str {
    object["kind"].as_str().unwrap_or_default()
}

/// Where the API serves this object.
fn path(object: &Value) -> String {
    let name = name(object);
    match kind(object) {
        "Service" => {
            let namespace = object["metadata"]["namespace"].as_str().unwrap_or_default();
            format!("/api/v1/namespaces/{namespace}/services/{name}")
        }
        kind => format!(
            "/apis/admissionregistration.k8s.io/v1/{}s/{name}",
            kind.to_lowercase()
        ),
    }
}

/// The names in every text of an object.
fn renamed(value: &Value, names: &[(String, String)]) -> Value {
    match value {
        Value::String(text) => Value::String(substitute(text, names)),
        Value::Array(items) => items.iter().map(|item| renamed(item, names)).collect(),
        Value::Object(fields) => fields
            .iter()
            .map(|(key, field)| (key.clone(), renamed(field, names)))
            .collect(),
        other => other.clone(),
    }
}

/// Takes out what the server sets.
fn strip(object: &mut Value) {
    let mut take = |parent: &str, keys: &[&str]| {
        if let Some(fields) = object.get_mut(parent).and_then(Value::as_object_mut) {
            fields.retain(|key, _| !keys.contains(&key.as_str()));
        }
    };
    take(
        "metadata",
        &[
            "uid",
            "resourceVersion",
            "generation",
            "creationTimestamp",
            "managedFields",
        ],
    );
    take(
        "spec",
        &["clusterIP", "clusterIPs", "ipFamilies", "ipFamilyPolicy"],
    );
    if let Some(fields) = object.as_object_mut() {
        fields.remove("status");
    }
}

#[cfg(test)]
mod tests;
