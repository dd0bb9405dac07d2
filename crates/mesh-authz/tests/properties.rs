//! What must hold of every policy and request, whatever they are.

#![allow(clippy::unwrap_used, reason = "a test")]

#[path = "properties/generate.rs"]
mod generate;

use generate::{Evidence, context, evidence, fill, policies, values_of};
use mesh_authz::compile::{Context, RepeatedHeaders};
use mesh_authz::{
    AuthorizationPolicy, By, Compiled, Decision, Matched, Shadow, Truth, Verdict, Version, compile,
};
use proptest::prelude::*;
use serde_json::json;

fn policy(name: &str, spec: &serde_json::Value) -> AuthorizationPolicy {
    AuthorizationPolicy::from_value(&json!({
        "apiVersion": "security.istio.io/v1", "kind": "AuthorizationPolicy",
        "metadata": {"name": name, "namespace": "foo"}, "spec": spec,
    }))
    .unwrap()
}

fn judge(
    policies: &[AuthorizationPolicy],
    context: &Context,
    evidence: &Evidence,
) -> (Decision, Compiled) {
    let compiled = compile(policies, context);
    let headers = evidence.headers();
    let decision = compiled.evaluate(&evidence.request(&headers));
    (decision, compiled)
}

/// The rule, told apart from its id, which depends on the order of the policies.
fn named(by: By, compiled: &Compiled) -> String {
    match by {
        By::Rule(id) => compiled.rule(id).unwrap().to_string(),
        By::NoRule => "none".to_owned(),
        By::Unclear(fields) => format!("unclear {fields}"),
    }
}

/// What is known before stays when more is known.
fn truth_holds(before: Truth, after: Truth) -> bool {
    matches!(before, Truth::Unknown(_)) || before == after
}

fn by_holds(before: By, after: By) -> bool {
    matches!(before, By::Unclear(_)) || before == after
}

fn verdict_holds(before: Verdict, after: Verdict) -> bool {
    matches!(before, Verdict::Unknown(_)) || before == after
}

fn shadow_holds(before: Option<Shadow>, after: Option<Shadow>) -> bool {
    match (before, after) {
        (Some(before), Some(after)) => {
            verdict_holds(before.verdict, after.verdict)
                && by_holds(before.by, after.by)
                && truth_holds(before.reached, after.reached)
        }
        (None, None) => true,
        _ => false,
    }
}

fn audit_holds(before: Option<Matched>, after: Option<Matched>) -> bool {
    match (before, after) {
        (Some(before), Some(after)) => {
            truth_holds(before.matched, after.matched)
                && by_holds(before.by, after.by)
                && truth_holds(before.reached, after.reached)
        }
        (None, None) => true,
        _ => false,
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 3000, failure_persistence: None, ..ProptestConfig::default() })]

    /// No verdict on part of the evidence is contradicted by any completion of it.
    #[test]
    fn what_is_said_of_part_of_the_evidence_holds_of_all_of_it(
        policies in policies(), context in context(), part in evidence(), rest in fill(), joined: bool,
    ) {
        let unclear = Context { repeated_headers: RepeatedHeaders::Unclear, ..context.clone() };
        let repeated_headers = if joined { RepeatedHeaders::Joined } else { RepeatedHeaders::Separate };
        let clear = Context { repeated_headers, ..context };
        let (before, _) = judge(&policies, &unclear, &part);
        let whole = part.completed(&rest);
        let (after, _) = judge(&policies, &clear, &whole);
        let told = format!("{before:?}\n{after:?}\n{whole:?}");
        prop_assert!(verdict_holds(before.verdict, after.verdict), "{told}");
        prop_assert!(by_holds(before.by, after.by), "{told}");
        prop_assert!(shadow_holds(before.shadow_allow, after.shadow_allow), "{told}");
        prop_assert!(shadow_holds(before.shadow_deny, after.shadow_deny), "{told}");
        prop_assert!(audit_holds(before.audit, after.audit), "{told}");
        if let (Some(before), Some(after)) = (before.custom, after.custom) {
            prop_assert!(truth_holds(before.matched, after.matched) && by_holds(before.by, after.by), "{told}");
        }
    }

    /// With all of the evidence nothing is unknown but what no evidence shows.
    #[test]
    fn nothing_is_unknown_of_whole_evidence(policies in policies(), context in context(), whole in fill(), joined: bool) {
        let repeated_headers = if joined { RepeatedHeaders::Joined } else { RepeatedHeaders::Separate };
        // Before 1.21 some claims are unknown whatever they are.
        let old = context.version < Version::new(21, 0);
        let (decision, compiled) = judge(&policies, &Context { repeated_headers, ..context }, &whole);
        let metadata = format!("{policies:?}").contains("experimental.envoy.filters");
        if !compiled.is_unclear() && !metadata && !old {
            prop_assert!(!matches!(decision.verdict, Verdict::Unknown(_)), "{decision:?}");
            prop_assert!(!matches!(decision.by, By::Unclear(_)), "{decision:?}");
        }
    }

    #[test]
    fn the_order_of_policies_does_not_count(policies in policies(), context in context(), evidence in evidence()) {
        let mut reversed = policies.clone();
        reversed.reverse();
        let (one, of_one) = judge(&policies, &context, &evidence);
        let (other, of_other) = judge(&reversed, &context, &evidence);
        prop_assert_eq!(one.verdict, other.verdict);
        prop_assert_eq!(named(one.by, &of_one), named(other.by, &of_other));
        prop_assert_eq!(one.audit.map(|audit| audit.matched), other.audit.map(|audit| audit.matched));
        prop_assert_eq!(one.custom.map(|custom| custom.matched), other.custom.map(|custom| custom.matched));
        prop_assert_eq!(one.shadow_deny.map(|shadow| shadow.verdict), other.shadow_deny.map(|shadow| shadow.verdict));
    }

    #[test]
    fn a_policy_in_two_halves_is_the_whole(
        policies in policies(), context in context(), evidence in evidence(), at in 0_usize..4,
    ) {
        let mut halves = Vec::new();
        for policy in &policies {
            let rules = &policy.spec.rules;
            let (first, second) = rules.split_at(at.min(rules.len()));
            for (suffix, rules) in [("a", first), ("b", second)] {
                let mut half = policy.clone();
                half.name.push_str(suffix);
                half.spec.rules = rules.to_vec();
                halves.push(half);
            }
        }
        let (whole, _) = judge(&policies, &context, &evidence);
        let (split, _) = judge(&halves, &context, &evidence);
        prop_assert_eq!(whole.verdict, split.verdict);
        prop_assert_eq!(whole.audit.map(|audit| audit.matched), split.audit.map(|audit| audit.matched));
        prop_assert_eq!(whole.custom.map(|custom| custom.matched), split.custom.map(|custom| custom.matched));
        prop_assert_eq!(whole.shadow_allow.map(|shadow| shadow.verdict), split.shadow_allow.map(|shadow| shadow.verdict));
    }

    /// A request that fits values does not fit the same as not-values, and the other way round.
    #[test]
    fn a_not_field_is_the_opposite_of_the_field(
        (field, not_field, values) in values_of(), context in context(), evidence in evidence(),
    ) {
        let matched = |field: &str| {
            let section = if field.to_lowercase().ends_with("hosts")
                || ["ports", "methods", "paths"].iter().any(|name| field.to_lowercase().ends_with(name))
            {
                json!({"to": [{"operation": {field: values}}]})
            } else {
                json!({"from": [{"source": {field: values}}]})
            };
            let policies = [policy("p", &json!({"action": "AUDIT", "rules": [section]}))];
            let (decision, compiled) = judge(&policies, &context, &evidence);
            (decision.audit.map(|audit| audit.matched), compiled.notes().len())
        };
        // With a note the field, or a value, does not count.
        let ((plain, noted), (not, _)) = (matched(field), matched(not_field));
        if noted == 0 {
            prop_assert_eq!(plain.map(|truth| !truth), not);
        }
    }

    /// Explaining never panics, and agrees with the verdict.
    #[test]
    fn every_verdict_has_an_explanation(policies in policies(), context in context(), evidence in evidence()) {
        let compiled = compile(&policies, &context);
        let headers = evidence.headers();
        let request = evidence.request(&headers);
        let explanation = compiled.explain(&request);
        prop_assert_eq!(explanation.verdict, compiled.evaluate(&request).verdict);
        prop_assert!(!explanation.to_string().is_empty());
    }
}
