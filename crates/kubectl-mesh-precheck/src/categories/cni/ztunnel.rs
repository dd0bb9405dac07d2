//! ztunnel: there where something is in ambient mode, healthy, and of a version that goes with istiod.

use mesh_common::{
    check::{Finding, Severity},
    mesh::{NodeAgent, skew::minor},
};

use super::{ambient, daemons, health, minors, object};
use crate::{
    check::{More, Verdict, finding},
    facts::Facts,
    route::{Minor, short},
};

pub(super) const ZTUNNEL: &str = "MESH2402";

pub(super) fn agents(facts: &Facts) -> Verdict {
    judge(facts).unwrap_or_else(|verdict| verdict)
}

fn judge(facts: &Facts) -> Result<Verdict, Verdict> {
    let agents = daemons(facts, "ztunnel")?;
    let ambient = ambient(&facts.mesh)?;
    let istiods: Vec<Minor> = minors(&facts.mesh)?.into_values().flatten().collect();
    let mut found = Vec::new();
    if agents.is_empty() {
        for asking in &ambient.asking {
            found.push(
                finding(
                    ZTUNNEL,
                    ambient.gravity(),
                    asking,
                    "it is in ambient mode, and there is no ztunnel",
                )
                .seen("istio.io/dataplane-mode: ambient")
                .hint("install ztunnel, or take the label away\nkubectl get daemonsets -A -l app.kubernetes.io/name=ztunnel"),
            );
        }
    }
    let mut unread = None;
    for agent in &agents {
        if ambient.asking.is_empty() {
            found.push(finding(
                ZTUNNEL,
                Severity::Info,
                object(agent),
                "nothing uses it: neither a namespace nor a workload is in ambient mode",
            ));
        }
        found.extend(health(ZTUNNEL, facts, agent));
        match agent.version.as_deref().and_then(minor) {
            Some(here) => found.extend(skew(facts, agent, here, &istiods)),
            None => unread = Some(agent.image.clone()),
        }
    }
    let ok = match agents.first() {
        None => "not used: nothing is in ambient mode".to_owned(),
        Some(agent) => mesh_common::output::clean(
            &format!(
                "{} in {}, {} of {} ready",
                agent.version.as_deref().unwrap_or("unknown version"),
                agent.namespace,
                agent.ready,
                agent.desired
            ),
            200,
        ),
    };
    if let Some(image) = unread.filter(|_| found.is_empty()) {
        return Err(Verdict::unknown(mesh_common::output::clean(
            &format!("its image {image} tells no version to hold against istiod"),
            200,
        )));
    }
    Ok(Verdict::of(found, ok.clone(), |found| {
        let gravest = found.iter().max_by_key(|f| f.severity);
        gravest.map_or(ok, |f| f.message.clone())
    }))
}

/// ztunnel 1.x goes with istiod 1.x and 1.x+1: the control plane goes first (istio.io, `ambient/upgrade/helm`).
fn skew(facts: &Facts, agent: &NodeAgent, here: Minor, istiods: &[Minor]) -> Option<Finding> {
    let goes = |istiod: Minor| istiod == here || istiod == (here.0, here.1 + 1);
    let about = |istiod: Minor, hint: &str| {
        finding(
            ZTUNNEL,
            Severity::Warning,
            object(agent),
            format!(
                "ztunnel {} does not go with istiod {}, only with the same minor or one newer",
                short(here),
                short(istiod)
            ),
        )
        .seen(agent.image.clone())
        .hint(hint)
    };
    if let Some(istiod) = istiods.iter().copied().find(|i| !goes(*i)) {
        let hint = if istiod < here {
            "upgrade istiod first"
        } else {
            "upgrade ztunnel first: it may be one minor older than istiod"
        };
        return Some(about(istiod, hint));
    }
    let target = facts.upgrade.to.as_ref()?.minor;
    (!goes(target)).then(|| {
        about(
            target,
            "go one minor at a time while ambient is used: istiod, then ztunnel, then the next",
        )
    })
}
