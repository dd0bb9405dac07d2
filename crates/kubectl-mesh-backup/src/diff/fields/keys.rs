//! Lists whose items have a key, as the API says of them (`x-kubernetes-list-map-keys`, `patchMergeKey`).

use std::{collections::HashSet, fmt};

use mesh_common::output::clean;
use serde_json::Value;

/// What tells an item of a list from the others: names of fields and their values.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Key(Vec<(&'static str, Value)>);

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, (field, value)) in self.0.iter().enumerate() {
            let comma = if at == 0 { "" } else { "," };
            let value = match value {
                Value::String(text) => clean(text, 200),
                other => clean(&other.to_string(), 200),
            };
            write!(f, "{comma}{field}={value}")?;
        }
        Ok(())
    }
}

/// The field that holds a list, and the keys its items may have, the best first.
const LISTS: &[(&str, &[&[&str]])] = &[
    ("containers", &[&["name"]]),
    ("initContainers", &[&["name"]]),
    ("ephemeralContainers", &[&["name"]]),
    ("env", &[&["name"]]),
    ("volumes", &[&["name"]]),
    ("volumeMounts", &[&["mountPath"]]),
    ("volumeDevices", &[&["devicePath"]]),
    ("imagePullSecrets", &[&["name"]]),
    ("hostAliases", &[&["ip"]]),
    (
        "topologySpreadConstraints",
        &[&["topologyKey", "whenUnsatisfiable"]],
    ),
    // Of containers, of Services, of ServiceEntries, and of whatever else names its ports.
    (
        "ports",
        &[
            &["containerPort", "protocol"],
            &["port", "protocol"],
            &["number"],
            &["name"],
        ],
    ),
    ("webhooks", &[&["name"]]),
    ("matchConditions", &[&["name"]]),
    ("variables", &[&["name"]]),
    // Of CRDs.
    ("versions", &[&["name"]]),
    ("additionalPrinterColumns", &[&["name"]]),
    // Of a Gateway API Gateway, and of a DestinationRule.
    ("listeners", &[&["name"]]),
    ("subsets", &[&["name"]]),
    // The uid is set aside.
    ("ownerReferences", &[&["kind", "name"]]),
];

/// The keys of the items of two lists, if the field is known to have keyed items and each item has its own.
pub(super) fn keyed(field: &str, old: &[Value], new: &[Value]) -> Option<(Vec<Key>, Vec<Key>)> {
    let (_, choices) = LISTS.iter().find(|(name, _)| *name == field)?;
    choices
        .iter()
        .find_map(|fields| Some((keys(old, fields)?, keys(new, fields)?)))
}

fn keys(items: &[Value], fields: &[&'static str]) -> Option<Vec<Key>> {
    let mut seen = HashSet::new();
    items
        .iter()
        .map(|item| {
            let key: Vec<_> = fields
                .iter()
                .map(|field| match item.get(field) {
                    Some(value @ (Value::String(_) | Value::Number(_))) => {
                        Some((*field, value.clone()))
                    }
                    _ => None,
                })
                .collect::<Option<_>>()?;
            seen.insert(serde_json::to_string(&key).ok()?)
                .then_some(Key(key))
        })
        .collect()
}

#[cfg(test)]
impl Key {
    pub(super) fn of(item: &Value, like: &Self) -> Option<Self> {
        like.0
            .iter()
            .map(|(field, _)| Some((*field, item.get(field)?.clone())))
            .collect::<Option<_>>()
            .map(Self)
    }
}
