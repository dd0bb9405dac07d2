//! The program `kubectl-mesh_audit_policy`: all of it is in the library, which `cargo xtask gen` reads too.

use std::process::ExitCode;

fn main() -> ExitCode {
    kubectl_mesh_audit_policy::main()
}
