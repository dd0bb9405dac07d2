//! Any bytes as a policy: one that can be judged judges, and what is known decides as what is known does.

use mesh_authz::{
    AuthorizationPolicy, Context, Known, Request, Verdict, Version, compile,
    compile::{Mesh, RepeatedHeaders, Workload},
};

pub(crate) fn take(bytes: &[u8]) {
    let Ok(value) = serde_json::from_slice::<serde_json::Value>(bytes) else {
        return;
    };
    let object = serde_json::json!({
        "apiVersion": "security.istio.io/v1", "kind": "AuthorizationPolicy",
        "metadata": {"name": "p", "namespace": "n"}, "spec": value,
    });
    let Ok(policy) = AuthorizationPolicy::from_value(&object) else {
        return;
    };
    let context = Context {
        workload: Workload {
            namespace: "n".into(),
            ..Workload::default()
        },
        mesh: Mesh::default(),
        version: Version::new(28, 1),
        repeated_headers: RepeatedHeaders::Unclear,
    };
    let compiled = compile([&policy], &context);
    let mut request = Request::default();
    let before = compiled.evaluate(&request).verdict;
    request.method = Known::Value(b"GET");
    request.path = Known::Value(b"/a");
    let after = compiled.evaluate(&request).verdict;
    let unknown = |verdict| matches!(verdict, Verdict::Unknown(_));
    assert!(
        unknown(before) || before == after,
        "more evidence turned a verdict around"
    );
    let _ = compiled.explain(&request);
}
