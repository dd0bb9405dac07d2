//! Tests of the gate `same mesh`.

#![allow(clippy::too_many_lines)] // one table each

use serde_json::{Value, json};

use super::gate;
use crate::{
    check::{
<<<<<<< HEAD
        Severity, Verdict,
        made::{Change, Made, changed, forbidden, injector, istiod},
=======
        Verdict,
        made::{Change, Made, changed, forbidden, injector},
>>>>>>> gates
    },
    mesh::Known,
};

/// Sets a path in the target's mesh config.
fn mesh(key: &'static str, value: Value) -> Change {
    changed(move |m| m.config("1-28-1").mesh[key] = value.clone())
}

/// Sets a path in the target's injector values.
fn values(path: &'static str, value: Value) -> Change {
    changed(move |m| *m.config("1-28-1").values.pointer_mut(path).unwrap() = value.clone())
}

#[test]
fn what_makes_a_mesh() {
    let bundle = |m: &mut Made, digest: Option<&str>| {
        m.injectors()[1]
            .webhooks
            .iter_mut()
            .for_each(|w| w.ca_bundle = digest.map(Into::into));
    };
    let cases: Vec<(&str, Change, Verdict, &str)> = vec![
        (
            "the same",
            changed(|_| {}),
            Verdict::Open,
            "1-26-1 and 1-28-1 agree on all 13 points",
        ),
        (
            "trust domain",
            mesh("trustDomain", json!("example.com")),
            Verdict::Closed,
<<<<<<< HEAD
            "trust domain differs: cluster.local (1-26-1), example.com (1-28-1)",
=======
            "trust domain not the same: cluster.local (1-26-1), example.com (1-28-1)",
>>>>>>> gates
        ),
        (
            "the default, not said",
            mesh("trustDomain", json!(null)),
            Verdict::Open,
            "agree",
        ),
        (
            "the other spelling",
            changed(|m| {
                let c = m.config("1-28-1");
                c.mesh["trustDomain"] = json!(null);
                c.mesh["trust_domain"] = json!("other");
            }),
            Verdict::Closed,
<<<<<<< HEAD
            "trust domain differs",
=======
            "trust domain not the same",
>>>>>>> gates
        ),
        (
            "an alias",
            mesh("trustDomainAliases", json!(["old.local"])),
            Verdict::Closed,
<<<<<<< HEAD
            "trust domain aliases differs: none (1-26-1), old.local (1-28-1)",
=======
            "trust domain aliases not the same: none (1-26-1), old.local (1-28-1)",
>>>>>>> gates
        ),
        (
            "aliases in another order",
            changed(|m| {
                m.config("1-26-1").mesh["trustDomainAliases"] = json!(["a", "b"]);
                m.config("1-28-1").mesh["trustDomainAliases"] = json!(["b", "a", "b"]);
            }),
            Verdict::Open,
            "agree",
        ),
        (
            "root namespace",
            mesh("rootNamespace", json!("istio-config")),
            Verdict::Closed,
<<<<<<< HEAD
            "root namespace differs",
=======
            "root namespace not the same",
>>>>>>> gates
        ),
        (
            "CA",
            changed(move |m| bundle(m, Some("sha256:other"))),
            Verdict::Closed,
<<<<<<< HEAD
            "CA root differs: sha256:root (1-26-1), sha256:other (1-28-1)",
=======
            "CA root not the same: sha256:root (1-26-1), sha256:other (1-28-1)",
>>>>>>> gates
        ),
        (
            "no CA",
            changed(move |m| bundle(m, None)),
            Verdict::Unknown,
            "istio-sidecar-injector-1-28-1 has no CA bundle",
        ),
        (
            "two CAs",
            changed(|m| m.injectors()[1].webhooks[0].ca_bundle = Some("sha256:other".into())),
            Verdict::Unknown,
            "have different CA bundles",
        ),
        (
            "a CA that is none",
            changed(|m| m.injectors()[1].webhooks[0].ca_bundle_is_pem = false),
            Verdict::Unknown,
            "is no certificate",
        ),
        (
            "no webhook of its own",
            changed(|m| m.injectors().truncate(1)),
            Verdict::Unknown,
            "1-28-1 has no webhook of its own",
        ),
        (
            "a tag's webhook is not its own",
            changed(|m| {
                m.injectors().truncate(1);
                let mut tag = injector("1-28-1");
                tag.tag = Some("canary".into());
                m.injectors().push(tag);
            }),
            Verdict::Unknown,
            "1-28-1 has no webhook of its own",
        ),
        (
            "network",
            values("/global/network", json!("west")),
            Verdict::Closed,
<<<<<<< HEAD
            "network differs: none (1-26-1), west (1-28-1)",
=======
            "network not the same: none (1-26-1), west (1-28-1)",
>>>>>>> gates
        ),
        (
            "cluster",
            values("/global/multiCluster/clusterName", json!("west")),
            Verdict::Closed,
<<<<<<< HEAD
            "cluster name differs: Kubernetes (1-26-1), west (1-28-1)",
=======
            "cluster name not the same: Kubernetes (1-26-1), west (1-28-1)",
>>>>>>> gates
        ),
        (
            "the default cluster, said",
            values("/global/multiCluster/clusterName", json!("Kubernetes")),
            Verdict::Open,
            "agree",
        ),
        (
            "cluster of istiod",
            changed(|m| _ = m.target().env.insert("CLUSTER_ID".into(), "west".into())),
            Verdict::Closed,
<<<<<<< HEAD
            "cluster id of istiod differs",
=======
            "cluster id of istiod not the same",
>>>>>>> gates
        ),
        (
            "mesh id",
            values("/global/meshID", json!("shop")),
            Verdict::Closed,
<<<<<<< HEAD
            "mesh id differs: cluster.local (1-26-1), shop (1-28-1)",
=======
            "mesh id not the same: cluster.local (1-26-1), shop (1-28-1)",
>>>>>>> gates
        ),
        (
            "mesh id by the trust domain",
            values("/global/meshID", json!("cluster.local")),
            Verdict::Open,
            "agree",
        ),
        (
            "egress",
            mesh("outboundTrafficPolicy", json!({ "mode": "REGISTRY_ONLY" })),
            Verdict::Closed,
<<<<<<< HEAD
            "outboundTrafficPolicy differs: ALLOW_ANY (1-26-1), REGISTRY_ONLY (1-28-1)",
=======
            "outboundTrafficPolicy not the same: ALLOW_ANY (1-26-1), REGISTRY_ONLY (1-28-1)",
>>>>>>> gates
        ),
        (
            "egress by default, said",
            mesh("outboundTrafficPolicy", json!({ "mode": 1 })),
            Verdict::Open,
            "agree",
        ),
        (
            "egress without a mode",
            mesh("outboundTrafficPolicy", json!({})),
            Verdict::Closed,
            "REGISTRY_ONLY (1-28-1)",
        ),
        (
            "paths",
            mesh("pathNormalization", json!({ "normalization": "NONE" })),
            Verdict::Closed,
<<<<<<< HEAD
            "pathNormalization differs: BASE (1-26-1), NONE (1-28-1)",
=======
            "pathNormalization not the same: BASE (1-26-1), NONE (1-28-1)",
>>>>>>> gates
        ),
        (
            "paths by default, said",
            mesh("pathNormalization", json!({ "normalization": "BASE" })),
            Verdict::Open,
            "agree",
        ),
        (
            "paths by number",
            mesh("pathNormalization", json!({ "normalization": 4 })),
            Verdict::Closed,
            "DECODE_AND_MERGE_SLASHES",
        ),
        (
            "a provider in use",
            changed(|m| {
                m.config("1-28-1").mesh["extensionProviders"][0]["envoyExtAuthzGrpc"]["port"] =
<<<<<<< HEAD
                    json!(1)
=======
                    json!(1);
>>>>>>> gates
            }),
            Verdict::Closed,
            "extensionProvider authz is defined differently, and it is in use",
        ),
        (
            "a provider in use is missing",
            mesh("extensionProviders", json!([])),
            Verdict::Closed,
            "extensionProvider authz is missing in 1-28-1, and it is in use",
        ),
        (
            "a provider not in use",
            changed(|m| {
<<<<<<< HEAD
                m.config("1-28-1").mesh["extensionProviders"][1]["zipkin"]["port"] = json!(1)
=======
                m.config("1-28-1").mesh["extensionProviders"][1]["zipkin"]["port"] = json!(1);
>>>>>>> gates
            }),
            Verdict::Open,
            "1 difference to read",
        ),
        (
            "a provider, and who uses it is not known",
            changed(|m| {
                m.mesh.providers_in_use = forbidden("telemetries");
                m.config("1-28-1").mesh["extensionProviders"][1]["zipkin"]["port"] = json!(1);
            }),
            Verdict::Unknown,
            "extensionProvider spare is defined differently, and whether it is in use is not known",
        ),
        (
            "who uses them is not known, all alike",
            changed(|m| m.mesh.providers_in_use = forbidden("telemetries")),
            Verdict::Open,
            "agree",
        ),
        (
            "a built-in provider, said",
            changed(|m| {
                m.config("1-28-1").mesh["extensionProviders"]
                    .as_array_mut()
                    .unwrap()
<<<<<<< HEAD
                    .push(json!({ "name": "prometheus", "prometheus": {} }))
=======
                    .push(json!({ "name": "prometheus", "prometheus": {} }));
>>>>>>> gates
            }),
            Verdict::Open,
            "agree",
        ),
        (
            "no mesh config",
            changed(|m| m.config("1-28-1").mesh = Value::Null),
            Verdict::Unknown,
            "the mesh config of 1-28-1 is missing",
        ),
        (
            "no values",
            changed(|m| m.config("1-26-1").values = Value::Null),
            Verdict::Unknown,
            "the injector values of 1-26-1 are missing",
        ),
        (
            "no configuration",
            changed(|m| {
                if let Known::Known(c) = &mut m.mesh.configs {
                    c.remove("1-28-1");
                }
            }),
            Verdict::Unknown,
            "the configuration of 1-28-1 was not found",
        ),
        (
            "forbidden",
            changed(|m| m.mesh.configs = forbidden("configmaps")),
            Verdict::Unknown,
            "may not list configmaps",
        ),
        (
            "old istiod gone",
            changed(|m| m.istiods().remove(0).name.clear()),
            Verdict::Unknown,
            "there is no istiod of 1-26-1",
        ),
        (
            "points there already",
            changed(|m| m.source = Some("1-28-1".into())),
            Verdict::Open,
            "points at 1-28-1 already",
        ),
        (
            "first promotion of nobody",
            changed(|m| m.source = None),
            Verdict::Open,
            "first promotion",
        ),
        (
            "first promotion, beside another",
            changed(|m| {
                m.source = None;
                m.beside = vec!["1-26-1".into(), "1-28-1".into()];
                m.config("1-28-1").mesh["trustDomain"] = json!("example.com");
            }),
            Verdict::Closed,
            "trust domain not the same",
        ),
    ];
    for (name, change, verdict, summary) in cases {
        for mut made in [Made::live(), Made::rehearsal()] {
            change(&mut made);
            let (gate, _) = gate(&made.facts());
            assert_eq!(gate.verdict, verdict, "{name}: {}", gate.summary);
            assert!(gate.summary.contains(summary), "{name}: {}", gate.summary);
        }
    }
}
<<<<<<< HEAD

#[test]
fn all_else_is_a_finding() {
    let said = |change: Change| {
        let mut made = Made::live();
        change(&mut made);
        let (gate, findings) = gate(&made.facts());
        assert_eq!(gate.verdict, Verdict::Open, "{}", gate.summary);
        findings
            .iter()
            .map(|f| format!("{} {} {}", f.code, f.object, f.message))
            .collect::<Vec<_>>()
    };
    assert_eq!(said(changed(|_| {})), Vec::<String>::new());
    assert_eq!(
        said(changed(
            |m| m.config("1-28-1").mesh["defaultConfig"]["concurrency"] = json!(2)
        )),
        ["MESH1101 configmap/istio-1-28-1 defaultConfig.concurrency: (not set) → 2"]
    );
    assert_eq!(
        said(changed(|m| m.config("1-28-1").networks =
            json!({ "networks": { "west": { "gateways": [1] } } }))),
        ["MESH1101 configmap/istio-1-28-1 meshNetworks.networks.west.gateways: (not set) → [1]"]
    );
    assert_eq!(
        said(values("/global/proxy/logLevel", json!("debug"))),
        ["MESH1102 configmap/istio-sidecar-injector-1-28-1 global.proxy.logLevel: warning → debug"]
    );
    assert_eq!(
        said(changed(|m| m.config("1-28-1").policy = "disabled".into())),
        ["MESH1106 configmap/istio-sidecar-injector-1-28-1 policy: enabled → disabled"]
    );
    assert_eq!(
        said(changed(|m| _ = m
            .target()
            .env
            .insert("PILOT_TRACE_SAMPLING".into(), "100".into()))),
        ["MESH1103 deployment of 1-28-1 PILOT_TRACE_SAMPLING: 1 → 100"]
    );
    assert_eq!(
        said(changed(|m| m
            .config("1-28-1")
            .problems
            .push("meshNetworks: bad\u{1b}[2J".into())))[0][..45],
        *"MESH1107 configmap/istio-1-28-1 1-28-1: meshN"
    );
    assert!(
        said(changed(
            |m| m.mesh.root_cert = Known::Known(Some("sha256:else".into()))
        ))[0]
            .starts_with("MESH1105")
    );
}

#[test]
fn many_differences_are_bounded() {
    let mut made = Made::live();
    for n in 0..100 {
        made.config("1-28-1").mesh[format!("key{n}")] = json!(n);
    }
    let (_, findings) = gate(&made.facts());
    assert_eq!(findings.len(), super::FINDINGS_MAX + 1);
    assert_eq!(findings.last().unwrap().message, "and 75 more differences");
}

#[test]
fn secrets_in_the_environment_are_hidden() {
    let mut made = Made::live();
    for (revision, value) in [("old", "hunter2"), ("new", "hunter3")] {
        let istiod = if revision == "old" {
            made.old()
        } else {
            made.target()
        };
        istiod.env.insert("VAULT_TOKEN".into(), value.into());
        istiod.env.insert("SAME_TOKEN".into(), "hunter1".into());
    }
    let (_, findings) = gate(&made.facts());
    let text = format!("{findings:?}");
    assert!(text.contains("VAULT_TOKEN: (hidden) → (hidden)"), "{text}");
    assert!(!text.contains("hunter"), "{text}");
    assert!(!text.contains("SAME_TOKEN"), "{text}");
}

#[test]
fn discovery_addresses() {
    let address = |text: &str| {
        let mut made = Made::live();
        made.config("1-28-1").mesh["defaultConfig"]["discoveryAddress"] = json!(text);
        let found = gate(&made.facts()).1.pop();
        found.map(|f| (f.code, f.severity))
    };
    let wrong = |severity| Some(("MESH1104", severity));
    assert_eq!(address("istiod-1-28-1.istio-system.svc:15012"), None);
    assert_eq!(
        address("istiod-1-26-1.istio-system.svc:15012"),
        wrong(Severity::Error)
    );
    assert_eq!(
        address("istiod-1-28-1.other.svc:15012"),
        wrong(Severity::Warning)
    );
    assert_eq!(
        address("istiod.example.com:15012"),
        wrong(Severity::Warning)
    );

    let mut outside = Made::live();
    for revision in ["1-26-1", "1-28-1"] {
        outside.config(revision).mesh["defaultConfig"]["discoveryAddress"] =
            json!("istiod.example.com:15012");
    }
    assert_eq!(gate(&outside.facts()).1, []);

    for (address, revision, rest) in [
        (
            "istiod.istio-system.svc:15012",
            "default",
            Some(".istio-system.svc:15012"),
        ),
        (
            "istiod-1-2.istio-system.svc:15012",
            "1-2",
            Some(".istio-system.svc:15012"),
        ),
        ("istiod-1-2:15012", "1-2", Some(":15012")),
        ("istiod-1-2.x", "1", None),
        ("istiod", "default", None),
    ] {
        assert_eq!(own_rest(address, revision), rest, "{address} {revision}");
    }
    let _ = istiod("x", "1.28.1");
}
=======
>>>>>>> gates
