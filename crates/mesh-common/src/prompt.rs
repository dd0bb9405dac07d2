//! Questions to the person at the terminal.
//!
//! A question is asked on stderr and only when stdin and stderr are both terminals. Without one the
//! answer is a refusal that names the flag, before anything is written.

use std::io;

use dialoguer::console::{self, Term};
use dialoguer::theme::{ColorfulTheme, SimpleTheme, Theme};
use dialoguer::{Confirm, Input, Select};
#[cfg(unix)]
use rustix::termios::{LocalModes, OptionalActions, Termios, tcgetattr, tcsetattr};

use crate::error::{Error, Kind, Result};
use crate::output::{Printer, clean};

/// Longest reason kept, in characters: it goes into a record.
const REASON_MAX: usize = 500;

/// How questions are answered without asking.
#[derive(Debug, Clone, Copy, Default, clap::Args)]
pub struct PromptArgs {
    /// Answer yes to the confirmation
    #[arg(short, long, global = true, help_heading = "Prompt options")]
    pub yes: bool,
}

/// Asks a yes-or-no question; the default is No. To be asked before the first write: every failure
/// says that nothing was changed.
///
/// # Errors
/// [`Kind::Refused`] without a terminal and without `--yes`; [`Kind::Interrupted`] on Ctrl-C.
pub fn confirm(p: &Printer, args: &PromptArgs, question: &str) -> Result<bool> {
    if args.yes {
        return Ok(true);
    }
    if !can_ask(p) {
        return Err(Error::refused(format!(
            "cannot ask \"{}\" without a terminal; nothing was changed",
            clean(question, REASON_MAX)
        ))
        .hint("add --yes to confirm without being asked"));
    }
    let theme = theme(p);
    // Waiting for Enter keeps a key typed ahead from being the confirmation.
    let answer = Confirm::with_theme(theme.as_ref())
        .with_prompt(p.prompt_line(question, "? [y/N] yes".len()))
        .default(false)
        .wait_for_newline(true)
        .interact_on(&Term::stderr());
    answered(answer)
}

/// Asks to pick one of `items`; returns its index.
///
/// # Errors
/// [`Kind::Refused`] without a terminal; [`Kind::Interrupted`] on Ctrl-C; [`Kind::Internal`] when there
/// is nothing to pick.
pub fn choose(p: &Printer, question: &str, items: &[String]) -> Result<usize> {
    if items.is_empty() {
        return Err(Error::internal(format!(
            "nothing to choose from for \"{question}\""
        )));
    }
    if !can_ask(p) {
        return Err(no_terminal(question));
    }
    let theme = theme(p);
    let answer = Select::with_theme(theme.as_ref())
        .with_prompt(p.prompt_line(question, 4))
        .items(items.iter().map(|item| p.prompt_line(item, 4)))
        .default(0)
        .interact_on(&Term::stderr());
    answered(answer)
}

/// Asks for a reason in words; `None` when nothing was typed.
///
/// # Errors
/// [`Kind::Refused`] without a terminal; [`Kind::Interrupted`] on Ctrl-C.
pub fn reason(p: &Printer, question: &str) -> Result<Option<String>> {
    if !can_ask(p) {
        return Err(no_terminal(question));
    }
    let theme = theme(p);
    let answer: String = answered(
        Input::with_theme(theme.as_ref())
            .with_prompt(p.prompt_line(question, 4))
            .allow_empty(true)
            .interact_text_on(&Term::stderr()),
    )?;
    Ok(Some(clean(answer.trim(), REASON_MAX)).filter(|text| !text.is_empty()))
}

/// Asks for a passphrase, which is not shown while it is typed.
///
/// # Errors
/// [`Kind::Refused`] without a terminal; [`Kind::Interrupted`] on Ctrl-C.
pub fn passphrase(p: &Printer, question: &str) -> Result<String> {
    if !can_ask(p) {
        return Err(no_terminal(question));
    }
    let term = Term::stderr();
    // Before the question is seen: who types at once would read it on the screen.
    let _unseen = Unseen::typing();
    let read = term
        .write_str(&format!("{}: ", p.prompt_line(question, 4)))
        .and_then(|()| term.read_secure_line());
    answered(read.map_err(dialoguer::Error::IO))
}

/// While it lives, what is typed is not shown.
struct Unseen {
    #[cfg(unix)]
    shown: Option<Termios>,
}

impl Unseen {
    #[cfg(unix)]
    fn typing() -> Self {
        let shown = tcgetattr(io::stdin()).ok();
        if let Some(shown) = &shown {
            let mut unseen = shown.clone();
            unseen.local_modes.remove(LocalModes::ECHO);
            // Where it cannot be switched off, the reader below fails to do so, too, and says so.
            let _ = tcsetattr(io::stdin(), OptionalActions::Now, &unseen);
        }
        Self { shown }
    }

    #[cfg(not(unix))]
    fn typing() -> Self {
        Self {}
    }
}

#[cfg(unix)]
impl Drop for Unseen {
    fn drop(&mut self) {
        if let Some(shown) = &self.shown {
            let _ = tcsetattr(io::stdin(), OptionalActions::Now, shown);
        }
    }
}

fn can_ask(p: &Printer) -> bool {
    p.stdin_is_terminal() && p.stderr_is_terminal()
}

fn no_terminal(question: &str) -> Error {
    Error::refused(format!(
        "cannot ask \"{}\" without a terminal; nothing was changed",
        clean(question, REASON_MAX)
    ))
}

/// dialoguer decides about colour by rules of its own; it gets ours.
fn theme(p: &Printer) -> Box<dyn Theme> {
    console::set_colors_enabled_stderr(p.err_colour());
    if p.err_colour() {
        Box::new(ColorfulTheme::default())
    } else {
        Box::new(SimpleTheme)
    }
}

/// Turns dialoguer's errors into ours and puts the terminal right: dialoguer hides the cursor while
/// it asks, and leaves it hidden when it fails.
///
/// On Ctrl-C console raises SIGINT and returns `Interrupted`; it comes that far only because
/// [`ctx::main`](crate::ctx::main) has a handler for SIGINT installed.
fn answered<T>(answer: dialoguer::Result<T>) -> Result<T> {
    answer.map_err(|dialoguer::Error::IO(e)| {
        let term = Term::stderr();
        let _ = term.show_cursor();
        let _ = term.write_line("");
        match e.kind() {
            io::ErrorKind::Interrupted => Error::new(
                Kind::Interrupted,
                "interrupted at the prompt; nothing was changed",
            ),
            io::ErrorKind::UnexpectedEof => {
                Error::refused("the terminal closed before the answer; nothing was changed")
            }
            _ => Error::refused("no answer could be read; nothing was changed").caused_by(e),
        }
    })
}

#[cfg(test)]
mod tests;
