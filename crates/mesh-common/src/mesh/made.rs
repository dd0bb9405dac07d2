//! Meshes made by hand, for tests.

use std::{collections::BTreeMap, fs, path::Path};

use serde_json::Value;

use super::*;

/// A mesh to add to; everything in it is known.
pub(crate) struct Made(pub(crate) Mesh);

pub(crate) fn labels(entries: &[(&str, &str)]) -> Labels {
    entries
        .iter()
        .map(|(k, v)| ((*k).to_owned(), (*v).to_owned()))
        .collect()
}

pub(crate) fn gap(what: &str) -> Gap {
    Gap {
        what: what.into(),
        why: Why::Forbidden,
        detail: format!("may not list {what}"),
    }
}

impl Made {
    /// An empty mesh at a fixed time.
    pub(crate) fn new() -> Self {
        Self(Mesh {
            source: Source::Archive {
                file: "made".into(),
            },
            now: "2026-11-21T12:00:00Z".parse().unwrap(),
            cluster_uid: Known::Known("uid".into()),
            kubernetes: Known::Known("v1.34.4".into()),
            istio_namespace: "istio-system".into(),
            namespaces: Known::Known(BTreeMap::new()),
            injectors: Known::Known(Vec::new()),
            validators: Known::Known(Vec::new()),
            services: Known::Known(Vec::new()),
            istiods: Known::Known(Vec::new()),
            configs: Known::Known(BTreeMap::new()),
            root_cert: Known::Known(None),
            root_pem: Known::Known(None),
            workloads: Known::Known(Vec::new()),
            gateways: Known::Known(Vec::new()),
            providers_in_use: Known::Known(std::collections::BTreeSet::new()),
            node_agents: Known::Known(Vec::new()),
            crds: Known::Known(Vec::new()),
            nodes: Known::Known(Vec::new()),
            requested: Known::Known(BTreeMap::new()),
            raw: Known::not_read("objects"),
        })
    }

    /// Two revisions as in the sample mesh, tags `stable` (by 1.26, webhook only) and `canary` (with its Service).
    pub(crate) fn shop() -> Self {
        Self::new()
            .revision("1-26-1", "1.26.1")
            .revision("1-28-1", "1.28.1")
            .tag("stable", "1-26-1", false)
            .tag("canary", "1-28-1", true)
    }

    fn edit<T>(known: &mut Known<T>) -> &mut T {
        match known {
            Known::Known(value) => value,
            Known::Unknown(gap) => panic!("{gap:?}"),
        }
    }

    /// A revision with istiods, Service, injector and injection settings.
    pub(crate) fn revision(mut self, revision: &str, version: &str) -> Self {
        let istiod = if revision == "default" {
            "istiod".to_owned()
        } else {
            format!("istiod-{revision}")
        };
        let suffix = istiod.strip_prefix("istiod").unwrap();
        Self::edit(&mut self.0.istiods).push(Istiod {
            namespace: "istio-system".into(),
            name: istiod.clone(),
            revision: revision.into(),
            image: format!("docker.io/istio/pilot:{version}"),
            version: Some(version.into()),
            replicas: 2,
            ready: 2,
            pods: Vec::new(),
            replica_set: Known::Known(None),
            resources: Resources::default(),
            env: BTreeMap::new(),
            args: Vec::new(),
            spread: false,
            hpa: Known::Known(None),
            pdbs: Known::Known(Vec::new()),
            owner: Owner::None,
            nodes: 2,
        });
        Self::edit(&mut self.0.configs).insert(
            revision.into(),
            RevisionConfig {
                config_map: format!("istio{suffix}"),
                mesh: Value::Null,
                networks: Value::Null,
                values: serde_json::json!({"global": {"tag": version}}),
                original_values: Value::Null,
                never_inject: Vec::new(),
                always_inject: Vec::new(),
                policy: "enabled".into(),
                problems: Vec::new(),
            },
        );
        let mut services = Self::edit(&mut self.0.services).clone();
        let selector = if revision == "default" {
            labels(&[("app", "istiod"), ("istio", "pilot")])
        } else {
            labels(&[("app", "istiod"), ("istio.io/rev", revision)])
        };
        services.push(IstiodService {
            namespace: "istio-system".into(),
            name: istiod.clone(),
            revision: Some(revision.into()),
            tag: None,
            selector,
            ready_endpoints: Known::Known(2),
            owner: Owner::None,
            created: None,
            resource_version: "1".into(),
        });
        services.sort_by(|a, b| a.name.cmp(&b.name));
        self.0.services = Known::Known(services);
        self.injector(own_injector(revision, &istiod, suffix))
    }

    /// An injector as it is.
    pub(crate) fn injector(mut self, injector: Injector) -> Self {
        let injectors = Self::edit(&mut self.0.injectors);
        injectors.push(injector);
        injectors.sort_by(|a, b| a.name.cmp(&b.name));
        self
    }

    /// A tag as istioctl makes it.
    pub(crate) fn tag(self, tag: &str, revision: &str, service: bool) -> Self {
        let wiring = self.0.wiring().unwrap();
        let wiring = wiring.move_tag(tag, revision, service).unwrap();
        self.wired(wiring)
    }

    /// The mesh with this wiring.
    pub(crate) fn wired(mut self, wiring: Wiring) -> Self {
        self.0.injectors = Known::Known(wiring.injectors);
        self.0.validators = Known::Known(wiring.validators);
        self.0.services = Known::Known(wiring.services);
        self.0.namespaces = Known::Known(wiring.namespaces);
        self
    }

    /// A namespace with these labels.
    pub(crate) fn namespace(mut self, name: &str, entries: &[(&str, &str)]) -> Self {
        Self::edit(&mut self.0.namespaces).insert(name.into(), namespace(name, entries));
        self
    }

    /// A workload, `kind/name` in a namespace, changed by `edit`.
    pub(crate) fn workload(
        mut self,
        namespace: &str,
        name: &str,
        edit: impl FnOnce(&mut Workload),
    ) -> Self {
        let mut workload = Workload {
            namespace: namespace.into(),
            kind: WorkloadKind::Deployment,
            name: name.into(),
            replicas: Some(2),
            labels: labels(&[("app", name)]),
            inject_annotation: None,
            host_network: false,
            update: Update::Rolling,
            surge: 1,
            requests: None,
            tolerates: false,
            pdbs: Known::Known(Vec::new()),
            gateway: None,
            injected_gateway: false,
            pods: Vec::new(),
            finished_pods: 0,
            terminating_pods: 0,
        };
        edit(&mut workload);
        Self::edit(&mut self.0.workloads).push(workload);
        self
    }

    /// A managed Gateway with its Deployment of one pod.
    pub(crate) fn gateway(mut self, ns: &str, name: &str, rev: Option<&str>, runs: &str) -> Self {
        Self::edit(&mut self.0.gateways).push(Gateway {
            namespace: ns.into(),
            name: name.into(),
            class: "istio".into(),
            waypoint: false,
            rev: rev.map(str::to_owned),
            managed: true,
        });
        self.workload(ns, &format!("{name}-istio"), |w| {
            w.gateway = Some(name.into());
            w.labels
                .insert("sidecar.istio.io/inject".into(), "false".into());
            w.pods = vec![pods(1, Some((runs, "1.0.0")))];
        })
    }
}

pub(crate) fn namespace(name: &str, entries: &[(&str, &str)]) -> Namespace {
    Namespace {
        name: name.into(),
        uid: format!("uid-{name}"),
        labels: labels(entries),
        terminating: false,
        owner: Owner::None,
    }
}

/// Pods that run a proxy of this revision and version, or none.
pub(crate) fn pods(count: u32, proxy: Option<(&str, &str)>) -> PodGroup {
    PodGroup {
        proxy: proxy.map(|(revision, version)| Proxy {
            revision: Some(revision.into()),
            image: format!("docker.io/istio/proxyv2:{version}"),
            version: Some(version.into()),
            native: false,
            custom_image: false,
        }),
        pods: count,
        ready: count,
        oldest: None,
        newest: None,
        examples: Vec::new(),
        ambient: 0,
    }
}

/// A revision's own injector, as `mutatingwebhook.yaml` of the charts renders it.
fn own_injector(revision: &str, istiod: &str, suffix: &str) -> Injector {
    let webhook = |prefix: &str, ns: &[&str], pod: &[&str]| Webhook {
        name: format!("{prefix}.sidecar-injector.istio.io"),
        target: WebhookTarget::Service {
            namespace: "istio-system".into(),
            name: istiod.into(),
            path: "/inject".into(),
            port: 443,
        },
        ca_bundle: Some("sha256:ca".into()),
        ca_bundle_is_pem: true,
        namespace_selector: selector(ns),
        object_selector: selector(pod),
        failure_policy: "Fail".into(),
        match_conditions: 0,
        on_pod_create: true,
    };
    let rev = format!("istio.io/rev={revision}");
    let out = "sidecar.istio.io/inject!=false";
    let mut webhooks = vec![
        webhook("rev.namespace", &[&rev, "!istio-injection"], &[out]),
        webhook(
            "rev.object",
            &["!istio.io/rev", "!istio-injection"],
            &[out, &rev],
        ),
    ];
    if revision == "default" {
        webhooks.push(webhook("namespace", &["istio-injection=enabled"], &[out]));
        webhooks.push(webhook(
            "object",
            &["!istio-injection", "!istio.io/rev"],
            &["sidecar.istio.io/inject=true", "!istio.io/rev"],
        ));
    }
    Injector {
        name: format!("istio-sidecar-injector{suffix}"),
        revision: revision.into(),
        tag: None,
        webhooks,
        owner: Owner::None,
        created: None,
        resource_version: "1".into(),
    }
}

/// A selector of `key=value`, `key!=value`, `key` and `!key`.
pub(crate) fn selector(requirements: &[&str]) -> Selector {
    let parse = |text: &&str| {
        let (key, operator, values) = if let Some(key) = text.strip_prefix('!') {
            (key, Operator::DoesNotExist, vec![])
        } else if let Some((key, value)) = text.split_once("!=") {
            (key, Operator::NotIn, vec![value.to_owned()])
        } else if let Some((key, value)) = text.split_once('=') {
            (key, Operator::In, vec![value.to_owned()])
        } else {
            (*text, Operator::Exists, vec![])
        };
        Requirement {
            key: key.into(),
            operator,
            values,
        }
    };
    Selector {
        match_labels: Labels::new(),
        match_expressions: requirements.iter().map(parse).collect(),
    }
}

/// A file of recorded objects: webhook configurations and Services.
pub(crate) fn recorded(mesh: Mesh, file: &Path) -> Mesh {
    let text = fs::read_to_string(file).unwrap_or_else(|e| panic!("{}: {e}", file.display()));
    let mut wiring = mesh.wiring().unwrap();
    for document in text.split("\n---\n") {
        let object: Value = serde_saphyr::from_str(document).unwrap();
        match object["kind"].as_str() {
            Some("MutatingWebhookConfiguration") => wiring.injectors.push(Injector {
                name: text_at(&object, "/metadata/name").unwrap(),
                revision: text_at(&object, "/metadata/labels/istio.io~1rev").unwrap(),
                tag: text_at(&object, "/metadata/labels/istio.io~1tag"),
                webhooks: webhooks(&object),
                owner: Owner::None,
                created: None,
                resource_version: String::new(),
            }),
            Some("ValidatingWebhookConfiguration") => wiring.validators.push(Validator {
                name: text_at(&object, "/metadata/name").unwrap(),
                revision: text_at(&object, "/metadata/labels/istio.io~1rev"),
                tag: text_at(&object, "/metadata/labels/istio.io~1tag"),
                webhooks: webhooks(&object),
                owner: Owner::None,
                resource_version: String::new(),
            }),
            Some("Service") => wiring.services.push(IstiodService {
                namespace: text_at(&object, "/metadata/namespace").unwrap(),
                name: text_at(&object, "/metadata/name").unwrap(),
                revision: text_at(&object, "/metadata/labels/istio.io~1rev"),
                tag: text_at(&object, "/metadata/labels/istio.io~1tag"),
                selector: serde_json::from_value(object["spec"]["selector"].clone()).unwrap(),
                ready_endpoints: Known::Known(1),
                owner: Owner::None,
                created: None,
                resource_version: String::new(),
            }),
            _ => {}
        }
    }
    wiring.injectors.sort_by(|a, b| a.name.cmp(&b.name));
    wiring.services.sort_by(|a, b| a.name.cmp(&b.name));
    wiring.validators.sort_by(|a, b| a.name.cmp(&b.name));
    Made(mesh).wired(wiring).0
}

fn text_at(object: &Value, pointer: &str) -> Option<String> {
    Some(object.pointer(pointer)?.as_str()?.to_owned())
}

fn webhooks(object: &Value) -> Vec<Webhook> {
    let one = |w: &Value| Webhook {
        name: text_at(w, "/name").unwrap(),
        target: WebhookTarget::Service {
            namespace: text_at(w, "/clientConfig/service/namespace").unwrap(),
            name: text_at(w, "/clientConfig/service/name").unwrap(),
            path: text_at(w, "/clientConfig/service/path").unwrap(),
            port: 443,
        },
        ca_bundle: text_at(w, "/clientConfig/caBundle"),
        ca_bundle_is_pem: true,
        namespace_selector: serde_json::from_value(w["namespaceSelector"].clone()).unwrap(),
        object_selector: serde_json::from_value(w["objectSelector"].clone()).unwrap(),
        failure_policy: text_at(w, "/failurePolicy").unwrap(),
        match_conditions: 0,
        on_pod_create: w["rules"][0]["resources"][0] == "pods",
    };
    object["webhooks"]
        .as_array()
        .into_iter()
        .flatten()
        .map(one)
        .collect()
}
