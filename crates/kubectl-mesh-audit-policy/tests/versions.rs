//! What differs between versions and between data planes. Each table names the source: `path@tag` in istio/istio.

#![allow(clippy::unwrap_used, reason = "a test")]

use kubectl_mesh_audit_policy::compile::{
    Context, Kind, Mesh, Note, Protocol, Provider, ProviderKind, RepeatedHeaders, Service, Workload,
};
use kubectl_mesh_audit_policy::{
    AuthorizationPolicy, By, Claims, Compiled, Field, Header, Headers, Known, Request, Verdict,
    compile,
};
use serde_json::{Value, json};

fn policy(namespace: &str, name: &str, spec: &Value) -> AuthorizationPolicy {
    AuthorizationPolicy::from_value(&json!({
        "apiVersion": "security.istio.io/v1beta1", "kind": "AuthorizationPolicy",
        "metadata": {"name": name, "namespace": namespace}, "spec": spec,
    }))
    .unwrap()
}

fn dry_run(mut policy: AuthorizationPolicy) -> AuthorizationPolicy {
    policy.dry_run = kubectl_mesh_audit_policy::policy::DryRun::Yes;
    policy
}

fn context(version: &str) -> Context {
    Context {
        workload: Workload {
            namespace: "foo".to_owned(),
            ..Workload::default()
        },
        mesh: Mesh::default(),
        version: version.parse().unwrap(),
        repeated_headers: RepeatedHeaders::Separate,
    }
}

fn kind(version: &str, kind: Kind, labels: &[(&str, &str)]) -> Context {
    let mut context = context(version);
    context.workload.kind = kind;
    context.workload.labels = labels
        .iter()
        .map(|(key, value)| ((*key).to_owned(), (*value).to_owned()))
        .collect();
    context
}

/// A whole request without anything.
fn nothing() -> Request<'static> {
    Request {
        method: Known::Absent,
        host: Known::Absent,
        path: Known::Absent,
        headers: Headers {
            list: &[],
            complete: true,
        },
        principal: Known::Absent,
        claims: Claims::Absent,
        source_ip: Known::Absent,
        remote_ip: Known::Absent,
        destination_ip: Known::Absent,
        destination_port: Known::Value(8080),
        sni: Known::Absent,
    }
}

fn as_peer(uri: &str) -> Request<'_> {
    Request {
        principal: Known::Value(uri),
        ..nothing()
    }
}

/// `D` denied, `A` allowed, `?` unknown.
fn letter(verdict: Verdict) -> char {
    match verdict {
        Verdict::Deny => 'D',
        Verdict::Allow => 'A',
        Verdict::Unknown(_) => '?',
    }
}

fn judge(policies: &[AuthorizationPolicy], context: &Context, request: &Request<'_>) -> char {
    letter(compile(policies, context).evaluate(request).verdict)
}

fn source(field: &str, value: &str) -> Value {
    json!({"action": "DENY", "rules": [{"from": [{"source": {field: [value]}}]}]})
}

#[test]
fn expression_characters_count_until_istio_quotes_them() {
    // pilot/pkg/security/authz/model/generator.go@1.27.8 and @1.27.9, @1.28.5 and @1.28.6, @1.29.1 and @1.29.2 for
    // serviceAccounts; the same and authz/matcher/string.go@1.28.6 and @1.28.7, @1.29.2 and @1.29.3 for the others.
    let rows = [
        ("serviceAccounts", "b.r/x", "spiffe://td/ns/bar/sa/x"),
        ("namespaces", "b.r", "spiffe://td/ns/bar/sa/x"),
        ("principals", "*/ns/b.r/sa/x", "spiffe://td/ns/bar/sa/x"),
    ];
    for (version, want) in [
        ("1.25.5", "DDD"),
        ("1.27.8", "DDD"),
        ("1.27.9", "ADD"),
        ("1.28.5", "DDD"),
        ("1.28.6", "ADD"),
        ("1.28.7", "AAA"),
        ("1.28.10", "AAA"),
        ("1.29.1", "DDD"),
        ("1.29.2", "ADD"),
        ("1.29.3", "AAA"),
        ("1.30.0", "AAA"),
    ] {
        let got: String = rows
            .iter()
            .map(|(field, value, uri)| {
                judge(
                    &[policy("foo", "p", &source(field, value))],
                    &context(version),
                    &as_peer(uri),
                )
            })
            .collect();
        assert_eq!(got, want, "{version}");
    }
    // A star in a namespace stays a wildcard, and what is not quoted may be refused by the proxy.
    for (field, value, version, want) in [
        ("namespaces", "b*r", "1.28.10", 'D'),
        ("namespaces", "b*r", "1.26.1", 'D'),
        ("namespaces", "b.*", "1.28.10", 'A'),
        ("principals", "*/sa/*x", "1.28.1", 'D'),
        ("principals", "*/sa/*x", "1.28.7", 'A'),
        ("principals", "*/sa/(x", "1.28.1", '?'),
        ("principals", "*/sa/(x", "1.28.7", 'A'),
    ] {
        let got = judge(
            &[policy("foo", "p", &source(field, value))],
            &context(version),
            &as_peer("spiffe://td/ns/bar/sa/x"),
        );
        assert_eq!(got, want, "{field} {value} {version}");
    }
}

#[test]
fn a_field_that_a_version_lacks_is_unknown_and_a_key_is_skipped() {
    // authz/model/model.go@1.24.6 and @1.25.0 (serviceAccounts), @1.30.0 and @1.30.2 (trustDomains),
    // model/policyattachment.go@1.21.6 and @1.22.0 (targetRefs).
    let peer = as_peer("spiffe://td/ns/bar/sa/x");
    for (field, key, value, before, since) in [
        (
            "serviceAccounts",
            "source.serviceAccount",
            "bar/x",
            "1.24.6",
            "1.25.0",
        ),
        (
            "trustDomains",
            "source.trustDomain",
            "td",
            "1.30.1",
            "1.30.2",
        ),
    ] {
        let of_field = [policy("foo", "p", &source(field, value))];
        let when =
            json!({"action": "DENY", "rules": [{"when": [{"key": key, "values": [value]}]}]});
        let of_key = [policy("foo", "p", &when)];
        for (version, want) in [(before, "?A"), (since, "DD")] {
            let got: String = [&of_field, &of_key]
                .iter()
                .map(|policies| judge(*policies, &context(version), &peer))
                .collect();
            assert_eq!(got, want, "{field} {version}");
        }
        let skipped = compile(&of_key, &context(before));
        assert!(
            matches!(skipped.notes(), [Note::RuleSkipped { why, .. }] if why.contains(key)),
            "{skipped:?}"
        );
    }
    let attached =
        json!({"action": "DENY", "rules": [{}], "targetRefs": [{"kind": "Gateway", "name": "gw"}]});
    for (version, want) in [("1.21.6", '?'), ("1.22.0", 'A')] {
        assert_eq!(
            judge(&[policy("foo", "p", &attached)], &context(version), &peer),
            want,
            "{version}"
        );
    }
}

#[test]
fn trust_domains_are_prefixes_with_one_star() {
    // srcTrustDomainGenerator and ExpandTrustDomainAliases: authz/model/generator.go, trustdomain/bundle.go@1.30.2.
    let mut context = context("1.30.2");
    context.mesh.trust_domain = "new".to_owned();
    context.mesh.trust_domain_aliases = vec!["old".to_owned()];
    for (value, uri, want) in [
        ("*", "spiffe://any/ns/a/sa/x", 'D'),
        ("td", "spiffe://td/ns/a/sa/x", 'D'),
        ("td", "spiffe://td2/ns/a/sa/x", 'A'),
        ("t*", "spiffe://td/ns/a/sa/x", 'D'),
        ("*d", "spiffe://td/ns/a/sa/x", 'D'),
        ("*.d", "spiffe://txd/ns/a/sa/x", 'A'),
        ("*a", "spiffe://td/ns/a/sa/x", 'A'),
        ("new", "spiffe://old/ns/a/sa/x", 'D'),
        ("old", "spiffe://new/ns/a/sa/x", 'D'),
        ("cluster.local", "spiffe://new/ns/a/sa/x", 'A'),
    ] {
        let got = judge(
            &[policy("foo", "p", &source("trustDomains", value))],
            &context,
            &as_peer(uri),
        );
        assert_eq!(got, want, "{value} {uri}");
    }
}

#[test]
fn templates_are_literal_before_they_exist() {
    // authz/model/generator.go@1.21.6 and @1.22.0.
    let spec = json!({"action": "DENY", "rules": [{"to": [{"operation": {"paths": ["/a/{*}"]}}]}]});
    let path = |path: &'static str| Request {
        path: Known::Value(path.as_bytes()),
        ..nothing()
    };
    for (version, want) in [("1.21.6", "AD"), ("1.22.0", "DA"), ("1.28.1", "DA")] {
        let got: String = ["/a/b", "/a/{*}"]
            .iter()
            .map(|sent| judge(&[policy("foo", "p", &spec)], &context(version), &path(sent)))
            .collect();
        assert_eq!(got, want, "{version}");
    }
}

#[test]
fn tokens_are_one_text_before_envoys_own_claims() {
    // authz/model/generator.go@1.20.8 (requestPrincipalGenerator.principal) and @1.21.0 (extendedPrincipal).
    let claims = json!({"iss": "https://i", "sub": "s", "scope": "one two"});
    let request = Request {
        claims: Claims::All(claims.as_object().unwrap()),
        ..nothing()
    };
    let scope = json!({"action": "DENY", "rules": [{"when": [{"key": "request.auth.claims[scope]", "values": ["one"]}]}]});
    for (spec, old, new) in [
        (source("requestPrincipals", "https://i/s"), 'D', 'D'),
        (source("requestPrincipals", "https*"), 'D', 'D'),
        (source("requestPrincipals", "*s"), 'D', 'D'),
        // The star of the old form reaches over the slash.
        (source("requestPrincipals", "ht*"), 'D', 'D'),
        (source("requestPrincipals", "*//i/s"), 'D', 'D'),
        (source("requestPrincipals", "https://*"), 'D', 'A'),
        (scope, '?', 'D'),
    ] {
        for (version, want) in [("1.20.8", old), ("1.21.0", new), ("1.28.1", new)] {
            assert_eq!(
                judge(&[policy("foo", "p", &spec)], &context(version), &request),
                want,
                "{spec} {version}"
            );
        }
    }
}

#[test]
fn gateways_and_waypoints_take_what_is_attached_to_them() {
    // model/policyattachment.go and model/authorization.go @1.20.8, @1.22.8, @1.24.6, @1.25.0, @1.28.1.
    let label = [("gateway.networking.k8s.io/gateway-name", "gw")];
    let gateway = |version| kind(version, Kind::Gateway, &label);
    let waypoint = |version, service: Option<(&str, &str, bool)>| {
        let service = service.map(|(namespace, name, entry)| Service {
            namespace: namespace.to_owned(),
            name: name.to_owned(),
            entry,
        });
        kind(version, Kind::Waypoint { service }, &label)
    };
    let to =
        |group: &str, kind: &str, name: &str| json!({"group": group, "kind": kind, "name": name});
    let api = "gateway.networking.k8s.io";
    let deny = |target: Value| json!({"action": "DENY", "rules": [{}], "targetRef": target});
    let here = policy("foo", "p", &deny(to(api, "Gateway", "gw")));
    let root = policy("istio-system", "p", &deny(to(api, "Gateway", "gw")));
    let class = policy(
        "istio-system",
        "p",
        &deny(to(api, "GatewayClass", "istio-waypoint")),
    );
    let service = policy("foo", "p", &deny(to("", "Service", "s")));
    let core = policy("foo", "p", &deny(to("core", "Service", "s")));
    let elsewhere = policy("bar", "p", &deny(to("", "Service", "s")));
    let entry = policy(
        "foo",
        "p",
        &deny(to("networking.istio.io", "ServiceEntry", "s")),
    );
    let all = policy("foo", "p", &json!({"action": "DENY", "rules": [{}]}));
    let selected = policy(
        "foo",
        "p",
        &json!({"action": "DENY", "rules": [{}], "selector": {"matchLabels": {"a": "b"}}}),
    );
    let s = Some(("foo", "s", false));
    for (name, policy, context, want) in [
        ("a gateway's own", &here, gateway("1.28.1"), 'D'),
        ("a gateway's own, early", &here, gateway("1.20.8"), 'D'),
        ("no gateway", &here, context("1.28.1"), 'A'),
        ("of the root namespace", &root, gateway("1.28.1"), 'A'),
        (
            "of the root namespace, before",
            &root,
            gateway("1.24.6"),
            'D',
        ),
        ("for all", &all, gateway("1.28.1"), 'D'),
        ("by labels that differ", &selected, gateway("1.28.1"), 'A'),
        (
            "for all, on a waypoint",
            &all,
            waypoint("1.28.1", None),
            'A',
        ),
        (
            "for all, on a waypoint, early",
            &all,
            waypoint("1.21.6", None),
            'D',
        ),
        ("a waypoint's own", &here, waypoint("1.28.1", None), 'D'),
        ("its service's", &service, waypoint("1.28.1", s), 'D'),
        (
            "its service's, by the group's other name",
            &core,
            waypoint("1.28.1", s),
            'D',
        ),
        (
            "another service's",
            &service,
            waypoint("1.28.1", Some(("foo", "t", false))),
            'A',
        ),
        ("without service", &service, waypoint("1.28.1", None), 'A'),
        (
            "a service elsewhere",
            &elsewhere,
            waypoint("1.28.1", Some(("bar", "s", false))),
            'D',
        ),
        (
            "a service elsewhere, before",
            &elsewhere,
            waypoint("1.23.6", Some(("bar", "s", false))),
            'A',
        ),
        (
            "an entry",
            &entry,
            waypoint("1.28.1", Some(("foo", "s", true))),
            'D',
        ),
        (
            "an entry is no service",
            &service,
            waypoint("1.28.1", Some(("foo", "s", true))),
            'A',
        ),
        (
            "an entry, before",
            &entry,
            waypoint("1.22.8", Some(("foo", "s", true))),
            'A',
        ),
        ("the class", &class, waypoint("1.28.1", s), 'D'),
        ("the class, before", &class, waypoint("1.24.6", None), 'A'),
        ("the class is no gateway's", &class, gateway("1.28.1"), 'A'),
    ] {
        assert_eq!(
            judge(std::slice::from_ref(policy), &context, &nothing()),
            want,
            "{name}"
        );
    }
    let mut switched_off = gateway("1.28.1");
    switched_off.mesh.selects_gateways = false;
    assert_eq!(judge(&[all], &switched_off, &nothing()), 'A');
    let old_label = |version| kind(version, Kind::Gateway, &[("istio.io/gateway-name", "gw")]);
    for (version, want) in [
        ("1.20.8", 'A'),
        ("1.21.6", 'D'),
        ("1.23.6", 'D'),
        ("1.24.0", 'A'),
    ] {
        assert_eq!(
            judge(std::slice::from_ref(&here), &old_label(version), &nothing()),
            want,
            "{version}"
        );
    }
}

#[test]
fn ztunnel_has_rules_of_its_own() {
    // serviceregistry/kube/controller/ambient/authorization.go@1.28.1 (convertAuthorizationPolicy, handleRule);
    // istio/ztunnel src/rbac.rs.
    let operation = |action: &str, operation: Value| json!({"action": action, "rules": [{"to": [{"operation": operation}]}]});
    let x = "spiffe://td/ns/bar/sa/x";
    for (name, spec, uri, want) in [
        (
            "a rule of HTTP only denies nothing",
            operation("DENY", json!({"methods": ["GET"]})),
            None,
            'A',
        ),
        (
            "a field of HTTP is left out",
            operation("DENY", json!({"methods": ["GET"], "ports": ["8080"]})),
            None,
            'D',
        ),
        (
            "and leaves out an ALLOW rule",
            operation("ALLOW", json!({"methods": ["GET"], "ports": ["8080"]})),
            None,
            'D',
        ),
        (
            "an ALLOW rule without",
            operation("ALLOW", json!({"ports": ["8080"]})),
            None,
            'A',
        ),
        (
            "a rule of nothing",
            json!({"action": "DENY", "rules": [{}]}),
            None,
            'D',
        ),
        ("no rules", json!({"action": "ALLOW"}), None, 'D'),
        (
            "the star of a namespace stands at an end",
            source("namespaces", "b*r"),
            Some(x),
            'A',
        ),
        (
            "a prefix of a namespace",
            source("namespaces", "ba*"),
            Some(x),
            'D',
        ),
        (
            "a namespace is a part of the identity",
            source("namespaces", "*"),
            None,
            'A',
        ),
        (
            "a suffix of a principal",
            source("principals", "*/sa/x"),
            Some(x),
            'D',
        ),
        ("a lone star", source("principals", "*"), Some(x), 'D'),
        ("no identity", source("principals", "*"), None, 'A'),
        (
            "no identity is none of them",
            source("notPrincipals", "*"),
            None,
            'D',
        ),
        (
            "a service account",
            source("serviceAccounts", "bar/x"),
            Some(x),
            'D',
        ),
        (
            "of another namespace",
            source("serviceAccounts", "x"),
            Some(x),
            'A',
        ),
        (
            "aliases do not count",
            source("principals", "cluster.local/ns/bar/sa/x"),
            Some(x),
            'A',
        ),
        (
            "remote addresses are HTTP's",
            source("remoteIpBlocks", "10.0.0.0/8"),
            None,
            'A',
        ),
        (
            "another form of identity",
            source("namespaces", "bar"),
            Some("spiffe://td/bar"),
            '?',
        ),
        (
            "a key of HTTP matches nothing",
            json!({"action": "DENY", "rules": [{"when": [{"key": "request.headers[a]", "values": ["b"]}]}]}),
            None,
            'A',
        ),
        (
            "a key",
            json!({"action": "DENY", "rules": [{"when": [{"key": "destination.port", "values": ["8080"]}]}]}),
            None,
            'D',
        ),
    ] {
        let mut context = kind("1.28.1", Kind::Ztunnel, &[]);
        context.workload.protocol = Protocol::Tcp;
        context.mesh.trust_domain_aliases = vec!["td".to_owned()];
        let request = uri.map_or_else(nothing, as_peer);
        assert_eq!(
            judge(&[policy("foo", "p", &spec)], &context, &request),
            want,
            "{name}"
        );
    }
    for action in ["AUDIT", "CUSTOM"] {
        let compiled = compile(
            &[policy(
                "foo",
                "p",
                &json!({"action": action, "rules": [{}]}),
            )],
            &kind("1.28.1", Kind::Ztunnel, &[]),
        );
        assert!(
            matches!(compiled.notes(), [Note::PolicyIgnored { .. }]),
            "{action}"
        );
        assert_eq!(letter(compiled.evaluate(&nothing()).verdict), 'A');
    }
}

#[test]
fn a_dry_run_is_enforced_by_an_early_ztunnel() {
    // ambient/policies.go@1.25.1 and @1.25.2, ambient/authorization.go@1.29.0.
    let deny = dry_run(policy(
        "foo",
        "p",
        &json!({"action": "DENY", "rules": [{}]}),
    ));
    for (version, switch, want, shadowed) in [
        ("1.24.6", false, 'D', false),
        ("1.25.1", false, 'D', false),
        ("1.25.2", false, 'A', false),
        ("1.28.1", true, 'A', false),
        ("1.29.0", false, 'A', false),
        ("1.29.0", true, 'A', true),
    ] {
        let mut context = kind(version, Kind::Ztunnel, &[]);
        context.mesh.ambient_dry_run = switch;
        let decision = compile([&deny], &context).evaluate(&nothing());
        assert_eq!(letter(decision.verdict), want, "{version} {switch}");
        assert_eq!(
            decision.shadow_deny.map(|shadow| shadow.verdict),
            shadowed.then_some(Verdict::Deny),
            "{version}"
        );
    }
}

fn custom(name: &str, provider: &str) -> AuthorizationPolicy {
    policy(
        "foo",
        name,
        &json!({"action": "CUSTOM", "provider": {"name": provider}, "rules": [{}]}),
    )
}

#[test]
fn providers_are_told_apart_since_they_have_filters_of_their_own() {
    // authz/builder/builder.go and extauthz.go @1.28.1 and @1.30.0 (PILOT_ENABLE_MULTIPLE_CUSTOM_AUTHZ_PROVIDERS).
    let (http, grpc, missing) = (
        custom("h", "http"),
        custom("g", "grpc"),
        custom("m", "missing"),
    );
    for (version, tcp, switch, policies, want, misconfigured) in [
        ("1.28.1", false, false, vec![&http], 'A', Some(false)),
        ("1.28.1", false, false, vec![&http, &grpc], 'D', Some(true)),
        ("1.28.1", false, false, vec![&missing], 'D', Some(true)),
        ("1.28.1", true, false, vec![&http], 'A', None),
        ("1.28.1", true, false, vec![&grpc], 'A', Some(false)),
        ("1.28.1", true, false, vec![&missing], 'D', Some(true)),
        ("1.28.1", false, true, vec![&http, &grpc], 'D', Some(true)),
        ("1.30.0", false, false, vec![&http, &grpc], 'D', Some(true)),
        ("1.30.0", false, true, vec![&http, &grpc], 'A', Some(false)),
        (
            "1.30.0",
            false,
            true,
            vec![&http, &missing],
            'D',
            Some(true),
        ),
        ("1.30.0", true, true, vec![&http, &grpc], 'A', Some(false)),
    ] {
        let mut context = context(version);
        context.mesh.providers = vec![
            Provider {
                name: "http".to_owned(),
                kind: ProviderKind::Http,
            },
            Provider {
                name: "grpc".to_owned(),
                kind: ProviderKind::Grpc,
            },
        ];
        context.mesh.several_providers = switch;
        context.workload.protocol = if tcp { Protocol::Tcp } else { Protocol::Http };
        let decision = compile(policies.iter().copied(), &context).evaluate(&nothing());
        assert_eq!(
            letter(decision.verdict),
            want,
            "{version} {tcp} {switch} {policies:?}"
        );
        assert_eq!(
            decision.custom.map(|custom| custom.misconfigured),
            misconfigured,
            "{version} {tcp} {policies:?}"
        );
    }
}

#[test]
fn a_dry_run_of_custom_is_unknown_where_it_may_deny() {
    // authz/builder/builder.go@1.28.1 leaves its rules out; @1.30.0 puts them where a filter denies.
    let policy = dry_run(custom("c", "http"));
    assert_eq!(
        judge(
            std::slice::from_ref(&policy),
            &context("1.28.1"),
            &nothing()
        ),
        'A'
    );
    assert_eq!(judge(&[policy], &context("1.30.0"), &nothing()), '?');
}

#[test]
fn http_fields_on_tcp_narrow_allow_and_widen_the_others() {
    // rule.checkError: authz/model/model.go@1.28.1, the same since 1.20.
    let operation = |action: &str, operation: Value| json!({"action": action, "rules": [{"to": [{"operation": operation}]}]});
    for version in ["1.20.8", "1.24.6", "1.28.1", "1.30.3"] {
        let mut context = context(version);
        context.workload.protocol = Protocol::Tcp;
        for (spec, want) in [
            (operation("DENY", json!({"methods": ["GET"]})), 'D'),
            (
                operation("DENY", json!({"methods": ["GET"], "ports": ["80"]})),
                'A',
            ),
            (operation("ALLOW", json!({"methods": ["GET"]})), 'D'),
            (operation("ALLOW", json!({"ports": ["8080"]})), 'A'),
            (source("requestPrincipals", "*"), 'D'),
            (source("remoteIpBlocks", "10.0.0.0/8"), 'A'),
            (operation("DENY", json!({"ports": ["no"]})), 'D'),
            (operation("ALLOW", json!({"ports": ["no", "8080"]})), 'D'),
        ] {
            assert_eq!(
                judge(&[policy("foo", "p", &spec)], &context, &nothing()),
                want,
                "{version} {spec}"
            );
        }
    }
}

#[test]
fn rules_are_reported_in_the_order_of_their_names() {
    let rules: Vec<Value> = (0..11).map(|_| json!({})).collect();
    let policies = [
        policy("foo", "p", &json!({"action": "DENY", "rules": rules})),
        policy("foo", "p-a", &json!({"action": "DENY", "rules": [{}]})),
    ];
    let by = |policies: &[AuthorizationPolicy]| {
        let compiled: Compiled = compile(policies, &context("1.28.1"));
        match compiled.evaluate(&nothing()).by {
            By::Rule(id) => compiled.rule(id).unwrap().to_string(),
            other => panic!("{other:?}"),
        }
    };
    // A hyphen comes before a closing bracket.
    assert_eq!(by(&policies), "foo/p-a/0");
    let mut eleven = policies[0].clone();
    assert_eq!(by(&[eleven.clone()]), "foo/p/0");
    eleven.spec.rules[0] = None;
    eleven.spec.rules[1] = None;
    assert_eq!(by(&[eleven]), "foo/p/10");
}

#[test]
fn a_policy_that_a_proxy_refuses_leaves_nothing_known() {
    let spec =
        json!({"action": "ALLOW", "rules": [{"to": [{"operation": {"paths": ["foo/{*}"]}}]}]});
    let compiled = compile(&[policy("foo", "p", &spec)], &context("1.28.1"));
    let Verdict::Unknown(fields) = compiled.evaluate(&nothing()).verdict else {
        panic!("known")
    };
    assert!(fields.iter().eq([Field::Configuration]));
    assert!(matches!(compiled.notes(), [Note::Unclear { why, .. }] if why.contains("foo/{*}")));
}

#[test]
fn repeated_headers_are_known_only_where_both_ways_agree() {
    let spec = |value: &str| json!({"action": "DENY", "rules": [{"when": [{"key": "request.headers[x]", "values": [value]}]}]});
    let list = [b"a".as_slice(), b"b"].map(|value| Header {
        name: b"X",
        value: Known::Value(value),
    });
    let request = Request {
        headers: Headers {
            list: &list,
            complete: true,
        },
        ..nothing()
    };
    for (value, separate, joined, unclear) in [
        ("a", 'D', 'A', '?'),
        ("a*", 'D', 'D', 'D'),
        ("a,b", 'A', 'D', '?'),
        ("c", 'A', 'A', 'A'),
        ("*,b", 'A', 'D', '?'),
    ] {
        for (repeated_headers, want) in [
            (RepeatedHeaders::Separate, separate),
            (RepeatedHeaders::Joined, joined),
            (RepeatedHeaders::Unclear, unclear),
        ] {
            let context = Context {
                repeated_headers,
                ..context("1.28.1")
            };
            assert_eq!(
                judge(&[policy("foo", "p", &spec(value))], &context, &request),
                want,
                "{value}"
            );
        }
    }
}
