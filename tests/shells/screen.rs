//! A shell in tmux: keys go in, the screen is read.

use std::{
    process::{Command, Output},
    sync::atomic::{AtomicUsize, Ordering},
    thread,
    time::{Duration, Instant},
};

use mesh_testkit::{Plugin, skip::skip};

use crate::table::Shell;

/// How long a test waits for something that has to appear.
const PATIENCE: Duration = Duration::from_secs(60);

/// Screens opened so far.
static OPENED: AtomicUsize = AtomicUsize::new(0);

/// The prompt.
pub(crate) const PROMPT: &str = "typed> ";

/// A shell at its prompt, on a screen of 100 by 40. Ends when dropped.
pub(crate) struct Screen<'a> {
    sandbox: &'a Plugin,
    socket: String,
    shell: Shell,
}

/// Whether the shells are here; says so loudly where not.
#[track_caller]
pub(crate) fn can_run(shell: Shell) -> bool {
    let path = std::env::var_os("PATH").unwrap_or_default();
    for name in ["tmux", shell.name()] {
        if !std::env::split_paths(&path).any(|dir| dir.join(name).is_file()) {
            skip(&format!("{name} is not installed"));
            return false;
        }
    }
    true
}

impl<'a> Screen<'a> {
    /// Opens the shell and runs these lines in it.
    #[track_caller]
    pub(crate) fn open(sandbox: &'a Plugin, shell: Shell, setup: &[&str]) -> Self {
        let mut screen = Self {
            sandbox,
            // Its own: the server of the screen before may not have ended yet.
            socket: format!(
                "{}-{}",
                shell.name(),
                OPENED.fetch_add(1, Ordering::Relaxed)
            ),
            shell,
        };
        let mut start = vec![
            "-f",
            "/dev/null",
            "new-session",
            "-d",
            "-x",
            "100",
            "-y",
            "40",
        ];
        start.extend(shell.start());
        let out = screen.tmux(&start);
        assert!(out.status.success(), "tmux: {out:?}");
        screen.sees(PROMPT);
        for line in setup {
            screen.line(line);
        }
        screen.settle();
        screen
    }

    fn tmux(&self, args: &[&str]) -> Output {
        let socket = self.sandbox.dir().join(&self.socket);
        let mut command: Command = self.sandbox.command("tmux");
        command
            .arg("-S")
            .arg(socket)
            .args(args)
            // zsh and bash take theirs from here.
            .env("PS1", PROMPT)
            .env("TERM", "xterm-256color")
            .env("HISTFILE", "")
            .env("fish_history", "");
        command.output().expect("tmux starts")
    }

    /// Types a text.
    pub(crate) fn types(&mut self, text: &str) {
        self.tmux(&["send-keys", "-l", "--", text]);
    }

    /// Presses a key: `Tab`, `Enter`, `C-u`.
    pub(crate) fn key(&mut self, key: &str) {
        self.tmux(&["send-keys", key]);
    }

    /// Types a line and Enter.
    pub(crate) fn line(&mut self, text: &str) {
        self.types(text);
        self.key("Enter");
    }

    /// What is on the screen now.
    pub(crate) fn now(&self) -> String {
        let out = self.tmux(&["capture-pane", "-p", "-N"]);
        String::from_utf8_lossy(&out.stdout).into_owned()
    }

    /// Waits for a text on the screen.
    #[track_caller]
    pub(crate) fn sees(&mut self, text: &str) -> String {
        self.sees_all(&[text])
    }

    /// Waits until all of these are on the screen together.
    #[track_caller]
    pub(crate) fn sees_all(&mut self, texts: &[&str]) -> String {
        let deadline = Instant::now() + PATIENCE;
        loop {
            let now = self.now();
            if texts.iter().all(|t| now.contains(t)) {
                return now;
            }
            assert!(
                Instant::now() < deadline,
                "{}: never saw {texts:?}:\n{now}",
                self.shell.name()
            );
            thread::sleep(Duration::from_millis(20));
        }
    }

    /// Waits until everything typed so far was worked off, and leaves an empty screen.
    #[track_caller]
    pub(crate) fn settle(&mut self) {
        self.line(self.shell.mark());
        self.sees("ready-42");
        self.key("C-l");
        let deadline = Instant::now() + PATIENCE;
        while self.now().trim() != PROMPT.trim() {
            assert!(Instant::now() < deadline, "is not empty: {}", self.now());
            thread::sleep(Duration::from_millis(20));
        }
    }

    /// Throws the line away that is being typed; what the screen showed until then, when all keys were worked off.
    #[track_caller]
    pub(crate) fn give_up_line(&mut self) -> String {
        // A pager or a menu first, then the line.
        self.key("C-e");
        self.key("C-u");
        self.line(self.shell.mark());
        let seen = self.sees("ready-42");
        self.settle();
        seen
    }
}

impl Drop for Screen<'_> {
    fn drop(&mut self) {
        self.tmux(&["kill-server"]);
    }
}
