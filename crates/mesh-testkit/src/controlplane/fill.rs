//! Filling a running control plane with very many objects.

use serde_json::Value;

use super::ControlPlane;
use crate::{
    Result,
    mesh::{Place, entry},
    runtime,
};

/// Objects per transaction: a few megabytes of a large pod each.
const CHUNK: usize = 500;

impl ControlPlane {
    /// Puts these objects into the store as they are, a few hundred at a time, and says how many. Nothing admits,
    /// defaults or schedules them. At no time are many of them in memory.
    pub fn fill(&self, objects: impl IntoIterator<Item = Value>) -> Result<usize> {
        let place = Place::now(self.ca.pem(), self.kubelet_port);
        let mut objects = objects.into_iter();
        let mut done = 0;
        loop {
            let entries = objects
                .by_ref()
                .take(CHUNK)
                .map(|mut object| entry(&mut object, &place))
                .collect::<Result<Vec<_>>>()?;
            if entries.is_empty() {
                return Ok(done);
            }
            done += entries.len();
            let etcd = self.etcd.clone();
            runtime::run(async move { etcd.put(&entries).await })?;
        }
    }
}
