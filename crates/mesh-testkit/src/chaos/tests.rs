use super::*;

#[test]
fn writes_are_what_stores_something() {
    for (method, uri, expected) in [
        ("GET", "/api/v1/pods", false),
        ("POST", "/api/v1/namespaces/x/pods", true),
        ("POST", "/api/v1/namespaces/x/pods?dryRun=All", false),
        (
            "POST",
            "/api/v1/namespaces/x/pods?fieldManager=a&dryRun=All",
            false,
        ),
        ("PATCH", "/api/v1/namespaces/x?dryRun=", true),
        (
            "POST",
            "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews",
            false,
        ),
        (
            "POST",
            "/apis/authentication.k8s.io/v1/selfsubjectreviews",
            false,
        ),
        (
            "POST",
            "/api/v1/namespaces/x/pods/y/portforward?ports=1",
            false,
        ),
        (
            "DELETE",
            "/apis/coordination.k8s.io/v1/namespaces/x/leases/y",
            true,
        ),
    ] {
        let method: Method = method.parse().unwrap();
        assert_eq!(is_write(&method, uri), expected, "{method} {uri}");
    }
}

#[test]
fn a_rule_is_for_what_it_names() {
    let seen = |n: Option<usize>, method: &str, path: &str| Seen {
        at: 1,
        n,
        method: method.into(),
        path: path.into(),
        status: None,
        user_agent: String::new(),
    };
    let lease = seen(
        Some(1),
        "POST",
        "/apis/coordination.k8s.io/v1/namespaces/i/leases?x=y",
    );
    let read = seen(
        None,
        "GET",
        "/apis/coordination.k8s.io/v1/namespaces/i/leases/z",
    );
    assert!(When::write(1).holds(&lease) && !When::write(2).holds(&lease));
    assert!(!When::write(1).holds(&read));
    assert!(When::request("POST", "/leases").holds(&lease));
    assert!(!When::request("POST", "/leases").holds(&read));
}
