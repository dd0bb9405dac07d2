//! Objects for a Git repository instead of a write: YAML documents on stdout.

use mesh_common::{
    Ctx, Outcome,
    error::Result,
    journal::{Image, Kind},
    output,
};
use serde_json::Value;

/// Prints the planned objects as YAML documents. caBundle stays out: istiod fills it in, and Git must not
/// fight istiod over it.
///
/// # Errors
/// stdout is closed.
pub(crate) fn objects(ctx: &Ctx, images: &[Image]) -> Result<Outcome> {
    let mut text = String::new();
    for image in images.iter().filter(|i| i.changes()) {
        let Some(planned) = &image.planned else {
            ctx.printer.note(format!("to be removed: {}", image.key));
            continue;
        };
        text.push_str("---\n");
        text.push_str(&yaml(&for_git(image.key.kind, planned))?);
    }
    ctx.printer.raw(&text)?;
    ctx.printer.note(
        "These objects were printed, not written. No gate was judged: that is for the review.",
    );
    Ok(Outcome::Done)
}

fn for_git(kind: Kind, object: &Value) -> Value {
    let mut object = object.clone();
    if kind != Kind::Service {
        for webhook in object["webhooks"].as_array_mut().into_iter().flatten() {
            if let Some(client) = webhook["clientConfig"].as_object_mut() {
                client.remove("caBundle");
            }
        }
    }
    object
}

fn yaml(object: &Value) -> Result<String> {
    output::yaml(object)
}
