//! The mesh as plain data, its two sources, and what follows from it.
//!
//! [`live`] reads it from the API server, [`archive`] from a mesh-backup file; both fill the same [`Mesh`]
//! through [`fold`]. [`inject`] says who injects a pod, [`wiring`] edits what decides it without a cluster,
//! A [`Tap`] sees objects whole on their way. [`impact`] says what such an edit does to everybody, [`tags`] how the tags stand.

pub mod archive;
pub mod digest;
pub mod fold;
pub mod forecast;
pub mod gateways;
pub mod impact;
pub mod inject;
mod kinds;
pub mod known;
pub mod live;
#[cfg(test)]
pub(crate) mod made;
pub mod model;
pub mod owner;
pub mod probe;
pub mod raw;
pub mod selector;
pub mod skew;
pub mod tags;
mod tap;
pub mod wire;
pub mod wiring;

pub use known::{Gap, Known, Why};
pub use model::*;
pub use owner::Owner;
pub use raw::Raw;
pub use selector::{Labels, Operator, Requirement, Selector};
pub use tap::{Customs, Tap};
pub use wiring::Wiring;
