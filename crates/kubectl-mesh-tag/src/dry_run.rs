//! `--dry-run=server`: every planned object is sent to the API server, which stores nothing.

use http::Request;
use mesh_common::{
    Outcome,
    decide::print_done,
    error::Result,
    journal::{Image, Kind},
    output::{Doc, Mark, clean},
};
use serde_json::Value;

use crate::{cli::Output, session::Session};

/// Tries each object as istioctl would write it: a forced server-side apply, dry.
///
/// # Errors
/// There is no cluster.
pub(crate) async fn try_images(
    session: &Session<'_>,
    images: &[Image],
    output: &Output,
) -> Result<Outcome> {
    let live = session.live("dry-run on the API server")?;
    let mut rows = Vec::new();
    let mut refused = false;
    for image in images.iter().filter(|i| i.changes()) {
        let answer = match &image.planned {
            Some(planned) => apply(&live.client, image, planned).await,
            None => delete(&live.client, image).await,
        };
        match answer {
            Ok(_) => rows.push((
                Mark::Ok,
                image.key.to_string(),
                "would be accepted".to_owned(),
            )),
            Err(e) => {
                refused = true;
                let words = match &e {
                    kube::Error::Api(status) => clean(&status.message, 300),
                    other => clean(&other.to_string(), 300),
                };
                rows.push((Mark::Bad, image.key.to_string(), words));
            }
        }
    }
    let mut doc = Doc::new();
    doc.heading("Dry-run on the API server: nothing was stored");
    doc.marked(rows);
    print_done(session.ctx, output, &doc)?;
    Ok(if refused {
        Outcome::Refused
    } else {
        Outcome::Done
    })
}

async fn apply(client: &kube::Client, image: &Image, planned: &Value) -> kube::Result<Value> {
    let path = image.key.path();
    if image.key.kind == Kind::Namespace {
        let patch = serde_json::json!({ "metadata": { "labels": planned["metadata"]["labels"] } });
        return send(
            client,
            "PATCH",
            &format!("{path}?dryRun=All"),
            "application/merge-patch+json",
            &patch,
        )
        .await;
    }
    let path = format!("{path}?dryRun=All&fieldManager=istio-ci&force=true");
    send(
        client,
        "PATCH",
        &path,
        "application/apply-patch+yaml",
        planned,
    )
    .await
}

async fn delete(client: &kube::Client, image: &Image) -> kube::Result<Value> {
    let path = format!("{}?dryRun=All", image.key.path());
    send(
        client,
        "DELETE",
        &path,
        "application/json",
        &serde_json::json!({}),
    )
    .await
}

async fn send(
    client: &kube::Client,
    method: &str,
    path: &str,
    content: &str,
    body: &Value,
) -> kube::Result<Value> {
    let request = Request::builder()
        .method(method)
        .uri(path)
        .header("Content-Type", content)
        .body(serde_json::to_vec(body).map_err(kube::Error::SerdeError)?)
        .map_err(kube::Error::HttpError)?;
    client.request(request).await
}
