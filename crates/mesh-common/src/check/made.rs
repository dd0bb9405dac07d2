//! A healthy mesh in the middle of an upgrade, for the tests of the gates: `stable` is 1-26-1, 1-28-1 has baked for
//! three days. Each test breaks one thing.

mod parts;

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};
use serde_json::json;

use super::{
    Backup, Backups, Facts, IstioctlFacts, OverlapFacts, Policy, ProxySkew, Serving, SkewFacts,
};
use crate::{
    istioctl::{Parity, Version},
    mesh::{
        Crd, Gap, Hpa, Injector, Istiod, IstiodPod, Known, Mesh, Node, Owner, Pdb, PodGroup,
        ReplicaSet, Resources, RevisionConfig, Selector, Source, Termination, Webhook,
        WebhookTarget, Why, Workload, probe::Probe,
    },
};
use parts::{crds, node, workload};

/// One thing that a test breaks.
pub(super) type Change = Box<dyn Fn(&mut Made)>;

pub(super) fn changed(f: impl Fn(&mut Made) + 'static) -> Change {
    Box::new(f)
}

/// A part that this user may not read.
pub(super) fn forbidden<T>(what: &str) -> Known<T> {
    Known::Unknown(Gap {
        what: what.into(),
        why: Why::Forbidden,
        detail: format!("user jane may not list {what}"),
    })
}

pub(super) struct Made {
    pub(super) mesh: Mesh,
    pub(super) policy: Policy,
    pub(super) source: Option<String>,
    pub(super) beside: Vec<String>,
    pub(super) target: String,
}

impl Made {
    pub(super) fn live() -> Self {
        let server = "https://127.0.0.1:6443".into();
        Self::of(Source::Live {
            server,
            context: None,
        })
    }

    pub(super) fn rehearsal() -> Self {
        Self::of(Source::Archive {
            file: "shop.tar.zst".into(),
        })
    }

    fn of(source: Source) -> Self {
        let now = now();
        let mesh = Mesh {
            source,
            now,
            cluster_uid: Known::Known("uid".into()),
            kubernetes: Known::Known("v1.34.4".into()),
            istio_namespace: "istio-system".into(),
            namespaces: Known::Known(BTreeMap::new()),
            injectors: Known::Known(vec![injector("1-26-1"), injector("1-28-1")]),
            validators: Known::Known(Vec::new()),
            services: Known::Known(Vec::new()),
            istiods: Known::Known(vec![istiod("1-26-1", "1.26.1"), istiod("1-28-1", "1.28.1")]),
            configs: Known::Known([config("1-26-1", "1.26.1"), config("1-28-1", "1.28.1")].into()),
            root_cert: Known::Known(Some("sha256:root".into())),
            root_pem: Known::Known(None),
            workloads: Known::Known(vec![
                workload("orders", "carts", "1-28-1", "1.28.1", ago(73)),
                workload("payments", "checkout", "1-26-1", "1.26.1", ago(1_000)),
            ]),
            gateways: Known::Known(Vec::new()),
            providers_in_use: Known::Known(["prometheus".to_owned(), "authz".to_owned()].into()),
            node_agents: Known::Known(Vec::new()),
            crds: Known::Known(crds()),
            nodes: Known::Known((1..=3).map(node).collect()),
            requested: Known::Known(BTreeMap::new()),
            raw: Known::not_read("objects"),
        };
        Self {
            mesh,
            policy: Policy::default(),
            source: Some("1-26-1".into()),
            beside: Vec::new(),
            target: "1-28-1".into(),
        }
    }

    /// The facts of promoting `stable` from 1-26-1 to 1-28-1.
    pub(super) fn facts(&self) -> Facts<'_> {
        let rehearsal = self.mesh.source.is_rehearsal();
        Facts {
            mesh: &self.mesh,
            policy: &self.policy,
            tag: "stable".into(),
            source: self.source.clone(),
            beside: self.beside.clone(),
            target: self.target.clone(),
            istioctl: if rehearsal {
                IstioctlFacts::NotEvaluated
            } else {
                istioctl("1.28.1", Parity::Exact)
            },
            serving: if rehearsal {
                Serving::NotEvaluated
            } else {
                injected_by("1-28-1")
            },
            overlap: Known::Known(OverlapFacts::default()),
            skew: Known::Known(SkewFacts {
                proxies: vec![proxies("1.26.1", "1.26.1", false)],
            }),
            without_before_image: Vec::new(),
            removal: None,
            backups: if rehearsal {
                Backups::NotEvaluated
            } else {
                Backups::Known(vec![Backup {
                    file: Some("mesh.tar.zst".into()),
                    captured: ago(3),
                    proof: crate::check::Proof::Rehearsed,
                }])
            },
            cve: None,
        }
    }

    pub(super) fn istiods(&mut self) -> &mut Vec<Istiod> {
        known(&mut self.mesh.istiods)
    }

    /// The target's istiod.
    pub(super) fn target(&mut self) -> &mut Istiod {
        self.istiods()
            .iter_mut()
            .find(|i| i.revision == "1-28-1")
            .unwrap()
    }

    /// The old one.
    pub(super) fn old(&mut self) -> &mut Istiod {
        self.istiods()
            .iter_mut()
            .find(|i| i.revision == "1-26-1")
            .unwrap()
    }

    pub(super) fn nodes(&mut self) -> &mut Vec<Node> {
        known(&mut self.mesh.nodes)
    }

    pub(super) fn workloads(&mut self) -> &mut Vec<Workload> {
        known(&mut self.mesh.workloads)
    }

    pub(super) fn injectors(&mut self) -> &mut Vec<Injector> {
        known(&mut self.mesh.injectors)
    }

    pub(super) fn crds(&mut self) -> &mut Vec<Crd> {
        known(&mut self.mesh.crds)
    }

    pub(super) fn config(&mut self, revision: &str) -> &mut RevisionConfig {
        known(&mut self.mesh.configs).get_mut(revision).unwrap()
    }

    /// The target's canary pods.
    pub(super) fn canary(&mut self) -> &mut PodGroup {
        &mut self.workloads()[0].pods[0]
    }
}

fn known<T>(part: &mut Known<T>) -> &mut T {
    match part {
        Known::Known(value) => value,
        Known::Unknown(gap) => panic!("{} is not known", gap.what),
    }
}

pub(super) fn now() -> Timestamp {
    "2026-11-21T06:00:00Z".parse().unwrap()
}

/// So many hours before now.
pub(super) fn ago(hours: i64) -> Timestamp {
    now() - SignedDuration::from_hours(hours)
}

pub(super) fn istioctl(version: &str, parity: Parity) -> IstioctlFacts {
    IstioctlFacts::Chosen {
        path: "/usr/local/bin/istioctl".into(),
        version: Version::parse(version).unwrap(),
        parity,
    }
}

pub(super) fn injected_by(revision: &str) -> Serving {
    Serving::Asked(Probe::Injected {
        namespace: "tools".into(),
        revision: revision.into(),
    })
}

pub(super) fn proxies(version: &str, istiod_now: &str, pinned: bool) -> ProxySkew {
    ProxySkew {
        version: Some(version.into()),
        pods: 3,
        example: "payments/deployment/checkout".into(),
        istiod_now: Some(istiod_now.into()),
        istiod_after: Some("1.28.1".into()),
        pinned,
    }
}

/// A pod whose istiod ended like this.
pub(super) fn ended(pod: &mut IstiodPod, reason: &str, finished: Option<Timestamp>) {
    let reason = reason.into();
    pod.last_end = Some(Termination { reason, finished });
}

pub(super) fn istiod(revision: &str, version: &str) -> Istiod {
    let image = format!("registry.example.com/istio/pilot:{version}");
    let pod = |n: u8| IstiodPod {
        name: format!("istiod-{revision}-abc-{n}"),
        node: Some(format!("node-{n}")),
        ip: Some(format!("10.244.0.{n}")),
        image: image.clone(),
        version: Some(version.into()),
        ready: true,
        terminating: false,
        started: Some(ago(74)),
        restarts: 0,
        last_end: None,
        replica_set: Some(format!("istiod-{revision}-abc")),
        reported: Known::not_read("versions"),
    };
    Istiod {
        namespace: "istio-system".into(),
        name: format!("istiod-{revision}"),
        revision: revision.into(),
        image: image.clone(),
        version: Some(version.into()),
        replicas: 2,
        ready: 2,
        pods: vec![pod(1), pod(2)],
        replica_set: Known::Known(Some(ReplicaSet {
            name: format!("istiod-{revision}-abc"),
            created: Some(ago(74)),
        })),
        resources: Resources {
            cpu_request: Some(500),
            memory_request: Some(2 << 30),
            ..Resources::default()
        },
        env: [
            ("REVISION", revision),
            ("CLUSTER_ID", "Kubernetes"),
            ("PILOT_TRACE_SAMPLING", "1"),
        ]
        .map(|(k, v)| (k.to_owned(), v.to_owned()))
        .into(),
        args: vec!["discovery".into()],
        spread: true,
        hpa: Known::Known(Some(Hpa {
            name: format!("istiod-{revision}"),
            min: 2,
            max: 5,
            cpu_percent: Some(60),
        })),
        pdbs: Known::Known(vec![Pdb {
            name: format!("istiod-{revision}"),
            min_available: Some("1".into()),
            max_unavailable: None,
            disruptions_allowed: Some(1),
        }]),
        owner: Owner::None,
        nodes: 2,
    }
}

pub(super) fn injector(revision: &str) -> Injector {
    let webhook = |name: &str| Webhook {
        name: name.into(),
        target: WebhookTarget::Service {
            namespace: "istio-system".into(),
            name: format!("istiod-{revision}"),
            path: "/inject".into(),
            port: 443,
        },
        ca_bundle: Some("sha256:root".into()),
        ca_bundle_is_pem: true,
        namespace_selector: Selector::default(),
        object_selector: Selector::default(),
        failure_policy: "Fail".into(),
        match_conditions: 0,
        on_pod_create: true,
    };
    Injector {
        name: format!("istio-sidecar-injector-{revision}"),
        revision: revision.into(),
        tag: None,
        webhooks: vec![
            webhook("rev.namespace.sidecar-injector.istio.io"),
            webhook("rev.object.sidecar-injector.istio.io"),
        ],
        owner: Owner::None,
        created: None,
        resource_version: "1".into(),
    }
}

pub(super) fn config(revision: &str, version: &str) -> (String, RevisionConfig) {
    let config = RevisionConfig {
        config_map: format!("istio-{revision}"),
        mesh: json!({
            "defaultConfig": { "discoveryAddress": format!("istiod-{revision}.istio-system.svc:15012") },
            "extensionProviders": [
                { "name": "authz", "envoyExtAuthzGrpc": { "service": "auth.users.svc.cluster.local", "port": 9191 } },
                { "name": "spare", "zipkin": { "service": "zipkin.tools.svc.cluster.local", "port": 9411 } },
            ],
            "rootNamespace": "istio-system",
            "trustDomain": "cluster.local",
        }),
        networks: json!({ "networks": {} }),
        values: json!({
            "global": {
                "hub": "registry.example.com/istio", "tag": version, "network": "", "meshID": "",
                "multiCluster": { "clusterName": "" }, "proxy": { "image": "proxyv2", "logLevel": "warning" },
            },
            "revision": revision,
        }),
        original_values: serde_json::Value::Null,
        never_inject: Vec::new(),
        always_inject: Vec::new(),
        policy: "enabled".into(),
        problems: Vec::new(),
    };
    (revision.to_owned(), config)
}
