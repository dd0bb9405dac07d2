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
    let (probe, itself) = match &facts.serving {
        Serving::NotEvaluated => return not_asked(facts, judge, id::SERVES, ""),
        Serving::Failed(message) => {
            judge.doubt(format!("the API server could not be asked: {message}"));
            return judge.done(id::SERVES, "");
        }
        Serving::Asked(probe) => (probe, false),
        Serving::AskedItself(probe) => (probe, true),
    };
    let pod = |namespace: &str| {
        if itself {
            format!("a pod of namespace {namespace}, shown to istiod {target} itself,")
        } else {
            format!("a dry-run pod with istio.io/rev={target} in namespace {namespace}")
        }
    };
    let mut open = String::new();
    match probe {
        Probe::Injected {
            namespace,
            revision,
        } if revision == target => {
            open = if itself {
                format!(
                    "{} was injected; its webhook is switched off now",
                    pod(namespace)
                )
            } else {
                format!("a dry-run pod in namespace {namespace} was injected by {target}")
            };
        }
        Probe::Injected {
            namespace,
            revision,
        } => {
            judge.close(format!("{} was injected by {revision}", pod(namespace)));
            judge.hint(words::command(WEBHOOKS, &[target]));
        }
        Probe::NotInjected { namespace } => {
            judge.close(format!("{} got no proxy", pod(namespace)));
            judge.hint(words::command(WEBHOOKS, &[target]));
        }
        Probe::InjectorFailed { namespace, message } => {
            judge.close(format!(
                "the injector of {target} does not answer (namespace {namespace})"
            ));
            judge.note(message);
            judge.hint(words::command(
                "kubectl get endpointslices -n {} -l istio.io/rev={}",
                &[&facts.mesh.istio_namespace, target],
            ));
        }
        Probe::Refused { namespace, message } => {
            let asked = if itself {
                format!("the question to istiod {target} itself")
            } else {
                format!("the dry-run pod in namespace {namespace}")
            };
            judge.doubt(format!("{asked} was refused: {message}"));
            judge.hint("--waive serves=REASON");
        }
        Probe::NoNamespace if itself => {
            judge.doubt(format!(
                "there is no ready istiod of {target} in this cluster to ask"
            ));
            judge.hint("--waive serves=REASON");
        }
        Probe::NoNamespace => {
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
