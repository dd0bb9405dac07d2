//! What a chain of errors of the kube client comes down to.

use std::{error::Error as StdError, io};

use kube::{client::AuthError, config::KubeconfigError};
use rustls::{AlertDescription, CertificateError};

use super::super::client::Fault;
use crate::output::clean;

/// What kind of failure a chain of errors comes down to.
#[derive(Debug)]
pub(super) enum Cause {
    Fault(Fault),
    Refused,
    Unreachable,
    NoConnection,
    NoName,
    Closed,
    CutOff,
    NotHttp,
    NotJson {
        cut_off: bool,
        line: usize,
        column: usize,
    },
    NotText,
    Certificate(CertificateError),
    NotTls,
    Tls(String),
    ClientCertificate,
    Proxy(&'static str),
    File(String),
    Other(String),
}

/// The first link of the chain that says something precise.
pub(super) fn cause(e: &kube::Error) -> Cause {
    match e {
        kube::Error::SerdeError(json) => {
            return Cause::NotJson {
                cut_off: json.is_eof(),
                line: json.line(),
                column: json.column(),
            };
        }
        kube::Error::FromUtf8(_) => return Cause::NotText,
        kube::Error::Auth(auth) => return authentication(auth),
        kube::Error::InferKubeconfig(config) => return file(config),
        kube::Error::RustlsTls(tls) => return Cause::File(clean(&tls.to_string(), 200)),
        _ => {}
    }
    let mut connecting = false;
    let mut found = None;
    for link in Chain(Some(e)) {
        if let Some(fault) = link.downcast_ref::<Fault>() {
            return Cause::Fault(fault.clone());
        }
        if let Some(auth) = link.downcast_ref::<AuthError>() {
            return authentication(auth);
        }
        if let Some(tls) = link.downcast_ref::<rustls::Error>() {
            return handshake(tls);
        }
        if let Some(client) = link.downcast_ref::<hyper_util::client::legacy::Error>() {
            connecting |= client.is_connect();
        }
        if let Some(http) = link.downcast_ref::<hyper::Error>() {
            if http.is_parse() {
                found = Some(Cause::NotHttp);
            } else if http.is_incomplete_message() {
                // hyper's word for an end before the head of the answer; an end after it is an UnexpectedEof.
                found = Some(Cause::Closed);
            }
        }
        if let Some(io) = link.downcast_ref::<io::Error>() {
            found = found.or_else(|| by_kind(io.kind(), connecting));
        }
        // Types that their crates keep to themselves are told by their words.
        let text = link.to_string();
        if text.starts_with("dns error") || text.contains("failed to lookup address information") {
            return Cause::NoName;
        }
        if let Some(proxy) = proxy(&text) {
            found = Some(proxy);
        }
    }
    found.unwrap_or_else(|| {
        let last = Chain(Some(e))
            .last()
            .map(ToString::to_string)
            .unwrap_or_default();
        Cause::Other(clean(&last, 200))
    })
}

fn by_kind(kind: io::ErrorKind, connecting: bool) -> Option<Cause> {
    Some(match kind {
        io::ErrorKind::ConnectionRefused => Cause::Refused,
        io::ErrorKind::HostUnreachable
        | io::ErrorKind::NetworkUnreachable
        | io::ErrorKind::NetworkDown => Cause::Unreachable,
        io::ErrorKind::TimedOut if connecting => Cause::NoConnection,
        io::ErrorKind::TimedOut
        | io::ErrorKind::ConnectionReset
        | io::ErrorKind::ConnectionAborted
        | io::ErrorKind::BrokenPipe => Cause::Closed,
        io::ErrorKind::UnexpectedEof if connecting => Cause::Closed,
        io::ErrorKind::UnexpectedEof => Cause::CutOff,
        _ => return None,
    })
}

/// hyper-util's tunnel and SOCKS clients.
fn proxy(text: &str) -> Option<Cause> {
    let tunnel = text.strip_prefix("tunnel error: ");
    let why = match tunnel {
        Some("proxy authorization required") => "the proxy wants a user name and password",
        Some("failed to create underlying connection") => "the proxy cannot be reached",
        Some(_) => "the proxy did not let the connection through",
        None if text.starts_with("SOCKS error") => {
            "the SOCKS proxy did not let the connection through"
        }
        None => return None,
    };
    Some(Cause::Proxy(why))
}

fn handshake(e: &rustls::Error) -> Cause {
    match e {
        rustls::Error::InvalidCertificate(why) => Cause::Certificate(why.clone()),
        rustls::Error::InvalidMessage(_) => Cause::NotTls,
        rustls::Error::AlertReceived(
            AlertDescription::BadCertificate
            | AlertDescription::CertificateExpired
            | AlertDescription::CertificateRequired
            | AlertDescription::CertificateRevoked
            | AlertDescription::CertificateUnknown
            | AlertDescription::UnknownCA
            | AlertDescription::AccessDenied
            | AlertDescription::UnsupportedCertificate,
        ) => Cause::ClientCertificate,
        other => Cause::Tls(clean(&other.to_string(), 160)),
    }
}

/// Errors of kube's own credentials. Their text may hold what a helper printed, so it is not used.
fn authentication(e: &AuthError) -> Cause {
    let text = match e {
        AuthError::ReadTokenFile(io, path) => {
            format!(
                "the token file {} cannot be read ({io})",
                clean(&path.display().to_string(), 200)
            )
        }
        AuthError::InvalidBasicAuth(_) | AuthError::InvalidBearerToken(_) => {
            "the token or password has characters that no HTTP header may hold".to_owned()
        }
        _ => "its login method (auth-provider) is one that this tool does not support".to_owned(),
    };
    Cause::Fault(Fault::Credentials(text))
}

fn file(e: &KubeconfigError) -> Cause {
    // These name a file or a position, never the contents.
    let text = match e {
        KubeconfigError::LoadClientCertificate(why) => {
            format!("the client certificate cannot be used: {why}")
        }
        KubeconfigError::LoadClientKey(why) => format!("the client key cannot be used: {why}"),
        KubeconfigError::LoadCertificateAuthority(why) => {
            format!("the certificate authority cannot be used: {why}")
        }
        _ => "an entry of the kubeconfig cannot be used".to_owned(),
    };
    Cause::File(clean(&text, 300))
}

/// An error and what it came from. An `io::Error` hides what it carries from `source`, so that is unpacked.
struct Chain<'a>(Option<&'a (dyn StdError + 'static)>);

impl<'a> Iterator for Chain<'a> {
    type Item = &'a (dyn StdError + 'static);

    fn next(&mut self) -> Option<Self::Item> {
        let link = self.0?;
        self.0 = match link
            .downcast_ref::<io::Error>()
            .and_then(io::Error::get_ref)
        {
            Some(inner) => Some(inner),
            None => link.source(),
        };
        Some(link)
    }
}
