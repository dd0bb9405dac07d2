//! The screen of a status.

use mesh_common::{
    mesh::{
        Known, Mesh,
        forecast::{Item, Running},
        impact::{hardships, restart},
        tags::{OldProxies, Revision},
    },
    output::{Doc, Mark, Table},
    shell::word,
};

use super::{Ahead, Status, objects::Made, users};
use crate::{
    list::{
        cells, change,
        trouble::{self, Trouble},
    },
    screen::{ROWS, count},
};

/// All of it, what hurts first.
pub(super) fn doc(status: &Status<'_>) -> Doc {
    let mut doc = status.header.clone();
    change::unfinished(&mut doc, &status.history.unfinished);
    points(&mut doc, status);
    let mut trouble = Trouble::default();
    trouble.row(status.mesh, &status.tag, &status.all);
    trouble.mesh(&status.problems, &status.all);
    trouble.overlaps(&status.overlaps);
    trouble.print(&mut doc, status.full);
    trouble::unknown(&mut doc, &status.unsure, &status.gaps);
    namespaces(&mut doc, status);
    gateways(&mut doc, status);
    old(&mut doc, status);
    ahead(&mut doc, status);
    doc
}

fn points(doc: &mut Doc, status: &Status<'_>) {
    let tag = status.tag.tag.as_deref().unwrap_or_default();
    doc.heading(match status.tag.revisions.as_slice() {
        [] => format!("Tag {tag} points nowhere"),
        revisions => format!("Tag {tag} points to {}", revisions.join(" and ")),
    });
    let mut rows: Vec<(String, String)> = Vec::new();
    for revision in &status.revisions {
        rows.push(("Istiods".into(), istiods(revision)));
    }
    for made in &status.objects {
        rows.push((made.role.into(), object(made, status)));
    }
    for role in ["Webhook", "Service"] {
        let unread = role == "Service" && status.mesh.services.items().is_err();
        if !unread && !status.objects.iter().any(|m| m.role == role) {
            rows.push((role.into(), "none".into()));
        }
    }
    rows.push((
        "Owner".into(),
        if status.tag.owner.is_owned() {
            status.tag.owner.short()
        } else {
            "nobody that would write it back".into()
        },
    ));
    rows.push(("Last change".into(), last(status)));
    doc.pairs(rows);
    if !status.history.unreadable.is_empty() {
        doc.heading("Records that cannot be read");
        doc.list(status.history.unreadable.iter().take(ROWS));
    }
}

/// `1-26-1 (1.26.1), 1 of 2 ready`.
fn istiods(revision: &Revision) -> String {
    let versions = match &revision.versions {
        Known::Known(v) if !v.is_empty() => v.join(", "),
        _ => cells::UNKNOWN.into(),
    };
    let ready = match (&revision.ready, &revision.wanted) {
        (Known::Known(_), Known::Known(0)) => "none".into(),
        (Known::Known(ready), Known::Known(wanted)) => format!("{ready} of {wanted} ready"),
        _ => format!("{} ready", cells::UNKNOWN),
    };
    format!("{} ({versions}), {ready}", revision.name)
}

/// `istio-revision-tag-stable, for 1-26-1, calls Service istiod-1-26-1, made 3h ago`.
fn object(made: &Made, status: &Status<'_>) -> String {
    let name = made.object.split_once('/').map_or("", |(_, name)| name);
    let revision = made.revision.as_deref().unwrap_or("no revision");
    let calls = if made.role == "Service" { "" } else { "calls " };
    let text = format!("{name}, for {revision}, {calls}{}", made.leads_to);
    if made.created.is_none() {
        return text;
    }
    let age = cells::age(made.created, status.mesh.now);
    format!("{text}, made {age} ago")
}

fn last(status: &Status<'_>) -> String {
    let history = &status.history;
    match (&history.last, history.live, history.is_known()) {
        (Some(change), ..) => format!("{} (record {})", change.line(), change.id),
        (None, false, _) => "not known: an archive holds no records".into(),
        (None, true, true) => "none by this suite".into(),
        (None, true, false) => "not known: the records cannot be read".into(),
    }
}

fn namespaces(doc: &mut Doc, status: &Status<'_>) {
    let found = match &status.users.namespaces {
        Known::Known(found) => found,
        Known::Unknown(gap) => {
            doc.heading("Used by: not known");
            doc.text(&gap.detail);
            return;
        }
    };
    if found.is_empty() {
        doc.heading(if status.unsure.is_empty() {
            "Used by no namespace"
        } else {
            "Used by no namespace for certain"
        });
        return;
    }
    let of = |n: &Known<u32>, noun: &str| match n {
        Known::Known(n) => count(*n as usize, noun),
        Known::Unknown(_) => format!("{} {noun}s", cells::UNKNOWN),
    };
    doc.heading(format!(
        "Used by {}, {}, {}",
        count(found.len(), "namespace"),
        of(&status.tag.workloads, "workload"),
        of(&status.tag.pods, "pod")
    ));
    let mut table =
        Table::new(&["NAMESPACE", "WORKLOADS", "PODS", "OLD PROXIES", "BY"]).limit(ROWS);
    for n in found {
        table.row([
            n.name.clone(),
            cells::number(&n.workloads, 0_usize),
            cells::number(&n.pods, 0_usize),
            cells::number(&n.old, 0_usize),
            by(n),
        ]);
    }
    doc.table(table);
}

fn by(namespace: &users::Namespace) -> String {
    match (&namespace.trouble, namespace.labelled) {
        (Some(why), _) => format!("its label, in vain: {why}"),
        (None, true) => "its label".into(),
        (None, false) => "labels of its pods".into(),
    }
}

fn gateways(doc: &mut Doc, status: &Status<'_>) {
    let found = match &status.users.gateways {
        Known::Known(found) if found.is_empty() => return,
        Known::Known(found) => found,
        Known::Unknown(gap) => {
            doc.heading("Gateways: not known");
            doc.text(&gap.detail);
            return;
        }
    };
    let rolling = found.iter().filter(|g| g.managed).count();
    doc.heading(match rolling {
        0 => format!("Gateways: {}; none rolls when the tag moves", found.len()),
        n if n == found.len() => format!("Gateways that roll when the tag moves: {n}"),
        n => format!(
            "Gateways: {}, of which {n} roll when the tag moves",
            found.len()
        ),
    });
    let mut table = Table::new(&["NAMESPACE", "GATEWAY", "KIND", "MADE BY"])
        .wide(&["WHY"])
        .limit(ROWS);
    for g in found {
        table.row([
            g.namespace.clone(),
            g.name.clone(),
            kind(g).to_owned(),
            g.made_by.clone(),
            g.reason.clone(),
        ]);
    }
    doc.table(table);
}

fn kind(gateway: &users::Gateway) -> &'static str {
    match (gateway.waypoint, gateway.managed) {
        (true, true) => "waypoint",
        (false, true) => "gateway",
        (true, false) => "waypoint, not managed",
        (false, false) => "gateway, not managed",
    }
}

fn old(doc: &mut Doc, status: &Status<'_>) {
    let found = match &status.tag.old {
        Known::Known(found) => found,
        Known::Unknown(gap) => {
            doc.heading("Old proxies: not known");
            doc.text(&gap.detail);
            return;
        }
    };
    if found.is_empty() {
        doc.heading(if status.unsure.is_empty() {
            "Old proxies: none"
        } else {
            "Old proxies: none for certain"
        });
        return;
    }
    let pods: u32 = found.iter().map(|o| o.pods).sum();
    doc.heading(format!(
        "Old proxies: {} of {}",
        count(pods as usize, "pod"),
        count(found.len(), "workload")
    ));
    let mut table = Table::new(&["NAMESPACE", "WORKLOAD", "PODS", "RUNNING", "NEXT"]).limit(ROWS);
    // A Service injects nobody, wherever it points.
    let webhooks = status.objects.iter().filter(|m| m.role == "Webhook");
    let next: Vec<&str> = webhooks.filter_map(|m| m.revision.as_deref()).collect();
    for o in found {
        table.row([
            o.workload.namespace.clone(),
            format!("{}/{}", o.workload.kind, o.workload.name),
            o.pods.to_string(),
            o.running
                .iter()
                .map(Running::short)
                .collect::<Vec<_>>()
                .join(", "),
            next.join(" and "),
        ]);
    }
    doc.table(table);
    if let Some(command) = found.iter().find_map(|o| restarts(status.mesh, o)) {
        doc.text("They change when their pods restart, such as by:");
        doc.command(command);
    }
}

/// The command that restarts it, where a restart is just a restart.
fn restarts(mesh: &Mesh, old: &OldProxies) -> Option<String> {
    let all = mesh.workloads.items().unwrap_or_default();
    let workload = all.iter().find(|w| Item::of(w) == old.workload)?;
    if !hardships(workload).is_empty() {
        return None;
    }
    restart(workload).command
}

fn ahead(doc: &mut Doc, status: &Status<'_>) {
    let tag = status.tag.tag.as_deref().unwrap_or_default();
    let title = |to: &str| format!("Promotion to {to}, the revision behind tag canary");
    match &status.ahead {
        Ahead::Nothing => return,
        Ahead::Unknown { revision, reason } => {
            doc.heading(title(revision));
            doc.marked([(Mark::Unknown, "gates", reason.as_str())]);
        }
        Ahead::Revision {
            revision,
            gates,
            not_judged,
        } => {
            doc.heading(title(revision));
            let mut rows = gates.marked();
            if !not_judged.is_empty() {
                let names = not_judged.join(", ");
                rows.push((Mark::Skip, "not judged here".into(), names));
            }
            doc.marked(rows);
        }
    }
    doc.command(format!("kubectl mesh-tag promote {} --dry-run", word(tag)));
}
