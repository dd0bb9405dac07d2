//! `parity`: istioctl and every istiod of the target are the same version, to the patch.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    Facts, Gate, IstioctlFacts,
    facts::{living, pod_version},
    gate::waive,
    id,
    judge::{Judge, not_asked},
    words,
};
use crate::{
    istioctl::{self, Parity, Version},
    mesh::Istiod,
};

#[cfg(test)]
mod tests;

pub(super) fn gate(facts: &Facts<'_>) -> Gate {
    let mut judge = Judge::default();
    let target = &facts.target;
    let wanted = istiod_version(facts, &mut judge);
    let release = wanted.as_ref().map(Version::release);
    let is = release.as_deref().unwrap_or("of no known version");
    let needed = release
        .as_ref()
        .map_or_else(String::new, |r| format!(", so istioctl {r} is needed"));
    // How it is passed, where that is not by a reason.
    let mut pass: Option<Option<String>> = None;
    match &facts.istioctl {
        IstioctlFacts::NotEvaluated => {
            let seen = wanted.map_or_else(String::new, |v| format!("istiod of {target} is {v}"));
            return not_asked(facts, judge, id::PARITY, &seen);
        }
        IstioctlFacts::Missing => {
            judge.close(format!(
                "no istioctl was found; istiod of {target} is {is}{needed}"
            ));
            judge.hint(get(release.as_deref()));
            pass = Some(None);
        }
        IstioctlFacts::Mismatch {
            candidates,
            parity,
            loosen,
        } => {
            let found = match candidates.len() {
                1 => "the istioctl found does not fit".to_owned(),
                n => format!("none of {n} istioctl found fits"),
            };
            let how = if *parity == Parity::Minor {
                " by its minor"
            } else {
                ""
            };
            judge.close(format!("{found}{how}: istiod of {target} is {is}{needed}"));
            for candidate in candidates {
                judge.note(candidate);
            }
            judge.hint(get(release.as_deref()));
            // A reason alone passes nothing: there would be no istioctl to run.
            pass = Some(loosen.map(|parity| match parity {
                Parity::Minor => "--parity=minor".to_owned(),
                _ => format!("--parity=off {}", waive(id::PARITY)),
            }));
        }
        IstioctlFacts::Chosen {
            path,
            version,
            parity,
        } => {
            judge.note(format!("istioctl {version} at {path}"));
            if let Some(wanted) = &wanted {
                compare(&mut judge, version, wanted, *parity);
            }
        }
    }
    let open = match (&facts.istioctl, &wanted) {
        (IstioctlFacts::Chosen { version, .. }, Some(wanted)) if version.same_release(wanted) => {
            format!("istioctl {version} and istiod {wanted} of {target} are the same release")
        }
        (IstioctlFacts::Chosen { version, .. }, Some(wanted)) => {
            format!(
                "istioctl {version} and istiod {wanted} of {target} are the same minor, as --parity=minor asks"
            )
        }
        _ => String::new(),
    };
    let mut gate = judge.done(id::PARITY, open);
    if let Some(pass) = pass {
        gate.pass = pass;
    }
    gate
}

/// How to get it.
fn get(release: Option<&str>) -> String {
    release.map_or_else(|| "pass --istioctl PATH".into(), istioctl::how_to_get)
}

fn compare(judge: &mut Judge, istioctl: &Version, istiod: &Version, parity: Parity) {
    if istioctl.same_release(istiod) {
        return;
    }
    match parity {
        Parity::Minor if istioctl.same_minor(istiod) => {}
        Parity::Off => {
            judge.close(format!(
                "istioctl is {istioctl}, istiod {istiod}, and --parity=off does not compare them"
            ));
            judge.hint("--waive parity=REASON");
        }
        Parity::Exact | Parity::Minor => {
            judge.close(format!("istioctl is {istioctl}, istiod {istiod}"));
        }
    }
}

/// The one release that every istiod of the target runs. Mixed ones, and a rollout in progress, close the gate.
fn istiod_version(facts: &Facts<'_>, judge: &mut Judge) -> Option<Version> {
    let target = &facts.target;
    let istiods = match facts.istiods(target) {
        Ok(istiods) => istiods,
        Err(gap) => {
            judge.gap(gap);
            return None;
        }
    };
    if istiods.is_empty() {
        judge.doubt(format!("there is no istiod of {target} to match"));
        return None;
    }
    // By release, so that the same one from two places counts once; the value is how it was written first.
    let mut releases: BTreeMap<String, Version> = BTreeMap::new();
    let mut add = |v: Version| _ = releases.entry(v.release()).or_insert(v);
    for istiod in istiods {
        rollout(judge, istiod);
        match istiod.version.as_deref().and_then(Version::parse) {
            Some(version) => add(version),
            None if living(istiod).next().is_none() => {
                judge.doubt(format!(
                    "the image of {} names no version: {}",
                    istiod.name, istiod.image
                ));
            }
            None => {}
        }
        for pod in living(istiod) {
            let image = pod.version.as_deref().and_then(Version::parse);
            if let Some(gap) = pod.reported.gap() {
                judge.note(format!(
                    "{}: /version was not asked ({})",
                    pod.name, gap.detail
                ));
            }
            match pod_version(pod) {
                None => {
                    judge.doubt(format!("{} names no version: {}", pod.name, pod.image));
                    judge.hint(words::command(
                        "kubectl exec -n {} {} -c discovery -- pilot-discovery version",
                        &[&istiod.namespace, &pod.name],
                    ));
                }
                Some(version) => {
                    judge.note(format!("{} runs {version} ({})", pod.name, pod.image));
                    add(version);
                    image.map(&mut add);
                }
            }
        }
    }
    if releases.len() > 1 {
        let all: Vec<_> = releases.keys().cloned().collect();
        judge.close(format!("istiods of {target} are mixed: {}", all.join(", ")));
        return None;
    }
    releases.into_values().next()
}

/// Pods of another `ReplicaSet`, or of another image than their siblings, are a rollout in progress.
fn rollout(judge: &mut Judge, istiod: &Istiod) {
    let current = istiod.replica_set.get().and_then(Option::as_ref);
    let is_old = |set: Option<&String>| {
        current
            .zip(set)
            .is_some_and(|(current, set)| current.name != *set)
    };
    let old = living(istiod)
        .filter(|p| is_old(p.replica_set.as_ref()))
        .count();
    let images: BTreeSet<&str> = living(istiod).map(|p| p.image.as_str()).collect();
    if old > 0 {
        let pods = words::count(old, "pod");
        judge.close(format!(
            "a rollout of {} is in progress: {pods} of an older template",
            istiod.name
        ));
    } else if images.len() > 1 {
        let images: Vec<_> = images.into_iter().collect();
        judge.close(format!(
            "pods of {} run different images: {}",
            istiod.name,
            words::some(&images, 3)
        ));
    } else {
        return;
    }
    judge.hint(words::command(
        "kubectl rollout status -n {} deployment/{}",
        &[&istiod.namespace, &istiod.name],
    ));
}
