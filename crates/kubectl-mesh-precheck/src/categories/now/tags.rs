//! MESH2308: every tag points to a living revision, and every label names something.

use std::{cmp::Reverse, collections::BTreeMap};

use mesh_common::{
    check::{Finding, Severity},
    mesh::{
        Gap, Known, Mesh, Wiring,
        forecast::{Forecast, forecast},
        gateways,
        inject::{Cause, Injected},
        label,
        tags::{self, Dangling, ProblemKind, TagRow},
    },
    shell,
};

use super::{but_for, some};
use crate::{
    check::{More, Verdict, count, finding},
    facts::Facts,
};

pub(super) const CODE: &str = "MESH2308";

pub(super) fn run(facts: &Facts) -> Verdict {
    let mesh = &facts.mesh;
    let table = match tags::tags(mesh) {
        Ok(table) => table,
        Err(gap) => return Verdict::gap(&gap),
    };
    let mut findings: Vec<Finding> = table.rows.iter().flat_map(of_row).collect();
    let dangling = table.dangling.get().map_or(&[][..], Vec::as_slice);
    findings.extend(dangling.iter().map(|d| of_namespace(mesh, d, &table.rows)));
    if let Ok(wiring) = mesh.wiring() {
        findings.extend(both_labels(&wiring, dangling));
        if let Ok(all) = forecast(mesh, &wiring) {
            findings.extend(of_workloads(&all, dangling));
        }
        findings.extend(of_gateways(mesh, &wiring));
    }
    findings.sort_by_key(|f| Reverse(f.severity));
    let tags: Vec<String> = table
        .rows
        .iter()
        .filter_map(|r| Some(format!("{} → {}", r.tag.as_ref()?, some(&r.revisions))))
        .collect();
    let ok = match tags.as_slice() {
        [] => "no tags; every label names a revision".to_owned(),
        tags => format!("{}; every label names a tag or revision", some(tags)),
    };
    let verdict = Verdict::of(findings, ok.clone(), |all| {
        let grave: Vec<&Finding> = all.iter().filter(|f| f.severity > Severity::Info).collect();
        match grave.as_slice() {
            [] => ok,
            [one] => format!("{}: {}", one.object, one.message),
            several => format!("to mend: {}", some(several.iter().map(|f| &f.object))),
        }
    });
    but_for(verdict, gaps(mesh, &table.gaps))
}

fn gaps<'a>(mesh: &'a Mesh, table: &'a [Gap]) -> impl Iterator<Item = &'a Gap> {
    let gateways = mesh.gateways.items().err();
    table.iter().chain(gateways)
}

/// What is wrong with a tag itself. Revisions by their own name are checked elsewhere.
fn of_row(row: &TagRow) -> Vec<Finding> {
    use ProblemKind::{
        NoInjector, NoIstiod, ServiceOnly, ShadowsRevision, TwoRevisions, TwoWebhooks, WebhookOnly,
    };
    let Some(tag) = &row.tag else {
        return Vec::new();
    };
    let object = match (row.webhooks.first(), row.services.first()) {
        (Some(name), _) => format!("mutatingwebhookconfiguration/{name}"),
        (None, Some(name)) => format!("service/{name}"),
        (None, None) => format!("tag {tag}"),
    };
    let used = row.namespaces.get().is_none_or(|n| !n.is_empty())
        || row.workloads.get().is_none_or(|w| *w > 0)
        || row.gateways.get().is_none_or(|g| !g.is_empty());
    let one = |problem: &tags::Problem| {
        let severity = match problem.kind {
            NoIstiod if used => Severity::Error,
            NoIstiod | ServiceOnly | ShadowsRevision | TwoRevisions | TwoWebhooks => {
                Severity::Warning
            }
            WebhookOnly | NoInjector => Severity::Info,
            _ => return None,
        };
        let hint = match problem.kind {
            NoIstiod if used => shell::command("kubectl mesh-tag promote {} --to REVISION", &[tag]),
            NoIstiod => shell::command("kubectl mesh-tag remove {}", &[tag]),
            _ => "kubectl mesh-tag list --full".to_owned(),
        };
        let message = format!("tag {tag}: {}", problem.text);
        let mut found = finding(CODE, severity, &object, message)
            .seen(format!("points to {}", some(&row.revisions)));
        if let Some(namespaces) = row.namespaces.get().filter(|n| !n.is_empty()) {
            found = found.seen(format!("namespaces: {}", some(namespaces)));
        }
        Some(found.hint(hint))
    };
    row.problems.iter().filter_map(one).collect()
}

/// A namespace whose pods are silently left without a sidecar.
fn of_namespace(mesh: &Mesh, dangling: &Dangling, rows: &[TagRow]) -> Finding {
    let Dangling {
        namespace,
        reason,
        workloads,
        pods,
    } = dangling;
    let switched = mesh
        .namespaces
        .get()
        .and_then(|all| all.get(namespace))
        .is_some_and(|n| n.labels.contains_key(label::INJECTION));
    let switch = if switched {
        label::INJECTION
    } else {
        label::REV
    };
    let empty = workloads.get() == Some(&0);
    let severity = if empty {
        Severity::Info
    } else {
        Severity::Warning
    };
    let mut found = finding(
        CODE,
        severity,
        format!("namespace/{namespace}"),
        format!("new pods get no sidecar: {reason}"),
    )
    .field(format!("metadata.labels[{switch}]"));
    if let (Some(workloads), Some(pods)) = (workloads.get(), pods.get()) {
        found = found.seen(format!(
            "{}, {}",
            count(*workloads as usize, "workload"),
            count(*pods as usize, "pod")
        ));
    }
    let to = haven(rows);
    found.hint(shell::command(
        &format!("kubectl mesh-tag move {{}} --to {to}"),
        &[namespace],
    ))
}

/// Where such namespaces would go: the one tag there is, else a word to replace.
fn haven(rows: &[TagRow]) -> String {
    let sound = |r: &&TagRow| !r.problems.iter().any(|p| p.broken);
    let mut tags = rows
        .iter()
        .filter(sound)
        .filter_map(|r| r.tag.as_deref())
        .filter(|t| *t != "canary");
    match (tags.next(), tags.next()) {
        (Some(tag), None) => shell::word(tag),
        _ => "TAG".into(),
    }
}

/// `istio-injection` beside `istio.io/rev`: the former decides, and the latter only looks as if it did.
fn both_labels(wiring: &Wiring, dangling: &[Dangling]) -> Vec<Finding> {
    let said = |name: &str| dangling.iter().any(|d| d.namespace == name);
    let mut findings = Vec::new();
    for namespace in wiring.namespaces.values() {
        let Some(injection) = namespace.labels.get(label::INJECTION) else {
            continue;
        };
        let Some(rev) = namespace.rev().filter(|_| !said(&namespace.name)) else {
            continue;
        };
        let outcome = if injection == "enabled" {
            "the default injector takes its pods, and no tag moves them"
        } else {
            "its pods are not injected"
        };
        findings.push(
            finding(
                CODE,
                Severity::Warning,
                format!("namespace/{}", namespace.name),
                format!("both labels: istio-injection shuts out istio.io/rev, so {outcome}"),
            )
            .field(format!("metadata.labels[{}]", label::INJECTION))
            .seen(format!("istio-injection={injection}"))
            .seen(format!("istio.io/rev={rev}"))
            .hint(shell::command(
                "kubectl label namespace {} istio-injection-",
                &[&namespace.name],
            )),
        );
    }
    findings
}

/// Workloads that name a revision themselves and get none, by what they ask for.
fn of_workloads(all: &[Forecast], dangling: &[Dangling]) -> Vec<Finding> {
    let mut by_reason: BTreeMap<&str, Vec<&Forecast>> = BTreeMap::new();
    for one in all {
        let namespace = &one.workload.namespace;
        let fault = matches!(
            &one.next,
            Injected::No {
                cause: Cause::UnknownRevision,
                ..
            }
        );
        if fault && !dangling.iter().any(|d| d.namespace == *namespace) {
            by_reason.entry(&one.reason).or_default().push(one);
        }
    }
    let mut findings = Vec::new();
    for (reason, of) in by_reason {
        let Some(one) = of.first() else { continue };
        let item = &one.workload;
        let names = of.iter().map(|f| f.workload.short());
        findings.push(
            finding(
                CODE,
                Severity::Warning,
                format!("{}/{} -n {}", item.kind, item.name, item.namespace),
                format!(
                    "new pods of {} get no sidecar: {reason}",
                    count(of.len(), "workload")
                ),
            )
            .field(format!("spec.template.metadata.labels[{}]", label::REV))
            .seen(some(names))
            .hint("name a tag or revision that there is\nkubectl mesh-tag list"),
        );
    }
    findings
}

/// Gateways whose Deployment no istiod makes, or two do.
fn of_gateways(mesh: &Mesh, wiring: &Wiring) -> Vec<Finding> {
    let (Ok(istiods), Known::Known(all)) = (mesh.istiods_by_revision(), &mesh.gateways) else {
        return Vec::new();
    };
    let mut findings = Vec::new();
    for gateway in all.iter().filter(|g| g.managed) {
        let by = gateways::resolve(wiring, &istiods, gateway);
        if !by.unsure.is_empty() || by.revisions.len() == 1 {
            continue;
        }
        let message = match by.revisions.as_slice() {
            [] => format!("no istiod takes this gateway for its own: {}", by.reason),
            several => format!("{} both write its Deployment: {}", some(several), by.reason),
        };
        findings.push(
            finding(
                CODE,
                Severity::Warning,
                format!("gateway/{} -n {}", gateway.name, gateway.namespace),
                message,
            )
            .field(format!("metadata.labels[{}]", label::REV))
            .seen(format!("gatewayClassName: {}", gateway.class))
            .hint(shell::command(
                "kubectl -n {} label gateways.gateway.networking.k8s.io {} istio.io/rev=TAG --overwrite",
                &[&gateway.namespace, &gateway.name],
            )),
        );
    }
    findings
}
