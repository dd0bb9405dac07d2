//! What becomes of a policy at the proxy that enforces it: what Istio's compiler leaves out, and what ztunnel cannot do.

use std::collections::{BTreeMap, BTreeSet};

use mesh_common::check::{
    Severity::{self, Error, Warning},
    words::some,
};

use super::reach::reached;
use crate::{
    compile::{Context, Note, ProviderKind, compile},
    lint::{
        check::{Check, Told},
        facts::{Facts, Judged, Reach, Spot},
    },
    policy::{Action, DryRun},
    scene::Enforcer,
    version::Version,
};

pub(crate) const CHECKS: &[Check] = &[
    Check {
        code: "MESH4131",
        title: "left out by the compiler",
        run: left_out,
    },
    Check {
        code: "MESH4132",
        title: "left out by ztunnel",
        run: ztunnel,
    },
    Check {
        code: "MESH4133",
        title: "dry runs that show or block otherwise",
        run: dry_run,
    },
    Check {
        code: "MESH4134",
        title: "AUDIT that nobody reads",
        run: audit,
    },
    Check {
        code: "MESH4135",
        title: "providers of CUSTOM",
        run: custom,
    },
];

/// What is said of a policy on the way, and at which workloads.
type Notes = BTreeMap<(String, String, Said), BTreeSet<String>>;

/// What a note comes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Said {
    /// The rule does not exist there.
    Skipped,
    /// It matches more, or something else.
    Dropped,
    /// The policy has no effect there.
    Ignored,
    /// Nobody knows what it does there.
    Unclear,
}

fn notes(judged: &Judged, reach: &Reach<'_>, at: impl Fn(&Spot) -> bool) -> Notes {
    let mut notes = Notes::new();
    for spot in reach.spots.iter().filter(|spot| at(spot)) {
        let Ok(context) = &spot.context else { continue };
        for note in compile([&judged.policy], context).notes() {
            let of_rule = |index: usize| format!("spec.rules[{index}]");
            let (field, why, said) = match note {
                Note::RuleSkipped { rule, why } => {
                    (of_rule(rule.index), why.clone(), Said::Skipped)
                }
                Note::FieldDropped { rule, field, why } => (
                    of_rule(rule.index),
                    format!("{field}: {why}"),
                    Said::Dropped,
                ),
                Note::PolicyIgnored { why, .. } => (String::new(), why.clone(), Said::Ignored),
                Note::Unclear { why, .. } => (String::new(), why.clone(), Said::Unclear),
            };
            // Dry runs and templates have checks of their own.
            if why.contains("dry run") || why.contains("refuse the template") {
                continue;
            }
            notes
                .entry((field, why, said))
                .or_default()
                .insert(spot.shown());
        }
    }
    notes
}

fn left_out(facts: &Facts, told: &mut Told) {
    for (judged, reach) in reached(facts, told) {
        for ((field, why, said), spots) in notes(judged, &reach, Spot::is_envoy) {
            let allow = judged.policy.spec.action == Action::Allow;
            let (severity, what) = match said {
                Said::Skipped => (Error, "this rule is left out"),
                Said::Dropped if allow => (Error, "this value is left out"),
                Said::Dropped => (
                    Error,
                    "this is left out, and the rule matches more than it says",
                ),
                Said::Ignored => (Error, "the policy has no effect"),
                Said::Unclear => (Error, "what proxies make of it is not known"),
            };
            told.hit(severity, &judged.at, &field, format!("{why}: {what}"))
                .all_seen(&spots)
                .hint("correct it, or take it away; the page of this check names the versions");
        }
    }
}

fn ztunnel(facts: &Facts, told: &mut Told) {
    for (judged, reach) in reached(facts, told) {
        let is = |spot: &Spot| spot.enforcer == Enforcer::Ztunnel;
        for ((field, why, said), spots) in notes(judged, &reach, is) {
            let (severity, what): (Severity, &str) = match said {
                Said::Skipped => (Warning, "this rule lets nothing in there"),
                Said::Dropped => (
                    Error,
                    "the field is left out; an entry with nothing left matches nothing, and does not deny",
                ),
                Said::Ignored => (Error, "the policy has no effect there"),
                Said::Unclear => (Error, "what ztunnel makes of it is not known"),
            };
            told.hit(severity, &judged.at, &field, format!("{why}: {what}"))
                .all_seen(&spots)
                .hint("attach a policy with HTTP fields to a waypoint by targetRefs");
        }
    }
}

/// istiod leaves dry runs out from 1.25.2 on (`ambient/policies.go`), and from 1.29 on passes them on if told to.
fn is_filtered(context: &Context) -> bool {
    let told_to = context.mesh.ambient_dry_run && context.version >= Version::new(29, 0);
    context.version >= Version::new(25, 2) && !told_to
}

/// Whether a ztunnel is too old to know a dry run: it enforces it. None where that is not known.
fn older(ztunnels: &[Option<Version>]) -> Option<bool> {
    let old = |version: &Option<Version>| version.map(|v| v < Version::new(29, 0));
    if ztunnels.iter().any(|version| old(version) == Some(true)) {
        return Some(true);
    }
    let known = !ztunnels.is_empty() && ztunnels.iter().all(Option::is_some);
    known.then_some(false)
}

fn dry_run(facts: &Facts, told: &mut Told) {
    if !facts
        .policies
        .iter()
        .any(|j| j.policy.dry_run == DryRun::Yes)
    {
        return;
    }
    for (judged, reach) in reached(facts, told) {
        let policy = &judged.policy;
        if policy.dry_run != DryRun::Yes {
            continue;
        }
        let (mut enforced, mut silent, mut own) = (Vec::new(), Vec::new(), Vec::new());
        for spot in &reach.spots {
            let Ok(context) = &spot.context else { continue };
            let passed_on = !is_filtered(context);
            match (spot.enforcer, policy.spec.action) {
                (Enforcer::Ztunnel, Action::Allow | Action::Deny) if passed_on => {
                    match told.need(&facts.ztunnels).map(|all| older(all)) {
                        Some(Some(false)) | None => {}
                        Some(Some(true)) => enforced.push(spot.shown()),
                        Some(None) => told.unknown("the version of ztunnel is not known"),
                    }
                }
                (_, Action::Custom) if context.version.separates_providers() => {
                    own.push(spot.shown());
                }
                (Enforcer::Ztunnel, _) | (_, Action::Audit | Action::Custom) => {
                    silent.push(spot.shown());
                }
                _ => {}
            }
        }
        let mut say = |severity, message: &str, spots: &[String], hint: &str| {
            if !spots.is_empty() {
                let field = "metadata.annotations.istio.io/dry-run";
                told.hit(severity, &judged.at, field, message)
                    .all_seen(spots)
                    .hint(hint);
            }
        };
        say(
            Error,
            "a dry run, and ztunnel enforces it: this istiod passes it on, and a ztunnel before 1.29 knows no dry run",
            &enforced,
            "take it away; istiod from 1.25.2 on keeps it from ztunnel unless it is told otherwise",
        );
        say(
            Error,
            "a dry run of CUSTOM: this istiod enforces its rules in a way of its own",
            &own,
            "take the annotation away: only ALLOW and DENY have dry runs",
        );
        say(
            Warning,
            "a dry run that shows nothing there: no count is no proof",
            &silent,
            "replay recorded traffic instead:\nkubectl mesh-audit-policy replay",
        );
    }
}

fn audit(facts: &Facts, told: &mut Told) {
    let mut audits = facts
        .policies
        .iter()
        .filter(|j| j.policy.spec.action == Action::Audit)
        .peekable();
    if audits.peek().is_none() {
        return;
    }
    if told.need(&facts.audit_is_read) == Some(&true) {
        return;
    }
    for judged in audits {
        told.hit(
            Warning,
            &judged.at,
            "spec.action",
            "AUDIT marks requests, and nothing in Istio shows the marks: no count is no proof",
        )
        .hint("make of it what can be watched:\nkubectl mesh-audit-policy convert");
    }
}

fn custom(facts: &Facts, told: &mut Told) {
    let mut customs = facts
        .policies
        .iter()
        .filter(|j| j.policy.spec.action == Action::Custom)
        .peekable();
    if customs.peek().is_none() {
        return;
    }
    let Some(revisions) = told.need(&facts.revisions) else {
        return;
    };
    for judged in customs {
        let name = judged
            .policy
            .spec
            .provider
            .as_ref()
            .map_or("", |p| p.name.as_str());
        for (revision, settings) in revisions {
            let of_name = settings
                .mesh
                .providers
                .iter()
                .filter(|p| p.name == name && p.kind != ProviderKind::Invalid);
            let found = of_name.count();
            if found == 1 || name.is_empty() {
                continue;
            }
            let known: Vec<&str> = settings
                .mesh
                .providers
                .iter()
                .map(|p| p.name.as_str())
                .collect();
            let message = if found == 0 {
                format!(
                    "revision {revision} has no external authorizer {name}: every request that a rule matches is refused"
                )
            } else {
                format!(
                    "revision {revision} has {found} external authorizers {name}: every request that a rule matches is refused"
                )
            };
            let seen = if known.is_empty() {
                "it has none".to_owned()
            } else {
                format!("it has {}", some(&known, 5))
            };
            told.hit(Error, &judged.at, "spec.provider.name", message)
                .seen(seen)
                .hint("meshConfig.extensionProviders names them, once each");
        }
    }
    several(facts, told);
}

/// Two providers on one workload are refused, but for istiods that are told otherwise.
fn several(facts: &Facts, told: &mut Told) {
    if told.need(&facts.standing_is_whole).is_none() {
        return;
    }
    let standing = facts.standing.items().unwrap_or_default();
    for (judged, reach) in reached(facts, told) {
        if judged.policy.spec.action != Action::Custom {
            continue;
        }
        let own = &judged.policy.spec.provider;
        let mut with: BTreeSet<String> = BTreeSet::new();
        for spot in reach.spots.iter().filter(|spot| spot.is_envoy()) {
            let Ok(context) = &spot.context else { continue };
            if context.version.separates_providers() && context.mesh.several_providers {
                continue;
            }
            let others = standing
                .iter()
                .filter(|p| p.spec.action == Action::Custom && p.spec.provider != *own);
            let others = others.filter(|p| p.applies_to(context) == Ok(true));
            with.extend(others.map(|p| format!("{} has {}/{}", spot.shown(), p.namespace, p.name)));
        }
        if !with.is_empty() {
            told.hit(Error, &judged.at, "spec.provider.name", "another CUSTOM policy with another provider is on the same workload: every request that either matches is refused")
                .all_seen(&with)
                .hint("one provider for a workload; from 1.30 on PILOT_ENABLE_MULTIPLE_CUSTOM_AUTHZ_PROVIDERS allows more");
        }
    }
}

#[cfg(test)]
mod tests;
