//! Where two states of one object differ, field by field.

mod keys;
#[cfg(test)]
mod tests;

use std::{collections::BTreeSet, fmt};

use mesh_common::output::clean;
use serde_json::Value;

pub(super) use keys::Key;
use keys::keyed;

/// One step into an object.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Step {
    /// A field of a map.
    Field(String),
    /// The item of a list that has this key.
    Item(Key),
    /// The item of a list at this place.
    Index(usize),
}

/// Where in an object: `spec.replicas`, `metadata.labels["istio.io/rev"]`, `webhooks[name=x].failurePolicy`, `http[0]`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Path(Vec<Step>);

impl Path {
    fn join(&self, step: Step) -> Self {
        let mut steps = self.0.clone();
        steps.push(step);
        Self(steps)
    }
}

impl fmt::Display for Path {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, step) in self.0.iter().enumerate() {
            match step {
                Step::Field(name) if is_plain(name) => {
                    let dot = if at == 0 { "" } else { "." };
                    write!(f, "{dot}{name}")?;
                }
                Step::Field(name) => write!(f, "[\"{}\"]", clean(name, 200))?,
                Step::Item(key) => write!(f, "[{key}]")?,
                Step::Index(index) => write!(f, "[{index}]")?,
            }
        }
        Ok(())
    }
}

fn is_plain(name: &str) -> bool {
    !name.is_empty()
        && name
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b == b'_' || b == b'-')
}

/// One difference. The places of list items are those of the list that has them: of the old one for what changed in it or
/// went, of the new one for what came.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Change {
    pub(crate) path: Path,
    pub(crate) what: What,
}

/// What became of a field.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum What {
    /// It came.
    Added(Value),
    /// It went.
    Removed(Value),
    /// It has another value.
    Changed(Value, Value),
    /// The items of a list are the same, in another order: their keys, before and after.
    Moved(Vec<Key>, Vec<Key>),
}

/// Every difference of two states of an object.
pub(crate) fn differences(was: &Value, is: &Value) -> Vec<Change> {
    let mut changes = Vec::new();
    walk(&Path::default(), "", was, is, &mut changes);
    changes
}

/// `field` is the name of the field that holds the two: by it a list is known to have keys.
fn walk(path: &Path, field: &str, was: &Value, is: &Value, into: &mut Vec<Change>) {
    match (was, is) {
        _ if was == is => {}
        (Value::Object(old), Value::Object(new)) => {
            let names: BTreeSet<&String> = old.keys().chain(new.keys()).collect();
            for name in names {
                let at = path.join(Step::Field(name.clone()));
                match (old.get(name), new.get(name)) {
                    (Some(was), Some(is)) => walk(&at, name, was, is, into),
                    (was, is) => one_sided(at, was, is, into),
                }
            }
        }
        (Value::Array(old), Value::Array(new)) => match keyed(field, old, new) {
            Some((old_keys, new_keys)) => {
                by_key(path, (old, &old_keys), (new, &new_keys), into);
            }
            None => by_place(path, old, new, into),
        },
        _ => into.push(Change {
            path: path.clone(),
            what: What::Changed(was.clone(), is.clone()),
        }),
    }
}

fn one_sided(path: Path, was: Option<&Value>, is: Option<&Value>, into: &mut Vec<Change>) {
    let what = match (was, is) {
        (Some(was), _) => What::Removed(was.clone()),
        (None, Some(is)) => What::Added(is.clone()),
        (None, None) => return,
    };
    into.push(Change { path, what });
}

type Items<'a> = (&'a [Value], &'a [Key]);

fn by_key(path: &Path, old: Items<'_>, new: Items<'_>, into: &mut Vec<Change>) {
    let find = |(items, keys): Items<'_>, key: &Key| {
        keys.iter()
            .position(|k| k == key)
            .and_then(|at| items.get(at).cloned())
    };
    for (was, key) in old.0.iter().zip(old.1) {
        let at = path.join(Step::Item(key.clone()));
        match find(new, key) {
            Some(is) => walk(&at, "", was, &is, into),
            None => one_sided(at, Some(was), None, into),
        }
    }
    for (is, key) in new.0.iter().zip(new.1) {
        if !old.1.contains(key) {
            one_sided(path.join(Step::Item(key.clone())), None, Some(is), into);
        }
    }
    // Without what went, and with what came at its end, the old list should be the new one.
    let expected: Vec<&Key> = old
        .1
        .iter()
        .filter(|k| new.1.contains(k))
        .chain(new.1.iter().filter(|k| !old.1.contains(k)))
        .collect();
    if !expected.iter().copied().eq(new.1) {
        into.push(Change {
            path: path.clone(),
            what: What::Moved(expected.into_iter().cloned().collect(), new.1.to_vec()),
        });
    }
}

/// Items that are the same at both ends of two lists are set aside, the rest are compared one by one; what is left over
/// came or went.
fn by_place(path: &Path, old: &[Value], new: &[Value], into: &mut Vec<Change>) {
    let same = |(a, b): &(&Value, &Value)| a == b;
    let start = old.iter().zip(new).take_while(same).count();
    let (old_rest, new_rest) = (&old[start..], &new[start..]);
    let end = old_rest
        .iter()
        .rev()
        .zip(new_rest.iter().rev())
        .take_while(same)
        .count();
    let old_rest = &old_rest[..old_rest.len() - end];
    let new_rest = &new_rest[..new_rest.len() - end];
    let at = |place| path.join(Step::Index(start + place));
    for place in 0..old_rest.len().max(new_rest.len()) {
        match (old_rest.get(place), new_rest.get(place)) {
            (Some(was), Some(is)) => walk(&at(place), "", was, is, into),
            (was, is) => one_sided(at(place), was, is, into),
        }
    }
}
