//! How a policy can be watched, by what enforces it: pure.
//!
//! Envoy evaluates a dry run as shadow rules in every supported version. ztunnel does what istiod passes on:
//! `pilot/pkg/serviceregistry/kube/controller/ambient/policies.go` at 1.25.1, 1.25.2, 1.28.1 and 1.29.0.

use std::collections::BTreeSet;

use clap::ValueEnum;
use mesh_common::Outcome;
use serde::Serialize;

use crate::{policy::Action, scene::Enforcer, version::Version};

/// How a policy is watched.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Mode {
    /// A copy with istio.io/dry-run: evaluated and counted, and nothing is blocked
    DryRun,
    /// A copy with action AUDIT: marks requests, and needs an access log that shows the marks
    Audit,
    /// No copy: recorded traffic is judged
    Replay,
}

impl Mode {
    /// As it is typed.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::DryRun => "dry-run",
            Self::Audit => "audit",
            Self::Replay => "replay",
        }
    }
}

/// Where a policy applies, as far as it counts here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Place {
    /// `payments/deployment/cards`.
    pub(crate) name: String,
    /// What enforces there.
    pub(crate) enforcer: Enforcer,
    /// istiod's version and whether its `AMBIENT_ENABLE_DRY_RUN_AUTHORIZATION_POLICY` is on; looked at for ztunnel only.
    pub(crate) istiod: Result<(Version, bool), String>,
    /// Versions of ztunnel; looked at for ztunnel only.
    pub(crate) ztunnel: Result<BTreeSet<Version>, String>,
}

/// What comes of a copy somewhere.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Shows {
    /// It is evaluated, and can be seen.
    Yes,
    /// Nothing is ever to be seen of it.
    Nothing(String),
    /// It blocks.
    Enforces(String),
    /// One of these, and nobody knows which.
    Unknown(String),
}

/// What was chosen for a policy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Choice {
    pub(crate) mode: Mode,
    /// Why not another, one line each.
    pub(crate) because: Vec<String>,
}

/// No copy may be made in the mode that was asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Refusal {
    /// Refused, or unknown.
    pub(crate) outcome: Outcome,
    /// One line each.
    pub(crate) why: Vec<String>,
}

/// The first istiod that leaves dry runs out.
const FILTERS: Version = Version::new(25, 2);
/// The first istiod that can pass them on as what they are, and the first ztunnel that takes them so.
const MARKS: Version = Version::new(29, 0);

/// What comes of a dry-run copy.
pub(crate) fn dry_run(place: &Place) -> Shows {
    match place.enforcer {
        Enforcer::Sidecar | Enforcer::Gateway | Enforcer::Waypoint => return Shows::Yes,
        Enforcer::Nothing => return Shows::Nothing("no proxy is there".into()),
        Enforcer::Ztunnel => {}
    }
    let (istiod, passes) = match &place.istiod {
        Ok(known) => *known,
        Err(why) => return Shows::Unknown(why.clone()),
    };
    if istiod < FILTERS {
        return Shows::Enforces(format!(
            "istiod {istiod} passes a dry run to ztunnel as if it were none"
        ));
    }
    if istiod < MARKS || !passes {
        return Shows::Nothing(if istiod < MARKS {
            format!("istiod {istiod} does not pass dry runs to ztunnel")
        } else {
            format!(
                "istiod {istiod} does not pass dry runs to ztunnel without AMBIENT_ENABLE_DRY_RUN_AUTHORIZATION_POLICY"
            )
        });
    }
    match &place.ztunnel {
        Err(why) => Shows::Unknown(why.clone()),
        Ok(versions) => match versions.iter().find(|version| **version < MARKS) {
            Some(old) => Shows::Enforces(format!(
                "istiod {istiod} passes dry runs on, and ztunnel {old} enforces them"
            )),
            None if versions.is_empty() => Shows::Unknown("no ztunnel was found".into()),
            None => Shows::Yes,
        },
    }
}

/// What comes of an AUDIT copy.
pub(crate) fn audit(place: &Place) -> Shows {
    match place.enforcer {
        Enforcer::Sidecar | Enforcer::Gateway | Enforcer::Waypoint => Shows::Yes,
        Enforcer::Nothing => Shows::Nothing("no proxy is there".into()),
        Enforcer::Ztunnel => Shows::Nothing("ztunnel has no AUDIT".into()),
    }
}

/// Chooses how a policy is watched. `places` is where it applies; an error says why that is not known.
///
/// # Errors
/// The mode that was asked for shows nothing somewhere, or enforces there, or nobody knows.
pub(crate) fn choose(
    asked: Option<Mode>,
    action: Action,
    places: Result<&[Place], &str>,
) -> Result<Choice, Refusal> {
    match action {
        Action::Deny | Action::Allow => {}
        Action::Custom => {
            return Err(refused(
                "CUSTOM cannot be watched: up to 1.29 a dry run never asks the provider, and 1.30 puts its rules \
                 where they deny",
            ));
        }
        Action::Audit => {
            return Err(refused(
                "it is AUDIT already, which blocks nothing; what it is meant to become is not written anywhere",
            ));
        }
    }
    let copied = match asked {
        Some(Mode::Replay) => {
            return Ok(Choice {
                mode: Mode::Replay,
                because: Vec::new(),
            });
        }
        Some(Mode::Audit) => Mode::Audit,
        Some(Mode::DryRun) | None => Mode::DryRun,
    };
    let refusal = match places {
        Ok(places) => against(copied, places),
        Err(why) => Some(Refusal {
            outcome: Outcome::Unknown,
            why: vec![format!("where it applies is not known: {why}")],
        }),
    };
    match (refusal, asked) {
        (None, _) => Ok(Choice {
            mode: copied,
            because: Vec::new(),
        }),
        (Some(refusal), Some(_)) => Err(refusal),
        (Some(refusal), None) => Ok(Choice {
            mode: Mode::Replay,
            because: refusal.why,
        }),
    }
}

fn refused(why: &str) -> Refusal {
    Refusal {
        outcome: Outcome::Refused,
        why: vec![why.to_owned()],
    }
}

/// One place that speaks against it is enough.
fn against(mode: Mode, places: &[Place]) -> Option<Refusal> {
    let mut outcome = None;
    let mut why = Vec::new();
    for place in places {
        let shows = match mode {
            Mode::Audit => audit(place),
            _ => dry_run(place),
        };
        let line = match shows {
            Shows::Yes => continue,
            // A workload without a proxy is one that no policy reaches: no copy is worse for it.
            Shows::Nothing(_) if place.enforcer == Enforcer::Nothing => continue,
            Shows::Nothing(why) => {
                outcome = Some(Outcome::Refused);
                format!("{}: nothing would show, {why}", place.name)
            }
            Shows::Enforces(why) => {
                outcome = Some(Outcome::Refused);
                format!("{}: the copy would be ENFORCED, {why}", place.name)
            }
            Shows::Unknown(why) => {
                outcome = outcome.or(Some(Outcome::Unknown));
                format!(
                    "{}: whether the copy would be enforced is unknown, {why}",
                    place.name
                )
            }
        };
        why.push(line);
    }
    outcome.map(|outcome| Refusal { outcome, why })
}

#[cfg(test)]
mod tests;
