//! `bake`: the canary has run long enough, judged on what is there now.

use jiff::Timestamp;

use super::{
    Facts, Finding, Gate, Severity,
    facts::living,
    finding::code,
    id,
    judge::Judge,
    ready::{End, last_end},
    words::{self, duration},
};
use crate::mesh::{Istiod, PodGroup, Workload};

#[cfg(test)]
mod tests;

pub(super) fn gate(facts: &Facts<'_>) -> (Gate, Vec<Finding>) {
    let mut judge = Judge::default();
    if let Some(cve) = &facts.cve {
        judge.note(format!("security fix {}: {}", cve.id, cve.reason));
    }
    let oldest = canary(facts, &mut judge);
    let findings = control_plane(facts, &mut judge);
    judge.hint(if facts.cve.is_some() {
        "--waive bake=REASON".to_owned()
    } else {
        format!(
            "wait, or for a security fix --cve ID=REASON ({} wanted then), or --waive bake=REASON",
            duration(facts.policy.bake(true))
        )
    });
    let open = format!(
        "{}, {}; istiod of {} unchanged and up for as long",
        oldest.unwrap_or_default(),
        wanted(facts),
        facts.target
    );
    (judge.done(id::BAKE, open), findings)
}

/// `48 h wanted`, `24 h wanted for CVE-2026-26308`.
fn wanted(facts: &Facts<'_>) -> String {
    let bake = duration(facts.bake());
    match &facts.cve {
        Some(cve) => format!("{bake} wanted for {}", cve.id),
        None => format!("{bake} wanted"),
    }
}

/// Looks for a proxy that has run on the target for long enough; says how old the oldest is.
fn canary(facts: &Facts<'_>, judge: &mut Judge) -> Option<String> {
    let target = &facts.target;
    let workloads = match facts.mesh.workloads.items() {
        Ok(workloads) => workloads,
        Err(gap) => {
            judge.gap(gap);
            return None;
        }
    };
    let is_canary = |g: &PodGroup| {
        let revision = g.proxy.as_ref().and_then(|p| p.revision.as_deref());
        revision == Some(target) && g.pods > 0
    };
    let groups: Vec<(&Workload, &PodGroup)> = workloads
        .iter()
        .flat_map(|w| w.pods.iter().map(move |g| (w, g)))
        .filter(|(_, g)| is_canary(g))
        .collect();
    let pods: u32 = groups.iter().map(|(_, g)| g.pods).sum();
    if pods == 0 {
        judge.close(format!(
            "no proxy runs on {target} yet: a canary of {} is wanted",
            duration(facts.bake())
        ));
        judge.hint(words::command(
            "kubectl mesh-tag move NAMESPACE --to {}",
            &[target],
        ));
        return None;
    }
    judge.note(format!(
        "{} on {target}",
        if pods == 1 {
            "1 proxy".into()
        } else {
            format!("{pods} proxies")
        }
    ));
    let steady: Vec<_> = groups.iter().filter(|(_, g)| g.ready > 0).collect();
    if steady.is_empty() {
        judge.close(format!(
            "none of {} on {target} is ready",
            words::count(pods as usize, "pod")
        ));
        return None;
    }
    let untimed = steady.iter().any(|(_, g)| since(g).is_none());
    let oldest = steady
        .iter()
        .filter_map(|(w, g)| Some((since(g)?, *w)))
        .min_by_key(|(started, _)| *started);
    let Some((started, workload)) = oldest else {
        judge.doubt(format!("when the proxies on {target} started is not known"));
        return None;
    };
    let age = facts.since(started);
    let who = format!(
        "oldest canary proxy is {} old ({}/{})",
        duration(age),
        workload.namespace,
        workload.name
    );
    judge.note(format!(
        "{}/{} started at {}",
        workload.namespace,
        workload.short(),
        time(started)
    ));
    if age >= facts.bake() {
        return Some(who);
    }
    if untimed {
        judge.doubt(format!(
            "{who}, {}; when others started is not known",
            wanted(facts)
        ));
    } else {
        judge.close(format!(
            "{who}, {}: {} to go",
            wanted(facts),
            duration(facts.bake() - age)
        ));
    }
    None
}

/// Since when a ready pod of this group has surely run: of pods that are not all ready, which is ready is not known,
/// and none of them is younger than the newest.
fn since(group: &PodGroup) -> Option<Timestamp> {
    if group.ready == group.pods {
        group.oldest
    } else {
        group.newest
    }
}

/// The target's istiods have been what they are for as long.
fn control_plane(facts: &Facts<'_>, judge: &mut Judge) -> Vec<Finding> {
    let target = &facts.target;
    let mut findings = Vec::new();
    match facts.istiods(target) {
        Err(gap) => judge.gap(gap),
        Ok(istiods) if istiods.is_empty() => judge.close(format!("there is no istiod of {target}")),
        Ok(istiods) => {
            for istiod in istiods {
                template(facts, judge, istiod);
                for pod in living(istiod) {
                    ended(facts, judge, pod);
                    findings.extend(young(facts, istiod, pod));
                }
            }
        }
    }
    findings
}

fn template(facts: &Facts<'_>, judge: &mut Judge, istiod: &Istiod) {
    let set = match istiod.replica_set.read() {
        Ok(set) => set.as_ref(),
        Err(gap) => return judge.gap(gap),
    };
    let Some(created) = set.and_then(|s| s.created) else {
        return judge.doubt(format!(
            "since when {} runs this template is not known",
            istiod.name
        ));
    };
    let age = facts.since(created);
    if age < facts.bake() {
        judge.close(format!(
            "{} was changed {} ago, {}: {} to go",
            istiod.name,
            duration(age),
            wanted(facts),
            duration(facts.bake() - age)
        ));
    } else {
        judge.note(format!(
            "{} is unchanged since {}",
            istiod.name,
            time(created)
        ));
    }
}

fn ended(facts: &Facts<'_>, judge: &mut Judge, pod: &crate::mesh::IstiodPod) {
    match last_end(facts, pod) {
        End::Never => {}
        End::Unknown => judge.doubt(format!("{} restarted, and when is not known", pod.name)),
        End::Ago(ago, reason) if ago < facts.bake() => {
            judge.close(format!(
                "{} restarted {} ago ({reason})",
                pod.name,
                duration(ago)
            ));
        }
        End::Ago(ago, reason) => {
            judge.note(format!(
                "{} restarted {} ago ({reason})",
                pod.name,
                duration(ago)
            ));
        }
    }
}

/// A pod younger than the bake took another's place, and how that one ended cannot be seen any more.
fn young(facts: &Facts<'_>, istiod: &Istiod, pod: &crate::mesh::IstiodPod) -> Option<Finding> {
    let started = pod.started.filter(|s| facts.since(*s) < facts.bake())?;
    Some(Finding {
        code: code::YOUNG_ISTIOD.into(),
        severity: Severity::Info,
        object: format!("pod/{}", pod.name),
        field: None,
        message: format!(
            "this istiod of {} is {} old: whether it took another's place, and why that one ended, is not known",
            facts.target,
            duration(facts.since(started))
        ),
        evidence: vec![format!("started at {}", time(started))],
        hint: Some(words::command(
            "kubectl get events -n {} --field-selector reason=Killing",
            &[&istiod.namespace],
        )),
    })
}

fn time(t: Timestamp) -> String {
    format!("{t:.0}")
}
