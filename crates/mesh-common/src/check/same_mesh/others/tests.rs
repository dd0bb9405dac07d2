//! Tests of the findings beside the gate `same mesh`.

use serde_json::json;

use super::{FINDINGS_MAX, own_rest};
use crate::{
    check::{
        Severity, Verdict,
        made::{Change, Made, changed},
        same_mesh::gate,
    },
    mesh::Known,
};

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
        said(changed(
            |m| m.config("1-28-1").values["global"]["proxy"]["logLevel"] = json!("debug")
        )),
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
    assert_eq!(findings.len(), FINDINGS_MAX + 1);
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
    let wrong = |severity| Some(("MESH1104".into(), severity));
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
}
