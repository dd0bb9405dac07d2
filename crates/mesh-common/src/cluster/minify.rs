//! The same connection as a kubeconfig of its own, for a program that resolves its own.

use std::{
    fs::OpenOptions,
    io::Write,
    path::{Path, PathBuf},
};

use kube::config::{Context, Kubeconfig, NamedAuthInfo, NamedCluster, NamedContext};
use tempfile::TempDir;

use super::connection::Connection;
use crate::error::{Error, Result};

/// Name of the only context, cluster and user where the connection has no name for it.
const UNNAMED: &str = "kubectl-mesh";

/// A kubeconfig with exactly one connection in it. Mode 0600 in a private directory of mode 0700, gone when this is dropped.
#[derive(Debug)]
pub struct MinifiedKubeconfig {
    // Dropping the directory removes it with the file.
    dir: TempDir,
    path: PathBuf,
}

impl MinifiedKubeconfig {
    /// The file, absolute.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Removes the file now and says whether that worked; dropping does the same in silence.
    ///
    /// # Errors
    ///
    /// When the directory cannot be removed.
    pub fn close(self) -> Result<()> {
        let path = self.path;
        self.dir.close().map_err(|e| {
            Error::internal(format!(
                "cannot remove the temporary kubeconfig {}",
                path.display()
            ))
            .caused_by(e)
        })
    }
}

impl Connection {
    /// Writes a kubeconfig of exactly this connection: one context, one cluster, one user, the identity it impersonates, its namespace,
    /// and the proxy as it was decided here. Files are named by absolute path, so a rotated token or certificate is seen; a credential
    /// plugin is kept and runs again in whoever reads this.
    ///
    /// # Errors
    ///
    /// When the temporary directory cannot be written.
    pub fn minified(&self) -> Result<MinifiedKubeconfig> {
        // JSON is YAML, and nothing in it can be misread: no word turns into a boolean, no number into a string.
        let text = serde_json::to_vec_pretty(&self.kubeconfig())
            .map_err(|_| Error::internal("cannot write the connection as a kubeconfig"))?;
        let mut builder = tempfile::Builder::new();
        builder.prefix("kubectl-mesh-");
        // Without this the directory is as open as the umask leaves it.
        #[cfg(unix)]
        builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o700));
        let dir = builder.tempdir().map_err(|e| failed("directory", e))?;
        let path = dir.path().join("config");
        let mut options = OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let mut file = options.open(&path).map_err(|e| failed("file", e))?;
        file.write_all(&text).map_err(|e| failed("file", e))?;
        Ok(MinifiedKubeconfig { dir, path })
    }

    fn kubeconfig(&self) -> Kubeconfig {
        let mut cluster = (*self.entry).clone();
        // The URL as resolved, since the reader would complete a bare host in its own way.
        cluster.server = Some(self.uri.to_string().trim_end_matches('/').to_owned());
        cluster.proxy_url = self
            .proxy_uri
            .as_ref()
            .map(|p| p.to_string().trim_end_matches('/').to_owned());
        let context = self.context.as_deref().unwrap_or(UNNAMED);
        let user = self.user.as_deref().unwrap_or(UNNAMED);
        Kubeconfig {
            api_version: Some("v1".to_owned()),
            kind: Some("Config".to_owned()),
            current_context: Some(context.to_owned()),
            clusters: vec![NamedCluster {
                name: self.cluster.clone(),
                cluster: Some(cluster),
                ..NamedCluster::default()
            }],
            auth_infos: vec![NamedAuthInfo {
                name: user.to_owned(),
                auth_info: Some((*self.identity).clone()),
                ..NamedAuthInfo::default()
            }],
            contexts: vec![NamedContext {
                name: context.to_owned(),
                context: Some(Context {
                    cluster: self.cluster.clone(),
                    user: Some(user.to_owned()),
                    namespace: Some(self.namespace.clone()),
                    ..Context::default()
                }),
                ..NamedContext::default()
            }],
            ..Kubeconfig::default()
        }
    }
}

fn failed(what: &str, e: std::io::Error) -> Error {
    Error::internal(format!(
        "cannot make a private temporary {what} for istioctl's kubeconfig"
    ))
    .caused_by(e)
}

#[cfg(test)]
mod tests;
