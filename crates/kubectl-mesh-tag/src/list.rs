//! `kubectl mesh-tag list`: every tag and untagged revision, who uses it, and what is wrong with it.

use std::collections::BTreeSet;

use clap::Args;
use mesh_common::{
    Ctx, Outcome,
    complete::Values,
    error::{Error, Kind, Result},
    journal::store::Stored,
    mesh::{
        Gap, Known, Mesh, Why,
        live::Needs,
        tags::{self, TagRow, TagTable},
        wiring::DEFAULT,
    },
    output::{Doc, Report, Table, clean, verdict},
};
use serde::Serialize;
use serde_json::Value;

use crate::{cli::Output, session::Seen};

pub(crate) mod cells;
pub(crate) mod change;
pub(crate) mod mend;
pub(crate) mod trouble;
pub(crate) mod unsure;

#[cfg(test)]
pub(crate) mod fixture;
#[cfg(test)]
mod tests;

use change::Change;
use trouble::Trouble;
use unsure::Unsure;

/// List revision tags, the revisions behind them, and who uses them
///
/// Reads the cluster (or, with --from, an archive) and writes nothing.
/// Revisions that no tag points to have a row without a tag. OLD PROXIES
/// counts pods that run something else than they would get today. A star (*)
/// marks what has a problem: it is told below, with the command that mends
/// it. A cell shows ? where something could not be read; why is told below.
///
/// Examples:
///   kubectl mesh-tag list
///   kubectl mesh-tag list stable -o wide
///   kubectl mesh-tag list --from examples/shop-ready.tar.zst
///
/// Exit codes: 0 listed, whatever was found; 1 nothing listed, or there is
/// no such tag; 3 listed, but something could not be read.
#[derive(Debug, Args)]
#[command(verbatim_doc_comment)]
pub(crate) struct ListArgs {
    /// Show only this tag
    #[arg(value_name = "TAG", add = Values::Tag)]
    tag: Option<String>,

    #[command(flatten)]
    output: Output,
}

pub(crate) async fn run(ctx: &Ctx, args: &ListArgs) -> Result<Outcome> {
    // Who injects whom may be unknown: a list that shows the tags and not their Services is still worth having.
    let seen = Seen::read(ctx, Needs::LIST).await?;
    // Whoever may not read ConfigMaps is told so by the mesh's own gap.
    let records = seen.live.as_ref().map_or(&[][..], |live| &live.records);
    let list = TagList::of(&seen.mesh, records, args.tag.as_deref(), args.output.full)?;
    if let Some(file) = ctx.rehearsal() {
        let (file, at) = (file.display(), cells::time(seen.mesh.now));
        ctx.printer
            .note(format!("Rehearsal: {file}, captured {at}."));
    }
    ctx.printer.print(&args.output, &list)?;
    Ok(list.outcome())
}

/// What is printed.
pub(crate) struct TagList<'a> {
    mesh: &'a Mesh,
    table: TagTable,
    /// Every row, also where one tag is asked for.
    all: Vec<TagRow>,
    unsure: Vec<Unsure>,
    gaps: Vec<Gap>,
    unfinished: Vec<Change>,
    /// Whether all of the mesh is shown, not one tag.
    whole: bool,
    full: bool,
}

impl<'a> TagList<'a> {
    /// The list of a mesh, or of one tag of it.
    ///
    /// # Errors
    /// The injecting webhooks are not known, or there is no such tag.
    pub(crate) fn of(
        mesh: &'a Mesh,
        records: &[Stored],
        only: Option<&str>,
        full: bool,
    ) -> Result<Self> {
        let mut table = tags::tags(mesh).map_err(|gap| unreadable(&gap))?;
        let all = table.rows.clone();
        let gaps = gaps(mesh, &table);
        let mut unsure = unsure::found(mesh);
        if let Some(tag) = only {
            if !all.iter().any(|r| r.tag.as_deref() == Some(tag)) {
                return Err(no_such_tag(&all, tag));
            }
            narrow(&mut table, tag);
            unsure.retain(|u| u.tags.contains(tag));
        }
        let unfinished = records.iter().filter(|s| s.record.is_unfinished());
        Ok(Self {
            mesh,
            table,
            all,
            unsure,
            gaps,
            unfinished: unfinished.map(|s| Change::of(&s.record)).collect(),
            whole: only.is_none(),
            full,
        })
    }

    /// Done, unless something could not be read.
    pub(crate) fn outcome(&self) -> Outcome {
        if self.gaps.is_empty() && self.unsure.is_empty() {
            Outcome::Done
        } else {
            Outcome::Unknown
        }
    }

    fn cells(&self, row: &TagRow) -> Vec<String> {
        let unsure: Vec<&Unsure> = self.unsure.iter().filter(|u| u.concerns(row)).collect();
        let pods: u32 = unsure.iter().map(|u| u.pods).sum();
        vec![
            cells::name(row),
            cells::all(&row.revisions),
            cells::versions(row),
            cells::ready(&row.ready, &row.wanted),
            cells::len(&row.namespaces),
            cells::number(&row.workloads, unsure.len()),
            cells::number(&row.old_pods, pods),
            row.owner.short(),
            cells::age(row.created, self.mesh.now),
            cells::number(&row.pods, pods),
            cells::len(&row.gateways),
            cells::all(&row.webhooks),
            cells::all(&row.services),
        ]
    }
}

/// Leaves what concerns this tag.
pub(crate) fn narrow(table: &mut TagTable, tag: &str) {
    table.rows.retain(|r| r.tag.as_deref() == Some(tag));
    let own: BTreeSet<&str> = table
        .rows
        .iter()
        .flat_map(|r| &r.webhooks)
        .map(String::as_str)
        .collect();
    table.overlaps.retain(|o| {
        o.webhooks
            .iter()
            .any(|w| own.contains(w.split('/').next().unwrap_or_default()))
    });
    if tag != DEFAULT {
        table.problems.clear();
    }
}

/// Everything that a list rests on and that could not be read, once each.
pub(crate) fn gaps(mesh: &Mesh, table: &TagTable) -> Vec<Gap> {
    let mut gaps = table.gaps.clone();
    let mut add = |gap: Option<&Gap>| gaps.extend(gap.cloned());
    add(mesh.gateways.gap());
    add(mesh.configs.gap());
    for service in mesh.services.get().into_iter().flatten() {
        add(service.ready_endpoints.gap());
    }
    // A kind that is not served has no objects, and that is known.
    gaps.retain(|g| g.why != Why::NotServed);
    gaps.sort_by(|a, b| (&a.what, &a.detail).cmp(&(&b.what, &b.detail)));
    gaps.dedup();
    gaps
}

fn unreadable(gap: &Gap) -> Error {
    Error::new(
        Kind::Unknown,
        format!("which tags there are cannot be told: {}", gap.detail),
    )
    .hint(format!("this needs get and list on {}", gap.what))
}

/// The answer to a tag that does not exist.
pub(crate) fn no_such_tag(rows: &[TagRow], tag: &str) -> Error {
    let named = clean(tag, 63);
    let error = Error::user(format!("there is no tag {named}"));
    let tags: Vec<&str> = rows.iter().filter_map(|r| r.tag.as_deref()).collect();
    let behind: Vec<&str> = rows
        .iter()
        .filter(|r| r.revisions.iter().any(|v| v == tag))
        .filter_map(|r| r.tag.as_deref())
        .collect();
    if !behind.is_empty() {
        return error.hint(format!(
            "{named} is a revision, behind tag {}",
            some(&behind)
        ));
    }
    if rows
        .iter()
        .any(|r| r.tag.is_none() && r.revisions.iter().any(|v| v == tag))
    {
        return error.hint(format!("{named} is a revision, and no tag points to it"));
    }
    if tags.is_empty() {
        return error.hint("there are no tags at all");
    }
    error.hint(format!("there are {}", some(&tags)))
}

fn some(names: &[&str]) -> String {
    const MOST: usize = 20;
    let mut shown: Vec<String> = names.iter().take(MOST).map(|n| clean(n, 63)).collect();
    if names.len() > MOST {
        shown.push(format!("{} more", names.len() - MOST));
    }
    shown.join(", ")
}

/// The public form: the table of tags, and what it rests on.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Body<'a> {
    now: jiff::Timestamp,
    istio_namespace: &'a str,
    rows: &'a [TagRow],
    overlaps: &'a [tags::Overlap],
    /// Of the whole mesh only.
    dangling: Option<&'a Known<Vec<tags::Dangling>>>,
    problems: &'a [tags::Problem],
    unsure: &'a [Unsure],
    gaps: &'a [Gap],
    unfinished: &'a [Change],
}

impl Report for TagList<'_> {
    fn doc(&self, _wide: bool) -> Doc {
        let mut doc = Doc::new();
        change::unfinished(&mut doc, &self.unfinished);
        let mut table = Table::new(&[
            "TAG",
            "REVISION",
            "VERSION",
            "ISTIODS",
            "NAMESPACES",
            "WORKLOADS",
            "OLD PROXIES",
            "OWNER",
            "AGE",
        ])
        .wide(&["PODS", "GATEWAYS", "WEBHOOKS", "SERVICES"])
        .empty("no tags and no revisions: Istio has no injecting webhook here");
        for row in &self.table.rows {
            table.row(self.cells(row));
        }
        doc.table(table);
        let mut trouble = Trouble::default();
        for row in &self.table.rows {
            trouble.row(self.mesh, row, &self.all);
        }
        trouble.mesh(&self.table.problems, &self.all);
        trouble.overlaps(&self.table.overlaps);
        trouble.print(&mut doc, self.full);
        if self.whole {
            trouble::dangling(&mut doc, &self.table);
        }
        trouble::unknown(&mut doc, &self.unsure, &self.gaps);
        doc
    }

    fn json(&self) -> serde_json::Result<Value> {
        let TagTable {
            rows,
            overlaps,
            dangling,
            problems,
            gaps: _,
        } = &self.table;
        verdict(
            "TagList",
            self.outcome(),
            Body {
                now: self.mesh.now,
                istio_namespace: &self.mesh.istio_namespace,
                rows,
                overlaps,
                dangling: self.whole.then_some(dangling),
                problems,
                unsure: &self.unsure,
                gaps: &self.gaps,
                unfinished: &self.unfinished,
            },
        )
    }

    fn names(&self) -> Vec<String> {
        self.table
            .rows
            .iter()
            .filter_map(|r| r.tag.clone())
            .collect()
    }
}
