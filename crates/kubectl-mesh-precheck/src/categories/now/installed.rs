//! MESH2310: what the installers wrote down is what runs, and the next upgrade by them is not blocked.

use std::cmp::Reverse;

use mesh_common::{
    check::{Finding, Severity, istiod_versions},
    istioctl::Version,
    mesh::Owner,
    shell,
};

use super::{but_for, deployment, graded, some};
use crate::{
    check::{More, Verdict, count, finding},
    facts::{Facts, HelmRelease},
};

pub(super) const CODE: &str = "MESH2310";

/// Istio's own charts (`manifests/charts`).
const CHARTS: [&str; 6] = ["base", "istiod", "cni", "ztunnel", "gateway", "ambient"];

/// The in-cluster operator is no more from this minor on (`releasenotes/notes`, 1.24).
const NO_OPERATOR: (u64, u64) = (1, 24);

pub(super) fn run(facts: &Facts) -> Verdict {
    let releases = facts.installed.releases.get().into_iter().flatten();
    let ours: Vec<&HelmRelease> = releases.filter(|r| is_istios(r)).collect();
    let mut findings: Vec<Finding> = ours.iter().filter_map(|r| status(r)).collect();
    findings.extend(ours.iter().flat_map(|r| drift(facts, r)));
    findings.extend(operator(facts));
    findings.sort_by_key(|f| Reverse(f.severity));
    let mut said = Vec::new();
    if facts.installed.releases.get().is_some() {
        let names = ours
            .iter()
            .map(|r| format!("Helm {} ({} {})", r.name, r.chart, r.version));
        said.push(match ours.len() {
            0 => "no Helm release of Istio".to_owned(),
            _ => some(names),
        });
    }
    match facts.installed.operators.get().map(Vec::len) {
        None => {}
        Some(0) => said.push("no IstioOperator".into()),
        Some(n) => said.push(count(n, "IstioOperator")),
    }
    let gaps = [
        facts.installed.releases.gap(),
        facts.installed.operators.gap(),
    ];
    but_for(
        graded(findings, said.join("; ")),
        gaps.into_iter().flatten(),
    )
}

fn is_istios(release: &HelmRelease) -> bool {
    CHARTS.contains(&release.chart.as_str()) || release.chart.contains("istio")
}

fn object(release: &HelmRelease) -> String {
    format!("release/{} -n {}", release.name, release.namespace)
}

/// What stands in the way of the next upgrade (Helm's `pkg/action/upgrade.go`, `prepareUpgrade`).
fn status(release: &HelmRelease) -> Option<Finding> {
    let HelmRelease {
        namespace,
        name,
        revision,
        status,
        chart,
        version,
        ..
    } = release;
    let (severity, message) = match status.as_str() {
        "deployed" | "superseded" | "uninstalled" => return None,
        "failed" => (
            Severity::Warning,
            format!(
                "the last change of Helm release {name} failed: part of it may have been applied"
            ),
        ),
        pending if pending.starts_with("pending") => (
            Severity::Error,
            format!("Helm release {name} is {pending}: every further upgrade of it is refused"),
        ),
        "uninstalling" => (
            Severity::Error,
            format!("Helm release {name} is being uninstalled, and that did not end"),
        ),
        other => (Severity::Warning, format!("Helm release {name} is {other}")),
    };
    Some(
        finding(CODE, severity, object(release), message)
            .field("info.status")
            .seen(format!(
                "record {revision}, chart {chart} {version}, status {status}"
            ))
            .hint(format!(
                "see what was done last; if nobody is at it, roll back to the last good record\n{}",
                shell::command("helm -n {} history {}", &[namespace, name])
            )),
    )
}

/// A part that runs another version than its chart brings.
fn drift(facts: &Facts, release: &HelmRelease) -> Vec<Finding> {
    let Some(brings) = Version::parse(release.brings()) else {
        return Vec::new();
    };
    let owns = |owner: &Owner| {
        matches!(owner, Owner::Helm { release: name, namespace }
            if *name == release.name && (namespace.is_empty() || *namespace == release.namespace))
    };
    let istiods = facts.mesh.istiods.get().into_iter().flatten();
    let agents = facts.mesh.node_agents.get().into_iter().flatten();
    let mut running: Vec<(String, Version)> = Vec::new();
    for istiod in istiods.filter(|i| owns(&i.owner)) {
        let versions = istiod_versions(istiod).into_iter().flatten();
        running.extend(versions.map(|v| (deployment(istiod), v)));
    }
    for agent in agents.filter(|a| owns(&a.owner)) {
        let version = agent.version.as_deref().and_then(Version::parse);
        let object = format!("daemonset/{} -n {}", agent.name, agent.namespace);
        running.extend(version.map(|v| (object, v)));
    }
    running.retain(|(_, v)| !v.same_release(&brings));
    running.dedup_by(|a, b| a.0 == b.0);
    running
        .into_iter()
        .map(|(object, runs)| {
            let message = format!(
                "it runs {runs}, and Helm release {} is of chart {} {}",
                release.name, release.chart, release.version
            );
            finding(CODE, Severity::Warning, object, message)
                .seen(format!("appVersion of the chart: {brings}"))
                .hint(format!(
                    "the next upgrade by Helm writes its own version over it: find out who changed it, or which value sets the tag\n{}",
                    shell::command(
                        "helm -n {} get values {}",
                        &[&release.namespace, &release.name]
                    )
                ))
        })
        .collect()
}

/// An operator that acts on `IstioOperators` in the cluster: gone from 1.24 on.
fn operator(facts: &Facts) -> Option<Finding> {
    let mut all = facts.mesh.workloads.get().into_iter().flatten();
    let operator = all.find(|w| {
        w.labels.get("name").map(String::as_str) == Some("istio-operator")
            || w.name == "istio-operator"
            || w.name.starts_with("istio-operator-")
    })?;
    let gone = facts
        .upgrade
        .to
        .as_ref()
        .is_some_and(|t| t.minor >= NO_OPERATOR);
    let (severity, message) = if gone {
        (
            Severity::Warning,
            "Istio's operator in the cluster ended with 1.23: it does not know the target",
        )
    } else {
        (
            Severity::Info,
            "Istio's operator installs this mesh; it ends with 1.23",
        )
    };
    let object = format!("{} -n {}", operator.short(), operator.namespace);
    let mut found = finding(CODE, severity, object, message);
    for one in facts.installed.operators.get().into_iter().flatten() {
        let revision = one.revision.as_deref().unwrap_or("default");
        found = found.seen(format!("{}, revision {revision}", one.object));
    }
    Some(found.hint("take its objects over with istioctl install or Helm, and remove the operator before the upgrade"))
}
