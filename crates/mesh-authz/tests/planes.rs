//! What differs between gateways, waypoints, ztunnel, TCP ports and providers. Each table names the source: `path@tag` in istio/istio.

#![allow(clippy::unwrap_used, reason = "a test")]

#[path = "judge/judge.rs"]
mod judge;

use judge::{as_peer, context, dry_run, judge, kind, letter, nothing, policy, source};
use mesh_authz::compile::{Kind, Note, Protocol, Provider, ProviderKind, Service};
use mesh_authz::{AuthorizationPolicy, Verdict, compile};
use serde_json::{Value, json};

#[test]
#[allow(clippy::too_many_lines, reason = "a table")]
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
#[allow(clippy::too_many_lines, reason = "a table")]
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
