//! The Secret that istiod signs with: its certificates, and never its key.

use base64::{Engine, engine::general_purpose::STANDARD};
use kube::Client;
use mesh_common::{
    cluster::{Connection, get_json, is_absent},
    mesh::Known,
};
use serde::Deserialize;

use super::platform::gap;
use crate::{
    facts::CaSecret,
    x509::{Certificate, certificates},
};

/// What istiod signs with, in the order in which it looks (`pilot/pkg/bootstrap/istio_ca.go`): what was plugged in,
/// else what it made for itself.
const NAMES: [&str; 2] = ["cacerts", "istio-ca-secret"];

/// A CA Secret without its key: that is not even taken out of the answer.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Secret {
    metadata: Metadata,
    data: Option<Data>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Metadata {
    annotations: Option<Annotations>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Annotations {
    #[serde(rename = "cert-manager.io/certificate-name")]
    certificate: Option<String>,
}

/// Both forms that istiod takes, its own and that of `kubernetes.io/tls`.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Data {
    #[serde(rename = "ca-cert.pem")]
    ca_cert: Option<String>,
    #[serde(rename = "root-cert.pem")]
    root_cert: Option<String>,
    #[serde(rename = "cert-chain.pem")]
    cert_chain: Option<String>,
    #[serde(rename = "tls.crt")]
    tls_crt: Option<String>,
    #[serde(rename = "ca.crt")]
    ca_crt: Option<String>,
}

/// Reads it by its name. None where there is neither.
pub(super) async fn read(conn: &Connection, client: &Client) -> Known<Option<CaSecret>> {
    let namespace = &conn.istio_namespace;
    for name in NAMES {
        let path = format!("/api/v1/namespaces/{namespace}/secrets/{name}");
        match get_json::<Secret>(client, &path).await {
            Ok(secret) => return Known::Known(Some(public(name, secret))),
            Err(e) if is_absent(&e) => {}
            Err(e) => {
                let doing = format!("get secrets \"{name}\" in {namespace}");
                return Known::Unknown(gap(&e, conn, "secrets", &doing));
            }
        }
    }
    Known::Known(None)
}

fn public(name: &str, secret: Secret) -> CaSecret {
    let data = secret.data.unwrap_or_default();
    CaSecret {
        name: name.to_owned(),
        signing: read_in(data.tls_crt.or(data.ca_cert)),
        roots: read_in(data.ca_crt.or(data.root_cert)),
        chain: read_in(data.cert_chain),
        renewed: secret
            .metadata
            .annotations
            .is_some_and(|a| a.certificate.is_some()),
    }
}

/// The certificates of a field. One that is there and holds none is one that cannot be read.
fn read_in(field: Option<String>) -> Vec<Option<Certificate>> {
    let Some(encoded) = field.filter(|f| !f.is_empty()) else {
        return Vec::new();
    };
    let found = STANDARD
        .decode(encoded)
        .map(|pem| certificates(&String::from_utf8_lossy(&pem)))
        .unwrap_or_default();
    if found.is_empty() { vec![None] } else { found }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::made::ROOT;

    #[test]
    fn both_forms_are_read_and_no_key_is() {
        let (pem, key) = (STANDARD.encode(ROOT), STANDARD.encode("the key"));
        let own: Secret = serde_json::from_value(json!({
            "metadata": { "name": "cacerts" },
            "data": { "ca-cert.pem": pem, "ca-key.pem": key, "root-cert.pem": pem, "cert-chain.pem": "%" },
        }))
        .unwrap();
        assert!(!format!("{own:?}").contains(&key));
        let own = public("cacerts", own);
        assert!(own.signing[0].is_some() && own.roots == own.signing);
        assert_eq!((own.chain, own.renewed), (vec![None], false));
        let tls: Secret = serde_json::from_value(json!({
            "metadata": { "annotations": { "cert-manager.io/certificate-name": "istio-ca" } },
            "data": { "tls.crt": pem, "tls.key": key, "ca.crt": pem },
        }))
        .unwrap();
        let tls = public("cacerts", tls);
        assert!(tls.renewed && tls.signing[0].is_some() && tls.chain.is_empty());
        let none: Secret = serde_json::from_value(json!({ "metadata": {} })).unwrap();
        assert!(public("cacerts", none).signing.is_empty());
    }
}
