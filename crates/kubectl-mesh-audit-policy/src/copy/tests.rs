use super::*;

type Edit = fn(&mut Value);

fn found(object: Value) -> Found {
    Found::of(object).unwrap()
}

fn lockdown() -> Found {
    found(json!({
        "apiVersion": "security.istio.io/v1", "kind": "AuthorizationPolicy",
        "metadata": {
            "name": "payments-lockdown", "namespace": "payments", "uid": "u-1", "resourceVersion": "7",
            "labels": {"argocd.argoproj.io/instance": "payments", "team": "pay"},
            "annotations": {"meta.helm.sh/release-name": "pay"},
        },
        "spec": {
            "action": "DENY", "selector": {"matchLabels": {"app": "payments"}},
            "rules": [{"from": [{"source": {"notPrincipals": ["cluster.local/ns/orders/sa/orders-sa"]}}]}],
        },
    }))
}

#[test]
fn a_dry_run_copy_has_the_same_spec_and_says_what_it_is_a_copy_of() {
    let origin = lockdown();
    let copy = make(&origin, Some(&origin), Form::DryRun).unwrap();
    assert_eq!(copy["metadata"]["name"], "payments-lockdown-audit");
    assert_eq!(copy["spec"], origin.object["spec"]);
    let annotations = &copy["metadata"]["annotations"];
    assert_eq!(annotations["istio.io/dry-run"], "true");
    assert_eq!(annotations[key::OF], "payments-lockdown");
    assert_eq!(annotations[key::OF_UID], "u-1");
    assert_eq!(annotations[key::OF_VERSION], "7");
    assert_eq!(annotations[key::OF_DIGEST], annotations[key::WATCHED]);
    let text = copy.to_string();
    for owned in ["argocd", "helm", "team"] {
        assert!(!text.contains(owned), "{owned} is copied");
    }
    let is = Copy::read(&found(copy)).unwrap();
    assert!(is.intact);
    assert_eq!(
        (is.of.as_str(), is.action),
        ("payments-lockdown", Action::Deny)
    );
    assert_eq!(Copy::read(&origin), None);
}

#[test]
fn an_audit_copy_has_another_action_and_the_same_digest() {
    let origin = lockdown();
    let copy = make(&origin, None, Form::Audit).unwrap();
    assert_eq!(copy["spec"]["action"], "AUDIT");
    assert_eq!(
        copy["metadata"]["annotations"]["istio.io/dry-run"],
        Value::Null
    );
    assert_eq!(copy["metadata"]["annotations"][key::OF_DIGEST], Value::Null);
    let copy = found(copy);
    let is = Copy::read(&copy).unwrap();
    assert!(is.intact);
    assert_eq!(is.watched, digest_of(&origin));
    let back = found(enforced(&copy, &is, None));
    assert_eq!(back.policy, origin.policy);
}

#[test]
fn what_is_enforced_keeps_the_labels_of_what_stands_there() {
    let origin = lockdown();
    let copy = found(make(&origin, Some(&origin), Form::DryRun).unwrap());
    let is = Copy::read(&copy).unwrap();
    let mut dry = origin.object.clone();
    dry["metadata"]["annotations"]["istio.io/dry-run"] = "true".into();
    let back = enforced(&copy, &is, Some(&found(dry)));
    assert_eq!(back["metadata"]["labels"]["team"], "pay");
    assert_eq!(
        back["metadata"]["annotations"],
        json!({"meta.helm.sh/release-name": "pay"})
    );
    assert_eq!(back["metadata"]["resourceVersion"], Value::Null);
    assert_eq!(back["spec"], origin.object["spec"]);
}

#[test]
fn an_edited_copy_is_not_intact() {
    let origin = lockdown();
    let good = make(&origin, Some(&origin), Form::DryRun).unwrap();
    let edits: [(&str, Edit); 4] = [
        ("rules", |o| o["spec"]["rules"] = json!([{}])),
        ("selector", |o| o["spec"]["selector"] = Value::Null),
        ("digest", |o| {
            o["metadata"]["annotations"][key::WATCHED] = "sha256:0".into();
        }),
        ("action", |o| {
            o["metadata"]["annotations"][key::ACTION] = "ALLOW".into();
        }),
    ];
    for (what, edit) in edits {
        let mut object = good.clone();
        edit(&mut object);
        assert!(!Copy::read(&found(object)).unwrap().intact, "{what}");
    }
}

#[test]
fn digests_do_not_hang_on_order_nulls_or_an_action_left_out() {
    let a = json!({"rules": [], "selector": {"matchLabels": {"a": "1", "b": "2"}}});
    let b = json!({"selector": {"matchLabels": {"b": "2", "a": "1"}}, "rules": [], "action": "ALLOW", "x": null});
    assert_eq!(digest(&a, Action::Allow), digest(&b, Action::Allow));
    assert_ne!(digest(&a, Action::Allow), digest(&a, Action::Deny));
    assert_eq!(
        digest(&Value::Null, Action::Allow),
        digest(&json!({}), Action::Allow)
    );
}

#[test]
fn names_that_become_too_long_are_refused() {
    assert_eq!(name(&"a".repeat(247)).unwrap().len(), 253);
    let why = name(&"a".repeat(248)).unwrap_err();
    assert!(why.contains("254 characters"), "{why}");
}
