//! The README's promises: its first command runs on a fresh clone, its second is the test command.

use std::fs;

use crate::sandbox::{Sandbox, root, run};

/// Commands of the README that start with cargo, in their order.
fn commands() -> Vec<String> {
    let text = fs::read_to_string(root().join("README.md")).expect("there is a README");
    let lines = text
        .lines()
        .map(|line| line.strip_prefix("$ ").unwrap_or(line));
    lines
        .filter(|line| line.starts_with("cargo "))
        .map(|line| line.split(" #").next().unwrap_or(line).trim().to_owned())
        .collect()
}

#[test]
fn the_first_command_prints_the_promotion_plan() {
    let first = commands()
        .into_iter()
        .next()
        .expect("the README has commands");
    let typed: Vec<&str> = first.split_whitespace().collect();
    let ["cargo", "run", "-p", "kubectl-mesh-tag", "--", args @ ..] = typed.as_slice() else {
        panic!("it runs mesh-tag: {first}");
    };
    assert_eq!(
        args[..2],
        ["promote", "stable"],
        "exactly as typed: {first}"
    );
    let out = run(Sandbox::new().plugin("kubectl-mesh_tag").args(args));
    let text = String::from_utf8(out.stdout).expect("UTF-8");
    assert_eq!(out.status.code(), Some(0), "{text}");
    let headline = "Move tag stable from 1-26-1 (1.26.1) to 1-28-1 (1.28.1)";
    assert!(text.lines().any(|line| line == headline), "{text}");
}

#[test]
fn the_second_command_runs_the_tests() {
    assert_eq!(
        commands().get(1).map(String::as_str),
        Some("cargo xtask test")
    );
}
