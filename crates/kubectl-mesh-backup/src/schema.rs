//! Judges an object by the schema of a CRD, as far as its structure goes: what an API server that does not serve the kind
//! cannot be asked about.

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use mesh_common::output::clean;
use serde_json::{Map, Value};

/// How many problems of one object are told.
const MOST: usize = 5;

/// The schemas of CRDs.
#[derive(Debug, Default)]
pub(crate) struct Schemas {
    /// By `plural.group`, then by version.
    kinds: BTreeMap<String, BTreeMap<String, Version>>,
}

#[derive(Debug)]
struct Version {
    served: bool,
    schema: Option<Value>,
}

/// What a schema says of an object.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Fit {
    /// The structure fits. Rules in CEL, defaults and webhooks were not looked at.
    Structure,
    /// It does not: where, and why.
    Problems(Vec<String>),
    /// There is no schema to judge by, and why.
    NoSchema(String),
}

impl Schemas {
    /// Keeps the schemas of a CRD. Any object may be given.
    pub(crate) fn learn(&mut self, object: &Value) {
        if object["kind"] != "CustomResourceDefinition" {
            return;
        }
        let spec = &object["spec"];
        let (Some(group), Some(plural)) =
            (spec["group"].as_str(), spec["names"]["plural"].as_str())
        else {
            return;
        };
        let versions = spec["versions"].as_array().into_iter().flatten();
        let versions = versions
            .filter_map(|v| {
                let version = Version {
                    served: v["served"] == true,
                    schema: v.pointer("/schema/openAPIV3Schema").cloned(),
                };
                Some((v["name"].as_str()?.to_owned(), version))
            })
            .collect();
        self.kinds.insert(format!("{plural}.{group}"), versions);
    }

    /// Whether there is a CRD of this kind.
    pub(crate) fn knows(&self, what: &str) -> bool {
        self.kinds.contains_key(what)
    }

    /// Judges an object of this kind (`virtualservices.networking.istio.io`) in this version.
    pub(crate) fn judge(&self, what: &str, version: &str, object: &Value) -> Fit {
        let Some(versions) = self.kinds.get(what) else {
            return Fit::NoSchema("the archive holds no CRD of it".into());
        };
        let schema = match versions.get(version) {
            Some(Version { served: false, .. }) | None => {
                let served: Vec<&str> = versions
                    .iter()
                    .filter(|(_, v)| v.served)
                    .map(|(name, _)| name.as_str())
                    .collect();
                return Fit::Problems(vec![clean(
                    &format!(
                        "the archive's own CRD does not serve {version}, only {}",
                        served.join(", ")
                    ),
                    300,
                )]);
            }
            Some(Version {
                schema: Some(schema),
                ..
            }) => schema,
            Some(_) => return Fit::NoSchema("the archive's CRD has no schema".into()),
        };
        let mut found = Vec::new();
        root(schema, object, &mut found);
        if found.is_empty() {
            Fit::Structure
        } else {
            found.truncate(MOST);
            Fit::Problems(found)
        }
    }
}

/// What every object has, whatever its schema says.
const HEAD: &[&str] = &["apiVersion", "kind", "metadata"];

fn root(schema: &Value, object: &Value, found: &mut Vec<String>) {
    let mut body = object.clone();
    if let Some(fields) = body.as_object_mut() {
        fields.retain(|name, _| !HEAD.contains(&name.as_str()));
    }
    let mut schema = schema.clone();
    if let Some(required) = schema.get_mut("required").and_then(Value::as_array_mut) {
        required.retain(|name| !HEAD.iter().any(|h| name == h));
    }
    check(&schema, &body, "", true, found);
}

/// `whole` is false in the branches of anyOf and the like, which speak of some fields only.
fn check(schema: &Value, value: &Value, path: &str, whole: bool, found: &mut Vec<String>) {
    if found.len() > MOST {
        return;
    }
    let mut say = |what: String| {
        let at = if path.is_empty() { "the object" } else { path };
        found.push(clean(&format!("{at}: {what}"), 300));
    };
    if value.is_null() {
        if schema["nullable"] != true && schema.get("type").is_some() {
            say("must not be null".into());
        }
        return;
    }
    let int_or_string = schema["x-kubernetes-int-or-string"] == true;
    if int_or_string && !is_integer(value) && !value.is_string() {
        say("must be an integer or a string".into());
        return;
    }
    if let Some(want) = schema["type"].as_str().filter(|_| !int_or_string)
        && !is_of(want, value)
    {
        say(format!("must be of type {want}"));
        return;
    }
    if let Some(allowed) = schema["enum"].as_array()
        && !allowed.contains(value)
    {
        let allowed: Vec<_> = allowed.iter().map(ToString::to_string).collect();
        say(format!("{value} is none of {}", allowed.join(", ")));
    }
    for what in bounds(schema, value) {
        say(what);
    }
    match value {
        Value::Object(fields) => map(schema, fields, path, whole, found),
        Value::Array(items) => {
            if let Some(of) = schema.get("items") {
                for (at, item) in items.iter().enumerate() {
                    check(of, item, &format!("{path}[{at}]"), whole, found);
                }
            }
        }
        _ => {}
    }
    branches(schema, value, path, found);
}

fn map(
    schema: &Value,
    fields: &Map<String, Value>,
    path: &str,
    whole: bool,
    found: &mut Vec<String>,
) {
    let at = |name: &str| match path {
        "" => name.to_owned(),
        path => format!("{path}.{name}"),
    };
    for name in schema["required"].as_array().into_iter().flatten() {
        let name = name.as_str().unwrap_or_default();
        if !fields.contains_key(name) {
            found.push(clean(&format!("{}: is required", at(name)), 300));
        }
    }
    let properties = schema["properties"].as_object();
    let others = schema.get("additionalProperties").filter(|o| o.is_object());
    let open = !whole
        || schema["x-kubernetes-preserve-unknown-fields"] == true
        || schema["additionalProperties"] == true
        || schema["x-kubernetes-embedded-resource"] == true;
    for (name, value) in fields {
        match (properties.and_then(|p| p.get(name)), others) {
            (Some(of), _) | (None, Some(of)) => check(of, value, &at(name), whole, found),
            (None, None) if open => {}
            (None, None) => {
                found.push(clean(&format!("{}: is no field of it", at(name)), 300));
            }
        }
    }
}

fn branches(schema: &Value, value: &Value, path: &str, found: &mut Vec<String>) {
    let fits = |branch: &Value| {
        let mut problems = Vec::new();
        check(branch, value, path, false, &mut problems);
        problems.is_empty()
    };
    for branch in schema["allOf"].as_array().into_iter().flatten() {
        check(branch, value, path, false, found);
    }
    let at = if path.is_empty() { "the object" } else { path };
    let mut say = |what: &str| found.push(clean(&format!("{at}: {what}"), 300));
    if let Some(any) = schema["anyOf"].as_array()
        && !any.iter().any(fits)
    {
        say("fits none of the forms it may have");
    }
    if let Some(one) = schema["oneOf"].as_array() {
        match one.iter().filter(|branch| fits(branch)).count() {
            1 => {}
            0 => say("fits none of the forms it may have"),
            _ => say("fits several forms of which it may have one"),
        }
    }
    if let Some(not) = schema.get("not")
        && fits(not)
    {
        say("has a form that it must not have");
    }
}

fn is_integer(value: &Value) -> bool {
    value.is_i64() || value.is_u64() || value.as_f64().is_some_and(|f| f.fract() == 0.0)
}

fn is_of(want: &str, value: &Value) -> bool {
    match want {
        "object" => value.is_object(),
        "array" => value.is_array(),
        "string" => value.is_string(),
        "boolean" => value.is_boolean(),
        "number" => value.is_number(),
        "integer" => is_integer(value),
        // A type that no schema of Kubernetes has says nothing.
        _ => true,
    }
}

/// Bounds on numbers, and on the length of texts, lists and maps.
fn bounds(schema: &Value, value: &Value) -> Vec<String> {
    let mut said = Vec::new();
    let count = |key: &str| schema[key].as_u64();
    let mut length = |have: usize, least: &str, most: &str, of: &str| {
        let have = have as u64;
        if let Some(least) = count(least).filter(|least| have < *least) {
            said.push(format!("must have at least {least} {of}"));
        }
        if let Some(most) = count(most).filter(|most| have > *most) {
            said.push(format!("must have at most {most} {of}"));
        }
    };
    match value {
        Value::String(text) => {
            length(text.chars().count(), "minLength", "maxLength", "characters");
            // A pattern that cannot be read here is left to the API server: the answer is unknown beyond structure anyway.
            if let Some(pattern) = schema["pattern"].as_str()
                && let Ok(pattern) = regex_lite::Regex::new(pattern)
                && !pattern.is_match(text)
            {
                said.push(format!("does not match {}", pattern.as_str()));
            }
        }
        Value::Array(items) => length(items.len(), "minItems", "maxItems", "items"),
        Value::Object(fields) => {
            length(fields.len(), "minProperties", "maxProperties", "fields");
        }
        Value::Number(number) => {
            let have = number.as_f64().unwrap_or_default();
            let bound = |key: &str| schema[key].as_f64();
            if bound("minimum")
                .is_some_and(|m| have < m || (schema["exclusiveMinimum"] == true && have <= m))
            {
                said.push(format!("{number} is below {}", schema["minimum"]));
            }
            if bound("maximum")
                .is_some_and(|m| have > m || (schema["exclusiveMaximum"] == true && have >= m))
            {
                said.push(format!("{number} is above {}", schema["maximum"]));
            }
        }
        _ => {}
    }
    said
}
