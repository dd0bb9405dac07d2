//! A document as terminal text: aligned, wrapped to the width, coloured when the stream takes it.

use std::borrow::Cow;

use anstyle::{AnsiColor, Style};
use unicode_width::UnicodeWidthStr;

use super::View;
use super::doc::{Below, Block, Doc, Mark, Row};

/// In front of commands and verbatim lines.
const INDENT: &str = "    ";
/// Below this many columns of text, a hanging indent hurts more than it helps.
const HANGING_MIN: usize = 24;

/// The whole document, ending in a newline unless it is empty.
pub(super) fn render(doc: &Doc, view: &View) -> String {
    let mut out = String::new();
    let mut previous: Option<&Block> = None;
    for block in &doc.blocks {
        if previous.is_some_and(|p| !adjoin(p, block)) {
            out.push('\n');
        }
        for line in lines(block, view) {
            out.push_str(line.trim_end());
            out.push('\n');
        }
        previous = Some(block);
    }
    out
}

/// True when no blank line goes between the two.
fn adjoin(first: &Block, second: &Block) -> bool {
    matches!(
        (first, second),
        (Block::Heading(_), b) if !matches!(b, Block::Heading(_))
    ) || matches!(
        (first, second),
        (
            Block::Text(_),
            Block::Command(_) | Block::List(_) | Block::Steps(_) | Block::Verbatim(_)
        ) | (Block::Marked(_) | Block::Command(_), Block::Command(_))
    )
}

fn lines(block: &Block, view: &View) -> Vec<String> {
    match block {
        Block::Heading(text) => wrap(&plain(text, view.ascii), view.width)
            .into_iter()
            .map(|line| paint(&line, Style::new().bold(), view.colour))
            .collect(),
        Block::Text(text) => wrap(&plain(text, view.ascii), view.width),
        Block::Pairs(rows) => pairs(rows, view),
        Block::List(items) => items.iter().flat_map(|i| bullet(i, view)).collect(),
        Block::Steps(steps) => steps
            .iter()
            .flat_map(|(text, command)| {
                let mut lines = bullet(text, view);
                lines.extend(command.as_ref().map(|c| command_line(c, view)));
                lines
            })
            .collect(),
        Block::Marked(rows) => marked(rows, view),
        Block::Checks(rows) => checks(rows, view),
        Block::Command(line) => vec![command_line(line, view)],
        Block::Verbatim(text) => text
            .iter()
            .map(|line| format!("{INDENT}{}", plain(line, view.ascii)))
            .collect(),
        Block::Table(table) => table.lines(view),
    }
}

fn bullet(text: &str, view: &View) -> Vec<String> {
    let sign = if view.ascii { "- " } else { "• " };
    hang(sign, 2, &plain(text, view.ascii), view.width)
}

/// Never wrapped: what is pasted is one line.
fn command_line(line: &str, view: &View) -> String {
    format!("{INDENT}{}", plain(line, view.ascii))
}

fn pairs(rows: &[(String, String)], view: &View) -> Vec<String> {
    let names: Vec<String> = rows
        .iter()
        .map(|(name, _)| format!("{}:", plain(name, view.ascii)))
        .collect();
    let column = names.iter().map(|n| n.width()).max().unwrap_or(0) + 2;
    let mut lines = Vec::new();
    for (name, (_, value)) in names.iter().zip(rows) {
        let first = pad(name, column);
        lines.extend(hang(&first, column, &plain(value, view.ascii), view.width));
    }
    lines
}

fn marked(rows: &[(Mark, String, String)], view: &View) -> Vec<String> {
    let names: Vec<Cow<'_, str>> = rows.iter().map(|(_, n, _)| plain(n, view.ascii)).collect();
    let column = names.iter().map(|n| n.width()).max().unwrap_or(0) + 2;
    let signs = if view.ascii { 2 } else { 1 };
    let mut lines = Vec::new();
    for (name, (mark, _, text)) in names.iter().zip(rows) {
        let symbol = mark.symbol(view.ascii);
        let fill = signs - symbol.width();
        let sign = paint(symbol, style(*mark), view.colour);
        let first = format!("{sign}{:fill$} {}", "", pad(name, column));
        lines.extend(hang(
            &first,
            signs + 1 + column,
            &plain(text, view.ascii),
            view.width,
        ));
    }
    lines
}

fn checks(rows: &[Row], view: &View) -> Vec<String> {
    let names: Vec<Cow<'_, str>> = rows.iter().map(|r| plain(&r.name, view.ascii)).collect();
    let column = names.iter().map(|n| n.width()).max().unwrap_or(0) + 2;
    let signs = if view.ascii { 2 } else { 1 };
    let mut lines = Vec::new();
    for (name, row) in names.iter().zip(rows) {
        let symbol = row.mark.symbol(view.ascii);
        let fill = signs - symbol.width();
        let sign = paint(symbol, style(row.mark), view.colour);
        let first = format!("{sign}{:fill$} {}", "", pad(name, column));
        let text = plain(&row.text, view.ascii);
        lines.extend(hang(&first, signs + 1 + column, &text, view.width));
        for below in &row.below {
            match below {
                Below::Item(text) => {
                    let sign = if view.ascii { "    - " } else { "    • " };
                    lines.extend(hang(sign, 6, &plain(text, view.ascii), view.width));
                }
                Below::Words(text) => {
                    lines.extend(hang("      ", 6, &plain(text, view.ascii), view.width));
                }
                Below::Command(line) => {
                    lines.push(format!("{INDENT}{}", command_line(line, view)));
                }
            }
        }
    }
    lines
}

/// `text` after `first`, which is `column` wide; further lines start below the text.
fn hang(first: &str, column: usize, text: &str, width: Option<usize>) -> Vec<String> {
    let Some(width) = width else {
        return vec![format!("{first}{text}")];
    };
    if width < column + HANGING_MIN && width < column + text.width() {
        let indent = INDENT.len().min(column);
        let mut lines = vec![first.to_owned()];
        let body = wrap(text, Some(width.saturating_sub(indent).max(1)));
        lines.extend(body.into_iter().map(|line| format!("{:indent$}{line}", "")));
        return lines;
    }
    let mut lines = Vec::new();
    for (index, line) in wrap(text, Some(width - column)).into_iter().enumerate() {
        lines.push(match index {
            0 => format!("{first}{line}"),
            _ => format!("{:column$}{line}", ""),
        });
    }
    if lines.is_empty() {
        lines.push(first.to_owned());
    }
    lines
}

/// Breaks at spaces into lines of at most `width` columns; a longer word keeps a line of its own, so
/// that it can be copied. Without a width the text stays one line.
pub(super) fn wrap(text: &str, width: Option<usize>) -> Vec<String> {
    let Some(width) = width else {
        return vec![text.to_owned()];
    };
    let mut lines: Vec<String> = Vec::new();
    let mut used = 0;
    for word in text.split(' ').filter(|w| !w.is_empty()) {
        let wide = word.width();
        match lines.last_mut() {
            Some(line) if used + 1 + wide <= width => {
                line.push(' ');
                line.push_str(word);
                used += 1 + wide;
            }
            _ => {
                lines.push(word.to_owned());
                used = wide;
            }
        }
    }
    lines
}

fn pad(text: &str, column: usize) -> String {
    let fill = column.saturating_sub(text.width());
    format!("{text}{:fill$}", "")
}

pub(super) fn paint(text: &str, style: Style, colour: bool) -> String {
    if colour {
        format!("{style}{text}{style:#}")
    } else {
        text.to_owned()
    }
}

fn style(mark: Mark) -> Style {
    match mark {
        Mark::Ok => AnsiColor::Green.on_default(),
        Mark::Warn => AnsiColor::Yellow.on_default(),
        Mark::Bad => AnsiColor::Red.on_default().bold(),
        Mark::Unknown => AnsiColor::Magenta.on_default(),
        Mark::Skip => Style::new().dimmed(),
    }
}

/// The text for a terminal without UTF-8: the typographic signs this suite writes itself become
/// ASCII. Names in other scripts stay as they are; a wrong letter would be another name.
pub(super) fn plain(text: &str, ascii: bool) -> Cow<'_, str> {
    if !ascii || text.is_ascii() {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '…' => out.push_str("..."),
            '→' => out.push_str("->"),
            '←' => out.push_str("<-"),
            '≥' => out.push_str(">="),
            '≤' => out.push_str("<="),
            '–' | '—' => out.push('-'),
            '•' => out.push('*'),
            '×' => out.push('x'),
            '✓' => out.push_str("ok"),
            '‼' => out.push('!'),
            '‘' | '’' => out.push('\''),
            '“' | '”' => out.push('"'),
            c => out.push(c),
        }
    }
    Cow::Owned(out)
}
