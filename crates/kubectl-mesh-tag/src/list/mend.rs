//! The command that mends a problem; where that is for a person to choose, the one that shows the choice.

use mesh_common::{
    mesh::{
        Mesh,
        tags::{Problem, ProblemKind, TagRow},
    },
    shell::word,
};

/// Shows every validator with whom it belongs to.
const VALIDATORS: &str = "kubectl get validatingwebhookconfigurations -L istio.io/rev,istio.io/tag";
/// Shows every injector with whom it belongs to.
pub(crate) const INJECTORS: &str =
    "kubectl get mutatingwebhookconfigurations -L istio.io/rev,istio.io/tag";

/// What mends a problem of this row.
pub(crate) fn of_row(mesh: &Mesh, row: &TagRow, problem: &Problem, all: &[TagRow]) -> String {
    use ProblemKind::{
        CaDiffers, CaMissing, CaNotPem, Deactivated, NoInjector, NoIstiod, NotReady, ServiceOnly,
        ShadowsRevision, TargetElsewhere, TargetMissing, TargetNotReady, TwoDefaultValidators,
        TwoRevisions, TwoWebhooks, ValidatorElsewhere, WebhookOnly,
    };
    let namespace = word(&mesh.istio_namespace);
    let istiods = || format!("kubectl -n {namespace} get pods -l app=istiod -L istio.io/rev");
    let to = row.revisions.first().map_or("", String::as_str);
    let logs = || {
        let selector = word(&format!("app=istiod,istio.io/rev={to}"));
        format!("kubectl -n {namespace} logs -l {selector} --tail=50")
    };
    let Some(tag) = row.tag.as_deref() else {
        return match problem.kind {
            NoIstiod | NotReady | TargetNotReady => istiods(),
            // istiod writes its own bundle; its log says why it did not.
            CaMissing | CaNotPem => logs(),
            Deactivated => "kubectl mesh-tag history default".into(),
            _ => INJECTORS.into(),
        };
    };
    match problem.kind {
        // The webhook is what injects today, so it names the revision to stay with.
        TwoRevisions => match injecting(mesh, tag).as_slice() {
            [to] => promote(tag, to),
            _ => INJECTORS.into(),
        },
        // istioctl takes bundle and target from the revision's own webhook, and makes the Service.
        CaMissing | CaNotPem if !sound(mesh, to) => logs(),
        WebhookOnly | CaMissing | CaNotPem | CaDiffers | TargetMissing | TargetElsewhere => {
            promote(tag, to)
        }
        ServiceOnly | ShadowsRevision => format!("kubectl mesh-tag remove {}", word(tag)),
        NoIstiod => match elsewhere(row, all).as_slice() {
            [to] => promote(tag, to),
            _ => istiods(),
        },
        NotReady | TargetNotReady => istiods(),
        Deactivated => format!("kubectl mesh-tag history {}", word(tag)),
        TwoWebhooks | NoInjector => INJECTORS.into(),
        TwoDefaultValidators | ValidatorElsewhere => VALIDATORS.into(),
    }
}

/// Whether a revision's own injector has a CA bundle that a tag could take.
fn sound(mesh: &Mesh, revision: &str) -> bool {
    let injectors = mesh.injectors.items().unwrap_or_default().iter();
    let mut own = injectors.filter(|i| i.tag.is_none() && i.revision == revision);
    own.any(|i| {
        i.webhooks
            .iter()
            .all(|w| w.ca_bundle.is_some() && w.ca_bundle_is_pem)
    })
}

/// What mends a problem of no tag in particular.
pub(crate) fn of_mesh(problem: &Problem, all: &[TagRow]) -> String {
    let default = all.iter().find(|r| r.tag.as_deref() == Some("default"));
    match (problem.kind, default.map(|r| r.revisions.as_slice())) {
        // Setting the tag writes its validator too.
        (ProblemKind::ValidatorElsewhere, Some([to])) => promote("default", to),
        _ => VALIDATORS.into(),
    }
}

fn promote(tag: &str, to: &str) -> String {
    format!("kubectl mesh-tag promote {} --to {}", word(tag), word(to))
}

/// Revisions with a ready istiod that the row does not point to.
fn elsewhere<'a>(row: &TagRow, all: &'a [TagRow]) -> Vec<&'a str> {
    let mut found: Vec<&str> = all
        .iter()
        .filter(|r| r.revisions.len() == 1 && r.ready.get().is_some_and(|n| *n > 0))
        .map(|r| r.revisions[0].as_str())
        .filter(|r| !row.revisions.iter().any(|own| own == r))
        .collect();
    found.sort_unstable();
    found.dedup();
    found
}

/// Revisions behind a tag by its webhooks.
fn injecting<'a>(mesh: &'a Mesh, tag: &str) -> Vec<&'a str> {
    let injectors = mesh.injectors.items().unwrap_or_default().iter();
    let mut found: Vec<&str> = injectors
        .filter(|i| i.tag.as_deref() == Some(tag))
        .map(|i| i.revision.as_str())
        .collect();
    found.dedup();
    found
}
