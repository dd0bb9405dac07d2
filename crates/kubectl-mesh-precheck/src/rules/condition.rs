//! What a rule asks of a value.

use serde_json::Value;

use super::{
    document::{Context, Place},
    path::{Path, Step},
};

/// What is asked of the values that some paths lead to.
#[derive(Debug, Default, Clone)]
pub(super) struct Condition {
    /// Any of these.
    pub(super) what: Vec<Path>,
    /// Nothing may be there.
    pub(super) absent: bool,
    /// One of these, when not empty.
    pub(super) is: Vec<String>,
    /// None of these.
    pub(super) not: Vec<String>,
    /// Text that begins with one of these, when not empty.
    pub(super) starts: Vec<String>,
    /// Text that contains one of these, when not empty.
    pub(super) contains: Vec<String>,
    /// A list with commas that has one of these items, when not empty.
    pub(super) lists: Vec<String>,
}

impl Condition {
    /// Calls `found` with each value that satisfies the condition.
    ///
    /// One of absence finds nothing to show: `found` gets no value then.
    pub(super) fn each<'v>(
        &self,
        place: Place,
        value: &'v Value,
        trail: &mut Vec<Step<'v>>,
        found: &mut dyn FnMut(&[Step<'v>], Option<&'v Value>),
    ) {
        let mut present = false;
        for path in &self.what {
            path.walk(value, trail, &mut |trail, value| {
                if empty(place, value) {
                    return;
                }
                present = true;
                if !self.absent && self.accepts(value) {
                    found(trail, Some(value));
                }
            });
        }
        if self.absent && !present {
            found(trail, None);
        }
    }

    /// Whether any value satisfies the condition.
    pub(super) fn holds(&self, place: Place, value: &Value) -> bool {
        let mut holds = false;
        self.each(place, value, &mut Vec::new(), &mut |_, _| holds = true);
        holds
    }

    fn accepts(&self, value: &Value) -> bool {
        let plain = self.wanted().all(Vec::is_empty) && self.not.is_empty();
        if plain {
            return true;
        }
        let Some(text) = scalar(value) else {
            // A list or a map is no word: it is none of the forbidden ones.
            return self.wanted().all(Vec::is_empty);
        };
        let any = |of: &[String], test: &dyn Fn(&str) -> bool| {
            of.is_empty() || of.iter().any(|wanted| test(wanted))
        };
        any(&self.is, &|wanted| same(wanted, &text))
            && !self.not.iter().any(|wanted| same(wanted, &text))
            && any(&self.starts, &|wanted| text.starts_with(wanted))
            && any(&self.contains, &|wanted| text.contains(wanted))
            && any(&self.lists, &|wanted| {
                text.split(',').any(|item| item.trim() == wanted)
            })
    }

    /// The tests of which each wants one of its words.
    fn wanted(&self) -> impl Iterator<Item = &Vec<String>> {
        [&self.is, &self.starts, &self.contains, &self.lists].into_iter()
    }
}

/// A condition on the whole mesh.
#[derive(Debug, Clone)]
pub(super) struct MeshWide {
    /// [`Place::Env`] or [`Place::MeshConfig`].
    pub(super) place: Place,
    pub(super) condition: Condition,
}

impl MeshWide {
    /// Whether it holds for some istiod.
    pub(super) fn some(&self, context: &Context) -> bool {
        self.count(context).0 > 0
    }

    /// Whether it holds for every istiod. One must be known.
    pub(super) fn every(&self, context: &Context) -> bool {
        let (holding, of) = self.count(context);
        of > 0 && holding == of
    }

    fn count(&self, context: &Context) -> (usize, usize) {
        if self.place == Place::Env {
            let holding = context.env.iter().filter(|env| {
                // One variable is asked for, so only that one is carried over.
                let value = self.condition.what.iter().filter_map(|path| {
                    let name = path.text();
                    let value = env.get(name)?;
                    Some((name.to_owned(), Value::from(value.as_str())))
                });
                self.condition
                    .holds(Place::Env, &Value::Object(value.collect()))
            });
            (holding.count(), context.env.len())
        } else {
            let holding = context
                .mesh
                .iter()
                .filter(|mesh| self.condition.holds(self.place, mesh));
            (holding.count(), context.mesh.len())
        }
    }
}

/// Values that say nothing: proto3 and Helm do not tell them from a field left out.
fn empty(place: Place, value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::Array(items) => items.is_empty(),
        Value::Object(map) => map.is_empty(),
        Value::String(text) => text.is_empty() && !place.keeps_empty(),
        Value::Bool(_) | Value::Number(_) => false,
    }
}

/// A value of one word, as text.
fn scalar(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Bool(_) | Value::Number(_) => Some(value.to_string()),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    }
}

/// Whether text is the wanted word. Booleans are read as Go's `strconv.ParseBool` does, which is
/// what istiod reads its environment and annotations with.
fn same(wanted: &str, text: &str) -> bool {
    match wanted {
        "true" => matches!(text, "1" | "t" | "T" | "TRUE" | "true" | "True"),
        "false" => matches!(text, "0" | "f" | "F" | "FALSE" | "false" | "False"),
        _ => wanted == text,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn words(of: &[&str]) -> Vec<String> {
        of.iter().map(ToString::to_string).collect()
    }

    fn on(path: &str) -> Condition {
        Condition {
            what: vec![Path::parse(path).unwrap()],
            ..Condition::default()
        }
    }

    #[test]
    fn conditions_on_values() {
        let is = |w: &[&str]| Condition {
            is: words(w),
            ..on("a")
        };
        let not = |w: &[&str]| Condition {
            not: words(w),
            ..on("a")
        };
        let absent = || Condition {
            absent: true,
            ..on("a")
        };
        let starts = |w: &[&str]| Condition {
            starts: words(w),
            ..on("a")
        };
        let lists = |w: &[&str]| Condition {
            lists: words(w),
            ..on("a")
        };
        let contains = |w: &[&str]| Condition {
            contains: words(w),
            ..on("a")
        };
        let cases = [
            (on("a"), json!({"a": 1}), true),
            (on("a"), json!({"a": false}), true),
            (on("a"), json!({"a": null}), false),
            (on("a"), json!({"a": []}), false),
            (on("a"), json!({"a": ""}), false),
            (on("a"), json!({"b": 1}), false),
            (on("a"), json!([1]), false),
            (absent(), json!({"b": 1}), true),
            (absent(), json!({"a": {}}), true),
            (absent(), json!({"a": 0}), false),
            (is(&["false"]), json!({"a": false}), true),
            (is(&["false"]), json!({"a": "0"}), true),
            (is(&["false"]), json!({"a": "no"}), false),
            (is(&["x", "7"]), json!({"a": 7}), true),
            (is(&["x"]), json!({"a": ["x"]}), false),
            (not(&["x"]), json!({"a": "y"}), true),
            (not(&["x"]), json!({"a": "x"}), false),
            (not(&["x"]), json!({"a": ["x"]}), true),
            (not(&["x"]), json!({}), false),
            (not(&["true"]), json!({"a": "TRUE"}), false),
            (starts(&["*."]), json!({"a": "*.example.com"}), true),
            (starts(&["*."]), json!({"a": "example.com"}), false),
            (lists(&["53"]), json!({"a": "80, 53"}), true),
            (lists(&["53"]), json!({"a": "5353,530"}), false),
            (lists(&["53"]), json!({"a": 53}), true),
            (contains(&["b", "z"]), json!({"a": "abc"}), true),
            (contains(&["b"]), json!({"a": {"b": 1}}), false),
        ];
        for (condition, value, want) in cases {
            assert_eq!(
                condition.holds(Place::Values, &value),
                want,
                "{condition:?} {value}"
            );
        }
        assert!(on("a").holds(Place::Annotation, &json!({"a": ""})));
    }

    #[test]
    fn conditions_on_the_mesh() {
        let env = |value: &str| [("A".to_owned(), value.to_owned())].into();
        let off = MeshWide {
            place: Place::Env,
            condition: Condition {
                what: vec![Path::key("A")],
                is: words(&["false"]),
                ..Condition::default()
            },
        };
        let unset = MeshWide {
            place: Place::Env,
            condition: Condition {
                what: vec![Path::key("A")],
                absent: true,
                ..Condition::default()
            },
        };
        let none = Context::default();
        assert!(!off.some(&none) && !off.every(&none));
        let mixed = Context {
            env: vec![env("false"), [].into()],
            mesh: vec![],
        };
        assert!(off.some(&mixed) && !off.every(&mixed));
        assert!(unset.some(&mixed) && !unset.every(&mixed));
        let all = Context {
            env: vec![env("false"), env("0")],
            mesh: vec![],
        };
        assert!(off.every(&all) && !unset.some(&all));
    }
}
