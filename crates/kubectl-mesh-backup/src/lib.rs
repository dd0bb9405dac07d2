//! `kubectl mesh-backup`: what a mesh is made of, kept in one file.

mod cli;
mod create;
mod diff;
mod kind;
mod noise;
mod object;
mod only;
mod opened;
mod private;
mod rehearse;
mod report;
mod restore;
mod rollback;
mod schema;
mod secret;
mod show;
mod verify;

use std::process::ExitCode;

/// As it is typed.
pub const NAME: &str = "kubectl mesh-backup";

/// Runs what was typed.
pub fn main() -> ExitCode {
    mesh_common::ctx::main(NAME, cli::run)
}

/// All that can be typed, for completions and man pages.
pub fn command() -> clap::Command {
    mesh_common::ctx::command::<cli::Cli>(NAME)
}
