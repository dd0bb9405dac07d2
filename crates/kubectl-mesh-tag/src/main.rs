//! `kubectl mesh-tag`: revision tags, moved with care.

mod apply;
mod cli;
mod create;
mod decide;
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

fn main() -> ExitCode {
    mesh_common::ctx::main("kubectl mesh-tag", cli::run)
}
