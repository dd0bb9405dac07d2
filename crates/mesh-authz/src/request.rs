//! What is known of a request. Every part is a value, known to be absent, or unknown.

use std::net::IpAddr;

use serde_json::{Map, Value};

/// A piece of evidence.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Known<T> {
    /// It was this.
    Value(T),
    /// There was none.
    Absent,
    /// Nothing is known of it.
    #[default]
    Unknown,
}

impl<T> Known<T> {
    /// Another form of the value, if there is one.
    pub fn map<U>(self, to: impl FnOnce(T) -> U) -> Known<U> {
        match self {
            Self::Value(value) => Known::Value(to(value)),
            Self::Absent => Known::Absent,
            Self::Unknown => Known::Unknown,
        }
    }

    /// The value, if there is one.
    pub fn value(self) -> Option<T> {
        match self {
            Self::Value(value) => Some(value),
            Self::Absent | Self::Unknown => None,
        }
    }
}

impl<T> From<Option<T>> for Known<T> {
    /// `None` means that there was none.
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Absent, Self::Value)
    }
}

/// One header. A header sent several times stands several times.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Header<'a> {
    /// The name, in any case.
    pub name: &'a [u8],
    /// The value; absent or unknown is said of all headers of the name.
    pub value: Known<&'a [u8]>,
}

/// The headers of a request, without method, path and host.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Headers<'a> {
    /// What is known of single headers.
    pub list: &'a [Header<'a>],
    /// True if a header that is not in the list was certainly not sent.
    pub complete: bool,
}

/// The claims of a request's token.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub enum Claims<'a> {
    /// These, and no others.
    All(&'a Map<String, Value>),
    /// These; others may be there.
    Some(&'a Map<String, Value>),
    /// There was no valid token.
    Absent,
    /// Not even whether there was a token.
    #[default]
    Unknown,
}

/// What is known of a request, or of a connection where the port is TCP. The default knows nothing.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Request<'a> {
    /// The method.
    pub method: Known<&'a [u8]>,
    /// The host with the port, if one was sent.
    pub host: Known<&'a [u8]>,
    /// The path as the proxy matches it: normalised, with the query.
    pub path: Known<&'a [u8]>,
    /// The headers.
    pub headers: Headers<'a>,
    /// The peer's identity as its certificate has it, with `spiffe://`; absent for plaintext.
    pub principal: Known<&'a str>,
    /// The claims.
    pub claims: Claims<'a>,
    /// The address of the peer.
    pub source_ip: Known<IpAddr>,
    /// The client's address as the proxy derived it.
    pub remote_ip: Known<IpAddr>,
    /// The local address of the connection: the pod's.
    pub destination_ip: Known<IpAddr>,
    /// The local port of the connection: the pod's.
    pub destination_port: Known<u16>,
    /// The server name of the TLS handshake.
    pub sni: Known<&'a [u8]>,
}
