//! A small HTTP(S) server on the background thread, for the stand-ins.

use std::{
    collections::HashMap,
    fmt,
    net::SocketAddr,
    sync::{Arc, Mutex},
};

use bytes::Bytes;
use futures::future::BoxFuture;
use http::{Request, Response, StatusCode};
use http_body_util::{BodyExt as _, Full};
use hyper::{body::Incoming, service::service_fn};
use hyper_util::rt::TokioIo;
use rustls::{
    ServerConfig,
    server::{ClientHello, ResolvesServerCert},
    sign::CertifiedKey,
};
use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::{TcpListener, TcpStream},
    task::AbortHandle,
};
use tokio_rustls::TlsAcceptor;

use crate::{Result, pki::Ca, runtime};

/// What a stand-in does with connections and requests.
pub(crate) trait Answer: Send + Sync + 'static {
    /// Whether this connection is taken at all; otherwise it is reset, as by a port nobody listens on.
    fn accepts(&self, local: SocketAddr) -> BoxFuture<'_, bool>;
    /// Answers one request.
    fn answer(&self, local: SocketAddr, path: String, body: Bytes) -> BoxFuture<'_, (u16, String)>;
}

/// A running listener. Stops when dropped.
#[derive(Debug)]
pub(crate) struct Server {
    task: AbortHandle,
    pub(crate) local: SocketAddr,
}

impl Drop for Server {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// Listens here, with TLS if there is a CA to make certificates from.
pub(crate) fn listen(
    at: SocketAddr,
    tls: Option<Arc<Ca>>,
    answer: Arc<impl Answer>,
) -> Result<Server> {
    let listener = std::net::TcpListener::bind(at).map_err(|e| format!("listen on {at}: {e}"))?;
    listener.set_nonblocking(true)?;
    let local = listener.local_addr()?;
    let listener = {
        let _runtime = runtime::enter();
        TcpListener::from_std(listener)?
    };
    let tls = tls.map(acceptor).transpose()?;
    let task = runtime::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            tokio::spawn(connection(stream, tls.clone(), answer.clone()));
        }
    });
    Ok(Server { task, local })
}

async fn connection(stream: TcpStream, tls: Option<TlsAcceptor>, answer: Arc<impl Answer>) {
    let Ok(local) = stream.local_addr() else {
        return;
    };
    if !answer.accepts(local).await {
        // Closing with unsent data thrown away is a reset on the other side.
        drop(stream.set_zero_linger());
        return;
    }
    match tls {
        None => serve(stream, local, answer).await,
        Some(tls) => {
            if let Ok(stream) = tls.accept(stream).await {
                serve(stream, local, answer).await;
            }
        }
    }
}

async fn serve<S>(stream: S, local: SocketAddr, answer: Arc<impl Answer>)
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let service = service_fn(move |request: Request<Incoming>| {
        let answer = answer.clone();
        async move {
            let path = request.uri().path().to_owned();
            let body = request.into_body().collect().await?.to_bytes();
            let (status, text) = answer.answer(local, path, body).await;
            let mut response = Response::new(Full::new(Bytes::from(text)));
            *response.status_mut() = StatusCode::from_u16(status).unwrap_or(StatusCode::OK);
            Ok::<_, hyper::Error>(response)
        }
    });
    let mut http = hyper::server::conn::http1::Builder::new();
    // Each call asks anew whether anybody is there, as a connection to a pod that died would break.
    http.keep_alive(false);
    drop(http.serve_connection(TokioIo::new(stream), service).await);
}

fn acceptor(ca: Arc<Ca>) -> Result<TlsAcceptor> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()?
        .with_no_client_auth()
        .with_cert_resolver(Arc::new(ByName {
            ca,
            made: Mutex::default(),
        }));
    Ok(TlsAcceptor::from(Arc::new(config)))
}

/// Makes a certificate for whatever name is asked for.
struct ByName {
    ca: Arc<Ca>,
    made: Mutex<HashMap<String, Arc<CertifiedKey>>>,
}

impl ByName {
    fn make(&self, name: &str) -> Result<Arc<CertifiedKey>> {
        let leaf = self.ca.serving(&[name], &[[127, 0, 0, 1].into()])?;
        let key = rustls::crypto::ring::sign::any_supported_type(&leaf.key_der)?;
        Ok(Arc::new(CertifiedKey::new(vec![leaf.cert_der], key)))
    }
}

impl ResolvesServerCert for ByName {
    fn resolve(&self, hello: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        let name = hello.server_name().unwrap_or("localhost").to_owned();
        let mut made = self
            .made
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner);
        if let Some(key) = made.get(&name) {
            return Some(key.clone());
        }
        let key = self.make(&name).ok()?;
        made.insert(name, key.clone());
        Some(key)
    }
}

impl fmt::Debug for ByName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ByName").finish_non_exhaustive()
    }
}

/// What an `AdmissionReview` asks about.
pub(crate) struct Review {
    /// Version 1.20.8 asks to be asked in v1beta1; the answer has to be of the same version.
    api_version: serde_json::Value,
    pub(crate) request: serde_json::Value,
}

impl Review {
    pub(crate) fn parse(body: &Bytes) -> Option<Self> {
        let mut review: serde_json::Value = serde_json::from_slice(body).ok()?;
        let request = review["request"].take();
        request.is_object().then(|| Self {
            api_version: review["apiVersion"].take(),
            request,
        })
    }

    /// The answer: allowed, with this JSON patch if there is one.
    pub(crate) fn allow(&self, patch: Option<&serde_json::Value>) -> String {
        use base64::{Engine as _, engine::general_purpose::STANDARD};
        let mut response = serde_json::json!({"uid": self.request["uid"], "allowed": true});
        if let Some(patch) = patch {
            response["patchType"] = "JSONPatch".into();
            response["patch"] = STANDARD.encode(patch.to_string()).into();
        }
        serde_json::json!({
            "apiVersion": self.api_version, "kind": "AdmissionReview", "response": response,
        })
        .to_string()
    }

    /// Name of the pod, or what it is generated from.
    pub(crate) fn name(&self) -> String {
        let meta = &self.request["object"]["metadata"];
        let name = meta["name"].as_str().or(meta["generateName"].as_str());
        name.or(self.request["name"].as_str())
            .unwrap_or_default()
            .to_owned()
    }

    pub(crate) fn namespace(&self) -> String {
        self.request["namespace"]
            .as_str()
            .unwrap_or_default()
            .to_owned()
    }

    pub(crate) fn labels(&self) -> std::collections::BTreeMap<String, String> {
        serde_json::from_value(self.request["object"]["metadata"]["labels"].clone())
            .unwrap_or_default()
    }

    pub(crate) fn dry_run(&self) -> bool {
        self.request["dryRun"] == true
    }
}
