//! The scripts that complete a plugin under its own name, `kubectl-mesh_tag`. They run the very program that is being typed.
//!
//! They are written here and not taken from clap: clap's for bash shows no descriptions and breaks words at `=` and `:`, which
//! contexts are full of, and clap's for `PowerShell` evaluates what was typed.

use std::ffi::OsString;

/// A shell that can be completed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shell {
    /// bash 3.2 and later.
    Bash,
    /// zsh.
    Zsh,
    /// fish 3.1 and later.
    Fish,
    /// `PowerShell` 5.1 and later.
    Powershell,
}

impl Shell {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Bash, Self::Zsh, Self::Fish, Self::Powershell];

    /// As it is typed, and as the variable has it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Bash => "bash",
            Self::Zsh => "zsh",
            Self::Fish => "fish",
            Self::Powershell => "powershell",
        }
    }

    /// The shell with this name.
    pub(super) fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|shell| shell.name() == name)
    }

    fn template(self) -> &'static str {
        match self {
            Self::Bash => include_str!("script/bash.sh"),
            Self::Zsh => include_str!("script/zsh.zsh"),
            Self::Fish => include_str!("script/fish.fish"),
            Self::Powershell => include_str!("script/powershell.ps1"),
        }
    }
}

/// The file of a plugin that is typed as `kubectl mesh-tag`: `kubectl-mesh_tag`.
pub(super) fn program(name: &str) -> String {
    let words: Vec<String> = name.split(' ').map(|w| w.replace('-', "_")).collect();
    words.join("-")
}

/// The script for a plugin that is typed as `kubectl mesh-tag`.
pub(super) fn text(shell: Shell, name: &str) -> String {
    let program = program(name);
    shell
        .template()
        .replace("PROGRAM", &program)
        .replace("FUNCTION", &program.replace('-', "_"))
        .replace("TYPED", name)
}

/// `PowerShell` loses an empty last word on its way to a program, so its script puts a `=` before it.
pub(super) fn unmark(words: &mut [OsString]) {
    if let Some(last) = words.last_mut()
        && let Some(word) = last.to_str().and_then(|w| w.strip_prefix('='))
    {
        *last = word.into();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_script_names_the_program_and_leaves_no_blank() {
        for shell in Shell::ALL {
            let text = text(shell, "kubectl mesh-audit-policy");
            assert!(text.contains("kubectl-mesh_audit_policy"), "{text}");
            assert!(text.contains("kubectl mesh-audit-policy completion install"));
            for left in ["PROGRAM", "FUNCTION", "TYPED"] {
                assert!(!text.contains(left), "{left} in {text}");
            }
            assert_eq!(Shell::named(shell.name()), Some(shell));
        }
    }

    #[test]
    fn the_mark_of_powershell_goes() {
        let mut words = ["promote", "="].map(OsString::from);
        unmark(&mut words);
        assert_eq!(words, ["promote", ""]);
        let mut words = ["promote", "=--to=x"].map(OsString::from);
        unmark(&mut words);
        assert_eq!(words[1], "--to=x");
    }
}
