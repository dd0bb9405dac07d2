//! How tags and revisions stand: where each tag points, who uses it, and what is wrong with it.

use std::collections::BTreeSet;

use jiff::Timestamp;
use serde::Serialize;

use super::{
    Gap, Known, Mesh, Owner,
    forecast::{Item, Running},
};

mod overlap;
mod parity;
mod problems;
#[cfg(test)]
mod tests;
mod view;

pub use overlap::{Overlap, overlaps};
pub use parity::istioctl_tag_list;
pub use problems::{Problem, ProblemKind};
use view::View;

/// All tags, and the revisions that no tag covers.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct TagTable {
    /// By tag; after them revisions without a tag, or used past their tags.
    pub rows: Vec<TagRow>,
    /// Labels that two injectors would take at once.
    pub overlaps: Vec<Overlap>,
    /// Namespaces that ask for an injector that does not exist.
    pub dangling: Known<Vec<Dangling>>,
    /// What is wrong with no tag in particular.
    pub problems: Vec<Problem>,
    /// What could not be looked at.
    pub gaps: Vec<Gap>,
}

/// A tag, or a revision used by its own name.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct TagRow {
    /// The tag; none for a revision.
    pub tag: Option<String>,
    /// Where it points. More than one is a problem.
    pub revisions: Vec<String>,
    /// Versions of the istiods there.
    pub versions: Known<Vec<String>>,
    /// Ready istiods there.
    pub ready: Known<u32>,
    /// Wanted istiods there.
    pub wanted: Known<u32>,
    /// Namespaces labelled with it; for `default` also those with `istio-injection=enabled`.
    pub namespaces: Known<Vec<String>>,
    /// Workloads whose next pods it injects.
    pub workloads: Known<u32>,
    /// Living pods of those.
    pub pods: Known<u32>,
    /// Workloads in its care with living pods that run something else than it would inject now.
    pub old: Known<Vec<OldProxies>>,
    /// Living pods of `old`.
    pub old_pods: Known<u32>,
    /// Gateway API gateways and waypoints that ask for it.
    pub gateways: Known<Vec<Item>>,
    /// The webhook configurations that make it.
    pub webhooks: Vec<String>,
    /// The Services that make it.
    pub services: Vec<String>,
    /// Who owns its webhook configuration, else its Service.
    pub owner: Owner,
    /// When its webhook configuration was made, else its Service.
    pub created: Option<Timestamp>,
    /// What is wrong with it.
    pub problems: Vec<Problem>,
}

/// Pods in the care of a tag that run something else than it would inject now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct OldProxies {
    /// The workload.
    pub workload: Item,
    /// How many pods.
    pub pods: u32,
    /// What its pods run.
    pub running: Vec<Running>,
}

/// A namespace that asks for an injector that does not exist.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Dangling {
    /// Its name.
    pub namespace: String,
    /// What it asks for and why it does not get it, in words.
    pub reason: String,
    /// Workloads in it.
    pub workloads: Known<u32>,
    /// Living pods in it.
    pub pods: Known<u32>,
}

/// A revision, whoever points to it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Revision {
    /// Its name; `default` for an un-revisioned install.
    pub name: String,
    /// Versions of its istiods.
    pub versions: Known<Vec<String>>,
    /// Ready istiods.
    pub ready: Known<u32>,
    /// Wanted istiods.
    pub wanted: Known<u32>,
    /// Tags that point to it, by webhook or Service.
    pub tags: Vec<String>,
    /// Its own injector.
    pub injector: Option<String>,
    /// Whether that injector was switched off by a default tag.
    pub deactivated: bool,
    /// Its own Service.
    pub service: Option<String>,
}

/// All tags and untagged revisions, who uses them and what is wrong.
///
/// # Errors
/// The injecting webhooks are not known. Other gaps are named in the table.
pub fn tags(mesh: &Mesh) -> Result<TagTable, Gap> {
    let view = View::new(mesh)?;
    let mut rows = Vec::new();
    let mut covered = BTreeSet::new();
    for tag in view.wiring.tags() {
        let mut revisions = view.wiring.tag_by_webhook(tag);
        revisions.extend(view.wiring.tag_by_service(tag));
        covered.extend(revisions.iter().copied());
        rows.push(view.row(Some(tag), &revisions));
    }
    let mut names = view.wiring.revisions();
    names.extend(view.istiods.iter().flatten().map(|(r, _)| r.as_str()));
    for revision in names {
        let row = view.row(None, &BTreeSet::from([revision]));
        let used = row.namespaces.get().is_none_or(|n| !n.is_empty())
            || row.workloads.get().is_none_or(|w| *w > 0);
        if !covered.contains(revision) || used {
            rows.push(row);
        }
    }
    Ok(TagTable {
        rows,
        overlaps: overlap::found(&view.wiring, view.forecasts.as_deref().unwrap_or_default()),
        dangling: view.dangling(),
        problems: problems::of_mesh(&view),
        gaps: view.gaps,
    })
}

/// What is wrong with the webhook configurations themselves, those of revisions behind a tag too; most name
/// their object. What could not be read beside the injectors is passed over.
///
/// # Errors
/// The injecting webhooks are not known.
pub fn webhook_problems(mesh: &Mesh) -> Result<Vec<Problem>, Gap> {
    let view = View::of_webhooks(mesh)?;
    let mut all = Vec::new();
    for injector in &view.wiring.injectors {
        problems::of_injector(&view, injector, &mut all);
    }
    all.sort();
    all.dedup();
    all.extend(problems::of_mesh(&view));
    Ok(all)
}

/// Every revision that has an istiod, an injector or a Service.
///
/// # Errors
/// The injecting webhooks are not known.
pub fn revisions(mesh: &Mesh) -> Result<Vec<Revision>, Gap> {
    let view = View::new(mesh)?;
    let mut names = view.wiring.revisions();
    names.extend(view.istiods.iter().flatten().map(|(r, _)| r.as_str()));
    let points = |tag: &str, revision: &str| {
        view.wiring.tag_by_webhook(tag).contains(revision)
            || view.wiring.tag_by_service(tag).contains(revision)
    };
    let one = |name: &str| {
        let (versions, ready, wanted) = view.istiods_of(&BTreeSet::from([name]));
        let injector = view.wiring.own_injector(name);
        let service = view
            .wiring
            .services
            .iter()
            .find(|s| s.tag.is_none() && s.revision.as_deref() == Some(name));
        let tags = view.wiring.tags().into_iter();
        Revision {
            name: name.to_owned(),
            versions,
            ready,
            wanted,
            tags: tags
                .filter(|t| points(t, name))
                .map(str::to_owned)
                .collect(),
            injector: injector.map(|i| i.name.clone()),
            deactivated: injector.is_some_and(super::Injector::is_deactivated),
            service: service.map(|s| s.name.clone()),
        }
    };
    Ok(names.into_iter().map(one).collect())
}
