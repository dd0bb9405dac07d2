//! Everything of `kubectl mesh-precheck` but its `main`.

pub mod rules;
