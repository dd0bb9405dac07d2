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
mod tests {
    use super::*;

    fn labels(pairs: &[(&str, &str)]) -> Labels {
        let own = |(k, v): &(&str, &str)| ((*k).to_owned(), (*v).to_owned());
        pairs.iter().map(own).collect()
    }

    fn lines(offers: &[Offer]) -> Vec<String> {
        let line = |o: &Offer| format!("{} | {}", o.value, o.about);
        offers.iter().map(line).collect()
    }

    fn mesh() -> Seen {
        let mut seen = Seen::default();
        seen.add_wiring("1-26-1", None);
        seen.add_wiring("1-26-1", Some("stable"));
        seen.add_wiring("1-28-1", Some("canary"));
        seen.add_wiring("1-9-0", None);
        seen.add_istiod("istio-system", "1-26-1", Some("1.26.1"), 2, 2);
        seen.add_istiod("istio-system", "1-28-1", Some("1.28.1-distroless"), 1, 2);
        seen.add_istiod("mesh-b", "1-9-0", Some("1.9.0"), 0, 0);
        seen.add_namespace("shop", &labels(&[("istio.io/rev", "stable")]));
        seen.add_namespace("pay", &labels(&[("istio.io/rev", "stable")]));
        let both = [("istio.io/rev", "stable"), ("istio-injection", "enabled")];
        seen.add_namespace("old", &labels(&both));
        seen.add_namespace("out", &labels(&[("istio-injection", "disabled")]));
        seen.add_namespace("fog", &labels(&[("istio.io/dataplane-mode", "ambient")]));
        seen.add_namespace("new", &labels(&[]));
        seen
    }

    #[test]
    fn tags_say_where_they_point_and_how_many_follow() {
        assert_eq!(
            lines(&mesh().tags()),
            [
                "canary | 1-28-1 (0 namespaces)",
                "stable | 1-26-1 (3 namespaces)"
            ]
        );
        let mut uncounted = mesh();
        uncounted.namespaces = None;
        assert_eq!(lines(&uncounted.tags())[1], "stable | 1-26-1");
        uncounted.add_wiring("1-28-1", Some("stable"));
        assert_eq!(lines(&uncounted.tags())[1], "stable | 1-26-1 and 1-28-1");
    }

    #[test]
    fn revisions_come_newest_first_by_version_and_not_by_name() {
        assert_eq!(
            lines(&mesh().revisions()),
            [
                "1-28-1 | 1.28.1-distroless, 1 of 2 ready, tag canary",
                "1-26-1 | 1.26.1, 2 of 2 ready, tag stable",
                "1-9-0 | 1.9.0",
            ]
        );
    }

    #[test]
    fn a_namespace_can_be_put_on_either() {
        let both = lines(&mesh().tags_and_revisions());
        assert_eq!(both[0], "canary | tag of 1-28-1 (0 namespaces)");
        assert_eq!(
            both[2],
            "1-28-1 | revision, 1.28.1-distroless, 1 of 2 ready, tag canary"
        );
        let mut plain = Seen::default();
        plain.add_wiring("default", None);
        plain.add_wiring("1-28-1", Some("default"));
        assert_eq!(
            lines(&plain.tags_and_revisions()),
            ["default | tag of 1-28-1"]
        );
    }

    #[test]
    fn namespaces_say_what_they_are_on_and_are_offered_once() {
        let typed = ["move".to_owned(), "pay".to_owned()];
        assert_eq!(
            lines(&mesh().namespaces(&typed)),
            [
                "fog | ambient",
                "new | no Istio label",
                "old | istio-injection=enabled",
                "out | istio-injection=disabled",
                "shop | on stable",
            ]
        );
    }

    #[test]
    fn istio_namespaces_are_those_with_an_istiod() {
        assert_eq!(
            lines(&mesh().istio_namespaces()),
            [
                "istio-system | istiod 1-26-1, 1-28-1",
                "mesh-b | istiod 1-9-0"
            ]
        );
        let mut blind = mesh();
        blind.istio_namespaces.clear();
        assert_eq!(blind.istio_namespaces().len(), 6);
    }

    #[test]
    fn usual_tags_are_offered_while_they_are_free() {
        assert_eq!(lines(&mesh().new_tags()), Vec::<String>::new());
        assert_eq!(
            lines(&Seen::default().new_tags()),
            ["canary | not there yet", "stable | not there yet"]
        );
    }

    fn recorded() -> Seen {
        let mut seen = mesh();
        for (id, action, tag, state) in [
            (
                "20261101-1-promote-stable-0001",
                "promote",
                Some("stable"),
                "done",
            ),
            ("20261102-1-move-shop-0002", "move", None, "done"),
            (
                "20261103-1-remove-blue-0003",
                "remove",
                Some("blue"),
                "done",
            ),
            (
                "20261104-1-promote-stable-0004",
                "promote",
                Some("stable"),
                "started",
            ),
        ] {
            seen.add_record(Record {
                id: id.to_owned(),
                action: action.to_owned(),
                tag: tag.map(str::to_owned),
                state: state.to_owned(),
            });
        }
        seen
    }

    #[test]
    fn records_are_those_that_the_verb_takes_newest_first() {
        let of = |line: &str| {
            let words: Vec<String> = line.split(' ').map(str::to_owned).collect();
            lines(&recorded().records(&words))
        };
        assert_eq!(
            of("rollback stable --to-record"),
            [
                "20261104-1-promote-stable-0004 | promote stable, started",
                "20261101-1-promote-stable-0001 | promote stable, done",
            ]
        );
        assert_eq!(
            of("move --undo --to-record"),
            ["20261102-1-move-shop-0002 | move, done"]
        );
        assert_eq!(
            of("resume --record"),
            ["20261104-1-promote-stable-0004 | promote stable, started"]
        );
        assert_eq!(of("rollback nosuch --to-record").len(), 4);
    }

    #[test]
    fn a_tag_that_is_gone_can_be_brought_back() {
        let tags = lines(&recorded().tags_ever());
        assert_eq!(tags[2], "blue | not there now; last: remove, done");
        assert_eq!(tags.len(), 3);
    }
}
