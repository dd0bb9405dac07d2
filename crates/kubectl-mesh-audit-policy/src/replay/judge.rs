//! What a workload's policies do to a request, today and as proposed.

use std::{collections::BTreeMap, net::IpAddr, sync::OnceLock};

use crate::{
    Action, AuthorizationPolicy, By, Compiled, Context, Fields, Request, RuleId, Verdict, compile,
    compile::Protocol, logs::Recorded, policy::DryRun,
};

/// The policies that are compared.
#[derive(Debug, Default)]
pub(super) struct Policies {
    /// Those of today; none where they are not known.
    pub(super) now: Option<Vec<AuthorizationPolicy>>,
    /// All of them, as proposed.
    pub(super) proposed: Vec<AuthorizationPolicy>,
}

/// A workload whose requests are judged.
#[derive(Debug)]
pub(super) struct Subject {
    /// `payments/deployment/checkout`.
    pub(super) label: String,
    /// Whether it is a gateway: what comes in goes out again.
    pub(super) gateway: bool,
    /// Of a waypoint: the subject of each service behind it, by the service's address.
    pub(super) services: Option<BTreeMap<IpAddr, usize>>,
    /// Whether it is such a service.
    pub(super) by_waypoint: bool,
    /// What policies are compiled for, or why that is not known.
    pub(super) context: Result<Context, String>,
    http: OnceLock<Judge>,
    tcp: OnceLock<Judge>,
}

impl Subject {
    pub(super) fn new(label: String, gateway: bool, context: Result<Context, String>) -> Self {
        Self {
            label,
            gateway,
            services: None,
            by_waypoint: false,
            context,
            http: OnceLock::new(),
            tcp: OnceLock::new(),
        }
    }

    /// The judge of its HTTP or its TCP ports, compiled when first asked for.
    pub(super) fn judge(&self, tcp: bool, policies: &Policies) -> Option<&Judge> {
        let context = self.context.as_ref().ok()?;
        let (slot, protocol) = if tcp {
            (&self.tcp, Protocol::Tcp)
        } else {
            (&self.http, Protocol::Http)
        };
        Some(slot.get_or_init(|| {
            let mut context = context.clone();
            context.workload.protocol = protocol;
            Judge::new(policies, &context)
        }))
    }
}

/// What a request was and would be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Outcome {
    /// True if it is refused today.
    pub(super) refused_now: bool,
    /// Today's policies alone do not tell; what the log says does.
    pub(super) by_log: bool,
    /// Today's policies say the opposite of what was recorded.
    pub(super) disagrees: bool,
    /// What the proposed ones do.
    pub(super) then: Verdict,
    /// The rule behind it.
    pub(super) by: By,
}

/// How the policies of a workload would change.
#[derive(Debug)]
enum Change {
    /// Not at all.
    Nothing,
    /// Some that refuse are added, and nothing else: what passes today passes them or not.
    Denies(Compiled),
    /// In other ways.
    Anything(Compiled),
}

/// The policies of one workload and protocol, compiled.
#[derive(Debug)]
pub(super) struct Judge {
    now: Option<Compiled>,
    change: Change,
}

impl Judge {
    fn new(policies: &Policies, context: &Context) -> Self {
        let Some(now) = &policies.now else {
            return Self {
                now: None,
                change: Change::Anything(compile(&policies.proposed, context)),
            };
        };
        // Where it cannot be known whether one applies, it counts, and the compiled set says that it is unclear.
        let applies = |policy: &&AuthorizationPolicy| {
            policy.spec.action != Action::Audit
                && policy.dry_run != DryRun::Yes
                && policy.applies_to(context) != Ok(false)
        };
        let before: Vec<_> = now.iter().filter(applies).collect();
        let after: Vec<_> = policies.proposed.iter().filter(applies).collect();
        let gone = before.iter().any(|policy| !after.contains(policy));
        let added: Vec<_> = after
            .iter()
            .copied()
            .filter(|policy| !before.contains(policy))
            .collect();
        let change = if gone
            || added
                .iter()
                .any(|policy| policy.spec.action != Action::Deny)
        {
            Change::Anything(compile(after, context))
        } else if added.is_empty() {
            Change::Nothing
        } else {
            Change::Denies(compile(added, context))
        };
        Self {
            now: Some(compile(before, context)),
            change,
        }
    }

    /// Judges a request.
    pub(super) fn outcome(&self, request: &Request<'_>, recorded: Recorded) -> Outcome {
        let recorded = recorded == Recorded::Refused;
        let mut today = (Verdict::Unknown(Fields::NONE), By::NoRule);
        let mut disagrees = false;
        let (refused_now, by_log) = match &self.now {
            None => (recorded, false),
            Some(now) => {
                let decision = now.evaluate(request);
                today = (decision.verdict, decision.by);
                match decision.verdict {
                    Verdict::Allow | Verdict::Deny => {
                        let refused = decision.verdict == Verdict::Deny;
                        disagrees = refused != recorded;
                        (refused, false)
                    }
                    Verdict::Unknown(_) => (recorded, true),
                }
            }
        };
        let as_today = || {
            let verdict = if refused_now {
                Verdict::Deny
            } else {
                Verdict::Allow
            };
            let by = if by_log { By::NoRule } else { today.1 };
            (verdict, by)
        };
        let (then, by) = match &self.change {
            Change::Nothing => as_today(),
            Change::Anything(all) => {
                let decision = all.evaluate(request);
                (decision.verdict, decision.by)
            }
            Change::Denies(added) => {
                let decision = added.evaluate(request);
                match decision.verdict {
                    Verdict::Deny => (Verdict::Deny, decision.by),
                    _ if refused_now => as_today(),
                    Verdict::Allow => as_today(),
                    unknown @ Verdict::Unknown(_) => (unknown, decision.by),
                }
            }
        };
        Outcome {
            refused_now,
            by_log,
            disagrees,
            then,
            by,
        }
    }

    /// True where nothing would change.
    pub(super) fn is_unchanged(&self) -> bool {
        matches!(self.change, Change::Nothing)
    }

    /// A rule of what is proposed, as it is shown.
    pub(super) fn rule(&self, id: RuleId) -> Option<String> {
        let compiled = match &self.change {
            Change::Nothing => self.now.as_ref()?,
            Change::Denies(compiled) | Change::Anything(compiled) => compiled,
        };
        compiled.rule(id).map(ToString::to_string)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::{
        Known, Version,
        compile::{Mesh, RepeatedHeaders, Workload},
    };

    fn policy(name: &str, spec: &serde_json::Value) -> AuthorizationPolicy {
        AuthorizationPolicy::from_value(&json!({
            "apiVersion": "security.istio.io/v1", "kind": "AuthorizationPolicy",
            "metadata": {"name": name, "namespace": "shop"}, "spec": spec,
        }))
        .unwrap()
    }

    fn context() -> Context {
        Context {
            workload: Workload {
                namespace: "shop".into(),
                ..Workload::default()
            },
            mesh: Mesh::default(),
            version: Version::new(28, 1),
            repeated_headers: RepeatedHeaders::Unclear,
        }
    }

    /// The log has no identity; what it says of the past holds for policies that stay.
    #[test]
    #[allow(clippy::too_many_lines, reason = "a table")]
    fn what_passed_still_passes_what_stays() {
        let callers = policy(
            "callers",
            &json!({"rules": [{"from": [{"source": {"principals": ["td/ns/a/sa/b"]}}]}]}),
        );
        let no_admin = policy(
            "no-admin",
            &json!({"action": "DENY", "rules": [{"to": [{"operation": {"paths": ["/admin*"]}}]}]}),
        );
        let no_caller = policy(
            "no-caller",
            &json!({"action": "DENY", "rules": [{"from": [{"source": {"principals": ["td/ns/c/sa/d"]}}]}]}),
        );
        let only_get = policy(
            "only-get",
            &json!({"rules": [{"to": [{"operation": {"methods": ["GET"]}}]}]}),
        );
        let request = |path: &'static [u8]| Request {
            path: Known::Value(path),
            method: Known::Value(b"GET"),
            ..Request::default()
        };
        let passed = Recorded::Passed;
        for (what, now, proposed, path, recorded, refused, then) in [
            (
                "nothing changes",
                vec![&callers],
                vec![&callers],
                "/a",
                passed,
                false,
                "allow",
            ),
            (
                "nothing changes",
                vec![&callers],
                vec![&callers],
                "/a",
                Recorded::Refused,
                true,
                "deny",
            ),
            (
                "a deny that matches",
                vec![&callers],
                vec![&callers, &no_admin],
                "/admin",
                passed,
                false,
                "deny",
            ),
            (
                "a deny that does not",
                vec![&callers],
                vec![&callers, &no_admin],
                "/a",
                passed,
                false,
                "allow",
            ),
            (
                "a deny by identity",
                vec![&callers],
                vec![&callers, &no_caller],
                "/a",
                passed,
                false,
                "unknown",
            ),
            (
                "refused anyway",
                vec![&callers],
                vec![&callers, &no_caller],
                "/a",
                Recorded::Refused,
                true,
                "deny",
            ),
            (
                "an allow goes",
                vec![&callers, &only_get],
                vec![&callers],
                "/a",
                passed,
                false,
                "unknown",
            ),
            (
                "the last allow goes",
                vec![&callers],
                vec![],
                "/a",
                Recorded::Refused,
                true,
                "allow",
            ),
            (
                "an allow comes",
                vec![],
                vec![&callers],
                "/a",
                passed,
                false,
                "unknown",
            ),
        ] {
            let own =
                |list: Vec<&AuthorizationPolicy>| list.into_iter().cloned().collect::<Vec<_>>();
            let policies = Policies {
                now: Some(own(now)),
                proposed: own(proposed),
            };
            let judge = Judge::new(&policies, &context());
            let outcome = judge.outcome(&request(path.as_bytes()), recorded);
            assert_eq!(outcome.refused_now, refused, "{what}");
            let got = match outcome.then {
                Verdict::Allow => "allow",
                Verdict::Deny => "deny",
                Verdict::Unknown(_) => "unknown",
            };
            assert_eq!(got, then, "{what}");
        }
    }
}
