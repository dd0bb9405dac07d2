//! Tests of the gate `same mesh`.

#![allow(clippy::too_many_lines)] // one table each

use serde_json::{Value, json};

use super::gate;
use crate::{
    check::{
        Verdict,
        made::{Change, Made, changed, forbidden, injector},
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
            "trust domain not the same: cluster.local (1-26-1), example.com (1-28-1)",
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
            "trust domain not the same",
        ),
        (
            "an alias",
            mesh("trustDomainAliases", json!(["old.local"])),
            Verdict::Closed,
            "trust domain aliases not the same: none (1-26-1), old.local (1-28-1)",
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
            "root namespace not the same",
        ),
        (
            "CA",
            changed(move |m| bundle(m, Some("sha256:other"))),
            Verdict::Closed,
            "CA root not the same: sha256:root (1-26-1), sha256:other (1-28-1)",
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
            "network not the same: none (1-26-1), west (1-28-1)",
        ),
        (
            "cluster",
            values("/global/multiCluster/clusterName", json!("west")),
            Verdict::Closed,
            "cluster name not the same: Kubernetes (1-26-1), west (1-28-1)",
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
            "cluster id of istiod not the same",
        ),
        (
            "mesh id",
            values("/global/meshID", json!("shop")),
            Verdict::Closed,
            "mesh id not the same: cluster.local (1-26-1), shop (1-28-1)",
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
            "outboundTrafficPolicy not the same: ALLOW_ANY (1-26-1), REGISTRY_ONLY (1-28-1)",
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
            "pathNormalization not the same: BASE (1-26-1), NONE (1-28-1)",
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
                    json!(1);
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
                m.config("1-28-1").mesh["extensionProviders"][1]["zipkin"]["port"] = json!(1);
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
                    .push(json!({ "name": "prometheus", "prometheus": {} }));
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
