//! One clear line for each way a request can fail, and what to type next.
//!
//! Never prints an error of the kube client as it is: those show whole answers, whole plugin outputs and Rust types.

use rustls::CertificateError;

use self::cause::{Cause, cause};
use super::{
    client::Fault, connection::Connection, duration::spoken, kubeconfig::named, patience::Patience,
};
use crate::{error::Error, output::clean};

mod answer;
mod cause;

/// What went wrong while `doing` ("list pods", "read namespace demo"), in one line, with hints to paste.
///
/// The message begins with `cannot <doing>:`. Text from the server is cleaned and bounded.
pub fn explain(e: &kube::Error, doing: &str, c: &Connection) -> Error {
    let (why, hints) = match e {
        kube::Error::Api(status) => answer::words(status, c),
        other => words(&cause(other), c),
    };
    let error = Error::cluster(format!("cannot {doing}: {why}"));
    hints.into_iter().fold(error, Error::hint)
}

/// The same without an object to name and without hints, for a list of reasons.
pub(super) fn short(e: &kube::Error) -> String {
    match e {
        kube::Error::Api(status) => {
            let said = clean(&status.message, 160);
            if said.is_empty() {
                format!("HTTP {}", status.code)
            } else {
                format!("{} ({said})", status.code)
            }
        }
        other => match cause(other) {
            Cause::Fault(fault) => fault.to_string(),
            Cause::Refused => "connection refused".to_owned(),
            _ => "the API server could not be asked".to_owned(),
        },
    }
}

/// The same of a web server that is no API server: the cause alone.
pub(super) fn plain(e: &kube::Error) -> String {
    match cause(e) {
        Cause::Fault(fault) => fault.to_string(),
        Cause::Refused => "connection refused".to_owned(),
        Cause::Unreachable => "there is no route to it".to_owned(),
        Cause::NoConnection => "no connection in time".to_owned(),
        Cause::NoName => "its name, or that of the proxy, cannot be resolved".to_owned(),
        Cause::Closed => "the connection was closed before an answer".to_owned(),
        Cause::CutOff => "the answer was cut off".to_owned(),
        Cause::NotHttp => "what answers does not speak HTTP".to_owned(),
        Cause::NotTls => "what answers does not speak TLS".to_owned(),
        Cause::Certificate(why) => {
            format!(
                "its certificate is not trusted here ({})",
                clean(&why.to_string(), 160)
            )
        }
        Cause::ClientCertificate => "it wants a client certificate".to_owned(),
        Cause::Proxy(why) => why.to_owned(),
        Cause::Tls(why) | Cause::File(why) | Cause::Other(why) => why,
        Cause::NotJson { .. } | Cause::NotText => "the answer cannot be read".to_owned(),
    }
}

/// The line and the hints for a failure that Kubernetes had no say in.
fn words(cause: &Cause, c: &Connection) -> (String, Vec<String>) {
    match cause {
        Cause::Fault(fault) => faulty(fault, c),
        Cause::Certificate(why) => certificate(why, c, &entry(c)),
        other => unreached(other, c),
    }
}

/// Whether the connection ended before any answer, as an idle one does that a balancer in between has forgotten.
pub(super) fn was_closed(e: &kube::Error) -> bool {
    matches!(cause(e), Cause::Closed)
}

fn through(c: &Connection) -> String {
    c.proxy
        .as_ref()
        .map(|p| format!(" through the proxy {p}"))
        .unwrap_or_default()
}

/// Asks the same server the simplest question.
fn alive(c: &Connection) -> String {
    format!("{} get --raw /readyz", c.kubectl())
}

/// Shows the entry of the kubeconfig, secrets left out.
fn entry(c: &Connection) -> String {
    format!("{} config view --minify", c.kubectl())
}

/// No answer at all.
fn unreached(cause: &Cause, c: &Connection) -> (String, Vec<String>) {
    let server = &c.server;
    let through = through(c);
    let alive = alive(c);
    let entry = entry(c);
    match cause {
        Cause::Refused => (
            format!("nothing answers at {server}{through}: connection refused"),
            vec![
                alive,
                format!("check the server of cluster {}: {entry}", named(&c.cluster)),
            ],
        ),
        Cause::Unreachable => (
            format!("there is no route to {server}{through}"),
            vec!["check the network, or the VPN".to_owned(), alive],
        ),
        Cause::NoConnection => {
            let limit = spoken(c.patience.connect());
            (
                format!("no connection to {server}{through} within {limit}"),
                vec![
                    "check the network, the VPN and the firewall in between".to_owned(),
                    alive,
                ],
            )
        }
        Cause::NoName => {
            let host = c
                .proxy_uri
                .as_ref()
                .unwrap_or(&c.uri)
                .host()
                .unwrap_or_default();
            (
                format!(
                    "the name {} of {} cannot be resolved",
                    named(host),
                    if c.proxy.is_some() {
                        "the proxy"
                    } else {
                        "the API server"
                    }
                ),
                vec!["check the DNS, or the VPN".to_owned(), entry],
            )
        }
        Cause::Closed => (
            format!("{server}{through} closed the connection before it answered"),
            vec![alive],
        ),
        Cause::Proxy(why) => (
            format!(
                "{why} ({}, to {server})",
                c.proxy.as_deref().unwrap_or("proxy")
            ),
            vec!["check proxy-url in the kubeconfig, HTTPS_PROXY and NO_PROXY".to_owned()],
        ),
        Cause::File(why) => (format!("{why} ({})", c.who()), vec![entry]),
        other => strange(other, c),
    }
}

/// An answer that cannot be read or believed.
fn strange(cause: &Cause, c: &Connection) -> (String, Vec<String>) {
    let server = &c.server;
    let through = through(c);
    let alive = alive(c);
    let entry = entry(c);
    match cause {
        Cause::CutOff => (
            format!("the answer of {server}{through} was cut off half-way"),
            vec!["run the command again".to_owned(), alive],
        ),
        Cause::NotHttp => (
            format!("what answers at {server} does not speak HTTP"),
            vec![format!(
                "check the server of cluster {}: {entry}",
                named(&c.cluster)
            )],
        ),
        Cause::NotJson { cut_off: true, .. } => (
            format!("the answer of {server}{through} was cut off half-way: its JSON ends early"),
            vec!["run the command again".to_owned(), alive],
        ),
        Cause::NotJson { line, column, .. } => (
            format!(
                "the answer of {server} is not the JSON of a Kubernetes object (line {line}, column {column})"
            ),
            vec![alive],
        ),
        Cause::NotText => (format!("the answer of {server} is not text"), vec![alive]),
        Cause::NotTls => (
            format!("what answers at {server} does not speak TLS"),
            vec![format!(
                "perhaps its URL begins with http://, not https://: {entry}"
            )],
        ),
        Cause::Tls(why) => (
            format!("the TLS handshake with {server} failed: {why}"),
            vec![entry],
        ),
        Cause::ClientCertificate => (
            format!(
                "{server} does not accept the client certificate of {}",
                c.who()
            ),
            vec![
                "it may have expired, or belong to another cluster: log in again".to_owned(),
                entry,
            ],
        ),
        Cause::Other(why) => (
            format!("the request to {server}{through} failed: {why}"),
            vec![alive],
        ),
        _ => (
            format!("the request to {server}{through} failed"),
            vec![alive],
        ),
    }
}

fn faulty(fault: &Fault, c: &Connection) -> (String, Vec<String>) {
    let server = &c.server;
    let alive = alive(c);
    match fault {
        Fault::Slow { limit, begun } => {
            let what = if *begun { "answered only in part" } else { "did not answer" };
            let hint = if matches!(c.patience, Patience::Total(_)) {
                "give it more time with a longer --request-timeout"
            } else {
                "give it more time with --request-timeout 5m"
            };
            (format!("{server} {what} within {}", spoken(*limit)), vec![alive, hint.to_owned()])
        }
        Fault::NotKubernetes { status, what } => (
            format!("{server} answered {status} with {what} instead of a Kubernetes answer"),
            vec![
                "a login page, a captive portal or a proxy may be in between: log in there, or set NO_PROXY".to_owned(),
                alive,
            ],
        ),
        Fault::TooLarge { limit } => (
            format!("the answer of {server} is larger than {} MiB", limit / (1024 * 1024)),
            vec![alive],
        ),
        Fault::Credentials(why) => {
            (clean(why, 700), vec![format!("{} auth whoami", c.kubectl())])
        }
        Fault::Abandoned => ("reading the answer was given up".to_owned(), Vec::new()),
    }
}

fn certificate(why: &CertificateError, c: &Connection, entry: &str) -> (String, Vec<String>) {
    let server = &c.server;
    let host = c
        .entry
        .tls_server_name
        .as_deref()
        .or(c.uri.host())
        .unwrap_or_default();
    let authority = format!(
        "compare certificate-authority of cluster {}: {entry}",
        named(&c.cluster)
    );
    match why {
        CertificateError::UnknownIssuer | CertificateError::BadSignature => (
            format!(
                "the certificate of {server} is signed by an authority that the kubeconfig does not trust"
            ),
            vec![
                authority,
                "a proxy in between may sign with its own".to_owned(),
            ],
        ),
        CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => (
            format!(
                "the certificate of {server} is not valid for the name {}",
                named(host)
            ),
            vec![format!(
                "set tls-server-name of cluster {}, or correct its server: {entry}",
                named(&c.cluster)
            )],
        ),
        CertificateError::Expired | CertificateError::ExpiredContext { .. } => (
            format!("the certificate of {server} has expired"),
            vec![
                "check the clock of this machine: date -u".to_owned(),
                authority,
            ],
        ),
        CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. } => (
            format!("the certificate of {server} is not valid yet"),
            vec!["check the clock of this machine: date -u".to_owned()],
        ),
        CertificateError::Revoked => (
            format!("the certificate of {server} has been revoked"),
            vec![authority],
        ),
        other => (
            format!(
                "the certificate of {server} cannot be trusted: {}",
                clean(&other.to_string(), 160)
            ),
            vec![authority],
        ),
    }
}

#[cfg(test)]
mod tests;
