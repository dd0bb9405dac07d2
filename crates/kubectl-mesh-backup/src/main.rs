//! `kubectl mesh-backup`: what a mesh is made of, kept in one file.

mod cli;
mod create;
mod report;
mod show;

use std::process::ExitCode;

fn main() -> ExitCode {
    mesh_common::ctx::main("kubectl mesh-backup", cli::run)
}
