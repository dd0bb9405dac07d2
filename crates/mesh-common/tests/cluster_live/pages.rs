//! Lists in pages, and rights.

use super::*;

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
