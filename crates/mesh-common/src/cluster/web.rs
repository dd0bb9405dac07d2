//! Requests to a web server that is no API server: through the same proxies as to a cluster, and trusting the certificates
//! that this system trusts.

use std::{collections::HashMap, time::Duration};

use http::{HeaderMap, HeaderValue, Request, Response, Uri, header};
use http_body_util::BodyExt as _;
use kube::{
    Client, Config,
    client::{Body, ClientBuilder},
};
use tokio::time::timeout;

use super::{duration::spoken, env::Env, explain, proxy};
use crate::{
    error::{Error, Result},
    output::clean,
};

/// How long a connection may take.
const CONNECT: Duration = Duration::from_secs(10);

/// How long a server may be silent.
const SILENCE: Duration = Duration::from_secs(60);

/// Asks web servers. Follows nothing, retries nothing, and holds no more than one chunk.
pub struct Web {
    env: Env,
    clients: HashMap<String, Client>,
}

/// An answer under way.
pub struct Answer {
    /// Its head; the status may be any.
    pub head: http::response::Parts,
    body: Body,
}

/// Why there is no answer, or not all of it: one clean line without secrets.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Cut(String);

impl Web {
    /// With the proxies that the environment names.
    pub fn of_this_process() -> Self {
        Self {
            env: Env::process(),
            clients: HashMap::new(),
        }
    }

    /// Sends a GET.
    ///
    /// # Errors
    /// The URL or its proxy cannot be used. That nobody answers is the inner error.
    pub async fn get(&mut self, url: &Uri, headers: HeaderMap) -> Result<Result<Answer, Cut>> {
        let client = self.client(url)?;
        let path = url.path_and_query().map_or("/", |p| p.as_str());
        let mut request = Request::get(path)
            .body(Body::empty())
            .map_err(|_| Error::user("the URL cannot be asked for"))?;
        request.headers_mut().extend(headers);
        tracing::debug!("GET {}", clean(&shown(url), 300));
        let answer = match timeout(SILENCE, client.send(request)).await {
            Ok(Ok(answer)) => answer,
            Ok(Err(e)) => return Ok(Err(Cut(explain::plain(&e)))),
            Err(_) => return Ok(Err(silent())),
        };
        let (head, body) = Response::into_parts(answer);
        tracing::debug!("{}", head.status);
        Ok(Ok(Answer { head, body }))
    }

    fn client(&mut self, url: &Uri) -> Result<Client> {
        let unusable = || Error::user("the URL is no http or https URL with a host");
        let server = origin(url).ok_or_else(unusable)?;
        if let Some(client) = self.clients.get(&server.to_string()) {
            return Ok(client.clone());
        }
        // Two providers in one tree would make rustls panic at the first handshake; ours is ring, whoever else is linked in.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let mut config = Config::new(server.clone());
        config.proxy_url = proxy::decide(None, &server, &self.env)?;
        config.disable_compression = true;
        config.connect_timeout = Some(CONNECT);
        config.default_retry = false;
        if server.scheme_str() == Some("http") && config.proxy_url.is_none() {
            // Nothing will be checked, so the certificates of the system need not be read.
            config.root_cert = Some(Vec::new());
        }
        config.headers.push((
            header::USER_AGENT,
            HeaderValue::from_static(concat!("kubectl-mesh/", env!("CARGO_PKG_VERSION"))),
        ));
        let client = ClientBuilder::try_from(config)
            .map_err(|e| Error::user(format!("cannot connect: {}", explain::plain(&e))))?
            .build();
        self.clients.insert(server.to_string(), client.clone());
        Ok(client)
    }
}

impl Answer {
    /// The next bytes; none at the end.
    ///
    /// # Errors
    /// The answer was cut off, or does not go on.
    pub async fn chunk(&mut self) -> Result<Option<bytes::Bytes>, Cut> {
        loop {
            match timeout(SILENCE, self.body.frame()).await {
                Err(_) => return Err(silent()),
                Ok(None) => return Ok(None),
                Ok(Some(Err(e))) => return Err(Cut(explain::plain(&e))),
                Ok(Some(Ok(frame))) => {
                    if let Ok(data) = frame.into_data() {
                        return Ok(Some(data));
                    }
                }
            }
        }
    }
}

fn silent() -> Cut {
    Cut(format!("no byte came for {}", spoken(SILENCE)))
}

/// Scheme, host and port: what a connection is made to. The user name in it, if any, is no part of that.
fn origin(url: &Uri) -> Option<Uri> {
    let scheme = url.scheme_str().filter(|s| ["http", "https"].contains(s))?;
    let host = url.host().filter(|h| !h.is_empty())?;
    let port = url
        .port_u16()
        .unwrap_or(if scheme == "https" { 443 } else { 80 });
    format!("{scheme}://{host}:{port}/").parse().ok()
}

/// A URL for a screen: without user name, password and query, which may be secrets.
pub fn shown(url: &Uri) -> String {
    let authority = url.authority().map_or("", http::uri::Authority::as_str);
    let place = authority.rsplit('@').next().unwrap_or_default();
    let scheme = url.scheme_str().unwrap_or("https");
    clean(&format!("{scheme}://{place}{}", url.path()), 400)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_secret_is_shown() {
        for (url, text) in [
            ("https://h.example/a/b", "https://h.example/a/b"),
            (
                "https://me:s3cret@h.example:8443/a",
                "https://h.example:8443/a",
            ),
            ("http://h.example/a?token=s3cret", "http://h.example/a"),
        ] {
            assert_eq!(shown(&url.parse().unwrap()), text);
        }
    }

    #[test]
    fn a_connection_is_made_to_host_and_port() {
        for (url, want) in [
            ("https://me:pw@h.example/a", Some("https://h.example:443/")),
            ("http://127.0.0.1:8080/x?y", Some("http://127.0.0.1:8080/")),
            ("http://[::1]/x", Some("http://[::1]:80/")),
            ("ftp://h.example/", None),
            ("/only/a/path", None),
        ] {
            let got = origin(&url.parse().unwrap()).map(|u| u.to_string());
            assert_eq!(got.as_deref(), want, "{url}");
        }
    }
}
