//! What is waited for between two steps: kinds that are served, and istiods that answer.

use std::time::Duration;

use mesh_common::{
    cluster::{explain, get_json},
    journal::Operation,
    output::count,
};
use serde_json::Value;
use tokio::time::Instant;

use super::{HOLD, RENEW, Road};
use crate::restore::{
    key::{Api, EXTENSIONS, Key},
    prepare::has_endpoint,
};

/// How long a CRD may take until its kind is served.
const ESTABLISHED: Duration = Duration::from_secs(60);

impl Road<'_> {
    /// Waits until the kinds of these CRDs are served.
    pub(super) async fn established(&self, crds: &[Value]) -> Result<(), String> {
        let own = Api::builtin(EXTENSIONS, "CustomResourceDefinition").ok_or("CRDs are no kind")?;
        let until = Instant::now() + ESTABLISHED;
        for crd in crds {
            let (Some(key), Some(api)) = (Key::of(crd), Api::of_crd(crd)) else {
                continue;
            };
            loop {
                let now: kube::Result<Value> = get_json(self.client, &own.path("v1", &key)).await;
                let established = now.is_ok_and(|crd| {
                    let conditions = crd["status"]["conditions"].as_array().into_iter().flatten();
                    conditions
                        .into_iter()
                        .any(|c| c["type"] == "Established" && c["status"] == "True")
                });
                // The API server serves a kind a moment after it has said so.
                if established && self.is_served(&api).await {
                    break;
                }
                if Instant::now() > until {
                    return Err(format!(
                        "{key} was made, and is not served after {ESTABLISHED:?}"
                    ));
                }
                tokio::time::sleep(Duration::from_millis(100)).await;
            }
        }
        Ok(())
    }

    async fn is_served(&self, api: &Api) -> bool {
        for version in &api.versions {
            let path = format!("{}?limit=1", api.collection(version, None));
            if get_json::<Value>(self.client, &path).await.is_err() {
                return false;
            }
        }
        true
    }

    /// Waits until somebody answers for the istiods among these workloads.
    pub(super) async fn endpoints(
        &self,
        operation: &mut Operation<'_>,
        workloads: &[Value],
    ) -> Result<(), String> {
        let istiods: Vec<&Value> = workloads
            .iter()
            .filter(|o| o["metadata"]["labels"]["app"] == "istiod")
            .collect();
        if istiods.is_empty() {
            return Ok(());
        }
        let ns = &self.conn.istio_namespace;
        let services: Value = get_json(self.client, &format!("/api/v1/namespaces/{ns}/services"))
            .await
            .map_err(|e| explain(&e, "list services", self.conn).to_string())?;
        let mut waiting: Vec<String> = services["items"]
            .as_array()
            .into_iter()
            .flatten()
            .filter(|s| istiods.iter().any(|d| selects(&s["spec"]["selector"], d)))
            .filter_map(|s| s["metadata"]["name"].as_str().map(str::to_owned))
            .collect();
        let until = Instant::now() + self.patience;
        let mut renewed = Instant::now();
        self.ctx.printer.note(format!(
            "waiting for the endpoints of {}",
            count(waiting.len(), "istiod service")
        ));
        loop {
            let mut left = Vec::new();
            for name in waiting {
                match has_endpoint(self.client, self.conn, ns, &name).await {
                    Ok(true) => {}
                    Ok(false) => left.push(name),
                    Err(e) => return Err(e.to_string()),
                }
            }
            if left.is_empty() {
                return Ok(());
            }
            if self.ctx.interrupt.requested() {
                return Err("interrupted while istiod was waited for".into());
            }
            if Instant::now() > until {
                return Err(format!(
                    "nobody answers for {} after {} s: kubectl -n {ns} get pods -l app=istiod",
                    left.join(", "),
                    self.patience.as_secs()
                ));
            }
            if renewed.elapsed() > RENEW {
                operation.extend(HOLD).await;
                renewed = Instant::now();
            }
            tokio::time::sleep(Duration::from_millis(300)).await;
            waiting = left;
        }
    }
}

/// Whether a Service selects the pods of a workload.
fn selects(selector: &Value, workload: &Value) -> bool {
    let labels = &workload["spec"]["template"]["metadata"]["labels"];
    selector
        .as_object()
        .is_some_and(|s| !s.is_empty() && s.iter().all(|(k, v)| labels[k] == *v))
}

impl Road<'_> {
    /// Why a CRD cannot be deleted: somebody has objects of its kind.
    pub(super) async fn still_used(&self, crd: &Value) -> Option<String> {
        let api = Api::of_crd(crd)?;
        let path = format!("{}?limit=1", api.collection(api.version(), None));
        match get_json::<Value>(self.client, &path).await {
            Ok(list) => list["items"]
                .as_array()
                .is_some_and(|items| !items.is_empty())
                .then(|| format!("there are {} that would go with it", api.resource)),
            Err(e) => Some(format!(
                "it is not known whether there are {}: {e}",
                api.resource
            )),
        }
    }
}
