//! `--baseline FILE`: findings that somebody accepted, with a reason and until when.

use std::{fs, path::Path};

use jiff::{Timestamp, civil::Date, tz::TimeZone};
use mesh_common::{
    check::{Finding, Severity},
    error::{Error, Kind, Result},
    output::clean,
};
use serde::Serialize;
use serde_json::Value;

use crate::check::{More, Status, Verdict, count, finding};

#[cfg(test)]
pub(crate) mod tests;

/// The row about the baseline itself.
pub(crate) const CODE: &str = "MESH2901";

/// Its title.
pub(crate) const TITLE: &str = "baseline";

/// A file larger than this is no baseline.
const MAX_FILE: u64 = 1024 * 1024;

/// Entries looked at.
const MAX_ENTRIES: usize = 5_000;

/// What an entry may have.
const FIELDS: [&str; 5] = ["code", "object", "field", "reason", "until"];

/// What was accepted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Baseline {
    file: String,
    entries: Vec<Entry>,
}

/// One acceptance.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Entry {
    code: String,
    /// As kubectl takes it; one with `*` at the end is a beginning.
    object: String,
    field: Option<String>,
    reason: String,
    /// The last day, in UTC.
    until: Date,
}

/// A finding that was accepted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Accepted {
    /// The check that found it.
    pub(crate) check: &'static str,
    #[serde(flatten)]
    pub(crate) finding: Finding,
    /// Why it was accepted.
    pub(crate) reason: String,
    /// The last day on which it is.
    pub(crate) until: Date,
}

impl Baseline {
    /// Reads a file.
    ///
    /// # Errors
    /// It cannot be read, or an entry is not one: which, and which field.
    pub(crate) fn read(file: &Path) -> Result<Self> {
        let name = clean(&file.display().to_string(), 300);
        let failed = |e: std::io::Error| {
            Error::user(format!("cannot read the baseline {name}")).caused_by(e)
        };
        let wrong = |why: String| {
            Error::new(Kind::Usage, format!("{name} is no baseline: {why}"))
                .hint("give a list of code, object, reason and until; see docs/precheck.md")
        };
        if fs::metadata(file).map_err(failed)?.len() > MAX_FILE {
            return Err(wrong("it is too large".into()));
        }
        let text = fs::read_to_string(file).map_err(failed)?;
        let entries = parse(&text).map_err(wrong)?;
        Ok(Self {
            file: name,
            entries,
        })
    }
}

fn parse(text: &str) -> Result<Vec<Entry>, String> {
    let value: Value = serde_saphyr::from_str(text).map_err(|e| clean(&e.to_string(), 300))?;
    let list = match value {
        Value::Array(list) => list,
        // Comments alone.
        Value::Null => Vec::new(),
        _ => return Err("it is not a list".into()),
    };
    if list.len() > MAX_ENTRIES {
        return Err(format!("more than {MAX_ENTRIES} entries"));
    }
    let entries = list.iter().enumerate();
    entries
        .map(|(n, value)| entry(value).map_err(|why| format!("entry {}: {why}", n + 1)))
        .collect()
}

fn entry(value: &Value) -> Result<Entry, String> {
    let fields = value.as_object().ok_or("is no mapping")?;
    if let Some(other) = fields.keys().find(|k| !FIELDS.contains(&k.as_str())) {
        return Err(format!("{} is no field of an entry", clean(other, 60)));
    }
    let text = |name: &str| match fields.get(name) {
        None => Ok(None),
        Some(Value::String(text)) if !text.trim().is_empty() => Ok(Some(text.clone())),
        Some(_) => Err(format!("{name} is no text")),
    };
    let needed = |name: &str| text(name)?.ok_or_else(|| format!("{name} is missing"));
    let code = needed("code")?;
    if !code.bytes().all(|b| b.is_ascii_alphanumeric()) {
        return Err("code is no code such as MESH2101 or IST0101".into());
    }
    let object = needed("object")?;
    if object[..object.len() - 1].contains('*') {
        return Err("object has a * that is not at its end".into());
    }
    let until = needed("until")?
        .parse()
        .map_err(|_| "until is no day such as 2026-12-31".to_owned())?;
    Ok(Entry {
        code,
        object,
        field: text("field")?,
        reason: needed("reason")?,
        until,
    })
}

impl Entry {
    fn accepts(&self, found: &Finding) -> bool {
        let object = match self.object.strip_suffix('*') {
            Some(start) => found.object.starts_with(start),
            None => found.object == self.object,
        };
        object && found.code == self.code && (self.field.is_none() || self.field == found.field)
    }
}

/// A baseline while findings are held against it.
pub(crate) struct Accepting<'a> {
    baseline: Option<&'a Baseline>,
    today: Date,
    /// Per entry, whether it matched something.
    used: Vec<bool>,
    accepted: Vec<Accepted>,
}

impl<'a> Accepting<'a> {
    /// On the day of `now`.
    pub(crate) fn new(baseline: Option<&'a Baseline>, now: Timestamp) -> Self {
        Self {
            baseline,
            today: now.to_zoned(TimeZone::UTC).date(),
            used: vec![false; baseline.map_or(0, |b| b.entries.len())],
            accepted: Vec::new(),
        }
    }

    /// The verdict of this check without what was accepted.
    pub(crate) fn verdict(&mut self, check: &'static str, mut verdict: Verdict) -> Verdict {
        let Some(baseline) = self.baseline else {
            return verdict;
        };
        let before = verdict.findings.len();
        let mut kept = Vec::new();
        for found in std::mem::take(&mut verdict.findings) {
            let mut by = None;
            for (entry, used) in baseline.entries.iter().zip(&mut self.used) {
                if entry.accepts(&found) {
                    *used = true;
                    if entry.until >= self.today {
                        by = by.or(Some(entry));
                    }
                }
            }
            match by {
                None => kept.push(found),
                Some(entry) => self.accepted.push(Accepted {
                    check,
                    finding: found,
                    reason: entry.reason.clone(),
                    until: entry.until,
                }),
            }
        }
        verdict.findings = kept;
        let accepted = before - verdict.findings.len();
        if accepted > 0 {
            verdict.without(accepted, before);
        }
        verdict
    }

    /// What was accepted, and the verdict on the baseline itself; none where there is no baseline.
    pub(crate) fn done(self) -> (Vec<Accepted>, Option<Verdict>) {
        let Some(baseline) = self.baseline else {
            return (self.accepted, None);
        };
        let mut findings = Vec::new();
        for (n, (entry, used)) in baseline.entries.iter().zip(&self.used).enumerate() {
            let about = |severity, message: String| {
                let object = format!("entry {} of {}", n + 1, baseline.file);
                finding(CODE, severity, object, message)
                    .seen(format!("{} {}", entry.code, entry.object))
                    .seen(format!("reason: {}", entry.reason))
            };
            if entry.until < self.today {
                let message = format!("expired on {}, and accepts nothing", entry.until);
                let hint = "look at what it accepted, then remove it or set until anew";
                findings.push(about(Severity::Warning, message).hint(hint));
            } else if !used {
                let message = "matches nothing that was found".to_owned();
                findings
                    .push(about(Severity::Info, message).hint("remove it where it is not needed"));
            }
        }
        let accepted = count(self.accepted.len(), "finding");
        let entries = match baseline.entries.len() {
            1 => "1 entry".to_owned(),
            n => format!("{n} entries"),
        };
        let says = format!("{entries} of {}: {accepted} accepted", baseline.file);
        let verdict = Verdict::of(findings, says.clone(), |found| {
            let expired = found.iter().filter(|f| f.severity > Severity::Info).count();
            match (expired, found.len() - expired) {
                (0, idle) => format!("{says}; {idle} matched nothing"),
                (expired, _) => format!("{says}; {expired} expired"),
            }
        });
        (self.accepted, Some(verdict))
    }
}

impl Verdict {
    /// Counts anew after this many of so many findings were accepted: what is left decides, and what could not be read
    /// stays so.
    fn without(&mut self, accepted: usize, of: usize) {
        if matches!(self.status, Status::Info | Status::Warning | Status::Error) {
            let left = Self::of(std::mem::take(&mut self.findings), "", |_| String::new());
            self.findings = left.findings;
            self.status = match (left.status, self.unread) {
                (Status::Ok | Status::Info, Some(unread)) => unread,
                (status, _) => status,
            };
        }
        let how_many = if accepted == of {
            count(accepted, "finding")
        } else {
            format!("{accepted} of {of} findings")
        };
        self.summary = format!("{how_many} accepted; {}", self.summary);
    }
}
