//! What is there to choose from, and the few words that tell one from another.

use std::collections::{BTreeMap, BTreeSet};

use super::Offer;
use crate::{
    istioctl::Version,
    mesh::{Labels, label, wiring::DEFAULT},
};

/// Tags that people make first, by the names that this suite's texts use.
const USUAL: [&str; 2] = ["canary", "stable"];

/// A part of what is there. Only those that an argument needs are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Part {
    /// Which tag points where: webhooks and Services.
    Wiring,
    /// The istiods of the Istio namespace.
    Istiods,
    /// The istiods of every namespace.
    Everywhere,
    /// Namespaces and what they are labelled with.
    Namespaces,
    /// The records of earlier operations.
    Records,
}

/// What was read. What was not, or could not be, is empty: an offer less, never a wrong one.
#[derive(Debug, Default)]
pub(super) struct Seen {
    tags: BTreeMap<String, BTreeSet<String>>,
    revisions: BTreeMap<String, Istiods>,
    istio_namespaces: BTreeMap<String, BTreeSet<String>>,
    /// None where they were not read.
    namespaces: Option<BTreeMap<String, Labels>>,
    /// There are more than were read: they are offered, and not counted.
    more_namespaces: bool,
    records: Vec<Record>,
}

#[derive(Debug, Default)]
struct Istiods {
    version: Option<String>,
    ready: u32,
    wanted: u32,
}

/// A record by its labels: the rest of it may be large.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Record {
    pub(super) id: String,
    pub(super) action: String,
    pub(super) tag: Option<String>,
    pub(super) state: String,
}

impl Seen {
    /// A webhook or Service of a revision, or of a tag that points there.
    pub(super) fn add_wiring(&mut self, revision: &str, tag: Option<&str>) {
        match tag {
            Some(tag) => {
                let points = self.tags.entry(tag.to_owned()).or_default();
                points.insert(revision.to_owned());
            }
            None => {
                self.revisions.entry(revision.to_owned()).or_default();
            }
        }
    }

    pub(super) fn add_istiod(
        &mut self,
        namespace: &str,
        revision: &str,
        version: Option<&str>,
        ready: u32,
        wanted: u32,
    ) {
        let here = self.istio_namespaces.entry(namespace.to_owned());
        here.or_default().insert(revision.to_owned());
        let of = self.revisions.entry(revision.to_owned()).or_default();
        of.version = of.version.take().or(version.map(str::to_owned));
        of.ready = of.ready.saturating_add(ready);
        of.wanted = of.wanted.saturating_add(wanted);
    }

    pub(super) fn add_namespace(&mut self, name: &str, labels: &Labels) {
        let all = self.namespaces.get_or_insert_default();
        all.insert(name.to_owned(), labels.clone());
    }

    /// The page of namespaces was not the last.
    pub(super) fn has_more_namespaces(&mut self) {
        self.more_namespaces = true;
    }

    pub(super) fn add_record(&mut self, record: Record) {
        self.records.push(record);
    }

    /// `stable   1-26-1 (3 namespaces)`.
    pub(super) fn tags(&self) -> Vec<Offer> {
        let all = self.tags.iter();
        all.map(|(tag, revisions)| {
            let mut about = revisions.iter().cloned().collect::<Vec<_>>().join(" and ");
            if let Some(namespaces) = self.namespaces.as_ref().filter(|_| !self.more_namespaces) {
                let n = namespaces.values().filter(|l| asks_for(l, tag)).count();
                about = match n {
                    1 => format!("{about} (1 namespace)"),
                    n => format!("{about} ({n} namespaces)"),
                };
            }
            Offer::new(tag, about)
        })
        .collect()
    }

    /// Also those that are gone and have a record: `remove` can be taken back.
    pub(super) fn tags_ever(&self) -> Vec<Offer> {
        let mut offers = self.tags();
        let mut gone: BTreeMap<&str, &Record> = BTreeMap::new();
        for record in &self.records {
            if let Some(tag) = record
                .tag
                .as_deref()
                .filter(|t| !self.tags.contains_key(*t))
            {
                let last = gone.entry(tag).or_insert(record);
                if last.id < record.id {
                    *last = record;
                }
            }
        }
        let gone = gone.into_iter();
        offers.extend(gone.map(|(tag, last)| {
            let about = format!("not there now; last: {}, {}", last.action, last.state);
            Offer::new(tag, about)
        }));
        offers
    }

    /// The usual names that are not taken.
    pub(super) fn new_tags(&self) -> Vec<Offer> {
        let free = USUAL.into_iter().filter(|t| !self.tags.contains_key(*t));
        free.map(|tag| Offer::new(tag, "not there yet")).collect()
    }

    /// `1-28-1   1.28.1, 2 of 2 ready, tag canary`, newest first.
    pub(super) fn revisions(&self) -> Vec<Offer> {
        let mut all: Vec<_> = self.revisions.iter().collect();
        let version = |i: &Istiods| Version::parse(i.version.as_deref()?).map(|v| v.semver);
        all.sort_by_cached_key(|(name, istiods)| {
            (std::cmp::Reverse(version(istiods)), (*name).clone())
        });
        let all = all.into_iter();
        all.map(|(name, istiods)| Offer::new(name, self.about_revision(name, istiods)))
            .collect()
    }

    fn about_revision(&self, name: &str, istiods: &Istiods) -> String {
        let mut about = Vec::new();
        about.extend(istiods.version.clone());
        if istiods.wanted > 0 || istiods.ready > 0 {
            about.push(format!("{} of {} ready", istiods.ready, istiods.wanted));
        }
        let pointing = self.tags.iter().filter(|(_, to)| to.contains(name));
        let tags: Vec<&str> = pointing.map(|(tag, _)| tag.as_str()).collect();
        match tags.as_slice() {
            [] => {}
            [one] => about.push(format!("tag {one}")),
            many => about.push(format!("tags {}", many.join(", "))),
        }
        about.join(", ")
    }

    /// Tags first: a namespace on a tag moves with it.
    pub(super) fn tags_and_revisions(&self) -> Vec<Offer> {
        let mut both: Vec<Offer> = self.tags();
        for tag in &mut both {
            tag.about = format!("tag of {}", tag.about);
        }
        for mut revision in self.revisions() {
            // An un-revisioned install and its tag go by one name.
            if !self.tags.contains_key(&revision.value) {
                revision.about = match revision.about.as_str() {
                    "" => "revision".to_owned(),
                    about => format!("revision, {about}"),
                };
                both.push(revision);
            }
        }
        both
    }

    /// Namespaces that were not typed yet.
    pub(super) fn namespaces(&self, typed: &[String]) -> Vec<Offer> {
        let all = self.namespaces.iter().flatten();
        all.filter(|(name, _)| !typed.contains(name))
            .map(|(name, labels)| Offer::new(name, about_namespace(labels)))
            .collect()
    }

    /// Namespaces with an istiod; where that cannot be told, all of them.
    pub(super) fn istio_namespaces(&self) -> Vec<Offer> {
        if self.istio_namespaces.is_empty() {
            return self.namespaces(&[]);
        }
        let all = self.istio_namespaces.iter();
        all.map(|(name, revisions)| {
            let revisions: Vec<&str> = revisions.iter().map(String::as_str).collect();
            Offer::new(name, format!("istiod {}", revisions.join(", ")))
        })
        .collect()
    }

    /// Records that the verb takes, newest first. A tag among the words narrows them.
    pub(super) fn records(&self, typed: &[String]) -> Vec<Offer> {
        let moves = typed.iter().any(|w| w == "move");
        let resume = typed.iter().any(|w| w == "resume");
        let of_tag = |r: &Record| r.tag.as_ref().is_some_and(|t| typed.contains(t));
        let narrow = self.records.iter().any(of_tag);
        let mut fitting: Vec<&Record> = self
            .records
            .iter()
            .filter(|r| {
                if resume {
                    r.state == "started"
                } else if moves {
                    r.action == "move"
                } else {
                    !narrow || of_tag(r)
                }
            })
            .collect();
        fitting.sort_by(|a, b| b.id.cmp(&a.id));
        let about = |r: &Record| match &r.tag {
            Some(tag) => format!("{} {tag}, {}", r.action, r.state),
            None => format!("{}, {}", r.action, r.state),
        };
        let fitting = fitting.into_iter();
        fitting.map(|r| Offer::new(&r.id, about(r))).collect()
    }
}

/// Whether a namespace counts as a tag's: as the column NAMESPACES of `list`.
fn asks_for(labels: &Labels, tag: &str) -> bool {
    let has = |key, value| labels.get(key).is_some_and(|v| v == value);
    has(label::REV, tag) || tag == DEFAULT && has(label::INJECTION, "enabled")
}

fn about_namespace(labels: &Labels) -> String {
    match labels.get(label::INJECTION).map(String::as_str) {
        Some("enabled") => "istio-injection=enabled".to_owned(),
        Some("disabled") => "istio-injection=disabled".to_owned(),
        _ => match labels.get(label::REV) {
            Some(rev) => format!("on {rev}"),
            None if labels
                .get(label::DATAPLANE_MODE)
                .is_some_and(|m| m == "ambient") =>
            {
                "ambient".to_owned()
            }
            None => "no Istio label".to_owned(),
        },
    }
}

#[cfg(test)]
mod tests;
