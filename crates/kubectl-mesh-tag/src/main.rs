//! `kubectl mesh-tag`: revision tags, moved with care.

mod cli;
mod objects;

use std::process::ExitCode;

fn main() -> ExitCode {
    mesh_common::ctx::main("kubectl mesh-tag", cli::run)
}
