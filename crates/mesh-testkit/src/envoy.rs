//! A real Envoy as a workload's proxy: mutual TLS by SPIFFE identities, a filter for policies, and its counters.
//!
//! No compiler of policies runs here: what a policy becomes in a proxy is told to it by the test, which says where it
//! has that from.

use std::{
    net::{IpAddr, Ipv4Addr},
    path::{Path, PathBuf},
    sync::Arc,
    time::{Duration, Instant},
};

use bytes::Bytes;
use http_body_util::{BodyExt as _, Empty};
use hyper_util::rt::TokioIo;
use rustls::{RootCertStore, pki_types::ServerName};
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;

use crate::{
    Result,
    pki::Ca,
    process::{Peer, free_port},
    runtime,
};

/// Tells the tests where Envoy is.
pub const ENV: &str = "MESH_ENVOY";

/// How long it may take to start, and to take in another configuration.
const PATIENCE: Duration = Duration::from_secs(30);

const HOST: IpAddr = IpAddr::V4(Ipv4Addr::LOCALHOST);

/// What a proxy makes of policies: the rules it enforces and those it only evaluates, as Envoy's RBAC filter has them.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Filter {
    /// Enforced.
    pub rules: Option<Value>,
    /// Evaluated, counted and nothing else.
    pub shadow: Option<Value>,
}

/// A proxy that runs. It stops when dropped.
pub struct Envoy {
    peer: Peer,
    ca: Ca,
    admin: u16,
    port: u16,
    version: u32,
    dir: tempfile::TempDir,
}

impl Envoy {
    /// Starts one; none where there is no Envoy here, which is said loudly.
    ///
    /// # Errors
    /// It does not start.
    #[track_caller]
    pub fn start() -> Result<Option<Self>> {
        let Some(binary) = std::env::var_os(ENV).map(PathBuf::from) else {
            crate::skip::skip("there is no Envoy: cargo xtask test fetches one");
            return Ok(None);
        };
        let dir = tempfile::Builder::new().prefix("mesh-envoy-").tempdir()?;
        let ca = Ca::new("mesh-envoy")?;
        let leaf = ca.workload("spiffe://cluster.local/ns/payments/sa/ledger", &[HOST])?;
        let (admin, port) = (free_port()?, free_port()?);
        for (name, text) in [
            ("ca.pem", ca.pem()),
            ("cert.pem", &leaf.cert),
            ("key.pem", &leaf.key),
        ] {
            std::fs::write(dir.path().join(name), text)?;
        }
        std::fs::write(
            dir.path().join("lds.json"),
            listener(dir.path(), port, 0, &Filter::default()).to_string(),
        )?;
        std::fs::write(
            dir.path().join("envoy.json"),
            bootstrap(dir.path(), admin).to_string(),
        )?;
        let args = [
            "-c",
            "envoy.json",
            "--disable-hot-restart",
            "-l",
            "warning",
            "--concurrency",
            "1",
        ];
        let args = args.map(str::to_owned);
        let peer = Peer::start(&binary, &args, dir.path())?;
        let mut envoy = Self {
            peer,
            ca,
            admin,
            port,
            version: 0,
            dir,
        };
        envoy
            .waits(|stats| counter(stats, "listener_manager.listener_create_success") > Some(0))?;
        Ok(Some(envoy))
    }

    /// The port of its counters.
    pub fn admin(&self) -> u16 {
        self.admin
    }

    /// Makes it enforce and evaluate other rules, and waits until it does.
    ///
    /// # Errors
    /// It refuses them.
    pub fn apply(&mut self, filter: &Filter) -> Result<()> {
        self.version += 1;
        let text = listener(self.dir.path(), self.port, self.version, filter).to_string();
        // It watches for files that are moved there.
        let (new, place) = (
            self.dir.path().join("lds.new"),
            self.dir.path().join("lds.json"),
        );
        std::fs::write(&new, text)?;
        std::fs::rename(new, place)?;
        let wanted = u64::from(self.version) + 1;
        self.waits(|stats| {
            counter(stats, "listener_manager.lds.update_success") >= Some(wanted)
                && counter(stats, "listener_manager.total_listeners_warming") == Some(0)
        })
    }

    /// One GET by a workload of this identity: the status that came back.
    ///
    /// # Errors
    /// There was no answer.
    pub fn get(&self, identity: &str, path: &str) -> Result<u16> {
        let leaf = self.ca.workload(identity, &[])?;
        let mut roots = RootCertStore::empty();
        let pem = self.ca.pem().as_bytes().to_vec();
        for cert in rustls_pem(&pem)? {
            roots.add(cert)?;
        }
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let config = rustls::ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()?
            .with_root_certificates(roots)
            .with_client_auth_cert(vec![leaf.cert_der], leaf.key_der)?;
        let (port, path) = (self.port, path.to_owned());
        runtime::run(async move {
            let stream = TcpStream::connect((HOST, port)).await?;
            let tls = TlsConnector::from(Arc::new(config));
            let stream = tls.connect(ServerName::from(HOST), stream).await?;
            status_of(TokioIo::new(stream), &path).await
        })
    }

    fn waits(&mut self, ready: impl Fn(&str) -> bool) -> Result<()> {
        let deadline = Instant::now() + PATIENCE;
        loop {
            self.peer.check()?;
            let admin = self.admin;
            let stats =
                runtime::run(async move { text_of(admin, "/stats?filter=listener_manager").await });
            if stats.as_deref().is_ok_and(&ready) {
                return Ok(());
            }
            if Instant::now() > deadline {
                return Err(format!("Envoy is not ready: {stats:?}\n{}", self.peer.tail()).into());
            }
            std::thread::sleep(Duration::from_millis(20));
        }
    }
}

fn counter(stats: &str, name: &str) -> Option<u64> {
    let line = stats.lines().find_map(|line| line.strip_prefix(name))?;
    line.strip_prefix(": ")?.trim().parse().ok()
}

fn rustls_pem(pem: &[u8]) -> Result<Vec<rustls::pki_types::CertificateDer<'static>>> {
    use rustls::pki_types::pem::PemObject as _;
    let certs = rustls::pki_types::CertificateDer::pem_slice_iter(pem);
    Ok(certs
        .collect::<std::result::Result<Vec<_>, _>>()
        .map_err(|e| e.to_string())?)
}

async fn status_of<S>(stream: TokioIo<S>, path: &str) -> Result<u16>
where
    S: tokio::io::AsyncRead + tokio::io::AsyncWrite + Unpin + Send + 'static,
{
    let (mut sender, connection) = hyper::client::conn::http1::handshake(stream).await?;
    tokio::spawn(async move { drop(connection.await) });
    let request = http::Request::get(path)
        .header("host", "ledger.payments:8080")
        .body(Empty::<Bytes>::new())?;
    Ok(sender.send_request(request).await?.status().as_u16())
}

async fn text_of(port: u16, path: &str) -> Result<String> {
    let stream = TokioIo::new(TcpStream::connect((HOST, port)).await?);
    let (mut sender, connection) = hyper::client::conn::http1::handshake(stream).await?;
    tokio::spawn(async move { drop(connection.await) });
    let request = http::Request::get(path)
        .header("host", "localhost")
        .body(Empty::<Bytes>::new())?;
    let answer = sender.send_request(request).await?;
    let body = answer.into_body().collect().await?.to_bytes();
    Ok(String::from_utf8_lossy(&body).into_owned())
}

/// The tags are those of Istio 1.28.1's bootstrap (`tools/packaging/common/envoy_bootstrap.json`), as far as policies count.
fn bootstrap(dir: &Path, admin: u16) -> Value {
    let tag = |name: &str, regex: &str| json!({ "tag_name": name, "regex": regex });
    json!({
        "node": { "id": "sidecar", "cluster": "ledger.payments" },
        "admin": { "address": address(admin) },
        "stats_config": { "stats_tags": [
            tag("authz_enforce_result", r"rbac(\.(allowed|denied))"),
            tag("authz_dry_run_action", r"(\.istio_dry_run_(allow|deny)_)"),
            tag("authz_dry_run_result", r"(\.shadow_(allowed|denied))"),
        ] },
        "dynamic_resources": { "lds_config": {
            "resource_api_version": "V3",
            "path_config_source": { "path": dir.join("lds.json") },
        } },
    })
}

fn address(port: u16) -> Value {
    json!({ "socket_address": { "address": HOST, "port_value": port } })
}

fn listener(dir: &Path, port: u16, version: u32, filter: &Filter) -> Value {
    let file = |name: &str| json!({ "filename": dir.join(name) });
    let mut rbac =
        json!({ "@type": "type.googleapis.com/envoy.extensions.filters.http.rbac.v3.RBAC" });
    if let Some(rules) = &filter.rules {
        rbac["rules"] = rules.clone();
    }
    if let Some(shadow) = &filter.shadow {
        rbac["shadow_rules"] = shadow.clone();
        rbac["shadow_rules_stat_prefix"] = "istio_dry_run_deny_".into();
    }
    let router =
        json!({ "@type": "type.googleapis.com/envoy.extensions.filters.http.router.v3.Router" });
    let http = json!({
        "@type": "type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager",
        "stat_prefix": "inbound_0.0.0.0_8080",
        "route_config": { "virtual_hosts": [{ "name": "ledger", "domains": ["*"], "routes": [
            { "match": { "prefix": "/" }, "direct_response": { "status": 200 } },
        ] }] },
        "http_filters": [
            { "name": "envoy.filters.http.rbac", "typed_config": rbac },
            { "name": "envoy.filters.http.router", "typed_config": router },
        ],
    });
    let tls = json!({
        "@type": "type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.DownstreamTlsContext",
        "require_client_certificate": true,
        "common_tls_context": {
            "tls_certificates": [{ "certificate_chain": file("cert.pem"), "private_key": file("key.pem") }],
            "validation_context": { "trusted_ca": file("ca.pem") },
        },
    });
    json!({
        "version_info": version.to_string(),
        "resources": [{
            "@type": "type.googleapis.com/envoy.config.listener.v3.Listener",
            "name": "virtualInbound",
            // Nobody waits for connections of older rules: each request of a test is one of its own.
            "drain_type": "MODIFY_ONLY",
            "address": address(port),
            "filter_chains": [{
                "transport_socket": { "name": "tls", "typed_config": tls },
                "filters": [{ "name": "http", "typed_config": http }],
            }],
        }],
    })
}
