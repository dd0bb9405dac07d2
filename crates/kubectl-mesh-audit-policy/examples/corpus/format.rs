//! The format of recorded verdicts: see README.md beside the data. Shared by the test and the example.

use std::borrow::Cow;
use std::net::IpAddr;

use mesh_authz::compile::{
    Context, Kind, Mesh, Protocol, Provider, ProviderKind, RepeatedHeaders, Workload,
};
use mesh_authz::normalize::{Normalization, absolute_form, normalize};
use mesh_authz::{
    AuthorizationPolicy, By, Claims, Compiled, Decision, Header, Headers, Known, Request, Shadow,
    Truth, Verdict, Version,
};
use serde_json::{Map, Value, json};

/// A problem with a file: not a disagreement, but nothing that could be judged.
pub(crate) type Malformed = String;

/// One case: policies, and requests to one port of one workload.
pub(crate) struct Case {
    pub(crate) id: String,
    pub(crate) tags: Vec<String>,
    pub(crate) policies: Vec<AuthorizationPolicy>,
    pub(crate) context: Context,
    pub(crate) normalization: Normalization,
    pub(crate) requests: Vec<Value>,
    appends_forwarded_for: bool,
}

fn text<'a>(value: &'a Value, pointer: &str) -> Option<&'a str> {
    value.pointer(pointer).and_then(Value::as_str)
}

impl Case {
    /// Reads a line of a file.
    pub(crate) fn read(line: &str) -> Result<Self, Malformed> {
        let case: Value = serde_json::from_str(line).map_err(|error| error.to_string())?;
        let id = text(&case, "/id").ok_or("a case without id")?.to_owned();
        Self::of(&case, &id).map_err(|error| format!("case {id}: {error}"))
    }

    fn of(case: &Value, id: &str) -> Result<Self, Malformed> {
        let list = |pointer: &str| {
            case.pointer(pointer)
                .and_then(Value::as_array)
                .cloned()
                .unwrap_or_default()
        };
        let strings = |pointer: &str| -> Vec<String> {
            list(pointer)
                .iter()
                .filter_map(Value::as_str)
                .map(str::to_owned)
                .collect()
        };
        let policies = list("/policies")
            .iter()
            .map(|policy| AuthorizationPolicy::from_value(policy).map_err(|error| chain(&error)))
            .collect::<Result<_, _>>()?;
        let providers = list("/mesh/extensionProviders")
            .iter()
            .filter_map(|provider| {
                let kind = match text(provider, "/type")? {
                    "http" => ProviderKind::Http,
                    "grpc" => ProviderKind::Grpc,
                    _ => ProviderKind::Invalid,
                };
                Some(Provider {
                    name: text(provider, "/name")?.to_owned(),
                    kind,
                })
            })
            .collect();
        let labels = case
            .pointer("/workload/labels")
            .and_then(Value::as_object)
            .cloned()
            .unwrap_or_default();
        let protocol = match text(case, "/workload/protocol") {
            Some("tcp") => Protocol::Tcp,
            Some("http") | None => Protocol::Http,
            Some(other) => return Err(format!("protocol {other}")),
        };
        let normalization = text(case, "/mesh/pathNormalization").unwrap_or("BASE");
        let version: Version = text(case, "/istio")
            .unwrap_or("1.28.1")
            .parse()
            .map_err(|error| format!("{error}"))?;
        Ok(Self {
            id: id.to_owned(),
            tags: strings("/tags"),
            policies,
            context: Context {
                workload: Workload {
                    namespace: text(case, "/workload/namespace")
                        .unwrap_or_default()
                        .to_owned(),
                    labels: labels
                        .into_iter()
                        .map(|(key, value)| (key, value.as_str().unwrap_or_default().to_owned()))
                        .collect(),
                    kind: Kind::Sidecar,
                    protocol,
                },
                mesh: Mesh {
                    root_namespace: text(case, "/mesh/rootNamespace")
                        .unwrap_or("istio-system")
                        .to_owned(),
                    trust_domain: text(case, "/mesh/trustDomain")
                        .unwrap_or("cluster.local")
                        .to_owned(),
                    trust_domain_aliases: strings("/mesh/trustDomainAliases"),
                    providers,
                    ..Mesh::default()
                },
                version,
                // The recorded proxy is Envoy 1.40.
                repeated_headers: RepeatedHeaders::Separate,
            },
            normalization: normalization.parse().map_err(|error| format!("{error}"))?,
            requests: list("/requests"),
            appends_forwarded_for: case.pointer("/mesh/useRemoteAddress")
                == Some(&Value::Bool(true)),
        })
    }

    /// The requests, ready to be judged.
    pub(crate) fn prepare(&self) -> Result<Vec<Prepared<'_>>, Malformed> {
        let prepare = |(i, request)| {
            Prepared::new(request, self)
                .map_err(|error| format!("case {} request {i}: {error}", self.id))
        };
        self.requests.iter().enumerate().map(prepare).collect()
    }
}

fn chain(error: &dyn std::error::Error) -> String {
    let mut message = error.to_string();
    let mut source = error.source();
    while let Some(error) = source {
        message = format!("{message}: {error}");
        source = error.source();
    }
    message
}

/// One recorded request, in the parts that a [`Request`] borrows.
pub(crate) struct Prepared<'a> {
    pub(crate) json: &'a Value,
    method: Option<&'a str>,
    host: Option<&'a [u8]>,
    path: Known<Cow<'a, [u8]>>,
    headers: Vec<Header<'a>>,
    principal: Option<String>,
    claims: Option<&'a Map<String, Value>>,
    addresses: [Known<IpAddr>; 3],
    port: Known<u16>,
    sni: Option<&'a str>,
}

impl<'a> Prepared<'a> {
    fn new(json: &'a Value, case: &Case) -> Result<Self, Malformed> {
        let address = |pointer: &str| match text(json, pointer) {
            Some(address) => address
                .parse()
                .map(Known::Value)
                .map_err(|error| format!("{pointer}: {error}")),
            None => Ok(Known::Unknown),
        };
        let target = text(json, "/path").map(str::as_bytes);
        let absolute = target.and_then(absolute_form);
        let path = match absolute.map(|(_, path)| path).or(target) {
            Some(path) => normalize(path, case.normalization).map_or(Known::Unknown, Known::Value),
            None => Known::Absent,
        };
        let principal =
            text(json, "/sourcePrincipal").map(|principal| format!("spiffe://{principal}"));
        let sni = text(json, "/sni");
        let tls = principal.is_some() || sni.is_some();
        let port = json.pointer("/destinationPort").and_then(Value::as_u64);
        Ok(Self {
            json,
            method: text(json, "/method"),
            // The host of an absolute target takes the place of the one that was sent.
            host: absolute
                .map(|(host, _)| host)
                .or(text(json, "/host").map(str::as_bytes)),
            path,
            headers: headers(json, tls, case.appends_forwarded_for),
            principal,
            claims: json
                .pointer("/requestAuth/claims")
                .and_then(Value::as_object),
            addresses: [
                address("/sourceIP")?,
                address("/remoteIP")?,
                address("/destinationIP")?,
            ],
            port: port
                .and_then(|port| u16::try_from(port).ok())
                .map_or(Known::Unknown, Known::Value),
            sni,
        })
    }

    /// The request, as far as it was recorded: all of it.
    pub(crate) fn request(&self) -> Request<'_> {
        let [source_ip, remote_ip, destination_ip] = self.addresses;
        Request {
            method: self.method.map(str::as_bytes).into(),
            host: self.host.into(),
            path: match &self.path {
                Known::Value(path) => Known::Value(path),
                Known::Absent => Known::Absent,
                Known::Unknown => Known::Unknown,
            },
            headers: Headers {
                list: &self.headers,
                complete: true,
            },
            principal: self.principal.as_deref().into(),
            claims: self.claims.map_or(Claims::Absent, Claims::All),
            source_ip,
            remote_ip,
            destination_ip,
            destination_port: self.port,
            sni: self.sni.map(str::as_bytes).into(),
        }
    }

    /// What is wrong with our path, if anything is.
    pub(crate) fn path_disagreement(&self) -> Option<String> {
        let recorded = text(self.json, "/normalizedPath").or_else(|| {
            let sent = text(self.json, "/path")?;
            sent.starts_with('/').then_some(sent)
        })?;
        let ours = self.request().path;
        (ours != Known::Value(recorded.as_bytes())).then(|| {
            format!(
                "path {:?}: recorded {recorded:?}, ours {ours:?}",
                text(self.json, "/path")
            )
        })
    }
}

/// The headers as the proxy sees them. What it may add by itself is unknown where it was not sent.
fn headers(json: &Value, tls: bool, appends_forwarded_for: bool) -> Vec<Header<'_>> {
    let mut list = Vec::new();
    for (name, value) in json
        .pointer("/headers")
        .and_then(Value::as_object)
        .into_iter()
        .flatten()
    {
        let values = match value {
            Value::Array(values) => values.as_slice(),
            one => std::slice::from_ref(one),
        };
        for value in values.iter().filter_map(Value::as_str) {
            let value = Known::Value(value.trim_matches([' ', '\t']).as_bytes());
            list.push(Header {
                name: name.as_bytes(),
                value,
            });
        }
    }
    if appends_forwarded_for {
        list.retain(|header| !header.name.eq_ignore_ascii_case(b"x-forwarded-for"));
        list.push(Header {
            name: b"x-forwarded-for",
            value: Known::Unknown,
        });
    }
    let scheme: &[u8] = if tls { b"https" } else { b"http" };
    for (name, value) in [
        (b"x-forwarded-proto".as_slice(), Known::Value(scheme)),
        (b":scheme", Known::Unknown),
        (b"x-forwarded-client-cert", Known::Unknown),
        (b"x-envoy-internal", Known::Unknown),
        (b"x-envoy-external-address", Known::Unknown),
    ] {
        if !list
            .iter()
            .any(|header| header.name.eq_ignore_ascii_case(name))
        {
            list.push(Header { name, value });
        }
    }
    list
}

/// A decision in the form in which verdicts are recorded.
pub(crate) fn render(decision: &Decision, compiled: &Compiled) -> Value {
    let by = |by: By| match by {
        By::Rule(id) => compiled
            .rule(id)
            .map_or(Value::Null, |rule| json!(rule.to_string())),
        By::NoRule => Value::Null,
        By::Unclear(fields) => json!(format!("unclear: {fields}")),
    };
    let verdict = |verdict: Verdict| match verdict {
        Verdict::Allow => json!("allow"),
        Verdict::Deny => json!("deny"),
        Verdict::Unknown(fields) => json!(format!("unknown: {fields}")),
    };
    let truth = |truth: Truth| match truth {
        Truth::True => json!(true),
        Truth::False => json!(false),
        Truth::Unknown(fields) => json!(format!("unknown: {fields}")),
    };
    let mut shadow = Map::new();
    let mut shadowed = |name: &str, of: Option<Shadow>| {
        if let Some(of) = of.filter(|of| of.reached != Truth::False) {
            shadow.insert(
                name.to_owned(),
                json!({"result": verdict(of.verdict), "by": by(of.by)}),
            );
        }
    };
    shadowed("allow", decision.shadow_allow);
    shadowed("deny", decision.shadow_deny);
    let audit = decision.audit.filter(|audit| audit.reached != Truth::False);
    json!({
        "verdict": verdict(decision.verdict),
        "by": by(decision.by),
        "shadow": if shadow.is_empty() { Value::Null } else { Value::Object(shadow) },
        "audit": audit.map(|audit| json!({"matched": truth(audit.matched), "by": by(audit.by)})),
        "custom": decision.custom.map(|custom| json!({
            "matched": truth(custom.matched), "by": by(custom.by), "misconfigured": custom.misconfigured,
        })),
    })
}

/// What is recorded beyond the ordinary verdict: by which istiod, or by which proxy.
pub(crate) fn variant_context(name: &str, context: &Context) -> Result<Context, Malformed> {
    let mut context = context.clone();
    if name == "headers-joined" {
        context.repeated_headers = RepeatedHeaders::Joined;
    } else if let Some(version) = name.strip_prefix("istio-") {
        context.version = version.parse().map_err(|error| format!("{error}"))?;
    } else {
        return Err(format!("variant {name}"));
    }
    Ok(context)
}

/// How a decision differs from what was recorded; fields that were not recorded do not count.
pub(crate) fn difference(recorded: &Value, ours: &Value) -> Option<String> {
    let recorded = recorded.as_object()?;
    // A provider that cannot be asked on a port at all may be recorded as not asked, or as none.
    let never = json!({"matched": false, "by": null, "misconfigured": false});
    let differs = |name: &str, value: &Value| {
        let other = ours.get(name).unwrap_or(&Value::Null);
        let value = if name == "custom" && other.is_null() && *value == never {
            other
        } else {
            value
        };
        (other != value).then(|| format!("{name}: recorded {value}, ours {other}"))
    };
    let differences: Vec<String> = recorded
        .iter()
        .filter_map(|(name, value)| differs(name, value))
        .collect();
    (!differences.is_empty()).then(|| differences.join("; "))
}
