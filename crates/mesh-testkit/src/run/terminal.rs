//! A real bash on a pseudo-terminal.

use std::{fmt, process::Command};

use rexpect::{
    reader::Options,
    session::{PtySession, spawn_with_options},
};

/// How long to wait for a text, in milliseconds.
const PATIENCE: u64 = 60_000;

/// The prompt, unlike anything a command prints.
const PROMPT: &str = "typed-here> ";

/// bash, waiting for a line. Ends when dropped.
pub struct Terminal {
    session: PtySession,
}

impl Terminal {
    #[track_caller]
    pub(super) fn open(mut bash: Command) -> Self {
        bash.args(["--norc", "--noprofile", "--noediting", "-i"])
            .env("PS1", PROMPT)
            .env("TERM", "xterm-256color")
            .env("HISTFILE", "");
        let options = Options::new()
            .timeout_ms(Some(PATIENCE))
            .strip_ansi_escape_codes(true);
        let session = spawn_with_options(bash, options);
        let mut session = session.unwrap_or_else(|e| panic!("no bash on a terminal: {e}"));
        // An interactive bash takes no SIGTERM: the end is SIGKILL, at once.
        session.process_mut().set_kill_timeout(Some(0));
        let mut terminal = Self { session };
        terminal.sees(PROMPT);
        terminal
    }

    /// Types a line and Enter.
    #[track_caller]
    pub fn line(&mut self, text: &str) {
        let sent = self.session.send_line(text);
        sent.unwrap_or_else(|e| panic!("cannot type {text:?}: {e}"));
    }

    /// Types Ctrl and a key: `'c'`.
    #[track_caller]
    pub fn control(&mut self, key: char) {
        let sent = self.session.send_control(key);
        sent.unwrap_or_else(|e| panic!("cannot type Ctrl-{key}: {e}"));
    }

    /// Waits for a text; what came before it.
    #[track_caller]
    pub fn sees(&mut self, text: &str) -> String {
        let seen = self.session.exp_string(text);
        seen.unwrap_or_else(|e| panic!("never saw {text:?}: {e}"))
    }

    /// Waits for the command to end: what it printed since, and its exit code.
    #[track_caller]
    pub fn ends(&mut self) -> (String, i32) {
        let printed = self.sees(PROMPT);
        self.line("echo \"code=$?.\"");
        self.sees("code=");
        let code = self.sees(".");
        self.sees(PROMPT);
        let code = code
            .parse()
            .unwrap_or_else(|_| panic!("no exit code: {code}"));
        (printed, code)
    }
}

impl fmt::Debug for Terminal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Terminal").finish_non_exhaustive()
    }
}
