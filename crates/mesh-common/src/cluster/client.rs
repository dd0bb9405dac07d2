//! The HTTP client: kube's own stack for addresses, TLS and proxies, and around it what kubectl users expect of waiting,
//! retrying and logging.

use std::{sync::Arc, time::Duration};

use base64::Engine;
use http::{HeaderMap, Method, Request, Response, StatusCode, header};
use kube::{
    Client, Config,
    client::{Body, ClientBuilder},
};
use rustls::pki_types::{CertificateDer, pem::PemObject};
use tokio::time::{Instant, sleep, timeout_at};
use tower::{BoxError, service_fn};

use super::{
    connection::Connection,
    duration::spoken,
    exec::{Credential, Plugin},
    explain::{explain, was_closed},
    patience::{Patience, PatientBody},
    proxy,
};
use crate::{
    error::{Error, Result},
    output::clean,
};

/// Attempts after the first one, when the API server says that it is busy.
const RETRIES: u32 = 3;
/// All waiting between attempts together, when the user set no limit: longer and a line on the screen is worth more.
const RETRY_BUDGET: Duration = Duration::from_secs(10);

/// What went wrong with a request before Kubernetes had a say. Travels inside [`kube::Error::Service`], and
/// [`explain`] words it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// The limit passed: no answer, or an answer that stopped half-way.
    #[error("no {} within {}", if *.begun { "complete answer" } else { "answer" }, spoken(*.limit))]
    Slow {
        /// The limit that passed.
        limit: Duration,
        /// Whether the answer had begun.
        begun: bool,
    },
    /// Something answered, and it was not Kubernetes.
    #[error("{status} with {what} instead of a Kubernetes answer")]
    NotKubernetes {
        /// HTTP status.
        status: u16,
        /// What came, in words.
        what: String,
    },
    /// The answer is larger than we are ready to hold.
    #[error("answer larger than {limit} bytes")]
    TooLarge {
        /// The bound, in bytes.
        limit: usize,
    },
    /// The credential plugin failed. The text is free of secrets.
    #[error("{0}")]
    Credentials(String),
    /// A part of the program that should have read the answer is gone.
    #[error("reading the answer was given up")]
    Abandoned,
}

impl From<Fault> for kube::Error {
    fn from(fault: Fault) -> Self {
        Self::Service(Box::new(fault))
    }
}

impl Connection {
    /// A client for this connection. A credential plugin runs here, once; later only to renew what it gave.
    ///
    /// Every request has a limit (`--request-timeout`; without it 60 s of silence), 429 and 503 are retried a few times within
    /// it, and the answer of anything that is not Kubernetes is an error. Needs a tokio runtime around it.
    ///
    /// # Errors
    ///
    /// When certificates, keys or tokens cannot be read, or the credential plugin fails.
    pub fn client(&self) -> Result<Client> {
        if tokio::runtime::Handle::try_current().is_err() {
            return Err(Error::internal("a client needs a runtime around it"));
        }
        let first = match &self.plugin {
            Some(plugin) => Some(
                plugin
                    .first()
                    .map_err(|fault| explain(&fault.into(), "log in", self))?,
            ),
            None => None,
        };
        let config = self.config(first.as_ref())?;
        let stack = ClientBuilder::try_from(config).map_err(|e| explain(&e, "connect", self))?;
        let inner = stack.build();
        let conduct = Arc::new(Conduct {
            patience: self.patience,
            plugin: self.plugin.clone(),
        });
        let service = service_fn(move |request| {
            let (inner, conduct) = (inner.clone(), Arc::clone(&conduct));
            async move { conduct.send(&inner, request).await }
        });
        Ok(Client::new(service, self.namespace.clone()))
    }

    /// kube's configuration, filled in by hand: its own loader reads the environment again, and differently.
    fn config(&self, credential: Option<&Credential>) -> Result<Config> {
        // Two providers in one tree would make rustls panic at the first handshake; ours is ring, whoever else is linked in.
        let _ = rustls::crypto::ring::default_provider().install_default();

        let mut config = Config::new(self.uri.clone());
        config.default_namespace.clone_from(&self.namespace);
        config.accept_invalid_certs = self.entry.insecure_skip_tls_verify == Some(true);
        config.root_cert = self.roots(config.accept_invalid_certs)?;
        config
            .tls_server_name
            .clone_from(&self.entry.tls_server_name);
        config.proxy_url.clone_from(&self.proxy_uri);
        // Between two processes of one machine there is no wire to save, and gzip costs the server a second per 100 MB.
        config.disable_compression = self.entry.disable_compression == Some(true)
            || self.proxy_uri.is_none() && self.uri.host().is_some_and(proxy::is_loopback);
        config.connect_timeout = Some(self.patience.connect());
        config.default_retry = false;
        config.headers.push((
            header::USER_AGENT,
            header::HeaderValue::from_static(concat!("kubectl-mesh/", env!("CARGO_PKG_VERSION"))),
        ));
        let mut identity = (*self.identity).clone();
        // kube would run the plugin three times to build one client, and print its output where it fails.
        identity.exec = None;
        if let Some((cert, key)) = credential.and_then(|c| c.identity.as_ref()) {
            let base64 = base64::engine::general_purpose::STANDARD;
            identity.client_certificate_data = Some(base64.encode(cert));
            identity.client_key_data = Some(base64.encode(key).into());
        }
        config.auth_info = identity;
        Ok(config)
    }

    /// The certificates to trust; none means those of the system.
    fn roots(&self, unchecked: bool) -> Result<Option<Vec<Vec<u8>>>> {
        let whose = || {
            format!(
                "the certificate authority of cluster \"{}\"",
                clean(&self.cluster, 120)
            )
        };
        let pem = if let Some(data) = &self.entry.certificate_authority_data {
            base64::engine::general_purpose::STANDARD
                .decode(data.trim())
                .map_err(|_| Error::user(format!("{} is not base64", whose())))?
        } else if let Some(file) = &self.entry.certificate_authority {
            std::fs::read(file).map_err(|e| {
                Error::user(format!(
                    "cannot read {} from {}: {e}",
                    whose(),
                    clean(file, 200)
                ))
            })?
        } else if unchecked || self.uri.scheme_str() == Some("http") && self.proxy_uri.is_none() {
            // Nothing will be checked, so the certificates of the system need not be read.
            return Ok(Some(Vec::new()));
        } else {
            return Ok(None);
        };
        let certs: Vec<_> = CertificateDer::pem_slice_iter(&pem)
            .filter_map(std::result::Result::ok)
            .map(|cert| cert.as_ref().to_vec())
            .collect();
        if certs.is_empty() {
            return Err(Error::user(format!("{} holds no PEM certificate", whose())));
        }
        Ok(Some(certs))
    }
}

/// How every request is made.
struct Conduct {
    patience: Patience,
    plugin: Option<Arc<Plugin>>,
}

impl Conduct {
    async fn send(
        &self,
        client: &Client,
        request: Request<Body>,
    ) -> std::result::Result<Response<PatientBody>, BoxError> {
        let begun = Instant::now();
        let method = request.method().clone();
        let path = request.uri().path().to_owned();
        let open_ended = is_open_ended(request.uri().query().unwrap_or_default());
        tracing::trace!(
            "{method} {path}?{}",
            without_continue(request.uri().query().unwrap_or_default())
        );

        let (parts, mut body) = request.into_parts();
        let mut waited = Duration::ZERO;
        let (mut renewed, mut reopened) = (false, false);
        let mut attempt = 0;
        loop {
            // A body that cannot be sent twice is sent once.
            let spare = body.try_clone();
            let again = spare.is_some();
            let mut one = Request::from_parts(parts.clone(), body);
            body = spare.unwrap_or_else(Body::empty);
            if let Some(plugin) = &self.plugin {
                plugin.authorize(one.headers_mut()).await?;
            }

            let sent = Instant::now();
            let waiting = client.send(one);
            let answer = match self.patience.first_byte(begun) {
                Some(at) => timeout_at(at, waiting).await.unwrap_or_else(|_| {
                    let limit = self.patience.limit();
                    Err(Fault::Slow {
                        limit,
                        begun: false,
                    }
                    .into())
                }),
                None => waiting.await,
            };
            let answer = match answer {
                Ok(answer) => answer,
                Err(e) => {
                    tracing::debug!("{method} {path} no answer in {}", spoken(sent.elapsed()));
                    // While a user thinks about a prompt, what is in between forgets the connection. Go's client asks such a read
                    // again, too (net/http, `shouldRetryRequest`).
                    if again && method.is_safe() && !reopened && was_closed(&e) {
                        reopened = true;
                        continue;
                    }
                    return Err(e.into());
                }
            };
            let status = answer.status();
            tracing::debug!(
                "{method} {path} {} {}",
                status.as_u16(),
                spoken(sent.elapsed())
            );
            warnings(&path, answer.headers());

            if status == StatusCode::UNAUTHORIZED
                && again
                && !renewed
                && let Some(plugin) = &self.plugin
            {
                // client-go asks its plugin again on a 401, too: a token may be revoked before it expires.
                renewed = true;
                if plugin.renew().await? {
                    continue;
                }
            }
            if again
                && attempt < RETRIES
                && let Some(pause) = pause(status, &method, answer.headers(), attempt)
                && self.may_wait(begun, waited, pause)
            {
                attempt += 1;
                waited += pause;
                tracing::debug!("{method} {path} trying again in {}", spoken(pause));
                sleep(pause).await;
                continue;
            }
            return self.judge(answer, &path, begun, open_ended);
        }
    }

    /// Whether a pause leaves room for another attempt.
    fn may_wait(&self, begun: Instant, waited: Duration, pause: Duration) -> bool {
        match self.patience {
            Patience::Total(limit) => begun.elapsed().saturating_add(pause) < limit,
            Patience::Silence(_) | Patience::Endless => {
                waited.saturating_add(pause) <= RETRY_BUDGET
            }
        }
    }

    /// Passes on what Kubernetes says, and refuses what somebody in between says with a straight face.
    fn judge(
        &self,
        answer: Response<Body>,
        path: &str,
        begun: Instant,
        open_ended: bool,
    ) -> std::result::Result<Response<PatientBody>, BoxError> {
        let status = answer.status();
        // What a pod or Service says through the API server is its own business.
        let relayed = path.contains("/proxy/") || path.ends_with("/proxy");
        if !relayed && (status.is_redirection() || status.is_success() && is_html(answer.headers()))
        {
            let what = if status.is_redirection() {
                let target = answer
                    .headers()
                    .get(header::LOCATION)
                    .and_then(|l| l.to_str().ok());
                let host = target
                    .and_then(|l| l.parse::<http::Uri>().ok())
                    .and_then(|u| u.host().map(str::to_owned));
                match host {
                    Some(host) => format!("a redirect to {}", clean(&host, 120)),
                    None => "a redirect".to_owned(),
                }
            } else {
                "a web page".to_owned()
            };
            return Err(Fault::NotKubernetes {
                status: status.as_u16(),
                what,
            }
            .into());
        }
        let patience = self.patience;
        Ok(answer.map(|body| {
            let unlimited = status == StatusCode::SWITCHING_PROTOCOLS
                || open_ended && !matches!(patience, Patience::Total(_));
            if unlimited {
                PatientBody::unlimited(body)
            } else {
                PatientBody::new(
                    body,
                    patience,
                    begun,
                    status.is_client_error() || status.is_server_error(),
                )
            }
        }))
    }
}

/// How long to wait before the same request again; none when it should not be repeated.
///
/// 429 was turned away before it was looked at, and so was a 503 that names a time (client-go retries the same two). A bare 503 may come
/// from a balancer after the request went through, so only reads are repeated.
fn pause(
    status: StatusCode,
    method: &Method,
    headers: &HeaderMap,
    attempt: u32,
) -> Option<Duration> {
    let asked = headers
        .get(header::RETRY_AFTER)
        .and_then(|v| v.to_str().ok()?.trim().parse::<u64>().ok())
        .map(Duration::from_secs);
    let backoff = Duration::from_millis(200) * 2_u32.pow(attempt);
    match status {
        StatusCode::TOO_MANY_REQUESTS => Some(asked.unwrap_or(backoff)),
        StatusCode::SERVICE_UNAVAILABLE if asked.is_some() => asked,
        StatusCode::SERVICE_UNAVAILABLE if method.is_safe() => Some(backoff),
        _ => None,
    }
}

/// A request whose answer has no end of its own.
fn is_open_ended(query: &str) -> bool {
    query
        .split('&')
        .any(|p| matches!(p, "watch=true" | "watch=1" | "follow=true" | "follow=1"))
}

fn is_html(headers: &HeaderMap) -> bool {
    headers
        .get(header::CONTENT_TYPE)
        .and_then(|v| v.to_str().ok())
        .is_some_and(|v| v.trim_start().to_ascii_lowercase().starts_with("text/html"))
}

/// The query for a log line: the token of a paged list is long and says nothing.
fn without_continue(query: &str) -> String {
    let kept: Vec<_> = query
        .split('&')
        .filter(|p| !p.starts_with("continue="))
        .collect();
    clean(&kept.join("&"), 200)
}

/// `Warning` headers, such as a deprecated API version: kubectl prints them, we log them. What a webhook says of a Secret
/// may quote its values.
fn warnings(path: &str, headers: &HeaderMap) {
    if path.contains("/secrets") {
        return;
    }
    for value in headers.get_all(header::WARNING).iter().take(5) {
        if let Ok(text) = value.to_str() {
            tracing::debug!("the API server warns: {}", clean(text, 300));
        }
    }
}

#[cfg(test)]
mod tests;
