//! Whether a rule matches everything that another one matches. Only what is proven counts: anything that is not surely
//! covered is not covered.

use std::collections::BTreeSet;

use super::fields::{About, List, of_condition, of_operation, of_source};
use crate::{
    parse_port, parse_range,
    policy::{AuthorizationPolicy, Rule},
};

/// Whether `wide` matches every request that `narrow` matches, on any proxy that keeps all fields.
pub(crate) fn covers(wide: &Rule, narrow: &Rule) -> bool {
    if wide == narrow {
        return true;
    }
    let judged = |rule: &Rule| all(rule).iter().all(is_judged);
    judged(wide)
        && judged(narrow)
        && entries(
            wide.from
                .iter()
                .map(|from| from.source.as_ref().map(|s| of_source(s, ""))),
        )
        .zip(entries(
            narrow
                .from
                .iter()
                .map(|from| from.source.as_ref().map(|s| of_source(s, ""))),
        ))
        .is_some_and(|(wide, narrow)| each_has(&wide, &narrow))
        && entries(
            wide.to
                .iter()
                .map(|to| to.operation.as_ref().map(|o| of_operation(o, ""))),
        )
        .zip(entries(narrow.to.iter().map(|to| {
            to.operation.as_ref().map(|o| of_operation(o, ""))
        })))
        .is_some_and(|(wide, narrow)| each_has(&wide, &narrow))
        && entry_covers(&conditions(wide), &conditions(narrow))
}

fn all(rule: &Rule) -> Vec<List<'_>> {
    super::fields::lists(0, rule)
}

/// What releases compile in different ways is not judged.
fn is_judged(list: &List<'_>) -> bool {
    !matches!(list.about, About::TrustDomain | About::Account)
        && !list.name.starts_with("experimental.")
}

/// The alternatives of a clause; a clause that is not there has one that takes anything. None where one is null.
fn entries<'a>(clause: impl Iterator<Item = Option<Vec<List<'a>>>>) -> Option<Vec<Vec<List<'a>>>> {
    let mut entries = clause.collect::<Option<Vec<_>>>()?;
    if entries.is_empty() {
        entries.push(Vec::new());
    }
    Some(entries)
}

fn conditions(rule: &Rule) -> Vec<List<'_>> {
    rule.when
        .iter()
        .flat_map(|condition| of_condition(condition, ""))
        .collect()
}

fn each_has(wide: &[Vec<List<'_>>], narrow: &[Vec<List<'_>>]) -> bool {
    narrow
        .iter()
        .all(|narrow| wide.iter().any(|wide| entry_covers(wide, narrow)))
}

/// Every condition of the wide one follows from one of the narrow one.
fn entry_covers(wide: &[List<'_>], narrow: &[List<'_>]) -> bool {
    wide.iter().all(|wide| {
        let same = |list: &&List<'_>| list.name == wide.name && list.not == wide.not;
        narrow
            .iter()
            .filter(same)
            .any(|narrow| follows(wide, narrow))
    })
}

fn follows(wide: &List<'_>, narrow: &List<'_>) -> bool {
    let has = |all: &[String], one: &String| all.iter().any(|value| takes(wide.about, value, one));
    if wide.not {
        // What the wide one keeps out, the narrow one has to keep out as well.
        wide.values.iter().all(|value| has(narrow.values, value))
    } else {
        narrow.values.iter().all(|value| has(wide.values, value))
    }
}

/// Whether a value matches everything that another one matches.
fn takes(about: About, wide: &str, narrow: &str) -> bool {
    if wide == narrow {
        return true;
    }
    match about {
        About::Port => parse_port(wide)
            .zip(parse_port(narrow))
            .is_some_and(|(a, b)| a == b),
        About::SourceIp | About::RemoteIp => parse_range(wide)
            .zip(parse_range(narrow))
            .is_some_and(|(wide, narrow)| wide.contains(&narrow)),
        About::Host => pattern(&wide.to_ascii_lowercase(), &narrow.to_ascii_lowercase()),
        About::Method | About::Path => pattern(wide, narrow),
        // Aliases make several of one, but not of a lone star, which is any identity.
        About::Principal => wide == "*" && narrow.matches('*').count() == 0 && !narrow.is_empty(),
        _ => false,
    }
}

/// A star at one end stands for any text; braces are templates, and only alike where they are the same.
fn pattern(wide: &str, narrow: &str) -> bool {
    let plain = |text: &str| !text.contains(['*', '{', '}']);
    let within =
        |text: &str, by: fn(&str) -> Option<&str>| plain(text) || by(text).is_some_and(plain);
    if let Some(prefix) = wide
        .strip_suffix('*')
        .filter(|rest| plain(rest) && !rest.is_empty())
    {
        within(narrow, |text| text.strip_suffix('*')) && narrow.starts_with(prefix)
    } else if let Some(suffix) = wide
        .strip_prefix('*')
        .filter(|rest| plain(rest) && !rest.is_empty())
    {
        within(narrow, |text| text.strip_prefix('*')) && narrow.ends_with(suffix)
    } else {
        false
    }
}

/// Whether a policy applies wherever another one does. Both selectors, or neither is attached to something.
pub(crate) fn applies_wherever(
    wide: &AuthorizationPolicy,
    narrow: &AuthorizationPolicy,
    roots: &BTreeSet<&str>,
) -> bool {
    if !wide.target_refs().is_empty() || !narrow.target_refs().is_empty() {
        return wide.namespace == narrow.namespace && wide.target_refs() == narrow.target_refs();
    }
    // In every revision's root namespace, or beside it: nothing is known of roots where none is known.
    let mesh_wide = !roots.is_empty() && roots.iter().all(|root| *root == wide.namespace);
    if wide.namespace != narrow.namespace && !mesh_wide {
        return false;
    }
    let labels = |policy: &AuthorizationPolicy| {
        policy
            .spec
            .selector
            .as_ref()
            .map(|s| s.match_labels.clone())
            .unwrap_or_default()
    };
    let narrow = labels(narrow);
    labels(wide)
        .iter()
        .all(|(key, value)| narrow.get(key) == Some(value))
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::lint::made::policy;

    fn rule(rule: &Value) -> Rule {
        policy(&json!({}), json!({"rules": [rule]})).spec.rules[0]
            .clone()
            .unwrap()
    }

    fn to(operation: &Value) -> Value {
        json!({"to": [{"operation": operation}]})
    }

    fn from(source: &Value) -> Value {
        json!({"from": [{"source": source}]})
    }

    #[test]
    fn only_what_is_proven_is_covered() {
        let two =
            json!({"from": [{"source": {"namespaces": ["a"]}}, {"source": {"namespaces": ["b"]}}]});
        for (wide, narrow, want) in [
            (json!({}), to(&json!({"methods": ["GET"]})), true),
            (to(&json!({"methods": ["GET"]})), json!({}), false),
            (
                to(&json!({"methods": ["GET", "POST"]})),
                to(&json!({"methods": ["GET"]})),
                true,
            ),
            (
                to(&json!({"methods": ["GET"]})),
                to(&json!({"methods": ["GET", "POST"]})),
                false,
            ),
            (
                to(&json!({"paths": ["/a*"]})),
                to(&json!({"paths": ["/ab", "/a/c*"]})),
                true,
            ),
            (
                to(&json!({"paths": ["/a*"]})),
                to(&json!({"paths": ["/b"]})),
                false,
            ),
            (
                to(&json!({"paths": ["/a*"]})),
                to(&json!({"paths": ["/a/{*}"]})),
                false,
            ),
            (
                to(&json!({"paths": ["*.jpg"]})),
                to(&json!({"paths": ["/x.jpg", "*a.jpg"]})),
                true,
            ),
            (
                to(&json!({"paths": ["*"]})),
                to(&json!({"paths": ["/x"]})),
                false,
            ),
            (
                to(&json!({"hosts": ["*.A.com"]})),
                to(&json!({"hosts": ["b.a.COM"]})),
                true,
            ),
            (
                to(&json!({"ports": ["080"]})),
                to(&json!({"ports": ["80"]})),
                true,
            ),
            (
                to(&json!({"notPaths": ["/a"]})),
                to(&json!({"notPaths": ["/a*"]})),
                true,
            ),
            (
                to(&json!({"notPaths": ["/a*"]})),
                to(&json!({"notPaths": ["/a"]})),
                false,
            ),
            (
                to(&json!({"notPaths": ["/a"]})),
                to(&json!({"paths": ["/b"]})),
                false,
            ),
            (
                to(&json!({"methods": ["GET"]})),
                to(&json!({"methods": ["GET"], "paths": ["/a"]})),
                true,
            ),
            (
                from(&json!({"ipBlocks": ["10.0.0.0/8"]})),
                from(&json!({"ipBlocks": ["10.1.0.0/16"]})),
                true,
            ),
            (
                from(&json!({"ipBlocks": ["10.1.0.0/16"]})),
                from(&json!({"ipBlocks": ["10.0.0.0/8"]})),
                false,
            ),
            (
                from(&json!({"principals": ["*"]})),
                from(&json!({"principals": ["td/ns/a/sa/b"]})),
                true,
            ),
            (
                from(&json!({"principals": ["td/ns/a/*"]})),
                from(&json!({"principals": ["td/ns/a/sa/b"]})),
                false,
            ),
            (
                from(&json!({"namespaces": ["*"]})),
                from(&json!({"namespaces": ["a"]})),
                false,
            ),
            (two.clone(), from(&json!({"namespaces": ["b"]})), true),
            (from(&json!({"namespaces": ["b"]})), two, false),
            (
                from(&json!({"serviceAccounts": ["a", "b"]})),
                from(&json!({"serviceAccounts": ["a"]})),
                false,
            ),
            (
                json!({"when": [{"key": "source.ip", "values": ["10.0.0.0/8"]}]}),
                json!({"when": [{"key": "source.ip", "values": ["10.0.0.1"]}, {"key": "x", "values": ["y"]}]}),
                true,
            ),
            (
                json!({"when": [{"key": "source.namespace", "values": ["a"]}]}),
                from(&json!({"namespaces": ["a"]})),
                false,
            ),
        ] {
            assert_eq!(
                covers(&rule(&wide), &rule(&narrow)),
                want,
                "{wide} {narrow}"
            );
        }
    }

    #[test]
    fn policies_apply_wherever_the_narrower_one_does() {
        let at = |namespace: &str, selector: Value| {
            policy(
                &json!({"namespace": namespace}),
                json!({"selector": selector}),
            )
        };
        let app = || json!({"matchLabels": {"app": "a"}});
        let roots = BTreeSet::from(["root"]);
        for (wide, narrow, want) in [
            (at("a", json!(null)), at("a", app()), true),
            (at("a", app()), at("a", json!(null)), false),
            (at("a", app()), at("a", app()), true),
            (at("b", json!(null)), at("a", app()), false),
            (at("root", json!(null)), at("a", app()), true),
            (at("a", json!(null)), at("root", json!(null)), false),
        ] {
            assert_eq!(applies_wherever(&wide, &narrow, &roots), want);
        }
        assert!(!applies_wherever(
            &at("root", json!(null)),
            &at("a", app()),
            &BTreeSet::new()
        ));
    }
}
