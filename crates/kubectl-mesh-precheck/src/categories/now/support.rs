//! MESH2303: the releases that run, and the target, are supported.

use std::collections::BTreeMap;

use jiff::tz::TimeZone;
use mesh_common::{
    check::{Finding, Severity},
    shell,
};

use super::{Running, deployment, running};
use crate::{
    check::{More, Verdict, finding},
    facts::Facts,
    route::{HOP, Minor, short},
    support::Standing,
};

pub(super) const CODE: &str = "MESH2303";

/// How long before its end a release is spoken of, in days.
const SOON: i32 = 60;

pub(super) fn run(facts: &Facts) -> Verdict {
    let running = match running(facts) {
        Ok(running) => running,
        Err(gap) => return Verdict::gap(gap),
    };
    let mut by_minor: BTreeMap<Minor, Vec<&Running<'_>>> = BTreeMap::new();
    for one in &running {
        by_minor.entry(one.minor()).or_default().push(one);
    }
    let mut findings = Vec::new();
    let mut said = Vec::new();
    let mut unlisted = Vec::new();
    for (minor, of) in &by_minor {
        let standing = facts.support.standing(*minor, facts.mesh.now);
        if standing == Standing::Unlisted {
            unlisted.push(*minor);
        }
        said.push(format!("{} {}", short(*minor), words(standing)));
        if let Some(one) = of.first() {
            findings.extend(judge(facts, *minor, deployment(one.istiod), false));
        }
    }
    if let Some(target) = &facts.upgrade.to
        && !by_minor.contains_key(&target.minor)
    {
        let standing = facts.support.standing(target.minor, facts.mesh.now);
        if standing == Standing::Unlisted {
            unlisted.push(target.minor);
        }
        said.push(format!(
            "target {} {}",
            short(target.minor),
            words(standing)
        ));
        let object = format!("Istio {}", target.name);
        findings.extend(judge(facts, target.minor, object, true));
    }
    if said.is_empty() {
        return Verdict::unknown("no istiod here says its version");
    }
    let ok = said.join("; ");
    let verdict = Verdict::of(findings, ok.clone(), |_| ok);
    let gaps: Vec<_> = unlisted
        .into_iter()
        .map(|minor| mesh_common::mesh::Gap {
            what: "support".into(),
            why: mesh_common::mesh::Why::Failed,
            detail: format!(
                "{} does not have {}: give a newer one with --support-table",
                facts.support.source,
                short(minor)
            ),
        })
        .collect();
    super::but_for(verdict, &gaps)
}

/// The newest supported release that one hop leads to.
fn within_reach(facts: &Facts) -> Option<Minor> {
    let (major, from) = facts.upgrade.from?;
    let hops = (from + 1..=from + HOP).rev().map(|minor| (major, minor));
    hops.into_iter().find(|minor| {
        matches!(
            facts.support.standing(*minor, facts.mesh.now),
            Standing::Supported(_) | Standing::Overdue(_)
        )
    })
}

fn words(standing: Standing) -> String {
    match standing {
        Standing::Supported(Some(day)) => format!("supported until {day}"),
        Standing::Supported(None) => "supported".into(),
        Standing::Overdue(day) => format!("was expected to end {day}"),
        Standing::Ended(Some(day)) => format!("ended {day}"),
        Standing::Ended(None) => "ended".into(),
        Standing::Future(day) => format!("is out from {day}"),
        Standing::Unlisted => "not in the table".into(),
    }
}

fn judge(facts: &Facts, minor: Minor, object: String, target: bool) -> Option<Finding> {
    let standing = facts.support.standing(minor, facts.mesh.now);
    let name = short(minor);
    let (severity, message, hint) = match standing {
        Standing::Ended(day) => {
            let since = day.map_or(String::new(), |d| format!(" on {d}"));
            let message = format!("support of Istio {name} ended{since}: it gets no security fixes");
            if target {
                match within_reach(facts) {
                    Some(better) => (
                        Severity::Error,
                        message,
                        shell::command("kubectl mesh-precheck --to {}", &[&short(better)]),
                    ),
                    // There is no other way than over it.
                    None => (
                        Severity::Warning,
                        message,
                        "it is a stop on the way: go on from there without delay".into(),
                    ),
                }
            } else {
                (
                    Severity::Warning,
                    message,
                    "upgrade; the route stands at the head of this report".into(),
                )
            }
        }
        Standing::Overdue(day) => (
            Severity::Warning,
            format!("support of Istio {name} was expected to end {day}"),
            "check istio.io/latest/docs/releases/supported-releases, or give a newer --support-table"
                .into(),
        ),
        Standing::Future(day) => (
            if target { Severity::Error } else { Severity::Info },
            format!("Istio {name} is out only from {day}, as the table says"),
            "give a newer table with --support-table".into(),
        ),
        Standing::Supported(Some(day)) => {
            let today = facts.mesh.now.to_zoned(TimeZone::UTC).date();
            let days = (day.date - today).get_days();
            if days > SOON {
                return None;
            }
            (
                Severity::Info,
                format!("support of Istio {name} ends {day}, in {days} days"),
                "plan the next upgrade before that day".into(),
            )
        }
        Standing::Supported(None) | Standing::Unlisted => return None,
    };
    Some(
        finding(CODE, severity, object, message)
            .seen(format!("by {}", facts.support.source))
            .hint(hint),
    )
}
