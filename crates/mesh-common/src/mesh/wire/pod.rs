//! Pods: the few fields that say who owns one, which proxy it runs and how it is.

use std::fmt;

use jiff::Timestamp;
use serde::{
    Deserialize, Deserializer,
    de::{IgnoredAny, MapAccess, SeqAccess, Visitor},
};

use super::{
    Containers,
    container::{CpuMemory, Quantities},
    meta::{self, KeyIn, OwnerRef},
    nullable,
};
use crate::mesh::{Labels, Requests, Termination};

/// A pod.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Pod {
    /// Metadata.
    #[serde(deserialize_with = "nullable")]
    pub metadata: PodMeta,
    /// Spec.
    #[serde(deserialize_with = "nullable")]
    pub spec: PodSpec,
    /// Status.
    #[serde(deserialize_with = "nullable")]
    pub status: PodStatus,
}

/// Metadata of a pod.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct PodMeta {
    /// Its name.
    #[serde(deserialize_with = "nullable")]
    pub name: String,
    /// Its namespace.
    #[serde(deserialize_with = "nullable")]
    pub namespace: String,
    /// Its labels.
    #[serde(deserialize_with = "nullable")]
    pub labels: Labels,
    /// What its annotations say.
    #[serde(deserialize_with = "nullable")]
    pub annotations: PodAnnotations,
    /// The owner that controls it.
    #[serde(rename = "ownerReferences", deserialize_with = "controller")]
    pub controller: Option<OwnerRef>,
    /// Whether it is being deleted.
    #[serde(rename = "deletionTimestamp", deserialize_with = "meta::present")]
    pub deleted: bool,
}

/// What the annotations of a pod say, of those that we use.
#[derive(Debug, Default)]
pub struct PodAnnotations {
    /// `istio.io/rev`.
    pub revision: Option<String>,
    /// `sidecar.istio.io/status` is there: a webhook injected the pod.
    pub injected: bool,
    /// `revision` in `sidecar.istio.io/status`.
    pub status_revision: Option<String>,
    /// `sidecar.istio.io/inject`.
    pub inject: Option<String>,
    /// `sidecar.istio.io/proxyImage` is there and not empty.
    pub proxy_image: bool,
    /// `ambient.istio.io/redirection: enabled`.
    pub redirected: bool,
    /// `inject.istio.io/templates`.
    pub templates: Option<String>,
}

const ANNOTATIONS: &[&str] = &[
    "istio.io/rev",
    "sidecar.istio.io/status",
    "sidecar.istio.io/inject",
    "sidecar.istio.io/proxyImage",
    "ambient.istio.io/redirection",
    "inject.istio.io/templates",
];

impl<'de> Deserialize<'de> for PodAnnotations {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Known;
        impl<'de> Visitor<'de> for Known {
            type Value = PodAnnotations;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("annotations")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<PodAnnotations, A::Error> {
                let mut found = PodAnnotations::default();
                while let Some(key) = map.next_key_seed(KeyIn(ANNOTATIONS))? {
                    match key {
                        Some("istio.io/rev") => found.revision = map.next_value()?,
                        Some("sidecar.istio.io/status") => {
                            found.injected = true;
                            found.status_revision = map.next_value::<StatusRevision>()?.0;
                        }
                        Some("sidecar.istio.io/inject") => found.inject = map.next_value()?,
                        Some("sidecar.istio.io/proxyImage") => {
                            found.proxy_image = !map.next_value::<String>()?.is_empty();
                        }
                        Some("ambient.istio.io/redirection") => {
                            found.redirected = map.next_value::<String>()? == "enabled";
                        }
                        Some("inject.istio.io/templates") => found.templates = map.next_value()?,
                        _ => {
                            map.next_value::<IgnoredAny>()?;
                        }
                    }
                }
                Ok(found)
            }
        }
        deserializer.deserialize_map(Known)
    }
}

/// `revision` of the JSON document in `sidecar.istio.io/status`
/// (`pkg/kube/inject/inject.go`, `SidecarInjectionStatus`).
struct StatusRevision(Option<String>);

impl<'de> Deserialize<'de> for StatusRevision {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Default, Deserialize)]
        #[serde(default)]
        struct Status {
            revision: Option<String>,
        }
        struct Text;
        impl Visitor<'_> for Text {
            type Value = StatusRevision;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("sidecar.istio.io/status")
            }

            fn visit_str<E>(self, text: &str) -> Result<StatusRevision, E> {
                // A user may write anything here; what is not the injector's document says nothing.
                let status: Status = serde_json::from_str(text).unwrap_or_default();
                Ok(StatusRevision(status.revision))
            }
        }
        deserializer.deserialize_str(Text)
    }
}

/// Keeps of all owners the one that controls the pod.
fn controller<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<OwnerRef>, D::Error> {
    let owners = Option::<Vec<OwnerRef>>::deserialize(deserializer)?.unwrap_or_default();
    Ok(owners.into_iter().find(|o| o.controller))
}

/// Spec of a pod.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct PodSpec {
    /// The node.
    pub node_name: Option<String>,
    /// Whether it uses the host's network.
    #[serde(deserialize_with = "nullable")]
    pub host_network: bool,
    /// Containers.
    #[serde(deserialize_with = "nullable")]
    pub containers: Containers,
    /// Init containers, native sidecars among them.
    #[serde(deserialize_with = "nullable")]
    pub init_containers: Containers,
    /// Requests of the pod as a whole (Kubernetes 1.32 and later).
    #[serde(deserialize_with = "nullable")]
    resources: Quantities,
    /// What the pod's runtime class takes beside its containers.
    #[serde(deserialize_with = "nullable")]
    overhead: CpuMemory,
}

impl PodSpec {
    /// What the scheduler takes the pod for (`component-helpers/resource/helpers.go`, `PodRequests`): its containers and
    /// native sidecars together, or the most of its init containers if that is more; what the pod as a whole requests
    /// goes before that.
    pub fn requests(&self) -> Requests {
        let running = self.containers.sum + self.init_containers.lasting;
        let mut requests = running.max(self.init_containers.peak);
        let whole = self.resources.resources();
        requests.cpu = whole.cpu_request.unwrap_or(requests.cpu);
        requests.memory = whole.memory_request.unwrap_or(requests.memory);
        requests + self.overhead.requests()
    }
}

/// Status of a pod.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct PodStatus {
    /// Whether it has ended: phase Succeeded or Failed.
    #[serde(rename = "phase", deserialize_with = "finished")]
    pub finished: bool,
    /// When the kubelet took it.
    #[serde(deserialize_with = "meta::time")]
    pub start_time: Option<Timestamp>,
    /// Condition Ready.
    #[serde(rename = "conditions", deserialize_with = "ready")]
    pub ready: bool,
    /// Its address.
    #[serde(rename = "podIP")]
    pub ip: Option<String>,
    /// Status of the container `discovery`.
    #[serde(rename = "containerStatuses", deserialize_with = "discovery")]
    pub discovery: Option<ContainerStatus>,
}

/// Status of one container.
#[derive(Debug, Default)]
pub struct ContainerStatus {
    /// Restarts.
    pub restarts: u32,
    /// How it ended last.
    pub last_end: Option<Termination>,
}

fn finished<'de, D: Deserializer<'de>>(deserializer: D) -> Result<bool, D::Error> {
    let phase = Option::<String>::deserialize(deserializer)?;
    Ok(matches!(phase.as_deref(), Some("Succeeded" | "Failed")))
}

/// One entry of `status.conditions`, read for one question.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Condition {
    #[serde(rename = "type", deserialize_with = "is_ready")]
    is_ready: bool,
    #[serde(rename = "status", deserialize_with = "is_true")]
    is_true: bool,
}

fn is_ready<'de, D: Deserializer<'de>>(deserializer: D) -> Result<bool, D::Error> {
    meta::is(deserializer, "Ready")
}

fn is_true<'de, D: Deserializer<'de>>(deserializer: D) -> Result<bool, D::Error> {
    meta::is(deserializer, "True")
}

/// Whether condition Ready is True.
pub(super) fn ready<'de, D: Deserializer<'de>>(deserializer: D) -> Result<bool, D::Error> {
    struct Each;
    impl<'de> Visitor<'de> for Each {
        type Value = bool;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("conditions")
        }

        fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<bool, A::Error> {
            let mut ready = false;
            while let Some(condition) = seq.next_element::<Condition>()? {
                ready |= condition.is_ready && condition.is_true;
            }
            Ok(ready)
        }

        fn visit_none<E>(self) -> Result<bool, E> {
            Ok(false)
        }

        fn visit_some<D: Deserializer<'de>>(self, d: D) -> Result<bool, D::Error> {
            d.deserialize_seq(self)
        }
    }
    deserializer.deserialize_option(Each)
}

fn discovery<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<ContainerStatus>, D::Error> {
    #[derive(Default, Deserialize)]
    #[serde(rename_all = "camelCase", default)]
    struct Status {
        #[serde(rename = "name", deserialize_with = "is_discovery")]
        is_discovery: bool,
        #[serde(deserialize_with = "nullable")]
        restart_count: u32,
        #[serde(deserialize_with = "nullable")]
        state: State,
        #[serde(deserialize_with = "nullable")]
        last_state: State,
    }
    fn is_discovery<'de, D: Deserializer<'de>>(deserializer: D) -> Result<bool, D::Error> {
        meta::is(deserializer, "discovery")
    }
    #[derive(Default, Deserialize)]
    #[serde(default)]
    struct State {
        terminated: Option<Terminated>,
    }
    #[derive(Default, Deserialize)]
    #[serde(rename_all = "camelCase", default)]
    struct Terminated {
        #[serde(deserialize_with = "nullable")]
        reason: String,
        #[serde(deserialize_with = "meta::time")]
        finished_at: Option<Timestamp>,
    }
    struct Each;
    impl<'de> Visitor<'de> for Each {
        type Value = Option<ContainerStatus>;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("container statuses")
        }

        fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Self::Value, A::Error> {
            let mut found = None;
            while let Some(status) = seq.next_element::<Status>()? {
                if status.is_discovery {
                    let end = status.state.terminated.or(status.last_state.terminated);
                    found = Some(ContainerStatus {
                        restarts: status.restart_count,
                        last_end: end.map(|t| Termination {
                            reason: t.reason,
                            finished: t.finished_at,
                        }),
                    });
                }
            }
            Ok(found)
        }

        fn visit_none<E>(self) -> Result<Self::Value, E> {
            Ok(None)
        }

        fn visit_some<D: Deserializer<'de>>(self, d: D) -> Result<Self::Value, D::Error> {
            d.deserialize_seq(self)
        }
    }
    deserializer.deserialize_option(Each)
}
