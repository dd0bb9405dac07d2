//! Any bytes as an archive: as they are, and as the tar in one.
#![no_main]

use libfuzzer_sys::fuzz_target;
use mesh_common::mesh::archive::{Limits, check};

fuzz_target!(|bytes: &[u8]| {
    let limits = Limits {
        entry: 1 << 20,
        index: 1 << 20,
        total: 4 << 20,
        entries: 1000,
        ratio: 100,
        slack: 1 << 20,
    };
    one_line(check(bytes.to_vec(), &limits).err());
    if let Ok(packed) = zstd::encode_all(bytes, 1) {
        one_line(check(packed, &limits).err());
    }
});

fn one_line(refusal: Option<String>) {
    if let Some(why) = refusal {
        assert!(!why.chars().any(char::is_control), "{why:?}");
        assert!(why.len() < 2000);
    }
}
