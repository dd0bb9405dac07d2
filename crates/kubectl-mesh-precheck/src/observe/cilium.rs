//! Cilium's settings, as far as they stand in Istio's way.

use std::collections::BTreeMap;

use kube::Client;
use mesh_common::{
    cluster::{Connection, get_json},
    mesh::{Gap, Known, Mesh, Why, Workload, WorkloadKind},
};
use serde::Deserialize;

use super::platform::gap;

/// The `ConfigMap` of the agents.
pub(crate) const CONFIG: &str = "cilium-config";

/// Settings of Cilium, as they are written; none where they are absent.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Cilium {
    /// The namespace it runs in.
    pub(crate) namespace: String,
    /// `kube-proxy-replacement`: `true`, `false`; before Cilium 1.14 `strict`, `partial`, `probe`, `disabled`.
    pub(crate) kube_proxy_replacement: Option<String>,
    /// `bpf-lb-sock`.
    pub(crate) socket_lb: Option<String>,
    /// `bpf-lb-sock-hostns-only`.
    pub(crate) host_only: Option<String>,
    /// `cni-exclusive`.
    pub(crate) exclusive: Option<String>,
}

/// Whether a workload is Cilium's agent, by the label its chart sets; GKE's is called `anetd`.
pub(crate) fn is_agent(workload: &Workload) -> bool {
    workload.kind == WorkloadKind::DaemonSet
        && (workload
            .labels
            .get("k8s-app")
            .is_some_and(|v| v == "cilium")
            || workload.name == "cilium")
}

/// Reads its settings, where its agent runs.
pub(super) async fn read(conn: &Connection, client: &Client, mesh: &Mesh) -> Known<Option<Cilium>> {
    let workloads = match mesh.workloads.read() {
        Ok(workloads) => workloads,
        Err(gap) => return Known::Unknown(gap.clone()),
    };
    let Some(agent) = workloads.iter().find(|w| is_agent(w)) else {
        return Known::Known(None);
    };
    let namespace = &agent.namespace;
    // The name of a namespace is a DNS label, whoever serves it; anything else would be another path.
    if !namespace
        .bytes()
        .all(|b| b.is_ascii_alphanumeric() || b == b'-')
    {
        return Known::Unknown(Gap {
            what: "configmaps".into(),
            why: Why::Failed,
            detail: "the namespace of Cilium has no name that can be asked for".into(),
        });
    }
    let path = format!("/api/v1/namespaces/{namespace}/configmaps/{CONFIG}");
    match get_json::<ConfigMap>(client, &path).await {
        Ok(config) => Known::Known(Some(Cilium::of(namespace, config.data))),
        Err(e) => Known::Unknown(gap(
            &e,
            conn,
            "configmaps",
            &format!("get configmap {CONFIG} in {namespace}"),
        )),
    }
}

#[derive(Deserialize)]
struct ConfigMap {
    #[serde(default)]
    data: BTreeMap<String, String>,
}

impl Cilium {
    fn of(namespace: &str, mut data: BTreeMap<String, String>) -> Self {
        Self {
            namespace: namespace.to_owned(),
            kube_proxy_replacement: data.remove("kube-proxy-replacement"),
            socket_lb: data.remove("bpf-lb-sock"),
            host_only: data.remove("bpf-lb-sock-hostns-only"),
            exclusive: data.remove("cni-exclusive"),
        }
    }

    /// Whether connections of pods are led past Istio at the socket: socket load balancing is on, and not kept to the
    /// host's namespace.
    pub(crate) fn bypasses(&self) -> bool {
        let is = |value: &Option<String>, words: &[&str]| {
            value.as_deref().is_some_and(|v| words.contains(&v))
        };
        let on =
            is(&self.socket_lb, &["true"]) || is(&self.kube_proxy_replacement, &["true", "strict"]);
        on && !is(&self.host_only, &["true"])
    }

    /// Whether it takes away the configuration of every other CNI plugin.
    pub(crate) fn is_exclusive(&self) -> bool {
        self.exclusive.as_deref() == Some("true")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cilium(data: &[(&str, &str)]) -> Cilium {
        let data = data.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned()));
        Cilium::of("kube-system", data.collect())
    }

    #[test]
    fn socket_load_balancing_bypasses_unless_kept_to_the_host() {
        for (data, bypasses) in [
            (&[("kube-proxy-replacement", "true")][..], true),
            (&[("kube-proxy-replacement", "strict")], true),
            (&[("kube-proxy-replacement", "false")], false),
            (&[("bpf-lb-sock", "true")], true),
            (
                &[("bpf-lb-sock", "true"), ("bpf-lb-sock-hostns-only", "true")],
                false,
            ),
            (
                &[
                    ("kube-proxy-replacement", "true"),
                    ("bpf-lb-sock-hostns-only", "false"),
                ],
                true,
            ),
            (&[], false),
        ] {
            assert_eq!(cilium(data).bypasses(), bypasses, "{data:?}");
        }
    }

    #[test]
    fn exclusive_is_what_says_so() {
        assert!(cilium(&[("cni-exclusive", "true")]).is_exclusive());
        assert!(!cilium(&[("cni-exclusive", "false")]).is_exclusive());
        assert!(!cilium(&[]).is_exclusive());
    }
}
