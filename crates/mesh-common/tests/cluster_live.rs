//! The client against servers that misbehave. All of them are the tests' own, on 127.0.0.1.

// A test says what is wrong by failing.
#![allow(missing_docs, clippy::unwrap_used)]

use std::{
    fs,
    sync::{Arc, Mutex, mpsc},
    time::Duration,
};

use base64::{Engine, engine::general_purpose::STANDARD as BASE64};
use mesh_common::{
    Error,
    cluster::{
        Ask, ClusterArgs, Connection, ListQuery, Listed, Verdict, can_i, explain, get_json,
        get_text, list, list_pages,
    },
};
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use rustls::pki_types::PrivateKeyDer;
use serde_json::Value;

#[path = "cluster_live/server.rs"]
mod server;

use server::{Answer, Server};

const PODS: &str = "/api/v1/pods";

/// A connection made of one cluster entry and one user entry, both in YAML flow style.
fn connect(
    cluster: &str,
    user: &str,
    timeout: &str,
    more: impl FnOnce(&mut ClusterArgs),
) -> Connection {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("config");
    let text = format!(
        "current-context: test\nclusters: [{{name: c, cluster: {{{cluster}}}}}]\n\
         contexts: [{{name: test, context: {{cluster: c, user: u}}}}]\nusers: [{{name: u, user: {{{user}}}}}]\n"
    );
    fs::write(&path, text).unwrap();
    let mut args = ClusterArgs {
        kubeconfig: Some(path),
        request_timeout: Some(timeout.parse().unwrap()),
        ..ClusterArgs::default()
    };
    more(&mut args);
    args.resolve().unwrap()
}

fn to(server: &str) -> Connection {
    connect(&format!("server: '{server}'"), "", "20s", |_| {})
}

/// Lists pods as JSON, and words what goes wrong.
async fn pods(c: &Connection) -> Result<Vec<Value>, Error> {
    let client = c.client()?;
    list(&client, PODS, &ListQuery::default())
        .await
        .map_err(|e| explain(&e, "list pods", c))
}

async fn line(c: &Connection) -> String {
    let e = pods(c).await.expect_err("the server misbehaves");
    let text = e.to_string();
    assert!(text.starts_with("cannot list pods: "), "{text}");
    assert!(!text.contains('\n') && text.len() < 600, "{text}");
    assert!(!e.hints().is_empty(), "{text}");
    text
}

fn page(items: &str, token: &str) -> String {
    format!(
        r#"{{"kind":"PodList","metadata":{{"resourceVersion":"7","continue":"{token}"}},"items":[{items}]}}"#
    )
}

#[tokio::test]
async fn nothing_listens() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    drop(listener);
    let said = line(&to(&format!("https://{address}"))).await;
    assert_eq!(
        said,
        format!("cannot list pods: nothing answers at https://{address}: connection refused")
    );
}

#[tokio::test]
async fn accepts_and_never_answers() {
    let server = Server::start(|_, _| Answer::hang_after("")).await;
    let c = connect(&format!("server: '{}'", server.http()), "", "250ms", |_| {});
    assert_eq!(
        line(&c).await,
        format!(
            "cannot list pods: {} did not answer within 250ms",
            server.http()
        )
    );
}

#[tokio::test]
async fn accepts_tcp_and_never_shakes_hands() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let held = tokio::spawn(async move {
        let mut held = Vec::new();
        while let Ok(stream) = listener.accept().await {
            held.push(stream);
        }
    });
    let c = connect(&format!("server: 'https://{address}'"), "", "250ms", |_| {});
    let said = line(&c).await;
    assert!(said.contains("within 250ms"), "{said}");
    held.abort();
}

#[tokio::test]
async fn answers_in_part_and_stops() {
    let server = Server::start(|_, _| {
        Answer::hang_after("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{\"items\":[")
    })
    .await;
    let c = connect(&format!("server: '{}'", server.http()), "", "250ms", |_| {});
    assert_eq!(
        line(&c).await,
        format!(
            "cannot list pods: {} answered only in part within 250ms",
            server.http()
        )
    );
}

#[tokio::test]
async fn credentials_are_not_accepted() {
    let server = Server::start(|_, _| Answer::status(401, "Unauthorized", "")).await;
    let said = line(&to(&server.http())).await;
    assert!(
        said.ends_with("does not accept the credentials of user \"u\" (401)"),
        "{said}"
    );
}

#[tokio::test]
async fn a_missing_right_is_named() {
    let message = "pods is forbidden: User \"jane\" cannot list resource \"pods\" in API group \"\" at the cluster scope";
    let server = Server::start(move |_, _| Answer::status(403, message, "")).await;
    let c = to(&server.http());
    let e = pods(&c).await.unwrap_err();
    assert_eq!(
        e.to_string(),
        "cannot list pods: \"jane\" has no right to list pods in the whole cluster (403)"
    );
    assert!(
        e.hints()[0].ends_with("--context test auth can-i list pods --all-namespaces"),
        "{:?}",
        e.hints()
    );
}

#[tokio::test]
async fn a_busy_server_is_asked_again() {
    let server = Server::start(|n, _| match n {
        0 => Answer::status(429, "busy", "Retry-After: 0\r\n"),
        1 => Answer::status(503, "starting", "Retry-After: 0\r\n"),
        _ => Answer::json(&page("", "")),
    })
    .await;
    assert_eq!(pods(&to(&server.http())).await.unwrap().len(), 0);
    assert_eq!(server.seen().len(), 3);
}

#[tokio::test]
async fn a_server_that_stays_busy_is_not_stormed() {
    for (code, expected) in [
        (429, "overloaded and turned the request away (429)"),
        (503, "is not ready (503)"),
    ] {
        let server =
            Server::start(move |_, _| Answer::status(code, "busy", "Retry-After: 0\r\n")).await;
        let said = line(&to(&server.http())).await;
        assert!(said.contains(expected), "{said}");
        assert_eq!(server.seen().len(), 4, "{code}");
    }
}

#[tokio::test]
async fn a_server_that_asks_for_more_time_than_there_is_is_believed() {
    let server = Server::start(|_, _| Answer::status(429, "busy", "Retry-After: 60\r\n")).await;
    assert!(line(&to(&server.http())).await.contains("(429)"));
    assert_eq!(server.seen().len(), 1);
}

#[tokio::test]
async fn a_write_is_repeated_whole_or_not_at_all() {
    let server = Server::start(|n, _| match n {
        0 => Answer::status(429, "busy", "Retry-After: 0\r\n"),
        _ => Answer::status(503, "no time named", ""),
    })
    .await;
    let client = to(&server.http()).client().unwrap();
    let request = http::Request::post("/api/v1/namespaces")
        .body(b"{\"a\":1}".to_vec())
        .unwrap();
    let e = client.request::<Value>(request).await.unwrap_err();
    assert!(matches!(e, kube::Error::Api(s) if s.code == 503));
    let bodies: Vec<_> = server.seen().into_iter().map(|r| r.body).collect();
    assert_eq!(bodies, ["{\"a\":1}", "{\"a\":1}"]);
}

#[tokio::test]
async fn what_is_not_kubernetes_is_said() {
    let html = "<!DOCTYPE html><html><head><title>Sign in to Wi-Fi</title></head></html>";
    let rows: [(fn() -> Answer, &str); 6] = [
        (
            || Answer::new(200, "text/html; charset=utf-8", "", "<html>Sign in"),
            "answered 200 with a web page instead of a Kubernetes answer",
        ),
        (
            || {
                Answer::new(
                    302,
                    "text/html",
                    "Location: https://login.example/x?token=hunter2\r\n",
                    "",
                )
            },
            "answered 302 with a redirect to login.example instead",
        ),
        (
            || {
                Answer::new(
                    502,
                    "text/html",
                    "",
                    "<html><head><title>502 Bad Gateway</title></head></html>",
                )
            },
            "answered 502 with a web page (\"502 Bad Gateway\") instead",
        ),
        (
            || Answer::new(200, "application/json", "", "\"hello\""),
            "is not the JSON of a Kubernetes object",
        ),
        (
            || Answer::raw("SSH-2.0-OpenSSH_9.2\r\n"),
            "does not speak HTTP",
        ),
        (
            || Answer::raw(""),
            "closed the connection before it answered",
        ),
    ];
    for (answer, expected) in rows {
        let server = Server::start(move |_, _| answer()).await;
        let said = line(&to(&server.http())).await;
        assert!(
            said.contains(expected) && !said.contains("hunter2"),
            "{said}"
        );
    }
    let server = Server::start(move |_, _| Answer::new(403, "text/html", "", html)).await;
    assert!(
        line(&to(&server.http()))
            .await
            .contains("(\"Sign in to Wi-Fi\")")
    );
}

#[tokio::test]
async fn what_a_pod_says_through_the_api_server_is_its_own() {
    let server = Server::start(|_, _| Answer::new(200, "text/html", "", "<html>ok")).await;
    let client = to(&server.http()).client().unwrap();
    let path = "/api/v1/namespaces/istio-system/pods/istiod-1:15014/proxy/version";
    assert_eq!(get_text(&client, path).await.unwrap(), "<html>ok");
}

#[tokio::test]
async fn an_answer_cut_off_is_said() {
    let rows: [(fn() -> Answer, &str); 3] = [
        (
            || Answer::raw("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{\"items\":["),
            "was cut off half-way",
        ),
        (
            || {
                Answer::raw(
                    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n10\r\n{\"items\":[",
                )
            },
            "was cut off half-way",
        ),
        (
            || Answer::json("{\"metadata\":{},\"items\":[{\"a\":1}"),
            "was cut off half-way: its JSON ends early",
        ),
    ];
    for (answer, expected) in rows {
        let server = Server::start(move |_, _| answer()).await;
        let said = line(&to(&server.http())).await;
        assert!(said.contains(expected), "{said}");
    }
}

#[tokio::test]
async fn a_huge_error_is_cut_short() {
    let server =
        Server::start(|_, _| Answer::new(500, "text/plain", "", &"x".repeat(3 << 20))).await;
    assert!(
        line(&to(&server.http()))
            .await
            .contains("failed (500): xxx")
    );
    let client = to(&server.http()).client().unwrap();
    // The typed calls of kube read under the same bound.
    let Err(kube::Error::Api(status)) = client.apiserver_version().await else {
        panic!("500")
    };
    assert_eq!((status.code, status.message.len()), (500, 64 * 1024));
}

#[tokio::test]
async fn requests_carry_identity_and_name_and_ask_for_no_gzip_here() {
    let server = Server::start(|_, _| Answer::json(&page("", ""))).await;
    let c = connect(
        &format!("server: '{}'", server.http()),
        "token: abc",
        "5s",
        |args| {
            args.as_user = Some("carol".into());
            args.as_group = vec!["a".into(), "b".into()];
            args.as_uid = Some("7".into());
        },
    );
    pods(&c).await.unwrap();
    let headers = &server.seen()[0].headers;
    assert_eq!(headers["authorization"], "Bearer abc");
    assert_eq!(headers["impersonate-user"], "carol");
    assert_eq!(headers["impersonate-group"], "a,b");
    assert_eq!(headers["impersonate-uid"], "7");
    assert_eq!(
        headers["user-agent"],
        concat!("kubectl-mesh/", env!("CARGO_PKG_VERSION"))
    );
    assert!(!headers.contains_key("accept-encoding"));
}

#[tokio::test]
async fn what_is_something_else_than_json_and_text() {
    let server = Server::start(|_, _| Answer::json(r#"{"gitVersion":"v1.34.4"}"#)).await;
    let client = to(&server.http()).client().unwrap();
    let version: Value = get_json(&client, "/version").await.unwrap();
    assert_eq!(version["gitVersion"], "v1.34.4");
}

// ---- pages ----

/// Enough bytes that the page is parsed beside the network.
fn padded(name: &str) -> String {
    format!(
        r#"{{"name":"{name}","unused":"{}"}}"#,
        "x".repeat(64 * 1024)
    )
}

#[derive(serde::Deserialize)]
struct Named {
    name: String,
}

async fn names(c: &Connection) -> Result<Listed<Vec<String>>, kube::Error> {
    let client = c.client().unwrap();
    list_pages(
        &client,
        PODS,
        &ListQuery::default(),
        Vec::new,
        |all: &mut Vec<String>, n: Named| all.push(n.name),
    )
    .await
}

#[tokio::test]
async fn pages_follow_each_other() {
    let server = Server::start(|_, seen| match seen.target.as_str() {
        "/api/v1/pods?limit=500" => {
            Answer::json(&page(&format!("{},{}", padded("a"), padded("b")), "p/2"))
        }
        "/api/v1/pods?limit=500&continue=p%2F2" => Answer::json(&page(r#"{"name":"c"}"#, "p3")),
        "/api/v1/pods?limit=500&continue=p3" => {
            // A server that writes its metadata last.
            Answer::json(
                r#"{"items":[{"name":"d"}],"metadata":{"resourceVersion":"9","continue":"p4"}}"#,
            )
        }
        "/api/v1/pods?limit=500&continue=p4" => Answer::json(&page(r#"{"name":"e"}"#, "")),
        other => Answer::status(404, other, ""),
    })
    .await;
    let listed = names(&to(&server.http())).await.unwrap();
    assert_eq!(listed.value, ["a", "b", "c", "d", "e"]);
    assert_eq!(
        (listed.items, listed.pages, listed.resource_version.as_str()),
        (5, 4, "7")
    );
}

#[tokio::test]
async fn the_next_page_is_asked_for_while_this_one_is_read() {
    // The first item is not folded before the second page has been asked for: this ends only if both happen at once.
    let (asked, wait) = mpsc::channel();
    let (asked, wait) = (Mutex::new(asked), Mutex::new(wait));
    let server = Server::start(move |n, _| {
        if n == 1 {
            asked.lock().unwrap().send(()).unwrap();
            Answer::json(&page("", ""))
        } else {
            Answer::json(&page(&padded("a"), "next"))
        }
    })
    .await;
    let client = to(&server.http()).client().unwrap();
    let fold = move |count: &mut usize, _: Named| {
        wait.lock()
            .unwrap()
            .recv_timeout(Duration::from_secs(10))
            .expect("the next page is asked for");
        *count += 1;
    };
    let listed = list_pages(&client, PODS, &ListQuery::default(), || 0, fold)
        .await
        .unwrap();
    assert_eq!(listed.value, 1);
}

#[tokio::test]
async fn an_expired_list_begins_again_once() {
    let expired = || Answer::status(410, "The provided continue parameter is too old", "");
    let server = Server::start(move |n, _| match n {
        0 | 2 => Answer::json(&page(&padded("a"), "next")),
        1 => expired(),
        _ => Answer::json(&page(r#"{"name":"b"}"#, "")),
    })
    .await;
    assert_eq!(
        names(&to(&server.http())).await.unwrap().value,
        ["a", "b"],
        "nothing twice"
    );
    assert_eq!(server.seen().len(), 4);

    let server = Server::start(move |n, _| {
        if n % 2 == 0 {
            Answer::json(&page(&padded("a"), "next"))
        } else {
            expired()
        }
    })
    .await;
    let c = to(&server.http());
    let e = names(&c).await.unwrap_err();
    assert!(
        explain(&e, "list pods", &c)
            .to_string()
            .contains("(410 Gone)")
    );
    assert_eq!(server.seen().len(), 4);
}

#[tokio::test]
async fn an_item_of_another_shape_fails_the_list() {
    let server = Server::start(|_, _| Answer::json(&page(r#"{"nom":"a"}"#, "more"))).await;
    assert!(matches!(
        names(&to(&server.http())).await,
        Err(kube::Error::SerdeError(_))
    ));
}

// ---- rights ----

#[tokio::test]
async fn rights_come_back_in_order_and_a_failure_is_no_answer() {
    let server = Server::start(|_, seen| {
        let asked: Value = serde_json::from_str(&seen.body).unwrap();
        let status = match asked["spec"]["resourceAttributes"]["resource"]
            .as_str()
            .unwrap()
        {
            "pods" => r#"{"allowed":true}"#,
            "services" => r#"{"allowed":false,"reason":"no RBAC policy matched"}"#,
            "nodes" => r#"{"allowed":false,"evaluationError":"webhook down"}"#,
            _ => return Answer::status(500, "boom", ""),
        };
        Answer::new(
            201,
            "application/json",
            "",
            &format!(r#"{{"status":{status}}}"#),
        )
    })
    .await;
    let client = to(&server.http()).client().unwrap();
    let asks = [
        Ask::new("create", "", "pods", Some("n")).subresource("portforward"),
        Ask::new("patch", "", "services", None),
        Ask::new("list", "", "nodes", None),
        Ask::new("list", "apps", "deployments", None),
    ];
    let got = can_i(&client, &asks).await;
    let verdicts: Vec<_> = got
        .iter()
        .map(|r| (r.ask.text(), r.verdict.clone()))
        .collect();
    assert_eq!(
        verdicts,
        [
            ("create pods/portforward in n".to_owned(), Verdict::Allowed),
            (
                "patch services".to_owned(),
                Verdict::Denied("no RBAC policy matched".into())
            ),
            (
                "list nodes".to_owned(),
                Verdict::Unknown("webhook down".into())
            ),
            (
                "list deployments.apps".to_owned(),
                Verdict::Unknown("500 (boom)".into())
            ),
        ]
    );
}

// ---- TLS ----

struct Pki {
    ca: CertifiedIssuer<'static, KeyPair>,
}

impl Pki {
    fn new() -> Self {
        let mut params = CertificateParams::new(Vec::new()).unwrap();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params
            .distinguished_name
            .push(rcgen::DnType::CommonName, "test ca");
        Self {
            ca: CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap(),
        }
    }

    /// PEM in base64, as a kubeconfig holds it.
    fn data(&self) -> String {
        BASE64.encode(self.ca.pem())
    }

    fn leaf(
        &self,
        name: &str,
        more: impl FnOnce(&mut CertificateParams),
    ) -> (rcgen::Certificate, KeyPair) {
        let mut params = CertificateParams::new(vec![name.to_owned()]).unwrap();
        more(&mut params);
        let key = KeyPair::generate().unwrap();
        (params.signed_by(&key, &self.ca).unwrap(), key)
    }

    fn server(
        &self,
        name: &str,
        more: impl FnOnce(&mut CertificateParams),
    ) -> Arc<rustls::ServerConfig> {
        let (cert, key) = self.leaf(name, more);
        let key = PrivateKeyDer::try_from(key.serialize_der()).unwrap();
        let config = rustls::ServerConfig::builder_with_provider(Arc::new(
            rustls::crypto::ring::default_provider(),
        ))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![cert.der().clone()], key)
        .unwrap();
        Arc::new(config)
    }
}

fn empty(_: usize, _: &server::Seen) -> Answer {
    Answer::json(&page("", ""))
}

fn trusting(server: &Server, pki: &Pki, more: &str) -> Connection {
    let cluster = format!(
        "server: '{}', certificate-authority-data: {}{more}",
        server.https(),
        pki.data()
    );
    connect(&cluster, "", "5s", |_| {})
}

#[tokio::test]
async fn a_trusted_certificate_is_trusted_and_others_are_said() {
    let pki = Pki::new();
    let server = Server::start_tls(pki.server("127.0.0.1", |_| {}), empty).await;
    assert!(pods(&trusting(&server, &pki, "")).await.is_ok());

    let said = line(&trusting(&server, &Pki::new(), "")).await;
    assert!(
        said.contains("signed by an authority that the kubeconfig does not trust"),
        "{said}"
    );

    let insecure = connect(
        &format!(
            "server: '{}', insecure-skip-tls-verify: true",
            server.https()
        ),
        "",
        "5s",
        |_| {},
    );
    assert!(pods(&insecure).await.is_ok());

    let server = Server::start_tls(pki.server("api.internal", |_| {}), empty).await;
    let said = line(&trusting(&server, &pki, "")).await;
    assert!(
        said.ends_with("is not valid for the name \"127.0.0.1\""),
        "{said}"
    );
    assert!(
        pods(&trusting(&server, &pki, ", tls-server-name: api.internal"))
            .await
            .is_ok()
    );

    let old = |p: &mut CertificateParams| p.not_after = rcgen::date_time_ymd(2001, 1, 1);
    let server = Server::start_tls(pki.server("127.0.0.1", old), empty).await;
    let said = line(&trusting(&server, &pki, "")).await;
    assert!(said.ends_with("has expired"), "{said}");
}

#[tokio::test]
async fn a_certificate_authority_may_be_a_file_beside_the_kubeconfig() {
    let pki = Pki::new();
    let server = Server::start_tls(pki.server("127.0.0.1", |_| {}), empty).await;
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("ca.crt");
    fs::write(&file, pki.ca.pem()).unwrap();
    let cluster = format!(
        "server: '{}', certificate-authority: '{}'",
        server.https(),
        file.display()
    );
    assert!(pods(&connect(&cluster, "", "5s", |_| {})).await.is_ok());
}

#[tokio::test]
async fn a_client_certificate_is_shown_and_a_missing_one_is_said() {
    let pki = Pki::new();
    let (cert, key) = pki.leaf("127.0.0.1", |_| {});
    let mut roots = rustls::RootCertStore::empty();
    roots.add(pki.ca.der().clone()).unwrap();
    let ring = Arc::new(rustls::crypto::ring::default_provider());
    let verifier = rustls::server::WebPkiClientVerifier::builder_with_provider(
        Arc::new(roots),
        Arc::clone(&ring),
    )
    .build()
    .unwrap();
    let config = rustls::ServerConfig::builder_with_provider(ring)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_client_cert_verifier(verifier)
        .with_single_cert(
            vec![cert.der().clone()],
            PrivateKeyDer::try_from(key.serialize_der()).unwrap(),
        )
        .unwrap();
    let server = Server::start_tls(Arc::new(config), empty).await;
    let cluster = format!(
        "server: '{}', certificate-authority-data: {}",
        server.https(),
        pki.data()
    );
    let (cert, key) = pki.leaf("jane", |_| {});
    let (cert, key) = (
        BASE64.encode(cert.pem()),
        BASE64.encode(key.serialize_pem()),
    );
    let user = format!("client-certificate-data: {cert}, client-key-data: {key}");
    pods(&connect(&cluster, &user, "5s", |_| {})).await.unwrap();

    let said = line(&connect(&cluster, "", "5s", |_| {})).await;
    assert!(
        said.ends_with("does not accept the client certificate of user \"u\""),
        "{said}"
    );

    let half = connect(
        &cluster,
        &format!("client-certificate-data: {cert}"),
        "5s",
        |_| {},
    );
    let e = half.client().err().unwrap().to_string();
    assert!(e.contains("the client key cannot be used"), "{e}");
}

#[tokio::test]
async fn garbage_instead_of_tls_is_said() {
    let server = Server::start(|_, _| Answer::raw("")).await;
    // A plain HTTP server reads the handshake as a request that never ends its head; one that answers at once is told apart.
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            use tokio::io::AsyncWriteExt;
            let _ = stream.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n").await;
            let mut rest = Vec::new();
            let _ = tokio::io::AsyncReadExt::read_to_end(&mut stream, &mut rest).await;
        }
    });
    let insecure = |to: String| {
        connect(
            &format!("server: 'https://{to}', insecure-skip-tls-verify: true"),
            "",
            "500ms",
            |_| {},
        )
    };
    let said = line(&insecure(address.to_string())).await;
    assert!(said.ends_with("does not speak TLS"), "{said}");
    let said = line(&insecure(server.address.to_string())).await;
    assert!(said.contains("within 500ms"), "{said}");
}

#[tokio::test]
async fn http_to_an_https_server_is_said() {
    let server = Server::start(|_, _| {
        Answer::new(
            400,
            "text/plain",
            "",
            "Client sent an HTTP request to an HTTPS server.\n",
        )
    })
    .await;
    let said = line(&to(&server.http())).await;
    assert!(
        said.ends_with("wants https, and the kubeconfig says http"),
        "{said}"
    );
}

// ---- proxies ----

#[tokio::test]
async fn a_proxy_url_is_used_even_for_this_machine() {
    let pki = Pki::new();
    let server = Server::start_tls(pki.server("127.0.0.1", |_| {}), empty).await;
    let target = server.address;
    let proxy = Server::start(move |_, _| Answer::tunnel(target)).await;
    let more = format!(", proxy-url: 'http://me:p%40ss@{}'", proxy.address);
    let c = trusting(&server, &pki, &more);
    assert_eq!(c.proxy, Some(proxy.http()));
    pods(&c).await.unwrap();
    let asked = &proxy.seen()[0];
    assert_eq!(
        (asked.method.as_str(), asked.target.clone()),
        ("CONNECT", target.to_string())
    );
    assert_eq!(
        asked.headers["proxy-authorization"],
        format!("Basic {}", BASE64.encode("me:p@ss"))
    );
    // Not on this machine's own account any more, so compression is asked for again.
    assert_eq!(server.seen()[0].headers["accept-encoding"], "gzip");
}

#[tokio::test]
async fn a_proxy_that_refuses_is_named() {
    for (code, expected) in [
        (407, "the proxy wants a user name and password"),
        (403, "the proxy did not let the connection through"),
    ] {
        let proxy = Server::start(move |_, _| Answer::new(code, "text/html", "", "no")).await;
        let cluster = format!(
            "server: 'https://127.9.9.9:1', proxy-url: '{}'",
            proxy.http()
        );
        let said = line(&connect(&cluster, "", "5s", |_| {})).await;
        assert!(
            said.contains(expected) && said.contains(&proxy.http()),
            "{said}"
        );
    }
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    drop(listener);
    for scheme in ["http", "socks5"] {
        let cluster = format!("server: 'https://127.9.9.9:1', proxy-url: '{scheme}://{address}'");
        let said = line(&connect(&cluster, "", "5s", |_| {})).await;
        assert!(
            said.contains("the proxy cannot be reached") || said.contains("SOCKS proxy"),
            "{said}"
        );
    }
}

// ---- credential plugins ----

#[cfg(unix)]
#[tokio::test]
async fn a_revoked_token_is_renewed_once() {
    use std::os::unix::fs::PermissionsExt;
    let dir = tempfile::tempdir().unwrap();
    let login = dir.path().join("login");
    let script = format!(
        "#!/bin/sh\ncd {}\necho run >> runs\nn=$(wc -l < runs | tr -d ' ')\n\
         echo '{{\"apiVersion\":\"client.authentication.k8s.io/v1\",\"status\":{{\"token\":\"t'$n'\"}}}}'\n",
        dir.path().display()
    );
    fs::write(&login, script).unwrap();
    fs::set_permissions(&login, fs::Permissions::from_mode(0o755)).unwrap();
    let user = format!(
        "exec: {{apiVersion: client.authentication.k8s.io/v1, command: '{}', interactiveMode: Never}}",
        login.display()
    );
    let server = Server::start(|_, seen| match seen.headers["authorization"].as_str() {
        "Bearer t2" => Answer::json(&page("", "")),
        _ => Answer::status(401, "Unauthorized", ""),
    })
    .await;
    let c = connect(&format!("server: '{}'", server.http()), &user, "5s", |_| {});
    pods(&c).await.unwrap();
    pods(&c).await.unwrap();
    assert_eq!(
        fs::read_to_string(dir.path().join("runs")).unwrap(),
        "run\nrun\n"
    );
    assert_eq!(server.seen().len(), 3);

    let never = Server::start(|_, _| Answer::status(401, "Unauthorized", "")).await;
    let c = connect(&format!("server: '{}'", never.http()), &user, "5s", |_| {});
    let e = pods(&c).await.unwrap_err();
    assert!(
        e.hints()[0].contains("credential plugin, login"),
        "{:?}",
        e.hints()
    );
    assert_eq!(never.seen().len(), 2);
}

#[tokio::test]
async fn a_connection_that_was_dropped_is_opened_again_for_a_read_only() {
    let script = |n: usize, _: &server::Seen| {
        if n == 0 {
            Answer::raw("")
        } else {
            Answer::json(&page("", ""))
        }
    };
    let server = Server::start(script).await;
    pods(&to(&server.http())).await.unwrap();
    assert_eq!(server.seen().len(), 2);

    let server = Server::start(script).await;
    let c = to(&server.http());
    let request = http::Request::post(PODS).body(b"{}".to_vec()).unwrap();
    let e = c
        .client()
        .unwrap()
        .request::<Value>(request)
        .await
        .unwrap_err();
    let said = explain(&e, "create pod x", &c).to_string();
    assert!(
        said.ends_with("closed the connection before it answered"),
        "{said}"
    );
    assert_eq!(server.seen().len(), 1, "a write may have gone through");
}
