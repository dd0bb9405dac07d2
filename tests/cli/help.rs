//! What every `--help` of every plugin must be.

use crate::sandbox::{Sandbox, run};

/// Widest line: half a screen of a wide terminal, all of a narrow one.
const COLUMNS: usize = 80;

/// Every plugin with its verbs; nothing is a verb that its help does not list.
fn commands(sandbox: &Sandbox) -> Vec<(&'static str, Vec<String>)> {
    let mut commands = Vec::new();
    for plugin in [
        "kubectl-mesh_tag",
        "kubectl-mesh_audit_policy",
        "kubectl-mesh_backup",
        "kubectl-mesh_istioctl",
        "kubectl-mesh_precheck",
    ] {
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
fn has_examples_to_paste() {
    let sandbox = Sandbox::new();
    for (plugin, verb) in commands(&sandbox) {
        let text = help(&sandbox, plugin, &verb);
        let said = text.split("\nUsage: ").next().unwrap_or_default();
        let count = said
            .lines()
            .filter(|l| l.starts_with("  ") && l.contains("kubectl mesh-"))
            .count();
        // How a script is loaded may be one line.
        let least = if verb.len() > 1 { 1 } else { 2 };
        assert!(
            (least..=5).contains(&count),
            "{plugin} {verb:?}: {count}: {text}"
        );
    }
}

#[test]
fn a_typo_is_answered_with_what_was_meant() {
    let sandbox = Sandbox::new();
    for (plugin, typed, meant) in [
        ("kubectl-mesh_tag", &["promot", "stable"][..], "'promote'"),
        ("kubectl-mesh_tag", &["rolback", "stable"], "'rollback'"),
        (
            "kubectl-mesh_tag",
            &["promote", "stable", "--dryrun"],
            "'--dry-run'",
        ),
        (
            "kubectl-mesh_tag",
            &["list", "--contxt", "x"],
            "'--context'",
        ),
        ("kubectl-mesh_tag", &["list", "-o", "jsn"], "'json'"),
        ("kubectl-mesh_backup", &["shwo"], "'show'"),
        ("kubectl-mesh_istioctl", &["instal"], "'install'"),
        ("kubectl-mesh_precheck", &["--too", "1.28"], "'--to'"),
    ] {
        let out = run(sandbox.plugin(plugin).args(typed));
        let text = String::from_utf8(out.stderr).expect("errors are UTF-8");
        assert_eq!(out.status.code(), Some(64), "{typed:?}: {text}");
        assert!(text.starts_with("error: "), "{typed:?}: {text}");
        assert!(text.contains(meant), "{typed:?}: {text}");
        assert!(text.contains("--help"), "{typed:?}: {text}");
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
            // That of a plugin may show where its result goes next.
            let starts = example.starts_with(&typed)
                || (verb.is_empty() && example.starts_with("kubectl mesh-"));
            assert!(starts, "{typed}: {example}");
        }
    }
}
