//! Policies and requests of a small world, so that they often meet.

use std::net::IpAddr;

use mesh_authz::compile::{Context, Kind, Mesh, Protocol, Provider, ProviderKind, Workload};
use mesh_authz::{AuthorizationPolicy, Claims, Header, Headers, Known, Request};
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::{select, subsequence};
use serde_json::{Map, Value, json};

const SOURCES: [(&str, &str, &[&str]); 7] = [
    (
        "principals",
        "notPrincipals",
        &[
            "td/ns/a/sa/x",
            "cluster.local/ns/a/sa/x",
            "*",
            "*/sa/x",
            "td/*",
            "*a.sa*",
        ],
    ),
    ("namespaces", "notNamespaces", &["a", "b*", "a.b", "*"]),
    (
        "serviceAccounts",
        "notServiceAccounts",
        &["a/x", "x", "a.b/x"],
    ),
    (
        "requestPrincipals",
        "notRequestPrincipals",
        &["i/s", "*", "*/s", "i/*", "*s", "i*"],
    ),
    (
        "ipBlocks",
        "notIpBlocks",
        &["10.0.0.1", "10.0.0.0/8", "::1", "::/0", "bad"],
    ),
    (
        "remoteIpBlocks",
        "notRemoteIpBlocks",
        &["10.0.0.1", "10.0.0.0/8", "::1"],
    ),
    (
        "trustDomains",
        "notTrustDomains",
        &["td", "*", "t*", "cluster.local"],
    ),
];

const OPERATIONS: [(&str, &str, &[&str]); 4] = [
    ("methods", "notMethods", &["GET", "POST", "*", "P*", "*T"]),
    ("hosts", "notHosts", &["a.com", "*.com", "A*", "*"]),
    (
        "paths",
        "notPaths",
        &["/a", "/a/*", "*/b", "*", "/{*}/b", "/a/{**}", "a{*}"],
    ),
    ("ports", "notPorts", &["80", "8080", "bad"]),
];

const CONDITIONS: [(&str, &[&str]); 18] = [
    ("request.headers[x-a]", &["1", "1*", "*2", "*", "1,2"]),
    ("request.headers[X-B]", &["1", "*"]),
    ("request.headers[host]", &["a.com", "A.com"]),
    ("request.headers[:path]", &["/a?q", "/a*"]),
    ("source.ip", &["10.0.0.1", "::1"]),
    ("remote.ip", &["10.0.0.0/8", "bad"]),
    ("source.namespace", &["a", "b*"]),
    ("source.principal", &["td/ns/a/sa/x", "*"]),
    ("source.serviceAccount", &["a/x", "x"]),
    ("request.auth.principal", &["i/s", "*"]),
    ("request.auth.audiences", &["one", "two"]),
    ("request.auth.claims[scope]", &["one", "one two"]),
    ("request.auth.claims[realm][roles]", &["one", "t*"]),
    ("destination.ip", &["10.1.0.1"]),
    ("destination.port", &["80"]),
    ("connection.sni", &["a.com", "*", "A.com"]),
    ("experimental.envoy.filters.x[y]", &["z"]),
    ("no.such.key", &["z"]),
];

fn some_of(values: &'static [&'static str]) -> impl Strategy<Value = Vec<&'static str>> {
    subsequence(values.to_vec(), 0..=values.len().min(3))
}

/// Each field is mostly absent, so that rules match now and then.
fn object(
    fields: &'static [(&'static str, &'static str, &'static [&'static str])],
) -> impl Strategy<Value = Value> {
    let field = select(fields).prop_flat_map(|(name, not_name, values)| {
        (any::<bool>(), some_of(values))
            .prop_map(move |(not, values)| (if not { not_name } else { name }, values))
    });
    vec(field, 0..3).prop_map(|fields| {
        Value::Object(
            fields
                .into_iter()
                .map(|(name, values)| (name.to_owned(), json!(values)))
                .collect(),
        )
    })
}

fn when() -> impl Strategy<Value = Value> {
    select(CONDITIONS.as_slice()).prop_flat_map(|(key, values)| {
        (some_of(values), some_of(values))
            .prop_map(move |(values, not_values)| json!({"key": key, "values": values, "notValues": not_values}))
    })
}

fn rule() -> impl Strategy<Value = Value> {
    let from = object(&SOURCES).prop_map(|source| json!({"source": source}));
    let to = object(&OPERATIONS).prop_map(|operation| json!({"operation": operation}));
    (vec(from, 0..3), vec(to, 0..3), vec(when(), 0..2))
        .prop_map(|(from, to, when)| json!({"from": from, "to": to, "when": when}))
}

pub(crate) fn policies() -> impl Strategy<Value = Vec<AuthorizationPolicy>> {
    let action = select(["ALLOW", "ALLOW", "DENY", "DENY", "AUDIT", "CUSTOM"].as_slice());
    let provider = select(["http", "grpc", "missing"].as_slice());
    let policy = (
        action,
        vec(rule(), 0..4),
        prop::bool::weighted(0.2),
        provider,
    );
    vec(policy, 0..5).prop_map(|policies| {
        let numbered = policies.into_iter().enumerate();
        numbered
            .map(|(i, (action, rules, dry_run, provider))| {
                let mut spec = json!({"action": action, "rules": rules});
                if action == "CUSTOM" {
                    spec["provider"] = json!({"name": provider});
                }
                let dry_run = dry_run && matches!(action, "ALLOW" | "DENY");
                AuthorizationPolicy::from_value(&json!({
                    "apiVersion": "security.istio.io/v1", "kind": "AuthorizationPolicy",
                    "metadata": {
                        "name": format!("p{i}"), "namespace": if i % 3 == 2 { "istio-system" } else { "foo" },
                        "annotations": {"istio.io/dry-run": dry_run.to_string()},
                    },
                    "spec": spec,
                }))
                .unwrap()
            })
            .collect()
    })
}

/// A field of a source or an operation, its opposite, and some values.
pub(crate) fn values_of() -> impl Strategy<Value = (&'static str, &'static str, Vec<&'static str>)>
{
    let all: Vec<_> = SOURCES.iter().chain(&OPERATIONS).copied().collect();
    select(all).prop_flat_map(|(name, not_name, values)| {
        subsequence(values.to_vec(), 1..=values.len().min(3))
            .prop_map(move |values| (name, not_name, values))
    })
}

pub(crate) fn context() -> impl Strategy<Value = Context> {
    let version = select(
        [
            "1.20.8", "1.24.6", "1.28.1", "1.28.10", "1.29.3", "1.30.2", "1.30.3",
        ]
        .as_slice(),
    );
    let kind = select(vec![Kind::Sidecar, Kind::Sidecar, Kind::Ztunnel]);
    (version, kind, any::<bool>(), any::<bool>()).prop_map(|(version, kind, tcp, switches)| {
        Context {
            workload: Workload {
                namespace: "foo".to_owned(),
                labels: [("app".to_owned(), "a".to_owned())].into(),
                kind,
                protocol: if tcp { Protocol::Tcp } else { Protocol::Http },
            },
            mesh: Mesh {
                trust_domain_aliases: vec!["td".to_owned()],
                providers: vec![
                    Provider {
                        name: "http".to_owned(),
                        kind: ProviderKind::Http,
                    },
                    Provider {
                        name: "grpc".to_owned(),
                        kind: ProviderKind::Grpc,
                    },
                ],
                several_providers: switches,
                ambient_dry_run: switches,
                ..Mesh::default()
            },
            version: version.parse().unwrap(),
            repeated_headers: mesh_authz::compile::RepeatedHeaders::Separate,
        }
    })
}

/// A request that owns its parts.
#[derive(Debug, Clone)]
pub(crate) struct Evidence {
    texts: [Known<&'static str>; 5],
    headers: Vec<(&'static str, Known<&'static str>)>,
    complete: bool,
    claims: Token,
    addresses: [Known<IpAddr>; 3],
    port: Known<u16>,
}

#[derive(Debug, Clone)]
enum Token {
    All(Map<String, Value>),
    Some(Map<String, Value>),
    Absent,
    Unknown,
}

/// Maps of claims, with `unknown` some of what may be there.
fn claims() -> impl Strategy<Value = Map<String, Value>> {
    let claims = vec![
        ("iss", json!("i")),
        ("sub", json!("s")),
        ("sub", json!("")),
        ("aud", json!(["one", "three"])),
        ("aud", json!("two")),
        ("scope", json!("one two")),
        ("realm", json!({"roles": ["one", 2]})),
        ("realm", json!({"roles": "two"})),
    ];
    subsequence(claims, 0..6).prop_map(|claims| {
        claims
            .into_iter()
            .map(|(key, value)| (key.to_owned(), value))
            .collect()
    })
}

fn known<T: Clone + std::fmt::Debug + 'static>(
    values: Vec<T>,
    unknown: bool,
) -> impl Strategy<Value = Known<T>> {
    let values = option::weighted(0.8, select(values)).prop_map(Known::from);
    if unknown {
        prop_oneof![2 => values, 1 => Just(Known::Unknown)].boxed()
    } else {
        values.boxed()
    }
}

fn build(unknown: bool) -> impl Strategy<Value = Evidence> {
    let uris = vec![
        "spiffe://td/ns/a/sa/x",
        "spiffe://td/ns/b/sa/x",
        "spiffe://other/ns/foo/sa/x",
        "spiffe://cluster.local/ns/a/sa/x",
        "spiffe://td/ns/azb/sa/x",
    ];
    let texts = (
        known(vec!["GET", "POST"], unknown),
        known(vec!["a.com", "A.COM", "b.com:80"], unknown),
        known(vec!["/a", "/a/b", "/x/b", "/a?q", "/a/"], unknown),
        known(uris, unknown),
        known(vec!["a.com", "A.com"], unknown),
    );
    let header = (
        select(["x-a", "X-A", "x-b"].as_slice()),
        known(vec!["1", "2", "12", ""], unknown),
    );
    let token = if unknown {
        prop_oneof![
            claims().prop_map(Token::All),
            claims().prop_map(Token::Some),
            Just(Token::Absent),
            Just(Token::Unknown)
        ]
        .boxed()
    } else {
        prop_oneof![claims().prop_map(Token::All), Just(Token::Absent)].boxed()
    };
    let ips: Vec<IpAddr> = ["10.0.0.1", "10.1.0.1", "::1"]
        .iter()
        .map(|ip| ip.parse().unwrap())
        .collect();
    let addresses = (
        known(ips.clone(), unknown),
        known(ips.clone(), unknown),
        known(ips, unknown),
    );
    let complete = if unknown {
        any::<bool>().boxed()
    } else {
        Just(true).boxed()
    };
    (
        texts,
        vec(header, 0..4),
        complete,
        token,
        addresses,
        known(vec![80, 8080, 9090], unknown),
    )
        .prop_map(
            |(texts, headers, complete, claims, addresses, port)| Evidence {
                texts: texts.into(),
                // Absent or unknown is said of all headers of a name, so that it may not stand beside a value.
                headers: consistent(headers),
                complete,
                claims,
                addresses: addresses.into(),
                port,
            },
        )
}

fn consistent(
    headers: Vec<(&'static str, Known<&'static str>)>,
) -> Vec<(&'static str, Known<&'static str>)> {
    let mut list: Vec<(&'static str, Known<&'static str>)> = Vec::new();
    for (name, value) in headers {
        let same = |other: &(&str, Known<&str>)| other.0.eq_ignore_ascii_case(name);
        let fits = |other: &(&str, Known<&str>)| {
            matches!((other.1, value), (Known::Value(_), Known::Value(_)))
        };
        if list.iter().filter(|other| same(other)).all(fits) {
            list.push((name, value));
        }
    }
    list
}

/// Part of the evidence.
pub(crate) fn evidence() -> impl Strategy<Value = Evidence> {
    build(true)
}

/// All of the evidence.
pub(crate) fn fill() -> impl Strategy<Value = Evidence> {
    build(false)
}

impl Evidence {
    pub(crate) fn headers(&self) -> Vec<Header<'_>> {
        let header = |(name, value): &(&'static str, Known<&'static str>)| Header {
            name: name.as_bytes(),
            value: value.map(str::as_bytes),
        };
        self.headers.iter().map(header).collect()
    }

    pub(crate) fn request<'a>(&'a self, headers: &'a [Header<'a>]) -> Request<'a> {
        let [method, host, path, principal, sni] = self.texts;
        let [source_ip, remote_ip, destination_ip] = self.addresses;
        Request {
            method: method.map(str::as_bytes),
            host: host.map(str::as_bytes),
            path: path.map(str::as_bytes),
            headers: Headers {
                list: headers,
                complete: self.complete,
            },
            principal,
            claims: match &self.claims {
                Token::All(map) => Claims::All(map),
                Token::Some(map) => Claims::Some(map),
                Token::Absent => Claims::Absent,
                Token::Unknown => Claims::Unknown,
            },
            source_ip,
            remote_ip,
            destination_ip,
            destination_port: self.port,
            sni: sni.map(str::as_bytes),
        }
    }

    /// The evidence with all that is unknown taken from another.
    pub(crate) fn completed(&self, rest: &Self) -> Self {
        let mut whole = self.clone();
        for (text, other) in whole.texts.iter_mut().zip(rest.texts) {
            if *text == Known::Unknown {
                *text = other;
            }
        }
        for (address, other) in whole.addresses.iter_mut().zip(rest.addresses) {
            if *address == Known::Unknown {
                *address = other;
            }
        }
        if whole.port == Known::Unknown {
            whole.port = rest.port;
        }
        let said = |name: &str| {
            let mut of_name = self
                .headers
                .iter()
                .filter(|(other, _)| other.eq_ignore_ascii_case(name));
            of_name.next().map(|(_, value)| *value != Known::Unknown)
        };
        whole.headers.retain(|(_, value)| *value != Known::Unknown);
        for header in &rest.headers {
            let open = said(header.0).map_or(!self.complete, |known| !known);
            if open {
                whole.headers.push(*header);
            }
        }
        whole.complete = true;
        whole.claims = match (&self.claims, &rest.claims) {
            (Token::Unknown, rest) => rest.clone(),
            (Token::Some(map), Token::All(more)) => {
                let mut all = more.clone();
                all.extend(map.clone());
                Token::All(all)
            }
            (Token::Some(map), _) => Token::All(map.clone()),
            (own, _) => own.clone(),
        };
        whole
    }
}
