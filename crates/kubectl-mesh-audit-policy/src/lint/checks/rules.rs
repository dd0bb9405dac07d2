//! Rules beside each other: one that adds nothing, one that never counts.

use mesh_common::check::Severity::{Info, Warning};

use crate::{
    lint::{
        check::{Check, Told},
        cover::{applies_wherever, covers},
        facts::{Facts, Judged, reach},
        fields::lists,
    },
    policy::{Action, AuthorizationPolicy, DryRun, Rule},
    scene::Enforcer,
    validate::validate,
};

pub(crate) const CHECKS: &[Check] = &[
    Check {
        code: "MESH4007",
        title: "rules that another one covers",
        run: covered,
    },
    Check {
        code: "MESH4008",
        title: "ALLOW rules under a DENY",
        run: denied,
    },
];

/// The rules of a policy that can be compared. One that Istio's API refuses may be compiled to anything.
fn rules(policy: &AuthorizationPolicy) -> Vec<(usize, &Rule)> {
    if !validate(policy).is_empty() {
        return Vec::new();
    }
    let rules = policy.spec.rules.iter().enumerate();
    rules
        .filter_map(|(n, rule)| Some((n, rule.as_ref()?)))
        .collect()
}

/// ztunnel leaves HTTP fields out of rules that deny: a wide rule of such may match nothing there.
fn holds_everywhere(facts: &Facts, judged: &Judged, wide: &Rule) -> bool {
    let plain = !lists(0, wide)
        .iter()
        .any(|list| list.is_http() || list.name.contains("emote"));
    if plain || judged.policy.spec.action == Action::Allow {
        return true;
    }
    let Ok(spots) = facts.spots.items() else {
        return false;
    };
    let reach = reach(&judged.policy, spots);
    reach.unclear.is_empty() && reach.spots.iter().all(|s| s.enforcer != Enforcer::Ztunnel)
}

/// Whether two policies go into the same set of rules.
fn same_set(a: &AuthorizationPolicy, b: &AuthorizationPolicy) -> bool {
    a.spec.action == b.spec.action
        && (a.dry_run == DryRun::Yes) == (b.dry_run == DryRun::Yes)
        && a.spec.provider == b.spec.provider
}

/// What is found among the policies that are known holds; more may be found among all.
fn beside(facts: &Facts, told: &mut Told) {
    if !facts.policies.is_empty() {
        told.need(&facts.standing_is_whole);
    }
}

fn covered(facts: &Facts, told: &mut Told) {
    beside(facts, told);
    let roots = facts.roots();
    for judged in &facts.policies {
        let own = rules(&judged.policy);
        for (n, rule) in &own {
            // Of two that say the same the later one is told of.
            let within = own.iter().filter(|(m, other)| {
                m != n && covers(other, rule) && (m < n || !covers(rule, other))
            });
            let mut by: Vec<String> = within
                .filter(|(_, other)| holds_everywhere(facts, judged, other))
                .map(|(m, _)| format!("rule {m} of this policy"))
                .collect();
            for other in facts.others(&judged.policy) {
                if !same_set(other, &judged.policy)
                    || !applies_wherever(other, &judged.policy, &roots)
                {
                    continue;
                }
                let back = applies_wherever(&judged.policy, other, &roots);
                let later = (&other.namespace, &other.name)
                    > (&judged.policy.namespace, &judged.policy.name);
                for (m, wide) in rules(other) {
                    // Of twins that are both judged, one line is enough.
                    let twin = back && covers(rule, wide) && later && !facts.proposed;
                    if covers(wide, rule) && !twin && holds_everywhere(facts, judged, wide) {
                        by.push(format!("rule {m} of {}/{}", other.namespace, other.name));
                    }
                }
            }
            if !by.is_empty() {
                told.hit(Info, &judged.at, &format!("spec.rules[{n}]"), "this rule adds nothing: another one of the same action matches all that it matches")
                    .all_seen(&by)
                    .hint("take it away, or see whether the other one is wider than it was meant to be");
            }
        }
    }
}

fn denied(facts: &Facts, told: &mut Told) {
    beside(facts, told);
    let roots = facts.roots();
    let enforced = |policy: &AuthorizationPolicy| policy.dry_run != DryRun::Yes;
    let judged_first =
        |judged: &Judged| judged.policy.spec.action == Action::Allow && enforced(&judged.policy);
    for judged in facts.policies.iter().filter(|j| judged_first(j)) {
        for (n, rule) in rules(&judged.policy) {
            let mut by = Vec::new();
            for deny in facts.others(&judged.policy) {
                if deny.spec.action != Action::Deny
                    || !enforced(deny)
                    || !applies_wherever(deny, &judged.policy, &roots)
                {
                    continue;
                }
                for (m, wide) in rules(deny) {
                    // An ALLOW rule that has HTTP fields is not there where a DENY rule loses them: this holds on any proxy.
                    if covers(wide, rule) {
                        by.push(format!("rule {m} of {}/{}", deny.namespace, deny.name));
                    }
                }
            }
            if !by.is_empty() {
                told.hit(Warning, &judged.at, &format!("spec.rules[{n}]"), "this rule lets nothing in: a DENY matches all that it matches, and DENY comes first")
                    .all_seen(&by)
                    .hint("narrow the DENY, or take the rule away");
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::lint::made::{expect, facts, policy, standing, with};

    fn to(operation: &Value) -> Value {
        json!({"to": [{"operation": operation}]})
    }

    fn spec(action: &str, app: &str, rules: &[Value]) -> Value {
        json!({"action": action, "selector": {"matchLabels": {"app": app}}, "rules": rules})
    }

    fn other(spec: Value) -> AuthorizationPolicy {
        policy(&json!({"name": "q"}), spec)
    }

    #[test]
    fn a_rule_that_adds_nothing() {
        let check = &CHECKS[0];
        let (get, all) = (
            to(&json!({"methods": ["GET"]})),
            to(&json!({"methods": ["GET", "PUT"]})),
        );
        let one =
            |action: &str, rules: &[Value]| with(facts(), &json!({}), spec(action, "web", rules));
        expect(
            check,
            &one("ALLOW", &[get.clone(), all.clone()]),
            &[
                "spec.rules[0]: this rule adds nothing: another one of the same action matches all that it matches (rule 1 of this policy)",
            ],
            "wider after",
        );
        expect(
            check,
            &one("ALLOW", &[get.clone(), get.clone()]),
            &["spec.rules[1]"],
            "equal",
        );
        expect(
            check,
            &one("ALLOW", &[get.clone(), to(&json!({"methods": ["PUT"]}))]),
            &[],
            "side by side",
        );
        let beside = standing(
            one("ALLOW", std::slice::from_ref(&get)),
            other(json!({"rules": [all]})),
        );
        expect(check, &beside, &["rule 0 of shop/q"], "another policy");
        let deny = standing(
            one("ALLOW", std::slice::from_ref(&get)),
            other(json!({"action": "DENY", "rules": [get]})),
        );
        expect(check, &deny, &[], "another action");
    }

    #[test]
    fn ztunnel_may_drop_the_wider_rule() {
        let rules = [
            to(&json!({"ports": ["80"], "methods": ["GET"]})),
            to(&json!({"methods": ["GET"]})),
        ];
        let at = |namespace: &str, app: &str| {
            with(
                facts(),
                &json!({"namespace": namespace}),
                spec("DENY", app, &rules),
            )
        };
        expect(&CHECKS[0], &at("amb", "cart"), &[], "ztunnel");
        expect(
            &CHECKS[0],
            &at("shop", "web"),
            &["spec.rules[0]"],
            "a sidecar",
        );
    }

    #[test]
    fn an_allow_rule_under_a_deny() {
        let check = &CHECKS[1];
        let allow = || {
            with(
                facts(),
                &json!({}),
                spec("ALLOW", "web", &[to(&json!({"paths": ["/admin/x"]}))]),
            )
        };
        let deny = |paths: &[&str]| {
            other(json!({"action": "DENY", "rules": [to(&json!({"paths": paths}))]}))
        };
        expect(
            check,
            &standing(allow(), deny(&["/admin/*"])),
            &[
                "Warning spec.rules[0]: this rule lets nothing in: a DENY matches all that it matches, and DENY comes first (rule 0 of shop/q)",
            ],
            "covered",
        );
        expect(
            check,
            &standing(allow(), deny(&["/admin/y"])),
            &[],
            "another path",
        );
        let mut dry = deny(&["/admin/*"]);
        dry.dry_run = DryRun::Yes;
        expect(check, &standing(allow(), dry), &[], "a dry run");
    }
}
