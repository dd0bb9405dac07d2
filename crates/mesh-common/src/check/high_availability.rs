//! `high availability`: one istiod may go at any time.

use super::{Facts, Gate, id, judge::Judge, words};
use crate::mesh::{Hpa, Istiod, Pdb};

pub(super) fn gate(facts: &Facts<'_>) -> Gate {
    let mut judge = Judge::default();
    let target = &facts.target;
    let istiods = match facts.istiods(target) {
        Ok(istiods) => istiods,
        Err(gap) => {
            judge.gap(gap);
            return judge.done(id::HIGH_AVAILABILITY, "");
        }
    };
    if istiods.is_empty() {
        judge.close(format!("there is no istiod of {target}"));
    }
    let mut open = Vec::new();
    for istiod in istiods {
        let scale = scale(facts, &mut judge, istiod);
        let budget = budget(&mut judge, istiod);
        spread(&mut judge, istiod);
        open.push(format!("{scale}; {budget}; on {}", nodes(istiod)));
    }
    judge.done(id::HIGH_AVAILABILITY, open.join("; "))
}

fn scale(facts: &Facts<'_>, judge: &mut Judge, istiod: &Istiod) -> String {
    let policy = facts.policy;
    let (namespace, name) = (&istiod.namespace, &istiod.name);
    if istiod.replicas < policy.hpa_min {
        judge.close(format!(
            "{name} has {}, {} wanted",
            words::count(istiod.replicas as usize, "replica"),
            policy.hpa_min
        ));
    }
    let hpa = match istiod.hpa.read() {
        Ok(hpa) => hpa.as_ref(),
        Err(gap) => {
            judge.gap(gap);
            return String::new();
        }
    };
    let wanted = format!(
        "{}–{} at {} % CPU wanted",
        policy.hpa_min, policy.hpa_max, policy.hpa_cpu_percent
    );
    let Some(Hpa {
        name: hpa,
        min,
        max,
        cpu_percent,
    }) = hpa
    else {
        judge.close(format!("{name} has no HPA, {wanted}"));
        let [min, max, cpu] =
            [policy.hpa_min, policy.hpa_max, policy.hpa_cpu_percent].map(|n| n.to_string());
        judge.hint(words::command(
            "kubectl autoscale deployment -n {} {} --min={} --max={} --cpu-percent={}",
            &[namespace, name, &min, &max, &cpu],
        ));
        return String::new();
    };
    let cpu = cpu_percent.map_or_else(
        || "without a CPU target".into(),
        |p| format!("at {p} % CPU"),
    );
    let is = format!("HPA {min}–{max} {cpu}");
    let fits = *min >= policy.hpa_min
        && (*min..=policy.hpa_max).contains(max)
        && cpu_percent.is_some_and(|p| p <= policy.hpa_cpu_percent);
    if !fits {
        judge.close(format!("{is}, {wanted}"));
        judge.hint(words::command(
            "kubectl edit hpa -n {} {}",
            &[namespace, hpa],
        ));
    }
    is
}

fn budget(judge: &mut Judge, istiod: &Istiod) -> String {
    let name = &istiod.name;
    let pdbs = match istiod.pdbs.items() {
        Ok(pdbs) => pdbs,
        Err(gap) => {
            judge.gap(gap);
            return String::new();
        }
    };
    for pdb in pdbs.iter().filter(|p| p.disruptions_allowed == Some(0)) {
        judge.note(format!(
            "PDB {} allows no disruption now: a node drain waits",
            pdb.name
        ));
    }
    if let Some(pdb) = pdbs.iter().find(|p| keeps_one(p, istiod.replicas)) {
        return format!("PDB {}", amount(pdb));
    }
    match pdbs.first() {
        None => judge.close(format!("{name} has no PDB, minAvailable 1 wanted")),
        Some(pdb) => judge.close(format!(
            "PDB {} keeps nobody ({}), minAvailable 1 wanted",
            pdb.name,
            amount(pdb)
        )),
    }
    judge.hint(words::command(
        "kubectl create poddisruptionbudget -n {} {} --selector=app=istiod,istio.io/rev={} --min-available=1",
        &[&istiod.namespace, name, &istiod.revision],
    ));
    String::new()
}

fn amount(pdb: &Pdb) -> String {
    match (&pdb.min_available, &pdb.max_unavailable) {
        (Some(min), _) => format!("minAvailable {min}"),
        (None, Some(max)) => format!("maxUnavailable {max}"),
        (None, None) => "without an amount".into(),
    }
}

/// Whether a budget keeps at least one of so many pods. Percentages are rounded up, as Kubernetes does
/// (`kubernetes/pkg/controller/disruption/disruption.go`).
fn keeps_one(pdb: &Pdb, replicas: u32) -> bool {
    let pods = |text: &str| match text.strip_suffix('%') {
        Some(percent) => {
            let percent: u64 = percent.parse().ok()?;
            Some((u64::from(replicas) * percent).div_ceil(100))
        }
        None => text.parse().ok(),
    };
    match (&pdb.min_available, &pdb.max_unavailable) {
        (Some(min), _) => pods(min).is_some_and(|n| n >= 1),
        (None, Some(max)) => pods(max).is_some_and(|n| n < u64::from(replicas)),
        (None, None) => false,
    }
}

fn spread(judge: &mut Judge, istiod: &Istiod) {
    let on = nodes(istiod);
    if istiod.nodes == 1 && istiod.ready > 1 {
        judge.close(format!(
            "all {} ready istiods of {} are on one node",
            istiod.ready, istiod.revision
        ));
    } else if !istiod.spread {
        judge.note(format!(
            "{} has no anti-affinity or spread constraint; on {on} now",
            istiod.name
        ));
    }
}

fn nodes(istiod: &Istiod) -> String {
    match istiod.nodes {
        1 => "1 node".into(),
        n => format!("{n} nodes"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::{
        Verdict,
        made::{Change, Made, changed, forbidden},
    };

    fn pdb(min: Option<&str>, max: Option<&str>) -> Pdb {
        Pdb {
            name: "istiod".into(),
            min_available: min.map(Into::into),
            max_unavailable: max.map(Into::into),
            disruptions_allowed: Some(1),
        }
    }

    #[test]
    fn one_may_go() {
        let cases: Vec<(&str, Change, Verdict, &str)> = vec![
            (
                "as wanted",
                changed(|_| {}),
                Verdict::Open,
                "HPA 2–5 at 60 % CPU; PDB minAvailable 1; on 2 nodes",
            ),
            (
                "the charts' HPA",
                changed(|m| {
                    m.target().hpa = crate::mesh::Known::Known(Some(Hpa {
                        name: "istiod".into(),
                        min: 1,
                        max: 5,
                        cpu_percent: Some(80),
                    }));
                }),
                Verdict::Closed,
                "HPA 1–5 at 80 % CPU, 2–5 at 60 % CPU wanted",
            ),
            (
                "an HPA that may grow past the policy",
                changed(|m| {
                    m.target().hpa = crate::mesh::Known::Known(Some(Hpa {
                        name: "istiod".into(),
                        min: 2,
                        max: 50,
                        cpu_percent: Some(60),
                    }));
                }),
                Verdict::Closed,
                "HPA 2–50",
            ),
            (
                "no HPA",
                changed(|m| m.target().hpa = crate::mesh::Known::Known(None)),
                Verdict::Closed,
                "has no HPA",
            ),
            (
                "one replica",
                changed(|m| m.target().replicas = 1),
                Verdict::Closed,
                "has 1 replica, 2 wanted",
            ),
            (
                "no PDB",
                changed(|m| m.target().pdbs = crate::mesh::Known::Known(Vec::new())),
                Verdict::Closed,
                "has no PDB",
            ),
            (
                "one node",
                changed(|m| m.target().nodes = 1),
                Verdict::Closed,
                "all 2 ready istiods of 1-28-1 are on one node",
            ),
            (
                "HPAs forbidden",
                changed(|m| m.target().hpa = forbidden("horizontalpodautoscalers")),
                Verdict::Unknown,
                "horizontalpodautoscalers could not be read",
            ),
            (
                "no istiod",
                changed(|m| m.istiods().clear()),
                Verdict::Closed,
                "no istiod of 1-28-1",
            ),
            (
                "istiods forbidden",
                changed(|m| m.mesh.istiods = forbidden("deployments")),
                Verdict::Unknown,
                "deployments could not be read",
            ),
        ];
        for (name, change, verdict, summary) in cases {
            for mut made in [Made::live(), Made::rehearsal()] {
                change(&mut made);
                let gate = gate(&made.facts());
                assert_eq!(gate.verdict, verdict, "{name}: {}", gate.summary);
                assert!(gate.summary.contains(summary), "{name}: {}", gate.summary);
                assert!(!gate.required);
            }
        }
    }

    #[test]
    fn budgets_that_keep_one() {
        let cases = [
            (pdb(Some("1"), None), 2, true),
            (pdb(Some("0"), None), 2, false),
            (pdb(Some("10%"), None), 2, true),
            (pdb(Some("0%"), None), 2, false),
            (pdb(None, Some("1")), 2, true),
            (pdb(None, Some("1")), 1, false),
            (pdb(None, Some("50%")), 2, true),
            (pdb(None, Some("51%")), 2, false),
            (pdb(None, Some("0")), 2, true),
            (pdb(None, None), 2, false),
            (pdb(Some("x"), None), 2, false),
        ];
        for (pdb, replicas, want) in cases {
            assert_eq!(
                keeps_one(&pdb, replicas),
                want,
                "{} of {replicas}",
                amount(&pdb)
            );
        }
    }
}
