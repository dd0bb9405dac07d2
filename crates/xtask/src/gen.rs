//! What is made of the command lines: static completions, kept in `completions/`, and man pages, made when they are packaged.

use std::{
    fs,
    path::{Path, PathBuf},
    process::ExitCode,
};

use clap::{Args, Command};
use clap_complete::{Generator as _, Shell};

use crate::{Result, run::root};

/// A plugin: the name of its program, and all that can be typed.
type Plugin = (&'static str, fn() -> Command);

/// The plugins there are. A later one adds a line.
const PLUGINS: &[Plugin] = &[
    (
        "kubectl-mesh_audit_policy",
        kubectl_mesh_audit_policy::command,
    ),
    ("kubectl-mesh_backup", kubectl_mesh_backup::command),
    ("kubectl-mesh_istioctl", kubectl_mesh_istioctl::command),
    ("kubectl-mesh_precheck", kubectl_mesh_precheck::command),
    ("kubectl-mesh_tag", kubectl_mesh_tag::command),
];

/// The shells, and how their files end.
const SHELLS: [(Shell, &str); 4] = [
    (Shell::Bash, "bash"),
    (Shell::Zsh, "zsh"),
    (Shell::Fish, "fish"),
    (Shell::PowerShell, "ps1"),
];

/// What `gen` takes.
#[derive(Debug, Args)]
pub(crate) struct GenArgs {
    /// Write the man pages into this directory, too
    #[arg(long, value_name = "DIR")]
    man: Option<PathBuf>,
    /// Change nothing; fail where `completions/` is not what the commands say
    #[arg(long)]
    check: bool,
}

/// Writes what is asked for.
pub(crate) fn run(args: &GenArgs) -> Result<ExitCode> {
    let dir = root().join("completions");
    let mut stale = Vec::new();
    for (name, text) in completions()? {
        let path = dir.join(&name);
        if fs::read_to_string(&path).ok().as_deref() == Some(&text) {
            continue;
        }
        if args.check {
            stale.push(name);
        } else {
            fs::create_dir_all(&dir)?;
            fs::write(&path, text).map_err(|e| format!("{}: {e}", path.display()))?;
        }
    }
    if !stale.is_empty() {
        let stale = stale.join(", ");
        return Err(format!("not what the commands say: {stale}; run cargo xtask gen").into());
    }
    if let Some(dir) = &args.man {
        for (program, _) in PLUGINS {
            man(program, dir)?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// Every static completion: the name of its file and what is in it.
pub(crate) fn completions() -> Result<Vec<(String, String)>> {
    let mut files = Vec::new();
    for (program, command) in PLUGINS {
        for (shell, ending) in SHELLS {
            // They complete the program under its own name, in which there is no blank.
            let mut command = command().name(*program).bin_name(*program);
            command.build();
            let mut text = Vec::new();
            shell.try_generate(&command, &mut text)?;
            let mut text = String::from_utf8(text)?;
            if shell == Shell::Bash {
                // clap_complete 4.6.11 spells a program with a dash in two ways, and so finds none of its verbs' flags
                // (`aot/shells/bash.rs`: `fn_name`, and `subcommand_details`).
                let (one, other) = (
                    program.replace('-', "__subcmd__"),
                    program.replace('-', "__"),
                );
                text = text.replace(&one, &other);
            }
            // What clap leaves at the ends of lines, git complains about.
            let lines: Vec<&str> = text.lines().map(str::trim_end).collect();
            let text = lines.join("\n").trim_end().to_owned() + "\n";
            files.push((format!("{program}.{ending}"), text));
        }
    }
    Ok(files)
}

/// Writes the man pages of one plugin into a directory: `kubectl-mesh_tag.1`, and one for each verb. Returns the files.
///
/// # Errors
/// There is no such plugin, or the directory cannot be written.
pub(crate) fn man(program: &str, dir: &Path) -> Result<Vec<PathBuf>> {
    let (_, command) = PLUGINS
        .iter()
        .find(|(name, _)| *name == program)
        .ok_or_else(|| format!("{program} is no plugin of the suite"))?;
    let mut command = command().disable_help_subcommand(true);
    command.build();
    fs::create_dir_all(dir)?;
    let mut files = Vec::new();
    pages(&command, program, dir, &mut files)?;
    Ok(files)
}

/// The page of a command and those of its verbs.
fn pages(command: &Command, page: &str, dir: &Path, files: &mut Vec<PathBuf>) -> Result<()> {
    let version = format!("kubectl-mesh {}", env!("CARGO_PKG_VERSION"));
    let path = dir.join(format!("{page}.1"));
    let mut text = Vec::new();
    // `NAME` names the page, the synopsis what is typed.
    clap_mangen::Man::new(command.clone().display_name(page))
        .title(page)
        .source(version)
        .manual("kubectl-mesh")
        .render(&mut text)?;
    fs::write(&path, text).map_err(|e| format!("{}: {e}", path.display()))?;
    files.push(path);
    for verb in command.get_subcommands().filter(|v| !v.is_hide_set()) {
        pages(verb, &format!("{page}-{}", verb.get_name()), dir, files)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_completions_in_the_repository_are_what_the_commands_say() {
        for (name, text) in completions().expect("they can be made") {
            let path = root().join("completions").join(&name);
            let kept = fs::read_to_string(&path).unwrap_or_default();
            assert!(kept == text, "{name} is old: cargo xtask gen");
        }
        let kept = fs::read_dir(root().join("completions")).expect("it is there");
        assert_eq!(
            kept.count(),
            PLUGINS.len() * SHELLS.len(),
            "no file of a plugin that is gone"
        );
    }

    #[test]
    fn every_verb_has_a_page_that_says_how_it_is_typed() {
        let dir = tempfile::tempdir().expect("a temporary directory can be made");
        for (program, command) in PLUGINS {
            let files = man(program, dir.path()).expect("they can be written");
            let verbs: Vec<String> = command()
                .get_subcommands()
                .map(|v| v.get_name().to_owned())
                .collect();
            assert!(verbs.len() > 2, "{program}: {verbs:?}");
            for verb in verbs {
                let page = dir.path().join(format!("{program}-{verb}.1"));
                assert!(files.contains(&page), "{files:?}");
                let text = fs::read_to_string(&page).expect("it was written");
                let typed = program.replacen('-', " ", 1).replace('_', "\\-");
                assert!(text.contains(&format!("{typed} {verb}")), "{text}");
                assert!(text.contains("Exit codes:"), "{text}");
            }
        }
    }
}
