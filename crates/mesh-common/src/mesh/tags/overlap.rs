//! Labels that two injectors take at once: every permutation that could matter, and the workloads that have them.
//!
//! istioctl's own check (IST0139, `pkg/config/analysis/analyzers/webhook/webhook.go`) compares webhooks of one revision
//! only; two revisions that claim the same pod pass it.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use crate::mesh::{
    Injector, Labels, Mesh, Namespace, Requirement, Selector, Webhook, Wiring,
    forecast::{Forecast, Item},
    inject::{Claim, Subject, answering, claim},
    model::label,
};

/// Two or more webhooks that take the same pods.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Overlap {
    /// The webhooks, as `configuration/webhook`.
    pub webhooks: Vec<String>,
    /// The revisions that answer them.
    pub revisions: BTreeSet<String>,
    /// Labels of a namespace that shows it.
    pub namespace_labels: Labels,
    /// Labels of a pod that shows it.
    pub pod_labels: Labels,
    /// How many of the permutations of labels are hit.
    pub combinations: usize,
    /// Whether it depends on `matchConditions`, which are not evaluated.
    pub conditional: bool,
    /// Workloads that really have such labels.
    pub workloads: Vec<Item>,
    /// Their living pods.
    pub pods: u32,
}

/// Every overlap of the injectors of a mesh under this wiring, those that hit workloads first.
pub fn overlaps(mesh: &Mesh, wiring: &Wiring) -> Vec<Overlap> {
    let forecasts = crate::mesh::forecast::forecast(mesh, wiring).unwrap_or_default();
    found(wiring, &forecasts)
}

/// Webhooks of a claim, by index.
type Taken = Vec<usize>;

pub(super) fn found(wiring: &Wiring, forecasts: &[Forecast]) -> Vec<Overlap> {
    let webhooks: Vec<(&Injector, &Webhook)> = wiring
        .injectors
        .iter()
        .flat_map(|i| i.webhooks.iter().map(move |w| (i, w)))
        .filter(|(_, w)| w.on_pod_create)
        .collect();
    let revs = revs_in_use(wiring, &webhooks);
    let namespaces = permutations(label::INJECTION, &["enabled", "disabled"], &revs);
    let pods = permutations(label::INJECT, &["true", "false"], &revs);
    let taken = |labels: &Labels, selector: fn(&Webhook) -> &Selector| -> Taken {
        let all = webhooks.iter().enumerate();
        all.filter(|(_, (_, w))| selector(w).matches(labels))
            .map(|(i, _)| i)
            .collect()
    };
    let by_pod: Vec<_> = pods
        .iter()
        .map(|labels| taken(labels, |w| &w.object_selector))
        .collect();

    let mut overlaps: BTreeMap<Taken, Overlap> = BTreeMap::new();
    for namespace in &namespaces {
        let by_namespace = taken(namespace, |w| &w.namespace_selector);
        if by_namespace.len() < 2 {
            continue;
        }
        for (pod, by_pod) in pods.iter().zip(&by_pod) {
            let both: Taken = by_namespace
                .iter()
                .filter(|i| by_pod.contains(i))
                .copied()
                .collect();
            if both.len() > 1 {
                let overlap = overlaps
                    .entry(both)
                    .or_insert_with_key(|t| overlap(wiring, &webhooks, t, namespace, pod));
                overlap.combinations += 1;
            }
        }
    }
    for forecast in forecasts {
        let (Claim::Many { claimants }
        | Claim::Unknown {
            possible: claimants,
            ..
        }) = &forecast.claim
        else {
            continue;
        };
        let hit: Taken = webhooks
            .iter()
            .enumerate()
            .filter(|(_, (i, w))| {
                let mut claimants = claimants.iter();
                claimants.any(|c| c.config == i.name && c.webhook == w.name)
            })
            .map(|(at, _)| at)
            .collect();
        if hit.len() < 2 {
            continue;
        }
        let labels = wiring.namespaces.get(&forecast.workload.namespace);
        let none = Labels::new();
        let overlap = overlaps.entry(hit).or_insert_with_key(|t| {
            let labels = labels.map_or(&none, |n| &n.labels);
            overlap(wiring, &webhooks, t, labels, &none)
        });
        overlap.workloads.push(forecast.workload.clone());
        overlap.pods += forecast.pods;
    }
    let mut overlaps: Vec<_> = overlaps.into_values().collect();
    overlaps.sort_by(|a, b| {
        (b.pods, b.workloads.len(), &a.webhooks).cmp(&(a.pods, a.workloads.len(), &b.webhooks))
    });
    overlaps
}

fn overlap(
    wiring: &Wiring,
    webhooks: &[(&Injector, &Webhook)],
    taken: &[usize],
    namespace: &Labels,
    pod: &Labels,
) -> Overlap {
    let of = || taken.iter().map(|i| webhooks[*i]);
    Overlap {
        webhooks: of()
            .map(|(i, w)| format!("{}/{}", i.name, w.name))
            .collect(),
        revisions: of()
            .map(|(i, w)| answering(i, w, &wiring.services).to_owned())
            .collect(),
        namespace_labels: namespace.clone(),
        pod_labels: pod.clone(),
        combinations: 0,
        conditional: of().any(|(_, w)| w.match_conditions > 0),
        workloads: Vec::new(),
        pods: 0,
    }
}

/// Every value of `istio.io/rev` that a webhook, a tag, a revision or a namespace names.
fn revs_in_use(wiring: &Wiring, webhooks: &[(&Injector, &Webhook)]) -> BTreeSet<String> {
    let mut revs: BTreeSet<String> = wiring.revisions().into_iter().map(str::to_owned).collect();
    revs.extend(wiring.tags().into_iter().map(str::to_owned));
    let selectors = webhooks
        .iter()
        .flat_map(|(_, w)| [&w.namespace_selector, &w.object_selector]);
    let of_rev = |r: &Requirement| r.key == label::REV;
    revs.extend(
        selectors
            .flat_map(Selector::requirements)
            .filter(of_rev)
            .flat_map(|r| r.values),
    );
    let namespaces = wiring.namespaces.values();
    revs.extend(namespaces.filter_map(|n| n.rev().map(str::to_owned)));
    revs
}

/// Labels with `switch` absent or one of `values`, times `istio.io/rev` absent or one of `revs`.
fn permutations(switch: &str, values: &[&str], revs: &BTreeSet<String>) -> Vec<Labels> {
    let mut all = Vec::new();
    for value in std::iter::once(None).chain(values.iter().map(Some)) {
        for rev in std::iter::once(None).chain(revs.iter().map(Some)) {
            let switch = value.map(|v| (switch.to_owned(), (*v).to_owned()));
            let rev = rev.map(|r| (label::REV.to_owned(), r.clone()));
            all.push(switch.into_iter().chain(rev).collect());
        }
    }
    all
}

/// For each namespace why a pod without any label would miss the injector that the namespace asks for.
pub(super) fn plain_pods(wiring: &Wiring) -> Vec<(String, Option<String>)> {
    let none = Labels::new();
    let why = |namespace: &Namespace| {
        let subject = Subject {
            namespace,
            labels: &none,
            inject_annotation: None,
            host_network: false,
        };
        match claim(&wiring.injectors, &wiring.services, &subject) {
            Claim::Nobody { cause, reason } if cause.is_fault() => Some(reason),
            _ => None,
        }
    };
    let namespaces = wiring.namespaces.values().filter(|n| !n.terminating);
    namespaces.map(|n| (n.name.clone(), why(n))).collect()
}
