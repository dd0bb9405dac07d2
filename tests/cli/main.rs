//! The command line without a cluster: snapshots in `*.trycmd`, the screens in README.md and docs/, and what
//! every `--help` must be.
//!
//! Every command runs in an environment of its own: no kubeconfig, an empty home, nothing on PATH, a UTF-8
//! locale, no terminal. `TRYCMD=overwrite` rewrites the snapshots; look at the diff before you keep it.

mod help;
mod names;
mod pty;
mod readme;
mod sandbox;

use sandbox::{Sandbox, root};

/// Blocks marked ```` ```console ```` in these files are commands and what they print.
const SCREENS: &[&str] = &["tests/cli/*.trycmd", "README.md", "docs/*.md"];

#[test]
fn screens() {
    let sandbox = Sandbox::new();
    // Examples are named from the root of the repository, as a reader of the README would.
    std::env::set_current_dir(root()).expect("the workspace has a root");
    let cases = trycmd::TestCases::new();
    // Set here and not in the files: it differs from run to run.
    let home = sandbox.home().display().to_string();
    cases.insert_var("[HOME]", home).expect("it is a name");
    cases.register_bin("kubectl", sandbox.kubectl().as_path());
    cases.register_bin("cargo", sandbox.cargo().as_path());
    for screens in SCREENS {
        cases.case(screens);
    }
    cases.run();
}
