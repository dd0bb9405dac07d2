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

/// Where `completion bash --help` and its like say to keep a script, and what else has to be there.
#[test]
fn a_kept_script_is_loaded_when_it_is_needed() {
    for (shell, dir, file, setup) in [
        (
            Shell::Bash,
            ".local/share/bash-completion/completions",
            "kubectl-mesh_tag",
            "source /usr/share/bash-completion/bash_completion",
        ),
        (
            Shell::Zsh,
            "functions",
            "_kubectl-mesh_tag",
            "fpath=(~/functions $fpath); autoload -Uz compinit && compinit -u -D",
        ),
        (
            Shell::Fish,
            ".config/fish/completions",
            "kubectl-mesh_tag.fish",
            // As it is where settings are read.
            "set -p fish_complete_path ~/.config/fish/completions",
        ),
    ] {
        if !can_run(shell) {
            continue;
        }
        let sandbox = sandbox("/nonexistent");
        let dir = sandbox.dir().join("home").join(dir);
        std::fs::create_dir_all(&dir).unwrap();
        let script = sandbox.run_args(&["completion", shell.name()]);
        std::fs::write(dir.join(file), script.stdout).unwrap();
        let mut screen = Screen::open(&sandbox, shell, &[setup]);
        // The first use loads it, the second has it.
        for _ in 0..2 {
            screen.types("kubectl-mesh_tag prom");
            screen.key("Tab");
            screen.sees(&format!("{PROMPT}kubectl-mesh_tag promote "));
            screen.give_up_line();
        }
    }
}

/// `completions/` in the repository: verbs and flags, without the program being asked.
#[test]
fn static_files_complete_verbs_and_flags() {
    for shell in SHELLS {
        if !can_run(shell) {
            continue;
        }
        for typed in PLUGINS {
            let sandbox = sandbox("/nonexistent");
            let kept = concat!(env!("CARGO_MANIFEST_DIR"), "/../../completions");
            let file = format!("{kept}/{}.{}", typed.program, shell.name());
            std::fs::copy(file, sandbox.dir().join("static")).unwrap();
            let setup = [shell.before(false), "source ./static"];
            let mut screen = Screen::open(&sandbox, shell, &setup);
            let (begun, verb) = typed.verb;
            for (line, whole) in [
                (begun.to_owned(), format!("{verb} ")),
                (format!("{verb} --kubec"), format!("{verb} --kubeconfig")),
            ] {
                screen.types(&format!("{} {line}", typed.program));
                screen.key("Tab");
                screen.sees(&format!("{PROMPT}{} {whole}", typed.program));
                screen.give_up_line();
            }
        }
    }
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
