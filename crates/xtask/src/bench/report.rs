//! The tables, as Markdown.

use std::{fmt::Write as _, time::Duration};

/// One table.
#[derive(Debug)]
pub(super) struct Table {
    title: String,
    headers: Vec<String>,
    rows: Vec<Row>,
    notes: Vec<String>,
}

/// One line of it.
#[derive(Debug)]
pub(super) struct Row {
    cells: Vec<String>,
    met: bool,
}

impl Row {
    /// A row, and whether it is as it should be.
    pub(super) fn new<const N: usize>(cells: [String; N], met: bool) -> Self {
        Self {
            cells: cells.into(),
            met,
        }
    }
}

impl Table {
    pub(super) fn new(title: &str, headers: &[&str]) -> Self {
        Self {
            title: title.into(),
            headers: headers.iter().map(|&h| h.to_owned()).collect(),
            rows: Vec::new(),
            notes: Vec::new(),
        }
    }

    pub(super) fn row(&mut self, row: Row) {
        self.rows.push(row);
    }

    pub(super) fn note(&mut self, text: impl Into<String>) {
        self.notes.push(text.into());
    }
}

/// The document: these tables, and behind them those of another document whose titles are not among them.
pub(super) fn markdown(profile: &str, tables: &[Table], kept: &str) -> String {
    let mut text = format!(
        "# Figures\n\nMade by `cargo xtask bench --write`. Profile {profile}; {}.\nA row that misses its target ends in **missed**.\n",
        machine()
    );
    write(&mut text, tables);
    let mut others = kept.split("\n## ").skip(1).peekable();
    if others.peek().is_some() {
        text.push_str("\nWhat follows was measured before that, in a run of its own.\n");
    }
    for section in others {
        let title = section.lines().next().unwrap_or_default();
        if !tables.iter().any(|table| table.title == title) {
            let _ = write!(text, "\n## {}\n", section.trim_end());
        }
    }
    text
}

fn write(text: &mut String, tables: &[Table]) {
    for table in tables {
        // Writing to a string cannot fail.
        let _ = write!(text, "\n## {}\n\n", table.title);
        let _ = writeln!(text, "| {} |", table.headers.join(" | "));
        let _ = writeln!(text, "|{}", " --- |".repeat(table.headers.len()));
        for row in &table.rows {
            let missed = if row.met { "" } else { " **missed**" };
            let _ = writeln!(text, "| {}{missed} |", row.cells.join(" | "));
        }
        if !table.notes.is_empty() {
            text.push('\n');
        }
        for note in &table.notes {
            let _ = writeln!(text, "- {note}");
        }
    }
}

/// Processor, memory and system, no names.
fn machine() -> String {
    let cores = std::thread::available_parallelism().map_or(0, std::num::NonZero::get);
    let find = |file: &str, key: &str| {
        let text = std::fs::read_to_string(file).ok()?;
        let line = text.lines().find(|l| l.starts_with(key))?;
        Some(line.split_once(':')?.1.trim().to_owned())
    };
    let cpu = find("/proc/cpuinfo", "model name").unwrap_or_else(|| "unknown processor".into());
    let memory = find("/proc/meminfo", "MemTotal")
        .and_then(|m| m.split(' ').next()?.parse::<u64>().ok())
        .map_or(0, |kib| kib / 1024 / 1024);
    format!(
        "{cores} cores ({cpu}), {memory} GiB, {} {}, {}",
        std::env::consts::OS,
        std::env::consts::ARCH,
        jiff::Zoned::now().date()
    )
}

pub(super) fn mib(bytes: u64) -> String {
    let tenths = (bytes * 10 + 512 * 1024) / (1024 * 1024);
    format!("{}.{}", tenths / 10, tenths % 10)
}

pub(super) fn millis(d: Duration) -> String {
    if d < Duration::from_millis(100) {
        format!("{:.1}", d.as_secs_f64() * 1000.0)
    } else {
        format!("{:.0}", d.as_secs_f64() * 1000.0)
    }
}
