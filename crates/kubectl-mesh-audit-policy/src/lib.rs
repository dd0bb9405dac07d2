//! `kubectl mesh-audit-policy`, and the engine behind it: what an `AuthorizationPolicy` does to a request, computed
//! without a cluster.
//!
//! Policies are parsed ([`policy`]), compiled for one workload port ([`mod@compile`]) and evaluated against what is
//! known of a request ([`request`], [`evaluate`]). Evidence is three-valued: what is not known stays unknown, and a
//! verdict that hangs on it says so and names the field. The engine does no I/O, and evaluation
//! allocates nothing.

pub mod compile;
pub mod evaluate;
pub mod explain;
pub mod logs;
pub mod normalize;
pub mod policy;
pub mod request;
pub mod validate;

mod cli;
mod convert;
mod copy;
mod decide;
mod files;
mod lint;
mod list;
mod matcher;
mod promote;
mod replay;
mod resume;
mod road;
mod rollback;
mod scene;
mod template;
mod truth;
mod version;
mod watch;
mod watched;

use std::process::ExitCode;

pub use compile::{Compiled, Context, RuleRef, compile};
pub use evaluate::{By, Custom, Decision, Matched, RuleId, Shadow, Verdict};
pub use policy::{Action, AuthorizationPolicy};
pub use request::{Claims, Header, Headers, Known, Request};
pub use truth::{Field, Fields, Truth};
pub use version::{ParseVersionError, Version};

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
