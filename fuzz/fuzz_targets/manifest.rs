//! Any bytes as a manifest: one that is read can be written, and is read as the same.
#![no_main]

use libfuzzer_sys::fuzz_target;
use mesh_common::mesh::archive::manifest_of;

fuzz_target!(|bytes: &[u8]| match manifest_of(bytes) {
    Ok(manifest) => {
        let again = serde_json::to_vec(&manifest).expect("it is plain data");
        assert_eq!(manifest_of(&again), Ok(manifest));
    }
    Err(why) => assert!(why.len() < 1000 && !why.chars().any(char::is_control)),
});
