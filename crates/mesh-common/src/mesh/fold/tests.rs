//! The facts that the sample mesh's README states, and what single objects come to.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::{sample, *};
use crate::mesh::wire;
use crate::mesh::{Istiod, Known, Owner, Update, Workload, WorkloadKind};

mod odd;
mod room;

fn workload<'a>(mesh: &'a Mesh, namespace: &str, name: &str) -> &'a Workload {
    mesh.workloads
        .get()
        .unwrap()
        .iter()
        .find(|w| w.namespace == namespace && w.name == name)
        .unwrap_or_else(|| panic!("{namespace}/{name}"))
}

/// `pods@revision/version` of each group.
fn proxies(workload: &Workload) -> Vec<String> {
    workload
        .pods
        .iter()
        .map(|g| match &g.proxy {
            None => format!("{}@-", g.pods),
            Some(p) => format!(
                "{}@{}/{}",
                g.pods,
                p.revision.as_deref().unwrap_or("-"),
                p.version.as_deref().unwrap_or("-")
            ),
        })
        .collect()
}

fn from(objects: Vec<Value>) -> Mesh {
    let source = Source::Archive {
        file: "test".into(),
    };
    Mesh::from_objects(
        objects,
        "istio-system",
        source,
        sample::NOW.parse().unwrap(),
    )
    .unwrap()
}

#[test]
fn sample_tags_revisions_and_istiods() {
    let mesh = sample::mesh();
    let injectors: Vec<_> = mesh
        .injectors
        .get()
        .unwrap()
        .iter()
        .map(|i| (i.name.as_str(), i.tag.as_deref(), i.revision.as_str()))
        .collect();
    assert_eq!(
        injectors,
        [
            ("istio-revision-tag-canary", Some("canary"), "1-28-1"),
            ("istio-revision-tag-stable", Some("stable"), "1-26-1"),
            ("istio-sidecar-injector-1-26-1", None, "1-26-1"),
            ("istio-sidecar-injector-1-28-1", None, "1-28-1"),
        ]
    );
    for injector in mesh.injectors.get().unwrap() {
        assert_eq!(injector.owner, Owner::None, "istioctl's labels own nothing");
        assert!(!injector.is_deactivated());
        for webhook in &injector.webhooks {
            assert!(webhook.on_pod_create);
            let wanted = format!("istiod-{}", injector.revision);
            assert_eq!(
                webhook.target.service(),
                Some(("istio-system", wanted.as_str()))
            );
            assert!(webhook.ca_bundle.is_some());
            assert!(!webhook.ca_bundle_is_pem, "the sample holds a stand-in");
        }
    }
    let validators: Vec<_> = mesh
        .validators
        .get()
        .unwrap()
        .iter()
        .map(|v| v.name.as_str())
        .collect();
    assert_eq!(
        validators,
        [
            "istio-validator-1-26-1-istio-system",
            "istio-validator-1-28-1-istio-system"
        ]
    );
    let services: Vec<_> = mesh
        .services
        .get()
        .unwrap()
        .iter()
        .map(|s| {
            (
                s.name.as_str(),
                s.tag.as_deref(),
                *s.ready_endpoints.get().unwrap(),
            )
        })
        .collect();
    assert_eq!(
        services,
        [
            ("istiod-1-26-1", None, 1),
            ("istiod-1-28-1", None, 1),
            ("istiod-revision-tag-canary", Some("canary"), 1),
        ],
        "the ingress gateway's Service is not istiod's"
    );
    let istiods = mesh.istiods.get().unwrap();
    assert_eq!(istiods.len(), 2);
    let old = &istiods[0];
    assert_eq!(old.revision, "1-26-1");
    assert_eq!(old.version.as_deref(), Some("1.26.1"));
    assert_eq!((old.replicas, old.ready, old.pods.len()), (1, 1, 1));
    let pod = &old.pods[0];
    assert!(pod.ready && pod.restarts == 0 && pod.last_end.is_none());
    assert_eq!(pod.node.as_deref(), Some("node-1"));
    assert_eq!(old.nodes, 1);
    assert_eq!(
        old.replica_set.get().unwrap().as_ref().unwrap().name,
        "istiod-1-26-1-6bbfc66fd9"
    );
    let hpa = old.hpa.get().unwrap().as_ref().unwrap();
    assert_eq!((hpa.min, hpa.max, hpa.cpu_percent), (1, 5, Some(80)));
    assert_eq!(old.pdbs.get().unwrap()[0].name, "istiod-1-26-1");
    assert!(istiods[1].pdbs.get().unwrap().is_empty());
    assert_eq!(old.resources.cpu_request, Some(500));
    assert_eq!(old.resources.memory_request, Some(2 << 30));
    assert_eq!(old.resources.memory_limit, None);
    assert_eq!(old.env["REVISION"], "1-26-1");
    assert!(!old.env.contains_key("POD_NAME"));
    assert_eq!(old.args[0], "discovery");
    assert!(!old.spread);
}

#[test]
fn sample_configs_and_providers() {
    let mesh = sample::mesh();
    let configs = mesh.configs.get().unwrap();
    assert_eq!(configs.keys().collect::<Vec<_>>(), ["1-26-1", "1-28-1"]);
    for (revision, config) in configs {
        assert_eq!(config.problems, Vec::<String>::new());
        assert_eq!(config.config_map, format!("istio-{revision}"));
        assert_eq!(config.mesh["trustDomain"], "cluster.local");
        assert_eq!(
            config.mesh["extensionProviders"][0]["name"],
            "shop-ext-authz"
        );
        assert_eq!(config.networks, json!({"networks": {}}));
        assert_eq!(config.values["revision"], *revision.as_str());
        assert_eq!(config.policy, "enabled");
        assert!(config.never_inject.is_empty() && config.always_inject.is_empty());
    }
    let providers: BTreeSet<_> = ["envoy", "prometheus", "shop-ext-authz"]
        .map(str::to_owned)
        .into();
    assert_eq!(mesh.providers_in_use.get().unwrap(), &providers);
    assert!(mesh.root_cert.get().unwrap().is_some());
    assert!(mesh.root_pem.get().unwrap().is_some());
    for (revision, config) in configs {
        assert_eq!(config.original_values["revision"], *revision.as_str());
    }
}

#[test]
fn sample_namespaces_and_nodes() {
    let mesh = sample::mesh();
    let namespaces = mesh.namespaces.get().unwrap();
    assert_eq!(namespaces.len(), 17);
    for name in ["payments", "platform", "batch", "edge"] {
        assert_eq!(namespaces[name].rev(), Some("stable"), "{name}");
    }
    assert_eq!(namespaces["orders"].rev(), Some("canary"));
    assert!(namespaces["data"].is_ambient());
    assert_eq!(
        mesh.cluster_uid.get().unwrap(),
        &namespaces["kube-system"].uid
    );
    let nodes = mesh.nodes.get().unwrap();
    assert_eq!(nodes.len(), 3);
    assert_eq!(nodes[0].memory, Some(256 << 30));
    assert!(nodes[0].ready);
}

#[test]
fn sample_workloads() {
    let mesh = sample::mesh();
    let all = mesh.workloads.get().unwrap();
    let living: u32 = all.iter().map(Workload::pod_count).sum();
    let finished: u32 = all.iter().map(|w| w.finished_pods).sum();
    assert_eq!(living + finished, 78);
    assert!(
        all.iter().all(|w| !matches!(
            w.kind,
            WorkloadKind::ReplicaSet | WorkloadKind::Pod | WorkloadKind::Other(_)
        ) || w.namespace == "tools"),
        "every pod finds its controller"
    );

    let ledger = workload(&mesh, "payments", "ledger");
    assert_eq!(
        (&ledger.kind, &ledger.update),
        (&WorkloadKind::StatefulSet, &Update::OnDelete)
    );
    let inventory = workload(&mesh, "orders", "inventory");
    assert_eq!(inventory.update, Update::Partition(2));
    let shipping = workload(&mesh, "orders", "shipping");
    assert_eq!(shipping.update, Update::Recreate);
    let cards = workload(&mesh, "payments", "cards");
    assert_eq!(cards.short(), "deployment/cards");
    assert_eq!(cards.replicas, Some(3));
    let budget = &cards.pdbs.get().unwrap()[0];
    assert_eq!(budget.max_unavailable.as_deref(), Some("0"));
    assert_eq!(budget.disruptions_allowed, Some(0));
    assert_eq!(proxies(cards), ["3@1-26-1/1.26.1"]);
    assert_eq!(cards.pods[0].examples.len(), 3);

    assert_eq!(
        proxies(workload(&mesh, "staging", "catalog-old")),
        ["2@1-26-1/1.26.1"]
    );
    assert_eq!(
        proxies(workload(&mesh, "staging", "checkout")),
        ["1@1-28-1/1.28.1"]
    );
    assert_eq!(
        proxies(workload(&mesh, "legacy", "monolith")),
        ["2@1-26-1/1.26.1"]
    );
    assert_eq!(proxies(workload(&mesh, "legacy", "latecomer")), ["2@-"]);
    assert_eq!(proxies(workload(&mesh, "mixed", "twolabels")), ["2@-"]);
    assert_eq!(workload(&mesh, "platform", "node-cache").pod_count(), 3);

    let settlement = workload(&mesh, "batch", "settlement");
    assert_eq!(
        (&settlement.kind, &settlement.update),
        (&WorkloadKind::CronJob, &Update::NextRun)
    );
    assert_eq!(settlement.pod_count() + settlement.finished_pods, 2);
    let jobs: Vec<_> = all
        .iter()
        .filter(|w| w.kind == WorkloadKind::Job)
        .map(|w| w.name.as_str())
        .collect();
    assert_eq!(jobs, ["backfill"]);
}

#[test]
fn sample_gateways() {
    let mesh = sample::mesh();
    let gateways: Vec<_> = mesh
        .gateways
        .get()
        .unwrap()
        .iter()
        .map(|g| {
            (
                format!("{}/{}", g.namespace, g.name),
                g.rev.as_deref(),
                g.waypoint,
                g.managed,
            )
        })
        .collect();
    assert_eq!(
        gateways,
        [
            ("data/waypoint".into(), None, true, true),
            ("edge/partners".into(), Some("canary"), false, true),
            ("edge/public".into(), None, false, true),
        ]
    );
    let public = workload(&mesh, "edge", "public-istio");
    assert_eq!(public.gateway.as_deref(), Some("public"));
    assert!(!public.injected_gateway);
    assert_eq!(proxies(public), ["1@1-26-1/1.26.1"]);
    assert_eq!(
        proxies(workload(&mesh, "edge", "partners-istio")),
        ["1@1-28-1/1.28.1"]
    );
    let edge = workload(&mesh, "edge", "edge-gateway");
    assert!(edge.injected_gateway && edge.gateway.is_none());
    assert_eq!(proxies(edge), ["2@1-26-1/1.26.1"]);
}

#[test]
fn parts_put_together_in_any_order_are_the_same() {
    let whole = serde_json::to_value(sample::mesh()).unwrap();
    let mut parts: Vec<Builder> = Vec::new();
    for list in List::EVERY.iter().rev() {
        let mut part = Builder::new("istio-system");
        let api = list.api();
        for object in sample::objects() {
            let group = wire::group_of(object["apiVersion"].as_str().unwrap());
            if object["kind"] == api.kind && group == api.group {
                part.add_json(*list, object.to_string().as_bytes()).unwrap();
            }
        }
        part.complete(*list);
        parts.push(part);
    }
    let mut together = Builder::new("istio-system");
    for part in parts {
        together.absorb(part);
    }
    let mesh = together.finish(About {
        source: sample::mesh().source,
        now: sample::NOW.parse().unwrap(),
        cluster_uid: None,
        kubernetes: sample::mesh().kubernetes,
    });
    let again = serde_json::to_value(mesh).unwrap();
    assert_eq!(again, whole);
}

#[test]
fn what_was_not_read_is_not_empty() {
    let forbidden = |list: List| Gap {
        what: list.api().resource.into(),
        why: Why::Forbidden,
        detail: format!("may not list {}", list.api().name()),
    };
    let mut builder = Builder::new("istio-system");
    for object in sample::objects() {
        builder.add_value(object.clone()).unwrap();
    }
    for list in List::EVERY {
        builder.complete(*list);
    }
    builder.missing(List::CronJobs, forbidden(List::CronJobs));
    builder.missing(List::EndpointSlices, forbidden(List::EndpointSlices));
    builder.missing(List::Pdbs, forbidden(List::Pdbs));
    builder.missing(
        List::Telemetries,
        Gap {
            why: Why::NotServed,
            ..forbidden(List::Telemetries)
        },
    );
    builder.complete_locally(List::Pods, forbidden(List::Pods));
    let mesh = builder.finish(About {
        source: sample::mesh().source,
        now: sample::NOW.parse().unwrap(),
        cluster_uid: None,
        kubernetes: Known::Known("v1.34.4".into()),
    });
    let gap = mesh.workloads.gap().unwrap();
    assert_eq!(gap.why, Why::Forbidden);
    assert_eq!(gap.what, "pods, cronjobs");
    assert_eq!(gap.detail, "may not list pods; may not list cronjobs.batch");
    let istiods = mesh.istiods.get().unwrap();
    assert_eq!(istiods[0].pods.len(), 1, "pods beside istiod were read");
    assert!(istiods[0].pdbs.gap().is_some());
    assert!(
        mesh.services.get().unwrap()[0]
            .ready_endpoints
            .gap()
            .is_some()
    );
    assert!(
        mesh.providers_in_use.get().is_some(),
        "no CRD, no Telemetry"
    );
}
