//! What is said of a Secret, and what never is.

use rcgen::{CertificateParams, KeyPair, date_time_ymd};
use serde_json::json;

use super::*;

fn pem(year: i32) -> String {
    let mut params = CertificateParams::default();
    params.not_after = date_time_ymd(year, 2, 3);
    let key = KeyPair::generate().unwrap();
    params.self_signed(&key).unwrap().pem()
}

#[test]
fn certificates_are_named_by_fingerprint_and_nothing_else_of_a_value_is() {
    let chain = pem(2033) + &pem(2044);
    let secret = json!({
        "apiVersion": "v1", "kind": "Secret", "type": "kubernetes.io/tls",
        "metadata": {"name": "cacerts", "namespace": "istio-system", "uid": "u", "resourceVersion": "7",
            "annotations": {"kubectl.kubernetes.io/last-applied-configuration": "marker"}},
        "data": {"tls.crt": STANDARD.encode(&chain), "tls.key": STANDARD.encode("marker"),
            "root-cert.pem": STANDARD.encode("marker"), "odd": "marker"},
    });
    let raw = serde_json::value::to_raw_value(&secret).unwrap();
    let role = (Role::Ca, BTreeSet::from(["Gateway a/b".to_owned()]));
    let summary = summary("istio-system", "cacerts", role, State::Read, Some(&raw)).unwrap();
    let text = serde_json::to_string(&summary).unwrap();
    let read: serde_json::Value = serde_json::from_str(&text).unwrap();
    assert_eq!(read["apiVersion"], "kubectl-mesh/v1alpha1");
    assert_eq!(read["type"], "kubernetes.io/tls");
    assert_eq!(
        read["metadata"],
        json!({"name": "cacerts", "namespace": "istio-system", "uid": "u", "resourceVersion": "7"})
    );
    assert_eq!(
        read["keys"],
        json!(["odd", "root-cert.pem", "tls.crt", "tls.key"])
    );
    assert_eq!(read["role"], "ca");
    assert_eq!(read["state"], "read");
    let wanted: Vec<_> = x509::certificates(&chain)
        .into_iter()
        .flatten()
        .map(|c| c.fingerprint())
        .collect();
    let certificates = read["certificates"].as_array().unwrap();
    assert_eq!(certificates.len(), 2);
    assert_eq!(certificates[0]["sha256"], wanted[0].as_str());
    assert_eq!(certificates[0]["notAfter"], "2033-02-03T00:00:00Z");
    assert_eq!(certificates[1]["sha256"], wanted[1].as_str());
    for value in [
        "marker",
        &STANDARD.encode("marker"),
        &STANDARD.encode(&chain),
    ] {
        assert!(!text.contains(value), "{text}");
    }
}

#[test]
fn what_is_no_secret_is_not_quoted() {
    let raw = serde_json::value::to_raw_value(&json!({"data": ["marker"]})).unwrap();
    let error = summary(
        "a",
        "b",
        (Role::Ca, BTreeSet::new()),
        State::Read,
        Some(&raw),
    )
    .unwrap_err();
    assert_eq!(error.to_string(), "the Secret a/b is no Secret");
    assert!(!format!("{error:?}").contains("marker"));
}

#[test]
fn names_out_of_gateways_are_names() {
    for (name, good) in [
        ("cacerts", true),
        ("a.b-c", true),
        ("", false),
        ("../pods", false),
        ("a/b", false),
        ("a?b", false),
        ("A", false),
    ] {
        assert_eq!(is_name(name), good, "{name}");
    }
}
