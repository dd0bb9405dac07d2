//! What a request had, as far as it may be shown.

use crate::compile::{AmbientTest, HeaderName, Test};
use crate::evaluate::View;
use crate::request::{Claims, Known};

use super::Evidence;

fn bytes(known: Known<&[u8]>) -> Evidence {
    shown(known.map(|value| String::from_utf8_lossy(value).into_owned()))
}

fn shown(known: Known<String>) -> Evidence {
    match known {
        Known::Value(value) => Evidence::Value(value),
        Known::Absent => Evidence::Absent,
        Known::Unknown => Evidence::Unknown,
    }
}

pub(super) fn evidence(test: &Test, view: &View<'_, '_>) -> Evidence {
    let request = view.request;
    match test {
        Test::Method(_) | Test::Header(HeaderName::Method, _) => bytes(request.method),
        Test::Host(_) | Test::Header(HeaderName::Authority, _) => bytes(request.host),
        Test::Path(_) | Test::Header(HeaderName::Path, _) => bytes(view.path),
        Test::Header(HeaderName::Other(name, _), _) => header(name, view),
        Test::Principal(_)
        | Test::Ambient(
            AmbientTest::Principal(_) | AmbientTest::Namespace(_) | AmbientTest::ServiceAccount(_),
        ) => shown(request.principal.map(str::to_owned)),
        Test::RequestPrincipal(_) | Test::OldRequestPrincipal(_) => token(request.claims),
        Test::Claim { path, .. } => claim(request.claims, path),
        Test::SourceIp(_) => shown(request.source_ip.map(|ip| ip.to_string())),
        Test::RemoteIp(_) => shown(request.remote_ip.map(|ip| ip.to_string())),
        Test::DestinationIp(_) => shown(request.destination_ip.map(|ip| ip.to_string())),
        Test::DestinationPort(_) => shown(request.destination_port.map(|port| port.to_string())),
        Test::Sni(_) => bytes(request.sni),
        Test::FilterMetadata => Evidence::Unknown,
        Test::NoClaims => Evidence::Absent,
    }
}

fn header(name: &[u8], view: &View<'_, '_>) -> Evidence {
    let headers = view.request.headers;
    let mut found = headers
        .list
        .iter()
        .filter(|header| header.name.eq_ignore_ascii_case(name));
    match found.next().map(|header| header.value) {
        Some(Known::Value(_)) => Evidence::Hidden,
        Some(Known::Absent) => Evidence::Absent,
        None if headers.complete => Evidence::Absent,
        Some(Known::Unknown) | None => Evidence::Unknown,
    }
}

fn token(claims: Claims<'_>) -> Evidence {
    match claims {
        Claims::Absent => Evidence::Absent,
        Claims::Unknown => Evidence::Unknown,
        Claims::All(map) | Claims::Some(map) => match (map.get("iss"), map.get("sub")) {
            (Some(issuer), Some(subject)) => {
                let text = |value: &serde_json::Value| {
                    value
                        .as_str()
                        .map_or_else(|| value.to_string(), str::to_owned)
                };
                Evidence::Value(format!("{}/{}", text(issuer), text(subject)))
            }
            _ if matches!(claims, Claims::Some(_)) => Evidence::Unknown,
            _ => Evidence::Absent,
        },
    }
}

fn claim(claims: Claims<'_>, path: &[String]) -> Evidence {
    let (map, missing) = match claims {
        Claims::Absent => return Evidence::Absent,
        Claims::Unknown => return Evidence::Unknown,
        Claims::All(map) => (map, Evidence::Absent),
        Claims::Some(map) => (map, Evidence::Unknown),
    };
    let Some((first, rest)) = path.split_first() else {
        return Evidence::Absent;
    };
    let Some(mut value) = map.get(first) else {
        return missing;
    };
    for name in rest {
        match value.get(name) {
            Some(inner) => value = inner,
            None => return Evidence::Absent,
        }
    }
    Evidence::Value(
        value
            .as_str()
            .map_or_else(|| value.to_string(), str::to_owned),
    )
}
