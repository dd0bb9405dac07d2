use kube::core::Status;
use serde_json::json;

use super::*;

fn said(code: u16, message: &str) -> kube::Error {
    let status = json!({ "status": "Failure", "code": code, "message": message, "reason": "Invalid",
        "details": { "causes": [{ "field": "data.key", "message": "c2VjcmV0" }] } });
    let status: Status = serde_json::from_value(status).unwrap();
    kube::Error::Api(Box::new(status))
}

#[test]
fn what_an_answer_means() {
    let table = [
        (
            422,
            "Service \"a\" is invalid: spec.clusterIP: field is immutable",
            true,
        ),
        (
            400,
            "strict decoding error: unknown field \"spec.new\"",
            true,
        ),
        (
            400,
            "admission webhook \"x\" does not support dry run",
            false,
        ),
        (403, "admission webhook \"x\" denied the request: no", true),
        (
            403,
            "pods \"a\" is forbidden: User \"u\" cannot create resource \"pods\"",
            false,
        ),
        (403, "pods \"a\" is forbidden: exceeded quota: q", true),
        (409, "the object has been modified", false),
        (
            500,
            "Internal error occurred: failed calling webhook \"x\": connection refused",
            false,
        ),
        (503, "", false),
    ];
    for (code, message, want) in table {
        assert_eq!(
            answer::is_refusal(&said(code, message)),
            want,
            "{code} {message}"
        );
    }
    assert!(answer::lacks_namespace(&said(
        404,
        "namespaces \"a\" not found"
    )));
    assert!(!answer::lacks_namespace(&said(404, "pods \"a\" not found")));
}

fn subject<'a>(object: &'a Value, name: &'a str) -> Subject<'a> {
    Subject {
        group: "networking.istio.io",
        resource: "virtualservices",
        namespace: Some("shop"),
        name,
        object,
    }
}

#[test]
fn where_an_object_is_written() {
    let object = json!({ "apiVersion": "networking.istio.io/v1", "kind": "VirtualService" });
    let one = subject(&object, "a");
    assert_eq!(
        one.collection(),
        "/apis/networking.istio.io/v1/namespaces/shop/virtualservices"
    );
    assert_eq!(one.what(), "virtualservices.networking.istio.io");
    assert!(one.is_plain());
    let core = json!({ "apiVersion": "v1" });
    let node = Subject {
        group: "",
        resource: "nodes",
        namespace: None,
        name: "n:1",
        object: &core,
    };
    assert_eq!(
        (node.collection().as_str(), node.is_plain()),
        ("/api/v1/nodes", true)
    );
    for name in ["", "..", "a/b", "a?dryRun=", "a#", "a%2f", "ä", "a b"] {
        assert!(!subject(&object, name).is_plain(), "{name}");
    }
    let evil = json!({ "apiVersion": "v1/../../x?" });
    assert!(!subject(&evil, "a").is_plain());
}

#[test]
fn a_service_goes_without_its_addresses_if_others_have_them() {
    let service = json!({ "apiVersion": "v1", "spec": { "clusterIP": "10.0.0.1", "clusterIPs": ["10.0.0.1"],
        "ports": [{ "port": 80, "nodePort": 30080 }] } });
    let one = Subject {
        group: "",
        resource: "services",
        ..subject(&service, "a")
    };
    assert_eq!(
        without_addresses(&one),
        Some(json!({ "apiVersion": "v1", "spec": { "ports": [{ "port": 80 }] } }))
    );
    assert_eq!(without_addresses(&subject(&service, "a")), None);
}

#[test]
fn what_is_sent_is_what_a_person_wrote() {
    let object = json!({ "metadata": { "name": "a", "uid": "1", "resourceVersion": "3" }, "status": {}, "spec": { "a": 1 } });
    assert_eq!(
        written(&object),
        json!({ "metadata": { "name": "a" }, "spec": { "a": 1 } })
    );
    assert!(is_same(&object, &written(&object)));
    assert!(dry("/api/v1/pods").contains("dryRun=All&"));
}
