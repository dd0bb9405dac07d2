//! What a plan says of Secrets before anybody confirms it.

use mesh_common::output::count;

use crate::restore::{
    judge::Verdict,
    key::Key,
    local::secrets::is_secret,
    plan::{Entries, Entry},
};

/// Names that are spelled out.
const NAMED: usize = 10;

/// What is planned of Secrets.
#[derive(Debug, Default)]
pub(crate) struct Secrets<'a> {
    /// In the archive.
    pub(crate) archived: usize,
    /// `--include-secrets`.
    pub(crate) asked: bool,
    /// Nobody is named to whom their values may be encrypted.
    pub(crate) withheld: bool,
    made: Vec<&'a Key>,
    changed: Vec<&'a Key>,
}

impl<'a> Secrets<'a> {
    pub(crate) fn of(plan: &'a Entries, archived: usize, asked: bool, withheld: bool) -> Self {
        let of = |wanted: fn(&Entry) -> bool| -> Vec<&'a Key> {
            let found = plan.writes().filter(|e| is_secret(&e.key) && wanted(e));
            found.map(|e| &e.key).collect()
        };
        Self {
            archived,
            asked,
            withheld,
            made: of(|e| e.verdict == Verdict::Create),
            changed: of(|e| e.verdict != Verdict::Create),
        }
    }

    /// What must be known.
    pub(crate) fn note(&self) -> Option<String> {
        match (self.archived, self.asked) {
            (0, _) => Some(
                "the archive has no Secrets: the CA, gateway credentials and remote secrets are not brought back"
                    .into(),
            ),
            (n, false) => Some(format!(
                "{} in the archive stay there: the CA, gateway credentials and remote secrets come back only with \
                 --include-secrets",
                count(n, "Secret")
            )),
            (_, true) => None,
        }
    }

    /// Secrets that no way back brings to what they were.
    pub(crate) fn lasting(&self) -> &[&'a Key] {
        if self.withheld { &self.changed } else { &[] }
    }

    /// What the way back does not do.
    pub(crate) fn way_back(&self) -> Vec<String> {
        let mut lines = Vec::new();
        if !self.withheld {
            return lines;
        }
        if !self.changed.is_empty() {
            lines.push(format!(
                "CANNOT BE UNDONE: {}. What is in them now is kept nowhere: values of Secrets go into no file that is \
                 not encrypted. --encrypt-to age1... keeps them.",
                names(&self.changed)
            ));
        }
        if !self.made.is_empty() {
            lines.push(format!(
                "It deletes {} only while they are as this wrote them.",
                names(&self.made)
            ));
        }
        lines
    }
}

fn names(keys: &[&Key]) -> String {
    let mut text = keys
        .iter()
        .take(NAMED)
        .map(ToString::to_string)
        .collect::<Vec<_>>()
        .join(", ");
    if keys.len() > NAMED {
        text.push_str(" and ");
        text.push_str(&count(keys.len() - NAMED, "more Secret"));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::restore::place::Phase;

    #[test]
    fn what_cannot_be_undone_is_named() {
        let entry = |name: &str, verdict| Entry {
            key: Key::new("", "Secret", Some("edge"), name),
            phase: Phase::Config,
            verdict,
            notes: Vec::new(),
            digest: [0; 32],
        };
        let change = Verdict::Change {
            fields: vec!["data[\"tls.key\"]".into()],
        };
        let plan = Entries {
            objects: vec![entry("a", Verdict::Create), entry("b", change)],
            ..Entries::default()
        };
        let without = Secrets::of(&plan, 2, true, true);
        let lines = without.way_back().join("\n");
        assert!(
            lines.contains("CANNOT BE UNDONE: secret/b -n edge."),
            "{lines}"
        );
        assert!(lines.contains("deletes secret/a -n edge only"), "{lines}");
        assert_eq!(without.lasting().len(), 1);
        assert_eq!(without.note(), None);
        let with = Secrets::of(&plan, 2, true, false);
        assert!(with.way_back().is_empty() && with.lasting().is_empty());
        let nothing = Entries::default();
        let left = Secrets::of(&nothing, 2, false, true);
        assert!(left.note().unwrap().contains("--include-secrets"));
    }
}
