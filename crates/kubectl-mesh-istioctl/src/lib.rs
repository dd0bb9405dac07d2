//! `kubectl mesh-istioctl`: the istioctl that matches, checked, side by side with the others.

mod cli;
mod exec;
mod install;
mod list;
mod pin;
mod pins;
mod release;
mod remove;
mod revision;
mod verify;
mod which;

use std::process::ExitCode;

/// As it is typed.
pub const NAME: &str = "kubectl mesh-istioctl";

/// Runs what was typed.
pub fn main() -> ExitCode {
    mesh_common::ctx::main(NAME, cli::run)
}

/// All that can be typed, for completions and man pages.
pub fn command() -> clap::Command {
    mesh_common::ctx::command::<cli::Cli>(NAME)
}
