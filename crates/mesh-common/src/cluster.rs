//! Stub until the real module is merged.

use crate::error::{Error, Result};

/// Which cluster.
#[derive(clap::Args, Clone, Debug, Default)]
#[command(next_help_heading = "Cluster options")]
pub struct ClusterArgs {
    /// The kubeconfig context to use
    #[arg(long, global = true)]
    pub context: Option<String>,
}

/// A resolved cluster.
#[derive(Debug)]
pub struct Connection {}

impl ClusterArgs {
    /// Starts the log of `-v`.
    pub fn init_logging(&self) {}

    /// Reads the kubeconfig.
    pub fn resolve(&self) -> Result<Connection> {
        Err(Error::internal("not built"))
    }
}

impl Connection {
    /// A client.
    pub fn client(&self) -> Result<kube::Client> {
        Err(Error::internal("not built"))
    }
}
