//! What every `--help` of every plugin must be.

use crate::sandbox::{Sandbox, run};

/// Widest line: half a screen of a wide terminal, all of a narrow one.
const COLUMNS: usize = 80;

/// Every plugin with its verbs; nothing is a verb that its help does not list.
fn commands(sandbox: &Sandbox) -> Vec<(&'static str, Vec<String>)> {
    let mut commands = Vec::new();
    for plugin in ["kubectl-mesh_tag", "kubectl-mesh_backup"] {
        let own = verbs(&help(sandbox, plugin, &[]));
        assert!(own.len() >= 2, "{plugin} lists its verbs: {own:?}");
        commands.push((plugin, Vec::new()));
        for verb in own {
            let below = verbs(&help(sandbox, plugin, std::slice::from_ref(&verb)));
            let below = below.into_iter().map(|sub| vec![verb.clone(), sub]);
            commands.extend(below.map(|line| (plugin, line)));
            commands.push((plugin, vec![verb]));
        }
    }
    commands
}

/// The verbs that a help lists.
fn verbs(help: &str) -> Vec<String> {
    let verbs = help
        .lines()
        .skip_while(|line| *line != "Commands:")
        .skip(1)
        .take_while(|line| !line.is_empty())
        // What does not fit on a verb's line goes on below it, further in.
        .filter_map(|line| line.strip_prefix("  ").filter(|l| !l.starts_with(' ')))
        .filter_map(|line| line.split_whitespace().next())
        .filter(|verb| *verb != "help");
    verbs.map(str::to_owned).collect()
}

fn help(sandbox: &Sandbox, plugin: &str, verb: &[String]) -> String {
    let out = run(sandbox.plugin(plugin).args(verb).arg("--help"));
    let text = String::from_utf8(out.stdout).expect("help is UTF-8");
    assert_eq!(out.status.code(), Some(0), "{plugin} {verb:?} --help");
    assert!(
        out.stderr.is_empty(),
        "help goes to stdout: {plugin} {verb:?}"
    );
    text
}

#[test]
fn fits_80_columns() {
    let sandbox = Sandbox::new();
    for (plugin, verb) in commands(&sandbox) {
        for line in help(&sandbox, plugin, &verb).lines() {
            let columns = line.chars().count();
            assert!(columns <= COLUMNS, "{plugin} {verb:?}: {columns}: {line}");
        }
    }
}

#[test]
fn says_the_exit_codes() {
    let sandbox = Sandbox::new();
    for (plugin, verb) in commands(&sandbox) {
        let text = help(&sandbox, plugin, &verb);
        assert!(text.contains("Exit codes: 0 "), "{plugin} {verb:?}: {text}");
    }
}

#[test]
fn says_how_it_is_typed() {
    let sandbox = Sandbox::new();
    for (plugin, verb) in commands(&sandbox) {
        let typed = plugin.replacen("kubectl-", "kubectl ", 1).replace('_', "-");
        let typed = [&[typed][..], &verb].concat().join(" ");
        let text = help(&sandbox, plugin, &verb);
        assert!(
            text.contains(&format!("Usage: {typed} ")),
            "{typed}: {text}"
        );
        // What it shows as an example starts as it would be typed.
        for example in text.lines().skip_while(|l| *l != "Examples:").skip(1) {
            let Some(example) = example.strip_prefix("  ") else {
                break;
            };
            assert!(example.starts_with(&typed), "{typed}: {example}");
        }
    }
}
