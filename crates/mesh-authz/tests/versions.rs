//! What differs between versions of Istio. Each table names the source: `path@tag` in istio/istio.

#![allow(clippy::unwrap_used, reason = "a test")]

#[path = "judge/judge.rs"]
mod judge;

use judge::{as_peer, context, judge, nothing, policy, source};
use mesh_authz::compile::{Context, Note, RepeatedHeaders};
use mesh_authz::{
    AuthorizationPolicy, By, Claims, Compiled, Field, Header, Headers, Known, Request, Verdict,
    compile,
};
use serde_json::{Value, json};

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

#[test]
fn some_headers_are_joined_as_they_arrive() {
    // envoyproxy/envoy envoy/http/header_map.h (INLINE_REQ_HEADERS), source/common/http/header_map_impl.cc.
    let list = |name: &'static [u8]| {
        [b"a".as_slice(), b"b"].map(|value| Header {
            name,
            value: Known::Value(value),
        })
    };
    for (name, value, want) in [
        ("x-own", "a", 'D'),
        ("x-own", "a,b", 'A'),
        ("User-Agent", "a", 'A'),
        ("User-Agent", "a,b", 'D'),
        ("x-forwarded-for", "*,b", 'D'),
        ("authorization", "a", '?'),
        ("authorization", "a*", 'D'),
        ("cookie", "a*", '?'),
        ("cookie", "*", 'D'),
    ] {
        let key = format!("request.headers[{name}]");
        let spec =
            json!({"action": "DENY", "rules": [{"when": [{"key": key, "values": [value]}]}]});
        let list = list(name.to_ascii_lowercase().leak().as_bytes());
        let request = Request {
            headers: Headers {
                list: &list,
                complete: true,
            },
            ..nothing()
        };
        assert_eq!(
            judge(&[policy("foo", "p", &spec)], &context("1.28.1"), &request),
            want,
            "{name} {value}"
        );
    }
}
