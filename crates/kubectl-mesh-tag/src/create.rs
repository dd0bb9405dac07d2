//! `kubectl mesh-tag create`: make a tag.

use clap::Args;
use mesh_common::{
    Ctx, Outcome,
    complete::Values,
    error::{Error, Result},
    journal::Action,
    mesh::live::Needs,
    output::{Format, clean},
};

use crate::{
    cli::{ChildArgs, Output, WriteArgs},
    execute, objects,
    prepare::{Ask, Prepared},
    promote::{refuse_owned, waivers},
    session::Session,
    target,
};

/// Make a tag for a revision
///
/// Creates the tag's webhook configuration (and, with istioctl 1.28 and
/// later, its Service). Namespaces that already carry the label
/// istio.io/rev=TAG are injected from then on, when their pods restart.
/// A tag may not have the name of a revision. The tag default takes the place
/// of an istiod without a revision, whose injector is switched off;
/// rollback switches it on again.
///
/// Examples:
///   kubectl mesh-tag create stable --to 1-26-1
///   kubectl mesh-tag create canary --to 1-28-1 --dry-run=server
///
/// Exit codes: 0 made and verified; 1 nothing done; 2 refused, nothing done;
/// 3 a gate is unknown, nothing done; 4 changed, and not as planned or not
/// verified; 130 interrupted.
#[derive(Debug, Args)]
#[command(verbatim_doc_comment)]
pub(crate) struct CreateArgs {
    /// The tag to make
    #[arg(value_name = "TAG", add = Values::NewTag)]
    tag: String,

    /// The revision that it is to point to
    #[arg(long, value_name = "REVISION", add = Values::Revision)]
    to: String,

    #[command(flatten)]
    write: WriteArgs,

    #[command(flatten)]
    child: ChildArgs,

    #[command(flatten)]
    output: Output,
}

pub(crate) async fn run(ctx: &Ctx, args: &CreateArgs) -> Result<Outcome> {
    let waivers = waivers(&args.write)?;
    let tag = args.tag.as_str();
    // Names are checked before anything is read: a tag is a label value and part of object names.
    mesh_common::istioctl::TagSet::new(tag, &args.to)?;
    let session = Session::open(ctx, Needs::PROMOTE).await?;
    if let Some(live) = &session.live {
        live.refuse_unfinished().await?;
    }
    let from = session.revisions_of(tag);
    if !from.is_empty() {
        return Err(Error::refused(format!(
            "tag {tag} exists: it points to {}",
            from.join(" and ")
        ))
        .hint("To move it:")
        .hint(format!(
            "kubectl mesh-tag promote {tag} --to {}",
            clean(&args.to, 63)
        )));
    }
    // An istiod without a revision goes by the name of the tag that takes its place, as istioctl has it too.
    if tag != objects::DEFAULT && session.wiring.revisions().contains(tag) {
        return Err(Error::refused(format!(
            "{tag} is the name of a revision: a tag of that name would take its namespaces, and two istiods \
             would fight over gateways (istio/istio#56128)"
        ))
        .hint("Choose a name that no revision has, such as stable or canary."));
    }
    refuse_owned(&session.wiring, tag)?;
    let target = target::choose(
        ctx,
        &session.mesh,
        &session.wiring,
        tag,
        &from,
        Some(&args.to),
    )?;
    let ask = Ask {
        action: Action::Create,
        tag,
        from: &from,
        to: &target.revision,
        backups: &session.backups,
        cve: None,
        waivers: &waivers,
    };
    let prepared = Prepared::make(&session, &args.child, ask).await?;
    if args.output.output == Format::Yaml {
        return crate::emit::objects(ctx, &prepared.plan.images);
    }
    execute::set_tag(
        &session,
        ask,
        prepared,
        &args.child,
        &args.write,
        &args.output,
    )
    .await
}
