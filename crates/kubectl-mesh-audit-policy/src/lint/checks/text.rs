//! What a policy says by itself: no cluster is needed to see it.

use mesh_common::check::Severity::{self, Error, Info, Warning};

use super::each;
use crate::{
    Template, is_template,
    lint::{
        check::{Check, Told},
        facts::{Facts, enforces},
        fields::About,
    },
    normalize::{Normalization, normalize},
    policy::{Action, Rule},
    validate::validate,
};

pub(crate) const CHECKS: &[Check] = &[
    Check {
        code: "MESH4001",
        title: "refused by Istio",
        run: refused,
    },
    Check {
        code: "MESH4002",
        title: "rules for nothing or everything",
        run: extent,
    },
    Check {
        code: "MESH4003",
        title: "hosts and their ports",
        run: hosts,
    },
    Check {
        code: "MESH4004",
        title: "paths as proxies see them",
        run: paths,
    },
    Check {
        code: "MESH4005",
        title: "path templates",
        run: templates,
    },
    Check {
        code: "MESH4006",
        title: "stars that are no wildcards",
        run: stars,
    },
];

fn refused(facts: &Facts, told: &mut Told) {
    for (at, why) in &facts.broken {
        told.hit(Error, at, "", why.as_str())
            .hint("correct the object: what is not known cannot be judged");
    }
    for judged in &facts.policies {
        for refusal in validate(&judged.policy) {
            let field = match refusal
                .strip_prefix("rule ")
                .and_then(|r| r.split_once([':', ' ']))
            {
                Some((n, _)) => format!("spec.rules[{n}]"),
                None => String::new(),
            };
            told.hit(Error, &judged.at, &field, refusal)
                .hint("istiod's webhook refuses it; one that got past is enforced as far as it can be read");
        }
    }
}

fn extent(facts: &Facts, told: &mut Told) {
    for judged in &facts.policies {
        let spec = &judged.policy.spec;
        if spec.rules.is_empty() {
            match spec.action {
                Action::Allow if enforces(&judged.policy) => {
                    let severity = if facts.proposed { Warning } else { Info };
                    told.hit(severity, &judged.at, "spec.rules", "no rules: an ALLOW without rules lets nothing in")
                        .hint("write `rules: [{}]` if it is to let everything in; keep it where other ALLOW policies name the exceptions");
                }
                Action::Allow => {}
                action => told
                    .hit(
                        Error,
                        &judged.at,
                        "spec.rules",
                        format!("no rules: this {action} matches nothing"),
                    )
                    .hint("write `rules: [{}]` if it is to match every request"),
            }
        }
        for (n, rule) in spec.rules.iter().enumerate() {
            if !rule.as_ref().is_some_and(is_empty) {
                continue;
            }
            let field = format!("spec.rules[{n}]");
            match spec.action {
                Action::Deny => told
                    .hit(
                        Warning,
                        &judged.at,
                        &field,
                        "an empty rule: it denies every request",
                    )
                    .hint("name in `from` or `to` what is to be denied"),
                Action::Allow => told
                    .hit(
                        Warning,
                        &judged.at,
                        &field,
                        "an empty rule: it lets every request in, whatever the other rules say",
                    )
                    .hint("name in `from` or `to` what is to be let in"),
                Action::Audit | Action::Custom => {}
            }
        }
    }
}

fn is_empty(rule: &Rule) -> bool {
    rule.from.is_empty() && rule.to.is_empty() && rule.when.is_empty()
}

fn hosts(facts: &Facts, told: &mut Told) {
    for (judged, list) in each(facts) {
        if list.about != About::Host {
            continue;
        }
        for (n, host) in list.values.iter().enumerate() {
            let open = host.contains('*') || host.contains(':');
            let ported = |other: &String| {
                let rest = other.to_ascii_lowercase();
                let rest = rest.strip_prefix(&host.to_ascii_lowercase());
                rest.is_some_and(|rest| rest.starts_with(':') || rest == "*")
            };
            if open || list.values.iter().any(ported) {
                continue;
            }
            let passes = (judged.policy.spec.action == Action::Deny) != list.not;
            let what = if passes {
                "a client that names a port is not matched, and passes"
            } else {
                "a client that names a port is not matched"
            };
            told.hit(
                Warning,
                &judged.at,
                &format!("{}[{n}]", list.path),
                format!("{host} without a port: {what}"),
            )
            .hint(format!("add {host}:*"));
        }
    }
}

/// How the mesh normalises paths; none where revisions differ or nothing is known.
fn normalization(facts: &Facts) -> Option<Normalization> {
    let mut all = facts.revisions.get()?.values().map(|s| s.normalization);
    let first = all.next()?;
    all.all(|other| other == first).then_some(first)
}

fn paths(facts: &Facts, told: &mut Told) {
    let mode = normalization(facts);
    let mut needs_mode = false;
    for (judged, list) in each(facts) {
        if list.about != About::Path {
            continue;
        }
        for (n, path) in list.values.iter().enumerate() {
            if is_template(path) {
                continue;
            }
            needs_mode = true;
            let Some((severity, why, hint)) = path_problem(path, mode) else {
                continue;
            };
            let field = format!("{}[{n}]", list.path);
            told.hit(severity, &judged.at, &field, why).hint(hint);
        }
    }
    if matches!(mode, Some(Normalization::None | Normalization::Base)) {
        slashes(facts, told);
    }
    if needs_mode && mode.is_none() {
        match facts.revisions.gap() {
            Some(gap) => told.gap(gap),
            None => told.unknown("revisions normalise paths in different ways"),
        }
    }
}

/// A path that keeps somebody out, in a mesh that leaves slashes in a row and escaped ones as they are.
fn slashes(facts: &Facts, told: &mut Told) {
    let mut said: Option<&crate::lint::facts::Subject> = None;
    for (judged, list) in each(facts) {
        let deny = judged.policy.spec.action == Action::Deny;
        let keeps_out = list.about == About::Path && deny != list.not;
        let keeps_out = keeps_out && judged.policy.spec.action != Action::Custom;
        let literal = list.values.iter().find(|path| path.starts_with('/'));
        let Some(path) = literal.filter(|_| keeps_out && said != Some(&judged.at)) else {
            continue;
        };
        said = Some(&judged.at);
        told.hit(Info, &judged.at, &list.path, format!("/{path} is not matched, and many servers answer it as {path}: this mesh merges no slashes"))
            .hint("meshConfig.pathNormalization.normalization: MERGE_SLASHES, or DECODE_AND_MERGE_SLASHES where servers decode %2F");
    }
}

fn path_problem(path: &str, mode: Option<Normalization>) -> Option<(Severity, String, String)> {
    if path.contains(['?', '#']) {
        let why = format!("{path} never matches: query and fragment are cut off first");
        return Some((Error, why, "match the path alone".into()));
    }
    if !path.starts_with(['/', '*']) {
        let why = format!("{path} never matches: a path begins with a slash");
        return Some((Error, why, format!("write /{path}")));
    }
    // A letter in the place of the star: what is left of the pattern has to survive.
    let (sample, survives): (String, fn(&str, &str) -> bool) =
        match (path.strip_prefix('*'), path.strip_suffix('*')) {
            (Some(""), _) | (Some(_), Some(_)) => return None,
            (Some(suffix), None) => (format!("/x{suffix}"), |seen, pattern| {
                seen.ends_with(pattern.trim_start_matches('*'))
            }),
            (None, Some(prefix)) => (format!("{prefix}x"), |seen, pattern| {
                seen.starts_with(pattern.trim_end_matches('*'))
            }),
            (None, None) => (path.to_owned(), |seen, pattern| seen == pattern),
        };
    let seen = normalize(sample.as_bytes(), mode?).ok()?;
    let seen = std::str::from_utf8(&seen).ok()?;
    if survives(seen, path) {
        return None;
    }
    let why = format!("{path} never matches: proxies see {seen}");
    Some((
        Error,
        why,
        "write the path as it is after normalization (meshConfig.pathNormalization)".into(),
    ))
}

fn templates(facts: &Facts, told: &mut Told) {
    for (judged, list) in each(facts) {
        if list.about != About::Path {
            continue;
        }
        for (n, path) in list.values.iter().enumerate() {
            if is_template(path) && Template::new(path).is_none() {
                let why = format!(
                    "Envoy refuses the template {path}: the proxy keeps what it had before, and takes no update of its listeners"
                );
                told.hit(Error, &judged.at, &format!("{}[{n}]", list.path), why)
                    .hint("begin it with a slash; {*} and {**} stand for whole segments, {**} once and last of them");
            }
        }
    }
}

fn stars(facts: &Facts, told: &mut Told) {
    for (judged, list) in each(facts) {
        // In a namespace every star is a wildcard; the others say themselves what they take.
        if matches!(
            list.about,
            About::Namespace
                | About::Account
                | About::TrustDomain
                | About::Port
                | About::SourceIp
                | About::RemoteIp
        ) || list.name == "destination.ip"
        {
            continue;
        }
        for (n, value) in list.values.iter().enumerate() {
            if list.about == About::Path && is_template(value) {
                continue;
            }
            let field = format!("{}[{n}]", list.path);
            let inner = value
                .strip_prefix('*')
                .unwrap_or_else(|| value.strip_suffix('*').unwrap_or(value));
            if inner.contains('*') {
                told.hit(Error, &judged.at, &field, format!("{value}: a star that is not the first or the last character matches only a star"))
                    .hint("keep one star, at an end; in paths {*} stands for a segment");
            } else if list.about == About::Principal && value.starts_with("spiffe://") {
                told.hit(
                    Error,
                    &judged.at,
                    &field,
                    format!("{value} never matches: Istio adds spiffe:// by itself"),
                )
                .hint(format!("write {}", value.trim_start_matches("spiffe://")));
            }
        }
    }
}

#[cfg(test)]
mod tests;
