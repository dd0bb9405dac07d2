//! What a cluster has to choose from, by calls that cost it next to nothing: one page of names and labels each, side by side,
//! and the few Deployments of istiod.

use std::time::Duration;

use http::Request;
use kube::Client;
use serde::{Deserialize, de::DeserializeOwned};

use super::seen::{Part, Record, Seen};
use crate::{
    cluster::{ClusterArgs, Connection},
    journal::store,
    mesh::{Labels, fold::image_tag, label, wiring::DEFAULT},
};

/// One page. What does not fit on it is not counted.
const PAGE: u32 = 500;
/// Names and labels only, whatever the kind (Kubernetes since 1.15).
const METADATA: &str =
    "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1,application/json";
const JSON: &str = "application/json";

#[derive(Deserialize)]
struct List<T> {
    #[serde(default = "Vec::new")]
    items: Vec<T>,
    #[serde(default)]
    metadata: ListMeta,
}

#[derive(Deserialize, Default)]
struct ListMeta {
    #[serde(default, rename = "continue")]
    more: String,
}

#[derive(Deserialize)]
struct Named {
    metadata: Meta,
}

#[derive(Deserialize)]
struct Meta {
    #[serde(default)]
    name: String,
    #[serde(default)]
    namespace: String,
    #[serde(default)]
    labels: Option<Labels>,
}

/// The little of a Deployment that says what an istiod is.
#[derive(Deserialize)]
struct Deployment {
    metadata: Meta,
    #[serde(default)]
    spec: DeploymentSpec,
    #[serde(default)]
    status: DeploymentStatus,
}

#[derive(Deserialize, Default)]
struct DeploymentSpec {
    replicas: Option<u32>,
    #[serde(default)]
    template: Template,
}

#[derive(Deserialize, Default)]
struct Template {
    #[serde(default)]
    spec: PodSpec,
}

#[derive(Deserialize, Default)]
struct PodSpec {
    #[serde(default)]
    containers: Vec<Container>,
}

#[derive(Deserialize)]
struct Container {
    #[serde(default)]
    name: String,
    #[serde(default)]
    image: String,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase")]
struct DeploymentStatus {
    #[serde(default)]
    ready_replicas: u32,
}

impl Meta {
    fn label(&self, key: &str) -> Option<&str> {
        let value = self.labels.as_ref()?.get(key)?;
        Some(value.as_str()).filter(|v| !v.is_empty())
    }
}

/// Reads these parts. None where the cluster cannot be reached within the limit, or only by asking a person.
pub(super) fn read(args: &ClusterArgs, parts: &[Part], limit: Duration) -> Option<Seen> {
    if limit.is_zero() {
        return None;
    }
    let mut args = args.clone();
    args.request_timeout = Some(limit.into());
    let connection = args.resolve().ok()?.unattended(limit)?;
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .ok()?;
    let seen = runtime.block_on(async {
        let client = connection.client().ok()?;
        let reader = Reader {
            client: &client,
            connection: &connection,
        };
        tokio::time::timeout(limit, reader.parts(parts)).await.ok()
    });
    runtime.shutdown_background();
    seen
}

struct Reader<'a> {
    client: &'a Client,
    connection: &'a Connection,
}

impl Reader<'_> {
    async fn parts(&self, parts: &[Part]) -> Seen {
        let has = |part| parts.contains(&part);
        let here = &self.connection.istio_namespace;
        let istiods = if has(Part::Everywhere) {
            "/apis/apps/v1/deployments".to_owned()
        } else {
            format!("/apis/apps/v1/namespaces/{here}/deployments")
        };
        let services = format!("/api/v1/namespaces/{here}/services");
        let config_maps = format!("/api/v1/namespaces/{here}/configmaps");
        let records = (store::MANAGED_BY.0, Some(store::MANAGED_BY.1));
        let (webhooks, services, istiods, namespaces, records) = futures::join!(
            self.named(
                has(Part::Wiring),
                "/apis/admissionregistration.k8s.io/v1/mutatingwebhookconfigurations",
                Some((label::REV, None)),
            ),
            self.named(has(Part::Wiring), &services, Some((label::REV, None)),),
            self.page::<Deployment>(
                has(Part::Istiods) || has(Part::Everywhere),
                &istiods,
                Some(("app", Some("istiod"))),
                JSON,
            ),
            self.named(
                has(Part::Namespaces) || has(Part::Everywhere),
                "/api/v1/namespaces",
                None,
            ),
            self.named(has(Part::Records), &config_maps, Some(records),),
        );
        let mut seen = Seen::default();
        for meta in metas(webhooks).chain(metas(services)) {
            if let Some(revision) = meta.label(label::REV) {
                seen.add_wiring(revision, meta.label(label::TAG));
            }
        }
        for istiod in istiods.into_iter().flat_map(|list| list.items) {
            add_istiod(&mut seen, &istiod);
        }
        if let Some(list) = namespaces {
            if !list.metadata.more.is_empty() {
                seen.has_more_namespaces();
            }
            for namespace in list.items {
                let labels = namespace.metadata.labels.unwrap_or_default();
                seen.add_namespace(&namespace.metadata.name, &labels);
            }
        }
        for meta in metas(records) {
            if let Some(id) = meta.name.strip_prefix(store::PREFIX) {
                let label = |key| meta.label(key).unwrap_or_default().to_owned();
                seen.add_record(Record {
                    id: id.to_owned(),
                    action: label(store::ACTION_LABEL),
                    tag: meta.label(store::TAG_LABEL).map(str::to_owned),
                    state: label(store::STATE_LABEL),
                });
            }
        }
        seen
    }

    async fn named(
        &self,
        wanted: bool,
        path: &str,
        selector: Option<(&str, Option<&str>)>,
    ) -> Option<List<Named>> {
        self.page(wanted, path, selector, METADATA).await
    }

    async fn page<T: DeserializeOwned>(
        &self,
        wanted: bool,
        path: &str,
        selector: Option<(&str, Option<&str>)>,
        accept: &str,
    ) -> Option<List<T>> {
        if !wanted {
            return None;
        }
        let mut path = format!("{path}?limit={PAGE}");
        if let Some((key, value)) = selector {
            path.push_str("&labelSelector=");
            path.push_str(&key.replace('/', "%2F"));
            if let Some(value) = value {
                path.push_str("%3D");
                path.push_str(value);
            }
        }
        let request = Request::get(path).header("Accept", accept).body(Vec::new());
        self.client.request(request.ok()?).await.ok()
    }
}

fn metas(list: Option<List<Named>>) -> impl Iterator<Item = Meta> {
    list.into_iter()
        .flat_map(|list| list.items)
        .map(|named| named.metadata)
}

fn add_istiod(seen: &mut Seen, istiod: &Deployment) {
    let meta = &istiod.metadata;
    let containers = &istiod.spec.template.spec.containers;
    let discovery = containers.iter().find(|c| c.name == "discovery");
    seen.add_istiod(
        &meta.namespace,
        meta.label(label::REV).unwrap_or(DEFAULT),
        discovery.and_then(|c| image_tag(&c.image)),
        istiod.status.ready_replicas,
        istiod.spec.replicas.unwrap_or(1),
    );
}
