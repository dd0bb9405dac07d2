//! The rule files that are built in, as the build script lists them.

include!(concat!(env!("OUT_DIR"), "/rules.rs"));
