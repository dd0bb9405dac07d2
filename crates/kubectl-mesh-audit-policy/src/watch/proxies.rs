//! The proxies that a policy is evaluated in: which pods they are, and what each counted.

use std::{collections::BTreeSet, time::Duration};

use futures::{StreamExt, stream};
use jiff::Timestamp;
use kube::Client;
use mesh_common::{
    Error, Kind, Result,
    cluster::{
        Connection, ListQuery, explain,
        forward::{Fetch, NotFetched},
        list_pages,
    },
    mesh::{Labels, wire::Lean},
    output::clean,
};
use serde_json::Value;

use super::{
    counters::{Of, Reading},
    requests::Requests,
};
use crate::scene::Target;

/// The port on which every proxy of Istio gives its own counters (`pkg/bootstrap`, `envoyPrometheusPort`).
const PORT: u16 = 15090;
/// Only what policies count, and who called: the whole of it is megabytes on a large mesh.
const PATH: &str =
    "/stats/prometheus?filter=rbac%7Cistio_requests_total%7Cistio_tcp_connections_opened_total";
/// Where that is too long.
const SHORT: &str = "/stats/prometheus?filter=rbac";
/// Most bytes of an answer.
const MOST: usize = 8 << 20;
/// How long a proxy may take.
const DEADLINE: Duration = Duration::from_secs(5);
/// Proxies asked at once.
pub(super) const AT_ONCE: usize = 8;
/// Container of a proxy.
pub(super) const PROXY: &str = "istio-proxy";

/// A workload that the policy applies to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Watched {
    pub(crate) namespace: String,
    /// `payments/deployment/cards`.
    pub(crate) name: String,
    labels: Labels,
    /// The trust domain of its callers' identities, where it is known.
    domain: Option<String>,
}

impl Watched {
    pub(crate) fn of(target: &Target<'_>) -> Self {
        let namespace = target.workload.namespace.clone();
        Self {
            name: format!("{namespace}/{}", target.short()),
            namespace,
            labels: target.labels.clone(),
            domain: target
                .compiled_with
                .as_ref()
                .ok()
                .map(|with| with.mesh.trust_domain.clone()),
        }
    }

    #[cfg(test)]
    pub(crate) fn named(name: &str) -> Self {
        Self {
            namespace: "payments".into(),
            name: name.into(),
            labels: Labels::new(),
            domain: None,
        }
    }

    fn has(&self, labels: &Value) -> bool {
        let of = |(key, value): (&String, &String)| labels[key.as_str()] == value.as_str();
        self.labels.iter().all(of)
    }
}

/// A pod with a proxy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Pod {
    pub(crate) uid: String,
    pub(crate) name: String,
    pub(crate) namespace: String,
    pub(crate) workload: String,
    /// When the pod started.
    pub(crate) started: Option<Timestamp>,
    /// When its proxy did: counters are from then on.
    counts_since: Option<Timestamp>,
    domain: Option<String>,
}

/// The living pods of these workloads that have a proxy, and the version of one of the lists, for a watch.
///
/// # Errors
/// Pods cannot be listed.
pub(crate) async fn pods(
    conn: &Connection,
    client: &Client,
    workloads: &[Watched],
) -> Result<(Vec<Pod>, String)> {
    let mut version = String::new();
    let namespaces: BTreeSet<&str> = workloads.iter().map(|w| w.namespace.as_str()).collect();
    let mut pods = Vec::new();
    for namespace in namespaces {
        let path = format!("/api/v1/namespaces/{namespace}/pods");
        let here: Vec<Watched> = workloads
            .iter()
            .filter(|w| w.namespace == namespace)
            .cloned()
            .collect();
        let see = move |found: &mut Vec<Pod>, Lean(pod): Lean| found.extend(of(&pod, &here));
        let listed = list_pages(client, &path, &ListQuery::default(), Vec::new, see).await;
        let doing = format!("list pods in namespace {namespace}");
        let listed = listed.map_err(|e| explain(&e, &doing, conn))?;
        pods.extend(listed.value);
        version = listed.resource_version;
    }
    Ok((pods, version))
}

/// A pod as served, if it is one of a workload's and has a proxy.
fn of(pod: &Value, workloads: &[Watched]) -> Option<Pod> {
    let (meta, spec, status) = (&pod["metadata"], &pod["spec"], &pod["status"]);
    let proxied = [&spec["containers"], &spec["initContainers"]]
        .into_iter()
        .filter_map(Value::as_array)
        .flatten()
        .any(|container| container["name"] == PROXY);
    if !proxied || status["phase"] != "Running" || meta["deletionTimestamp"].is_string() {
        return None;
    }
    // The most particular: labels of one workload may be among those of another.
    let workload = workloads
        .iter()
        .filter(|w| w.has(&meta["labels"]))
        .max_by_key(|w| w.labels.len())?;
    Some(Pod {
        uid: meta["uid"].as_str()?.to_owned(),
        name: meta["name"].as_str()?.to_owned(),
        namespace: workload.namespace.clone(),
        workload: workload.name.clone(),
        started: status["startTime"].as_str().and_then(|t| t.parse().ok()),
        counts_since: running_since(status),
        domain: workload.domain.clone(),
    })
}

/// When the proxy of a pod started, be it a sidecar of either kind.
fn running_since(status: &Value) -> Option<Timestamp> {
    let all = [
        &status["containerStatuses"],
        &status["initContainerStatuses"],
    ];
    let proxy = all
        .into_iter()
        .filter_map(Value::as_array)
        .flatten()
        .find(|container| container["name"] == PROXY)?;
    proxy["state"]["running"]["startedAt"]
        .as_str()?
        .parse()
        .ok()
}

/// Asks all of them what they counted.
///
/// # Errors
/// This user may not forward ports at all.
pub(crate) async fn ask(
    conn: &Connection,
    client: &Client,
    pods: &[Pod],
    of: Of,
    began: Timestamp,
) -> Result<Vec<Reading>> {
    let readings: Vec<Result<Reading>> = stream::iter(pods)
        .map(|pod| async move {
            let (said, requests) = match one(conn, client, pod).await? {
                Ok(page) => (Ok(of.read(&page.text)), page.requests(pod)),
                Err(why) => (Err(why), Requests::default()),
            };
            Ok(Reading {
                uid: pod.uid.clone(),
                workload: pod.workload.clone(),
                pod: format!("{}/{}", pod.namespace, pod.name),
                new: pod.started.is_some_and(|at| at > began),
                said,
                requests,
                counts_since: pod.counts_since,
            })
        })
        .buffered(AT_ONCE)
        .collect()
        .await;
    readings.into_iter().collect()
}

/// What a proxy printed.
struct Page {
    text: String,
    /// Whether its requests are in it.
    whole: bool,
}

impl Page {
    fn requests(&self, pod: &Pod) -> Requests {
        if self.whole {
            return Requests::read(&self.text, pod.domain.as_deref());
        }
        Requests {
            nameless: true,
            ..Requests::default()
        }
    }
}

/// What a proxy says of itself at this path.
pub(super) async fn fetch(client: &Client, pod: &Pod, path: &str) -> Result<String, NotFetched> {
    let pods = kube::Api::namespaced(client.clone(), &pod.namespace);
    let fetch = Fetch {
        pod: &pod.name,
        port: PORT,
        path,
        most: MOST,
        deadline: DEADLINE,
    };
    fetch.from(&pods).await
}

async fn one(conn: &Connection, client: &Client, pod: &Pod) -> Result<Result<Page, String>> {
    let (mut got, mut whole) = (fetch(client, pod, PATH).await, true);
    // Who called is in thousands of series on a busy proxy; what policies did there is not.
    if got.as_ref().is_err_and(NotFetched::is_too_long) {
        (got, whole) = (fetch(client, pod, SHORT).await, false);
    }
    match got {
        Ok(text) => Ok(Ok(Page { text, whole })),
        Err(NotFetched::Failed(why)) => Ok(Err(clean(&why, 200))),
        Err(NotFetched::Refused(e)) if mesh_common::cluster::is_forbidden(&e) => {
            let doing = format!("forward a port of pod {}", pod.name);
            let why = explain(&e, &doing, conn);
            Err(Error::new(Kind::Unknown, clean(&why.to_string(), 400))
                .hint("without it nothing is counted; what traffic was recorded can be judged:")
                .hint("kubectl mesh-audit-policy replay --help"))
        }
        Err(NotFetched::Refused(e)) => Ok(Err(clean(
            &explain(&e, "forward a port", conn).to_string(),
            200,
        ))),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_pod_is_of_the_workload_whose_labels_say_most_and_has_a_proxy() {
        let watched = |name: &str, labels: &[(&str, &str)]| Watched {
            namespace: "shop".into(),
            name: name.into(),
            labels: labels
                .iter()
                .map(|(k, v)| ((*k).into(), (*v).into()))
                .collect(),
            domain: None,
        };
        let workloads = [
            watched("all", &[("app", "cards")]),
            watched("canary", &[("app", "cards"), ("version", "v2")]),
        ];
        let pod = |labels: Value, container: &str, phase: &str| {
            json!({ "metadata": { "name": "p", "uid": "u", "labels": labels },
                "spec": { "containers": [{ "name": "app" }], "initContainers": [{ "name": container }] },
                "status": { "phase": phase, "startTime": "2026-11-21T06:00:00Z" } })
        };
        let labels = json!({ "app": "cards", "version": "v2", "pod-template-hash": "7d" });
        let name = |pod: &Value| of(pod, &workloads).map(|p| p.workload);
        let canary = Some("canary".to_owned());
        assert_eq!(name(&pod(labels.clone(), PROXY, "Running")), canary);
        let plain = json!({ "app": "cards" });
        let all = Some("all".to_owned());
        assert_eq!(name(&pod(plain, PROXY, "Running")), all);
        for none in [
            pod(labels.clone(), "other", "Running"),
            pod(labels.clone(), PROXY, "Succeeded"),
            pod(json!({ "app": "web" }), PROXY, "Running"),
        ] {
            assert_eq!(name(&none), None);
        }
        let mut leaving = pod(labels, PROXY, "Running");
        leaving["metadata"]["deletionTimestamp"] = "2026-11-21T06:00:00Z".into();
        assert_eq!(name(&leaving), None);
    }

    #[test]
    fn a_proxy_counts_from_its_own_start_on() {
        let running = json!({ "running": { "startedAt": "2026-11-21T07:00:00Z" } });
        for kind in ["containerStatuses", "initContainerStatuses"] {
            let status = json!({ kind: [{ "name": "app" }, { "name": PROXY, "state": running }] });
            let at = running_since(&status).map(|at| at.to_string());
            assert_eq!(at.as_deref(), Some("2026-11-21T07:00:00Z"), "{kind}");
        }
        assert_eq!(running_since(&json!({})), None);
    }
}
