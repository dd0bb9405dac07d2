//! Answers that are late, wrong, or not from Kubernetes.

use super::*;

/// An answer, and a part of the line that it gets.
type Row = (fn() -> Answer, &'static str);

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
    let rows: [Row; 6] = [
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
    let rows: [Row; 3] = [
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

#[tokio::test]
async fn an_answer_says_what_time_the_server_has() {
    let rows = [
        (
            "Date: Sun, 06 Nov 1994 08:49:37 GMT\r\n",
            Some("1994-11-06T08:49:37Z"),
        ),
        ("Date: yesterday\r\n", None),
        ("", None),
    ];
    for (header, want) in rows {
        for code in [200, 403] {
            let server = Server::start(move |_, _| Answer::status(code, "x", header)).await;
            let client = to(&server.http()).client().unwrap();
            let date = get_date(&client, "/version").await.unwrap();
            let date = date.map(|(date, _)| date.to_string());
            assert_eq!(date.as_deref(), want, "{code} {header}");
        }
    }
}
