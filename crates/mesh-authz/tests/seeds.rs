//! The seeds of `fuzz/`, and each of them cut and spoiled, through what the fuzz targets do: so that no run of the tests is
//! without.

#![allow(clippy::unwrap_used, reason = "a test")]

use std::{fs, path::Path};

use mesh_authz::logs::rbac;

#[path = "../../../fuzz/fuzz_targets/bodies/log_line.rs"]
mod log_line;
#[path = "../../../fuzz/fuzz_targets/bodies/policy.rs"]
mod policy;

/// Bytes that mean something to the readers.
const SPOILS: &[u8] = b"\0\n\r \"'{}[]:,\\-|*%\x1b\x80\xff9";

fn seeds(target: &str) -> Vec<Vec<u8>> {
    let dir = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../fuzz/seeds")
        .join(target);
    let entries = fs::read_dir(dir).expect("they are there");
    let mut paths: Vec<_> = entries
        .map(|entry| entry.expect("an entry").path())
        .collect();
    paths.sort();
    assert!(!paths.is_empty(), "{target} has no seeds");
    let read = |path| {
        // A line ends before its end of line.
        let mut bytes = fs::read(path).expect("it is read");
        bytes.pop_if(|last| *last == b'\n');
        bytes
    };
    paths.iter().map(read).collect()
}

/// The seed, each beginning of it, and each of its bytes in the place of which another one stands.
fn each(target: &str, take: fn(&[u8])) {
    for seed in seeds(target) {
        take(&seed);
        for end in 0..seed.len() {
            take(&seed[..end]);
        }
        let mut spoiled = seed.clone();
        for at in 0..seed.len() {
            for by in SPOILS {
                spoiled[at] = *by;
                take(&spoiled);
            }
            spoiled[at] = seed[at];
        }
    }
}

#[test]
fn every_line_is_read_or_told_why_not() {
    each("log_line", log_line::take);
}

#[test]
fn more_evidence_turns_no_verdict_around() {
    each("policy", policy::take);
}

#[test]
fn the_seeds_are_read_at_all() {
    let format = mesh_authz::logs::Format::default();
    for seed in seeds("log_line") {
        let mut scratch = mesh_authz::logs::Scratch::default();
        let is_line = format.read(&seed, &mut scratch).is_ok();
        let is_record = matches!(rbac::read(&seed, &mut Vec::new()), Some(Ok(_)));
        let shown = String::from_utf8_lossy(&seed);
        assert!(is_line || is_record, "{shown}");
    }
    for seed in seeds("policy") {
        let spec: serde_json::Value = serde_json::from_slice(&seed).unwrap();
        let object = serde_json::json!({
            "apiVersion": "security.istio.io/v1", "kind": "AuthorizationPolicy",
            "metadata": {"name": "p", "namespace": "n"}, "spec": spec,
        });
        assert!(mesh_authz::AuthorizationPolicy::from_value(&object).is_ok());
    }
}
