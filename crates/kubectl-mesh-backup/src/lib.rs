//! `kubectl mesh-backup`: what a mesh is made of, kept in one file.

mod age_key;
mod cli;
mod create;
mod found;
mod header;
mod keep;
mod list;
#[allow(dead_code, reason = "diff and restore are being built on it")]
mod noise;
#[allow(dead_code, reason = "diff and restore are being built on it")]
mod opened;
mod place;
mod report;
mod show;

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
