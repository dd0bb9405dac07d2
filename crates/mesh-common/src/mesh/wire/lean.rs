//! An object as served, but for the sets of fields in its `managedFields`: nobody looks at those, and they are as long as
//! the rest of a small object.

use std::{borrow::Cow, fmt};

use serde::{
    Deserialize, Deserializer,
    de::{
        DeserializeOwned, DeserializeSeed, Error, IgnoredAny, MapAccess, SeqAccess, Visitor,
        value::{MapAccessDeserializer, SeqAccessDeserializer},
    },
};
use serde_json::{Map, Value, value::RawValue};

/// An object without `metadata.managedFields[].fieldsV1`.
#[derive(Debug, PartialEq)]
pub struct Lean(pub Value);

impl<'de> Deserialize<'de> for Lean {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Level::Object.deserialize(deserializer).map(Self)
    }
}

/// A projection, and the object it was taken from.
#[derive(Debug)]
pub struct LeanWhole<T> {
    /// The object.
    pub object: Value,
    /// What we read of it.
    pub read: T,
}

impl<'de, T: DeserializeOwned> Deserialize<'de> for LeanWhole<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        // Read twice, by the code that reads the projection alone, too: another reader of every kind is 200 KiB.
        let text = <&RawValue>::deserialize(deserializer)?.get().as_bytes();
        let Lean(object) = serde_json::from_slice(text).map_err(D::Error::custom)?;
        let read = serde_json::from_slice(text).map_err(D::Error::custom)?;
        Ok(Self { object, read })
    }
}

/// Where in an object a value is.
#[derive(Clone, Copy)]
enum Level {
    Object,
    Metadata,
    Managers,
    Manager,
}

impl Level {
    /// What is under this key; none where it is taken as it is.
    fn under(self, key: &str) -> Option<Self> {
        match (self, key) {
            (Self::Object, "metadata") => Some(Self::Metadata),
            (Self::Metadata, "managedFields") => Some(Self::Managers),
            _ => None,
        }
    }

    fn skips(self, key: &str) -> bool {
        matches!(self, Self::Manager) && key == "fieldsV1"
    }
}

impl<'de> DeserializeSeed<'de> for Level {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Level {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_map<M: MapAccess<'de>>(self, mut entries: M) -> Result<Value, M::Error> {
        if matches!(self, Self::Managers) {
            return Value::deserialize(MapAccessDeserializer::new(entries));
        }
        let mut map = Map::new();
        while let Some(key) = entries.next_key::<Cow<'_, str>>()? {
            if self.skips(&key) {
                entries.next_value::<IgnoredAny>()?;
                continue;
            }
            let value = match self.under(&key) {
                Some(level) => entries.next_value_seed(level)?,
                None => entries.next_value()?,
            };
            map.insert(key.into_owned(), value);
        }
        Ok(Value::Object(map))
    }

    fn visit_seq<S: SeqAccess<'de>>(self, mut items: S) -> Result<Value, S::Error> {
        if !matches!(self, Self::Managers) {
            return Value::deserialize(SeqAccessDeserializer::new(items));
        }
        let mut all = Vec::new();
        while let Some(item) = items.next_element_seed(Self::Manager)? {
            all.push(item);
        }
        Ok(Value::Array(all))
    }

    fn visit_unit<E: Error>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_str<E: Error>(self, value: &str) -> Result<Value, E> {
        Ok(value.into())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    fn lean(object: &Value) -> Value {
        let Lean(object) = serde_json::from_str(&object.to_string()).unwrap();
        object
    }

    #[test]
    fn the_sets_of_fields_are_left_out_and_nothing_else() {
        let entry = json!({"manager": "helm", "apiVersion": "v1", "time": null});
        let mut long = entry.clone();
        long["fieldsV1"] = json!({"f:spec": {"f:http": {}}});
        let object = |entry: &Value| {
            json!({
                "metadata": {"name": "x", "managedFields": [entry, {}], "fieldsV1": 1},
                "spec": {"fieldsV1": [1.5, -1, "a\"b"], "metadata": {"managedFields": [long]}},
                "managedFields": [long],
            })
        };
        assert_eq!(lean(&object(&long)), object(&entry));
    }

    #[test]
    fn a_projection_is_read_of_what_is_left() {
        #[derive(Deserialize)]
        struct Named {
            metadata: Name,
        }
        #[derive(Deserialize)]
        struct Name {
            name: String,
        }
        let text = r#"{"metadata":{"name":"x","managedFields":[{"fieldsV1":{"f:a":{}}}]}}"#;
        let both: LeanWhole<Named> = serde_json::from_str(text).unwrap();
        assert_eq!(both.read.metadata.name, "x");
        assert_eq!(both.object["metadata"]["managedFields"], json!([{}]));
    }

    /// Anything that JSON can be, under the keys that matter.
    fn anything() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            any::<i64>().prop_map(Value::from),
            any::<u64>().prop_map(Value::from),
            "[a-z\"\\\\\u{e9}]{0,6}".prop_map(Value::from),
        ];
        let key = prop_oneof![
            Just("metadata".to_owned()),
            Just("managedFields".to_owned()),
            Just("fieldsV1".to_owned()),
            "[a-c]",
        ];
        leaf.prop_recursive(5, 40, 4, move |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
                prop::collection::btree_map(key.clone(), inner, 0..4)
                    .prop_map(|map| Value::Object(map.into_iter().collect())),
            ]
        })
    }

    proptest! {
        #[test]
        fn whatever_is_served_is_read(object in anything()) {
            let mut want = object.clone();
            if let Some(entries) = want
                .get_mut("metadata")
                .and_then(|m| m.get_mut("managedFields"))
                .and_then(Value::as_array_mut)
            {
                for entry in entries.iter_mut().filter_map(Value::as_object_mut) {
                    entry.remove("fieldsV1");
                }
            }
            prop_assert_eq!(lean(&object), want);
        }
    }
}
