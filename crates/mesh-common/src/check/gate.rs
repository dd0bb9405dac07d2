//! Gates: verdicts, which of them stop a command, and how they are passed.

use serde::Serialize;

use super::{Finding, Policy, Waiver};
use crate::{
    error::{Error, Kind, Result},
    exit::Outcome,
    output::Mark,
};

/// Ids of the gates, as `--waive` and a policy take them.
pub mod id {
    /// istioctl and istiod are the same version.
    pub const PARITY: &str = "parity";
    /// The target's istiods are ready and steady.
    pub const READY: &str = "ready";
    /// The target's injector really answers.
    pub const SERVES: &str = "serves";
    /// Both revisions are one mesh.
    pub const SAME_MESH: &str = "same-mesh";
    /// One injector per pod.
    pub const OVERLAP: &str = "overlap";
    /// Proxies, istiods and the jump between the revisions.
    pub const SKEW: &str = "skew";
    /// It can be undone.
    pub const WAY_BACK: &str = "way-back";
    /// The canary has run long enough.
    pub const BAKE: &str = "bake";
    /// Proxies have what istiod sent.
    pub const DRIFT: &str = "drift";
    /// The canary's traffic is no worse.
    pub const TRAFFIC: &str = "traffic";
    /// Replicas, HPA, PDB, spread.
    pub const HIGH_AVAILABILITY: &str = "high-availability";
    /// istiod's requests and limits.
    pub const MEMORY: &str = "memory";
    /// The old images are still on the nodes.
    pub const IMAGE: &str = "image";
    /// A fresh, verified backup.
    pub const BACKUP: &str = "backup";
    /// Nobody uses the tag that is to be deleted.
    pub const UNUSED: &str = "unused";

    /// The backup and the cluster have one CA.
    pub const CA: &str = "ca";
    /// The backup is of this cluster, or the cluster is an empty one.
    pub const CLUSTER: &str = "cluster";
    /// Nobody else owns what would be written over.
    pub const OWNERS: &str = "owners";
    /// Nobody else set the fields that would be written over.
    pub const CONFLICTS: &str = "conflicts";
    /// Everything that is asked for can be brought back.
    pub const RESTORABLE: &str = "restorable";
    /// No webhook stands in the way that nobody answers.
    pub const WEBHOOKS: &str = "webhooks";
    /// No istiod goes back to an older version in place.
    pub const DOWNGRADE: &str = "downgrade";

    /// A policy was watched long enough.
    pub const WATCHED: &str = "watched";
    /// What was watched would have shown up.
    pub const SIGNAL: &str = "signal";
    /// Everybody who is known to call was seen.
    pub const CALLERS: &str = "callers";
    /// Nobody would be denied who is not meant to be.
    pub const DENIALS: &str = "denials";
    /// Few enough requests could not be judged.
    pub const UNKNOWN: &str = "unknown";
    /// What was watched is what will be enforced.
    pub const UNCHANGED: &str = "unchanged";

    /// Those of whatever changes who injects whom, in the order they are read.
    pub const MESH: &[&str] = &[
        PARITY,
        READY,
        SERVES,
        SAME_MESH,
        OVERLAP,
        SKEW,
        WAY_BACK,
        BAKE,
        DRIFT,
        TRAFFIC,
        HIGH_AVAILABILITY,
        MEMORY,
        IMAGE,
        BACKUP,
        UNUSED,
    ];

    /// Those of a restore.
    pub const RESTORE: &[&str] = &[
        CA, CLUSTER, OWNERS, CONFLICTS, RESTORABLE, WEBHOOKS, DOWNGRADE,
    ];

    /// Those of a policy that is to be enforced.
    pub const POLICY: &[&str] = &[WATCHED, SIGNAL, CALLERS, DENIALS, UNKNOWN, UNCHANGED];

    /// Every id.
    pub fn all() -> impl Iterator<Item = &'static str> {
        [MESH, RESTORE, POLICY].into_iter().flatten().copied()
    }
}

/// The flag that passes a gate.
const WAIVE: &str = "--waive ";

/// The flag that passes the gate of this id, as it is typed.
pub(super) fn waive(id: &str) -> String {
    format!("{WAIVE}{id}=REASON")
}

/// What a gate came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Verdict {
    /// Nothing speaks against it.
    Open,
    /// Something does.
    Closed,
    /// Evidence is missing. Never open.
    Unknown,
    /// A rehearsal cannot evaluate it, or nothing is built that does. Never open, and stops nothing.
    NotEvaluated,
}

impl Verdict {
    /// The word for it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Closed => "closed",
            Self::Unknown => "unknown",
            Self::NotEvaluated => "not evaluated",
        }
    }
}

/// One gate and what it came to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Gate {
    /// Its id, as `--waive` takes it.
    pub id: &'static str,
    /// Its name, as a person reads it.
    pub title: &'static str,
    /// Whether it stops the command; an advisory one is only shown.
    pub required: bool,
    /// What it came to.
    pub verdict: Verdict,
    /// One line: the value and the threshold.
    pub summary: String,
    /// What was seen.
    pub evidence: Vec<String>,
    /// What to do; a command to paste stands on a line of its own.
    pub hint: Option<String>,
    /// What passes it nevertheless, as it is typed; none where nothing does.
    pub pass: Option<String>,
    /// The reason it was passed with, if it was.
    pub waived: Option<String>,
}

impl Gate {
    /// Whether it stops the command: required, closed or unknown, and not waived.
    pub fn blocks(&self) -> bool {
        self.required
            && self.waived.is_none()
            && matches!(self.verdict, Verdict::Closed | Verdict::Unknown)
    }

    /// Whether a reason is enough to pass it.
    pub fn passes_by_reason(&self) -> bool {
        self.pass.as_deref().is_some_and(|p| p.starts_with(WAIVE))
    }

    /// The sign in front of its line.
    pub fn mark(&self) -> Mark {
        match self.verdict {
            Verdict::Open => Mark::Ok,
            Verdict::NotEvaluated => Mark::Skip,
            Verdict::Closed | Verdict::Unknown if self.waived.is_some() => Mark::Warn,
            Verdict::Unknown => Mark::Unknown,
            Verdict::Closed if self.required => Mark::Bad,
            Verdict::Closed => Mark::Warn,
        }
    }

    /// Its line without the name: the summary, and the reason it was passed with.
    pub fn line(&self) -> String {
        match &self.waived {
            Some(reason) => format!("{} (waived: {reason})", self.summary),
            None => self.summary.clone(),
        }
    }
}

/// The gates of a command in the order they are read, and what was found on the way.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Gates {
    /// The gates.
    pub gates: Vec<Gate>,
    /// What was found on the way that no gate closes for.
    pub findings: Vec<Finding>,
}

impl Gates {
    /// These gates; the policy may make advisory ones required.
    pub(super) fn new(mut gates: Vec<Gate>, findings: Vec<Finding>, policy: &Policy) -> Self {
        for gate in &mut gates {
            gate.required |= policy.required.contains(gate.id);
        }
        Self { gates, findings }
    }

    /// No gates: for what has nothing left to be judged.
    pub fn none() -> Self {
        Self {
            gates: Vec::new(),
            findings: Vec::new(),
        }
    }

    /// The gate of this id.
    pub fn get(&self, id: &str) -> Option<&Gate> {
        self.gates.iter().find(|g| g.id == id)
    }

    /// Those that stop the command: required, closed or unknown, and not waived.
    pub fn blocking(&self) -> impl Iterator<Item = &Gate> {
        self.gates.iter().filter(|g| g.blocks())
    }

    /// Advisory gates that are closed or unknown: shown, and stopping nothing.
    pub fn advisories(&self) -> impl Iterator<Item = &Gate> {
        let stands_out = |g: &&Gate| matches!(g.verdict, Verdict::Closed | Verdict::Unknown);
        self.gates
            .iter()
            .filter(|g| !g.required && g.waived.is_none())
            .filter(stands_out)
    }

    /// Passes gates for a reason. A waiver of a gate that is open changes nothing, so that the same command line
    /// works on a better day; nor does one of a gate that takes more than a reason ([`Gate::pass`]).
    ///
    /// # Errors
    /// [`Kind::Usage`] when the command has no such gate, or one gate is waived twice.
    pub fn waive(&mut self, waivers: &[Waiver]) -> Result<()> {
        for (n, waiver) in waivers.iter().enumerate() {
            if waivers[..n].iter().any(|w| w.gate == waiver.gate) {
                let message = format!("gate {} is waived twice", waiver.gate);
                return Err(Error::new(Kind::Usage, message).hint("give one reason per gate"));
            }
            let Some(gate) = self.gates.iter_mut().find(|g| g.id == waiver.gate) else {
                let ids: Vec<_> = self.gates.iter().map(|g| g.id).collect();
                let message = format!("this command has no gate {}", waiver.gate);
                return Err(
                    Error::new(Kind::Usage, message).hint(format!("gates: {}", ids.join(", ")))
                );
            };
            if gate.verdict != Verdict::Open && gate.passes_by_reason() {
                gate.waived = Some(waiver.reason.clone());
            }
        }
        Ok(())
    }

    /// The gates that were passed for a reason: what the journal keeps.
    pub fn waived(&self) -> impl Iterator<Item = (&Gate, &str)> {
        self.gates
            .iter()
            .filter_map(|g| Some((g, g.waived.as_deref()?)))
    }

    /// What the command comes to by its gates: refused when one that stops it is closed, unknown when one is
    /// unknown, else done.
    pub fn outcome(&self) -> Outcome {
        if self.blocking().any(|g| g.verdict == Verdict::Closed) {
            Outcome::Refused
        } else if self.blocking().next().is_some() {
            Outcome::Unknown
        } else {
            Outcome::Done
        }
    }

    /// Whether the command may go on.
    pub fn pass(&self) -> bool {
        self.blocking().next().is_none()
    }

    /// One row per gate for [`crate::output::Doc::marked`].
    pub fn marked(&self) -> Vec<(Mark, String, String)> {
        self.gates
            .iter()
            .map(|g| (g.mark(), g.title.to_owned(), g.line()))
            .collect()
    }

    /// Gates whose verdict is another than it was, one line each: what a second read before writing refuses on.
    pub fn changed_since(&self, before: &Self) -> Vec<String> {
        let verdict = |gates: &Self, id| gates.get(id).map(|g| g.verdict);
        self.gates
            .iter()
            .filter_map(|now| {
                let was = verdict(before, now.id)?;
                (was != now.verdict).then(|| {
                    let (was, is) = (was.word(), now.verdict.word());
                    format!("{} was {was} and is {is}: {}", now.title, now.summary)
                })
            })
            .collect()
    }
}
