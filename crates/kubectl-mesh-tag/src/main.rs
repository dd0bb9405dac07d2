//! `kubectl mesh-tag`.

mod objects;

fn main() {}
