//! The plan of a change to a tag: what a person reads before it, and its JSON.

use mesh_common::{
    Outcome,
    check::{Finding, Gates},
    journal::{Action, Image},
    mesh::impact::Impact,
    output::{self, Doc, Report},
};
use serde::Serialize;
use serde_json::{Value, json};

use crate::screen;

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
            Action::Move => format!("Put {} on {}", self.namespaces(), self.destination()),
        }
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
        doc.heading("Gates");
        doc.marked(self.gates.marked());
        screen::impact(&mut doc, &self.impact);
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
        let objects: Vec<Value> = self
            .images
            .iter()
            .filter(|i| i.changes())
            .map(|i| {
                json!({
                    "does": i.verb(),
                    "object": i.key,
                    "to": crate::objects::goal(i),
                })
            })
            .collect();
        output::verdict(
            "TagPlan",
            self.outcome,
            json!({
                "action": self.action,
                "tag": self.tag,
                "from": self.from,
                "to": self.to,
                "inferred": self.inferred,
                "versions": self.versions,
                "istioctl": self.istioctl,
                "objects": objects,
                "gates": self.gates,
                "findings": self.findings,
                "impact": self.impact,
                "wayBack": self.way_back,
                "notes": self.notes,
            }),
        )
    }

    fn names(&self) -> Vec<String> {
        self.images
            .iter()
            .filter(|i| i.changes())
            .map(|i| i.key.to_string())
            .collect()
    }
}

/// A JSON document that is printed as it is.
pub(crate) struct Document(pub(crate) Value);

impl Report for Document {
    fn doc(&self, _wide: bool) -> Doc {
        Doc::new()
    }

    fn json(&self) -> serde_json::Result<Value> {
        Ok(self.0.clone())
    }

    fn names(&self) -> Vec<String> {
        Vec::new()
    }
}
