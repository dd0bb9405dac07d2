//! Whether the pods that a rolling restart adds for a while find a place.

use mesh_common::{
    check::Severity,
    mesh::{Requests, Update, Workload},
};

use super::room::{Room, size};
use crate::{
    check::{More, Verdict, count, finding},
    facts::Facts,
};

pub(super) const SURGE: &str = "MESH2107";

/// Each workload with a proxy restarts with `maxSurge` pods more for a while: alone at least, it must fit.
pub(super) fn restart(facts: &Facts) -> Verdict {
    let room = match Room::of(facts) {
        Ok(room) => room,
        Err(verdict) => return verdict,
    };
    let workloads = match facts.mesh.workloads.items() {
        Ok(workloads) => workloads,
        Err(gap) => return Verdict::gap(gap),
    };
    let surging: Vec<_> = workloads
        .iter()
        .filter(|w| w.update == Update::Rolling && w.surge > 0)
        .filter(|w| w.pods.iter().any(|g| g.pods > 0 && g.proxy.is_some()))
        .filter_map(|w| Some((w, w.requests?)))
        .collect();
    let Some((largest, most)) = surging
        .iter()
        .map(|(w, pod)| (w, pod.times(u64::from(w.surge))))
        .max_by_key(|(_, all)| (all.memory, all.cpu))
    else {
        return Verdict::ok("nothing with a proxy makes more pods while it restarts");
    };
    let together = surging
        .iter()
        .map(|(w, pod)| pod.times(u64::from(w.surge)))
        .fold(Requests::default(), |a, b| a + b);
    let found: Vec<_> = surging
        .iter()
        .filter_map(|(workload, pod)| short(&room, workload, *pod))
        .collect();
    let free = format!("free: {}", about(room.sum()));
    let at_once = match surging.len() {
        1 => free,
        n => format!("all {n} at once: {}; {free}", about(together)),
    };
    let ok = format!(
        "one by one: {} at most ({}); {at_once}",
        about(most),
        named(largest)
    );
    Verdict::of(found, ok, |found| {
        format!(
            "{} of {} would wait for room while it restarts; {at_once}",
            found.len(),
            count(surging.len(), "workload")
        )
    })
}

/// `200m CPU and 256Mi`, `181 CPU and 749Gi`: large sums rounded.
fn about(requests: Requests) -> String {
    const CORES: u64 = 10_000;
    const GIBS: u64 = 10 << 30;
    let Requests { cpu, memory } = requests;
    size(Requests {
        cpu: if cpu >= CORES {
            cpu / 1_000 * 1_000
        } else {
            cpu
        },
        memory: if memory >= GIBS {
            memory >> 30 << 30
        } else {
            memory
        },
    })
}

fn named(workload: &Workload) -> String {
    mesh_common::output::clean(
        &format!("{} -n {}", workload.short(), workload.namespace),
        200,
    )
}

fn short(room: &Room, workload: &Workload, pod: Requests) -> Option<mesh_common::check::Finding> {
    let fits = room.fits(pod, workload.tolerates);
    if fits >= u64::from(workload.surge) {
        return None;
    }
    Some(
        finding(
            SURGE,
            Severity::Warning,
            format!("{} -n {}", workload.short(), workload.namespace),
            "its surge does not fit while it restarts: the rollout slows down or waits",
        )
        .seen(format!(
            "{} of {}; room for {fits}",
            count(workload.surge as usize, "surge pod"),
            size(pod)
        ))
        .seen(room.words())
        .hint("add a node first, or lower maxSurge for the restart\nkubectl describe nodes"),
    )
}

#[cfg(test)]
mod tests {
    use mesh_common::mesh::{Gap, Known, Why};

    use super::{super::CHECKS, *};
    use crate::{
        check::Status,
        made::{facts, nodes, run, workload},
    };

    #[test]
    fn a_healthy_mesh_restarts_one_after_the_other() {
        let verdict = run(CHECKS, SURGE, &facts());
        assert_eq!(verdict.status, Status::Ok);
        assert_eq!(
            verdict.summary,
            "one by one: 200m CPU and 256Mi at most (deployment/web -n shop); \
             free: 22 CPU and 91Gi"
        );
    }

    #[test]
    fn a_surge_that_does_not_fit_is_a_warning() {
        let mut facts = facts();
        for node in nodes(&mut facts) {
            node.cpu = Some(700);
        }
        let web = workload(&mut facts, "web");
        web.surge = 4;
        web.requests = Some(Requests {
            cpu: 300,
            memory: 1 << 30,
        });
        // node-1 and node-2 run an istiod of 500m and a web of 200m each; node-3 takes two more.
        let verdict = run(CHECKS, SURGE, &facts);
        assert_eq!(verdict.status, Status::Warning);
        let found = &verdict.findings[0];
        assert_eq!(found.object, "deployment/web -n shop");
        assert_eq!(
            found.evidence,
            [
                "4 surge pods of 300m CPU and 1Gi; room for 2",
                "3 nodes looked at"
            ]
        );
        assert!(verdict.summary.starts_with("1 of 1 workload would wait"));
    }

    #[test]
    fn a_taint_keeps_away_who_does_not_tolerate_it() {
        let status = |tolerates| {
            let mut facts = facts();
            for node in nodes(&mut facts) {
                node.taints = vec!["team".into()];
            }
            workload(&mut facts, "web").tolerates = tolerates;
            run(CHECKS, SURGE, &facts).status
        };
        assert_eq!(status(true), Status::Ok);
        assert_eq!(status(false), Status::Warning);
    }

    #[test]
    fn who_makes_no_more_pods_needs_no_room() {
        let mut facts = facts();
        for node in nodes(&mut facts) {
            node.cpu = Some(0);
        }
        workload(&mut facts, "web").surge = 0;
        let verdict = run(CHECKS, SURGE, &facts);
        assert_eq!(verdict.status, Status::Ok);
        assert!(verdict.summary.starts_with("nothing"));
    }

    #[test]
    fn pods_that_may_not_be_listed_skip_it() {
        let mut facts = facts();
        facts.mesh.requested = Known::Unknown(Gap {
            what: "pods".into(),
            why: Why::Forbidden,
            detail: "may not list pods".into(),
        });
        for code in [SURGE, "MESH2106"] {
            assert_eq!(run(CHECKS, code, &facts).status, Status::Skipped, "{code}");
        }
    }
}
