//! Waiting until the API server's admission has seen what the store holds.

use std::{
    sync::atomic::{AtomicU32, Ordering},
    time::{Duration, Instant},
};

use serde_json::json;

use super::{ControlPlane, START};
use crate::{Result, kinds::Kind, runtime};

/// A namespace every cluster has and no mesh uses.
const NAMESPACE: &str = "kube-node-lease";

impl ControlPlane {
    /// Admission reads webhooks and namespaces through caches that follow the store in order. So this writes a namespace
    /// label and a webhook that refuses what goes there, and waits until something is refused: whatever was written
    /// before has been seen too. What it wrote stays for the caller to take back.
    pub(crate) fn settle(&self) -> Result<()> {
        static ROUND: AtomicU32 = AtomicU32::new(0);
        let round = format!("settle-{}", ROUND.fetch_add(1, Ordering::Relaxed));
        let namespace = self
            .api
            .get("Namespace", "", NAMESPACE)
            .map(|mut namespace| {
                namespace["metadata"]["labels"]["mesh-lab"] = round.clone().into();
                if let Some(meta) = namespace["metadata"].as_object_mut() {
                    meta.remove("resourceVersion");
                }
                namespace
            });
        let namespace = namespace.ok_or("every cluster has the namespace kube-node-lease")?;
        let webhook = json!({
            "apiVersion": "admissionregistration.k8s.io/v1", "kind": "MutatingWebhookConfiguration",
            "metadata": {
                "name": round, "uid": round,
                "creationTimestamp": jiff::Timestamp::now().strftime("%FT%TZ").to_string(),
            },
            "webhooks": [{
                "name": format!("{round}.mesh-lab.example.com"),
                "admissionReviewVersions": ["v1"], "sideEffects": "None",
                "failurePolicy": "Fail", "timeoutSeconds": 1,
                // Nobody listens there.
                "clientConfig": {"url": "https://127.0.0.1:1/"},
                "namespaceSelector": {"matchLabels": {"mesh-lab": round}},
                "rules": [{"apiGroups": [""], "apiVersions": ["v1"],
                    "operations": ["CREATE"], "resources": ["configmaps"]}],
            }],
        });
        let entries = [
            ("Namespace", NAMESPACE, namespace),
            ("MutatingWebhookConfiguration", &round, webhook),
        ]
        .into_iter()
        .map(|(kind, name, object)| {
            Ok((
                Kind::find(kind)?.key("", name),
                serde_json::to_vec(&object)?,
            ))
        })
        .collect::<Result<Vec<_>>>()?;
        let etcd = self.etcd.clone();
        runtime::run(async move { etcd.put(&entries).await })?;

        let probe = json!({
            "apiVersion": "v1", "kind": "ConfigMap",
            "metadata": {"name": "settle", "namespace": NAMESPACE},
        });
        let deadline = Instant::now() + START;
        while !self
            .api
            .create_dry_run(&probe)
            .is_err_and(|e| e.message.contains(&round))
        {
            if Instant::now() > deadline {
                return Err("the API server's admission does not follow the store".into());
            }
            std::thread::sleep(Duration::from_millis(1));
        }
        Ok(())
    }
}
