//! The mesh as the API server has it now.
//!
//! Every list a command needs is read once, several side by side, each page by page into a [`Builder`] of its
//! own beside the network. What may not be read becomes a gap that says so; only when nothing can be read at
//! all, because the API server is down or does not know the user, is that an error.

mod needs;
mod version;

#[cfg(test)]
mod tests;

use std::{future::Future, pin::Pin, sync::Arc};

use futures::{StreamExt, stream};
use jiff::Timestamp;
use kube::Client;
use serde::{Deserialize, de::DeserializeOwned};

use super::{
    Customs, Gap, Known, Mesh, Source, Tap, Why,
    fold::{About, Builder, Visit, dispatch},
    tap,
    wire::{Api, LeanWhole, List, Scope},
};
use crate::{
    cluster::{Connection, ListQuery, explain, get_json, is_absent, list, list_pages},
    error::{Error, Result},
};

pub use needs::Needs;
pub use version::{Versions, versions};

/// Lists on the wire at once: what a browser opens to one server, and well below what API priority and
/// fairness lets one user queue.
const AT_ONCE: usize = 6;

/// Our own records are not part of the mesh, and may be large.
const NOT_OURS: &str = "app.kubernetes.io/managed-by!=kubectl-mesh";

/// Reads what a command needs of the mesh.
///
/// # Errors
///
/// One line when nothing could be read: the API server does not answer, or does not know the user.
pub async fn read(conn: &Connection, client: &Client, needs: Needs) -> Result<Mesh> {
    let (mesh, _) = observe(conn, client, needs, None).await?;
    Ok(mesh)
}

/// The same, and every other kind of Istio and Gateway API that is served: the tap sees the objects it wants while they
/// stream by, and no list is asked for twice.
///
/// # Errors
///
/// As [`read`]; what of the other kinds cannot be read is in [`Customs`].
pub async fn read_with(
    conn: &Connection,
    client: &Client,
    needs: Needs,
    tap: Arc<dyn Tap>,
) -> Result<(Mesh, Customs)> {
    observe(conn, client, needs, Some(tap)).await
}

async fn observe(
    conn: &Connection,
    client: &Client,
    needs: Needs,
    tap: Option<Arc<dyn Tap>>,
) -> Result<(Mesh, Customs)> {
    let source = Source::Live {
        server: conn.server.clone(),
        context: conn.context.clone(),
    };
    let now = Timestamp::now();
    let kubernetes = server_version(conn, client).await?;
    let reader = Reader {
        conn,
        client,
        tap: tap.clone(),
    };
    let customs = async {
        match &tap {
            Some(tap) => tap::live(conn, client, needs, tap).await,
            None => Customs::default(),
        }
    };
    let (builder, customs) = futures::join!(reader.lists(needs), customs);
    let builder = builder?;
    let cluster_uid = if builder.is_complete(List::Namespaces) {
        None
    } else {
        reader.uid().await
    };
    let mesh = builder.finish(About {
        source,
        now,
        cluster_uid,
        kubernetes,
    });
    Ok((mesh, customs))
}

/// Reads again what a change rests on, right before it: webhooks, Services, namespaces, istiods and their
/// configuration. Workloads are not read: `workloads` is unknown in what comes back.
///
/// # Errors
///
/// As [`read`].
pub async fn reread(conn: &Connection, client: &Client) -> Result<Mesh> {
    read(conn, client, Needs::AGAIN).await
}

/// The first request: it tells a server that is down, or a user it does not know, before twenty lists do.
async fn server_version(conn: &Connection, client: &Client) -> Result<Known<String>> {
    #[derive(Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct Version {
        git_version: String,
    }
    match get_json::<Version>(client, "/version").await {
        Ok(version) => Ok(Known::Known(version.git_version)),
        Err(e) => {
            let error = explain(&e, "read the mesh", conn);
            if stops_everything(&e) {
                return Err(error);
            }
            Ok(Known::Unknown(Gap {
                what: "version".into(),
                why: Why::of(&e),
                detail: explain(&e, "read the API server's version", conn).to_string(),
            }))
        }
    }
}

/// Whether every other request would fail in the same way.
fn stops_everything(e: &kube::Error) -> bool {
    match e {
        kube::Error::Api(status) => status.code == 401,
        kube::Error::SerdeError(_) => false,
        _ => true,
    }
}

struct Reader<'a> {
    conn: &'a Connection,
    client: &'a Client,
    tap: Option<Arc<dyn Tap>>,
}

/// One list as it came out.
struct Outcome {
    list: List,
    /// Whether only the Istio namespace was asked for.
    local: bool,
    result: Result<Builder, Failure>,
}

struct Failure {
    gap: Gap,
    error: Error,
}

impl Reader<'_> {
    async fn lists(&self, needs: Needs) -> Result<Builder> {
        let mut outcomes: Vec<_> = stream::iter(needs.lists())
            .map(|(list, local)| self.list(list, local))
            .buffer_unordered(AT_ONCE)
            .collect()
            .await;
        let nothing = outcomes.iter().all(|o| o.result.is_err());
        if nothing
            && let Some(at) = outcomes.iter().position(
                |o| matches!(&o.result, Err(f) if f.gap.why != Why::Forbidden && f.gap.why != Why::NotServed),
            )
            && let Err(failure) = outcomes.swap_remove(at).result
        {
            return Err(failure.error);
        }
        let mut builder = Builder::new(&self.conn.istio_namespace);
        let mut again = Vec::new();
        for Outcome {
            list,
            local,
            result,
        } in outcomes
        {
            match result {
                Ok(part) => {
                    builder.absorb(part);
                    if local && list.api().scope == Scope::All {
                        builder.complete_locally(list, super::fold::not_read(list));
                    } else {
                        builder.complete(list);
                    }
                }
                Err(failure) => {
                    if !local && needs.wants_locally(list) && failure.gap.why == Why::Forbidden {
                        again.push((list, failure.gap.clone()));
                    }
                    builder.missing(list, failure.gap);
                }
            }
        }
        // Who may not list the pods of the whole cluster may well list those beside istiod.
        for (list, gap) in again {
            if let Ok(part) = self.list(list, true).await.result {
                builder.absorb(part);
                builder.complete_locally(list, gap);
            }
        }
        Ok(builder)
    }

    /// Reads one list in the best version that is served.
    async fn list(&self, list: List, local: bool) -> Outcome {
        let api = list.api();
        let local = local || api.scope == Scope::IstioNamespace;
        let namespace = local.then_some(self.conn.istio_namespace.as_str());
        let mut result = Err(not_served(api));
        for version in api.versions {
            let pages = Pages {
                client: self.client.clone(),
                path: api.path(version, namespace),
                query: query(list),
                istio_namespace: self.conn.istio_namespace.clone(),
                tap: self
                    .tap
                    .clone()
                    .map(|tap| (tap, list))
                    .filter(|(tap, _)| tap.wants(&api.name())),
            };
            match dispatch(list, pages).await {
                Ok(part) => {
                    result = Ok(part);
                    break;
                }
                Err(e) if is_absent(&e) && is_optional(api.group) => {}
                Err(e) => {
                    result = Err(self.failure(&e, api, namespace));
                    break;
                }
            }
        }
        Outcome {
            list,
            local,
            result,
        }
    }

    fn failure(&self, e: &kube::Error, api: &Api, namespace: Option<&str>) -> Failure {
        let (gap, error) = gap_of(e, self.conn, &api.name(), api.resource, namespace);
        Failure { gap, error }
    }

    /// uid of `kube-system` by its name: that may be read where the list may not.
    async fn uid(&self) -> Option<String> {
        #[derive(Deserialize)]
        struct Named {
            metadata: Uid,
        }
        #[derive(Deserialize)]
        struct Uid {
            name: String,
            uid: String,
        }
        let path = "/api/v1/namespaces/kube-system";
        if let Ok(named) = get_json::<Named>(self.client, path).await {
            return Some(named.metadata.uid);
        }
        // Who may list them may not always get one.
        let query = ListQuery {
            field_selector: Some("metadata.name=kube-system".into()),
            ..ListQuery::default()
        };
        let found = list::<Named>(self.client, "/api/v1/namespaces", &query).await;
        let mut found = found.ok()?.into_iter().map(|named| named.metadata);
        found.find(|m| m.name == "kube-system").map(|m| m.uid)
    }
}

/// The gap and the error of a list that could not be read.
pub(super) fn gap_of(
    e: &kube::Error,
    conn: &Connection,
    name: &str,
    resource: &str,
    namespace: Option<&str>,
) -> (Gap, Error) {
    let place = namespace.map_or(String::new(), |n| format!(" in {n}"));
    let error = explain(e, &format!("list {name}{place}"), conn);
    let why = Why::of(e);
    let gap = Gap {
        what: resource.into(),
        why,
        detail: match why {
            Why::Forbidden => format!("may not list {name}{place}"),
            _ => error.to_string(),
        },
    };
    (gap, error)
}

/// How one list is asked for.
pub(super) fn query(list: List) -> ListQuery {
    ListQuery {
        label_selector: (list == List::ConfigMaps).then(|| NOT_OURS.into()),
        ..ListQuery::default()
    }
}

/// Whether the kinds of a group come with a CRD. Kubernetes' own kinds are always there: a 404 for one of them says that
/// the server is no API server.
pub(super) fn is_optional(group: &str) -> bool {
    group.ends_with(".istio.io") || group == "gateway.networking.k8s.io"
}

fn not_served(api: &Api) -> Failure {
    let detail = format!("{} are not served: their CRD is not installed", api.name());
    Failure {
        error: Error::cluster(detail.clone()),
        gap: Gap {
            what: api.resource.into(),
            why: Why::NotServed,
            detail,
        },
    }
}

/// Pages of one list into a builder of its own.
struct Pages {
    client: Client,
    path: String,
    query: ListQuery,
    istio_namespace: String,
    /// Who sees the objects whole.
    tap: Option<(Arc<dyn Tap>, List)>,
}

impl Visit for Pages {
    type Out = Pin<Box<dyn Future<Output = Result<Builder, kube::Error>> + Send>>;

    fn visit<T: DeserializeOwned + Send + 'static>(self, add: fn(&mut Builder, T)) -> Self::Out {
        Box::pin(async move {
            let start = || Builder::new(&self.istio_namespace);
            if let Some((tap, list)) = self.tap {
                let what = list.api().name();
                let fold = move |builder: &mut Builder, item: LeanWhole<T>| {
                    tap.see(&what, list.api().kind, &item.object);
                    add(builder, item.read);
                };
                let listed = list_pages(&self.client, &self.path, &self.query, start, fold).await?;
                return Ok(listed.value);
            }
            let listed = list_pages(&self.client, &self.path, &self.query, start, add).await?;
            Ok(listed.value)
        })
    }
}
