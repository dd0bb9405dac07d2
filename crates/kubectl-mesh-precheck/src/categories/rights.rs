//! What the runbook will need to be allowed.

use std::collections::BTreeMap;

use mesh_common::{
    check::{Finding, Severity},
    cluster::rights::{Ask, Verdict as Answer},
    mesh::{Gap, Why},
    output::clean,
};

use crate::{
    check::{Category, Check, More, Verdict, count, finding},
    facts::Facts,
    observe::Asked,
    roles::{self, Use},
};

const BACKUP: &str = "MESH2201";
const ISTIOCTL: &str = "MESH2202";
const TAG: &str = "MESH2203";
const PRECHECK: &str = "MESH2204";

const fn check(code: &'static str, title: &'static str, run: fn(&Facts) -> Verdict) -> Check {
    Check {
        code,
        title,
        category: Category::Rights,
        fatal: false,
        heals: false,
        run,
    }
}

pub(super) const CHECKS: &[Check] = &[
    check(BACKUP, "rights of mesh-backup", |f| {
        plugin(f, BACKUP, "mesh-backup")
    }),
    check(ISTIOCTL, "rights of mesh-istioctl", |f| {
        plugin(f, ISTIOCTL, "mesh-istioctl")
    }),
    check(TAG, "rights of mesh-tag", |f| plugin(f, TAG, "mesh-tag")),
    check(PRECHECK, "rights of mesh-precheck", |f| {
        plugin(f, PRECHECK, "mesh-precheck")
    }),
];

/// Whether this user has the roles of a plugin.
fn plugin(facts: &Facts, code: &'static str, plugin: &str) -> Verdict {
    let asked = match facts.rights.read() {
        Ok(asked) => asked,
        Err(gap) => return Verdict::gap(gap),
    };
    let asked: Vec<&Asked> = asked.iter().filter(|a| a.plugin == plugin).collect();
    // By role, and by what does not work without.
    let mut missing: BTreeMap<(Use, &str), Vec<&Ask>> = BTreeMap::new();
    let mut doubts = Vec::new();
    for Asked { role, right, .. } in &asked {
        match &right.verdict {
            Answer::Allowed => {}
            Answer::Denied(_) => {
                let used = roles::used(role, &right.ask);
                missing.entry((used, role)).or_default().push(&right.ask);
            }
            Answer::Unknown(why) => doubts.push(format!("{}: {why}", right.ask.text())),
        }
    }
    let findings: Vec<Finding> = missing
        .iter()
        .map(|((used, role), asks)| lack(code, *used, role, asks))
        .collect();
    let lacking: usize = missing.values().map(Vec::len).sum();
    let all = count(asked.len(), "right");
    let ok = match asked.len() - doubts.len() {
        allowed if doubts.is_empty() => format!("all {}", count(allowed, "right")),
        allowed => format!("{allowed} of {all}"),
    };
    let verdict = Verdict::of(findings, ok, |_| format!("{lacking} of {all} missing"));
    match doubts.first() {
        None => verdict,
        Some(first) => verdict.but_without(&Gap {
            what: "rights".into(),
            why: Why::Failed,
            detail: format!("{} could not be asked for ({first})", doubts.len()),
        }),
    }
}

/// The finding for what is missing of a role.
fn lack(code: &'static str, used: Use, role: &str, asks: &[&Ask]) -> Finding {
    let severity = if used.optional {
        Severity::Info
    } else {
        Severity::Warning
    };
    let without = used.without;
    let message = format!(
        "lacks {} of role {role}: {without}",
        count(asks.len(), "right")
    );
    let found = finding(code, severity, "this user", message).hint(
        "an administrator can apply the roles of all plugins, and bind them to you:\n\
         kubectl mesh-precheck -o rbac",
    );
    denied(asks).into_iter().fold(found, More::seen)
}

/// `may not list, watch secrets in istio-system`: a line per resource.
fn denied(asks: &[&Ask]) -> Vec<String> {
    let mut verbs: BTreeMap<String, Vec<&str>> = BTreeMap::new();
    for ask in asks {
        let text = ask.text();
        let what = text
            .strip_prefix(&format!("{} ", ask.verb))
            .unwrap_or(&text);
        verbs.entry(clean(what, 200)).or_default().push(&ask.verb);
    }
    verbs
        .into_iter()
        .map(|(what, verbs)| format!("may not {} {what}", verbs.join(", ")))
        .collect()
}

#[cfg(test)]
mod tests {
    use mesh_common::{cluster::rights::Right, mesh::Known};

    use super::*;
    use crate::{
        check::Status,
        facts::only_live,
        made::{facts, run},
        roles::needs,
    };

    /// Facts in which each right is answered so.
    fn answered(answer: impl Fn(&str, &Ask) -> Answer) -> Facts {
        let mut facts = facts();
        let all = needs("istio-system").unwrap().into_iter().map(|n| Asked {
            right: Right {
                verdict: answer(&n.role, &n.ask),
                ask: n.ask,
            },
            plugin: n.plugin,
            role: n.role,
        });
        facts.rights = Known::Known(all.collect());
        facts
    }

    fn no() -> Answer {
        Answer::Denied("no".into())
    }

    #[test]
    fn who_may_do_all_is_ok() {
        let facts = answered(|_, _| Answer::Allowed);
        for check in CHECKS {
            let verdict = (check.run)(&facts);
            assert_eq!(verdict.status, Status::Ok, "{}", check.code);
            assert!(verdict.summary.starts_with("all "), "{}", verdict.summary);
            assert_eq!(verdict.findings, vec![]);
        }
    }

    #[test]
    fn what_is_missing_is_named_per_plugin_and_role() {
        let facts = answered(|_, ask| match (ask.verb.as_str(), ask.resource.as_str()) {
            ("patch", "mutatingwebhookconfigurations") | ("delete", "leases") => no(),
            _ => Answer::Allowed,
        });
        for (code, status) in [
            (BACKUP, Status::Ok),
            (ISTIOCTL, Status::Ok),
            (TAG, Status::Warning),
            (PRECHECK, Status::Ok),
        ] {
            assert_eq!(run(CHECKS, code, &facts).status, status, "{code}");
        }
        let verdict = run(CHECKS, TAG, &facts);
        assert!(verdict.summary.starts_with("2 of "), "{}", verdict.summary);
        let [found] = &verdict.findings[..] else {
            panic!("{verdict:?}")
        };
        assert_eq!(found.severity, Severity::Warning);
        assert!(
            found
                .message
                .starts_with("lacks 2 rights of role mesh-writer: ")
        );
        assert_eq!(
            found.evidence,
            [
                "may not delete leases.coordination.k8s.io in istio-system",
                "may not patch mutatingwebhookconfigurations.admissionregistration.k8s.io",
            ]
        );
        let hint = found.hint.as_deref().unwrap();
        assert!(hint.ends_with("\nkubectl mesh-precheck -o rbac"), "{hint}");
    }

    #[test]
    fn what_a_plugin_can_do_without_is_to_know() {
        let optional = |role: &str, ask: &Ask| {
            if roles::used(role, ask).optional {
                no()
            } else {
                Answer::Allowed
            }
        };
        let facts = answered(optional);
        for (code, status, roles) in [
            (
                BACKUP,
                Status::Info,
                vec!["mesh-backup-secrets: a backup does not say"],
            ),
            (
                TAG,
                Status::Info,
                vec![
                    "mesh-prober: the gate serves",
                    "mesh-reader: istiod's own word",
                    "mesh-writer: an injector that",
                ],
            ),
            (
                PRECHECK,
                Status::Info,
                vec![
                    "mesh-precheck-analyze: istioctl analyze is",
                    "mesh-precheck-istioctl: istioctl x precheck",
                    "mesh-precheck-secrets: Helm's values and",
                    "mesh-precheck-services: what releases up",
                    "mesh-precheck: istiod's own word",
                ],
            ),
        ] {
            let verdict = run(CHECKS, code, &facts);
            assert_eq!(verdict.status, status, "{code}");
            let mut said: Vec<_> = verdict
                .findings
                .iter()
                .map(|f| f.message.split_once(" of role ").unwrap().1)
                .collect();
            said.sort_unstable();
            assert_eq!(said.len(), roles.len(), "{said:?}");
            for (said, role) in said.iter().zip(roles) {
                assert!(said.starts_with(role), "{said} {role}");
            }
        }
    }

    #[test]
    fn verbs_of_one_resource_stand_together() {
        let facts = answered(|role, _| {
            if role == "mesh-precheck-analyze" {
                no()
            } else {
                Answer::Allowed
            }
        });
        let verdict = run(CHECKS, PRECHECK, &facts);
        let seen = &verdict.findings[0].evidence;
        assert!(
            seen.contains(&"may not list, watch secrets".to_owned()),
            "{seen:?}"
        );
        assert!(
            seen.contains(&"may not list, watch *.networking.istio.io".to_owned()),
            "{seen:?}"
        );
    }

    #[test]
    fn what_could_not_be_asked_is_unknown_and_hides_nothing() {
        let lost = || Answer::Unknown("connection refused".into());
        let facts = answered(|_, _| lost());
        let verdict = run(CHECKS, ISTIOCTL, &facts);
        assert_eq!(verdict.status, Status::Unknown);
        assert!(
            verdict.summary.ends_with(
                "2 could not be asked for (list pods in istio-system: connection refused)"
            ),
            "{}",
            verdict.summary
        );
        let facts = answered(|_, ask| if ask.resource == "pods" { no() } else { lost() });
        let verdict = run(CHECKS, ISTIOCTL, &facts);
        assert_eq!(verdict.status, Status::Warning);
        assert_eq!(verdict.findings.len(), 1);
        assert!(
            verdict.summary.contains("could not be asked"),
            "{}",
            verdict.summary
        );
    }

    #[test]
    fn a_rehearsal_asks_nobody() {
        let mut facts = facts();
        facts.rights = only_live("rights");
        assert_eq!(run(CHECKS, TAG, &facts).status, Status::NotEvaluated);
    }
}
