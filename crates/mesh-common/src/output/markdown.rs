//! A document as Markdown, for a ticket. Text from a cluster must not become markup there: no link,
//! no image, no HTML, no broken table.

use std::fmt::Write as _;

use super::View;
use super::doc::{Below, Block, Doc, Row};
use super::table::Table;

/// The whole document, ending in a newline unless it is empty.
pub(super) fn render(doc: &Doc, view: &View) -> String {
    let mut parts: Vec<String> = Vec::new();
    let mut blocks = doc.blocks.iter().peekable();
    let mut headings = 0;
    while let Some(block) = blocks.next() {
        parts.push(match block {
            Block::Heading(text) => {
                headings += 1;
                format!(
                    "{} {}",
                    if headings == 1 { "##" } else { "###" },
                    inline(text)
                )
            }
            Block::Text(text) => line_start(&inline(text)),
            Block::Pairs(rows) => rows
                .iter()
                .map(|(n, v)| item(&format!("**{}:** {}", inline(n), inline(v))))
                .collect(),
            Block::List(items) => items
                .iter()
                .map(|i| item(&line_start(&inline(i))))
                .collect(),
            Block::Steps(steps) => steps
                .iter()
                .map(|(text, command)| {
                    let words = item(&line_start(&inline(text)));
                    match command {
                        Some(line) => format!("{words}\n{}\n", indented(&fence("sh", &[line]))),
                        None => words,
                    }
                })
                .collect(),
            Block::Marked(rows) => rows
                .iter()
                .map(|(mark, name, text)| {
                    let sign = mark.symbol(false);
                    item(&format!("{sign} **{}:** {}", inline(name), inline(text)))
                })
                .collect(),
            Block::Checks(rows) => rows.iter().map(check).collect(),
            Block::Command(line) => {
                let mut lines = vec![line.as_str()];
                while let Some(Block::Command(next)) = blocks.peek() {
                    lines.push(next);
                    blocks.next();
                }
                fence("sh", &lines)
            }
            Block::Verbatim(lines) => {
                fence("", &lines.iter().map(String::as_str).collect::<Vec<_>>())
            }
            Block::Table(rows) => table(rows, view),
        });
    }
    let mut out = String::new();
    for part in parts {
        if !out.is_empty() {
            out.push('\n');
        }
        out.push_str(part.trim_end());
        out.push('\n');
    }
    out
}

fn item(text: &str) -> String {
    format!("- {}\n", text.trim_end())
}

/// A check, and below it nested bullets and commands.
fn check(row: &Row) -> String {
    let sign = row.mark.symbol(false);
    let mut out = item(&format!(
        "{sign} **{}:** {}",
        inline(&row.name),
        inline(&row.text)
    ));
    for below in &row.below {
        match below {
            Below::Item(text) => out.push_str(&indented(&item(&line_start(&inline(text))))),
            Below::Words(text) => {
                out.push_str(&indented(&indented(&line_start(&inline(text)))));
            }
            Below::Command(line) => {
                let _ = writeln!(out, "\n{}", indented(&indented(&fence("sh", &[line]))));
            }
        }
    }
    out
}

/// A block that belongs to the bullet above it.
fn indented(block: &str) -> String {
    let mut out = String::new();
    for line in block.lines() {
        let _ = writeln!(out, "  {line}");
    }
    out
}

fn table(table: &Table, view: &View) -> String {
    let shown = table.shown(view);
    let mut out = String::new();
    if !shown.rows.is_empty() {
        row(&mut out, shown.headers);
        let _ = writeln!(out, "|{}", " --- |".repeat(shown.headers.len()));
        for cells in shown.rows {
            row(&mut out, cells);
        }
    }
    if let Some(below) = shown.below {
        if !out.is_empty() {
            out.push('\n');
        }
        out.push_str(&line_start(&inline(&below)));
        out.push('\n');
    }
    out
}

fn row(out: &mut String, cells: &[String]) {
    out.push('|');
    for cell in cells {
        let _ = write!(out, " {} |", inline(cell));
    }
    out.push('\n');
}

/// A fenced block, its fence longer than any run of backticks inside.
fn fence(language: &str, lines: &[&str]) -> String {
    let longest = lines
        .iter()
        .flat_map(|l| l.split(|c| c != '`'))
        .map(str::len)
        .max()
        .unwrap_or(0);
    let ticks = "`".repeat(longest.max(2) + 1);
    format!("{ticks}{language}\n{}\n{ticks}\n", lines.join("\n"))
}

/// Escapes what Markdown or HTML would read as markup anywhere in a line.
fn inline(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\\' | '`' | '*' | '_' | '[' | ']' | '|' | '~' => {
                out.push('\\');
                out.push(c);
            }
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '&' => out.push_str("&amp;"),
            c => out.push(c),
        }
    }
    out
}

/// Escapes what is markup only at the start of a line: headings, bullets, numbers, rules.
fn line_start(text: &str) -> String {
    let text = text.trim_start();
    if text.starts_with(['#', '-', '+', '=']) {
        return format!("\\{text}");
    }
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    match text.as_bytes().get(digits) {
        Some(b'.' | b')') if digits > 0 => format!("{}\\{}", &text[..digits], &text[digits..]),
        _ => text.to_owned(),
    }
}
