//! Cluster tests: the built binaries and the fixture against a real API server. Run by `cargo xtask e2e`.

#![allow(
    clippy::unwrap_used,
    reason = "helpers of tests fail the test that calls them"
)]

mod audit_policy;
mod audit_policy_asks;
mod audit_policy_callers;
mod audit_policy_chaos;
mod audit_policy_lint;
mod audit_policy_telemetry;
mod audit_policy_telemetry_left;
mod audit_policy_watch;
mod audit_replay;
mod backup;
mod backup_chaos;
mod backup_diff;
mod backup_passphrase;
mod backup_restore;
mod chaos;
mod claims;
mod default_tag;
mod fixture;
mod injection;
mod injector;
mod istioctl;
mod kit;
mod observe;
mod precheck;
mod promote;
mod races;
mod recovery;
mod rights;
mod rollback;
mod rollout;
mod roundtrips;
mod safety;
mod screens;
mod standin;
