//! Tables in kubectl's manner: upper-case headers, two spaces between columns, no lines.

use comfy_table::{ColumnConstraint, ContentArrangement, TableStyle, Width};
use unicode_width::UnicodeWidthStr;

use super::View;
use super::doc::cell;
use super::terminal::{plain, wrap};

/// The longest word that is never broken: a label's value, and most names, have at most 63 characters.
const WORD_MAX: usize = 63;

/// Shown for an empty cell, so that a script which counts columns is not misled.
const EMPTY: &str = "-";

/// Rows under headers.
///
/// Cells are cleaned as they go in; a row may be shorter than the headers, and what is longer is left
/// out.
#[derive(Debug, Clone)]
pub struct Table {
    headers: Vec<String>,
    /// How many of the headers always show.
    narrow: usize,
    rows: Vec<Vec<String>>,
    limit: Option<usize>,
    empty: String,
}

impl Table {
    /// A table with these columns.
    pub fn new(headers: &[&str]) -> Self {
        Self {
            headers: headers.iter().map(|h| cell(h).to_uppercase()).collect(),
            narrow: headers.len(),
            rows: Vec::new(),
            limit: None,
            empty: "none".to_owned(),
        }
    }

    /// Adds columns that show only under `-o wide`; their cells are the last of each row.
    #[must_use]
    pub fn wide(mut self, headers: &[&str]) -> Self {
        self.headers
            .extend(headers.iter().map(|h| cell(h).to_uppercase()));
        self
    }

    /// Shows the first `n` rows and counts the rest, unless `--full` was given. A list that is one
    /// row too long is shown whole: the count would take the same line.
    #[must_use]
    pub fn limit(mut self, n: usize) -> Self {
        self.limit = Some(n);
        self
    }

    /// What to say when there are no rows; `none` unless told.
    #[must_use]
    pub fn empty(mut self, text: &str) -> Self {
        self.empty = cell(text);
        self
    }

    /// Adds a row.
    pub fn row<S: AsRef<str>>(&mut self, cells: impl IntoIterator<Item = S>) {
        let mut cells: Vec<String> = cells
            .into_iter()
            .map(|c| cell(c.as_ref()))
            .take(self.headers.len())
            .collect();
        cells.resize(self.headers.len(), String::new());
        for cell in &mut cells {
            if cell.is_empty() {
                EMPTY.clone_into(cell);
            }
        }
        self.rows.push(cells);
    }

    /// How many rows there are.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// True when there are no rows.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// The headers and rows to show, and what to say below them.
    pub(super) fn shown(&self, view: &View) -> Shown<'_> {
        let columns = if view.wide {
            self.headers.len()
        } else {
            self.narrow
        };
        let rows = match self.limit {
            Some(limit) if !view.full && self.rows.len() > limit + 1 => limit,
            _ => self.rows.len(),
        };
        Shown {
            headers: &self.headers[..columns],
            rows: self.rows[..rows].iter().map(|r| &r[..columns]).collect(),
            below: if self.rows.is_empty() {
                Some(self.empty.clone())
            } else if rows < self.rows.len() {
                Some(format!(
                    "… and {} more (--full shows all)",
                    self.rows.len() - rows
                ))
            } else {
                None
            },
        }
    }

    /// The lines of this table on a terminal, or off one, where every row is one line.
    pub(super) fn lines(&self, view: &View) -> Vec<String> {
        let shown = self.shown(view);
        let mut lines = Vec::new();
        if !shown.rows.is_empty() && !shown.headers.is_empty() {
            let mut table = comfy_table::Table::new();
            table.load_style(TableStyle::new()).force_no_tty();
            table.set_header(shown.headers);
            table.add_rows(
                shown
                    .rows
                    .iter()
                    .map(|r| r.iter().map(|c| plain(c, view.ascii))),
            );
            if let Some(width) = view.width {
                table
                    .set_content_arrangement(ContentArrangement::Dynamic)
                    .set_width(u16::try_from(width).unwrap_or(u16::MAX));
            }
            let last = shown.headers.len() - 1;
            for (index, column) in table.column_iter_mut().enumerate() {
                let padding = if index == last { 0 } else { 2 };
                column.set_padding((0, padding));
                // A name that is cut in two cannot be copied: rather let the terminal break the line.
                let word = shown.longest_word(index) + usize::from(padding);
                let word = u16::try_from(word).unwrap_or(u16::MAX);
                column.set_constraint(ColumnConstraint::LowerBoundary(Width::Fixed(word)));
            }
            lines.extend(table.lines().map(|l| l.trim_end().to_owned()));
        }
        if let Some(below) = shown.below {
            lines.extend(wrap(&plain(&below, view.ascii), view.width));
        }
        lines
    }
}

/// What a view shows of a table.
pub(super) struct Shown<'a> {
    pub(super) headers: &'a [String],
    pub(super) rows: Vec<&'a [String]>,
    pub(super) below: Option<String>,
}

impl Shown<'_> {
    /// Columns of the longest word in a column, up to [`WORD_MAX`].
    fn longest_word(&self, column: usize) -> usize {
        let cells = self.rows.iter().map(|row| row[column].as_str());
        std::iter::once(self.headers[column].as_str())
            .chain(cells)
            .flat_map(str::split_whitespace)
            .map(UnicodeWidthStr::width)
            .max()
            .unwrap_or(0)
            .min(WORD_MAX)
    }
}
