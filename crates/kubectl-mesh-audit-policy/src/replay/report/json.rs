//! The document of a result: a public contract.

use serde_json::{Value, json};

use super::{Replayed, time};
use crate::replay::{
    part::Part,
    summary::{Class, Row},
    tally,
};

impl Replayed {
    /// All but the verdict and the digest.
    pub(in crate::replay) fn body(&self) -> Value {
        let Part {
            header, summary, ..
        } = &self.part;
        let rows = |class| summary.of(class).iter().map(row).collect::<Vec<_>>();
        let reasons = |unknown: bool| -> serde_json::Map<String, Value> {
            let reasons = tally::reasons(summary).into_iter();
            let of = reasons.filter(|(skip, _)| skip.is_unknown() == unknown);
            of.map(|(skip, n)| (skip.name().to_owned(), n.into()))
                .collect()
        };
        let class = |class| summary.class(class);
        let then_unknown = class(Class::Unknown) + summary.refused_then_unknown;
        let then_refused = class(Class::NewlyBlocked) + class(Class::StillBlocked);
        let (with, of) = self.hours();
        let gaps = self.gaps().into_iter();
        let mut body = json!({
            "policies": header.proposals,
            "configuration": header.configuration,
            "workloads": header.workloads,
            "lines": {
                "read": summary.lines,
                "evaluated": summary.evaluated(),
                "skipped": reasons(false),
                "unknown": reasons(true),
            },
            "now": {
                "allowed": summary.evaluated() - summary.refused_now,
                "denied": summary.refused_now,
                "asTheLogSays": summary.by_log,
                "logSaysTheOpposite": summary.disagree,
            },
            "proposed": {
                "allowed": summary.evaluated() - then_refused - then_unknown,
                "denied": then_refused,
                "unknown": then_unknown,
            },
            "newlyBlocked": class(Class::NewlyBlocked),
            "unknown": class(Class::Unknown),
            "newlyAllowed": class(Class::NewlyAllowed),
            "callersDerived": summary.derived,
            "rows": {
                "newlyBlocked": rows(Class::NewlyBlocked),
                "unknown": rows(Class::Unknown),
                "newlyAllowed": rows(Class::NewlyAllowed),
                "stillBlocked": rows(Class::StillBlocked),
                "stillAllowed": rows(Class::StillAllowed),
            },
            "inNoRow": Class::ALL.iter().filter(|c| summary.others(**c) > 0)
                .map(|c| (name(*c).to_owned(), summary.others(*c).into()))
                .collect::<serde_json::Map<_, _>>(),
            "coverage": {
                "first": summary.first.map(time),
                "last": summary.last.map(time),
                "hoursWithRequests": with,
                "hours": of,
                "gaps": gaps.map(|(from, hours)| json!({"from": time(from * 3_600_000), "hours": hours})).collect::<Vec<_>>(),
                "withoutTime": summary.timeless,
                "wholeLog": header.whole.is,
                "cronJobsNotSeen": self.unseen(),
                "namedNotSeen": self.named_unseen(),
                "backup": header.backup,
            },
            "assumptions": header.assumptions,
            "unclear": header.unclear,
            "doubts": self.doubts(),
        });
        if let Some(checks) = summary.checks.as_deref() {
            let rows = |class| checks.of(class).iter().map(row).collect::<Vec<_>>();
            body["debugLines"] = json!({
                "evaluated": checks.evaluated(),
                "newlyBlocked": checks.class(Class::NewlyBlocked),
                "unknown": checks.class(Class::Unknown),
                "rows": { "newlyBlocked": rows(Class::NewlyBlocked), "unknown": rows(Class::Unknown) },
            });
        }
        if !summary.decided.is_empty() {
            body["decided"] = json!(summary.decided);
        }
        body
    }
}

fn name(class: Class) -> &'static str {
    match class {
        Class::NewlyBlocked => "newlyBlocked",
        Class::Unknown => "unknown",
        Class::NewlyAllowed => "newlyAllowed",
        Class::StillBlocked => "stillBlocked",
        Class::StillAllowed => "stillAllowed",
    }
}

fn row(row: &Row) -> Value {
    let example = &row.example;
    json!({
        "workload": row.workload,
        "source": row.source,
        "sourceKnownBy": row.known,
        "method": row.method,
        "path": row.path,
        "by": row.by,
        "requests": row.requests,
        "example": {
            "time": (example.time != i64::MAX).then(|| time(example.time)),
            "path": example.path,
            "host": example.host,
            "caller": example.caller,
        },
    })
}
