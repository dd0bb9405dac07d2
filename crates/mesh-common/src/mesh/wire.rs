//! What we read of a Kubernetes object: typed projections, and the table of the lists they come from.
//!
//! Ten thousand injected pods are a hundred megabytes of JSON, so a projection names only the fields that
//! are used, skips the rest without building anything, and keeps of annotations, containers and
//! conditions only those that are asked for. Everything is optional and null is the same as absent:
//! an object of another version must never fail a whole list.

pub mod config;
mod container;
mod kinds;
pub mod meta;
pub mod pod;
pub mod scale;
pub mod webhook;
pub mod workload;

pub use container::{Container, Containers};
pub use kinds::{Api, List, Scope};
pub(crate) use kinds::{dotted, group_of, list_path};
pub use meta::Meta;
pub use pod::Pod;

use serde::{Deserialize, Deserializer};

/// `null` reads as the default, as Kubernetes' own decoders have it.
fn nullable<'de, D, T>(deserializer: D) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
    T: Default + Deserialize<'de>,
{
    Ok(Option::<T>::deserialize(deserializer)?.unwrap_or_default())
}
