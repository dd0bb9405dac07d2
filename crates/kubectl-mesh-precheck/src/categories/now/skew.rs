//! MESH2304: no proxy is too far from the istiod that serves it, nor would be from the target's.

use std::{
    cmp::Reverse,
    collections::{BTreeMap, BTreeSet},
};

use mesh_common::{
    check::{Finding, Severity},
    mesh::{
        Gap, Why, Workload,
        fold::image_name,
        forecast::{self, Item},
        skew::{Skew, skew},
    },
    shell,
};

use super::{Running, first, running, some};
use crate::{
    check::{More, Verdict, count, finding},
    facts::Facts,
};

pub(super) const CODE: &str = "MESH2304";

/// What is wrong with some proxies.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Wrong {
    /// Their revision has no istiod any more.
    Orphaned,
    /// Too old for the istiod that serves them, or newer than it.
    Now { istiod: String, skew: String },
    /// An annotation pins their image, and the target's istiod would be too far from it.
    Pinned { skew: String },
    /// Their version is not known.
    Untold,
    /// Their revision is not known.
    Unowned,
}

/// Proxies of one version and revision with the same trouble.
type Kind = (Wrong, String, String);

#[derive(Default)]
struct Group {
    pods: u32,
    workloads: BTreeSet<Item>,
}

pub(super) fn run(facts: &Facts) -> Verdict {
    let running = match running(facts) {
        Ok(running) => running,
        Err(gap) => return Verdict::gap(gap),
    };
    let workloads = match facts.mesh.workloads.items() {
        Ok(workloads) => workloads,
        Err(gap) => return Verdict::gap(gap),
    };
    let mut proxies = 0;
    let mut groups: BTreeMap<Kind, Group> = BTreeMap::new();
    for workload in workloads.iter().filter(|w| !is_ztunnel(w)) {
        for group in forecast::running(workload).iter().filter(|r| r.proxy) {
            proxies += group.pods;
            for kind in judge(facts, &running, group) {
                let entry = groups.entry(kind).or_default();
                entry.pods += group.pods;
                entry.workloads.insert(Item::of(workload));
            }
        }
    }
    let mut findings = Vec::new();
    let mut gaps = Vec::new();
    for (kind, group) in &groups {
        match said(kind, group) {
            Ok(found) => findings.push(found),
            Err(gap) => gaps.push(gap),
        }
    }
    findings.sort_by_key(|f| Reverse(f.severity));
    let verdict = Verdict::of(
        findings,
        match proxies {
            0 => "no proxy runs".to_owned(),
            n => format!("{} at most one minor older than its istiod", each(n)),
        },
        first,
    );
    super::but_for(verdict, &gaps)
}

fn each(proxies: u32) -> String {
    match proxies {
        1 => "1 proxy,".into(),
        n => format!("{n} proxies, each"),
    }
}

/// ztunnel's container has the name of a proxy's; it goes with its node, not with a revision.
fn is_ztunnel(workload: &Workload) -> bool {
    let mut proxies = workload.pods.iter().filter_map(|g| g.proxy.as_ref());
    proxies.any(|p| image_name(&p.image) == "ztunnel")
}

/// Everything wrong with these pods.
fn judge(facts: &Facts, running: &[Running<'_>], pods: &forecast::Running) -> Vec<Kind> {
    let mut all = Vec::new();
    let revision = pods.revision.clone().unwrap_or_default();
    let version = pods.version.clone().unwrap_or_default();
    let mut add = |wrong| all.push((wrong, revision.clone(), version.clone()));
    let istiods = facts.mesh.istiods.get().into_iter().flatten();
    let mut of: Vec<&Running<'_>> = running
        .iter()
        .filter(|r| r.istiod.revision == revision)
        .collect();
    if pods.revision.is_none() {
        // Where there is only one it is that.
        let revisions: BTreeSet<&str> = istiods.map(|i| i.revision.as_str()).collect();
        if revisions.len() == 1 {
            of = running.iter().collect();
        } else {
            add(Wrong::Unowned);
            return all;
        }
    } else if !istiods.into_iter().any(|i| i.revision == revision) {
        add(Wrong::Orphaned);
        return all;
    }
    let Some(proxy) = &pods.version else {
        add(Wrong::Untold);
        return all;
    };
    // While an istiod is rolled out some proxies talk to the old one and some to the new one.
    let now = of.iter().map(|r| r.version.release());
    let worst = now.map(|istiod| (apart(proxy, &istiod), istiod));
    let mut told = true;
    for (found, istiod) in worst {
        match found {
            Ok(None) => {}
            Ok(Some(skew)) => {
                add(Wrong::Now { istiod, skew });
                break;
            }
            Err(()) => told = false,
        }
    }
    if !told {
        add(Wrong::Untold);
    }
    // A restart brings the target's own proxy, but for an image that is pinned.
    if pods.custom_image
        && let Some(target) = &facts.upgrade.to
        && let Ok(Some(skew)) = apart(proxy, &target.name)
    {
        add(Wrong::Pinned { skew });
    }
    all
}

/// How far a proxy is from an istiod, if that is too far.
fn apart(proxy: &str, istiod: &str) -> Result<Option<String>, ()> {
    let apart = skew(proxy, istiod);
    let minors = |n: u64| count(usize::try_from(n).unwrap_or(usize::MAX), "minor");
    match apart {
        Skew::Unknown => Err(()),
        Skew::Behind(n) if n > 1 => Ok(Some(format!("{} older than", minors(n)))),
        Skew::Ahead(n) => Ok(Some(format!("{} newer than", minors(n)))),
        Skew::Same | Skew::Behind(_) => Ok(None),
    }
}

fn said((wrong, revision, version): &Kind, group: &Group) -> Result<Finding, Gap> {
    let pods = count(group.pods as usize, "pod");
    let example = group.workloads.first();
    let object = example.map_or(String::new(), |w| {
        format!("{}/{} -n {}", w.kind, w.name, w.namespace)
    });
    let unknown = |detail: String| {
        Err(Gap {
            what: "proxies".into(),
            why: Why::Failed,
            detail,
        })
    };
    let (severity, message, hint) = match wrong {
        Wrong::Untold => {
            return unknown(format!(
                "the version of the proxies of {pods}, as of {object}, is not known"
            ));
        }
        Wrong::Unowned => {
            return unknown(format!(
                "the revision of the proxies of {pods}, as of {object}, is not known"
            ));
        }
        Wrong::Orphaned => (
            Severity::Error,
            format!("{pods} run proxies of revision {revision}, which has no istiod"),
            "they keep the configuration and the certificate that they have: restart them where a living revision injects",
        ),
        Wrong::Now { istiod, skew } => (
            Severity::Error,
            format!("{pods} run proxy {version}, {skew} its istiod {istiod}"),
            "restart them before the upgrade",
        ),
        Wrong::Pinned { skew } => (
            Severity::Error,
            format!("{pods} have their proxy pinned to {version}, {skew} the target"),
            "remove the annotation sidecar.istio.io/proxyImage from the pod template, or pin the target's proxy",
        ),
    };
    let names = group
        .workloads
        .iter()
        .map(|w| format!("{}/{} -n {}", w.kind, w.name, w.namespace));
    let mut found = finding(CODE, severity, object, message)
        .seen(format!("proxy {version}, revision {revision}"));
    if group.workloads.len() > 1 {
        found = found.seen(some(names));
    }
    let restart = example.and_then(restart).unwrap_or_default();
    Ok(found.hint(format!("{hint}{restart}")))
}

/// How to restart a workload, on a line of its own.
fn restart(workload: &Item) -> Option<String> {
    let kinds = ["deployment", "statefulset", "daemonset"];
    kinds.contains(&workload.kind.as_str()).then(|| {
        let command = shell::command(
            "kubectl -n {} rollout restart {}/{}",
            &[&workload.namespace, &workload.kind, &workload.name],
        );
        format!("\n{command}")
    })
}
