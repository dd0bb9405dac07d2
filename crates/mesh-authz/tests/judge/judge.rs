//! Small policies and requests, judged. Shared by tables of verdicts.

#![allow(dead_code, reason = "each table uses some of it")]

use mesh_authz::compile::{Context, Kind, Mesh, RepeatedHeaders, Workload};
use mesh_authz::{AuthorizationPolicy, Claims, Headers, Known, Request, Verdict, compile};
use serde_json::{Value, json};

pub(crate) fn policy(namespace: &str, name: &str, spec: &Value) -> AuthorizationPolicy {
    AuthorizationPolicy::from_value(&json!({
        "apiVersion": "security.istio.io/v1beta1", "kind": "AuthorizationPolicy",
        "metadata": {"name": name, "namespace": namespace}, "spec": spec,
    }))
    .unwrap()
}

pub(crate) fn dry_run(mut policy: AuthorizationPolicy) -> AuthorizationPolicy {
    policy.dry_run = mesh_authz::policy::DryRun::Yes;
    policy
}

pub(crate) fn context(version: &str) -> Context {
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

pub(crate) fn kind(version: &str, kind: Kind, labels: &[(&str, &str)]) -> Context {
    let mut context = context(version);
    context.workload.kind = kind;
    context.workload.labels = labels
        .iter()
        .map(|(key, value)| ((*key).to_owned(), (*value).to_owned()))
        .collect();
    context
}

/// A whole request without anything.
pub(crate) fn nothing() -> Request<'static> {
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

pub(crate) fn as_peer(uri: &str) -> Request<'_> {
    Request {
        principal: Known::Value(uri),
        ..nothing()
    }
}

/// `D` denied, `A` allowed, `?` unknown.
pub(crate) fn letter(verdict: Verdict) -> char {
    match verdict {
        Verdict::Deny => 'D',
        Verdict::Allow => 'A',
        Verdict::Unknown(_) => '?',
    }
}

pub(crate) fn judge(
    policies: &[AuthorizationPolicy],
    context: &Context,
    request: &Request<'_>,
) -> char {
    letter(compile(policies, context).evaluate(request).verdict)
}

pub(crate) fn source(field: &str, value: &str) -> Value {
    json!({"action": "DENY", "rules": [{"from": [{"source": {field: [value]}}]}]})
}
