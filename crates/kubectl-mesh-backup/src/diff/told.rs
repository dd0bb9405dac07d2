//! What is told of an object that differs: bounded, however large it is.

use mesh_common::output::clean;
use serde::Serialize;
use serde_json::Value;
use similar::{ChangeTag, TextDiff};

use super::{
    compare::Pair,
    fields::{self, Change, What},
};
use crate::object::Id;

/// Longest value that is kept whole, as JSON.
const VALUE: usize = 16 * 1024;
/// Bytes that are kept of all objects together; of the rest only that they differ.
const TOGETHER: usize = 64 << 20;

/// What became of an object.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) enum State {
    Changed,
    Added,
    Removed,
}

/// An object that differs.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Entry {
    #[serde(flatten)]
    pub(super) id: Id,
    pub(super) state: State,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) changes: Vec<Told>,
    /// There is more than is told.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub(super) cut: bool,
}

/// A field that differs.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Told {
    pub(super) path: String,
    pub(super) change: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) was: Option<Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) is: Option<Value>,
    /// Of texts of several lines: those that differ.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) lines: Vec<Line>,
    /// A value is longer than what is told of it.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub(super) cut: bool,
}

/// Lines of a text that differ.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(super) struct Line {
    /// Number of the line in the text that has it, from 1.
    #[serde(rename = "line")]
    pub(super) number: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) was: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) is: Option<String>,
}

/// Everything that is told.
#[derive(Debug, Default)]
pub(super) struct Teller {
    entries: Vec<Entry>,
    bytes: usize,
}

impl Teller {
    pub(super) fn add(&mut self, pair: &Pair) {
        let (state, changes) = match (&pair.was, &pair.is) {
            (Some(was), Some(is)) => (State::Changed, fields::differences(was, is)),
            (None, _) => (State::Added, Vec::new()),
            (_, None) => (State::Removed, Vec::new()),
        };
        let mut entry = Entry {
            id: pair.id.clone(),
            state,
            changes: Vec::new(),
            cut: false,
        };
        for change in &changes {
            if self.bytes > TOGETHER {
                entry.cut = true;
                break;
            }
            let told = Told::of(change);
            self.bytes += told.size();
            entry.changes.push(told);
        }
        self.entries.push(entry);
    }

    /// All of it, in an order of its own.
    pub(super) fn done(mut self) -> Vec<Entry> {
        self.entries.sort_by(|a, b| a.id.cmp(&b.id));
        self.entries
    }
}

impl Told {
    fn of(change: &Change) -> Self {
        let path = change.path.to_string();
        let mut told = Self {
            path: if path.is_empty() {
                "the object".into()
            } else {
                path
            },
            change: "changed",
            was: None,
            is: None,
            lines: Vec::new(),
            cut: false,
        };
        match &change.what {
            What::Added(is) => {
                told.change = "added";
                told.is = Some(told.bounded(is));
            }
            What::Removed(was) => {
                told.change = "removed";
                told.was = Some(told.bounded(was));
            }
            What::Changed(Value::String(was), Value::String(is)) if is_text(was, is) => {
                told.lines = lines(was, is);
                let most = told.lines.len().min(MOST_LINES);
                told.cut = told.lines.len() > most;
                told.lines.truncate(most);
            }
            What::Changed(was, is) => {
                told.was = Some(told.bounded(was));
                told.is = Some(told.bounded(is));
            }
            What::Moved(was, is) => {
                let keys = |keys: &[fields::Key]| {
                    keys.iter()
                        .map(|k| Value::from(k.to_string()))
                        .collect::<Value>()
                };
                told.change = "moved";
                told.was = Some(told.bounded(&keys(was)));
                told.is = Some(told.bounded(&keys(is)));
            }
        }
        told
    }

    fn bounded(&mut self, value: &Value) -> Value {
        let json = value.to_string();
        if json.len() <= VALUE {
            return value.clone();
        }
        self.cut = true;
        let text = value.as_str().unwrap_or(&json);
        format!("{}… ({} bytes)", clean(text, 200), text.len()).into()
    }

    fn size(&self) -> usize {
        let of = |value: &Option<Value>| value.as_ref().map_or(0, |v| v.to_string().len());
        let lines = self.lines.iter().map(|l| {
            l.was.as_ref().map_or(0, String::len) + l.is.as_ref().map_or(0, String::len) + 40
        });
        self.path.len() + of(&self.was) + of(&self.is) + lines.sum::<usize>() + 100
    }
}

/// Lines of one text that are told.
const MOST_LINES: usize = 200;
/// Longest line that is told.
const LINE: usize = 400;
/// Bytes of a text that are compared line by line; of what is longer the first are.
const TEXT: usize = 1 << 20;

fn is_text(was: &str, is: &str) -> bool {
    was.contains('\n') || is.contains('\n')
}

/// The lines that differ, one beside the other where one came in place of the other.
fn lines(was: &str, is: &str) -> Vec<Line> {
    let diff = TextDiff::from_lines(head(was), head(is));
    let mut lines: Vec<Line> = Vec::new();
    // Removed lines that no added one stands beside yet.
    let mut open = 0;
    for change in diff.iter_all_changes() {
        let text = || Some(clean(change.value(), LINE));
        let number = |index: Option<usize>| index.unwrap_or_default() + 1;
        match change.tag() {
            ChangeTag::Equal => open = 0,
            ChangeTag::Delete => {
                lines.push(Line {
                    number: number(change.old_index()),
                    was: text(),
                    is: None,
                });
                open += 1;
            }
            ChangeTag::Insert => {
                let beside = lines.len().checked_sub(open).filter(|_| open > 0);
                match beside.and_then(|at| lines.get_mut(at)) {
                    Some(line) => {
                        line.is = text();
                        open -= 1;
                    }
                    None => lines.push(Line {
                        number: number(change.new_index()),
                        was: None,
                        is: text(),
                    }),
                }
            }
        }
    }
    lines
}

fn head(text: &str) -> &str {
    let mut end = text.len().min(TEXT);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    &text[..end]
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn told(was: &Value, is: &Value) -> Vec<Told> {
        fields::differences(was, is).iter().map(Told::of).collect()
    }

    #[test]
    fn texts_are_told_line_by_line() {
        let was = json!({ "data": { "mesh": "a: 1\nb: 2\nc: 3\nd: 4\n" } });
        let is = json!({ "data": { "mesh": "a: 1\nb: 5\nb2: 6\nc: 3\n" } });
        let told = told(&was, &is);
        assert_eq!(told.len(), 1);
        assert_eq!(told[0].path, "data.mesh");
        let lines: Vec<_> = told[0]
            .lines
            .iter()
            .map(|l| (l.number, l.was.as_deref(), l.is.as_deref()))
            .collect();
        assert_eq!(
            lines,
            [
                (2, Some("b: 2"), Some("b: 5")),
                (3, None, Some("b2: 6")),
                (4, Some("d: 4"), None),
            ]
        );
    }

    #[test]
    fn what_is_told_is_bounded() {
        let long = "x".repeat(1 << 20);
        let text = "line\n".repeat(1 << 18);
        let was = json!({ "a": "", "t": "\n" });
        let is = json!({ "a": long, "t": text, "new": { "deep": long } });
        for one in told(&was, &is) {
            assert!(one.size() < MOST_LINES * (LINE + 40) + 1000, "{}", one.path);
            assert!(one.cut, "{}", one.path);
        }
        let mut teller = Teller::default();
        let id = Id {
            what: "pods".into(),
            namespace: None,
            name: "a".into(),
            kind: "Pod".into(),
        };
        let many: Value = (0..20_000)
            .map(|n| (n.to_string(), Value::from("y".repeat(VALUE - 10))))
            .collect::<serde_json::Map<_, _>>()
            .into();
        teller.add(&Pair {
            id,
            path: String::new(),
            was: Some(json!({})),
            is: Some(many),
        });
        let entries = teller.done();
        assert!(entries[0].cut && entries[0].changes.len() < 5000);
    }
}
