//! A webhook that lets everything through and remembers who called it: for tables of which webhook takes which pod.

use std::{
    collections::BTreeMap,
    net::SocketAddr,
    sync::{Arc, Mutex, PoisonError},
};

use bytes::Bytes;
use futures::future::BoxFuture;

use crate::{
    Result,
    pki::Ca,
    server::{Answer, Review, Server, listen},
};

/// A listener for webhooks with `clientConfig.url`.
///
/// Give each webhook `url: <url_base>/<name of the webhook>` and `caBundle` = base64 of [`Recorder::ca_pem`].
#[derive(Debug)]
pub struct Recorder {
    /// `https://127.0.0.1:PORT`.
    pub url_base: String,
    /// What signed its certificate.
    pub ca_pem: String,
    calls: Arc<Calls>,
    _server: Server,
}

/// One admission call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecordedCall {
    /// The path that was called without its leading slash: the name of the webhook.
    pub webhook: String,
    /// The namespace of the object.
    pub namespace: String,
    /// Its name, or its generateName.
    pub name: String,
    /// Its labels.
    pub labels: BTreeMap<String, String>,
    /// Whether the request that caused it was a dry run.
    pub dry_run: bool,
}

#[derive(Debug, Default)]
struct Calls(Mutex<Vec<RecordedCall>>);

impl Recorder {
    /// Starts one on a free port.
    pub fn start() -> Result<Self> {
        let ca = Arc::new(Ca::new("mesh-lab-recorder")?);
        let calls = Arc::new(Calls::default());
        let ca_pem = ca.pem().to_owned();
        let server = listen(([127, 0, 0, 1], 0).into(), Some(ca), calls.clone())?;
        Ok(Self {
            url_base: format!("https://127.0.0.1:{}", server.local.port()),
            ca_pem,
            calls,
            _server: server,
        })
    }

    /// The calls so far, in the order they came; forgets them.
    pub fn calls(&self) -> Vec<RecordedCall> {
        std::mem::take(&mut *self.calls.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Answer for Calls {
    fn accepts(&self, _: SocketAddr) -> BoxFuture<'_, bool> {
        Box::pin(async { true })
    }

    fn answer(&self, _: SocketAddr, path: String, body: Bytes) -> BoxFuture<'_, (u16, String)> {
        Box::pin(async move {
            let Some(review) = Review::parse(&body) else {
                return (400, "not an AdmissionReview".into());
            };
            let call = RecordedCall {
                webhook: path.trim_start_matches('/').to_owned(),
                namespace: review.namespace(),
                name: review.name(),
                labels: review.labels(),
                dry_run: review.dry_run(),
            };
            self.0
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .push(call);
            (200, review.allow(None))
        })
    }
}
