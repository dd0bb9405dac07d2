//! MESH2302: the jump from what runs to the target is one that Istio supports.

use std::collections::BTreeSet;

use mesh_common::{
    check::{Finding, Severity},
    output::clean,
    shell,
};

use super::{Running, deployment, graded, running, some};
use crate::{
    check::{More, Verdict, finding},
    facts::{Facts, Target},
    route::{self, HOP, Minor, short},
};

pub(super) const CODE: &str = "MESH2302";

pub(super) fn run(facts: &Facts) -> Verdict {
    let running = match running(facts) {
        Ok(running) => running,
        Err(gap) => return Verdict::gap(gap),
    };
    let (Some(oldest), Some(newest)) = (running.first(), running.last()) else {
        return Verdict::unknown("no istiod here says its version");
    };
    let Some(target) = &facts.upgrade.to else {
        // Without a word from the user the target is the newest release that is supported.
        return match facts.support.newest(facts.mesh.now) {
            Some(top) if newest.minor() >= top => Verdict::ok(format!(
                "{} runs, and {} is the newest release that is supported: nowhere to go",
                newest.version,
                short(top)
            )),
            _ => Verdict::not_evaluated("no target to hold it against: give one with --to"),
        };
    };
    let mut findings = Vec::new();
    findings.extend(jump(oldest, newest, target));
    findings.extend(minors(&running, target));
    findings.extend(patches(&running));
    let ok = words(oldest, target);
    graded(findings, ok)
}

/// `1.26.1 → 1.28.1, two minors: as a canary`.
fn words(oldest: &Running<'_>, target: &Target) -> String {
    let (from, to) = (oldest.minor(), target.minor);
    let jump = format!("{} → {}", oldest.version, target.name);
    match to.1.saturating_sub(from.1) {
        0 => format!("{jump}, the same minor"),
        1 => format!("{jump}, one minor"),
        n => {
            let steps = (from.1..=to.1).map(|m| short((to.0, m)));
            let steps: Vec<String> = steps.collect();
            format!(
                "{jump}, {n} minors: as a second revision; in place one by one, {}",
                steps.join(" → ")
            )
        }
    }
}

/// From the oldest that runs to the target: forward, and two minors at most.
fn jump(oldest: &Running<'_>, newest: &Running<'_>, target: &Target) -> Option<Finding> {
    let (from, to) = (oldest.minor(), target.minor);
    let object = deployment(oldest.istiod);
    let seen = |found: Finding| {
        found
            .seen(format!("runs {}", oldest.version))
            .seen(format!("target {}", target.name))
    };
    let found = |severity, message| Some(seen(finding(CODE, severity, &object, message)));
    if from.0 != to.0 {
        let message = format!("{} and {} cannot be compared", oldest.version, target.name);
        return found(Severity::Error, message);
    }
    let back = target
        .version
        .as_ref()
        .is_some_and(|v| v.semver < oldest.version.semver);
    if to < from {
        let message = format!(
            "{} is older than {}, which runs: Istio supports no downgrade across minors",
            target.name, oldest.version
        );
        let hint = "to move the users of a tag back to an older revision that still runs:\nkubectl mesh-tag rollback TAG";
        return Some(found(Severity::Error, message)?.hint(hint));
    }
    if to == from && back {
        let message = format!(
            "{} → {} goes back by patches: fixes may be lost",
            oldest.version, target.name
        );
        return found(Severity::Warning, message);
    }
    if to.1 - from.1 > HOP {
        let hops = route::route(from, to);
        let message = format!(
            "{} → {} is {} minors, and a second revision may be {HOP} ahead at most",
            oldest.version,
            target.name,
            to.1 - from.1
        );
        let next = hops.first().copied().unwrap_or(to);
        let hint = format!(
            "go hop by hop: {}\n{}",
            route::words(from, &hops),
            shell::command("kubectl mesh-precheck --to {}", &[&short(next)])
        );
        return Some(found(Severity::Error, message)?.hint(hint));
    }
    let done = target
        .version
        .as_ref()
        .is_some_and(|v| v.same_release(&oldest.version) && v.same_release(&newest.version));
    if done {
        let message = format!("every istiod runs {} already", target.name);
        return found(Severity::Info, message);
    }
    None
}

/// Several minors at once are a canary that is under way, or one that nobody finished.
fn minors(running: &[Running<'_>], target: &Target) -> Option<Finding> {
    let minors: BTreeSet<Minor> = running.iter().map(Running::minor).collect();
    let (oldest, newest) = (minors.first()?, minors.last()?);
    if oldest == newest {
        return None;
    }
    let all = some(minors.iter().copied().map(short));
    let at = running.iter().rfind(|r| r.minor() == *newest)?;
    let (severity, message, hint) = if *newest > target.minor {
        (
            Severity::Warning,
            format!(
                "{all} run at once, and {} is newer than the target",
                short(*newest)
            ),
            "name the newer one as the target, or finish what it was installed for",
        )
    } else if minors.len() == 2 && *newest == target.minor {
        (
            Severity::Info,
            format!("{all} run side by side: the upgrade is under way"),
            "",
        )
    } else {
        (
            Severity::Warning,
            format!("{all} run at once: an upgrade was not finished"),
            "move the users of the oldest revision on and remove it before the next upgrade\nkubectl mesh-tag list",
        )
    };
    let mut found = finding(CODE, severity, deployment(at.istiod), message);
    for one in running {
        found = found.seen(format!("{} runs {}", one.istiod.revision, one.version));
    }
    Some(if hint.is_empty() {
        found
    } else {
        found.hint(hint)
    })
}

/// Several patches of one minor: a rollout under way within a revision, or two revisions of it.
fn patches(running: &[Running<'_>]) -> Vec<Finding> {
    let mut findings = Vec::new();
    for pair in running.windows(2) {
        let [a, b] = pair else { continue };
        if a.minor() != b.minor() || a.version.same_release(&b.version) {
            continue;
        }
        let (severity, message) = if a.istiod.name == b.istiod.name {
            (
                Severity::Warning,
                format!(
                    "istiods of revision {} run {} and {}: its rollout is not through",
                    clean(&b.istiod.revision, 100),
                    a.version,
                    b.version
                ),
            )
        } else {
            (
                Severity::Info,
                format!(
                    "{} runs {}, {} runs {}: two patches of one minor",
                    clean(&a.istiod.revision, 100),
                    a.version,
                    clean(&b.istiod.revision, 100),
                    b.version
                ),
            )
        };
        let found = finding(CODE, severity, deployment(b.istiod), message);
        findings.push(if severity == Severity::Warning {
            found.hint(shell::command(
                "kubectl -n {} rollout status deployment/{}",
                &[&b.istiod.namespace, &b.istiod.name],
            ))
        } else {
            found
        });
    }
    findings
}
