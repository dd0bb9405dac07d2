//! Where output goes: one decision about colour, width and character set for each of the two streams.

use std::io::{self, IsTerminal, Write};
use std::sync::{Arc, Mutex, PoisonError};

use anstream::AutoStream;

use super::doc::Doc;
use super::failure::{MESSAGE_MAX, failure};
use super::terminal::{self, plain};
use super::{Format, GlobalOutputArgs, OutputArgs, Report, View, clean, data, markdown};
use crate::error::{Error, Result};
use crate::shell::Reach;

mod live;

pub use live::Live;

/// The width of a terminal that does not tell.
const WIDTH_UNKNOWN: usize = 80;

/// Writes results to stdout, and notes, prompts and errors to stderr.
#[derive(Debug, Clone)]
pub struct Printer {
    out: Stream,
    err: Stream,
    quiet: bool,
    stdin_is_terminal: bool,
    /// Where the commands go that are printed.
    reach: Reach,
}

#[derive(Debug, Clone)]
struct Stream {
    sink: Sink,
    /// Columns of the terminal; `None` when this is none.
    width: Option<usize>,
    colour: bool,
    ascii: bool,
}

#[derive(Debug, Clone)]
enum Sink {
    Stdout,
    Stderr,
    Buffer(Arc<Mutex<Vec<u8>>>),
}

impl Printer {
    /// Looks at the two streams, once.
    pub fn new(args: &GlobalOutputArgs) -> Self {
        let choice = anstream::ColorChoice::from(args.color);
        choice.write_global();
        let ascii = !utf8(|name| std::env::var(name).ok());
        let (out, err) = (io::stdout(), io::stderr());
        Self {
            out: Stream {
                width: out
                    .is_terminal()
                    .then(|| columns(terminal_size::terminal_size_of(&out))),
                colour: AutoStream::choice(&out) != anstream::ColorChoice::Never,
                ascii,
                sink: Sink::Stdout,
            },
            err: Stream {
                width: err
                    .is_terminal()
                    .then(|| columns(terminal_size::terminal_size_of(&err))),
                colour: AutoStream::choice(&err) != anstream::ColorChoice::Never,
                ascii,
                sink: Sink::Stderr,
            },
            quiet: args.quiet,
            stdin_is_terminal: io::stdin().is_terminal(),
            reach: Reach::default(),
        }
    }

    /// A printer for tests: both streams are terminals of this width, or none, and
    /// [`captured`](Self::captured) has what was written. Stdin is no terminal.
    pub fn for_test(width: Option<usize>, colour: bool, ascii: bool) -> Self {
        let stream = || Stream {
            sink: Sink::Buffer(Arc::default()),
            width,
            colour,
            ascii,
        };
        Self {
            out: stream(),
            err: stream(),
            quiet: false,
            stdin_is_terminal: false,
            reach: Reach::default(),
        }
    }

    /// What a printer of [`for_test`](Self::for_test) wrote to stdout and to stderr.
    pub fn captured(&self) -> (String, String) {
        (self.out.captured(), self.err.captured())
    }

    /// The same printer, silenced as by `--quiet`.
    #[must_use]
    pub fn quiet(mut self, quiet: bool) -> Self {
        self.quiet = quiet;
        self
    }

    /// The same printer, whose commands to paste reach this cluster.
    #[must_use]
    pub fn reaching(mut self, reach: Reach) -> Self {
        self.reach = reach;
        self
    }

    /// Prints the result of a command as `-o` asks.
    ///
    /// # Errors
    /// [`Kind::BrokenPipe`](crate::error::Kind::BrokenPipe) when the reader went away, else
    /// [`Kind::Internal`](crate::error::Kind::Internal).
    pub fn print(&self, args: &OutputArgs, report: &dyn Report) -> Result<()> {
        let wide = args.output == Format::Wide;
        let view = self.out.view(wide, args.full);
        let text = match args.output {
            Format::Table | Format::Wide => terminal::render(&self.aimed(report.doc(wide)), &view),
            Format::Markdown => markdown::render(&self.aimed(report.doc(wide)), &view),
            Format::Json => data::json(&as_json(report)?)?,
            Format::Yaml => data::yaml(&as_json(report)?)?,
            Format::Name => report
                .names()
                .iter()
                .map(|name| clean(name, MESSAGE_MAX) + "\n")
                .collect(),
        };
        Ok(self.out.write(&text)?)
    }

    /// Prints a document on stdout; `full` shows every row of its tables.
    ///
    /// # Errors
    /// As [`print`](Self::print).
    pub fn out(&self, doc: &Doc, full: bool) -> Result<()> {
        Ok(self.out.write(&terminal::render(
            &self.aimed(doc.clone()),
            &self.out.view(false, full),
        ))?)
    }

    /// Writes text to stdout as it is: for what a program reads. The caller answers for its content.
    ///
    /// # Errors
    /// As [`print`](Self::print).
    pub fn raw(&self, text: &str) -> Result<()> {
        Ok(self.out.write(text)?)
    }

    /// Prints one line on stderr, unless `--quiet`.
    pub fn note(&self, text: impl AsRef<str>) {
        if !self.quiet {
            self.urgent(text);
        }
    }

    /// Prints one line on stderr even with `--quiet`: what somebody must know who pressed Ctrl-C.
    pub fn urgent(&self, text: impl AsRef<str>) {
        let line = clean(text.as_ref(), MESSAGE_MAX);
        let lines = terminal::wrap(&plain(&line, self.err.ascii), self.err.width);
        self.err.tell(&(lines.join("\n") + "\n"));
    }

    /// Replaces the line of progress on a terminal's stderr; an empty text takes it away. Nothing with `--quiet`, nothing
    /// off a terminal.
    pub fn progress(&self, text: &str) {
        let Some(width) = self.err.width.filter(|_| !self.quiet) else {
            return;
        };
        // The last column stays free: some terminals begin a new line after it.
        let room = width.saturating_sub(1);
        let line = plain(&clean(text, room.max(16)), self.err.ascii).into_owned();
        let back = if text.is_empty() { "\r" } else { "" };
        self.err.tell(&format!("\r{line:<room$}{back}"));
    }

    /// Prints a document on stderr, such as the plan above a prompt when stdout carries JSON.
    pub fn err_doc(&self, doc: &Doc) {
        self.err_doc_with(doc, false);
    }

    /// As [`err_doc`](Self::err_doc); `full` shows every row of its tables.
    pub fn err_doc_with(&self, doc: &Doc, full: bool) {
        self.err.tell(&terminal::render(
            &self.aimed(doc.clone()),
            &self.err.view(false, full),
        ));
    }

    /// Prints a failure on stderr: what failed, why, and what to type next.
    pub fn error(&self, error: &Error) {
        self.err
            .tell(&failure(error, &self.reach, &self.err.view(false, false)));
    }

    /// The document with every command aimed at the cluster of this command.
    fn aimed(&self, mut doc: Doc) -> Doc {
        doc.aim(&self.reach);
        doc
    }

    /// True when stdin is a terminal, so that a question can be answered.
    pub fn stdin_is_terminal(&self) -> bool {
        self.stdin_is_terminal
    }

    /// True when stderr is a terminal, so that a question can be seen.
    pub fn stderr_is_terminal(&self) -> bool {
        self.err.width.is_some()
    }

    /// True when stdout is a terminal.
    pub fn stdout_is_terminal(&self) -> bool {
        self.out.width.is_some()
    }

    /// True when stderr takes colour; prompts follow it.
    pub(crate) fn err_colour(&self) -> bool {
        self.err.colour
    }

    /// The text of a prompt: cleaned, and short enough for one line of the terminal, because a prompt
    /// that wraps cannot redraw itself.
    pub(crate) fn prompt_line(&self, text: &str, reserve: usize) -> String {
        let width = self
            .err
            .width
            .unwrap_or(WIDTH_UNKNOWN)
            .saturating_sub(reserve)
            .max(16);
        plain(&clean(text, width), self.err.ascii).into_owned()
    }
}

impl Stream {
    fn view(&self, wide: bool, full: bool) -> View {
        View {
            width: self.width,
            colour: self.colour,
            ascii: self.ascii,
            wide,
            full,
        }
    }

    /// Writes all at once. Rust ignores SIGPIPE, so a closed pipe comes back as an error.
    fn write(&self, text: &str) -> io::Result<()> {
        match &self.sink {
            Sink::Stdout => write_to(AutoStream::new(io::stdout(), self.choice()).lock(), text),
            Sink::Stderr => write_to(AutoStream::new(io::stderr(), self.choice()).lock(), text),
            Sink::Buffer(buffer) => buffer
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .write_all(text.as_bytes()),
        }
    }

    /// Writes to stderr, where a failure to write has nobody left to hear of it.
    fn tell(&self, text: &str) {
        let _ = self.write(text);
    }

    /// Text is rendered for the stream already; anstream only has to teach old Windows consoles.
    fn choice(&self) -> anstream::ColorChoice {
        if self.colour {
            anstream::ColorChoice::Always
        } else {
            anstream::ColorChoice::AlwaysAnsi
        }
    }

    fn captured(&self) -> String {
        match &self.sink {
            Sink::Buffer(buffer) => {
                let bytes = buffer.lock().unwrap_or_else(PoisonError::into_inner);
                String::from_utf8_lossy(&bytes).into_owned()
            }
            Sink::Stdout | Sink::Stderr => String::new(),
        }
    }
}

fn write_to(mut stream: impl Write, text: &str) -> io::Result<()> {
    stream.write_all(text.as_bytes())?;
    stream.flush()
}

fn as_json(report: &dyn Report) -> Result<serde_json::Value> {
    report
        .json()
        .map_err(|e| Error::internal("cannot write the result as JSON").caused_by(e))
}

fn columns(size: Option<(terminal_size::Width, terminal_size::Height)>) -> usize {
    match size {
        Some((terminal_size::Width(width), _)) if width > 0 => usize::from(width),
        _ => WIDTH_UNKNOWN,
    }
}

/// True when the locale says UTF-8, by POSIX order: `LC_ALL`, `LC_CTYPE`, `LANG`; the first that is
/// set and not empty decides. Windows consoles have no such variables and take UTF-8.
fn utf8(env: impl Fn(&str) -> Option<String>) -> bool {
    let set = ["LC_ALL", "LC_CTYPE", "LANG"]
        .into_iter()
        .filter_map(env)
        .find(|v| !v.is_empty());
    match set {
        Some(locale) => {
            let locale = locale.to_ascii_lowercase();
            locale.contains("utf-8") || locale.contains("utf8")
        }
        None => cfg!(windows),
    }
}

#[cfg(test)]
mod tests;
