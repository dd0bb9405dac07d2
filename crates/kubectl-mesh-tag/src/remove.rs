//! `kubectl mesh-tag remove`: delete a tag that nothing uses.

use clap::Args;
use mesh_common::{
    Ctx, Outcome,
    check::Gates,
    complete::Values,
    decide::{Asked, Next, decide},
    error::{Error, Kind, Result},
    istioctl,
    journal::{Action, Key},
    mesh::{Raw, impact::Impact, live::Needs},
    shell,
};

use crate::{
    apply::{self, Change},
    cli::{ChildArgs, Output, WriteArgs},
    drift, execute, facts, objects,
    plan::{Plan, WayBack},
    prepare,
    promote::{no_such_tag, refuse_owned, waivers},
    screen::Step,
    session::Session,
    wired,
};

/// Remove a tag that nothing uses
///
/// Deletes the tag's webhook configuration (and, with istioctl 1.28 and
/// later, its Service). Refuses while a namespace, a workload or a gateway
/// uses the tag, and lists them: their next pods would get no sidecar.
/// What istioctl leaves behind is named.
///
/// Examples:
///   kubectl mesh-tag remove canary --dry-run
///   kubectl mesh-tag remove canary
///
/// Exit codes: 0 removed and verified; 1 nothing done; 2 refused, in use or
/// owned, nothing done; 3 unknown whether in use, nothing done; 4 changed, and
/// not as planned; 130 interrupted.
#[derive(Debug, Args)]
#[command(verbatim_doc_comment)]
pub(crate) struct RemoveArgs {
    /// The tag to remove
    #[arg(value_name = "TAG", add = Values::Tag)]
    tag: String,

    #[command(flatten)]
    write: WriteArgs,

    #[command(flatten)]
    child: ChildArgs,

    #[command(flatten)]
    output: Output,
}

pub(crate) async fn run(ctx: &Ctx, args: &RemoveArgs) -> Result<Outcome> {
    let waivers = waivers(&args.write)?;
    let session = Session::open(ctx, Needs::PROMOTE).await?;
    if let Some(live) = &session.live {
        live.refuse_unfinished().await?;
    }
    let tag = args.tag.as_str();
    let from = session.revisions_of(tag);
    if from.is_empty() {
        return Err(no_such_tag(&session.wiring, tag));
    }
    refuse_owned(&session.wiring, tag)?;
    let raw = session.mesh.raw()?;
    let wanted = prepare::wanted_version(&session.mesh, &from[0])?;
    let ns = session.mesh.istio_namespace.clone();
    let images = objects::tag_remove(raw, &ns, tag, wanted.semver.minor);
    let left = objects::left_behind(raw, &ns, tag, wanted.semver.minor);
    let after = wired::wiring_after(raw, &images, &session.wiring, &session.mesh)?;
    let impact = Impact::between(&session.mesh, &session.wiring, &after).map_err(|gap| {
        Error::new(
            Kind::Unknown,
            format!("whether the tag is in use is unknown: {}", gap.detail),
        )
    })?;
    let mut gates = facts::removal_gates(&session, tag, &after);
    gates.waive(&waivers)?;
    let mut plan = plan(&session, tag, &from, images, gates, impact);
    plan.notes.extend(left.iter().map(|key| {
        format!(
            "istioctl {} leaves {key} behind; afterwards: {}",
            wanted.release(),
            delete(key)
        )
    }));
    let question = format!("Remove tag {tag} on {}?", execute::place(&session));
    let shown = plan.clone();
    match decide(
        ctx,
        Asked {
            plan: &shown,
            dry_run: args.write.dry_run,
            output: &args.output,
            questions: &[question],
            inferred: None,
        },
        &mut plan.gates,
    )? {
        Next::Stop(outcome) => return Ok(outcome),
        Next::TryOnServer => {
            return crate::dry_run::try_images(&session, &plan.images, &args.output).await;
        }
        Next::Go => {}
    }
    let live = session.live("remove a tag")?;
    let found = istioctl::find(&args.child.istioctl, &wanted).await?;
    let change = Change {
        action: Action::Remove,
        tag,
        from: from.first().cloned(),
        to: None,
        cluster_uid: session.cluster_uid()?,
        waivers: plan
            .gates
            .waived()
            .map(|(g, why)| format!("{}={why}", g.id))
            .collect(),
        gates: Vec::new(),
        istioctl: &found.binary,
        argv: ["tag", "remove", tag, "-y"].map(str::to_owned).to_vec(),
        deadline: args.child.deadline(),
        witnesses: Vec::new(),
    };
    let _hold = ctx.interrupt.hold();
    let (guard, id, user) = apply::lease(live, Action::Remove, tag, change.deadline).await?;
    let again = Raw::read(&live.client, live.connection).await;
    let (guard, again) = execute::or_give_up(guard, again).await?;
    let drifted = drift::drifted(raw, &again);
    if !drifted.is_empty() {
        guard.give_up().await;
        let mut error = Error::refused(
            "the mesh changed between the plan and the confirmation; nothing was changed",
        );
        for line in drifted {
            error = error.hint(line);
        }
        return Err(error);
    }
    let images = objects::tag_remove(&again, &ns, tag, wanted.semver.minor);
    let operation = apply::announce(live, guard, &change, id, user, images).await?;
    let done = apply::carry_out(ctx, live, operation, &change).await?;
    let next: Vec<Step> = left
        .iter()
        .map(|key| Step::run(format!("{key} was left behind; to delete it:"), delete(key)))
        .collect();
    Ok(execute::finish(ctx, &plan, &args.output, done, &next))
}

fn delete(key: &Key) -> String {
    let kind = key.kind.name().to_lowercase();
    let object = format!("{kind}/{}", key.name);
    match &key.namespace {
        Some(namespace) => shell::command("kubectl delete {} -n {}", &[&object, namespace]),
        None => shell::command("kubectl delete {}", &[&object]),
    }
}

fn plan(
    session: &Session<'_>,
    tag: &str,
    from: &[String],
    images: Vec<mesh_common::journal::Image>,
    gates: Gates,
    impact: Impact,
) -> Plan {
    Plan {
        action: Action::Remove,
        tag: tag.to_owned(),
        from: from.to_vec(),
        to: None,
        inferred: None,
        istioctl: None,
        way_back: WayBack {
            command: shell::command("kubectl mesh-tag rollback {}", &[tag]),
            means: vec!["makes the tag again, exactly as it is now".into()],
        },
        notes: Vec::new(),
        findings: gates.findings.clone(),
        outcome: gates.outcome(),
        header: session.header(),
        versions: prepare::versions(&session.mesh),
        images,
        gates,
        impact,
    }
}
