//! `kubectl mesh-tag promote`: move a tag to another revision, with gates before and proof after.

use clap::Args;
use mesh_common::{
    Ctx, Outcome,
    check::{Cve, Waiver},
    complete::Values,
    error::{Error, Result},
    journal::Action,
    mesh::{Owner, Wiring, live::Needs},
    output::{Doc, Format, clean},
    shell,
};

use crate::{
    cli::{ChildArgs, Output, WriteArgs},
    execute, objects,
    plan::Plan,
    prepare::{Ask, Prepared},
    session::Session,
    target,
};

/// Move a tag to another revision
///
/// Changes the tag's webhook configuration (and, with istioctl 1.28 and
/// later, its Service) so that namespaces labelled with the tag are injected
/// by the new revision. Running sidecars stay until their pods restart.
/// Gateway API gateways and waypoints of the tag are redeployed at once, and
/// again when the tag moves back.
///
/// Without --to the revision behind the tag canary is promoted.
///
/// Examples:
///   kubectl mesh-tag promote stable
///   kubectl mesh-tag promote stable --to 1-28-1 --dry-run
///   kubectl mesh-tag promote stable --from examples/shop-ready.tar.zst
///   kubectl mesh-tag promote stable --to 1-28-1 -o yaml > tag.yaml
///
/// With -o yaml the objects are printed for Git, and nothing is asked.
///
/// Exit codes: 0 moved and verified, or nothing to do; 1 nothing done; 2
/// refused by a gate or an owner, nothing done; 3 a gate is unknown, nothing
/// done; 4 changed, and not as planned or not verified; 130 interrupted.
#[derive(Debug, Args)]
#[command(verbatim_doc_comment)]
pub(crate) struct PromoteArgs {
    /// The tag to move
    #[arg(value_name = "TAG", add = Values::Tag)]
    tag: String,

    /// The revision to move it to (default: the one behind the tag canary)
    #[arg(long, value_name = "REVISION", add = Values::Revision)]
    to: Option<String>,

    /// A security fix: 24 hours of canary are enough. The reason goes into
    /// the record
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
    let waivers = waivers(&args.write)?;
    let cve = args.cve.as_deref().map(Cve::parse).transpose()?;
    let session = Session::open(ctx, Needs::PROMOTE).await?;
    if let Some(live) = &session.live {
        live.refuse_unfinished().await?;
    }
    let tag = args.tag.as_str();
    let from = session.revisions_of(tag);
    if from.is_empty() {
        return Err(no_such_tag(&session.wiring, tag));
    }
    let target = target::choose(
        ctx,
        &session.mesh,
        &session.wiring,
        tag,
        &from,
        args.to.as_deref(),
    )?;
    let ask = Ask {
        action: Action::Promote,
        tag,
        from: &from,
        to: &target.revision,
        backups: &session.backups,
        cve: cve.as_ref(),
        waivers: &waivers,
    };
    let mut prepared = Prepared::make(&session, &args.child, ask).await?;
    prepared.plan.inferred.clone_from(&target.inferred);
    if prepared.plan.images.iter().all(|i| !i.changes()) {
        return nothing_to_do(ctx, &args.output, &prepared.plan);
    }
    if args.output.output == Format::Yaml {
        return crate::emit::objects(ctx, &prepared.plan.images);
    }
    refuse_owned(&session.wiring, tag)?;
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

/// The waivers as typed.
pub(crate) fn waivers(write: &WriteArgs) -> Result<Vec<Waiver>> {
    write.waive.iter().map(|w| Waiver::parse(w)).collect()
}

fn nothing_to_do(ctx: &Ctx, output: &Output, plan: &Plan) -> Result<Outcome> {
    let to = plan.to.as_deref().unwrap_or_default();
    let plan = &Plan {
        outcome: Outcome::Done,
        ..plan.clone()
    };
    let words = format!(
        "Tag {} points to {} already: nothing to do.",
        plan.tag,
        plan.named(to)
    );
    match output.output {
        Format::Json | Format::Name => ctx.printer.print(output, plan)?,
        // What goes into Git stays as it is there.
        Format::Yaml => ctx.printer.note(words),
        _ => {
            let mut doc = Doc::new();
            doc.text(words);
            ctx.printer.out(&doc, false)?;
        }
    }
    Ok(Outcome::Done)
}

/// The tag is not there.
pub(crate) fn no_such_tag(wiring: &Wiring, tag: &str) -> Error {
    let tag = clean(tag, 63);
    let mut error = Error::user(format!("there is no tag {tag}"));
    let tags: Vec<&str> = wiring.tags().into_iter().take(20).collect();
    let is_revision = wiring.revisions().contains(&*tag);
    if is_revision {
        error = error.hint(format!("{tag} is a revision; tags point to revisions"));
    }
    if tags.is_empty() {
        error = error.hint("there are no tags yet");
    } else {
        error = error.hint(format!("tags: {}", tags.join(", ")));
    }
    if is_revision {
        return error;
    }
    error.hint("To make it:").hint(shell::command(
        "kubectl mesh-tag create {} --to REVISION",
        &[&tag],
    ))
}

/// Refuses what somebody else would write back: the owner is named, with what to do instead.
///
/// # Errors
/// An existing object of the tag has an owner.
pub(crate) fn refuse_owned(wiring: &Wiring, tag: &str) -> Result<()> {
    let webhooks = wiring
        .injectors
        .iter()
        .filter(|i| i.tag.as_deref() == Some(tag));
    let services = wiring
        .services
        .iter()
        .filter(|s| s.tag.as_deref() == Some(tag));
    let validators = wiring
        .validators
        .iter()
        .filter(|v| tag == objects::DEFAULT && v.name == "istiod-default-validator");
    let owned = webhooks
        .map(|i| (format!("mutatingwebhookconfiguration/{}", i.name), &i.owner))
        .chain(services.map(|s| (format!("service/{}", s.name), &s.owner)))
        .chain(validators.map(|v| {
            (
                format!("validatingwebhookconfiguration/{}", v.name),
                &v.owner,
            )
        }))
        .find(|(_, owner)| owner.is_owned());
    let Some((object, owner)) = owned else {
        return Ok(());
    };
    let error = Error::refused(format!(
        "{object} is owned by {}, which would write it back; nothing was changed",
        owner.short()
    ));
    Err(match owner {
        Owner::Helm { release, namespace } => error
            .hint("Move the tag where it is defined: set revisionTags in the values of the new revision's release, and take it out of the old one's.")
            .hint(shell::command(
                "helm get values {} -n {}",
                &[release, namespace],
            )),
        Owner::Sail { .. } => error
            .hint("Change targetRef of the IstioRevisionTag:")
            .hint("kubectl get istiorevisiontags"),
        Owner::GitOps { .. } => error
            .hint("Change it in Git. This prints the objects to commit:")
            .hint(shell::command(
                "kubectl mesh-tag promote {} --to REVISION -o yaml",
                &[tag],
            )),
        Owner::None => error,
    })
}
