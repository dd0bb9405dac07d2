//! Metadata: what ownership is read from, and no more of annotations than that.

use std::{collections::BTreeMap, fmt};

use jiff::Timestamp;
use serde::{
    Deserialize, Deserializer,
    de::{DeserializeSeed, IgnoredAny, MapAccess, SeqAccess, Visitor},
};

use super::nullable;
use crate::mesh::{Labels, Owner, owner::Evidence};

/// Metadata of anything but a pod.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Meta {
    /// Its name.
    #[serde(deserialize_with = "nullable")]
    pub name: String,
    /// Its namespace; empty for cluster-wide kinds.
    #[serde(deserialize_with = "nullable")]
    pub namespace: String,
    /// Its uid.
    #[serde(deserialize_with = "nullable")]
    pub uid: String,
    /// Its resourceVersion.
    #[serde(deserialize_with = "nullable")]
    pub resource_version: String,
    /// When it was made.
    #[serde(deserialize_with = "time")]
    pub creation_timestamp: Option<Timestamp>,
    /// Whether it is being deleted.
    #[serde(rename = "deletionTimestamp", deserialize_with = "present")]
    pub deleted: bool,
    /// All its labels.
    #[serde(deserialize_with = "nullable")]
    pub labels: Labels,
    /// Those of its annotations that we use.
    #[serde(deserialize_with = "nullable")]
    pub annotations: Annotations,
    /// Its owners.
    #[serde(deserialize_with = "nullable")]
    pub owner_references: Vec<OwnerRef>,
    /// The managers in its managedFields.
    #[serde(deserialize_with = "nullable")]
    pub managed_fields: Managers,
}

impl Meta {
    /// Who would write the object back.
    pub fn owner(&self) -> Owner {
        Owner::of(&Evidence {
            labels: &self.labels,
            annotations: &self.annotations.0,
            owners: self
                .owner_references
                .iter()
                .map(|o| (o.api_version.as_str(), o.kind.as_str(), o.name.as_str()))
                .collect(),
            managers: self.managed_fields.0.iter().map(String::as_str).collect(),
        })
    }

    /// The owner that controls it.
    pub fn controller(&self) -> Option<&OwnerRef> {
        self.owner_references.iter().find(|o| o.controller)
    }

    /// A label that is there and not empty.
    pub fn label(&self, key: &str) -> Option<&str> {
        self.labels
            .get(key)
            .map(String::as_str)
            .filter(|v| !v.is_empty())
    }
}

/// An owner reference.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct OwnerRef {
    /// apiVersion of the owner.
    #[serde(deserialize_with = "nullable")]
    pub api_version: String,
    /// Its kind.
    #[serde(deserialize_with = "nullable")]
    pub kind: String,
    /// Its name.
    #[serde(deserialize_with = "nullable")]
    pub name: String,
    /// Whether it is the one that controls the object.
    #[serde(deserialize_with = "nullable")]
    pub controller: bool,
}

/// The annotations that we use of anything but a pod; the others are skipped unread.
#[derive(Debug, Default)]
pub struct Annotations(pub BTreeMap<String, String>);

const KEPT: &[&str] = &[
    "argocd.argoproj.io/tracking-id",
    "deployment.kubernetes.io/revision",
    "gateway.networking.k8s.io/bundle-version",
    "inject.istio.io/templates",
    "meta.helm.sh/release-name",
    "meta.helm.sh/release-namespace",
    "sidecar.istio.io/inject",
];

impl Annotations {
    /// One of those that are kept.
    pub fn get(&self, key: &str) -> Option<&str> {
        debug_assert!(KEPT.contains(&key), "{key} is not kept");
        self.0.get(key).map(String::as_str)
    }
}

impl<'de> Deserialize<'de> for Annotations {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Kept;
        impl<'de> Visitor<'de> for Kept {
            type Value = Annotations;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("annotations")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Annotations, A::Error> {
                let mut kept = BTreeMap::new();
                while let Some(key) = map.next_key_seed(KeyIn(KEPT))? {
                    if let Some(key) = key {
                        kept.insert(key.to_owned(), map.next_value::<String>()?);
                    } else {
                        map.next_value::<IgnoredAny>()?;
                    }
                }
                Ok(Annotations(kept))
            }
        }
        deserializer.deserialize_map(Kept)
    }
}

/// A key, if it is one of these; nothing is allocated for the others.
pub(super) struct KeyIn(pub(super) &'static [&'static str]);

impl<'de> DeserializeSeed<'de> for KeyIn {
    type Value = Option<&'static str>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl Visitor<'_> for KeyIn {
    type Value = Option<&'static str>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a key")
    }

    fn visit_str<E>(self, key: &str) -> Result<Self::Value, E> {
        Ok(self.0.iter().copied().find(|k| *k == key))
    }
}

/// The managers of a `metadata.managedFields`, without the fields.
#[derive(Debug, Default)]
pub struct Managers(pub Vec<String>);

impl<'de> Deserialize<'de> for Managers {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Default, Deserialize)]
        #[serde(default)]
        struct Entry {
            #[serde(deserialize_with = "nullable")]
            manager: String,
        }
        struct Each;
        impl<'de> Visitor<'de> for Each {
            type Value = Managers;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("managedFields")
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Managers, A::Error> {
                let mut managers = Vec::new();
                while let Some(Entry { manager }) = seq.next_element()? {
                    if !managers.contains(&manager) {
                        managers.push(manager);
                    }
                }
                Ok(Managers(managers))
            }
        }
        deserializer.deserialize_seq(Each)
    }
}

/// A time; one that cannot be read is none, it must not fail the list.
pub(super) fn time<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<Timestamp>, D::Error> {
    struct Time;
    impl<'de> Visitor<'de> for Time {
        type Value = Option<Timestamp>;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("a time")
        }

        fn visit_str<E>(self, text: &str) -> Result<Self::Value, E> {
            Ok(text.parse().ok())
        }

        fn visit_none<E>(self) -> Result<Self::Value, E> {
            Ok(None)
        }

        fn visit_some<D: Deserializer<'de>>(self, d: D) -> Result<Self::Value, D::Error> {
            d.deserialize_str(Self)
        }
    }
    deserializer.deserialize_option(Time)
}

/// Whether there is anything but null.
pub(super) fn present<'de, D: Deserializer<'de>>(deserializer: D) -> Result<bool, D::Error> {
    Ok(Option::<IgnoredAny>::deserialize(deserializer)?.is_some())
}

/// Whether a string is exactly this one, without keeping it.
pub(super) fn is<'de, D: Deserializer<'de>>(
    deserializer: D,
    wanted: &'static str,
) -> Result<bool, D::Error> {
    struct Is(&'static str);
    impl<'de> Visitor<'de> for Is {
        type Value = bool;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("a string")
        }

        fn visit_str<E>(self, text: &str) -> Result<bool, E> {
            Ok(text == self.0)
        }

        fn visit_none<E>(self) -> Result<bool, E> {
            Ok(false)
        }

        fn visit_some<D: Deserializer<'de>>(self, d: D) -> Result<bool, D::Error> {
            d.deserialize_str(self)
        }
    }
    deserializer.deserialize_option(Is(wanted))
}
