//! Where the built peers are: etcd, the Kubernetes binaries, kwok, krew, and the CRDs.

use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::{Result, mesh::documents};

/// Set by `cargo xtask` inside the namespace: the directory of the built peers.
pub const ENV: &str = "MESH_PEERS";

/// A directory made by `cargo xtask peers`: `bin/` with the binaries, `crds/` and `stages/` with YAML.
#[derive(Debug, Clone)]
pub struct Peers {
    dir: PathBuf,
}

impl Peers {
    /// The peers in this directory.
    pub fn at(dir: impl Into<PathBuf>) -> Self {
        Self { dir: dir.into() }
    }

    /// The peers that `cargo xtask` handed to this test run, if it did.
    pub fn from_env() -> Option<Self> {
        std::env::var_os(ENV).map(Self::at)
    }

    /// The directory of the binaries, for PATH.
    pub fn bin_dir(&self) -> PathBuf {
        self.dir.join("bin")
    }

    /// One binary: `etcd`, `kube-apiserver`, `kube-controller-manager`, `kube-scheduler`, `kubectl`, `kwok`, `krew`,
    /// `validate-krew-manifest`.
    pub fn bin(&self, name: &str) -> PathBuf {
        self.bin_dir().join(name)
    }

    /// The CRDs of one peer: `istio-1.28`, `istio-1.26`, `gateway-api`, `kwok`.
    pub fn crds(&self, name: &str) -> Result<Vec<Value>> {
        read(&self.dir.join("crds").join(format!("{name}.yaml")))
    }

    /// kwok's fast stages of pods and nodes.
    pub fn stages(&self) -> Result<Vec<Value>> {
        read(&self.dir.join("stages").join("fast.yaml"))
    }
}

fn read(path: &Path) -> Result<Vec<Value>> {
    let text = std::fs::read_to_string(path).map_err(|e| format!("{}: {e}", path.display()))?;
    documents(&text).map_err(|e| format!("{}: {e}", path.display()).into())
}
