//! What istioctl itself says.

use std::borrow::Cow;

use mesh_common::{
    check::{Finding, Severity},
    istioctl::{Analysis, Level, Message, analysis::NoAnswer},
    mesh::{Gap, Mesh, Why},
    output::clean,
};

use crate::{
    check::{Category, Check, More, Verdict, count, finding},
    facts::Facts,
    observe::{Said, Word},
};

mod alarm;
#[cfg(test)]
mod tests;

const PRECHECK: &str = "MESH2701";
const ANALYZE: &str = "MESH2702";

/// istioctl's code for a right to install that the user lacks.
const PERMISSIONS: &str = "IST0141";

/// Longest message that is kept.
const MESSAGE_MAX: usize = 1000;

pub(super) const CHECKS: &[Check] = &[
    Check {
        code: PRECHECK,
        title: "istioctl x precheck",
        category: Category::Istioctl,
        fatal: false,
        heals: false,
        run: precheck,
    },
    Check {
        code: ANALYZE,
        title: "istioctl analyze",
        category: Category::Istioctl,
        fatal: false,
        heals: false,
        run: analyze,
    },
];

fn precheck(facts: &Facts) -> Verdict {
    match said(facts) {
        Ok(said) => judge(&facts.mesh, said, &said.precheck),
        Err(missing) => missing.unwrap_or_else(|| unasked(facts)),
    }
}

fn analyze(facts: &Facts) -> Verdict {
    match said(facts) {
        Ok(said) => judge(&facts.mesh, said, &said.analyze),
        Err(missing) => missing.unwrap_or_else(|| {
            // What to do about it stands with the first.
            let mut verdict = unasked(facts);
            verdict.findings.clear();
            verdict
        }),
    }
}

/// What was said; none where nobody was there to be asked.
fn said(facts: &Facts) -> Result<&Said, Option<Verdict>> {
    match facts.istioctl.read() {
        Ok(Word::Asked(said)) => Ok(said),
        Ok(Word::Missing { .. }) => Err(None),
        Ok(Word::NoTarget) => Err(Some(Verdict::not_evaluated(
            "no target, so no istioctl to ask",
        ))),
        Err(gap) => Err(Some(Verdict::gap(gap))),
    }
}

/// There is none, and how to get it.
fn unasked(facts: &Facts) -> Verdict {
    let Some(Word::Missing { why, seen, hint }) = facts.istioctl.get() else {
        return Verdict::unknown("istioctl was not asked");
    };
    let found = finding(PRECHECK, Severity::Warning, "istioctl", why.clone()).hint(hint.clone());
    let found = seen.iter().fold(found, |f, one| f.seen(one.clone()));
    Verdict {
        findings: vec![found],
        ..Verdict::unknown(why.clone())
    }
}

/// What an answer comes to.
fn judge(mesh: &Mesh, said: &Said, answer: &Result<Analysis, NoAnswer>) -> Verdict {
    let gap = |why, detail: &str| Gap {
        what: "istioctl".into(),
        why,
        detail: format!("{}: {detail}", said.name),
    };
    let analysis = match answer {
        Ok(analysis) => analysis,
        Err(NoAnswer::Forbidden(why)) => return Verdict::gap(&gap(Why::Forbidden, why)),
        Err(NoAnswer::Failed(why)) => return Verdict::gap(&gap(Why::Failed, why)),
    };
    let another = if said.another {
        " (of another minor than the target)"
    } else {
        ""
    };
    let name = format!("{}{another}", said.name);
    let mut findings: Vec<Finding> = analysis.messages.iter().map(|m| told(m, mesh)).collect();
    findings.sort_by_key(|f| std::cmp::Reverse(f.severity));
    let ok = format!("{name} found nothing");
    let verdict = Verdict::of(findings, ok, |found| format!("{name}: {}", counts(found)));
    match &analysis.doubt {
        None => verdict,
        Some(why) => verdict.but_without(&gap(Why::Failed, why)),
    }
}

/// `2 errors, 1 warning`.
fn counts(found: &[Finding]) -> String {
    let all = [
        (Severity::Error, "error"),
        (Severity::Warning, "warning"),
        (Severity::Info, "note"),
    ];
    let of = |(severity, one)| {
        let n = found.iter().filter(|f| f.severity == severity).count();
        (n > 0).then(|| count(n, one))
    };
    all.into_iter()
        .filter_map(of)
        .collect::<Vec<_>>()
        .join(", ")
}

/// A message as a finding.
fn told(message: &Message, mesh: &Mesh) -> Finding {
    let refuted = alarm::refuted(message, mesh);
    let severity = match &message.level {
        _ if refuted.is_some() => Severity::Info,
        // It is this user who may not install, and somebody else may: the mesh is none the worse for it.
        _ if message.code == PERMISSIONS => Severity::Warning,
        Level::Info => Severity::Info,
        Level::Error => Severity::Error,
        Level::Warning | Level::Other(_) => Severity::Warning,
    };
    let object = match &message.origin {
        Some(origin) => object(origin),
        None => "the cluster".to_owned(),
    };
    let words = clean(&message.message, MESSAGE_MAX);
    let mut found = finding(PRECHECK, severity, object, words);
    found.code = Cow::Owned(clean(&message.code, 20));
    if let Level::Other(word) = &message.level {
        found = found.seen(format!("level: {word}"));
    }
    let rest = [("in cluster", &message.cluster), ("at", &message.reference)];
    for (what, value) in rest {
        if let Some(value) = value {
            found = found.seen(format!("{what} {value}"));
        }
    }
    found = refuted.into_iter().fold(found, More::seen);
    match message.documentation_url.as_deref() {
        Some(url) => found.hint(format!("see {}", page(url))),
        None => found,
    }
}

/// The page, without the note on who asked.
fn page(url: &str) -> String {
    clean(url.split('?').next().unwrap_or(url), 200)
}

/// `VirtualService staging/broken` as kubectl takes it.
fn object(origin: &str) -> String {
    let words: Vec<&str> = origin.split(' ').collect();
    match words[..] {
        ["Cluster"] => "the cluster".to_owned(),
        [kind, name] if !kind.is_empty() && !name.is_empty() => {
            let kind = kind.to_lowercase();
            match name.split_once('/') {
                Some((namespace, name)) => format!("{kind}/{name} -n {namespace}"),
                None => format!("{kind}/{name}"),
            }
        }
        _ => origin.to_owned(),
    }
}
