//! MESH2305: one tool owns the mesh.

use std::collections::{BTreeMap, BTreeSet};

use mesh_common::{
    check::{Finding, Severity},
    mesh::{Gap, Mesh, Owner},
    shell,
};

use super::{but_for, deployment, first, some};
use crate::{
    check::{More, Verdict, count, finding},
    facts::Facts,
};

pub(super) const CODE: &str = "MESH2305";

/// What an object is to the mesh. What belongs together is to have one owner.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Part {
    /// istiod: its Deployment.
    ControlPlane,
    /// Webhooks and Services of a revision.
    Revision,
    /// Objects that make a tag.
    Tag,
    /// CRDs. Helm does not own those of a chart's `crds` directory.
    Crd,
    /// istio-cni and ztunnel.
    NodeAgent,
}

struct Owned<'a> {
    part: Part,
    object: String,
    owner: &'a Owner,
}

pub(super) fn run(facts: &Facts) -> Verdict {
    let (all, gaps) = owned(&facts.mesh);
    let mut by_tool: BTreeMap<&str, Vec<&Owned<'_>>> = BTreeMap::new();
    for one in &all {
        by_tool.entry(tool(one.owner)).or_default().push(one);
    }
    let summary: Vec<String> = by_tool
        .iter()
        .map(|(tool, of)| format!("{tool}: {}", count(of.len(), "object")))
        .collect();
    if summary.is_empty() && gaps.is_empty() {
        return Verdict::not_evaluated("there is no object of a mesh");
    }
    let mut findings = Vec::new();
    findings.extend(mixed(&all));
    findings.extend(strays(&all));
    let verdict = Verdict::of(findings, summary.join("; "), first);
    but_for(verdict, gaps)
}

/// The tool alone: two Helm releases, istiod and base, are one hand.
fn tool(owner: &Owner) -> &str {
    match owner {
        Owner::None => "istioctl (or by hand)",
        Owner::Helm { .. } => "Helm",
        Owner::Sail { .. } => "Sail",
        Owner::GitOps { controller, .. } => controller,
    }
}

fn owned(mesh: &Mesh) -> (Vec<Owned<'_>>, Vec<&Gap>) {
    let mut all = Vec::new();
    let mut gaps = Vec::new();
    let mut add = |part, object, owner| {
        all.push(Owned {
            part,
            object,
            owner,
        });
    };
    let of = |tag: &Option<String>| {
        if tag.is_some() {
            Part::Tag
        } else {
            Part::Revision
        }
    };
    match mesh.istiods.items() {
        Ok(items) => items
            .iter()
            .for_each(|i| add(Part::ControlPlane, deployment(i), &i.owner)),
        Err(gap) => gaps.push(gap),
    }
    match mesh.injectors.items() {
        Ok(items) => items.iter().for_each(|i| {
            let object = format!("mutatingwebhookconfiguration/{}", i.name);
            add(of(&i.tag), object, &i.owner);
        }),
        Err(gap) => gaps.push(gap),
    }
    match mesh.validators.items() {
        Ok(items) => items.iter().for_each(|v| {
            let object = format!("validatingwebhookconfiguration/{}", v.name);
            // The default validator goes with the default tag, or comes with the chart `base`.
            let part = if v.name == mesh_common::mesh::wiring::DEFAULT_VALIDATOR {
                Part::Tag
            } else {
                of(&v.tag)
            };
            add(part, object, &v.owner);
        }),
        Err(gap) => gaps.push(gap),
    }
    match mesh.services.items() {
        Ok(items) => items.iter().for_each(|s| {
            let object = format!("service/{} -n {}", s.name, s.namespace);
            add(of(&s.tag), object, &s.owner);
        }),
        Err(gap) => gaps.push(gap),
    }
    match mesh.crds.items() {
        Ok(items) => items
            .iter()
            .filter(|c| c.name.ends_with(".istio.io"))
            .for_each(|c| {
                let object = format!("customresourcedefinition/{}", c.name);
                add(Part::Crd, object, &c.owner);
            }),
        Err(gap) => gaps.push(gap),
    }
    match mesh.node_agents.items() {
        Ok(items) => items.iter().for_each(|a| {
            let object = format!("daemonset/{} -n {}", a.name, a.namespace);
            add(Part::NodeAgent, object, &a.owner);
        }),
        Err(gap) => gaps.push(gap),
    }
    (all, gaps)
}

/// Several tools at work. No owner beside one counts only where the same tool must have made both: istiods.
fn mixed(all: &[Owned<'_>]) -> Option<Finding> {
    let counts = |o: &&Owned<'_>| o.owner.is_owned() || o.part == Part::ControlPlane;
    let mut tools: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for one in all.iter().filter(counts) {
        tools.entry(tool(one.owner)).or_default().push(&one.object);
    }
    if tools.len() < 2 {
        return None;
    }
    let object = all.iter().find(counts).map_or("", |o| &o.object);
    let message = format!(
        "{} each own a part of this mesh: the upgrade of one undoes the other's",
        some(tools.keys())
    );
    let mut found = finding(CODE, Severity::Warning, object, message);
    for (tool, objects) in &tools {
        found = found.seen(format!("{tool}: {}", some(objects)));
    }
    Some(
        found
            .hint("let one tool own all of it before the upgrade, or upgrade each part by its own"),
    )
}

/// Parts whose other half somebody else owns.
fn strays(all: &[Owned<'_>]) -> Vec<Finding> {
    let mut findings = Vec::new();
    let tags: Vec<&Owned<'_>> = all.iter().filter(|o| o.part == Part::Tag).collect();
    let (theirs, free): (Vec<&Owned<'_>>, Vec<&Owned<'_>>) =
        tags.into_iter().partition(|o| o.owner.is_owned());
    if let (Some(owned), Some(one)) = (theirs.first(), free.first()) {
        let message = format!(
            "some tags are {}'s and some istioctl's or made by hand: istioctl tag set overwrites the former, and the next release of {} the latter",
            tool(owned.owner),
            tool(owned.owner)
        );
        let names = |of: &[&Owned<'_>]| some(of.iter().map(|o| o.object.clone()));
        findings.push(
            finding(CODE, Severity::Warning, &one.object, message)
                .seen(format!("{}: {}", tool(owned.owner), names(&theirs)))
                .seen(format!("nobody: {}", names(&free)))
                .hint(shell::command("kubectl get {} -o yaml", &[&one.object])),
        );
    }
    let owners: BTreeSet<&str> = all
        .iter()
        .filter(|o| o.part == Part::ControlPlane && o.owner.is_owned())
        .map(|o| tool(o.owner))
        .collect();
    let bare: Vec<&str> = all
        .iter()
        .filter(|o| o.part == Part::Revision && !o.owner.is_owned())
        .map(|o| o.object.as_str())
        .collect();
    if let (Some(tool), Some(one)) = (owners.first(), bare.first()) {
        let message = format!(
            "{tool} owns istiod, and nobody {} of it: an upgrade by {tool} leaves them as they are",
            count(bare.len(), "object")
        );
        findings.push(finding(CODE, Severity::Info, *one, message).seen(some(&bare)));
    }
    findings
}
