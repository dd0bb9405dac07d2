//! What a workload comes to: broken, ended, or as it was and why.

use super::{Forecast, Injected, Workload, WorkloadKind};

/// Two injectors, none where one was, or none where one was asked for.
pub(super) fn is_broken(now: &Injected, then: &Injected) -> bool {
    match then {
        Injected::Twice { .. } => true,
        Injected::No { cause, .. } => cause.is_fault() || !matches!(now, Injected::No { .. }),
        Injected::By { .. } | Injected::Unknown { .. } => false,
    }
}

/// A Job that has run its course never makes another pod.
pub(super) fn has_ended(workload: &Workload) -> bool {
    workload.kind == WorkloadKind::Job && workload.pods.is_empty() && workload.finished_pods > 0
}

pub(super) fn stay_reason(workload: &Workload, then: &Forecast) -> String {
    if has_ended(workload) {
        return "a Job that has ended".into();
    }
    if workload.gateway.is_some() {
        return "made by istiod for a Gateway, not injected".into();
    }
    match &then.next {
        Injected::By { revision } => format!("{revision} by {}", then.reason),
        _ => then.reason.clone(),
    }
}
