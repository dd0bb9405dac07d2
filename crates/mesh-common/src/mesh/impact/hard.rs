//! How a workload's pods come to be replaced, and where that is not just a restart.

use serde::Serialize;

use crate::{
    mesh::{Pdb, Update, Workload, WorkloadKind, forecast::Item},
    shell,
};

/// How new pods come about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Restart {
    /// In words: `rolling`, `all at once`, `at its next run`.
    pub how: String,
    /// The command that brings it about, if there is one.
    pub command: Option<String>,
}

/// A workload where a restart is not just a restart.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Hard {
    /// The workload.
    pub workload: Item,
    /// Its living pods.
    pub pods: u32,
    /// What makes it hard.
    pub why: Vec<Hardship>,
}

/// One thing that makes a restart hard.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Hardship {
    /// What it is.
    pub kind: HardKind,
    /// Why it is hard, in words.
    pub why: String,
    /// What to do.
    pub remedy: String,
}

/// What makes a restart hard.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum HardKind {
    /// A Job or `CronJob`.
    NextRun,
    /// A pod that nobody recreates.
    Ownerless,
    /// Pods change only when somebody deletes them.
    OnDelete,
    /// A `StatefulSet` that holds back some ordinals.
    Partition,
    /// A kind whose restart is somebody else's business.
    ForeignOwner,
    /// All pods go at once.
    Recreate,
    /// One pod only.
    SingleReplica,
    /// A budget that allows no disruption.
    Budget,
    /// It could not be read whether a budget stands in the way.
    BudgetUnknown,
}

impl Hard {
    /// The workload with its hardships, if it has any.
    pub fn of(workload: &Workload) -> Option<Self> {
        let why = hardships(workload);
        (!why.is_empty()).then(|| Self {
            workload: Item::of(workload),
            pods: workload.pod_count(),
            why,
        })
    }
}

/// How this workload's pods come to be replaced.
pub fn restart(workload: &Workload) -> Restart {
    let rollout = || {
        Some(shell::command(
            "kubectl -n {} rollout restart {}",
            &[&workload.namespace, &workload.short()],
        ))
    };
    let (how, command) = match &workload.update {
        Update::Rolling => ("rolling".to_owned(), rollout()),
        Update::Partition(n) => (format!("rolling, ordinals below {n} held back"), rollout()),
        Update::Recreate => ("all at once".into(), rollout()),
        Update::OnDelete => ("when its pods are deleted".into(), None),
        Update::NextRun => ("at its next run".into(), None),
        Update::Never => ("never by itself".into(), None),
        Update::Unknown => ("not known".into(), None),
    };
    let command = match &workload.kind {
        WorkloadKind::Deployment | WorkloadKind::StatefulSet | WorkloadKind::DaemonSet => command,
        WorkloadKind::Job
        | WorkloadKind::CronJob
        | WorkloadKind::ReplicaSet
        | WorkloadKind::Pod
        | WorkloadKind::Other(_) => None,
    };
    Restart { how, command }
}

/// Everything that makes restarting this workload hard.
pub fn hardships(workload: &Workload) -> Vec<Hardship> {
    let mut hard = Vec::new();
    let mut add = |kind, why: String, remedy: String| hard.push(Hardship { kind, why, remedy });
    match &workload.kind {
        WorkloadKind::Job => add(
            HardKind::NextRun,
            "a Job: its running pods keep the old proxy until they end".into(),
            "let it finish; a new run gets the new proxy".into(),
        ),
        WorkloadKind::CronJob => add(
            HardKind::NextRun,
            "a CronJob: the next run gets the new proxy without anybody asking".into(),
            "watch the next run, or suspend it until the change is judged".into(),
        ),
        WorkloadKind::Pod => add(
            HardKind::Ownerless,
            "a pod without an owner: nobody makes it again once it is deleted".into(),
            "delete and create it by hand, from its own manifest".into(),
        ),
        WorkloadKind::ReplicaSet => add(
            HardKind::OnDelete,
            "a ReplicaSet without a Deployment: it has no rollout".into(),
            "delete its pods one by one".into(),
        ),
        WorkloadKind::Other(kind) => add(
            HardKind::ForeignOwner,
            format!("owned by a {kind}, whose controller decides how pods are replaced"),
            format!("restart it the way {kind} is restarted"),
        ),
        WorkloadKind::Deployment | WorkloadKind::StatefulSet | WorkloadKind::DaemonSet => {}
    }
    match &workload.update {
        Update::OnDelete => add(
            HardKind::OnDelete,
            "updateStrategy OnDelete: a rollout restart changes no pod".into(),
            "delete its pods one by one, each after the last is ready".into(),
        ),
        Update::Partition(n) if *n > 0 => add(
            HardKind::Partition,
            format!("partition {n}: ordinals below {n} keep the old proxy"),
            "lower the partition step by step, or delete the held pods by hand".into(),
        ),
        Update::Recreate => add(
            HardKind::Recreate,
            "strategy Recreate: all pods go down before the first new one starts".into(),
            "restart it in a quiet hour".into(),
        ),
        _ => {}
    }
    if single(workload) {
        add(
            HardKind::SingleReplica,
            "one replica: nothing serves beside it if the new pod is not right".into(),
            "scale it to two before the restart".into(),
        );
    }
    match workload.pdbs.read() {
        Ok(budgets) => hard.extend(budgets.iter().filter(|b| blocks(b)).map(budget)),
        Err(gap) => hard.push(Hardship {
            kind: HardKind::BudgetUnknown,
            why: format!("its disruption budgets are not known: {}", gap.detail),
            remedy: "look at its PodDisruptionBudgets before the restart".into(),
        }),
    }
    hard
}

fn single(workload: &Workload) -> bool {
    workload.replicas == Some(1)
        && matches!(
            workload.kind,
            WorkloadKind::Deployment | WorkloadKind::StatefulSet
        )
        && workload.update != Update::Recreate
}

/// Whether a budget refuses every eviction: by its status, else by what it says.
fn blocks(pdb: &Pdb) -> bool {
    let is =
        |value: &Option<String>, what: &[&str]| value.as_deref().is_some_and(|v| what.contains(&v));
    is(&pdb.max_unavailable, &["0", "0%"])
        || is(&pdb.min_available, &["100%"])
        || pdb.disruptions_allowed == Some(0)
}

fn budget(pdb: &Pdb) -> Hardship {
    let says = match (&pdb.max_unavailable, &pdb.min_available) {
        (Some(max), _) => format!("maxUnavailable {max}"),
        (None, Some(min)) => format!("minAvailable {min}"),
        (None, None) => "no limits".into(),
    };
    Hardship {
        kind: HardKind::Budget,
        why: format!(
            "budget {} ({says}) allows no disruption: evictions and drains wait for it, a rollout restart does not",
            pdb.name
        ),
        remedy: "have a spare replica ready before the restart, or widen the budget".into(),
    }
}
