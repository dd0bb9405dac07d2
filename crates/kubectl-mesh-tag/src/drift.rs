//! What changed between a plan and its confirmation.

use mesh_common::{
    journal::image::{differences, same},
    mesh::{Mesh, Namespace, Raw, label},
};
use serde_json::Value;

use crate::screen;

/// The differences between what a plan rests on and what stands there now, one line each.
pub(crate) fn drifted(before: &Raw, after: &Raw) -> Vec<String> {
    let mut lines = Vec::new();
    let key = |o: &Value| {
        (
            o["kind"].as_str().unwrap_or_default().to_owned(),
            o["metadata"]["name"]
                .as_str()
                .unwrap_or_default()
                .to_owned(),
        )
    };
    for (a, b) in [
        (&before.mutating, &after.mutating),
        (&before.validating, &after.validating),
        (&before.services, &after.services),
    ] {
        let ours = |o: &&Value| {
            o["metadata"]["labels"].get(label::REV).is_some()
                || o["metadata"]["labels"].get(label::TAG).is_some()
        };
        for old in a.iter().filter(ours) {
            match b.iter().find(|o| key(o) == key(old)) {
                None => lines.push(format!(
                    "{}/{} is gone",
                    key(old).0.to_lowercase(),
                    key(old).1
                )),
                Some(new) if !same(Some(old), Some(new)) => {
                    let what = differences(Some(old), Some(new))
                        .into_iter()
                        .find(|d| !d.path.starts_with("metadata.") || d.path.contains("labels"));
                    let what = what.map_or(String::new(), |d| {
                        format!(": {} was {}, is {}", d.path, d.expected, d.found)
                    });
                    lines.push(format!(
                        "{}/{} changed{what}",
                        key(old).0.to_lowercase(),
                        key(old).1
                    ));
                }
                Some(_) => {}
            }
        }
        for new in b.iter().filter(ours) {
            if !a.iter().any(|o| key(o) == key(new)) {
                lines.push(format!(
                    "{}/{} is new",
                    key(new).0.to_lowercase(),
                    key(new).1
                ));
            }
        }
    }
    lines.truncate(screen::ROWS);
    lines
}

/// Namespaces whose say in the injection changed.
pub(crate) fn relabelled(before: &Mesh, now: &Mesh) -> Vec<String> {
    let (Some(before), Some(now)) = (before.namespaces.get(), now.namespaces.get()) else {
        return vec!["namespaces can no longer be read".into()];
    };
    let say = |ns: &Namespace| {
        [label::REV, label::INJECTION, label::DATAPLANE_MODE].map(|key| {
            ns.labels
                .get(key)
                .map_or_else(|| format!("no {key}"), |v| format!("{key}={v}"))
        })
    };
    let mut lines = Vec::new();
    for (name, old) in before {
        match now.get(name) {
            None => lines.push(format!("namespace {name} is gone")),
            Some(new) => {
                for (was, is) in say(old).into_iter().zip(say(new)) {
                    if was != is {
                        lines.push(format!("namespace {name}: {was} became {is}"));
                    }
                }
            }
        }
    }
    for (name, ns) in now {
        if !before.contains_key(name) && ns.rev().is_some() {
            lines.push(format!(
                "namespace {name} is new, with istio.io/rev={}",
                ns.rev().unwrap_or_default()
            ));
        }
    }
    lines.truncate(10);
    lines
}
