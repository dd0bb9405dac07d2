//! Every plugin in every shell, in both ways people type: the program by its own name, and through kubectl.

use std::os::unix::fs::symlink;

use mesh_testkit::{Lab, Peers, Plugin, skip::skip};

use crate::{
    screen::{PROMPT, Screen, can_run},
    table::{PLUGINS, SHELLS, Shell, Typed},
};

/// A sandbox with the examples in its directory, and PATH as people have it.
pub(crate) fn sandbox(kubeconfig: &str) -> Plugin {
    let sandbox = Plugin::new("kubectl-mesh_tag", kubeconfig.as_ref());
    let examples = concat!(env!("CARGO_MANIFEST_DIR"), "/../../examples");
    symlink(examples, sandbox.dir().join("examples")).unwrap();
    let home = sandbox.dir().join("home/.local/bin");
    let path = format!(
        "{}:{}:/usr/bin:/bin",
        sandbox.bin().display(),
        home.display()
    );
    sandbox.env("PATH", path)
}

/// Loads what a person loads, and types what is in the table.
fn types(shell: Shell, typed: &Typed, command: &str, kubectl: bool, sandbox: &Plugin) {
    let load = if kubectl {
        shell.load("kubectl")
    } else {
        shell.load(typed.program)
    };
    let mut screen = Screen::open(sandbox, shell, &[shell.before(kubectl), &load]);

    let (begun, verb) = typed.verb;
    screen.types(&format!("{command} {begun}"));
    screen.key("Tab");
    screen.sees(&format!("{PROMPT}{command} {verb} "));
    screen.give_up_line();

    let (line, offered) = typed.choice;
    screen.types(&format!("{command} {line}"));
    screen.key("Tab");
    if shell == Shell::Bash {
        // The first one goes as far as it is clear, the second lists.
        screen.key("Tab");
    }
    screen.sees_all(offered);
    screen.give_up_line();

    let (line, whole) = typed.only;
    screen.types(&format!("{command} {line}"));
    screen.key("Tab");
    screen.sees(&format!("{PROMPT}{command} {whole}"));
    screen.give_up_line();
}

fn alone(shell: Shell) {
    if !can_run(shell) {
        return;
    }
    let sandbox = sandbox("/nonexistent");
    for typed in PLUGINS {
        types(shell, typed, typed.program, false, &sandbox);
    }
}

fn through_kubectl(shell: Shell) {
    if !can_run(shell) {
        return;
    }
    if Peers::from_env().is_none() {
        skip("needs the kubectl that cargo xtask builds");
        return;
    }
    let sandbox = sandbox("/nonexistent");
    // As a user does it, through kubectl itself.
    let out = sandbox
        .command("kubectl")
        .args(["mesh-tag", "completion", "install"])
        .output()
        .unwrap();
    assert!(out.status.success(), "{out:?}");
    for typed in PLUGINS {
        types(shell, typed, typed.kubectl, true, &sandbox);
    }
}

#[test]
fn bash_alone() {
    alone(Shell::Bash);
}

#[test]
fn zsh_alone() {
    alone(Shell::Zsh);
}

#[test]
fn fish_alone() {
    alone(Shell::Fish);
}

#[test]
fn bash_through_kubectl() {
    through_kubectl(Shell::Bash);
}

#[test]
fn zsh_through_kubectl() {
    through_kubectl(Shell::Zsh);
}

#[test]
fn fish_through_kubectl() {
    through_kubectl(Shell::Fish);
}

#[test]
fn tags_of_a_real_api_server_stand_on_the_screen() {
    let Some(lab) = Lab::get() else { return };
    for shell in SHELLS {
        if !can_run(shell) {
            continue;
        }
        let sandbox = sandbox(&lab.kubeconfig().display().to_string());
        let load = shell.load("kubectl-mesh_tag");
        let mut screen = Screen::open(&sandbox, shell, &[shell.before(false), &load]);
        screen.types("kubectl-mesh_tag promote ");
        screen.key("Tab");
        screen.key("Tab");
        screen.sees_all(&[
            "canary",
            "1-28-1 (2 namespaces)",
            "stable",
            "1-26-1 (5 namespaces)",
        ]);
        screen.give_up_line();
    }
}

/// Contexts are full of what bash takes for the end of a word.
#[test]
fn a_context_with_colons_is_one_word() {
    let name = "arn:aws:eks:eu-west-1:123456789012:cluster/prod";
    for shell in SHELLS {
        if !can_run(shell) {
            continue;
        }
        let sandbox = sandbox("kubeconfig");
        let text = format!(
            "{{apiVersion: v1, kind: Config, contexts: [{{name: '{name}', context: {{cluster: c}}}}, {{name: other, context: {{cluster: c}}}}]}}"
        );
        std::fs::write(sandbox.dir().join("kubeconfig"), text).unwrap();
        let load = shell.load("kubectl-mesh_tag");
        let mut screen = Screen::open(&sandbox, shell, &[shell.before(false), &load]);
        for (typed, whole) in [
            ("--context a", format!("--context {name} ")),
            ("--context arn:aws:e", format!("--context {name} ")),
            ("--context=arn:aws:e", format!("--context={name} ")),
            ("--context=o", "--context=other ".to_owned()),
        ] {
            screen.types(&format!("kubectl-mesh_tag list {typed}"));
            screen.key("Tab");
            // zsh shows its own quoting of a colon only where it has to.
            screen.sees(&format!("{PROMPT}kubectl-mesh_tag list {whole}"));
            screen.give_up_line();
        }
    }
}

#[test]
fn a_gate_waits_for_its_reason() {
    for shell in SHELLS {
        if !can_run(shell) {
            continue;
        }
        let sandbox = sandbox("/nonexistent");
        let load = shell.load("kubectl-mesh_tag");
        let mut screen = Screen::open(&sandbox, shell, &[shell.before(false), &load]);
        screen.types("kubectl-mesh_tag promote stable --waive par");
        screen.key("Tab");
        screen.sees("--waive parity=");
        screen.types("why");
        screen.sees("--waive parity=why");
        screen.give_up_line();
    }
}
