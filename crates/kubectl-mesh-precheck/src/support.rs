//! Which release is supported until when, and on which Kubernetes.
//!
//! The data is the table of istio.io (`data/compatibility/supportStatus.yml`), in its own shape, so that a newer one can
//! be given as it is. Its dates are written for people and are read leniently.

use std::{fs, path::Path};

use jiff::{Timestamp, civil::Date, tz::TimeZone};
use mesh_common::{
    error::{Error, Result},
    mesh::skew::minor,
    output::clean,
};
use serde::Deserialize;

use crate::route::{Minor, short};

/// The table as shipped.
const SHIPPED: &str = include_str!("../data/support.yaml");

/// A file larger than this is no such table.
const MAX_FILE: u64 = 1024 * 1024;

/// The releases, newest first.
#[derive(Debug, Clone)]
pub(crate) struct Support {
    releases: Vec<Release>,
    /// Where it is from, in words.
    pub(crate) source: String,
}

/// One release.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Release {
    pub(crate) minor: Minor,
    /// The first day it was there.
    pub(crate) released: Option<Day>,
    /// The last day it is supported.
    pub(crate) ends: Option<Day>,
    /// Whether the table calls it supported, on the day it was written.
    pub(crate) listed: bool,
    /// Supported Kubernetes minors, sorted.
    pub(crate) kubernetes: Vec<Minor>,
    /// Tested, not supported.
    pub(crate) tested: Vec<Minor>,
}

/// A day, as far as the table tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Day {
    /// The day; of a month alone, its last.
    pub(crate) date: Date,
    /// Whether it is only expected.
    pub(crate) expected: bool,
}

/// Whether a release is supported on some day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Standing {
    /// Until this day, if it is known.
    Supported(Option<Day>),
    /// It was expected to end on this day, which is past; whether it did is not known.
    Overdue(Day),
    /// It ended, on this day if it is known.
    Ended(Option<Day>),
    /// It is not out yet.
    Future(Day),
    /// The table does not have it.
    Unlisted,
}

impl Support {
    /// The shipped table, or that of a file.
    ///
    /// # Errors
    /// The file cannot be read, or is no such table.
    pub(crate) fn read(file: Option<&Path>) -> Result<Self> {
        let Some(file) = file else {
            return Self::parse(SHIPPED, "the table shipped with this plugin".to_owned())
                .map_err(|why| Error::internal(format!("the shipped support table: {why}")));
        };
        let name = clean(&file.display().to_string(), 300);
        let failed = |e: std::io::Error| {
            Error::user(format!("cannot read the support table {name}")).caused_by(e)
        };
        if fs::metadata(file).map_err(failed)?.len() > MAX_FILE {
            return Err(Error::user(format!(
                "{name} is too large to be a support table"
            )));
        }
        let text = fs::read_to_string(file).map_err(failed)?;
        Self::parse(&text, name.clone()).map_err(|why| {
            Error::user(format!("{name} is no support table: {}", why.trim_start_matches("error: "))).hint(
                "give it in the shape of istio.io's data/compatibility/supportStatus.yml: a list of version, eolDate, k8sVersions",
            )
        })
    }

    fn parse(text: &str, source: String) -> Result<Self, String> {
        #[derive(Deserialize)]
        #[serde(rename_all = "camelCase")]
        struct Row {
            version: String,
            supported: Option<String>,
            release_date: Option<String>,
            eol_date: Option<String>,
            k8s_versions: Option<Vec<String>>,
            tested_k8s_versions: Option<Vec<String>>,
        }
        let rows: Vec<Row> = serde_saphyr::from_str(text).map_err(|e| {
            let text = e.to_string();
            clean(text.lines().next().unwrap_or_default(), 200)
        })?;
        let minors = |all: Option<Vec<String>>| {
            let mut all: Vec<Minor> = all
                .into_iter()
                .flatten()
                .filter_map(|v| minor(&v))
                .collect();
            all.sort_unstable();
            all
        };
        let mut releases: Vec<Release> = rows
            .into_iter()
            .filter_map(|row| {
                Some(Release {
                    minor: minor(&row.version)?,
                    released: row.release_date.as_deref().and_then(day),
                    ends: row.eol_date.as_deref().and_then(day),
                    listed: row
                        .supported
                        .is_some_and(|s| s.trim().to_ascii_lowercase().starts_with("yes")),
                    kubernetes: minors(row.k8s_versions),
                    tested: minors(row.tested_k8s_versions),
                })
            })
            .collect();
        if releases.is_empty() {
            return Err("it names no release".into());
        }
        releases.sort_by_key(|r| std::cmp::Reverse(r.minor));
        Ok(Self { releases, source })
    }

    /// The release of this minor.
    pub(crate) fn release(&self, minor: Minor) -> Option<&Release> {
        self.releases.iter().find(|r| r.minor == minor)
    }

    /// Whether a release is supported at this moment.
    pub(crate) fn standing(&self, minor: Minor, now: Timestamp) -> Standing {
        self.release(minor)
            .map_or(Standing::Unlisted, |r| r.standing(now))
    }

    /// The newest release that is out and not ended at this moment.
    pub(crate) fn newest(&self, now: Timestamp) -> Option<Minor> {
        self.releases
            .iter()
            .find(|r| {
                matches!(
                    r.standing(now),
                    Standing::Supported(_) | Standing::Overdue(_)
                )
            })
            .map(|r| r.minor)
    }
}

impl Release {
    fn standing(&self, now: Timestamp) -> Standing {
        let today = now.to_zoned(TimeZone::UTC).date();
        if let Some(out) = self.released.filter(|d| d.date > today) {
            return Standing::Future(out);
        }
        match self.ends {
            Some(day) if today <= day.date => Standing::Supported(Some(day)),
            Some(day) if day.expected && self.listed => Standing::Overdue(day),
            Some(day) => Standing::Ended(Some(day)),
            None if self.listed => Standing::Supported(None),
            None => Standing::Ended(None),
        }
    }
}

impl std::fmt::Display for Day {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if self.expected {
            write!(f, "about {}", self.date.strftime("%B %Y"))
        } else {
            write!(f, "{}", self.date)
        }
    }
}

impl std::fmt::Display for Release {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}", short(self.minor))
    }
}

/// `Nov 14, 2023`, `Sept 30, 2025`, `April 7, 2026`, `~Nov 2026 (Expected)`, `2026-04-07`.
fn day(text: &str) -> Option<Day> {
    let expected = text.contains('~') || text.to_ascii_lowercase().contains("expected");
    if let Ok(date) = text.trim().parse::<Date>() {
        return Some(Day { date, expected });
    }
    let (mut month, mut of_month, mut year) = (None, None, None);
    let words = text
        .split(|c: char| !c.is_ascii_alphanumeric())
        .filter(|w| !w.is_empty());
    for word in words {
        if let Ok(number) = word.parse::<i16>() {
            match number {
                1..=31 => of_month = i8::try_from(number).ok(),
                1000..=9999 => year = Some(number),
                _ => return None,
            }
        } else if month.is_none() {
            month = month_of(word);
        }
    }
    let first = Date::new(year?, month?, 1).ok()?;
    let date = match of_month {
        Some(day) => Date::new(first.year(), first.month(), day).ok()?,
        None => first.last_of_month(),
    };
    Some(Day { date, expected })
}

fn month_of(word: &str) -> Option<i8> {
    const MONTHS: [&str; 12] = [
        "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
    ];
    let word = word.to_ascii_lowercase();
    let at = MONTHS.iter().position(|m| word.starts_with(m))?;
    i8::try_from(at + 1).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        format!("{text}T12:00:00Z").parse().unwrap()
    }

    #[test]
    fn dates_written_for_people_are_read() {
        for (text, date, expected) in [
            ("Nov 14, 2023", "2023-11-14", false),
            ("Sept 30, 2025", "2025-09-30", false),
            ("April 7, 2026", "2026-04-07", false),
            ("~Nov 2026 (Expected)", "2026-11-30", true),
            ("Feb 2028", "2028-02-29", false),
            ("2026-04-07", "2026-04-07", false),
        ] {
            let read = day(text).unwrap();
            assert_eq!(
                (read.date.to_string().as_str(), read.expected),
                (date, expected),
                "{text}"
            );
        }
        for text in ["", "soon", "Feb 30, 2026", "2026", "Nov"] {
            assert_eq!(day(text), None, "{text}");
        }
    }

    #[test]
    fn the_shipped_table_is_judged_at_a_moment_not_at_its_own() {
        let table = Support::read(None).unwrap();
        assert_eq!(table.newest(at("2025-06-01")), Some((1, 26)));
        assert_eq!(table.newest(at("2026-11-21")), Some((1, 30)));
        let standing = |minor, day| table.standing((1, minor), at(day));
        assert!(matches!(
            standing(28, "2026-06-30"),
            Standing::Supported(Some(_))
        ));
        assert!(matches!(
            standing(28, "2026-07-02"),
            Standing::Ended(Some(_))
        ));
        assert!(matches!(standing(29, "2026-11-21"), Standing::Overdue(_)));
        assert!(matches!(standing(30, "2026-01-01"), Standing::Future(_)));
        assert_eq!(standing(99, "2026-01-01"), Standing::Unlisted);
        assert!(
            table
                .release((1, 30))
                .unwrap()
                .kubernetes
                .contains(&(1, 34))
        );
    }

    #[test]
    fn what_is_no_table_says_so() {
        for text in ["[]", "a: b", "- version: master", "\u{0}"] {
            assert!(Support::parse(text, String::new()).is_err(), "{text}");
        }
    }
}
