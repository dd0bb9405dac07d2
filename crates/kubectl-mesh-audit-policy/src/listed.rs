//! Objects of one kind as they are now, for what was decided on them before.

use kube::Client;
use mesh_common::{
    cluster::{ListQuery, list_pages},
    journal::Kind,
    mesh::wire::Lean,
};
use serde_json::Value;

/// Lists them: a right that whoever decides has, where `get` may be none. Of all namespaces or one, all or that of a name.
///
/// # Errors
/// As the client says.
pub(crate) async fn listed(
    client: &Client,
    kind: Kind,
    namespace: Option<&str>,
    name: Option<&str>,
) -> Result<Vec<Value>, kube::Error> {
    let path = match namespace {
        Some(namespace) => format!("{}/namespaces/{namespace}/{}", kind.api(), kind.plural()),
        None => format!("{}/{}", kind.api(), kind.plural()),
    };
    let query = ListQuery {
        field_selector: name.map(|name| format!("metadata.name={name}")),
        ..ListQuery::default()
    };
    let keep = |found: &mut Vec<Value>, Lean(object): Lean| found.push(object);
    let listed = list_pages(client, &path, &query, Vec::new, keep).await?;
    Ok(listed.value)
}
