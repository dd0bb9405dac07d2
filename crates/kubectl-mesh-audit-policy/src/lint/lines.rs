//! Lines of fields in a file. Where they cannot be told there are none: a finding does not hang on it.

use std::{collections::BTreeMap, fmt, fs};

use serde::de::{Deserialize, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_saphyr::Spanned;

/// Lines by path, of every object of a file, in their order: a list's items count, empty documents do not.
pub(crate) fn of_file(file: &str) -> Vec<BTreeMap<String, u64>> {
    fs::read_to_string(file).map_or_else(|_| Vec::new(), |text| of_text(&text))
}

fn of_text(text: &str) -> Vec<BTreeMap<String, u64>> {
    let Ok(documents) = serde_saphyr::from_multiple::<Spanned<Node>>(text) else {
        return Vec::new();
    };
    let mut all = Vec::new();
    for document in &documents {
        objects(&document.value, document.referenced.line(), &mut all);
    }
    all
}

fn objects(node: &Node, line: u64, all: &mut Vec<BTreeMap<String, u64>>) {
    match node {
        Node::Map(fields) => {
            let items = fields.iter().find_map(|(key, value)| match &value.value {
                Node::Seq(items) if key.value == "items" => Some(items),
                _ => None,
            });
            if let Some(items) = items {
                for item in items {
                    objects(&item.value, item.referenced.line(), all);
                }
                return;
            }
            let mut lines = BTreeMap::from([(String::new(), line)]);
            walk(node, "", &mut lines);
            all.push(lines);
        }
        Node::Null => {}
        Node::Scalar | Node::Seq(_) => all.push(BTreeMap::new()),
    }
}

fn walk(node: &Node, path: &str, lines: &mut BTreeMap<String, u64>) {
    match node {
        Node::Map(fields) => {
            for (key, value) in fields {
                let below = match path {
                    "" => key.value.clone(),
                    path => format!("{path}.{}", key.value),
                };
                lines.insert(below.clone(), key.referenced.line());
                walk(&value.value, &below, lines);
            }
        }
        Node::Seq(items) => {
            for (n, item) in items.iter().enumerate() {
                let below = format!("{path}[{n}]");
                lines.insert(below.clone(), item.referenced.line());
                walk(&item.value, &below, lines);
            }
        }
        Node::Scalar | Node::Null => {}
    }
}

/// The shape of a document, and where its parts stand.
enum Node {
    Map(Vec<(Spanned<String>, Spanned<Node>)>),
    Seq(Vec<Spanned<Node>>),
    Scalar,
    Null,
}

impl<'de> Deserialize<'de> for Node {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Shape)
    }
}

struct Shape;

impl<'de> Visitor<'de> for Shape {
    type Value = Node;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("anything")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Node, A::Error> {
        let mut fields = Vec::new();
        while let Some(entry) = map.next_entry()? {
            fields.push(entry);
        }
        Ok(Node::Map(fields))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Node, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = seq.next_element()? {
            items.push(item);
        }
        Ok(Node::Seq(items))
    }

    fn visit_unit<E>(self) -> Result<Node, E> {
        Ok(Node::Null)
    }

    fn visit_none<E>(self) -> Result<Node, E> {
        Ok(Node::Null)
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Node, D::Error> {
        deserializer.deserialize_any(self)
    }

    fn visit_newtype_struct<D: Deserializer<'de>>(self, deserializer: D) -> Result<Node, D::Error> {
        IgnoredAny::deserialize(deserializer).map(|_| Node::Scalar)
    }

    fn visit_bool<E>(self, _: bool) -> Result<Node, E> {
        Ok(Node::Scalar)
    }

    fn visit_i64<E>(self, _: i64) -> Result<Node, E> {
        Ok(Node::Scalar)
    }

    fn visit_u64<E>(self, _: u64) -> Result<Node, E> {
        Ok(Node::Scalar)
    }

    fn visit_f64<E>(self, _: f64) -> Result<Node, E> {
        Ok(Node::Scalar)
    }

    fn visit_str<E>(self, _: &str) -> Result<Node, E> {
        Ok(Node::Scalar)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lint::facts::Subject;

    #[test]
    fn a_field_has_its_line_and_one_that_is_not_there_that_of_what_is_around_it() {
        let text = "---\n# first\nkind: A\nmetadata:\n  name: a\nspec:\n  rules:\n  - to:\n    - operation:\n        hosts:\n        - a.com\n        - b.com\n---\n---\nkind: AList\nitems:\n- kind: A\n  metadata: {name: b}\n- kind: A\n";
        let all = of_text(text);
        assert_eq!(all.len(), 3);
        let subject = Subject {
            lines: all[0].clone(),
            ..Subject::default()
        };
        for (path, want) in [
            ("", Some(3)),
            ("spec.rules[0]", Some(8)),
            ("spec.rules[0].to[0].operation.hosts", Some(10)),
            ("spec.rules[0].to[0].operation.hosts[1]", Some(12)),
            ("spec.rules[0].to[0].operation.paths", Some(9)),
            ("spec.selector.matchLabels", Some(6)),
        ] {
            assert_eq!(subject.line(path), want, "{path}");
        }
        assert_eq!(all[1].get(""), Some(&17));
        assert_eq!(all[2].get(""), Some(&19));
        assert!(of_text("a: [").is_empty());
    }
}
