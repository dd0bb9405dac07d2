//! A check is data and one pure function over [`Facts`]; what it comes to is a [`Verdict`].

use mesh_common::{
    check::{Finding, Severity},
    mesh::{Gap, Known, Why},
    output::{Mark, clean},
};
use serde::Serialize;

pub(crate) use mesh_common::check::words::count;

use crate::facts::Facts;

/// What a check is about, in the order in which a person reads them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) enum Category {
    /// The cluster under the mesh.
    Kubernetes,
    /// What the runbook will need to be allowed.
    Rights,
    /// The mesh as it is.
    Now,
    /// Traffic redirection and nodes.
    Cni,
    /// What the target changes for this mesh.
    Configuration,
    /// What a restart would hurt.
    Workloads,
    /// What istioctl itself says.
    Istioctl,
    /// What was accepted before.
    Baseline,
}

impl Category {
    /// Its heading.
    pub(crate) fn title(self) -> &'static str {
        match self {
            Self::Kubernetes => "Kubernetes",
            Self::Rights => "Rights",
            Self::Now => "The mesh now",
            Self::Cni => "CNI and nodes",
            Self::Configuration => "Configuration against the target",
            Self::Workloads => "Workloads at risk",
            Self::Istioctl => "istioctl's own word",
            Self::Baseline => "Baseline",
        }
    }
}

/// One check.
pub(crate) struct Check {
    /// Its stable code, `MESH2101`; never reused for something else. `docs/checks/<code>.md` explains it.
    pub(crate) code: &'static str,
    /// What is checked, in a few words.
    pub(crate) title: &'static str,
    /// Where it belongs.
    pub(crate) category: Category,
    /// Whether an error here makes the rest of the category pointless.
    pub(crate) fatal: bool,
    /// Whether what it finds may go away by itself, so that `--wait` looks again.
    pub(crate) heals: bool,
    /// The check.
    pub(crate) run: fn(&Facts) -> Verdict,
}

/// What a check came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) enum Status {
    /// Looked at, and nothing speaks against the upgrade.
    Ok,
    /// The same, and there is something to know.
    Info,
    /// Read it before going on.
    Warning,
    /// Do not go on.
    Error,
    /// Evidence is missing. Never OK.
    Unknown,
    /// The user may not read what it takes; as unknown.
    Skipped,
    /// A rehearsal cannot tell, or there is nothing to check. Stops nothing.
    NotEvaluated,
    /// A fatal check of its category failed.
    NotRun,
}

impl Status {
    /// The sign in front of its line.
    pub(crate) fn mark(self) -> Mark {
        match self {
            Self::Ok | Self::Info => Mark::Ok,
            Self::Warning => Mark::Warn,
            Self::Error => Mark::Bad,
            Self::Unknown | Self::Skipped => Mark::Unknown,
            Self::NotEvaluated | Self::NotRun => Mark::Skip,
        }
    }

    /// Whether evidence is missing.
    pub(crate) fn is_unknown(self) -> bool {
        matches!(self, Self::Unknown | Self::Skipped)
    }
}

/// What a check came to, in one line, and what it found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Verdict {
    pub(crate) status: Status,
    /// One line: the value, and what it was held against.
    pub(crate) summary: String,
    pub(crate) findings: Vec<Finding>,
    /// What the part that could not be read comes to, where findings hide that.
    pub(crate) unread: Option<Status>,
}

impl Verdict {
    /// Nothing speaks against it.
    pub(crate) fn ok(summary: impl Into<String>) -> Self {
        Self::plain(Status::Ok, summary)
    }

    /// Evidence is missing.
    pub(crate) fn unknown(summary: impl Into<String>) -> Self {
        Self::plain(Status::Unknown, summary)
    }

    /// There is nothing to check, or a rehearsal cannot tell.
    pub(crate) fn not_evaluated(summary: impl Into<String>) -> Self {
        Self::plain(Status::NotEvaluated, summary)
    }

    /// A fatal check of its category failed.
    pub(crate) fn not_run(code: &str) -> Self {
        Self::plain(Status::NotRun, format!("not looked at: {code} stops here"))
    }

    fn plain(status: Status, summary: impl Into<String>) -> Self {
        Self {
            status,
            summary: summary.into(),
            findings: Vec::new(),
            unread: None,
        }
    }

    /// What a gap in the evidence comes to: a missing right is named and skips the check, an archive that never holds
    /// it evaluates nothing, all else is unknown.
    pub(crate) fn gap(gap: &Gap) -> Self {
        let detail = clean(&gap.detail, 300);
        match gap.why {
            Why::Forbidden => Self::plain(Status::Skipped, format!("SKIPPED: {detail}")),
            Why::NotInArchive => {
                Self::not_evaluated(format!("not evaluated (rehearsal): {detail}"))
            }
            Why::NotRead => Self::not_evaluated(format!("not evaluated: {detail}")),
            Why::Failed | Why::NotServed => Self::unknown(detail),
        }
    }

    /// As grave as the gravest finding; `ok` where there is none, else `found` says what they are together.
    pub(crate) fn of(
        findings: Vec<Finding>,
        ok: impl Into<String>,
        found: impl FnOnce(&[Finding]) -> String,
    ) -> Self {
        let Some(gravest) = findings.iter().map(|f| f.severity).max() else {
            return Self::ok(ok);
        };
        let status = match gravest {
            Severity::Info => Status::Info,
            Severity::Warning => Status::Warning,
            Severity::Error => Status::Error,
        };
        Self {
            status,
            summary: found(&findings),
            findings,
            unread: None,
        }
    }

    /// The same, but what could not be read beside it keeps it from being OK: findings stay findings, and no finding is
    /// unknown.
    #[must_use]
    pub(crate) fn but_for<T>(self, part: &Known<T>) -> Self {
        match part.gap() {
            Some(gap) => self.but_without(gap),
            None => self,
        }
    }

    /// [`Self::but_for`] a part of which the gap is at hand. A kind that is not served has no objects, and that is known.
    #[must_use]
    pub(crate) fn but_without(mut self, gap: &Gap) -> Self {
        if gap.why == Why::NotServed {
            return self;
        }
        let missing = Self::gap(gap);
        // Of several parts the gravest counts: what no archive holds must not hide what may not be read.
        if !self.unread.is_some_and(Status::is_unknown) {
            self.unread = Some(missing.status);
        }
        let hidden = match self.status {
            Status::Ok | Status::Info => true,
            Status::NotEvaluated => missing.status.is_unknown(),
            _ => false,
        };
        if hidden {
            self.status = missing.status;
        }
        self.summary = format!("{}; {}", self.summary, missing.summary);
        self
    }
}

/// The first gap that makes something unknown, else the first. A kind that is not served is none.
pub(crate) fn gravest<'a>(gaps: impl IntoIterator<Item = &'a Gap>) -> Option<&'a Gap> {
    let gaps = gaps.into_iter().filter(|gap| gap.why != Why::NotServed);
    gaps.min_by_key(|gap| !Verdict::gap(gap).status.is_unknown())
}

/// A finding of the check with this code.
pub(crate) fn finding(
    code: &'static str,
    severity: Severity,
    object: impl AsRef<str>,
    message: impl Into<String>,
) -> Finding {
    Finding {
        code: code.into(),
        severity,
        object: clean(object.as_ref(), 300),
        field: None,
        message: message.into(),
        evidence: Vec::new(),
        hint: None,
    }
}

/// What is added to a finding where it is made.
pub(crate) trait More {
    /// The field of the object.
    fn field(self, field: impl Into<String>) -> Self;
    /// An observed value.
    fn seen(self, evidence: impl Into<String>) -> Self;
    /// What to do: words, a command, or words and a command on a line of its own.
    fn hint(self, hint: impl Into<String>) -> Self;
}

impl More for Finding {
    fn field(mut self, field: impl Into<String>) -> Self {
        self.field = Some(clean(&field.into(), 300));
        self
    }

    fn seen(mut self, evidence: impl Into<String>) -> Self {
        self.evidence.push(clean(&evidence.into(), 300));
        self
    }

    fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn gap(why: Why) -> Gap {
        Gap {
            what: "pods".into(),
            why,
            detail: format!("{why:?}"),
        }
    }

    fn warning() -> Verdict {
        let found = finding("MESH2601", Severity::Warning, "pod/a", "alone");
        Verdict::of(vec![found], "", |_| "found".into())
    }

    #[test]
    fn what_no_archive_holds_does_not_hide_what_may_not_be_read() {
        use Status::{NotEvaluated, Skipped, Unknown, Warning};
        use Why::{Failed, Forbidden, NotInArchive, NotRead, NotServed};
        for (gaps, unread, found, ok) in [
            (
                &[Forbidden, NotInArchive][..],
                Some(Skipped),
                Warning,
                Skipped,
            ),
            (&[NotInArchive, Forbidden], Some(Skipped), Warning, Skipped),
            (&[NotRead, Failed], Some(Unknown), Warning, Unknown),
            (&[Failed, NotRead], Some(Unknown), Warning, Unknown),
            (&[NotInArchive], Some(NotEvaluated), Warning, NotEvaluated),
            (&[NotServed], None, Warning, Status::Ok),
        ] {
            let gaps: Vec<Gap> = gaps.iter().map(|why| gap(*why)).collect();
            let but = |verdict: Verdict| gaps.iter().fold(verdict, Verdict::but_without);
            let verdict = but(warning());
            assert_eq!(
                (verdict.unread, verdict.status),
                (unread, found),
                "{gaps:?}"
            );
            let verdict = but(Verdict::ok("fine"));
            assert_eq!((verdict.unread, verdict.status), (unread, ok), "{gaps:?}");
            let gravest = gravest(&gaps).map(|gap| Verdict::gap(gap).status);
            assert_eq!(gravest, unread, "{gaps:?}");
        }
    }
}
