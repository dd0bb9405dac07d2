use serde_json::json;

use super::*;
use crate::copy::{self, Form};

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
fn a_copy_is_shadow_waiting_or_orphaned_by_what_it_is_a_copy_of() {
    let (old, new) = (policy(&json!([{}])), policy(&json!([])));
    let copy =
        |of: &Found, standing: Option<&Found>, form| found(copy::make(of, standing, form).unwrap());
    let mut edited = copy(&old, Some(&old), Form::DryRun).object;
    edited["spec"]["rules"] = json!([]);
    // What the copy is of, and what stands there now.
    let cases = [
        (
            "of what enforces",
            copy(&old, Some(&old), Form::DryRun),
            Some(&old),
            State::Shadow,
        ),
        (
            "AUDIT of what enforces",
            copy(&old, Some(&old), Form::Audit),
            Some(&old),
            State::Audit,
        ),
        (
            "of nothing yet",
            copy(&new, None, Form::DryRun),
            None,
            State::Waiting,
        ),
        (
            "of what is to come",
            copy(&new, Some(&old), Form::DryRun),
            Some(&old),
            State::Waiting,
        ),
        (
            "of what is gone",
            copy(&old, Some(&old), Form::DryRun),
            None,
            State::Orphaned,
        ),
        (
            "of what was changed",
            copy(&old, Some(&old), Form::DryRun),
            Some(&new),
            State::Orphaned,
        ),
        ("edited", found(edited), Some(&old), State::Orphaned),
    ];
    for (what, copy, standing, want) in cases {
        let mut all = vec![copy.clone()];
        all.extend(standing.cloned());
        let row = row(&copy, &all, None, &Watches::default());
        assert_eq!(row.state, want, "{what}");
        assert_eq!(row.copy_of.as_deref(), Some("lockdown"));
        // Nothing is known of what no watch was kept of, and that is not zero.
        assert_eq!(
            (row.watched(), row.denied()),
            ("unknown".into(), "unknown".into())
        );
    }
    let row = row(&old, &[], None, &Watches::default());
    assert_eq!((row.state, row.denied()), (State::Enforced, "-".into()));
}
