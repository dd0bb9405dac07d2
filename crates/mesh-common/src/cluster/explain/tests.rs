//! The lines for what Kubernetes, or something in front of it, answers. Failures of the network are in `tests/cluster_live.rs`.

use kube::core::Status;
use serde_json::json;

use super::*;
use crate::cluster::{ClusterArgs, env::Env};

fn connection() -> Connection {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("config");
    let text = "current-context: prod\nclusters: [{name: c, cluster: {server: 'https://api:6443'}}]\ncontexts: [{name: prod, context: {cluster: c, user: sre}}]\nusers: [{name: sre, user: {exec: {command: /opt/bin/aws, args: [hunter2]}}}]\n";
    std::fs::write(&path, text).unwrap();
    let env = Env::of(&[("KUBECONFIG", path.to_str().unwrap())], None);
    ClusterArgs::default().resolve_in(&env).unwrap()
}

fn said(status: serde_json::Value) -> Error {
    let status: Status = serde_json::from_value(status).unwrap();
    explain(
        &kube::Error::Api(Box::new(status)),
        "list pods",
        &connection(),
    )
}

#[test]
#[allow(clippy::too_many_lines)] // one table
fn each_answer_gets_one_line_and_a_hint() {
    let page = |code: u16, text: &str| json!({"code": code, "message": text, "reason": "Failed to parse error data"});
    let rows = [
        (
            json!({"code":401,"message":"Unauthorized"}),
            "https://api:6443 does not accept the credentials of user \"sre\" (401)",
            "log in again with the tool behind its credential plugin, aws",
        ),
        (
            json!({"code":403,"message":"pods is forbidden: User \"jane\" cannot list resource \"pods\" in API group \"\" in the namespace \"shop\""}),
            "\"jane\" has no right to list pods in namespace \"shop\" (403)",
            "kubectl --context prod auth can-i list pods --namespace shop",
        ),
        (
            json!({"code":403,"message":"x is forbidden: User \"jane\" cannot create resource \"pods/portforward\" in API group \"\" at the cluster scope"}),
            "\"jane\" has no right to create pods/portforward in the whole cluster (403)",
            "kubectl --context prod auth can-i create pods --subresource=portforward --all-namespaces",
        ),
        (
            json!({"code":403,"message":"forbidden: User \"jane\" cannot get path \"/version\""}),
            "\"jane\" has no right to get /version (403)",
            "kubectl --context prod auth can-i get /version",
        ),
        (
            json!({"code":403,"message":"admission webhook \"a.b\" denied the request: no"}),
            "the API server refuses it (403): admission webhook \"a.b\" denied the request: no",
            "",
        ),
        (
            json!({"code":404,"message":"pods \"x\" not found","details":{"name":"x"}}),
            "pods \"x\" not found",
            "",
        ),
        (
            page(404, "404 page not found\n"),
            "the API server does not serve this kind of object (404)",
            "kubectl --context prod api-resources",
        ),
        (
            json!({"code":409,"message":"object has been modified"}),
            "somebody else changed it at the same time (409): object has been modified",
            "run the command again: it reads afresh",
        ),
        (
            json!({"code":409,"reason":"AlreadyExists","message":"pods \"x\" already exists"}),
            "pods \"x\" already exists",
            "",
        ),
        (
            json!({"code":410,"message":"Expired"}),
            "the API server no longer has the list that was being read (410 Gone)",
            "run the command again",
        ),
        (
            json!({"code":429,"message":"Too many requests","details":{"retryAfterSeconds":30}}),
            "the API server is overloaded and turned the request away (429): it asks to wait 30s",
            "wait, or run it when the cluster is less busy",
        ),
        (
            json!({"code":503,"message":"etcd leader changed"}),
            "https://api:6443 is not ready (503): etcd leader changed",
            "kubectl --context prod get --raw '/readyz?verbose'",
        ),
        (
            json!({"code":500,"message":"Internal error occurred: failed calling webhook \"w\": timeout"}),
            "an admission webhook could not be called (500): Internal error",
            "kubectl --context prod get mutatingwebhookconfigurations",
        ),
        (
            json!({"code":500,"message":"boom"}),
            "https://api:6443 failed (500): boom",
            "kubectl --context prod get --raw '/readyz?verbose'",
        ),
        (
            json!({"code":504,"message":"Timeout"}),
            "the API server gave up on the request (504): Timeout",
            "kubectl",
        ),
        (
            json!({"code":422,"message":"Invalid"}),
            "the API server refused the request (422): Invalid",
            "",
        ),
        (
            page(
                502,
                "<html><head><title>502 Bad\u{1b}[2J Gateway</title></head>",
            ),
            "https://api:6443 answered 502 with a web page (\"502 Bad Gateway\") instead of a Kubernetes answer",
            "a load balancer",
        ),
        (
            page(403, "<!DOCTYPE html><p>Sign in"),
            "answered 403 with a web page instead",
            "a login page",
        ),
        (
            page(400, "Client sent an HTTP request to an HTTPS server.\n"),
            "wants https, and the kubeconfig says http",
            "check the server",
        ),
    ];
    for (status, line, hint) in rows {
        let e = said(status.clone());
        assert!(e.to_string().starts_with("cannot list pods: "), "{e}");
        assert!(e.to_string().contains(line), "{status}: {e}");
        let hints = e.hints();
        assert!(
            hint.is_empty() == hints.is_empty() && hints.first().is_none_or(|h| h.contains(hint)),
            "{status}: {hints:?}"
        );
        let all = format!("{e} {hints:?}");
        assert!(
            !all.contains("hunter2") && !all.contains('\u{1b}') && !e.to_string().contains('\n'),
            "{all}"
        );
    }
}

#[test]
fn text_from_the_server_is_bounded() {
    let e = said(json!({"code": 500, "message": "x".repeat(100_000)}));
    assert!(e.to_string().len() < 500);
    let e = said(
        json!({"code":403,"message":format!("User \"{}\" cannot list resource \"{}\" in API group \"\" in the namespace \"{}\"", "u".repeat(500), "r".repeat(500), "n".repeat(300))}),
    );
    assert!(e.to_string().len() < 600, "{}", e.to_string().len());
}

#[cfg(unix)]
#[test]
fn kube_errors_with_secrets_in_them_are_not_repeated() {
    use std::os::unix::process::ExitStatusExt;

    use kube::client::AuthError;

    let out = std::process::Output {
        status: std::process::ExitStatus::from_raw(256),
        stdout: b"hunter2".to_vec(),
        stderr: b"hunter2".to_vec(),
    };
    let auth = AuthError::AuthExecRun {
        cmd: "aws hunter2".into(),
        out: Box::new(out),
    };
    let direct = kube::Error::Auth(auth);
    let nested = kube::Error::Service(Box::new(AuthError::AuthExec("hunter2".into())));
    for e in [direct, nested] {
        let e = explain(&e, "log in", &connection());
        assert!(!format!("{e} {e:?} {:?}", e.hints()).contains("hunter2"));
    }
}
