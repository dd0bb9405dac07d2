//! istio-cni: there where it is expected, healthy, and of a version that goes with istiod.

use mesh_common::{
    check::{Finding, Severity},
    mesh::{NodeAgent, skew::minor},
};

use super::{ambient, by_cni, cni_keys, daemons, enabled, health, minors, object};
use crate::{
    check::{More, Verdict, finding},
    facts::Facts,
    route::{Minor, short},
};

pub(super) const CNI: &str = "MESH2401";

pub(super) fn agents(facts: &Facts) -> Verdict {
    judge(facts).unwrap_or_else(|verdict| verdict)
}

fn judge(facts: &Facts) -> Result<Verdict, Verdict> {
    let agents = daemons(facts, "istio-cni")?;
    let ambient = ambient(&facts.mesh)?;
    let minors = minors(&facts.mesh)?;
    let configs = facts.mesh.configs.read().map_err(Verdict::gap)?;
    let version = |revision: &str| minors.get(revision).copied().flatten();
    let mut expected: Vec<(Severity, &str, String)> = configs
        .iter()
        .filter(|(revision, config)| by_cni(config, version(revision)))
        .map(|(revision, _)| {
            let why = format!("revision {revision} leaves redirection to istio-cni");
            let what = "istio-cni is expected and not here: pods that restart are not redirected, and do not start";
            (Severity::Error, what, why)
        })
        .collect();
    if let Some(first) = ambient.asking.first() {
        let what = "istio-cni is not here, so that nothing redirects what is in ambient mode";
        expected.push((
            ambient.gravity(),
            what,
            format!("{first} is in ambient mode"),
        ));
    }

    let mut found = Vec::new();
    if agents.is_empty()
        && let Some((severity, what, why)) = expected.first()
    {
        found.push(
            finding(
                CNI,
                *severity,
                format!("daemonset/istio-cni-node -n {}", facts.mesh.istio_namespace),
                *what,
            )
            .seen(why.clone())
            .hint("install istio-cni before you restart anything, or take the setting away\nkubectl get daemonsets -A -l k8s-app=istio-cni-node"),
        );
    }
    if agents.len() > 1 {
        found.extend(agents.iter().map(|agent| {
            finding(
                CNI,
                Severity::Warning,
                object(agent),
                "there is more than one istio-cni: they write the same CNI configuration",
            )
            .seen(agent.image.clone())
            .hint("keep one for the whole cluster, whatever the number of revisions")
        }));
    }
    let mut unread = None;
    for agent in &agents {
        if expected.is_empty() {
            found.push(
                finding(
                    CNI,
                    Severity::Info,
                    object(agent),
                    "nothing uses it: injected pods redirect by an init container",
                )
                .hint("set pilot.cni.enabled for istiod to use it"),
            );
        }
        found.extend(health(CNI, facts, agent));
        match agent.version.as_deref().and_then(minor) {
            Some(here) => found.extend(skew(
                facts,
                agent,
                here,
                &minors.values().copied().flatten().collect::<Vec<_>>(),
            )),
            None => unread = Some(agent.image.clone()),
        }
    }
    found.extend(forgotten(facts, configs, &version));

    let ok = match agents.first() {
        None => "not used: pods redirect their traffic by an init container".to_owned(),
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
        gravest.map_or(ok, |f| match agents.len() {
            0 | 1 => f.message.clone(),
            n => format!("{n} of them; {}", f.message),
        })
    }))
}

/// istio-cni 1.x goes with istiod 1.x-1, 1.x and 1.x+1 (istio.io, `setup/additional-setup/cni`, "Upgrade").
fn skew(facts: &Facts, agent: &NodeAgent, here: Minor, istiods: &[Minor]) -> Option<Finding> {
    let goes = |istiod: Minor| istiod.0 == here.0 && istiod.1.abs_diff(here.1) <= 1;
    let about = |istiod: Minor, hint: String| {
        finding(
            CNI,
            Severity::Warning,
            object(agent),
            format!(
                "istio-cni {} does not go with istiod {}, only one minor older or newer",
                short(here),
                short(istiod)
            ),
        )
        .seen(agent.image.clone())
        .hint(hint)
    };
    if let Some(istiod) = istiods.iter().copied().find(|i| !goes(*i)) {
        return Some(about(
            istiod,
            format!("bring istio-cni to {} first", short(istiod)),
        ));
    }
    let target = facts.upgrade.to.as_ref()?.minor;
    if goes(target) {
        return None;
    }
    // The step between goes with both, as a canary of two minors needs it.
    let between = (target.0, target.1.saturating_sub(1));
    let both = istiods.iter().all(|i| i.1.abs_diff(between.1) <= 1);
    Some(about(
        target,
        if both && target > here {
            format!(
                "bring istio-cni to {} before istiod {}: it goes with the old and the new istiod",
                short(between),
                short(target)
            )
        } else {
            "go by shorter hops".into()
        },
    ))
}

/// Revisions that only the older key tells of istio-cni, where the target reads only the newer one.
fn forgotten<'a>(
    facts: &'a Facts,
    configs: &'a std::collections::BTreeMap<String, mesh_common::mesh::RevisionConfig>,
    version: &'a impl Fn(&str) -> Option<Minor>,
) -> impl Iterator<Item = Finding> + 'a {
    let target = facts.upgrade.to.as_ref().map(|t| t.minor);
    configs.iter().filter_map(move |(revision, config)| {
        let target = target?;
        let lost = by_cni(config, version(revision)) && !enabled(&config.values, cni_keys(Some(target)));
        lost.then(|| {
            finding(
                CNI,
                Severity::Warning,
                format!("revision {revision}"),
                format!(
                    "Istio {} reads only {}: with these values its pods get an init container instead",
                    short(target),
                    cni_keys(Some(target)).join(" and ")
                ),
            )
            .field("istio_cni.enabled")
            .seen("istio_cni.enabled: true")
            .hint("set pilot.cni.enabled: true in the values of the new istiod; istioctl does so by itself where components.cni.enabled is set")
        })
    })
}
