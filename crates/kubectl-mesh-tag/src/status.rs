//! `kubectl mesh-tag status`: everything about one tag on one screen.

use clap::Args;
use mesh_common::{
    Ctx, Outcome,
    complete::Values,
    error::{Error, Kind, Result},
    mesh::{Gap, Mesh, live::Needs, tags},
    output::{Doc, Report, verdict},
};
use serde::Serialize;
use serde_json::Value;

use crate::{
    cli::Output,
    list::{self, change::Change, unsure::Unsure},
    session::Seen,
};

mod ahead;
mod history;
mod objects;
mod screen;
mod users;

#[cfg(test)]
mod tests;

use ahead::Ahead;
use history::History;

/// Show where a tag points, who uses it, and what stands before its promotion
///
/// Reads the cluster (or, with --from, an archive) and writes nothing. Shows
/// the objects that make the tag, the istiods behind it, the namespaces,
/// workloads and gateways that use it, pods that run an old proxy, the last
/// recorded change and who made it, and, where the tag canary points to
/// another revision, the gates of a promotion as far as reading can tell.
///
/// Examples:
///   kubectl mesh-tag status stable
///   kubectl mesh-tag status stable --full
///   kubectl mesh-tag status stable --from examples/shop-ready.tar.zst
///
/// Exit codes: 0 shown, whatever was found; 1 nothing shown, or there is no
/// such tag; 3 shown, but something could not be read.
#[derive(Debug, Args)]
#[command(verbatim_doc_comment)]
pub(crate) struct StatusArgs {
    /// The tag
    #[arg(value_name = "TAG", add = Values::Tag)]
    tag: String,

    #[command(flatten)]
    output: Output,
}

/// What is read: what a list needs, and what the gates judge that need no istioctl and no port-forward.
fn needs() -> Needs {
    Needs::LIST
        | Needs::ISTIOD_DETAIL
        | Needs::BUDGETS
        | Needs::PROVIDERS
        | Needs::CRDS
        | Needs::NODES
}

pub(crate) async fn run(ctx: &Ctx, args: &StatusArgs) -> Result<Outcome> {
    let seen = Seen::read(ctx, needs()).await?;
    let history = History::of(seen.live.as_ref(), &args.tag);
    let mut status = Status::of(&seen.mesh, &args.tag, history, args.output.full)?;
    status.header = seen.header();
    status.ahead = ahead::look(&seen.mesh, &args.tag, &status.tag.revisions);
    ctx.printer.print(&args.output, &status)?;
    Ok(status.outcome())
}

/// What is printed.
pub(crate) struct Status<'a> {
    mesh: &'a Mesh,
    header: Doc,
    tag: tags::TagRow,
    /// Every row of the list, for words about the others.
    all: Vec<tags::TagRow>,
    revisions: Vec<tags::Revision>,
    objects: Vec<objects::Made>,
    users: users::Users,
    overlaps: Vec<tags::Overlap>,
    problems: Vec<tags::Problem>,
    unsure: Vec<Unsure>,
    gaps: Vec<Gap>,
    history: History,
    ahead: Ahead,
    full: bool,
}

impl<'a> Status<'a> {
    /// What a mesh and its records say of a tag.
    ///
    /// # Errors
    /// The injecting webhooks are not known, or there is no such tag.
    pub(crate) fn of(mesh: &'a Mesh, tag: &str, history: History, full: bool) -> Result<Self> {
        let blind = |gap: &Gap| {
            Error::new(
                Kind::Unknown,
                format!("which tags there are cannot be told: {}", gap.detail),
            )
            .hint(format!("this needs get and list on {}", gap.what))
        };
        let mut table = tags::tags(mesh).map_err(|g| blind(&g))?;
        let all = table.rows.clone();
        let gaps = list::gaps(mesh, &table);
        let Some(row) = all.iter().find(|r| r.tag.as_deref() == Some(tag)) else {
            return Err(list::no_such_tag(&all, tag));
        };
        let mut revisions = tags::revisions(mesh).map_err(|g| blind(&g))?;
        revisions.retain(|r| row.revisions.contains(&r.name));
        let mut unsure = list::unsure::found(mesh);
        unsure.retain(|u| u.tags.contains(tag));
        list::narrow(&mut table, tag);
        Ok(Self {
            mesh,
            header: Doc::new(),
            tag: row.clone(),
            revisions,
            objects: objects::of(mesh, row),
            users: users::of(mesh, row, table.dangling.get().map_or(&[], Vec::as_slice)),
            overlaps: table.overlaps,
            problems: table.problems,
            unsure,
            gaps,
            history,
            ahead: Ahead::Nothing,
            full,
            all,
        })
    }

    /// Done, unless something could not be read.
    pub(crate) fn outcome(&self) -> Outcome {
        if self.gaps.is_empty() && self.unsure.is_empty() && self.history.is_known() {
            Outcome::Done
        } else {
            Outcome::Unknown
        }
    }
}

/// The public form.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Body<'a> {
    now: jiff::Timestamp,
    istio_namespace: &'a str,
    tag: &'a tags::TagRow,
    revisions: &'a [tags::Revision],
    objects: &'a [objects::Made],
    users: &'a users::Users,
    overlaps: &'a [tags::Overlap],
    /// Of the validators; only for the default tag.
    problems: &'a [tags::Problem],
    unsure: &'a [Unsure],
    gaps: &'a [Gap],
    last_change: Option<&'a Change>,
    unfinished: &'a [Change],
    unreadable_records: &'a [String],
    promotion: &'a Ahead,
}

impl Report for Status<'_> {
    fn doc(&self, _wide: bool) -> Doc {
        screen::doc(self)
    }

    fn json(&self) -> serde_json::Result<Value> {
        verdict(
            "TagStatus",
            self.outcome(),
            Body {
                now: self.mesh.now,
                istio_namespace: &self.mesh.istio_namespace,
                tag: &self.tag,
                revisions: &self.revisions,
                objects: &self.objects,
                users: &self.users,
                overlaps: &self.overlaps,
                problems: &self.problems,
                unsure: &self.unsure,
                gaps: &self.gaps,
                last_change: self.history.last.as_ref(),
                unfinished: &self.history.unfinished,
                unreadable_records: &self.history.unreadable,
                promotion: &self.ahead,
            },
        )
    }

    fn names(&self) -> Vec<String> {
        self.objects.iter().map(|o| o.object.clone()).collect()
    }
}
