//! The plan of a change to a tag: what a person reads before it, and its JSON.

use mesh_common::{
    Outcome,
    check::{Finding, Gate, Gates},
    journal::{Action, Image, Key},
    mesh::impact::Impact,
    output::{self, Doc, Report},
};
use serde::Serialize;
use serde_json::Value;

use crate::screen;

#[cfg(test)]
mod tests;

/// A plan, complete before anybody is asked.
#[derive(Debug, Clone)]
pub(crate) struct Plan {
    /// What is to be done.
    pub(crate) action: Action,
    /// The tag.
    pub(crate) tag: String,
    /// Revisions behind it now.
    pub(crate) from: Vec<String>,
    /// The revision behind it afterwards; none when it is to be removed.
    pub(crate) to: Option<String>,
    /// How the revision was chosen, when it was not typed.
    pub(crate) inferred: Option<String>,
    /// Versions of those revisions' istiods, for words: `1-28-1 (1.28.1)`.
    pub(crate) versions: Versions,
    /// Who does it: istioctl's path and version.
    pub(crate) istioctl: Option<String>,
    /// The objects.
    pub(crate) images: Vec<Image>,
    /// The gates.
    pub(crate) gates: Gates,
    /// Findings that stop nothing.
    pub(crate) findings: Vec<Finding>,
    /// What it does to everybody.
    pub(crate) impact: Impact,
    /// The way back: the command, then what it means.
    pub(crate) way_back: WayBack,
    /// What else must be said.
    pub(crate) notes: Vec<String>,
    /// The header of the screen.
    pub(crate) header: Doc,
    /// What it would come to if nobody waived anything.
    pub(crate) outcome: Outcome,
}

/// Versions by revision.
pub(crate) type Versions = std::collections::BTreeMap<String, String>;

/// How to get back.
#[derive(Debug, Clone, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct WayBack {
    /// What to type.
    pub(crate) command: String,
    /// What that does and does not bring back.
    pub(crate) means: Vec<String>,
}

impl Plan {
    /// `1-28-1 (1.28.1)`.
    pub(crate) fn named(&self, revision: &str) -> String {
        match self.versions.get(revision) {
            Some(version) => format!("{revision} ({version})"),
            None => revision.to_owned(),
        }
    }

    /// `namespace staging`, `3 namespaces`.
    fn namespaces(&self) -> String {
        match self.images.as_slice() {
            [one] => format!("namespace {}", one.key.name),
            all => screen::count(all.len(), "namespace"),
        }
    }

    /// `tag stable, now 1-26-1 (1.26.1)`, `revision 1-28-1 (1.28.1)`.
    fn destination(&self) -> String {
        let to = self.to.as_deref().unwrap_or_default();
        if self.tag == to {
            format!("revision {}", self.named(to))
        } else {
            format!("tag {}, now {}", self.tag, self.named(to))
        }
    }

    /// `Move tag stable from 1-26-1 (1.26.1) to 1-28-1 (1.28.1)`.
    pub(crate) fn title(&self) -> String {
        let from: Vec<String> = self.from.iter().map(|r| self.named(r)).collect();
        let to = self
            .to
            .as_deref()
            .map(|r| self.named(r))
            .unwrap_or_default();
        let tag = &self.tag;
        match self.action {
            Action::Create => format!("Make tag {tag} for {to}"),
            Action::Remove => format!("Remove tag {tag} of {}", from.join(" and ")),
            Action::Rollback if to.is_empty() => format!("Bring tag {tag} back"),
            Action::Rollback => format!("Bring tag {tag} back to {to}"),
            Action::Promote => format!("Move tag {tag} from {} to {to}", from.join(" and ")),
            // No verbs of this plugin.
            Action::Restore | Action::Convert | Action::Enforce | Action::AccessLog => {
                self.action.word().into()
            }
            Action::Move => format!("Put {} on {}", self.namespaces(), self.destination()),
        }
    }
}

impl Plan {
    /// The same shape for every verb, before a write and after it.
    fn document(&self, outcome: Outcome, record: Option<&str>) -> serde_json::Result<Value> {
        let object = |i| Object {
            does: Image::verb(i),
            key: &i.key,
            to: crate::objects::goal(i),
        };
        let changing = self.images.iter().filter(|i| i.changes());
        let body = Body {
            action: self.action,
            tag: &self.tag,
            from: &self.from,
            to: self.to.as_deref(),
            inferred: self.inferred.as_deref(),
            versions: &self.versions,
            istioctl: self.istioctl.as_deref(),
            objects: changing.map(object).collect(),
            gates: &self.gates.gates,
            findings: &self.findings,
            impact: &self.impact,
            way_back: &self.way_back,
            notes: &self.notes,
            record,
        };
        output::verdict("TagPlan", outcome, body)
    }
}

impl Report for Plan {
    fn doc(&self, _wide: bool) -> Doc {
        let mut doc = self.header.clone();
        if let Some(istioctl) = &self.istioctl {
            doc.pairs([("istioctl", istioctl.as_str())]);
        }
        doc.heading(self.title());
        if let Some(inferred) = &self.inferred {
            doc.text(format!("Not typed, but inferred: {inferred}."));
        }
        screen::objects(&mut doc, &self.images);
        screen::gates(&mut doc, &self.gates);
        self.impact.show(&mut doc);
        screen::findings(&mut doc, &self.findings);
        if !self.notes.is_empty() {
            doc.heading("Know this");
            doc.list(&self.notes);
        }
        doc.heading("Way back");
        doc.command(&self.way_back.command);
        doc.list(&self.way_back.means);
        doc
    }

    fn json(&self) -> serde_json::Result<Value> {
        self.document(self.outcome, None)
    }

    fn names(&self) -> Vec<String> {
        self.images
            .iter()
            .filter(|i| i.changes())
            .map(|i| name(&i.key))
            .collect()
    }

    fn summary(&self) -> Option<String> {
        Some(summary(&self.images, &self.impact))
    }
}

/// As kubectl's `-o name` has it: `service/istiod-revision-tag-stable`, without a namespace.
fn name(key: &Key) -> String {
    let kind = key.kind.name().to_lowercase();
    match key.kind.group() {
        "" => format!("{kind}/{}", key.name),
        group => format!("{kind}.{group}/{}", key.name),
    }
}

/// `2 objects are written. Now: 1 gateway, 2 pods, rolls. At next restart: …`: everything that a long plan says,
/// in one line.
fn summary(images: &[Image], impact: &Impact) -> String {
    let count = screen::count;
    let totals = &impact.totals;
    let writes = images.iter().filter(|i| i.changes()).count();
    let rolls = match totals.gateways_rolling {
        0 => "no gateway rolls".to_owned(),
        n => format!(
            "{} ({}) {} now",
            count(n, "gateway"),
            count(totals.gateway_pods as usize, "pod"),
            if n == 1 { "rolls" } else { "roll" }
        ),
    };
    let changes = match totals.workloads - totals.running_already {
        0 => "no workload changes at its next restart".to_owned(),
        n => format!(
            "{} ({}) {} next restart",
            count(n, "workload"),
            count(totals.pods as usize, "pod"),
            if n == 1 {
                "changes at its"
            } else {
                "change at their"
            }
        ),
    };
    let breaks = match totals.breaks {
        0 => "nothing new breaks".to_owned(),
        1 => "1 item BREAKS".to_owned(),
        n => format!("{n} items BREAK"),
    };
    let unknown = match totals.unknown {
        0 => String::new(),
        n => format!(", {} unknown", count(n, "item")),
    };
    format!(
        "Writes {}: {rolls}, {changes}, {breaks}{unknown}.",
        count(writes, "object")
    )
}

/// The public form of a plan, and of what it came to.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Body<'a> {
    action: Action,
    tag: &'a str,
    from: &'a [String],
    to: Option<&'a str>,
    inferred: Option<&'a str>,
    versions: &'a Versions,
    istioctl: Option<&'a str>,
    objects: Vec<Object<'a>>,
    gates: &'a [Gate],
    findings: &'a [Finding],
    impact: &'a Impact,
    way_back: &'a WayBack,
    notes: &'a [String],
    /// Only after a write.
    record: Option<&'a str>,
}

#[derive(Serialize)]
struct Object<'a> {
    does: &'static str,
    #[serde(rename = "object")]
    key: &'a Key,
    to: String,
}

/// What a plan came to: its screen is about the outcome, its document is the plan's with outcome and record.
pub(crate) struct CarriedOut<'a> {
    /// The plan.
    pub(crate) plan: &'a Plan,
    /// What it came to.
    pub(crate) outcome: Outcome,
    /// The id of its record.
    pub(crate) record: &'a str,
    /// What a person reads.
    pub(crate) screen: Doc,
}

impl Report for CarriedOut<'_> {
    fn doc(&self, _wide: bool) -> Doc {
        self.screen.clone()
    }

    fn json(&self) -> serde_json::Result<Value> {
        self.plan.document(self.outcome, Some(self.record))
    }

    fn names(&self) -> Vec<String> {
        self.plan.names()
    }
}
