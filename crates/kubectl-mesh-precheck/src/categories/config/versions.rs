//! The API versions that objects are written in.

use mesh_common::check::Severity;

use crate::{
    check::{More, Verdict, count, finding, gravest},
    facts::Facts,
};

pub(super) const USED: &str = "MESH2505";

/// Versions that somebody still writes and that this very cluster does not serve any more, or that will go first.
pub(super) fn used(facts: &Facts) -> Verdict {
    let crds = match facts.mesh.crds.items() {
        Ok(crds) => crds,
        Err(gap) => return Verdict::gap(gap),
    };
    let mut found = Vec::new();
    for ((what, version), used) in &facts.seen.config.used {
        let Some(crd) = crds.iter().find(|c| c.name == *what) else {
            continue;
        };
        let newest = crd.served.iter().find(|v| is_stable(v));
        let (severity, message) = if !crd.served.contains(version) {
            (
                Severity::Error,
                format!(
                    "is written in {version}, which is not served any more: the next apply of its manifest fails"
                ),
            )
        } else if let Some(newest) = newest.filter(|_| !is_stable(version)) {
            (
                Severity::Info,
                format!("is written in {version}; {newest} is served too, and will stay"),
            )
        } else {
            continue;
        };
        let managers: Vec<&str> = used.managers.iter().map(String::as_str).collect();
        found.push(
            finding(USED, severity, what, message)
                .seen(format!(
                    "{}: {}",
                    count(used.objects, "object"),
                    used.examples.join(", ")
                ))
                .seen(format!("written by {}", managers.join(", ")))
                .hint("change apiVersion in the manifests that these managers apply"),
        );
    }
    let verdict = Verdict::of(
        found,
        "every object is written in a version that is served",
        |all| {
            format!(
                "{} to be written in a newer version",
                count(all.len(), "kind")
            )
        },
    );
    match gravest(&facts.customs.gaps) {
        Some(gap) => verdict.but_without(gap),
        None => verdict,
    }
}

/// `v1`, `v2`: neither alpha nor beta.
fn is_stable(version: &str) -> bool {
    !version.contains("alpha") && !version.contains("beta")
}
