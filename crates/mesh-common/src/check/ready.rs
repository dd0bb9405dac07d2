//! `ready`: enough istiods of the target are ready, and none of them fell over lately.

use jiff::SignedDuration;

use super::{Facts, Gate, facts::living, id, judge::Judge, words};
use crate::mesh::{Istiod, IstiodPod};

#[cfg(test)]
mod tests;

/// Promote: as many as the policy asks for, steady for the bake time.
pub(super) fn gate(facts: &Facts<'_>) -> Gate {
    judged(facts, facts.policy.min_ready_istiods, true)
}

/// The way back: one that answers is enough, as it was when the way back was promised; that it restarted lately
/// is said and does not hold up a night's rollback.
pub(super) fn gate_of_way_back(facts: &Facts<'_>) -> Gate {
    if facts.removal.is_some() {
        return Judge::default().done(
            id::READY,
            "the tag goes away: nobody is put on another istiod",
        );
    }
    judged(facts, 1, false)
}

fn judged(facts: &Facts<'_>, wanted: u32, steady: bool) -> Gate {
    let mut judge = Judge::default();
    let target = &facts.target;
    let istiods = match facts.istiods(target) {
        Ok(istiods) => istiods,
        Err(gap) => {
            judge.gap(gap);
            return judge.done(id::READY, "");
        }
    };
    if istiods.is_empty() {
        judge.close(format!("there is no istiod of {target}"));
        judge.hint(words::command(
            "kubectl get deployments -n {} -l app=istiod -L istio.io/rev",
            &[&facts.mesh.istio_namespace],
        ));
        return judge.done(id::READY, "");
    }
    let pods: Vec<_> = istiods.iter().flat_map(|i| living(i)).collect();
    let ready = pods.iter().filter(|p| p.ready).count();
    let of = format!(
        "{ready} of {} of {target} ready",
        words::count(pods.len().max(1), "istiod")
    );
    if pods.is_empty() && istiods.iter().any(|i| i.ready > 0) {
        judge.doubt(format!(
            "istiods of {target} are said to be ready, and none of their pods was seen"
        ));
    } else if pods.is_empty() {
        judge.close(format!("no istiod of {target} runs, {wanted} wanted"));
        scale(&mut judge, &istiods, wanted);
    } else if ready < wanted as usize {
        judge.close(format!("{of}, {wanted} wanted"));
        scale(&mut judge, &istiods, wanted);
    }
    for pod in &pods {
        if !pod.ready {
            judge.note(format!("{} is not ready", pod.name));
        }
        restarts(facts, &mut judge, pod, steady);
    }
    let open = if steady {
        format!("{of}; none restarted in {}", words::duration(facts.bake()))
    } else {
        of
    };
    judge.done(id::READY, open)
}

fn restarts(facts: &Facts<'_>, judge: &mut Judge, pod: &IstiodPod, steady: bool) {
    let window = facts.bake();
    let found = match last_end(facts, pod) {
        End::Never => return,
        End::Ago(ago, reason) => {
            let line = format!(
                "{} restarted {} ago ({reason})",
                pod.name,
                words::duration(ago)
            );
            if ago >= window || !steady {
                return judge.note(line);
            }
            judge.close(line);
            judge.hint(words::command(
                "kubectl logs -n {} {} -c discovery --previous",
                &[&facts.mesh.istio_namespace, &pod.name],
            ));
            return;
        }
        End::Unknown => format!(
            "{} restarted {}, and when is not known",
            pod.name,
            if pod.restarts == 1 {
                "once".to_owned()
            } else {
                format!("{} times", pod.restarts)
            }
        ),
    };
    if steady {
        judge.doubt(found);
    } else {
        judge.note(found);
    }
}

/// How a pod's istiod last ended.
pub(super) enum End<'a> {
    /// It did not.
    Never,
    /// That long ago, for that reason.
    Ago(SignedDuration, &'a str),
    /// It did, and when is not known.
    Unknown,
}

/// How a pod's istiod last ended.
pub(super) fn last_end<'a>(facts: &Facts<'_>, pod: &'a IstiodPod) -> End<'a> {
    match &pod.last_end {
        Some(end) => match end.finished {
            Some(then) => End::Ago(facts.since(then), &end.reason),
            None => End::Unknown,
        },
        None if pod.restarts > 0 => End::Unknown,
        None => End::Never,
    }
}

/// How to get more of them: the HPA's floor where there is one, or it would scale them down again.
fn scale(judge: &mut Judge, istiods: &[&Istiod], wanted: u32) {
    let Some(istiod) = istiods.first() else {
        return;
    };
    let (namespace, name) = (istiod.namespace.as_str(), istiod.name.as_str());
    if istiod.replicas >= wanted {
        let watch = "kubectl rollout status -n {} deployment/{}";
        return judge.hint(words::command(watch, &[namespace, name]));
    }
    match istiod.hpa.get().and_then(Option::as_ref) {
        Some(hpa) if hpa.min < wanted => {
            let floor = format!(r#"{{"spec":{{"minReplicas":{wanted}}}}}"#);
            let patch = "kubectl patch hpa -n {} {} --type merge -p {}";
            judge.hint(words::command(patch, &[namespace, &hpa.name, &floor]));
        }
        _ => {
            let scale = "kubectl scale -n {} deployment/{} --replicas={}";
            judge.hint(words::command(
                scale,
                &[namespace, name, &wanted.to_string()],
            ));
        }
    }
}
