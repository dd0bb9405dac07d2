//! `kubectl mesh-precheck`: may this mesh be upgraded, and what must be done first?

mod baseline;
mod categories;
mod check;
mod cli;
mod facts;
mod junit;
#[cfg(test)]
mod made;
mod observe;
mod output;
mod report;
mod roles;
mod route;
pub mod rules;
mod screen;
mod support;
mod wait;

use std::process::ExitCode;

use mesh_common::x509;

/// As it is typed.
pub const NAME: &str = "kubectl mesh-precheck";

/// Runs what was typed.
pub fn main() -> ExitCode {
    mesh_common::ctx::main(NAME, cli::run)
}

/// All that can be typed, for completions and man pages.
pub fn command() -> clap::Command {
    mesh_common::ctx::command::<cli::Cli>(NAME)
}
