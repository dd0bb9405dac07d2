//! A stand-in for the injectors of all istiods: the API server's webhook calls by Service end here.
//!
//! It listens on port 443 of every address of the namespace, which is where the API server dials the cluster IP of a
//! Service, finds the Service by that address and the revision by its selector. Like a Service it answers only
//! while a pod behind it is ready. Of a pod's address, port 15017 is the same injector, and port 15014 answers
//! `/version` as the istiod of its image does.

use std::{
    collections::{BTreeMap, HashMap},
    net::{IpAddr, SocketAddr},
    sync::{Arc, Mutex, PoisonError},
};

use bytes::Bytes;
use futures::future::BoxFuture;
use kube::Client;
use serde_json::Value;

use crate::{
    Api, Result, api,
    pki::Ca,
    server::{Answer, Review, Server, listen},
};

mod patch;

/// The port of a webhook's Service, the one of the pod behind it, and istiod's monitoring port.
const WEBHOOK: u16 = 443;
const OF_POD: u16 = 15017;
const MONITORING: u16 = 15014;

/// How the injector of a revision behaves.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Mode {
    /// Injects as it should.
    #[default]
    Works,
    /// The connection is reset, as when nothing listens.
    Dead,
    /// Answers with this HTTP status.
    Fails(u16),
    /// Injects, but as this other revision.
    Claims(String),
    /// Lets pods through as they are.
    Passes,
}

/// One call of a webhook.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Call {
    /// The revision of the Service that was called.
    pub revision: String,
    /// The name of that Service; empty where a pod was asked itself.
    pub service: String,
    /// The path: `/inject`, `/validate`, with whatever follows.
    pub path: String,
    /// The namespace of the object.
    pub namespace: String,
    /// Its name, or its generateName.
    pub name: String,
    /// Its labels, before injection.
    pub labels: BTreeMap<String, String>,
    /// Whether the request that caused it was a dry run.
    pub dry_run: bool,
}

/// The stand-in. Stops when dropped.
#[derive(Debug)]
pub struct Injector {
    state: Arc<State>,
    _servers: Vec<Server>,
}

struct State {
    client: Client,
    modes: Mutex<HashMap<String, Mode>>,
    calls: Mutex<Vec<Call>>,
}

/// The Service that was dialled, and the istiod image behind it.
struct Target {
    service: String,
    revision: String,
    /// Of a ready pod behind it.
    image: String,
}

impl Injector {
    /// Starts listening. One at a time in a namespace of its own ([`crate::netns`]).
    pub(crate) fn start(api: &Api, ca: Arc<Ca>) -> Result<Self> {
        let state = Arc::new(State {
            client: api.client(),
            modes: Mutex::default(),
            calls: Mutex::default(),
        });
        let any = IpAddr::from([0, 0, 0, 0]);
        let servers = vec![
            listen((any, WEBHOOK).into(), Some(ca.clone()), state.clone())?,
            listen((any, OF_POD).into(), Some(ca), state.clone())?,
            listen(
                (any, MONITORING).into(),
                None,
                Arc::new(Monitoring(state.clone())),
            )?,
        ];
        Ok(Self {
            state,
            _servers: servers,
        })
    }

    /// The calls since the lab was taken, or since the last `clear`.
    pub fn calls(&self) -> Vec<Call> {
        lock(&self.state.calls).clone()
    }

    /// Forgets the calls so far.
    pub fn clear(&self) {
        lock(&self.state.calls).clear();
    }

    /// Changes how the injector of a revision behaves, until the lab is handed on.
    pub fn set(&self, revision: &str, mode: Mode) {
        lock(&self.state.modes).insert(revision.to_owned(), mode);
    }

    /// All work again, nothing was called.
    pub fn reset(&self) {
        lock(&self.state.modes).clear();
        self.clear();
    }
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl State {
    fn mode(&self, revision: &str) -> Mode {
        lock(&self.modes).get(revision).cloned().unwrap_or_default()
    }

    /// Who answers at this address: a Service, if a ready pod stands behind it, or an istiod's pod.
    async fn target(&self, local: SocketAddr) -> Option<Target> {
        let ip = local.ip().to_string();
        if local.port() == OF_POD {
            let pod = api::pod_at(&self.client, &ip).await.ok()??;
            let revision = pod["metadata"]["labels"]["istio.io/rev"].as_str();
            return ready(&pod).then_some(Target {
                service: String::new(),
                revision: revision.unwrap_or("default").to_owned(),
                image: pod["spec"]["containers"][0]["image"].as_str()?.to_owned(),
            });
        }
        let services = api::list(&self.client, "Service", "").await.ok()?;
        let service = services
            .into_iter()
            .find(|s| s["spec"]["clusterIP"] == *ip)?;
        let selector = service["spec"]["selector"].as_object()?.clone();
        let namespace = service["metadata"]["namespace"].as_str()?;
        let pods = api::list(&self.client, "Pod", namespace).await.ok()?;
        let pod = pods.into_iter().find(|pod| {
            let labels = &pod["metadata"]["labels"];
            selector.iter().all(|(k, v)| &labels[k] == v) && ready(pod)
        })?;
        let revision = selector.get("istio.io/rev").and_then(Value::as_str);
        Some(Target {
            service: service["metadata"]["name"].as_str()?.to_owned(),
            revision: revision.unwrap_or("default").to_owned(),
            image: pod["spec"]["containers"][0]["image"].as_str()?.to_owned(),
        })
    }
}

fn ready(pod: &Value) -> bool {
    let mut conditions = pod["status"]["conditions"].as_array().into_iter().flatten();
    pod["metadata"]["deletionTimestamp"].is_null()
        && conditions.any(|c| c["type"] == "Ready" && c["status"] == "True")
}

impl Answer for State {
    fn accepts(&self, local: SocketAddr) -> BoxFuture<'_, bool> {
        Box::pin(async move {
            let target = self.target(local).await;
            target.is_some_and(|t| self.mode(&t.revision) != Mode::Dead)
        })
    }

    fn answer(&self, local: SocketAddr, path: String, body: Bytes) -> BoxFuture<'_, (u16, String)> {
        Box::pin(async move {
            let Some(target) = self.target(local).await else {
                return (503, "no ready istiod".into());
            };
            let Some(review) = Review::parse(&body) else {
                return (400, "not an AdmissionReview".into());
            };
            lock(&self.calls).push(Call {
                revision: target.revision.clone(),
                service: target.service,
                path: path.clone(),
                namespace: review.namespace(),
                name: review.name(),
                labels: review.labels(),
                dry_run: review.dry_run(),
            });
            let mode = self.mode(&target.revision);
            if let Mode::Fails(status) = mode {
                return (status, "the stand-in was told to fail".into());
            }
            if !path.starts_with("/inject") || mode == Mode::Passes {
                return (200, review.allow(None));
            }
            let revision = match mode {
                Mode::Claims(other) => other,
                _ => target.revision,
            };
            let patch = patch::sidecar(&review.request["object"], &revision, &target.image);
            (200, review.allow(patch.as_ref()))
        })
    }
}

/// Port 15014 of a pod.
struct Monitoring(Arc<State>);

impl Answer for Monitoring {
    fn accepts(&self, local: SocketAddr) -> BoxFuture<'_, bool> {
        Box::pin(async move { self.version(local.ip()).await.is_some() })
    }

    fn answer(&self, local: SocketAddr, path: String, _: Bytes) -> BoxFuture<'_, (u16, String)> {
        Box::pin(async move {
            match (path.as_str(), self.version(local.ip()).await) {
                ("/version", Some(version)) => (200, version),
                _ => (404, "404 page not found\n".into()),
            }
        })
    }
}

impl Monitoring {
    /// What the istiod at this address says: version, commit, state of the tree.
    async fn version(&self, local: IpAddr) -> Option<String> {
        let ip = local.to_string();
        let pod = api::pod_at(&self.0.client, &ip).await.ok()??;
        let revision = pod["metadata"]["labels"]["istio.io/rev"]
            .as_str()
            .unwrap_or("default");
        if self.0.mode(revision) == Mode::Dead {
            return None;
        }
        let (_, tag) = pod["spec"]["containers"][0]["image"]
            .as_str()?
            .rsplit_once(':')?;
        let commit = match tag {
            "1.26.1" => "2ce3ad897b984a045d9d5f80a8c1bb8eefdf88f5",
            "1.28.1" => "6268e25f089a4b0f726082053cf630490c235cdc",
            _ => "0000000000000000000000000000000000000000",
        };
        Some(format!("{tag}-{commit}-Clean"))
    }
}

impl std::fmt::Debug for State {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Injector")
            .field("modes", &self.modes)
            .finish_non_exhaustive()
    }
}
