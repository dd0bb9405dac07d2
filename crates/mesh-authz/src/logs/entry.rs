//! What a line says, in whatever form it is written.

use std::net::SocketAddr;

use super::{Skip, address, time};
use crate::request::{Header, Headers, Known, Request};

/// Where a request went, seen from the proxy that wrote the line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Flow {
    /// To the proxy's own workload.
    Inbound,
    /// From the proxy's own workload, or through a gateway.
    Outbound,
    /// Through a waypoint, to a service behind it.
    Waypoint,
}

/// What became of a request when it was recorded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Recorded {
    /// Policies let it pass.
    Passed,
    /// A policy refused it, or an external provider.
    Refused,
}

/// A line of an access log.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Entry<'a> {
    /// When it began, in milliseconds since 1970.
    pub time: Option<i64>,
    /// The pod, where a prefix or a field tells it.
    pub pod: Option<&'a [u8]>,
    /// True for a connection that is no HTTP.
    pub tcp: bool,
    /// Where it went.
    pub flow: Flow,
    /// What became of it.
    pub recorded: Recorded,
    /// The method.
    pub method: Known<&'a [u8]>,
    /// The path. Where a header `x-envoy-original-path` came along, the line has that instead.
    pub path: Known<&'a [u8]>,
    /// True where the path is certainly that which policies saw.
    pub path_is_matched: bool,
    /// The host.
    pub host: Known<&'a [u8]>,
    /// The server name.
    pub sni: Known<&'a [u8]>,
    /// The identity of the peer.
    pub principal: Known<&'a str>,
    /// Headers that the line has: `user-agent`, `x-forwarded-for`, `x-request-id`.
    pub headers: [Header<'a>; 3],
    /// The address that was connected to.
    pub local: Option<SocketAddr>,
    /// The caller's address. Port 0 says that it is out of `x-forwarded-for`.
    pub remote: Option<SocketAddr>,
    /// The peer's address, where the line has it by itself.
    pub direct: Option<SocketAddr>,
}

/// The parts of a line, as they stand there; `None` for what is not there at all or is null.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Raw<'a> {
    pub(super) time: Option<&'a [u8]>,
    pub(super) pod: Option<&'a [u8]>,
    pub(super) method: Part<'a>,
    pub(super) path: Part<'a>,
    pub(super) matched_path: Part<'a>,
    pub(super) protocol: Part<'a>,
    pub(super) details: Option<&'a [u8]>,
    pub(super) termination: Option<&'a [u8]>,
    pub(super) cluster: Option<&'a [u8]>,
    pub(super) local: Option<&'a [u8]>,
    pub(super) remote: Option<&'a [u8]>,
    pub(super) direct: Option<&'a [u8]>,
    pub(super) sni: Part<'a>,
    pub(super) host: Part<'a>,
    pub(super) principal: Part<'a>,
    pub(super) user_agent: Part<'a>,
    pub(super) forwarded_for: Part<'a>,
    pub(super) request_id: Part<'a>,
}

/// A part of a line: not there at all, said to be none, or a value.
pub(super) type Part<'a> = Known<&'a [u8]>;

/// What Envoy answers by itself before filters run has no cluster; a JWT that is refused has one.
const BEFORE_POLICIES: [&[u8]; 1] = [b"jwt_authn_access_denied"];

impl<'a> Raw<'a> {
    /// What it says, if it counts.
    pub(super) fn entry(self) -> Result<Entry<'a>, Skip> {
        let details = self.details.unwrap_or_default();
        let termination = self.termination.unwrap_or_default();
        let denied = |text: &[u8]| text.starts_with(b"rbac_access_denied");
        let by_provider = details.starts_with(b"ext_authz_");
        let refused = denied(details) || denied(termination) || by_provider;
        let tcp = !matches!(self.protocol, Known::Value(_));
        if tcp && matches!(self.method, Known::Value(_)) {
            return Err(Skip::Malformed);
        }
        if BEFORE_POLICIES.iter().any(|text| details.starts_with(text)) {
            return Err(Skip::BeforePolicies);
        }
        let flow = flow(self.cluster, refused)?;
        let matched = matches!(self.matched_path, Known::Value(_));
        Ok(Entry {
            time: self.time.and_then(time::millis),
            pod: self.pod,
            tcp,
            flow,
            recorded: if refused {
                Recorded::Refused
            } else {
                Recorded::Passed
            },
            method: self.method,
            path: if matched {
                self.matched_path
            } else {
                self.path
            },
            path_is_matched: matched,
            host: self.host,
            sni: self.sni,
            principal: identity(self.principal),
            headers: [
                header(b"user-agent", self.user_agent),
                header(b"x-forwarded-for", self.forwarded_for),
                header(b"x-request-id", self.request_id),
            ],
            local: self.local.and_then(address::socket),
            remote: self.remote.and_then(address::socket),
            direct: self.direct.and_then(address::socket),
        })
    }
}

fn header<'a>(name: &'a [u8], value: Part<'a>) -> Header<'a> {
    Header { name, value }
}

/// `%DOWNSTREAM_PEER_URI_SAN%` lists several names with commas: one that counts is told from them by nobody.
pub(super) fn identity(part: Part<'_>) -> Known<&str> {
    match part {
        Known::Value(uri) => match std::str::from_utf8(uri) {
            Ok(uri) if !uri.contains(',') && uri.starts_with("spiffe://") => Known::Value(uri),
            _ => Known::Unknown,
        },
        Known::Absent => Known::Absent,
        Known::Unknown => Known::Unknown,
    }
}

/// Clusters are named by istiod (`pilot/pkg/model/push_context.go BuildSubsetKey`, `pkg/util/../clusters`).
fn flow(cluster: Option<&[u8]>, refused: bool) -> Result<Flow, Skip> {
    let Some(cluster) = cluster else {
        // Without a cluster no route was chosen. Only policies of what comes in refuse.
        return if refused {
            Ok(Flow::Inbound)
        } else {
            Err(Skip::BeforePolicies)
        };
    };
    match cluster {
        _ if cluster.starts_with(b"inbound|") => Ok(Flow::Inbound),
        // Ports that no Service declares: policies of the workload act on them as on others.
        _ if cluster.starts_with(b"InboundPassthroughCluster") => Ok(Flow::Inbound),
        _ if cluster.starts_with(b"outbound|") || cluster.starts_with(b"outbound_.") => {
            Ok(Flow::Outbound)
        }
        _ if cluster.starts_with(b"inbound-vip|") => Ok(Flow::Waypoint),
        b"PassthroughCluster" => Err(Skip::Passthrough),
        b"BlackHoleCluster" => Err(Skip::BlackHole),
        b"agent" | b"prometheus_stats" | b"sds-grpc" | b"xds-grpc" => Err(Skip::Internal),
        _ => Err(Skip::Malformed),
    }
}

impl<'a> Entry<'a> {
    /// What is known of the request. Its path is known only where the caller of this says so, and the peer's address
    /// only where the line does not have another one in its place.
    pub fn request<'b>(&'b self, path_known: bool, principal: Known<&'b str>) -> Request<'b>
    where
        'a: 'b,
    {
        let peer = self
            .direct
            .or(self.remote.filter(|remote| remote.port() != 0));
        let ip = |address: Option<SocketAddr>| {
            address.map_or(Known::Unknown, |address| Known::Value(address.ip()))
        };
        let path = if path_known || self.path_is_matched {
            self.path
        } else {
            Known::Unknown
        };
        Request {
            method: self.method,
            host: self.host,
            path,
            headers: Headers {
                list: if self.tcp { &[] } else { &self.headers },
                complete: false,
            },
            principal: match self.principal {
                Known::Unknown => principal,
                known => known,
            },
            source_ip: ip(peer),
            remote_ip: ip(self.remote),
            destination_ip: ip(self.local),
            destination_port: self
                .local
                .map_or(Known::Unknown, |local| Known::Value(local.port())),
            sni: self.sni,
            ..Request::default()
        }
    }
}
