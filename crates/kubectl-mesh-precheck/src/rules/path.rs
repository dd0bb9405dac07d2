//! Paths into a document: `spec.http.*.route`, with `*` for any key or index and `**` for any depth.

use std::fmt::Write as _;

use serde_json::Value;

/// Objects nest no deeper than this; the API server's own limit is far below.
const DEPTH: usize = 64;

/// One step of a [`Path`].
#[derive(Debug, Clone, PartialEq, Eq)]
enum Segment {
    Key(String),
    Any,
    Deep,
}

/// A path as a rule writes it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Path {
    text: String,
    segments: Vec<Segment>,
}

/// One step down to a value.
#[derive(Debug, Clone, Copy)]
pub(super) enum Step<'v> {
    Key(&'v str),
    Index(usize),
}

impl Path {
    /// A path of dotted keys; a key with dots stands in brackets: `metadata.labels[istio.io/rev]`.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let mut segments = Vec::new();
        let mut rest = text;
        while !rest.is_empty() {
            let (key, after) = match rest.strip_prefix('[') {
                Some(inner) => inner.split_once(']')?,
                None => match rest.find(['.', '[']) {
                    Some(end) => rest.split_at(end),
                    None => (rest, ""),
                },
            };
            if key.is_empty() {
                return None;
            }
            segments.push(match key {
                "*" => Segment::Any,
                "**" => Segment::Deep,
                _ => Segment::Key(key.to_owned()),
            });
            rest = match after.strip_prefix('.') {
                Some("") => return None,
                Some(more) => more,
                None => after,
            };
        }
        Some(Self {
            text: text.to_owned(),
            segments,
        })
    }

    /// A path of one key, taken as it is.
    pub(super) fn key(text: &str) -> Self {
        Self {
            text: text.to_owned(),
            segments: vec![Segment::Key(text.to_owned())],
        }
    }

    /// As the rule wrote it.
    pub(super) fn text(&self) -> &str {
        &self.text
    }

    /// Calls `found` with each value the path leads to, and the steps to it.
    pub(super) fn walk<'v>(
        &self,
        value: &'v Value,
        trail: &mut Vec<Step<'v>>,
        found: &mut dyn FnMut(&[Step<'v>], &'v Value),
    ) {
        step(&self.segments, value, trail, found);
    }
}

fn step<'v>(
    segments: &[Segment],
    value: &'v Value,
    trail: &mut Vec<Step<'v>>,
    found: &mut dyn FnMut(&[Step<'v>], &'v Value),
) {
    let Some((first, rest)) = segments.split_first() else {
        found(trail, value);
        return;
    };
    match first {
        Segment::Key(key) => {
            if let Some((key, inner)) = value.as_object().and_then(|o| o.get_key_value(key)) {
                trail.push(Step::Key(key));
                step(rest, inner, trail, found);
                trail.pop();
            }
        }
        Segment::Any => children(value, trail, &mut |trail, inner| {
            step(rest, inner, trail, found);
        }),
        Segment::Deep => {
            step(rest, value, trail, found);
            if trail.len() < DEPTH {
                children(value, trail, &mut |trail, inner| {
                    step(segments, inner, trail, found);
                });
            }
        }
    }
}

fn children<'v>(
    value: &'v Value,
    trail: &mut Vec<Step<'v>>,
    each: &mut dyn FnMut(&mut Vec<Step<'v>>, &'v Value),
) {
    match value {
        Value::Array(items) => {
            for (index, inner) in items.iter().enumerate() {
                trail.push(Step::Index(index));
                each(trail, inner);
                trail.pop();
            }
        }
        Value::Object(map) => {
            for (key, inner) in map {
                trail.push(Step::Key(key));
                each(trail, inner);
                trail.pop();
            }
        }
        _ => {}
    }
}

/// The steps as a person writes them: `spec.http[0].route`, `metadata.labels["istio.io/rev"]`.
pub(super) fn write(trail: &[Step<'_>]) -> String {
    let mut text = String::new();
    for (at, step) in trail.iter().enumerate() {
        // Writing to a string does not fail.
        let _ = match step {
            Step::Index(index) => write!(text, "[{index}]"),
            Step::Key(key) if at > 0 && key.contains(['.', '/']) => write!(text, "[{key:?}]"),
            Step::Key(key) if at > 0 => write!(text, ".{key}"),
            Step::Key(key) => write!(text, "{key}"),
        };
    }
    text
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn found(path: &str, value: &Value) -> Vec<String> {
        let mut all = Vec::new();
        Path::parse(path)
            .unwrap()
            .walk(value, &mut Vec::new(), &mut |trail, value| {
                all.push(format!("{}={value}", write(trail)));
            });
        all
    }

    #[test]
    fn paths_lead_to_values() {
        let value = json!({
            "spec": {"http": [{"route": [{"host": "a"}, {"host": "b"}]}, {"route": []}]},
            "metadata": {"labels": {"istio.io/rev": "x"}},
        });
        assert_eq!(
            found("spec.http.*.route.*.host", &value),
            [
                r#"spec.http[0].route[0].host="a""#,
                r#"spec.http[0].route[1].host="b""#
            ]
        );
        assert_eq!(
            found("metadata.labels[istio.io/rev]", &value),
            [r#"metadata.labels["istio.io/rev"]="x""#]
        );
        assert_eq!(found("spec.**.host", &value).len(), 2);
        assert_eq!(
            found("metadata.*.*", &value),
            [r#"metadata.labels["istio.io/rev"]="x""#]
        );
        assert!(found("spec.http.route", &value).is_empty());
        assert!(found("spec.tcp.*", &value).is_empty());
        assert_eq!(found("", &json!(1)), ["=1"]);
    }

    #[test]
    fn a_badly_written_path_is_refused() {
        for text in ["a..b", ".a", "a.", "a[b", "[]"] {
            assert_eq!(Path::parse(text), None, "{text}");
        }
    }
}
