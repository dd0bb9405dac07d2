use proptest::{collection::vec, prelude::*, sample::select};
use serde_json::{Value, json};

use super::*;
use crate::{
    AuthorizationPolicy, Compiled, Context, Request, Version, compile,
    compile::{Mesh, RepeatedHeaders, Workload},
};

fn context() -> Context {
    Context {
        workload: Workload {
            namespace: "n".into(),
            ..Workload::default()
        },
        mesh: Mesh::default(),
        version: Version::new(28, 1),
        repeated_headers: RepeatedHeaders::Unclear,
    }
}

fn policy(nth: usize, action: &str, rules: &[Value]) -> AuthorizationPolicy {
    AuthorizationPolicy::from_value(&json!({
        "apiVersion": "security.istio.io/v1", "kind": "AuthorizationPolicy",
        "metadata": {"name": format!("p{nth}"), "namespace": "n"},
        "spec": {"action": action, "rules": rules},
    }))
    .unwrap()
}

fn without_index(compiled: &Compiled) -> Compiled {
    let mut compiled = compiled.clone();
    let sets = [&mut compiled.deny, &mut compiled.allow, &mut compiled.audit];
    for set in sets.into_iter().flatten() {
        set.index = None;
    }
    compiled
}

fn texts(of: &'static [&'static str]) -> impl Strategy<Value = Vec<&'static str>> + Clone {
    vec(select(of), 1..3)
}

fn rule() -> impl Strategy<Value = Value> {
    let paths = texts(&["/a", "/a*", "/ab", "*b", "*ab", "/a/*", "*", "/{*}", "/x"]);
    let hosts = texts(&["A.com", "a.*", "*.COM", "b", "*"]);
    let principals = texts(&["td/ns/x/sa/a", "td/ns/x/*", "*/sa/a", "*"]);
    let namespaces = texts(&["x", "y", "x*"]);
    let who = prop_oneof![
        Just(json!({})),
        principals.clone().prop_map(|p| json!({"principals": p})),
        principals.prop_map(|p| json!({"notPrincipals": p})),
        namespaces.prop_map(|n| json!({"namespaces": n})),
    ];
    let what = prop_oneof![
        paths.clone().prop_map(|p| json!({"paths": p})),
        paths.prop_map(|p| json!({"notPaths": p, "methods": ["GET"]})),
        hosts.clone().prop_map(|h| json!({"hosts": h})),
        hosts.prop_map(|h| json!({"notHosts": h})),
        Just(json!({"methods": ["GET"]})),
    ];
    (vec(who, 0..3), vec(what, 0..3)).prop_map(|(from, to)| {
        let mut rule = json!({});
        if !from.is_empty() {
            rule["from"] = from
                .into_iter()
                .map(|source| json!({"source": source}))
                .collect();
        }
        if !to.is_empty() {
            rule["to"] = to
                .into_iter()
                .map(|operation| json!({"operation": operation}))
                .collect();
        }
        rule
    })
}

fn known(of: &'static [&'static str]) -> impl Strategy<Value = Known<&'static str>> {
    prop_oneof![
        6 => select(of).prop_map(Known::Value),
        1 => Just(Known::Absent),
        1 => Just(Known::Unknown),
    ]
}

proptest! {
    #[test]
    fn what_is_not_looked_at_would_not_have_matched(
        rules in vec((rule(), any::<bool>()), 20..60),
        path in known(&["/a", "/ab", "/a/b", "/b", "/x?a", "", "/ns/x/"]),
        host in known(&["a.com", "A.COM", "b", "b.com", "c"]),
        principal in known(&["spiffe://td/ns/x/sa/a", "spiffe://td/ns/y/sa/a", "spiffe://ns/ns/x/ns/y/sa", "x"]),
        method in known(&["GET", "PUT"]),
    ) {
        let policies: Vec<_> = rules
            .iter()
            .enumerate()
            .map(|(nth, (rule, deny))| policy(nth, if *deny { "DENY" } else { "ALLOW" }, std::slice::from_ref(rule)))
            .collect();
        let compiled = compile(&policies, &context());
        let request = Request {
            path: path.map(str::as_bytes),
            host: host.map(str::as_bytes),
            method: method.map(str::as_bytes),
            principal,
            ..Request::default()
        };
        prop_assert_eq!(compiled.evaluate(&request), without_index(&compiled).evaluate(&request));
    }
}

#[test]
fn many_rules_are_on_several_pages_and_the_first_of_all_is_reported() {
    let rules: Vec<_> = (0..PAGE + 100)
        .map(|nth| json!({"to": [{"operation": {"paths": [format!("/{nth}")]}}]}))
        .collect();
    let compiled = compile([&policy(0, "DENY", &rules)], &context());
    let set = compiled.deny.as_ref().unwrap();
    assert_eq!(set.index.as_ref().unwrap().pages.len(), 2);
    for nth in [0, 1, 63, 64, PAGE - 1, PAGE, PAGE + 99, PAGE + 100] {
        let path = format!("/{nth}");
        let request = Request {
            path: Known::Value(path.as_bytes()),
            ..Request::default()
        };
        let mut looked_at = Vec::new();
        let view = View::new(&compiled, &request);
        set.index.as_ref().unwrap().each(&view, |nth| {
            looked_at.push(nth);
            true
        });
        assert_eq!(looked_at.len(), usize::from(nth < PAGE + 100), "{nth}");
        assert_eq!(
            compiled.evaluate(&request),
            without_index(&compiled).evaluate(&request)
        );
    }
}
