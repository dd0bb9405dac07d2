//! A stand-in for istiod's gateway controller: when a tag moves, the Deployments of Gateway API gateways under it are
//! rendered again by the other revision, at once and unasked (istioctl-recordings, case tag-set-moves-gateway-api-gateway).

use std::{collections::BTreeMap, time::Duration};

use kube::Client;
use serde_json::{Value, json};
use tokio::task::AbortHandle;

use crate::{ControlPlane, Result, api, kinds::Kind, runtime};

/// How often it looks; istiod is told by a watch and takes up to a second.
const EVERY: Duration = Duration::from_millis(300);

/// Follows the tags until dropped.
#[derive(Debug)]
pub struct GatewayFollower(AbortHandle);

impl Drop for GatewayFollower {
    fn drop(&mut self) {
        self.0.abort();
    }
}

impl ControlPlane {
    /// Starts following the tags. Its writes are the fixture's own, so not in the audit log.
    pub fn follow_gateways(&self) -> GatewayFollower {
        let client = self.api().client();
        GatewayFollower(runtime::spawn(async move {
            let mut tick = tokio::time::interval(EVERY);
            loop {
                tick.tick().await;
                // The API server may be held or gone; there is a next time.
                let _later = follow(&client).await;
            }
        }))
    }
}

async fn follow(client: &Client) -> Result<()> {
    let hooks = api::list(client, "MutatingWebhookConfiguration", "").await?;
    let tags: BTreeMap<&str, &str> = hooks
        .iter()
        .filter_map(|hook| {
            let labels = &hook["metadata"]["labels"];
            Some((
                labels["istio.io/tag"].as_str()?,
                labels["istio.io/rev"].as_str()?,
            ))
        })
        .collect();
    let namespaces = api::list(client, "Namespace", "").await?;
    let pods = api::list(client, "Pod", "istio-system").await?;
    for gateway in api::list(client, "Gateway", "").await? {
        let meta = &gateway["metadata"];
        let (Some(namespace), Some(name)) = (meta["namespace"].as_str(), meta["name"].as_str())
        else {
            continue;
        };
        let of_namespace = namespaces
            .iter()
            .find(|n| n["metadata"]["name"] == namespace);
        let label = meta["labels"]["istio.io/rev"]
            .as_str()
            .or_else(|| of_namespace?["metadata"]["labels"]["istio.io/rev"].as_str());
        let Some(label) = label else { continue };
        let revision = tags.get(label).copied().unwrap_or(label);
        let Some(image) = proxy_image(&pods, revision) else {
            continue;
        };
        let class = gateway["spec"]["gatewayClassName"]
            .as_str()
            .unwrap_or("istio");
        // istio pilot/pkg/config/kube/gateway/deploymentcontroller.go: a waypoint goes by its own name.
        let deployment = match class {
            "istio-waypoint" => name.to_owned(),
            class => format!("{name}-{class}"),
        };
        rerender(client, namespace, &deployment, revision, &image).await?;
    }
    Ok(())
}

/// The proxy image that goes with a revision's istiod.
fn proxy_image(istiods: &[Value], revision: &str) -> Option<String> {
    let pod = istiods.iter().find(|p| {
        let labels = &p["metadata"]["labels"];
        labels["app"] == "istiod" && labels["istio.io/rev"] == revision
    })?;
    Some(
        pod["spec"]["containers"][0]["image"]
            .as_str()?
            .replace("/pilot:", "/proxyv2:"),
    )
}

async fn rerender(
    client: &Client,
    namespace: &str,
    name: &str,
    revision: &str,
    image: &str,
) -> Result<()> {
    let path = Kind::find("Deployment")?.path(namespace, Some(name));
    let request = http::Request::get(&path).body(Vec::new())?;
    let Ok(deployment) = client.request::<Value>(request).await else {
        return Ok(());
    };
    let template = &deployment["spec"]["template"];
    if template["metadata"]["annotations"]["istio.io/rev"] == revision {
        return Ok(());
    }
    let patch = json!({"spec": {"template": {
        "metadata": {"annotations": {"istio.io/rev": revision}},
        "spec": {"containers": [{"name": "istio-proxy", "image": image}]},
    }}});
    let request = http::Request::patch(&path)
        .header("content-type", "application/strategic-merge-patch+json")
        .body(patch.to_string().into_bytes())?;
    client.request::<Value>(request).await?;
    Ok(())
}
