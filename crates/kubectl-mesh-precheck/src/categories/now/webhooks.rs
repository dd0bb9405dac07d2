//! MESH2307: every webhook of Istio calls somebody, and no two take the same pod.

use std::cmp::Reverse;

use mesh_common::{
    check::{Finding, Severity},
    mesh::{
        Gap, Mesh, WebhookTarget,
        tags::{self, Overlap, Problem, ProblemKind},
    },
    shell,
};

use super::{but_for, fails_closed, graded, webhooks_of};
use crate::{
    check::{More, Verdict, count, finding},
    facts::Facts,
};

pub(super) const CODE: &str = "MESH2307";

pub(super) fn run(facts: &Facts) -> Verdict {
    let mesh = &facts.mesh;
    let problems = match tags::webhook_problems(mesh) {
        Ok(problems) => problems,
        Err(gap) => return Verdict::gap(&gap),
    };
    // Without the other parts of it the gaps say so.
    let overlaps = mesh
        .wiring()
        .map(|wiring| tags::overlaps(mesh, &wiring))
        .unwrap_or_default();
    let mut findings: Vec<Finding> = problems
        .iter()
        .filter_map(|p| problem(mesh, p))
        .chain(elsewhere(mesh))
        .chain(overlaps.iter().map(overlap))
        .collect();
    findings.sort_by_key(|f| Reverse(f.severity));
    let injectors = mesh.injectors.get().map_or(0, Vec::len);
    let validators = mesh.validators.get().map_or(0, Vec::len);
    let ok = format!(
        "{} and {}, each with somebody behind it",
        count(injectors, "injector"),
        count(validators, "validator")
    );
    but_for(graded(findings, ok), gaps(mesh))
}

/// What it takes beside the injectors: whom they call, and for overlaps the namespaces.
fn gaps(mesh: &Mesh) -> impl Iterator<Item = &Gap> {
    let endpoints = mesh.services.get().into_iter().flatten();
    let parts = [
        mesh.validators.items().err(),
        mesh.services.items().err(),
        mesh.namespaces.gap(),
    ];
    parts
        .into_iter()
        .flatten()
        .chain(endpoints.filter_map(|s| s.ready_endpoints.gap()))
}

fn problem(mesh: &Mesh, problem: &Problem) -> Option<Finding> {
    use ProblemKind::{
        Deactivated, TargetElsewhere, TargetMissing, TargetNotReady, TwoDefaultValidators,
        ValidatorElsewhere,
    };
    let object = problem
        .object
        .as_deref()
        .unwrap_or("validatingwebhookconfigurations");
    let hooks = webhooks_of(mesh, object);
    let what = if object.starts_with("validating") {
        "every change of an Istio object"
    } else {
        "every pod that asks for a sidecar there"
    };
    let fails = fails_closed(hooks);
    let policies: Vec<String> = hooks
        .iter()
        .map(|w| format!("{}: failurePolicy {}", w.name, w.failure_policy))
        .collect();
    let found = |severity, message: String, hint: String| {
        let mut found = finding(CODE, severity, object, message).hint(hint);
        for policy in &policies {
            found = found.seen(policy);
        }
        Some(found)
    };
    let look = shell::command("kubectl get {} -o yaml", &[object]);
    match problem.kind {
        TargetMissing | TargetNotReady if fails => {
            let hint = format!("it is left over, or its istiod is down; once nobody needs it, remove it\n{look}");
            let message = format!("{}: the API server rejects {what}", problem.text);
            Some(found(Severity::Error, message, hint)?.field("webhooks[].clientConfig.service"))
        }
        TargetMissing | TargetNotReady => {
            let message = format!("{}: it is passed over, and what it checks goes unchecked", problem.text);
            let hint = format!("install the default revision or tag that it is for, or remove it\n{look}");
            Some(found(Severity::Warning, message, hint)?.field("webhooks[].clientConfig.service"))
        }
        TargetElsewhere => found(Severity::Warning, problem.text.clone(), look),
        Deactivated => found(Severity::Info, problem.text.clone(), look),
        TwoDefaultValidators | ValidatorElsewhere => found(
            if problem.broken { Severity::Warning } else { Severity::Info },
            problem.text.clone(),
            "one revision is to check objects without a label: the one that the default tag points to\n\
             kubectl get validatingwebhookconfigurations -L istio.io/rev,istio.io/tag"
                .into(),
        ),
        _ => None,
    }
}

/// Webhooks that call a Service of a namespace that is gone, or that nobody looked into.
fn elsewhere(mesh: &Mesh) -> Vec<Finding> {
    let injectors = mesh.injectors.get().into_iter().flatten();
    let validators = mesh.validators.get().into_iter().flatten();
    let all = injectors
        .map(|i| {
            (
                format!("mutatingwebhookconfiguration/{}", i.name),
                &i.webhooks,
            )
        })
        .chain(validators.map(|v| {
            (
                format!("validatingwebhookconfiguration/{}", v.name),
                &v.webhooks,
            )
        }));
    let mut findings = Vec::new();
    for (object, webhooks) in all {
        let outside = webhooks.iter().find_map(|w| match &w.target {
            WebhookTarget::Service {
                namespace, name, ..
            } if *namespace != mesh.istio_namespace => Some((namespace, name, w)),
            _ => None,
        });
        let Some((namespace, name, webhook)) = outside else {
            continue;
        };
        let gone = mesh
            .namespaces
            .get()
            .is_some_and(|all| !all.contains_key(namespace));
        let found = if gone {
            let fails = webhook.failure_policy != "Ignore";
            let severity = if fails {
                Severity::Error
            } else {
                Severity::Warning
            };
            finding(
                CODE,
                severity,
                &object,
                format!("it calls Service {name} of namespace {namespace}, which does not exist"),
            )
            .hint(shell::command("kubectl get {} -o yaml", &[&object]))
        } else {
            finding(
                CODE,
                Severity::Info,
                &object,
                format!("it calls Service {name} of namespace {namespace}: another control plane, not looked at here"),
            )
            .hint(shell::command("kubectl mesh-precheck -i {}", &[namespace]))
        };
        findings.push(
            found
                .field("webhooks[].clientConfig.service")
                .seen(format!("failurePolicy: {}", webhook.failure_policy)),
        );
    }
    findings
}

fn overlap(overlap: &Overlap) -> Finding {
    let config = overlap
        .webhooks
        .first()
        .and_then(|w| w.split('/').next())
        .unwrap_or_default();
    let hit = overlap.workloads.len();
    let severity = if hit > 0 && !overlap.conditional {
        Severity::Error
    } else {
        Severity::Warning
    };
    let whom = match overlap.workloads.first() {
        None => "nobody has such labels now".to_owned(),
        Some(one) => format!("{}, such as {}", count(hit, "workload"), one.short()),
    };
    let message = format!(
        "{} take the same pods: {whom}",
        overlap.webhooks.join(" and ")
    );
    let labels = |all: &mesh_common::mesh::Labels| {
        let all: Vec<String> = all.iter().map(|(k, v)| format!("{k}={v}")).collect();
        if all.is_empty() {
            "none".into()
        } else {
            all.join(",")
        }
    };
    let mut found = finding(
        CODE,
        severity,
        format!("mutatingwebhookconfiguration/{config}"),
        message,
    )
    .field("webhooks[].namespaceSelector")
    .seen(format!(
        "namespace labels: {}",
        labels(&overlap.namespace_labels)
    ))
    .seen(format!("pod labels: {}", labels(&overlap.pod_labels)));
    if overlap.conditional {
        found = found.seen("matchConditions are not evaluated and may keep them apart");
    }
    found.hint("kubectl get mutatingwebhookconfigurations -L istio.io/rev,istio.io/tag")
}
