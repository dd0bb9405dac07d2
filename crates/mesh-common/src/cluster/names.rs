//! The names in the kubeconfig, for completion.

use super::{ClusterArgs, env::Env, kubeconfig};
use crate::error::Result;

/// What `--context`, `--cluster` and `--user` can be.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Names {
    /// Contexts and the clusters that they name, in the order of the kubeconfig.
    pub contexts: Vec<(String, String)>,
    /// The current context.
    pub current: Option<String>,
    /// Clusters and the addresses of their API servers.
    pub clusters: Vec<(String, String)>,
    /// Users.
    pub users: Vec<String>,
}

impl ClusterArgs {
    /// The names in the kubeconfig.
    ///
    /// # Errors
    ///
    /// [`Kind::User`](crate::Kind::User) when no kubeconfig is found or it cannot be read.
    pub fn names(&self) -> Result<Names> {
        let config = kubeconfig::load(self.kubeconfig.as_deref(), &Env::process())?.config;
        let contexts = config.contexts.into_iter().map(|c| {
            let cluster = c.context.map(|context| context.cluster);
            (c.name, cluster.unwrap_or_default())
        });
        let clusters = config.clusters.into_iter().map(|c| {
            let server = c.cluster.and_then(|cluster| cluster.server);
            // A password in it is nobody's business.
            let server = server.map(|s| s.rsplit('@').next().unwrap_or_default().to_owned());
            (c.name, server.unwrap_or_default())
        });
        Ok(Names {
            contexts: contexts.collect(),
            current: config.current_context.filter(|c| !c.is_empty()),
            clusters: clusters.collect(),
            users: config.auth_infos.into_iter().map(|u| u.name).collect(),
        })
    }
}
