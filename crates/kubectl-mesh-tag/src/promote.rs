//! `kubectl mesh-tag promote`: move a tag to another revision, with gates before and proof after.

use clap::Args;
use mesh_common::{
    Ctx, Outcome,
    check::{self, Facts, Gates, OverlapFacts, ParityFacts, SkewFacts, Waiver},
    cluster::explain,
    error::{Error, Kind, Result},
    istioctl::{self, Istioctl, Places, Version},
    journal::Action,
    mesh::{
        Wiring,
        impact::Impact,
        live::Needs,
        probe::{self, Probe},
        raw::Raw,
    },
    output::{Doc, Format},
    prompt,
};

use crate::{
    apply::{self, Change},
    cli::{ChildArgs, DryRun, Output, WriteArgs},
    objects,
    plan::{Plan, Versions, WayBack},
    session::{self, Session},
    target,
};

/// Move a tag to another revision
///
/// Changes the tag's webhook configuration (and, with istioctl 1.28 and later, its Service) so that
/// namespaces labelled with the tag are injected by the new revision. Running sidecars stay until their
/// pods restart. Gateway API gateways and waypoints of the tag are redeployed at once, and again when the
/// tag moves back.
///
/// Without --to the revision behind the tag canary is promoted.
///
/// Examples:
///   kubectl mesh-tag promote stable
///   kubectl mesh-tag promote stable --to 1-28-1 --dry-run
///   kubectl mesh-tag promote stable --from examples/shop-ready.tar.zst
///   kubectl mesh-tag promote stable --yes --waive bake='CVE-2026-1234, agreed with on-call'
///
/// Exit codes: 0 moved and verified, or nothing to do; 1 nothing done; 2 refused by a gate, nothing done;
/// 3 a gate is unknown, nothing done; 4 changed, and not as planned or not verified; 130 interrupted.
#[derive(Debug, Args)]
#[command(verbatim_doc_comment)]
pub(crate) struct PromoteArgs {
    /// The tag to move
    #[arg(value_name = "TAG")]
    tag: String,

    /// The revision to move it to (default: the one behind the tag canary)
    #[arg(long, value_name = "REVISION")]
    to: Option<String>,

    /// A security fix: 24 hours of canary are enough. The reason goes into the record
    #[arg(long, value_name = "ID=REASON")]
    cve: Option<String>,

    #[command(flatten)]
    write: WriteArgs,

    #[command(flatten)]
    child: ChildArgs,

    #[command(flatten)]
    output: Output,
}

pub(crate) async fn run(ctx: &Ctx, args: &PromoteArgs) -> Result<Outcome> {
    let waivers = Waiver::parse_all(&args.write.waive)?;
    let cve = args.cve.as_deref().map(check::Cve::parse).transpose()?;
    let session = Session::open(ctx, Needs::PROMOTE).await?;
    if let Some(live) = &session.live {
        live.refuse_unfinished().await?;
    }
    let tag = args.tag.as_str();
    let from = session.revisions_of(tag);
    if from.is_empty() {
        return Err(no_such_tag(&session.wiring, tag));
    }
    let target =
        target::choose(ctx, &session.mesh, &session.wiring, tag, &from, args.to.as_deref())?;
    let to = target.revision.as_str();
    let mut prepared =
        Prepared::make(&session, &args.child, Action::Promote, tag, &from, to, cve.as_ref(), &waivers)
            .await?;
    prepared.plan.inferred.clone_from(&target.inferred);
    if prepared.plan.images.iter().all(|i| !i.changes()) {
        ctx.printer.note(format!("tag {tag} points to {to} already: nothing to do"));
        return Ok(Outcome::Done);
    }
    refuse_owned(&session, tag, &prepared.plan)?;
    decide(&session, args, &args.write, &args.child, &args.output, prepared, target.inferred.is_some())
        .await
}
