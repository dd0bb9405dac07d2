//! The stand-in istioctl as a program; `mesh_testkit::standin` says what it does.

use std::process::ExitCode;

fn main() -> ExitCode {
    let mut args = std::env::args_os();
    let name = args.next().unwrap_or_default();
    let args: Vec<String> = args.map(|arg| arg.to_string_lossy().into_owned()).collect();
    mesh_testkit::standin::main(&name, &args)
}
