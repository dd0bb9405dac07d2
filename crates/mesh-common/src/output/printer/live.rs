//! A document that stays where it is on a terminal while it changes.

use std::fmt::Write as _;

use super::{Printer, columns, terminal};
use crate::output::Doc;

/// The height of a terminal that does not tell.
const HEIGHT_UNKNOWN: usize = 24;

/// A place at the end of a terminal's stderr that is drawn again and again. Where that cannot be (no terminal, one that
/// obeys no codes, `--quiet`) it is a line of progress, or nothing.
pub struct Live<'a> {
    printer: &'a Printer,
    obeys: bool,
    /// Lines that were drawn.
    drawn: usize,
}

impl Printer {
    /// Such a place.
    pub fn live(&self) -> Live<'_> {
        Live {
            obeys: self.err.width.is_some()
                && !self.quiet
                && obeys(std::env::var("TERM").ok().as_deref()),
            printer: self,
            drawn: 0,
        }
    }
}

/// Whether a terminal of this name moves its cursor.
fn obeys(term: Option<&str>) -> bool {
    cfg!(windows) || term.is_some_and(|term| !term.is_empty() && term != "dumb")
}

impl Live<'_> {
    /// Draws it, cut to the height of the screen; or else the line.
    pub fn show(&mut self, line: &str, doc: &Doc) {
        if !self.obeys {
            self.printer.progress(line);
            return;
        }
        let size = terminal_size::terminal_size_of(std::io::stderr());
        let height = size.map(|(_, height)| usize::from(height.0));
        let height = height.filter(|h| *h > 0).unwrap_or(HEIGHT_UNKNOWN);
        let mut view = self.printer.err.view(false, false);
        // A window is made wider and narrower while one looks at it.
        if size.is_some() {
            view.width = Some(columns(size));
        }
        let text = terminal::render(&self.printer.aimed(doc.clone()), &view);
        let (frame, drawn) = frame(self.drawn, &text, height - 1);
        self.drawn = drawn;
        self.printer.err.tell(&frame);
    }

    /// Takes it away.
    pub fn clear(&mut self) {
        if !self.obeys {
            self.printer.progress("");
            return;
        }
        let (frame, _) = frame(std::mem::take(&mut self.drawn), "", 0);
        self.printer.err.tell(&frame);
    }
}

/// What draws a text over the last so many lines, and how many lines it then has. Lines are not wrapped: they would be more
/// than were counted.
fn frame(before: usize, text: &str, most: usize) -> (String, usize) {
    let mut frame = String::from("\r");
    if before > 0 {
        // Writing to a String does not fail.
        let _ = write!(frame, "\x1b[{before}A");
    }
    frame.push_str("\x1b[?7l");
    let mut drawn = 0;
    for line in text.lines().take(most) {
        frame.push_str(line);
        frame.push_str("\x1b[K\n");
        drawn += 1;
    }
    frame.push_str("\x1b[J\x1b[?7h");
    (frame, drawn)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_frame_covers_the_last_one_and_is_never_higher_than_the_screen() {
        for (name, before, text, most, want, drawn) in [
            (
                "the first",
                0,
                "a\nb\n",
                9,
                "\r\x1b[?7la\x1b[K\nb\x1b[K\n\x1b[J\x1b[?7h",
                2,
            ),
            (
                "over it",
                2,
                "c\n",
                9,
                "\r\x1b[2A\x1b[?7lc\x1b[K\n\x1b[J\x1b[?7h",
                1,
            ),
            (
                "too high",
                0,
                "a\nb\nc\n",
                2,
                "\r\x1b[?7la\x1b[K\nb\x1b[K\n\x1b[J\x1b[?7h",
                2,
            ),
            ("gone", 2, "", 9, "\r\x1b[2A\x1b[?7l\x1b[J\x1b[?7h", 0),
        ] {
            assert_eq!(
                frame(before, text, most),
                (want.to_owned(), drawn),
                "{name}"
            );
        }
    }

    #[test]
    fn a_terminal_without_a_name_or_a_dumb_one_gets_a_line() {
        for (term, want) in [
            (Some("xterm-256color"), true),
            (Some("dumb"), cfg!(windows)),
            (Some(""), cfg!(windows)),
            (None, cfg!(windows)),
        ] {
            assert_eq!(obeys(term), want, "{term:?}");
        }
        // No terminal: nothing is drawn.
        let printer = Printer::for_test(None, false, true);
        let mut live = printer.live();
        live.show("1 request", &Doc::new());
        live.clear();
        assert_eq!(printer.captured(), (String::new(), String::new()));
    }
}
