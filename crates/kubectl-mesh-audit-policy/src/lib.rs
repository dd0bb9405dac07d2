//! `kubectl mesh-audit-policy`: what a policy would block, before it blocks it. What a policy does to a request is told
//! by the engine, [`mesh_authz`].

mod cli;
mod convert;
mod copy;
mod decide;
mod files;
mod lint;
mod list;
mod listed;
mod promote;
mod replay;
mod resume;
mod road;
mod rollback;
mod scene;
mod watch;
mod watched;

use std::process::ExitCode;

pub(crate) use mesh_authz::{
    Action, AuthorizationPolicy, By, Compiled, Context, Fields, Header, Headers, Known, Request,
    RuleId, Template, Verdict, Version, compile, is_template, logs, normalize, parse_port,
    parse_range, policy, validate, version,
};

/// As it is typed.
pub const NAME: &str = "kubectl mesh-audit-policy";

/// Runs what was typed.
pub fn main() -> ExitCode {
    mesh_common::ctx::main(NAME, cli::run)
}

/// All that can be typed, for completions and man pages.
pub fn command() -> clap::Command {
    mesh_common::ctx::command::<cli::Cli>(NAME)
}
