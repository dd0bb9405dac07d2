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

/// How many requests are sent, and over how many connections at once.
#[derive(Debug, Clone, Copy)]
pub struct Load {
    /// Connections.
    pub connections: usize,
    /// Requests over all of them.
    pub requests: u64,
}

/// The one caller that `payments-lockdown` lets in.
pub const ORDERS: &str = "spiffe://cluster.local/ns/orders/sa/orders-sa";

/// What Istio 1.28.1 makes of the one rule of payments-lockdown (`pilot/pkg/security/authz/builder/testdata/http`: a
/// source with `notPrincipals` is a `not_id` over an exact name), as the policy of this name.
pub fn lockdown(policy: &str) -> Value {
    json!({ "action": "DENY", "policies": { format!("ns[payments]-policy[{policy}]-rule[0]"): {
        "permissions": [{ "and_rules": { "rules": [{ "any": true }] } }],
        "principals": [{ "and_ids": { "ids": [{ "not_id": { "or_ids": { "ids": [
            { "authenticated": { "principal_name": { "exact": ORDERS } } },
        ] } } }] } }],
    } } })
}

/// A proxy that runs. It stops when dropped.
pub struct Envoy {
    peer: Peer,
    ca: Ca,
    admin: u16,
    port: u16,
    version: u32,
    names: bool,
    dir: tempfile::TempDir,
}

impl Envoy {
    /// Starts one; none where there is no Envoy here, which is said loudly.
    ///
    /// # Errors
    /// It does not start.
    #[track_caller]
    pub fn start() -> Result<Option<Self>> {
        Self::of(false)
    }

    /// The same, and it counts who calls, as `istio_requests_total` does: its name, and those of its labels that tell the
    /// caller and the answer (`istio.io/docs/reference/config/metrics`). A stand-in for Istio's own filter, which Envoy does
    /// not have; requests, identities and codes are real.
    ///
    /// # Errors
    /// It does not start.
    #[track_caller]
    pub fn naming_callers() -> Result<Option<Self>> {
        Self::of(true)
    }

    #[track_caller]
    fn of(names: bool) -> Result<Option<Self>> {
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
            listener(dir.path(), port, 0, &Filter::default(), names).to_string(),
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
            names,
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
        let listener = listener(self.dir.path(), self.port, self.version, filter, self.names);
        let text = listener.to_string();
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
        let config = self.client(identity)?;
        let (port, path) = (self.port, path.to_owned());
        runtime::run(async move {
            let mut sender = sender(port, &config).await?;
            let answer = sender.send_request(request(&path)?).await?;
            Ok(answer.status().as_u16())
        })
    }

    /// So many GETs, over connections that stay open: how long they took together, and how many were refused.
    ///
    /// # Errors
    /// One of them was not answered.
    pub fn many(&self, identity: &str, path: &str, of: Load) -> Result<(Duration, u64)> {
        let config = self.client(identity)?;
        let (port, path) = (self.port, path.to_owned());
        runtime::run(async move {
            let mut connections = Vec::new();
            for _ in 0..of.connections {
                connections.push(sender(port, &config).await?);
            }
            let start = Instant::now();
            let each = of.requests / of.connections as u64;
            let all = connections.into_iter().map(|mut sender| {
                let path = path.clone();
                tokio::spawn(async move {
                    let mut refused = 0;
                    for _ in 0..each {
                        let answer = sender.send_request(request(&path)?).await?;
                        refused += u64::from(answer.status() == 403);
                        answer.into_body().collect().await?;
                    }
                    Ok::<u64, Box<dyn std::error::Error + Send + Sync>>(refused)
                })
            });
            let mut refused = 0;
            for one in all.collect::<Vec<_>>() {
                refused += one.await.map_err(|e| e.to_string())??;
            }
            Ok((start.elapsed(), refused))
        })
    }

    /// A client with this identity.
    fn client(&self, identity: &str) -> Result<Arc<rustls::ClientConfig>> {
        let leaf = self.ca.workload(identity, &[])?;
        let mut roots = RootCertStore::empty();
        for cert in rustls_pem(self.ca.pem().as_bytes())? {
            roots.add(cert)?;
        }
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let config = rustls::ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()?
            .with_root_certificates(roots)
            .with_client_auth_cert(vec![leaf.cert_der], leaf.key_der)?;
        Ok(Arc::new(config))
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

type Sender = hyper::client::conn::http1::SendRequest<Empty<Bytes>>;

async fn sender(port: u16, config: &Arc<rustls::ClientConfig>) -> Result<Sender> {
    let stream = TcpStream::connect((HOST, port)).await?;
    stream.set_nodelay(true)?;
    let tls = TlsConnector::from(Arc::clone(config));
    let stream = tls.connect(ServerName::from(HOST), stream).await?;
    let (sender, connection) = hyper::client::conn::http1::handshake(TokioIo::new(stream)).await?;
    tokio::spawn(async move { drop(connection.await) });
    Ok(sender)
}

fn request(path: &str) -> Result<http::Request<Empty<Bytes>>> {
    Ok(http::Request::get(path)
        .header("host", "ledger.payments:8080")
        .body(Empty::new())?)
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

/// A counter of requests by caller and answer.
fn callers() -> Value {
    let tag = |name: &str, format: &str| json!({ "name": name, "value_format": format });
    json!({
        "@type": "type.googleapis.com/envoy.extensions.access_loggers.stats.v3.Config",
        "stats_scope": { "prefix": "istiocustom" },
        "counters": [{ "value_fixed": 1, "stat": { "name": "istio_requests_total", "tags": [
            tag("reporter", "destination"),
            tag("source_principal", "%DOWNSTREAM_PEER_URI_SAN%"),
            tag("response_code", "%RESPONSE_CODE%"),
            tag("response_flags", "%RESPONSE_FLAGS%"),
        ] } }],
    })
}

fn listener(dir: &Path, port: u16, version: u32, filter: &Filter, names: bool) -> Value {
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
    let mut http = json!({
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
    if names {
        http["access_log"] = json!([{ "name": "callers", "typed_config": callers() }]);
    }
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
