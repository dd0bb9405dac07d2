//! What must hold before a policy that was watched is enforced: pure.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};
use mesh_common::{
    check::{Gate, Gates, Verdict, id},
    output::{clean, count},
};

use crate::watched::{Caller, Watched};

/// What is known of a watch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Evidence {
    /// What a watch came to.
    Watched(Box<Watched>),
    /// There is none, in one line.
    Absent(String),
    /// A rehearsal does not look for any.
    NotEvaluated,
}

/// How what will be enforced stands to what was watched.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Change {
    /// It is the same.
    None,
    /// The policy in the cluster is another than when the copy was made: where.
    Original(Vec<String>),
    /// The copy is not what it was made as.
    Copy(String),
}

/// What the gates are judged by.
#[derive(Debug, Clone)]
pub(crate) struct Facts<'a> {
    pub(crate) now: Timestamp,
    pub(crate) evidence: &'a Evidence,
    /// Digest of the spec that is to be enforced.
    pub(crate) digest: &'a str,
    /// uid of the copy as it is now; none where recorded traffic was judged.
    pub(crate) copy_uid: Option<&'a str>,
    pub(crate) change: Change,
    /// How long it has to be watched.
    pub(crate) min: SignedDuration,
    /// How many percent of the requests may be unknown.
    pub(crate) max_unknown: f64,
    /// Callers that may be denied or unseen, and why.
    pub(crate) accepted: &'a BTreeMap<String, String>,
    /// The command that watches.
    pub(crate) watch: String,
}

/// All of them.
pub(crate) fn gates(facts: &Facts<'_>) -> Gates {
    Gates {
        gates: vec![
            unchanged(facts),
            watched(facts),
            signal(facts),
            callers(facts),
            denials(facts),
            unknown(facts),
        ],
        findings: Vec::new(),
    }
}

fn gate(id: &'static str) -> Gate {
    Gate {
        id,
        title: id,
        required: true,
        verdict: Verdict::Open,
        summary: String::new(),
        evidence: Vec::new(),
        hint: None,
        pass: Some(format!("--waive {id}=REASON")),
        waived: None,
    }
}

fn open(gate: Gate, summary: impl Into<String>) -> Gate {
    Gate {
        summary: summary.into(),
        ..gate
    }
}

fn shut(gate: Gate, verdict: Verdict, summary: impl Into<String>) -> Gate {
    Gate {
        verdict,
        summary: summary.into(),
        ..gate
    }
}

impl Facts<'_> {
    /// The watch that counts for what is to be enforced, or the gate without one.
    fn watch(&self, gate: Gate) -> Result<(&Watched, Gate), Box<Gate>> {
        let absent = |gate: Gate, why: &str| {
            Box::new(Gate {
                hint: Some(self.watch.clone()),
                ..shut(gate, Verdict::Unknown, why)
            })
        };
        match self.evidence {
            Evidence::NotEvaluated => Err(Box::new(shut(
                gate,
                Verdict::NotEvaluated,
                "not evaluated (rehearsal)",
            ))),
            Evidence::Absent(why) => Err(absent(gate, why)),
            Evidence::Watched(watched) if watched.digest != self.digest => {
                Err(absent(gate, "the last watch was of another spec"))
            }
            Evidence::Watched(watched)
                if self.copy_uid.is_some() && watched.copy_uid.as_deref() != self.copy_uid =>
            {
                Err(absent(gate, "the last watch was of another copy"))
            }
            Evidence::Watched(watched)
                if watched.ended < watched.began || watched.ended > self.now =>
            {
                Err(absent(gate, "the times of the last watch cannot be right"))
            }
            Evidence::Watched(watched) => Ok((watched, gate)),
        }
    }
}

fn unchanged(facts: &Facts<'_>) -> Gate {
    let gate = gate(id::UNCHANGED);
    match &facts.change {
        Change::None => open(gate, "what was watched is what will be enforced"),
        Change::Original(lines) => Gate {
            evidence: lines.clone(),
            hint: Some("look at the difference below: enforcing takes that edit back".into()),
            ..shut(
                gate,
                Verdict::Closed,
                "the policy was changed since it was copied",
            )
        },
        Change::Copy(why) => Gate {
            hint: Some("remove the copy, and make and watch a new one".into()),
            pass: None,
            ..shut(gate, Verdict::Closed, why.clone())
        },
    }
}

fn watched(facts: &Facts<'_>) -> Gate {
    let (watched, gate) = match facts.watch(gate(id::WATCHED)) {
        Ok(found) => found,
        Err(gate) => return *gate,
    };
    let lasted = watched.ended.duration_since(watched.began);
    let ago = facts.now.duration_since(watched.ended);
    let words = format!(
        "{} (at least {}), until {} ago",
        duration(lasted),
        duration(facts.min),
        duration(ago)
    );
    if lasted >= facts.min {
        return open(gate, words);
    }
    Gate {
        hint: Some(facts.watch.clone()),
        ..shut(gate, Verdict::Closed, words)
    }
}

fn signal(facts: &Facts<'_>) -> Gate {
    let (watched, gate) = match facts.watch(gate(id::SIGNAL)) {
        Ok(found) => found,
        Err(gate) => return *gate,
    };
    match &watched.signal {
        Some(signal) => open(gate, clean(&signal.how, 300)),
        None => Gate {
            hint: Some(facts.watch.clone()),
            ..shut(
                gate,
                Verdict::Unknown,
                "nothing proves that a denial would have shown up",
            )
        },
    }
}

fn callers(facts: &Facts<'_>) -> Gate {
    let (watched, gate) = match facts.watch(gate(id::CALLERS)) {
        Ok(found) => found,
        Err(gate) => return *gate,
    };
    let Some(expected) = &watched.expected else {
        return shut(
            gate,
            Verdict::Unknown,
            format!(
                "{} seen; who else calls is not known",
                count(watched.callers.len(), "caller")
            ),
        );
    };
    let called = |name: &str| watched.callers.iter().find(|c| c.name == name);
    let mut missing = watched.unseen(expected);
    missing.retain(|name| !facts.accepted.contains_key(*name));
    let from = clean(&expected.from, 100);
    let all = count(expected.callers.len(), "caller");
    if missing.is_empty() {
        return open(gate, format!("{all} of {from}: each seen or accepted"));
    }
    let first = missing.first().copied().unwrap_or("CALLER");
    let accept = format!(
        "accept each that may stay unseen: --accept '{}=REASON'",
        clean(first, 300)
    );
    let words = format!("{} of {all} of {from} not seen", missing.len());
    let line = |name: &&str| {
        let shown = clean(name, 300);
        match called(name) {
            Some(_) => format!("{shown}: called, and what would become of it is not known"),
            None => shown,
        }
    };
    Gate {
        evidence: missing.iter().map(line).collect(),
        hint: Some(accept),
        ..shut(gate, Verdict::Closed, words)
    }
}

fn denials(facts: &Facts<'_>) -> Gate {
    let (watched, gate) = match facts.watch(gate(id::DENIALS)) {
        Ok(found) => found,
        Err(gate) => return *gate,
    };
    let denied: Vec<&Caller> = watched.callers.iter().filter(|c| c.denied > 0).collect();
    let open_ones: Vec<&&Caller> = denied
        .iter()
        .filter(|c| !facts.accepted.contains_key(&c.name))
        .collect();
    let Some(first) = open_ones.first() else {
        // Zero without a proof that one would be seen is no zero.
        if watched.signal.is_none() {
            return shut(
                gate,
                Verdict::Unknown,
                "none seen, and nothing proves that one would be",
            );
        }
        return open(
            gate,
            match denied.len() {
                0 => format!("none of {}", requests(watched.judged())),
                n => format!("{} would be denied, each accepted", count(n, "caller")),
            },
        );
    };
    let line = |c: &&&Caller| {
        format!(
            "{}: {} would be denied",
            clean(&c.name, 300),
            requests(c.denied)
        )
    };
    let accept = format!(
        "accept each that is meant to be denied: --accept '{}=REASON'",
        clean(&first.name, 300)
    );
    Gate {
        evidence: open_ones.iter().map(line).collect(),
        hint: Some(accept),
        ..shut(
            gate,
            Verdict::Closed,
            format!("{} would be denied", count(open_ones.len(), "caller")),
        )
    }
}

fn unknown(facts: &Facts<'_>) -> Gate {
    let (watched, gate) = match facts.watch(gate(id::UNKNOWN)) {
        Ok(found) => found,
        Err(gate) => return *gate,
    };
    let (unclear, judged) = (watched.unclear(), watched.judged());
    let all = unclear.saturating_add(judged);
    if all == 0 {
        return shut(gate, Verdict::Unknown, "no request was seen at all");
    }
    #[allow(
        clippy::cast_precision_loss,
        reason = "a share for a threshold, not a count"
    )]
    let share = unclear as f64 * 100.0 / all as f64;
    let words = format!(
        "{unclear} of {} cannot be judged (at most {} %)",
        requests(all),
        facts.max_unknown
    );
    if share <= facts.max_unknown {
        return open(gate, words);
    }
    Gate {
        hint: Some(facts.watch.clone()),
        ..shut(gate, Verdict::Closed, words)
    }
}

fn requests(n: u64) -> String {
    if n == 1 {
        "1 request".to_owned()
    } else {
        format!("{n} requests")
    }
}

/// `90 s`, `30 min`, `71 h`.
fn duration(of: SignedDuration) -> String {
    let seconds = of.as_secs();
    if seconds < 120 {
        format!("{seconds} s")
    } else if seconds < 2 * 3600 {
        format!("{} min", seconds / 60)
    } else {
        format!("{} h", seconds / 3600)
    }
}

#[cfg(test)]
mod tests;
