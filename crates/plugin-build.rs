//! The build script of every plugin: what users get is linked without tables of how to unwind.

use std::{env, path::Path};

pub(crate) fn main() {
    println!("cargo:rerun-if-changed=../plugin-build.rs");
    println!("cargo:rerun-if-changed=../plugin.ld");
    let is = |name: &str, value: &str| env::var(name).is_ok_and(|found| found == value);
    // Tests unwind, and other systems keep their tables where their loaders want them.
    if !is("PROFILE", "release") || !is("CARGO_CFG_TARGET_OS", "linux") {
        return;
    }
    let Some(dir) = env::var_os("CARGO_MANIFEST_DIR") else {
        return;
    };
    let script = Path::new(&dir).join("../plugin.ld");
    println!("cargo:rustc-link-arg-bins=-Wl,-T,{}", script.display());
    println!("cargo:rustc-link-arg-bins=-Wl,--no-eh-frame-hdr");
}
