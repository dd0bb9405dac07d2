//! The API server behind the proxy: one connection per request, upgrades included.

use std::sync::Arc;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use bytes::Bytes;
use http::{HeaderValue, Request, Response, StatusCode, Uri, header};
use http_body_util::{BodyExt as _, Full, combinators::BoxBody};
use hyper::body::Incoming;
use hyper_util::rt::TokioIo;
use rustls::{
    ClientConfig, RootCertStore,
    pki_types::{CertificateDer, PrivateKeyDer, ServerName, pem::PemObject as _},
};
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;

use crate::Result;

/// What is sent back.
pub(super) type Body = BoxBody<Bytes, hyper::Error>;

/// Where requests go, and as whom.
pub(super) struct Upstream {
    authority: String,
    tls: TlsConnector,
    token: Option<String>,
}

impl Upstream {
    /// The current context of a kubeconfig, whose certificates are inline as the fixture writes them.
    pub(super) fn of(yaml: &str) -> Result<Self> {
        let config: Value = serde_saphyr::from_str(yaml)?;
        let entry = |list: &str, name: &Value, field: &str| {
            let mut entries = config[list].as_array().into_iter().flatten();
            let found = entries.find(|entry| entry["name"] == *name);
            found.map(|entry| entry[field].clone()).unwrap_or_default()
        };
        let context = entry("contexts", &config["current-context"], "context");
        let cluster = entry("clusters", &context["cluster"], "cluster");
        let user = entry("users", &context["user"], "user");
        let server: Uri = cluster["server"].as_str().unwrap_or_default().parse()?;
        let authority = server.authority().ok_or("a server without a host")?;
        Ok(Self {
            authority: authority.to_string(),
            tls: TlsConnector::from(Arc::new(tls(&cluster, &user)?)),
            token: user["token"].as_str().map(str::to_owned),
        })
    }

    /// The same connection by way of the proxy at `server`.
    pub(super) fn kubeconfig(&self, server: &str) -> Value {
        let user = match &self.token {
            Some(token) => json!({ "token": token }),
            None => json!({}),
        };
        json!({
            "apiVersion": "v1", "kind": "Config", "current-context": "lab",
            "clusters": [{"name": "lab", "cluster": {"server": server}}],
            "contexts": [{"name": "lab", "context": {"cluster": "lab", "user": "proxied"}}],
            "users": [{"name": "proxied", "user": user}],
        })
    }

    /// Sends one request on; a protocol switch is carried through until either side ends it.
    pub(super) async fn send(&self, mut request: Request<Incoming>) -> Result<Response<Body>> {
        let stream = TcpStream::connect(&self.authority).await?;
        stream.set_nodelay(true)?;
        let name = ServerName::try_from("localhost")?;
        let stream = self.tls.connect(name, stream).await?;
        let (mut sender, connection) =
            hyper::client::conn::http1::handshake(TokioIo::new(stream)).await?;
        tokio::spawn(async move { drop(connection.with_upgrades().await) });
        let upgrade = request
            .headers()
            .contains_key(header::UPGRADE)
            .then(|| hyper::upgrade::on(&mut request));
        let host = HeaderValue::from_str(&self.authority)?;
        request.headers_mut().insert(header::HOST, host);
        let mut response = sender.send_request(request).await?;
        if let Some(ours) = upgrade.filter(|_| response.status() == StatusCode::SWITCHING_PROTOCOLS)
        {
            let theirs = hyper::upgrade::on(&mut response);
            tokio::spawn(async move {
                let (Ok(ours), Ok(theirs)) = tokio::join!(ours, theirs) else {
                    return;
                };
                let (mut ours, mut theirs) = (TokioIo::new(ours), TokioIo::new(theirs));
                drop(tokio::io::copy_bidirectional(&mut ours, &mut theirs).await);
            });
        }
        Ok(response.map(http_body_util::BodyExt::boxed))
    }
}

/// A body that is known already.
pub(super) fn full(text: String) -> Body {
    Full::new(Bytes::from(text))
        .map_err(|never| match never {})
        .boxed()
}

fn tls(cluster: &Value, user: &Value) -> Result<ClientConfig> {
    let pem = |object: &Value, field: &str| -> Result<Option<Vec<u8>>> {
        Ok(object[field]
            .as_str()
            .map(|text| STANDARD.decode(text))
            .transpose()?)
    };
    let ca = pem(cluster, "certificate-authority-data")?.unwrap_or_default();
    let mut roots = RootCertStore::empty();
    for cert in CertificateDer::pem_slice_iter(&ca) {
        roots.add(cert?)?;
    }
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let builder = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()?
        .with_root_certificates(roots);
    let (Some(chain), Some(key)) = (
        pem(user, "client-certificate-data")?,
        pem(user, "client-key-data")?,
    ) else {
        return Ok(builder.with_no_client_auth());
    };
    let chain: Vec<_> =
        CertificateDer::pem_slice_iter(&chain).collect::<std::result::Result<_, _>>()?;
    Ok(builder.with_client_auth_cert(chain, PrivateKeyDer::from_pem_slice(&key)?)?)
}
