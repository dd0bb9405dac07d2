use base64::{Engine, engine::general_purpose::STANDARD};
use mesh_common::mesh::Known;
use rcgen::{CertificateParams, DnType, KeyPair, date_time_ymd};
use serde_json::json;

use super::{expect, facts, known, run};
use crate::{
    check::Status,
    facts::{CaSecret, Facts},
    made::ROOT,
    x509::certificates,
};

const CODE: &str = "MESH2309";

/// A self-signed certificate that ends on this day.
fn certificate(name: &str, (year, month, day): (i32, u8, u8)) -> String {
    let mut params = CertificateParams::default();
    params.distinguished_name = rcgen::DistinguishedName::new();
    params
        .distinguished_name
        .push(DnType::OrganizationName, name);
    params.not_before = date_time_ymd(2024, 1, 1);
    params.not_after = date_time_ymd(year, month, day);
    params
        .self_signed(&KeyPair::generate().unwrap())
        .unwrap()
        .pem()
}

fn secret(facts: &mut Facts) -> &mut CaSecret {
    known(&mut facts.ca).as_mut().unwrap()
}

/// A plugged-in intermediate that ends on this day, with the root that workloads have.
fn plugged(end: (i32, u8, u8)) -> Facts {
    let mut facts = facts();
    *secret(&mut facts) = CaSecret {
        name: "cacerts".into(),
        signing: certificates(&certificate("intermediate", end)),
        roots: certificates(ROOT),
        chain: Vec::new(),
        renewed: false,
    };
    facts
}

#[test]
fn a_certificate_is_to_outlive_the_upgrade() {
    let ok = "root O=cluster.local until 2034-01-01; self-signed (secret istio-ca-secret)";
    expect(CODE, &facts(), Status::Ok, &[ok]);
    // It is 2025-11-20.
    for (end, status, says) in [
        ((2030, 1, 1), Status::Ok, "O=cluster.local until 2034-01-01"),
        ((2026, 2, 19), Status::Ok, ""),
        (
            (2026, 2, 17),
            Status::Warning,
            "the certificate that istiod signs with ends on 2026-02-17, in 88 days",
        ),
        (
            (2025, 12, 19),
            Status::Error,
            "ends on 2025-12-19, in 28 days",
        ),
        (
            (2025, 11, 20),
            Status::Error,
            "the certificate that istiod signs with ended on 2025-11-20",
        ),
    ] {
        expect(CODE, &plugged(end), status, &[says]);
    }
    let says = [
        "secret/cacerts -n istio-system",
        "notAfter: 2025-12-19T00:00:00Z; subject: O=intermediate",
        "kubectl -n istio-system get secret cacerts",
    ];
    expect(CODE, &plugged((2025, 12, 19)), Status::Error, &says);
    // cert-manager renews at a third before the end.
    let mut renewed = plugged((2025, 12, 19));
    secret(&mut renewed).renewed = true;
    expect(CODE, &renewed, Status::Ok, &[]);
    renewed.mesh.now = "2025-12-15T00:00:00Z".parse().unwrap();
    assert_eq!(run(CODE, &renewed).status, Status::Warning);

    let mut early = facts();
    early.mesh.now = "2023-12-31T00:00:00Z".parse().unwrap();
    expect(
        CODE,
        &early,
        Status::Error,
        &["is valid only from 2024-01-01T00:00:00Z: a clock is wrong"],
    );
}

#[test]
fn a_root_outlives_what_it_signed_and_is_the_one_that_workloads_trust() {
    let mut facts = plugged((2035, 1, 1));
    expect(
        CODE,
        &facts,
        Status::Warning,
        &["its root ends on 2034-01-01, before what it signed, on 2035-01-01"],
    );
    secret(&mut facts).roots = certificates(&certificate("new root", (2040, 1, 1)));
    let says = [
        "its root is none that workloads trust: the next istiod that starts signs what they refuse",
        "in the Secret: O=new root until 2040-01-01",
        "in istio-ca-root-cert: O=cluster.local until 2034-01-01",
    ];
    expect(CODE, &facts, Status::Error, &says);
    // A bundle of both, while the root changes.
    let both = format!("{ROOT}{}", certificate("old", (2024, 6, 1)));
    secret(&mut facts).roots = certificates(&both);
    secret(&mut facts).signing = certificates(&certificate("intermediate", (2030, 1, 1)));
    facts.mesh.root_pem = Known::Known(Some(both));
    expect(
        CODE,
        &facts,
        Status::Info,
        &["a root that ended on 2024-06-01 is still in the bundle"],
    );
}

#[test]
fn what_cannot_be_read_is_not_known() {
    for root in [
        None,
        Some("a stand-in".to_owned()),
        Some(ROOT.replace('M', "*")),
    ] {
        let mut facts = facts();
        facts.mesh.root_pem = Known::Known(root);
        expect(CODE, &facts, Status::Unknown, &["istio-ca-root-cert"]);
    }
    let mut facts = facts();
    secret(&mut facts).signing = vec![None];
    expect(
        CODE,
        &facts,
        Status::Unknown,
        &["secret/istio-ca-secret -n istio-system holds what cannot be read"],
    );
    facts.ca = Known::Known(None);
    expect(
        CODE,
        &facts,
        Status::Ok,
        &["no Secret cacerts or istio-ca-secret"],
    );
}

#[test]
fn bundles_of_webhooks_are_certificates_and_not_ended() {
    let with = |pem: &str| {
        let mut facts = facts();
        let raw = known(&mut facts.mesh.raw);
        for webhook in raw.validating[0]["webhooks"].as_array_mut().unwrap() {
            webhook["clientConfig"]["caBundle"] = json!(STANDARD.encode(pem));
        }
        facts
    };
    let says = [
        "validatingwebhookconfiguration/istio-validator-1-26-1-istio-system",
        "its CA bundle ended on 2025-01-01: the API server cannot call it",
    ];
    expect(
        CODE,
        &with(&certificate("old", (2025, 1, 1))),
        Status::Error,
        &says,
    );
    let says = "its CA bundle holds another root than workloads are given";
    expect(
        CODE,
        &with(&certificate("other", (2035, 1, 1))),
        Status::Info,
        &[says],
    );

    let bundle = |digest: Option<&str>, pem: bool| {
        let mut facts = facts();
        for webhook in &mut known(&mut facts.mesh.injectors)[0].webhooks {
            webhook.ca_bundle = digest.map(str::to_owned);
            webhook.ca_bundle_is_pem = pem;
        }
        facts
    };
    // As the chart `base` leaves the default validator.
    let mut open = facts();
    for webhook in &mut known(&mut open.mesh.validators)[0].webhooks {
        webhook.ca_bundle = None;
        webhook.failure_policy = "Ignore".into();
    }
    expect(CODE, &open, Status::Warning, &["has no CA bundle"]);
    let tag = "mutatingwebhookconfiguration/istio-revision-tag-stable";
    let says =
        "the CA bundle of istio-revision-tag-stable is not that of istio-sidecar-injector-1-26-1";
    expect(
        CODE,
        &bundle(Some("sha256:other"), true),
        Status::Error,
        &[tag, says],
    );
    expect(
        CODE,
        &bundle(None, true),
        Status::Error,
        &[tag, "has no CA bundle"],
    );
    expect(
        CODE,
        &bundle(Some("sha256:x"), false),
        Status::Error,
        &[tag, "is no PEM certificate"],
    );
}

#[test]
fn who_else_issues_is_said_and_the_secret_is_not_asked_for() {
    let env = |name: &str, value: &str| {
        let mut facts = facts();
        facts.ca = super::forbidden("secrets");
        let istiod = &mut known(&mut facts.mesh.istiods)[0];
        istiod.env.insert(name.into(), value.into());
        facts
    };
    let says = [
        "issued by a signer of Kubernetes",
        "env EXTERNAL_CA=ISTIOD_RA_KUBERNETES_API",
    ];
    let mut facts = env("EXTERNAL_CA", "ISTIOD_RA_KUBERNETES_API");
    expect(CODE, &facts, Status::Info, &says);
    expect(
        CODE,
        &env("ENABLE_CA_SERVER", "false"),
        Status::Info,
        &["another CA than istiod"],
    );
    expect(
        CODE,
        &env("ENABLE_CA_SERVER", "true"),
        Status::Skipped,
        &["may not list secrets"],
    );

    known(&mut facts.mesh.istiods)[0].env.clear();
    let config = known(&mut facts.mesh.configs).get_mut("1-26-1").unwrap();
    config.values["global"]["caAddress"] = json!("cert-manager-istio-csr.cert-manager.svc:443");
    config.mesh["caCertificates"] = json!([{ "pem": "x" }]);
    let says = ["cert-manager's istio-csr", "trusts 1 further CA"];
    expect(CODE, &facts, Status::Info, &says);
    known(&mut facts.mesh.istiods)[0]
        .env
        .insert("PILOT_CERT_PROVIDER".into(), "kubernetes".into());
    expect(
        CODE,
        &facts,
        Status::Info,
        &["serving certificate is from kubernetes"],
    );
}
