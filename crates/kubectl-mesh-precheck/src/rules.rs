//! What changed between two Istio releases that touches *this* mesh.
//!
//! The rules are data, one file per release under `rules/`. A caller hands in what it read of the
//! mesh as [`Document`]s, one at a time, and gets a [`Hit`] for each field a change touches. A rule
//! of release R matters to an upgrade when R is newer than the oldest istiod and not newer than
//! the target. Nothing is said about a mesh in which nothing was found.
//!
//! How a rule is written stands in `rules/README.md`.

mod condition;
pub mod crds;
mod document;
mod engine;
mod file;
mod files;
mod path;
mod shown;

#[cfg(test)]
mod tests;

pub use document::{Context, Document, Place};
pub use engine::{Hit, Rules};
pub use file::{Change, Rule, RulesError};

/// Major and minor of a release, as [`mesh_common::mesh::skew::minor`] reads them.
pub type Minor = (u64, u64);
