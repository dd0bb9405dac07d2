//! Tables for `explain`.

use serde_json::json;

use crate::compile::{Context, Mesh, RepeatedHeaders, Workload, compile};
use crate::policy::AuthorizationPolicy;
use crate::request::{Claims, Header, Headers, Known, Request};

fn explained(specs: &[serde_json::Value], request: &Request<'_>) -> String {
    let policies: Vec<AuthorizationPolicy> = specs
        .iter()
        .enumerate()
        .map(|(i, spec)| {
            AuthorizationPolicy::from_value(&json!({
                "apiVersion": "security.istio.io/v1", "kind": "AuthorizationPolicy",
                "metadata": {"name": format!("p{i}"), "namespace": "foo"}, "spec": spec,
            }))
            .unwrap()
        })
        .collect();
    let context = Context {
        workload: Workload {
            namespace: "foo".to_owned(),
            ..Workload::default()
        },
        mesh: Mesh::default(),
        version: "1.28.1".parse().unwrap(),
        repeated_headers: RepeatedHeaders::Separate,
    };
    compile(&policies, &context).explain(request).to_string()
}

const TOKEN: Header<'_> = Header {
    name: b"x-tok",
    value: Known::Value(b"secret"),
};

fn get() -> Request<'static> {
    Request {
        method: Known::Value(b"GET"),
        path: Known::Value(b"/a?key=secret"),
        headers: Headers {
            list: &[TOKEN],
            complete: true,
        },
        principal: Known::Absent,
        claims: Claims::Absent,
        ..Request::default()
    }
}

#[test]
fn a_verdict_says_what_decided_and_what_would_have_to_differ() {
    let lockdown = json!({"action": "DENY", "rules": [
        {"from": [{"source": {"notPrincipals": ["td/ns/orders/sa/orders"]}}], "to": [{"operation": {"paths": ["/a*"]}}]},
    ]});
    let allow = json!({"rules": [
        {"to": [{"operation": {"methods": ["POST"], "paths": ["/b"]}}, {"operation": {"paths": ["/c"]}}]},
        {"when": [{"key": "request.headers[x-tok]", "notValues": ["*"]}]},
    ]});
    assert_eq!(
        explained(std::slice::from_ref(&lockdown), &get()),
        "DENY rule foo/p0/0 matches: paths /a* (it was /a) and notPrincipals td/ns/orders/sa/orders (there was none)\n\
         DENY rule foo/p0/0 would not match without one of: paths /a* (it was /a) or \
         notPrincipals td/ns/orders/sa/orders (there was none)"
    );
    assert_eq!(
        explained(std::slice::from_ref(&allow), &get()),
        "no ALLOW rule matches\n\
         ALLOW rule foo/p0/0 would match with: paths /c (it was /a)\n\
         ALLOW rule foo/p0/1 would match with: when request.headers[x-tok] none of * (its value is not shown)"
    );
    let peer = Request {
        principal: Known::Value("spiffe://td/ns/orders/sa/orders"),
        ..get()
    };
    assert_eq!(
        explained(std::slice::from_ref(&lockdown), &peer),
        "no rule refuses it and no ALLOW policy applies\n\
         DENY rule foo/p0/0 would match with: \
         notPrincipals td/ns/orders/sa/orders (it was spiffe://td/ns/orders/sa/orders)"
    );
    let unknown = Request {
        principal: Known::Unknown,
        ..get()
    };
    assert_eq!(
        explained(&[lockdown], &unknown),
        "evidence is missing\n\
         DENY rule foo/p0/0 hangs on: notPrincipals td/ns/orders/sa/orders (not known)"
    );
    assert_eq!(
        explained(&[json!({"action": "DENY", "rules": [{}]})], &get()),
        "DENY rule foo/p0/0 matches everything"
    );
    assert_eq!(explained(&[json!({})], &get()), "no ALLOW rule matches");
}

#[test]
fn values_of_headers_and_queries_are_not_shown() {
    let spec = json!({"action": "DENY", "rules": [{"when": [
        {"key": "request.headers[x-tok]", "values": ["s*"]}, {"key": "request.headers[:path]", "values": ["/a*"]},
    ]}]});
    let text = explained(&[spec], &get());
    assert!(
        text.contains("its value is not shown") && !text.contains("secret"),
        "{text}"
    );
}
