//! Whether conditions hold.

use std::net::IpAddr;

use serde_json::{Map, Value};

use crate::compile::{
    AmbientTest, Compiled, Cond, HeaderName, Paths, RepeatedHeaders, Repeats, Rule, RuleSet, Test,
};
use crate::matcher::{Ranges, Strings};
use crate::request::{Claims, Known, Request};
use crate::truth::{Field, Fields, Truth};

use super::{By, and};

impl Known<&[u8]> {
    /// The path that `paths` match: without query and fragment.
    fn map_path(self) -> Self {
        match self {
            Self::Value(path) => {
                let end = memchr::memchr2(b'?', b'#', path).unwrap_or(path.len());
                Self::Value(path.get(..end).unwrap_or(path))
            }
            other => other,
        }
    }
}

/// A request as the conditions see it.
pub(crate) struct View<'r, 'a> {
    pub(crate) request: &'r Request<'a>,
    pub(crate) repeated: RepeatedHeaders,
    pub(crate) path: Known<&'a [u8]>,
}

impl<'r, 'a> View<'r, 'a> {
    pub(crate) fn new(compiled: &Compiled, request: &'r Request<'a>) -> Self {
        Self {
            request,
            repeated: compiled.repeated_headers,
            path: request.path.map_path(),
        }
    }
}

impl RuleSet {
    /// Whether a rule matches, and the first that does.
    pub(super) fn first(&self, view: &View<'_, '_>) -> (Truth, By) {
        let mut unknown = Fields::NONE;
        let mut matched = None;
        let mut look = |rule: &Rule| {
            match rule.matches(view) {
                Truth::False => {}
                Truth::True => matched = Some(rule.id),
                Truth::Unknown(fields) => unknown = unknown.union(fields),
            }
            matched.is_none()
        };
        match &self.index {
            Some(index) => index.each(view, |nth| self.rules.get(nth).is_none_or(&mut look)),
            None => {
                self.rules.iter().all(look);
            }
        }
        match (matched, unknown.is_empty()) {
            (Some(id), true) => (Truth::True, By::Rule(id)),
            (Some(_), false) => (Truth::True, By::Unclear(unknown)),
            (None, true) => (Truth::False, By::NoRule),
            (None, false) => (Truth::Unknown(unknown), By::Unclear(unknown)),
        }
    }
}

impl Rule {
    pub(crate) fn matches(&self, view: &View<'_, '_>) -> Truth {
        Truth::all(self.clauses.iter().map(|clause| {
            Truth::any(
                clause
                    .iter()
                    .map(|conditions| Truth::all(conditions.iter().map(|cond| cond.holds(view)))),
            )
        }))
    }
}

/// Applies a test to a value; what is absent fits nothing.
fn of<T>(known: Known<T>, field: Field, test: impl FnOnce(T) -> bool) -> Truth {
    match known {
        Known::Value(value) => test(value).into(),
        Known::Absent => Truth::False,
        Known::Unknown => field.into(),
    }
}

impl Cond {
    pub(crate) fn holds(&self, view: &View<'_, '_>) -> Truth {
        let truth = self.test.fits(view);
        if self.not { !truth } else { truth }
    }
}

impl Test {
    fn fits(&self, view: &View<'_, '_>) -> Truth {
        let request = view.request;
        let in_range =
            |ranges: &Ranges, ip: Known<IpAddr>, field| of(ip, field, |ip| ranges.contains(ip));
        match self {
            Self::Method(set) => of(request.method, Field::Method, |method| set.contains(method)),
            Self::Host(set) => of(request.host, Field::Host, |host| set.contains(host)),
            Self::Path(paths) => of(view.path, Field::Path, |path| paths.contain(path)),
            Self::Header(name, set) => header(name, set, view),
            Self::Principal(set) => {
                of(request.principal, Field::Principal, |uri| set.contains(uri))
            }
            Self::RequestPrincipal(pairs) => Truth::any(pairs.iter().map(|(issuer, subject)| {
                and(
                    claim_is(request.claims, "iss", issuer),
                    claim_is(request.claims, "sub", subject),
                )
            })),
            Self::OldRequestPrincipal(set) => old_request_principal(set, request.claims),
            Self::Claim { path, values, old } => claim(request.claims, path, values, *old),
            Self::SourceIp(ranges) => in_range(ranges, request.source_ip, Field::SourceIp),
            Self::RemoteIp(ranges) => in_range(ranges, request.remote_ip, Field::RemoteIp),
            Self::DestinationIp(ranges) => {
                in_range(ranges, request.destination_ip, Field::DestinationIp)
            }
            Self::DestinationPort(ports) => {
                of(request.destination_port, Field::DestinationPort, |port| {
                    ports.contains(&port)
                })
            }
            // Envoy compares the empty text where there is no name, and lower case where there is one.
            Self::Sni(set) => match request.sni {
                Known::Value(sni) => sni_fits(set, sni),
                Known::Absent => set.contains(b"").into(),
                Known::Unknown => Field::Sni.into(),
            },
            Self::FilterMetadata => Field::FilterMetadata.into(),
            Self::NoClaims => Truth::False,
            Self::Ambient(test) => test.fits(request.principal),
        }
    }
}

/// Names are at most 255 bytes; a longer text is none, and nothing is known of what a proxy made of it.
fn sni_fits(set: &Strings, sni: &[u8]) -> Truth {
    let mut buffer = [0_u8; 255];
    if !sni.iter().any(u8::is_ascii_uppercase) {
        return set.contains(sni).into();
    }
    let Some(lower) = buffer.get_mut(..sni.len()) else {
        return Field::Sni.into();
    };
    lower.copy_from_slice(sni);
    lower.make_ascii_lowercase();
    set.contains(lower).into()
}

impl Paths {
    fn contain(&self, path: &[u8]) -> bool {
        self.strings.contains(path) || self.templates.iter().any(|template| template.matches(path))
    }
}

fn header(name: &HeaderName, set: &Strings, view: &View<'_, '_>) -> Truth {
    let request = view.request;
    let (name, repeats) = match name {
        HeaderName::Method => {
            return of(request.method, Field::Method, |method| set.contains(method));
        }
        HeaderName::Path => return of(request.path, Field::Path, |path| set.contains(path)),
        HeaderName::Authority => return of(request.host, Field::Host, |host| set.contains(host)),
        HeaderName::Other(name, repeats) => (name, *repeats),
    };
    let headers = request.headers;
    let mut values = headers
        .list
        .iter()
        .filter(|header| header.name.eq_ignore_ascii_case(name));
    let (Some(first), second) = (values.next(), values.next()) else {
        return if headers.complete {
            Truth::False
        } else {
            Field::Header.into()
        };
    };
    if second.is_none() {
        return of(first.value, Field::Header, |value| set.contains(value));
    }
    let all = || {
        headers
            .list
            .iter()
            .filter(|header| header.name.eq_ignore_ascii_case(name))
            .map(|header| header.value)
    };
    let separate =
        || Truth::any(all().map(|value| of(value, Field::Header, |value| set.contains(value))));
    let joined = || set.contains_joined(all().map(Known::value));
    match (repeats, view.repeated) {
        (Repeats::Kept, RepeatedHeaders::Separate) => separate(),
        (Repeats::Kept, RepeatedHeaders::Joined) | (Repeats::Joined, _) => joined(),
        // Cookies are joined by another text, so that joined values agree only where any text does.
        _ if &**name == b"cookie" && !set.takes_anything() => Field::Header.into(),
        (Repeats::Kept | Repeats::Unclear, _) => {
            let (separate, joined) = (separate(), joined());
            if separate == joined {
                separate
            } else {
                Field::Header.into()
            }
        }
    }
}

impl Strings {
    /// As [`Self::contains`] of all values joined by commas; the text is never put together.
    fn contains_joined<'v>(&self, values: impl Iterator<Item = Option<&'v [u8]>> + Clone) -> Truth {
        if values.clone().any(|value| value.is_none()) {
            return Field::Header.into();
        }
        let values = values.flatten();
        self.contains_chunks(values).into()
    }
}

/// A claim of the first level that must be a text.
fn claim_is(claims: Claims<'_>, name: &str, set: &Strings) -> Truth {
    lookup(claims, name, |value| {
        value
            .as_str()
            .is_some_and(|text| set.contains(text.as_bytes()))
            .into()
    })
}

/// Looks up a claim of the first level; what is certainly not there fits nothing.
fn lookup(claims: Claims<'_>, name: &str, test: impl FnOnce(&Value) -> Truth) -> Truth {
    let found = |map: &Map<String, Value>, else_: Truth| map.get(name).map_or(else_, test);
    match claims {
        Claims::All(map) => found(map, Truth::False),
        Claims::Some(map) => found(map, Field::Claim.into()),
        Claims::Absent => Truth::False,
        Claims::Unknown => Field::Claim.into(),
    }
}

/// Claims that Istio has Envoy cut at spaces, at the first level (`authn/policy_applier.go`@1.21.0 on). A
/// `RequestAuthentication` may name others since 1.28; those come as lists in the evidence or not at all.
const CUT_AT_SPACES: [&str; 2] = ["scope", "permission"];

fn claim(claims: Claims<'_>, path: &[String], set: &Strings, old: bool) -> Truth {
    let Some((first, rest)) = path.split_first() else {
        return Truth::False;
    };
    lookup(claims, first, |value| {
        let mut value = value;
        for name in rest {
            match value.get(name.as_str()) {
                Some(inner) => value = inner,
                None => return Truth::False,
            }
        }
        if old && istio_filter_differs(first, value) {
            return Field::Claim.into();
        }
        let cut = rest.is_empty() && CUT_AT_SPACES.contains(&first.as_str());
        let fits = |text: &str| set.contains(text.as_bytes());
        match value {
            Value::String(text) if cut => text
                .split(' ')
                .any(|part| !part.is_empty() && fits(part))
                .into(),
            Value::String(text) => fits(text).into(),
            Value::Array(list) => list
                .iter()
                .any(|item| item.as_str().is_some_and(fits))
                .into(),
            _ => Truth::False,
        }
    })
}

/// Before 1.21 Istio's own filter kept one audience only, and cut texts at spaces.
fn istio_filter_differs(first: &str, value: &Value) -> bool {
    match value {
        Value::String(text) => text.contains(' '),
        Value::Array(list) => first == "aud" && list.len() > 1,
        _ => false,
    }
}

/// `ISSUER/SUBJECT` as one text, which is there only if both are.
fn old_request_principal(set: &Strings, claims: Claims<'_>) -> Truth {
    lookup(claims, "iss", |issuer| {
        lookup(claims, "sub", |subject| {
            match (issuer.as_str(), subject.as_str()) {
                (Some(issuer), Some(subject)) if !issuer.is_empty() && !subject.is_empty() => {
                    let parts = [issuer.as_bytes(), b"/".as_slice(), subject.as_bytes()];
                    set.contains_parts(&parts.into_iter()).into()
                }
                _ => Truth::False,
            }
        })
    })
}

impl AmbientTest {
    fn fits(&self, principal: Known<&str>) -> Truth {
        let uri = match principal {
            Known::Value(uri) => uri,
            // Without identity ztunnel compares empty texts, which fit nothing.
            Known::Absent => return Truth::False,
            Known::Unknown => return Field::Principal.into(),
        };
        let rest = uri.strip_prefix("spiffe://");
        let mut parts = rest.unwrap_or_default().split('/');
        let five = (
            parts.next(),
            parts.next(),
            parts.next(),
            parts.next(),
            parts.next(),
            parts.next(),
        );
        let (Some(rest), (Some(_), Some("ns"), Some(namespace), Some("sa"), Some(account), None)) =
            (rest, five)
        else {
            // ztunnel takes no other form.
            return Field::Principal.into();
        };
        match self {
            Self::Principal(set) => set.contains(rest.as_bytes()).into(),
            Self::Namespace(set) => set.contains(namespace.as_bytes()).into(),
            Self::ServiceAccount(accounts) => accounts
                .iter()
                .any(|(of, name)| of == namespace && name == account)
                .into(),
        }
    }
}
