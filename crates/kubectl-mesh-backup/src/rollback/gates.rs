//! What must hold before a way back is taken: of the state that it restores, and of those who use what it deletes.

use mesh_common::{
    Error, Kind, Result,
    check::{Gate, Gates, Verdict, id},
    mesh::{Known, Mesh, impact::Impact},
    output::count,
};
use serde_json::Value;

use super::Back;
use crate::restore::{
    carry_out::Place,
    gates::{gate, open, shut, webhooks},
    hooks::{Blocked, Write},
    key::Key,
    live::Live,
    local::{Contents, Item},
    place::Phase,
    plan::decides_wiring,
    prepare::{has_endpoint, in_the_way},
    wired,
};

/// The gates of a way back, and what it does to everybody.
pub(super) struct Judged {
    pub(super) gates: Gates,
    pub(super) impact: Option<Impact>,
}

/// What the gates are judged by.
#[derive(Debug)]
struct Facts {
    /// What becomes of everybody, or why that is not known; nothing where nothing decides about injection.
    impact: Option<Result<Impact, String>>,
    /// Injectors that come back, and whose Service has no endpoint.
    silent: Vec<String>,
    /// istiods that go, each with its proxies; or why these are not known.
    used: Known<Vec<String>>,
    blocked: Vec<Blocked>,
}

/// Judges a way back on the mesh as it is now.
///
/// # Errors
/// What decides about webhooks in the way cannot be read.
pub(super) async fn judged(
    place: Place<'_>,
    mesh: &Mesh,
    back: &Back,
    contents: &Contents,
    live: &Live,
) -> Result<Judged> {
    let istio_namespace = &place.conn.istio_namespace;
    let decides = |key: &Key| decides_wiring(key, istio_namespace);
    let puts: Vec<Value> = back
        .writes
        .iter()
        .filter(|i| decides(&i.key))
        .filter_map(|i| contents.before.get(&i.key).cloned())
        .collect();
    let keys = || back.deletes.iter().map(|i| &i.key);
    let gone: Vec<&Key> = keys().filter(|k| decides(k)).collect();
    let istiods = back.writes.iter().any(|i| i.phase == Phase::Workloads);
    let impact = match wired::impact(mesh, &puts, &gone, istiods) {
        Ok(impact) => impact.map(Ok),
        Err(e) => Some(Err(e.to_string())),
    };
    let mut silent = Vec::new();
    for object in puts.iter().filter(|_| !istiods) {
        silent.extend(unanswered(place, object).await?);
    }
    let facts = Facts {
        impact,
        silent,
        used: used(mesh, &keys().collect::<Vec<_>>()),
        blocked: in_the_way(
            place.client,
            place.conn,
            mesh,
            &writes(mesh, back, live),
            false,
        )
        .await?
        .into_iter()
        // What goes first is in nobody's way.
        .filter(|b| !keys().any(|k| k.name == b.config && k.kind.ends_with("Configuration")))
        .collect(),
    };
    Ok(Judged {
        gates: gates(&facts),
        impact: facts.impact.and_then(Result::ok),
    })
}

/// The Services that the injectors of a configuration call, and that nobody answers for.
async fn unanswered(place: Place<'_>, object: &Value) -> Result<Vec<String>> {
    let mut found = Vec::new();
    if object["kind"] != "MutatingWebhookConfiguration" {
        return Ok(found);
    }
    let hooks = object["webhooks"].as_array().into_iter().flatten();
    let mut services: Vec<(&str, &str)> = hooks
        .filter_map(|hook| {
            let service = &hook["clientConfig"]["service"];
            Some((service["namespace"].as_str()?, service["name"].as_str()?))
        })
        .collect();
    services.sort_unstable();
    services.dedup();
    for (namespace, name) in services {
        if !has_endpoint(place.client, place.conn, namespace, name).await? {
            let config = object["metadata"]["name"].as_str().unwrap_or_default();
            found.push(format!(
                "{config} comes back, and service {namespace}/{name} has no endpoint"
            ));
        }
    }
    Ok(found)
}

/// istiods among what goes, each with the pods whose proxies are of its revision.
fn used(mesh: &Mesh, gone: &[&Key]) -> Known<Vec<String>> {
    let istiods = match mesh.istiods.items() {
        Ok(istiods) => istiods,
        Err(gap) => return Known::Unknown(gap.clone()),
    };
    let workloads = match mesh.workloads.items() {
        Ok(workloads) => workloads,
        Err(gap) => return Known::Unknown(gap.clone()),
    };
    let goes = istiods.iter().filter(|i| {
        gone.iter().any(|k| {
            k.is("apps", "Deployment")
                && k.name == i.name
                && k.namespace.as_deref() == Some(&i.namespace)
        })
    });
    let told = goes.filter_map(|istiod| {
        let of = |revision: &Option<String>| revision.as_deref() == Some(&istiod.revision);
        let groups = workloads.iter().flat_map(|w| &w.pods);
        let pods: u32 = groups
            .filter(|g| g.proxy.as_ref().is_some_and(|p| of(&p.revision)))
            .map(|g| g.pods)
            .sum();
        (pods > 0).then(|| {
            format!(
                "deployment/{} -n {} goes, and {} run with its proxy",
                istiod.name,
                istiod.namespace,
                count(pods as usize, "pod")
            )
        })
    });
    Known::Known(told.collect())
}

fn writes<'a>(mesh: &'a Mesh, back: &'a Back, live: &Live) -> Vec<Write<'a>> {
    let namespaces = mesh.namespaces.get();
    let of = |item: &'a Item, operation| Write {
        phase: item.phase,
        group: &item.api.group,
        version: item.api.version(),
        resource: &item.api.resource,
        operation,
        // Of a namespace that is not known nothing follows but that it may be judged.
        namespace: item
            .key
            .namespace
            .as_ref()
            .and_then(|ns| Some(&namespaces?.get(ns)?.labels)),
    };
    let written = back.writes.iter().map(|i| {
        let operation = if live.has(&i.key) { "UPDATE" } else { "CREATE" };
        of(i, operation)
    });
    written
        .chain(back.deletes.iter().map(|i| of(i, "DELETE")))
        .collect()
}

fn gates(facts: &Facts) -> Gates {
    Gates {
        gates: vec![
            ready(facts),
            overlap(facts),
            unused(facts),
            webhooks(&facts.blocked),
        ],
        findings: Vec::new(),
    }
}

fn ready(facts: &Facts) -> Gate {
    let gate = gate(id::READY, "ready");
    if facts.silent.is_empty() {
        return open(gate, "whoever is to inject again answers");
    }
    Gate {
        evidence: facts.silent.clone(),
        ..shut(
            gate,
            Verdict::Closed,
            format!(
                "{} would call a Service that nobody answers for",
                count(facts.silent.len(), "injector")
            ),
            "bring its istiod back first",
        )
    }
}

fn overlap(facts: &Facts) -> Gate {
    let gate = gate(id::OVERLAP, "overlap");
    let impact = match &facts.impact {
        None => return open(gate, "nothing that decides who injects whom"),
        Some(Err(why)) => {
            return shut(
                gate,
                Verdict::Unknown,
                format!("what this does to the workloads is not known: {why}"),
                "read it with more rights, or take it back nevertheless by a reason",
            );
        }
        Some(Ok(impact)) => impact,
    };
    let breaks: Vec<String> = impact
        .breaks
        .iter()
        .filter(|b| !b.already)
        .map(|b| format!("{}: {}, then {}", b.item.short(), b.before, b.after))
        .collect();
    if !breaks.is_empty() {
        return Gate {
            summary: format!(
                "{} would lose the injector, or have two",
                count(breaks.len(), "workload")
            ),
            evidence: breaks,
            verdict: Verdict::Closed,
            hint: Some(
                "move them elsewhere first: kubectl mesh-tag move; or take it back by a reason"
                    .into(),
            ),
            ..gate
        };
    }
    if !impact.unknown.is_empty() {
        return shut(
            gate,
            Verdict::Unknown,
            format!(
                "who would inject {} is not known",
                count(impact.unknown.len(), "workload")
            ),
            "-o json names them",
        );
    }
    open(
        gate,
        "every pod is claimed by one injector, or by none as before",
    )
}

fn unused(facts: &Facts) -> Gate {
    let gate = gate(id::UNUSED, "unused");
    match facts.used.read() {
        Err(gap) => shut(
            gate,
            Verdict::Unknown,
            format!("who uses what goes is not known: {}", gap.detail),
            "read it with more rights, or take it back nevertheless by a reason",
        ),
        Ok(used) if used.is_empty() => open(gate, "no istiod goes that has proxies"),
        Ok(used) => Gate {
            evidence: used.clone(),
            ..shut(
                gate,
                Verdict::Closed,
                format!("{} would go that has proxies", count(used.len(), "istiod")),
                "move and restart these workloads first: kubectl mesh-tag status",
            )
        },
    }
}

/// Refuses where a gate stands otherwise than it was confirmed.
///
/// # Errors
/// A gate that is required is not open any more.
pub(super) fn refuse_drift(again: &Gates, before: &Gates) -> Result<()> {
    if again.pass() {
        return Ok(());
    }
    let mut error = Error::new(
        Kind::Refused,
        "the cluster changed between the plan and the confirmation; nothing was changed",
    );
    for line in again.changed_since(before) {
        error = error.hint(line);
    }
    Err(error.hint("Look at the new plan, and confirm that one."))
}

#[cfg(test)]
mod tests;
