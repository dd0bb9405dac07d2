//! One decision about colour, signs and width for the whole suite, shown on a real pseudo-terminal and off it.

use std::{ffi::OsStr, path::PathBuf, process::Command};

use rexpect::{reader::Options, session::spawn_with_options};
use unicode_width::UnicodeWidthStr;

use crate::sandbox::{Sandbox, run};

const PLAN: &[&str] = &["promote", "stable", "--from", "examples/shop-ready.tar.zst"];
const LIST: &[&str] = &["list", "--from", "examples/shop-trouble.tar.zst"];
const TYPO: &[&str] = &["lst"];

/// Environment, flags, and whether there is colour then.
type Case = (
    &'static [(&'static str, &'static str)],
    &'static [&'static str],
    bool,
);

/// What a plugin prints on a terminal so many columns wide; stderr is the same terminal.
fn on_terminal(columns: usize, env: &[(&str, &str)], plugin: &str, args: &[&str]) -> String {
    let sandbox = Sandbox::new();
    let inner = sandbox.plugin(plugin);
    // Set before the plugin starts, so it never sees another size.
    let mut sh = Command::new(tool("sh"));
    sh.env_clear().current_dir(crate::sandbox::root());
    for (name, value) in inner.get_envs() {
        sh.env(name, value.unwrap_or_default());
    }
    sh.env("TERM", "xterm-256color").envs(env.iter().copied());
    let script = format!("'{}' cols {columns}; exec \"$@\"", tool("stty").display());
    sh.arg("-c")
        .arg(script)
        .arg("sh")
        .arg(inner.get_program())
        .args(args);
    let options = Options::new()
        .timeout_ms(Some(60_000))
        .strip_ansi_escape_codes(false);
    let mut session = spawn_with_options(sh, options).expect("there is a pseudo-terminal");
    let seen = session.exp_eof().expect("it ends");
    // What comes is a character per byte.
    let bytes: Vec<u8> = seen.chars().filter_map(|c| u8::try_from(c).ok()).collect();
    let text = String::from_utf8(bytes).expect("UTF-8");
    text.replace("\r\n", "\n")
}

/// The same into pipes: stdout and stderr.
fn piped(env: &[(&str, &str)], plugin: &str, args: &[&str]) -> (String, String) {
    let sandbox = Sandbox::new();
    let out = run(sandbox.plugin(plugin).args(args).envs(env.iter().copied()));
    let text = |bytes| String::from_utf8(bytes).expect("UTF-8");
    (text(out.stdout), text(out.stderr))
}

fn tool(name: &str) -> PathBuf {
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path)
        .map(|dir| dir.join(OsStr::new(name)))
        .find(|file| file.is_file())
        .unwrap_or_else(|| panic!("the tests need {name}"))
}

fn coloured(text: &str) -> bool {
    text.contains("\u{1b}[")
}

#[test]
fn colour_is_for_terminals_unless_somebody_says_otherwise() {
    let plugin = "kubectl-mesh_tag";
    let cases: &[Case] = &[
        (&[], &[], true),
        (&[("NO_COLOR", "1")], &[], false),
        // Set and empty means not set (https://no-color.org).
        (&[("NO_COLOR", "")], &[], true),
        (&[("CLICOLOR", "0")], &[], false),
        (&[("TERM", "dumb")], &[], false),
        (&[("TERM", "dumb")], &["--color", "always"], true),
        (&[], &["--color=never"], false),
        (&[("NO_COLOR", "1")], &["--color=always"], true),
        (&[("CLICOLOR_FORCE", "1")], &["--color=never"], false),
    ];
    for (env, flags, want) in cases {
        for command in [PLAN, LIST, TYPO] {
            let args = [command, flags].concat();
            let text = on_terminal(100, env, plugin, &args);
            assert_eq!(coloured(&text), *want, "{env:?} {args:?}: {text}");
        }
    }
    let cases: &[Case] = &[
        (&[], &[], false),
        (&[("CLICOLOR_FORCE", "1")], &[], true),
        (&[("CLICOLOR_FORCE", "1"), ("NO_COLOR", "1")], &[], false),
        (&[], &["--color=always"], true),
        (&[("CI", "true"), ("TERM", "xterm")], &[], false),
    ];
    for (env, flags, want) in cases {
        let args = [PLAN, flags].concat();
        let (out, _) = piped(env, plugin, &args);
        assert_eq!(coloured(&out), *want, "piped {env:?} {args:?}: {out}");
        let args = [TYPO, flags].concat();
        let (_, err) = piped(env, plugin, &args);
        assert_eq!(coloured(&err), *want, "piped {env:?} {args:?}: {err}");
    }
}

#[test]
fn data_for_programs_is_never_coloured() {
    for format in ["json", "yaml", "name", "markdown"] {
        let args = [LIST, &["-o", format, "--color=always"]].concat();
        let (out, _) = piped(&[], "kubectl-mesh_tag", &args);
        assert!(!coloured(&out) && !out.is_empty(), "{format}: {out}");
    }
}

#[test]
fn a_terminal_without_utf_8_gets_ascii() {
    for (env, ascii) in [
        (&[("LC_ALL", "C")][..], true),
        (&[("LC_ALL", "POSIX")], true),
        (&[("LC_ALL", ""), ("LANG", "en_US.ISO-8859-1")], true),
        (
            &[("LC_ALL", ""), ("LC_CTYPE", "C.UTF-8"), ("LANG", "C")],
            false,
        ),
        (&[("LC_ALL", ""), ("LANG", "de_DE.utf8")], false),
    ] {
        let text = on_terminal(100, env, "kubectl-mesh_tag", PLAN);
        assert_eq!(text.is_ascii(), ascii, "{env:?}: {text}");
        let (out, _) = piped(env, "kubectl-mesh_tag", PLAN);
        assert_eq!(out.is_ascii(), ascii, "piped {env:?}: {out}");
    }
}

#[test]
fn lines_fit_the_terminal_and_a_pipe_has_one_line_per_row() {
    let widest = |text: &str| {
        // A command that is to be pasted, and a word that has no space, stay whole.
        let lines = text.lines().filter(|l| !l.starts_with("    kubectl "));
        let fits = lines.filter(|l| l.trim().contains(' '));
        fits.map(UnicodeWidthStr::width).max().unwrap_or_default()
    };
    for columns in [80, 120, 200] {
        for command in [PLAN, LIST] {
            let args = [command, &["--color=never"]].concat();
            let text = on_terminal(columns, &[], "kubectl-mesh_tag", &args);
            assert!(widest(&text) <= columns, "{columns} {args:?}: {text}");
        }
    }
    let rows = |text: &str| text.lines().count();
    let narrow = on_terminal(80, &[], "kubectl-mesh_tag", PLAN);
    let (wide, _) = piped(&[], "kubectl-mesh_tag", PLAN);
    assert!(rows(&narrow) > rows(&wide), "{narrow}\n{wide}");
}

#[test]
fn a_question_needs_somebody_who_can_answer_it() {
    // Piped and without --yes: nothing waits for an answer that cannot come.
    let (out, err) = piped(&[], "kubectl-mesh_tag", &["resume"]);
    assert_eq!(out, "");
    assert!(err.starts_with("error: "), "{err}");
    // A rehearsal on a terminal has nothing to ask.
    let text = on_terminal(100, &[], "kubectl-mesh_tag", PLAN);
    assert!(!text.contains("[y/N]"), "{text}");
}

#[test]
fn results_are_on_stdout_and_nothing_else_is() {
    for command in [PLAN, LIST] {
        let (out, err) = piped(&[], "kubectl-mesh_tag", command);
        assert!(!out.is_empty());
        let (quiet, nothing) = piped(&[], "kubectl-mesh_tag", &[command, &["-q"]].concat());
        assert_eq!(quiet, out, "-q changes no result");
        assert_eq!(nothing, "", "-q: {nothing}");
        // Progress is for terminals: a pipe gets whole lines or nothing.
        assert!(!err.contains('\r'), "{err:?}");
    }
}
