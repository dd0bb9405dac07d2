//! Cluster tests: the built binaries and the fixture against a real API server. Run by `cargo xtask e2e`.

mod fixture;
mod rollout;
