//! `completion`: the verb that every plugin has.

use std::path::PathBuf;

use clap::{Args, Command, FromArgMatches as _, Subcommand, ValueHint};
use serde_json::Value;

use super::{
    install::{self, Done, Place},
    script::{self, Shell},
};
use crate::{
    Ctx, Outcome,
    error::{Error, Kind, Result},
    output::{Doc, OutputArgs, Report, verdict},
};

/// Its name.
pub(crate) const NAME: &str = "completion";

/// What TYPED stands for in these texts, and PROGRAM: they are the same for every plugin.
const LONG: &str = "\
Set up TAB completion in your shell

TYPED <TAB> is completed by kubectl 1.26 or later, with a helper
on your PATH. `install` makes the helpers of all plugins of the suite at once.
kubectl's own completion has to be loaded, as for any kubectl command:
  source <(kubectl completion bash)

bash, zsh, fish and powershell print a script for the program under its own
name, PROGRAM.

Tags, revisions and namespaces come from the cluster that the flags already
typed choose, or from the archive after --from; within a second or not at
all. Nothing is written or asked, and errors are silent.

Examples:
  TYPED completion install
  TYPED completion install --dry-run
  TYPED completion bash

Exit codes: 0 done, or nothing to do; 1 nothing done; 2 refused, nothing
done; 64 usage.";

const INSTALL: &str = "\
Let kubectl complete every installed plugin of the suite

kubectl asks a helper: a link kubectl_complete-mesh_tag to kubectl-mesh_tag,
one for each plugin. It stays good when krew upgrades the plugin. It is not
put into krew's own directory, where krew would leave it behind. Where
something else has the name of a helper, nothing is done at all.

Examples:
  TYPED completion install
  TYPED completion install --dry-run
  TYPED completion install --dir ~/bin

Exit codes: 0 linked, or linked already; 1 nothing done; 2 refused, nothing
done; 64 usage.";

const UNINSTALL: &str = "\
Remove the helpers that `install` made

Also those whose plugin is gone. Nothing else is touched.

Examples:
  TYPED completion uninstall
  TYPED completion uninstall --dry-run

Exit codes: 0 removed, or nothing to remove; 1 not all removed; 64 usage.";

const BASH: &str = "\
Print the script that completes PROGRAM in bash

For TYPED <TAB>, see: TYPED completion install

For this shell:
  source <(TYPED completion bash)

For every shell, with the package bash-completion:
  dir=~/.local/share/bash-completion/completions
  mkdir -p $dir
  TYPED completion bash > $dir/PROGRAM

Exit codes: 0 printed; 64 usage.";

const ZSH: &str = "\
Print the script that completes PROGRAM in zsh

For TYPED <TAB>, see: TYPED completion install

For this shell:
  source <(TYPED completion zsh)

For every shell, put that line into ~/.zshrc after compinit, or:
  dir=${fpath[1]}
  TYPED completion zsh > $dir/_PROGRAM

Exit codes: 0 printed; 64 usage.";

const FISH: &str = "\
Print the script that completes PROGRAM in fish

For TYPED <TAB>, see: TYPED completion install

For this shell:
  TYPED completion fish | source

For every shell:
  set dir ~/.config/fish/completions
  TYPED completion fish > $dir/PROGRAM.fish

Exit codes: 0 printed; 64 usage.";

const POWERSHELL: &str = "\
Print the script that completes PROGRAM in PowerShell

For TYPED <TAB>, see: TYPED completion install

For this shell:
  TYPED completion powershell | Out-String | Invoke-Expression

For every shell, put that line into the file $PROFILE.

Exit codes: 0 printed; 64 usage.";

#[derive(Debug, Clone, Subcommand)]
enum Verb {
    Bash,
    Zsh,
    Fish,
    Powershell,
    Install(At),
    Uninstall(At),
}

/// Where helpers are.
#[derive(Debug, Clone, Args)]
struct At {
    /// The directory of the helpers [default: ~/.local/bin]
    #[arg(long, value_name = "DIR", value_hint = ValueHint::DirPath)]
    dir: Option<PathBuf>,

    /// Say what would be done, and do nothing
    #[arg(long)]
    dry_run: bool,

    #[command(flatten)]
    output: OutputArgs,
}

/// The verb, for the plugin that is typed like this.
pub(crate) fn command(name: &'static str) -> Command {
    let texts = |command: Command, long: &str| {
        let program = script::program(name);
        let long = long.replace("TYPED", name).replace("PROGRAM", &program);
        let about = long.lines().next().unwrap_or_default().to_owned();
        command.about(about).long_about(long)
    };
    let verb = Verb::augment_subcommands(Command::new(NAME))
        .subcommand_required(true)
        .arg_required_else_help(true);
    let verb = [
        ("bash", BASH),
        ("zsh", ZSH),
        ("fish", FISH),
        ("powershell", POWERSHELL),
        ("install", INSTALL),
        ("uninstall", UNINSTALL),
    ]
    .into_iter()
    .fold(verb, |verb, (sub, long)| {
        verb.mut_subcommand(sub, |sub| texts(sub, long))
    });
    texts(verb, LONG)
}

/// Runs it.
pub(crate) fn run(ctx: &Ctx, matches: &clap::ArgMatches) -> Result<Outcome> {
    let verb =
        Verb::from_arg_matches(matches).map_err(|e| Error::new(Kind::Usage, e.to_string()))?;
    let shell = match verb {
        Verb::Bash => Shell::Bash,
        Verb::Zsh => Shell::Zsh,
        Verb::Fish => Shell::Fish,
        Verb::Powershell => Shell::Powershell,
        Verb::Install(at) => {
            let place = Place::process(at.dir)?;
            let done = install::install(&place, at.dry_run)?;
            return print(ctx, at.output, done);
        }
        Verb::Uninstall(at) => {
            let place = Place::process(at.dir)?;
            let done = install::uninstall(&place, at.dry_run)?;
            return print(ctx, at.output, done);
        }
    };
    ctx.printer.raw(&script::text(shell, ctx.name))?;
    Ok(Outcome::Done)
}

fn print(ctx: &Ctx, output: OutputArgs, done: Done) -> Result<Outcome> {
    let screen = Screen {
        name: ctx.name,
        done,
    };
    ctx.printer.print(&output, &screen)?;
    Ok(Outcome::Done)
}

struct Screen {
    name: &'static str,
    done: Done,
}

impl Report for Screen {
    fn doc(&self, _wide: bool) -> Doc {
        self.done.doc(self.name)
    }

    fn json(&self) -> serde_json::Result<Value> {
        verdict("Completion", Outcome::Done, &self.done)
    }

    fn names(&self) -> Vec<String> {
        let helpers = self.done.helpers.iter();
        helpers.map(|h| h.path.display().to_string()).collect()
    }
}
