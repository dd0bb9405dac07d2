use serde_json::json;

use super::*;

type Edit = fn(&mut Value);

fn policy() -> Found {
    Found::of(json!({
        "apiVersion": "security.istio.io/v1", "kind": "AuthorizationPolicy",
        "metadata": {"name": "lockdown", "namespace": "payments"},
        "spec": {"rules": [{}], "action": "DENY"},
    }))
    .unwrap()
}

fn result() -> Value {
    let row =
        |source: &str, requests: u64| json!({"source": source, "requests": requests, "path": "/"});
    json!({
        "policies": [{"namespace": "payments", "name": "lockdown", "action": "DENY", "change": "new",
            "digest": sha256(br#"{"action":"DENY","rules":[{}]}"#)}],
        "lines": {"read": 20, "evaluated": 15, "skipped": {}, "unknown": {"cut": 1}},
        "newlyBlocked": 5, "unknown": 2, "newlyAllowed": 0,
        "rows": {
            "newlyBlocked": [row("web/web", 3)], "unknown": [row("web/web", 1)], "newlyAllowed": [],
            "stillBlocked": [row("legacy/batch", 4)], "stillAllowed": [row("orders/orders-sa", 3)],
        },
        "coverage": {"first": "2026-11-20T06:00:00Z", "last": "2026-11-21T06:00:00Z", "wholeLog": true,
            "cronJobsNotSeen": []},
    })
}

/// As replay prints it, and its digest.
fn written(body: &Value) -> (String, String) {
    let digest = sha256(&serde_json::to_vec(body).unwrap());
    let mut document = body.clone();
    document["apiVersion"] = "kubectl-mesh/v1alpha1".into();
    document["kind"] = "PolicyReplay".into();
    document["outcome"] = "refused".into();
    document["digest"] = digest.as_str().into();
    (serde_json::to_string_pretty(&document).unwrap(), digest)
}

fn read(edit: Edit) -> Result<Watched> {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("replay.json");
    let mut body = result();
    edit(&mut body);
    let (text, digest) = written(&body);
    std::fs::write(&file, text).unwrap();
    let wrong = of_replay(&file, "sha256:0", &policy());
    assert_eq!(wrong.unwrap_err().kind(), Kind::Refused);
    match of_replay(&file, &digest, &policy())? {
        Evidence::Watched(watched) => Ok(*watched),
        other => Err(Error::user(format!("{other:?}"))),
    }
}

#[test]
fn a_result_counts_by_its_digest_and_for_its_policy_alone() {
    let edits: [(&str, Edit, bool); 6] = [
        ("good", |_| {}, true),
        (
            "another policy",
            |r| r["policies"][0]["name"] = "x".into(),
            false,
        ),
        (
            "another spec",
            |r| r["policies"][0]["digest"] = "sha256:1".into(),
            false,
        ),
        (
            "two policies",
            |r| {
                let one = r["policies"][0].clone();
                r["policies"] = json!([one, one]);
            },
            false,
        ),
        ("no time", |r| r["coverage"]["first"] = Value::Null, false),
        ("no rows", |r| r["rows"] = Value::Null, false),
    ];
    for (what, edit, good) in edits {
        let read = read(edit);
        assert_eq!(read.is_ok(), good, "{what}: {read:?}");
    }
}

#[test]
fn what_is_in_no_row_is_not_lost_and_what_is_not_whole_proves_nothing() {
    let watched = read(|_| {}).unwrap();
    let of = |name: &str| watched.callers.iter().find(|c| c.name == name).unwrap();
    assert_eq!((of("web/web").denied, of("web/web").unknown), (3, 1));
    assert_eq!(of(OTHERS).denied, 2);
    assert_eq!(
        (of("legacy/batch").denied, of("legacy/batch").allowed),
        (0, 0)
    );
    assert_eq!(of("orders/orders-sa").allowed, 3);
    // One of the unknown requests is in no row, and one line could not be read.
    assert_eq!((watched.unknown, watched.unclear()), (2, 3));
    assert_eq!(watched.digest, copy::digest_of(&policy()));
    assert!(watched.signal.is_some());
    assert_eq!(watched.expected, None, "nobody says who else calls");
    let half = read(|r| r["coverage"]["wholeLog"] = Value::Null).unwrap();
    assert_eq!(half.signal, None);
    let unseen = read(|r| r["coverage"]["cronJobsNotSeen"] = json!(["payments/nightly"])).unwrap();
    assert!(
        unseen
            .expected
            .unwrap()
            .callers
            .contains("payments/nightly")
    );
}
