//! The mesh as it is.

mod ca;
mod control_plane;
mod installed;
mod one_mesh;
mod owners;
mod skew;
mod support;
mod tags;
mod way;
mod webhooks;

use mesh_common::{
    check::{Finding, Severity, istiod_versions},
    istioctl::Version,
    mesh::{Gap, Istiod, Mesh, Webhook},
};

use crate::{
    check::{Category, Check, Verdict},
    facts::Facts,
    route::Minor,
};

pub(super) const CHECKS: &[Check] = &[
    Check {
        fatal: true,
        heals: true,
        ..check(control_plane::CODE, "control plane", control_plane::run)
    },
    check(way::CODE, "the way", way::run),
    check(support::CODE, "support", support::run),
    check(skew::CODE, "proxies and their istiods", skew::run),
    check(owners::CODE, "owners", owners::run),
    check(one_mesh::CODE, "one mesh", one_mesh::run),
    Check {
        heals: true,
        ..check(webhooks::CODE, "webhooks", webhooks::run)
    },
    check(tags::CODE, "tags and labels", tags::run),
    check(ca::CODE, "certificate authority", ca::run),
    Check {
        heals: true,
        ..check(installed::CODE, "records of installers", installed::run)
    },
];

const fn check(code: &'static str, title: &'static str, run: fn(&Facts) -> Verdict) -> Check {
    Check {
        code,
        title,
        category: Category::Now,
        fatal: false,
        heals: false,
        run,
    }
}

/// What an istiod says it is.
struct Running<'a> {
    istiod: &'a Istiod,
    version: Version,
}

impl Running<'_> {
    fn minor(&self) -> Minor {
        (self.version.semver.major, self.version.semver.minor)
    }
}

/// Every version that an istiod's pods run, each once, the oldest first.
fn running(facts: &Facts) -> Result<Vec<Running<'_>>, &Gap> {
    let mut all: Vec<Running<'_>> = Vec::new();
    for istiod in facts.mesh.istiods.items()? {
        for version in istiod_versions(istiod).into_iter().flatten() {
            let known = all
                .iter()
                .any(|r| r.istiod.name == istiod.name && r.version.same_release(&version));
            if !known {
                all.push(Running { istiod, version });
            }
        }
    }
    all.sort_by(|a, b| {
        (&a.version.semver, &a.istiod.revision).cmp(&(&b.version.semver, &b.istiod.revision))
    });
    Ok(all)
}

/// `deployment/istiod-1-26-1 -n istio-system`.
fn deployment(istiod: &Istiod) -> String {
    format!("deployment/{} -n {}", istiod.name, istiod.namespace)
}

/// `a`, `a and b`, `a, b, c and 4 more`.
fn some<T: AsRef<str>>(all: impl IntoIterator<Item = T>) -> String {
    const SHOWN: usize = 4;
    let all: Vec<T> = all.into_iter().collect();
    let words: Vec<&str> = all.iter().map(AsRef::as_ref).collect();
    match words.as_slice() {
        [] => "none".into(),
        [one] => (*one).to_owned(),
        [first @ .., last] if words.len() <= SHOWN => {
            format!("{} and {last}", first.join(", "))
        }
        _ => {
            let shown = words[..SHOWN - 1].join(", ");
            format!("{shown} and {} more", words.len() - SHOWN + 1)
        }
    }
}

/// The verdict, but for everything that could not be looked at, each once.
fn but_for<'a>(verdict: Verdict, gaps: impl IntoIterator<Item = &'a Gap>) -> Verdict {
    let mut said: Vec<&Gap> = Vec::new();
    let mut verdict = verdict;
    for gap in gaps {
        if said.iter().any(|g| g.detail == gap.detail) {
            continue;
        }
        said.push(gap);
        verdict = verdict.but_without(gap);
    }
    verdict
}

/// The first of the findings in a line, and how many there are more.
fn first(findings: &[Finding]) -> String {
    let Some(gravest) = findings.iter().map(|f| f.severity).max() else {
        return String::new();
    };
    let mut of = findings.iter().filter(|f| f.severity == gravest);
    let first = of.next().map_or("", |f| f.message.as_str());
    match of.count() {
        0 => first.to_owned(),
        n => format!("{first}; and {n} more"),
    }
}

/// As grave as the gravest finding. What is only to know stands below, and `ok` stays the summary.
fn graded(findings: Vec<Finding>, ok: String) -> Verdict {
    Verdict::of(findings, ok.clone(), |all| {
        if all.iter().any(|f| f.severity > Severity::Info) {
            first(all)
        } else {
            ok
        }
    })
}

/// The webhooks of a configuration, given as kubectl takes it.
fn webhooks_of<'a>(mesh: &'a Mesh, object: &str) -> &'a [Webhook] {
    let (kind, name) = object.split_once('/').unwrap_or_default();
    if kind.starts_with("mutating") {
        let mut all = mesh.injectors.get().into_iter().flatten();
        all.find(|i| i.name == name).map_or(&[], |i| &i.webhooks)
    } else {
        let mut all = mesh.validators.get().into_iter().flatten();
        all.find(|v| v.name == name).map_or(&[], |v| &v.webhooks)
    }
}

/// Whether the API server rejects what it cannot ask one of these about. The chart `base` leaves a default validator that
/// fails open until an istiod takes it up.
fn fails_closed(webhooks: &[Webhook]) -> bool {
    webhooks.iter().any(|w| w.failure_policy != "Ignore")
}

#[cfg(test)]
mod tests;
