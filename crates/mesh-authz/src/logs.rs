//! Access log lines as evidence: what a line says of a request, and what it leaves open.
//!
//! A line is bytes, not text: paths and user agents come from callers. Reading one allocates nothing unless JSON
//! escapes have to be undone, and a line that can be read in two ways is read in none.

mod address;
mod entry;
mod json;
mod map;
mod prefix;
pub mod rbac;
mod text;
mod time;

#[cfg(test)]
mod tests;

pub use entry::{Entry, Flow, Recorded};
pub use map::Mapping;

/// Longest line that is read. Istio's lines have some hundred bytes, and headers have at most 60 KiB by default.
pub const LINE_MAX: usize = 1 << 20;

/// Why a line was not evaluated.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Skip {
    /// Nothing is on it.
    Blank,
    /// Something else than an access log line: what the agent or Envoy itself says.
    Other,
    /// The proxy sent it on for its own workload.
    Outbound,
    /// It went past the mesh, from its own workload to the outside.
    Passthrough,
    /// It was thrown away on its way out.
    BlackHole,
    /// It was for the proxy itself.
    Internal,
    /// The proxy answered before it asked any policy.
    BeforePolicies,
    /// It is longer than [`LINE_MAX`].
    TooLong,
    /// The container runtime cut it into parts.
    Part,
    /// It is of a time that was not asked for.
    OutsideWindow,
    /// It is of a workload that was not asked for.
    OtherWorkload,
    /// It looks like an access log line, and cannot be read in exactly one way. Not known, not harmless.
    Malformed,
    /// Which workload it belongs to is not known.
    NoWorkload,
    /// How the proxy of its workload is configured is not known.
    NoConfiguration,
    /// A waypoint's line: which service it was for, and so whose policies judged it, is not known.
    Waypoint,
    /// A request that a filter for policies looked at: counted by itself, since an access log may have it too.
    Check,
    /// The same request at the next filter.
    Repeated,
    /// What a filter for policies decided.
    Decision,
}

impl Skip {
    /// All of them, in the order in which they are shown.
    pub const ALL: [Self; 18] = [
        Self::Malformed,
        Self::NoWorkload,
        Self::NoConfiguration,
        Self::Waypoint,
        Self::Part,
        Self::TooLong,
        Self::BeforePolicies,
        Self::OutsideWindow,
        Self::OtherWorkload,
        Self::Outbound,
        Self::Passthrough,
        Self::BlackHole,
        Self::Internal,
        Self::Check,
        Self::Repeated,
        Self::Decision,
        Self::Other,
        Self::Blank,
    ];

    /// Its place in [`ALL`](Self::ALL).
    pub fn index(self) -> usize {
        Self::ALL.iter().position(|skip| *skip == self).unwrap_or(0)
    }

    /// True where the line may well have been a request that counts: it is unknown, not skipped.
    pub fn is_unknown(self) -> bool {
        matches!(
            self,
            Self::Malformed
                | Self::NoWorkload
                | Self::NoConfiguration
                | Self::Waypoint
                | Self::Part
                | Self::TooLong
        )
    }

    /// For programs.
    pub fn name(self) -> &'static str {
        match self {
            Self::Blank => "blank",
            Self::Other => "noAccessLog",
            Self::Outbound => "outbound",
            Self::Passthrough => "passthrough",
            Self::BlackHole => "blackHole",
            Self::Internal => "internal",
            Self::BeforePolicies => "beforePolicies",
            Self::TooLong => "tooLong",
            Self::Part => "part",
            Self::OutsideWindow => "outsideWindow",
            Self::OtherWorkload => "otherWorkload",
            Self::Malformed => "malformed",
            Self::NoWorkload => "noWorkload",
            Self::NoConfiguration => "noConfiguration",
            Self::Waypoint => "waypoint",
            Self::Check => "rbacCheck",
            Self::Repeated => "rbacCheckRepeated",
            Self::Decision => "rbacDecision",
        }
    }

    /// For people.
    pub fn words(self) -> &'static str {
        match self {
            Self::Blank => "empty lines",
            Self::Other => "no access log lines",
            Self::Outbound => "outbound: policies act on what comes in",
            Self::Passthrough => "passthrough: out of the mesh",
            Self::BlackHole => "black hole: out of the mesh",
            Self::Internal => "for the proxy itself",
            Self::BeforePolicies => "answered by the proxy before any policy was asked",
            Self::TooLong => "longer than 1 MiB",
            Self::Part => "cut into parts by the container runtime",
            Self::OutsideWindow => "of a time that was not asked for",
            Self::OtherWorkload => "of another workload",
            Self::Malformed => "cannot be read in exactly one way",
            Self::NoWorkload => "of a workload that is not known",
            Self::NoConfiguration => "of a workload whose configuration is not known",
            Self::Waypoint => "of a waypoint, for a service that is not known",
            Self::Check => "requests in rbac debug lines",
            Self::Repeated => "the same requests at the next filter",
            Self::Decision => "what filters decided",
        }
    }
}

/// Room for what has to be undone before it can be read.
#[derive(Debug, Default)]
pub struct Scratch {
    bytes: Vec<u8>,
}

/// What a line is written in.
#[derive(Debug, Clone, Default)]
pub struct Format {
    /// Where fields of JSON lines are, if not where Istio puts them.
    pub mapping: Mapping,
}

impl Format {
    /// What a line says.
    ///
    /// # Errors
    /// Why nothing can be said of it.
    pub fn read<'a>(&self, line: &'a [u8], scratch: &'a mut Scratch) -> Result<Entry<'a>, Skip> {
        let (prefix, line) = prefix::strip(line.strip_suffix(b"\r").unwrap_or(line));
        if prefix.part {
            return Err(Skip::Part);
        }
        let mut entry = match line {
            [] => return Err(Skip::Blank),
            [b'{', ..] => json::read(line, &self.mapping, scratch)?,
            [b'[', ..] => text::read(line)?,
            _ => return Err(Skip::Other),
        };
        if entry.pod.is_none() {
            entry.pod = prefix.pod;
        }
        Ok(entry)
    }
}
