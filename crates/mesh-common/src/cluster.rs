//! To be replaced by the cluster module: the part of its interface that the journal needs.

use crate::error::Error;

/// A resolved connection.
#[derive(Debug, Clone)]
pub struct Connection {
    /// The namespace istiod lives in.
    pub istio_namespace: String,
}

/// One clear line.
pub fn explain(e: &kube::Error, doing: &str, _connection: &Connection) -> Error {
    Error::cluster(format!("cannot {doing}: {e}"))
}
