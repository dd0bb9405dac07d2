//! Every plugin and every shell that is typed into. A later plugin adds a line to [`PLUGINS`].

/// What is typed to a plugin, and what has to come. `|` stands for TAB.
pub(crate) struct Typed {
    /// The program.
    pub(crate) program: &'static str,
    /// As kubectl takes it.
    pub(crate) kubectl: &'static str,
    /// The beginning of a verb, and the verb.
    pub(crate) verb: (&'static str, &'static str),
    /// A line with a choice, and what is on the screen then: candidates with what is said of them.
    pub(crate) choice: (&'static str, &'static [&'static str]),
    /// A line with one way on, and how it then reads.
    pub(crate) only: (&'static str, &'static str),
}

pub(crate) const PLUGINS: &[Typed] = &[
    Typed {
        program: "kubectl-mesh_tag",
        kubectl: "kubectl mesh-tag",
        verb: ("pro", "promote"),
        choice: (
            "promote --from examples/shop-ready.tar.zst ",
            &[
                "canary",
                "1-28-1 (2 namespaces)",
                "stable",
                "1-26-1 (5 namespaces)",
            ],
        ),
        only: (
            "promote stable --from=examples/shop-ready.tar.zst --to=1-28",
            "promote stable --from=examples/shop-ready.tar.zst --to=1-28-1 ",
        ),
    },
    Typed {
        program: "kubectl-mesh_audit_policy",
        kubectl: "kubectl mesh-audit-policy",
        verb: ("conv", "convert"),
        choice: ("list --color ", &["always", "auto", "never"]),
        only: (
            "list --from examples/shop-r",
            "list --from examples/shop-ready.tar.zst ",
        ),
    },
    Typed {
        program: "kubectl-mesh_backup",
        kubectl: "kubectl mesh-backup",
        verb: ("sho", "show"),
        choice: (
            "show examples/shop-",
            &["shop-ready.tar.zst", "shop-trouble.tar.zst"],
        ),
        only: ("show examples/shop-r", "show examples/shop-ready.tar.zst "),
    },
    Typed {
        program: "kubectl-mesh_istioctl",
        kubectl: "kubectl mesh-istioctl",
        verb: ("inst", "install"),
        // Without a common beginning, which the first TAB would put there.
        choice: ("which --parity ", &["exact", "minor", "off"]),
        only: (
            "which --from=examples/shop-ready.tar.zst --revision=1-28",
            "which --from=examples/shop-ready.tar.zst --revision=1-28-1 ",
        ),
    },
    Typed {
        program: "kubectl-mesh_precheck",
        kubectl: "kubectl mesh-precheck",
        verb: ("ru", "run"),
        choice: ("run --fail-on ", &["error", "unknown", "warning"]),
        only: (
            "run --from examples/shop-r",
            "run --from examples/shop-ready.tar.zst ",
        ),
    },
];

/// A shell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Shell {
    Bash,
    Zsh,
    Fish,
}

pub(crate) const SHELLS: [Shell; 3] = [Shell::Bash, Shell::Zsh, Shell::Fish];

impl Shell {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Bash => "bash",
            Self::Zsh => "zsh",
            Self::Fish => "fish",
        }
    }

    /// How it is started without anybody's settings, with the prompt of the tests.
    pub(crate) fn start(self) -> &'static [&'static str] {
        match self {
            Self::Bash => &["bash", "--norc", "--noprofile", "-i"],
            Self::Zsh => &["zsh", "-f", "-i"],
            Self::Fish => &[
                "fish",
                "--no-config",
                "-i",
                "--init-command",
                "function fish_prompt; echo -n 'typed> '; end; set fish_autosuggestion_enabled 0; set fish_greeting",
            ],
        }
    }

    /// What loads the completion of a program, printed by this command.
    pub(crate) fn load(self, command: &str) -> String {
        match self {
            Self::Bash | Self::Zsh => format!("source <({command} completion {})", self.name()),
            Self::Fish => format!("{command} completion fish | source"),
        }
    }

    /// What has to be there before.
    pub(crate) fn before(self, kubectl: bool) -> &'static str {
        match self {
            // kubectl's script wants the package; ours does not.
            Self::Bash if kubectl => "source /usr/share/bash-completion/bash_completion",
            Self::Zsh => "autoload -Uz compinit && compinit -u -D",
            Self::Bash | Self::Fish => "true",
        }
    }

    /// A line that prints `ready-42`, and does not read so.
    pub(crate) fn mark(self) -> &'static str {
        match self {
            Self::Bash | Self::Zsh => "echo ready-$((40 + 2))",
            Self::Fish => "echo ready-(math 40 + 2)",
        }
    }
}
