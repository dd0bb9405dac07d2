//! Documents for machines: JSON and YAML, which say the same.

use std::fmt::Write as _;

use serde::Serialize;
use serde::ser::{Error as _, Serializer};
use serde_json::{Map, Value};
use serde_saphyr::{DoubleQuoted, LitStr};

use super::clean::is_unsafe;
use crate::error::{Error, Result};
use crate::exit::Outcome;

/// The version of every document that a plugin prints.
const API_VERSION: &str = "kubectl-mesh/v1alpha1";

/// A document of this kind: `body`'s fields with `apiVersion` and `kind`.
///
/// # Errors
/// When `body` does not serialise to an object.
pub fn document(kind: &str, body: impl Serialize) -> serde_json::Result<Value> {
    let mut body = serde_json::to_value(body)?;
    let Some(fields) = body.as_object_mut() else {
        return Err(serde_json::Error::custom(format!(
            "the body of a {kind} is not an object"
        )));
    };
    fields.insert("apiVersion".to_owned(), API_VERSION.into());
    fields.insert("kind".to_owned(), kind.into());
    Ok(body)
}

/// A document that carries the verdict of the command, the same as its exit code says.
///
/// # Errors
/// When `body` does not serialise to an object.
pub fn verdict(kind: &str, outcome: Outcome, body: impl Serialize) -> serde_json::Result<Value> {
    let mut document = document(kind, body)?;
    document["outcome"] = serde_json::to_value(outcome)?;
    Ok(document)
}

/// Pretty JSON with a newline.
///
/// Characters that a terminal would obey or hide are written as `\u` escapes: the same document, safe
/// to look at.
pub(super) fn json(value: &Value) -> Result<String> {
    let mut units = [0; 2];
    Ok(escaped(&pretty(value)?, |c, out| {
        for unit in c.encode_utf16(&mut units) {
            let _ = write!(out, "\\u{unit:04x}");
        }
    }))
}

/// YAML that reads back as the same document, in Go's and libyaml's parsers too.
pub fn yaml(value: &Value) -> Result<String> {
    let options = serde_saphyr::ser_options! {
        // Blocks are chosen by `Yaml`: saphyr's own choice puts tabs where libyaml refuses them.
        prefer_block_scalars: false,
    };
    let text = if has_unsafe_key(value) {
        // saphyr quotes no key on demand. JSON is YAML whose every key is quoted.
        pretty(value)?
    } else {
        serde_saphyr::to_string_with_options(&Yaml(value), options)
            .map_err(|e| Error::internal("cannot write the result as YAML").caused_by(e))?
    };
    // Texts with such a character are in double quotes, where this escape works; libyaml has no
    // surrogate pairs.
    Ok(escaped(&text, |c, out| {
        let _ = write!(out, "\\U{:08X}", u32::from(c));
    }))
}

fn pretty(value: &Value) -> Result<String> {
    serde_json::to_string_pretty(&HeadFirst(value))
        .map_err(|e| Error::internal("cannot write the result as JSON").caused_by(e))
}

fn has_unsafe_key(value: &Value) -> bool {
    match value {
        Value::Object(fields) => fields
            .iter()
            .any(|(k, v)| k.chars().any(is_unsafe) || has_unsafe_key(v)),
        Value::Array(items) => items.iter().any(has_unsafe_key),
        _ => false,
    }
}

/// The text with an escape for each character that a terminal would obey or hide, ending in one
/// newline. Neither writer leaves a control character inside a string but the newlines of its layout.
fn escaped(text: &str, mut escape: impl FnMut(char, &mut String)) -> String {
    let mut out = String::with_capacity(text.len() + 1);
    for c in text.chars() {
        if c != '\n' && is_unsafe(c) {
            escape(c, &mut out);
        } else {
            out.push(c);
        }
    }
    if !out.ends_with('\n') {
        out.push('\n');
    }
    out
}

/// A value whose texts are literal blocks or quoted where the plain style is not safe.
struct Yaml<'a>(&'a Value);

impl Serialize for Yaml<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
        match self.0 {
            Value::Object(fields) => {
                serializer.collect_map(head_first(fields).map(|(k, v)| (k, Yaml(v))))
            }
            Value::Array(items) => serializer.collect_seq(items.iter().map(Yaml)),
            Value::String(text) if is_block(text) => LitStr(text).serialize(serializer),
            Value::String(text) => YamlText(text).serialize(serializer),
            other => other.serialize(serializer),
        }
    }
}

/// A text on one line of YAML.
struct YamlText<'a>(&'a str);

impl Serialize for YamlText<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
        if self.0.chars().any(is_unsafe) {
            DoubleQuoted(self.0).serialize(serializer)
        } else {
            self.0.serialize(serializer)
        }
    }
}

/// True for text that every parser reads back from a literal block: lines of plain characters, none
/// of them ending in space, the first not starting with it, and exactly one newline or none at the end.
fn is_block(text: &str) -> bool {
    text.contains('\n')
        && !text.starts_with(char::is_whitespace)
        && !text.ends_with("\n\n")
        && !text.chars().any(|c| c != '\n' && is_unsafe(c))
        && text
            .lines()
            .all(|line| !line.ends_with(char::is_whitespace))
}

/// An object with `apiVersion` and `kind` before its other keys.
struct HeadFirst<'a>(&'a Value);

impl Serialize for HeadFirst<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
        match self.0 {
            Value::Object(fields) => serializer.collect_map(head_first(fields)),
            other => other.serialize(serializer),
        }
    }
}

fn head_first(fields: &Map<String, Value>) -> impl Iterator<Item = (&String, &Value)> {
    const HEAD: [&str; 2] = ["apiVersion", "kind"];
    let head = HEAD.iter().filter_map(|key| fields.get_key_value(*key));
    head.chain(
        fields
            .iter()
            .filter(|(key, _)| !HEAD.contains(&key.as_str())),
    )
}

#[cfg(test)]
mod tests;
