use serde_json::json;

use super::*;
use crate::copy::Form;

fn found(object: Value) -> Found {
    Found::of(object).unwrap()
}

fn policy(rules: &Value) -> Found {
    found(json!({
        "apiVersion": "security.istio.io/v1", "kind": "AuthorizationPolicy",
        "metadata": {"name": "lockdown", "namespace": "payments", "uid": "u"},
        "spec": {"action": "DENY", "rules": rules},
    }))
}

#[test]
fn what_changed_since_the_copy_was_made() {
    let (old, new) = (policy(&json!([{}])), policy(&json!([])));
    let copy = |of: &Found, standing: Option<&Found>| {
        Copy::read(&found(copy::make(of, standing, Form::DryRun).unwrap())).unwrap()
    };
    let ordinary = copy(&old, Some(&old));
    assert_eq!(change(&ordinary, Some(&old)), Change::None);
    assert!(matches!(change(&ordinary, Some(&new)), Change::Original(_)));
    assert!(matches!(change(&ordinary, None), Change::Original(_)));
    // A proposed spec over what stands there.
    let proposed = copy(&new, Some(&old));
    assert_eq!(change(&proposed, Some(&old)), Change::None);
    assert_eq!(
        change(&proposed, Some(&new)),
        Change::None,
        "somebody enforced it meanwhile"
    );
    // A new policy.
    let fresh = copy(&new, None);
    assert_eq!(change(&fresh, None), Change::None);
    assert!(matches!(change(&fresh, Some(&old)), Change::Original(_)));
    let edited = Copy {
        intact: false,
        ..ordinary
    };
    assert!(matches!(change(&edited, Some(&old)), Change::Copy(_)));
}

#[test]
fn a_file_is_enforced_without_its_dry_run_and_under_the_owners_that_stand_there() {
    let mut object = policy(&json!([])).object;
    object["metadata"]["annotations"] = json!({"istio.io/dry-run": "true"});
    object["metadata"]["finalizers"] = json!(["x/y"]);
    let made = from_file(&found(object), None);
    assert_eq!(made["metadata"]["annotations"], json!({}));
    assert_eq!(made["metadata"]["finalizers"], Value::Null);
    assert_eq!(made["metadata"]["uid"], Value::Null);
}
