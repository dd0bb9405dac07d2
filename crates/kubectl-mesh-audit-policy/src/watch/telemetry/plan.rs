//! What is decided before a Telemetry is made, and how that is shown.

use std::{collections::BTreeSet, time::Duration};

use jiff::{SignedDuration, Timestamp};
use mesh_common::{
    check::{Gates, Verdict},
    journal::{Image, Kind},
    output::{Doc, Report, clean, count, verdict},
};
use serde_json::{Value, json};

use super::{
    cost::Cost,
    logging::{Logging, Not, Revision, Write, logging, side},
    object,
    select::{On, Place, alone, exact, gate, overridden},
};
use crate::{decide::show_gates, policy::AuthorizationPolicy, promote::change};

/// Workloads that are named.
const NAMES: usize = 10;
/// How long after the watch's end a Telemetry still counts as its own: reading a last time, and removing it.
const SLACK: SignedDuration = SignedDuration::from_mins(5);

/// What it is decided on.
pub(super) struct Facts<'a> {
    /// The copy that is watched.
    pub(super) policy: &'a AuthorizationPolicy,
    /// The policy's own name.
    pub(super) name: &'a str,
    pub(super) places: Vec<Place>,
    pub(super) revisions: Vec<Revision>,
    /// Names of all revisions of the mesh.
    pub(super) others: BTreeSet<&'a str>,
    /// Every Telemetry of the mesh, or why they are not known.
    pub(super) telemetries: Result<&'a [Value], String>,
    /// The version of Telemetry that the API server serves.
    pub(super) kind: Kind,
    pub(super) now: Timestamp,
    pub(super) lasts: Duration,
}

/// What is to happen.
pub(super) enum Decision {
    /// Every request is logged already, by whom.
    Already(String),
    Plan(Box<Plan>),
}

/// What is shown and confirmed.
pub(super) struct Plan {
    pub(super) header: Doc,
    pub(super) gates: Gates,
    namespace: String,
    name: String,
    workloads: Vec<String>,
    write: Option<Write>,
    expires: Timestamp,
    lasts: Duration,
    /// Whether what an earlier watch left goes first.
    pub(super) replaces: bool,
    pub(super) cost: Option<Cost>,
    /// None where a gate is shut.
    pub(super) image: Option<Image>,
}

impl Facts<'_> {
    /// Where a Telemetry counts for these workloads.
    pub(super) fn namespaces(&self) -> BTreeSet<String> {
        let roots = self.revisions.iter().map(|r| r.root_namespace.clone());
        roots.chain([self.policy.namespace.clone()]).collect()
    }

    pub(super) fn decide(&self) -> Decision {
        let policy = self.policy;
        let on = On::policy(policy);
        let key = object::key(self.kind, &policy.namespace, self.name);
        let in_root = self
            .revisions
            .iter()
            .any(|r| r.root_namespace == policy.namespace);
        let here = self.telemetries.clone().map(|all| -> Vec<&Value> {
            let of = |object: &&Value| object["metadata"]["namespace"] == *policy.namespace;
            all.iter().filter(of).collect()
        });
        let here = here.as_ref().map(Vec::as_slice).map_err(Clone::clone);
        let exact = exact(&on, in_root, &self.places);
        let alone = alone(&on, &key.name, here.clone(), &self.places);
        let overridden = here.is_ok_and(|all| overridden(all, &self.places));
        let modes: BTreeSet<_> = self
            .places
            .iter()
            .filter(|place| place.applies && place.runs)
            .filter_map(|place| side(place.enforcer))
            .collect();
        let telemetries = self.telemetries.clone();
        let found = logging(
            &policy.namespace,
            &modes,
            &self.revisions,
            &self.others,
            telemetries,
        );
        let open = [&exact, &alone]
            .iter()
            .all(|gate| gate.verdict == Verdict::Open);
        let (keeps, write) = match found {
            // Nothing is written: no selector has to fit, and another's is no matter unless it has the last word.
            Ok(Logging::Already(by)) if !in_root && !overridden => {
                return Decision::Already(by);
            }
            Ok(Logging::Already(by)) => (
                gate("logs", Verdict::Open, format!("{by} logs every request")),
                None,
            ),
            Ok(Logging::Write(write)) => {
                let summary = match write.kept.as_slice() {
                    [] => "nothing logs there that has to be kept".to_owned(),
                    kept => format!("kept as it is: {}", kept.join("; ")),
                };
                (gate("logs", Verdict::Open, summary), Some(write))
            }
            Err(Not::Fit(why)) => (gate("logs", Verdict::Closed, clean(&why, 400)), None),
            Err(Not::Known(why)) => {
                let why = format!("what logs there now, and has to be kept, is not known: {why}");
                (gate("logs", Verdict::Unknown, clean(&why, 400)), None)
            }
        };
        let lasts = SignedDuration::try_from(self.lasts).unwrap_or(SignedDuration::MAX);
        let now = Timestamp::from_second(self.now.as_second()).unwrap_or(self.now);
        let expires = now
            .saturating_add(lasts.saturating_add(SLACK))
            .unwrap_or(Timestamp::MAX);
        let image = write.as_ref().filter(|_| open).map(|write| Image {
            planned: Some(object::make(&key, self.name, &on, &write.items, expires)),
            key,
            before: None,
            after: None,
        });
        let applies = self.places.iter().filter(|p| p.applies && p.runs);
        Decision::Plan(Box::new(Plan {
            header: Doc::new(),
            gates: Gates {
                gates: vec![exact, alone, keeps],
                findings: Vec::new(),
            },
            namespace: policy.namespace.clone(),
            name: self.name.to_owned(),
            workloads: applies.map(|p| clean(&p.name, 300)).collect(),
            write,
            expires,
            lasts: self.lasts,
            replaces: false,
            cost: None,
            image,
        }))
    }
}

impl Plan {
    /// `payments/lockdown`.
    pub(super) fn policy(&self) -> String {
        format!("{}/{}", self.namespace, self.name)
    }

    pub(super) fn question(&self, place: &str) -> String {
        format!(
            "Log every request of {} on {place} for {}?",
            count(self.workloads.len(), "workload"),
            super::words(self.lasts)
        )
    }

    fn way_back(&self) -> String {
        mesh_common::shell::command(
            "kubectl mesh-audit-policy rollback {} -n {}",
            &[&self.name, &self.namespace],
        )
    }

    /// One line per gate, as the record keeps them.
    pub(super) fn gate_lines(&self) -> Vec<String> {
        let gates = self.gates.gates.iter();
        gates
            .map(|g| format!("{}: {}, {}", g.id, g.verdict.word(), g.line()))
            .collect()
    }
}

impl Report for Plan {
    fn doc(&self, _wide: bool) -> Doc {
        let mut doc = self.header.clone();
        let policy = clean(&self.policy(), 300);
        doc.heading(format!("Log every request of {policy} while it is watched"));
        if let Some(write) = &self.write {
            doc.text(format!(
                "Provider {} logs them to /dev/stdout of the proxies, {}, on",
                write.by.join(" and "),
                write.lines
            ));
        }
        doc.list(self.workloads.iter().take(NAMES));
        if self.workloads.len() > NAMES {
            doc.text(format!(
                "and {} more: -o json names all",
                self.workloads.len() - NAMES
            ));
        }
        show_gates(&mut doc, &self.gates);
        let Some(image) = &self.image else {
            return doc;
        };
        if let Some(cost) = &self.cost {
            doc.heading("Expected cost");
            doc.text(&cost.words);
        }
        doc.heading("What it breaks");
        doc.list([
            "istiod sends these proxies new listeners, now and at the end: connections that stay open longer than the \
             drain time (45 s by default) are closed both times",
            "lines have paths, addresses and user agents in them: whoever reads the logs of these pods sees them, and \
             whatever collects logs takes them along",
        ]);
        doc.heading("Changes");
        if self.replaces {
            doc.text("delete the one that an earlier watch of it left, which is over");
        }
        change(&mut doc, image);
        doc.heading("Way back");
        doc.text(format!(
            "It is removed when the watch ends: when its time is over, by Ctrl-C, or by an error. After a kill it stays, \
             also past {}: the next watch says so, and resume removes it then. At once:",
            self.expires.strftime("%H:%M UTC")
        ));
        doc.command(self.way_back());
        doc
    }

    fn json(&self) -> serde_json::Result<Value> {
        let body = json!({
            "namespace": self.namespace,
            "name": self.name,
            "workloads": self.workloads,
            "logs": self.write,
            "expires": self.expires.to_string(),
            "expectedCost": self.cost,
            "gates": self.gates.gates,
            "object": self.image.as_ref().and_then(|i| i.planned.as_ref()),
        });
        let outcome = self.gates.outcome();
        verdict("PolicyAccessLog", outcome, body)
    }

    fn names(&self) -> Vec<String> {
        let images = self.image.iter();
        images
            .map(|i| format!("telemetry/{}", i.key.name))
            .collect()
    }
}

#[cfg(test)]
mod tests;
