//! `serves`: the target's injector really answers, shown by a pod that is created and thrown away.

use super::{
    Facts, Gate, Serving, id,
    judge::{Judge, not_asked},
    words,
};
use crate::mesh::probe::Probe;

#[cfg(test)]
mod tests;

/// The webhooks that should have taken the pod.
const WEBHOOKS: &str = "kubectl get mutatingwebhookconfigurations -l istio.io/rev={}";

pub(super) fn gate(facts: &Facts<'_>) -> Gate {
    let mut judge = Judge::default();
    let target = &facts.target;
    let mut open = String::new();
    match &facts.serving {
        Serving::NotEvaluated => return not_asked(facts, judge, id::SERVES, ""),
        Serving::Failed(message) => {
            judge.doubt(format!("the API server could not be asked: {message}"));
        }
        Serving::Asked(Probe::Injected {
            namespace,
            revision,
        }) if revision == target => {
            open = format!("a dry-run pod in namespace {namespace} was injected by {target}");
        }
        Serving::Asked(Probe::Injected {
            namespace,
            revision,
        }) => {
            judge.close(format!(
                "a dry-run pod with istio.io/rev={target} in namespace {namespace} was injected by {revision}"
            ));
            judge.hint(words::command(WEBHOOKS, &[target]));
        }
        Serving::Asked(Probe::NotInjected { namespace }) => {
            judge.close(format!(
                "a dry-run pod with istio.io/rev={target} in namespace {namespace} got no proxy"
            ));
            judge.hint(words::command(WEBHOOKS, &[target]));
        }
        Serving::Asked(Probe::InjectorFailed { namespace, message }) => {
            judge.close(format!(
                "the injector of {target} does not answer (namespace {namespace})"
            ));
            judge.note(message);
            judge.hint(words::command(
                "kubectl get endpointslices -n {} -l istio.io/rev={}",
                &[&facts.mesh.istio_namespace, target],
            ));
        }
        Serving::Asked(Probe::Refused { namespace, message }) => {
            judge.doubt(format!(
                "the dry-run pod in namespace {namespace} was refused: {message}"
            ));
            judge.hint("--waive serves=REASON");
        }
        Serving::Asked(Probe::NoNamespace) => {
            judge.doubt("there is no namespace without Istio labels to try a dry-run pod in");
            judge.hint(
                "--waive serves=REASON, or a namespace without istio-injection and istio.io/rev",
            );
        }
    }
    judge.done(id::SERVES, open)
}

/// Where the tag is deleted, nobody is put on a revision.
pub(super) fn gate_of_way_back(facts: &Facts<'_>) -> Gate {
    if facts.removal.is_some() {
        return Judge::default().done(
            id::SERVES,
            "the tag goes away: nobody is put on another injector",
        );
    }
    gate(facts)
}
