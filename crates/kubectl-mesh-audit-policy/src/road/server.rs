//! `--dry-run=server`: every planned object is sent to the API server, which stores nothing.

use http::Request;
use mesh_common::{
    Outcome,
    decide::for_programs,
    error::Result,
    journal::Image,
    output::{Doc, Mark, OutputArgs, clean},
};
use serde_json::Value;

use super::Road;

/// Tries each object as it would be written.
///
/// # Errors
/// stdout is closed.
pub(crate) async fn try_on_server(
    road: &Road<'_>,
    images: &[Image],
    output: &OutputArgs,
) -> Result<Outcome> {
    let mut rows = Vec::new();
    let mut outcome = Outcome::Done;
    for image in images {
        let answer = match road.read(std::slice::from_ref(image)).await {
            Ok(mut now) => send(road, image, now.pop().flatten()).await,
            Err(e) => Err(e.to_string()),
        };
        match answer {
            Ok(()) => rows.push((
                Mark::Ok,
                image.key.to_string(),
                "would be accepted".to_owned(),
            )),
            Err(why) => {
                outcome = Outcome::Refused;
                rows.push((Mark::Bad, image.key.to_string(), why));
            }
        }
    }
    let mut doc = Doc::new();
    doc.heading("Dry-run on the API server: nothing was stored");
    doc.marked(rows);
    if for_programs(output) {
        road.ctx.printer.err_doc(&doc);
    } else {
        road.ctx.printer.out(&doc, output.full)?;
    }
    Ok(outcome)
}

/// Whether the API server would take an object that is to be made, with every field of it.
///
/// # Errors
/// Why not, in one line.
pub(crate) async fn would_be_accepted(road: &Road<'_>, image: &Image) -> Result<(), String> {
    send(road, image, None).await
}

async fn send(road: &Road<'_>, image: &Image, now: Option<Value>) -> Result<(), String> {
    let (method, path, body) = match (&image.planned, now) {
        (None, None) => return Ok(()),
        (None, Some(_)) => ("DELETE", image.key.path(), serde_json::json!({})),
        (Some(planned), None) => ("POST", image.key.collection(), planned.clone()),
        (Some(planned), Some(now)) => {
            let mut object = planned.clone();
            for field in ["uid", "resourceVersion"] {
                object["metadata"][field] = now["metadata"][field].clone();
            }
            ("PUT", image.key.path(), object)
        }
    };
    // A Telemetry without a selector that was dropped is for a whole namespace.
    let strict = if image.key.kind.is_telemetry() {
        "&fieldValidation=Strict"
    } else {
        ""
    };
    let request = Request::builder()
        .method(method)
        .uri(format!(
            "{path}?dryRun=All&fieldManager=kubectl-mesh{strict}"
        ))
        .header("Content-Type", "application/json")
        .body(serde_json::to_vec(&body).map_err(|e| e.to_string())?)
        .map_err(|e| e.to_string())?;
    let answer: Result<Value, kube::Error> = road.client.request(request).await;
    answer.map(drop).map_err(|e| match e {
        kube::Error::Api(status) => clean(&status.message, 300),
        other => clean(&other.to_string(), 300),
    })
}
