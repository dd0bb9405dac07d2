//! MESH2301: there is a control plane, and it is ready.

use mesh_common::{
    check::{Finding, Severity, istiod_versions},
    mesh::{Gap, Istiod, Mesh, WebhookTarget, Why},
    output::clean,
    shell,
};

use super::{but_for, deployment, first, some};
use crate::{
    check::{More, Verdict, finding},
    facts::Facts,
};

pub(super) const CODE: &str = "MESH2301";

pub(super) fn run(facts: &Facts) -> Verdict {
    let istiods = match facts.mesh.istiods.items() {
        Ok(istiods) => istiods,
        Err(gap) => return Verdict::gap(gap),
    };
    if istiods.is_empty() {
        return Verdict::of(vec![none(&facts.mesh)], "", first);
    }
    let findings: Vec<Finding> = istiods.iter().filter_map(not_ready).collect();
    let each = some(istiods.iter().map(words));
    let verdict = Verdict::of(findings, each, first);
    let untold: Vec<Gap> = istiods.iter().filter_map(untold).collect();
    but_for(verdict, &untold)
}

/// `1-26-1 1.26.1, 2/2 ready`.
fn words(istiod: &Istiod) -> String {
    let mut versions: Vec<String> = istiod_versions(istiod)
        .iter()
        .map(|v| {
            v.as_ref()
                .map_or_else(|| "unknown version".into(), ToString::to_string)
        })
        .collect();
    versions.sort();
    versions.dedup();
    format!(
        "{} {} ({}/{} ready)",
        istiod.revision,
        versions.join(" and "),
        istiod.ready,
        istiod.replicas
    )
}

fn not_ready(istiod: &Istiod) -> Option<Finding> {
    let Istiod {
        ready, replicas, ..
    } = istiod;
    let (severity, message) = match (ready, replicas) {
        (_, 0) => (
            Severity::Warning,
            format!("revision {} is scaled to zero", istiod.revision),
        ),
        (0, _) => (
            Severity::Error,
            format!("no istiod of revision {} is ready", istiod.revision),
        ),
        (ready, replicas) if ready < replicas => (
            Severity::Warning,
            format!(
                "{ready} of {replicas} istiods of revision {} are ready",
                istiod.revision
            ),
        ),
        _ => return None,
    };
    let mut found = finding(CODE, severity, deployment(istiod), message)
        .field("status.readyReplicas")
        .seen(format!("spec.replicas: {replicas}"))
        .seen(format!("status.readyReplicas: {ready}"))
        .hint(shell::command(
            "kubectl -n {} get pods -l {}",
            &[
                &istiod.namespace,
                &format!("app=istiod,istio.io/rev={}", istiod.revision),
            ],
        ));
    for pod in istiod.pods.iter().filter(|p| !p.ready) {
        let ended = pod.last_end.as_ref().map_or(String::new(), |end| {
            format!(", last ended as {}", end.reason)
        });
        found = found.seen(format!(
            "pod {} is not ready, {} restarts{ended}",
            pod.name, pod.restarts
        ));
    }
    Some(found)
}

/// Neither image nor istiod itself says which version it is.
fn untold(istiod: &Istiod) -> Option<Gap> {
    if istiod_versions(istiod).iter().all(Option::is_some) {
        return None;
    }
    let mut asked = istiod.pods.iter().filter_map(|p| p.reported.gap());
    let forbidden = asked.find(|g| g.why == Why::Forbidden);
    Some(Gap {
        what: "istiod versions".into(),
        why: forbidden.map_or(Why::Failed, |g| g.why),
        detail: format!(
            "the version of {} is not known: its image {} does not say it{}",
            deployment(istiod),
            clean(&istiod.image, 120),
            forbidden.map_or(String::new(), |g| format!(", and {}", g.detail)),
        ),
    })
}

/// There is no istiod here; perhaps it is somewhere else.
fn none(mesh: &Mesh) -> Finding {
    let namespace = &mesh.istio_namespace;
    let found = finding(
        CODE,
        Severity::Error,
        format!("namespace/{namespace}"),
        format!("there is no istiod in namespace {}", clean(namespace, 100)),
    );
    let elsewhere = mesh.workloads.get().into_iter().flatten().find(|w| {
        let app = w.labels.get("app").map(String::as_str);
        w.namespace != *namespace && app == Some("istiod")
    });
    if let Some(there) = elsewhere {
        return found
            .seen(format!(
                "{} -n {} has app=istiod",
                there.short(),
                there.namespace
            ))
            .hint(shell::command(
                "kubectl mesh-precheck -i {}",
                &[&there.namespace],
            ));
    }
    let webhooks = mesh.injectors.get().into_iter().flatten();
    let outside = webhooks
        .flat_map(|i| &i.webhooks)
        .find_map(|w| match &w.target {
            WebhookTarget::Url(url) => Some(url),
            _ => None,
        });
    if let Some(url) = outside {
        return found
            .seen(format!("an injector calls {url}"))
            .hint("the control plane is outside this cluster: check the cluster that it runs in");
    }
    found.hint(
        "if it lives in another namespace, name that one\n\
         kubectl mesh-precheck -i NAMESPACE",
    )
}
