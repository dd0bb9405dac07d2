//! Addresses of pages, and pages taken apart.

use serde::Deserialize;

use super::*;

#[derive(Debug, Deserialize, PartialEq)]
struct Named {
    name: String,
}

fn read(page: &str) -> Result<(Vec<String>, String, usize), kube::Error> {
    let parsed = parse::<Named, _, _>(
        page.as_bytes(),
        Vec::new(),
        &|all: &mut Vec<String>, n: Named| all.push(n.name),
    )?;
    Ok((parsed.value, parsed.meta.continue_token, parsed.items))
}

#[test]
fn addresses_are_encoded() {
    let query = ListQuery {
        label_selector: Some("a=b,c in (d)".into()),
        ..ListQuery::default()
    };
    assert_eq!(
        address("/api/v1/pods", &query, None),
        "/api/v1/pods?limit=500&labelSelector=a%3Db%2Cc%20in%20%28d%29"
    );
    let query = ListQuery {
        field_selector: Some("x=y".into()),
        limit: 0,
        ..ListQuery::default()
    };
    assert_eq!(
        address("/p?q=1", &query, Some("a+/=")),
        "/p?q=1&fieldSelector=x%3Dy&continue=a%2B%2F%3D"
    );
    assert_eq!(
        address(
            "/p",
            &ListQuery {
                limit: 0,
                ..ListQuery::default()
            },
            None
        ),
        "/p"
    );
}

#[test]
fn a_page_gives_its_items_and_its_token() {
    let rows = [
        (
            r#"{"kind":"L","metadata":{"continue":"c","resourceVersion":"5"},"items":[{"name":"a","x":[1]},{"name":"b"}]}"#,
            vec!["a", "b"],
            "c",
        ),
        (
            r#"{"items":[{"name":"a"}],"metadata":{"continue":"c"}}"#,
            vec!["a"],
            "c",
        ),
        (r#"{"metadata":{},"items":[]}"#, vec![], ""),
        (r#"{"metadata":{"continue":null},"items":null}"#, vec![], ""),
    ];
    for (page, names, token) in rows {
        let (got, continues, items) = read(page).unwrap();
        assert_eq!(
            (got, continues.as_str(), items),
            (
                names.iter().map(ToString::to_string).collect(),
                token,
                names.len()
            )
        );
    }
}

#[test]
fn what_is_no_page_is_an_error() {
    for page in [
        "",
        "{}",
        "[]",
        "<html>",
        r#"{"metadata":{}}"#,
        r#"{"items":{"name":"a"}}"#,
        r#"{"items":[{"name":"a"}"#,
        r#"{"items":[{"nom":"a"}]}"#,
        r#"{"items":[]} x"#,
    ] {
        assert!(read(page).is_err(), "{page}");
    }
}

#[test]
fn the_token_is_known_before_the_items() {
    for (page, token) in [
        (
            r#"{"kind":"L","metadata":{"continue":"c"},"items":[not even json"#,
            Some("c"),
        ),
        (r#"{"metadata":{"continue":""},"items":["#, None),
        (r#"{"items":[],"metadata":{"continue":"c"}}"#, None),
        ("nonsense", None),
    ] {
        assert_eq!(next_token(page.as_bytes()).as_deref(), token, "{page}");
    }
}
