//! What a change does to everybody, on a screen.

use std::collections::BTreeSet;

use super::{Change, Impact, Roll};
use crate::{
    mesh::forecast::{Item, Running},
    output::{Doc, Table, count},
};

/// Rows of a long list that are shown without `--full`.
const ROWS: usize = 10;

/// What a change does to everybody, in the order in which it hurts.
pub(super) fn impact(doc: &mut Doc, impact: &Impact) {
    breaks(doc, impact);
    rolls(doc, impact);
    changes(doc, impact);
    hard(doc, impact);
    unknown(doc, impact);
    stays(doc, impact);
    behind(doc, impact);
    if !impact.gaps.is_empty() {
        doc.heading("Not looked at, and so in none of these lists");
        doc.list(impact.gaps.iter().map(|g| g.detail.as_str()));
    }
}

fn breaks(doc: &mut Doc, impact: &Impact) {
    let title = match (impact.totals.breaks, impact.totals.broken_already) {
        (0, 0) => "Breaks nothing".to_owned(),
        (0, old) => format!("Breaks nothing new; {} broken already", count(old, "item")),
        (new, 0) => format!("Breaks {}", count(new, "item")),
        (new, old) => format!("Breaks {}; {old} broken already", count(new, "item")),
    };
    doc.heading(title);
    if impact.breaks.is_empty() {
        return;
    }
    let mut table = Table::new(&["NAMESPACE", "ITEM", "PODS", "NOW", "AFTER", "WHY"]).limit(ROWS);
    for b in &impact.breaks {
        let why = if b.already {
            format!("already: {}", b.reason)
        } else {
            b.reason.clone()
        };
        table.row([
            b.item.namespace.clone(),
            item(&b.item),
            b.pods.to_string(),
            b.before.clone(),
            b.after.clone(),
            why,
        ]);
    }
    doc.table(table);
    let mut remedies: Vec<(&str, Option<&str>)> = impact
        .breaks
        .iter()
        .filter(|b| !b.remedy.is_empty())
        .map(|b| (b.remedy.as_str(), b.command.as_deref()))
        .collect();
    remedies.sort_unstable();
    remedies.dedup();
    doc.steps(remedies.into_iter().take(ROWS));
}

fn rolls(doc: &mut Doc, impact: &Impact) {
    if impact.rolls_now.is_empty() {
        doc.heading("Rolls now: nothing");
    } else {
        doc.heading(format!(
            "Rolls now: {}, {}",
            count(impact.totals.gateways_rolling, "gateway"),
            count(impact.totals.gateway_pods as usize, "pod")
        ));
        doc.text(
            "istiod redeploys these within a second of the change, and again when it is taken back.",
        );
        doc.table(gateways(&impact.rolls_now));
        hardships(doc, &impact.rolls_now);
    }
    if !impact.unmanaged.is_empty() {
        doc.heading(format!(
            "Change hands now: {} whose pods istiod does not make",
            count(impact.unmanaged.len(), "gateway")
        ));
        doc.table(gateways(&impact.unmanaged));
    }
}

fn changes(doc: &mut Doc, impact: &Impact) {
    let (already, restarting): (Vec<_>, Vec<_>) =
        impact.changes.iter().partition(|c| c.runs_already());
    if restarting.is_empty() {
        doc.heading("Changes at next restart: nothing");
    } else {
        let pods: u32 = restarting.iter().map(|c| c.pods_to_change).sum();
        doc.heading(sums("Changes at next restart", &restarting, pods));
        doc.table(workloads(&restarting));
    }
    if !already.is_empty() {
        let pods = impact.totals.pods_running_already;
        doc.heading(sums("Need no restart", &already, pods));
        doc.text("All their pods already run what they will get.");
        doc.table(workloads(&already));
    }
}

/// `Changes at next restart: 3 workloads, 5 pods, in 1 namespace`.
fn sums(title: &str, changes: &[&Change], pods: u32) -> String {
    let namespaces: BTreeSet<_> = changes.iter().map(|c| &c.workload.namespace).collect();
    format!(
        "{title}: {}, {}, in {}",
        count(changes.len(), "workload"),
        count(pods as usize, "pod"),
        count(namespaces.len(), "namespace")
    )
}

/// Rows whose pods add up to the heading's.
fn workloads(changes: &[&Change]) -> Table {
    let mut table = Table::new(&[
        "NAMESPACE",
        "WORKLOAD",
        "PODS",
        "WOULD GET",
        "WILL GET",
        "RESTART",
    ])
    .wide(&["RUNNING", "WHY"])
    .limit(ROWS);
    for c in changes {
        let pods = if c.runs_already() || c.pods_to_change == c.pods {
            c.pods.to_string()
        } else {
            format!("{} of {}", c.pods_to_change, c.pods)
        };
        table.row([
            c.workload.namespace.clone(),
            item(&c.workload),
            pods,
            c.before.short(),
            c.after.short(),
            c.restart.how.clone(),
            running(&c.running),
            c.reason.clone(),
        ]);
    }
    table
}

fn hard(doc: &mut Doc, impact: &Impact) {
    if impact.hard.is_empty() {
        return;
    }
    doc.heading(format!(
        "Not just a restart: {}",
        count(impact.hard.len(), "workload")
    ));
    let mut table = Table::new(&["NAMESPACE", "WORKLOAD", "PODS", "WHY"])
        .wide(&["DO"])
        .limit(ROWS);
    for h in &impact.hard {
        let why: Vec<&str> = h.why.iter().map(|w| w.why.as_str()).collect();
        let what: Vec<&str> = h.why.iter().map(|w| w.remedy.as_str()).collect();
        table.row([
            h.workload.namespace.clone(),
            item(&h.workload),
            h.pods.to_string(),
            why.join("; "),
            what.join("; "),
        ]);
    }
    doc.table(table);
}

fn unknown(doc: &mut Doc, impact: &Impact) {
    if impact.unknown.is_empty() {
        return;
    }
    doc.heading(format!("Unknown: {}", count(impact.unknown.len(), "item")));
    let mut table = Table::new(&["NAMESPACE", "ITEM", "PODS", "NOW", "AFTER", "WHY"]).limit(ROWS);
    for u in &impact.unknown {
        table.row([
            u.item.namespace.clone(),
            item(&u.item),
            u.pods.to_string(),
            u.before.clone(),
            u.after.clone(),
            u.reason.clone(),
        ]);
    }
    doc.table(table);
}

fn stays(doc: &mut Doc, impact: &Impact) {
    if impact.stays.is_empty() {
        return;
    }
    doc.heading(format!(
        "Stays: {}, {}",
        count(impact.totals.stays as usize, "workload"),
        count(impact.totals.stays_pods as usize, "pod")
    ));
    let mut table = Table::new(&["WORKLOADS", "PODS", "GET", "BECAUSE"])
        .wide(&["NAMESPACES"])
        .limit(ROWS);
    for s in &impact.stays {
        let namespaces: Vec<&str> = s.namespaces.iter().map(String::as_str).collect();
        table.row([
            s.workloads.to_string(),
            s.pods.to_string(),
            s.next.clone(),
            s.reason.clone(),
            namespaces.join(","),
        ]);
    }
    doc.table(table);
}

fn behind(doc: &mut Doc, impact: &Impact) {
    if impact.behind.is_empty() {
        return;
    }
    doc.heading(format!(
        "Behind already, and untouched by this: {}",
        count(impact.behind.len(), "workload")
    ));
    let mut table = Table::new(&["NAMESPACE", "WORKLOAD", "PODS", "RUNNING", "NEXT"]).limit(ROWS);
    for b in &impact.behind {
        table.row([
            b.workload.namespace.clone(),
            item(&b.workload),
            b.pods.to_string(),
            running(&b.running),
            b.next.clone(),
        ]);
    }
    doc.table(table);
}

fn gateways(rolls: &[Roll]) -> Table {
    let mut table = Table::new(&[
        "NAMESPACE",
        "GATEWAY",
        "KIND",
        "PODS",
        "NOW",
        "AFTER",
        "WHY",
    ])
    .limit(ROWS);
    for r in rolls {
        table.row([
            r.gateway.namespace.clone(),
            r.gateway.name.clone(),
            if r.waypoint { "waypoint" } else { "gateway" }.to_owned(),
            r.pods.to_string(),
            r.before.short(),
            r.after.short(),
            r.after.reason.clone(),
        ]);
    }
    table
}

fn hardships(doc: &mut Doc, rolls: &[Roll]) {
    let lines: Vec<String> = rolls
        .iter()
        .flat_map(|r| {
            r.hard.iter().map(move |h| {
                format!(
                    "{}/{}: {}; {}",
                    r.gateway.namespace, r.gateway.name, h.why, h.remedy
                )
            })
        })
        .take(ROWS)
        .collect();
    if !lines.is_empty() {
        doc.list(&lines);
    }
}

fn running(groups: &[Running]) -> String {
    groups
        .iter()
        .map(Running::short)
        .collect::<Vec<_>>()
        .join(", ")
}

/// `deployment/checkout`: its namespace has a column of its own.
fn item(item: &Item) -> String {
    format!("{}/{}", item.kind, item.name)
}
