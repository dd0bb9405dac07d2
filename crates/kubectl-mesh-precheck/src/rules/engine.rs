//! The rules of an upgrade, and what they find.

use std::collections::{BTreeSet, HashMap};

use serde_json::Value;

use super::{
    Minor,
    document::{Context, Document, Place},
    file::{self, Rule, RulesError},
    files::FILES,
    path::{self, Step},
    shown::shown,
};

/// The rules that matter to an upgrade, ready to be asked about many documents.
#[derive(Debug)]
pub struct Rules {
    list: Vec<Rule>,
    /// Rules on one kind, by place and kind.
    by_kind: HashMap<Place, HashMap<String, Vec<usize>>>,
    /// Rules on any kind, by place.
    any_kind: HashMap<Place, Vec<usize>>,
}

/// Something of the mesh that a rule speaks of.
#[derive(Debug, Clone)]
pub struct Hit<'r> {
    /// The rule.
    pub rule: &'r Rule,
    /// The object, as the document named it.
    pub object: String,
    /// The field: `spec.http[0].route[1].destination.host`, a variable's or an annotation's name.
    pub field: String,
    /// What the field holds, as far as it may be shown; `(unset)` when that is the matter.
    pub value: String,
}

impl Hit<'_> {
    /// What to do, about this object.
    pub fn hint(&self) -> String {
        self.rule.todo.replace("{object}", &self.object)
    }
}

impl Rules {
    /// The rules of an upgrade, oldest release first: those of releases after `from`, the oldest
    /// istiod that runs, up to `to`. Rules of `rules/always.yaml` come first, whatever the upgrade.
    ///
    /// # Errors
    /// When a rule file of these releases is malformed, which the tests of this crate exclude for
    /// those it ships.
    pub fn between(from: Minor, to: Minor) -> Result<Self, RulesError> {
        Self::of(from, to, FILES)
    }

    /// All rules.
    ///
    /// # Errors
    /// As [`Self::between`].
    pub fn all() -> Result<Self, RulesError> {
        Self::between((0, 0), (1, u64::MAX))
    }

    pub(super) fn of(from: Minor, to: Minor, files: &[(u64, &str)]) -> Result<Self, RulesError> {
        let mut list = Vec::new();
        for &(minor, text) in files {
            // Files outside the window are not even parsed.
            if minor == file::ALWAYS || (from < (1, minor) && (1, minor) <= to) {
                list.extend(file::parse(minor, text)?);
            }
        }
        let mut by_kind: HashMap<Place, HashMap<String, Vec<usize>>> = HashMap::new();
        let mut any_kind: HashMap<Place, Vec<usize>> = HashMap::new();
        for (at, rule) in list.iter().enumerate() {
            if rule.kinds.is_empty() {
                any_kind.entry(rule.place).or_default().push(at);
            }
            for kind in &rule.kinds {
                let kinds = by_kind.entry(rule.place).or_default();
                kinds.entry(kind.clone()).or_default().push(at);
            }
        }
        Ok(Self {
            list,
            by_kind,
            any_kind,
        })
    }

    /// Each rule, oldest release first.
    pub fn iter(&self) -> impl Iterator<Item = &Rule> {
        self.list.iter()
    }

    /// Kinds of which a rule wants documents of a place, so that nothing is read in vain. Rules on
    /// any kind are not counted.
    pub fn kinds(&self, place: Place) -> impl Iterator<Item = &str> {
        let kinds = self.by_kind.get(&place).into_iter();
        kinds.flat_map(|kinds| kinds.keys().map(String::as_str))
    }

    /// What the rules find in a document.
    pub fn check<'r>(
        &'r self,
        document: &Document<'_>,
        context: &Context,
    ) -> impl Iterator<Item = Hit<'r>> {
        self.find(document).filter(|hit| hit.rule.matters(context))
    }

    /// What the rules find in a document, whatever the mesh is set to: for what streams by before that is known.
    pub fn find<'r>(&'r self, document: &Document<'_>) -> impl Iterator<Item = Hit<'r>> {
        let any = self.any_kind.get(&document.place);
        let kinds = self.by_kind.get(&document.place);
        let of_kind = kinds.and_then(|kinds| kinds.get(document.kind));
        let mut hits = Vec::new();
        for &at in any.into_iter().chain(of_kind).flatten() {
            look(&self.list[at], document, &mut hits);
        }
        hits.into_iter()
    }
}

impl Rule {
    /// Whether it matters to a mesh that is set so.
    pub fn matters(&self, context: &Context) -> bool {
        self.with.iter().all(|condition| condition.some(context))
            && !self.unless.iter().any(|condition| condition.every(context))
    }
}

fn look<'r>(rule: &'r Rule, document: &Document<'_>, hits: &mut Vec<Hit<'r>>) {
    let mut spots = Vec::new();
    let mut trail = Vec::new();
    match &rule.at {
        None => find(rule, document, document.value, &mut trail, &mut spots),
        Some(at) => {
            at.walk(document.value, &mut trail, &mut |to, value| {
                find(rule, document, value, &mut to.to_vec(), &mut spots);
            });
        }
    }
    // Two spellings of a path may lead to one field.
    let mut seen = BTreeSet::new();
    spots.retain(|(field, _)| seen.insert(field.clone()));
    hits.extend(spots.into_iter().map(|(field, value)| Hit {
        rule,
        object: document.object.to_owned(),
        field,
        value,
    }));
}

/// Adds the spots, each a field and what is shown of it, that a rule finds under a value.
fn find<'v>(
    rule: &Rule,
    document: &Document<'_>,
    value: &'v Value,
    trail: &mut Vec<Step<'v>>,
    spots: &mut Vec<(String, String)>,
) {
    let place = document.place;
    if !rule.all.iter().all(|c| c.holds(place, value))
        || rule.none.iter().any(|c| c.holds(place, value))
    {
        return;
    }
    rule.main.each(place, value, trail, &mut |steps, value| {
        let mut field = path::write(steps);
        if value.is_none() {
            // What is not there is named by the path that was looked for.
            let wanted = rule.main.what.first().map_or("", path::Path::text);
            if !field.is_empty() && !wanted.is_empty() {
                field.push('.');
            }
            field.push_str(wanted);
        }
        let value = shown(place, &field, value);
        spots.push((field, value));
    });
}
