//! What `istioctl x precheck -o json` and `istioctl analyze -o json` say.
//!
//! Both print an array of messages (`pkg/config/analysis/diag/message.go`: `Unstructured`), and neither its exit code nor an
//! empty answer means what it seems to: a clean precheck prints nothing on stdout and a line on stderr, analyze exits 0
//! with errors in its answer, log lines stand before the JSON. Whatever was not recorded is an error that quotes it.

use serde::{Deserialize, Deserializer, Serialize};

use super::{Output, first_lines};
use crate::output::clean;

#[cfg(test)]
mod tests;

/// How many lines may look like the start of JSON and be none.
const MAX_STARTS: usize = 32;

/// What `analyze` says on stderr of files that it could not read: what it could read is judged all the same, and with `-o json`
/// it exits 0 (`istioctl/pkg/analyze/analyze.go`, 1.20 to 1.30).
const UNREAD_FILES: &str = "Error(s) adding files";

/// What a clean precheck says, on stderr (`istioctl/pkg/precheck/precheck.go`, 1.20 to 1.30).
const CLEAN_PRECHECK: &str = "No issues found when checking the cluster.";

/// One message.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Message {
    /// `IST0101`.
    pub code: String,
    /// How grave istioctl calls it.
    pub level: Level,
    /// In words.
    pub message: String,
    /// `VirtualService staging/broken`, `Namespace default`, `Cluster`.
    pub origin: Option<String>,
    /// The file and line, where it is from one.
    pub reference: Option<String>,
    /// The page about the code.
    pub documentation_url: Option<String>,
    /// The cluster, where several were analysed.
    pub cluster: Option<String>,
}

/// How grave istioctl calls a message (`pkg/config/analysis/diag/level.go`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Level {
    /// To know.
    Info,
    /// To read.
    Warning,
    /// To act on.
    Error,
    /// A word that no release has used.
    Other(String),
}

impl<'de> Deserialize<'de> for Level {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        let word = String::deserialize(d)?;
        Ok(match word.to_ascii_lowercase().as_str() {
            "info" => Self::Info,
            "warning" => Self::Warning,
            "error" => Self::Error,
            _ => Self::Other(word),
        })
    }
}

/// An answer: what was said, and whether that may be all.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Analysis {
    /// In the order of istioctl: by level, then code.
    pub messages: Vec<Message>,
    /// Why there may be more than this.
    pub doubt: Option<String>,
}

/// Why there is no answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NoAnswer {
    /// The API server refused the user something.
    Forbidden(String),
    /// Anything else, in its words.
    Failed(String),
}

impl Analysis {
    /// Reads the answer of `x precheck -o json`.
    ///
    /// # Errors
    /// It was not seen to its end, or says something unknown.
    pub fn precheck(output: &Output) -> Result<Self, NoAnswer> {
        whole(output)?;
        let stdout = &output.stdout.text;
        if stdout.trim().is_empty() && output.stderr.text.contains(CLEAN_PRECHECK) {
            return match output.code {
                Some(0) => Ok(Self::default()),
                _ => Err(unknown(output)),
            };
        }
        let messages = messages(stdout).ok_or_else(|| unknown(output))?;
        // It exits 1 for a message from Warning on, whatever the threshold of what it prints.
        let explained = messages.iter().any(|m| m.level != Level::Info);
        Ok(Self {
            doubt: doubt(output, explained),
            messages,
        })
    }

    /// Reads the answer of `analyze -o json`.
    ///
    /// # Errors
    /// As [`precheck`](Self::precheck).
    pub fn analyze(output: &Output) -> Result<Self, NoAnswer> {
        whole(output)?;
        let messages = messages(&output.stdout.text).ok_or_else(|| unknown(output))?;
        Ok(Self {
            doubt: doubt(output, false).or_else(|| unread(output)),
            messages,
        })
    }
}

/// Refuses what was not seen to its end.
fn whole(output: &Output) -> Result<(), NoAnswer> {
    let failed = |why: String| Err(NoAnswer::Failed(why));
    if output.timed_out {
        return failed(format!("stopped after {} s", output.elapsed.as_secs()));
    }
    if output.cancelled {
        return failed("stopped by Ctrl-C".to_owned());
    }
    if let Some(signal) = output.signal {
        return failed(format!("ended by signal {signal}"));
    }
    if output.stdout.dropped > 0 {
        let kept = output.stdout.text.len() / (1024 * 1024);
        return failed(format!(
            "said more than the {kept} MiB that are read: the rest is not known"
        ));
    }
    Ok(())
}

/// An exit code that what was said does not explain.
fn doubt(output: &Output, explained: bool) -> Option<String> {
    match output.code {
        Some(0) => None,
        Some(_) if explained => None,
        code => Some(format!(
            "{}, which nothing in its answer explains: {}",
            code.map_or("no exit code".into(), |c| format!("exit {c}")),
            first_lines(&output.stderr.text)
        )),
    }
}

/// Objects that were left out, though nothing else tells.
fn unread(output: &Output) -> Option<String> {
    let said = &output.stderr.text;
    let at = said.find(UNREAD_FILES)?;
    let why = first_lines(said.get(at..).unwrap_or_default());
    Some(format!("it did not read everything: {why}"))
}

/// Something nobody has recorded, in its own words.
fn unknown(output: &Output) -> NoAnswer {
    let (out, err) = (&output.stdout.text, &output.stderr.text);
    let said = first_lines(if err.trim().is_empty() { out } else { err });
    if let Some(right) = forbidden(err) {
        return NoAnswer::Forbidden(right);
    }
    let code = output
        .code
        .map_or("no exit code".into(), |c| format!("exit {c}"));
    NoAnswer::Failed(format!("{code}, and said: {said}"))
}

/// The right that the API server misses, in its words (`k8s.io/apiserver/pkg/endpoints/handlers/responsewriters`): `… is
/// forbidden: User "u" cannot list resource "pods" in API group "" at the cluster scope`.
fn forbidden(text: &str) -> Option<String> {
    let (_, rest) = text.split_once(" is forbidden: User ")?;
    let (_, rest) = rest.split_once("\" cannot ")?;
    let mut parts = rest.split('"');
    let verb = parts.next()?.strip_suffix(" resource ")?;
    let resource = parts.next()?;
    let group = match parts.next()? {
        " in API group " => parts.next()?,
        _ => "",
    };
    let dot = if group.is_empty() { "" } else { "." };
    Some(clean(
        &format!("may not {verb} {resource}{dot}{group}"),
        200,
    ))
}

/// The arrays of messages on stdout, log lines around them set aside; none where there is no array, one that was cut, or
/// one that holds something else.
fn messages(stdout: &str) -> Option<Vec<Message>> {
    let mut all: Option<Vec<Message>> = None;
    let mut starts = 0;
    let mut rest = stdout;
    while !rest.is_empty() {
        let line = rest
            .len()
            .min(rest.find('\n').map_or(rest.len(), |n| n + 1));
        if !rest.starts_with('[') {
            rest = &rest[line..];
            continue;
        }
        let mut stream = serde_json::Deserializer::from_str(rest).into_iter::<Vec<Message>>();
        match stream.next() {
            Some(Ok(messages)) => {
                all.get_or_insert_default().extend(messages);
                rest = &rest[stream.byte_offset()..];
            }
            // Brackets of a log line.
            Some(Err(e)) if e.is_syntax() && starts < MAX_STARTS => {
                starts += 1;
                rest = &rest[line..];
            }
            _ => return None,
        }
    }
    all
}
