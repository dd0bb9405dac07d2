//! `kubectl mesh-backup`: what a mesh is made of, kept in one file.

mod age_key;
mod cli;
mod create;
mod diff;
mod found;
mod header;
mod keep;
mod kind;
mod list;
mod noise;
mod object;
mod only;
mod opened;
mod place;
mod rehearse;
mod report;
mod restore;
mod rollback;
mod schema;
mod secret;
mod show;
mod verify;

use std::process::ExitCode;

use mesh_common::private;

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
