//! `kubectl mesh-tag`: revision tags, moved with care.

mod apply;
mod cli;
mod create;
mod drift;
mod dry_run;
mod emit;
mod execute;
mod facts;
mod history;
mod list;
mod objects;
mod plan;
mod prepare;
mod promote;
mod relabel;
mod remove;
mod restore;
mod resume;
mod rollback;
mod screen;
mod session;
mod status;
mod target;
mod undo;
mod wired;

use std::process::ExitCode;

/// As it is typed.
pub const NAME: &str = "kubectl mesh-tag";

/// Runs what was typed.
pub fn main() -> ExitCode {
    mesh_common::ctx::main(NAME, cli::run)
}

/// All that can be typed, for completions and man pages.
pub fn command() -> clap::Command {
    mesh_common::ctx::command::<cli::Cli>(NAME)
}
