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

use super::counters::{Counted, Reading, read};
use crate::{policy::Action, scene::Target};

/// The port on which every proxy of Istio gives its own counters (`pkg/bootstrap`, `envoyPrometheusPort`).
const PORT: u16 = 15090;
/// Only what policies count: the whole of it is megabytes on a large mesh.
const PATH: &str = "/stats/prometheus?filter=rbac";
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
pub(super) struct Watched {
    pub(super) namespace: String,
    /// `payments/deployment/cards`.
    pub(super) name: String,
    labels: Labels,
}

impl Watched {
    pub(super) fn of(target: &Target<'_>) -> Self {
        let namespace = target.workload.namespace.clone();
        Self {
            name: format!("{namespace}/{}", target.short()),
            namespace,
            labels: target.labels.clone(),
        }
    }

    #[cfg(test)]
    pub(super) fn named(name: &str) -> Self {
        Self {
            namespace: "payments".into(),
            name: name.into(),
            labels: Labels::new(),
        }
    }

    fn has(&self, labels: &Value) -> bool {
        let of = |(key, value): (&String, &String)| labels[key.as_str()] == value.as_str();
        self.labels.iter().all(of)
    }
}

/// A pod with a proxy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Pod {
    pub(super) uid: String,
    pub(super) name: String,
    pub(super) namespace: String,
    pub(super) workload: String,
    pub(super) started: Option<Timestamp>,
}

/// The living pods of these workloads that have a proxy, and the version of one of the lists, for a watch.
///
/// # Errors
/// Pods cannot be listed.
pub(super) async fn pods(
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
    })
}

/// Asks all of them what they counted.
///
/// # Errors
/// This user may not forward ports at all.
pub(super) async fn ask(
    conn: &Connection,
    client: &Client,
    pods: &[Pod],
    action: Action,
    began: Timestamp,
) -> Result<Vec<Reading>> {
    let readings: Vec<Result<Reading>> = stream::iter(pods)
        .map(|pod| async move {
            Ok(Reading {
                uid: pod.uid.clone(),
                workload: pod.workload.clone(),
                pod: format!("{}/{}", pod.namespace, pod.name),
                new: pod.started.is_some_and(|at| at > began),
                said: one(conn, client, pod, action).await?,
            })
        })
        .buffered(AT_ONCE)
        .collect()
        .await;
    readings.into_iter().collect()
}

/// What a proxy says of itself there.
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

async fn one(
    conn: &Connection,
    client: &Client,
    pod: &Pod,
    action: Action,
) -> Result<Result<Option<Counted>, String>> {
    match fetch(client, pod, PATH).await {
        Ok(text) => Ok(Ok(read(&text, action))),
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
}
