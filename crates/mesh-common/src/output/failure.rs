//! An error as a person reads it: what failed, why, and what to type next.

use std::error::Error as _;

use anstyle::{AnsiColor, Style};

use super::terminal::{paint, plain};
use super::{View, clean};
use crate::{
    error::Error,
    shell::{Reach, is_command},
};

/// Longest error message, cause or hint, in characters.
pub(super) const MESSAGE_MAX: usize = 4_000;
/// Most causes looked at; a longer chain is a loop or noise.
const CAUSES_MAX: usize = 8;

/// `error:`, `Caused by:` and `hint:` lines. A cause that the line before tells already is left out:
/// kube and hyper put their sources into their own messages. A hint that is a command stands on a
/// line of its own, as do the second and further lines of any hint; after a hint that ends in a colon it
/// needs no label.
pub(super) fn failure(error: &Error, reach: &Reach, view: &View) -> String {
    let message = clean(&error.to_string(), MESSAGE_MAX);
    let red = AnsiColor::Red.on_default().bold();
    let mut lines = vec![format!("{} {message}", paint("error:", red, view.colour))];
    let mut told = message;
    let mut cause = error.source();
    for _ in 0..CAUSES_MAX {
        let Some(e) = cause else { break };
        cause = e.source();
        let text = clean(&e.to_string(), MESSAGE_MAX);
        if !told.contains(&text) {
            lines.push(format!("Caused by: {text}"));
            told = text;
        }
    }
    let label = paint("hint:", Style::new().bold(), view.colour);
    let mut introduced = false;
    for hint in error.hints() {
        let mut hint = hint.lines().map(|line| clean(line.trim(), MESSAGE_MAX));
        let first = hint.next().unwrap_or_default();
        if is_command(&first) {
            if !introduced {
                lines.push(label.clone());
            }
            lines.push(format!("    {}", reach.apply(&first)));
        } else {
            introduced = first.ends_with(':');
            lines.push(format!("{label} {first}"));
        }
        lines.extend(
            hint.filter(|line| !line.is_empty())
                .map(|line| format!("    {}", reach.apply(&line))),
        );
    }
    lines.push(String::new());
    plain(&lines.join("\n"), view.ascii).into_owned()
}
