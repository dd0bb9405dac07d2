//! The mesh as plain data, its two sources, and what follows from it.
//!
//! [`live`] reads it from the API server, [`archive`] from a mesh-backup file; both fill the same [`Mesh`]
//! through [`fold`]. [`inject`] says who injects a pod, [`impact`] what a change does to everybody.

pub mod archive;
mod digest;
pub mod fold;
pub mod impact;
pub mod inject;
pub mod known;
pub mod live;
pub mod model;
pub mod owner;
pub mod probe;
pub mod selector;
pub mod wire;

pub use known::{Gap, Known, Why};
pub use model::*;
pub use owner::Owner;
pub use selector::{Labels, Operator, Requirement, Selector};
