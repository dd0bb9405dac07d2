//! What we read of a Kubernetes object: typed projections, and the table of the lists they come from.
//!
//! Ten thousand injected pods are a hundred megabytes of JSON, so a projection names only the fields that
//! are used, skips the rest without building anything, and keeps of annotations, containers and
//! conditions only those that are asked for. Everything is optional and null is the same as absent:
//! an object of another version must never fail a whole list.

pub mod config;
mod container;
mod kinds;
mod lean;
pub mod meta;
pub mod node;
pub mod pod;
pub mod scale;
pub mod webhook;
pub mod workload;

pub use container::{Container, Containers};
pub use kinds::{Api, List, Scope};
pub(crate) use kinds::{dotted, group_of, list_path};
pub use lean::{Lean, LeanWhole};
pub use meta::Meta;
pub use pod::Pod;

use serde::{
    Deserialize, Deserializer,
    de::{DeserializeOwned, Error as _},
};
use serde_json::Value;

/// A projection, and the object it was taken from: for the few kinds of which every field is needed.
#[derive(Debug)]
pub struct Whole<T> {
    /// The object, as served.
    pub object: Value,
    /// What we read of it.
    pub read: T,
}

impl<'de, T: DeserializeOwned> Deserialize<'de> for Whole<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let object = Value::deserialize(deserializer)?;
        let read = T::deserialize(&object).map_err(D::Error::custom)?;
        Ok(Self { object, read })
    }
}

/// `null` reads as the default, as Kubernetes' own decoders have it.
fn nullable<'de, D, T>(deserializer: D) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
    T: Default + Deserialize<'de>,
{
    Ok(Option::<T>::deserialize(deserializer)?.unwrap_or_default())
}
